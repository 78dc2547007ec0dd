//! Tasks: an interval each, and one per mode where there is a choice.
//!
//! A task that may be left out has a presence; its bounds hold "if it is there". Where modes differ
//! in duration, `end − start` follows a duration variable through arcs guarded by its bounds, and
//! clauses tie its bounds to the modes that are left.
//!
//! **Source:** see `lowering`.

use super::{Lowered, LoweredMode, LoweredTask};
use ordine_base::Time;
use ordine_cp::propagators::post_element;
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{ModeId, TaskId};

/// Lowers every task; none ends after `horizon`.
pub(super) fn lower(lowered: &mut Lowered<'_>, horizon: Value) {
    for task in lowered.problem.tasks() {
        let one = lower_task(lowered, task, horizon);
        lowered.completion.push(one.interval.start);
        lowered.tasks.push(one);
    }
}

/// Where a task may be.
#[derive(Clone, Copy)]
struct Window {
    start: (Value, Value),
    end: (Value, Value),
}

impl Window {
    fn of(lowered: &Lowered<'_>, task: TaskId, horizon: Value) -> Self {
        let Lowered { problem, scale, .. } = lowered;
        let data = problem.task(task);
        let latest = |time: Option<Time>| time.map_or(horizon, |it| scale.down(it).min(horizon));
        Window {
            start: (scale.up_to(problem.release(task)), latest(data.latest_start)),
            end: (scale.up_to(data.earliest_end), latest(problem.deadline(task))),
        }
    }
}

fn lower_task(lowered: &mut Lowered<'_>, task: TaskId, horizon: Value) -> LoweredTask {
    let problem = lowered.problem;
    let window = Window::of(lowered, task, horizon);
    let present = if problem.task(task).optional { lowered.engine.boolean() } else { Atom::TRUE };
    let modes: Vec<ModeId> = problem.usable_modes(task).to_vec();
    let durations: Vec<Value> = modes.iter().map(|&mode| duration_of(lowered, mode)).collect();
    let least = durations.iter().copied().min().unwrap_or(0);
    let most = durations.iter().copied().max().unwrap_or(0);
    // An impossible window is a contradiction of facts below, not an empty domain here.
    let (earliest, latest) = (window.start.0, window.start.1.min(window.end.1 - least));
    let start = lowered.engine.optional_variable(earliest, latest.max(earliest), present);
    let interval = if least == most {
        fixed(start, least, present)
    } else {
        let end = (earliest + least, window.end.1.max(earliest + least));
        let engine = &mut lowered.engine;
        let end = engine.optional_variable(end.0, end.1, present);
        let duration = engine.optional_variable(least, most, present);
        Interval { start, duration, end, present }
    };
    for atom in [
        interval.start.at_most(window.start.1),
        interval.end.at_least(window.end.0),
        interval.end.at_most(window.end.1),
    ] {
        post_if_present(lowered, present, atom);
    }
    let modes = lower_modes(lowered, interval, &modes, &durations);
    if let [_, _, ..] = modes[..] {
        choose_one(lowered, interval, &modes);
        if least != most {
            tie_duration(lowered, interval, &modes);
        }
    }
    LoweredTask { interval, modes }
}

fn duration_of(lowered: &Lowered<'_>, mode: ModeId) -> Value {
    lowered.scale.exactly(lowered.problem.mode(mode).duration.get())
}

/// Posts a bound of a task; an optional one becomes absent where it cannot hold.
fn post_if_present(lowered: &mut Lowered<'_>, present: Atom, atom: Atom) {
    if present == Atom::TRUE || !lowered.engine.trail.is_false(atom) {
        lowered.engine.post_fact(atom);
    } else {
        lowered.engine.post_fact(!present);
    }
}

fn fixed(start: View, duration: Value, present: Atom) -> Interval {
    Interval { start, duration: View::constant(duration), end: start + duration, present }
}

fn lower_modes(
    lowered: &mut Lowered<'_>,
    task: Interval,
    modes: &[ModeId],
    durations: &[Value],
) -> Vec<LoweredMode> {
    if let [mode] = *modes {
        return vec![LoweredMode { mode, interval: task }];
    }
    let each = modes.iter().zip(durations);
    each.map(|(&mode, &duration)| lower_mode(lowered, task, mode, duration)).collect()
}

/// A mode that may be chosen: its own start, tied to that of the task.
fn lower_mode(
    lowered: &mut Lowered<'_>,
    task: Interval,
    mode: ModeId,
    duration: Value,
) -> LoweredMode {
    let engine = &mut lowered.engine;
    let present = engine.boolean();
    let (earliest, latest) = (engine.trail.lower(task.start), engine.trail.upper(task.end));
    let start = engine.optional_variable(earliest, (latest - duration).max(earliest), present);
    if latest - duration < earliest {
        engine.post_fact(!present);
    }
    lowered.completion.push(start);
    LoweredMode { mode, interval: fixed(start, duration, present) }
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
