//! Apparent tardiness cost with setups: that of ATC times `exp(-s / (k m'))`, where s is the setup
//! before the task, m' the mean setup and k = 0.5.
//!
//! **Source:** Lee, Bhaskaran, Pinedo 1997.

use crate::{Candidate, Need, Observation, Rule};

/// How far a setup is felt, in mean setups.
const REACH: f64 = 0.5;

/// The task whose waiting seems to cost most, setups considered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Atcs;

impl Rule for Atcs {
    fn score(&self, candidate: &Candidate, observation: &Observation) -> f64 {
        let atc = super::atc::Atc.score(candidate, observation);
        let mean = observation.setup_mean.max(1.0);
        atc * (-(candidate.features.setup.get() as f64) / (REACH * mean)).exp()
    }

    fn need(&self) -> Need {
        Need::SetupsAndDueTimes
    }
}
