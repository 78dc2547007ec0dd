//! Times at which a task must not start, not end, or not run: a clause per interval.
//!
//! **Source:** -

use super::{Lowered, LoweredMode};
use ordine_base::Interval;
use ordine_cp::{Atom, Value, View};

/// Posts every forbidden time.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    for task in problem.tasks() {
        let data = problem.task(task);
        let interval = lowered.tasks[task].interval;
        let (start, end, present) = (interval.start, interval.end, interval.present);
        for &span in &data.forbidden_starts {
            let (from, to) = bounds(lowered, span);
            forbid(lowered, present, (start, from - 1), (start, to));
        }
        for &span in &data.forbidden_ends {
            let (from, to) = bounds(lowered, span);
            forbid(lowered, present, (end, from - 1), (end, to));
        }
        for mode in lowered.tasks[task].modes.clone() {
            let LoweredMode { interval, .. } = mode;
            // A task without length must not lie inside; another must not reach in.
            let reach = Value::from(interval.duration == View::constant(0));
            for &span in &data.forbidden_extents {
                let (from, to) = bounds(lowered, span);
                let early = (interval.end, from - reach);
                forbid(lowered, interval.present, early, (interval.start, to));
            }
        }
    }
}

fn bounds(lowered: &Lowered<'_>, span: Interval) -> (Value, Value) {
    (lowered.scale.exactly(span.start.get()), lowered.scale.exactly(span.end.get()))
}

/// `early ≤ its value` or `late ≥ its value`, if present.
fn forbid(lowered: &mut Lowered<'_>, present: Atom, early: (View, Value), late: (View, Value)) {
    let clause = [!present, early.0.at_most(early.1), late.0.at_least(late.1)];
    lowered.engine.post_clause(&clause);
}
