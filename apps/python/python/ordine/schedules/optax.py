"""Schedules as Optax and JAX take them: a callable from the count to the rate."""

import sys
from typing import Any

import numpy

from ordine._ordine import Schedule

__all__ = ["OptaxSchedule"]


class OptaxSchedule:
    """A schedule that may be called with counts of JAX, also inside ``jax.jit``.

    Other counts (ints, NumPy arrays) are answered by the schedule itself; JAX is not needed for
    them. For counts of JAX all rates of the run are read from a table, in the precision of JAX;
    beyond the run the last one holds.

    >>> from ordine import schedules
    >>> schedules.linear(10).to_optax()(5)
    0.5
    """

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._table: numpy.ndarray | None = None

    def __call__(self, count: Any) -> Any:
        """The rate of the update with this count, from 0."""
        jax = sys.modules.get("jax")
        if jax is None or not isinstance(count, jax.Array):
            return self.schedule(count)
        if self._table is None:
            steps = max(self.schedule.steps, self.schedule.horizon or 0)
            self._table = self.schedule.values(steps + 1)
        return jax.numpy.take(jax.numpy.asarray(self._table), count, mode="clip")

    def __repr__(self) -> str:
        return f"OptaxSchedule({self.schedule!r})"
