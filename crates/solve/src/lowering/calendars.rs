//! Calendars: when the resources of a mode work together, how fast, and where it must not start.
//!
//! The calendars of a mode are unrolled up to the horizon into rates, and into the breaks that its
//! task does not reach across. `end` follows `start` through the rates; forbidden starts are those
//! in a break, and those from which the work would run into such a one.
//!
//! **Source:** see `ordine_cp::propagators::Elapsed`; decision record 0004.

use super::Lowered;
use ordine_base::Time;
use ordine_cp::propagators::{Elapsed, Forbidden, WorkingTime, post_linear_equal};
use ordine_cp::{Interval, Value};
use ordine_problem::{BreakPolicy, Calendar, CalendarId, ModeId, Problem, Shift};
use std::sync::Arc;

/// Most changes of one calendar up to the horizon.
const CHANGES_MAX: i64 = 200_000;

/// Calendars read together, and the policy of a task about breaks.
pub(super) type RhythmKey = (Vec<CalendarId>, BreakPolicy);

/// When work is done up to the horizon, and what work must not run into.
#[derive(Debug)]
pub(super) struct Rhythm {
    time: Arc<WorkingTime>,
    /// Breaks, half-open.
    pub(super) breaks: Vec<(Value, Value)>,
    /// Those that the task does not reach across.
    closed: Vec<(Value, Value)>,
    percent_max: Value,
}

/// Most stretches of all tasks together that give their resources away in breaks.
const STRETCHES_MAX: i64 = 8_000;

/// Whether calendars change too often up to a time to be unrolled.
pub(super) fn are_too_fine(problem: &Problem, until: Time) -> bool {
    let often = |id: CalendarId, counts: &dyn Fn(Shift) -> bool| {
        let calendar = problem.calendar(id);
        let laps = calendar.period.map_or(1, |period| until.get() / period.get() + 1);
        let steps = calendar.steps.iter().filter(|step| counts(step.1));
        laps.saturating_mul(steps.count() as i64 + 1)
    };
    let mut stretches: i64 = 0;
    for task in problem.tasks() {
        let data = problem.task(task);
        if data.released_in_breaks && data.breaks != BreakPolicy::Wait {
            for &mode in problem.usable_modes(task) {
                let breaks = |id| often(id, &|shift| shift.percent() == 0);
                let of_mode = of_mode(problem, mode).into_iter().map(breaks);
                stretches = of_mode.fold(stretches, i64::saturating_add);
            }
        }
    }
    let is_too_fine = |id| often(id, &|_| true) > CHANGES_MAX;
    problem.calendars().ids().any(is_too_fine) || stretches > STRETCHES_MAX
}

/// The greatest common divisor.
pub(super) fn divisor(mut left: i64, mut right: i64) -> i64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.abs()
}

/// Calendars of the machines and renewables of a mode.
pub(super) fn of_mode(problem: &Problem, mode: ModeId) -> Vec<CalendarId> {
    let resources = problem.requirements(mode).iter().map(|need| problem.resource(need.resource));
    let used = resources.filter(|resource| resource.comes_back());
    let mut ids: Vec<CalendarId> = used.filter_map(|resource| resource.calendar).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The rhythm of a mode; modes with the same calendars and policy share it.
pub(super) fn rhythm(
    lowered: &mut Lowered<'_>,
    mode: ModeId,
    policy: BreakPolicy,
    horizon: Value,
) -> Arc<Rhythm> {
    let key = (of_mode(lowered.problem, mode), policy);
    if let Some((_, known)) = lowered.rhythms.iter().find(|(known, _)| *known == key) {
        return Arc::clone(known);
    }
    let rhythm = Arc::new(Rhythm::new(lowered, &key, horizon));
    lowered.rhythms.push((key, Arc::clone(&rhythm)));
    rhythm
}

/// Times at which the shift of some calendars changes, from the origin up to `until`, with the
/// shift from there on: the first break of any, else the least percentage.
pub(super) fn shifts(calendars: &[&Calendar], until: Time) -> impl Iterator<Item = (Time, Shift)> {
    let mut next = Some(Time::ORIGIN);
    std::iter::from_fn(move || {
        let time = next.filter(|&time| time <= until)?;
        let shift = calendars.iter().map(|it| it.at(time)).min().unwrap_or(Shift::FULL);
        next = calendars.iter().filter_map(|it| it.next_change(time)).min();
        Some((time, shift))
    })
}

impl Rhythm {
    fn new(lowered: &Lowered<'_>, (ids, policy): &RhythmKey, horizon: Value) -> Self {
        let calendars: Vec<&Calendar> =
            ids.iter().map(|&id| lowered.problem.calendar(id)).collect();
        let until = Time::new(lowered.scale.up(horizon));
        let mut rates: Vec<(Value, Value)> = Vec::new();
        let (mut breaks, mut closed) = (Vec::new(), Vec::new());
        let mut changes = shifts(&calendars, until).peekable();
        while let Some((time, shift)) = changes.next() {
            let start = lowered.scale.exactly(time.get());
            let rate = Value::from(shift.percent());
            if rates.last().is_none_or(|last| last.1 != rate) {
                rates.push((start, rate));
            }
            let end = match changes.peek() {
                Some(&(next, _)) => lowered.scale.exactly(next.get()),
                None => horizon.max(start) + 1,
            };
            if rate == 0 {
                push_merged(&mut breaks, (start, end));
            }
            if !policy.spans(shift) {
                push_merged(&mut closed, (start, end));
            }
        }
        let percent_max = rates.iter().map(|rate| rate.1).max().unwrap_or(100).max(1);
        Rhythm { time: Arc::new(WorkingTime::new(&rates)), breaks, closed, percent_max }
    }

    /// The least time that work takes.
    pub(super) fn least(&self, work: Value) -> Value {
        -(-100 * work).div_euclid(self.percent_max)
    }

    /// Ties the end of an interval to its start, where it is there: `work` is done in between.
    pub(super) fn keep(&self, lowered: &mut Lowered<'_>, interval: Interval, work: Value) {
        let Interval { start, duration, end, present } = interval;
        let terms = [(1, end), (-1, start), (-1, duration)];
        post_linear_equal(&mut lowered.engine, &terms, 0, present);
        let work = 100 * work;
        let time = Arc::clone(&self.time);
        lowered.engine.post(Box::new(Elapsed::new(start, end, work, present, time)));
        let forbidden = self.time.forbidden_starts(work, &self.closed);
        lowered.engine.post(Box::new(Forbidden::new(start, present, &forbidden)));
    }
}

fn push_merged(intervals: &mut Vec<(Value, Value)>, (start, end): (Value, Value)) {
    match intervals.last_mut() {
        Some(last) if last.1 == start => last.1 = end,
        _ => intervals.push((start, end)),
    }
}
