//! The calendars of one mode, read together.
//!
//! At a time the mode is closed when any of its resources is, else paused when any is, else open at
//! the least percentage. A walk goes from change to change. Between two changes of the calendars
//! that do not repeat, the rest repeats after the least common multiple of the periods: a walk goes
//! through one such lap, leaps over all that are alike, and goes through the last. So it costs at
//! most two laps per change, however far apart the times of a schedule lie, and no more than the
//! work that is to be done.
//!
//! Times outside [0, [`Time::MAX`]] are none of its business: other rules report them.
//!
//! **Source:** decision record 0004.

use ordine_base::{Ticks, Time};
use ordine_problem::{BreakPolicy, Calendar, ModeId, Problem, ResourceKind, Shift};

const LAST: i64 = Time::MAX.get();

/// The calendars of the machines and renewables of one mode.
pub(crate) struct Shifts<'a> {
    calendars: Vec<&'a Calendar>,
    /// After how many ticks the repeating ones repeat together, where that is below all times.
    lap: Option<i64>,
}

/// A stretch of time with one shift; the next one can have the same.
#[derive(Clone, Copy)]
struct Piece {
    from: i64,
    until: i64,
    shift: Shift,
}

impl<'a> Shifts<'a> {
    /// Those of the machines and renewables that `mode` needs.
    pub(crate) fn of(problem: &'a Problem, mode: ModeId) -> Self {
        let mut calendars = Vec::new();
        for need in problem.requirements(mode) {
            let resource = problem.resource(need.resource);
            if matches!(resource.kind, ResourceKind::Machine | ResourceKind::Renewable(_)) {
                calendars.extend(resource.calendar.map(|id| problem.calendar(id)));
            }
        }
        let lap = common_period(&calendars);
        Shifts { calendars, lap }
    }

    /// Whether no calendar binds the mode.
    pub(crate) fn are_none(&self) -> bool {
        self.calendars.is_empty()
    }

    /// What the mode does at `time`.
    pub(crate) fn at(&self, time: Time) -> Shift {
        let mut together = None;
        for calendar in &self.calendars {
            let shift = calendar.at(time);
            together = match (together, shift) {
                (Some(Shift::Closed), _) | (_, Shift::Closed) => Some(Shift::Closed),
                (Some(Shift::Paused), _) | (_, Shift::Paused) => Some(Shift::Paused),
                (Some(Shift::Open(left)), Shift::Open(right)) => Some(Shift::Open(left.min(right))),
                (None, shift) => Some(shift),
            };
        }
        together.unwrap_or(Shift::FULL)
    }

    /// The pieces of `[from, until)`.
    fn pieces(&self, from: i64, until: i64) -> impl Iterator<Item = Piece> {
        let mut time = from;
        std::iter::from_fn(move || {
            if time >= until {
                return None;
            }
            let changes = self.calendars.iter().filter_map(|it| it.next_change(Time::new(time)));
            let next = changes.map(Time::get).fold(until, i64::min);
            let piece = Piece { from: time, until: next, shift: self.at(Time::new(time)) };
            time = next;
            Some(piece)
        })
    }

    /// Where the next calendar that does not repeat changes after `time`, at most `until`.
    fn next_lasting_change(&self, time: i64, until: i64) -> i64 {
        let lasting = self.calendars.iter().filter(|calendar| calendar.period.is_none());
        let changes = lasting.filter_map(|it| it.next_change(Time::new(time)));
        changes.map(Time::get).fold(until, i64::min)
    }

    /// Earliest time by which hundredths of work are done from `start` on; `None` when that is
    /// after all times.
    pub(crate) fn finish(&self, start: Time, hundredths: i128) -> Option<Time> {
        let (mut time, mut missing) = (start.get(), hundredths);
        if missing <= 0 {
            return Some(start);
        }
        while time < LAST {
            let change = self.next_lasting_change(time, LAST);
            let lap_end = self.lap.map_or(change, |lap| change.min(time.saturating_add(lap)));
            let before = missing;
            if let Some(end) = self.work_off(time, lap_end, &mut missing) {
                return Some(end);
            }
            time = lap_end;
            if let Some(lap) = self.lap {
                let done = before - missing;
                let mut laps = i128::from((change - time) / lap);
                if done > 0 {
                    laps = laps.min((missing - 1) / done);
                }
                missing -= laps * done;
                time += i64::try_from(laps).expect("laps lie between two times") * lap;
                let until = change.min(time.saturating_add(lap));
                if let Some(end) = self.work_off(time, until, &mut missing) {
                    return Some(end);
                }
                time = until;
            }
        }
        None
    }

    /// Works from `from` until the work is done, whose time it gives, or until `until`.
    fn work_off(&self, from: i64, until: i64, missing: &mut i128) -> Option<Time> {
        for piece in self.pieces(from, until) {
            let Shift::Open(percent) = piece.shift else { continue };
            let percent = i128::from(percent);
            let possible = percent * i128::from(piece.until - piece.from);
            if possible >= *missing {
                let ticks = (*missing + percent - 1) / percent;
                let ticks = i64::try_from(ticks).expect("at most the length of the piece");
                return Some(Time::new(piece.from + ticks));
            }
            *missing -= possible;
        }
        None
    }

    /// First tick of `[start, end)` in a break that `policy` does not reach across.
    pub(crate) fn first_break(&self, start: Time, end: Time, policy: BreakPolicy) -> Option<Time> {
        let hits = |shift| match shift {
            Shift::Open(_) => false,
            Shift::Paused => policy == BreakPolicy::Wait,
            Shift::Closed => policy != BreakPolicy::Pause,
        };
        let (mut time, end) = (start.get(), end.get());
        while time < end {
            let change = self.next_lasting_change(time, end);
            let lap_end = self.lap.map_or(change, |lap| change.min(time.saturating_add(lap)));
            if let Some(piece) = self.pieces(time, lap_end).find(|piece| hits(piece.shift)) {
                return Some(Time::new(piece.from));
            }
            time = change;
        }
        None
    }

    /// The longest stretches of work in `[start, end)`.
    pub(crate) fn working(&self, start: Time, end: Time) -> Vec<(Time, Time)> {
        let mut stretches: Vec<(Time, Time)> = Vec::new();
        for piece in self.pieces(start.get(), end.get()) {
            let (from, until) = (Time::new(piece.from), Time::new(piece.until));
            match (piece.shift, stretches.last_mut()) {
                (Shift::Closed | Shift::Paused, _) => {}
                (Shift::Open(_), Some(last)) if last.1 == from => last.1 = until,
                (Shift::Open(_), _) => stretches.push((from, until)),
            }
        }
        stretches
    }
}

fn common_period(calendars: &[&Calendar]) -> Option<i64> {
    let changing = calendars.iter().filter(|calendar| !calendar.steps.is_empty());
    let mut lap: i128 = 1;
    for period in changing.filter_map(|calendar| calendar.period.map(Ticks::get)) {
        let period = i128::from(period);
        lap *= period / divisor(lap, period);
        if lap > i128::from(LAST) {
            return None;
        }
    }
    i64::try_from(lap).ok()
}

fn divisor(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(first: Shift, steps: &[(i64, Shift)], period: Option<i64>) -> Calendar {
        let steps = steps.iter().map(|&(time, shift)| (Time::new(time), shift)).collect();
        Calendar { first, steps, period: period.map(Ticks::new), ..Calendar::always("it") }
    }

    fn together<'a>(calendars: &[&'a Calendar]) -> Shifts<'a> {
        Shifts { calendars: calendars.to_vec(), lap: common_period(calendars) }
    }

    #[test]
    fn work_of_a_million_years_is_measured_in_a_few_steps() {
        let day = calendar(Shift::Closed, &[(8, Shift::FULL), (16, Shift::Closed)], Some(24));
        let shifts = together(&[&day]);
        let days = 1_i64 << 34;
        let finish = |start, work: i64| shifts.finish(Time::new(start), i128::from(work) * 100);
        assert_eq!(finish(8, 8 * days), Some(Time::new(24 * (days - 1) + 16)));
        assert_eq!(finish(8, 8 * days + 1), Some(Time::new(24 * days + 9)));
        assert_eq!(finish(0, LAST), None);
        let (start, end) = (Time::ORIGIN, Time::MAX);
        assert_eq!(shifts.first_break(start, end, BreakPolicy::Pause), None);
        assert_eq!(shifts.first_break(start, end, BreakPolicy::MustFit), Some(start));
    }

    #[test]
    fn shifts_that_never_meet_are_never_done() {
        let odd = calendar(Shift::Closed, &[(1, Shift::FULL)], Some(2));
        let even = calendar(Shift::FULL, &[(1, Shift::Closed)], Some(2));
        let late = calendar(Shift::FULL, &[(LAST - 9, Shift::Open(50))], None);
        assert_eq!(together(&[&odd, &even, &late]).finish(Time::ORIGIN, 1), None);
        let half = together(&[&even, &late]).finish(Time::new(LAST - 9), 100);
        assert_eq!(half, Some(Time::new(LAST - 5)));
    }

    #[test]
    fn leaping_over_laps_is_the_same_as_walking() {
        let day = calendar(Shift::Open(30), &[(2, Shift::Paused), (3, Shift::FULL)], Some(5));
        let week = calendar(Shift::FULL, &[(4, Shift::Closed), (6, Shift::Open(70))], Some(7));
        let once = calendar(Shift::FULL, &[(100, Shift::Closed), (130, Shift::FULL)], None);
        let shifts = together(&[&day, &week, &once]);
        for start in 0..80 {
            let (mut time, mut done) = (start, 0_i128);
            for work in 1..120_i128 {
                while done < 100 * work {
                    done += match shifts.at(Time::new(time)) {
                        Shift::Open(percent) => i128::from(percent),
                        _ => 0,
                    };
                    time += 1;
                }
                let found = shifts.finish(Time::new(start), 100 * work);
                assert_eq!(found, Some(Time::new(time)), "work {work} from {start}");
            }
        }
    }
}
