"""Learning-rate schedules: a rate for every update, as a pure function of the step.

A :class:`Schedule` is a text laid over a run, or comes from a function with the name of its shape:

>>> from ordine import schedules
>>> schedule = schedules.rex(1000, peak=3e-4, warmup=100, warmup_from=0)
>>> schedule(50), schedule(100)
(0.00015, 0.0003)
>>> schedules.Schedule("3e-4 * (rex | warmup(100, from=0))", steps=1000)(50)
0.00015

``schedule.values()`` gives all rates as an array; ``schedule.to_torch(optimizer)`` a scheduler of
PyTorch; ``schedule.to_optax()`` a schedule of Optax. ``words()`` lists what plans may say.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy
from numpy.typing import ArrayLike, NDArray

from ordine._ordine import (
    PHI_MENU,
    NormRecorder,
    Plateau,
    Refined,
    Schedule,
    Word,
    advise_d,
    advise_phi,
    bound,
    canonical,
    chebyshev_steps,
    phi_of_condition,
    refine,
    successive_halving,
    transformers_names,
    transformers_plan,
    words,
)
from ordine.schedules.named import *
from ordine.schedules.named import __all__ as _named
from ordine.schedules.optax import OptaxSchedule

__all__ = [
    "PHI_MENU",
    "NormRecorder",
    "OptaxSchedule",
    "Plateau",
    "Refined",
    "Schedule",
    "Word",
    "advise_d",
    "advise_phi",
    "bound",
    "canonical",
    "chebyshev_steps",
    "from_transformers",
    "one_cycle_momentum",
    "phi_of_condition",
    "refine",
    "successive_halving",
    "transformers_names",
    "transformers_plan",
    "uba_phases",
    "values",
    "words",
    *_named,
]


def values(
    plan: str,
    at: ArrayLike,
    *,
    steps: int,
    steps_per_epoch: float | None = None,
    tokens_per_step: float | None = None,
    end_inclusive: bool = False,
) -> NDArray[numpy.float64]:
    """The rates of a plan at an array of steps.

    Raises:
        ValueError: when the text is no plan, it does not fit the run, or a step is negative.
    """
    schedule = Schedule(
        plan,
        steps,
        steps_per_epoch=steps_per_epoch,
        tokens_per_step=tokens_per_step,
        end_inclusive=end_inclusive,
    )
    return numpy.asarray(schedule(numpy.asarray(at)))


def uba_phases(
    phi: float, phases: Sequence[tuple[int, float, float]], *, form: str = "automatic"
) -> Schedule:
    """The budget-aware schedule on phases with ranges of their own: it starts anew in each.

    Args:
        phi: any number above 0; 2 is the cosine.
        phases: steps, peak and floor of each.
        form: ``"nodes"``, ``"continuous"``, or ``"automatic"``: nodes up to 1000 steps.

    Raises:
        ValueError: when there is no phase, or a number is out of its range.
    """
    parts = [
        f"uba(phi={phi!r}, form={form}) | between({floor!r}, {peak!r}) @ {steps}"
        for steps, peak, floor in phases
    ]
    if not parts:
        raise ValueError("phases has 0 values: expected at least one phase; change phases")
    return Schedule(" > ".join(parts), sum(steps for steps, _, _ in phases))


def from_transformers(
    name: str, steps: int, *, warmup: int = 0, peak: float = 1.0, **options: Any
) -> Schedule:
    """The schedule that the ``transformers`` library knows by this name.

    Args:
        name: as ``lr_scheduler_type`` takes it: one of :func:`transformers_names`.
        steps: ``num_training_steps``, the warm-up included.
        warmup: ``num_warmup_steps``.
        peak: the largest rate.
        options: those of :func:`transformers_plan`.

    Raises:
        ValueError: when the library has no such name, or an option is out of its range.
    """
    plan = transformers_plan(name, warmup=warmup, **options)
    return Schedule(plan if peak == 1.0 else f"{peak!r} * ({plan})", steps)


def one_cycle_momentum(
    steps: int,
    *,
    low: float = 0.85,
    high: float = 0.95,
    rise: float | None = None,
    between: str = "cosine",
) -> Schedule:
    """The momentum that belongs to one cycle: low where the rate is high.

    Args:
        steps: updates of the run.
        low: the momentum at the peak of the rate.
        high: the momentum at the ends.
        rise: the share of the run until the peak, as PyTorch's ``pct_start``; when not given, the
            momentum of :func:`one_cycle`, else that of :func:`torch_one_cycle`.
        between: the way between, ``"cosine"`` or ``"linear"``, when there is a rise.

    Raises:
        ValueError: when the rise has no step of its own, or leaves none.
    """
    values = f"values=[{high!r}, {low!r}, {high!r}]"
    if rise is None:
        return Schedule(f"points(at=[0, 45%, 90%], {values})", steps)
    top, last = rise * steps - 1, steps - 1
    if not 0 < top < last:
        raise ValueError(
            f"rise is {rise}: expected a share that gives the rise at least 1 step and leaves at "
            "least 1; change rise"
        )
    at = f"at=[0, {100 * top / last!r}%, 100%]"
    return Schedule(f"points({at}, {values}, between={between})", steps, end_inclusive=True)


def __getattr__(name: str) -> Any:
    """The part for PyTorch, imported when it is first asked for."""
    if name == "torch":
        return import_module("ordine.schedules.torch")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
