//! Apparent tardiness cost: `-w / p exp(-max(0, d - t - r) / (2 m))`, where r is the work that
//! remains of the job and m the mean duration of the candidates.
//!
//! **Source:** Vepsalainen, Morton 1987 (ATC; apparent urgency: Morton, Rachamadugu 1982).

use crate::{Candidate, Need, Observation, Rule};

/// The task whose waiting seems to cost most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Atc;

impl Rule for Atc {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let features = &candidate.features;
        let worth = features.weight as f64 / features.duration.get().max(1) as f64;
        -worth * urgency(candidate, observation)
    }

    fn need(&self) -> Need {
        Need::DueTimes
    }
}

/// How far the due time is felt, in mean durations: the value for static problems.
const REACH: f64 = 2.0;

/// From 0, far from the due time, to 1 when there is nothing to spare.
pub(super) fn urgency(candidate: &Candidate, observation: &Observation) -> f64 {
    let mean = observation.duration_mean().max(1.0);
    (-candidate.slack(observation.now).max(0.0) / (REACH * mean)).exp()
}
