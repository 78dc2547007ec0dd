//! Clauses over atoms: two watched atoms, tiers by the number of levels that a clause connects.
//!
//! A watch stands at the side whose rise makes its atom false, among those that share the value at
//! which it does; a rise from `a` to `b` looks only at values in `(a, b]`.
//! Clauses that connect at most two levels stay for ever, those up to six while they are used, the
//! others compete by activity. Clauses are forgotten only while no level is open, when no reason
//! points at them.
//!
//! **Source:** Matthew Moskewicz et al., *Chaff* (DAC 2001), for watches; Gilles Audemard, Laurent
//! Simon, *Predicting learnt clauses quality* (IJCAI 2009), for levels as quality; Chanseok Oh,
//! *Between SAT and UNSAT* (SAT 2015), for the three tiers.

use crate::atom::{Atom, Side, Value};
use crate::trail::{Conflict, NOWHERE, Position, Reason, Trail};

/// Clauses that connect at most so many levels are kept for ever.
const CORE_LEVELS: u32 = 2;
/// Clauses that connect at most so many levels are kept while they are used.
const MIDDLE_LEVELS: u32 = 6;

#[derive(Clone, Copy, Debug)]
struct Watch {
    blocker: Atom,
    clause: u32,
}

/// Watches of one side by the value at which they look, values rising.
#[derive(Clone, Debug, Default)]
struct Watches {
    thresholds: Vec<Value>,
    lists: Vec<Vec<Watch>>,
}

impl Watches {
    fn push(&mut self, threshold: Value, watch: Watch) {
        let place = self.thresholds.partition_point(|&it| it < threshold);
        if self.thresholds.get(place) != Some(&threshold) {
            self.thresholds.insert(place, threshold);
            self.lists.insert(place, Vec::new());
        }
        self.lists[place].push(watch);
    }

    fn clear(&mut self) {
        self.thresholds.clear();
        self.lists.clear();
    }
}

#[derive(Clone, Copy, Debug)]
struct Header {
    first: u32,
    count: u32,
    /// Levels that it connected when it was learned, or last used; 0: part of the model.
    levels: u32,
    /// Whether it took part in a conflict since the last reduction.
    used: bool,
    activity: f64,
}

/// The clauses of the model and those that were learned.
#[derive(Debug)]
pub(crate) struct Clauses {
    atoms: Vec<Atom>,
    headers: Vec<Header>,
    watches: Vec<Watches>,
    increment: f64,
    /// Learned clauses that may be forgotten.
    pub(crate) learned: usize,
}

impl Default for Clauses {
    fn default() -> Self {
        Clauses {
            atoms: Vec::new(),
            headers: Vec::new(),
            watches: Vec::new(),
            increment: 1.0,
            learned: 0,
        }
    }
}

impl Clauses {
    /// Adds a clause of at least two atoms; `levels` is 0 for a clause of the model. The first two
    /// atoms are watched.
    pub(crate) fn add(&mut self, trail: &Trail, atoms: &[Atom], levels: u32) -> u32 {
        assert!(atoms.len() >= 2, "shorter clauses are facts");
        self.watches.resize(trail.sides(), Watches::default());
        let clause = self.headers.len() as u32;
        self.headers.push(Header {
            first: self.atoms.len() as u32,
            count: atoms.len() as u32,
            levels,
            used: true,
            activity: self.increment,
        });
        self.atoms.extend_from_slice(atoms);
        self.watch(atoms[0], atoms[1], clause);
        self.watch(atoms[1], atoms[0], clause);
        self.learned += usize::from(levels > CORE_LEVELS);
        clause
    }

    fn watch(&mut self, atom: Atom, blocker: Atom, clause: u32) {
        let falsifier = !atom;
        self.watches[falsifier.side.index()].push(falsifier.value, Watch { blocker, clause });
    }

    /// Atoms of a clause.
    pub(crate) fn atoms(&self, clause: u32) -> &[Atom] {
        let header = &self.headers[clause as usize];
        &self.atoms[header.first as usize..(header.first + header.count) as usize]
    }

    /// Whether somebody watches a side.
    #[inline]
    pub(crate) fn is_watched(&self, side: Side) -> bool {
        self.watches.get(side.index()).is_some_and(|it| !it.thresholds.is_empty())
    }

    /// Looks at clauses whose watched atoms became false by one change.
    ///
    /// # Errors
    /// When all atoms of a clause are false.
    pub(crate) fn follow(&mut self, position: Position, trail: &mut Trail) -> Result<(), Conflict> {
        let entry = trail.entries[position as usize];
        let before = match entry.previous {
            NOWHERE => Value::MIN,
            previous => trail.entries[previous as usize].value,
        };
        self.visit(entry.side, before, entry.value, trail)
    }

    fn visit(
        &mut self,
        side: Side,
        before: Value,
        now: Value,
        trail: &mut Trail,
    ) -> Result<(), Conflict> {
        let watches = &self.watches[side.index()];
        let mut place = watches.thresholds.partition_point(|&it| it <= before);
        // Watches that come to this side meanwhile look at values above the bound.
        while let Some(&threshold) = self.watches[side.index()].thresholds.get(place) {
            if threshold > now {
                break;
            }
            self.look(side.at_least(threshold), place, trail)?;
            place += 1;
        }
        Ok(())
    }

    /// Looks at all watches of one value, which an atom has just reached.
    fn look(&mut self, reached: Atom, place: usize, trail: &mut Trail) -> Result<(), Conflict> {
        let side = reached.side.index();
        let mut list = std::mem::take(&mut self.watches[side].lists[place]);
        let mut kept = 0;
        let mut outcome = Ok(());
        for k in 0..list.len() {
            let mut watch = list[k];
            if outcome.is_ok() && !trail.is_true(watch.blocker) {
                match self.settle(!reached, &mut watch, trail) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(conflict) => outcome = Err(conflict),
                }
            }
            list[kept] = watch;
            kept += 1;
        }
        list.truncate(kept);
        self.watches[side].lists[place] = list;
        outcome
    }

    /// Whether the watch stays where it is.
    fn settle(
        &mut self,
        falsified: Atom,
        watch: &mut Watch,
        trail: &mut Trail,
    ) -> Result<bool, Conflict> {
        let header = self.headers[watch.clause as usize];
        let atoms = &mut self.atoms[header.first as usize..(header.first + header.count) as usize];
        if atoms[0] == falsified {
            atoms.swap(0, 1);
        }
        let first = atoms[0];
        watch.blocker = first;
        if trail.is_true(first) {
            return Ok(true);
        }
        if let Some(other) = (2..atoms.len()).find(|&k| !trail.is_false(atoms[k])) {
            atoms.swap(1, other);
            let atom = atoms[1];
            self.watch(atom, first, watch.clause);
            return Ok(false);
        }
        if trail.is_false(first) {
            return trail.fail(Reason::Clause(watch.clause));
        }
        trail.set(first, Reason::Clause(watch.clause))?;
        Ok(true)
    }

    /// A clause took part in a conflict.
    pub(crate) fn bump(&mut self, clause: u32) {
        let header = &mut self.headers[clause as usize];
        header.used = true;
        header.activity += self.increment;
        if header.activity > 1e100 {
            for header in &mut self.headers {
                header.activity *= 1e-100;
            }
            self.increment *= 1e-100;
        }
    }

    /// After each conflict: younger use counts more.
    pub(crate) fn decay(&mut self) {
        self.increment /= 0.999;
    }

    /// Forgets the worse half of the clauses that may be forgotten, and those that hold anyway.
    ///
    /// # Panics
    /// When a level is open.
    pub(crate) fn reduce(&mut self, trail: &Trail) {
        assert_eq!(trail.level(), 0, "reasons may point at clauses");
        let mut activities: Vec<f64> = self
            .headers
            .iter()
            .filter(|header| Clauses::is_weak(header))
            .map(|header| header.activity)
            .collect();
        let middle = activities.len() / 2;
        let cut = if activities.is_empty() {
            0.0
        } else {
            *activities.select_nth_unstable_by(middle, f64::total_cmp).1
        };
        let old = std::mem::take(&mut self.headers);
        let atoms = std::mem::take(&mut self.atoms);
        self.watches.iter_mut().for_each(Watches::clear);
        self.learned = 0;
        for header in old {
            let body = &atoms[header.first as usize..(header.first + header.count) as usize];
            let weak = Clauses::is_weak(&header) && header.activity <= cut;
            if weak || body.iter().any(|&atom| trail.is_true(atom)) {
                continue;
            }
            let alive: Vec<Atom> =
                body.iter().copied().filter(|&atom| !trail.is_false(atom)).collect();
            assert!(alive.len() >= 2, "facts were propagated before");
            let clause = self.add(trail, &alive, header.levels);
            let kept = &mut self.headers[clause as usize];
            kept.used = false;
            kept.activity = header.activity;
        }
    }

    fn is_weak(header: &Header) -> bool {
        header.levels > MIDDLE_LEVELS || (header.levels > CORE_LEVELS && !header.used)
    }

    /// Bytes held, two watches a clause at up to twice their size.
    pub(crate) fn bytes(&self) -> u64 {
        let headers = self.headers.capacity() * (size_of::<Header>() + 4 * size_of::<Watch>());
        let lists = self.watches.capacity() * size_of::<Watches>();
        (self.atoms.capacity() * size_of::<Atom>() + headers + lists) as u64
    }

    /// Number of clauses, those of the model included.
    pub(crate) fn len(&self) -> usize {
        self.headers.len()
    }
}
