//! When a constraint counts: all of some atoms hold.
//!
//! A constraint on optional views counts when they are present, a reified one when its atom holds.
//! Both are conditions. While one condition is undecided the constraint may refute it; a view whose
//! presence is that condition may already be narrowed, since its bounds mean "if present".
//!
//! **Source:** enforcement literals as in Laurent Perron, Frédéric Didier, Steven Gay, *The
//! CP-SAT-LP solver* (CP 2023).

use crate::atom::{Atom, View};
use crate::propagator::Wake;
use crate::trail::Trail;

/// Atoms under which a constraint counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    atoms: Vec<Atom>,
}

/// How the conditions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All hold.
    Counts,
    /// All but this one hold, and it is undecided.
    Open(usize),
    /// One is false, or several are undecided.
    Idle,
}

impl Conditions {
    /// `atoms` and the presence of each view.
    pub(crate) fn new(
        trail: &Trail,
        atoms: impl IntoIterator<Item = Atom>,
        views: impl IntoIterator<Item = View>,
    ) -> Self {
        let presences = views.into_iter().map(|view| trail.presence(view.side));
        let mut atoms: Vec<Atom> =
            atoms.into_iter().chain(presences).filter(|&atom| atom != Atom::TRUE).collect();
        atoms.sort_unstable();
        atoms.dedup();
        Conditions { atoms }
    }

    /// The atoms.
    pub(crate) fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// How they stand now.
    pub(crate) fn standing(&self, trail: &Trail) -> Standing {
        let mut standing = Standing::Counts;
        for (index, &atom) in self.atoms.iter().enumerate() {
            if trail.is_true(atom) {
                continue;
            }
            if standing != Standing::Counts || trail.is_false(atom) {
                return Standing::Idle;
            }
            standing = Standing::Open(index);
        }
        standing
    }

    /// Wakes when one becomes true.
    pub(crate) fn wake_on(&self, wake: &mut Wake) {
        for &atom in &self.atoms {
            wake.on_true(atom);
        }
    }

    /// Adds all to a reason, except one.
    pub(crate) fn push_except(&self, except: Atom, reason: &mut Vec<Atom>) {
        reason.extend(self.atoms.iter().copied().filter(|&atom| atom != except));
    }
}
