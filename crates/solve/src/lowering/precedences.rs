//! Precedences: arcs of the temporal graph, two where there is a largest gap.
//!
//! **Source:** Elmaghraby, Kamburowski 1992.

use super::{Lowered, LoweredTask};
use ordine_cp::{Atom, View};

/// Posts every precedence.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for precedence in lowered.problem.precedences().values() {
        let before = point(&lowered.tasks[precedence.before], precedence.kind.leaves_end());
        let after = point(&lowered.tasks[precedence.after], !precedence.kind.enters_start());
        let lag = lowered.scale.exactly(precedence.lag.get());
        let lag_max = precedence.lag_max.map(|lag| lowered.scale.exactly(lag.get()));
        lowered.engine.post_difference(before, after, lag, Atom::TRUE);
        if let Some(lag) = lag_max {
            lowered.engine.post_difference(after, before, -lag, Atom::TRUE);
        }
    }
}

fn point(task: &LoweredTask, is_end: bool) -> View {
    if is_end { task.interval.end } else { task.interval.start }
}
