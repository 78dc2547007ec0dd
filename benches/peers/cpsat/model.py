"""The problem as a model of CP-SAT: intervals, one bound on disjunctive and cumulative resources.

Modes are optional intervals of one start; a task that holds its machine is an interval that ends
at the start of its follower; permutation machines share literals of order, which bind where both
tasks are on the machine; setups are circuits, one for all machines of one order; reservoirs are constraints of their own. Without
swaps, tasks get ranks along which machines pass from one to the next.

Source: the interval models of the OR-Tools examples; blocking, order literals and circuits as in
PyJobShop.
"""

from dataclasses import dataclass

from ortools.sat.python import cp_model
from problem import Problem, Stock, Task, Unsupported
from windows import Windows, windows

#: An interval on a resource: task, interval, demand, literal of its mode.
Usage = tuple[int, object, int, object]


@dataclass
class Built:
    model: cp_model.CpModel
    windows: Windows
    starts: list
    #: Literals of the modes of each task; one ``None`` where there is no choice.
    choices: list[list]


class Builder:
    """Builds the model of one problem, part by part."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.windows = windows(problem)
        self.model = cp_model.CpModel()
        self.starts: list = []
        self.ends: list = []
        self.choices: list[list] = []
        self.usages: list[list[Usage]] = [[] for _ in problem.resources]
        #: Changes of the levels of reservoirs: time, amount, literal of the mode.
        self.changes: list[list[tuple]] = [[] for _ in problem.resources]
        self.orders: dict[tuple[int, int], object] = {}

    def build(self) -> Built:
        for number in range(len(self.problem.tasks)):
            self.start(number)
        for number, task in enumerate(self.problem.tasks):
            self.task(number, task)
        self.precedences()
        for number, resource in enumerate(self.problem.resources):
            if resource.kind == "consumable":
                self.consumable(number, resource.capacity)
            elif resource.kind == "reservoir":
                self.reservoir(number, resource.stock)
            else:
                self.renewable(number, resource.capacity)
            if resource.setup is not None and self.circuit_group(number) is None:
                self.setups(number, resource.setup)
        self.same_modes()
        self.permutations()
        if self.problem.holds and not self.problem.swaps_allowed:
            self.no_swaps()
        self.objective()
        self.hint()
        return Built(self.model, self.windows, self.starts, self.choices)

    def start(self, number: int) -> None:
        window, task = self.windows, self.problem.tasks[number]
        last = window.high - task.shortest
        if self.problem.objective == "makespan":
            last = window.high - window.tails[number]
        # An empty window is a problem without schedule, not a mistake of the model.
        first = window.heads[number]
        start = self.model.new_int_var(min(first, last), max(first, last), f"s{number}")
        self.starts.append(start)
        if last < first:
            self.model.add_bool_or([])

    def task(self, number: int, task: Task) -> None:
        start, model = self.starts[number], self.model
        until = self.problem.holds.get(number)
        if len(task.modes) == 1:
            duration = task.modes[0].duration
            self.choices.append([None])
            self.ends.append(start + duration)
            if until is None:
                interval = model.new_fixed_size_interval_var(start, duration, f"i{number}")
            else:
                size = model.new_int_var(duration, self.windows.high, f"d{number}")
                interval = model.new_interval_var(start, size, self.starts[until], f"i{number}")
            self.use(number, 0, interval, None)
        else:
            if until is not None:
                raise Unsupported("hold of a task with several modes")
            literals = [model.new_bool_var(f"x{number}_{k}") for k in range(len(task.modes))]
            model.add_exactly_one(literals)
            self.choices.append(literals)
            length = sum(mode.duration * it for mode, it in zip(task.modes, literals))
            fixed = task.shortest == task.longest
            self.ends.append(start + (task.shortest if fixed else length))
            for k, (mode, literal) in enumerate(zip(task.modes, literals)):
                interval = model.new_optional_fixed_size_interval_var(
                    start, mode.duration, literal, f"i{number}_{k}"
                )
                self.use(number, k, interval, literal)
        limits = [task.latest_end]
        if task.job is not None:
            limits.append(self.problem.jobs[task.job].deadline)
        for limit in limits:
            if limit is not None:
                model.add(self.ends[number] <= limit)

    def use(self, number: int, mode: int, interval: object, literal: object) -> None:
        chosen = self.problem.tasks[number].modes[mode]
        for resource, demand in chosen.demands.items():
            timed = self.problem.resources[resource].kind != "consumable"
            # What takes no time uses nothing of machines and renewables.
            if chosen.duration or not timed:
                self.usages[resource].append((number, interval, demand, literal))
        for change in chosen.changes:
            end = self.starts[number] + chosen.duration
            time = end if change.at_end else self.starts[number]
            self.changes[change.reservoir].append((time, change.amount, literal))

    def precedences(self) -> None:
        for rule in self.problem.precedences:
            before = self.ends if rule.kind.startswith("end") else self.starts
            after = self.ends if rule.kind.endswith("end") else self.starts
            self.model.add(after[rule.after] >= before[rule.before] + rule.lag)
            if rule.lag_max is not None:
                self.model.add(after[rule.after] <= before[rule.before] + rule.lag_max)
        for task, until in self.problem.holds.items():
            self.model.add(self.starts[until] >= self.ends[task])

    def renewable(self, number: int, capacity: int) -> None:
        usages = self.usages[number]
        if len(usages) < 2 and all(demand <= capacity for _, _, demand, _ in usages):
            return
        intervals = [interval for _, interval, _, _ in usages]
        demands = [demand for _, _, demand, _ in usages]
        pairwise = all(2 * demand > capacity for demand in demands)
        if pairwise and max(demands) <= capacity:
            self.model.add_no_overlap(intervals)
        else:
            self.model.add_cumulative(intervals, demands, capacity)

    def consumable(self, number: int, capacity: int) -> None:
        usages = self.usages[number]
        spent = [demand * (1 if it is None else it) for _, _, demand, it in usages]
        if spent:
            self.model.add(sum(spent) <= capacity)

    def reservoir(self, number: int, stock: Stock) -> None:
        """The level after all changes of an instant lies between its ends."""
        changes = self.changes[number]
        if not changes:
            return
        least, most = stock.least - stock.initial, stock.most - stock.initial
        if least > 0 or most < 0:
            raise Unsupported("reservoir whose first level lies outside of its ends")
        rise = sum(amount for _, amount, _ in changes if amount > 0)
        times = [time for time, _, _ in changes]
        amounts = [amount for _, amount, _ in changes]
        active = [True if literal is None else literal for _, _, literal in changes]
        self.model.add_reservoir_constraint_with_active(
            times, amounts, active, least, min(most, rise)
        )

    def same_modes(self) -> None:
        for first, second in self.problem.same_modes:
            pairs = list(zip(self.choices[first], self.choices[second]))
            if len(self.choices[first]) != len(self.choices[second]):
                raise Unsupported("modes of one number of tasks with different numbers of them")
            for one, other in pairs:
                if one is not None and other is not None:
                    self.model.add(one == other)

    def setups(self, number: int, times: list[list[int]]) -> None:
        """Node 0 stands before the first and behind the last task of the machine."""
        usages, arcs = self.usages[number], []
        for at, (task, _, _, literal) in enumerate(usages, 1):
            arcs += [(0, at, self.model.new_bool_var("")), (at, 0, self.model.new_bool_var(""))]
            if literal is not None:
                arcs.append((at, at, ~literal))
            for to, (other, _, _, _) in enumerate(usages, 1):
                if at == to:
                    continue
                follows = self.model.new_bool_var("")
                arcs.append((at, to, follows))
                until = self.problem.holds.get(task)
                free = self.ends[task] if until is None else self.starts[until]
                gap = times[self.family(task)][self.family(other)]
                self.model.add(self.starts[other] >= free + gap).only_enforce_if(follows)
        if arcs:
            if any(literal is not None for _, _, _, literal in usages):
                # A machine that nobody chooses has no first task.
                arcs.append((0, 0, self.model.new_bool_var("")))
            self.model.add_circuit(arcs)

    def circuit_group(self, machine: int) -> list[int] | None:
        """The machines of one order that share one circuit of jobs with this one.

        They do where each has setups, and each job one task on each of them.
        """
        for group in self.problem.same_sequences:
            if machine not in group:
                continue
            visits = []
            for number in group:
                usages = self.usages[number]
                jobs = [self.problem.tasks[task].job for task, _, _, _ in usages]
                plain = all(literal is None for _, _, _, literal in usages)
                if not plain or None in jobs or len(set(jobs)) < len(jobs):
                    return None
                visits.append(set(jobs))
            has_setups = all(self.problem.resources[it].setup is not None for it in group)
            return group if has_setups and all(it == visits[0] for it in visits) else None
        return None

    def shared_circuit(self, group: list[int]) -> None:
        """One circuit over the jobs; an arc binds on every machine."""
        on: list[dict[int, int]] = []
        for machine in group:
            tasks = [task for task, _, _, _ in self.usages[machine]]
            on.append({self.problem.tasks[task].job: task for task in tasks})
        jobs, arcs = sorted(on[0]), []
        for at, job in enumerate(jobs, 1):
            arcs += [(0, at, self.model.new_bool_var("")), (at, 0, self.model.new_bool_var(""))]
            for to, other in enumerate(jobs, 1):
                if at == to:
                    continue
                follows = self.model.new_bool_var("")
                arcs.append((at, to, follows))
                for machine, tasks in zip(group, on):
                    first, second = tasks[job], tasks[other]
                    times = self.problem.resources[machine].setup
                    until = self.problem.holds.get(first)
                    free = self.ends[first] if until is None else self.starts[until]
                    gap = times[self.family(first)][self.family(second)]
                    after = self.model.add(self.starts[second] >= free + gap)
                    after.only_enforce_if(follows)
        if arcs:
            self.model.add_circuit(arcs)

    def family(self, task: int) -> int:
        family = self.problem.tasks[task].family
        if family is None:
            raise Unsupported("setup of a task without family")
        return family

    def before(self, first: int, second: int, key: tuple[str, int, int] | None = None) -> object:
        """The literal that the first of two tasks, or of two jobs, comes first."""
        low, high = min(first, second), max(first, second)
        key = key or ("task", low, high)
        if key not in self.orders:
            self.orders[key] = self.model.new_bool_var("")
        literal = self.orders[key]
        return literal if (low, high) == (first, second) else ~literal

    def permutations(self) -> None:
        for group, machines in enumerate(self.problem.same_sequences):
            if machines and self.circuit_group(machines[0]) is not None:
                self.shared_circuit(machines)
                continue
            for machine in machines:
                usages = self.usages[machine]
                for first, _, _, first_present in usages:
                    for second, _, _, second_present in usages:
                        jobs = [self.problem.tasks[it].job for it in (first, second)]
                        if jobs[0] == jobs[1] or None in jobs:
                            continue
                        key = (f"group {group}", min(jobs), max(jobs))
                        literals = [self.before(jobs[0], jobs[1], key)]
                        literals += [
                            it for it in (first_present, second_present) if it is not None
                        ]
                        until = self.problem.holds.get(first)
                        free = self.ends[first] if until is None else self.starts[until]
                        after = self.model.add(self.starts[second] >= free)
                        after.only_enforce_if(literals)

    def no_swaps(self) -> None:
        """Who comes after another on a machine starts, in the order of ranks, after it has left."""
        problem, model = self.problem, self.model
        ranks = [model.new_int_var(0, len(problem.tasks), "") for _ in problem.tasks]
        for rule in problem.precedences:
            if rule.kind == "end-to-start" and rule.lag >= 0:
                model.add(ranks[rule.after] >= ranks[rule.before] + 1)
        for task, until in problem.holds.items():
            model.add(ranks[until] >= ranks[task] + 1)
        for number, resource in enumerate(problem.resources):
            if resource.kind != "machine":
                continue
            for first, *_ in self.usages[number]:
                for second, *_ in self.usages[number]:
                    if first == second:
                        continue
                    literal = self.before(first, second)
                    until = problem.holds.get(first)
                    free = self.ends[first] if until is None else self.starts[until]
                    model.add(self.starts[second] >= free).only_enforce_if(literal)
                    leaves = first if until is None else until
                    if leaves != second:
                        model.add(ranks[second] >= ranks[leaves] + 1).only_enforce_if(literal)

    def objective(self) -> None:
        objective, model, window = self.problem.objective, self.model, self.windows
        if objective == "makespan":
            makespan = model.new_int_var(window.low, window.high, "makespan")
            rules = self.problem.precedences
            followed = {it.before for it in rules if it.kind == "end-to-start" and it.lag >= 0}
            for number, end in enumerate(self.ends):
                if number not in followed:
                    model.add(makespan >= end)
            if window.first is not None:
                model.add_hint(makespan, window.high)
            model.minimize(makespan)
            return
        terms = []
        for number, job in enumerate(self.problem.jobs):
            ends = [end for end, task in zip(self.ends, self.problem.tasks) if task.job == number]
            weight = job.weight if objective.startswith("weighted") else 1
            tardy = objective.endswith("tardiness")
            if not ends or not weight or (tardy and job.due is None):
                continue
            # Flow time counts from the release of the job.
            origin = job.due if tardy else job.release
            measure = model.new_int_var(0, max(0, window.high - origin), f"measure{number}")
            for end in ends:
                model.add(measure >= end - origin)
            terms.append(weight * measure)
        model.minimize(sum(terms))

    def hint(self) -> None:
        for number, (start, mode) in enumerate(self.windows.first or []):
            self.model.add_hint(self.starts[number], start)
            for k, literal in enumerate(self.choices[number]):
                if literal is not None:
                    self.model.add_hint(literal, k == mode)


def build(problem: Problem) -> Built:
    """The model of a problem; raises ``Unsupported`` where there is none."""
    return Builder(problem).build()
