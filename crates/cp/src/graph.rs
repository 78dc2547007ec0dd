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

/// All conditional differences.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    arcs: Vec<Arc>,
    outgoing: Vec<Vec<Outgoing>>,
    /// By side of a guard (or of a presence): arcs that begin to work at a value.
    guarded: Vec<Vec<(Value, u32)>>,
    head: Position,
}

impl Graph {
    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        let outgoing = self.outgoing.iter().map(|it| it.capacity() * size_of::<Outgoing>());
        let guarded = self.guarded.iter().map(|it| it.capacity() * size_of::<(Value, u32)>());
        let lists = 2 * self.outgoing.capacity() * size_of::<Vec<Outgoing>>();
        let arcs = self.arcs.capacity() * size_of::<Arc>();
        (outgoing.chain(guarded).sum::<usize>() + lists + arcs) as u64
    }

    /// Adds `to ≥ from + weight` if `guard`, in both directions.
    pub(crate) fn add(&mut self, trail: &Trail, from: View, to: View, weight: Value, guard: Atom) {
        // to.side + to.offset ≥ from.side + from.offset + weight.
        let weight = weight + from.offset - to.offset;
        self.add_arc(trail, from.side, to.side, weight, guard);
        self.add_arc(trail, -to.side, -from.side, weight, guard);
        self.head = 0;
    }

    fn add_arc(&mut self, trail: &Trail, from: Side, to: Side, weight: Value, guard: Atom) {
        self.outgoing.resize(trail.sides(), Vec::new());
        self.guarded.resize(trail.sides(), Vec::new());
        let arc = self.arcs.len() as u32;
        self.arcs.push(Arc { from, to, weight, guard });
        self.outgoing[from.index()].push(Outgoing { to, arc, weight, guard });
        for condition in [guard, trail.presence(from)] {
            if condition != Atom::TRUE {
                self.guarded[condition.side.index()].push((condition.value, arc));
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
        for arc in self.arcs.drain(2 * differences..).rev() {
            self.outgoing[arc.from.index()].pop();
            for condition in [arc.guard, trail.presence(arc.from)] {
                if condition != Atom::TRUE {
                    self.guarded[condition.side.index()].pop();
                }
            }
        }
    }

    /// Follows every change since the last call to the ends of its arcs, or until the trail has
    /// changed so often in all: bounds creep along a cycle of conditional arcs.
    ///
    /// # Errors
    /// When a bound passes the opposite one.
    pub(crate) fn propagate(
        &mut self,
        trail: &mut Trail,
        changes_max: u64,
    ) -> Result<(), Conflict> {
        while self.head < trail.position() && trail.changes_total < changes_max {
            let position = self.head;
            self.head += 1;
            let entry = trail.entries[position as usize];
            let index = entry.side.index();
            if index >= self.outgoing.len() {
                continue;
            }
            if !self.guarded[index].is_empty() {
                let before = match entry.previous {
                    NOWHERE => Value::MIN,
                    previous => trail.entries[previous as usize].value,
                };
                for k in 0..self.guarded[index].len() {
                    let (value, arc) = self.guarded[index][k];
                    if before < value && value <= entry.value {
                        self.relax_arc(arc, trail)?;
                    }
                }
            }
            // A newer entry of the same side will come and look once for both.
            if trail.last[index] == position {
                for k in 0..self.outgoing[index].len() {
                    let outgoing = self.outgoing[index][k];
                    relax(entry.side, entry.value, outgoing, trail)?;
                }
            }
        }
        Ok(())
    }

    fn relax_arc(&self, arc: u32, trail: &mut Trail) -> Result<(), Conflict> {
        let Arc { from, to, weight, guard } = self.arcs[arc as usize];
        relax(from, trail.bound(from), Outgoing { to, arc, weight, guard }, trail)
    }

    /// Forgets entries that were undone.
    pub(crate) fn backtrack(&mut self, trail: &Trail) {
        self.head = self.head.min(trail.position());
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
