//! Learning search: decide, propagate, learn from each conflict, restart.
//!
//! Decisions fall on the atom that was most active in recent conflicts: Booleans first of all, and
//! atoms on bounds that learned clauses speak of. When none is left, variables are fixed to their
//! least values, smallest first, which for a regular objective is the best completion. Polarity
//! follows the best solution known, else the last value.
//!
//! **Source:** Andreas Schutt, Thibaut Feydy, Peter Stuckey, Mark Wallace, *Explaining the
//! cumulative propagator* (2011), for activity over bounds; Emir Demirović, Geoffrey Chu, Peter
//! Stuckey, *Solution-based phase saving* (CP 2018); Michael Luby, Alistair Sinclair, David
//! Zuckerman (1993) for the restarts.

use crate::activity::Activity;
use crate::analyze::Analyzer;
use crate::atom::{Atom, Value, View};
use crate::engine::Engine;

/// Learned clauses that the search keeps in any case.
const CLAUSES_LEAST: usize = 100;

/// Settings of the learning search.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningParameters {
    /// Conflicts of the shortest restart (Luby's unit).
    pub restart_conflicts: u64,
    /// Decay of activities per conflict, below 1.
    pub activity_decay: f64,
    /// Learned clauses kept before the first reduction.
    pub clauses_max: usize,
    /// Decide also atoms on bounds that learned clauses speak of.
    pub bound_atoms: bool,
    /// Polarity follows the best solution.
    pub solution_phase: bool,
}

impl Default for LearningParameters {
    fn default() -> Self {
        LearningParameters {
            restart_conflicts: 100,
            activity_decay: 0.95,
            clauses_max: 10_000,
            bound_atoms: true,
            solution_phase: true,
        }
    }
}

/// How a slice of a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// All variables are fixed; the engine holds the solution until it is undone.
    Solution,
    /// There is no solution under the assumptions.
    Refuted,
    /// There is no solution at all.
    Infeasible,
    /// The slice is used up.
    Limit,
}

/// The learning search; keeps activities, phases and counts between slices.
#[derive(Debug)]
pub struct LearningSearch {
    parameters: LearningParameters,
    activity: Activity,
    analyzer: Analyzer,
    polarity: Vec<bool>,
    best: Vec<Value>,
    completion: Vec<View>,
    /// Fixed when nothing else is left.
    last: Option<View>,
    clauses_max: usize,
    restarts: u64,
    until_restart: u64,
    /// By variable of a Boolean: the presences without which it says nothing.
    relevance: Vec<Option<(Atom, Atom)>>,
    /// What holds on the first level of every restart.
    fixed: Vec<Atom>,
    /// Whether the trail is as the last slice left it.
    resumed: bool,
    /// Conflicts met, ever.
    pub conflicts_total: u64,
    /// Decisions taken, ever.
    pub decisions_total: u64,
}

/// Term `index` (from 1) of Luby's sequence 1 1 2 1 1 2 4 …
fn luby(mut index: u64) -> u64 {
    loop {
        let size = index.ilog2();
        if index + 1 == 1 << (size + 1) {
            return 1 << size;
        }
        index -= (1 << size) - 1;
    }
}

impl LearningSearch {
    /// A search that decides `booleans` and then fixes the variables of `completion` to their least
    /// values.
    pub fn new(parameters: LearningParameters, booleans: &[Atom], completion: &[View]) -> Self {
        let mut activity = Activity::new(parameters.activity_decay);
        for &atom in booleans {
            activity.add_permanent(atom, 0.0);
        }
        LearningSearch {
            activity,
            analyzer: Analyzer::default(),
            polarity: Vec::new(),
            best: Vec::new(),
            completion: completion.to_vec(),
            last: None,
            clauses_max: parameters.clauses_max,
            restarts: 0,
            until_restart: 0,
            relevance: Vec::new(),
            fixed: Vec::new(),
            resumed: false,
            conflicts_total: 0,
            decisions_total: 0,
            parameters,
        }
    }

    /// Raises the activity of an atom, before or between slices.
    pub fn prefer(&mut self, atom: Atom) {
        self.activity.bump(atom);
    }

    /// Fixes `view` to its least value after everything else: an objective.
    pub fn complete_last(&mut self, view: View) {
        self.last = Some(view);
    }

    /// Says that a Boolean need not be decided where `first` or `second` is false.
    pub fn matters_only_with(&mut self, atom: Atom, first: Atom, second: Atom) {
        let variable = atom.side.variable();
        if self.relevance.len() <= variable {
            self.relevance.resize(variable + 1, None);
        }
        self.relevance[variable] = Some((first, second));
    }

    /// Fixes atoms together, on one level below the assumptions, until it is called again: the
    /// neighborhood of a solution. The trail is at the root. What is learned stays true without
    /// them.
    pub fn fix(&mut self, atoms: Vec<Atom>) {
        self.fixed = atoms;
        self.resumed = false;
    }

    fn matters(&self, engine: &Engine, atom: Atom) -> bool {
        let relevance = self.relevance.get(atom.side.variable()).copied().flatten();
        relevance.is_none_or(|(first, second)| {
            !engine.trail.is_false(first) && !engine.trail.is_false(second)
        })
    }

    /// Undoes every decision; call it before facts are posted between slices.
    pub fn to_root(&mut self, engine: &mut Engine) {
        self.undo(engine, 0);
        self.resumed = false;
    }

    /// Goes to the root and forgets learned clauses, the worse half at a time, until the engine
    /// holds at most so many bytes or nothing more can be forgotten; from then on the search keeps
    /// no more clauses than are left.
    pub fn forget(&mut self, engine: &mut Engine, bytes: u64) {
        self.to_root(engine);
        // A contradiction at the root is found again by the next slice.
        if engine.fix_point().is_err() {
            return;
        }
        while engine.bytes() > bytes {
            let before = engine.clauses.len();
            engine.clauses.reduce(&engine.trail);
            if engine.clauses.len() == before {
                break;
            }
        }
        self.clauses_max = engine.clauses.learned.max(CLAUSES_LEAST);
    }

    /// Remembers the engine's solution as the one to follow.
    pub fn follow(&mut self, engine: &Engine) {
        let variables = engine.trail.sides() / 2;
        self.best.clear();
        self.best.extend((0..variables).map(|variable| engine.trail.bounds[2 * variable]));
    }

    /// Remembers values, by variable, as the ones to follow.
    pub fn follow_values(&mut self, values: Vec<Value>) {
        self.best = values;
    }

    /// Searches for a solution under `assumptions` for at most `conflicts` conflicts; `stopped` is
    /// asked every few decisions.
    ///
    /// After [`Answer::Limit`] the next slice goes on where this one ended, if it has the same
    /// assumptions and nobody called [`LearningSearch::to_root`]. After [`Answer::Solution`] the
    /// engine holds the solution until then.
    pub fn run(
        &mut self,
        engine: &mut Engine,
        assumptions: &[Atom],
        conflicts: u64,
        stopped: &mut dyn FnMut(&Engine) -> bool,
    ) -> Answer {
        let limit = self.conflicts_total + conflicts;
        if !std::mem::take(&mut self.resumed) {
            self.restart(engine);
        }
        loop {
            if engine.fix_point().is_err() {
                self.conflicts_total += 1;
                let level = engine.trail.level();
                if level > 0 && level <= self.fixed_levels() {
                    self.undo(engine, 0);
                    return Answer::Refuted;
                }
                if level == 0 || !self.learn(engine) {
                    self.undo(engine, 0);
                    return Answer::Infeasible;
                }
                self.until_restart = self.until_restart.saturating_sub(1);
                continue;
            }
            if engine.is_paused()
                || self.conflicts_total >= limit
                || (self.decisions_total.is_multiple_of(64) && stopped(engine))
            {
                self.resumed = true;
                return Answer::Limit;
            }
            if self.until_restart == 0 {
                self.restart(engine);
                continue;
            }
            self.decisions_total += 1;
            match self.next(engine, assumptions) {
                Next::Decide(atom) => engine.decide(atom),
                Next::Open => engine.trail.open_level(),
                Next::Fix => {
                    if !engine.decide_all(&self.fixed) {
                        self.undo(engine, 0);
                        return Answer::Refuted;
                    }
                }
                Next::Refuted => {
                    self.undo(engine, 0);
                    return Answer::Refuted;
                }
                Next::Done => return Answer::Solution,
            }
        }
    }

    /// False if the conflict needs no decision.
    fn learn(&mut self, engine: &mut Engine) -> bool {
        if !self.analyzer.analyze(engine) {
            return false;
        }
        self.undo(engine, self.analyzer.learned.level);
        let learned = &self.analyzer.learned;
        for &side in &learned.involved {
            self.activity.bump_boolean(side);
        }
        if self.parameters.bound_atoms {
            for &atom in &learned.atoms {
                self.activity.bump(atom);
            }
        }
        self.activity.decay();
        // A contradiction at the root is found by the next fix-point.
        engine.learn(&learned.atoms, learned.levels).is_ok()
    }

    fn next(&mut self, engine: &Engine, assumptions: &[Atom]) -> Next {
        let trail = &engine.trail;
        if trail.level() < self.fixed_levels() {
            return Next::Fix;
        }
        let assumed = (trail.level() - self.fixed_levels()) as usize;
        if let Some(&atom) = assumptions.get(assumed) {
            return if trail.is_true(atom) {
                Next::Open
            } else if trail.is_false(atom) {
                Next::Refuted
            } else {
                Next::Decide(atom)
            };
        }
        while let Some(atom) = self.activity.take(trail.position()) {
            if !trail.is_true(atom) && !trail.is_false(atom) && self.matters(engine, atom) {
                return Next::Decide(self.polarized(atom));
            }
        }
        self.complete(engine)
    }

    fn fixed_levels(&self) -> u32 {
        u32::from(!self.fixed.is_empty())
    }

    fn polarized(&self, atom: Atom) -> Atom {
        let variable = atom.side.variable();
        let holds = match self.best.get(variable) {
            Some(&value) if self.parameters.solution_phase => value >= atom.value,
            _ => self.polarity.get(variable).copied().unwrap_or(false),
        };
        if holds { atom } else { !atom }
    }

    fn complete(&self, engine: &Engine) -> Next {
        let trail = &engine.trail;
        let is_open =
            |view: &&View| !trail.is_fixed(**view) && !trail.is_false(trail.presence(view.side));
        self.completion
            .iter()
            .filter(is_open)
            .min_by_key(|&&view| (trail.lower(view), trail.upper(view)))
            .or_else(|| self.last.iter().find(is_open))
            .map_or(Next::Done, |&view| Next::Decide(view.at_most(trail.lower(view))))
    }

    fn restart(&mut self, engine: &mut Engine) {
        self.undo(engine, 0);
        self.restarts += 1;
        self.until_restart = self.parameters.restart_conflicts * luby(self.restarts);
        if engine.clauses.learned > self.clauses_max && engine.fix_point().is_ok() {
            engine.clauses.reduce(&engine.trail);
            self.clauses_max += self.clauses_max / 20;
        }
        if self.activity.passing() > 10_000 {
            self.activity.reduce();
        }
    }

    fn undo(&mut self, engine: &mut Engine, level: u32) {
        let polarity = &mut self.polarity;
        polarity.resize(engine.trail.sides() / 2, false);
        engine.backtrack(level, |side, _| polarity[side.variable()] = side.0 & 1 == 0);
        self.activity.restore(engine.trail.position());
    }
}

enum Next {
    Decide(Atom),
    Open,
    Fix,
    Refuted,
    Done,
}
