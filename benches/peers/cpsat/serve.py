"""Solves problems with CP-SAT: one JSON object per line in, one per line out, until the input ends.

The process says hello first, so that starting Python and loading the library is part of no figure.
A request has ``problem`` (text in ``ordine/problem/1``), ``time_s``, ``workers``, ``seed`` and
``setting``; the answer has ``status``, ``objective``, ``bound``, the schedule in
``ordine/schedule/1``, and the seconds of building and of solving, or else ``error``.
"""

import json
import math
import sys
import time

import ortools
from model import Built, build
from ortools.sat.python import cp_model
from problem import Problem, Unsupported, read

STATUS = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
    cp_model.UNKNOWN: "unknown",
}


def parameters(solver: cp_model.CpSolver, request: dict) -> None:
    own = solver.parameters
    own.num_workers = request["workers"]
    own.max_time_in_seconds = request["time_s"]
    own.random_seed = request["seed"]
    if request["setting"] == "strong-disjunctive":
        # Off by default, and the largest gain on machines with few workers.
        own.use_strong_propagation_in_disjunctive = True
        own.use_dynamic_precedence_in_disjunctive = True
    elif request["setting"] != "default":
        raise Unsupported(f"setting `{request['setting']}`")


def schedule(problem: Problem, built: Built, solver: cp_model.CpSolver) -> str:
    tasks = []
    for number, task in enumerate(problem.tasks):
        start, mode = solver.value(built.starts[number]), 0
        for k, literal in enumerate(built.choices[number]):
            if literal is not None and solver.value(literal):
                mode = k
        end = start + task.modes[mode].duration
        tasks.append({"task": number, "mode": mode, "start": start, "end": end})
    objective = round(solver.objective_value)
    record = {"format": "ordine/schedule/1", "instance": problem.name, "objective": objective}
    return json.dumps(record | {"tasks": tasks})


def solve(request: dict) -> dict:
    began = time.perf_counter()
    problem = read(request["problem"])
    built = build(problem)
    solver = cp_model.CpSolver()
    parameters(solver, request)
    ready = time.perf_counter()
    status = solver.solve(built.model)
    answer = {
        "status": STATUS.get(status),
        "objective": None,
        "bound": None,
        "schedule": None,
        "build_s": ready - began,
        "solve_s": time.perf_counter() - ready,
        "conflicts": solver.num_conflicts,
        "branches": solver.num_branches,
    }
    if answer["status"] is None:
        return {"error": f"the solver says {solver.status_name(status)}: {built.model.validate()}"}
    if answer["status"] != "infeasible":
        bound = solver.best_objective_bound
        answer["bound"] = math.ceil(bound - 1e-6) if math.isfinite(bound) else None
    if answer["status"] in ("optimal", "feasible"):
        answer["objective"] = round(solver.objective_value)
        answer["schedule"] = schedule(problem, built, solver)
    return answer


def main() -> None:
    hello = {"peer": "OR-Tools CP-SAT", "version": ortools.__version__}
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        try:
            answer = solve(json.loads(line))
        except (Unsupported, ValueError, KeyError, IndexError, TypeError, RuntimeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
