//! Precedences: arcs of the temporal graph, two where there is a largest gap.
//!
//! One between two tasks that are done is history. One with a penalty is a wish: see `wishes`.
//!
//! **Source:** Elmaghraby, Kamburowski 1992.

use super::{Lowered, negation};
use ordine_cp::{Atom, View};
use ordine_problem::Precedence;

/// Posts every precedence that must hold.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    for precedence in problem.precedences().values().filter(|it| it.penalty.is_none()) {
        let (before, after) = points(lowered, precedence);
        let lag = lowered.scale.exactly(precedence.lag.get());
        let is_judged = negation(lowered.both_done(precedence.before, precedence.after));
        if is_judged == Atom::FALSE {
            continue;
        }
        lowered.engine.post_difference(before, after, lag, is_judged);
        if let Some(most) = precedence.lag_max {
            let most = lowered.scale.exactly(most.get());
            lowered.engine.post_difference(after, before, -most, is_judged);
        }
    }
}

/// The points that a precedence relates.
pub(super) fn points(lowered: &Lowered<'_>, precedence: &Precedence) -> (View, View) {
    let before = lowered.tasks[precedence.before].interval;
    let after = lowered.tasks[precedence.after].interval;
    (
        if precedence.kind.leaves_end() { before.end } else { before.start },
        if precedence.kind.enters_start() { after.start } else { after.end },
    )
}
