//! Worst case slack: `lst_j - max over i of E(i, j)`, where E(i, j) is the earliest start of j
//! after candidate i has been started.
//!
//! **Source:** Kolisch 1996 (WCS).

use crate::{Candidate, Extras, Observation, Rule};

/// The task that loses most slack if another goes first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wcs;

impl Rule for Wcs {
    fn score(&self, candidate: &Candidate, _observation: &Observation) -> f64 {
        let features = &candidate.features;
        (features.latest_start - features.worst_start).get() as f64
    }

    fn extras(&self) -> Extras {
        Extras { conflicts: true, ..Extras::NONE }
    }
}
