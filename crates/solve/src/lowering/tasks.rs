//! Tasks: an interval each, and one per mode where there is a choice.
//!
//! A task that may be left out has a presence; its bounds hold "if it is there". Where modes differ
//! in duration, `end − start` follows a duration variable through arcs guarded by its bounds, and
//! clauses tie its bounds to the modes that are left. Where calendars bind a mode, its end is a
//! variable of its own that the calendar ties to its start. What is done or under way is a
//! constant.
//!
//! **Source:** see `lowering`.

use super::calendars::{self, Rhythm};
use super::{Lowered, LoweredMode, LoweredTask, batches, dominated};
use ordine_base::{Ticks, Time};
use ordine_cp::propagators::{post_element, post_linear_equal};
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{ModeId, Status, TaskId, WorkTime};
use std::sync::Arc;

/// Lowers every task; none ends after `horizon`.
pub(super) fn lower(lowered: &mut Lowered<'_>, horizon: Value) {
    let problem = lowered.problem;
    for task in problem.tasks() {
        let one = match problem.task(task).status {
            _ if problem.is_barred(task) => lower_barred(lowered, task, horizon),
            _ if problem.span_of(task).is_some() => lower_parent(lowered, task, horizon),
            Status::Free => lower_free(lowered, task, horizon),
            status => lower_settled(lowered, task, status, horizon),
        };
        if !one.interval.start.is_constant() {
            lowered.completion.push(one.interval.start);
        }
        lowered.tasks.push(one);
    }
}

/// How long a mode takes.
#[derive(Clone, Debug)]
enum Length {
    /// So long, wherever it starts.
    Fixed(Value),
    /// Until its work is done.
    Work(Value, Arc<Rhythm>),
    /// Until the work of its batch is done: so long at least.
    Batch(Value),
}

impl Length {
    fn of(lowered: &mut Lowered<'_>, task: TaskId, mode: ModeId, horizon: Value) -> Self {
        let duration = lowered.problem.mode(mode).duration;
        let work = lowered.scale.exactly(duration.get());
        let is_free = WorkTime::of(lowered.problem, mode).is_free();
        let in_batch = batches::machine_of(lowered.problem, mode).is_some();
        if duration == Ticks::ZERO || is_free && !in_batch {
            return Length::Fixed(work);
        }
        if is_free {
            return Length::Batch(work);
        }
        let policy = lowered.problem.task(task).breaks;
        let rhythm = calendars::rhythm(lowered, mode, policy, horizon);
        match in_batch {
            true => Length::Batch(rhythm.least(work)),
            false => Length::Work(work, rhythm),
        }
    }

    /// The least time from start to end.
    fn least(&self) -> Value {
        match self {
            Length::Fixed(duration) | Length::Batch(duration) => *duration,
            Length::Work(work, rhythm) => rhythm.least(*work),
        }
    }
}

/// Where a free task may be.
#[derive(Clone, Copy)]
struct Window {
    start: (Value, Value),
    end: Value,
}

impl Window {
    fn of(lowered: &Lowered<'_>, task: TaskId, horizon: Value) -> Self {
        let Lowered { problem, scale, .. } = lowered;
        let latest = |time: Option<Time>| time.map_or(horizon, |it| scale.down(it).min(horizon));
        let latest_start = latest(problem.task(task).latest_start);
        Window {
            start: (scale.up_to(problem.release(task)), latest_start),
            end: latest(problem.deadline(task)),
        }
    }
}

fn presence(lowered: &mut Lowered<'_>, task: TaskId) -> Atom {
    if lowered.problem.task(task).optional { lowered.engine.boolean() } else { Atom::TRUE }
}

/// A task that can never run is absent, whatever its modes need.
fn lower_barred(lowered: &mut Lowered<'_>, task: TaskId, horizon: Value) -> LoweredTask {
    let present = presence(lowered, task);
    let start = lowered.engine.optional_variable(0, horizon, present);
    lowered.engine.post_fact(!present);
    LoweredTask { interval: fixed(start, 0, present), modes: Vec::new() }
}

fn lower_free(lowered: &mut Lowered<'_>, task: TaskId, horizon: Value) -> LoweredTask {
    let window = Window::of(lowered, task, horizon);
    let present = presence(lowered, task);
    let modes = dominated::worth_trying(lowered.problem, task);
    let lengths: Vec<Length> =
        modes.iter().map(|&mode| Length::of(lowered, task, mode, horizon)).collect();
    let least = lengths.iter().map(Length::least).min().unwrap_or(0);
    // An impossible window is a contradiction of facts, not an empty domain here.
    let (earliest, latest) = (window.start.0, window.start.1.min(window.end - least));
    let start = lowered.engine.optional_variable(earliest, latest.max(earliest), present);
    let interval = match lengths[..] {
        [Length::Fixed(duration)] => fixed(start, duration, present),
        _ if lengths.iter().all(|it| matches!(it, Length::Fixed(same) if *same == least)) => {
            fixed(start, least, present)
        }
        _ => varying(lowered, start, least, window.end, present),
    };
    post_if_present(lowered, present, interval.end.at_most(window.end));
    let modes = match (&modes[..], &lengths[..]) {
        (&[mode], [Length::Work(work, rhythm)]) => {
            tie(lowered, interval);
            rhythm.keep(lowered, interval, *work);
            vec![LoweredMode { mode, interval }]
        }
        (&[mode], [Length::Batch(_)]) => {
            tie(lowered, interval);
            vec![LoweredMode { mode, interval }]
        }
        (&[mode], _) => vec![LoweredMode { mode, interval }],
        _ => lower_choice(lowered, interval, &modes, &lengths),
    };
    LoweredTask { interval, modes }
}

/// A task that spans others has times that follow from theirs.
fn lower_parent(lowered: &mut Lowered<'_>, task: TaskId, horizon: Value) -> LoweredTask {
    let present = presence(lowered, task);
    let start = lowered.engine.optional_variable(0, horizon, present);
    let interval = varying(lowered, start, 0, horizon, present);
    tie(lowered, interval);
    let modes = lowered.problem.usable_modes(task).iter();
    LoweredTask { interval, modes: modes.map(|&mode| LoweredMode { mode, interval }).collect() }
}

/// A task whose start is settled ends when its work is done, or as it did.
fn lower_settled(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    status: Status,
    horizon: Value,
) -> LoweredTask {
    let problem = lowered.problem;
    let mode = problem.usable_modes(task)[0];
    let work = WorkTime::of(problem, mode);
    let (start, end) = match status {
        Status::Done { start, end, .. } => (start, Some(end)),
        Status::Running { start, remaining, .. } => (start, work.finish(problem.now(), remaining)),
        Status::Frozen { start, .. } => {
            let policy = problem.task(task).breaks;
            (start, work.end(start, problem.mode(mode).duration, policy))
        }
        Status::Free => unreachable!("only what is settled is lowered here"),
    };
    if end.is_none() {
        lowered.engine.post_fact(Atom::FALSE);
    }
    let in_batch = batches::machine_of(problem, mode).is_some();
    let is_instant =
        matches!(status, Status::Frozen { .. }) && problem.mode(mode).duration == Ticks::ZERO;
    let at = |time: Time| lowered.scale.exactly(time.get());
    let is_open = in_batch && !is_instant && !status.is_done();
    let (start, end) = (at(start), at(end.unwrap_or(start)));
    let interval = match is_open {
        // It can end later than alone, in a batch.
        true => {
            let latest = horizon.max(end);
            let start = View::constant(start);
            let interval = varying(lowered, start, end - start.offset, latest, Atom::TRUE);
            tie(lowered, interval);
            lowered.completion.push(interval.end);
            interval
        }
        false => fixed(View::constant(start), end - start, Atom::TRUE),
    };
    LoweredTask { interval, modes: vec![LoweredMode { mode, interval }] }
}

/// Posts a bound of a task; an optional one becomes absent where it cannot hold.
pub(super) fn post_if_present(lowered: &mut Lowered<'_>, present: Atom, atom: Atom) {
    if present == Atom::TRUE || !lowered.engine.trail.is_false(atom) {
        lowered.engine.post_fact(atom);
    } else {
        lowered.engine.post_fact(!present);
    }
}

fn fixed(start: View, duration: Value, present: Atom) -> Interval {
    Interval { start, duration: View::constant(duration), end: start + duration, present }
}

/// An interval whose end is not known from its start.
fn varying(
    lowered: &mut Lowered<'_>,
    start: View,
    least: Value,
    latest: Value,
    present: Atom,
) -> Interval {
    let engine = &mut lowered.engine;
    let earliest = engine.trail.lower(start);
    let latest = latest.max(earliest + least);
    let end = engine.optional_variable(earliest + least, latest, present);
    let duration = engine.optional_variable(least, latest - earliest, present);
    Interval { start, duration, end, present }
}

/// `end = start + duration` of an interval that [`varying`] made.
fn tie(lowered: &mut Lowered<'_>, interval: Interval) {
    let Interval { start, duration, end, present } = interval;
    let terms = [(1, end), (-1, start), (-1, duration)];
    post_linear_equal(&mut lowered.engine, &terms, 0, present);
}

/// Several modes: an interval each, exactly one of which is there.
fn lower_choice(
    lowered: &mut Lowered<'_>,
    task: Interval,
    modes: &[ModeId],
    lengths: &[Length],
) -> Vec<LoweredMode> {
    let each = modes.iter().zip(lengths);
    let modes: Vec<LoweredMode> =
        each.map(|(&mode, length)| lower_mode(lowered, task, mode, length)).collect();
    choose_one(lowered, task, &modes);
    let all_fixed = lengths.iter().all(|it| matches!(it, Length::Fixed(_)));
    if all_fixed && !task.duration.is_constant() {
        tie_duration(lowered, task, &modes);
    } else if !all_fixed {
        tie(lowered, task);
        let ends: Vec<(View, Atom)> =
            modes.iter().map(|it| (it.interval.end, it.interval.present)).collect();
        post_element(&mut lowered.engine, task.end, &ends);
    }
    modes
}

/// A mode that may be chosen: its own start, tied to that of the task.
fn lower_mode(
    lowered: &mut Lowered<'_>,
    task: Interval,
    mode: ModeId,
    length: &Length,
) -> LoweredMode {
    let engine = &mut lowered.engine;
    let present = engine.boolean();
    let (earliest, latest) = (engine.trail.lower(task.start), engine.trail.upper(task.end));
    let latest_start = latest - length.least();
    let start = engine.optional_variable(earliest, latest_start.max(earliest), present);
    if latest_start < earliest {
        engine.post_fact(!present);
    }
    lowered.completion.push(start);
    let interval = match length {
        Length::Fixed(duration) => fixed(start, *duration, present),
        Length::Work(work, rhythm) => {
            let interval = varying(lowered, start, rhythm.least(*work), latest, present);
            tie(lowered, interval);
            rhythm.keep(lowered, interval, *work);
            interval
        }
        Length::Batch(least) => {
            let interval = varying(lowered, start, *least, latest, present);
            tie(lowered, interval);
            interval
        }
    };
    LoweredMode { mode, interval }
}

/// A task that is there has exactly one mode, and runs when the mode does.
fn choose_one(lowered: &mut Lowered<'_>, task: Interval, modes: &[LoweredMode]) {
    let presences: Vec<Atom> = modes.iter().map(|mode| mode.interval.present).collect();
    let engine = &mut lowered.engine;
    engine.post_clause(&[&[!task.present][..], &presences].concat());
    for (index, &first) in presences.iter().enumerate() {
        engine.post_clause(&[!first, task.present]);
        for &second in &presences[..index] {
            engine.post_clause(&[!first, !second]);
        }
    }
    let starts: Vec<(View, Atom)> =
        modes.iter().map(|mode| (mode.interval.start, mode.interval.present)).collect();
    post_element(engine, task.start, &starts);
    // A mode follows its task before it is chosen: its bounds hold "if it is chosen".
    for &(start, _) in &starts {
        if task.present == Atom::TRUE {
            engine.post_difference(task.start, start, 0, Atom::TRUE);
            engine.post_difference(start, task.start, 0, Atom::TRUE);
        }
    }
}

/// `end = start + duration`, and the duration is that of the mode that is chosen.
fn tie_duration(lowered: &mut Lowered<'_>, task: Interval, modes: &[LoweredMode]) {
    let engine = &mut lowered.engine;
    let of = |mode: &LoweredMode| mode.interval.duration.offset;
    let mut values: Vec<Value> = modes.iter().map(of).collect();
    values.sort_unstable();
    values.dedup();
    for &value in &values {
        let (at_least, at_most) = (task.duration.at_least(value), task.duration.at_most(value));
        engine.post_difference(task.start, task.end, value, at_least);
        engine.post_difference(task.end, task.start, -value, at_most);
        let shorter = modes.iter().filter(|mode| of(mode) < value);
        let longer = modes.iter().filter(|mode| of(mode) > value);
        let shorter: Vec<Atom> = shorter.map(|mode| mode.interval.present).collect();
        let longer: Vec<Atom> = longer.map(|mode| mode.interval.present).collect();
        engine.post_clause(&[&[!task.present, at_least][..], &shorter].concat());
        engine.post_clause(&[&[!task.present, at_most][..], &longer].concat());
    }
    for mode in modes {
        let present = mode.interval.present;
        engine.post_clause(&[!present, task.duration.at_least(of(mode))]);
        engine.post_clause(&[!present, task.duration.at_most(of(mode))]);
    }
}
