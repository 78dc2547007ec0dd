//! The engine: trail, temporal graph, clauses and propagators, brought to a fix-point.
//!
//! The cheap come first: clauses and arcs run until they have seen every change, then the cheapest
//! propagator that was woken runs once, then they look again. Search lives elsewhere; it decides,
//! propagates and backtracks through the few methods here.
//!
//! **Source:** Laurent Michel, Pierre Schaus, Pascal Van Hentenryck, *MiniCP* (2021), section 4.

use crate::atom::{Atom, Side, Value, View};
use crate::clauses::Clauses;
use crate::graph::Graph;
use crate::propagator::{BY_PRICE, PRIORITIES, Priority, Propagation, Propagator, Wake};
use crate::trail::{Clash, Conflict, Emptied, Entry, Position, Reason, Trail};
use std::collections::VecDeque;

/// Changes of bounds that cost about as much as a call of a small propagator.
const CALL_EFFORT: u32 = 4;

/// Sides by which a propagator is woken, per change of a bound that its call costs besides.
const SIDES_PER_EFFORT: u32 = 8;

/// Effort after which a fix-point pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffortLimit(pub u64);

impl Default for EffortLimit {
    fn default() -> Self {
        EffortLimit(u64::MAX)
    }
}

/// State and constraints of a search.
#[derive(Default)]
pub struct Engine {
    /// Bounds and reasons.
    pub trail: Trail,
    pub(crate) graph: Graph,
    pub(crate) clauses: Clauses,
    propagators: Vec<Box<dyn Propagator>>,
    priorities: Vec<Priority>,
    /// By propagator: whether it is woken by its own changes.
    sees_itself: Vec<bool>,
    /// By side: propagators and the tags under which they see it.
    wakes: Vec<Vec<(u32, u32)>>,
    /// By propagator: tags of changes since it last ran.
    tags: Vec<Vec<u32>>,
    spare: Vec<u32>,
    /// The first entry of the trail that nobody has followed.
    head: Position,
    queues: [VecDeque<u32>; PRIORITIES],
    /// By propagator: the queues in which it waits, a bit each.
    queued: Vec<u8>,
    /// A contradiction among the facts.
    contradictory: bool,
    /// Calls of propagators, ever.
    pub calls_total: u64,
    /// What these calls cost, in changes of bounds.
    calls_effort: u64,
    /// By propagator: what a call costs.
    call_effort: Vec<u32>,
    /// Effort after which a fix-point pauses, for searches that must answer in time though bounds
    /// creep or propagators are dear.
    pub effort_limit: EffortLimit,
    is_paused: bool,
    #[cfg(feature = "audit")]
    pub(crate) audit: std::cell::RefCell<crate::audit::Audit>,
}

impl Engine {
    /// A new variable with domain `[lower, upper]`.
    pub fn variable(&mut self, lower: Value, upper: Value) -> View {
        self.optional_variable(lower, upper, Atom::TRUE)
    }

    /// A new variable that means something only when `present` holds.
    pub fn optional_variable(&mut self, lower: Value, upper: Value, present: Atom) -> View {
        let view = self.trail.add(lower, upper, present);
        self.wakes.resize(self.trail.sides(), Vec::new());
        view
    }

    /// A new Boolean.
    pub fn boolean(&mut self) -> Atom {
        self.variable(0, 1).at_least(1)
    }

    /// Posts `to ≥ from + weight`, while `guard` holds.
    pub fn post_difference(&mut self, from: View, to: View, weight: Value, guard: Atom) {
        self.graph.add(&self.trail, from, to, weight, guard);
        self.head = 0;
    }

    /// Posts a clause: at least one of the atoms holds.
    pub fn post_clause(&mut self, atoms: &[Atom]) {
        assert_eq!(self.trail.level(), 0, "constraints are posted before the search");
        if atoms.iter().any(|&atom| self.trail.is_true(atom)) {
            return;
        }
        let mut body: Vec<Atom> =
            atoms.iter().copied().filter(|&atom| !self.trail.is_false(atom)).collect();
        body.sort_unstable();
        body.dedup();
        match body[..] {
            [] => self.contradictory = true,
            [atom] => self.post_fact(atom),
            _ => {
                self.clauses.add(&self.trail, &body, 0);
            }
        }
    }

    /// Posts an atom as a fact.
    pub fn post_fact(&mut self, atom: Atom) {
        assert_eq!(self.trail.level(), 0, "facts are posted before the search");
        if self.trail.set(atom, Reason::Decision).is_err() {
            self.contradictory = true;
        }
    }

    /// Posts a propagator; it runs at the next fix-point.
    pub fn post(&mut self, mut propagator: Box<dyn Propagator>) {
        let id = self.propagators.len() as u32;
        let mut wake = Wake::default();
        propagator.wake_on(&mut wake);
        wake.sides.sort_unstable();
        wake.sides.dedup();
        let sides = wake.sides.len() as u32;
        for (side, tag) in wake.sides {
            self.wakes[side as usize].push((id, tag));
        }
        self.tags.push(vec![Wake::ALL]);
        #[cfg(feature = "audit")]
        self.audit_post(propagator.name(), propagator.declaration());
        propagator.attach(&mut self.trail);
        // It looks at what it is woken by, or most of it.
        self.call_effort.push(CALL_EFFORT + sides / SIDES_PER_EFFORT);
        self.priorities.push(propagator.priority());
        self.sees_itself.push(wake.sees_itself);
        self.propagators.push(propagator);
        self.queued.push(0);
        self.queue(id, self.priorities[id as usize]);
    }

    /// Propagates until nothing moves.
    ///
    /// # Errors
    /// When the constraints cannot hold together with the decisions.
    pub fn fix_point(&mut self) -> Result<(), Conflict> {
        let outcome = self.run();
        self.trail.settled = self.trail.position();
        if outcome.is_err() {
            self.clear_queues();
            self.contradictory |= self.trail.level() == 0;
        }
        outcome
    }

    /// Whether the last fix-point stopped before its end, at the limit of changes; the next one
    /// goes on.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    fn run(&mut self) -> Result<(), Conflict> {
        self.is_paused = false;
        if self.contradictory {
            return self.trail.fail(Reason::Decision);
        }
        loop {
            self.step(None, Engine::follow)?;
            if self.effort() >= self.effort_limit.0 {
                self.is_paused = true;
                return Ok(());
            }
            let cheapest = BY_PRICE.into_iter().zip(&mut self.queues);
            let Some((priority, id)) = cheapest
                .filter_map(|(priority, queue)| Some((priority, queue.pop_front()?)))
                .next()
            else {
                return Ok(());
            };
            self.queued[id as usize] &= !(1 << priority as u8);
            self.calls_total += 1;
            self.calls_effort += u64::from(self.call_effort[id as usize]);
            self.step(Some(id), |engine| engine.call(id, priority))?;
        }
    }

    fn call(&mut self, id: u32, priority: Priority) -> Result<(), Conflict> {
        std::mem::swap(&mut self.spare, &mut self.tags[id as usize]);
        let mut state = Propagation {
            trail: &mut self.trail,
            propagator: id,
            tags: &self.spare,
            priority,
            postponed: None,
        };
        let outcome = self.propagators[id as usize].propagate(&mut state);
        let postponed = state.postponed;
        self.spare.clear();
        std::mem::swap(&mut self.spare, &mut self.tags[id as usize]);
        if let Some(priority) = postponed {
            self.queue(id, priority);
        }
        outcome
    }

    fn queue(&mut self, id: u32, priority: Priority) {
        let bit = 1 << priority as u8;
        if self.queued[id as usize] & bit == 0 {
            self.queued[id as usize] |= bit;
            self.queues[priority as usize].push_back(id);
        }
    }

    /// One step of propagation, by a propagator or by clauses and arcs; the feature `audit` proves
    /// again what it inferred.
    fn step(
        &mut self,
        propagator: Option<u32>,
        work: impl FnOnce(&mut Engine) -> Result<(), Conflict>,
    ) -> Result<(), Conflict> {
        let since = self.trail.position();
        let outcome = work(self);
        #[cfg(feature = "audit")]
        self.audit_step(since, propagator, outcome.is_err());
        #[cfg(not(feature = "audit"))]
        let _ = (since, propagator);
        outcome
    }

    /// Clauses and arcs, until both have seen every change or there were too many of them: bounds
    /// may creep along a cycle of conditional arcs. Who else wants to see a change is woken.
    fn follow(&mut self) -> Result<(), Conflict> {
        while self.head < self.trail.position() && self.effort() < self.effort_limit.0 {
            let position = self.head;
            self.head += 1;
            let Entry { side, value, reason, .. } = self.trail.entries[position as usize];
            if self.clauses.is_watched(side) {
                self.clauses.follow(position, &mut self.trail)?;
            }
            self.graph.follow(position, (side, value), &mut self.trail)?;
            self.wake(side, reason);
        }
        Ok(())
    }

    #[inline]
    fn wake(&mut self, side: Side, reason: Reason) {
        let author = match reason {
            Reason::Lazy { propagator, .. } => propagator,
            _ => u32::MAX,
        };
        for &(id, tag) in &self.wakes[side.index()] {
            if id == author && !self.sees_itself[id as usize] {
                continue;
            }
            self.tags[id as usize].push(tag);
            let priority = self.priorities[id as usize];
            let queued = &mut self.queued[id as usize];
            if *queued & 1 << priority as u8 == 0 {
                *queued |= 1 << priority as u8;
                self.queues[priority as usize].push_back(id);
            }
        }
    }

    fn clear_queues(&mut self) {
        for queue in &mut self.queues {
            for id in queue.drain(..) {
                self.queued[id as usize] = 0;
                self.tags[id as usize].clear();
            }
        }
        // A propagator that failed at the root has failed for good; elsewhere its bounds are
        // undone.
        self.head = self.trail.position();
    }

    /// Opens a level and makes an atom hold.
    ///
    /// # Panics
    /// When the atom is decided already.
    pub fn decide(&mut self, atom: Atom) {
        assert!(!self.trail.is_true(atom) && !self.trail.is_false(atom), "already decided");
        self.trail.open_level();
        self.trail.set(atom, Reason::Decision).expect("its negation does not hold");
    }

    /// Opens one level on which all these atoms hold; false if one cannot, the level being open.
    pub(crate) fn decide_all(&mut self, atoms: &[Atom]) -> bool {
        self.trail.open_level();
        atoms
            .iter()
            .all(|&atom| self.trail.is_true(atom) || self.trail.set(atom, Reason::Decision).is_ok())
    }

    /// Number of differences posted so far.
    pub fn differences(&self) -> usize {
        self.graph.len()
    }

    /// Forgets the differences posted after the first `differences`; the trail is at the root, and
    /// the guards of what is forgotten are false from now on.
    pub fn forget_differences(&mut self, differences: usize) {
        assert_eq!(self.trail.level(), 0, "constraints are forgotten between searches");
        self.graph.truncate(differences, &self.trail);
    }

    /// Undoes every decision above `level`; `undone` sees each side and the bound it had.
    pub fn backtrack(&mut self, level: u32, undone: impl FnMut(crate::Side, Value)) {
        self.trail.backtrack(level, undone);
        self.head = self.head.min(self.trail.position());
    }

    /// Adds what was learned, and draws its conclusion: the first atom, all others being false.
    ///
    /// # Errors
    /// When the conclusion contradicts the facts.
    pub(crate) fn learn(&mut self, atoms: &[Atom], levels: u32) -> Result<(), Conflict> {
        if let [fact] = atoms {
            assert_eq!(self.trail.level(), 0, "a fact holds at the root");
            return self.trail.set(*fact, Reason::Decision);
        }
        let clause = self.clauses.add(&self.trail, atoms, levels);
        self.trail.set(atoms[0], Reason::Clause(clause))
    }

    /// Adds a clause that follows from the others; the trail is at the root.
    pub(crate) fn post_learned(&mut self, atoms: &[Atom]) {
        #[cfg(feature = "audit")]
        self.audit_nogood(atoms);
        if atoms.iter().any(|&atom| self.trail.is_true(atom)) {
            return;
        }
        let open = atoms.iter().copied().filter(|&atom| !self.trail.is_false(atom));
        let body: Vec<Atom> = open.collect();
        match body[..] {
            [] => self.contradictory = true,
            [atom] => self.post_fact(atom),
            _ => {
                self.clauses.add(&self.trail, &body, 1);
            }
        }
    }

    /// Atoms that hold and cannot hold together, as the last propagation found.
    pub fn conflict(&self, out: &mut Vec<Atom>) {
        match self.trail.clash {
            Clash::Bound(emptied) => {
                self.explain_emptied(emptied, out);
                out.push(self.trail.presence(emptied.atom.side));
            }
            Clash::Reason(reason) => {
                self.explain(Atom::FALSE, reason, self.trail.position(), out);
            }
        }
    }

    /// Atoms that held before `position` and imply `atom`, which was set for `reason`.
    pub fn explain(&self, atom: Atom, reason: Reason, position: Position, out: &mut Vec<Atom>) {
        let past = self.trail.before(position);
        match reason {
            Reason::Decision => {}
            Reason::Clause(clause) => {
                let atoms = self.clauses.atoms(clause);
                let skipped = usize::from(atom != Atom::FALSE);
                out.extend(atoms[skipped..].iter().map(|&atom| !atom));
            }
            Reason::Arc(arc) => self.graph.explain(arc, atom, past, out),
            Reason::ArcRefuted(arc) => self.graph.explain_refuted(arc, past, out),
            Reason::Lazy { propagator, payload } => {
                self.propagators[propagator as usize].explain(atom, payload, past, out);
            }
            Reason::Stored { first, count } => {
                out.extend_from_slice(self.trail.stored(first, count));
            }
            Reason::Emptied(index) => {
                self.explain_emptied(self.trail.emptied[index as usize], out);
            }
            Reason::Unexplained => unreachable!("a search that learns keeps its reasons"),
        }
    }

    fn explain_emptied(&self, emptied: Emptied, out: &mut Vec<Atom>) {
        self.explain(emptied.atom, emptied.reason, emptied.position, out);
        out.push(!emptied.atom);
    }

    /// Bytes that trail, graph, clauses and lists of whom to wake hold; propagators not counted.
    pub fn bytes(&self) -> u64 {
        let wakes = self.wakes.capacity() * size_of::<Vec<(u32, u32)>>()
            + self.wakes.iter().map(|it| it.capacity() * size_of::<(u32, u32)>()).sum::<usize>();
        wakes as u64 + self.trail.bytes() + self.graph.bytes() + self.clauses_bytes()
    }

    /// Bytes of what a search makes grow, the trail and the clauses; in constant time.
    pub fn growing_bytes(&self) -> u64 {
        self.trail.bytes() + self.clauses.bytes()
    }

    /// Bytes that clauses hold, about; in constant time.
    pub fn clauses_bytes(&self) -> u64 {
        self.clauses.bytes()
    }

    /// What propagation has cost so far, in changes of bounds: changes, and calls of propagators by
    /// their sizes.
    #[inline]
    pub fn effort(&self) -> u64 {
        self.trail.changes_total + self.calls_effort
    }

    /// Number of clauses, learned ones included.
    pub fn clauses_len(&self) -> usize {
        self.clauses.len()
    }
}
