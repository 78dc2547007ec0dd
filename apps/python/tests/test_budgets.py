"""Budgets: optimum, shadow price, tables, errors."""

import itertools
import json

import numpy as np
import pytest

from ordine import budgets


def best_by_enumeration(values, budget):
    """The best total of a table over all ways to spend exactly the budget."""
    rows, columns = values.shape
    ways = itertools.product(range(columns), repeat=rows)
    return max(
        sum(values[row, it] for row, it in enumerate(way)) for way in ways if sum(way) == budget
    )


def test_tables_get_the_best_of_all_ways():
    stream = np.random.default_rng(1)
    for _ in range(20):
        gains = -np.sort(-stream.random((3, 4)), axis=1)
        values = np.concatenate([np.zeros((3, 1)), np.cumsum(gains, axis=1)], axis=1)
        answer = budgets.allocate_table(6, values)
        assert answer.units.sum() == answer.spent == 6 and answer.is_optimal
        assert answer.value == pytest.approx(best_by_enumeration(values, 6), abs=1e-12)


def test_the_shadow_price_is_what_one_more_unit_brings():
    chances = [0.5, 0.1, 0.9, 0.05]
    ten, eleven = (budgets.allocate(budget, chances, lower=1) for budget in (10, 11))
    assert eleven.value - ten.value == pytest.approx(ten.shadow_price, abs=1e-15)
    assert ten.shadow_price == np.nanmax(ten.one_more)
    assert np.nanmin(ten.one_less) >= ten.shadow_price
    full = budgets.allocate(4, chances, upper=[1, 1, 1, 1])
    assert full.shadow_price is None and np.isnan(full.one_more).all()


def test_returns_costs_and_weights():
    neyman = budgets.allocate(800, [1.0, 2.0, 5.0], returns="variance")
    assert neyman.units.tolist() == [100, 200, 500]
    costly = budgets.allocate(12, [0.5, 0.5], costs=[1, 5], weights=[1.0, 100.0])
    assert costly.spent <= 12 and costly.units[1] == 2
    assert budgets.allocate(20, [4.0, 8.0], returns="saturating").is_optimal
    shares = budgets.ocba_shares([3.0, 2.0, 1.0], [1.0, 1.0, 1.0])
    assert shares.sum() == pytest.approx(1) and shares[1] / shares[2] == pytest.approx(4)


def play(rollouts, stream, rates, budget):
    """One step; gives the rollouts of each prompt."""
    total, units = np.zeros(len(rates), dtype=int), rollouts.begin(range(len(rates)), budget)
    while units is not None:
        total += units
        units = rollouts.report([stream.random(n) < p for n, p in zip(units, rates, strict=True)])
    return total


@pytest.mark.parametrize("policy", [name for name, _ in budgets.rollout_policies()])
def test_policies_spend_the_budget_and_resume(policy):
    rates = np.array([0.02, 0.3, 0.5, 0.97, 1.0, 0.0])

    def steps(rollouts, stream, count):
        return [play(rollouts, stream, rates, 60).tolist() for _ in range(count)]

    first, stream = budgets.Rollouts(6, policy), np.random.default_rng(1)
    steps(first, stream, 3)
    first.advance()
    second, again = budgets.Rollouts(6, policy), np.random.default_rng(5)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    stream = np.random.default_rng(5)
    whole = steps(first, stream, 4)
    assert whole == steps(second, again, 4)
    assert all(sum(units) == 60 for units in whole)
    assert first.rates[5] == 0.0


def test_advantages_of_groups():
    assert budgets.advantages([1, 0, 1, 0]).tolist() == [1, -1, 1, -1]
    assert budgets.advantages([1, 1]).tolist() == [0, 0]


def rollouts_begun():
    """A step of two prompts with two rollouts each."""
    rollouts = budgets.Rollouts(2, "uniform")
    rollouts.begin([0, 1], 4)
    return rollouts


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: budgets.Rollouts(2, "greedy"), "policy is `greedy`: expected one of racing"),
        (lambda: budgets.Rollouts(2).report([]), "no step has begun"),
        (lambda: budgets.Rollouts(2).begin([0, 1], 1), "the rules start with 4 rollouts for 2"),
        (lambda: budgets.Rollouts(2).begin([2], 8), "prompt 2 is unknown"),
        (lambda: rollouts_begun().report([[1, 0]]), "outcomes has 1 lists: expected 2"),
        (lambda: rollouts_begun().report([[1, 0], [1]]), "prompt 1 has 1 outcomes: expected 2"),
        (
            lambda: budgets.Rollouts(2).load_state_dict(budgets.Rollouts(3).state_dict()),
            "the state has 3 prompts: expected 2",
        ),
        (lambda: budgets.advantages([1, 0], clip=-1), "clip is -1: expected a number from 0 up"),
        (lambda: budgets.allocate(-1, [0.5]), "budget is -1: expected 0 or more"),
        (lambda: budgets.allocate(3, []), "there are no items"),
        (lambda: budgets.allocate(3, [0.5] * 4, lower=1), "the lower bounds need 4 of a budget"),
        (lambda: budgets.allocate(9, [0.5] * 2, upper=4), "the upper bounds take 8 of a budget"),
        (lambda: budgets.allocate(9, [0.5, 1.5]), "chance of item 1 is 1.5: expected 0 to 1"),
        (lambda: budgets.allocate(9, [0.5], weights=[1, 2]), "weights has 2 values: expected 1"),
        (lambda: budgets.allocate(9, [0.5], lower=[1, 2]), "lower has 2 values: expected 1"),
        (lambda: budgets.allocate(9, [0.5], returns="linear"), "returns is `linear`"),
        (lambda: budgets.allocate_table(1, [1.0, 2.0]), "values have the shape [2]"),
        (lambda: budgets.allocate_table(2, [[0, 1, 3]]), "unit 2 of item 0 brings 2"),
        (lambda: budgets.allocate_table(1, [[0, float("nan")]]), "item 0 with 1 units is worth"),
    ],
)
def test_bad_input_says_what_to_change(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value).startswith(message)


def test_a_value_of_the_user_divides_rollouts_as_brute_force_does():
    rates = []

    def value(rate: float, rollouts: int) -> float:
        if rollouts == 1 and len(rates) < 3:
            rates.append(rate)
        return 1.0 - (1.0 - rate) ** rollouts

    rollouts = budgets.Rollouts(3, "one-shot", lower=1, upper=5, value=value)
    seen = [[1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]]
    for prompt, rewards in enumerate(seen):
        rollouts.observe([prompt] * len(rewards), rewards)
    asked = rollouts.begin([0, 1, 2], 9)
    assert len(set(rates)) == 3
    best = max(
        sum(value(rate, count) for rate, count in zip(rates, counts, strict=True))
        for counts in itertools.product(range(1, 6), repeat=3)
        if sum(counts) == 9
    )
    assert sum(asked) == 9
    found = sum(value(rate, int(count)) for rate, count in zip(rates, asked, strict=True))
    assert found == pytest.approx(best, abs=1e-12)


def test_a_value_that_cannot_be_used_says_why():
    def rollouts(value, policy="one-shot"):
        return budgets.Rollouts(2, policy, lower=1, upper=5, value=value)

    with pytest.raises(ZeroDivisionError):
        rollouts(lambda rate, count: 1 / 0).begin([0, 1], 4)
    with pytest.raises(ValueError, match="gains that never grow"):
        rollouts(lambda rate, count: float(count**2)).begin([0, 1], 4)
    with pytest.raises(ValueError, match="expected a finite number"):
        rollouts(lambda rate, count: float("nan")).begin([0, 1], 4)
    with pytest.raises(ValueError, match="expected `one-shot`"):
        rollouts(lambda rate, count: 1.0, policy="uniform")
