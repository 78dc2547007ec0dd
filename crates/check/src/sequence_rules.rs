//! Rules that forbid circles: machines that follow one order of jobs, and transfers of one instant.
//!
//! A circle is judged when one of its arcs joins tasks that are not both over. O(n log n) for n
//! uses.
//!
//! **Source:** one order exists when the union of the sequences has no circle; swaps: Mascis,
//! Pacciarelli 2002; decision record 0004.

use crate::Violation;
use crate::cycles::components;
use crate::judge::Case;
use crate::turns;
use ordine_base::{Id, Time};
use ordine_problem::{Hold, JobId, ResourceId, ResourceKind, TaskId};
use std::collections::BTreeSet;

/// Machines of a group follow one order of jobs. Tells of the first arc of each circle.
pub(crate) fn same_sequence(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for (sequence, group) in case.problem.same_sequences().iter().enumerate() {
        let mut arcs: Vec<(JobId, JobId, ResourceId, bool)> = Vec::new();
        for &machine in &group.machines {
            arcs.extend(arcs_of_machine(case, machine));
        }
        let ends: Vec<(usize, usize)> =
            arcs.iter().map(|it| (it.0.index(), it.1.index())).collect();
        let component = components(case.problem.jobs().len(), &ends);
        let on_circle = |it: &&(JobId, JobId, ResourceId, bool)| {
            !it.3 && component[it.0.index()] == component[it.1.index()]
        };
        let mut told = BTreeSet::new();
        for &(first, second, machine, _) in arcs.iter().filter(on_circle) {
            if told.insert(component[first.index()]) {
                violations.push(Violation::SameSequence { sequence, machine, first, second });
            }
        }
    }
}

/// Pairs of jobs that follow one another on a machine, and whether both tasks are over.
fn arcs_of_machine(case: &Case<'_>, machine: ResourceId) -> Vec<(JobId, JobId, ResourceId, bool)> {
    let mut seen = BTreeSet::new();
    let turns = turns::turns(case, machine).into_iter();
    let with_job = turns.filter_map(|turn| {
        let job = case.problem.task(turn.task).job?;
        seen.insert(turn.task).then_some((job, turn.done))
    });
    let jobs: Vec<(JobId, bool)> = with_job.collect();
    let pairs = jobs.windows(2).filter(|pair| pair[0].0 != pair[1].0);
    pairs.map(|pair| (pair[0].0, pair[1].0, machine, pair[0].1 && pair[1].1)).collect()
}

/// A task that leaves a machine for another at one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Transfer {
    time: Time,
    from: ResourceId,
    to: ResourceId,
    task: TaskId,
    done: bool,
}

/// Where swaps are forbidden, the transfers of one instant form no circle. What can wait in a
/// buffer can step aside, and takes no part.
pub(crate) fn swap(case: &Case<'_>, violations: &mut Vec<Violation>) {
    if case.problem.swaps_allowed() {
        return;
    }
    let direct = case.problem.holds().iter().filter(|hold| hold.buffer.is_none());
    let mut transfers: Vec<Transfer> = direct.flat_map(|&hold| transfers(case, hold)).collect();
    transfers.sort_unstable();
    for at_once in transfers.chunk_by(|left, right| left.time == right.time) {
        let mut machines: Vec<ResourceId> =
            at_once.iter().flat_map(|it| [it.from, it.to]).collect();
        machines.sort_unstable();
        machines.dedup();
        let place = |id: ResourceId| machines.partition_point(|&other| other < id);
        let arcs: Vec<(usize, usize)> =
            at_once.iter().map(|it| (place(it.from), place(it.to))).collect();
        let component = components(machines.len(), &arcs);
        let mut told = BTreeSet::new();
        for (it, &(from, to)) in at_once.iter().zip(&arcs) {
            let is_on_circle = component[from] == component[to] && !it.done;
            if is_on_circle && told.insert(component[from]) {
                let (machine, task, time) = (it.from, it.task, it.time);
                violations.push(Violation::Swap { machine, task, time });
            }
        }
    }
}

fn transfers(case: &Case<'_>, Hold { task, until, .. }: Hold) -> Vec<Transfer> {
    let placements = (case.with_length(task), case.with_length(until));
    let (Some(leaving), Some(coming)) = placements else { return Vec::new() };
    if coming.start < leaving.end {
        return Vec::new();
    }
    let machines = |mode| {
        let needs = case.problem.requirements(mode).iter().map(|need| need.resource);
        needs.filter(|&id| case.problem.resource(id).kind == ResourceKind::Machine)
    };
    let (time, done) = (coming.start, case.done[task] && case.done[until]);
    let mut transfers = Vec::new();
    for from in machines(leaving.mode) {
        for to in machines(coming.mode).filter(|&to| to != from) {
            transfers.push(Transfer { time, from, to, task, done });
        }
    }
    transfers
}
