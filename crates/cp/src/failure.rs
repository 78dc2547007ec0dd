//! Failure-directed search: choices that fail soon come first, so that what is left is refuted.
//!
//! A choice is `[x ≤ v]` or `[x > v]` on a bound, or a Boolean. Each branch of a choice has a
//! rating, a running mean of `0` where it failed at once and `1 + R` where the share R of the
//! search space was left. The choice of the smallest sum of ratings is taken, its branch of the
//! smaller rating first. The search restarts often; at a restart the refuted branches of the path
//! become clauses, so no part is explored twice. Nothing else is learned, and no reason is kept.
//!
//! Near the root a choice decides over many nodes: there the choices of the best ratings are tried
//! on both sides before one is taken, what fails is fixed at once, and the least product of what
//! both sides leave wins (strong branching). An assumption, such as a cut of the objective, is an
//! open branch above all others: clauses name it, so they outlive it.
//!
//! Bounds that creep pause at the engine's limit of effort: the slice ends in the middle of a
//! branch, and the next one goes on there.
//!
//! **Source:** Petr Vilím, Philippe Laborie, Paul Shaw, *Failure-directed search for constraint-
//! based scheduling* (CPAIOR 2015); the running mean of Vilém Heinz, Petr Vilím, Zdeněk Hanzálek
//! (2025); nogoods of Christophe Lecoutre et al. (2007).

use crate::Side;
use crate::atom::{Atom, Value, View};
use crate::engine::Engine;
use crate::heap::Heap;
use crate::learning::Answer;
use crate::trail::{Position, Reason};

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
    /// Near the root choices are tried on both sides before one is taken.
    pub strong: bool,
    /// How many of the best ratings are tried.
    pub strong_choices: usize,
    /// Choices of the path above which more are tried.
    pub strong_depth: usize,
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
            strong: false,
            strong_choices: 20,
            strong_depth: 1,
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

/// No choice: what is assumed.
const ASSUMED: u32 = u32::MAX;

/// Rating of a branch that fails at once.
const FAILED: f64 = 0.0;

/// Branches between two questions whether to stop.
const BRANCHES_PER_QUESTION: u64 = 64;

/// One choice of the path.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Its number, or [`ASSUMED`].
    choice: u32,
    /// The branch that is open.
    atom: Atom,
    /// Refuted branches of the path when it was taken: they hold at its level.
    refuted: usize,
}

/// What is to be done at a node.
enum Next {
    /// A branch of a choice.
    Take(u32, usize),
    /// Nothing: both sides of a choice have failed.
    Dead,
    /// Nothing before the next slice: a fix-point paused.
    Pause,
    /// Nothing: all variables are fixed.
    Done,
}

/// A branch that propagates: one side of a choice, and the trail before it.
#[derive(Clone, Copy, Debug)]
struct Branch {
    choice: u32,
    side: usize,
    before: Position,
}

/// How a branch turned out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Opened {
    /// It failed at once.
    Failed,
    /// It stands; what it was rated.
    Stands(f64),
    /// Not known before the next slice.
    Paused,
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
    /// Choices that are being tried.
    tried: Vec<u32>,
    failures_left: f64,
    restart_failures: f64,
    started: bool,
    assumption: Option<Atom>,
    /// The open branch, if its fix-point paused.
    paused: Option<Branch>,
    /// Nothing is tried at this node, for that took more than a slice.
    is_hasty: bool,
    /// Branches at which it is asked whether to stop.
    question: u64,
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
            tried: Vec::new(),
            failures_left: parameters.restart_failures,
            restart_failures: parameters.restart_failures,
            started: false,
            assumption: None,
            paused: None,
            is_hasty: false,
            question: 0,
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

    /// Searches until a solution, a proof, the engine's limit of effort, or `stopped`, which is
    /// asked every few branches.
    ///
    /// After [`Answer::Limit`] the next slice goes on where this one ended, unless
    /// [`FailureSearch::to_root`] was called. After [`Answer::Solution`] the engine holds it.
    pub fn run(&mut self, engine: &mut Engine, stopped: &mut dyn FnMut(&Engine) -> bool) -> Answer {
        self.run_under(engine, None, stopped)
    }

    /// The same while an atom is assumed, which [`Answer::Refuted`] says cannot hold.
    ///
    /// Another assumption than that of the slice before begins at the root.
    pub fn run_under(
        &mut self,
        engine: &mut Engine,
        assumption: Option<Atom>,
        stopped: &mut dyn FnMut(&Engine) -> bool,
    ) -> Answer {
        engine.trail.explaining = false;
        if self.assumption != assumption {
            self.to_root(engine);
            self.assumption = assumption;
        }
        if !std::mem::replace(&mut self.started, true) {
            self.undo(engine, 0);
            if let Some(answer) = self.descend(engine) {
                return answer;
            }
        }
        loop {
            if self.branches_total >= self.question {
                self.question = self.branches_total + BRANCHES_PER_QUESTION;
                if stopped(engine) {
                    return Answer::Limit;
                }
            }
            let opened = match self.paused.take() {
                Some(branch) => self.finish(engine, branch),
                None => match self.open(engine) {
                    Ok(opened) => opened,
                    Err(answer) => return answer,
                },
            };
            match opened {
                Opened::Stands(_) => {}
                Opened::Paused => return Answer::Limit,
                Opened::Failed => {
                    if let Err(answer) = self.refute(engine) {
                        return answer;
                    }
                }
            }
        }
    }

    /// Opens the next branch, after a restart if one is due.
    fn open(&mut self, engine: &mut Engine) -> Result<Opened, Answer> {
        if self.failures_left <= 0.0
            && let Some(answer) = self.restart(engine)
        {
            return Err(answer);
        }
        match self.choose(engine) {
            Next::Done => Err(Answer::Solution),
            Next::Take(choice, side) => Ok(self.take(engine, choice, side)),
            Next::Dead => Ok(Opened::Failed),
            Next::Pause => Err(Answer::Limit),
        }
    }

    /// Undoes every decision and keeps what was refuted; call it before facts are posted between
    /// slices.
    pub fn to_root(&mut self, engine: &mut Engine) {
        let nogoods = self.nogoods();
        self.path.clear();
        self.refuted.clear();
        self.undo(engine, 0);
        for nogood in nogoods {
            if self.parameters.nogoods || nogood.len() == 1 {
                engine.post_learned(&nogood);
            }
        }
        self.paused = None;
        self.started = false;
    }

    /// From the root to the assumption. An answer if there is nothing to search.
    fn descend(&mut self, engine: &mut Engine) -> Option<Answer> {
        if engine.fix_point().is_err() {
            return Some(Answer::Infeasible);
        }
        if engine.is_paused() {
            self.started = false;
            return Some(Answer::Limit);
        }
        let atom = self.assumption?;
        if engine.trail.is_false(atom) {
            return Some(Answer::Refuted);
        }
        if engine.trail.is_true(atom) {
            return None;
        }
        self.path.push(Node { choice: ASSUMED, atom, refuted: 0 });
        let before = engine.trail.position();
        engine.decide(atom);
        match self.finish(engine, Branch { choice: ASSUMED, side: 0, before }) {
            Opened::Stands(_) => None,
            Opened::Paused => Some(Answer::Limit),
            Opened::Failed => {
                self.to_root(engine);
                Some(Answer::Refuted)
            }
        }
    }

    fn branch(&self, choice: u32, side: usize) -> Atom {
        let atom = self.choices[choice as usize].atom;
        if side == 0 { atom } else { !atom }
    }

    fn preferred(&self, choice: u32) -> usize {
        let [left, right] = self.choices[choice as usize].ratings;
        usize::from(right < left)
    }

    /// Opens a branch.
    fn take(&mut self, engine: &mut Engine, choice: u32, side: usize) -> Opened {
        let atom = self.branch(choice, side);
        self.path.push(Node { choice, atom, refuted: self.refuted.len() });
        let before = engine.trail.position();
        engine.decide(atom);
        self.propagate(engine, Branch { choice, side, before })
    }

    fn propagate(&mut self, engine: &mut Engine, branch: Branch) -> Opened {
        self.branches_total += 1;
        self.finish(engine, branch)
    }

    /// Propagates to the end, if the engine's limit allows, and rates the branch.
    fn finish(&mut self, engine: &mut Engine, branch: Branch) -> Opened {
        let opened = match engine.fix_point() {
            Ok(()) if engine.is_paused() => {
                self.paused = Some(branch);
                return Opened::Paused;
            }
            Ok(()) => Opened::Stands(1.0 + share_left(engine, branch.before)),
            Err(_) => Opened::Failed,
        };
        if branch.choice == ASSUMED {
            return opened;
        }
        match opened {
            Opened::Stands(local) => self.rate(branch.choice, branch.side, local),
            _ => {
                self.rate(branch.choice, branch.side, FAILED);
                self.failures_total += 1;
                self.failures_left -= 1.0;
            }
        }
        opened
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

    /// The open branch failed: its negation holds one level up, and so on. An answer if nothing is
    /// left.
    fn refute(&mut self, engine: &mut Engine) -> Result<(), Answer> {
        while let Some(node) = self.path.pop() {
            self.undo(engine, self.path.len() as u32);
            self.refuted.truncate(node.refuted);
            if node.choice == ASSUMED {
                self.to_root(engine);
                return Err(Answer::Refuted);
            }
            match self.exclude(engine, node.choice, node.atom) {
                Opened::Failed => {}
                Opened::Stands(_) => return Ok(()),
                Opened::Paused => return Err(Answer::Limit),
            }
        }
        self.started = false;
        Err(Answer::Infeasible)
    }

    /// Draws the conclusion from a branch of a choice that cannot hold here.
    fn exclude(&mut self, engine: &mut Engine, choice: u32, atom: Atom) -> Opened {
        self.refuted.push((self.path.len() as u32, atom));
        let side = usize::from(!atom != self.choices[choice as usize].atom);
        let before = engine.trail.position();
        match engine.trail.set(!atom, Reason::Unexplained) {
            Ok(()) => self.propagate(engine, Branch { choice, side, before }),
            Err(_) => Opened::Failed,
        }
    }

    /// What is to be done at this node.
    fn choose(&mut self, engine: &mut Engine) -> Next {
        let Some(choice) = self.next(engine) else { return Next::Done };
        let is_strong = self.parameters.strong && !std::mem::take(&mut self.is_hasty);
        if !is_strong || self.path.len() >= self.parameters.strong_depth {
            return Next::Take(choice, self.preferred(choice));
        }
        let mut tried = std::mem::take(&mut self.tried);
        self.list_best(engine, &mut tried);
        let next = self.choose_strong(engine, &tried);
        self.tried = tried;
        next
    }

    /// The open choices of the best ratings.
    fn list_best(&mut self, engine: &Engine, best: &mut Vec<u32>) {
        best.clear();
        let position = engine.trail.position();
        while best.len() < self.parameters.strong_choices
            && let Some(choice) = self.next_listed(engine)
        {
            best.push(choice);
            self.heap.take(position);
        }
        self.heap.restore(position);
    }

    /// Tries choices on both sides: what fails is fixed, then the least product is taken.
    fn choose_strong(&mut self, engine: &mut Engine, tried: &[u32]) -> Next {
        let mut best: Option<(f64, u32)> = None;
        for &choice in tried {
            match self.try_out(engine, choice) {
                None => return Next::Dead,
                Some(_) if engine.is_paused() => return Next::Pause,
                Some(product) if best.is_none_or(|(least, _)| product < least) => {
                    best = Some((product, choice));
                }
                Some(_) => {}
            }
        }
        let open = best.filter(|&(_, choice)| self.is_open(engine, choice));
        match open.map(|(_, choice)| choice).or_else(|| self.next(engine)) {
            Some(choice) => Next::Take(choice, self.preferred(choice)),
            None => Next::Done,
        }
    }

    /// The product of what both sides of a choice leave; infinite where one is fixed now or a
    /// fix-point paused, `None` if both fail.
    fn try_out(&mut self, engine: &mut Engine, choice: u32) -> Option<f64> {
        let mut product = 1.0;
        for side in 0..2 {
            if !self.is_open(engine, choice) {
                return Some(f64::INFINITY);
            }
            let (level, before) = (engine.trail.level(), engine.trail.position());
            let atom = self.branch(choice, side);
            engine.decide(atom);
            let opened = self.propagate(engine, Branch { choice, side, before });
            self.undo(engine, level);
            match opened {
                Opened::Stands(local) => product *= local,
                Opened::Paused => {
                    (self.paused, self.is_hasty) = (None, true);
                    return Some(f64::INFINITY);
                }
                Opened::Failed => {
                    let opened = self.exclude(engine, choice, atom);
                    return (opened != Opened::Failed).then_some(f64::INFINITY);
                }
            }
        }
        Some(product)
    }

    fn is_open(&self, engine: &Engine, choice: u32) -> bool {
        let (trail, atom) = (&engine.trail, self.choices[choice as usize].atom);
        !trail.is_true(atom) && !trail.is_false(atom) && is_there(engine, atom.side)
    }

    /// The open choice of the least sum of ratings, if there is one.
    fn next_listed(&mut self, engine: &Engine) -> Option<u32> {
        while let Some(choice) = self.heap.top() {
            if self.is_open(engine, choice) {
                return Some(choice);
            }
            self.heap.take(engine.trail.position());
        }
        None
    }

    /// The same; new choices when all are decided; `None` when every variable is fixed.
    fn next(&mut self, engine: &Engine) -> Option<u32> {
        loop {
            if let Some(choice) = self.next_listed(engine) {
                return Some(choice);
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

    /// Goes back to the root and keeps what was refuted. An answer if that is everything.
    fn restart(&mut self, engine: &mut Engine) -> Option<Answer> {
        self.restart_failures *= self.parameters.restart_growth;
        self.failures_left = self.restart_failures;
        self.to_root(engine);
        self.started = true;
        self.descend(engine)
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
fn share_left(engine: &Engine, before: Position) -> f64 {
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

#[cfg(test)]
mod tests;
