//! First in, first out: the instant from which the task has been eligible.
//!
//! **Source:** Haupt 1989; Blackstone, Phillips, Hogg 1982.

use crate::{Candidate, Observation, Rule};

/// First in, first out: the task that has waited longest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fifo;

impl Rule for Fifo {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.eligible_since.get() as f64
    }
}
