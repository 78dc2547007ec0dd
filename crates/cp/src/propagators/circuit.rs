//! Circuit: chosen arcs form one circuit through all nodes that do not choose their self-loop.
//!
//! Each node has one arc out and one in (cardinality). Beyond that, from scratch in O(nodes +
//! arcs):
//!
//! * an arc that would close a path while a node that must be visited is not on it is false; once a
//!   circuit is closed, every other node takes its self-loop;
//! * what cannot be reached from a node that must be visited (or cannot reach it) takes its
//!   self-loop.
//!
//! Reasons: the arcs of the path and the loop of the node that is left out; the false arcs that
//! leave the set of reached nodes.
//!
//! **Source:** Yves Caseau, François Laburthe, *Solving small TSPs with constraints* (ICLP 1997),
//! no subtours; Kathryn Francis, Peter Stuckey, *Explaining circuit propagation* (2014).

use crate::atom::{Atom, Value};
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::propagators::cardinality::post_exactly;
use crate::trail::{Conflict, Past, Trail};

/// An arc that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CircuitArc {
    /// Where it starts.
    pub from: usize,
    /// Where it ends; the same node for a self-loop.
    pub to: usize,
    /// Whether it is chosen.
    pub chosen: Atom,
}

/// No node.
const NONE: usize = usize::MAX;

/// What a note speaks of: a path from a node, or what a node reaches (backward: is reached from).
const PATH: Value = 0;
const REACHED: [Value; 2] = [1, 2];

/// Length of a note: what, first node, node that must be visited too or -1.
const NOTE: usize = 3;

/// The chosen arcs form one circuit.
#[derive(Debug)]
pub struct Circuit {
    arcs: Vec<CircuitArc>,
    /// By node: the atom of its self-loop, or [`Atom::FALSE`].
    loops: Vec<Atom>,
    /// By direction and node: arcs out of it (into it), without its self-loop.
    by_node: [Vec<Vec<usize>>; 2],
    next: Vec<usize>,
    has_previous: Vec<bool>,
    on_path: Vec<bool>,
    seen: Vec<bool>,
    stack: Vec<usize>,
}

/// Posts that the chosen arcs form one circuit through all nodes that do not choose their
/// self-loop.
///
/// # Panics
/// When an arc names a node from `nodes` on, or a node has two self-loops.
pub fn post_circuit(engine: &mut Engine, nodes: usize, arcs: &[CircuitArc]) {
    let circuit = Circuit::new(nodes, arcs);
    for node in 0..nodes {
        for direction in 0..2 {
            let arcs = circuit.by_node[direction][node].iter();
            let mut atoms: Vec<Atom> = arcs.map(|&arc| circuit.arcs[arc].chosen).collect();
            atoms.push(circuit.loops[node]);
            atoms.retain(|&atom| atom != Atom::FALSE);
            post_exactly(engine, 1, &atoms, Atom::TRUE);
        }
    }
    engine.post(Box::new(circuit));
}

impl Circuit {
    fn new(nodes: usize, arcs: &[CircuitArc]) -> Self {
        let mut loops = vec![Atom::FALSE; nodes];
        let mut by_node = [vec![Vec::new(); nodes], vec![Vec::new(); nodes]];
        for (index, arc) in arcs.iter().enumerate() {
            assert!(arc.from < nodes && arc.to < nodes, "an arc between nodes below {nodes}");
            if arc.from == arc.to {
                assert_eq!(loops[arc.from], Atom::FALSE, "one self-loop of node {}", arc.from);
                loops[arc.from] = arc.chosen;
            } else {
                by_node[0][arc.from].push(index);
                by_node[1][arc.to].push(index);
            }
        }
        Circuit {
            arcs: arcs.to_vec(),
            loops,
            by_node,
            next: vec![NONE; nodes],
            has_previous: vec![false; nodes],
            on_path: vec![false; nodes],
            seen: vec![false; nodes],
            stack: Vec::new(),
        }
    }

    /// The chosen arc out of a node.
    fn chosen(&self, node: usize, is_true: impl Fn(Atom) -> bool) -> Option<usize> {
        self.by_node[0][node].iter().copied().find(|&arc| is_true(self.arcs[arc].chosen))
    }

    /// Closes no path too early, and leaves nothing beside a closed one.
    fn follow_paths(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let nodes = self.loops.len();
        self.has_previous.fill(false);
        for node in 0..nodes {
            let arc = self.chosen(node, |atom| state.is_true(atom));
            self.next[node] = arc.map_or(NONE, |arc| self.arcs[arc].to);
            if let Some(arc) = arc {
                self.has_previous[self.arcs[arc].to] = true;
            }
        }
        self.seen.fill(false);
        // Paths begin where nothing leads; what is left then lies on circuits.
        for pass in 0..2 {
            for start in 0..nodes {
                let begins = pass == 1 || !self.has_previous[start];
                if !self.seen[start] && begins && self.next[start] != NONE {
                    self.follow_path(start, state)?;
                }
            }
        }
        Ok(())
    }

    fn follow_path(&mut self, start: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.on_path.fill(false);
        let mut end = start;
        loop {
            self.on_path[end] = true;
            self.seen[end] = true;
            match self.next[end] {
                NONE => break,
                next if self.on_path[next] => return self.leave_rest(start, state),
                next => end = next,
            }
        }
        let beside = (0..self.loops.len())
            .find(|&node| !self.on_path[node] && state.is_false(self.loops[node]));
        let Some(beside) = beside else { return Ok(()) };
        for &arc in &self.by_node[0][end] {
            let CircuitArc { to, chosen, .. } = self.arcs[arc];
            if to == start && !state.is_false(chosen) {
                let payload = state.note(&[PATH, start as Value, beside as Value]);
                state.set(!chosen, payload)?;
            }
        }
        Ok(())
    }

    /// A circuit is closed: every other node takes its self-loop.
    fn leave_rest(&self, start: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for node in (0..self.loops.len()).filter(|&node| !self.on_path[node]) {
            if !state.is_true(self.loops[node]) {
                let payload = state.note(&[PATH, start as Value, -1]);
                state.set(self.loops[node], payload)?;
            }
        }
        Ok(())
    }

    /// Marks what `start` reaches over arcs that may be chosen.
    fn reach(
        &self,
        direction: usize,
        start: usize,
        may: impl Fn(Atom) -> bool,
        reached: &mut [bool],
        stack: &mut Vec<usize>,
    ) {
        reached.fill(false);
        reached[start] = true;
        stack.push(start);
        while let Some(node) = stack.pop() {
            for &arc in &self.by_node[direction][node] {
                let arc = self.arcs[arc];
                let other = if direction == 0 { arc.to } else { arc.from };
                if !reached[other] && may(arc.chosen) {
                    reached[other] = true;
                    stack.push(other);
                }
            }
        }
    }

    fn follow_reach(
        &mut self,
        direction: usize,
        start: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut reached = std::mem::take(&mut self.on_path);
        let mut stack = std::mem::take(&mut self.stack);
        let trail: &Trail = state;
        self.reach(direction, start, |atom| !trail.is_false(atom), &mut reached, &mut stack);
        let mut outcome = Ok(());
        for (&is_reached, &stays) in reached.iter().zip(&self.loops) {
            if !is_reached && !state.is_true(stays) && outcome.is_ok() {
                let payload = state.note(&[REACHED[direction], start as Value, -1]);
                outcome = state.set(stays, payload);
            }
        }
        self.on_path = reached;
        self.stack = stack;
        outcome
    }
}

impl Propagator for Circuit {
    fn name(&self) -> &'static str {
        "circuit"
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn declaration(&self) -> Declaration {
        let arcs = self.arcs.iter().map(|arc| (arc.from, arc.to, arc.chosen)).collect();
        Declaration::General(General::Circuit { nodes: self.loops.len(), arcs })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for arc in &self.arcs {
            wake.on_decided(arc.chosen);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.follow_paths(state)?;
        let visited = (0..self.loops.len()).find(|&node| state.is_false(self.loops[node]));
        if let Some(start) = visited {
            self.follow_reach(0, start, state)?;
            self.follow_reach(1, start, state)?;
        }
        Ok(())
    }

    fn explain(&self, _: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let start = note[1] as usize;
        if note[0] == PATH {
            let mut node = start;
            // A path ends, or comes back to a node that it has visited.
            let mut visited = vec![false; self.loops.len()];
            while !std::mem::replace(&mut visited[node], true)
                && let Some(arc) = self.chosen(node, |atom| past.is_true(atom))
            {
                reason.push(self.arcs[arc].chosen);
                node = self.arcs[arc].to;
            }
            reason.extend(usize::try_from(note[2]).ok().map(|beside| !self.loops[beside]));
            return;
        }
        let direction = usize::from(note[0] == REACHED[1]);
        let mut reached = vec![false; self.loops.len()];
        let mut stack = Vec::new();
        self.reach(direction, start, |atom| !past.is_false(atom), &mut reached, &mut stack);
        reason.push(!self.loops[start]);
        for arc in &self.arcs {
            let (from, to) = if direction == 0 { (arc.from, arc.to) } else { (arc.to, arc.from) };
            if reached[from] && !reached[to] {
                reason.push(!arc.chosen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::View;
    use crate::propagators::testing::{Case, domains, enumerate, for_seeds, solutions};

    fn random_arcs(engine: &mut Engine, stream: &mut ordine_base::Stream) -> Vec<CircuitArc> {
        let mut arcs = Vec::new();
        for from in 0..4 {
            for to in 0..4 {
                let share = if from == to { 0.5 } else { 0.75 };
                if stream.chance(share) {
                    let atom = engine.boolean();
                    let chosen = if stream.chance(0.2) { !atom } else { atom };
                    arcs.push(CircuitArc { from, to, chosen });
                }
            }
        }
        arcs
    }

    fn declared(arcs: &[CircuitArc]) -> Declaration {
        let arcs = arcs.iter().map(|arc| (arc.from, arc.to, arc.chosen)).collect();
        Declaration::General(General::Circuit { nodes: 4, arcs })
    }

    #[test]
    fn reasons_imply_what_the_circuit_infers() {
        let mut judged = 0;
        for_seeds(150, |stream| {
            let mut engine = Engine::default();
            let arcs = random_arcs(&mut engine, stream);
            let before = domains(&engine);
            post_circuit(&mut engine, 4, &arcs);
            judged += Case::new(engine, &before, &[declared(&arcs)]).judge(stream, 10, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }

    #[test]
    fn learning_finds_every_circuit() {
        for_seeds(60, |stream| {
            let mut engine = Engine::default();
            let arcs = random_arcs(&mut engine, stream);
            let before = domains(&engine);
            let mut expected = enumerate(&before, &[declared(&arcs)]);
            expected.sort();
            post_circuit(&mut engine, 4, &arcs);
            let views: Vec<View> = before.iter().map(|&(view, ..)| view).collect();
            assert_eq!(solutions(&mut engine, &views), expected);
        });
    }

    #[test]
    fn path_is_not_closed_before_the_last_node() {
        let mut engine = Engine::default();
        let mut arcs = Vec::new();
        for from in 0..4 {
            for to in (0..4).filter(|&to| to != from) {
                arcs.push(CircuitArc { from, to, chosen: engine.boolean() });
            }
        }
        let atom = |from, to| {
            arcs.iter().find(|arc| (arc.from, arc.to) == (from, to)).expect("an arc").chosen
        };
        post_circuit(&mut engine, 4, &arcs);
        for (from, to) in [(0, 1), (1, 2)] {
            engine.decide(atom(from, to));
            engine.fix_point().expect("a circuit is left");
        }
        assert!(engine.trail.is_false(atom(2, 0)));
        assert!(engine.trail.is_true(atom(2, 3)) && engine.trail.is_true(atom(3, 0)));
    }
}
