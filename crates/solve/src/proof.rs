//! The proof engine as a searcher: finds better schedules and raises the bound until they meet.
//!
//! The objective must be below the incumbent, as a fact; when that is refuted the incumbent is
//! optimal. Levels of a lexicographic objective come one after the other: a level that is proved
//! becomes a fact for those after it.
//!
//! **Source:** Andreas Schutt, Thibaut Feydy, Peter Stuckey, Mark Wallace (2011), for branch and
//! bound by learning.

use crate::Searcher;
use crate::lowering::Lowered;
use ordine_base::{Cost, Time};
use ordine_cp::{Answer, LearningParameters, LearningSearch, Value, View};
use ordine_problem::{Problem, Schedule};

/// Changes of bounds that count as one unit of work.
const CHANGES_PER_UNIT: u64 = 8;

/// Branch and bound on the lowered problem.
pub struct ProofSearch<'p> {
    problem: &'p Problem,
    lowered: Lowered<'p>,
    search: LearningSearch,
    /// Levels before this one are proved.
    level: usize,
    known: Option<Vec<Value>>,
    found: Option<Schedule>,
    proved: Option<Cost>,
    done: bool,
}

impl<'p> ProofSearch<'p> {
    /// Lowers `problem`; `incumbent` is a schedule with its cost, if one is known.
    pub fn new(problem: &'p Problem, incumbent: Option<(&Schedule, &Cost)>) -> Self {
        let known = incumbent.filter(|_| problem.objective().is_makespan());
        let horizon = known.map_or(problem.horizon(), |(schedule, _)| schedule.makespan());
        let lowered = Lowered::new(problem, horizon.max(Time::ORIGIN));
        let booleans = lowered.booleans();
        let mut search =
            LearningSearch::new(LearningParameters::default(), &booleans, &lowered.completion);
        for pair in &lowered.pairs {
            search.matters_only_with(pair.atom, pair.first.present, pair.second.present);
        }
        let mut proof = ProofSearch {
            problem,
            lowered,
            search,
            level: 0,
            known: None,
            found: None,
            proved: None,
            done: false,
        };
        if let Some((schedule, cost)) = incumbent {
            proof.learn_of(schedule, cost);
        }
        proof
    }

    /// Whether the search is over: everything is proved, or there is no schedule.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether there is no schedule at all.
    pub fn is_infeasible(&self) -> bool {
        self.done && self.known.is_none()
    }

    fn learn_of(&mut self, schedule: &Schedule, cost: &Cost) {
        let values: Vec<Value> =
            cost.levels().iter().map(|&value| self.lowered.down(value)).collect();
        if self.known.as_ref().is_some_and(|known| *known <= values) {
            return;
        }
        self.search.to_root(&mut self.lowered.engine);
        self.search.follow_values(self.lowered.values_of(schedule));
        self.demand_better(values);
    }

    /// Posts that the open level must be below what is known; the trail is at the root.
    fn demand_better(&mut self, values: Vec<Value>) {
        let view = self.open();
        self.lowered.engine.post_fact(view.at_most(values[self.level] - 1));
        self.known = Some(values);
    }

    fn open(&self) -> View {
        self.lowered.levels[self.level]
    }

    fn take_solution(&mut self) {
        let schedule = self.lowered.schedule();
        let trail = &self.lowered.engine.trail;
        let values: Vec<Value> =
            self.lowered.levels.iter().map(|&view| trail.lower(view)).collect();
        self.search.follow(&self.lowered.engine);
        self.search.to_root(&mut self.lowered.engine);
        self.demand_better(values);
        self.found = Some(schedule);
    }

    /// The open level is refuted below what is known.
    fn close_level(&mut self) {
        self.done = true;
        if let Some(known) = &self.known {
            let best: Vec<i64> = known.iter().map(|&value| self.lowered.up(value)).collect();
            self.proved = Some(Cost::from_levels(&best));
        }
    }
}

impl Searcher for ProofSearch<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.done {
            return 0;
        }
        let before = self.lowered.engine.trail.changes_total;
        let limit = before + budget * CHANGES_PER_UNIT;
        let mut stopped =
            |engine: &ordine_cp::Engine| engine.trail.changes_total >= limit || should_stop();
        let engine = &mut self.lowered.engine;
        match self.search.run(engine, &[], u64::MAX / 2, &mut stopped) {
            Answer::Solution => self.take_solution(),
            Answer::Infeasible | Answer::Refuted => self.close_level(),
            Answer::Limit => {}
        }
        1 + (self.lowered.engine.trail.changes_total - before) / CHANGES_PER_UNIT
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        if !self.done {
            self.learn_of(incumbent, cost);
        }
    }

    fn bound(&mut self) -> Option<Cost> {
        debug_assert!(self.problem.objective().levels().len() == self.lowered.levels.len());
        self.proved.take()
    }
}
