//! The judge once more, naive: for each resource all pairs of tasks, or for each start of a task
//! the sum over all tasks. O(resources × tasks²).
//!
//! **Source:** -

use ordine_base::{Id, Time};
use ordine_problem::{Measure, PrecedenceKind, Problem, ResourceId, ResourceKind, Schedule};
use std::collections::BTreeSet;

/// Every kind of violation of a schedule, in the order of checking.
pub const KINDS: [&str; 13] = [
    "task-count",
    "unplaced",
    "foreign-mode",
    "before-origin",
    "wrong-end",
    "before-release",
    "after-deadline",
    "time-too-large",
    "precedence",
    "overlap",
    "overuse",
    "overspending",
    "cost-too-large",
];

/// A placed task in plain numbers; no demands where the mode is foreign.
struct Placed {
    task: usize,
    start: i128,
    end: i128,
    demands: Vec<(ResourceId, i128)>,
}

/// The levels of the cost, or the kinds of all violations.
pub fn judge(problem: &Problem, schedule: &Schedule) -> Result<Vec<i128>, BTreeSet<&'static str>> {
    let mut kinds = BTreeSet::new();
    let tasks = problem.tasks().len();
    note(&mut kinds, "task-count", schedule.len() != tasks);
    let mut placed = Vec::new();
    for (task, placement) in schedule.iter().take(tasks) {
        let Some(placement) = placement else {
            kinds.insert("unplaced");
            continue;
        };
        let (start, end) = (i128::from(placement.start.get()), i128::from(placement.end.get()));
        let mut demands = Vec::new();
        let index = placement.mode.index();
        if index < problem.mode_count() && problem.mode(placement.mode).task == task {
            let duration = i128::from(problem.mode(placement.mode).duration.get());
            note(&mut kinds, "wrong-end", end - start != duration);
            for need in problem.requirements(placement.mode) {
                demands.push((need.resource, i128::from(need.demand.get())));
            }
        } else {
            kinds.insert("foreign-mode");
        }
        placed.push(Placed { task: task.index(), start, end, demands });
    }
    placement_kinds(problem, &placed, &mut kinds);
    precedence_kinds(problem, &placed, &mut kinds);
    resource_kinds(problem, &placed, &mut kinds);
    if !kinds.is_empty() {
        return Err(kinds);
    }
    cost(problem, &placed).ok_or(BTreeSet::from(["cost-too-large"]))
}

fn note(kinds: &mut BTreeSet<&'static str>, kind: &'static str, found: bool) {
    if found {
        kinds.insert(kind);
    }
}

fn placement_kinds(problem: &Problem, placed: &[Placed], kinds: &mut BTreeSet<&'static str>) {
    let largest = 1_i128 << 40;
    for it in placed {
        note(kinds, "before-origin", it.start < 0);
        note(kinds, "time-too-large", it.start > largest || it.end > largest);
        for job in problem.jobs() {
            if problem.job_tasks(job).iter().any(|task| task.index() == it.task) {
                let data = problem.job(job);
                let release = i128::from(data.release.get());
                note(kinds, "before-release", release != 0 && it.start < release);
                let deadline = data.deadline.map_or(i128::MAX, |time| i128::from(time.get()));
                note(kinds, "after-deadline", it.end > deadline);
            }
        }
    }
}

fn precedence_kinds(problem: &Problem, placed: &[Placed], kinds: &mut BTreeSet<&'static str>) {
    for precedence in problem.precedences().values() {
        for before in placed.iter().filter(|it| it.task == precedence.before.index()) {
            for after in placed.iter().filter(|it| it.task == precedence.after.index()) {
                let gap = match precedence.kind {
                    PrecedenceKind::EndToStart => after.start - before.end,
                    PrecedenceKind::StartToStart => after.start - before.start,
                    PrecedenceKind::EndToEnd => after.end - before.end,
                    PrecedenceKind::StartToEnd => after.end - before.start,
                };
                note(kinds, "precedence", gap < i128::from(precedence.lag.get()));
            }
        }
    }
}

fn demand(it: &Placed, resource: ResourceId) -> i128 {
    it.demands.iter().filter(|need| need.0 == resource).map(|need| need.1).sum()
}

fn usage_at(placed: &[Placed], resource: ResourceId, time: i128) -> i128 {
    let running = placed.iter().filter(|it| it.start <= time && time < it.end);
    running.map(|it| demand(it, resource)).sum()
}

fn resource_kinds(problem: &Problem, placed: &[Placed], kinds: &mut BTreeSet<&'static str>) {
    for resource in problem.resources() {
        match problem.resource(resource).kind {
            ResourceKind::Machine => {
                for (place, left) in placed.iter().enumerate() {
                    for right in &placed[place + 1..] {
                        let both = demand(left, resource) + demand(right, resource) == 2;
                        let long = left.start < left.end && right.start < right.end;
                        let apart = left.end <= right.start || right.end <= left.start;
                        note(kinds, "overlap", both && long && !apart);
                    }
                }
            }
            ResourceKind::Renewable(capacity) => {
                for it in placed {
                    let usage = usage_at(placed, resource, it.start);
                    note(kinds, "overuse", usage > i128::from(capacity.get()));
                }
            }
            ResourceKind::Consumable(capacity) => {
                let usage: i128 = placed.iter().map(|it| demand(it, resource)).sum();
                note(kinds, "overspending", usage > i128::from(capacity.get()));
            }
            ResourceKind::Reservoir(_) => unreachable!("plain problems have no reservoirs"),
        }
    }
}

fn cost(problem: &Problem, placed: &[Placed]) -> Option<Vec<i128>> {
    let mut levels = Vec::new();
    for data in problem.objective().levels() {
        let mut level = 0_i128;
        for term in &data.terms {
            let value = value(problem, placed, term.measure);
            level = level.checked_add(value.checked_mul(i128::from(term.weight))?)?;
        }
        if level >= 1 << 62 || level <= -(1 << 62) {
            return None;
        }
        levels.push(level);
    }
    Some(levels)
}

fn value(problem: &Problem, placed: &[Placed], measure: Measure) -> i128 {
    if measure == Measure::Makespan {
        return placed.iter().map(|it| it.end).max().unwrap_or(0);
    }
    let number = |time: Time| i128::from(time.get());
    let (mut total, mut most) = (0, None);
    for job in problem.jobs() {
        let data = problem.job(job);
        let of_job = |it: &&Placed| problem.tasks().nth(it.task).map(|id| problem.task(id).job);
        let tasks = placed.iter().filter(|it| of_job(it) == Some(Some(job)));
        let end = tasks.map(|it| it.end).max().unwrap_or(number(data.release));
        let weight = i128::from(data.weight);
        let late = data.due.map(|due| end - number(due));
        let found = match (measure, late) {
            (Measure::TotalFlowTime, _) => end - number(data.release),
            (Measure::WeightedFlowTime, _) => weight * (end - number(data.release)),
            (_, None) => continue,
            (Measure::MaxLateness, Some(late)) => late,
            (_, Some(..=0)) => 0,
            (Measure::WeightedTardiness, Some(late)) => weight * late,
            (Measure::NumberLate, _) => 1,
            (Measure::WeightedNumberLate, _) => weight,
            (_, Some(late)) => late,
        };
        total += found;
        most = Some(most.map_or(found, |most: i128| most.max(found)));
    }
    match measure {
        Measure::MaxLateness | Measure::MaxTardiness => most.unwrap_or(0),
        _ => total,
    }
}
