//! Which atom to decide next: those that took part in recent conflicts.
//!
//! Every Boolean is known from the start; an atom on a bound joins when a learned clause speaks of
//! it. Atoms are kept as `[x ≥ v]` of the positive side.
//!
//! **Source:** Matthew Moskewicz et al., *Chaff* (DAC 2001); Niklas Eén, Niklas Sörensson (SAT
//! 2003) for the growing increment.

use crate::atom::{Atom, Side};
use crate::heap::Heap;
use crate::trail::Position;
use rustc_hash::FxHashMap;

/// No atom.
const NONE: u32 = u32::MAX;

/// Atoms by activity.
#[derive(Debug)]
pub(crate) struct Activity {
    ids: FxHashMap<Atom, u32>,
    /// By variable: the id of a Boolean that stays.
    booleans: Vec<u32>,
    atoms: Vec<Atom>,
    heap: Heap,
    increment: f64,
    decay: f64,
    /// Atoms that are never forgotten come first.
    permanent: usize,
}

/// The same atom, or its negation, on the positive side.
fn canonical(atom: Atom) -> Atom {
    if atom.side.0 & 1 == 0 { atom } else { !atom }
}

impl Activity {
    pub(crate) fn new(decay: f64) -> Self {
        Activity {
            ids: FxHashMap::default(),
            booleans: Vec::new(),
            atoms: Vec::new(),
            heap: Heap::default(),
            increment: 1.0,
            decay,
            permanent: 0,
        }
    }

    /// Adds a Boolean that stays; `score` is its first activity.
    pub(crate) fn add_permanent(&mut self, atom: Atom, score: f64) {
        let id = self.add(atom, score);
        let variable = atom.side.variable();
        if self.booleans.len() <= variable {
            self.booleans.resize(variable + 1, NONE);
        }
        self.booleans[variable] = id;
        self.permanent = self.atoms.len();
    }

    fn add(&mut self, atom: Atom, score: f64) -> u32 {
        let atom = canonical(atom);
        if let Some(&id) = self.ids.get(&atom) {
            return id;
        }
        let id = self.heap.add(score);
        self.ids.insert(atom, id);
        self.atoms.push(atom);
        id
    }

    /// An atom took part in a conflict.
    pub(crate) fn bump(&mut self, atom: Atom) {
        let id = match self.boolean(atom.side) {
            Some(id) => id,
            None => self.add(atom, 0.0),
        };
        self.bump_id(id);
    }

    /// A Boolean took part, if `side` belongs to one.
    pub(crate) fn bump_boolean(&mut self, side: Side) {
        if let Some(id) = self.boolean(side) {
            self.bump_id(id);
        }
    }

    fn boolean(&self, side: Side) -> Option<u32> {
        self.booleans.get(side.variable()).copied().filter(|&id| id != NONE)
    }

    fn bump_id(&mut self, id: u32) {
        let score = self.heap.score(id) + self.increment;
        self.heap.set_score(id, score);
        if score > 1e100 {
            self.heap.scale(1e-100);
            self.increment *= 1e-100;
        }
    }

    /// After each conflict.
    pub(crate) fn decay(&mut self) {
        self.increment /= self.decay;
    }

    /// Takes the most active atom out of the heap.
    pub(crate) fn take(&mut self, position: Position) -> Option<Atom> {
        self.heap.take(position).map(|id| self.atoms[id as usize])
    }

    /// The trail was undone to `position`.
    pub(crate) fn restore(&mut self, position: Position) {
        self.heap.restore(position);
    }

    /// Forgets the less active half of the atoms on bounds. Call only at the root, restored.
    pub(crate) fn reduce(&mut self) {
        let score = |id: &u32| self.heap.score(*id);
        let mut rest: Vec<u32> = (self.permanent as u32..self.atoms.len() as u32).collect();
        rest.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
        rest.truncate(rest.len() / 2);
        rest.sort_unstable();
        let kept: Vec<u32> = (0..self.permanent as u32).chain(rest).collect();
        let scores: Vec<f64> = kept.iter().map(score).collect();
        self.atoms = kept.iter().map(|&id| self.atoms[id as usize]).collect();
        self.ids = self.atoms.iter().enumerate().map(|(id, &atom)| (atom, id as u32)).collect();
        self.heap = Heap::default();
        for score in scores {
            self.heap.add(score);
        }
    }

    /// Atoms that may be forgotten.
    pub(crate) fn passing(&self) -> usize {
        self.atoms.len() - self.permanent
    }
}
