//! Chances of a group: both outcomes, rollouts until they occur, what they teach.
//!
//! P(N) = 1 - p^N - (1-p)^N; P(N+1) - P(N) = p^N (1-p) + (1-p)^N p; expected rollouts until both
//! outcomes 1/p + 1/(1-p) - 1; rollouts for both with chance a: ln(1-a) / ln(max(p, 1-p)).
//! Information gain p (1-p)², a first-order estimate of the growth of p, largest at p = 1/3.
//!
//! **Source:** Li et al. 2025, section 3.

/// Chance that a group of so many rollouts has both outcomes.
pub fn both_outcomes(rate: f64, rollouts: u64) -> f64 {
    if rollouts == 0 {
        return 0.0;
    }
    let (all, none) = powers(rate, rollouts);
    (1.0 - all - none).max(0.0)
}

/// What one rollout more adds to that chance.
pub fn both_outcomes_gain(rate: f64, rollouts: u64) -> f64 {
    if rollouts == 0 {
        return 0.0;
    }
    let (all, none) = powers(rate, rollouts);
    all * (1.0 - rate) + none * rate
}

fn powers(rate: f64, rollouts: u64) -> (f64, f64) {
    let exponent = i32::try_from(rollouts).unwrap_or(i32::MAX);
    (rate.powi(exponent), (1.0 - rate).powi(exponent))
}

/// Rollouts until both outcomes have occurred, on average; infinite at 0 and 1.
pub fn expected_rollouts(rate: f64) -> f64 {
    1.0 / rate + 1.0 / (1.0 - rate) - 1.0
}

/// Rollouts for both outcomes with chance `confidence`, as a real number; infinite at 0 and 1.
pub fn rollouts_for(confidence: f64, rate: f64) -> f64 {
    let larger = rate.max(1.0 - rate);
    if larger >= 1.0 {
        return f64::INFINITY;
    }
    (1.0 - confidence).ln() / larger.ln()
}

/// What a group with both outcomes teaches.
pub fn information_gain(rate: f64) -> f64 {
    rate * (1.0 - rate) * (1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_success_in_a_hundred_needs_the_published_rollouts() {
        assert_eq!(rollouts_for(0.9, 0.01).floor(), 229.0);
        assert!((expected_rollouts(0.01) - 100.0).abs() < 0.1);
        assert_eq!(rollouts_for(0.9, 0.0), f64::INFINITY);
    }

    #[test]
    fn gains_are_differences_and_fall() {
        for rate in [0.001, 0.2, 1.0 / 3.0, 0.5, 0.97] {
            for rollouts in 1..200 {
                let gain = both_outcomes_gain(rate, rollouts);
                let change = both_outcomes(rate, rollouts + 1) - both_outcomes(rate, rollouts);
                assert!((gain - change).abs() < 1e-12);
                assert!(both_outcomes_gain(rate, rollouts + 1) <= gain);
            }
        }
        assert_eq!(both_outcomes(0.3, 1), 0.0);
    }

    #[test]
    fn information_is_largest_at_a_third() {
        let top = information_gain(1.0 / 3.0);
        assert!(top > information_gain(0.33) && top > information_gain(0.34));
    }
}
