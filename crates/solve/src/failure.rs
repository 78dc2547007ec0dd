//! Failure-directed search as a searcher: refutes that anything better than the incumbent exists.
//!
//! The problem is lowered over bounds: no order of a pair is a Boolean, machines are looked at as a
//! whole, and nothing is explained. So a node costs a hundredth of a conflict of the learning
//! search, and whatever has to be refuted node by node is refuted soon. It finds schedules, too,
//! but does not look for them.
//!
//! **Source:** Petr Vilím, Philippe Laborie, Paul Shaw, *Failure-directed search for constraint-
//! based scheduling* (CPAIOR 2015).

use crate::lowering::{Lowered, Root};
use crate::{Facts, Searcher};
use ordine_base::Cost;
use ordine_cp::{Answer, EffortLimit, Engine, FailureParameters, FailureSearch, Value, View};
use ordine_problem::{FeatureSet, Problem, Schedule};

/// Effort of the engine that counts as one unit of work: without reasons it is cheap.
const EFFORT_PER_UNIT: u64 = 64;

/// Branch and bound without learning, on problems with one level of the objective.
pub struct FailureProof<'p> {
    lowered: Lowered<'p>,
    search: FailureSearch,
    root: Root,
    /// Value of the best schedule known.
    known: Option<Value>,
    found: Option<Schedule>,
    told: Value,
    done: bool,
}

impl<'p> FailureProof<'p> {
    /// Whether a problem can be lowered over bounds and has one level.
    pub fn supports(problem: &Problem) -> bool {
        problem.unsupported(FeatureSet::PLAIN).is_empty()
            && problem.objective().levels().len() == 1
            && !problem.objective().has_tolerance()
            && Lowered::refusal(problem).is_none()
    }

    /// Lowers `problem`; `incumbent` is a schedule with its cost, if one is known.
    ///
    /// # Panics
    /// When the problem is not supported.
    pub fn new(problem: &'p Problem, incumbent: Option<(&Schedule, &Cost)>) -> Self {
        assert!(Self::supports(problem), "ask first");
        let known = incumbent.filter(|_| problem.objective().is_makespan());
        let lowered = Lowered::over_bounds(problem, known.map(|(schedule, _)| schedule.makespan()));
        let trail = &lowered.engine.trail;
        let is_open = |view: &View| !view.is_constant();
        let variables: Vec<View> = lowered.completion.iter().copied().filter(is_open).collect();
        let work: Value = lowered.tasks.values().map(|it| trail.lower(it.interval.duration)).sum();
        let mean = work as f64 / lowered.tasks.len().max(1) as f64;
        let booleans = lowered.booleans();
        let parameters = FailureParameters::default();
        let search = FailureSearch::new(&lowered.engine, parameters, &booleans, &variables, mean);
        let mut proof = FailureProof {
            root: Root::new(&lowered),
            lowered,
            search,
            known: None,
            found: None,
            told: Value::MIN,
            done: false,
        };
        if let Some((_, cost)) = incumbent {
            proof.demand_better(cost);
        }
        proof
    }

    fn view(&self) -> View {
        self.lowered.levels[0]
    }

    /// Bytes that the engine holds.
    pub fn bytes(&self) -> u64 {
        self.lowered.engine.bytes()
    }

    /// From now on only what costs less is of interest.
    fn demand_better(&mut self, cost: &Cost) {
        // The model has no value between its own: the next larger one.
        let value = -self.lowered.down(-cost.levels()[0]);
        if self.known.is_some_and(|known| known <= value) {
            return;
        }
        let view = self.view();
        self.search.to_root(&mut self.lowered.engine);
        self.lowered.engine.post_fact(view.at_most(value - 1));
        self.known = Some(value);
    }

    /// The largest cost that is demanded.
    fn cost_max(&self) -> i64 {
        self.known.map_or(i64::MAX, |known| self.lowered.up(known - 1))
    }

    /// Posts facts of others that wait, at the root.
    fn post_facts(&mut self) {
        let cost_max = self.cost_max();
        if self.root.has_news(cost_max) {
            self.search.to_root(&mut self.lowered.engine);
            self.root.post(&mut self.lowered, cost_max);
        }
    }

    fn take_solution(&mut self) {
        let schedule = self.lowered.schedule();
        let cost = schedule.cost(self.lowered.problem());
        self.demand_better(&cost);
        self.found = Some(schedule);
    }
}

impl Searcher for FailureProof<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.done {
            return 0;
        }
        self.post_facts();
        let engine = &mut self.lowered.engine;
        let before = engine.effort();
        let limit = before + budget * EFFORT_PER_UNIT;
        // Bounds that creep pause there, too.
        engine.effort_limit = EffortLimit(limit);
        let mut stopped = |engine: &Engine| engine.effort() >= limit || should_stop();
        match self.search.run(engine, &mut stopped) {
            Answer::Solution => self.take_solution(),
            Answer::Infeasible | Answer::Refuted => self.done = true,
            Answer::Limit => {}
        }
        1 + (self.lowered.engine.effort() - before) / EFFORT_PER_UNIT
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn tell(&mut self, facts: &mut Facts) {
        if !self.done {
            let cost_max = self.cost_max();
            self.root.tell(&self.lowered, cost_max, facts);
        }
    }

    fn hear(&mut self, facts: &Facts) {
        if !self.done {
            self.root.hear(facts);
        }
    }

    fn consider(&mut self, _incumbent: &Schedule, cost: &Cost) {
        if !self.done {
            self.demand_better(cost);
        }
    }

    fn is_infeasible(&self) -> bool {
        self.done && self.known.is_none()
    }

    fn bound(&mut self) -> Option<Cost> {
        if self.is_infeasible() {
            return None;
        }
        let proved = match self.known {
            Some(known) if self.done => known,
            _ => self.lowered.engine.trail.root_lower(self.view()),
        };
        if proved <= self.told {
            return None;
        }
        self.told = proved;
        Some(Cost::from_levels(&[self.lowered.up(proved)]))
    }
}
