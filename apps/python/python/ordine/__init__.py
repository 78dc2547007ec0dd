"""Ordine: schedules and budgets for people who train models and solve systems.

* ``ordine.schedules``: learning-rate schedules as plain functions over NumPy arrays, as callables
  for Optax and as schedulers of PyTorch.
* ``ordine.budgets``: units divided among items, with proof and shadow price.
* ``ordine.grpo``: the sampler of a GRPO trainer that gives rollouts where they teach most.
* ``ordine.relax``: learners that choose the next parameter of a solver.
"""

from ordine import budgets, grpo, relax, schedules
from ordine._ordine import __version__

__all__ = ["__version__", "budgets", "grpo", "relax", "schedules"]
