//! The temporal graph: conditional differences `to ≥ from + weight` while `guard` holds.
//!
//! Sides are nodes, so one constraint between two times is two arcs: forward from lower bound to
//! lower bound, backward from upper bound to upper bound. An arc works when its guard holds and
//! the variable at its source is present. An arc that cannot hold makes its guard false, which is
//! how a pair of tasks finds its order. Cost: each change looks once at each arc of its side.
//!
//! **Source:** Rina Dechter, Itay Meiri, Judea Pearl, *Temporal constraint networks* (1991);
//! Emmanuel Hebrard, *Tempo* (CP 2025), for edges with the meaning of a difference; conditional
//! arcs as in Perron, Didier, Gay (CP 2023).

use crate::atom::{Atom, Side, Value, View};
use crate::trail::{Conflict, NOWHERE, Past, Position, Reason, Trail};

#[derive(Clone, Copy, Debug)]
struct Outgoing {
    to: Side,
    arc: u32,
    weight: Value,
    guard: Atom,
}

#[derive(Clone, Copy, Debug)]
struct Arc {
    from: Side,
    to: Side,
    weight: Value,
    guard: Atom,
}

/// An arc that always works.
#[derive(Clone, Copy, Debug)]
struct Free {
    to: Side,
    arc: u32,
    weight: Value,
}

/// What a side leads to.
#[derive(Clone, Debug, Default)]
struct Node {
    free: Vec<Free>,
    conditional: Vec<Outgoing>,
    /// Arcs that begin to work when this side, of a guard or of a presence, reaches a value.
    guarded: Vec<(Value, u32)>,
}

/// All conditional differences.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    arcs: Vec<Arc>,
    nodes: Vec<Node>,
}

impl Graph {
    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        let of_node = |node: &Node| {
            node.free.capacity() * size_of::<Free>()
                + node.conditional.capacity() * size_of::<Outgoing>()
                + node.guarded.capacity() * size_of::<(Value, u32)>()
        };
        let lists: usize = self.nodes.iter().map(of_node).sum();
        let nodes = self.nodes.capacity() * size_of::<Node>();
        (self.arcs.capacity() * size_of::<Arc>() + nodes + lists) as u64
    }

    /// Adds `to ≥ from + weight` if `guard`, in both directions.
    pub(crate) fn add(&mut self, trail: &Trail, from: View, to: View, weight: Value, guard: Atom) {
        // to.side + to.offset ≥ from.side + from.offset + weight.
        let weight = weight + from.offset - to.offset;
        self.add_arc(trail, from.side, to.side, weight, guard);
        self.add_arc(trail, -to.side, -from.side, weight, guard);
    }

    fn add_arc(&mut self, trail: &Trail, from: Side, to: Side, weight: Value, guard: Atom) {
        self.nodes.resize(trail.sides(), Node::default());
        let arc = self.arcs.len() as u32;
        self.arcs.push(Arc { from, to, weight, guard });
        let node = &mut self.nodes[from.index()];
        if guard == Atom::TRUE && trail.presence(from) == Atom::TRUE {
            node.free.push(Free { to, arc, weight });
        } else {
            node.conditional.push(Outgoing { to, arc, weight, guard });
        }
        for condition in [guard, trail.presence(from)] {
            if condition != Atom::TRUE {
                self.nodes[condition.side.index()].guarded.push((condition.value, arc));
            }
        }
    }

    /// Number of differences.
    pub(crate) fn len(&self) -> usize {
        // Each difference is two arcs.
        self.arcs.len() / 2
    }

    /// Forgets the differences after the first `differences`.
    pub(crate) fn truncate(&mut self, differences: usize, trail: &Trail) {
        for Arc { from, guard, .. } in self.arcs.drain(2 * differences..).rev() {
            let node = &mut self.nodes[from.index()];
            if guard == Atom::TRUE && trail.presence(from) == Atom::TRUE {
                node.free.pop();
            } else {
                node.conditional.pop();
            }
            for condition in [guard, trail.presence(from)] {
                if condition != Atom::TRUE {
                    self.nodes[condition.side.index()].guarded.pop();
                }
            }
        }
    }

    /// Follows one change to the ends of its arcs.
    ///
    /// # Errors
    /// When a bound passes the opposite one.
    #[inline]
    pub(crate) fn follow(
        &self,
        position: Position,
        (side, value): (Side, Value),
        trail: &mut Trail,
    ) -> Result<(), Conflict> {
        let Some(node) = self.nodes.get(side.index()) else { return Ok(()) };
        if !node.guarded.is_empty() {
            self.open(node, position, trail)?;
        }
        // A newer entry of the same side will come and look once for both.
        if trail.last[side.index()] == position {
            for &Free { to, arc, weight } in &node.free {
                trail.set(to.at_least(value + weight), Reason::Arc(arc))?;
            }
            for &outgoing in &node.conditional {
                relax(side, value, outgoing, trail)?;
            }
        }
        Ok(())
    }

    /// Follows arcs that begin to work.
    fn open(&self, node: &Node, position: Position, trail: &mut Trail) -> Result<(), Conflict> {
        let entry = trail.entries[position as usize];
        let before = match entry.previous {
            NOWHERE => Value::MIN,
            previous => trail.entries[previous as usize].value,
        };
        for &(value, arc) in &node.guarded {
            if before < value && value <= entry.value {
                self.relax_arc(arc, trail)?;
            }
        }
        Ok(())
    }

    fn relax_arc(&self, arc: u32, trail: &mut Trail) -> Result<(), Conflict> {
        let Arc { from, to, weight, guard } = self.arcs[arc as usize];
        relax(from, trail.bound(from), Outgoing { to, arc, weight, guard }, trail)
    }

    /// Atoms that made an arc push its target to `atom`.
    pub(crate) fn explain(&self, arc: u32, atom: Atom, past: Past<'_>, out: &mut Vec<Atom>) {
        let Arc { from, weight, guard, .. } = self.arcs[arc as usize];
        out.push(guard);
        out.push(past.presence(from));
        out.push(from.at_least(atom.value - weight));
    }

    /// What an arc means.
    #[cfg(feature = "audit")]
    pub(crate) fn declaration(&self, arc: u32) -> crate::Declaration {
        let Arc { from, to, weight, guard } = self.arcs[arc as usize];
        let view = |side| View { side, offset: 0 };
        crate::Declaration::Difference { from: view(from), to: view(to), weight, guard }
    }

    /// Every difference that was added.
    #[cfg(feature = "audit")]
    pub(crate) fn declarations(&self) -> impl Iterator<Item = crate::Declaration> + '_ {
        // Each difference is two arcs.
        (0..self.arcs.len() as u32).step_by(2).map(|arc| self.declaration(arc))
    }

    /// Atoms that made an arc impossible.
    pub(crate) fn explain_refuted(&self, arc: u32, past: Past<'_>, out: &mut Vec<Atom>) {
        let Arc { from, to, weight, .. } = self.arcs[arc as usize];
        let upper = -past.bound(-to);
        out.push(past.presence(from));
        out.push(past.presence(to));
        out.push(from.at_least(upper - weight + 1));
        out.push((-to).at_least(-upper));
    }
}

#[inline]
fn relax(from: Side, bound: Value, arc: Outgoing, trail: &mut Trail) -> Result<(), Conflict> {
    let value = bound + arc.weight;
    if value <= trail.bound(arc.to) {
        return Ok(());
    }
    if trail.is_true(arc.guard) {
        if trail.is_true(trail.presence(from)) {
            return trail.set(arc.to.at_least(value), Reason::Arc(arc.arc));
        }
    } else if value > -trail.bound(-arc.to)
        && !trail.is_false(arc.guard)
        && trail.is_true(trail.presence(from))
        && trail.is_true(trail.presence(arc.to))
    {
        return trail.set(!arc.guard, Reason::ArcRefuted(arc.arc));
    }
    Ok(())
}
