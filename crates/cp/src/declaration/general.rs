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
        }
    }
}

fn of_atom(atom: &Atom) -> View {
    View { side: atom.side, offset: 0 }
}
