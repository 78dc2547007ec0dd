"""Tests of what the peer does before it solves, and of its models on tiny problems."""

import itertools
import json
import random

import pytest
from problem import Unsupported, read
from serve import solve
from windows import preemptive_bound, windows


def task(name: str, machine: str, duration: int) -> dict:
    modes = [{"duration": duration, "requirements": [{"resource": machine}]}]
    return {"name": name, "job": name[0], "modes": modes}


def text(**more: object) -> str:
    """Two jobs on two machines, in opposite order."""
    document = {
        "format": "ordine/problem/1",
        "name": "pocket",
        "jobs": [{"name": "a"}, {"name": "b"}],
        "resources": [{"name": "x", "kind": "machine"}, {"name": "y", "kind": "machine"}],
        "tasks": [task("a0", "x", 3), task("a1", "y", 2), task("b0", "y", 4), task("b1", "x", 5)],
        "precedences": [{"before": "a0", "after": "a1"}, {"before": "b0", "after": "b1"}],
    }
    return json.dumps(document | more)


def test_names_become_numbers_and_defaults_are_filled_in():
    problem = read(text())
    assert [task.job for task in problem.tasks] == [0, 0, 1, 1]
    assert [task.modes[0].demands for task in problem.tasks] == [{0: 1}, {1: 1}, {1: 1}, {0: 1}]
    rule = problem.precedences[1]
    assert (rule.before, rule.after, rule.kind) == (2, 3, "end-to-start")
    assert (rule.lag, rule.lag_max) == (0, None)
    assert problem.objective == "makespan" and problem.swaps_allowed


@pytest.mark.parametrize(
    "more",
    [
        {"calendars": []},
        {"objective": "max-lateness"},
        {"resources": [{"name": "x", "kind": "buffer"}]},
        {"mode_relations": [{"first": "a0", "second": "a1", "kind": "same-resources"}]},
        {"tasks": [{"modes": [{"duration": 1}], "optional": True}]},
        {"holds": [{"task": "a0", "until": "a1", "buffer": "x"}]},
        {"format": "ordine/problem/2"},
    ],
)
def test_what_is_not_modeled_is_refused(more):
    with pytest.raises(Unsupported):
        read(text(**more))


def test_windows_follow_paths_loads_and_a_first_schedule():
    window = windows(read(text()))
    assert window.heads == [0, 3, 0, 4]
    assert window.tails == [5, 2, 9, 5]
    # b takes 9, and the first schedule needs no more.
    assert (window.low, window.high) == (9, 9)
    assert window.first == [(0, 0), (4, 0), (0, 0), (4, 0)]


def test_gaps_in_circles_leave_the_windows_finite():
    back = {"before": "a1", "after": "a0", "kind": "start-to-start", "lag": -2}
    window = windows(read(text(precedences=[{"before": "a0", "after": "a1"}, back])))
    assert window.first is None
    assert window.high >= 3 + 2 + 4 + 5


def test_the_preemptive_bound_is_a_bound_and_is_met_without_heads_or_tails():
    source = random.Random(1)
    for _ in range(200):
        draw = source.randrange
        parts = [(draw(8), draw(1, 6), draw(8)) for _ in range(4)]
        assert preemptive_bound(parts) <= best(parts)
        plain = [(0, duration, tail) for _, duration, tail in parts]
        assert preemptive_bound(plain) == best(plain)


def best(parts: list) -> int:
    return min(cost(order) for order in itertools.permutations(parts))


def cost(order) -> int:
    now = latest = 0
    for head, duration, tail in order:
        now = max(now, head) + duration
        latest = max(latest, now + tail)
    return latest


def test_tiny_problems_are_solved_to_the_values_of_enumeration():
    hold = {"holds": [{"task": "a0", "until": "a1"}, {"task": "b0", "until": "b1"}]}
    setups = {
        "families": ["f", "g"],
        "setups": [{"name": "s", "times": [[0, 2], [3, 0]]}],
        "resources": [
            {"name": "x", "kind": "machine", "setup": "s"}, {"name": "y", "kind": "machine"},
        ],
        "tasks": [
            it | {"family": "fg"[at // 2]} for at, it in enumerate(json.loads(text())["tasks"])
        ],
    }
    expected = [
        (text(), 9),
        (text(**hold), 9),
        # b must wait for a to leave: y is free at 5, or x at 9.
        (text(**hold, swaps_allowed=False), 14),
        (text(**setups), 10),
    ]
    for problem, value in expected:
        question = {"problem": problem, "time_s": 10, "workers": 1, "seed": 1, "setting": "default"}
        answer = solve(question)
        assert (answer["status"], answer["objective"], answer["bound"]) == ("optimal", value, value)
