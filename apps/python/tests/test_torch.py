"""Schedulers of PyTorch: resume, groups, momentum, parity. Skipped where PyTorch is not there."""

import numpy as np
import pytest

from ordine import schedules

torch = pytest.importorskip("torch")
ours = schedules.torch
theirs = torch.optim.lr_scheduler


def optimizer(kind="sgd", groups=1, rate=0.1):
    """An optimizer with so many parameter groups, the rate of each twice that before."""
    parameters = [
        {"params": [torch.nn.Parameter(torch.ones(2))], "lr": rate * 2**index}
        for index in range(groups)
    ]
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=0.9)
    return torch.optim.AdamW(parameters, lr=rate)


def trace(scheduler, steps):
    """Rates and momenta of every update."""
    rows = []
    for _ in range(steps):
        groups = scheduler.optimizer.param_groups
        row = [(it["lr"], it.get("momentum", it.get("betas", [None])[0])) for it in groups]
        rows.append(row)
        scheduler.optimizer.step()
        scheduler.step()
    return rows


def test_rates_are_factors_of_each_group():
    cosine = schedules.cosine(50, warmup=5)
    rows = trace(ours.PlanLR(optimizer(groups=3), cosine), 60)
    for step, row in enumerate(rows):
        assert [rate for rate, _ in row] == [base * cosine(step) for base in (0.1, 0.2, 0.4)]


def test_each_group_may_have_a_schedule_of_its_own():
    one, two = schedules.linear(10), schedules.rex(20)
    rows = trace(ours.PlanLR(optimizer(groups=2), [one, two], absolute=True), 20)
    assert [[rate for rate, _ in row] for row in rows] == [[one(it), two(it)] for it in range(20)]
    with pytest.raises(ValueError, match="there are 2 schedules: expected 3"):
        ours.PlanLR(optimizer(groups=3), [one, two])


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_a_run_resumed_at_any_step_goes_on_identically(kind):
    plan = schedules.Schedule("linear @ 20 > cosine | warmup(5) @ 30 > rex", 80)
    momentum = schedules.one_cycle_momentum(80)

    def build():
        return ours.PlanLR(optimizer(kind, groups=2), plan, momentum=momentum)

    whole = trace(build(), 90)
    for split in range(0, 90, 7):
        first = build()
        head = trace(first, split)
        second = build()
        second.optimizer.load_state_dict(first.optimizer.state_dict())
        state = first.state_dict()
        assert state == {"last_epoch": split}
        second.load_state_dict(state)
        assert head + trace(second, 90 - split) == whole
        third = build()
        third.load_state_dict(state)
        assert trace(third, 90 - split) == whole[split:]


def test_a_new_budget_survives_a_checkpoint():
    def build():
        return ours.PlanLR(optimizer(), schedules.rex(100))

    first = build()
    trace(first, 40)
    before = first.get_last_lr()
    first.replan(200)
    assert first.get_lr() == before
    state = first.state_dict()
    assert state == {"last_epoch": 40, "replans": [[40, 200]]}
    second = build()
    second.load_state_dict(state)
    assert trace(second, 170) == trace(first, 170)


def test_groups_that_come_later_follow():
    scheduler = ours.PlanLR(optimizer(), schedules.linear(10))
    trace(scheduler, 3)
    scheduler.optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0})
    rows = trace(scheduler, 3)
    assert rows[1][1][0] == pytest.approx(schedules.linear(10)(4))


def test_rates_that_are_tensors_are_written_in_place():
    rate = torch.tensor(0.1)
    adam = torch.optim.Adam([torch.nn.Parameter(torch.ones(1))], lr=rate)
    scheduler = ours.PlanLR(adam, schedules.linear(10))
    trace(scheduler, 5)
    assert adam.param_groups[0]["lr"] is rate
    assert float(rate) == pytest.approx(0.05)


def both(theirs_of, ours_of, steps, kind="sgd"):
    """The largest difference of rates and momenta."""
    one, two = (trace(build(optimizer(kind)), steps) for build in (theirs_of, ours_of))
    return np.abs(np.array(one, dtype=float) - np.array(two, dtype=float)).max()


PLANS = [
    (lambda it: theirs.StepLR(it, 30), "staircase(period=30)", 1e-6),
    (lambda it: theirs.MultiStepLR(it, [30, 80]), "step(at=[30, 80])", 1e-6),
    (lambda it: theirs.ExponentialLR(it, 0.97), "geometric(factor=0.97)", 1e-6),
    (lambda it: theirs.PolynomialLR(it, 200, 2.0), "polynomial(power=2)", 1e-6),
    (lambda it: theirs.LinearLR(it, 1.0, 0.0, 200), "linear", 1e-6),
    (lambda it: theirs.CosineAnnealingLR(it, 200), "cosine", 1e-6),
    (
        lambda it: theirs.CosineAnnealingWarmRestarts(it, 20, 2),
        "cosine | restarts(first=20, stretch=2)",
        1e-9,
    ),
    (
        lambda it: theirs.CyclicLR(it, 0.01, 0.1, 25, cycle_momentum=False),
        "cyclic(up=25, low=0.1)",
        1e-9,
    ),
    (lambda it: theirs.LambdaLR(it, lambda step: 1 / (1 + step) ** 0.5), "power(1, 0.5)", 1e-9),
]


@pytest.mark.parametrize(("build", "plan", "tolerance"), PLANS)
def test_schedulers_of_the_same_name_agree(build, plan, tolerance):
    def of_plan(it):
        return ours.PlanLR(it, schedules.Schedule(plan, 200))

    assert both(build, of_plan, 180) < tolerance


@pytest.mark.parametrize("kind", ["sgd", "adam"])
@pytest.mark.parametrize("strategy", ["cos", "linear"])
def test_one_cycle_agrees_with_its_momentum(kind, strategy):
    def build(module):
        return lambda it: module.OneCycleLR(it, 1.0, 100, anneal_strategy=strategy)

    assert both(build(theirs), build(ours), 99, kind) < 1e-9


def test_plateaus_agree_and_resume():
    metrics = [5.0, 4.0, 4.1, 4.2, 4.0, 4.0, 3.9, 3.95, 3.91, 3.92, 3.93, 3.0] * 5
    options = {"factor": 0.5, "patience": 2, "cooldown": 1}
    one = theirs.ReduceLROnPlateau(optimizer(groups=2), **options)
    two = ours.PlateauLR(optimizer(groups=2), **options)
    for index, metric in enumerate(metrics):
        one.step(metric)
        two.step(metric)
        if index == 20:
            state = two.state_dict()
            two = ours.PlateauLR(optimizer(groups=2), **options)
            two.load_state_dict(state)
        assert two.get_last_lr() == pytest.approx(one.get_last_lr(), abs=1e-12)


def test_names_of_transformers_build_schedulers():
    scheduler = ours.get_scheduler("linear", optimizer(), 10, 100)
    assert [row[0][0] for row in trace(scheduler, 11)][::5] == pytest.approx([0.0, 0.05, 0.1])
    floor = {"scheduler_specific_kwargs": {"min_lr": 0.01}}
    scheduler = ours.get_scheduler("cosine_with_min_lr", optimizer(), 0, 50, **floor)
    assert trace(scheduler, 60)[-1][0][0] == pytest.approx(0.01)
    assert trace(ours.get_scheduler("constant", optimizer()), 5)[-1][0][0] == 0.1
    options = {"factor": 0.5, "patience": 0, "mode": "max", "min_lr": 0.02, "cooldown": 1}
    pair = [
        ours.get_scheduler("reduce_lr_on_plateau", optimizer(), scheduler_specific_kwargs=options),
        theirs.ReduceLROnPlateau(optimizer(), **options),
    ]
    for metric in [1.0, 2.0, 1.5, 1.0, 1.9, 2.5, 0.0, 0.0, 0.0, 0.0]:
        for scheduler in pair:
            scheduler.step(metric)
        assert pair[0].get_last_lr() == pytest.approx(pair[1].get_last_lr(), abs=1e-12)
    with pytest.raises(ValueError, match="linear needs num_training_steps"):
        ours.get_scheduler("linear", optimizer())
    with pytest.raises(ValueError, match="no schedule takes beta"):
        ours.get_scheduler("linear", optimizer(), 0, 9, scheduler_specific_kwargs={"beta": 1})
    with pytest.raises(ValueError, match="no schedule is called `nothing`"):
        ours.PlanLR.named(optimizer(), "nothing", 10)
    assert ours.PlanLR.named(optimizer(), "rex", 10, d=0.9).get_last_lr() == [0.1]


def test_norms_are_recorded_from_gradients():
    parameters = [torch.nn.Parameter(torch.tensor(it)) for it in ([3.0, -4.0], [12.0])]
    sum((it * it).sum() / 2 for it in parameters).backward()
    recorder = schedules.NormRecorder()
    ours.record_norms(recorder, parameters)
    assert (recorder.norms("l1").tolist(), recorder.norms("l2").tolist()) == ([19.0], [13.0])
