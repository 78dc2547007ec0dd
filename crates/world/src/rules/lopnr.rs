//! Fewest tasks remaining: tasks on the longest path from the task on.
//!
//! **Source:** Panwalkar, Iskander 1977 (FOPNR).

use crate::{Candidate, Observation, Rule};

/// The task of the job with the fewest tasks left.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lopnr;

impl Rule for Lopnr {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        f64::from(candidate.features.tasks_remaining)
    }
}
