"""Schedules as functions: values, arrays, names, errors, resume."""

import copy
import csv
import pickle
from pathlib import Path

import numpy as np
import pytest

from ordine import schedules

VECTORS = Path(__file__).parents[3] / "families/training/tests/reference/schedules.csv"


def test_every_plan_equals_the_stored_vectors():
    if not VECTORS.exists():
        pytest.skip("the vectors lie in the repository")
    at, expected = {}, {}
    with VECTORS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            at.setdefault(row["schedule"], []).append(int(row["step"]))
            expected.setdefault(row["schedule"], []).append(float(row["value"]))
    assert len(at) > 20
    for plan, steps in at.items():
        found = schedules.values(plan, steps, steps=10_000)
        np.testing.assert_allclose(found, expected[plan], rtol=0, atol=1e-12, err_msg=plan)


def test_single_values_and_bulk_are_the_same():
    schedule = schedules.rex(1000, peak=3e-4, floor=1e-5, warmup="5%")
    bulk = schedule.values()
    assert [schedule(step) for step in range(1000)] == bulk.tolist()
    assert np.array_equal(schedule(np.arange(1000)), bulk)
    assert np.array_equal(schedule.values(100, first=300), bulk[300:400])
    scattered = np.array([[999, 3], [3, 500]], dtype=np.int32)
    assert np.array_equal(schedule(scattered), bulk[scattered])
    assert isinstance(schedule(np.int64(7)), float)
    assert schedule([]).shape == (0,)


def test_functions_say_what_the_plan_says():
    def same(one, plan, steps=100, **options):
        assert one == schedules.Schedule(plan, steps, **options), f"{one!r} is not {plan}"

    same(schedules.rex(100, d=0.9), "rex(d=0.9)")
    same(schedules.step(100, at=[30, "60%"], factor=0.5), "step(at=[30, 60%], factor=0.5)")
    same(schedules.wsd(100, cooldown="10%", shape="cosine"), "wsd(cooldown=10%, shape=cosine)")
    same(
        schedules.cosine(100, peak=3.0, floor=1.0, warmup=10, warmup_from=0),
        "cosine | warmup(10, from=0) | between(1, 3)",
    )
    same(
        schedules.linear(100, warmup="2 epochs", steps_per_epoch=5),
        "linear | warmup(2 epochs)",
        steps_per_epoch=5.0,
    )
    same(schedules.linear(100, end_inclusive=True), "linear", end_inclusive=True)
    table = schedules.table(100, values=np.array([1.0, 0.5, 0.0]))
    same(table, "table(values=[1, 0.5, 0])")


def test_known_values():
    assert schedules.cosine(10)(np.arange(4)).round(6).tolist() == [1, 0.975528, 0.904508, 0.793893]
    cycle = schedules.torch_one_cycle(100)
    assert (cycle(0), cycle(29)) == pytest.approx((0.04, 1.0), abs=1e-15)
    assert schedules.noam(10_000)(4000) == pytest.approx(6.9877e-4, abs=1e-8)
    momentum = schedules.one_cycle_momentum(100)
    ends = (momentum(0), momentum(45), momentum(90))
    assert ends == pytest.approx((0.95, 0.85, 0.95), abs=1e-15)
    torch_momentum = schedules.one_cycle_momentum(100, rise=0.3)
    assert torch_momentum(29) == pytest.approx(0.85, abs=1e-15)
    phases = schedules.uba_phases(1.0, [(10, 3.0, 1.0), (20, 2.0, 0.5)], form="continuous")
    assert (phases(0), phases(10), phases(30)) == (3.0, 2.0, 0.5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.linear(-5), "the run has -5 steps: expected 1 to"),
        (lambda: schedules.linear(100, warmup=100), "warmup takes 100 of 100 steps"),
        (lambda: schedules.uba(100, phi=-1), "phi is -1: expected a finite number above 0"),
        (lambda: schedules.cosine(100, peak=float("nan")), "column "),
        (lambda: schedules.cosine(100, floor=2.0), "floor is 2: expected at most the peak"),
        (lambda: schedules.linear(100, warmup="5%, from=0"), "the argument is '5%, from=0'"),
        (lambda: schedules.Schedule("rx", 100), "column 1: expected a schedule: one of constant"),
        (lambda: schedules.linear(100, warmup="1 epoch"), "warmup is given in epochs"),
        (lambda: schedules.linear(100)(-1), "the step is -1: expected 0 or more"),
        (lambda: schedules.linear(100)(np.array([3, -1])), "the step is -1: expected 0 or more"),
        (lambda: schedules.linear(100).values(-1), "count is -1: expected 0 or more"),
        (lambda: schedules.from_transformers("cosin", 100), "no schedule is called `cosin`"),
        (lambda: schedules.constant(100).stretched(50), "the schedule has 0 values"),
        (lambda: schedules.one_cycle_momentum(3, rise=0.3), "rise is 0.3: expected a share"),
        (lambda: schedules.uba_phases(1.0, []), "phases has 0 values"),
    ],
)
def test_bad_input_says_what_to_change(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value).startswith(message)


def test_steps_that_are_no_whole_numbers_are_refused():
    with pytest.raises(TypeError, match="expected whole numbers"):
        schedules.linear(100)(2.5)
    with pytest.raises(TypeError, match="expected whole numbers"):
        schedules.linear(100)(np.array([1.0, 2.0]))
    with pytest.raises(MemoryError):
        schedules.linear(2**52).values()


def test_schedules_pickle_copy_compare_and_print():
    schedule = schedules.cosine(100, warmup="10%", end_inclusive=True).replanned(30, 60)
    for again in (pickle.loads(pickle.dumps(schedule)), copy.deepcopy(schedule)):
        assert again == schedule and hash(again) == hash(schedule)
        assert np.array_equal(again.values(), schedule.values())
    assert repr(schedule) == (
        'Schedule("cosine | warmup(steps=10%)", steps=100, end_inclusive=True)'
        ".replanned(at=30, steps=60)"
    )
    assert schedule != schedules.cosine(100)


def test_a_new_budget_does_not_jump():
    schedule = schedules.rex(1000, warmup=100)
    longer = schedule.replanned(400, 1500)
    assert np.array_equal(longer.values(401), schedule.values(401))
    assert (longer.steps, longer.horizon, longer(1500)) == (1500, 1500, 0.0)


def test_names_of_transformers():
    names = [name for name, _ in schedules.transformers_names()]
    assert "cosine_with_restarts" in names
    linear = schedules.from_transformers("linear", 100, warmup=10, peak=2.0)
    assert linear(np.array([0, 5, 10, 55])).tolist() == [0.0, 1.0, 2.0, 1.0]
    for name in names:
        assert schedules.from_transformers(name, 100, warmup=10)(5) > 0


def test_a_plateau_falls_and_resumes():
    metrics = [5.0, 4.0, 4.0, float("nan"), 4.0, 4.0, 4.0, 3.0]
    expected = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    for split in range(len(metrics)):
        first = schedules.Plateau(1.0, factor=0.5, patience=1, cooldown=1)
        rates = [first.observe(metric) for metric in metrics[:split]]
        second = schedules.Plateau(1.0, factor=0.5, patience=1, cooldown=1)
        second.load_state_dict(first.state_dict())
        rates += [second.observe(metric) for metric in metrics[split:]]
        assert rates == expected
    with pytest.raises(ValueError, match="factor is 2: expected above 0 and below 1"):
        schedules.Plateau(1.0, factor=2.0)
    with pytest.raises(ValueError, match="the state has waited 7"):
        first.load_state_dict({**first.state_dict(), "waited": 7})


def test_halving_passes_errors_on():
    best = schedules.successive_halving(schedules.PHI_MENU, 10, lambda phi, _: abs(phi - 1.9))
    assert best == 2.0
    with pytest.raises(ZeroDivisionError):
        schedules.successive_halving([1.0, 2.0], 1, lambda phi, budget: 1 / 0)


def test_chebyshev_steps():
    steps = schedules.chebyshev_steps(1.0, 100.0, 16)
    residual = np.abs(np.prod(1 - np.outer(np.linspace(1, 100, 9901), steps), axis=1)).max()
    expected = 1 / np.cosh(16 * np.arccosh(101 / 99))
    assert residual == pytest.approx(expected, abs=1e-8)


def test_optax_schedules_work_without_optax():
    schedule = schedules.cosine(10).to_optax()
    assert schedule(5) == pytest.approx(0.5, abs=1e-15)
    assert schedule(np.arange(3)).shape == (3,)


def test_optax_schedules_under_jit():
    jax = pytest.importorskip("jax")
    schedule = schedules.cosine(10, peak=0.5)
    jitted = jax.jit(schedule.to_optax())
    for step in range(14):
        assert float(jitted(step)) == pytest.approx(schedule(step), abs=1e-7)


def test_amounts_in_tokens_follow_the_tokens_of_an_update():
    one = schedules.wsd(1000, cooldown="2e8 tokens", tokens_per_step=1e6)
    assert one.values().tolist() == schedules.wsd(1000, cooldown=200).values().tolist()
    assert pickle.loads(pickle.dumps(one)) == one and "tokens_per_step=1000000" in repr(one)
    with pytest.raises(ValueError, match="cooldown is given in tokens: expected a run that says"):
        schedules.wsd(1000, cooldown="2e8 tokens")
    with pytest.raises(ValueError, match="tokens per step is -1: expected"):
        schedules.linear(1000, tokens_per_step=-1.0)


def test_progress_reads_between_updates():
    schedule = schedules.linear(1000, peak=2.0)
    assert [schedule.at_progress(it) for it in (0, 0.25, 1, 7)] == [2.0, 1.5, 0.0, 0.0]
    with pytest.raises(ValueError, match="done is -0.5: expected"):
        schedule.at_progress(-0.5)
    with pytest.raises(ValueError, match="the schedule has 0 values: expected a schedule with a h"):
        schedules.constant(1000).at_progress(0.5)


def test_noise_is_a_function_of_seed_and_step():
    plan = "cosine | noise(limit=0.5, from=10%, until=60%, seed=7)"
    noisy, plain = schedules.Schedule(plan, 1000), schedules.cosine(1000)
    ratio = noisy.values() / plain.values()
    assert np.all(ratio[:100] == 1) and np.all(ratio[600:] == 1)
    assert 0.05 < np.std(ratio[100:600]) < 0.5 and np.all(np.abs(ratio - 1) < 0.5)
    assert [noisy(step) for step in range(1000)] == noisy.values().tolist()
    with pytest.raises(ValueError, match="limit is 2: expected above 0 and at most 1"):
        schedules.Schedule("cosine | noise(limit=2)", 10)
