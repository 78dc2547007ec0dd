//! Machines: one use at a time, with an order for each pair.
//!
//! Where tasks give their machine away in breaks and stretches are many, these are looked at pair
//! by pair and by bounds.
//!
//! What is done may overlap with what is done: history is not judged. So uses of tasks that are
//! done stay out of the sequence of the machine, and each has an order with every other use by
//! itself.
//!
//! **Source:** see `ordine_cp::propagators::Sequence`.

use super::{Lowered, Pair, Use, batches, negation};
use ordine_cp::propagators::{Disjunctive, DisjunctiveParameters, SequenceParameters};
use ordine_cp::{Atom, Interval, Value, post_machine};
use ordine_problem::ResourceId;

/// Most uses of a machine with stretches that are a sequence.
const STRETCHES_MAX: usize = 120;

/// Posts a machine.
pub(super) fn lower(lowered: &mut Lowered<'_>, machine: ResourceId, horizon: Value) {
    let count = lowered.uses[machine].len();
    if lowered.over_bounds {
        return lower_over_bounds(lowered, machine);
    }
    lowered.before[machine] = vec![Atom::FALSE; count * count];
    match lowered.problem.resource(machine).batching {
        None => lower_sequence(lowered, machine),
        Some(batching) => {
            batches::lower(lowered, machine, batching, horizon);
            let is_open = |&it: &usize| lowered.done[lowered.uses[machine][it].task] == Atom::FALSE;
            let open: Vec<usize> = (0..count).filter(is_open).collect();
            lower_stretches(lowered, machine, &open);
        }
    }
    let is_open = |lowered: &Lowered<'_>, index: usize| {
        lowered.done[lowered.uses[machine][index].task] == Atom::FALSE
    };
    for second in 0..count {
        for first in 0..second {
            if !is_open(lowered, first) || !is_open(lowered, second) {
                let atom = lower_history(lowered, machine, first, second);
                set_order(lowered, machine, (first, second), atom);
            }
        }
    }
    lower_precedences(lowered, machine);
    push_pairs(lowered, machine);
}

/// The uses of a plain problem, whose precedences are posted elsewhere, never overlap.
fn lower_over_bounds(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let tasks: Vec<Interval> = lowered.uses[machine].iter().map(|it| it.interval).collect();
    if tasks.len() > 1 {
        let parameters = DisjunctiveParameters::default();
        lowered.engine.post(Box::new(Disjunctive::new(&tasks, parameters)));
    }
}

/// Tasks that are ordered anyway.
fn lower_precedences(lowered: &mut Lowered<'_>, machine: ResourceId) {
    for (i, j) in ordered(lowered, machine) {
        let before = lowered.order(machine, i, j);
        match before {
            Atom::FALSE => {
                // Stretches that can only be the other way round are not both there.
                let present = [i, j].map(|it| lowered.uses[machine][it].interval.present);
                lowered.engine.post_clause(&present.map(|it| !it));
            }
            before => lowered.engine.post_fact(before),
        }
        post_whole(lowered, machine, (i, j), 0);
    }
}

/// Pairs of uses whose tasks precedences put one after the other.
pub(super) fn ordered(lowered: &Lowered<'_>, machine: ResourceId) -> Vec<(usize, usize)> {
    let uses = &lowered.uses[machine];
    let pairs = (0..uses.len()).flat_map(|i| (0..uses.len()).map(move |j| (i, j)));
    let is_ordered = |&(i, j): &(usize, usize)| {
        uses[i].task != uses[j].task && lowered.ordered.has(uses[i].task, uses[j].task)
    };
    pairs.filter(is_ordered).collect()
}

/// For tasks of several stretches: the last of the first task lies before the first of the other,
/// wherever that is, with so much time in between.
pub(super) fn post_whole(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    (i, j): (usize, usize),
    gap: Value,
) {
    let uses = &lowered.uses[machine];
    let is_first = |index: usize| uses[..index].iter().all(|it| it.mode != uses[index].mode);
    let (one, other) = (uses[i], uses[j]);
    let is_whole = |it: &Use| (it.first, it.last) == (Atom::TRUE, Atom::TRUE);
    if is_first(i) && is_first(j) && !(is_whole(&one) && is_whole(&other)) {
        let both = lowered.all_of(&[one.whole.present, other.whole.present]);
        lowered.engine.post_difference(one.whole.end, other.whole.start, gap, both);
    }
}

fn set_order(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    (first, second): (usize, usize),
    atom: Atom,
) {
    let count = lowered.uses[machine].len();
    lowered.before[machine][first * count + second] = atom;
    lowered.before[machine][second * count + first] = negation(atom);
}

/// The uses of tasks that are not done never overlap.
fn lower_sequence(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let uses = &lowered.uses[machine];
    let is_open = |&index: &usize| lowered.done[uses[index].task] == Atom::FALSE;
    let open: Vec<usize> = (0..uses.len()).filter(is_open).collect();
    let is_whole =
        |&index: &usize| (uses[index].first, uses[index].last) == (Atom::TRUE, Atom::TRUE);
    let are_whole = open.iter().all(is_whole);
    let tasks: Vec<Interval> = open.iter().map(|&index| uses[index].interval).collect();
    if open.len() < 2 {
        return;
    }
    if !are_whole && open.len() > STRETCHES_MAX {
        let parameters = DisjunctiveParameters::default();
        lowered.engine.post(Box::new(Disjunctive::new(&tasks, parameters)));
        return lower_stretches(lowered, machine, &open);
    }
    let before = post_machine(&mut lowered.engine, &tasks, SequenceParameters::default());
    for (j, &second) in open.iter().enumerate() {
        for (i, &first) in open[..j].iter().enumerate() {
            let atom = before[i * open.len() + j];
            set_order(lowered, machine, (first, second), atom);
            let uses = &lowered.uses[machine];
            if uses[first].mode == uses[second].mode {
                lowered.engine.post_fact(atom);
            }
        }
    }
}

/// An order for each pair of uses that can meet.
fn lower_stretches(lowered: &mut Lowered<'_>, machine: ResourceId, open: &[usize]) {
    for (j, &second) in open.iter().enumerate() {
        for &first in &open[..j] {
            let uses = &lowered.uses[machine];
            let (one, other) = (uses[first].interval, uses[second].interval);
            let trail = &lowered.engine.trail;
            let goes_first =
                |one: Interval, other: Interval| trail.upper(one.end) <= trail.lower(other.start);
            let atom = match () {
                () if uses[first].task == uses[second].task => Atom::TRUE,
                () if goes_first(one, other) => Atom::TRUE,
                () if goes_first(other, one) => Atom::FALSE,
                () => {
                    let together = lowered.together(machine, uses[first].mode, uses[second].mode);
                    let before = lowered.engine.boolean();
                    post_apart(lowered, (one, other), before, together);
                    before
                }
            };
            set_order(lowered, machine, (first, second), atom);
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
    let together = lowered.together(machine, one.mode, other.mode);
    let excused = lowered.any_of(&[history, together]);
    post_apart(lowered, (from, to), before, excused);
    before
}

/// One use before another or the other way round, as `before` says, unless they are excused.
fn post_apart(
    lowered: &mut Lowered<'_>,
    (one, other): (Interval, Interval),
    before: Atom,
    excused: Atom,
) {
    let [forward, backward] = [before, !before].map(|it| lowered.all_of(&[it, !excused]));
    lowered.engine.post_difference(one.end, other.start, 0, forward);
    lowered.engine.post_difference(other.end, one.start, 0, backward);
}

fn push_pairs(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let uses = &lowered.uses[machine];
    for second in 0..uses.len() {
        for first in 0..second {
            let atom = lowered.before[machine][first * uses.len() + second];
            if atom != Atom::TRUE && atom != Atom::FALSE {
                let pair = [uses[first], uses[second]];
                let is_whole = |it: &Use| (it.first, it.last) == (Atom::TRUE, Atom::TRUE);
                lowered.pairs.push(Pair {
                    atom,
                    first: pair[0].interval,
                    second: pair[1].interval,
                    tasks: pair.map(|it| it.task),
                    modes: pair.map(|it| it.mode),
                    machine,
                    is_whole: pair.iter().all(is_whole),
                });
            }
        }
    }
}
