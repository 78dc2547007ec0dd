//! Blocking without swaps: transfers are ranked.
//!
//! A held task leaves its machines when the next one starts, which enters others. If machines were
//! exchanged in a circle at one instant, each transfer of the circle would enter what another one
//! leaves. So every transfer has a rank, above that of the transfer that left what it enters: ranks
//! in the order of time exist exactly when no instant has a circle, and no clock is asked. Circles
//! of transfers that are all history are not judged: between those, ranks may be equal.
//!
//! **Source:** Alessandro Mascis, Dario Pacciarelli, *Job-shop scheduling with blocking and no-wait
//! constraints* (2002): circles of length zero in the alternative graph.

use super::{Lowered, Use, history};
use ordine_base::IdVec;
use ordine_cp::{Atom, View};
use ordine_problem::{Hold, Problem, ResourceId, TaskId};

/// Posts the ranks where swaps are forbidden.
pub(super) fn lower(lowered: &mut Lowered<'_>, should_stop: &mut dyn FnMut() -> bool) {
    let problem = lowered.problem;
    let direct = problem.holds().iter().filter(|hold| hold.buffer.is_none());
    let holds: Vec<Hold> = direct.copied().collect();
    if problem.swaps_allowed() || holds.is_empty() {
        return;
    }
    let last = holds.len() as i64 - 1;
    let ranks: Vec<View> = holds.iter().map(|_| lowered.engine.variable(0, last)).collect();
    let holding: Vec<Transfer> = holds
        .iter()
        .zip(ranks)
        .map(|(&hold, rank)| Transfer { hold, rank, guards: transfers(lowered, hold) })
        .collect();
    let transfers = Transfers::new(problem, &holding);
    for machine in problem.resources().filter(|&id| problem.resource(id).is_machine()) {
        if should_stop() {
            return;
        }
        let count = lowered.uses[machine].len();
        for first in 0..count {
            for leaving in transfers.leaving(lowered.uses[machine][first].task) {
                for second in 0..count {
                    for entering in transfers.entering(lowered.uses[machine][second].task) {
                        if leaving.hold.task != entering.hold.task {
                            rank(lowered, machine, (first, leaving), (second, entering));
                        }
                    }
                }
            }
        }
    }
    for hold in holds {
        forbid_own_circle(lowered, hold);
    }
}

/// A hold that ends in a transfer, and its rank.
struct Transfer {
    hold: Hold,
    rank: View,
    /// Atoms that hold when there is a transfer.
    guards: Vec<Atom>,
}

/// Transfers by the task that they leave and by the one that they enter with.
struct Transfers<'a> {
    from: IdVec<TaskId, Vec<&'a Transfer>>,
    into: IdVec<TaskId, Vec<&'a Transfer>>,
}

impl<'a> Transfers<'a> {
    fn new(problem: &Problem, all: &'a [Transfer]) -> Self {
        let mut from: IdVec<TaskId, Vec<&Transfer>> = problem.tasks().map(|_| vec![]).collect();
        let mut into = from.clone();
        for transfer in all {
            from[transfer.hold.task].push(transfer);
            into[transfer.hold.until].push(transfer);
        }
        Transfers { from, into }
    }

    fn leaving(&self, task: TaskId) -> &[&'a Transfer] {
        &self.from[task]
    }

    fn entering(&self, task: TaskId) -> &[&'a Transfer] {
        &self.into[task]
    }
}

/// Where one transfer leaves the machine before another enters it, its rank is lower.
fn rank(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    (first, from): (usize, &Transfer),
    (second, into): (usize, &Transfer),
) {
    let (one, other) = (lowered.uses[machine][first], lowered.uses[machine][second]);
    if one.task == other.task {
        return;
    }
    let (leaving, entering) = (from.hold, into.hold);
    let before = lowered.order(machine, first, second);
    let (leaves, enters) = (one.interval.present, other.interval.present);
    let mut atoms = vec![before, leaves, enters, one.last, other.first];
    atoms.extend(&from.guards);
    atoms.extend(&into.guards);
    if lowered.both_done(one.task, other.task) != Atom::FALSE {
        // The order of what is done says nothing about time.
        let instants = [leaving.until, entering.until];
        let [left_at, entered_at] = instants.map(|it| lowered.tasks[it].interval.start);
        atoms.push(history::not_after(lowered, left_at, entered_at));
        atoms.push(history::not_after(lowered, entered_at, left_at));
    }
    let guard = lowered.all_of(&atoms);
    let done = lowered.both_done(entering.task, entering.until);
    let judged = lowered.all_of(&[guard, !done]);
    lowered.engine.post_difference(from.rank, into.rank, 1, judged);
    if done != Atom::FALSE {
        lowered.engine.post_difference(from.rank, into.rank, 0, guard);
    }
}

/// Atoms that hold when a hold ends in a transfer.
fn transfers(lowered: &mut Lowered<'_>, hold: Hold) -> Vec<Atom> {
    let mut atoms = vec![lasting(lowered, hold.task), lasting(lowered, hold.until)];
    if lowered.both_done(hold.task, hold.until) != Atom::FALSE {
        let (end, start) =
            (lowered.tasks[hold.task].interval.end, lowered.tasks[hold.until].interval.start);
        atoms.push(history::not_after(lowered, end, start));
    }
    atoms
}

/// A transfer from two machines to the same two is a circle by itself.
fn forbid_own_circle(lowered: &mut Lowered<'_>, hold: Hold) {
    let problem = lowered.problem;
    let needs_two =
        |task| problem.usable_modes(task).iter().any(|&mode| problem.requirements(mode).len() >= 2);
    if !needs_two(hold.task) || !needs_two(hold.until) {
        return;
    }
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
                    let done = lowered.both_done(hold.task, hold.until);
                    lowered.engine.post_clause(&[!from, !to, done]);
                }
            }
        }
    }
}

/// Whether a task is there and takes time.
fn lasting(lowered: &mut Lowered<'_>, task: TaskId) -> Atom {
    let mut lasting = Vec::new();
    for interval in lowered.tasks[task].modes.clone().into_iter().map(|it| it.interval) {
        if lowered.engine.trail.lower(interval.duration) > 0 {
            lasting.push(interval.present);
        } else if !interval.duration.is_constant() {
            lasting.push(lowered.all_of(&[interval.present, interval.duration.at_least(1)]));
        }
    }
    match lasting.len() == lowered.tasks[task].modes.len() && lasting.len() > 1 {
        true => lowered.tasks[task].interval.present,
        false => lowered.any_of(&lasting),
    }
}
