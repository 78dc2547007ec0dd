//! Calendars: when a resource works, how fast, and which breaks it has.
//!
//! A calendar is a first shift and the points where the shift changes; with a period P the changes
//! lie in [0, P) and repeat for ever. Lookups are O(log n).
//!
//! **Source:** intensity functions of CP Optimizer (Laborie et al. 2018); breaks of PyJobShop.

use ordine_base::{Ticks, Time};

/// What a resource does at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// Shut down: only tasks that pause may reach across.
    Closed,
    /// A short break: tasks that pause, and tasks that must fit into one shift, may reach across.
    Paused,
    /// At work, with this percentage of full speed, at least 1.
    Open(u32),
}

impl Shift {
    /// At work, at full speed.
    pub const FULL: Shift = Shift::Open(100);

    /// Work done in one tick, in hundredths of a tick.
    pub const fn percent(self) -> u32 {
        match self {
            Shift::Closed | Shift::Paused => 0,
            Shift::Open(percent) => percent,
        }
    }
}

/// What a task does about the breaks of its resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakPolicy {
    /// Waits for a stretch of work that no break interrupts.
    #[default]
    Wait,
    /// Pauses over short breaks, but must fit between two closed times.
    MustFit,
    /// Pauses over every break.
    Pause,
}

impl BreakPolicy {
    /// Whether a task may have started before and end after a time of this shift.
    pub const fn spans(self, shift: Shift) -> bool {
        match shift {
            Shift::Open(_) => true,
            Shift::Paused => !matches!(self, BreakPolicy::Wait),
            Shift::Closed => matches!(self, BreakPolicy::Pause),
        }
    }
}

/// Working time of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Name, for people.
    pub name: String,
    /// Shift before the first change; with a period that of its beginning.
    pub first: Shift,
    /// Times of change, ascending, each with the shift from there on.
    pub steps: Vec<(Time, Shift)>,
    /// Length after which everything repeats, from the origin on, if it does.
    pub period: Option<Ticks>,
}

impl Calendar {
    /// Always at work, at full speed.
    pub fn always(name: impl Into<String>) -> Self {
        Calendar { name: name.into(), first: Shift::FULL, steps: Vec::new(), period: None }
    }

    /// Shift at `time`.
    pub fn at(&self, time: Time) -> Shift {
        let (_, within) = self.fold(time);
        match self.steps.partition_point(|step| step.0 <= within) {
            0 => self.first,
            after => self.steps[after - 1].1,
        }
    }

    /// First listed change after `time`; the shift there can be the same as before when the
    /// calendar repeats.
    pub fn next_change(&self, time: Time) -> Option<Time> {
        let (base, within) = self.fold(time);
        let after = self.steps.partition_point(|step| step.0 <= within);
        match (self.steps.get(after), self.period) {
            (Some(step), _) => Some(base + (step.0 - Time::ORIGIN)),
            (None, Some(_)) if self.steps.is_empty() => None,
            (None, Some(period)) => Some(base + period),
            (None, None) => None,
        }
    }

    /// Beginning of the period around `time`, and the time within it.
    fn fold(&self, time: Time) -> (Time, Time) {
        match self.period {
            None => (Time::ORIGIN, time),
            Some(period) => {
                let within = time.get().rem_euclid(period.get());
                (time - Ticks::new(within), Time::new(within))
            }
        }
    }

    /// Largest percentage of full speed.
    pub fn percent_max(&self) -> u32 {
        self.steps.iter().map(|step| step.1.percent()).fold(self.first.percent(), u32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_repeats_its_shifts() {
        let steps = vec![(Time::new(8), Shift::FULL), (Time::new(16), Shift::Closed)];
        let day = Ticks::new(24);
        let calendar =
            Calendar { first: Shift::Closed, steps, period: Some(day), ..Calendar::always("day") };
        let at = |time| calendar.at(Time::new(time));
        assert_eq!((at(7), at(8), at(15), at(16)), (at(31), at(32), at(39), at(40)));
        let next = |time| calendar.next_change(Time::new(time)).map(Time::get);
        assert_eq!((next(0), next(8), next(16), next(24)), (Some(8), Some(16), Some(24), Some(32)));
    }
}
