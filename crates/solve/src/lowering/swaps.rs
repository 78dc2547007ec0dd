//! Blocking without swaps: transfers are ranked.
//!
//! A held task leaves its machines when the next one starts, which enters others. If machines were
//! exchanged in a circle at one instant, each transfer of the circle would enter what another one
//! leaves. So every transfer has a rank, above that of the transfer that left what it enters: ranks
//! in the order of time exist exactly when no instant has a circle, and no clock is asked.
//!
//! **Source:** Alessandro Mascis, Dario Pacciarelli, *Job-shop scheduling with blocking and no-wait
//! constraints* (2002): circles of length zero in the alternative graph.

use super::{Lowered, Use};
use ordine_cp::{Atom, View};
use ordine_problem::{Hold, ResourceId, TaskId};

/// Posts the ranks where swaps are forbidden.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    let direct = problem.holds().iter().filter(|hold| hold.buffer.is_none());
    let holds: Vec<Hold> = direct.copied().collect();
    if problem.swaps_allowed() || holds.is_empty() {
        return;
    }
    let last = holds.len() as i64 - 1;
    let ranks: Vec<View> = holds.iter().map(|_| lowered.engine.variable(0, last)).collect();
    for machine in problem.resources().filter(|&id| problem.resource(id).is_machine()) {
        for (leaving, &left) in holds.iter().zip(&ranks) {
            for (entering, &entered) in holds.iter().zip(&ranks) {
                if leaving.task != entering.task {
                    rank(lowered, machine, (*leaving, left), (*entering, entered));
                }
            }
        }
    }
    for hold in holds {
        forbid_own_circle(lowered, hold);
    }
}

/// Where one transfer leaves the machine before another enters it, its rank is lower.
fn rank(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    (leaving, left): (Hold, View),
    (entering, entered): (Hold, View),
) {
    let there = [lasting(lowered, leaving.until), lasting(lowered, entering.task)];
    for first in 0..lowered.uses[machine].len() {
        for second in 0..lowered.uses[machine].len() {
            let (one, other) = (lowered.uses[machine][first], lowered.uses[machine][second]);
            if one.task != leaving.task || other.task != entering.until || one.task == other.task {
                continue;
            }
            let before = lowered.order(machine, first, second);
            let present = [one.interval.present, other.interval.present];
            let guard = lowered.all_of(&[&[before][..], &present, &there].concat());
            lowered.engine.post_difference(left, entered, 1, guard);
        }
    }
}

/// A transfer from two machines to the same two is a circle by itself.
fn forbid_own_circle(lowered: &mut Lowered<'_>, hold: Hold) {
    let problem = lowered.problem;
    let machines = problem.resources().filter(|&id| problem.resource(id).is_machine());
    let machines: Vec<ResourceId> = machines.collect();
    for (place, &machine) in machines.iter().enumerate() {
        for &other in &machines[..place] {
            let both = |task: TaskId| -> Vec<Atom> {
                let shared = |it: &&Use| {
                    it.task == task && lowered.uses[other].iter().any(|two| two.mode == it.mode)
                };
                let uses = lowered.uses[machine].iter().filter(shared);
                uses.map(|it| it.interval.present).collect()
            };
            let (leaves, enters) = (both(hold.task), both(hold.until));
            for &from in &leaves {
                for &to in &enters {
                    lowered.engine.post_clause(&[!from, !to]);
                }
            }
        }
    }
}

/// Whether a task is there and takes time.
fn lasting(lowered: &mut Lowered<'_>, task: TaskId) -> Atom {
    let modes = &lowered.tasks[task].modes;
    let (instant, lasting): (Vec<_>, Vec<_>) =
        modes.iter().map(|it| it.interval).partition(|it| it.duration == View::constant(0));
    match (&instant[..], &lasting[..]) {
        ([], _) => lowered.tasks[task].interval.present,
        (_, []) => Atom::FALSE,
        _ => {
            let of_modes: Vec<Atom> = lasting.iter().map(|it| it.present).collect();
            lowered.any_of(&of_modes)
        }
    }
}
