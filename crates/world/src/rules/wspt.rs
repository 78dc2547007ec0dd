//! Weighted shortest duration: `-w / p`.
//!
//! **Source:** Smith 1956.

use crate::{Candidate, Observation, Rule};

/// The task of greatest weight per tick of its duration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wspt;

impl Rule for Wspt {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        let features = &candidate.features;
        -(features.weight as f64) / features.duration.get().max(1) as f64
    }
}
