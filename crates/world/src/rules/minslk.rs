//! Least slack: latest start minus earliest start, `lst - est`.
//!
//! **Source:** Davis, Patterson 1975 (MINSLK).

use crate::{Candidate, Observation, Rule};

/// The task of least slack.
#[derive(Clone, Copy, Debug, Default)]
pub struct Minslk;

impl Rule for Minslk {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        (candidate.features.latest_start - candidate.features.start).get() as f64
    }
}
