//! Most tasks remaining first: minus the most tasks on a path from the task on.
//!
//! **Source:** Haupt 1989 (MOPNR).

use crate::{Candidate, Observation, Rule};

/// Most tasks (operations) remaining, the task itself included.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mopnr;

impl Rule for Mopnr {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -f64::from(candidate.features.tasks_remaining)
    }
}
