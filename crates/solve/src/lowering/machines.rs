//! Machines: one use at a time, with an order for each pair.
//!
//! What is done may overlap with what is done: history is not judged. So uses of tasks that are
//! done stay out of the sequence of the machine, and each has an order with every other use by
//! itself.
//!
//! **Source:** see `ordine_cp::propagators::Sequence`.

use super::{Lowered, Pair, Use};
use ordine_cp::propagators::SequenceParameters;
use ordine_cp::{Atom, Interval, post_machine};
use ordine_problem::ResourceId;

/// Posts a machine.
pub(super) fn lower(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let count = lowered.uses[machine].len();
    lowered.before[machine] = vec![Atom::FALSE; count * count];
    lower_sequence(lowered, machine);
    for second in 0..count {
        for first in 0..second {
            if lowered.order(machine, first, second) == Atom::FALSE {
                let atom = lower_history(lowered, machine, first, second);
                set_order(lowered, machine, (first, second), atom);
            }
        }
    }
    push_pairs(lowered, machine);
}

fn set_order(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    (first, second): (usize, usize),
    atom: Atom,
) {
    let count = lowered.uses[machine].len();
    lowered.before[machine][first * count + second] = atom;
    lowered.before[machine][second * count + first] = !atom;
}

/// The uses of tasks that are not done never overlap.
fn lower_sequence(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let uses = &lowered.uses[machine];
    let is_open = |&index: &usize| lowered.done[uses[index].task] == Atom::FALSE;
    let open: Vec<usize> = (0..uses.len()).filter(is_open).collect();
    if open.len() < 2 {
        return;
    }
    let tasks: Vec<Interval> = open.iter().map(|&index| uses[index].interval).collect();
    let before = post_machine(&mut lowered.engine, &tasks, SequenceParameters::default());
    for (j, &second) in open.iter().enumerate() {
        for (i, &first) in open[..j].iter().enumerate() {
            set_order(lowered, machine, (first, second), before[i * open.len() + j]);
        }
    }
}

/// The order of two uses of which one may be history.
fn lower_history(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    first: usize,
    second: usize,
) -> Atom {
    let (one, other) = (lowered.uses[machine][first], lowered.uses[machine][second]);
    if one.task == other.task {
        return Atom::TRUE;
    }
    let history = lowered.both_done(one.task, other.task);
    let (from, to) = (one.interval, other.interval);
    if history == Atom::TRUE {
        let key = |it: &Use| (it.interval.start.offset, it.interval.end.offset, it.task);
        return if key(&one) < key(&other) { Atom::TRUE } else { Atom::FALSE };
    }
    let before = lowered.engine.boolean();
    if history != Atom::FALSE {
        lowered.engine.post_difference(from.start, to.start, 0, before);
        lowered.engine.post_difference(to.start, from.start, 0, !before);
    }
    let [forward, backward] = [before, !before].map(|it| lowered.all_of(&[it, !history]));
    lowered.engine.post_difference(from.end, to.start, 0, forward);
    lowered.engine.post_difference(to.end, from.start, 0, backward);
    before
}

fn push_pairs(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let uses = &lowered.uses[machine];
    for second in 0..uses.len() {
        for first in 0..second {
            let atom = lowered.before[machine][first * uses.len() + second];
            if atom != Atom::TRUE && atom != Atom::FALSE {
                let (first, second) = (uses[first].interval, uses[second].interval);
                lowered.pairs.push(Pair { atom, first, second });
            }
        }
    }
}
