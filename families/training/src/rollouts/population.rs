//! Populations of prompts: mixtures of Beta distributions of the success rate.
//!
//! Gamma variates by squeeze and rejection (Marsaglia, Tsang), for shapes below 1 lifted by
//! G(a) = G(a+1) U^(1/a); Beta(a, b) = G(a) / (G(a) + G(b)). Expected O(1) per draw.
//!
//! **Source:** Marsaglia, Tsang 2000; populations: Li et al. 2025 diagnose late training as 40 %
//! all-correct and 20 % all-wrong prompts.

use super::BetaShape;
use ordine_base::Stream;

/// Part of a population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Share of the population; the last part takes what others leave.
    pub share: f64,
    /// Distribution of its rates.
    pub shape: BetaShape,
}

/// A named mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Population {
    /// Name for people.
    pub name: &'static str,
    /// Parts of it.
    pub parts: &'static [Part],
}

const fn part(share: f64, successes: f64, failures: f64) -> Part {
    Part { share, shape: BetaShape { successes, failures } }
}

impl Population {
    /// Early in training: Beta(.5, 1.5).
    pub const EARLY: Population = Population { name: "early", parts: &[part(1.0, 0.5, 1.5)] };
    /// Every rate equally likely.
    pub const UNIFORM: Population = Population { name: "uniform", parts: &[part(1.0, 1.0, 1.0)] };
    /// Late in training: 40 % Beta(60, .6), 20 % Beta(.6, 60), 40 % uniform.
    pub const LATE: Population = Population {
        name: "late",
        parts: &[part(0.4, 60.0, 0.6), part(0.2, 0.6, 60.0), part(0.4, 1.0, 1.0)],
    };
    /// Hard data: Beta(.4, 2.5).
    pub const HARD: Population = Population { name: "hard", parts: &[part(1.0, 0.4, 2.5)] };

    /// Rates of so many prompts.
    pub fn draw(&self, prompts: usize, stream: &mut Stream) -> Vec<f64> {
        draw_rates(self.parts, prompts, stream)
    }
}

/// Rates of so many prompts, kept within [1e-4, 1 - 1e-4]; shares are kept but for rounding.
pub fn draw_rates(parts: &[Part], prompts: usize, stream: &mut Stream) -> Vec<f64> {
    let mut rates = Vec::with_capacity(prompts);
    for (place, part) in parts.iter().enumerate() {
        let last = place + 1 == parts.len();
        let count = (part.share * prompts as f64).round() as usize;
        let left = prompts - rates.len();
        for _ in 0..if last { left } else { count.min(left) } {
            rates.push(draw_beta(part.shape, stream).clamp(1e-4, 1.0 - 1e-4));
        }
    }
    stream.shuffle(&mut rates);
    rates
}

/// A rate drawn from the distribution.
pub fn draw_beta(shape: BetaShape, stream: &mut Stream) -> f64 {
    let successes = log_gamma_variate(shape.successes, stream);
    let failures = log_gamma_variate(shape.failures, stream);
    1.0 / (1.0 + (failures - successes).exp())
}

/// Logarithm of a gamma variate, so that tiny ones are not lost.
fn log_gamma_variate(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let lifted = log_gamma_variate(shape + 1.0, stream);
        return lifted + positive_unit(stream).ln() / shape;
    }
    let scale = shape - 1.0 / 3.0;
    let width = 1.0 / (9.0 * scale).sqrt();
    loop {
        let normal = normal(stream);
        let cube = (1.0 + width * normal).powi(3);
        if cube <= 0.0 {
            continue;
        }
        let bound = 0.5 * normal * normal + scale * (1.0 - cube + cube.ln());
        if positive_unit(stream).ln() < bound {
            return (scale * cube).ln();
        }
    }
}

/// A standard normal variate (Box, Muller).
fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * positive_unit(stream).ln()).sqrt();
    radius * (std::f64::consts::TAU * stream.unit()).cos()
}

fn positive_unit(stream: &mut Stream) -> f64 {
    1.0 - stream.unit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    #[test]
    fn drawn_rates_have_the_moments_of_the_distribution() {
        let mut stream = Seed::new(4).stream("beta");
        for (successes, failures) in [(0.5, 1.5), (1.0, 1.0), (60.0, 0.6), (3.0, 8.0)] {
            let shape = BetaShape { successes, failures };
            let draws: Vec<f64> = (0..40_000).map(|_| draw_beta(shape, &mut stream)).collect();
            let mean = draws.iter().sum::<f64>() / 40_000.0;
            let square = draws.iter().map(|it| it * it).sum::<f64>() / 40_000.0;
            assert!((mean - shape.moment(1, 0)).abs() < 0.005, "{shape:?} {mean}");
            assert!((square - shape.moment(2, 0)).abs() < 0.005, "{shape:?} {square}");
        }
    }

    #[test]
    fn mixtures_keep_their_shares_and_bounds() {
        let rates = Population::LATE.draw(256, &mut Seed::new(1).stream("late"));
        assert_eq!(rates.len(), 256);
        assert!(rates.iter().all(|rate| (1e-4..=1.0 - 1e-4).contains(rate)));
        assert!(rates.iter().filter(|&&rate| rate > 0.9).count() > 100);
    }
}
