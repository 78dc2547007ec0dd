//! Times at which a task must not start, not end, or not run: a clause per interval.
//!
//! **Source:** -

use super::Lowered;
use ordine_base::Interval;
use ordine_cp::{Atom, View};

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
        for &span in &data.forbidden_extents {
            let (from, to) = bounds(lowered, span);
            // A task without length must not lie inside.
            let is_empty = interval.duration.is_constant() && interval.duration.offset == 0;
            let last = if is_empty { from - 1 } else { from };
            forbid(lowered, present, (end, last), (start, to));
        }
    }
}

fn bounds(lowered: &Lowered<'_>, span: Interval) -> (i64, i64) {
    (lowered.scale.exactly(span.start.get()), lowered.scale.exactly(span.end.get()))
}

/// `early ≤ its value` or `late ≥ its value`, if present.
fn forbid(lowered: &mut Lowered<'_>, present: Atom, early: (View, i64), late: (View, i64)) {
    let clause = [!present, early.0.at_most(early.1), late.0.at_least(late.1)];
    lowered.engine.post_clause(&clause);
}
