//! Order atoms across resources: for tasks that can never run together, whichever of several
//! resources says so.
//!
//! Each pair that [`Disjoint`] holds gets one Boolean for its order and two arcs, like the pairs of
//! a machine; where the order is known it is [`Atom::TRUE`]. Pairs with a known order count as
//! disjoint too, so that the maximal cliques of all of them are as large as they can be; on each a
//! [`Sequence`] is posted.
//!
//! **Source:** Philippe Baptiste, Claude Le Pape, Wim Nuijten, *Constraint-based scheduling*
//! (2001), section 5.

use crate::atom::{Atom, Interval, Value};
use crate::engine::Engine;
use crate::machine::post_order;
use crate::propagators::{Disjoint, Sequence, SequenceParameters};
use rustc_hash::FxHashMap;

/// How orders are posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderParameters {
    /// Post what machines infer on cliques of disjoint tasks, Baptiste et al. (2001).
    pub cliques: bool,
    /// Tasks of the smallest clique that is posted; two are an order and nothing more.
    pub members_min: usize,
    /// What machines infer.
    pub sequence: SequenceParameters,
}

impl Default for OrderParameters {
    fn default() -> Self {
        let sequence = SequenceParameters::default();
        OrderParameters { cliques: true, members_min: 3, sequence }
    }
}

/// Which tasks are known to end before others start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedences {
    words: usize,
    rows: Vec<u64>,
}

impl Precedences {
    /// The transitive closure of `arcs` over so many tasks. O(n³/64).
    ///
    /// # Panics
    /// When a task is out of range.
    pub fn new(count: usize, arcs: &[(usize, usize)]) -> Self {
        let words = count.div_ceil(64);
        let mut rows = vec![0_u64; count * words];
        for &(first, second) in arcs {
            assert!(first < count && second < count, "a task out of range");
            rows[first * words + second / 64] |= 1 << (second % 64);
        }
        let mut through = vec![0; words];
        for middle in 0..count {
            through.copy_from_slice(&rows[middle * words..(middle + 1) * words]);
            for row in rows.chunks_mut(words.max(1)) {
                if row[middle / 64] >> (middle % 64) & 1 == 1 {
                    row.iter_mut().zip(&through).for_each(|(word, other)| *word |= other);
                }
            }
        }
        Precedences { words, rows }
    }

    /// Whether one task is known to end before another starts.
    pub fn contains(&self, first: usize, second: usize) -> bool {
        self.rows[first * self.words + second / 64] >> (second % 64) & 1 == 1
    }
}

/// The order atoms of disjoint tasks.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    atoms: FxHashMap<(u32, u32), Atom>,
    /// One atom for each pair whose order is open, in the order of the tasks.
    pub open: Vec<Atom>,
}

impl Orders {
    /// "The first ends before the second starts, if both are there", if there is such an atom.
    pub fn before(&self, first: usize, second: usize) -> Option<Atom> {
        self.atoms.get(&(first as u32, second as u32)).copied()
    }

    fn set(&mut self, first: usize, second: usize, atom: Atom) {
        self.atoms.insert((first as u32, second as u32), atom);
        self.atoms.insert((second as u32, first as u32), !atom);
    }
}

/// Posts an order of each pair of disjoint tasks, and what cliques of them imply.
///
/// Tasks that may take no time keep no order: two of them may lie at one instant.
///
/// # Panics
/// When there are not as many tasks as `disjoint` speaks of.
pub fn post_orders(
    engine: &mut Engine,
    tasks: &[Interval],
    disjoint: &Disjoint,
    precedences: &Precedences,
    parameters: &OrderParameters,
) -> Orders {
    assert_eq!(tasks.len(), disjoint.len(), "as many tasks as the pairs speak of");
    let work: Vec<Value> = tasks.iter().map(|task| engine.trail.lower(task.duration)).collect();
    let mut orders = Orders::default();
    let mut all = Disjoint::new(tasks.len());
    for second in 0..tasks.len() {
        for first in 0..second {
            if work[first] == 0 || work[second] == 0 {
                continue;
            }
            if precedences.contains(first, second) {
                orders.set(first, second, Atom::TRUE);
            } else if precedences.contains(second, first) {
                orders.set(second, first, Atom::TRUE);
            } else if disjoint.contains(first, second) {
                let atom = engine.boolean();
                orders.set(first, second, atom);
                orders.open.push(atom);
                post_order(engine, tasks[first], tasks[second], atom);
                post_order(engine, tasks[second], tasks[first], !atom);
            } else {
                continue;
            }
            all.add(first, second);
        }
    }
    if parameters.cliques {
        for clique in all.maximal_cliques(&work) {
            post_clique(engine, tasks, &orders, &clique, parameters);
        }
    }
    orders
}

/// A machine for a clique in which some order is open.
fn post_clique(
    engine: &mut Engine,
    tasks: &[Interval],
    orders: &Orders,
    clique: &[usize],
    parameters: &OrderParameters,
) {
    let mut before = Vec::with_capacity(clique.len() * clique.len());
    for &first in clique {
        for &second in clique {
            let atom = orders.before(first, second).unwrap_or(Atom::FALSE);
            before.push(atom);
        }
    }
    let is_open = |&atom: &Atom| !engine.trail.is_true(atom) && !engine.trail.is_false(atom);
    if clique.len() >= parameters.members_min && before.iter().any(is_open) {
        let members: Vec<Interval> = clique.iter().map(|&task| tasks[task]).collect();
        engine.post(Box::new(Sequence::new(&members, before, parameters.sequence.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::View;

    #[test]
    fn precedences_are_transitive() {
        let known = Precedences::new(70, &[(0, 69), (69, 3), (3, 5), (8, 0)]);
        assert!(known.contains(8, 5) && known.contains(0, 3) && !known.contains(5, 8));
    }

    #[test]
    fn a_clique_across_resources_refutes_what_no_pair_does() {
        // Three tasks of 2 ticks within 5 ticks, pairwise disjoint on three resources.
        let post = |cliques: bool| {
            let mut engine = Engine::default();
            let tasks: Vec<Interval> = (0..3)
                .map(|_| {
                    let start = engine.variable(0, 3);
                    let duration = View::constant(2);
                    Interval { start, duration, end: start + 2, present: Atom::TRUE }
                })
                .collect();
            let mut disjoint = Disjoint::new(3);
            for pair in [(0, 1), (1, 2), (2, 0)] {
                disjoint.add_resource(&[(pair.0, 2), (pair.1, 2)], 3);
            }
            let known = Precedences::new(3, &[]);
            let parameters = OrderParameters { cliques, ..OrderParameters::default() };
            let orders = post_orders(&mut engine, &tasks, &disjoint, &known, &parameters);
            assert_eq!(orders.open.len(), 3);
            engine.fix_point().is_ok()
        };
        assert!(post(false) && !post(true));
    }
}
