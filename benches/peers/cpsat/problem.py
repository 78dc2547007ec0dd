"""A problem in ``ordine/problem/1``, as far as the peer models it.

Every field that is not listed here is refused by its name: a peer that leaves out a rule would
solve another problem and win by it.
"""

import json
from dataclasses import dataclass, field
from typing import Any

FORMAT = "ordine/problem/1"

#: What is read of each record; everything else is refused.
FIELDS = {
    "problem": {
        "format", "name", "unit", "origin", "objective", "swaps_allowed", "jobs", "families",
        "setups", "resources", "tasks", "precedences", "holds", "same_sequences", "mode_relations",
    },
    "job": {"name", "weight", "release", "due", "deadline"},
    "setup": {"name", "times"},
    "resource": {"name", "kind", "capacity", "setup", "stock"},
    "stock": {"initial", "least", "most"},
    "task": {"name", "job", "family", "modes", "earliest_start", "latest_end"},
    "mode": {"duration", "requirements", "stock_changes"},
    "stock_change": {"reservoir", "amount", "at"},
    "mode_relation": {"first", "second", "kind"},
    "requirement": {"resource", "demand"},
    "precedence": {"before", "after", "kind", "lag", "lag_max"},
    "hold": {"task", "until"},
    "same_sequence": {"machines"},
}

OBJECTIVES = {
    "makespan", "total-flow-time", "weighted-flow-time", "total-tardiness", "weighted-tardiness",
}

KINDS = {"end-to-start", "start-to-start", "end-to-end", "start-to-end"}


class Unsupported(ValueError):
    """The problem says something that the peer has no model of."""


@dataclass
class Job:
    weight: int
    release: int
    due: int | None
    deadline: int | None


@dataclass
class Stock:
    """Level before any task, lowest and highest level of a reservoir."""

    initial: int
    least: int
    most: int


@dataclass
class Resource:
    kind: str
    capacity: int
    setup: list[list[int]] | None
    stock: Stock | None = None


@dataclass
class Change:
    """By how much the level of a reservoir rises, at the start or at the end of a task."""

    reservoir: int
    amount: int
    at_end: bool


@dataclass
class Mode:
    duration: int
    demands: dict[int, int]
    changes: list[Change] = field(default_factory=list)


@dataclass
class Task:
    job: int | None
    family: int | None
    modes: list[Mode]
    earliest_start: int
    latest_end: int | None

    @property
    def shortest(self) -> int:
        return min(mode.duration for mode in self.modes)

    @property
    def longest(self) -> int:
        return max(mode.duration for mode in self.modes)


@dataclass
class Precedence:
    """Point of ``after`` - point of ``before`` lies in ``[lag, lag_max]``."""

    before: int
    after: int
    kind: str
    lag: int
    lag_max: int | None


@dataclass
class Problem:
    name: str
    objective: str
    jobs: list[Job]
    resources: list[Resource]
    tasks: list[Task]
    precedences: list[Precedence]
    #: A task, and the task until whose start it keeps its machine.
    holds: dict[int, int] = field(default_factory=dict)
    swaps_allowed: bool = True
    #: Groups of machines that follow one order of jobs.
    same_sequences: list[list[int]] = field(default_factory=list)
    #: Pairs of tasks that run in modes of one number.
    same_modes: list[tuple[int, int]] = field(default_factory=list)


def known_fields(kind: str, record: dict[str, Any]) -> None:
    """Refuses a record that says more than is read of it."""
    unknown = sorted(record.keys() - FIELDS[kind])
    if unknown:
        raise Unsupported(f"{kind} with `{unknown[0]}`")


class References:
    """Things by their name where it is unique, and by their number otherwise."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.numbers: dict[str, int] = {}
        for number, record in enumerate(records):
            self.numbers[record.get("name", "")] = number

    def of(self, reference: str | int) -> int:
        return reference if isinstance(reference, int) else self.numbers[reference]

    def of_optional(self, reference: str | int | None) -> int | None:
        return None if reference is None else self.of(reference)


def read(text: str) -> Problem:
    """Reads a problem; raises :class:`Unsupported` where it says what is not modeled."""
    document = json.loads(text)
    if document.get("format") != FORMAT:
        raise Unsupported(f"format `{document.get('format')}`")
    known_fields("problem", document)
    objective = document.get("objective", "makespan")
    if objective not in OBJECTIVES:
        raise Unsupported(f"objective `{objective}`")
    lists = {key: document.get(key, []) for key in ("jobs", "setups", "resources", "tasks")}
    references = {key: References(records) for key, records in lists.items()}
    families = References([{"name": name} for name in document.get("families", [])])
    setups = [setup_times(setup) for setup in lists["setups"]]
    problem = Problem(
        name=document.get("name", ""),
        objective=objective,
        jobs=[job(record) for record in lists["jobs"]],
        resources=[resource(it, references["setups"], setups) for it in lists["resources"]],
        tasks=[task(it, references, families) for it in lists["tasks"]],
        precedences=[precedence(it, references["tasks"]) for it in document.get("precedences", [])],
        swaps_allowed=document.get("swaps_allowed", True),
    )
    for hold in document.get("holds", []):
        known_fields("hold", hold)
        tasks = references["tasks"]
        problem.holds[tasks.of(hold["task"])] = tasks.of(hold["until"])
    for group in document.get("same_sequences", []):
        known_fields("same_sequence", group)
        problem.same_sequences.append([references["resources"].of(it) for it in group["machines"]])
    for relation in document.get("mode_relations", []):
        known_fields("mode_relation", relation)
        if relation["kind"] != "same-mode":
            raise Unsupported(f"mode relation `{relation['kind']}`")
        tasks = references["tasks"]
        problem.same_modes.append((tasks.of(relation["first"]), tasks.of(relation["second"])))
    return problem


def setup_times(record: dict[str, Any]) -> list[list[int]]:
    known_fields("setup", record)
    return record["times"]


def job(record: dict[str, Any]) -> Job:
    known_fields("job", record)
    return Job(
        record.get("weight", 1), record.get("release", 0), record.get("due"), record.get("deadline")
    )


def resource(
    record: dict[str, Any], references: References, setups: list[list[list[int]]]
) -> Resource:
    known_fields("resource", record)
    kind = record["kind"]
    if kind not in ("machine", "renewable", "consumable", "reservoir"):
        raise Unsupported(f"resource of kind `{kind}`")
    setup = references.of_optional(record.get("setup"))
    times = None if setup is None else setups[setup]
    return Resource(kind, record.get("capacity", 1), times, stock(record.get("stock")))


def stock(record: dict[str, Any] | None) -> Stock | None:
    if record is None:
        return None
    known_fields("stock", record)
    return Stock(record.get("initial", 0), record.get("least", 0), record["most"])


def task(record: dict[str, Any], references: dict[str, References], families: References) -> Task:
    known_fields("task", record)
    modes = []
    for mode in record["modes"]:
        known_fields("mode", mode)
        demands: dict[int, int] = {}
        for requirement in mode.get("requirements", []):
            known_fields("requirement", requirement)
            demand = requirement.get("demand", 1)
            if demand:
                demands[references["resources"].of(requirement["resource"])] = demand
        changes = [change(it, references["resources"]) for it in mode.get("stock_changes", [])]
        modes.append(Mode(mode["duration"], demands, changes))
    return Task(
        references["jobs"].of_optional(record.get("job")),
        families.of_optional(record.get("family")),
        modes,
        record.get("earliest_start", 0),
        record.get("latest_end"),
    )


def change(record: dict[str, Any], resources: References) -> Change:
    known_fields("stock_change", record)
    if record["at"] not in ("start", "end"):
        raise Unsupported(f"stock change at `{record['at']}`")
    return Change(resources.of(record["reservoir"]), record["amount"], record["at"] == "end")


def precedence(record: dict[str, Any], tasks: References) -> Precedence:
    known_fields("precedence", record)
    kind = record.get("kind", "end-to-start")
    if kind not in KINDS:
        raise Unsupported(f"precedence of kind `{kind}`")
    return Precedence(
        tasks.of(record["before"]),
        tasks.of(record["after"]),
        kind,
        record.get("lag", 0),
        record.get("lag_max"),
    )
