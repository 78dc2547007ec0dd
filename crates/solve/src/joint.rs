//! Learning and failure-directed search in one lane: the second joins where the first takes long.
//!
//! Learning proves most problems before a second search would have paid for its model, so it begins
//! alone. After [`JointParameters::alone_work`] the other joins: it gets a share of the work, in
//! slices that grow by half each time. A slice that fixed something at its root, or found a
//! schedule, doubles the share, any other halves it. Both demand to be better than the same
//! incumbent and tell each other facts after every slice; the first proof of either ends the lane.
//!
//! The default recipe does not use it: no design proved a job shop sooner than learning alone.
//! Processor seconds on one thread from a best schedule, in a build that is not optimized for speed
//! (`alone_work`, `slice_work` in millions, `share_min`, `share_max`):
//!
//! | shop | learning | 1, .2, 1/16, 1 | 4, .4, 1/16, 1/2 | 0, .2, 1, 1 |
//! |---|---|---|---|---|
//! | la40 | 1.6 | 2.1 | - | 4.5 |
//! | la21 | 5.6 | 8.7 | 5.8 | 25.7 |
//! | la38 | 9.2 | 11.6 | 11.1 | 34.7 |
//!
//! Failure-directed search alone proves la40 in 4.0 and la21 in 26.4 processor seconds of a release
//! build, learning in 1.2 and 4.4; la38 it does not prove in 30, learning does in 8.9
//! (`ordine solve la21.txt --recipe failure --workers 1 --start la21.json`).
//!
//! **Source:** two complementary proofs on one thread: Petr Vilím, Philippe Laborie, Paul Shaw
//! (CPAIOR 2015), where failure-directed search joins large-neighborhood search in the same way.

use crate::{Facts, FailureProof, ProofSearch, Searcher};
use ordine_base::Cost;
use ordine_problem::{Problem, Schedule};

/// When failure-directed search joins, and how much it gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointParameters {
    /// Units of work that learning has alone.
    pub alone_work: u64,
    /// Units of work of the first slice of the other.
    pub slice_work: u64,
    /// Least work of the other per unit of learning.
    pub share_min: f64,
    /// Most work of the other per unit of learning.
    pub share_max: f64,
}

impl JointParameters {
    /// Learning alone.
    pub const ALONE: JointParameters =
        JointParameters { alone_work: u64::MAX, slice_work: 0, share_min: 0.0, share_max: 0.0 };
}

impl Default for JointParameters {
    fn default() -> Self {
        JointParameters {
            alone_work: 20_000_000,
            slice_work: 400_000,
            share_min: 1.0 / 16.0,
            share_max: 1.0,
        }
    }
}

/// Growth of the slices.
const SLICE_GROWTH: f64 = 1.5;

/// Units of learning that take as long as one of failure-directed search, about.
const UNITS_PER_UNIT: u64 = 4;

/// The two proofs.
pub struct JointProof<'p> {
    problem: &'p Problem,
    parameters: JointParameters,
    learning: ProofSearch<'p>,
    failure: Option<FailureProof<'p>>,
    /// The second search has ended without a proof, or cannot take part.
    is_single: bool,
    best: Option<(Cost, Schedule)>,
    found: Option<Schedule>,
    facts: Facts,
    /// Facts of others that were heard, and facts that were told to them.
    heard: u64,
    told: u64,
    /// Work of each.
    spent: [u64; 2],
    share: f64,
    slice: u64,
    /// Work that is left of the slice of the second search.
    left: u64,
    /// Whether the slice has brought something.
    pays: bool,
    memory_bytes: u64,
}

impl<'p> JointProof<'p> {
    /// Learning, joined by the other where it supports the problem and its engine takes no more
    /// than so many bytes; `incumbent` is what learning knows.
    pub fn new(
        problem: &'p Problem,
        learning: ProofSearch<'p>,
        incumbent: Option<(&Schedule, &Cost)>,
        parameters: JointParameters,
        memory_bytes: u64,
    ) -> Self {
        JointProof {
            problem,
            learning,
            failure: None,
            is_single: !FailureProof::supports(problem),
            best: incumbent.map(|(schedule, cost)| (cost.clone(), schedule.clone())),
            found: None,
            facts: Facts::default(),
            heard: 0,
            told: 0,
            spent: [0; 2],
            share: 0.25_f64.clamp(parameters.share_min, parameters.share_max),
            slice: parameters.slice_work,
            left: 0,
            pays: false,
            memory_bytes,
            parameters,
        }
    }

    /// The learning search.
    pub fn learning(&self) -> &ProofSearch<'p> {
        &self.learning
    }

    /// Whether the second search has its turn; lowers the problem for its first.
    fn is_turn_of_failure(&mut self) -> bool {
        let JointParameters { alone_work, .. } = self.parameters;
        if self.is_single || self.spent[0] < alone_work {
            return false;
        }
        let due = self.share * (self.spent[0] - alone_work) as f64;
        if self.left == 0 && (self.spent[1] as f64) > due {
            return false;
        }
        if self.failure.is_none() {
            let known = self.best.as_ref().map(|(cost, schedule)| (schedule, cost));
            self.failure = Some(FailureProof::new(self.problem, known));
        }
        if self.left == 0 {
            (self.left, self.pays) = (self.slice, false);
        }
        true
    }

    fn advance_failure(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let failure = self.failure.as_mut().expect("it has its turn");
        failure.hear(&self.facts);
        let units = budget.min(self.left).div_ceil(UNITS_PER_UNIT);
        let work = UNITS_PER_UNIT * failure.advance(units, should_stop);
        let known = self.facts.next();
        failure.tell(&mut self.facts);
        let improvement = failure.improvement();
        self.pays |= improvement.is_some() || self.facts.next() > known;
        let (is_over, is_large) = (work == 0, failure.bytes() > self.memory_bytes);
        if let Some(schedule) = improvement {
            let cost = schedule.cost(self.problem);
            if self.best.as_ref().is_none_or(|best| cost < best.0) {
                self.learning.consider(&schedule, &cost);
                self.adopt(cost, schedule);
            }
        }
        self.spent[1] += work;
        self.left = self.left.saturating_sub(work);
        if self.left == 0 {
            self.slice = (self.slice as f64 * SLICE_GROWTH) as u64;
            let share = if self.pays { 2.0 * self.share } else { 0.5 * self.share };
            self.share = share.clamp(self.parameters.share_min, self.parameters.share_max);
        }
        if is_over || is_large {
            (self.is_single, self.failure, self.left) = (true, None, 0);
        }
        work
    }

    /// Takes what is better: by learning, which has levels with tolerances, for whatever reason.
    fn adopt(&mut self, cost: Cost, schedule: Schedule) {
        self.found = Some(schedule.clone());
        self.best = Some((cost, schedule));
    }
}

impl Searcher for JointProof<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if self.is_turn_of_failure() {
            let work = self.advance_failure(budget, should_stop);
            if work > 0 {
                return work;
            }
        }
        self.learning.hear(&self.facts);
        let work = self.learning.advance(budget, should_stop);
        self.learning.tell(&mut self.facts);
        if let Some(schedule) = self.learning.improvement() {
            let cost = schedule.cost(self.problem);
            if let Some(failure) = &mut self.failure {
                failure.consider(&schedule, &cost);
            }
            self.adopt(cost, schedule);
        }
        self.spent[0] += work;
        work
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn bound(&mut self) -> Option<Cost> {
        let of_failure = self.failure.as_mut().and_then(Searcher::bound);
        match (self.learning.bound(), of_failure) {
            (Some(one), Some(other)) => Some(one.strengthened(&other)),
            (one, other) => one.or(other),
        }
    }

    fn is_infeasible(&self) -> bool {
        self.learning.is_infeasible() || self.failure.as_ref().is_some_and(Searcher::is_infeasible)
    }

    fn settled(&self) -> usize {
        self.learning.settled()
    }

    fn settle(&mut self, floors: &[i64]) {
        self.learning.settle(floors);
    }

    fn tell(&mut self, facts: &mut Facts) {
        self.facts.since(self.told).for_each(|fact| facts.add(fact));
        self.told = self.facts.next();
    }

    fn hear(&mut self, facts: &Facts) {
        facts.since(self.heard).for_each(|fact| self.facts.add(fact));
        self.heard = facts.next();
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        self.learning.consider(incumbent, cost);
        if let Some(failure) = &mut self.failure {
            failure.consider(incumbent, cost);
        }
        if self.best.as_ref().is_none_or(|best| *cost < best.0) {
            self.best = Some((cost.clone(), incumbent.clone()));
        }
    }
}
