//! Noise on a schedule: a normal number, cut off by drawing again, from seed and step alone.
//!
//! `v(t) (1 + n(t))` with `|n(t)| < limit`. The stream of a step is split from the seed by the
//! number of the step, so any step can be read alone and nothing is replayed. O(1): a draw stays
//! with probability `erf(limit / (deviation sqrt 2))`; after many that do not, the cut off normal
//! is close to uniform and a uniform number stands for it.
//!
//! **Source:** the `noise_range_t`, `noise_pct` and `noise_std` of timm's schedulers, whose
//! generator is seeded anew for each step too

use super::schedule::Noise;
use ordine_base::Seed;
use std::f64::consts::TAU;

/// Draws before a uniform number stands in.
const DRAWS_MAX: u32 = 64;

/// The relative change at a position; zero outside of the noise.
pub(super) fn noise_at(noise: &Noise, x: f64) -> f64 {
    let step = x.floor();
    if step < noise.first as f64 || step >= noise.end as f64 {
        return 0.0;
    }
    let mut stream = Seed::new(noise.seed).child(step as u64).stream("noise");
    for _ in 0..DRAWS_MAX {
        let (one, two) = (1.0 - stream.unit(), stream.unit());
        let normal = noise.deviation * (-2.0 * one.ln()).sqrt() * (TAU * two).cos();
        if normal.abs() < noise.limit {
            return normal;
        }
    }
    noise.limit * (2.0 * stream.unit() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules::{Plan, Run, Schedule};

    fn laid_over(plan: &str, steps: i64) -> Schedule {
        let plan: Plan = plan.parse().expect("a plan");
        plan.over(Run::of_steps(steps).expect("steps")).expect("fits")
    }

    #[test]
    fn noise_is_bounded_centered_and_the_same_for_every_reading() {
        let noisy = laid_over("constant | noise(limit=0.5, from=10%, until=90%)", 100_000);
        let values = noisy.values(100_000);
        assert!(values[..10_000].iter().chain(&values[90_000..]).all(|value| *value == 1.0));
        let inside = &values[10_000..90_000];
        assert!(inside.iter().all(|value| (value - 1.0).abs() < 0.5));
        let mean = inside.iter().sum::<f64>() / inside.len() as f64;
        assert!((mean - 1.0).abs() < 0.005, "{mean}");
        assert!([99, 12_345, 77_777].iter().all(|&it| noisy.value(it) == values[it as usize]));
        assert_ne!(
            values,
            laid_over("constant | noise(limit=0.5, seed=7)", 100_000).values(100_000)
        );
    }

    #[test]
    fn a_limit_that_is_hardly_ever_met_still_ends() {
        let noise = Noise { first: 0, end: 9, limit: 1e-9, deviation: 1e9, seed: 1 };
        assert!((0..9).all(|step| noise_at(&noise, f64::from(step)).abs() <= 1e-9));
    }
}
