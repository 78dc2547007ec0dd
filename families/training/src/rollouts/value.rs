//! What a group of rollouts is worth.
//!
//! ```text
//! V(N) = P(N) p^u (1-p)^v,   (u, v) = (1, 2) published gain, (1, 1) spread, (0, 0) chance only
//! ```
//!
//! at a known rate ([`Known`]), in expectation over the posterior ([`Posterior`]; with the moments
//! of the Beta the gain is m(N+u, v+1) + m(u+1, N+v)), at a rate drawn from it ([`Thompson`]), at
//! the best rate that is plausible ([`Optimistic`]), or by any closure of rate and rollouts. All
//! but closures are concave from one rollout on.
//!
//! **Source:** Li et al. 2025, equation of the value; Thompson 1933; Auer 2002 (optimism).

use super::belief::check_rates;
use super::success::{both_outcomes, both_outcomes_gain};
use super::{Belief, RolloutError};
use ordine_base::{Id as _, Stream};
use ordine_budget::allocation::{Allocation, Bounds, Division, ItemId, Returns, allocate};

/// What a group with both outcomes teaches: p^u (1-p)^v.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interest {
    /// Exponent of the rate.
    pub successes: u32,
    /// Exponent of its complement.
    pub failures: u32,
}

impl Interest {
    /// p (1-p)²: published, favors hard prompts.
    pub const GAIN: Interest = Interest { successes: 1, failures: 2 };
    /// p (1-p): variance of the outcome.
    pub const SPREAD: Interest = Interest { successes: 1, failures: 1 };
    /// 1: any group with both outcomes.
    pub const CHANCE: Interest = Interest { successes: 0, failures: 0 };

    /// The interest at a rate.
    pub fn at(self, rate: f64) -> f64 {
        rate.powi(self.successes as i32) * (1.0 - rate).powi(self.failures as i32)
    }
}

/// Worth of a prompt's group as a function of its rollouts.
pub trait RolloutValue {
    /// Worth of a group of so many rollouts.
    fn value(&self, prompt: usize, belief: &Belief, rollouts: u64) -> f64;

    /// What one rollout more adds.
    fn gain(&self, prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        self.value(prompt, belief, rollouts + 1) - self.value(prompt, belief, rollouts)
    }
}

impl<F: Fn(f64, u64) -> f64> RolloutValue for F {
    fn value(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        self(belief.best_rate(), rollouts)
    }
}

/// The estimate is taken for the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known(pub Interest);

impl RolloutValue for Known {
    fn value(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let rate = belief.best_rate();
        both_outcomes(rate, rollouts) * self.0.at(rate)
    }

    fn gain(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let rate = belief.best_rate();
        both_outcomes_gain(rate, rollouts) * self.0.at(rate)
    }
}

/// Expectation over the posterior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posterior(pub Interest);

impl RolloutValue for Posterior {
    fn value(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let Interest { successes, failures } = self.0;
        let Ok(rollouts) = u32::try_from(rollouts) else { return f64::NAN };
        if rollouts == 0 {
            return 0.0;
        }
        let moment = |i, j| belief.posterior.moment(i, j);
        moment(successes, failures)
            - moment(successes + rollouts, failures)
            - moment(successes, failures + rollouts)
    }

    fn gain(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let Interest { successes, failures } = self.0;
        let Ok(rollouts) = u32::try_from(rollouts) else { return f64::NAN };
        if rollouts == 0 {
            return 0.0;
        }
        let moment = |i, j| belief.posterior.moment(i, j);
        moment(successes + rollouts, failures + 1) + moment(successes + 1, failures + rollouts)
    }
}

/// One rate drawn from each posterior, taken for the truth for one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Thompson {
    interest: Interest,
    rates: Vec<f64>,
}

impl Thompson {
    /// Draws a rate for each prompt.
    pub fn draw(interest: Interest, beliefs: &[Belief], stream: &mut Stream) -> Self {
        let rates = beliefs.iter().map(|it| super::draw_beta(it.posterior, stream)).collect();
        Thompson { interest, rates }
    }
}

impl RolloutValue for Thompson {
    fn value(&self, prompt: usize, _belief: &Belief, rollouts: u64) -> f64 {
        both_outcomes(self.rates[prompt], rollouts) * self.interest.at(self.rates[prompt])
    }

    fn gain(&self, prompt: usize, _belief: &Belief, rollouts: u64) -> f64 {
        both_outcomes_gain(self.rates[prompt], rollouts) * self.interest.at(self.rates[prompt])
    }
}

/// The rate of greatest interest within so many deviations of the posterior mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimistic {
    /// What is sought.
    pub interest: Interest,
    /// Deviations that are plausible.
    pub deviations: f64,
}

impl Optimistic {
    fn rate(&self, belief: &Belief) -> f64 {
        let (mean, reach) =
            (belief.posterior.mean(), self.deviations * belief.posterior.deviation());
        let Interest { successes, failures } = self.interest;
        let sum = successes + failures;
        let sought = if sum == 0 { 0.5 } else { f64::from(successes) / f64::from(sum) };
        sought.clamp((mean - reach).max(0.0), (mean + reach).min(1.0))
    }
}

impl RolloutValue for Optimistic {
    fn value(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let rate = self.rate(belief);
        both_outcomes(rate, rollouts) * self.interest.at(rate)
    }

    fn gain(&self, _prompt: usize, belief: &Belief, rollouts: u64) -> f64 {
        let rate = self.rate(belief);
        both_outcomes_gain(rate, rollouts) * self.interest.at(rate)
    }
}

/// Prompts as items of a division.
#[derive(Clone, Copy, Debug)]
pub struct PromptReturns<'a, V: ?Sized> {
    /// What a group is worth.
    pub value: &'a V,
    /// What is known of each prompt.
    pub beliefs: &'a [Belief],
}

impl<V: RolloutValue + ?Sized> Returns for PromptReturns<'_, V> {
    fn value(&self, item: ItemId, units: u64) -> f64 {
        self.value.value(item.index(), &self.beliefs[item.index()], units)
    }

    fn gain(&self, item: ItemId, units: u64) -> f64 {
        self.value.gain(item.index(), &self.beliefs[item.index()], units)
    }
}

/// The best one-shot division of `budget` rollouts, each prompt between `bounds`.
///
/// # Errors
/// When the bounds do not admit the budget, begin at 0 (a group of none or one teaches nothing, and
/// gains are not concave there), or a rate or value is no number.
pub fn allocate_rollouts<V: RolloutValue + ?Sized>(
    value: &V,
    beliefs: &[Belief],
    budget: u64,
    bounds: (u64, u64),
) -> Result<Allocation, RolloutError> {
    check(beliefs, bounds)?;
    let division = Division::uniform(beliefs.len(), budget, Bounds::new(bounds.0, bounds.1)?)?;
    Ok(allocate(&division, &PromptReturns { value, beliefs })?)
}

/// The best one-shot division of `tokens`, when a rollout of each prompt takes `lengths` of them.
///
/// Exact up to large tables, else with its bound ([`Allocation::gap`]); tokens that fit no further
/// rollout are left.
///
/// # Errors
/// Those of [`allocate_rollouts`]; when lists differ in length or a length is 0.
pub fn allocate_tokens<V: RolloutValue + ?Sized>(
    value: &V,
    beliefs: &[Belief],
    tokens: u64,
    bounds: (u64, u64),
    lengths: &[u64],
) -> Result<Allocation, RolloutError> {
    check(beliefs, bounds)?;
    let each = vec![Bounds::new(bounds.0, bounds.1)?; beliefs.len()];
    let division = Division::with_costs(tokens, each, lengths.to_vec())?;
    Ok(allocate(&division, &PromptReturns { value, beliefs })?)
}

fn check(beliefs: &[Belief], bounds: (u64, u64)) -> Result<(), RolloutError> {
    check_rates(beliefs)?;
    if bounds.0 == 0 {
        let (name, expected) = ("least rollouts of a prompt", "at least 1; leave prompts out");
        return Err(RolloutError::Parameter { name, found: 0.0, expected });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    fn quadrature(belief: &Belief, interest: Interest, rollouts: u64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        let cells = 20_000;
        for cell in 0..cells {
            let rate = (f64::from(cell) + 0.5) / f64::from(cells);
            let shape = belief.posterior;
            let density =
                rate.powf(shape.successes - 1.0) * (1.0 - rate).powf(shape.failures - 1.0);
            above += density * both_outcomes(rate, rollouts) * interest.at(rate);
            below += density;
        }
        above / below
    }

    #[test]
    fn posterior_values_are_integrals() {
        for interest in [Interest::GAIN, Interest::SPREAD, Interest::CHANCE] {
            for (successes, outcomes) in [(0, 8), (3, 5), (8, 8), (0, 0)] {
                let belief = Belief::counted(successes, outcomes);
                for rollouts in [2, 3, 9, 40] {
                    let exact = Posterior(interest).value(0, &belief, rollouts);
                    let sum = quadrature(&belief, interest, rollouts);
                    assert!((exact - sum).abs() < 1e-6, "{interest:?} {belief:?} {rollouts}");
                    let gain = Posterior(interest).gain(0, &belief, rollouts);
                    let next = Posterior(interest).value(0, &belief, rollouts + 1);
                    assert!((gain - (next - exact)).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn a_sure_posterior_is_a_known_rate() {
        let belief = Belief::known(0.2);
        let (sure, known) = (Posterior(Interest::GAIN), Known(Interest::GAIN));
        assert!((sure.value(0, &belief, 8) - known.value(0, &belief, 8)).abs() < 1e-6);
    }

    #[test]
    fn no_success_in_eight_still_earns_budget_under_the_posterior() {
        let beliefs = [Belief::counted(0, 8), Belief::counted(8, 8), Belief::counted(4, 8)];
        let all = (2, 100);
        let units = |value: &dyn RolloutValue| {
            allocate_rollouts(value, &beliefs, 24, all).expect("feasible").units
        };
        assert_eq!(units(&Known(Interest::GAIN))[0], 2);
        assert!(units(&Posterior(Interest::GAIN))[0] > 8);
        assert!(units(&Optimistic { interest: Interest::GAIN, deviations: 1.0 })[0] > 6);
        let thompson = Thompson::draw(Interest::GAIN, &beliefs, &mut Seed::new(1).stream("t"));
        assert_eq!(units(&thompson).iter().sum::<u64>(), 24);
        assert_eq!(units(&|rate: f64, n: u64| (1.0 - rate) * (n as f64).sqrt())[1], 2);
    }

    #[test]
    fn long_answers_get_fewer_rollouts() {
        let beliefs = [Belief::known(0.3), Belief::known(0.3), Belief::known(0.1)];
        let lengths = [100, 400, 100];
        let value = Known(Interest::GAIN);
        let answer = allocate_tokens(&value, &beliefs, 5000, (2, 40), &lengths).expect("feasible");
        assert!(answer.spent <= 5000 && answer.is_optimal());
        assert!(answer.units[0] > answer.units[1], "{answer:?}");
        assert!(allocate_tokens(&value, &beliefs, 5000, (2, 40), &[0; 3]).is_err());
    }

    #[test]
    fn infeasible_rollouts_say_what_to_change() {
        let beliefs = [Belief::known(0.5); 4];
        let message = |budget, bounds| {
            allocate_rollouts(&Known(Interest::GAIN), &beliefs, budget, bounds)
                .expect_err("infeasible")
                .to_string()
        };
        assert!(message(7, (2, 8)).contains("raise the budget to 8"));
        assert!(message(40, (2, 8)).contains("raise the upper bounds"));
        assert!(message(8, (0, 8)).contains("least rollouts"));
        let broken = [Belief { rate: Some(f64::NAN), ..Belief::UNSEEN }];
        let refused = allocate_rollouts(&Known(Interest::GAIN), &broken, 8, (2, 8));
        assert!(refused.expect_err("no rate").to_string().starts_with("prompt 0 has success rate"));
    }
}
