//! Contradictions that need no search: there is no schedule, and these constraints say why.
//!
//! * a task that can never run, or that has begun (or is frozen) and can never be done;
//! * time windows: a point of a task whose earliest time, carried along precedences, durations and
//!   spans, lies after its latest; O(sweeps × precedences), at most [`SWEEPS`] sweeps;
//! * energy: on a resource of capacity c, tasks within [r, d) that need more than c (d − r) of it,
//!   or that exclude one another (demand above c / 2) and take longer than d − r; about
//!   [`PAIRS_MAX`] pairs of r and d;
//! * consumables of which mandatory tasks take more than there is.
//!
//! Only tasks that must be present count, each in the mode that asks for least.
//!
//! **Source:** time windows: Kelley 1961; energy of task intervals: Erschler, Lopez 1990.

mod windows;

use super::{least_elapsed, least_of_mode};
use crate::ConstraintId;
use ordine_base::{Id, Ticks};
use ordine_problem::{Problem, ResourceId, ResourceKind, Status, TaskId, WorkTime};
use std::collections::BTreeSet;
use windows::Windows;

/// Sweeps over all precedences; fewer settle all windows but those of long cycles.
const SWEEPS: usize = 24;

/// Most pairs of an earliest start and a latest end that all resources together look at.
const PAIRS_MAX: usize = 20_000_000;

/// Constraints that cannot hold together, if some are found without search; ascending.
pub fn contradiction(problem: &Problem) -> Option<Vec<ConstraintId>> {
    let found = impossible_tasks(problem)
        .or_else(|| never_done(problem))
        .or_else(|| overspent(problem))
        .or_else(|| late_or_crowded(problem))?;
    Some(found.into_iter().collect())
}

fn impossible_tasks(problem: &Problem) -> Option<BTreeSet<ConstraintId>> {
    let modes = problem.impossible_modes().iter();
    let found = modes.map(|it| match it.resource {
        Some(resource) => ConstraintId::Demand(it.mode, resource),
        None => ConstraintId::WorkingTime(it.mode),
    });
    Some(found.collect()).filter(|found: &BTreeSet<_>| !found.is_empty())
}

/// A task that is under way or frozen, and whose resources never work so long again.
fn never_done(problem: &Problem) -> Option<BTreeSet<ConstraintId>> {
    let never = problem.tasks().find_map(|task| {
        let data = problem.task(task);
        let mode = problem.usable_modes(task)[0];
        let work = WorkTime::of(problem, mode);
        let end = match data.status {
            Status::Running { remaining, .. } => work.finish(problem.now(), remaining),
            Status::Frozen { start, .. } if problem.span_of(task).is_none() => {
                work.end(start, problem.mode(mode).duration, data.breaks)
            }
            _ => return None,
        };
        end.is_none().then_some((task, mode))
    });
    let (task, mode) = never?;
    let used = problem.requirements(mode).iter().map(|need| need.resource);
    let bound = used.filter(|&id| {
        let resource = problem.resource(id);
        resource.comes_back() && resource.calendar.is_some()
    });
    Some(bound.map(ConstraintId::Calendar).chain([ConstraintId::Status(task)]).collect())
}

/// Tasks that must be present.
fn mandatory(problem: &Problem) -> impl Iterator<Item = TaskId> {
    problem.tasks().filter(|&task| !problem.task(task).optional)
}

fn overspent(problem: &Problem) -> Option<BTreeSet<ConstraintId>> {
    let consumables = problem
        .resources()
        .filter(|&id| matches!(problem.resource(id).kind, ResourceKind::Consumable(_)));
    let needed = |task: TaskId, id: ResourceId| -> i64 {
        let modes = problem.usable_modes(task).iter();
        let demand = |mode| {
            let needs = problem.requirements(mode).iter();
            needs.filter(|need| need.resource == id).map(|need| need.demand.get()).sum::<i64>()
        };
        modes.map(|&mode| demand(mode)).min().unwrap_or(0)
    };
    let is_open = |task: &TaskId| !problem.task(*task).status.is_done();
    for id in consumables {
        let total: i64 = mandatory(problem).map(|task| needed(task, id)).sum();
        let asked = mandatory(problem).filter(is_open).any(|task| needed(task, id) > 0);
        if asked && total > problem.resource(id).capacity().get() {
            return Some(BTreeSet::from([ConstraintId::Capacity(id)]));
        }
    }
    None
}

fn late_or_crowded(problem: &Problem) -> Option<BTreeSet<ConstraintId>> {
    let mut windows = Windows::new(problem)?;
    if let Some(late) = windows.propagate(SWEEPS) {
        return Some(late);
    }
    let resources: Vec<ResourceId> =
        problem.resources().filter(|&id| is_limited(problem, id)).collect();
    let pairs_max = PAIRS_MAX / (2 * resources.len()).max(1);
    let by_resource = uses(problem, &windows);
    for id in resources {
        let uses = &by_resource[id.index()];
        let capacity = problem.resource(id).capacity().get();
        let exclusive = uses.iter().filter(|it| 2 * it.demand > capacity);
        let one_by_one: Vec<Use> = exclusive.map(|it| Use { energy: it.length, ..*it }).collect();
        let sides = [(uses, i128::from(capacity)), (&one_by_one, 1)];
        for (uses, capacity) in sides {
            if let Some((from, until)) = overload(uses, capacity, pairs_max) {
                let inside = uses.iter().filter(|it| it.fits(from, until));
                let mut core = BTreeSet::from([ConstraintId::Capacity(id)]);
                inside.for_each(|it| windows.explain(it.task, &mut core));
                return Some(core);
            }
        }
    }
    None
}

/// Whether more than its capacity is never allowed on a resource that comes back.
fn is_limited(problem: &Problem, id: ResourceId) -> bool {
    let data = problem.resource(id);
    data.comes_back() && data.overuse_penalty.is_none() && data.batching.is_none()
}

/// What a task takes of a resource at least, wherever it stands in its window.
#[derive(Clone, Copy)]
struct Use {
    task: TaskId,
    /// Earliest start of it that is still ahead.
    from: i64,
    /// Latest end.
    until: i64,
    demand: i64,
    length: i128,
    energy: i128,
}

impl Use {
    fn fits(&self, from: i64, until: i64) -> bool {
        self.from >= from && self.until <= until
    }

    /// What is least of both.
    fn least(self, other: Use) -> Use {
        Use {
            demand: self.demand.min(other.demand),
            length: self.length.min(other.length),
            energy: self.energy.min(other.energy),
            ..self
        }
    }
}

/// By resource, the uses with a latest end.
fn uses(problem: &Problem, windows: &Windows<'_>) -> Vec<Vec<Use>> {
    let mut uses: Vec<Vec<Use>> = problem.resources().map(|_| Vec::new()).collect();
    for task in mandatory(problem).filter(|&task| problem.span_of(task).is_none()) {
        let status = problem.task(task).status;
        let until = windows.latest_end(task).filter(|_| !status.is_done());
        let Some(until) = until else { continue };
        let earliest = windows.earliest_start(task);
        let is_running = matches!(status, Status::Running { .. });
        let from = if is_running { earliest.max(problem.now().get()) } else { earliest };
        // By resource, how many modes need it, and the least that they take.
        let mut least: Vec<(ResourceId, usize, Use)> = Vec::new();
        for &mode in problem.usable_modes(task) {
            let length = match is_running {
                true => least_left(problem, task),
                false => least_of_mode(problem, mode),
            };
            let length = i128::from(length.get().max(0));
            for need in problem.requirements(mode) {
                let demand = need.demand.get();
                let energy = i128::from(demand) * length;
                let here = Use { task, from, until, demand, length, energy };
                match least.iter_mut().find(|it| it.0 == need.resource) {
                    Some(known) => *known = (known.0, known.1 + 1, known.2.least(here)),
                    None => least.push((need.resource, 1, here)),
                }
            }
        }
        let everywhere = problem.usable_modes(task).len();
        for (resource, _, here) in least.into_iter().filter(|it| it.1 == everywhere) {
            uses[resource.index()].push(here);
        }
    }
    uses
}

/// Least time that a running task goes on from the present.
fn least_left(problem: &Problem, task: TaskId) -> Ticks {
    let Some((_, start)) = problem.task(task).status.settled() else { return Ticks::ZERO };
    least_elapsed(problem, task) - (problem.now() - start).positive_part()
}

/// A stretch of time in which more must be done than the capacity allows.
fn overload(uses: &[Use], capacity: i128, pairs_max: usize) -> Option<(i64, i64)> {
    let mut by_end: Vec<&Use> = uses.iter().collect();
    by_end.sort_by_key(|it| it.until);
    let mut starts: Vec<i64> = uses.iter().map(|it| it.from).collect();
    starts.sort_unstable_by(|one, other| other.cmp(one));
    starts.dedup();
    let stride = (starts.len() * by_end.len()).div_ceil(pairs_max.max(1)).max(1);
    for &from in starts.iter().step_by(stride) {
        let mut energy = 0;
        for it in by_end.iter().filter(|it| it.from >= from) {
            energy += it.energy;
            if energy > capacity * i128::from(it.until - from) {
                return Some((from, it.until));
            }
        }
    }
    None
}
