//! The proof engine as a searcher: finds better schedules and raises the bound until they meet.
//!
//! The objective must be below the incumbent, as a fact; when that is refuted the incumbent is
//! optimal. Levels of a lexicographic objective come one after the other: a level that is proved
//! is settled, and that it stays within its tolerance becomes a fact for those after it.
//!
//! What holds at the root is told as facts, and facts of others are posted there, where one level
//! is minimized. Whenever the search is at the root anyway it takes what waits, and goes there for
//! it after so many conflicts.
//!
//! Beside that, the last level is probed from below ([`probes`]), so that a proof that takes too
//! long leaves a bound; and before the first decision the root is shaved.
//!
//! **Source:** Andreas Schutt, Thibaut Feydy, Peter Stuckey, Mark Wallace (2011), for branch and
//! bound by learning.

mod probes;

use crate::lowering::{Lowered, Root};
use crate::{Facts, Searcher};
use ordine_base::{Cost, Time};
use ordine_cp::{
    Answer, Atom, EffortLimit, Engine, LearningParameters, LearningSearch, ShavingParameters,
    Value, View, destructive_bound, shave,
};
use ordine_problem::{Problem, Schedule, Tolerance};
use probes::Probes;

/// Effort of the engine that counts as one unit of work.
const EFFORT_PER_UNIT: u64 = 8;

/// Changes of bounds that each part of shaving may cost.
const SHAVING_CHANGES: u64 = 30_000;

/// Effort of the engine that shaving may cost in all.
const SHAVING_EFFORT: u64 = 500_000;

/// Conflicts after which the search goes to the root for facts that wait.
const CONFLICTS_PER_HEARING: u64 = 20_000;

/// What is known of a level that is settled.
#[derive(Clone, Copy, Debug)]
struct Settled {
    /// The largest value that is as good as the best.
    cap: Value,
    /// Nothing is below.
    bound: Value,
    /// Whether the best value was proved to be so.
    is_proved: bool,
}

/// Branch and bound on the lowered problem.
pub struct ProofSearch<'p> {
    lowered: Lowered<'p>,
    search: LearningSearch,
    root: Root,
    /// Conflicts when facts of others were last posted.
    heard_at: u64,
    /// The levels before the open one.
    settled: Vec<Settled>,
    /// Values of the levels of the best schedule known.
    known: Option<Vec<Value>>,
    found: Option<Schedule>,
    tolerances: Vec<Tolerance>,
    /// Bounds of the levels that were told last.
    told: Vec<Value>,
    probes: Probes,
    is_shaved: bool,
    memory_bytes: u64,
    is_out_of_memory: bool,
    done: bool,
}

impl<'p> ProofSearch<'p> {
    /// Lowers `problem`; `incumbent` is a schedule with its cost, if one is known.
    ///
    /// # Panics
    /// When the problem uses a feature that is not lowered.
    pub fn new(problem: &'p Problem, incumbent: Option<(&Schedule, &Cost)>) -> Self {
        Self::on(Lowered::new(problem, Self::latest(problem, incumbent)), incumbent)
    }

    /// When schedules that are better than the incumbent end at the latest, if that is known.
    pub fn latest(problem: &Problem, incumbent: Option<(&Schedule, &Cost)>) -> Option<Time> {
        let known = incumbent.filter(|_| problem.objective().is_makespan());
        known.map(|(schedule, _)| schedule.makespan())
    }

    /// Searches a model for schedules better than the incumbent, if there is one.
    pub fn on(lowered: Lowered<'p>, incumbent: Option<(&Schedule, &Cost)>) -> Self {
        let problem = lowered.problem();
        let search = lowered.learning_search(LearningParameters::default());
        let mut proof = ProofSearch {
            told: vec![Value::MIN; lowered.levels.len()],
            root: Root::new(&lowered),
            heard_at: 0,
            lowered,
            search,
            settled: Vec::new(),
            known: None,
            found: None,
            tolerances: problem.objective().levels().iter().map(|it| it.tolerance).collect(),
            probes: Probes::default(),
            is_shaved: false,
            memory_bytes: u64::MAX,
            is_out_of_memory: false,
            done: false,
        };
        if let Some((schedule, cost)) = incumbent {
            proof.learn_of(schedule, cost);
        }
        proof
    }

    /// Keeps the engine within so many bytes: learned clauses are forgotten before more are taken,
    /// and when that is not enough the search ends without an answer.
    pub fn within(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self.save_memory();
        self
    }

    /// Whether the search ended because it had not enough memory.
    pub fn is_out_of_memory(&self) -> bool {
        self.is_out_of_memory
    }

    fn save_memory(&mut self) {
        if self.lowered.engine.bytes() > self.memory_bytes {
            // Room for what comes next, or this happens again at once.
            let wanted = self.memory_bytes - self.memory_bytes / 4;
            self.search.forget(&mut self.lowered.engine, wanted);
            self.is_out_of_memory = self.lowered.engine.bytes() > self.memory_bytes;
        }
    }

    /// Conflicts met so far.
    pub fn conflicts_total(&self) -> u64 {
        self.search.conflicts_total
    }

    /// The engine with everything that it counts.
    pub fn engine(&self) -> &Engine {
        &self.lowered.engine
    }

    fn learn_of(&mut self, schedule: &Schedule, cost: &Cost) {
        let values = self.values(cost);
        let counted = |values: &[Value]| self.counted(values);
        if self.known.as_ref().is_some_and(|known| counted(known) <= counted(&values)) {
            return;
        }
        self.search.to_root(&mut self.lowered.engine);
        self.search.follow_values(self.lowered.values_of(schedule));
        self.demand_better(values);
    }

    /// The values of a cost in the model, which has none between its own: the next larger ones.
    fn values(&self, cost: &Cost) -> Vec<Value> {
        cost.levels().iter().map(|&value| -self.lowered.down(-value)).collect()
    }

    /// The values with settled levels raised to what they may be.
    fn counted(&self, values: &[Value]) -> Vec<Value> {
        let caps = self.settled.iter().map(|it| it.cap).chain(std::iter::repeat(Value::MIN));
        values.iter().zip(caps).map(|(&value, cap)| value.max(cap)).collect()
    }

    /// The number of the open level.
    fn level(&self) -> usize {
        self.settled.len()
    }

    /// What the open level minimizes.
    fn open(&self) -> View {
        self.lowered.levels[self.level()]
    }

    fn is_last(&self) -> bool {
        self.level() + 1 == self.lowered.levels.len()
    }

    /// The last level must be below what is known, as a fact; a level before it is only assumed to
    /// be, because the search goes on when that is refuted. The trail is at the root.
    fn demand_better(&mut self, values: Vec<Value>) {
        if self.is_last() {
            let better = self.open().at_most(values[self.level()] - 1);
            self.lowered.engine.post_fact(better);
        }
        self.probes.drop_open();
        self.known = Some(values);
    }

    /// Whether facts can be exchanged: they speak of one cost.
    fn exchanges(&self) -> bool {
        !self.done && self.lowered.levels.len() == 1
    }

    /// The largest cost that is demanded.
    fn cost_max(&self) -> i64 {
        self.known.as_ref().map_or(i64::MAX, |known| self.lowered.up(known[0] - 1))
    }

    /// Posts facts of others that wait, at the root.
    fn post_facts(&mut self) {
        if !self.exchanges() || !self.root.has_news(self.cost_max()) {
            return;
        }
        let conflicts = self.search.conflicts_total;
        if conflicts >= self.heard_at + CONFLICTS_PER_HEARING {
            self.search.to_root(&mut self.lowered.engine);
        }
        if self.lowered.engine.trail.level() == 0 {
            self.heard_at = conflicts;
            let cost_max = self.cost_max();
            self.root.post(&mut self.lowered, cost_max);
        }
    }

    /// What is assumed of the open level.
    fn assumption(&self) -> Option<Atom> {
        let known = self.known.as_ref().filter(|_| !self.is_last())?;
        Some(self.open().at_most(known[self.level()] - 1))
    }

    /// Cuts off at the root what propagation refutes: of the objective, then of all times. False if
    /// that leaves nothing.
    fn shave(&mut self) -> bool {
        let (objective, is_last) = (self.open(), self.is_last());
        let engine = &mut self.lowered.engine;
        // A large model is not brought to its fix-point here; what is not refuted just stands.
        engine.effort_limit = EffortLimit(engine.effort() + SHAVING_EFFORT);
        let views = &self.lowered.completion;
        let parameters = ShavingParameters { changes_max: SHAVING_CHANGES, ..Default::default() };
        (!is_last || destructive_bound(engine, objective, views, &parameters).is_ok())
            && shave(engine, views, &parameters).is_ok()
    }

    /// What is probed now, a probe being due or open; the trail goes to the root where one begins.
    fn probe(&mut self) -> Option<Atom> {
        if !self.is_last() || self.known.is_none() {
            return None;
        }
        let view = self.open();
        if self.probes.is_due(self.search.conflicts_total) {
            self.search.to_root(&mut self.lowered.engine);
            let trail = &self.lowered.engine.trail;
            self.probes.begin(trail.lower(view), trail.upper(view), self.search.conflicts_total);
        }
        self.probes.target().map(|target| view.at_most(target))
    }

    fn close_probe(&mut self, is_refuted: bool) {
        self.search.to_root(&mut self.lowered.engine);
        let target = self.probes.target().expect("a probe is open");
        if is_refuted {
            let above = self.open().at_least(target + 1);
            self.lowered.engine.post_fact(above);
        }
        self.probes.end(is_refuted, self.search.conflicts_total);
    }

    fn take_solution(&mut self) {
        let schedule = self.lowered.schedule();
        // A level that nothing presses may stand above what the schedule costs.
        let values = self.values(&schedule.cost(self.lowered.problem()));
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
        let best = known[self.level()];
        let most = self.tolerances[self.level()].above(self.lowered.up(best));
        let (cap, at_least) = (self.lowered.down(most), self.open().at_least(best));
        self.lowered.engine.post_fact(at_least);
        self.open_next(Settled { cap, bound: best, is_proved: true }, known);
    }

    /// Goes on to the next level from the root.
    fn open_next(&mut self, settled: Settled, known: Vec<Value>) {
        let at_most = self.open().at_most(settled.cap);
        self.lowered.engine.post_fact(at_most);
        self.settled.push(settled);
        self.demand_better(known);
    }

    /// What is proved of each level by now; the trail may be anywhere.
    fn proved(&self) -> Vec<Value> {
        let known = self.known.as_ref().filter(|_| self.done);
        let trail = &self.lowered.engine.trail;
        let of_level = |(level, &view): (usize, &View)| match (self.settled.get(level), known) {
            (Some(Settled { is_proved: true, .. }) | None, Some(known)) => known[level],
            // What later levels demand raises the bounds of the model further.
            (Some(settled), _) => settled.bound,
            (None, None) => trail.root_lower(view),
        };
        self.lowered.levels.iter().enumerate().map(of_level).collect()
    }
}

impl Searcher for ProofSearch<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.done || self.is_out_of_memory {
            return 0;
        }
        self.save_memory();
        let engine = &self.lowered.engine;
        let room = self.memory_bytes.saturating_sub(engine.bytes());
        let most = room.saturating_add(engine.growing_bytes());
        if !std::mem::replace(&mut self.is_shaved, true) && !self.shave() {
            match self.known.is_some() {
                true => self.close_level(),
                false => self.done = true,
            }
            return 1;
        }
        let probe = self.probe();
        self.post_facts();
        let assumption = probe.or_else(|| self.assumption());
        let conflicts = match self.is_last() && self.known.is_some() {
            true => self.probes.conflicts_left(self.search.conflicts_total),
            false => u64::MAX / 2,
        };
        let engine = &mut self.lowered.engine;
        let before = engine.effort();
        let limit = before + budget * EFFORT_PER_UNIT;
        let mut stopped = |engine: &Engine| {
            engine.effort() >= limit || engine.growing_bytes() >= most || should_stop()
        };
        engine.effort_limit = EffortLimit(limit);
        match self.search.run(engine, assumption.as_slice(), conflicts, &mut stopped) {
            Answer::Solution => self.take_solution(),
            Answer::Refuted if probe.is_some() => self.close_probe(true),
            Answer::Refuted => self.close_level(),
            Answer::Infeasible if self.known.is_some() => self.close_level(),
            Answer::Infeasible => self.done = true,
            Answer::Limit if self.probes.is_over(self.search.conflicts_total) => {
                self.close_probe(false);
            }
            Answer::Limit => {}
        }
        1 + (self.lowered.engine.effort() - before) / EFFORT_PER_UNIT
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn tell(&mut self, facts: &mut Facts) {
        if self.exchanges() {
            let cost_max = self.cost_max();
            self.root.tell(&self.lowered, cost_max, facts);
        }
    }

    fn hear(&mut self, facts: &Facts) {
        if self.exchanges() {
            self.root.hear(facts);
        }
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        if !self.done {
            self.learn_of(incumbent, cost);
        }
    }

    fn settled(&self) -> usize {
        self.level()
    }

    fn settle(&mut self, floors: &[i64]) {
        while let Some(&floor) = floors.get(self.level()) {
            let Some(known) = self.known.clone().filter(|_| !self.done && !self.is_last()) else {
                return;
            };
            self.search.to_root(&mut self.lowered.engine);
            let cap = known[self.level()].max(-self.lowered.down(-floor));
            let bound = self.lowered.engine.trail.root_lower(self.open());
            self.open_next(Settled { cap, bound, is_proved: false }, known);
        }
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
