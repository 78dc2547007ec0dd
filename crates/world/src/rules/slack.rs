//! Least slack of the job: `d - t - r`, where r is the work that remains of it.
//!
//! **Source:** Conway 1965.

use crate::{Candidate, Need, Observation, Rule};

/// The task of the job with the least time to spare.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slack;

impl Rule for Slack {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        candidate.slack(observation.now)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}
