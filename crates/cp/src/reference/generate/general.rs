//! Random constraints that know no time.
//!
//! **Source:** see `generate`.

use super::Draft;
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::{Declaration, General};

impl Draft {
    fn push(&mut self, general: General) {
        self.tiny.declarations.push(Declaration::General(general));
    }

    /// A Boolean of its own now and then, so that constraints meet.
    fn selector(&mut self) -> Atom {
        if !self.booleans.is_empty() && self.stream.chance(0.3) {
            let place = self.stream.below(self.booleans.len());
            return self.booleans[place];
        }
        let atom = self.tiny.boolean();
        self.booleans.push(atom);
        atom
    }

    /// An atom whose variable is always there.
    pub(super) fn fact(&mut self) -> Atom {
        loop {
            let atom = self.atom();
            if self.presence_of(atom.side) == Atom::TRUE {
                return atom;
            }
            if self.stream.chance(0.3) {
                return self.selector();
            }
        }
    }

    /// A guard and what says that the views are there.
    fn conditions(&mut self, views: &[View]) -> Vec<Atom> {
        let mut conditions = vec![self.guard()];
        conditions.extend(views.iter().map(|view| self.presence_of(view.side)));
        conditions.retain(|&atom| atom != Atom::TRUE);
        conditions.sort_unstable();
        conditions.dedup();
        conditions
    }

    /// A view with an atom that says whether it counts; it does not without its variable.
    fn item(&mut self) -> (View, Atom) {
        let view = self.time();
        let present = self.presence_of(view.side);
        let atom = if present == Atom::TRUE { self.guard() } else { present };
        (view, atom)
    }
}

pub(super) fn add_all_different(draft: &mut Draft) {
    let count = 2 + draft.stream.below(3);
    let views = (0..count).map(|_| draft.number()).collect();
    draft.push(General::AllDifferent(views));
}

pub(super) fn add_at_least(draft: &mut Draft) {
    let atoms: Vec<Atom> = (0..1 + draft.stream.below(5)).map(|_| draft.fact()).collect();
    let count = 1 + draft.stream.below(atoms.len());
    let condition = draft.guard();
    draft.push(General::AtLeast { count, atoms, condition });
}

pub(super) fn add_circuit(draft: &mut Draft) {
    let nodes = 2 + draft.stream.below(4);
    let loops = if draft.stream.chance(0.5) { 0.0 } else { 0.3 };
    let mut arcs = Vec::new();
    for from in 0..nodes {
        for to in 0..nodes {
            let share = if from == to { loops } else { 0.8 };
            if draft.stream.chance(share) {
                arcs.push((from, to, draft.selector()));
            }
        }
    }
    if draft.stream.chance(0.5) {
        draft.push(General::Circuit { nodes, arcs });
        return;
    }
    let arcs = arcs.into_iter().map(|(from, to, atom)| (from, to, atom, draft.between(0, 4)));
    let arcs = arcs.collect();
    let lower = draft.between(0, 4);
    let upper = draft.between(lower, 10);
    let length = draft.tiny.variable(lower, upper, Atom::TRUE);
    draft.push(General::CircuitLength { nodes, arcs, length });
}

pub(super) fn add_element(draft: &mut Draft) {
    let items = (0..2 + draft.stream.below(2)).map(|_| (draft.number(), draft.selector()));
    let items = items.collect();
    let target = draft.number();
    draft.push(General::Element { target, items });
}

pub(super) fn add_linear(draft: &mut Draft) {
    let mut terms: Vec<(Value, View)> = Vec::new();
    for _ in 0..1 + draft.stream.below(4) {
        let view = if draft.stream.chance(0.3) { draft.fact_view() } else { draft.time() };
        terms.push((draft.between(-3, 3), view));
    }
    let views: Vec<View> = terms.iter().map(|&(_, view)| view).collect();
    let conditions = draft.conditions(&views);
    let bound = draft.between(-4, 8);
    if draft.stream.chance(0.3) {
        let terms = terms.iter().map(|&(factor, view)| (-factor, view)).collect();
        let conditions = conditions.clone();
        draft.push(General::Linear { terms, bound: -bound, conditions });
    }
    draft.push(General::Linear { terms, bound, conditions });
}

pub(super) fn add_load(draft: &mut Draft) {
    let items =
        (0..2 + draft.stream.below(4)).map(|_| (draft.between(0, 4), draft.selector())).collect();
    let load = draft.number();
    draft.push(General::Load { items, load });
}

pub(super) fn add_reach(draft: &mut Draft) {
    let target = draft.time();
    let items = (0..1 + draft.stream.below(3)).map(|_| draft.item()).collect();
    let conditions = draft.conditions(&[target]);
    draft.push(General::Reach { target, items, conditions });
}

/// Some tasks get a second axis.
pub(super) fn add_rectangles(draft: &mut Draft) {
    let mut rectangles = Vec::new();
    let top = draft.between(2, 4);
    for x in draft.some_tasks(4) {
        let duration = draft.between(1, 2);
        let start = draft.tiny.variable(0, top - duration, x.present);
        let view = View::constant(duration);
        let y = Interval { start, duration: view, end: start + duration, present: x.present };
        rectangles.push((x, y));
    }
    draft.push(General::NoOverlap2d(rectangles));
}

pub(super) fn add_table(draft: &mut Draft) {
    let columns: Vec<View> = (0..1 + draft.stream.below(3)).map(|_| draft.number()).collect();
    let mut rows = Vec::new();
    for _ in 0..1 + draft.stream.below(5) {
        let row = columns.iter().map(|_| draft.between(-1, 5)).collect();
        rows.push((row, draft.guard()));
    }
    draft.push(General::Table { columns, rows });
}

impl Draft {
    /// 0 or 1.
    fn fact_view(&mut self) -> View {
        self.selector().as_view()
    }
}
