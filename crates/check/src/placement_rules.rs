//! Rules about single tasks and about pairs of tasks that a precedence joins.
//!
//! Times are compared as `i128`, so that no sum of two of them can overflow. O(tasks + modes +
//! precedences).
//!
//! **Source:** semantics of the sealed problem.

use crate::Violation;
use crate::judge::Case;
use ordine_base::Time;
use ordine_problem::{Placement, PrecedenceKind};

fn wide(time: Time) -> i128 {
    i128::from(time.get())
}

/// The schedule speaks of as many tasks as the problem.
pub(crate) fn task_count(case: &Case<'_>, violations: &mut Vec<Violation>) {
    let (expected, found) = (case.problem.tasks().len(), case.schedule.len());
    if expected != found {
        violations.push(Violation::TaskCount { expected, found });
    }
}

/// Every task that the schedule speaks of is placed.
pub(crate) fn unplaced(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for task in case.problem.tasks().take(case.schedule.len()) {
        if case.schedule.placement(task).is_none() {
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

/// `start >= origin`.
pub(crate) fn before_origin(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, .. }) in case.placed() {
        if start < Time::ORIGIN {
            violations.push(Violation::BeforeOrigin { task, start });
        }
    }
}

/// `end = start + duration`.
pub(crate) fn wrong_end(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { mode, start, end }) in case.placed_in_own_mode() {
        let duration = case.problem.mode(mode).duration;
        if wide(start) + i128::from(duration.get()) != wide(end) {
            violations.push(Violation::WrongEnd { task, start, end, duration });
        }
    }
}

/// `start >= release` of the job; a release at the origin is the business of [`before_origin`].
pub(crate) fn before_release(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, .. }) in case.placed() {
        let Some(job) = case.problem.task(task).job else { continue };
        let release = case.problem.job(job).release;
        if release > Time::ORIGIN && start < release {
            violations.push(Violation::BeforeRelease { task, job, start, release });
        }
    }
}

/// `end <= deadline` of the job.
pub(crate) fn after_deadline(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { end, .. }) in case.placed() {
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

/// `point(before) + lag <= point(after)`.
pub(crate) fn precedence(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (precedence, data) in case.problem.precedences().iter() {
        let placements =
            (case.schedule.placement(data.before), case.schedule.placement(data.after));
        let (Some(before), Some(after)) = placements else { continue };
        let (before, after) = match data.kind {
            PrecedenceKind::EndToStart => (before.end, after.start),
            PrecedenceKind::StartToStart => (before.start, after.start),
            PrecedenceKind::EndToEnd => (before.end, after.end),
            PrecedenceKind::StartToEnd => (before.start, after.end),
        };
        if wide(before) + i128::from(data.lag.get()) > wide(after) {
            violations.push(Violation::Precedence { precedence, before, after });
        }
    }
}
