//! Length of a circuit through all nodes: a bound from 1-trees, and the arcs that it excludes.
//!
//! A tour without node 0 is a tree; with the two arcs of node 0 it is a *1-tree*: every node has
//! two arcs. Potentials π change the length of arc (i, j) to `c + π_i + π_j`, all tours alike by 2
//! Σ π, but not the shortest 1-tree, so that `min 1-tree − 2 Σ π` is a lower bound for every π.
//! Potentials are found once, by subgradients, before the search; then each call is a run of
//! Kruskal's rule over the arcs in their fixed order, O(arcs + nodes²). An arc whose exchange
//! against the longest arc of its cycle passes the upper bound is false.
//!
//! Reasons: arcs that are false and shorter than what the tree took instead, as far as the slack of
//! the bound does not pay for them (the gains of a matroid are submodular: their sum is enough),
//! and arcs that the tree would not have taken by itself.
//!
//! **Source:** Michael Held, Richard Karp, *The traveling-salesman problem and minimum spanning
//! trees* (1970, 1971); Ton Volgenant, Roy Jonker (1982) for the steps; Pascal Benchimol et al.,
//! *Improved filtering for weighted circuit constraints* (2012); reasons are ours.

use super::circuit::CircuitArc;
use super::linear::post_linear_equal;
use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};

/// Lengths are scaled by this, so that potentials are integers.
const SCALE: Value = 1 << 10;
/// Largest sum of scaled lengths.
const SUM_MAX: i128 = 1 << 60;
/// What a note of the bound speaks of; others speak of an arc.
const BOUND: Value = -1;

/// Length of a note: what, position at which the call began.
const NOTE: usize = 2;

/// The 1-tree bound on the length of a circuit.
#[derive(Debug)]
pub struct CircuitLength {
    nodes: usize,
    /// The shortest first, potentials included.
    arcs: Vec<CircuitArc>,
    /// Scaled, potentials included.
    costs: Vec<Value>,
    /// As the user gave them.
    lengths: Vec<Value>,
    /// 2 Σ π.
    offset: Value,
    length: View,
    tree: Tree,
}

/// How an arc stands: chosen, refused, or open.
type Standing = Option<bool>;

/// A 1-tree, and what an arc would be exchanged against.
#[derive(Clone, Debug, Default)]
struct Tree {
    /// Arcs that it took, and whether they were forced.
    taken: Vec<(usize, bool)>,
    cost: Value,
    parents: Vec<usize>,
    neighbors: Vec<Vec<(usize, Value)>>,
    /// By pair of nodes: cost of the dearest arc between them that was not forced.
    dearest: Vec<Value>,
    stack: Vec<(usize, usize, Value)>,
}

/// Posts `length = Σ lengths of the chosen arcs`, which form a circuit through all nodes; the
/// circuit is posted by itself.
///
/// # Panics
/// When there is not a length for each arc, or their sum can pass 2^61.
pub fn post_circuit_length(
    engine: &mut Engine,
    nodes: usize,
    arcs: &[CircuitArc],
    lengths: &[Value],
    length: View,
) {
    assert_eq!(arcs.len(), lengths.len(), "a length for each arc");
    let mut terms: Vec<(Value, View)> =
        arcs.iter().zip(lengths).map(|(arc, &it)| (it, arc.chosen.as_view())).collect();
    terms.push((-1, length));
    post_linear_equal(engine, &terms, 0, Atom::TRUE);
    let longest = lengths.iter().map(|it| i128::from(it.abs())).max().unwrap_or(0);
    let fits = longest * i128::from(SCALE) * 8 * (nodes as i128 + 1) <= SUM_MAX;
    let visits_all = arcs.iter().all(|arc| arc.from != arc.to);
    if nodes > 2 && visits_all && fits {
        engine.post(Box::new(CircuitLength::new(nodes, arcs, lengths, length)));
    }
}

impl CircuitLength {
    fn new(nodes: usize, arcs: &[CircuitArc], lengths: &[Value], length: View) -> Self {
        let mut tree = Tree::default();
        let potentials = potentials(nodes, arcs, lengths, &mut tree);
        let cost = |index: usize| {
            let arc = arcs[index];
            SCALE * lengths[index] + potentials[arc.from] + potentials[arc.to]
        };
        let mut order: Vec<usize> = (0..arcs.len()).collect();
        order.sort_by_key(|&index| cost(index));
        CircuitLength {
            nodes,
            arcs: order.iter().map(|&index| arcs[index]).collect(),
            costs: order.iter().map(|&index| cost(index)).collect(),
            lengths: order.iter().map(|&index| lengths[index]).collect(),
            offset: 2 * potentials.iter().sum::<Value>(),
            length,
            tree,
        }
    }

    /// What forcing an open arc adds to the cost of the tree, if the tree can take it.
    fn surcharge(&self, tree: &Tree, arc: usize) -> Option<Value> {
        let CircuitArc { from, to, .. } = self.arcs[arc];
        let dearest = tree.dearest[from * self.nodes + to];
        (dearest != Value::MIN).then(|| self.costs[arc] - dearest)
    }

    /// `length ≥` this, in scaled units.
    fn bound(&self, tree: &Tree) -> Value {
        tree.cost - self.offset
    }

    /// Premises for a bound of at least `needed`, in scaled units, with `extra` forced.
    fn push_reason(
        &self,
        extra: Option<usize>,
        needed: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let standing = |arc: usize| {
            let atom = self.arcs[arc].chosen;
            if past.is_true(atom) { Some(true) } else { past.is_false(atom).then_some(false) }
        };
        let mut tree = Tree::default();
        let forced: Vec<usize> =
            (0..self.arcs.len()).filter(|&arc| standing(arc) == Some(true)).collect();
        let span = |tree: &mut Tree, forced: &[usize]| {
            let without = |arc: usize| match standing(arc) {
                Some(true) if !forced.contains(&arc) => None,
                other => other,
            };
            let spans = tree.span(self.nodes, &self.arcs, &self.costs, without, extra);
            spans && tree.cost - self.offset >= needed
        };
        // Arcs that the tree takes by itself need not be named.
        let mut named: Vec<usize> = Vec::new();
        if !span(&mut tree, &named) {
            let by_itself: Vec<usize> = tree.taken.iter().map(|it| it.0).collect();
            named = forced.iter().copied().filter(|arc| !by_itself.contains(arc)).collect();
            if !span(&mut tree, &named) {
                named = forced;
                assert!(span(&mut tree, &named), "the bound was found from these arcs");
            }
        }
        tree.find_dearest(self.nodes, &self.arcs, &self.costs);
        reason.extend(named.iter().map(|&arc| self.arcs[arc].chosen));
        let mut slack = tree.cost - self.offset - needed;
        let mut refused: Vec<(u32, Value, Atom)> = (0..self.arcs.len())
            .filter(|&arc| standing(arc) == Some(false) && Some(arc) != extra)
            .filter_map(|arc| {
                let gain = -self.surcharge(&tree, arc)?;
                let atom = !self.arcs[arc].chosen;
                (gain > 0).then(|| (past.since(atom), gain, atom))
            })
            .collect();
        refused.sort_unstable_by(|a, b| b.cmp(a));
        for (_, gain, atom) in refused {
            if gain <= slack {
                slack -= gain;
            } else {
                reason.push(atom);
            }
        }
    }
}

impl Tree {
    /// Takes the forced arcs, `extra`, and then the cheapest; false if they span no 1-tree.
    fn span(
        &mut self,
        nodes: usize,
        arcs: &[CircuitArc],
        costs: &[Value],
        standing: impl Fn(usize) -> Standing,
        extra: Option<usize>,
    ) -> bool {
        self.parents.clear();
        self.parents.extend(0..nodes);
        self.taken.clear();
        self.cost = 0;
        let mut first_neighbor = None;
        let mut of_first = 0;
        for pass in [true, false] {
            for (index, arc) in arcs.iter().enumerate() {
                let is_forced = standing(index) == Some(true) || extra == Some(index);
                if is_forced != pass || (!pass && standing(index) == Some(false)) {
                    continue;
                }
                let takes = if arc.from == 0 || arc.to == 0 {
                    let neighbor = Some(arc.from.max(arc.to));
                    let takes = of_first < 2 && first_neighbor != neighbor;
                    if takes {
                        first_neighbor = neighbor;
                        of_first += 1;
                    }
                    takes
                } else {
                    self.join(arc.from, arc.to)
                };
                if takes {
                    self.taken.push((index, is_forced));
                    self.cost += costs[index];
                    if self.taken.len() == nodes {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Joins two components; false if they are one.
    fn join(&mut self, first: usize, second: usize) -> bool {
        let (first, second) = (self.root(first), self.root(second));
        self.parents[first] = second;
        first != second
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    /// For each pair of nodes the dearest arc that may be exchanged for one between them.
    fn find_dearest(&mut self, nodes: usize, arcs: &[CircuitArc], costs: &[Value]) {
        self.neighbors.resize(nodes, Vec::new());
        self.neighbors.iter_mut().for_each(Vec::clear);
        self.dearest.clear();
        self.dearest.resize(nodes * nodes, Value::MIN);
        let mut of_first = [(0, Value::MIN); 2];
        for &(index, is_forced) in &self.taken {
            let CircuitArc { from, to, .. } = arcs[index];
            let cost = if is_forced { Value::MIN } else { costs[index] };
            if from == 0 || to == 0 {
                let place = usize::from(of_first[0].0 != 0);
                of_first[place] = (from.max(to), cost);
            } else {
                self.neighbors[from].push((to, cost));
                self.neighbors[to].push((from, cost));
            }
        }
        for start in 1..nodes {
            self.stack.push((start, 0, Value::MIN));
            while let Some((node, from, dearest)) = self.stack.pop() {
                self.dearest[start * nodes + node] = dearest;
                for &(next, cost) in &self.neighbors[node] {
                    if next != from {
                        self.stack.push((next, node, dearest.max(cost)));
                    }
                }
            }
            // A second arc to the same neighbor stands for the first.
            let same = of_first.iter().find(|it| it.0 == start).map(|it| it.1);
            let any = of_first[0].1.max(of_first[1].1);
            self.dearest[start] = same.unwrap_or(any);
            self.dearest[start * nodes] = self.dearest[start];
        }
    }
}

/// Potentials that make the shortest 1-tree long.
fn potentials(nodes: usize, arcs: &[CircuitArc], lengths: &[Value], tree: &mut Tree) -> Vec<Value> {
    let rounds = 100 + 10 * nodes as Value;
    let mut potentials = vec![0; nodes];
    let mut best = (Value::MIN, potentials.clone());
    let mut degrees = vec![2; nodes];
    let mut first_step = 0;
    let largest = SCALE * lengths.iter().map(|it| it.abs()).max().unwrap_or(0);
    for round in 0..rounds {
        let cost = |index: usize| {
            SCALE * lengths[index] + potentials[arcs[index].from] + potentials[arcs[index].to]
        };
        let mut order: Vec<usize> = (0..arcs.len()).collect();
        order.sort_by_key(|&index| cost(index));
        let sorted: Vec<CircuitArc> = order.iter().map(|&index| arcs[index]).collect();
        let costs: Vec<Value> = order.iter().map(|&index| cost(index)).collect();
        if !tree.span(nodes, &sorted, &costs, |_| None, None) {
            break;
        }
        let bound = tree.cost - 2 * potentials.iter().sum::<Value>();
        if bound > best.0 {
            best = (bound, potentials.clone());
        }
        let before = std::mem::replace(&mut degrees, vec![0; nodes]);
        for &(index, _) in &tree.taken {
            degrees[sorted[index].from] += 1;
            degrees[sorted[index].to] += 1;
        }
        if round == 0 {
            first_step = bound.abs() / (2 * nodes as Value) + 1;
        }
        let left = rounds - round;
        let step = first_step / rounds * left / rounds * left;
        for node in 0..nodes {
            let change = step * (3 * (degrees[node] - 2) + 2 * (before[node] - 2)) / 5;
            potentials[node] = (potentials[node] + change).clamp(-largest, largest);
        }
    }
    best.1
}

impl Propagator for CircuitLength {
    fn name(&self) -> &'static str {
        "circuit-length"
    }

    fn priority(&self) -> Priority {
        Priority::Dear
    }

    fn declaration(&self) -> Declaration {
        let arcs = self.arcs.iter().zip(&self.lengths);
        Declaration::General(General::CircuitLength {
            nodes: self.nodes,
            arcs: arcs.map(|(arc, &length)| (arc.from, arc.to, arc.chosen, length)).collect(),
            length: self.length,
        })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for arc in &self.arcs {
            wake.on_decided(arc.chosen);
        }
        wake.on_upper(self.length);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let mut tree = std::mem::take(&mut self.tree);
        let standing = |arc: usize| {
            let atom = self.arcs[arc].chosen;
            if state.is_true(atom) { Some(true) } else { state.is_false(atom).then_some(false) }
        };
        let spans = tree.span(self.nodes, &self.arcs, &self.costs, standing, None);
        let mut outcome = Ok(());
        if spans {
            // Arcs that it refuses could leave no tree for the reason of the next.
            let begin = Value::from(state.position());
            let bound = self.bound(&tree);
            // Rounded up.
            let least = (bound + SCALE - 1).div_euclid(SCALE);
            if least > state.lower(self.length) {
                let payload = state.note(&[BOUND, begin]);
                outcome = state.set(self.length.at_least(least), payload);
            }
            let room = SCALE * state.upper(self.length) - bound;
            tree.find_dearest(self.nodes, &self.arcs, &self.costs);
            for (arc, &CircuitArc { chosen, .. }) in self.arcs.iter().enumerate() {
                let is_open = !state.is_true(chosen) && !state.is_false(chosen);
                if outcome.is_ok() && is_open && self.surcharge(&tree, arc) > Some(room) {
                    let payload = state.note(&[arc as Value, begin]);
                    outcome = state.set(!chosen, payload);
                }
            }
        }
        self.tree = tree;
        outcome
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let past = past.earlier(note[1] as Position);
        if note[0] == BOUND {
            // More than one less than the bound.
            let least = atom.value + self.length.offset;
            self.push_reason(None, SCALE * (least - 1) + 1, past, reason);
        } else {
            let most = past.upper(self.length);
            reason.push(self.length.at_most(most));
            self.push_reason(Some(note[0] as usize), SCALE * most + 1, past, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::post_circuit;
    use crate::propagators::testing::{Case, domains, for_seeds};

    #[test]
    fn reasons_imply_what_the_tree_infers() {
        let mut judged = 0;
        for_seeds(80, |stream| {
            let mut engine = Engine::default();
            let (mut arcs, mut lengths) = (Vec::new(), Vec::new());
            let is_symmetric = stream.chance(0.5);
            for from in 0..4 {
                for to in (0..4).filter(|&to| to != from) {
                    arcs.push(CircuitArc { from, to, chosen: engine.boolean() });
                    let back = arcs.iter().position(|it| (it.from, it.to) == (to, from));
                    let other = 1 + stream.below(9) as Value;
                    lengths.push(back.filter(|_| is_symmetric).map_or(other, |it| lengths[it]));
                }
            }
            let least = 8 + stream.below(16) as Value;
            let length = engine.variable(least, least + 5);
            let before = domains(&engine);
            post_circuit(&mut engine, 4, &arcs);
            post_circuit_length(&mut engine, 4, &arcs, &lengths, length);
            let declared = General::CircuitLength {
                nodes: 4,
                arcs: arcs
                    .iter()
                    .zip(&lengths)
                    .map(|(a, &l)| (a.from, a.to, a.chosen, l))
                    .collect(),
                length,
            };
            let declared = [Declaration::General(declared)];
            judged += Case::new(engine, &before, &declared).judge(stream, 6, false);
        });
        assert!(judged > 3_000, "only {judged} inferences were judged");
    }

    #[test]
    fn potentials_close_the_gap_of_a_ring() {
        // Nodes on a line, and back: the tree alone would miss the way back.
        let mut arcs = Vec::new();
        let mut lengths = Vec::new();
        for from in 0..8_usize {
            for to in (0..8).filter(|&to| to != from) {
                arcs.push(CircuitArc { from, to, chosen: Atom::FALSE });
                let around = from.abs_diff(to).min(8 - from.abs_diff(to));
                lengths.push(if around == 1 { 10 } else { 15 + around as Value });
            }
        }
        let it = CircuitLength::new(8, &arcs, &lengths, View::constant(0));
        let mut tree = Tree::default();
        assert!(tree.span(8, &it.arcs, &it.costs, |_| None, None));
        assert_eq!(it.bound(&tree).div_euclid(SCALE), 80);
    }
}
