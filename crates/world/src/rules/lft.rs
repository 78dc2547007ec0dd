//! Least latest end: `lct` of the backward pass of the longest path.
//!
//! **Source:** Davis, Patterson 1975; Kolisch 1996 (LFT).

use crate::{Candidate, Observation, Rule};

/// The task whose latest end comes first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lft;

impl Rule for Lft {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.latest_end.get() as f64
    }
}
