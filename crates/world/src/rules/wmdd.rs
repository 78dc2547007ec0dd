//! Weighted modified due time: `max(r, d - t) / w`, where r is the work that remains of the job;
//! jobs without weight come last.
//!
//! **Source:** Kanet, Li 2004.

use crate::{Candidate, Need, Observation, Rule};

/// The task of least weighted modified due time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wmdd;

impl Rule for Wmdd {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let features = &candidate.features;
        let left = candidate.due() - observation.now.get() as f64;
        left.max(features.work_remaining.get() as f64) / (features.weight as f64).max(1e-9)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}
