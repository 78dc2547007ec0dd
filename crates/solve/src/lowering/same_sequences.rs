//! Machines that follow one order of jobs: jobs have positions.
//!
//! Where a task of one job starts before one of another on a machine of the group, the position of
//! its job is lower; so positions exist exactly when one order of jobs explains all machines. Two
//! tasks that are done only forbid the opposite order, since a circle of history is not judged.
//!
//! **Source:** same sequence of PyJobShop; decision record 0004.

use super::{Lowered, Use};
use ordine_base::IdVec;
use ordine_cp::{Atom, View};
use ordine_problem::{JobId, ResourceId};

/// Posts every group of machines.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    for group in problem.same_sequences() {
        let last = problem.jobs().len() as i64 - 1;
        let positions: IdVec<JobId, View> =
            problem.jobs().map(|_| lowered.engine.variable(0, last.max(0))).collect();
        for &machine in &group.machines {
            for first in lowered.uses[machine].clone() {
                for second in lowered.uses[machine].clone() {
                    order(lowered, &positions, machine, &first, &second);
                }
            }
        }
    }
}

/// `first` starts before `second`, or its job does not go first.
fn order(
    lowered: &mut Lowered<'_>,
    positions: &IdVec<JobId, View>,
    machine: ResourceId,
    first: &Use,
    second: &Use,
) {
    let problem = lowered.problem;
    let job = |it: &Use| problem.task(it.task).job;
    let (Some(job), Some(other)) = (job(first), job(second)) else { return };
    if job == other {
        return;
    }
    let place = |it: &Use| {
        let same = |known: &Use| (known.mode, known.interval) == (it.mode, it.interval);
        lowered.uses[machine].iter().position(same).expect("it is one of them")
    };
    let before = lowered.order(machine, place(first), place(second));
    let (one, two) = (first.interval.present, second.interval.present);
    let goes_first = [before, one, two, first.first, second.first];
    let history = lowered.both_done(first.task, second.task);
    let guard = lowered.all_of(&[&goes_first[..], &[!history]].concat());
    lowered.engine.post_difference(positions[job], positions[other], 1, guard);
    if history != Atom::FALSE {
        let guard = lowered.all_of(&[&goes_first[..], &[history]].concat());
        lowered.engine.post_difference(positions[job], positions[other], 0, guard);
    }
}
