//! A copy of a world, run to its end, with the sum of its rewards.
//!
//! **Source:** rollout as in Bertsekas, Tsitsiklis, Wu 1997.

use crate::{CandidateId, Decision, Observation, Policy, Step, World};
use ordine_base::Stream;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Sum of rewards, part by part; larger is better, earlier parts count first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Return(SmallVec<[f64; 2]>);

impl Return {
    pub(super) fn add(&mut self, reward: &[f64]) {
        if self.0.len() < reward.len() {
            self.0.resize(reward.len(), 0.0);
        }
        for (sum, part) in self.0.iter_mut().zip(reward) {
            *sum += part;
        }
    }

    pub(super) fn add_all(&mut self, other: &Return) {
        self.add(&other.0);
    }

    pub(super) fn better_than(&self, other: &Return) -> bool {
        let orders = self.0.iter().zip(&other.0).map(|(own, its)| own.total_cmp(its));
        orders.fold(Ordering::Equal, Ordering::then) == Ordering::Greater
    }
}

/// Whether a choice is still asked for.
pub(super) fn asks(observation: &Observation) -> bool {
    observation.candidates.iter().any(|candidate| candidate.allowed)
}

/// Goes on with `policy` to the end; `first`, where given, is chosen before. `note` hears of every
/// choice before it is made.
pub(super) fn to_the_end(
    world: &mut dyn World,
    first: Option<CandidateId>,
    policy: &mut dyn Policy,
    stream: &mut Stream,
    mut note: impl FnMut(&Observation, CandidateId),
) -> Return {
    let mut sum = Return::default();
    let mut step = Step::default();
    if let Some(first) = first {
        note(world.observe(), first);
        step = world.act(first);
        sum.add(&step.reward);
    }
    while !step.is_last() && asks(world.observe()) {
        let choice = policy.act(world.observe(), &mut Decision::new(world, stream));
        note(world.observe(), choice);
        step = world.act(choice);
        sum.add(&step.reward);
    }
    sum
}
