//! Shortest duration first: `p`.
//!
//! **Source:** Smith 1956; Panwalkar, Iskander 1977, rule 1.

use crate::{Candidate, Observation, Rule, SingleMachine};

/// Shortest processing time: the task of least duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spt;

impl Rule for Spt {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.duration.get() as f64
    }
}

/// The rule on one machine. O(n log n).
pub fn spt_sequence(jobs: &SingleMachine) -> Vec<usize> {
    jobs.sorted_by(|job| jobs.durations[job])
}
