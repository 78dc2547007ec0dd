//! Bounds of all variables, the trail of their changes, and the reasons of every change.
//!
//! Entry `e` of the trail says: side `s` rose to value `v`, for a reason. `last[s]` is the newest
//! entry of a side and every entry names the one before it, so the entry that first made `[s ≥ v]`
//! true, and the bound of a side at any earlier moment, are found by walking back. Undoing pops
//! entries. Nothing is allocated once the arrays have grown.
//!
//! An atom on a variable that is *optional* reads "if the variable is present, then …". A bound
//! that would empty its domain therefore makes it absent instead of failing, and whoever draws a
//! conclusion about something else from such a bound must name the presence in the reason.
//!
//! **Source:** Niklas Eén, Niklas Sörensson, *An extensible SAT solver* (SAT 2003), for the trail;
//! Olga Ohrimenko, Peter Stuckey, Michael Codish, *Propagation via lazy clause generation* (2009),
//! for reasons that are computed when they are asked for.

use crate::atom::{Atom, Side, VALUE_MAX, Value, View};

/// These atoms cannot all hold; the trail knows which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;

/// Position of an entry of the trail.
pub type Position = u32;

/// No entry.
pub(crate) const NOWHERE: Position = Position::MAX;

/// Why a bound changed; the atoms are found when they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A choice of the search, or a fact that needs no reason.
    Decision,
    /// A clause whose other atoms are false.
    Clause(u32),
    /// An arc of the temporal graph: its guard and the bound of its source.
    Arc(u32),
    /// An arc that cannot hold makes its guard false.
    ArcRefuted(u32),
    /// The propagator will explain; `payload` is its own note.
    Lazy {
        /// Which propagator.
        propagator: u32,
        /// What it noted down, as [`Trail::note`] returned it, or any number.
        payload: u32,
    },
    /// Atoms that were written down at once.
    Stored {
        /// Where they begin in the store.
        first: u32,
        /// How many they are.
        count: u32,
    },
    /// The domain of an optional variable is empty: index of what emptied it.
    Emptied(u32),
    /// Nobody will ask: the search does not learn.
    Unexplained,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) side: Side,
    pub(crate) previous: Position,
    pub(crate) value: Value,
    pub(crate) reason: Reason,
    pub(crate) level: u32,
}

/// What emptied a domain: the bound that could not be, and why it had to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emptied {
    pub(crate) atom: Atom,
    pub(crate) reason: Reason,
    pub(crate) position: Position,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    entries: u32,
    notes: u32,
    stored: u32,
    emptied: u32,
    cells: u32,
}

/// What cannot hold, found by the last propagation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clash {
    /// An atom had to hold for a reason, and its negation holds.
    Bound(Emptied),
    /// These atoms hold and cannot hold together.
    Reason(Reason),
}

/// Bounds, trail and reasons.
#[derive(Debug)]
pub struct Trail {
    pub(crate) bounds: Vec<Value>,
    pub(crate) last: Vec<Position>,
    pub(crate) entries: Vec<Entry>,
    presence: Vec<Atom>,
    marks: Vec<Mark>,
    notes: Vec<Value>,
    stored: Vec<Atom>,
    pub(crate) emptied: Vec<Emptied>,
    pub(crate) clash: Clash,
    cells: Vec<u64>,
    /// Cells and what they held, by time of change.
    overwritten: Vec<(u32, u64)>,
    /// End of the trail when propagation last came to an end under the present decisions.
    pub(crate) settled: Position,
    /// How often levels were undone, ever: what was read before is old if this has moved.
    pub undone_total: u64,
    /// Whether reasons will be asked for.
    pub explaining: bool,
    /// Bounds that changed, ever: the unit of work.
    pub changes_total: u64,
}

impl Default for Trail {
    fn default() -> Self {
        let mut trail = Trail {
            bounds: Vec::new(),
            last: Vec::new(),
            entries: Vec::new(),
            presence: Vec::new(),
            marks: Vec::new(),
            notes: Vec::new(),
            stored: Vec::new(),
            emptied: Vec::new(),
            clash: Clash::Reason(Reason::Decision),
            cells: Vec::new(),
            overwritten: Vec::new(),
            settled: 0,
            undone_total: 0,
            explaining: true,
            changes_total: 0,
        };
        trail.add(0, 0, Atom::TRUE);
        trail
    }
}

impl Trail {
    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        let bounds = self.bounds.capacity() * size_of::<Value>()
            + self.last.capacity() * size_of::<Position>()
            + self.presence.capacity() * size_of::<Atom>();
        let changes = self.entries.capacity() * size_of::<Entry>()
            + self.emptied.capacity() * size_of::<Emptied>()
            + self.stored.capacity() * size_of::<Atom>()
            + self.marks.capacity() * size_of::<Mark>();
        let words = self.notes.capacity() + self.cells.capacity() + 2 * self.overwritten.capacity();
        (bounds + changes + words * size_of::<u64>()) as u64
    }

    /// A new variable with domain `[lower, upper]`, optional unless `present` always holds.
    ///
    /// # Panics
    /// When a level is open, when the domain is empty or a bound is beyond [`VALUE_MAX`].
    pub fn add(&mut self, lower: Value, upper: Value, present: Atom) -> View {
        assert!(self.marks.is_empty(), "variables are added before the search");
        assert!(lower <= upper, "domain [{lower}, {upper}] is empty");
        assert!(-VALUE_MAX <= lower && upper <= VALUE_MAX, "domain [{lower}, {upper}] too wide");
        let side = Side(u32::try_from(self.bounds.len()).expect("fewer than 2^32 sides"));
        for (side, value) in [(side, lower), (-side, -upper)] {
            self.bounds.push(value);
            self.last.push(self.position());
            self.entries.push(Entry {
                side,
                previous: NOWHERE,
                value,
                reason: Reason::Decision,
                level: 0,
            });
        }
        self.presence.push(present);
        View { side, offset: 0 }
    }

    /// The variable with this number.
    pub fn variable(&self, number: usize) -> View {
        assert!(number < self.presence.len(), "variable {number} of {}", self.presence.len());
        View { side: Side(2 * number as u32), offset: 0 }
    }

    /// Number of sides: twice the number of variables.
    pub fn sides(&self) -> usize {
        self.bounds.len()
    }

    /// Lower bound of a variable by its number.
    pub fn variable_lower(&self, variable: usize) -> Value {
        self.bounds[2 * variable]
    }

    /// When the variable behind `side` is there.
    #[inline]
    pub fn presence(&self, side: Side) -> Atom {
        self.presence[side.variable()]
    }

    /// Lower bound of a side.
    #[inline]
    pub fn bound(&self, side: Side) -> Value {
        self.bounds[side.index()]
    }

    /// Lower bound of a view.
    #[inline]
    pub fn lower(&self, view: View) -> Value {
        self.bounds[view.side.index()] + view.offset
    }

    /// Upper bound of a view.
    #[inline]
    pub fn upper(&self, view: View) -> Value {
        view.offset - self.bounds[(-view.side).index()]
    }

    /// Lower bound of a view without any decision.
    pub fn root_lower(&self, view: View) -> Value {
        self.before(0).root_bound(view.side) + view.offset
    }

    /// Bounds that hold without any decision, in the order in which they were found, without the
    /// first `known`; more are found as the search goes on, but none is lost.
    pub fn root(&self, known: usize) -> impl ExactSizeIterator<Item = Atom> {
        let count = self.marks.first().map_or(self.entries.len(), |mark| mark.entries as usize);
        self.entries[known..count].iter().map(|entry| entry.side.at_least(entry.value))
    }

    /// Whether both bounds are the same.
    #[inline]
    pub fn is_fixed(&self, view: View) -> bool {
        self.lower(view) == self.upper(view)
    }

    /// Whether the atom holds.
    #[inline]
    pub fn is_true(&self, atom: Atom) -> bool {
        self.bounds[atom.side.index()] >= atom.value
    }

    /// Whether the negation of the atom holds.
    #[inline]
    pub fn is_false(&self, atom: Atom) -> bool {
        self.is_true(!atom)
    }

    /// Number of decisions that the present bounds rest on.
    #[inline]
    pub fn level(&self) -> u32 {
        self.marks.len() as u32
    }

    /// Position of the next entry.
    #[inline]
    pub fn position(&self) -> Position {
        self.entries.len() as Position
    }

    /// Makes an atom hold, for a reason.
    ///
    /// Nothing happens if it holds already. If its negation holds, the variable becomes absent.
    ///
    /// # Errors
    /// When its negation holds and the variable is present.
    #[inline]
    pub fn set(&mut self, atom: Atom, reason: Reason) -> Result<(), Conflict> {
        if self.bounds[atom.side.index()] >= atom.value {
            return Ok(());
        }
        if atom.value > -self.bounds[(-atom.side).index()] {
            return self.empty(atom, reason);
        }
        self.push(atom, reason);
        Ok(())
    }

    /// Makes an atom hold if the interval that it belongs to is there: its reason then names
    /// `present` where that is true already, unless the variable itself is there only then.
    ///
    /// Nothing happens while `present` is open and the atom could hold. If the atom cannot hold,
    /// the interval becomes absent, whosever the variable is.
    ///
    /// # Errors
    /// When its negation holds and the interval is present.
    pub fn set_when(&mut self, present: Atom, atom: Atom, reason: Reason) -> Result<(), Conflict> {
        if self.presence(atom.side) == present || self.is_true(present) {
            return self.set(atom, reason);
        }
        if self.is_false(atom) && !self.is_false(present) {
            self.emptied.push(Emptied { atom, reason, position: self.position() });
            self.push(!present, Reason::Emptied(self.emptied.len() as u32 - 1));
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, atom: Atom, reason: Reason) {
        let index = atom.side.index();
        let position = self.position();
        self.entries.push(Entry {
            side: atom.side,
            previous: self.last[index],
            value: atom.value,
            reason,
            level: self.marks.len() as u32,
        });
        self.last[index] = position;
        self.bounds[index] = atom.value;
        self.changes_total += 1;
    }

    #[cold]
    fn empty(&mut self, atom: Atom, reason: Reason) -> Result<(), Conflict> {
        let emptied = Emptied { atom, reason, position: self.position() };
        let present = self.presence(atom.side);
        if self.is_false(present) {
            return Ok(());
        }
        if self.is_true(present) {
            self.clash = Clash::Bound(emptied);
            return Err(Conflict);
        }
        self.emptied.push(emptied);
        self.push(!present, Reason::Emptied(self.emptied.len() as u32 - 1));
        Ok(())
    }

    /// Fails: the atoms of `reason` hold and cannot hold together.
    pub fn fail<T>(&mut self, reason: Reason) -> Result<T, Conflict> {
        self.clash = Clash::Reason(reason);
        Err(Conflict)
    }

    /// Opens a level.
    pub fn open_level(&mut self) {
        self.marks.push(Mark {
            entries: self.entries.len() as u32,
            notes: self.notes.len() as u32,
            stored: self.stored.len() as u32,
            emptied: self.emptied.len() as u32,
            cells: self.overwritten.len() as u32,
        });
    }

    /// Undoes every change above `level`, newest first; `undone` sees each side and its new bound.
    pub fn backtrack(&mut self, level: u32, mut undone: impl FnMut(Side, Value)) {
        if self.level() <= level {
            return;
        }
        let mark = self.marks[level as usize];
        self.marks.truncate(level as usize);
        while self.entries.len() > mark.entries as usize {
            let entry = self.entries.pop().expect("longer than the mark");
            let index = entry.side.index();
            self.last[index] = entry.previous;
            self.bounds[index] = self.entries[entry.previous as usize].value;
            undone(entry.side, entry.value);
        }
        self.notes.truncate(mark.notes as usize);
        self.stored.truncate(mark.stored as usize);
        self.emptied.truncate(mark.emptied as usize);
        while self.overwritten.len() > mark.cells as usize {
            let (cell, value) = self.overwritten.pop().expect("longer than the mark");
            self.cells[cell as usize] = value;
        }
        self.settled = self.settled.min(mark.entries);
        self.undone_total += 1;
    }

    /// Bound of a side when propagation last came to an end under the present decisions.
    #[inline]
    pub fn settled_bound(&self, side: Side) -> Value {
        let mut entry = &self.entries[self.last[side.index()] as usize];
        let mut position = self.last[side.index()];
        while position >= self.settled && entry.previous != NOWHERE {
            position = entry.previous;
            entry = &self.entries[position as usize];
        }
        entry.value
    }

    /// Room for `count` numbers that the trail restores; returns the first of them.
    ///
    /// # Panics
    /// When a level is open.
    pub fn add_cells(&mut self, count: usize) -> u32 {
        assert!(self.marks.is_empty(), "cells are added before the search");
        let first = self.cells.len() as u32;
        self.cells.resize(self.cells.len() + count, 0);
        first
    }

    /// What a cell holds; at first 0.
    #[inline]
    pub fn cell(&self, cell: u32) -> u64 {
        self.cells[cell as usize]
    }

    /// Overwrites a cell until the level is undone.
    #[inline]
    pub fn set_cell(&mut self, cell: u32, value: u64) {
        let old = std::mem::replace(&mut self.cells[cell as usize], value);
        self.overwritten.push((cell, old));
    }

    /// Writes numbers down until the level is undone; the payload finds them again.
    pub fn note(&mut self, numbers: &[Value]) -> u32 {
        if !self.explaining {
            return 0;
        }
        let first = self.notes.len() as u32;
        self.notes.extend_from_slice(numbers);
        first
    }

    /// Numbers that were written down.
    pub fn noted(&self, payload: u32, count: usize) -> &[Value] {
        &self.notes[payload as usize..payload as usize + count]
    }

    /// Writes a reason down until the level is undone.
    pub fn store(&mut self, atoms: &[Atom]) -> Reason {
        if !self.explaining {
            return Reason::Unexplained;
        }
        let first = self.stored.len() as u32;
        self.stored.extend_from_slice(atoms);
        Reason::Stored { first, count: atoms.len() as u32 }
    }

    /// Atoms of a stored reason.
    pub(crate) fn stored(&self, first: u32, count: u32) -> &[Atom] {
        &self.stored[first as usize..(first + count) as usize]
    }

    /// Position of the entry that made `atom` true, among those before `before`.
    ///
    /// # Panics
    /// When the atom was not true then.
    #[inline]
    pub fn made_true(&self, atom: Atom, before: Position) -> Position {
        let mut position = self.last[atom.side.index()];
        loop {
            let entry = &self.entries[position as usize];
            if position < before {
                debug_assert!(entry.value >= atom.value, "an atom of a reason must hold");
                if entry.previous == NOWHERE
                    || self.entries[entry.previous as usize].value < atom.value
                {
                    return position;
                }
            }
            position = entry.previous;
        }
    }

    /// The past: bounds as they were before an entry.
    pub fn before(&self, position: Position) -> Past<'_> {
        Past { trail: self, position }
    }
}

/// A bound that a side had in the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The bound.
    pub value: Value,
    /// The entry that set it.
    pub position: Position,
    /// The level of that entry; atoms of level 0 need no reason.
    pub level: u32,
}

/// Bounds as they were before some entry of the trail: what a reason may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    trail: &'a Trail,
    position: Position,
}

impl<'a> Past<'a> {
    /// Lower bound of a side.
    #[inline]
    pub fn bound(&self, side: Side) -> Value {
        let mut position = self.trail.last[side.index()];
        loop {
            let entry = &self.trail.entries[position as usize];
            if position < self.position || entry.previous == NOWHERE {
                return entry.value;
            }
            position = entry.previous;
        }
    }

    /// Lower bound of a view.
    #[inline]
    pub fn lower(&self, view: View) -> Value {
        self.bound(view.side) + view.offset
    }

    /// Upper bound of a view.
    #[inline]
    pub fn upper(&self, view: View) -> Value {
        view.offset - self.bound(-view.side)
    }

    /// Whether the atom held.
    #[inline]
    pub fn is_true(&self, atom: Atom) -> bool {
        // What does not hold now never held: no need to walk back.
        self.trail.is_true(atom) && self.bound(atom.side) >= atom.value
    }

    /// Position of the entry that made a true atom true: the smaller, the longer it holds.
    #[inline]
    pub fn made_true(&self, atom: Atom) -> Position {
        self.trail.made_true(atom, self.position)
    }

    /// Names the presence of an interval in the reason of something about its own `side`, where
    /// that is needed: see [`Trail::set_when`].
    pub fn push_presence(&self, present: Atom, side: Side, reason: &mut Vec<Atom>) {
        if self.presence(side) != present && self.is_true(present) {
            reason.push(present);
        }
    }

    /// Whether its negation held.
    #[inline]
    pub fn is_false(&self, atom: Atom) -> bool {
        self.is_true(!atom)
    }

    /// The bounds that a side had before that moment, newest first; the last is the first it had.
    pub fn steps(&self, side: Side) -> impl Iterator<Item = Step> + use<'a> {
        let (entries, end) = (&self.trail.entries, self.position);
        let chain = move |position: Position| {
            (position != NOWHERE).then(|| (position, &entries[position as usize]))
        };
        std::iter::successors(chain(self.trail.last[side.index()]), move |(_, entry)| {
            chain(entry.previous)
        })
        .filter(move |&(position, entry)| position < end || entry.previous == NOWHERE)
        .map(|(position, entry)| Step {
            value: entry.value,
            position,
            level: entry.level,
        })
    }

    /// Bounds as they were still earlier.
    pub fn earlier(&self, position: Position) -> Past<'a> {
        Past { trail: self.trail, position: self.position.min(position) }
    }

    /// Position of the entry that made `atom` true.
    ///
    /// # Panics
    /// When the atom did not hold.
    pub fn since(&self, atom: Atom) -> Position {
        self.trail.made_true(atom, self.position)
    }

    /// Bound of a side before the search began: atoms up to here need no reason.
    pub fn root_bound(&self, side: Side) -> Value {
        let mut position = self.trail.last[side.index()];
        loop {
            let entry = &self.trail.entries[position as usize];
            if entry.level == 0 {
                return entry.value;
            }
            position = entry.previous;
        }
    }

    /// When the variable behind `side` is there.
    pub fn presence(&self, side: Side) -> Atom {
        self.trail.presence(side)
    }

    /// Numbers that the propagator wrote down.
    pub fn noted(&self, payload: u32, count: usize) -> &'a [Value] {
        self.trail.noted(payload, count)
    }
}
