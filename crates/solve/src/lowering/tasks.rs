//! Tasks: an interval each, and one per mode where there is a choice.
//!
//! Where modes differ in duration, `end − start` follows a duration variable through arcs guarded
//! by its bounds, and clauses tie its bounds to the modes that are left.
//!
//! **Source:** see `lowering`.

use super::{Lowered, LoweredMode, LoweredTask};
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

fn lower_task(lowered: &mut Lowered<'_>, task: TaskId, horizon: Value) -> LoweredTask {
    let problem = lowered.problem;
    let release = lowered.scale.down(problem.release(task));
    let deadline = problem.deadline(task).map_or(horizon, |it| lowered.scale.down(it).min(horizon));
    let modes: Vec<ModeId> = problem.usable_modes(task).to_vec();
    let durations: Vec<Value> = modes
        .iter()
        .map(|&mode| lowered.scale.exactly(problem.mode(mode).duration.get()))
        .collect();
    let (least, most) = (
        durations.iter().copied().min().unwrap_or(0),
        durations.iter().copied().max().unwrap_or(0),
    );
    // An impossible window is a contradiction of facts, not a panic.
    let latest = (deadline - least).max(release);
    let start = lowered.engine.variable(release, latest);
    let interval = if least == most {
        fixed(start, least, Atom::TRUE)
    } else {
        variable(lowered, start, (least, most), deadline.max(release + least))
    };
    lowered.engine.post_fact(interval.end.at_most(deadline));
    if let [mode] = modes[..] {
        return LoweredTask { interval, modes: vec![LoweredMode { mode, interval }] };
    }
    let modes: Vec<LoweredMode> = modes
        .iter()
        .zip(&durations)
        .map(|(&mode, &duration)| lower_mode(lowered, interval, mode, duration))
        .collect();
    choose_one(lowered, &modes);
    if least != most {
        tie_duration(lowered, interval, &modes);
    }
    LoweredTask { interval, modes }
}

fn fixed(start: View, duration: Value, present: Atom) -> Interval {
    Interval { start, duration: View::constant(duration), end: start + duration, present }
}

/// An interval whose duration is a variable.
fn variable(
    lowered: &mut Lowered<'_>,
    start: View,
    (least, most): (Value, Value),
    deadline: Value,
) -> Interval {
    let engine = &mut lowered.engine;
    let release = engine.trail.lower(start);
    let end = engine.variable(release + least, deadline);
    let duration = engine.variable(least, most);
    Interval { start, duration, end, present: Atom::TRUE }
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
    // Each bound holds "if present", so the arcs need no further guard.
    engine.post_difference(task.start, start, 0, Atom::TRUE);
    engine.post_difference(start, task.start, 0, Atom::TRUE);
    lowered.completion.push(start);
    LoweredMode { mode, interval: fixed(start, duration, present) }
}

fn choose_one(lowered: &mut Lowered<'_>, modes: &[LoweredMode]) {
    let presences: Vec<Atom> = modes.iter().map(|mode| mode.interval.present).collect();
    lowered.engine.post_clause(&presences);
    for (index, &first) in presences.iter().enumerate() {
        for &second in &presences[..index] {
            lowered.engine.post_clause(&[!first, !second]);
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
        engine.post_clause(&[&[at_least][..], &shorter].concat());
        engine.post_clause(&[&[at_most][..], &longer].concat());
    }
    for mode in modes {
        let present = mode.interval.present;
        engine.post_clause(&[!present, task.duration.at_least(of(mode))]);
        engine.post_clause(&[!present, task.duration.at_most(of(mode))]);
    }
}
