//! Our default: groups race in rounds, and each round goes where the posterior expects most.
//!
//! A group of N rollouts with both outcomes teaches p (1-p)² N^g: the published gain times how
//! well its gradient is known (signal over noise grows as the square root, g = 1/2; g = 0 is the
//! published value). With n rollouts drawn in this step and their outcomes in the posterior, m
//! more are worth
//!
//! ```text
//! both outcomes seen   E[G] (n+m)^g                       only precision is left to gain
//! all failed so far    E[G (1 - (1-p)^m)] (n+m)^g         and mirrored when all succeeded
//! none drawn           E[G (1 - p^m - (1-p)^m)] m^g       G = p (1-p)²
//! ```
//!
//! over the Beta posterior, so that no rule for extremes is needed: none of 8 is Beta(1, 9). These
//! values are lifted to their concave envelope (an undecided group is judged by its best stretch)
//! and the round's share of what is left is divided by the exact greedy. A group that is decided
//! stops unless precision is worth more elsewhere than luck. O(rounds (B N + W log B)).
//!
//! **Source:** ours; parts: Thompson 1933 (posterior), Maron, Moore 1997 (racing), Sinha, Zoltners
//! 1979 (envelope).

use super::belief::check_rates;
use super::error::within;
use super::policy::nothing;
use super::{Belief, BetaShape, Group, Interest, RolloutError, RolloutPolicy, StepView};
use ordine_base::Id as _;
use ordine_budget::allocation::{Bounds, Division, Envelope, ItemId, allocate};

/// Parameters of the race.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RacingSettings {
    /// Least rollouts of each prompt, drawn in the first round.
    pub lower: u64,
    /// Most rollouts of each prompt.
    pub upper: u64,
    /// Rounds of a step; 1 decides everything at once.
    pub rounds: u32,
    /// What a group with both outcomes teaches.
    pub interest: Interest,
    /// Exponent of the rollouts in what a group teaches.
    pub precision: f64,
}

impl RacingSettings {
    /// Published bounds (2 to 128), four rounds, published gain, square root.
    pub const STANDARD: RacingSettings = RacingSettings {
        lower: 2,
        upper: 128,
        rounds: 4,
        interest: Interest::GAIN,
        precision: 0.5,
    };
}

/// Posterior value in rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Racing {
    settings: RacingSettings,
}

impl Racing {
    /// A race with these settings.
    ///
    /// # Errors
    /// When the bounds are crossed, there is no round, or the exponent is outside 0 to 1.
    pub fn new(settings: RacingSettings) -> Result<Self, RolloutError> {
        Bounds::new(settings.lower, settings.upper)?;
        let rounds = f64::from(settings.rounds);
        within("rounds", rounds, settings.rounds > 0, "a whole number above 0")?;
        let precision = settings.precision;
        within("precision", precision, (0.0..=1.0).contains(&precision), "0 to 1")?;
        Ok(Racing { settings })
    }

    /// Rollouts of this round: an equal share of what is left, all of it in the last round.
    fn share(&self, view: &StepView<'_>, bounds: &[Bounds]) -> Result<u64, RolloutError> {
        let rounds = u64::from(self.settings.rounds.saturating_sub(view.round).max(1));
        let needed: u64 = bounds.iter().map(|it| it.lower()).sum();
        if needed > view.left {
            let (prompts, budget) = (bounds.len(), view.left);
            return Err(RolloutError::TooSmall { needed, prompts, budget });
        }
        let room = bounds.iter().fold(0_u64, |sum, it| sum.saturating_add(it.upper()));
        Ok((view.left / rounds).max(needed).min(room))
    }

    fn bounds(&self, group: Group, left: u64) -> Result<Bounds, RolloutError> {
        let drawn = group.rollouts();
        let lower = self.settings.lower.saturating_sub(drawn);
        let upper = self.settings.upper.saturating_sub(drawn).min(left).max(lower);
        Ok(Bounds::new(lower, upper)?)
    }

    /// Worth of 0, 1, … further rollouts.
    fn worth(&self, prior: BetaShape, group: Group, most: u64) -> Vec<f64> {
        let Interest { successes, failures } = self.settings.interest;
        let posterior = prior.after(group.successes as f64, group.failures as f64);
        let whole = posterior.moment(successes, failures);
        let lifted = posterior.after(f64::from(successes), f64::from(failures));
        let weight = lifted.weight();
        let (mut all, mut none) = (whole, whole);
        let mut worth = Vec::with_capacity(most as usize + 1);
        for more in 0..=most {
            let missed = match (group.successes > 0, group.failures > 0) {
                (true, true) => 0.0,
                (false, true) => none,
                (true, false) => all,
                (false, false) if more == 0 => whole,
                (false, false) => all + none,
            };
            let total = (group.rollouts() + more) as f64;
            worth.push((whole - missed) * total.powf(self.settings.precision));
            let step = more as f64;
            all *= (lifted.successes + step) / (weight + step);
            none *= (lifted.failures + step) / (weight + step);
        }
        worth
    }
}

impl RolloutPolicy for Racing {
    fn name(&self) -> &'static str {
        "racing"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.left == 0 || view.round >= self.settings.rounds {
            return Ok(nothing(view));
        }
        check_rates(view.beliefs)?;
        let each = view.groups.iter();
        let bounds: Vec<Bounds> =
            each.map(|&group| self.bounds(group, view.left)).collect::<Result<_, _>>()?;
        let share = self.share(view, &bounds)?;
        let worth: Vec<Vec<f64>> = view
            .beliefs
            .iter()
            .zip(view.groups)
            .zip(&bounds)
            .map(|((belief, &group), bounds): ((&Belief, _), _)| {
                self.worth(belief.posterior, group, bounds.upper())
            })
            .collect();
        let value = |item: ItemId, units: u64| worth[item.index()][units as usize];
        let horizon = Division::new(share, bounds)?;
        Ok(allocate(&horizon, &Envelope::new(&horizon, &value)?)?.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollouts::{Posterior, RolloutValue};

    fn race(settings: RacingSettings) -> Racing {
        Racing::new(settings).expect("good settings")
    }

    const PLAIN: RacingSettings = RacingSettings { precision: 0.0, ..RacingSettings::STANDARD };

    fn first(racing: &mut Racing, beliefs: &[Belief], groups: &[Group], left: u64) -> Vec<u64> {
        let view = StepView { beliefs, groups, budget: left, left, round: 3 };
        racing.round(&view).expect("feasible")
    }

    #[test]
    fn without_precision_an_empty_group_has_the_posterior_value() {
        let belief = Belief::counted(1, 6);
        let worth = race(PLAIN).worth(belief.posterior, Group::default(), 40);
        for (rollouts, &worth) in worth.iter().enumerate() {
            let value = Posterior(Interest::GAIN).value(0, &belief, rollouts as u64);
            assert!((worth - value).abs() < 1e-12, "{rollouts}: {worth} {value}");
        }
    }

    #[test]
    fn outcomes_of_the_step_count_as_those_before_it() {
        let (racing, group) = (race(PLAIN), Group { successes: 0, failures: 5 });
        let worth = racing.worth(BetaShape::FLAT, group, 30);
        let posterior = BetaShape::FLAT.after(0.0, 5.0);
        for (more, &worth) in worth.iter().enumerate() {
            let missed = posterior.moment(1, 2 + more as u32);
            assert!((worth - (posterior.moment(1, 2) - missed)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_decided_group_stops_while_others_race() {
        let beliefs = [Belief::UNSEEN; 3];
        let group = |successes, failures| Group { successes, failures };
        let groups = [group(1, 3), group(0, 4), group(4, 0)];
        let units = first(&mut race(PLAIN), &beliefs, &groups, 12);
        assert_eq!(units[0], 0, "{units:?}");
        assert_eq!(units.iter().sum::<u64>(), 12);
        let units = first(&mut race(RacingSettings::STANDARD), &beliefs, &groups, 400);
        assert!(units[0] > 0, "precision is worth something in the end: {units:?}");
        assert!(units.iter().zip(groups).all(|(units, it)| units + it.rollouts() <= 128));
    }

    #[test]
    fn settings_and_budgets_out_of_range_are_refused() {
        let standard = RacingSettings::STANDARD;
        for settings in [
            RacingSettings { rounds: 0, ..standard },
            RacingSettings { precision: f64::NAN, ..standard },
            RacingSettings { upper: 1, ..standard },
        ] {
            assert!(Racing::new(settings).is_err(), "{settings:?}");
        }
        let beliefs = [Belief::UNSEEN; 3];
        let groups = [Group::default(); 3];
        let view = StepView { beliefs: &beliefs, groups: &groups, budget: 5, left: 5, round: 0 };
        let refused = race(standard).round(&view).expect_err("6 needed");
        assert!(refused.to_string().contains("raise the budget"), "{refused}");
    }
}
