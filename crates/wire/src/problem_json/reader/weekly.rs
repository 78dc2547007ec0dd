//! Weekly patterns of calendars as changes of shift.
//!
//! Each shift and each break of each day is an interval of ticks by the clock of its zone, so that
//! a night shift has an hour less or more when clocks change. A sweep over their ends gives the
//! changes: paused where a break meets a shift, else open where there is a shift, else closed.
//! O(n log n) for n shifts and breaks from the day before the origin to the last day.
//!
//! **Source:** RFC 5545, section 3.3.5 (what clocks skip or show twice).

use super::super::wire;
use super::Building;
use crate::dates::{Clock, Wrong};
use crate::json::Place;
use jiff::ToSpan;
use jiff::civil::Date;
use ordine_base::{Ticks, Time};
use ordine_problem::{Calendar, Shift};
use std::collections::BTreeMap;

/// Most shifts and breaks of all patterns of a file, day by day.
const EXPANDED_MAX: usize = 1 << 20;

/// Years for which a pattern without a last day is laid out.
const YEARS: i64 = 5;

/// A shift or a break on one day.
struct Stretch {
    from: i64,
    to: i64,
    /// Number of the shift in its list; `None` for a break.
    shift: Option<usize>,
}

impl Building<'_> {
    /// The calendar that a pattern describes.
    pub(super) fn weekly(
        &mut self,
        place: Place,
        name: &str,
        weekly: &wire::Weekly,
    ) -> Option<Calendar> {
        let is_empty = weekly.shifts.iter().any(|shift| shift.days.is_empty());
        if weekly.shifts.is_empty() || is_empty {
            let (expected, hint) = ("shifts on one day of the week or more", "say when it works");
            return self.mistake(place, expected, "none".to_owned(), hint);
        }
        match self.laid_out(name, weekly) {
            Ok(calendar) => Some(calendar),
            Err(Wrong { expected, found, hint }) => self.mistake(place, expected, found, hint),
        }
    }

    fn laid_out(&mut self, name: &str, weekly: &wire::Weekly) -> Result<Calendar, Wrong> {
        let clock = self.dates.clock(weekly.zone.as_deref())?;
        let repeats = weekly.holidays.is_empty() && weekly.until.is_none() && clock.is_even();
        let period = clock.week().filter(|_| repeats);
        let day = |found: Result<Date, jiff::Error>| found.unwrap_or(clock.first_day);
        let first = day(clock.first_day.checked_sub(if period.is_some() { 8 } else { 1 }.days()));
        let last = match (period, weekly.until) {
            (Some(_), _) => day(clock.first_day.checked_add(8.days())),
            (None, Some(until)) => until.0,
            (None, None) => day(clock.first_day.checked_add(YEARS.years())),
        };
        let days = usize::try_from((last - first).get_days()).unwrap_or(0);
        let per_day = weekly.shifts.len() + weekly.breaks.len();
        self.expanded = self.expanded.saturating_add(days.saturating_mul(per_day));
        if self.expanded > EXPANDED_MAX {
            return Err(Wrong {
                expected: "at most 2^20 shifts and breaks of weekly patterns, day by day",
                found: format!("{} so far", self.expanded),
                hint: "end the pattern earlier by `until`, or let resources share a calendar",
            });
        }
        let steps = steps(weekly, stretches(&clock, weekly, first, last)?);
        let mut calendar = Calendar { first: Shift::Closed, ..Calendar::always(name) };
        match period {
            None => calendar.steps = steps,
            Some(period) => {
                let before = steps.partition_point(|step| step.0 <= Time::ORIGIN);
                calendar.first = before.checked_sub(1).map_or(Shift::Closed, |it| steps[it].1);
                let end = Time::new(period);
                calendar.steps =
                    steps[before..].iter().copied().take_while(|step| step.0 < end).collect();
                calendar.period = Some(Ticks::new(period));
            }
        }
        Ok(calendar)
    }
}

/// All shifts and breaks that begin on a day from `first` to below `last`.
fn stretches(
    clock: &Clock<'_>,
    weekly: &wire::Weekly,
    first: Date,
    last: Date,
) -> Result<Vec<Stretch>, Wrong> {
    let mut holidays: Vec<Date> = weekly.holidays.iter().map(|day| day.0).collect();
    holidays.sort_unstable();
    let mut stretches = Vec::new();
    let mut day = first;
    while day < last {
        let mut add = |from: wire::ClockTime, to: wire::ClockTime, shift| {
            let end = if to.0 > from.0 { Ok(day) } else { day.tomorrow() };
            let end = end.unwrap_or(day);
            let (from, to) = (day.to_datetime(from.0), end.to_datetime(to.0));
            let (from, to) = (clock.tick(from)?, clock.tick(to)?);
            // What begins in a skipped hour can end before it begins.
            if from < to {
                stretches.push(Stretch { from, to, shift });
            }
            Ok(())
        };
        let is_on = |days: &[wire::DayWord]| days.iter().any(|it| it.is(day.weekday()));
        if holidays.binary_search(&day).is_err() {
            for (number, shift) in weekly.shifts.iter().enumerate().filter(|it| is_on(&it.1.days)) {
                add(shift.from, shift.to, Some(number))?;
            }
        }
        for pause in &weekly.breaks {
            if pause.days.as_ref().is_none_or(|days| is_on(days)) {
                add(pause.from, pause.to, None)?;
            }
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    Ok(stretches)
}

/// The changes of shift that the stretches make.
fn steps(weekly: &wire::Weekly, stretches: Vec<Stretch>) -> Vec<(Time, Shift)> {
    let mut ends: Vec<(i64, i32, Option<usize>)> = Vec::with_capacity(2 * stretches.len());
    for Stretch { from, to, shift } in stretches {
        ends.extend([(from, 1, shift), (to, -1, shift)]);
    }
    ends.sort_unstable();
    // How often each shift lasts at a time: a shift of more than a day meets its next.
    let (mut shifts, mut breaks) = (BTreeMap::new(), 0);
    let (mut steps, mut now) = (Vec::new(), Shift::Closed);
    for at_once in ends.chunk_by(|one, next| one.0 == next.0) {
        for &(_, change, shift) in at_once {
            match shift {
                Some(number) => {
                    let count = shifts.entry(number).or_insert(0);
                    *count += change;
                    if *count == 0 {
                        shifts.remove(&number);
                    }
                }
                None => breaks += change,
            }
        }
        let next = match shifts.last_key_value() {
            None => Shift::Closed,
            Some(_) if breaks > 0 => Shift::Paused,
            Some((&number, _)) => Shift::Open(weekly.shifts[number].speed.unwrap_or(100)),
        };
        if next != now {
            steps.push((Time::new(at_once[0].0), next));
            now = next;
        }
    }
    steps
}
