"""Schedules as schedulers of PyTorch.

>>> scheduler = PlanLR(optimizer, schedules.rex(1000, warmup=50))  # doctest: +SKIP

The rate of update number t is ``initial_lr * schedule(t)`` for each parameter group, computed anew
each time: nothing accumulates, the state is the step alone, and a run that is resumed goes on
identically. Needs PyTorch 2.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

try:
    import torch
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler
except ImportError as error:
    raise ImportError("ordine.schedules.torch needs PyTorch: run `pip install torch`") from error

from ordine._ordine import NormRecorder, Plateau, Schedule, transformers_plan
from ordine.schedules import named, one_cycle_momentum

__all__ = ["OneCycleLR", "PlanLR", "PlateauLR", "get_scheduler", "record_norms"]


def _each(given: Schedule | Sequence[Schedule], optimizer: Optimizer) -> list[Schedule]:
    """One schedule for each parameter group."""
    count = len(optimizer.param_groups)
    if isinstance(given, Schedule):
        return [given] * count
    if len(given) != count:
        raise ValueError(
            f"there are {len(given)} schedules: expected {count}, one per parameter group; "
            "give as many, or one for all"
        )
    return list(given)


def _written(value: Any, rate: Any) -> Any:
    """The rate where a group keeps it: tensors are written in place."""
    if isinstance(value, torch.Tensor):
        value.fill_(float(rate))
        return value
    return rate


class PlanLR(LRScheduler):
    """Follows a schedule, as a factor of the rate of each parameter group.

    Args:
        optimizer: the optimizer.
        schedule: one for all parameter groups, or one for each.
        momentum: a schedule of the momentum (of Adam's first coefficient), or one for each group.
        absolute: whether the schedule gives the rates themselves instead of factors.
        last_epoch: number of the update before the next one; -1 starts from the beginning.

    Raises:
        ValueError: when there are not as many schedules as groups, or no momentum to schedule.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedule: Schedule | Sequence[Schedule],
        *,
        momentum: Schedule | Sequence[Schedule] | None = None,
        absolute: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self.schedules = _each(schedule, optimizer)
        self.momenta = None if momentum is None else _each(momentum, optimizer)
        self.absolute = absolute
        self.replans: list[tuple[int, int]] = []
        if self.momenta is not None:
            for group in optimizer.param_groups:
                if "momentum" not in group and "betas" not in group:
                    raise ValueError(
                        "the optimizer has neither momentum nor betas: expected one of them; "
                        "leave the schedule of the momentum out"
                    )
        super().__init__(optimizer, last_epoch)

    @classmethod
    def named(cls, optimizer: Optimizer, name: str, steps: int, **options: Any) -> "PlanLR":
        """The schedule of this name: see the functions of ``ordine.schedules.named``."""
        name = name.replace("-", "_")
        if name not in named.__all__:
            raise ValueError(
                f"no schedule is called `{name}`: expected one of {', '.join(named.__all__)}; "
                "choose one of them"
            )
        return cls(optimizer, getattr(named, name)(steps, **options))

    def _now(self, schedules: list[Schedule], index: int) -> float:
        """What a group's schedule says; groups that came later follow the last one."""
        schedule = schedules[min(index, len(schedules) - 1)]
        for at, steps in self.replans:
            schedule = schedule.replanned(at, steps)
        return float(schedule(max(self.last_epoch, 0)))

    def get_lr(self) -> list[Any]:
        """The rate of each group for the next update."""
        rates = []
        for index, group in enumerate(self.optimizer.param_groups):
            value = self._now(self.schedules, index)
            base = group.setdefault("initial_lr", group["lr"])
            rates.append(value if self.absolute else base * value)
        return rates

    _get_closed_form_lr = get_lr

    def step(self, epoch: int | None = None) -> None:
        """Goes on to the next update, after that of the optimizer."""
        super().step(epoch)
        self._set_momentum()

    def _set_momentum(self) -> None:
        if self.momenta is None:
            return
        for index, group in enumerate(self.optimizer.param_groups):
            value = self._now(self.momenta, index)
            if "betas" in group:
                group["betas"] = (_written(group["betas"][0], value), *group["betas"][1:])
            else:
                group["momentum"] = value

    def replan(self, steps: int) -> None:
        """Goes on under a new budget of ``steps`` in all; the rate does not jump.

        Raises:
            ValueError: when a schedule has no horizon, or the budget is over.
        """
        change = (self.last_epoch, steps)
        for schedule in self.schedules:
            for at, budget in [*self.replans, change]:
                schedule = schedule.replanned(at, budget)
        self.replans.append(change)

    def state_dict(self) -> dict[str, Any]:
        """The number of the next update, and changes of the budget if there were any."""
        state: dict[str, Any] = {"last_epoch": self.last_epoch}
        if self.replans:
            state["replans"] = [list(change) for change in self.replans]
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Goes on at the step of the state, and writes its rates into the optimizer."""
        self.last_epoch = int(state_dict["last_epoch"])
        self.replans = [(int(at), int(steps)) for at, steps in state_dict.get("replans", [])]
        self._step_count = self.last_epoch + 1
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = _written(group["lr"], rate)
        self._set_momentum()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]


class OneCycleLR(PlanLR):
    """One cycle of rate and momentum, with the arguments of PyTorch's scheduler of that name.

    Raises:
        ValueError: when the rise has no step of its own, or a number is out of its range.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int,
        *,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        last_epoch: int = -1,
    ) -> None:
        between = "cosine" if anneal_strategy == "cos" else anneal_strategy
        factor = named.torch_one_cycle(
            total_steps,
            rise=f"{100 * pct_start!r}%",
            div=div_factor,
            final_div=final_div_factor,
            between=between,
        )
        rates = max_lr if isinstance(max_lr, Sequence) else [max_lr] * len(optimizer.param_groups)
        schedules = [Schedule(f"{float(rate)!r} * {factor.plan}", total_steps) for rate in rates]
        momentum = None
        if cycle_momentum:
            momentum = one_cycle_momentum(
                total_steps, low=base_momentum, high=max_momentum, rise=pct_start, between=between
            )
        super().__init__(
            optimizer, schedules, momentum=momentum, absolute=True, last_epoch=last_epoch
        )


class PlateauLR(LRScheduler):
    """The rate of each parameter group falls when a metric has not improved for a while.

    Args:
        optimizer: the optimizer.
        options: those of :class:`ordine.schedules.Plateau`.

    Raises:
        ValueError: when a number is out of its range.
    """

    def __init__(self, optimizer: Optimizer, **options: Any) -> None:
        self.optimizer = optimizer
        self.plateaus = [Plateau(float(group["lr"]), **options) for group in optimizer.param_groups]
        self.last_epoch = 0
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    def get_lr(self) -> list[float]:
        """The rate of each group."""
        return [plateau.rate for plateau in self.plateaus]

    def step(self, metrics: float, epoch: int | None = None) -> None:  # type: ignore[override]
        """Takes the metric of one evaluation."""
        self.last_epoch += 1
        for plateau in self.plateaus:
            plateau.observe(float(metrics))
        self._write()

    def _write(self) -> None:
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=False):
            group["lr"] = _written(group["lr"], rate)
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """All that a checkpoint needs, as plain numbers."""
        plateaus = [plateau.state_dict() for plateau in self.plateaus]
        return {"last_epoch": self.last_epoch, "plateaus": plateaus}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Goes on from a checkpoint, and writes its rates into the optimizer."""
        self.last_epoch = int(state_dict["last_epoch"])
        for plateau, state in zip(self.plateaus, state_dict["plateaus"], strict=True):
            plateau.load_state_dict(state)
        self._write()


_SPECIFIC = {
    "num_cycles": "cycles",
    "power": "power",
    "min_lr_rate": "end",
    "min_lr_ratio": "end",
    "num_decay_steps": "decay",
    "timescale": "timescale",
}


_PLATEAU = {"min_lr": "floor", "eps": "least_fall"}


def _plateau_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of PyTorch's scheduler in the words of ours."""
    options: dict[str, Any] = {}
    for key, value in given.items():
        if key == "mode":
            options["larger_is_better"] = value == "max"
        elif key == "threshold_mode":
            options["relative"] = value == "rel"
        else:
            options[_PLATEAU.get(key, key)] = value
    return options


def get_scheduler(
    name: str,
    optimizer: Optimizer,
    num_warmup_steps: int | None = None,
    num_training_steps: int | None = None,
    scheduler_specific_kwargs: Mapping[str, Any] | None = None,
) -> PlanLR | PlateauLR:
    """The scheduler that the ``transformers`` library has under this name.

    Raises:
        ValueError: when there is no such name or argument, or steps that the schedule needs are not
            given.
    """
    if name == "reduce_lr_on_plateau":
        return PlateauLR(optimizer, **_plateau_options(scheduler_specific_kwargs or {}))
    warmup = num_warmup_steps or 0
    options: dict[str, Any] = {}
    if name == "polynomial":
        options["end"] = 1e-7 / float(optimizer.defaults["lr"])
    for key, value in (scheduler_specific_kwargs or {}).items():
        if key in ("lr_end", "min_lr"):
            options["end"] = float(value) / float(optimizer.defaults["lr"])
        elif key == "num_cycles" and name != "cosine_with_restarts":
            if value != 0.5:
                raise ValueError(
                    f"num_cycles is {value}: expected 0.5, half a wave; take cosine_with_restarts"
                )
        elif key in _SPECIFIC:
            options[_SPECIFIC[key]] = value
        elif key != "num_stable_steps":
            expected = ", ".join(["lr_end", "min_lr", "num_stable_steps", *_SPECIFIC])
            raise ValueError(f"no schedule takes {key}: expected one of {expected}; remove it")
    plan = transformers_plan(name, warmup=warmup, **options)
    steps = num_training_steps
    if steps is None:
        if name not in ("constant", "constant_with_warmup", "inverse_sqrt"):
            raise ValueError(f"{name} needs num_training_steps: give the number of updates")
        steps = warmup + 1
    return PlanLR(optimizer, Schedule(plan, steps))


def record_norms(recorder: NormRecorder, parameters: Iterable[torch.Tensor]) -> None:
    """Records the norms of all gradients together: call it after ``backward``, before clipping."""
    gradients = [it.grad.detach() for it in parameters if it.grad is not None]
    l1 = sum(float(gradient.abs().sum(dtype=torch.float64)) for gradient in gradients)
    l2 = sum(float(gradient.double().square().sum()) for gradient in gradients) ** 0.5
    recorder.record(l1, l2)
