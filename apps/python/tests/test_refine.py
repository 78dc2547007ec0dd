"""Refinement: published shapes, hand checks, bounds, recorder, errors."""

import numpy as np
import pytest

from ordine import schedules


def test_flat_norms_give_the_straight_line():
    refined = schedules.refine(np.full(150, 3.0), optimizer="sgd")
    np.testing.assert_allclose(refined.values, 1 - np.arange(150) / 149, rtol=0, atol=1e-12)
    assert refined.warmup == 0.0


def test_hand_checks_are_exact():
    norms = [4.0, 2.0, 1.0, 1.0, 2.0]
    sgd = schedules.refine(norms, optimizer="sgd", tau=0)
    np.testing.assert_allclose(sgd.values, [0.125, 0.45, 1.0, 0.2, 0.0], atol=1e-15)
    adam = schedules.refine(norms, optimizer="adam", tau=0)
    np.testing.assert_allclose(adam.values, [0.5, 2.5 / 3, 1.0, 1 / 3, 0.0], atol=1e-15)


def test_the_unit_of_norms_does_not_matter():
    norms = np.linspace(5, 1, 2000) + np.sin(np.arange(2000))
    one, two = (schedules.refine(norms * unit).values for unit in (1.0, 4.0))
    assert np.array_equal(one, two)


def test_a_refined_schedule_runs_over_any_length():
    refined = schedules.refine(np.linspace(15, 1, 2000))
    schedule = refined.over(500, peak=0.1)
    assert schedule.values().max() == pytest.approx(0.1, rel=1e-2)
    assert schedule == schedules.Schedule(f"0.1 * {refined.plan}", 500)
    assert 0 < refined.area < 1 and 0 < refined.warmup < 1 and refined.decay_exponent > 0


def test_bounds_rank_as_published():
    bound = {
        name: schedules.bound(schedules.Schedule(name, 1000))[0]
        for name in ("linear", "rex", "uba(phi=1, form=continuous)", "cosine", "constant")
    }
    assert bound["rex"] == pytest.approx(0.06404, abs=1e-4)
    assert bound["cosine"] == pytest.approx(0.06525, abs=1e-4)
    assert list(bound) == sorted(bound, key=bound.get)
    phi, least = schedules.advise_phi()
    assert 0.05 <= phi <= 20 and least <= bound["cosine"]
    assert schedules.advise_d(np.linspace(3, 1, 500), steps=500)[1] > 0


@pytest.mark.parametrize(
    ("norms", "message"),
    [
        ([1.0, float("nan"), 1.0], "gradient norm 1 is NaN: expected a number from 0 up"),
        ([1.0, -2.0, 1.0], "gradient norm 1 is -2: expected a number from 0 up"),
        ([], "the log has 0 usable norms"),
        ([0.0, 0.0, 0.0, 1.0], "3 of 4 gradient norms are zero"),
    ],
)
def test_bad_norms_say_what_to_change(norms, message):
    with pytest.raises(ValueError) as error:
        schedules.refine(norms)
    assert str(error.value).startswith(message)


def test_words_out_of_range_say_what_to_change():
    for options in ({"optimizer": "lion"}, {"form": "open"}, {"tau": 2.0}, {"power": -1.0}):
        with pytest.raises(ValueError, match="expected"):
            schedules.refine(np.ones(10), **options)


def test_a_recorder_keeps_bounded_memory_and_resumes():
    whole, first, second = (schedules.NormRecorder(10) for _ in range(3))
    for step in range(100):
        whole.record_gradient(np.array([3.0, -4.0]) * step)
        if step < 37:
            first.record(7.0 * step, 5.0 * step)
    second.load_state_dict(first.state_dict())
    for step in range(37, 100):
        second.record(7.0 * step, 5.0 * step)
    assert (whole.steps, whole.stride) == (100, 16)
    assert np.array_equal(whole.norms("l1"), 7.0 * 16 * np.arange(7))
    assert np.array_equal(second.norms("l2"), whole.norms("l2"))
    with pytest.raises(ValueError, match="expected l1 or l2"):
        whole.norms("l3")
