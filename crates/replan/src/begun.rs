//! Where tasks stand that are done or running.
//!
//! What runs on a batching machine since the same time is one batch, and ends as one. O(tasks +
//! requirements).
//!
//! **Source:** decision record 0004.

use crate::downtime::Downtime;
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{Batching, ModeId, Placement, Problem, ResourceId, Status, TaskId};
use std::collections::BTreeMap;

/// The batching machine of a mode.
pub(crate) fn batching(problem: &Problem, mode: ModeId) -> Option<(ResourceId, Batching)> {
    let mut needs = problem.requirements(mode).iter().map(|need| need.resource);
    needs.find_map(|id| Some((id, problem.resource(id).batching?)))
}

/// Mode, start and remaining work of a running task.
fn running(problem: &Problem, task: TaskId, status: Status) -> Option<(ModeId, Time, Ticks)> {
    let Status::Running { mode, start, remaining } = status else { return None };
    Some((problem.numbered_mode(task, mode as usize)?, start, remaining))
}

/// The placements of all tasks that are done or running.
pub(crate) fn begun_placements(
    problem: &Problem,
    downtime: &Downtime,
    now: Time,
    statuses: &IdVec<TaskId, Status>,
) -> IdVec<TaskId, Option<Placement>> {
    let mut batches: BTreeMap<(ResourceId, Time), Ticks> = BTreeMap::new();
    for (task, status) in statuses.iter() {
        let Some((mode, start, remaining)) = running(problem, task, *status) else { continue };
        if let Some((machine, _)) = batching(problem, mode) {
            let work = batches.entry((machine, start)).or_insert(Ticks::ZERO);
            *work = problem.resource(machine).batch_length(*work, remaining);
        }
    }
    let placement = |(task, status): (TaskId, &Status)| match *status {
        Status::Done { mode, start, end } => {
            Some(Placement { mode: problem.numbered_mode(task, mode as usize)?, start, end })
        }
        _ => {
            let (mode, start, remaining) = running(problem, task, *status)?;
            let of_batch =
                batching(problem, mode).and_then(|(machine, _)| batches.get(&(machine, start)));
            let work = of_batch.copied().unwrap_or(remaining);
            let end = downtime.work_time(problem, mode).finish(now, work)?;
            Some(Placement { mode, start, end })
        }
    };
    statuses.iter().map(placement).collect()
}
