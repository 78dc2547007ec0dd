//! Earliest due time: `d`; jobs without one come last, equal ones by duration.
//!
//! **Source:** Jackson 1955.

use crate::{Candidate, Need, Observation, Rule, SingleMachine};

/// The task of the job that is due first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edd;

impl Rule for Edd {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.due()
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }

    fn second(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.duration.get() as f64
    }
}

/// The rule on one machine. O(n log n).
pub fn edd_sequence(jobs: &SingleMachine) -> Vec<usize> {
    jobs.sorted_by(|job| (jobs.due[job], jobs.durations[job]))
}
