//! What a run is given besides platform and jobs: arrivals, horizon, noise, communication, heat.
//!
//! **Source:** Sung et al. 2020, configuration of the published repository.

use crate::SocError;
use ordine_base::{Ticks, Time};

/// How data get from one task to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Communication {
    /// From element to element, once the next task is assigned.
    #[default]
    Direct,
    /// To the shared memory before the next task is ready, and from there once it is assigned.
    SharedMemory,
}

/// Settings of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Mean time between arrivals, in microseconds; each gap is cut to whole ones.
    pub scale: f64,
    /// When the run ends: a job that ends later does not count.
    pub horizon: Time,
    /// Most jobs in the system.
    pub jobs_most: usize,
    /// Standard deviation of durations, as a share of the duration.
    pub deviation: f64,
    /// Only jobs that end at this time or later count, and energy from then on.
    pub warm_up: Time,
    /// Way of the data.
    pub communication: Communication,
    /// Whether the system is full when the run begins.
    pub begins_full: bool,
    /// Time between looks of a governor, in microseconds.
    pub sampling_period: Ticks,
    /// Time between steps of the thermal model, in microseconds.
    pub heat_period: Ticks,
    /// Whether trip points cut frequencies.
    pub throttling: bool,
    /// Whether every task that ended is kept for a trace.
    pub trace: bool,
}

impl Default for Settings {
    /// The published configuration of the synthetic load.
    fn default() -> Self {
        Settings {
            scale: 25.0,
            horizon: Time::new(5000),
            jobs_most: 3,
            deviation: 0.0,
            warm_up: Time::ORIGIN,
            communication: Communication::Direct,
            begins_full: true,
            sampling_period: Ticks::new(5),
            heat_period: Ticks::new(10_000),
            throttling: false,
            trace: false,
        }
    }
}

impl Settings {
    /// Whether all numbers are in range.
    ///
    /// # Errors
    /// The first one that is not.
    pub fn validate(&self) -> Result<(), SocError> {
        let horizon = self.horizon.get() as f64;
        let numbers = [
            ("the mean time between arrivals", self.scale, 0.0, 1e12),
            ("the horizon", horizon, 1.0, 1e12),
            ("the most jobs in the system", self.jobs_most as f64, 1.0, 1e5),
            ("the deviation", self.deviation, 0.0, 10.0),
            ("the warm-up", self.warm_up.get() as f64, 0.0, horizon),
            ("the sampling period", self.sampling_period.get() as f64, 1.0, 1e12),
            ("the heat period", self.heat_period.get() as f64, 1.0, 1e12),
        ];
        for (what, found, least, most) in numbers {
            if !(least..=most).contains(&found) {
                let owner = "a run".to_owned();
                return Err(SocError::OutOfRange { what, owner, least, most, found });
            }
        }
        Ok(())
    }
}
