"""Compares schedules with those of the same name in PyTorch, transformers and Optax.

`cargo xtask bench lr-parity` installs the package and the three libraries into an environment of
their own and runs this. Every line is a comparison over all updates of a run, with the largest
difference and what is allowed: 1e-9 where the library computes in closed form, 1e-6 where it
accumulates from update to update (and in Optax, which computes in single precision). The status is
1 when a line fails.
"""

import argparse
import sys
import warnings
from importlib import import_module

import numpy as np

CLOSED, RECURSIVE, SINGLE = 1e-9, 1e-6, 1e-6
BASE = 0.1


class Sheet:
    """Comparisons and how many of them fail."""

    def __init__(self):
        self.count = self.failed = 0

    def compare(self, name, ours, theirs, allowed):
        """Prints the largest difference of two rows of rates."""
        ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
        if ours.shape != theirs.shape:
            self.check(name, False, f"{ours.shape} rates against {theirs.shape}")
            return
        off = np.abs(ours - theirs)
        at = int(np.nanargmax(off)) if np.isfinite(off).all() else int(np.argmin(np.isfinite(off)))
        words = (
            f"largest difference {off.flat[at]:.1e}, allowed {allowed:.0e}, {ours.shape[0]} updates"
        )
        self.check(name, bool(np.isfinite(off).all() and off.max() <= allowed), words)

    def check(self, name, holds, words):
        """Prints one line."""
        self.count += 1
        self.failed += not holds
        print(f"{'holds ' if holds else 'FAILS '}  {name}: {words}", flush=True)


def optimizer(torch, kind="sgd"):
    """An optimizer of one parameter."""
    parameters = [torch.nn.Parameter(torch.zeros(1))]
    if kind == "adam":
        return torch.optim.AdamW(parameters, lr=BASE)
    return torch.optim.SGD(parameters, lr=BASE, momentum=0.9)


def trace(scheduler, steps):
    """The rate of every update, as a loop of training meets it."""
    rates = np.empty(steps)
    for step in range(steps):
        rates[step] = scheduler.optimizer.param_groups[0]["lr"]
        scheduler.optimizer.step()
        scheduler.step()
    return rates


def closed(scheduler, steps):
    """The rate of every update by the closed form of the class."""
    rates = np.empty(steps)
    for step in range(steps):
        scheduler.last_epoch = step
        rates[step] = scheduler._get_closed_form_lr()[0]
    return rates


def torch_cases(theirs, steps):
    """Name, builder, plan, and whether the loop accumulates, for every class without a metric."""
    third = 1 / 3
    return [
        (
            "StepLR",
            lambda it: theirs.StepLR(it, steps // 7),
            f"staircase(period={steps // 7})",
            True,
        ),
        (
            "MultiStepLR",
            lambda it: theirs.MultiStepLR(it, [steps * 3 // 10, steps * 8 // 10], 0.2),
            "step(at=[30%, 80%], factor=0.2)",
            True,
        ),
        (
            "ConstantLR",
            lambda it: theirs.ConstantLR(it, third, 50),
            f"{third!r} @ 50 > constant",
            True,
        ),
        (
            "LinearLR, up",
            lambda it: theirs.LinearLR(it, third, 1.0, 100),
            f"constant | warmup(100, from={third!r})",
            True,
        ),
        ("LinearLR, down", lambda it: theirs.LinearLR(it, 1.0, 0.0, steps), "linear", True),
        ("ExponentialLR", lambda it: theirs.ExponentialLR(it, 0.999), "geometric(0.999)", True),
        (
            "PolynomialLR",
            lambda it: theirs.PolynomialLR(it, steps, 2.0),
            "polynomial(power=2)",
            True,
        ),
        ("CosineAnnealingLR", lambda it: theirs.CosineAnnealingLR(it, steps), "cosine", True),
        (
            "CosineAnnealingLR, eta_min",
            lambda it: theirs.CosineAnnealingLR(it, steps, 0.01),
            "cosine | between(0.1, 1)",
            True,
        ),
        (
            "CosineAnnealingWarmRestarts",
            lambda it: theirs.CosineAnnealingWarmRestarts(it, steps // 9, 2),
            f"cosine | restarts(first={steps // 9}, stretch=2)",
            False,
        ),
        (
            "CyclicLR, triangular",
            lambda it: theirs.CyclicLR(it, 0.01, BASE, 70, 30, cycle_momentum=False),
            "cyclic(up=70, down=30, low=0.1)",
            False,
        ),
        (
            "CyclicLR, triangular2",
            lambda it: theirs.CyclicLR(
                it, 0.01, BASE, 70, mode="triangular2", cycle_momentum=False
            ),
            "cyclic(up=70, low=0.1, decay=0.5)",
            False,
        ),
        (
            "LambdaLR",
            lambda it: theirs.LambdaLR(it, lambda t: (1 + t) ** -0.5),
            "power(1, 0.5)",
            False,
        ),
        (
            "MultiplicativeLR",
            lambda it: theirs.MultiplicativeLR(it, lambda t: 0.9995),
            "geometric(0.9995)",
            True,
        ),
        (
            "SequentialLR",
            lambda it: theirs.SequentialLR(
                it,
                [
                    theirs.LinearLR(it, third, 1.0, 100),
                    theirs.CosineAnnealingLR(it, steps - 100),
                ],
                [100],
            ),
            f"cosine | warmup(100, from={third!r})",
            True,
        ),
        (
            "ChainedScheduler",
            lambda it: theirs.ChainedScheduler(
                [theirs.ConstantLR(it, 0.1, 100), theirs.ExponentialLR(it, 0.999)], it
            ),
            "(0.1 @ 100 > 1) * geometric(0.999)",
            True,
        ),
    ]


def torch_parity(sheet, steps):
    """Every scheduler of PyTorch."""
    torch = import_module("torch")
    from ordine import schedules

    theirs = torch.optim.lr_scheduler
    print(f"\nPyTorch {torch.__version__}, {steps} updates, base rate {BASE}")
    for name, build, plan, accumulates in torch_cases(theirs, steps):

        def follow(it, plan=plan):
            return schedules.torch.PlanLR(it, schedules.Schedule(plan, steps))

        ours = trace(follow(optimizer(torch)), steps)
        scheduler = build(optimizer(torch))
        if accumulates and hasattr(scheduler, "_get_closed_form_lr"):
            rates = closed(build(optimizer(torch)), steps)
            sheet.compare(f"{name}, closed form", ours, rates, CLOSED)
        kind, allowed = ("recursive", RECURSIVE) if accumulates else ("closed form", CLOSED)
        sheet.compare(f"{name}, {kind}", ours, trace(scheduler, steps), allowed)
    for strategy in ("cos", "linear"):
        for kind in ("sgd", "adam"):
            both = [
                it.OneCycleLR(optimizer(torch, kind), 1.0, steps, anneal_strategy=strategy)
                for it in (schedules.torch, theirs)
            ]
            rows = [momenta(scheduler, steps - 1) for scheduler in both]
            sheet.compare(f"OneCycleLR, {strategy}, {kind}, rates and momenta", *rows, CLOSED)
    plateau_parity(sheet, torch, schedules, steps)
    resume(sheet, torch, schedules)


def momenta(scheduler, steps):
    """Rates and momenta of every update."""
    rows = np.empty((steps, 2))
    for step in range(steps):
        group = scheduler.optimizer.param_groups[0]
        rows[step] = group["lr"], group["betas"][0] if "betas" in group else group["momentum"]
        scheduler.optimizer.step()
        scheduler.step()
    return rows


def plateau_parity(sheet, torch, schedules, steps):
    """Plateaus on one noisy metric."""
    stream = np.random.default_rng(1)
    metrics = np.exp(-np.arange(steps) / 300) + 0.05 * stream.random(steps)
    options = {"factor": 0.5, "patience": 5, "cooldown": 3}
    rows = []
    for make in (schedules.torch.PlateauLR, torch.optim.lr_scheduler.ReduceLROnPlateau):
        scheduler, rates = make(optimizer(torch), **options), []
        for metric in metrics:
            scheduler.step(metric)
            rates.append(scheduler.optimizer.param_groups[0]["lr"])
        rows.append(rates)
    sheet.compare("ReduceLROnPlateau", *rows, CLOSED)


def resume(sheet, torch, schedules):
    """A joined schedule, resumed at every update: what PyTorch's SequentialLR gets wrong."""
    plan = schedules.Schedule("constant | warmup(20) @ 50 > cosine @ 100 > 0.1 * linear", 300)
    whole = trace(schedules.torch.PlanLR(optimizer(torch), plan), 300)
    good = 0
    for step in range(300):
        first = schedules.torch.PlanLR(optimizer(torch), plan)
        trace(first, step)
        second = schedules.torch.PlanLR(optimizer(torch), plan)
        second.optimizer.load_state_dict(first.optimizer.state_dict())
        second.load_state_dict(first.state_dict())
        good += np.array_equal(trace(second, 300 - step), whole[step:])
    sheet.check("resume at each of 300 updates", good == 300, f"{good} identical to the last bit")
    created = schedules.torch.PlanLR(optimizer(torch), plan, last_epoch=-1)
    sheet.check(
        "a fresh scheduler starts at the first rate", created.get_last_lr()[0] == whole[0], ""
    )


def transformers_parity(sheet, steps):
    """Every name that `transformers` knows, through its own factory."""
    torch = import_module("torch")
    transformers = import_module("transformers")
    from ordine import schedules

    known = {it.value for it in transformers.SchedulerType}
    print(f"\ntransformers {transformers.__version__}, {steps} updates, 100 of warm-up")
    specific = {
        "cosine_with_min_lr": {"min_lr": 0.01},
        "cosine_warmup_with_min_lr": {"min_lr": 0.01},
        "cosine_with_restarts": {"num_cycles": 3},
        "warmup_stable_decay": {"num_decay_steps": 200},
        "polynomial": {"power": 2.0, "lr_end": 1e-4},
    }
    for name, _ in schedules.transformers_names():
        if name not in known:
            print(f"-       {name}: no name of transformers {transformers.__version__}")
            continue
        arguments = {"scheduler_specific_kwargs": specific[name]} if name in specific else {}
        call = {"num_warmup_steps": 100, "num_training_steps": steps, **arguments}
        theirs = transformers.get_scheduler(name, optimizer(torch), **call)
        ours = schedules.torch.get_scheduler(name, optimizer(torch), **call)
        sheet.compare(name, trace(ours, steps), trace(theirs, steps), CLOSED)


def optax_parity(sheet, steps):
    """Schedules of Optax."""
    optax = import_module("optax")
    import jax
    from ordine import schedules

    jax.config.update("jax_enable_x64", True)
    print(f"\nOptax {optax.__version__}, {steps} updates")
    third = steps // 3
    cases = [
        ("constant_schedule", optax.constant_schedule(0.1), "0.1 * constant"),
        ("linear_schedule", optax.linear_schedule(1.0, 0.1, steps), "linear | floor(0.1)"),
        (
            "cosine_decay_schedule",
            optax.cosine_decay_schedule(1.0, steps, 0.1),
            "cosine | floor(0.1)",
        ),
        (
            "polynomial_schedule",
            optax.polynomial_schedule(1.0, 0.0, 2.0, steps),
            "polynomial(power=2)",
        ),
        (
            "exponential_decay",
            optax.exponential_decay(1.0, steps, 0.01),
            "exponential(end=0.01)",
        ),
        (
            "piecewise_constant_schedule",
            optax.piecewise_constant_schedule(1.0, {third: 0.5, 2 * third: 0.1}),
            f"step(at=[{third}, {2 * third}], factors=[0.5, 0.1])",
        ),
        (
            "warmup_cosine_decay_schedule",
            optax.warmup_cosine_decay_schedule(0.0, 1.0, 100, steps),
            "cosine | warmup(100, from=0)",
        ),
        (
            "join_schedules",
            optax.join_schedules(
                [optax.constant_schedule(1.0), optax.linear_schedule(1.0, 0.0, steps - third)],
                [third],
            ),
            f"constant @ {third} > linear",
        ),
    ]
    for name, theirs, plan in cases:
        ours = schedules.Schedule(plan, steps).values()
        rates = np.asarray(jax.vmap(theirs)(np.arange(steps)))
        sheet.compare(name, ours, rates, SINGLE)
        once = schedules.Schedule(plan, steps).to_optax()
        within = np.asarray(jax.jit(jax.vmap(once))(jax.numpy.arange(steps)))
        sheet.compare(f"{name}, ours inside jax.jit", within, ours, SINGLE)


LIBRARIES = {"torch": torch_parity, "transformers": transformers_parity, "optax": optax_parity}


def main():
    """Compares what was asked for."""
    parser = argparse.ArgumentParser(prog="lr-parity", description=__doc__.splitlines()[0])
    parser.add_argument("libraries", nargs="*", help=f"only these: {', '.join(LIBRARIES)}")
    parser.add_argument("--steps", type=int, default=10_000, help="updates of each run")
    arguments = parser.parse_args()
    unknown = [it for it in arguments.libraries if it not in LIBRARIES]
    if unknown or arguments.steps < 1000:
        parser.error(f"expected libraries among {', '.join(LIBRARIES)} and 1000 steps or more")
    warnings.filterwarnings("ignore")
    sheet = Sheet()
    for name in arguments.libraries or LIBRARIES:
        LIBRARIES[name](sheet, arguments.steps)
    print(f"\n{sheet.count - sheet.failed} of {sheet.count} comparisons hold")
    return int(sheet.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
