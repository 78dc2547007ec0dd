//! Cost over time: `-w / p max(0, 1 - max(0, d - t - r) / (2 r))`, where r is the work that
//! remains of the job and 2 r the longest that it is expected to wait.
//!
//! **Source:** Carroll 1965; Vepsalainen, Morton 1987.

use crate::{Candidate, Need, Observation, Rule};

/// Longest wait that is expected, in work that remains.
const WAIT: f64 = 2.0;

/// The task whose expected delay costs most per tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Covert;

impl Rule for Covert {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let features = &candidate.features;
        let worth = features.weight as f64 / features.duration.get().max(1) as f64;
        let wait = WAIT * features.work_remaining.get().max(1) as f64;
        -worth * (1.0 - candidate.slack(observation.now).max(0.0) / wait).max(0.0)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}
