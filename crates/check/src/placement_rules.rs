//! Rules about where single tasks stand: placed at all, in which mode, within which times.
//!
//! O(tasks + modes).
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use ordine_base::Time;
use ordine_problem::{Placement, Problem, Status, TaskId};

/// The schedule speaks of as many tasks as the problem.
pub(crate) fn task_count(case: &Case<'_>, violations: &mut Vec<Violation>) {
    let (expected, found) = (case.problem.tasks().len(), case.schedule.len());
    if expected != found {
        violations.push(Violation::TaskCount { expected, found });
    }
}

/// Every task that the schedule speaks of and that is not optional is placed.
pub(crate) fn unplaced(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for task in case.problem.tasks().take(case.schedule.len()) {
        if case.schedule.placement(task).is_none() && !case.problem.task(task).optional {
            violations.push(Violation::Unplaced { task });
        }
    }
}

/// The mode is one of the task's own.
pub(crate) fn foreign_mode(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, placement) in case.placed() {
        if !case.is_own_mode(task, placement) {
            violations.push(Violation::ForeignMode { task, mode: placement.mode });
        }
    }
}

/// What is done, running or frozen is placed so; when it is not optional and not placed at all,
/// that is the business of [`unplaced`].
pub(crate) fn unsettled(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for task in case.problem.tasks().take(case.schedule.len()) {
        let found = case.schedule.placement(task);
        let is_settled = match found {
            Some(placement) => is_as_settled(case.problem, task, placement),
            None => {
                let data = case.problem.task(task);
                data.status == Status::Free || !data.optional
            }
        };
        if !is_settled {
            violations.push(Violation::Unsettled { task, found });
        }
    }
}

/// Whether the placement is what the status of the task says.
pub(crate) fn is_as_settled(problem: &Problem, task: TaskId, placement: Placement) -> bool {
    let stands = |mode: u32, start| {
        let own = problem.numbered_mode(task, mode as usize);
        own == Some(placement.mode) && start == placement.start
    };
    match problem.task(task).status {
        Status::Free => true,
        Status::Done { mode, start, end } => stands(mode, start) && end == placement.end,
        Status::Running { mode, start, .. } | Status::Frozen { mode, start } => stands(mode, start),
    }
}

/// `start >= origin`.
pub(crate) fn before_origin(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, .. }) in case.placed() {
        if start < Time::ORIGIN {
            violations.push(Violation::BeforeOrigin { task, start });
        }
    }
}

/// `start >= now` for what is free; a task that spans others starts with them, whenever that was.
pub(crate) fn before_now(case: &Case<'_>, violations: &mut Vec<Violation>) {
    let now = case.problem.now();
    for (task, Placement { start, .. }) in case.placed() {
        let is_free = case.problem.task(task).status == Status::Free;
        let spans = case.problem.span_of(task).is_some();
        if now > Time::ORIGIN && is_free && !spans && start < now {
            violations.push(Violation::BeforeNow { task, start, now });
        }
    }
}

/// `start >= release` of the job for what has not begun; a release at the origin is the business of
/// [`before_origin`].
pub(crate) fn before_release(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, .. }) in case.placed_and_ahead() {
        let Some(job) = case.problem.task(task).job else { continue };
        let release = case.problem.job(job).release;
        if release > Time::ORIGIN && start < release {
            violations.push(Violation::BeforeRelease { task, job, start, release });
        }
    }
}

/// `end <= deadline` of the job.
pub(crate) fn after_deadline(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { end, .. }) in case.placed_and_open() {
        let Some(job) = case.problem.task(task).job else { continue };
        let Some(deadline) = case.problem.job(job).deadline else { continue };
        if end > deadline {
            violations.push(Violation::AfterDeadline { task, job, end, deadline });
        }
    }
}

/// `start` and `end` are at most the largest time.
pub(crate) fn time_too_large(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, end, .. }) in case.placed() {
        let time = start.max(end);
        if time > Time::MAX {
            violations.push(Violation::TimeTooLarge { task, time });
        }
    }
}
