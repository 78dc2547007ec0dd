//! Last in, first out: the largest instant from which the task waits.
//!
//! **Source:** Panwalkar, Iskander 1977.

use crate::{Candidate, Observation, Rule};

/// The task that has waited least.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lifo;

impl Rule for Lifo {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -(candidate.features.eligible_since.get() as f64)
    }
}
