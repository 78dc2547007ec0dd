//! The proof engine as a searcher: finds better schedules and raises the bound until they meet.
//!
//! The objective must be below the incumbent, as a fact; when that is refuted the incumbent is
//! optimal. Levels of a lexicographic objective come one after the other: a level that is proved
//! is settled, and that it stays within its tolerance becomes a fact for those after it.
//!
//! **Source:** Andreas Schutt, Thibaut Feydy, Peter Stuckey, Mark Wallace (2011), for branch and
//! bound by learning.

use crate::Searcher;
use crate::lowering::Lowered;
use ordine_base::Cost;
use ordine_cp::{Answer, Atom, Engine, LearningParameters, LearningSearch, Value};
use ordine_problem::{Problem, Schedule, Tolerance};

/// Changes of bounds that count as one unit of work.
const CHANGES_PER_UNIT: u64 = 8;

/// Branch and bound on the lowered problem.
pub struct ProofSearch<'p> {
    lowered: Lowered<'p>,
    search: LearningSearch,
    /// Levels before this one are settled.
    level: usize,
    /// Largest values of the settled levels.
    caps: Vec<Value>,
    /// Values of the levels of the best schedule known.
    known: Option<Vec<Value>>,
    found: Option<Schedule>,
    tolerances: Vec<Tolerance>,
    /// Bounds of the levels that were told last.
    told: Vec<Value>,
    done: bool,
}

impl<'p> ProofSearch<'p> {
    /// Lowers `problem`; `incumbent` is a schedule with its cost, if one is known.
    ///
    /// # Panics
    /// When the problem uses a feature that is not lowered.
    pub fn new(problem: &'p Problem, incumbent: Option<(&Schedule, &Cost)>) -> Self {
        let known = incumbent.filter(|_| problem.objective().is_makespan());
        let lowered = Lowered::new(problem, known.map(|(schedule, _)| schedule.makespan()));
        let booleans = lowered.booleans();
        let mut search =
            LearningSearch::new(LearningParameters::default(), &booleans, &lowered.completion);
        for pair in &lowered.pairs {
            search.matters_only_with(pair.atom, pair.first.present, pair.second.present);
        }
        let mut proof = ProofSearch {
            told: vec![Value::MIN; lowered.levels.len()],
            lowered,
            search,
            level: 0,
            caps: Vec::new(),
            known: None,
            found: None,
            tolerances: problem.objective().levels().iter().map(|it| it.tolerance).collect(),
            done: false,
        };
        if let Some((schedule, cost)) = incumbent {
            proof.learn_of(schedule, cost);
        }
        proof
    }

    fn learn_of(&mut self, schedule: &Schedule, cost: &Cost) {
        let values: Vec<Value> =
            cost.levels().iter().map(|&value| self.lowered.down(value)).collect();
        let counted = |values: &[Value]| self.counted(values);
        if self.known.as_ref().is_some_and(|known| counted(known) <= counted(&values)) {
            return;
        }
        self.search.to_root(&mut self.lowered.engine);
        self.search.follow_values(self.lowered.values_of(schedule));
        self.demand_better(values);
    }

    /// The values with settled levels raised to what they may be.
    fn counted(&self, values: &[Value]) -> Vec<Value> {
        let caps = self.caps.iter().copied().chain(std::iter::repeat(Value::MIN));
        values.iter().zip(caps).map(|(&value, cap)| value.max(cap)).collect()
    }

    fn is_last(&self) -> bool {
        self.level + 1 == self.lowered.levels.len()
    }

    /// The last level must be below what is known, as a fact; a level before it is only assumed to
    /// be, because the search goes on when that is refuted. The trail is at the root.
    fn demand_better(&mut self, values: Vec<Value>) {
        if self.is_last() {
            let view = self.lowered.levels[self.level];
            self.lowered.engine.post_fact(view.at_most(values[self.level] - 1));
        }
        self.known = Some(values);
    }

    /// What is assumed of the open level.
    fn assumption(&self) -> Option<Atom> {
        let known = self.known.as_ref().filter(|_| !self.is_last())?;
        Some(self.lowered.levels[self.level].at_most(known[self.level] - 1))
    }

    fn take_solution(&mut self) {
        let schedule = self.lowered.schedule();
        // A level that nothing presses may stand above what the schedule costs.
        let cost = schedule.cost(self.lowered.problem());
        let values: Vec<Value> =
            cost.levels().iter().map(|&value| self.lowered.down(value)).collect();
        self.search.follow(&self.lowered.engine);
        self.search.to_root(&mut self.lowered.engine);
        self.demand_better(values);
        self.found = Some(schedule);
    }

    /// The open level cannot be below what is known: that, and how much it may be worsened, are
    /// facts for the levels after it.
    fn close_level(&mut self) {
        self.search.to_root(&mut self.lowered.engine);
        let Some(known) = self.known.clone().filter(|_| !self.is_last()) else {
            self.done = true;
            return;
        };
        let view = self.lowered.levels[self.level];
        let best = known[self.level];
        let most = self.tolerances[self.level].above(self.lowered.up(best));
        let cap = self.lowered.down(most);
        self.lowered.engine.post_fact(view.at_most(cap));
        self.lowered.engine.post_fact(view.at_least(best));
        self.caps.push(cap);
        self.level += 1;
        self.demand_better(known);
    }

    /// What is proved of each level by now; the trail may be anywhere.
    fn proved(&self) -> Vec<Value> {
        if let Some(known) = self.known.as_ref().filter(|_| self.done) {
            return known.clone();
        }
        let trail = &self.lowered.engine.trail;
        self.lowered.levels.iter().map(|&view| trail.root_lower(view)).collect()
    }
}

impl Searcher for ProofSearch<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.done {
            return 0;
        }
        let before = self.lowered.engine.trail.changes_total;
        let limit = before + budget * CHANGES_PER_UNIT;
        let mut stopped = |engine: &Engine| engine.trail.changes_total >= limit || should_stop();
        let assumption = self.assumption();
        let engine = &mut self.lowered.engine;
        match self.search.run(engine, assumption.as_slice(), u64::MAX / 2, &mut stopped) {
            Answer::Solution => self.take_solution(),
            Answer::Refuted => self.close_level(),
            Answer::Infeasible if self.known.is_some() => self.close_level(),
            Answer::Infeasible => self.done = true,
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

    fn settled(&self) -> usize {
        self.level
    }

    fn is_infeasible(&self) -> bool {
        self.done && self.known.is_none()
    }

    fn bound(&mut self) -> Option<Cost> {
        if self.is_infeasible() {
            return None;
        }
        let proved = self.proved();
        if proved == self.told {
            return None;
        }
        let levels: Vec<i64> = proved.iter().map(|&value| self.lowered.up(value)).collect();
        self.told = proved;
        Some(Cost::from_levels(&levels))
    }
}
