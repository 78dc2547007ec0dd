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
