"""Choose my solver's next parameter: learners behind ``suggest`` and ``observe``.

A solver is called again and again, on systems that resemble each other; its cost depends on a
parameter (a relaxation factor, a restart length, a tolerance). A :class:`Chooser` suggests the
value of the next call and learns from the cost of the last, with guard rails: costs are capped, and
a value that diverged is not tried again in its part of the contexts.

>>> from ordine.relax import Chooser
>>> chooser = Chooser([1.0, 1.2, 1.4], "tsallis-inf", cap=1000, seed=1)
>>> omega = chooser.suggest()
>>> omega in chooser.values
True
>>> chooser.observe(40.0)

Source: Khodak, Chow, Balcan, Talwalkar 2024.
"""

from ordine._ordine import Chooser, Learner, learners

__all__ = ["Chooser", "Learner", "learners"]
