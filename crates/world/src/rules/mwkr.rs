//! Most work remaining first: minus the work on the longest path from the task on.
//!
//! **Source:** Panwalkar, Iskander 1977; Haupt 1989.

use crate::{Candidate, Observation, Rule};

/// Most work remaining, the task itself included.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mwkr;

impl Rule for Mwkr {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -(candidate.features.work_remaining.get() as f64)
    }
}
