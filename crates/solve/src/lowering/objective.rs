//! The objective: one variable per level.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979.

use super::Lowered;
use ordine_cp::{Atom, Value};

/// Adds the value of each level.
pub(super) fn lower(lowered: &mut Lowered<'_>, horizon: Value) {
    let makespan = lowered.engine.variable(0, horizon.max(0));
    for task in lowered.tasks.values() {
        lowered.engine.post_difference(task.interval.end, makespan, 0, Atom::TRUE);
    }
    lowered.completion.push(makespan);
    lowered.levels.push(makespan);
}
