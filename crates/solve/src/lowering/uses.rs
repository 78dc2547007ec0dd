//! When modes use machines and renewables: from the start to the release.
//!
//! The release is the end, or the start of the task until which a task holds what it uses. A mode
//! that takes no time uses nothing. Where a task and the one that it holds for are always there,
//! the use ends in the very variable of that start; else it has a release of its own.
//!
//! **Source:** Alessandro Mascis, Dario Pacciarelli (2002), for blocking as an interval that
//! reaches to the next start.

use super::{Lowered, LoweredMode};
use ordine_cp::propagators::post_linear_equal;
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
}

/// Collects the uses of every machine and renewable.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    lowered.uses = problem.resources().map(|_| Vec::new()).collect();
    for task in problem.tasks() {
        for LoweredMode { mode, interval } in lowered.tasks[task].modes.clone() {
            let needs = needs(lowered, mode);
            if needs.is_empty() || interval.duration == View::constant(0) {
                continue;
            }
            let interval = until_release(lowered, task, interval);
            for (resource, demand) in needs {
                lowered.uses[resource].push(Use { task, mode, demand, interval });
            }
        }
    }
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

/// The interval of a mode, and until when it holds what it uses.
fn until_release(lowered: &mut Lowered<'_>, task: TaskId, mode: Interval) -> Interval {
    let hold = lowered.problem.hold_of(task).filter(|hold| hold.buffer.is_none());
    let Some(hold) = hold else { return mode };
    let until = lowered.tasks[hold.until].interval;
    if (mode.present, until.present) == (Atom::TRUE, Atom::TRUE) {
        return with_end(lowered, Interval { end: until.start, ..mode });
    }
    let engine = &mut lowered.engine;
    let earliest = engine.trail.lower(mode.end);
    let latest = engine.trail.upper(mode.end).max(engine.trail.upper(until.start));
    let release = engine.optional_variable(earliest, latest.max(earliest), mode.present);
    engine.post_difference(mode.end, release, 0, Atom::TRUE);
    engine.post_difference(until.start, release, 0, until.present);
    engine.post_difference(release, until.start, 0, until.present);
    engine.post_difference(release, mode.end, 0, !until.present);
    lowered.completion.push(release);
    with_end(lowered, Interval { end: release, ..mode })
}

/// The interval with a duration that reaches to its end.
fn with_end(lowered: &mut Lowered<'_>, interval: Interval) -> Interval {
    let engine = &mut lowered.engine;
    let Interval { start, end, present, .. } = interval;
    let least = engine.trail.lower(interval.duration);
    let most = engine.trail.upper(end) - engine.trail.lower(start);
    let duration = engine.optional_variable(least, most.max(least), present);
    let terms = [(1, end), (-1, start), (-1, duration)];
    post_linear_equal(engine, &terms, 0, present);
    Interval { duration, ..interval }
}
