//! What the general constraints mean: sums, counts, arrays, rows, packings, tours.
//!
//! **Source:** Nicolas Beldiceanu, Mats Carlsson, Jean-Xavier Rampon, *Global constraint catalog*
//! (2012).

use crate::atom::{Atom, Value, View};

/// A constraint that knows no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum General {
    /// `Σ coefficient × view ≤ bound` if all `conditions` hold; they name the presence of every
    /// optional view.
    Linear {
        /// Coefficients and what they multiply.
        terms: Vec<(Value, View)>,
        /// Largest sum.
        bound: Value,
        /// When it counts.
        conditions: Vec<Atom>,
    },
    /// At least `count` of the atoms hold, if `condition` does.
    AtLeast {
        /// The least number.
        count: usize,
        /// What is counted; an atom that stands twice counts twice.
        atoms: Vec<Atom>,
        /// When it counts.
        condition: Atom,
    },
    /// Some item whose atom holds is at least `target`, if all `conditions` hold.
    Reach {
        /// What is reached.
        target: View,
        /// Views, and when they count.
        items: Vec<(View, Atom)>,
        /// When it counts.
        conditions: Vec<Atom>,
    },
    /// Exactly one atom holds, and its view equals `target`.
    Element {
        /// The element.
        target: View,
        /// The array, and the atom that selects each.
        items: Vec<(View, Atom)>,
    },
    /// The columns equal some row whose atom holds.
    Table {
        /// What the values are of.
        columns: Vec<View>,
        /// Values, and when they count.
        rows: Vec<(Vec<Value>, Atom)>,
    },
    /// No two views are equal.
    AllDifferent(Vec<View>),
    /// `load = Σ size` of the items whose atom holds.
    Load {
        /// Sizes and atoms.
        items: Vec<(Value, Atom)>,
        /// The sum.
        load: View,
    },
}

impl General {
    /// Whether an assignment satisfies it.
    pub(super) fn holds(&self, value: &dyn Fn(View) -> Value) -> bool {
        let is_true = |atom: &Atom| value(of_atom(atom)) >= atom.value;
        match self {
            General::Linear { terms, bound, conditions } => {
                let sum: Value = terms.iter().map(|&(factor, view)| factor * value(view)).sum();
                sum <= *bound || !conditions.iter().all(is_true)
            }
            General::AtLeast { count, atoms, condition } => {
                let held = atoms.iter().filter(|atom| is_true(atom)).count();
                held >= *count || !is_true(condition)
            }
            General::Reach { target, items, conditions } => {
                let reaches =
                    |(item, atom): &(View, Atom)| is_true(atom) && value(*item) >= value(*target);
                items.iter().any(reaches) || !conditions.iter().all(is_true)
            }
            General::Element { target, items } => {
                let mut selected = items.iter().filter(|(_, atom)| is_true(atom));
                let first = selected.next();
                selected.next().is_none()
                    && first.is_some_and(|&(item, _)| value(item) == value(*target))
            }
            General::Table { columns, rows } => rows.iter().any(|(row, condition)| {
                let equal = |(&view, &entry): (&View, &Value)| value(view) == entry;
                is_true(condition) && columns.iter().zip(row).all(equal)
            }),
            General::AllDifferent(views) => {
                let is_new = |k: usize| views[..k].iter().all(|&it| value(it) != value(views[k]));
                (0..views.len()).all(is_new)
            }
            General::Load { items, load } => {
                let inside = items.iter().filter(|(_, atom)| is_true(atom));
                inside.map(|&(size, _)| size).sum::<Value>() == value(*load)
            }
        }
    }

    /// Every view that it speaks of.
    pub(super) fn views(&self) -> Vec<View> {
        match self {
            General::Linear { terms, conditions, .. } => {
                let views = terms.iter().map(|&(_, view)| view);
                views.chain(conditions.iter().map(of_atom)).collect()
            }
            General::AtLeast { atoms, condition, .. } => {
                atoms.iter().chain([condition]).map(of_atom).collect()
            }
            General::Reach { target, items, conditions } => {
                let parts = items.iter().flat_map(|(item, atom)| [*item, of_atom(atom)]);
                parts.chain([*target]).chain(conditions.iter().map(of_atom)).collect()
            }
            General::Element { target, items } => {
                let parts = items.iter().flat_map(|(item, atom)| [*item, of_atom(atom)]);
                parts.chain([*target]).collect()
            }
            General::Table { columns, rows } => {
                columns.iter().copied().chain(rows.iter().map(|(_, atom)| of_atom(atom))).collect()
            }
            General::AllDifferent(views) => views.clone(),
            General::Load { items, load } => {
                items.iter().map(|(_, atom)| of_atom(atom)).chain([*load]).collect()
            }
        }
    }
}

fn of_atom(atom: &Atom) -> View {
    View { side: atom.side, offset: 0 }
}
