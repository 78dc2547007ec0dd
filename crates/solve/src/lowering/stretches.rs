//! Uses of tasks that give their resources away in breaks: one per window of work.
//!
//! The windows between the breaks of a mode are known. In each the task has an optional interval,
//! there exactly when the task runs in it, from the later of its start and that of the window to
//! the earlier of its end and that of the window. What a task holds after its end it keeps.
//!
//! **Source:** decision record 0004.

use super::{Lowered, Use, calendars, uses};
use ordine_base::Time;
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{BreakPolicy, ModeId, Status, TaskId, WorkTime};

/// The stretches of a mode that gives its resources away in breaks; `None` where it is used in one
/// stretch, or keeps them.
pub(super) fn of_mode(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    mode: ModeId,
    interval: Interval,
    release: Option<View>,
    horizon: Value,
) -> Option<Vec<Use>> {
    let problem = lowered.problem;
    let data = problem.task(task);
    if !data.released_in_breaks || problem.span_of(task).is_some() {
        return None;
    }
    if matches!(data.status, Status::Free) {
        if data.breaks == BreakPolicy::Wait {
            return None;
        }
        let windows = windows(lowered, mode, data.breaks, interval, horizon);
        (windows.len() > 1).then(|| {
            let place = |window| stretch(lowered, task, mode, (interval, release), window);
            windows.into_iter().map(place).collect()
        })
    } else {
        Some(settled(lowered, task, mode, interval, release))
    }
}

/// Windows of work in which a mode can run.
fn windows(
    lowered: &mut Lowered<'_>,
    mode: ModeId,
    policy: BreakPolicy,
    interval: Interval,
    horizon: Value,
) -> Vec<(Value, Value)> {
    let rhythm = calendars::rhythm(lowered, mode, policy, horizon);
    let trail = &lowered.engine.trail;
    let (first, last) = (trail.lower(interval.start), trail.upper(interval.end));
    let mut windows = Vec::new();
    let mut from = 0;
    for &(start, end) in rhythm.breaks.iter().chain([&(last.max(0), Value::MAX)]) {
        let until = start.min(last);
        if from < until && first < until {
            windows.push((from, until));
        }
        from = end;
    }
    windows
}

/// The part of a mode in one window.
fn stretch(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    mode: ModeId,
    (whole, release): (Interval, Option<View>),
    (from, until): (Value, Value),
) -> Use {
    let (begins, ends) = (whole.start.at_least(from), whole.end.at_most(until));
    let runs = [whole.present, whole.start.at_most(until - 1), whole.end.at_least(from + 1)];
    let present = lowered.all_of(&runs);
    let engine = &mut lowered.engine;
    let start = engine.optional_variable(from, until - 1, present);
    engine.post_difference(whole.start, start, 0, Atom::TRUE);
    engine.post_difference(start, whole.start, 0, begins);
    engine.post_clause(&[!present, begins, start.at_most(from)]);
    let latest = release.map_or(until, |release| engine.trail.upper(release).max(until));
    let end = engine.optional_variable(from + 1, latest, present);
    let last_end = release.unwrap_or(whole.end);
    engine.post_difference(last_end, end, 0, ends);
    engine.post_difference(end, last_end, 0, if release.is_some() { ends } else { Atom::TRUE });
    engine.post_clause(&[!present, ends, end.at_least(until)]);
    engine.post_clause(&[!present, ends, end.at_most(until)]);
    lowered.completion.extend([start, end]);
    let interval = Interval { start, duration: View::constant(1), end, present };
    let interval = uses::with_duration(lowered, interval);
    let whole = Interval { end: last_end, ..whole };
    Use { task, mode, demand: 0, interval, whole, first: begins, last: ends }
}

/// The stretches of a task whose times are known, and what it holds after its end.
fn settled(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    mode: ModeId,
    interval: Interval,
    release: Option<View>,
) -> Vec<Use> {
    let time = |value: Value| Time::new(lowered.scale.up(value));
    let (start, end) = (interval.start.offset, interval.end.offset);
    let work = WorkTime::of(lowered.problem, mode);
    let mut times: Vec<(View, View)> = Vec::new();
    for part in work.working(time(start), time(end)) {
        let at = |time: Time| View::constant(lowered.scale.exactly(time.get()));
        times.push((at(part.start), at(part.end)));
    }
    if let Some(release) = release {
        match times.last_mut().filter(|last| last.1 == View::constant(end)) {
            Some(last) => last.1 = release,
            None => times.push((View::constant(end), release)),
        }
    }
    let count = times.len();
    let mut uses = Vec::new();
    for (place, (start, end)) in times.into_iter().enumerate() {
        let is = |holds: bool| if holds { Atom::TRUE } else { Atom::FALSE };
        let (first, last) = (is(place == 0), is(place + 1 == count));
        let part = Interval { start, duration: View::constant(0), end, ..interval };
        let part = uses::with_duration(lowered, part);
        let part = uses::with_length(lowered, part);
        let whole = Interval { end: release.unwrap_or(interval.end), ..interval };
        uses.push(Use { task, mode, demand: 0, interval: part, whole, first, last });
    }
    uses
}
