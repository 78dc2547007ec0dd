//! Calendars: when the resources of a mode work together, how fast, and where it must not start.
//!
//! The calendars of a mode are unrolled up to the horizon into rates, and into the breaks that its
//! task does not reach across. `end` follows `start` through the rates; forbidden starts are those
//! in a break, and those from which the work would run into such a one.
//!
//! **Source:** see `ordine_cp::propagators::Elapsed`; decision record 0004.

use super::Lowered;
use ordine_base::Time;
use ordine_cp::propagators::{Elapsed, Forbidden, WorkingTime};
use ordine_cp::{Interval, Value};
use ordine_problem::{BreakPolicy, Calendar, CalendarId, ModeId, Problem, Shift, WorkTime};
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
    /// One tick before each window of work begins, and the last tick of each: counting them counts
    /// windows.
    borders: (Arc<WorkingTime>, Arc<WorkingTime>),
    percent_max: Value,
}

/// Most stretches of all tasks together that give their resources away in breaks.
const STRETCHES_MAX: usize = 4_000;

/// Whether calendars change too often up to a time to be unrolled, or tasks that give their
/// resources away are cut into too many stretches.
pub(super) fn are_too_fine(problem: &Problem, until: Time) -> bool {
    let is_too_fine = |calendar: &Calendar| {
        let laps = calendar.period.map_or(1, |period| until.get() / period.get() + 1);
        laps.saturating_mul(calendar.steps.len() as i64 + 1) > CHANGES_MAX
    };
    if problem.calendars().values().any(is_too_fine) {
        return true;
    }
    let mut stretches: usize = 0;
    for task in problem.tasks().filter(|&task| problem.task(task).released_in_breaks) {
        let policy = problem.task(task).breaks;
        for &mode in problem.usable_modes(task) {
            let work = WorkTime::of(problem, mode);
            let duration = problem.mode(mode).duration;
            if policy != BreakPolicy::Wait && !work.is_free() {
                let times = work.earliest(Time::ORIGIN, duration, policy);
                stretches += times.map_or(0, |(start, end)| 2 * work.working(start, end).len());
            }
        }
    }
    stretches > STRETCHES_MAX
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
        let windows = windows_between(&breaks, horizon);
        let at = |ticks: Vec<Value>| {
            let steps: Vec<(Value, Value)> =
                ticks.into_iter().flat_map(|tick| [(tick, 1), (tick + 1, 0)]).collect();
            Arc::new(WorkingTime::new(&joined(steps)))
        };
        let begins = at(windows.iter().map(|window| window.0 - 1).collect());
        let ends = at(windows.iter().map(|window| window.1 - 1).collect());
        let (time, borders) = (Arc::new(WorkingTime::new(&rates)), (begins, ends));
        Rhythm { time, breaks, closed, borders, percent_max }
    }

    /// Rates that count windows by their first and by their last ticks.
    pub(super) fn borders(&self) -> (&Arc<WorkingTime>, &Arc<WorkingTime>) {
        (&self.borders.0, &self.borders.1)
    }

    /// Windows of work from a time on.
    pub(super) fn windows(&self, from: Value, horizon: Value) -> Vec<(Value, Value)> {
        let mut windows = windows_between(&self.breaks, horizon);
        windows.retain(|window| from < window.1 && window.0 < horizon.max(from + 1));
        windows
    }

    /// Most windows that some work touches, wherever it starts.
    pub(super) fn windows_max(&self, work: Value, horizon: Value) -> usize {
        let windows = windows_between(&self.breaks, horizon);
        let touched = |window: &(Value, Value)| {
            // The later it starts in a window, the more of the others it touches.
            let end = self.time.end(window.1 - 1, 100 * work).min(horizon);
            windows.iter().filter(|other| window.0 <= other.0 && other.0 < end).count()
        };
        windows.iter().map(touched).max().unwrap_or(0)
    }

    /// The least time that work takes.
    pub(super) fn least(&self, work: Value) -> Value {
        -(-100 * work).div_euclid(self.percent_max)
    }

    /// The beginning of the first break from a time on that the task does not reach across.
    pub(super) fn next_closed(&self, time: Value) -> Option<Value> {
        let next = self.closed.iter().find(|closed| time < closed.1);
        next.map(|closed| closed.0.max(time))
    }

    /// Ties the end of an interval to its start, where it is there: `work` is done in between.
    pub(super) fn keep(&self, lowered: &mut Lowered<'_>, interval: Interval, work: Value) {
        let Interval { start, end, present, .. } = interval;
        let work = 100 * work;
        let time = Arc::clone(&self.time);
        lowered.engine.post(Box::new(Elapsed::new(start, end, work, present, time)));
        let forbidden = self.time.forbidden_starts(work, &self.closed);
        lowered.engine.post(Box::new(Forbidden::new(start, present, &forbidden)));
    }
}

/// What lies between breaks up to the horizon, and as many windows behind it, where nothing is
/// done: borders are then known for every start.
fn windows_between(breaks: &[(Value, Value)], horizon: Value) -> Vec<(Value, Value)> {
    let mut windows = Vec::new();
    let mut from = 0;
    for &(start, end) in breaks.iter().chain([&(horizon + 2, horizon + 3)]) {
        if from < start {
            windows.push((from, start.min(horizon + 2)));
        }
        from = end;
    }
    let count = windows.len() as Value + 2;
    let behind = (0..count).map(|place| horizon + 4 + 2 * place);
    windows.extend(behind.map(|start| (start, start + 1)));
    windows
}

/// Steps of which the later of two at one time counts.
fn joined(steps: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    let mut joined: Vec<(Value, Value)> = Vec::new();
    for step in steps {
        match joined.last_mut().filter(|last| last.0 == step.0) {
            Some(last) => last.1 = step.1,
            None => joined.push(step),
        }
    }
    joined
}

fn push_merged(intervals: &mut Vec<(Value, Value)>, (start, end): (Value, Value)) {
    match intervals.last_mut() {
        Some(last) if last.1 == start => last.1 = end,
        _ => intervals.push((start, end)),
    }
}
