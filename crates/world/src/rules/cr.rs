//! Critical ratio: `(d - t) / r`, where r is the work that remains of the job.
//!
//! **Source:** Berry, Rao 1975.

use crate::{Candidate, Need, Observation, Rule};

/// The task of the job with the least time per tick of work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cr;

impl Rule for Cr {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let work = candidate.features.work_remaining.get().max(1) as f64;
        (candidate.due() - observation.now.get() as f64) / work
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}
