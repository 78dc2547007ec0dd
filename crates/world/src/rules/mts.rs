//! Most total successors: how many tasks can only start later.
//!
//! **Source:** Alvarez-Valdes, Tamarit 1989 (MTS).

use crate::{Candidate, Extras, Observation, Rule};

/// The task that most others wait for, directly or not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mts;

impl Rule for Mts {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -f64::from(candidate.features.successors)
    }

    fn extras(&self) -> Extras {
        Extras { successors: true, ..Extras::NONE }
    }
}
