//! Any task: equal scores, drawn uniformly from the stream of the policy.
//!
//! **Source:** Panwalkar, Iskander 1977 (RANDOM).

use crate::{Candidate, Observation, Rule};

/// Draws uniformly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

impl Rule for Random {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        let _ = candidate;
        0.0
    }

    fn bias(&self) -> Option<f64> {
        Some(0.0)
    }
}
