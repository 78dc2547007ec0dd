"""What is known before the search: heads, tails, a lower bound and a first schedule.

A peer gets what anybody who models a shop or a project by hand would give it: start windows from
the longest paths, a makespan bounded by paths and by the load of each resource, and the schedule of
a simple rule as horizon and hint.
"""

import bisect
import heapq
from dataclasses import dataclass

from problem import Mode, Precedence, Problem


@dataclass
class Windows:
    #: Earliest start of each task.
    heads: list[int]
    #: What must follow the start of each task, its own duration included.
    tails: list[int]
    #: No schedule is shorter.
    low: int
    #: Some schedule is no longer, if there is one at all.
    high: int
    #: Start and mode of each task in a first schedule, where the simple rule applies.
    first: list[tuple[int, int]] | None


def windows(problem: Problem) -> Windows:
    """Heads, tails, bounds and a first schedule of a problem."""
    heads, tails = longest_paths(problem)
    low = max((head + tail for head, tail in zip(heads, tails)), default=0)
    for number in range(len(problem.resources)):
        low = max(low, load_bound(problem, number, heads, tails))
    first = list_schedule(problem, heads, tails) or flow_schedule(problem)
    high = safe_horizon(problem)
    if first is not None and problem.objective == "makespan":
        placed = zip(problem.tasks, first)
        ends = (start + task.modes[mode].duration for task, (start, mode) in placed)
        high = max(ends, default=0)
    return Windows(heads, tails, min(low, high), high, first)


def distance(problem: Problem, rule: Precedence) -> int:
    """Least distance from start to start that the rule and the shortest durations force."""
    before, after = problem.tasks[rule.before], problem.tasks[rule.after]
    if rule.kind == "end-to-start":
        return rule.lag + before.shortest
    if rule.kind == "end-to-end":
        return rule.lag + before.shortest - after.longest
    if rule.kind == "start-to-end":
        return rule.lag - after.longest
    return rule.lag


def longest_paths(problem: Problem) -> tuple[list[int], list[int]]:
    """Longest paths from the begin to each start, and from each start to the end.

    Rounds of Bellman and Ford, so that lags in circles do no harm; O(tasks x precedences).
    """
    arcs = [(it.before, it.after, distance(problem, it)) for it in problem.precedences]
    arcs += [(task, until, problem.tasks[task].shortest) for task, until in problem.holds.items()]
    heads = [max(task.earliest_start, release(problem, i)) for i, task in enumerate(problem.tasks)]
    tails = [task.shortest for task in problem.tasks]
    for _ in range(len(problem.tasks)):
        changed = False
        for before, after, length in arcs:
            if heads[after] < heads[before] + length:
                heads[after] = heads[before] + length
                changed = True
        for before, after, length in reversed(arcs):
            if tails[before] < tails[after] + length:
                tails[before] = tails[after] + length
                changed = True
        if not changed:
            break
    return heads, tails


def release(problem: Problem, task: int) -> int:
    job = problem.tasks[task].job
    return 0 if job is None else problem.jobs[job].release


def load_bound(problem: Problem, number: int, heads: list[int], tails: list[int]) -> int:
    """Least head, work of all tasks, least tail; on machines the preemptive bound."""
    resource = problem.resources[number]
    if resource.kind in ("consumable", "reservoir") or not resource.capacity:
        return 0
    parts, energy = [], 0
    for i, task in enumerate(problem.tasks):
        work = min(mode.duration * mode.demands.get(number, 0) for mode in task.modes)
        if work:
            energy += work
            parts.append((heads[i], work, tails[i] - task.shortest))
    if not parts:
        return 0
    if resource.kind == "machine":
        return preemptive_bound(parts)
    before, after = min(head for head, _, _ in parts), min(tail for _, _, tail in parts)
    return before + -(-energy // resource.capacity) + after


def preemptive_bound(parts: list[tuple[int, int, int]]) -> int:
    """Jackson's preemptive schedule of (head, duration, tail) on one machine: O(n log n)."""
    parts = sorted(parts)
    # What has arrived, longest tail first, with what is left of it.
    pool: list[list[int]] = []
    now = bound = place = 0
    while place < len(parts) or pool:
        if not pool:
            now = max(now, parts[place][0])
        while place < len(parts) and parts[place][0] <= now:
            heapq.heappush(pool, [-parts[place][2], parts[place][1]])
            place += 1
        top = pool[0]
        arrival = parts[place][0] - now if place < len(parts) else top[1]
        run = min(top[1], arrival)
        now += run
        top[1] -= run
        if not top[1]:
            heapq.heappop(pool)
            bound = max(bound, now - top[0])
    return bound


def safe_horizon(problem: Problem) -> int:
    """One task after another, with all gaps and setups: long enough for any feasible problem."""
    gaps = [task.longest for task in problem.tasks]
    for rule in problem.precedences:
        longest = problem.tasks[rule.before].longest if rule.kind.startswith("end") else 0
        gaps[rule.before] = max(gaps[rule.before], rule.lag + longest)
    total = sum(gaps) + max((release(problem, i) for i in range(len(gaps))), default=0)
    total += max((task.earliest_start for task in problem.tasks), default=0)
    setups = [max(map(max, it.setup)) for it in problem.resources if it.setup]
    return total + max(setups, default=0) * len(problem.tasks)


class Profile:
    """Usage of a resource over time: sorted times, and what is used from each of them on."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.times = [0]
        self.used = [0]

    def conflict(self, start: int, end: int, demand: int) -> int | None:
        """When the resource is free again after the first lack within the interval."""
        place = bisect.bisect_right(self.times, start) - 1
        while place < len(self.times) and self.times[place] < end:
            if self.used[place] + demand > self.capacity:
                return self.times[place + 1]
            place += 1
        return None

    def take(self, start: int, end: int, demand: int) -> None:
        for place in range(self.cut(start), self.cut(end)):
            self.used[place] += demand

    def cut(self, time: int) -> int:
        place = bisect.bisect_left(self.times, time)
        if place == len(self.times) or self.times[place] != time:
            self.times.insert(place, time)
            self.used.insert(place, self.used[place - 1])
        return place


def is_simple(problem: Problem) -> bool:
    """Whether the simple rule promises a schedule."""
    rules = problem.precedences
    return (
        all(it.kind == "end-to-start" and it.lag >= 0 and it.lag_max is None for it in rules)
        and all(it.kind != "consumable" and it.setup is None for it in problem.resources)
        and all(it.latest_end is None for it in problem.tasks)
        and all(it.deadline is None for it in problem.jobs)
        and all(not mode.changes for task in problem.tasks for mode in task.modes)
        and not problem.holds
        and not problem.same_sequences
        and not problem.same_modes
    )


def list_schedule(
    problem: Problem, heads: list[int], tails: list[int]
) -> list[tuple[int, int]] | None:
    """Serial schedule generation: longest tail first, the mode that ends first.

    ``None`` where the rule cannot promise a schedule.
    """
    if not is_simple(problem):
        return None
    after: list[list[Precedence]] = [[] for _ in problem.tasks]
    missing = [0] * len(problem.tasks)
    for rule in problem.precedences:
        after[rule.before].append(rule)
        missing[rule.after] += 1
    earliest = list(heads)
    profiles = [Profile(resource.capacity) for resource in problem.resources]
    ready = [(-tails[i], i) for i, count in enumerate(missing) if count == 0]
    heapq.heapify(ready)
    placed: list[tuple[int, int]] = [(-1, -1)] * len(problem.tasks)
    while ready:
        _, i = heapq.heappop(ready)
        choice = best_mode(problem.tasks[i].modes, earliest[i], profiles)
        if choice is None:
            return None
        end, start, number = choice
        placed[i] = (start, number)
        mode = problem.tasks[i].modes[number]
        if mode.duration:
            for resource, demand in mode.demands.items():
                profiles[resource].take(start, end, demand)
        for rule in after[i]:
            earliest[rule.after] = max(earliest[rule.after], end + rule.lag)
            missing[rule.after] -= 1
            if missing[rule.after] == 0:
                heapq.heappush(ready, (-tails[rule.after], rule.after))
    # A circle of precedences leaves tasks without a place.
    return None if (-1, -1) in placed else placed


def flow_schedule(problem: Problem) -> list[tuple[int, int]] | None:
    """Jobs one after another through machines of one order: longest job first, in the factory in
    which it ends first; setups included.

    ``None`` where jobs are no chains of one task per machine, or a rule could be missed.
    """
    rules = problem.precedences
    chained = all(
        it.kind == "end-to-start" and it.lag == 0 and it.lag_max is None for it in rules
    )
    dates = any(task.latest_end is not None for task in problem.tasks)
    dates = dates or any(job.deadline is not None for job in problem.jobs)
    machines = all(it.kind == "machine" for it in problem.resources)
    if not problem.same_sequences or not chained or not machines or problem.holds or dates:
        return None
    jobs: list[list[int]] = [[] for _ in problem.jobs]
    for number, task in enumerate(problem.tasks):
        if task.job is None or any(len(mode.demands) != 1 for mode in task.modes):
            return None
        jobs[task.job].append(number)
    follows = {(rule.before, rule.after) for rule in rules}
    if any(pair not in follows for tasks in jobs for pair in zip(tasks, tasks[1:])):
        return None
    work = [sum(problem.tasks[it].shortest for it in tasks) for tasks in jobs]
    free: list[tuple[int, int | None]] = [(0, None)] * len(problem.resources)
    placed: list[tuple[int, int]] = [(-1, -1)] * len(problem.tasks)
    for job in sorted(range(len(jobs)), key=lambda it: (-work[it], it)):
        choices = min((len(problem.tasks[it].modes) for it in jobs[job]), default=0)
        best = None
        for mode in range(choices):
            now, starts = problem.jobs[job].release, []
            for number in jobs[job]:
                task = problem.tasks[number]
                (machine,) = task.modes[mode].demands
                since, family = free[machine]
                times = problem.resources[machine].setup
                if times is not None and family is not None and task.family is not None:
                    since += times[family][task.family]
                now = max(now, since, task.earliest_start)
                starts.append(now)
                now += task.modes[mode].duration
            if best is None or now < best[0]:
                best = (now, mode, starts)
        if best is None:
            continue
        _, mode, starts = best
        for number, start in zip(jobs[job], starts):
            chosen = problem.tasks[number].modes[mode]
            (machine,) = chosen.demands
            placed[number] = (start, mode)
            if chosen.duration:
                free[machine] = (start + chosen.duration, problem.tasks[number].family)
    return placed


def best_mode(
    modes: list[Mode], earliest: int, profiles: list[Profile]
) -> tuple[int, int, int] | None:
    """End, start and number of the mode that ends first; ``None`` where none ever fits."""
    best = None
    for number, mode in enumerate(modes):
        if any(demand > profiles[it].capacity for it, demand in mode.demands.items()):
            continue
        start = earliest
        while mode.duration:
            conflicts = (
                profiles[it].conflict(start, start + mode.duration, demand)
                for it, demand in mode.demands.items()
            )
            moved = next((time for time in conflicts if time is not None), None)
            if moved is None:
                break
            start = moved
        if best is None or start + mode.duration < best[0]:
            best = (start + mode.duration, start, number)
    return best
