//! Rules about the time windows and the forbidden times of single tasks that are not done.
//!
//! The start of a task under way is a fact: only its end and what lies ahead of it are judged.
//! Windows include their ends; forbidden times are half-open. O(tasks + forbidden times).
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use ordine_base::{Interval, Time};
use ordine_problem::{Placement, Point};

/// `start >= earliest start` and `end >= earliest end`.
pub(crate) fn too_early(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, end, .. }) in case.placed_and_open() {
        let data = case.problem.task(task);
        let points =
            [(Point::Start, start, data.earliest_start), (Point::End, end, data.earliest_end)];
        let points = points.into_iter().skip(usize::from(case.begun[task]));
        for (point, time, earliest) in points {
            // That at the origin says nothing that other rules do not say.
            if earliest > Time::ORIGIN && time < earliest {
                violations.push(Violation::TooEarly { task, point, time, earliest });
            }
        }
    }
}

/// `start <= latest start` and `end <= latest end`.
pub(crate) fn too_late(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, end, .. }) in case.placed_and_open() {
        let data = case.problem.task(task);
        let points = [(Point::Start, start, data.latest_start), (Point::End, end, data.latest_end)];
        for (point, time, latest) in points.into_iter().skip(usize::from(case.begun[task])) {
            if let Some(latest) = latest.filter(|&latest| time > latest) {
                violations.push(Violation::TooLate { task, point, time, latest });
            }
        }
    }
}

/// The start lies in no forbidden time.
pub(crate) fn forbidden_start(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, .. }) in case.placed_and_ahead() {
        let around = |it: &Interval| it.start <= start && start < it.end;
        let forbidden = first(&case.problem.task(task).forbidden_starts, around);
        let violation = |forbidden| Violation::ForbiddenStart { task, start, forbidden };
        violations.extend(forbidden.map(violation));
    }
}

/// The end lies in no forbidden time.
pub(crate) fn forbidden_end(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { end, .. }) in case.placed_and_open() {
        let around = |it: &Interval| it.start <= end && end < it.end;
        let forbidden = first(&case.problem.task(task).forbidden_ends, around);
        let violation = |forbidden| Violation::ForbiddenEnd { task, end, forbidden };
        violations.extend(forbidden.map(violation));
    }
}

/// No instant of `[start, end)` lies in a forbidden time; nor the start of a task without length.
/// For a task under way only those count that begin after its start, at the present or later.
pub(crate) fn forbidden_extent(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (task, Placement { start, end, .. }) in case.placed_and_open() {
        let now = case.problem.now();
        let is_past = |it: &Interval| case.begun[task] && (it.start <= start || it.start < now);
        let reaches = |it: &Interval| match start < end {
            _ if is_past(it) => false,
            true => it.start < end && start < it.end,
            false => it.start <= start && start < it.end,
        };
        let forbidden = first(&case.problem.task(task).forbidden_extents, reaches);
        let violation = |forbidden| Violation::ForbiddenExtent { task, start, end, forbidden };
        violations.extend(forbidden.map(violation));
    }
}

/// The earliest of those that are hit.
fn first(intervals: &[Interval], is_hit: impl Fn(&Interval) -> bool) -> Option<Interval> {
    intervals.iter().copied().filter(is_hit).min()
}
