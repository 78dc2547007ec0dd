//! Least slack per task that remains: `(d - t - r) / n`.
//!
//! **Source:** Conway 1965 (S/OPN).

use crate::{Candidate, Need, Observation, Rule};

/// The task of the job with the least time to spare per task.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sopn;

impl Rule for Sopn {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let tasks = candidate.features.tasks_remaining.max(1);
        candidate.slack(observation.now) / f64::from(tasks)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}
