//! Acyclic: the arcs whose conditions hold form no circle.
//!
//! Blocking without swaps is such a constraint. A task X holds its machine until Y starts
//! elsewhere; whoever follows X on that machine, say Z, starts no earlier than Y. That is an arc
//! from Y to Z, while X goes before Z. A circle of such arcs is a set of tasks that all start at
//! one instant, each on a machine that the next one leaves then: a swap. Where swaps are allowed
//! the differences
//! `start_Z ≥ start_Y` are all there is; where they are not, the arcs form no circle.
//!
//! An arc that would close a circle is refuted as soon as all but one of its conditions hold; the
//! reason is a shortest path. O(nodes + arcs) for each arc that comes to hold.
//!
//! **Source:** Alessandro Mascis, Dario Pacciarelli, *Job-shop scheduling with blocking and no-wait
//! constraints* (2002), for swaps as circles of length zero; acyclicity as in Martin Gebser, Tomi
//! Janhunen, Jussi Rintanen (2014).

use crate::atom::Atom;
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// An arc that is there when all its conditions hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionalArc {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// When it is there.
    pub conditions: Vec<Atom>,
}

/// No circle of arcs.
#[derive(Debug)]
pub struct Acyclic {
    nodes: usize,
    arcs: Vec<ConditionalArc>,
    /// Arcs by the node where they begin, and by the node where they end.
    outgoing: [Vec<Vec<u32>>; 2],
    /// By direction: nodes that are reached.
    reached: [Vec<bool>; 2],
    queue: Vec<usize>,
}

/// How an arc stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    There,
    /// There if this condition holds.
    Open(Atom),
    Idle,
}

impl Acyclic {
    /// Arcs between nodes `0..nodes`.
    ///
    /// # Panics
    /// When an arc leads out of the nodes.
    pub fn new(nodes: usize, arcs: Vec<ConditionalArc>) -> Self {
        let mut outgoing = [vec![Vec::new(); nodes], vec![Vec::new(); nodes]];
        for (index, arc) in arcs.iter().enumerate() {
            assert!(arc.from < nodes && arc.to < nodes, "arc {index} leads out of the nodes");
            outgoing[0][arc.from].push(index as u32);
            outgoing[1][arc.to].push(index as u32);
        }
        let reached = [vec![false; nodes], vec![false; nodes]];
        Acyclic { nodes, arcs, outgoing, reached, queue: Vec::with_capacity(nodes) }
    }

    fn standing(&self, arc: usize, state: &Propagation<'_>) -> Standing {
        let mut standing = Standing::There;
        for &condition in &self.arcs[arc].conditions {
            if state.is_true(condition) {
                continue;
            }
            if state.is_false(condition) || standing != Standing::There {
                return Standing::Idle;
            }
            standing = Standing::Open(condition);
        }
        standing
    }

    /// Marks what a node reaches: forward, or backward in direction 1.
    fn reach(&mut self, direction: usize, node: usize, state: &Propagation<'_>) {
        let mut reached = std::mem::take(&mut self.reached[direction]);
        reached.fill(false);
        reached[node] = true;
        self.queue.clear();
        self.queue.push(node);
        while let Some(node) = self.queue.pop() {
            for &arc in &self.outgoing[direction][node] {
                let it = &self.arcs[arc as usize];
                let next = if direction == 0 { it.to } else { it.from };
                if !reached[next] && self.standing(arc as usize, state) == Standing::There {
                    reached[next] = true;
                    self.queue.push(next);
                }
            }
        }
        self.reached[direction] = reached;
    }

    /// An arc has come to hold: no arc leads from what it reaches to what reaches it.
    fn close(&mut self, arc: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let ConditionalArc { from, to, .. } = self.arcs[arc];
        self.reach(0, to, state);
        if self.reached[0][from] {
            return state.fail(arc as u32);
        }
        self.reach(1, from, state);
        for node in 0..self.nodes {
            if !self.reached[0][node] {
                continue;
            }
            for &back in &self.outgoing[0][node] {
                if !self.reached[1][self.arcs[back as usize].to] {
                    continue;
                }
                if let Standing::Open(condition) = self.standing(back as usize, state) {
                    state.set(!condition, back)?;
                }
            }
        }
        Ok(())
    }

    /// Conditions of a shortest path that was there.
    fn push_path(&self, from: usize, to: usize, past: Past<'_>, reason: &mut Vec<Atom>) {
        let mut arrived: Vec<Option<u32>> = vec![None; self.nodes];
        let mut queue = vec![from];
        let mut head = 0;
        while arrived[to].is_none() && from != to {
            let node = queue[head];
            head += 1;
            for &arc in &self.outgoing[0][node] {
                let ConditionalArc { to: next, conditions, .. } = &self.arcs[arc as usize];
                let is_new = arrived[*next].is_none() && *next != from;
                if is_new && conditions.iter().all(|&condition| past.is_true(condition)) {
                    arrived[*next] = Some(arc);
                    queue.push(*next);
                }
            }
        }
        let mut node = to;
        while node != from {
            let arc = &self.arcs[arrived[node].expect("the walk came from there") as usize];
            reason.extend(&arc.conditions);
            node = arc.from;
        }
    }
}

impl Propagator for Acyclic {
    fn name(&self) -> &'static str {
        "acyclic"
    }

    fn declaration(&self) -> Declaration {
        let (nodes, arcs) = (self.nodes, self.arcs.clone());
        Declaration::Scheduling(Scheduling::Acyclic { nodes, arcs })
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for (index, arc) in self.arcs.iter().enumerate() {
            wake.tag(index as u32);
            for &condition in &arc.conditions {
                wake.on_true(condition);
            }
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let count = if state.tags().contains(&Wake::ALL) { self.arcs.len() } else { 0 };
        for arc in 0..count {
            self.look(arc, state)?;
        }
        for place in 0..state.tags().len() {
            match state.tags()[place] {
                Wake::ALL => {}
                arc => self.look(arc as usize, state)?,
            }
        }
        Ok(())
    }

    fn explain(&self, _atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let arc = &self.arcs[payload as usize];
        self.push_path(arc.to, arc.from, past, reason);
        // All but the one that was refuted held.
        reason.extend(arc.conditions.iter().copied().filter(|&it| past.is_true(it)));
    }
}

impl Acyclic {
    /// Draws the conclusions of a change of one arc.
    fn look(&mut self, arc: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        match self.standing(arc, state) {
            Standing::There => self.close(arc, state),
            Standing::Open(condition) => {
                let ConditionalArc { from, to, .. } = self.arcs[arc];
                self.reach(0, to, state);
                if self.reached[0][from] { state.set(!condition, arc as u32) } else { Ok(()) }
            }
            Standing::Idle => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};

    #[test]
    fn every_inference_about_circles_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let atoms: Vec<Atom> = (0..3 + stream.below(6)).map(|_| engine.boolean()).collect();
            let nodes = 2 + stream.below(4);
            let arcs: Vec<ConditionalArc> = (0..4 + stream.below(8))
                .map(|_| ConditionalArc {
                    from: stream.below(nodes),
                    to: stream.below(nodes),
                    conditions: (0..1 + stream.below(2))
                        .map(|_| {
                            let atom = atoms[stream.below(atoms.len())];
                            if stream.chance(0.7) { atom } else { !atom }
                        })
                        .collect(),
                })
                .collect();
            let before = domains(&engine);
            let acyclic = Acyclic::new(nodes, arcs);
            let declarations = [acyclic.declaration()];
            engine.post(Box::new(acyclic));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 10_000, "only {judged} inferences were judged");
    }

    #[test]
    fn two_tasks_do_not_swap_machines() {
        // Each holds its machine until its second step starts on the machine of the other.
        let mut engine = Engine::default();
        let (first, second) = (engine.boolean(), engine.boolean());
        let arc = |from, to, condition| ConditionalArc { from, to, conditions: vec![condition] };
        engine.post(Box::new(Acyclic::new(2, vec![arc(0, 1, first), arc(1, 0, second)])));
        engine.decide(first);
        assert!(engine.fix_point().is_ok());
        assert!(engine.trail.is_false(second));
    }
}
