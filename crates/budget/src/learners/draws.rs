//! Draws that learners and their experiments need beyond uniform numbers.
//!
//! Categorical draws by inversion in O(n); normals by Marsaglia's polar method; gamma by squeeze,
//! with the boost `G(a) = G(a + 1) U^(1/a)` below one; beta as `X / (X + Y)` of two gammas.
//!
//! **Source:** Marsaglia, Bray 1964; Marsaglia, Tsang 2000.

use super::learner::{ArmId, Draw};
use ordine_base::{Id, Stream};

/// An arm with probability proportional to its weight; uniform when the weights are no weights.
pub fn categorical(weights: &[f64], stream: &mut Stream) -> Draw {
    let sum: f64 = weights.iter().sum();
    if !sum.is_finite() || sum <= 0.0 || weights.iter().any(|&weight| weight < 0.0) {
        return uniform(weights.len(), stream);
    }
    let mut rest = stream.unit() * sum;
    let mut last = 0;
    for (index, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        last = index;
        rest -= weight;
        if rest < 0.0 {
            break;
        }
    }
    let probability = weights[last] / sum;
    Draw { arm: ArmId::from_index(last), probability, prediction: 0.0 }
}

/// Any of `arms`, all alike.
pub fn uniform(arms: usize, stream: &mut Stream) -> Draw {
    let arm = ArmId::from_index(stream.below(arms));
    Draw { arm, probability: 1.0 / arms as f64, prediction: 0.0 }
}

/// A standard normal number.
pub fn standard_normal(stream: &mut Stream) -> f64 {
    loop {
        let (u, v) = (2.0 * stream.unit() - 1.0, 2.0 * stream.unit() - 1.0);
        let square = u * u + v * v;
        if square > 0.0 && square < 1.0 {
            return u * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

/// A number of the beta distribution.
///
/// # Panics
/// When a shape is not positive.
pub fn beta(first: f64, second: f64, stream: &mut Stream) -> f64 {
    let (x, y) = (gamma(first, stream), gamma(second, stream));
    x / (x + y)
}

fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    assert!(shape > 0.0, "a gamma distribution has a positive shape");
    if shape < 1.0 {
        let boost = (1.0 - stream.unit()).powf(1.0 / shape);
        return gamma(shape + 1.0, stream) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = standard_normal(stream);
        let v = (1.0 + c * x).powi(3);
        let u = 1.0 - stream.unit();
        if v > 0.0 && u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..100_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 1e5;
        (mean, variance)
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        let mut stream = Seed::new(5).stream("moments");
        let (mean, variance) = moments(|| standard_normal(&mut stream));
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        for (a, b) in [(0.5, 1.5), (2.0, 6.0)] {
            let (mean, variance) = moments(|| beta(a, b, &mut stream));
            let exact = a * b / ((a + b) * (a + b) * (a + b + 1.0));
            assert!((mean - 0.25).abs() < 0.004, "{mean}");
            assert!((variance - exact).abs() < 0.02 * exact + 0.001, "{variance} {exact}");
        }
    }

    #[test]
    fn weights_that_are_none_give_uniform_draws() {
        let mut stream = Seed::new(5).stream("weights");
        for weights in [[f64::NAN, 1.0], [0.0, 0.0], [f64::INFINITY, 1.0], [-1.0, 3.0]] {
            assert_eq!(categorical(&weights, &mut stream).probability, 0.5);
        }
        assert_eq!(categorical(&[0.0, 2.0], &mut stream).arm, ArmId::from_index(1));
    }
}
