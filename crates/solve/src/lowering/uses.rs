//! When modes use machines and renewables: from the start to the release.
//!
//! The release is the end, or the start of the task until which a task holds what it uses. A mode
//! that takes no time uses nothing. Where a task and the one that it holds for are always there,
//! the use ends in the very variable of that start; else it has a release of its own. A task that
//! gives its resources away in breaks uses them in one stretch per window of work (`stretches`);
//! one that can wait in a buffer leaves its machine when it likes (`buffers`).
//!
//! **Source:** Alessandro Mascis, Dario Pacciarelli (2002), for blocking as an interval that
//! reaches to the next start.

use super::{Lowered, LoweredMode, buffers, stretches};
use ordine_cp::propagators::{post_linear_equal, post_maximum};
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{ModeId, ResourceId, TaskId};

/// A stretch of time in which a mode uses a machine or a renewable.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The task that runs.
    pub task: TaskId,
    /// How it runs.
    pub mode: ModeId,
    /// How much it uses.
    pub demand: Value,
    /// When; there only if it has a length.
    pub interval: Interval,
    /// From the first stretch of the mode to its release.
    pub whole: Interval,
    /// How long the mode runs; at least so long it uses what it needs, in all its stretches.
    pub length: View,
    /// Whether it is the first stretch of its task, if it is there.
    pub first: Atom,
    /// Whether it is the last stretch of its task, if it is there.
    pub last: Atom,
}

/// Collects the uses of every machine and renewable.
pub(super) fn lower(lowered: &mut Lowered<'_>, horizon: Value) {
    let problem = lowered.problem;
    lowered.uses = problem.resources().map(|_| Vec::new()).collect();
    for task in problem.tasks() {
        for LoweredMode { mode, interval } in lowered.tasks[task].modes.clone() {
            let needs = needs(lowered, mode);
            if needs.is_empty() || interval.duration == View::constant(0) {
                continue;
            }
            for whole in uses_of_mode(lowered, task, mode, interval, horizon) {
                for &(resource, demand) in &needs {
                    lowered.uses[resource].push(Use { demand, ..whole });
                }
            }
        }
    }
}

/// The stretches in which a mode uses what it needs.
fn uses_of_mode(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    mode: ModeId,
    interval: Interval,
    horizon: Value,
) -> Vec<Use> {
    let hold = lowered.problem.hold_of(task);
    let release = hold.map(|hold| match hold.buffer {
        Some(buffer) => buffers::leave(lowered, hold, buffer, mode, interval),
        None => release(lowered, task, hold.until, interval),
    });
    if let Some(uses) = stretches::of_mode(lowered, task, mode, interval, release, horizon) {
        return uses;
    }
    let length = interval.duration;
    let interval = match release {
        None => with_length(lowered, interval),
        Some(end) if end == interval.end => interval,
        Some(end) => with_duration(lowered, Interval { end, ..interval }),
    };
    let (first, last) = (Atom::TRUE, Atom::TRUE);
    vec![Use { task, mode, demand: 0, interval, whole: interval, length, first, last }]
}

/// What a mode needs of machines and renewables, each once.
fn needs(lowered: &Lowered<'_>, mode: ModeId) -> Vec<(ResourceId, Value)> {
    let mut needs: Vec<(ResourceId, Value)> = Vec::new();
    for need in lowered.problem.requirements(mode) {
        let demand = need.demand.get();
        match needs.iter_mut().find(|known| known.0 == need.resource) {
            Some(known) => known.1 += demand,
            None => needs.push((need.resource, demand)),
        }
    }
    needs.retain(|need| need.1 > 0 && lowered.problem.resource(need.0).comes_back());
    needs
}

/// When a mode gives away what it holds until a task starts.
fn release(lowered: &mut Lowered<'_>, task: TaskId, until: TaskId, mode: Interval) -> View {
    let next = lowered.tasks[until].interval;
    let history = lowered.both_done(task, until);
    if (mode.present, next.present, history) == (Atom::TRUE, Atom::TRUE, Atom::FALSE) {
        return next.start;
    }
    let trail = &lowered.engine.trail;
    let earliest = trail.lower(mode.end);
    let latest = trail.upper(mode.end).max(trail.upper(next.start)).max(earliest);
    if mode.end.is_constant() && next.start.is_constant() {
        let length = trail.lower(next.start).max(earliest);
        return View::constant(length);
    }
    let engine = &mut lowered.engine;
    let release = engine.optional_variable(earliest, latest, mode.present);
    if history == Atom::FALSE {
        engine.post_difference(mode.end, release, 0, Atom::TRUE);
        engine.post_difference(next.start, release, 0, next.present);
        engine.post_difference(release, next.start, 0, next.present);
        engine.post_difference(release, mode.end, 0, !next.present);
    } else {
        // What is history may have broken the rule that the next task starts later.
        let items = [(mode.end, mode.present), (next.start, next.present)];
        post_maximum(engine, release, &items, mode.present);
    }
    lowered.completion.push(release);
    release
}

/// The interval, there only if it has a length.
pub(super) fn with_length(lowered: &mut Lowered<'_>, interval: Interval) -> Interval {
    let trail = &lowered.engine.trail;
    if trail.lower(interval.duration) > 0 {
        return interval;
    }
    let present = lowered.all_of(&[interval.present, interval.duration.at_least(1)]);
    with_presence(lowered, interval, present)
}

/// The interval, there only with `present`, which says that it has a length.
pub(super) fn with_presence(
    lowered: &mut Lowered<'_>,
    interval: Interval,
    present: Atom,
) -> Interval {
    let copied = copy(lowered, interval, present);
    with_duration(lowered, Interval { duration: View::constant(1), ..copied })
}

/// The interval with times of its own, there only with `present`, which implies that the interval
/// is there.
pub(super) fn copy(lowered: &mut Lowered<'_>, interval: Interval, present: Atom) -> Interval {
    let mut copy = |view: View| {
        let engine = &mut lowered.engine;
        let (lower, upper) = (engine.trail.lower(view), engine.trail.upper(view));
        let own = engine.optional_variable(lower, upper, present);
        engine.post_difference(view, own, 0, present);
        engine.post_difference(own, view, 0, present);
        own
    };
    let (start, end) = (copy(interval.start), copy(interval.end));
    Interval { start, end, present, ..interval }
}

/// The interval with a duration that reaches to its end.
pub(super) fn with_duration(lowered: &mut Lowered<'_>, interval: Interval) -> Interval {
    let engine = &mut lowered.engine;
    let Interval { start, end, present, .. } = interval;
    let least = engine.trail.lower(interval.duration);
    if start.is_constant() && end.is_constant() {
        return Interval { duration: View::constant(end.offset - start.offset), ..interval };
    }
    let most = engine.trail.upper(end) - engine.trail.lower(start);
    let duration = engine.optional_variable(least, most.max(least), present);
    let terms = [(1, end), (-1, start), (-1, duration)];
    post_linear_equal(engine, &terms, 0, present);
    Interval { duration, ..interval }
}
