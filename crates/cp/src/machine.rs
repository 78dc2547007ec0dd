//! Posting a machine: order atoms for all pairs, arcs, and the sequence propagator.
//!
//! **Source:** see `propagators::sequence`.

use crate::atom::{Atom, Interval};
use crate::engine::Engine;
use crate::propagators::{Sequence, SequenceParameters};

/// Posts that the tasks do not overlap, with one Boolean for the order of each pair; returns
/// `before[i * n + j]`, "i before j if both are there".
///
/// Tasks of no duration take no part: drop them before. O(n²) Booleans.
pub fn post_machine(
    engine: &mut Engine,
    tasks: &[Interval],
    parameters: SequenceParameters,
) -> Vec<Atom> {
    let count = tasks.len();
    let mut before = vec![Atom::FALSE; count * count];
    for i in 0..count {
        for j in 0..i {
            let atom = engine.boolean();
            before[j * count + i] = atom;
            before[i * count + j] = !atom;
            post_order(engine, tasks[j], tasks[i], atom);
            post_order(engine, tasks[i], tasks[j], !atom);
        }
    }
    engine.post(Box::new(Sequence::new(tasks, before.clone(), parameters)));
    before
}

/// While `guard`: the first ends before the second starts.
pub(crate) fn post_order(engine: &mut Engine, first: Interval, second: Interval, guard: Atom) {
    if first.end.side == first.start.side {
        let duration = first.end.offset - first.start.offset;
        engine.post_difference(first.start, second.start, duration, guard);
    } else {
        engine.post_difference(first.end, second.start, 0, guard);
    }
}
