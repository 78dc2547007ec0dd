//! Shortest duration first: `p`.
//!
//! **Source:** Smith 1956; Panwalkar, Iskander 1977, rule 1.

use crate::{Candidate, Observation, Rule};

/// Shortest processing time: the task of least duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spt;

impl Rule for Spt {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.duration.get() as f64
    }
}
