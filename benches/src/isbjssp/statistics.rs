//! Means with confidence intervals over seeds.
//!
//! **Source:** Law 2015, sections 9.4 and 11.2 (intervals of Student, paired differences).

use ordine_sim::Summary;

/// A mean and half the width of its 95 % interval; no interval below two values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mean {
    pub(super) mean: f64,
    half: f64,
}

impl Mean {
    pub(super) fn of(values: &[f64]) -> Self {
        let mut summary = Summary::new();
        values.iter().for_each(|&value| summary.add(value));
        let half = if values.len() < 2 { f64::NAN } else { summary.half_width(0.95) };
        Mean { mean: summary.mean(), half }
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
