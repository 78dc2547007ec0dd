//! Greatest `(P - d) / p`, where P is the work of all candidates; equal ones by the larger id.
//! A duration of 0 counts as 1e-9.
//!
//! **Source:** Panneerselvam 2006.

use crate::{Candidate, Need, Observation, Rule};
use ordine_base::Id;

/// The task whose wait would be longest for its duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Panneerselvam;

impl Rule for Panneerselvam {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let work = observation.durations.sum.get() as f64;
        let duration = (candidate.features.duration.get() as f64).max(1e-9);
        -(work - candidate.due()) / duration
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }

    fn second(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -(candidate.task.index() as f64)
    }
}
