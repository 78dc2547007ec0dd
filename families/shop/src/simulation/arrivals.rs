//! When jobs come to a simulated shop; before that nobody knows of them.
//!
//! **Source:** dynamic job shops: Holthaus, Rajendran 1997.

use super::{Workshop, WorkshopError};
use ordine_base::Seed;
use ordine_sim::{Distribution, Streams};

/// When jobs come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Arrivals {
    /// All at the origin.
    #[default]
    AtOnce,
    /// By job, at these instants.
    At(Vec<i64>),
    /// One after the other, with exponential gaps of this mean, rounded to ticks; the first at the
    /// origin.
    Poisson(f64),
}

impl Arrivals {
    /// Checks them against a shop.
    pub(super) fn validate(&self, shop: &Workshop) -> Result<(), WorkshopError> {
        let no = |expected: String, found: String| {
            Err(WorkshopError::Setting { setting: "arrivals", expected, found })
        };
        match self {
            Arrivals::AtOnce => Ok(()),
            Arrivals::At(times) if times.len() != shop.jobs() => {
                no(format!("one instant for each of {} jobs", shop.jobs()), times.len().to_string())
            }
            Arrivals::At(times) => match times.iter().find(|time| **time < 0) {
                Some(time) => no("instants from 0 on".to_owned(), time.to_string()),
                None => Ok(()),
            },
            Arrivals::Poisson(mean) if *mean > 0.0 && mean.is_finite() => Ok(()),
            Arrivals::Poisson(mean) => no("a mean gap above 0".to_owned(), mean.to_string()),
        }
    }

    /// By job, when it comes.
    pub(super) fn times(&self, jobs: usize, seed: Seed) -> Vec<i64> {
        match self {
            Arrivals::AtOnce => vec![0; jobs],
            Arrivals::At(times) => times.clone(),
            Arrivals::Poisson(mean) => {
                let mut times = vec![0; jobs];
                self.redraw(&mut times, 0, seed, *mean);
                times
            }
        }
    }

    /// Draws the arrivals after `now` anew: gaps have no memory.
    pub(super) fn forget(&self, times: &mut [i64], now: i64, seed: Seed) {
        if let Arrivals::Poisson(mean) = self {
            self.redraw(times, now, seed, *mean);
        }
    }

    fn redraw(&self, times: &mut [i64], now: i64, seed: Seed, mean: f64) {
        let gaps = Distribution::exponential(mean);
        let mut stream = Streams::new(seed).of("arrivals");
        let mut last = now as f64;
        for (number, time) in times.iter_mut().enumerate() {
            let came_already = if now == 0 { number == 0 } else { *time <= now };
            if !came_already {
                last += gaps.sample(&mut stream);
                *time = last.round() as i64;
            }
        }
    }
}
