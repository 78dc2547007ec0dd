//! What a propagator is, and how to add one.
//!
//! 1. Write a file in `propagators/` with a struct that holds views, intervals and scratch space.
//! 2. Implement [`Propagator`]: `name`, `declaration`, `wake_on`, `propagate`, `explain`.
//!    `propagate` raises bounds with [`Propagation::set`] and a payload; `explain` is asked later,
//!    and only for what a conflict needs, why the bounds of that moment ([`Past`]) implied an atom.
//! 3. Explain the atom that is asked for, not the bound that was found: it may be weaker, and a
//!    weaker atom often has a weaker reason. All atoms of a reason must have held at that moment.
//! 4. Whoever concludes something from an optional interval about something else names its presence
//!    in the reason; a conclusion about its own bounds needs none (see `trail`).
//! 5. Add what it means to `declaration`, and a test that asserts bounds *and* reasons; `audit`
//!    then proves every inference again.
//!
//! **Source:** Laurent Michel, Pierre Schaus, Pascal Van Hentenryck, *MiniCP* (2021), for the
//! fix-point; Thibaut Feydy, Peter Stuckey (CP 2009), for explanations on demand.

use crate::atom::{Atom, Value, View};
use crate::declaration::Declaration;
use crate::trail::{Conflict, Past, Reason, Trail};
use std::ops::Deref;

/// How dear a propagator is; the cheap go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Priority {
    /// A few steps.
    Constant,
    /// One look at each variable.
    Linear,
    /// Sorting, trees.
    Sorted,
    /// Quadratic and worse.
    Dear,
}

/// Number of priorities.
pub(crate) const PRIORITIES: usize = 4;

/// All of them, the cheapest first.
pub(crate) const BY_PRICE: [Priority; PRIORITIES] =
    [Priority::Constant, Priority::Linear, Priority::Sorted, Priority::Dear];

/// Removes values that cannot be part of any solution of one constraint.
pub trait Propagator: Send {
    /// What it is called in reports.
    fn name(&self) -> &'static str;

    /// How dear it is.
    fn priority(&self) -> Priority {
        Priority::Linear
    }

    /// What the constraint means, as plain data: brute force and `audit` judge the propagator by
    /// it.
    fn declaration(&self) -> Declaration;

    /// Names the changes that it wants to see. Called once, when it is posted.
    fn wake_on(&self, wake: &mut Wake);

    /// Asks for cells that the trail restores. Called once, when it is posted.
    fn attach(&mut self, _trail: &mut Trail) {}

    /// Raises bounds. Called whenever a watched bound changed, once for any number of changes, and
    /// again after its own changes until nothing moves.
    ///
    /// # Errors
    /// When the constraint cannot hold.
    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict>;

    /// Atoms, true in the `past`, that imply `atom`; for a failure `atom` is [`Atom::FALSE`].
    ///
    /// Must be pure: it may be called any number of times, at any later moment.
    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>);
}

/// The state of the search as a propagator may change it.
#[derive(Debug)]
pub struct Propagation<'a> {
    pub(crate) trail: &'a mut Trail,
    pub(crate) propagator: u32,
    pub(crate) tags: &'a [u32],
    pub(crate) priority: Priority,
    pub(crate) postponed: Option<Priority>,
}

impl Propagation<'_> {
    /// Tags of the changes that woke the propagator, as [`Wake::tag`] gave them, in order and
    /// perhaps repeated; [`Wake::ALL`] among them when it must look at everything. Since its last
    /// fix-point under the present decisions nothing else has changed.
    pub fn tags(&self) -> &[u32] {
        self.tags
    }

    /// In whose turn the propagator runs: its own, or the one to which it postponed work.
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// Asks to be called again when nothing cheaper waits; what changes meanwhile comes first, in
    /// the propagator's own turn. Forgotten when propagation fails.
    pub fn postpone(&mut self, priority: Priority) {
        self.postponed = Some(priority);
    }

    /// Makes an atom hold; the propagator explains it from `payload` when asked.
    ///
    /// # Errors
    /// When its negation holds.
    #[inline]
    pub fn set(&mut self, atom: Atom, payload: u32) -> Result<(), Conflict> {
        let propagator = self.propagator;
        self.trail.set(atom, Reason::Lazy { propagator, payload })
    }

    /// Makes an atom hold if the interval that it belongs to is present, see [`Trail::set_when`].
    ///
    /// # Errors
    /// When its negation holds and the interval is present.
    #[inline]
    pub fn set_when(&mut self, present: Atom, atom: Atom, payload: u32) -> Result<(), Conflict> {
        let propagator = self.propagator;
        self.trail.set_when(present, atom, Reason::Lazy { propagator, payload })
    }

    /// Makes an atom hold because `reason` does, written down at once. For short reasons.
    ///
    /// # Errors
    /// When its negation holds.
    #[inline]
    pub fn set_because(&mut self, atom: Atom, reason: &[Atom]) -> Result<(), Conflict> {
        if self.trail.is_true(atom) {
            return Ok(());
        }
        let reason = self.trail.store(reason);
        self.trail.set(atom, reason)
    }

    /// Fails; the propagator explains [`Atom::FALSE`] from `payload`.
    ///
    /// # Errors
    /// Always.
    pub fn fail<T>(&mut self, payload: u32) -> Result<T, Conflict> {
        let propagator = self.propagator;
        self.trail.fail(Reason::Lazy { propagator, payload })
    }

    /// Fails because these atoms hold.
    ///
    /// # Errors
    /// Always.
    pub fn fail_because<T>(&mut self, reason: &[Atom]) -> Result<T, Conflict> {
        let reason = self.trail.store(reason);
        self.trail.fail(reason)
    }

    /// Overwrites a cell until the level is undone.
    #[inline]
    pub fn set_cell(&mut self, cell: u32, value: u64) {
        self.trail.set_cell(cell, value);
    }

    /// Numbers for `explain`, kept until the level is undone; returns the payload.
    pub fn note(&mut self, numbers: &[Value]) -> u32 {
        self.trail.note(numbers)
    }
}

impl Deref for Propagation<'_> {
    type Target = Trail;

    fn deref(&self) -> &Trail {
        self.trail
    }
}

/// The changes that a propagator wants to see.
#[derive(Debug)]
pub struct Wake {
    pub(crate) sides: Vec<(u32, u32)>,
    tag: u32,
    pub(crate) sees_itself: bool,
}

impl Default for Wake {
    fn default() -> Self {
        Wake { sides: Vec::new(), tag: Wake::ALL, sees_itself: true }
    }
}

impl Wake {
    /// The tag of a change that says nothing in particular.
    pub const ALL: u32 = u32::MAX;

    /// From now on changes carry this tag; the propagator finds it in [`Propagation::tags`].
    pub fn tag(&mut self, tag: u32) {
        self.tag = tag;
    }

    /// Its own changes are not shown to it: it has drawn their conclusions when it returns.
    pub fn but_its_own(&mut self) {
        self.sees_itself = false;
    }

    /// When the lower bound of a view rises.
    pub fn on_lower(&mut self, view: View) {
        if !view.is_constant() {
            self.sides.push((view.side.0, self.tag));
        }
    }

    /// When the upper bound of a view falls.
    pub fn on_upper(&mut self, view: View) {
        self.on_lower(-view);
    }

    /// When either bound changes.
    pub fn on_bounds(&mut self, view: View) {
        self.on_lower(view);
        self.on_upper(view);
    }

    /// When an atom becomes true.
    pub fn on_true(&mut self, atom: Atom) {
        // The constant, and its negation, never change.
        if atom.side.variable() != 0 {
            self.sides.push((atom.side.0, self.tag));
        }
    }

    /// When an atom becomes true or false.
    pub fn on_decided(&mut self, atom: Atom) {
        self.on_true(atom);
        self.on_true(!atom);
    }
}
