//! Orders of ready tasks and choices of elements, free to combine.
//!
//! Ties of orders go to the task that is ready longer, ties of elements to the earlier start (least
//! durations: to fewer tasks on the element) and then to the smaller id.
//!
//! **Source:** Sung et al. 2020; MET: Braun et al. 2001; ETF: Hwang, Chow, Anger, Lee 1989.

use crate::{Kind, KindId, SocInstance};
use ordine_base::{Id, Ticks};
use ordine_world::{Candidate, CandidateId, Decision, Observation, Policy, Stage};
use std::sync::Arc;

/// Which ready task comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The one that is ready longest.
    FirstCome,
    /// Any.
    Random,
    /// That of the least shortest duration.
    Shortest,
    /// That of the earliest end.
    Earliest,
    /// That of the largest mean duration.
    LongMean,
    /// That of the least mean duration.
    ShortMean,
    /// That of the highest upward rank.
    HighRank,
    /// That of the lowest upward rank.
    LowRank,
}

/// Which element a task goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any.
    Random,
    /// That of the least duration; of those the one with the fewest tasks.
    Least,
    /// That of the earliest end.
    Earliest,
}

/// An order and a choice.
#[derive(Clone, Debug)]
pub struct ListPolicy {
    instance: Arc<SocInstance>,
    order: Order,
    choice: Choice,
}

impl ListPolicy {
    /// The policy of this order and choice.
    pub fn new(instance: &Arc<SocInstance>, order: Order, choice: Choice) -> Self {
        ListPolicy { instance: Arc::clone(instance), order, choice }
    }

    fn kind(&self, candidate: &Candidate) -> &Kind {
        let elements = self.instance.platform.elements.len();
        &self.instance.kinds[KindId::from_index(candidate.mode.index() / elements)]
    }

    fn task_score(&self, candidate: &Candidate) -> f64 {
        match self.order {
            Order::FirstCome | Order::Random => 0.0,
            Order::Shortest => self.kind(candidate).least.get() as f64,
            Order::Earliest => candidate.end().get() as f64,
            Order::LongMean => -self.kind(candidate).mean,
            Order::ShortMean => self.kind(candidate).mean,
            Order::HighRank => -self.kind(candidate).rank,
            Order::LowRank => self.kind(candidate).rank,
        }
    }

    fn element_score(&self, candidate: &Candidate) -> (i64, i64) {
        let features = &candidate.features;
        match self.choice {
            Choice::Random => (0, 0),
            Choice::Least => (features.duration.get(), i64::from(features.tasks_remaining)),
            Choice::Earliest => (candidate.end().get(), features.start.get()),
        }
    }
}

/// Whether a candidate leaves its task for later.
pub(super) fn is_later(candidate: &Candidate) -> bool {
    candidate.features.duration == Ticks::MAX
}

/// An allowed candidate, all alike.
fn any(observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
    let now = || observation.allowed().filter(|(_, candidate)| !is_later(candidate));
    let place = decision.stream().below(now().count().max(1));
    let drawn = now().nth(place);
    drawn.expect("an observation that asks for a choice allows a candidate").0
}

/// The first allowed candidate of the least score.
pub(super) fn first_least<S: PartialOrd>(
    observation: &Observation,
    mut score: impl FnMut(&Candidate) -> S,
) -> CandidateId {
    let mut best: Option<(CandidateId, S)> = None;
    for (id, candidate) in observation.allowed() {
        let found = score(candidate);
        if best.as_ref().is_none_or(|(_, least)| found < *least) {
            best = Some((id, found));
        }
    }
    best.expect("an observation that asks for a choice allows a candidate").0
}

impl Policy for ListPolicy {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        match observation.stage {
            Stage::Task if self.order == Order::Random => any(observation, decision),
            Stage::Task => first_least(observation, |it| self.task_score(it)),
            Stage::Mode if self.choice == Choice::Random => any(observation, decision),
            Stage::Mode => first_least(observation, |it| self.element_score(it)),
        }
    }
}
