//! Longest duration first: `-p`.
//!
//! **Source:** Graham 1969; Panwalkar, Iskander 1977.

use crate::{Candidate, Observation, Rule};

/// Longest processing time: the task of greatest duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lpt;

impl Rule for Lpt {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -(candidate.features.duration.get() as f64)
    }
}
