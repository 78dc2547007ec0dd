//! Which atom to decide next: those that took part in recent conflicts.
//!
//! Every Boolean is known from the start; an atom on a bound joins when a learned clause speaks of
//! it. Atoms are kept as `[x ≥ v]` of the positive side, in a binary heap by activity. An atom that
//! was taken from the heap returns when the trail is undone past the point where it was taken.
//!
//! **Source:** Moskewicz et al., *Chaff* (DAC 2001); Eén, Sörensson (SAT 2003) for the growing
//! increment.

use crate::atom::{Atom, Side};
use crate::trail::Position;
use rustc_hash::FxHashMap;

/// Not in the heap.
const OUT: u32 = u32::MAX;

/// Atoms by activity.
#[derive(Debug)]
pub(crate) struct Activity {
    ids: FxHashMap<Atom, u32>,
    atoms: Vec<Atom>,
    scores: Vec<f64>,
    heap: Vec<u32>,
    places: Vec<u32>,
    taken: Vec<(Position, u32)>,
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
            atoms: Vec::new(),
            scores: Vec::new(),
            heap: Vec::new(),
            places: Vec::new(),
            taken: Vec::new(),
            increment: 1.0,
            decay,
            permanent: 0,
        }
    }

    /// Adds an atom that stays; `score` is its first activity.
    pub(crate) fn add_permanent(&mut self, atom: Atom, score: f64) {
        self.add(atom, score);
        self.permanent = self.atoms.len();
    }

    fn add(&mut self, atom: Atom, score: f64) -> u32 {
        let atom = canonical(atom);
        if let Some(&id) = self.ids.get(&atom) {
            return id;
        }
        let id = self.atoms.len() as u32;
        self.ids.insert(atom, id);
        self.atoms.push(atom);
        self.scores.push(score);
        self.places.push(OUT);
        self.insert(id);
        id
    }

    /// An atom took part in a conflict.
    pub(crate) fn bump(&mut self, atom: Atom) {
        let id = self.add(atom, 0.0);
        self.scores[id as usize] += self.increment;
        if self.scores[id as usize] > 1e100 {
            self.scores.iter_mut().for_each(|score| *score *= 1e-100);
            self.increment *= 1e-100;
        }
        if self.places[id as usize] != OUT {
            self.rise(self.places[id as usize] as usize);
        }
    }

    /// A Boolean took part, if `side` belongs to one.
    pub(crate) fn bump_boolean(&mut self, side: Side) {
        let positive = if side.0 & 1 == 0 { side } else { -side };
        if self.ids.contains_key(&positive.at_least(1)) {
            self.bump(positive.at_least(1));
        }
    }

    /// After each conflict.
    pub(crate) fn decay(&mut self) {
        self.increment /= self.decay;
    }

    /// Takes the most active atom out of the heap.
    pub(crate) fn take(&mut self, position: Position) -> Option<Atom> {
        let id = *self.heap.first()?;
        let end = self.heap.pop().expect("not empty");
        self.places[id as usize] = OUT;
        if end != id {
            self.heap[0] = end;
            self.places[end as usize] = 0;
            self.sink(0);
        }
        self.taken.push((position, id));
        Some(self.atoms[id as usize])
    }

    /// The trail was undone to `position`.
    pub(crate) fn restore(&mut self, position: Position) {
        while let Some(&(at, id)) = self.taken.last() {
            if at < position {
                break;
            }
            self.taken.pop();
            if self.places[id as usize] == OUT {
                self.insert(id);
            }
        }
    }

    /// Forgets the less active half of the atoms on bounds. Call only at the root, restored.
    pub(crate) fn reduce(&mut self) {
        let mut rest: Vec<u32> = (self.permanent as u32..self.atoms.len() as u32).collect();
        rest.sort_by(|&a, &b| {
            self.scores[b as usize].total_cmp(&self.scores[a as usize]).then(a.cmp(&b))
        });
        rest.truncate(rest.len() / 2);
        rest.sort_unstable();
        let kept: Vec<u32> = (0..self.permanent as u32).chain(rest).collect();
        self.atoms = kept.iter().map(|&id| self.atoms[id as usize]).collect();
        self.scores = kept.iter().map(|&id| self.scores[id as usize]).collect();
        self.ids = self.atoms.iter().enumerate().map(|(id, &atom)| (atom, id as u32)).collect();
        self.places = vec![OUT; self.atoms.len()];
        self.heap.clear();
        self.taken.clear();
        for id in 0..self.atoms.len() as u32 {
            self.insert(id);
        }
    }

    /// Atoms that may be forgotten.
    pub(crate) fn passing(&self) -> usize {
        self.atoms.len() - self.permanent
    }

    fn insert(&mut self, id: u32) {
        self.places[id as usize] = self.heap.len() as u32;
        self.heap.push(id);
        self.rise(self.heap.len() - 1);
    }

    /// Ties go to the older atom, so that the order is one.
    fn before(&self, a: u32, b: u32) -> bool {
        let (first, second) = (self.scores[a as usize], self.scores[b as usize]);
        first > second || (first == second && a < b)
    }

    fn rise(&mut self, mut place: usize) {
        let id = self.heap[place];
        while place > 0 {
            let parent = (place - 1) / 2;
            if !self.before(id, self.heap[parent]) {
                break;
            }
            self.heap[place] = self.heap[parent];
            self.places[self.heap[place] as usize] = place as u32;
            place = parent;
        }
        self.heap[place] = id;
        self.places[id as usize] = place as u32;
    }

    fn sink(&mut self, mut place: usize) {
        let id = self.heap[place];
        loop {
            let mut child = 2 * place + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.before(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            if !self.before(self.heap[child], id) {
                break;
            }
            self.heap[place] = self.heap[child];
            self.places[self.heap[place] as usize] = place as u32;
            place = child;
        }
        self.heap[place] = id;
        self.places[id as usize] = place as u32;
    }
}
