//! Least latest start: `lst`.
//!
//! **Source:** Kolisch 1996 (LST).

use crate::{Candidate, Observation, Rule};

/// The task of least latest start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lst;

impl Rule for Lst {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        candidate.features.latest_start.get() as f64
    }
}
