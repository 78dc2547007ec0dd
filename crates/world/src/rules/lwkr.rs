//! Least work remaining: the work on the longest path from the task on.
//!
//! **Source:** Panwalkar, Iskander 1977.

use crate::{Candidate, Observation, Rule};

/// The task of the job that is nearest to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lwkr;

impl Rule for Lwkr {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.work_remaining.get() as f64
    }
}
