"""From arguments of Python to the text of a plan."""

import operator
from collections.abc import Iterable, Mapping
from typing import SupportsFloat, SupportsIndex

from ordine._ordine import Schedule

__all__ = ["laid_over", "written"]


def written(value: object) -> str:
    """An argument as plans write it: a number, an amount, a word, or a list of them."""
    if isinstance(value, str):
        if any(letter in value for letter in "()[]|*@>=,"):
            raise ValueError(
                f"the argument is {value!r}: expected a word or an amount such as '10%'; "
                "write whole plans with Schedule(text, steps)"
            )
        return value
    if isinstance(value, Iterable):
        return "[" + ", ".join(written(item) for item in value) + "]"
    if isinstance(value, SupportsIndex):
        return repr(operator.index(value))
    if isinstance(value, SupportsFloat):
        return repr(float(value))
    raise TypeError(f"the argument is {value!r}: expected a number, a text or a list")


def laid_over(
    word: str,
    arguments: Mapping[str, object],
    steps: int,
    *,
    peak: float = 1.0,
    floor: float = 0.0,
    warmup: float | str = 0,
    warmup_from: float | None = None,
    steps_per_epoch: float | None = None,
    tokens_per_step: float | None = None,
    end_inclusive: bool = False,
) -> Schedule:
    """The schedule of a word, after its warm-up, between floor and peak."""
    given = [f"{name}={written(value)}" for name, value in arguments.items() if value is not None]
    plan = f"{word}({', '.join(given)})" if given else word
    if warmup != 0:
        way = "" if warmup_from is None else f", from={written(warmup_from)}"
        plan += f" | warmup({written(warmup)}{way})"
    if peak != 1.0 or floor != 0.0:
        plan += f" | between({written(floor)}, {written(peak)})"
    return Schedule(
        plan,
        steps,
        steps_per_epoch=steps_per_epoch,
        tokens_per_step=tokens_per_step,
        end_inclusive=end_inclusive,
    )
