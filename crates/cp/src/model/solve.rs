//! Solving a model: incumbents, bounds, all solutions, and who is to blame when there is none.
//!
//! Each solution demands a better one, until none is left. Between solutions the objective is also
//! tested halfway between bound and incumbent: a solution there is a leap, a refutation raises the
//! bound. Slices of both take turns. Work is counted in conflicts and changes of bounds.
//!
//! **Source:** Laurent Perron, Frédéric Didier, Steven Gay, *The CP-SAT-LP solver* (CP 2023), for
//! probing of the objective; Niklas Eén, Niklas Sörensson (SAT 2003) for assumptions.

use super::relaxation::dual_row;
use super::{Expression, Model, Objective, Term};
use crate::atom::{Atom, Interval, Value, View};
use crate::blame::blame;
use crate::engine::Engine;
use crate::learning::{Answer, LearningSearch};
use crate::propagators::post_linear;
use ordine_base::StopReason;

/// Conflicts of the shortest slice; slices grow with the search.
const SLICE: u64 = 500;
/// Conflicts that the hints get.
const HINT_CONFLICTS: u64 = 500;

/// A value for every variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    values: Vec<Value>,
}

impl Solution {
    fn of(engine: &Engine) -> Self {
        let bounds = &engine.trail.bounds;
        Solution { values: bounds.iter().step_by(2).copied().collect() }
    }

    /// Value of a view, an atom (0 or 1) or an expression.
    pub fn value(&self, expression: impl Into<Expression>) -> Value {
        let expression = expression.into();
        let term = |&(factor, term): &(Value, Term)| {
            factor
                * match term {
                    Term::View(view) => self.of_view(view),
                    Term::Atom(atom) => Value::from(self.holds(atom)),
                }
        };
        expression.constant + expression.terms.iter().map(term).sum::<Value>()
    }

    /// Whether an atom holds.
    pub fn holds(&self, atom: Atom) -> bool {
        self.of_view(View { side: atom.side, offset: 0 }) >= atom.value
    }

    /// Start and end of a task, if it is there.
    pub fn placed(&self, task: Interval) -> Option<(Value, Value)> {
        self.holds(task.present).then(|| (self.of_view(task.start), self.of_view(task.end)))
    }

    fn of_view(&self, view: View) -> Value {
        let value = self.values[view.side.variable()];
        view.offset + if view.side.is_negation() { -value } else { value }
    }
}

/// How a model was answered. Without an objective, it is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is better.
    Optimal {
        /// A best solution.
        best: Solution,
        /// What it costs, or earns.
        objective: Value,
    },
    /// There is a solution; a better one was not excluded.
    Feasible {
        /// The best solution found.
        best: Solution,
        /// What it costs, or earns.
        objective: Value,
        /// Nothing is better than this.
        bound: Value,
        /// Why the search ended.
        stopped: StopReason,
    },
    /// There is no solution.
    Infeasible {
        /// Assumptions that cannot hold together; none if the model itself has no solution.
        core: Vec<Atom>,
    },
    /// Neither a solution nor a proof was found.
    Unknown {
        /// Nothing is better than this.
        bound: Value,
        /// Why the search ended.
        stopped: StopReason,
    },
}

impl Outcome {
    /// The best solution, if there is one.
    pub fn solution(&self) -> Option<&Solution> {
        match self {
            Outcome::Optimal { best, .. } | Outcome::Feasible { best, .. } => Some(best),
            Outcome::Infeasible { .. } | Outcome::Unknown { .. } => None,
        }
    }
}

/// How much work a search may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Conflicts at most.
    pub conflicts: u64,
    /// Changes of bounds at most.
    pub changes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { conflicts: u64::MAX / 4, changes: u64::MAX / 4 }
    }
}

/// Who watches a search. `()` watches nothing.
pub trait Observer {
    /// A better solution was found.
    fn incumbent(&mut self, _solution: &Solution, _objective: Value) {}

    /// Nothing is better than `bound`, which is news.
    fn bound(&mut self, _bound: Value) {}

    /// A reason to stop now; asked every few decisions.
    fn stop(&mut self) -> Option<StopReason> {
        None
    }
}

impl Observer for () {}

/// How an enumeration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Solutions that were found.
    pub solutions: u64,
    /// Why it ended: [`StopReason::Exhausted`] if there are no more.
    pub stopped: StopReason,
}

/// What is under way.
struct Run<'a> {
    limits: Limits,
    observer: &'a mut dyn Observer,
    conflicts_first: u64,
    changes_first: u64,
    best: Option<(Solution, Value)>,
    /// Least cost that is not excluded.
    bound: Value,
    /// Whether the next slice tests the objective halfway.
    probes: bool,
    /// Whether the first solution adds the inequality of the Lagrangian bound.
    relaxes: bool,
}

impl Run<'_> {
    /// Why to stop, if there is a reason.
    fn stopped(&mut self, conflicts: u64, changes: u64) -> Option<StopReason> {
        let spent = conflicts - self.conflicts_first >= self.limits.conflicts
            || changes - self.changes_first >= self.limits.changes;
        if spent { Some(StopReason::Work) } else { self.observer.stop() }
    }
}

impl Model {
    /// Solves the model, however long it takes.
    pub fn solve(self) -> Outcome {
        self.solve_within(&Limits::default(), &mut ())
    }

    /// Solves the model within limits.
    pub fn solve_within(mut self, limits: &Limits, observer: &mut dyn Observer) -> Outcome {
        self.run(&[], true, limits, observer)
    }

    /// Solves the model under assumptions; the model stays as it is, for the next question.
    pub fn solve_under(
        &mut self,
        assumptions: &[Atom],
        limits: &Limits,
        observer: &mut dyn Observer,
    ) -> Outcome {
        self.run(assumptions, false, limits, observer)
    }

    /// Drops from assumptions that cannot hold together each one that is not needed, as far as
    /// `limits` per assumption go: without any of the rest, they can.
    pub fn minimal_core(&mut self, core: &[Atom], limits: &Limits) -> Vec<Atom> {
        let objective = self.objective.take();
        let mut kept = core.to_vec();
        let mut place = 0;
        while place < kept.len() {
            let mut without = kept.clone();
            without.remove(place);
            match self.solve_under(&without, limits, &mut ()) {
                // What was kept before may be missing only if it is not needed either.
                Outcome::Infeasible { core } => kept = core,
                _ => place += 1,
            }
        }
        self.objective = objective;
        kept
    }

    /// Finds all solutions that differ in `views`.
    pub fn enumerate(
        mut self,
        views: &[View],
        limits: &Limits,
        found: &mut dyn FnMut(&Solution),
    ) -> Enumeration {
        self.objective = None;
        let mut search = self.search(None);
        let mut watcher = ();
        let mut run = self.begin(limits, &mut watcher, &search);
        let mut solutions = 0;
        loop {
            match self.slice(&mut search, &[], &mut run) {
                Answer::Solution => {
                    let solution = Solution::of(&self.engine);
                    search.to_root(&mut self.engine);
                    found(&solution);
                    solutions += 1;
                    let differs = |&view: &View| {
                        let value = solution.of_view(view);
                        [view.at_least(value + 1), view.at_most(value - 1)]
                    };
                    let clause: Vec<Atom> = views.iter().flat_map(differs).collect();
                    self.engine.post_clause(&clause);
                }
                Answer::Limit => {
                    if let Some(stopped) = self.stopped(&search, &mut run) {
                        return Enumeration { solutions, stopped };
                    }
                }
                Answer::Refuted | Answer::Infeasible => {
                    return Enumeration { solutions, stopped: StopReason::Exhausted };
                }
            }
        }
    }

    /// Cuts are facts, or one more assumption where the model must stay as it is.
    fn run(
        &mut self,
        assumptions: &[Atom],
        cuts_are_facts: bool,
        limits: &Limits,
        observer: &mut dyn Observer,
    ) -> Outcome {
        let cost = self.objective.as_ref().map_or(View::constant(0), |it| it.cost);
        let mut search = self.search(Some(cost));
        let mut run = self.begin(limits, observer, &search);
        self.try_hints(&mut search, assumptions, &mut run);
        loop {
            self.relax(&mut run);
            self.raise_bound(&mut run);
            let mut assumed = assumptions.to_vec();
            if let Some((_, value)) = run.best {
                if self.objective.is_none() || value <= run.bound {
                    return self.finish(run, None);
                }
                let cut = cost.at_most(value - 1);
                if cuts_are_facts {
                    self.engine.post_fact(cut);
                } else {
                    assumed.push(cut);
                }
            }
            let middle = self.middle(&run).filter(|_| cuts_are_facts);
            assumed.extend(middle.map(|middle| cost.at_most(middle)));
            let outcome = loop {
                let answer = self.slice(&mut search, &assumed, &mut run);
                if answer != Answer::Limit {
                    break Ok(answer);
                }
                if let Some(stopped) = self.stopped(&search, &mut run) {
                    break Err(stopped);
                }
                self.raise_bound(&mut run);
                if self.middle(&run).is_some() {
                    break Ok(answer);
                }
            };
            run.probes = !run.probes;
            if outcome == Ok(Answer::Solution) {
                self.accept(&mut search, &mut run);
            }
            search.to_root(&mut self.engine);
            match (outcome, middle) {
                (Err(stopped), _) => return self.finish(run, Some(stopped)),
                (Ok(Answer::Refuted), Some(middle)) => {
                    self.engine.post_fact(cost.at_least(middle + 1));
                }
                (Ok(Answer::Refuted | Answer::Infeasible), _) if run.best.is_some() => {
                    return self.finish(run, None);
                }
                (Ok(Answer::Refuted), None) => {
                    return Outcome::Infeasible { core: blame(&mut self.engine, assumptions) };
                }
                (Ok(Answer::Infeasible), _) => return Outcome::Infeasible { core: Vec::new() },
                (Ok(Answer::Solution | Answer::Limit), _) => {}
            }
        }
    }

    /// A search over all variables, the cost last.
    fn search(&self, cost: Option<View>) -> LearningSearch {
        let trail = &self.engine.trail;
        let (mut booleans, mut completion) = (Vec::new(), Vec::new());
        for variable in 1..trail.sides() / 2 {
            let view = trail.variable(variable);
            match (trail.lower(view), trail.upper(view)) {
                (lower, upper) if lower == upper => {}
                (0, 1) => booleans.push(view.at_least(1)),
                _ if cost.is_some_and(|cost| cost.side.variable() == variable) => {}
                _ => completion.push(view),
            }
        }
        let mut search =
            LearningSearch::new(self.parameters.learning.clone(), &booleans, &completion);
        if let Some(cost) = cost {
            search.complete_last(cost);
        }
        search
    }

    fn begin<'a>(
        &self,
        limits: &Limits,
        observer: &'a mut dyn Observer,
        search: &LearningSearch,
    ) -> Run<'a> {
        Run {
            limits: *limits,
            observer,
            conflicts_first: search.conflicts_total,
            changes_first: self.engine.trail.changes_total,
            best: None,
            bound: Value::MIN,
            probes: self.parameters.dichotomy,
            relaxes: self.parameters.relaxation,
        }
    }

    fn slice(
        &mut self,
        search: &mut LearningSearch,
        assumptions: &[Atom],
        run: &mut Run<'_>,
    ) -> Answer {
        let done = search.conflicts_total - run.conflicts_first;
        let left = run.limits.conflicts.saturating_sub(done);
        let changes_last = run.changes_first.saturating_add(run.limits.changes);
        let mut stopped = |engine: &Engine| {
            engine.trail.changes_total >= changes_last || run.observer.stop().is_some()
        };
        search.run(&mut self.engine, assumptions, left.min(SLICE + done / 10), &mut stopped)
    }

    fn stopped(&self, search: &LearningSearch, run: &mut Run<'_>) -> Option<StopReason> {
        run.stopped(search.conflicts_total, self.engine.trail.changes_total)
    }

    /// Keeps the solution that the engine holds.
    fn accept(&mut self, search: &mut LearningSearch, run: &mut Run<'_>) {
        let solution = Solution::of(&self.engine);
        let (cost, sign) =
            self.objective.as_ref().map_or((View::constant(0), 1), |it| (it.cost, it.sign));
        let value = solution.of_view(cost);
        search.follow(&self.engine);
        run.observer.incumbent(&solution, sign * value);
        run.best = Some((solution, value));
    }

    /// Adds the inequality of the Lagrangian bound, once a cost is known.
    fn relax(&mut self, run: &mut Run<'_>) {
        let (Some(objective), Some((_, value))) = (&self.objective, &run.best) else { return };
        if !std::mem::take(&mut run.relaxes) || objective.terms.is_empty() {
            return;
        }
        let trail = &self.engine.trail;
        if let Some(row) = dual_row(trail, &self.rows, &objective.terms, objective.cost, *value) {
            post_linear(&mut self.engine, &row.terms, row.bound, Atom::TRUE);
        }
    }

    fn try_hints(&mut self, search: &mut LearningSearch, assumptions: &[Atom], run: &mut Run<'_>) {
        if self.hints.is_empty() {
            return;
        }
        let trail = &self.engine.trail;
        let mut values: Vec<Value> = trail.bounds.iter().step_by(2).copied().collect();
        for hint in &self.hints {
            let (variable, negated) = (hint.side.variable(), hint.side.is_negation());
            values[variable] = if negated { -hint.value } else { hint.value };
        }
        search.follow_values(values);
        let mut assumed = assumptions.to_vec();
        assumed.extend(&self.hints);
        let answer = search.run(&mut self.engine, &assumed, HINT_CONFLICTS, &mut |_| false);
        if answer == Answer::Solution {
            self.accept(search, run);
        }
        search.to_root(&mut self.engine);
    }

    /// The objective that the next slice tests, if it does.
    fn middle(&self, run: &Run<'_>) -> Option<Value> {
        let (_, value) = run.best.as_ref()?;
        let gap = value.checked_sub(run.bound)?;
        (run.probes && gap > 2).then(|| run.bound + gap / 2 - 1)
    }

    fn raise_bound(&self, run: &mut Run<'_>) {
        let Some(&Objective { cost, sign, .. }) = self.objective.as_ref() else { return };
        let trail = &self.engine.trail;
        let bound = trail.before(trail.position()).root_bound(cost.side) + cost.offset;
        // A cut beyond the incumbent says that the incumbent is best.
        let bound = run.best.as_ref().map_or(bound, |best| bound.min(best.1));
        if bound > run.bound {
            run.bound = bound;
            run.observer.bound(sign * bound);
        }
    }

    fn finish(&self, run: Run<'_>, stopped: Option<StopReason>) -> Outcome {
        let sign = self.objective.as_ref().map_or(1, |objective| objective.sign);
        let bound = sign * run.bound;
        match (run.best, stopped) {
            (Some((best, value)), None) => Outcome::Optimal { best, objective: sign * value },
            (Some((best, value)), Some(stopped)) => {
                Outcome::Feasible { best, objective: sign * value, bound, stopped }
            }
            (None, stopped) => {
                Outcome::Unknown { bound, stopped: stopped.unwrap_or(StopReason::Exhausted) }
            }
        }
    }
}
