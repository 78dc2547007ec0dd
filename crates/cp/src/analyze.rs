//! Conflict analysis: the first unique implication point over atoms on bounds.
//!
//! Atoms of one side subsume each other, so at most one per side is needed: the strongest. The
//! trail is walked back from the conflict; the entry that made a needed atom true is replaced by
//! its reason until only one atom of the newest level is left. Atoms that the others imply are
//! then removed.
//!
//! **Source:** João Marques-Silva, Karem Sakallah, *GRASP* (1999); Niklas Sörensson, Armin Biere,
//! *Minimizing learned clauses* (SAT 2009), for the recursive removal.

use crate::atom::{Atom, Side, Value};
use crate::engine::Engine;
use crate::trail::{Position, Reason};

/// No atom of this side is needed.
const NONE: Value = Value::MIN;

/// How far the removal of implied atoms looks back.
const DEPTH_MAX: u32 = 8;

/// What a conflict taught.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learned {
    /// The clause; its first atom is the conclusion, its second has the highest level of the rest.
    pub(crate) atoms: Vec<Atom>,
    /// Where the conclusion holds.
    pub(crate) level: u32,
    /// Levels that the clause connects.
    pub(crate) levels: u32,
    /// Sides of atoms that took part.
    pub(crate) involved: Vec<Side>,
    /// Learned clauses that took part.
    clauses: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Implied(Value),
    Needed(Value),
}

/// Atoms that made `atom` true at `position`.
fn explain(engine: &Engine, atom: Atom, position: Position, out: &mut Vec<Atom>) {
    let reason = engine.trail.entries[position as usize].reason;
    engine.explain(atom, reason, position, out);
    #[cfg(feature = "audit")]
    engine.audit_explanation(atom, reason, position, out);
}

/// Scratch space of the analysis.
#[derive(Debug, Default)]
pub(crate) struct Analyzer {
    needed: Vec<Value>,
    sides: Vec<Side>,
    reason: Vec<Atom>,
    stamps: Vec<u32>,
    stamp: u32,
    verdicts: Vec<Option<Verdict>>,
    judged: Vec<Position>,
    pool: Vec<Vec<Atom>>,
    /// What was learned last.
    pub(crate) learned: Learned,
}

impl Analyzer {
    /// Learns from the conflict that the engine just met. False if it needs no decision: the
    /// problem has no solution.
    pub(crate) fn analyze(&mut self, engine: &mut Engine) -> bool {
        self.prepare(engine);
        let mut reason = std::mem::take(&mut self.reason);
        engine.conflict(&mut reason);
        #[cfg(feature = "audit")]
        engine.audit_conflict(&reason);
        if let crate::trail::Clash::Reason(Reason::Clause(clause)) = engine.trail.clash {
            self.learned.clauses.push(clause);
        }
        let end = engine.trail.position();
        let level = reason
            .iter()
            .map(|&atom| engine.trail.entries[engine.trail.made_true(atom, end) as usize].level)
            .max()
            .unwrap_or(0);
        let found = level > 0;
        if found {
            let conclusion = self.resolve(engine, &mut reason, level);
            self.minimize(engine, level);
            self.write(engine, conclusion);
        }
        #[cfg(feature = "audit")]
        engine.audit_learned(&self.learned.atoms);
        for side in self.sides.drain(..) {
            self.needed[side.index()] = NONE;
        }
        for &clause in &self.learned.clauses {
            engine.clauses.bump(clause);
        }
        engine.clauses.decay();
        reason.clear();
        self.reason = reason;
        found
    }

    fn prepare(&mut self, engine: &Engine) {
        self.needed.resize(engine.trail.sides(), NONE);
        self.learned.involved.clear();
        self.learned.atoms.clear();
        self.learned.clauses.clear();
    }

    /// Walks back to the first unique implication point and returns it.
    fn resolve(&mut self, engine: &Engine, reason: &mut Vec<Atom>, level: u32) -> Atom {
        let trail = &engine.trail;
        let mut position = trail.position();
        let mut open = 0_usize;
        loop {
            for &atom in reason.iter() {
                open += self.need(engine, atom, position, level);
            }
            let entry = loop {
                position -= 1;
                let entry = trail.entries[position as usize];
                let need = self.needed[entry.side.index()];
                if need != NONE && trail.entries[entry.previous as usize].value < need {
                    break entry;
                }
            };
            let atom = entry.side.at_least(self.needed[entry.side.index()]);
            self.needed[entry.side.index()] = NONE;
            self.learned.involved.push(entry.side);
            if open == 1 {
                return atom;
            }
            open -= 1;
            if let Reason::Clause(clause) = entry.reason {
                self.learned.clauses.push(clause);
            }
            reason.clear();
            explain(engine, atom, position, reason);
        }
    }

    /// Adds an atom; returns how many more atoms of the newest level are needed.
    fn need(&mut self, engine: &Engine, atom: Atom, before: Position, level: u32) -> usize {
        let index = atom.side.index();
        let old = self.needed[index];
        if old >= atom.value {
            return 0;
        }
        let trail = &engine.trail;
        let at = trail.entries[trail.made_true(atom, before) as usize].level;
        if at == 0 {
            return 0;
        }
        self.needed[index] = atom.value;
        if old == NONE {
            self.sides.push(atom.side);
            return usize::from(at == level);
        }
        let was = trail.entries[trail.made_true(atom.side.at_least(old), before) as usize].level;
        usize::from(at == level && was < level)
    }

    /// Removes atoms below the newest level that the others imply.
    fn minimize(&mut self, engine: &Engine, level: u32) {
        let trail = &engine.trail;
        self.verdicts.resize(trail.position() as usize, None);
        self.stamps.resize(trail.level() as usize + 1, 0);
        self.stamp += 1;
        self.stamps[level as usize] = self.stamp;
        let mut sides = std::mem::take(&mut self.sides);
        sides.retain(|side| self.needed[side.index()] != NONE);
        sides.sort_unstable();
        sides.dedup();
        let end = trail.position();
        for &side in &sides {
            let atom = side.at_least(self.needed[side.index()]);
            let at = trail.entries[trail.made_true(atom, end) as usize].level;
            self.stamps[at as usize] = self.stamp;
        }
        let implied: Vec<Side> = sides
            .iter()
            .copied()
            .filter(|side| {
                let atom = side.at_least(self.needed[side.index()]);
                self.follows(engine, atom, end, 0)
            })
            .collect();
        for side in implied {
            self.needed[side.index()] = NONE;
        }
        self.sides = sides;
        for position in self.judged.drain(..) {
            self.verdicts[position as usize] = None;
        }
    }

    /// Whether the reason of a true atom is implied by needed atoms.
    fn follows(&mut self, engine: &Engine, atom: Atom, before: Position, depth: u32) -> bool {
        let position = engine.trail.made_true(atom, before);
        let entry = engine.trail.entries[position as usize];
        if entry.level == 0 {
            return true;
        }
        match self.verdicts[position as usize] {
            Some(Verdict::Implied(value)) if value >= atom.value => return true,
            Some(Verdict::Needed(value)) if value <= atom.value => return false,
            _ => {}
        }
        if entry.reason == Reason::Decision
            || depth >= DEPTH_MAX
            || self.stamps[entry.level as usize] != self.stamp
        {
            return false;
        }
        let mut reason = self.pool.pop().unwrap_or_default();
        reason.clear();
        explain(engine, atom, position, &mut reason);
        let implied = reason.iter().all(|&premise| {
            self.is_needed_before(engine, premise, position)
                || self.follows(engine, premise, position, depth + 1)
        });
        self.pool.push(reason);
        if self.verdicts[position as usize].is_none() {
            self.judged.push(position);
        }
        self.verdicts[position as usize] =
            Some(if implied { Verdict::Implied(atom.value) } else { Verdict::Needed(atom.value) });
        implied
    }

    /// Whether a needed atom implies `premise` and held before `position`: looking only back keeps
    /// an atom from being removed because of itself.
    fn is_needed_before(&self, engine: &Engine, premise: Atom, position: Position) -> bool {
        let needed = self.needed[premise.side.index()];
        needed >= premise.value
            && engine.trail.made_true(premise.side.at_least(needed), Position::MAX) < position
    }

    /// Writes the clause down, the conclusion first, the highest level second.
    fn write(&mut self, engine: &Engine, conclusion: Atom) {
        let trail = &engine.trail;
        let end = trail.position();
        let learned = &mut self.learned;
        learned.atoms.push(!conclusion);
        learned.level = 0;
        learned.levels = 1;
        self.stamp += 1;
        for &side in &self.sides {
            let value = self.needed[side.index()];
            if value == NONE {
                continue;
            }
            let atom = side.at_least(value);
            let level = trail.entries[trail.made_true(atom, end) as usize].level;
            learned.atoms.push(!atom);
            learned.involved.push(side);
            if self.stamps[level as usize] != self.stamp {
                self.stamps[level as usize] = self.stamp;
                learned.levels += 1;
            }
            if level > learned.level {
                learned.level = level;
                let newest = learned.atoms.len() - 1;
                learned.atoms.swap(1, newest);
            }
        }
    }
}
