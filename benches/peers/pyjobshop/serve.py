"""Solves problems with PyJobShop: one JSON object per line in, one per line out.

Requests and answers are those of ``cpsat/serve.py``, and so is what reads problems. The model is what
PyJobShop makes of jobs, tasks, modes, machines, renewables and consumables, solved by its OR-Tools
side; nothing is added to it, neither windows nor a first schedule. What it has no words for is
refused by name.

Source: Lan and Berkhout 2025, PyJobShop.
"""

import json
import math
import sys
import time
from importlib.metadata import version

from problem import Problem, Unsupported, read
from pyjobshop import MAX_VALUE, Model, SolveStatus

STATUS = {
    SolveStatus.OPTIMAL: "optimal",
    SolveStatus.FEASIBLE: "feasible",
    SolveStatus.INFEASIBLE: "infeasible",
    SolveStatus.TIME_LIMIT: "unknown",
    SolveStatus.UNKNOWN: "unknown",
}

#: What a setting of a list means here: OR-Tools takes them by their own names.
SETTINGS = {
    "default": {},
    "strong-disjunctive": {
        "use_strong_propagation_in_disjunctive": True,
        "use_dynamic_precedence_in_disjunctive": True,
    },
}

#: Each with the weights of the jobs, which are 1 in totals.
OBJECTIVES = {
    "makespan": "weight_makespan",
    "total-flow-time": "weight_total_flow_time",
    "weighted-flow-time": "weight_total_flow_time",
    "total-tardiness": "weight_total_tardiness",
    "weighted-tardiness": "weight_total_tardiness",
}


def build(problem: Problem) -> Model:
    """The model of a problem; raises ``Unsupported`` where PyJobShop has no words for it."""
    if problem.holds:
        raise Unsupported("blocking")
    if problem.same_sequences or problem.same_modes:
        raise Unsupported("one order of jobs, or one mode of several tasks")
    if problem.objective not in OBJECTIVES:
        raise Unsupported(f"objective `{problem.objective}`")
    model = Model()
    jobs = []
    for job in problem.jobs:
        deadline = MAX_VALUE if job.deadline is None else job.deadline
        weight = job.weight if problem.objective.startswith("weighted") else 1
        jobs.append(model.add_job(weight, job.release, deadline, job.due))
    resources = []
    for resource in problem.resources:
        if resource.setup is not None:
            raise Unsupported("setups")
        if resource.kind == "machine":
            resources.append(model.add_machine())
        elif resource.kind == "renewable":
            resources.append(model.add_renewable(resource.capacity))
        elif resource.kind == "consumable":
            resources.append(model.add_consumable(resource.capacity))
        else:
            raise Unsupported(f"resource of kind `{resource.kind}`")
    tasks = []
    for record in problem.tasks:
        latest = MAX_VALUE if record.latest_end is None else record.latest_end
        job = None if record.job is None else jobs[record.job]
        task = model.add_task(job, earliest_start=record.earliest_start, latest_end=latest)
        tasks.append(task)
        for mode in record.modes:
            used = [resources[it] for it in mode.demands]
            # A machine has no demand: whoever is on it has all of it.
            kinds = [problem.resources[it].kind for it in mode.demands]
            demands = [
                0 if kind == "machine" else demand
                for kind, demand in zip(kinds, mode.demands.values())
            ]
            model.add_mode(task, used, mode.duration, demands)
    precedences(problem, model, tasks)
    model.set_objective(**{OBJECTIVES[problem.objective]: 1})
    return model


def precedences(problem: Problem, model: Model, tasks: list) -> None:
    """Least gaps, and largest ones as least gaps backward."""
    forward = {
        "end-to-start": model.add_end_before_start,
        "start-to-start": model.add_start_before_start,
        "end-to-end": model.add_end_before_end,
        "start-to-end": model.add_start_before_end,
    }
    backward = {
        "end-to-start": model.add_start_before_end,
        "start-to-start": model.add_start_before_start,
        "end-to-end": model.add_end_before_end,
        "start-to-end": model.add_end_before_start,
    }
    for rule in problem.precedences:
        before, after = tasks[rule.before], tasks[rule.after]
        forward[rule.kind](before, after, rule.lag)
        if rule.lag_max is not None:
            backward[rule.kind](after, before, -rule.lag_max)


def schedule(problem: Problem, best: object, objective: int) -> str:
    # PyJobShop numbers the modes of all tasks in one row.
    first_modes, tasks = [0], []
    for task in problem.tasks:
        first_modes.append(first_modes[-1] + len(task.modes))
    for number, placed in enumerate(best.tasks):
        mode = placed.mode - first_modes[number]
        tasks.append({"task": number, "mode": mode, "start": placed.start, "end": placed.end})
    record = {"format": "ordine/schedule/1", "instance": problem.name, "objective": objective}
    return json.dumps(record | {"tasks": tasks})


def solve(request: dict) -> dict:
    began = time.perf_counter()
    problem = read(request["problem"])
    model = build(problem)
    if request["setting"] not in SETTINGS:
        raise Unsupported(f"setting `{request['setting']}`")
    # PyJobShop builds the model of OR-Tools within this call: `solve_s` is what the solver says.
    result = model.solve(
        solver="ortools",
        time_limit=request["time_s"],
        display=False,
        num_workers=request["workers"],
        random_seed=request["seed"],
        **SETTINGS[request["setting"]],
    )
    answer = {
        "status": STATUS[result.status],
        "objective": None,
        "bound": None,
        "schedule": None,
        "build_s": time.perf_counter() - began - result.runtime,
        "solve_s": result.runtime,
    }
    if answer["status"] in ("optimal", "feasible"):
        answer["objective"] = round(result.objective)
        answer["bound"] = math.ceil(result.lower_bound - 1e-6)
        answer["schedule"] = schedule(problem, result.best, answer["objective"])
    return answer


def main() -> None:
    hello = {"peer": "PyJobShop with OR-Tools", "version": version("pyjobshop")}
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        try:
            answer = solve(json.loads(line))
        except (Unsupported, ValueError, KeyError, IndexError, TypeError, RuntimeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
