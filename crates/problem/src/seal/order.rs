//! The order of tasks by precedences, and cycles that contradict themselves.
//!
//! Least gaps alone form an acyclic graph in most problems: one pass settles those. Where they do
//! not, or where largest gaps pull back, each strongly connected part is searched for a cycle of
//! positive length, with the durations that make it shortest.
//!
//! **Source:** Kahn 1962; Tarjan 1972; longest paths in alternating sweeps: Yen 1970.

use crate::problem::Problem;
use crate::{PrecedenceKind, ProblemError, TaskId};
use ordine_base::{Id, IdVec, Ticks, Time};

/// `start(to) >= start(from) + distance`.
#[derive(Clone, Copy)]
struct Arc {
    from: TaskId,
    to: TaskId,
    distance: i128,
}

/// All tasks, each after its predecessors where least gaps are acyclic.
pub(super) fn topological_order(problem: &Problem) -> Result<Vec<TaskId>, ProblemError> {
    let mut waiting: IdVec<TaskId, usize> =
        problem.tasks().map(|task| problem.predecessors(task).len()).collect();
    let mut order: Vec<TaskId> = problem.tasks().filter(|&task| waiting[task] == 0).collect();
    let mut next = 0;
    while let Some(&task) = order.get(next) {
        next += 1;
        for link in problem.successors(task) {
            waiting[link.task] -= 1;
            if waiting[link.task] == 0 {
                order.push(link.task);
            }
        }
    }
    let acyclic = order.len() == problem.tasks().len();
    let pulls = problem.precedences().values().any(|it| it.lag_max.is_some());
    if acyclic && !pulls {
        return Ok(order);
    }
    let earliest = earliest_starts(problem)?;
    if !acyclic {
        order = problem.tasks().collect();
        order.sort_by_key(|&task| (earliest[task], task));
    }
    Ok(order)
}

fn arcs(problem: &Problem) -> Vec<Arc> {
    let mut arcs = Vec::new();
    for precedence in problem.precedences().values() {
        let (before, after) = (precedence.before, precedence.after);
        let optional = |task: TaskId| problem.task(task).optional;
        let settled = |task: TaskId| problem.task(task).status.is_done();
        if precedence.penalty.is_some() || optional(before) || optional(after) {
            continue;
        }
        if settled(before) && settled(after) {
            continue;
        }
        let (leaves, enters) = (precedence.kind.leaves_end(), precedence.kind.enters_start());
        let shortest = |task| elapsed_min(problem, task);
        let longest = |task| elapsed_max(problem, task);
        let forward = (if leaves { shortest(before) } else { 0 }).checked_sub(if enters {
            0
        } else {
            longest(after).unwrap_or(i128::MAX)
        });
        if let Some(distance) = forward.filter(|distance| *distance > -(1 << 100)) {
            let distance = distance + i128::from(precedence.lag.get());
            arcs.push(Arc { from: before, to: after, distance });
        }
        let Some(lag_max) = precedence.lag_max else { continue };
        let backward = (if enters { 0 } else { shortest(after) }).checked_sub(if leaves {
            longest(before).unwrap_or(i128::MAX)
        } else {
            0
        });
        if let Some(distance) = backward.filter(|distance| *distance > -(1 << 100)) {
            let distance = distance - i128::from(lag_max.get());
            arcs.push(Arc { from: after, to: before, distance });
        }
    }
    arcs
}

/// Least time from start to end, in any usable mode.
fn elapsed_min(problem: &Problem, task: TaskId) -> i128 {
    if problem.task(task).status.settled().is_some() {
        return 0;
    }
    let elapsed = |mode: &crate::ModeId| {
        let needs = problem.requirements(*mode).iter();
        let used = needs.filter_map(|need| problem.resource(need.resource).calendar);
        let fastest = used.map(|id| problem.calendar(id).percent_max()).min().unwrap_or(100);
        let work = i128::from(problem.mode(*mode).duration.get()) * 100;
        work / i128::from(fastest.max(1))
    };
    problem.usable_modes(task).iter().map(elapsed).min().unwrap_or(0)
}

/// Largest time from start to end, in any usable mode, where it is known.
fn elapsed_max(problem: &Problem, task: TaskId) -> Option<i128> {
    if problem.span_of(task).is_some() || problem.task(task).status.settled().is_some() {
        return None;
    }
    let stretches = |mode: &crate::ModeId| {
        let mut needs = problem.requirements(*mode).iter();
        needs.any(|need| {
            let resource = problem.resource(need.resource);
            resource.calendar.is_some() || resource.batching.is_some()
        })
    };
    let modes = problem.usable_modes(task);
    if modes.iter().any(stretches) {
        return None;
    }
    Some(i128::from(problem.duration_max(task).get()))
}

/// Longest paths from the origin, or the cycle that makes them infinite.
fn earliest_starts(problem: &Problem) -> Result<IdVec<TaskId, i128>, ProblemError> {
    let mut arcs = arcs(problem);
    let mut earliest: IdVec<TaskId, i128> = problem
        .tasks()
        .map(|task| i128::from((problem.release(task) - Time::ORIGIN).get()))
        .collect();
    let mut cause: IdVec<TaskId, Option<TaskId>> = IdVec::filled(earliest.len(), None);
    arcs.sort_by_key(|arc| (arc.from, arc.to));
    // A longest path without a cycle alternates at most once per task between ascending and
    // descending ids, and each round follows one ascent and one descent.
    for _ in 0..=problem.tasks().len() {
        let forward = relax(arcs.iter(), &mut earliest, &mut cause);
        let backward = relax(arcs.iter().rev(), &mut earliest, &mut cause);
        if forward.or(backward).is_none() {
            return Ok(earliest);
        }
        if let Some(tasks) = cause_cycle(problem, &cause) {
            return Err(ProblemError::Cycle { tasks });
        }
    }
    let tasks = cause_cycle(problem, &cause).unwrap_or_default();
    Err(ProblemError::Cycle { tasks })
}

fn relax<'a>(
    arcs: impl Iterator<Item = &'a Arc>,
    earliest: &mut IdVec<TaskId, i128>,
    cause: &mut IdVec<TaskId, Option<TaskId>>,
) -> Option<TaskId> {
    let mut changed = None;
    for arc in arcs {
        let reached = earliest[arc.from] + arc.distance;
        if reached > earliest[arc.to] {
            earliest[arc.to] = reached;
            cause[arc.to] = Some(arc.from);
            changed = Some(arc.to);
        }
    }
    changed
}

/// A cycle among the causes, which exists exactly when some cycle is positive and was walked.
fn cause_cycle(problem: &Problem, cause: &IdVec<TaskId, Option<TaskId>>) -> Option<Vec<String>> {
    let mut seen_by: IdVec<TaskId, Option<TaskId>> = IdVec::filled(cause.len(), None);
    for first in problem.tasks() {
        let mut task = first;
        loop {
            if let Some(seeker) = seen_by[task] {
                if seeker == first {
                    return Some(cycle_through(problem, cause, task));
                }
                break;
            }
            seen_by[task] = Some(first);
            match cause[task] {
                Some(before) => task = before,
                None => break,
            }
        }
    }
    None
}

fn cycle_through(
    problem: &Problem,
    cause: &IdVec<TaskId, Option<TaskId>>,
    member: TaskId,
) -> Vec<String> {
    let mut cycle = vec![member];
    let mut task = cause[member].expect("a member of a cycle has a cause");
    while task != member {
        cycle.push(task);
        task = cause[task].expect("a member of a cycle has a cause");
    }
    cycle.reverse();
    let least = (0..cycle.len()).min_by_key(|&place| cycle[place].index());
    cycle.rotate_left(least.expect("a cycle has tasks"));
    cycle.push(cycle[0]);
    cycle.into_iter().map(|task| problem.task(task).name.clone()).collect()
}

/// Whether least gaps alone form a cycle, or some precedence has a largest gap.
pub(super) fn pulls_back(problem: &Problem) -> bool {
    let position: IdVec<TaskId, usize> = {
        let mut position = IdVec::filled(problem.tasks().len(), 0);
        for (place, &task) in problem.topological_order().iter().enumerate() {
            position[task] = place;
        }
        position
    };
    problem.precedences().values().any(|it| {
        it.penalty.is_none() && (it.lag_max.is_some() || position[it.before] >= position[it.after])
    })
}

/// Whether a precedence says that `after` starts when `before` has ended, or later.
pub(super) fn is_end_to_start(precedence: &crate::Precedence) -> bool {
    precedence.kind == PrecedenceKind::EndToStart
        && precedence.lag >= Ticks::ZERO
        && precedence.penalty.is_none()
}
