//! Failure-directed search: choices that fail soon come first, so that what is left is refuted.
//!
//! A choice is `[x ≤ v]` or `[x > v]` on a bound, or a Boolean. Each branch of a choice has a
//! rating, a running mean of `0` where it failed at once and `1 + R` where the share R of the
//! search space was left. The choice of the smallest sum of ratings is taken, its branch of the
//! smaller rating first. The search restarts often; at a restart the refuted branches of the path
//! become clauses, so no part is explored twice. Nothing else is learned, and no reason is kept.
//!
//! **Source:** Petr Vilím, Philippe Laborie, Paul Shaw, *Failure-directed search for constraint-
//! based scheduling* (CPAIOR 2015); the running mean of Vilém Heinz, Petr Vilím, Zdeněk Hanzálek
//! (2025); nogoods of Christophe Lecoutre et al. (2007).

use crate::Side;
use crate::atom::{Atom, Value, View};
use crate::engine::Engine;
use crate::heap::Heap;
use crate::learning::Answer;

/// Settings of the failure-directed search.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureParameters {
    /// Distance of the first choices of a variable, as a share of the mean duration.
    pub step_share: f64,
    /// Most first choices of a variable.
    pub choices_per_variable: usize,
    /// Parts into which what is left of a domain is split when all choices are decided.
    pub parts: i64,
    /// Failures before the first restart.
    pub restart_failures: f64,
    /// Growth of the failures between restarts.
    pub restart_growth: f64,
    /// Uses of a branch after which its rating forgets the oldest.
    pub memory: f64,
    /// Refuted branches of the path become clauses at a restart.
    pub nogoods: bool,
}

impl Default for FailureParameters {
    fn default() -> Self {
        FailureParameters {
            step_share: 0.7,
            choices_per_variable: 90,
            parts: 7,
            restart_failures: 100.0,
            restart_growth: 1.15,
            memory: 25.0,
            nogoods: true,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    /// The left branch; its negation is the right one.
    atom: Atom,
    ratings: [f64; 2],
    uses: [f64; 2],
}

/// One choice of the path.
#[derive(Clone, Copy, Debug)]
struct Node {
    choice: u32,
    /// The branch that is open.
    atom: Atom,
    /// Refuted branches of the path when it was taken: they hold at its level.
    refuted: usize,
}

/// The failure-directed search; keeps ratings and counts between slices.
#[derive(Debug)]
pub struct FailureSearch {
    parameters: FailureParameters,
    variables: Vec<View>,
    choices: Vec<Choice>,
    /// Choices by least sum of ratings.
    heap: Heap,
    path: Vec<Node>,
    /// Branches that were refuted, with the level at which that holds.
    refuted: Vec<(u32, Atom)>,
    failures_left: f64,
    restart_failures: f64,
    started: bool,
    /// Branches taken, ever.
    pub branches_total: u64,
    /// Branches that failed at once, ever.
    pub failures_total: u64,
}

impl FailureSearch {
    /// A search over Booleans and variables; `step` is the mean duration of the tasks.
    pub fn new(
        engine: &Engine,
        parameters: FailureParameters,
        booleans: &[Atom],
        variables: &[View],
        mean_duration: f64,
    ) -> Self {
        let mut search = FailureSearch {
            variables: variables.to_vec(),
            choices: Vec::new(),
            heap: Heap::default(),
            path: Vec::new(),
            refuted: Vec::new(),
            failures_left: parameters.restart_failures,
            restart_failures: parameters.restart_failures,
            started: false,
            branches_total: 0,
            failures_total: 0,
            parameters,
        };
        for &atom in booleans {
            search.add(atom);
        }
        let step = (search.parameters.step_share * mean_duration).max(1.0) as Value;
        for &view in variables {
            let (lower, upper) = (engine.trail.lower(view), engine.trail.upper(view));
            let count = ((upper - lower) / step).min(search.parameters.choices_per_variable as i64);
            for index in 0..count {
                search.add(view.at_most(lower + index * step));
            }
        }
        search
    }

    fn add(&mut self, atom: Atom) {
        self.choices.push(Choice { atom, ratings: [1.0; 2], uses: [0.0; 2] });
        self.heap.add(-2.0);
    }

    /// Searches until a solution, a proof, or `stopped`, which is asked every few branches.
    ///
    /// After [`Answer::Limit`] the next slice goes on where this one ended, unless
    /// [`FailureSearch::to_root`] was called. After [`Answer::Solution`] the engine holds it.
    pub fn run(&mut self, engine: &mut Engine, stopped: &mut dyn FnMut(&Engine) -> bool) -> Answer {
        engine.trail.explaining = false;
        if !std::mem::replace(&mut self.started, true) {
            self.undo(engine, 0);
            if engine.fix_point().is_err() {
                return Answer::Infeasible;
            }
        }
        loop {
            if self.branches_total.is_multiple_of(64) && stopped(engine) {
                return Answer::Limit;
            }
            if self.failures_left <= 0.0 && !self.restart(engine) {
                return Answer::Infeasible;
            }
            let Some(choice) = self.next(engine) else { return Answer::Solution };
            let side = self.preferred(choice);
            if !self.take(engine, choice, side) && !self.refute(engine) {
                return Answer::Infeasible;
            }
        }
    }

    /// Undoes every decision; call it before facts are posted between slices.
    pub fn to_root(&mut self, engine: &mut Engine) {
        self.undo(engine, 0);
        self.path.clear();
        self.refuted.clear();
        self.started = false;
    }

    fn branch(&self, choice: u32, side: usize) -> Atom {
        let atom = self.choices[choice as usize].atom;
        if side == 0 { atom } else { !atom }
    }

    fn preferred(&self, choice: u32) -> usize {
        let [left, right] = self.choices[choice as usize].ratings;
        usize::from(right < left)
    }

    /// Opens a branch; false if it fails at once.
    fn take(&mut self, engine: &mut Engine, choice: u32, side: usize) -> bool {
        let atom = self.branch(choice, side);
        self.path.push(Node { choice, atom, refuted: self.refuted.len() });
        let before = engine.trail.position();
        engine.decide(atom);
        self.propagate(engine, choice, side, before)
    }

    /// Propagates and rates the branch.
    fn propagate(&mut self, engine: &mut Engine, choice: u32, side: usize, before: u32) -> bool {
        self.branches_total += 1;
        let outcome = engine.fix_point();
        let local = match outcome {
            Ok(()) => 1.0 + share_left(engine, before),
            Err(_) => 0.0,
        };
        self.rate(choice, side, local);
        if outcome.is_err() {
            self.failures_total += 1;
            self.failures_left -= 1.0;
        }
        outcome.is_ok()
    }

    fn rate(&mut self, choice: u32, side: usize, local: f64) {
        let it = &mut self.choices[choice as usize];
        it.uses[side] = (it.uses[side] + 1.0).min(self.parameters.memory);
        it.ratings[side] += (local - it.ratings[side]) / it.uses[side];
        if it.ratings == [0.0, 0.0] {
            // Both fail: more such choices, but none may be the best for ever.
            it.ratings = [1e-9; 2];
        }
        let sum = it.ratings[0] + it.ratings[1];
        self.heap.set_score(choice, -sum);
    }

    /// The open branch failed: its negation holds one level up, and so on. False at the root.
    fn refute(&mut self, engine: &mut Engine) -> bool {
        loop {
            let Some(node) = self.path.pop() else { return false };
            let level = self.path.len() as u32;
            self.undo(engine, level);
            self.refuted.truncate(node.refuted);
            self.refuted.push((level, node.atom));
            let other = !node.atom;
            let side = usize::from(other != self.choices[node.choice as usize].atom);
            if engine.trail.is_false(other) {
                continue;
            }
            let before = engine.trail.position();
            let holds = engine.trail.set(other, crate::Reason::Unexplained).is_ok();
            if holds && self.propagate(engine, node.choice, side, before) {
                return true;
            }
        }
    }

    /// The open choice of the least sum of ratings; new choices when all are decided; `None` when
    /// every variable is fixed.
    fn next(&mut self, engine: &Engine) -> Option<u32> {
        let trail = &engine.trail;
        loop {
            while let Some(choice) = self.heap.top() {
                let atom = self.choices[choice as usize].atom;
                if !trail.is_true(atom) && !trail.is_false(atom) && is_there(engine, atom.side) {
                    return Some(choice);
                }
                self.heap.take(trail.position());
            }
            if !self.split(engine) {
                return None;
            }
        }
    }

    /// Adds choices inside what is left of the domains. False if nothing is left.
    fn split(&mut self, engine: &Engine) -> bool {
        let trail = &engine.trail;
        let before = self.choices.len();
        for index in 0..self.variables.len() {
            let view = self.variables[index];
            let (lower, upper) = (trail.lower(view), trail.upper(view));
            if lower >= upper || !is_there(engine, view.side) {
                continue;
            }
            let step = ((upper - lower) / self.parameters.parts).max(1);
            let mut value = lower;
            while value < upper {
                self.add(view.at_most(value));
                value += step;
            }
        }
        self.choices.len() > before
    }

    /// Goes back to the root and keeps what was refuted. False if that is everything.
    fn restart(&mut self, engine: &mut Engine) -> bool {
        self.restart_failures *= self.parameters.restart_growth;
        self.failures_left = self.restart_failures;
        let nogoods = self.nogoods();
        self.path.clear();
        self.refuted.clear();
        self.undo(engine, 0);
        for nogood in nogoods {
            if self.parameters.nogoods || nogood.len() == 1 {
                engine.post_learned(&nogood);
            }
        }
        engine.fix_point().is_ok()
    }

    /// For each refuted branch: it cannot hold below the open branches above it.
    fn nogoods(&self) -> Vec<Vec<Atom>> {
        self.refuted
            .iter()
            .map(|&(level, atom)| {
                let above = self.path[..level as usize].iter().map(|node| !node.atom);
                std::iter::once(!atom).chain(above).collect()
            })
            .collect()
    }

    fn undo(&mut self, engine: &mut Engine, level: u32) {
        engine.backtrack(level, |_, _| {});
        self.heap.restore(engine.trail.position());
    }
}

fn is_there(engine: &Engine, side: Side) -> bool {
    !engine.trail.is_false(engine.trail.presence(side))
}

/// Share of the search space that the changes since `before` left: the product over them.
fn share_left(engine: &Engine, before: u32) -> f64 {
    let trail = &engine.trail;
    let mut share = 1.0;
    for entry in &trail.entries[before as usize..] {
        let upper = -trail.bound(-entry.side);
        let old = trail.entries[entry.previous as usize].value;
        share *= (upper - entry.value + 1) as f64 / (upper - old + 1) as f64;
        if share < 1e-3 {
            return 0.0;
        }
    }
    share
}
