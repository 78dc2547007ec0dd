//! Rules about working time: tasks end when their work is done, and respect breaks.
//!
//! A task ends at the earliest t by which the rate of its mode, summed over [start, t), reaches its
//! work; without calendars that is its start plus its duration. Of a running task only what remains
//! counts, from the present on and across all breaks. The tasks of a batch, those that start and
//! end together on a machine with batches, have one work: that of the longest, or of all; with a
//! running task among them it counts from the present on. Tasks that are done ended when they did,
//! and tasks that span others have no work. O(requirements) and the shifts worked through.
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use crate::shifts::Shifts;
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{BatchKind, Batching, Placement, ResourceId, Shift, Status, TaskId};
use std::collections::BTreeMap;

/// When the work of a task is done.
#[derive(Clone, Copy)]
pub(crate) struct Ending {
    work: i128,
    /// `None` when never, or beyond all times.
    pub(crate) expected: Option<Time>,
}

/// Work, and whether it counts from the present on.
#[derive(Clone, Copy)]
struct Work {
    amount: i128,
    is_under_way: bool,
}

/// Tasks with length on one machine that start and end together.
type Batch = (ResourceId, Time, Time);

/// When each task is done, where that is judged.
pub(crate) fn endings(case: &Case<'_>) -> IdVec<TaskId, Option<Ending>> {
    let mut batches: BTreeMap<Batch, Work> = BTreeMap::new();
    for (task, placement) in case.placed_in_own_mode() {
        let Some((batch, batching)) = batch(case, placement) else { continue };
        let Some(work) = own_work(case, task, placement) else { continue };
        let together = batches.get(&batch).map_or(work, |&so_far| both(batching, so_far, work));
        batches.insert(batch, together);
    }
    let mut endings = IdVec::filled(case.problem.tasks().len(), None);
    for (task, placement) in case.placed_in_own_mode() {
        let Some(own) = own_work(case, task, placement) else { continue };
        let of_batch = batch(case, placement).and_then(|(batch, _)| batches.get(&batch));
        endings[task] = match is_instant(case, placement, own) {
            true => Some(Ending { work: 0, expected: Some(placement.start) }),
            false => ending(case, placement, of_batch.copied().unwrap_or(own)),
        };
    }
    endings
}

/// Work of a task that is not over and spans nothing.
fn own_work(case: &Case<'_>, task: TaskId, placement: Placement) -> Option<Work> {
    if case.problem.span_of(task).is_some() {
        return None;
    }
    let duration = case.problem.mode(placement.mode).duration;
    let (amount, is_under_way) = match case.problem.task(task).status {
        Status::Done { .. } => return None,
        Status::Running { remaining, .. } => (remaining, true),
        Status::Free | Status::Frozen { .. } => (duration, false),
    };
    Some(Work { amount: i128::from(amount.get()), is_under_way })
}

fn batch(case: &Case<'_>, placement: Placement) -> Option<(Batch, Batching)> {
    let Placement { mode, start, end } = placement;
    let mut needs = case.problem.requirements(mode).iter().map(|need| need.resource);
    let batching = |machine| Some((machine, case.problem.resource(machine).batching?));
    let (machine, batching) = needs.find_map(batching)?;
    (start < end).then_some(((machine, start, end), batching))
}

fn both(batching: Batching, left: Work, right: Work) -> Work {
    let amount = match batching.kind {
        BatchKind::Parallel => left.amount.max(right.amount),
        BatchKind::Serial => left.amount + right.amount,
    };
    Work { amount, is_under_way: left.is_under_way || right.is_under_way }
}

/// A mode without duration ends where it starts, whatever the calendars and others say.
fn is_instant(case: &Case<'_>, placement: Placement, own: Work) -> bool {
    case.problem.mode(placement.mode).duration == Ticks::ZERO && !own.is_under_way
}

/// Whether calendars know the time; where a task that starts is not, other rules report it.
fn is_in_range(time: Time) -> bool {
    (Time::ORIGIN..=Time::MAX).contains(&time)
}

fn ending(case: &Case<'_>, placement: Placement, work: Work) -> Option<Ending> {
    let from = if work.is_under_way { case.problem.now() } else { placement.start };
    let shifts = Shifts::of(case.problem, placement.mode);
    let expected = match shifts.are_none() {
        true => {
            let end = i128::from(from.get()) + work.amount;
            i64::try_from(end).ok().map(Time::new)
        }
        false if is_in_range(from) => shifts.finish(from, 100 * work.amount),
        false => return None,
    };
    Some(Ending { work: work.amount, expected })
}

/// `end` is the earliest time by which the work is done.
pub(crate) fn wrong_end(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, end, .. }) in case.placed_in_own_mode() {
        let Some(Ending { work, expected }) = case.endings[task] else { continue };
        if expected != Some(end) {
            let duration = Ticks::new(i64::try_from(work).unwrap_or(i64::MAX));
            violations.push(Violation::WrongEnd { task, start, end, duration, expected });
        }
    }
}

/// The start lies in working time, and no break between start and end is one that the task does
/// not reach across. What runs started when it did, and reaches across all.
pub(crate) fn in_break(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, placement) in case.placed_in_own_mode() {
        let Some(own) = own_work(case, task, placement) else { continue };
        if own.is_under_way || is_instant(case, placement, own) || !is_in_range(placement.start) {
            continue;
        }
        let Placement { mode, start, end } = placement;
        let shifts = Shifts::of(case.problem, mode);
        let time = match shifts.at(start) {
            Shift::Open(_) => {
                let end = end.min(Time::MAX);
                shifts.first_break(start, end, case.problem.task(task).breaks)
            }
            Shift::Closed | Shift::Paused => Some(start),
        };
        violations.extend(time.map(|time| Violation::InBreak { task, start, time }));
    }
}
