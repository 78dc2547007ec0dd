//! What is known of a prompt: an estimate of its success rate and a Beta posterior.
//!
//! Moments of Beta(a, b) with c = a + b: E p = a/c, Var p = a b / (c² (c+1)),
//! E p^i (1-p)^j = (a)_i (b)_j / (c)_(i+j) with rising products (x)_i = x (x+1) … (x+i-1).
//!
//! **Source:** Johnson, Kotz, Balakrishnan 1995, chapter 25.

use super::RolloutError;
use super::error::within;

/// Parameters of a Beta distribution: successes and failures as if seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaShape {
    /// Weight of successes.
    pub successes: f64,
    /// Weight of failures.
    pub failures: f64,
}

impl BetaShape {
    /// All rates equally likely.
    pub const FLAT: BetaShape = BetaShape { successes: 1.0, failures: 1.0 };

    /// Beta(a, b).
    ///
    /// # Errors
    /// When a weight is not above 0.
    pub fn new(successes: f64, failures: f64) -> Result<Self, RolloutError> {
        let expected = "a finite number above 0";
        within("weight of successes", successes, successes > 0.0, expected)?;
        within("weight of failures", failures, failures > 0.0, expected)?;
        Ok(BetaShape { successes, failures })
    }

    /// Mean rate.
    pub fn mean(self) -> f64 {
        self.successes / self.weight()
    }

    /// Standard deviation of the rate.
    pub fn deviation(self) -> f64 {
        let weight = self.weight();
        (self.successes * self.failures / (weight + 1.0)).sqrt() / weight
    }

    /// All weight together.
    pub fn weight(self) -> f64 {
        self.successes + self.failures
    }

    /// E p^i (1-p)^j.
    pub fn moment(self, successes: u32, failures: u32) -> f64 {
        let mut moment = 1.0;
        for step in 0..successes {
            moment *= (self.successes + f64::from(step)) / (self.weight() + f64::from(step));
        }
        let weight = self.weight() + f64::from(successes);
        for step in 0..failures {
            moment *= (self.failures + f64::from(step)) / (weight + f64::from(step));
        }
        moment
    }

    /// The posterior after further outcomes.
    #[must_use]
    pub fn after(self, successes: f64, failures: f64) -> Self {
        BetaShape { successes: self.successes + successes, failures: self.failures + failures }
    }

    /// Keeps so much of what was learned beyond `prior`.
    #[must_use]
    pub fn faded(self, prior: BetaShape, kept: f64) -> Self {
        BetaShape {
            successes: prior.successes + kept * (self.successes - prior.successes),
            failures: prior.failures + kept * (self.failures - prior.failures),
        }
    }
}

/// What is known of a prompt before a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// Estimated success rate; none while too few outcomes were seen.
    pub rate: Option<f64>,
    /// Outcomes seen so far.
    pub count: u64,
    /// Posterior of the rate.
    pub posterior: BetaShape,
}

impl Belief {
    /// Nothing is known.
    pub const UNSEEN: Belief = Belief { rate: None, count: 0, posterior: BetaShape::FLAT };

    /// The rate is known for sure.
    pub fn known(rate: f64) -> Self {
        let sure = 1e9;
        let shape = BetaShape { successes: sure * rate, failures: sure * (1.0 - rate) };
        Belief { rate: Some(rate), count: u64::MAX, posterior: shape.after(1e-3, 1e-3) }
    }

    /// So many successes among so many outcomes, seen from a flat prior.
    pub fn counted(successes: u64, outcomes: u64) -> Self {
        let failures = outcomes.saturating_sub(successes);
        Belief {
            rate: (outcomes > 0).then(|| successes as f64 / outcomes as f64),
            count: outcomes,
            posterior: BetaShape::FLAT.after(successes as f64, failures as f64),
        }
    }

    /// The estimate, or the mean of the posterior while there is none.
    pub fn best_rate(&self) -> f64 {
        self.rate.unwrap_or(self.posterior.mean())
    }
}

/// Refuses rates that are none.
pub(super) fn check_rates(beliefs: &[Belief]) -> Result<(), RolloutError> {
    for (prompt, belief) in beliefs.iter().enumerate() {
        let shape = belief.posterior;
        for found in [belief.best_rate(), shape.mean()] {
            if !(0.0..=1.0).contains(&found) {
                return Err(RolloutError::Rate { prompt, found });
            }
        }
        let found = shape.successes.min(shape.failures);
        within("weight of a posterior", found, found > 0.0, "a finite number above 0")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_agree_with_mean_and_deviation() {
        let shape = BetaShape::new(2.0, 5.0).expect("above 0");
        assert!((shape.moment(1, 0) - shape.mean()).abs() < 1e-15);
        let variance = shape.moment(2, 0) - shape.mean().powi(2);
        assert!((variance.sqrt() - shape.deviation()).abs() < 1e-15);
        assert!((shape.moment(1, 1) - (shape.moment(1, 0) - shape.moment(2, 0))).abs() < 1e-15);
    }

    #[test]
    fn fading_leads_back_to_the_prior() {
        let shape = BetaShape::FLAT.after(0.0, 8.0);
        assert_eq!(shape, BetaShape { successes: 1.0, failures: 9.0 });
        assert_eq!(shape.faded(BetaShape::FLAT, 0.5).failures, 5.0);
        assert_eq!(shape.faded(BetaShape::FLAT, 0.0), BetaShape::FLAT);
    }
}
