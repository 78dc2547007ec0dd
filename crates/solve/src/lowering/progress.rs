//! How far tasks have come: which are done, as atoms.
//!
//! A task that spans others counts as done when one of its children is there and all that are there
//! are done; whether that is so can depend on which of them are left out.
//!
//! **Source:** decision record 0004.

use super::Lowered;
use ordine_base::IdVec;
use ordine_cp::Atom;
use ordine_problem::TaskId;

/// Finds, for each task, "it is done, if it is there".
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    let own = |task: TaskId| problem.task(task).status.is_done();
    let of_own = |task| if own(task) { Atom::TRUE } else { Atom::FALSE };
    lowered.done = problem.tasks().map(of_own).collect();
    if !lowered.done.values().any(|&done| done == Atom::TRUE) {
        return;
    }
    let mut settled: IdVec<TaskId, bool> =
        problem.tasks().map(|task| problem.span_of(task).is_none()).collect();
    // Spans are trees: each round settles those whose children are.
    for _ in problem.spans() {
        for span in problem.spans() {
            let ready = span.children.iter().all(|&child| settled[child]);
            if settled[span.parent] || !ready {
                continue;
            }
            let fine: Vec<Atom> = span
                .children
                .iter()
                .map(|&child| {
                    let absent = !lowered.tasks[child].interval.present;
                    lowered.any_of(&[absent, lowered.done[child]])
                })
                .collect();
            lowered.done[span.parent] = lowered.all_of(&fine);
            settled[span.parent] = true;
        }
    }
}
