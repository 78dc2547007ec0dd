//! A mixture: one policy at a share of the decisions, another at the rest.
//!
//! **Source:** Sutton, Barto 2018, section 2.2 (epsilon-greedy).

use crate::{CandidateId, Decision, Observation, Policy};

/// Mixes two policies.
pub struct Epsilon<'p> {
    share: f64,
    first: Box<dyn Policy + 'p>,
    other: Box<dyn Policy + 'p>,
}

impl<'p> Epsilon<'p> {
    /// `other` decides with probability `share`, `first` otherwise.
    ///
    /// # Panics
    /// When the share is not within `0..=1`.
    pub fn new(share: f64, first: Box<dyn Policy + 'p>, other: Box<dyn Policy + 'p>) -> Self {
        assert!((0.0..=1.0).contains(&share), "a share is from 0 to 1, found {share}");
        Epsilon { share, first, other }
    }
}

impl Policy for Epsilon<'_> {
    fn act(&mut self, observation: &Observation, decision: &mut Decision<'_>) -> CandidateId {
        match decision.stream().chance(self.share) {
            true => self.other.act(observation, decision),
            false => self.first.act(observation, decision),
        }
    }
}
