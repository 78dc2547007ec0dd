//! Working time of a mode: where its resources work together, and when a task ends.
//!
//! The rate at a time is the least percentage over the calendars of the mode's machines and
//! renewables, 0 in a break of any of them. A task of work w that starts at s ends at the earliest
//! t with `Σ rate over [s, t) >= 100 w`. O(log steps) per stretch of equal rate.
//!
//! **Source:** intensity of CP Optimizer (Laborie et al. 2018); decision record 0004.

use crate::{BreakPolicy, Calendar, ModeId, Problem, Shift};
use ordine_base::{Interval, Ticks, Time};

/// Most stretches that a search for working time looks at before it gives up.
const STRETCHES_MAX: usize = 200_000;

/// The calendars that bind one mode.
#[derive(Clone, Debug)]
pub struct WorkTime<'a> {
    calendars: Vec<&'a Calendar>,
}

/// A stretch of time with one shift.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    shift: Shift,
    /// Where it ends; never when the shift lasts.
    until: Option<Time>,
}

impl<'a> WorkTime<'a> {
    /// Working time of a mode of `problem`.
    pub fn of(problem: &'a Problem, mode: ModeId) -> Self {
        let resources =
            problem.requirements(mode).iter().map(|need| problem.resource(need.resource));
        let used = resources.filter(|resource| resource.comes_back());
        let mut ids: Vec<_> = used.filter_map(|resource| resource.calendar).collect();
        ids.sort_unstable();
        ids.dedup();
        WorkTime { calendars: ids.into_iter().map(|id| problem.calendar(id)).collect() }
    }

    /// Working time under these calendars.
    pub fn under(calendars: Vec<&'a Calendar>) -> Self {
        WorkTime { calendars }
    }

    /// Whether no calendar binds it.
    pub fn is_free(&self) -> bool {
        self.calendars.is_empty()
    }

    fn stretch(&self, time: Time) -> Stretch {
        let mut stretch = Stretch { shift: Shift::FULL, until: None };
        let mut first = true;
        for calendar in &self.calendars {
            let shift = calendar.at(time);
            stretch.shift = if first { shift } else { stretch.shift.min(shift) };
            first = false;
            let change = calendar.next_change(time);
            stretch.until = match (stretch.until, change) {
                (Some(left), Some(right)) => Some(left.min(right)),
                (left, right) => left.or(right),
            };
        }
        stretch
    }

    /// End of `work` that starts at exactly `start`; `None` when it may not start there, a break
    /// comes that the policy does not span, or the work is never done.
    pub fn end(&self, start: Time, work: Ticks, policy: BreakPolicy) -> Option<Time> {
        self.walk(start, work, policy).ok()
    }

    /// Earliest start from `from` on at which `work` can be done, with its end; `None` when there
    /// is none.
    pub fn earliest(&self, from: Time, work: Ticks, policy: BreakPolicy) -> Option<(Time, Time)> {
        let mut start = from;
        for _ in 0..STRETCHES_MAX {
            match self.walk(start, work, policy) {
                Ok(end) => return Some((start, end)),
                Err(None) => return None,
                Err(Some(later)) => start = later,
            }
        }
        None
    }

    /// Earliest time by which `work` is done when its task is under way at `from`, be it in a
    /// break; `None` when it is never done.
    pub fn finish(&self, from: Time, work: Ticks) -> Option<Time> {
        let stretch = self.stretch(from);
        let is_break = stretch.shift.percent() == 0 && work > Ticks::ZERO;
        let from = if is_break { stretch.until? } else { from };
        let (_, end) = self.earliest(from, work, BreakPolicy::Pause)?;
        Some(end)
    }

    /// The end, or where to try next, if anywhere.
    fn walk(&self, start: Time, work: Ticks, policy: BreakPolicy) -> Result<Time, Option<Time>> {
        if self.calendars.is_empty() || work == Ticks::ZERO {
            return Ok(start + work);
        }
        let mut missing = i128::from(work.get()) * 100;
        let mut time = start;
        for _ in 0..STRETCHES_MAX {
            let stretch = self.stretch(time);
            let percent = i128::from(stretch.shift.percent());
            let is_break = percent == 0;
            if is_break && (time == start || !policy.spans(stretch.shift)) {
                return Err(stretch.until);
            }
            let Some(until) = stretch.until else {
                let ticks = if is_break { return Err(None) } else { ceil(missing, percent) };
                return Ok(Time::new(time.get().saturating_add(ticks)));
            };
            let done = percent * i128::from((until - time).get());
            if !is_break && done >= missing {
                return Ok(time + Ticks::new(ceil(missing, percent)));
            }
            missing -= done;
            time = until;
            if time > Time::MAX {
                return Err(None);
            }
        }
        Err(None)
    }

    /// The stretches of work between `start` and `end`.
    pub fn working(&self, start: Time, end: Time) -> Vec<Interval> {
        let mut parts: Vec<Interval> = Vec::new();
        let mut time = start;
        while time < end {
            let stretch = self.stretch(time);
            let until = stretch.until.map_or(end, |until| until.min(end));
            if stretch.shift.percent() > 0 {
                match parts.last_mut().filter(|last| last.end == time) {
                    Some(last) => *last = Interval::new(last.start, until),
                    None => parts.push(Interval::new(time, until)),
                }
            }
            time = until;
        }
        parts
    }
}

fn ceil(amount: i128, by: i128) -> i64 {
    i64::try_from((amount + by - 1) / by).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Calendar {
        // Works from 8 to 12 and from 13 to 17 of each day of 24.
        let step = |time, shift| (Time::new(time), shift);
        let steps = vec![
            step(8, Shift::FULL),
            step(12, Shift::Paused),
            step(13, Shift::FULL),
            step(17, Shift::Closed),
        ];
        let period = Some(Ticks::new(24));
        Calendar { first: Shift::Closed, steps, period, ..Calendar::always("day") }
    }

    #[test]
    fn policies_wait_fit_and_pause() {
        let calendar = day();
        let work = WorkTime::under(vec![&calendar]);
        let earliest = |from, ticks, policy| {
            let found = work.earliest(Time::new(from), Ticks::new(ticks), policy);
            found.map(|(start, end)| (start.get(), end.get()))
        };
        assert_eq!(earliest(0, 3, BreakPolicy::Wait), Some((8, 11)));
        assert_eq!(earliest(10, 3, BreakPolicy::Wait), Some((13, 16)));
        assert_eq!(earliest(10, 3, BreakPolicy::MustFit), Some((10, 14)));
        assert_eq!(earliest(15, 3, BreakPolicy::MustFit), Some((32, 35)));
        assert_eq!(earliest(15, 3, BreakPolicy::Pause), Some((15, 33)));
        assert_eq!(earliest(0, 5, BreakPolicy::Wait), None);
        assert_eq!(earliest(0, 9, BreakPolicy::MustFit), None);
        assert_eq!(earliest(17, 9, BreakPolicy::Pause), Some((32, 57)));
        assert_eq!(work.end(Time::new(12), Ticks::new(1), BreakPolicy::Pause), None);
    }

    #[test]
    fn the_slowest_calendar_sets_the_pace() {
        let half = Calendar { first: Shift::Open(50), ..Calendar::always("half") };
        let always = Calendar::always("always");
        let work = WorkTime::under(vec![&half, &always]);
        assert_eq!(work.end(Time::new(3), Ticks::new(5), BreakPolicy::Wait), Some(Time::new(13)));
        assert_eq!(work.working(Time::new(3), Time::new(13)).len(), 1);
    }
}
