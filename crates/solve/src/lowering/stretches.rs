//! Uses of tasks that give their resources away in breaks: one per window of work that they touch.
//!
//! Windows are counted from the one that a task starts in, so that their number depends on how
//! long the task can take, not on the horizon. That one ends at `e_0`, the next begins at `s_1` and
//! ends at `e_1`, and so on: all are functions of the start that rise with it. The task is there in
//! the first window, and in each further one if it did not end in the one before. What it holds
//! after its end it keeps.
//!
//! **Source:** decision record 0004; functions of the start: see `ordine_cp::propagators::Elapsed`.

use super::calendars::{self, Rhythm};
use super::{Lowered, Use, batches, uses};
use ordine_base::Time;
use ordine_cp::propagators::Elapsed;
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{BreakPolicy, ModeId, Status, TaskId, WorkTime};
use std::sync::Arc;

/// A mode that gives its resources away in breaks.
#[derive(Clone, Copy, Debug)]
struct Part {
    task: TaskId,
    mode: ModeId,
    /// From its start to its end.
    interval: Interval,
    /// Until when it holds what it uses, if that is another time.
    release: Option<View>,
}

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
    let part = Part { task, mode, interval, release };
    if interval.start.is_constant() && interval.end.is_constant() {
        return Some(settled(lowered, part));
    }
    if data.breaks == BreakPolicy::Wait && !matches!(data.status, Status::Running { .. }) {
        return None;
    }
    if WorkTime::of(problem, mode).is_free() {
        return None;
    }
    let rhythm = calendars::rhythm(lowered, mode, data.breaks, horizon);
    if interval.start.is_constant() {
        let windows = rhythm.windows(interval.start.offset, horizon);
        let place = |window| in_window(lowered, part, window);
        return Some(windows.into_iter().map(place).collect());
    }
    let work = lowered.scale.exactly(batches::work_max(problem, mode).get());
    match rhythm.windows_max(work, horizon) {
        0 | 1 => None,
        count => Some(counted(lowered, part, &rhythm, count)),
    }
}

/// Stretches by windows, counted from the start.
fn counted(lowered: &mut Lowered<'_>, part: Part, rhythm: &Rhythm, count: usize) -> Vec<Use> {
    let Part { interval: whole, release, .. } = part;
    let present = whole.present;
    let last_end = release.unwrap_or(whole.end);
    let (begins, ends) = rhythm.borders();
    let mut uses = Vec::new();
    let mut goes_on = Atom::TRUE;
    for place in 0..count {
        let number = place as Value;
        let from = match place {
            0 => whole.start,
            _ => border(lowered, whole, number, Arc::clone(begins)),
        };
        let until = border(lowered, whole, number + 1, Arc::clone(ends));
        // Whether the task ends in this window; in the last that it can reach it does.
        let ends_here = match place + 1 == count {
            true => Atom::TRUE,
            false => lowered.engine.boolean(),
        };
        let engine = &mut lowered.engine;
        engine.post_difference(whole.end, until, 0, ends_here);
        engine.post_difference(until, whole.end, 1, !ends_here);
        let there = lowered.all_of(&[present, goes_on]);
        let engine = &mut lowered.engine;
        let earliest = engine.trail.lower(from);
        let latest = engine.trail.upper(until).max(engine.trail.upper(last_end));
        let start = engine.optional_variable(earliest, latest, there);
        let end = engine.optional_variable(earliest + 1, latest + 1, there);
        for (own, time, guard) in
            [(start, from, there), (end, last_end, ends_here), (end, until, !ends_here)]
        {
            engine.post_difference(own, time, 0, guard);
            engine.post_difference(time, own, 0, guard);
        }
        let length = whole.duration;
        let interval = Interval { start, duration: View::constant(1), end, present: there };
        let interval = uses::with_duration(lowered, interval);
        let (first, last) = (if place == 0 { Atom::TRUE } else { Atom::FALSE }, ends_here);
        let released = Interval { end: last_end, ..whole };
        let Part { task, mode, .. } = part;
        uses.push(Use { task, mode, demand: 0, interval, whole: released, length, first, last });
        goes_on = lowered.all_of(&[goes_on, !ends_here]);
    }
    uses
}

/// The border that lies so many borders after the start.
fn border(
    lowered: &mut Lowered<'_>,
    whole: Interval,
    number: Value,
    borders: Arc<ordine_cp::propagators::WorkingTime>,
) -> View {
    let (start, present) = (whole.start, whole.present);
    let trail = &lowered.engine.trail;
    let earliest = borders.end(trail.lower(start), number);
    let latest = borders.end(trail.upper(start), number);
    let border = lowered.engine.optional_variable(earliest, latest, present);
    lowered.engine.post(Box::new(Elapsed::new(start, border, number, present, borders)));
    border
}

/// The part of a mode whose start is known in one window.
fn in_window(lowered: &mut Lowered<'_>, part: Part, (from, until): (Value, Value)) -> Use {
    let Part { task, mode, interval: whole, release } = part;
    let (begins, ends) = (whole.start.at_least(from), whole.end.at_most(until));
    let from = from.max(whole.start.offset);
    let runs = [whole.present, whole.start.at_most(until - 1), whole.end.at_least(from + 1)];
    let present = lowered.all_of(&runs);
    let start = View::constant(from);
    let engine = &mut lowered.engine;
    let last_end = release.unwrap_or(whole.end);
    let latest = engine.trail.upper(last_end).max(until);
    let end = engine.optional_variable(from + 1, latest, present);
    engine.post_difference(last_end, end, 0, ends);
    engine.post_difference(end, last_end, 0, ends);
    engine.post_clause(&[!present, ends, end.at_least(until)]);
    engine.post_clause(&[!present, ends, end.at_most(until)]);
    let interval = Interval { start, duration: View::constant(1), end, present };
    let interval = uses::with_duration(lowered, interval);
    let whole = Interval { end: last_end, ..whole };
    // Of what is settled the least duration has breaks in it.
    let length = View::constant(0);
    Use { task, mode, demand: 0, interval, whole, length, first: begins, last: ends }
}

/// The stretches of a task whose times are known, and what it holds after its end.
fn settled(lowered: &mut Lowered<'_>, part: Part) -> Vec<Use> {
    let Part { task, mode, interval, release } = part;
    let time = |value: Value| Time::new(lowered.scale.up(value));
    let (start, end) = (interval.start.offset, interval.end.offset);
    let work = WorkTime::of(lowered.problem, mode);
    let buffered = lowered.problem.hold_of(task).is_some_and(|hold| hold.buffer.is_some());
    let mut times: Vec<(View, View)> = Vec::new();
    for part in work.working(time(start), time(end)) {
        let at = |time: Time| View::constant(lowered.scale.exactly(time.get()));
        times.push((at(part.start), at(part.end)));
    }
    if let Some(release) = release {
        match times.last_mut().filter(|last| last.1 == View::constant(end)) {
            Some(last) => last.1 = release,
            // It waits in its buffer, or where it stands.
            None if buffered => {}
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
        let length = View::constant(0);
        uses.push(Use { task, mode, demand: 0, interval: part, whole, length, first, last });
    }
    uses
}
