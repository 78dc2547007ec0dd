//! Means with confidence intervals over seeds.
//!
//! **Source:** Law 2015, sections 9.4 and 11.2 (intervals of Student, paired differences).

use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// A mean and half the width of its 95 % interval; no interval below two values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mean {
    pub(super) mean: f64,
    pub(super) half: f64,
}

impl Mean {
    pub(super) fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count.max(1.0);
        if values.len() < 2 {
            return Mean { mean, half: f64::NAN };
        }
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (count - 1.0)).sqrt();
        let quantile = StudentsT::new(0.0, 1.0, count - 1.0).map(|law| law.inverse_cdf(0.975));
        Mean { mean, half: quantile.unwrap_or(f64::NAN) * deviation / count.sqrt() }
    }

    /// The mean of paired differences.
    pub(super) fn of_differences(values: &[f64], others: &[f64]) -> Self {
        let pairs = values.iter().zip(others);
        Mean::of(&pairs.map(|(value, other)| value - other).collect::<Vec<f64>>())
    }
}

impl std::fmt::Display for Mean {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.half.is_nan() {
            true => write!(formatter, "{:.3}", self.mean),
            false => write!(formatter, "{:.3} ± {:.3}", self.mean, self.half),
        }
    }
}
