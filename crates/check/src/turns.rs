//! The sequence of a machine: one turn after the other, each of a task or of a batch.
//!
//! Turns are ordered by start. A task that gives the machine away in its breaks has a turn before
//! and a turn after whatever runs in between. O(n log n) for n uses.
//!
//! **Source:** decision record 0004.

use crate::judge::Case;
use crate::occupation::Group;
use ordine_base::Time;
use ordine_problem::{FamilyId, Problem, ResourceId, TaskId};

/// Uses of a machine that follow one another without any other between them.
pub(crate) struct Turn {
    group: Group,
    pub(crate) start: Time,
    pub(crate) end: Time,
    /// The first of its tasks.
    pub(crate) task: TaskId,
    /// Whether all its tasks are over.
    pub(crate) done: bool,
}

/// The turns of a machine, by start.
pub(crate) fn turns(case: &Case<'_>, machine: ResourceId) -> Vec<Turn> {
    let mut uses = case.uses[machine].clone();
    uses.sort_unstable_by_key(|it| (it.start, it.end, it.task));
    let mut turns: Vec<Turn> = Vec::new();
    for it in uses {
        match turns.last_mut().filter(|turn| turn.group == it.group) {
            Some(turn) => {
                turn.end = turn.end.max(it.end);
                turn.task = turn.task.min(it.task);
                turn.done &= it.done;
            }
            None => {
                let (start, end) = (it.start, it.end);
                turns.push(Turn { group: it.group, start, end, task: it.task, done: it.done });
            }
        }
    }
    turns
}

/// Time and cost of the setup of a machine from one family to another.
pub(crate) fn setup(
    problem: &Problem,
    machine: ResourceId,
    from: Option<FamilyId>,
    to: Option<FamilyId>,
) -> (i128, i128) {
    match (problem.resource(machine).setup, from, to) {
        (Some(setup), Some(from), Some(to)) => {
            let setup = &problem.setups()[setup];
            (i128::from(setup.time(from, to).get()), i128::from(setup.cost(from, to)))
        }
        _ => (0, 0),
    }
}
