//! When resources do not work, or not at full speed, as far as a chart can show it.
//!
//! A calendar that changes more often than [`CHANGES_MAX`] times in what is shown is left out: it
//! would be a gray area. O(changes).
//!
//! **Source:** -

use crate::scene::{Break, BreakKind};
use ordine_base::{IdVec, Interval};
use ordine_problem::{Calendar, ModeId, Problem, ResourceId, Shift};

/// Most changes of a calendar that are shown.
const CHANGES_MAX: usize = 1_000;

/// Breaks of all resources.
pub(super) struct Shutdowns {
    by_resource: IdVec<ResourceId, Vec<Break>>,
}

impl Shutdowns {
    /// Those that begin or end within `span`.
    pub(super) fn within(problem: &Problem, span: Interval) -> Self {
        let of = |resource| match problem.resource(resource).calendar {
            Some(calendar) => breaks(problem.calendar(calendar), span),
            None => Vec::new(),
        };
        Shutdowns { by_resource: problem.resources().map(of).collect() }
    }

    /// Breaks of one resource, by time.
    pub(super) fn of(&self, resource: ResourceId) -> &[Break] {
        &self.by_resource[resource]
    }

    /// When a task of this mode rests within `interval`, by time.
    pub(super) fn pauses(
        &self,
        problem: &Problem,
        mode: ModeId,
        interval: Interval,
    ) -> Vec<Interval> {
        let mut rests: Vec<Interval> = Vec::new();
        for need in problem.requirements(mode) {
            let breaks = self.of(need.resource);
            let first = breaks.partition_point(|it| it.interval.end <= interval.start);
            let inside = breaks[first..].iter().take_while(|it| it.interval.start < interval.end);
            let rest = |it: &Break| {
                let (start, end) = (it.interval.start, it.interval.end);
                Interval::new(start.max(interval.start), end.min(interval.end))
            };
            let is_rest = |it: &&Break| !matches!(it.kind, BreakKind::Speed(_));
            rests.extend(inside.filter(is_rest).map(rest));
        }
        united(rests)
    }
}

/// The same instants in as few intervals as possible, by time.
fn united(mut parts: Vec<Interval>) -> Vec<Interval> {
    parts.sort_unstable();
    let mut united: Vec<Interval> = Vec::new();
    for part in parts {
        match united.last_mut().filter(|last| part.start <= last.end) {
            Some(last) => last.end = last.end.max(part.end),
            None => united.push(part),
        }
    }
    united
}

fn breaks(calendar: &Calendar, span: Interval) -> Vec<Break> {
    let mut found: Vec<Break> = Vec::new();
    let mut time = span.start;
    for _ in 0..CHANGES_MAX {
        let until = calendar.next_change(time).map_or(span.end, |until| until.min(span.end));
        if let Some(kind) = kind(calendar.at(time)) {
            let joins = |last: &&mut Break| last.kind == kind && last.interval.end == time;
            match found.last_mut().filter(joins) {
                Some(last) => last.interval.end = until,
                None => found.push(Break { interval: Interval::new(time, until), kind }),
            }
        }
        if until >= span.end {
            return found;
        }
        time = until;
    }
    Vec::new()
}

fn kind(shift: Shift) -> Option<BreakKind> {
    match shift {
        Shift::Closed => Some(BreakKind::Closed),
        Shift::Paused => Some(BreakKind::Paused),
        Shift::Open(100) => None,
        Shift::Open(percent) => Some(BreakKind::Speed(percent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::{Ticks, Time};

    #[test]
    fn shifts_become_breaks_and_too_many_become_none() {
        let step = |time, shift| (Time::new(time), shift);
        let steps = vec![step(4, Shift::Paused), step(5, Shift::Open(50)), step(8, Shift::Closed)];
        let period = Some(Ticks::new(10));
        let day = Calendar { steps, period, ..Calendar::always("day") };
        let span = |end| Interval::new(Time::new(3), Time::new(end));
        let kinds: Vec<(i64, i64, BreakKind)> = breaks(&day, span(14))
            .iter()
            .map(|it| (it.interval.start.get(), it.interval.end.get(), it.kind))
            .collect();
        let expected =
            [(4, 5, BreakKind::Paused), (5, 8, BreakKind::Speed(50)), (8, 10, BreakKind::Closed)];
        assert_eq!(kinds, expected);
        assert!(breaks(&day, span(1 << 40)).is_empty());
    }

    #[test]
    fn overlapping_rests_are_united() {
        let part = |start, end| Interval::new(Time::new(start), Time::new(end));
        assert_eq!(united(vec![part(5, 9), part(0, 2), part(2, 3), part(6, 7)]).len(), 2);
    }
}
