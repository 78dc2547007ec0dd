//! Greatest rank positional weight: minus duration plus durations of immediate successors.
//!
//! **Source:** Alvarez-Valdés, Tamarit 1989; Kolisch 1996 (GRPW).

use crate::{Candidate, Observation, Rule};

/// The task of greatest rank positional weight.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grpw;

impl Rule for Grpw {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        -(candidate.features.positional_weight.get() as f64)
    }
}
