"""Learners: names, rails, replay, errors."""

import json
import runpy
from pathlib import Path

import pytest

from ordine.relax import Chooser, Learner, learners

VALUES = [1.0 + 0.05 * it for it in range(20)]


def iterations(omega, context):
    """A cost that depends on both."""
    return 20 + 100 * abs(omega - 1.2 - 0.5 * context)


def play(chooser, rounds):
    """Costs of these rounds."""
    costs = []
    for round_ in rounds:
        context = round_ % 11 / 10
        costs.append(iterations(chooser.suggest(context), context))
        chooser.observe(costs[-1])
    return costs


def test_contexts_beat_the_best_fixed_value():
    costs = play(Chooser(VALUES, "cheb-cb", cap=10_000, seed=1), range(1000))
    assert sum(costs) / 1000 < 33


@pytest.mark.parametrize("name", [name for name, _, _ in learners()])
def test_a_restored_chooser_goes_on_identically(name):
    whole = play(Chooser(VALUES, name, seed=3), range(60))
    first = Chooser(VALUES, name, seed=3)
    head = play(first, range(25))
    state = json.loads(json.dumps(first.state_dict()))
    second = Chooser(VALUES, name, seed=99)
    second.load_state_dict(state)
    assert head + play(second, range(25, 60)) == whole


def test_learners_suggest_arms():
    learner = Learner("tsallis-inf", 4, seed=7)
    assert (learner.name, learner.arms) == ("tsallis-inf", 4)
    arm = learner.suggest()
    again = Learner("tsallis-inf", 4, seed=1)
    again.load_state_dict(learner.state_dict())
    assert again.suggest() == arm
    again.observe(arm, 12.0)


def test_a_value_that_diverged_is_not_tried_again():
    chooser = Chooser([1.0, 3.0], "random", cap=50)
    diverged = 0
    for _ in range(100):
        if chooser.suggest() > 2:
            diverged += 1
            chooser.observe(diverged=True)
        else:
            chooser.observe(capped=True)
    assert diverged == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Chooser([]), "expected at least one arm"),
        (lambda: Chooser([1.0], "magic"), "learner: expected one of tsallis-inf"),
        (lambda: Chooser([float("nan")]), "value: expected a finite number"),
        (lambda: Chooser([1.0], cap=-1), "cap: expected a positive number"),
        (lambda: Chooser([1.0], low=1.0, high=0.0), "context range: expected finite low < high"),
        (lambda: Chooser([1.0]).observe(3.0), "expected a call of suggest before observe"),
        (lambda: Chooser([1.0]).suggest(float("inf")), "expected a finite context"),
        (lambda: Learner("ucb", 2).observe(2, 1.0), "arm is 2: expected one below 2"),
        (
            lambda: Learner("ucb", 2).load_state_dict(Learner("exp3", 2).state_dict()),
            "state, learner: expected ucb, found exp3",
        ),
    ],
)
def test_bad_input_says_what_to_change(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value).startswith(message)


def test_one_outcome_at_a_time():
    chooser = Chooser([1.0])
    chooser.suggest()
    with pytest.raises(TypeError, match="give one"):
        chooser.observe(3.0, diverged=True)


def test_the_example_with_scipy_runs():
    pytest.importorskip("scipy")
    example = Path(__file__).parents[1] / "examples" / "scipy_solvers.py"
    learned, worst = runpy.run_path(str(example))["compare"](150)
    assert learned < worst
