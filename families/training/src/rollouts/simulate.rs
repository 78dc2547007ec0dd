//! A simulated training run: rates drift upward where groups have both outcomes.
//!
//! ```text
//! step: prompt i draws N_i outcomes; if both occur,  logit(p_i) += rate * 4 p (1-p)² sqrt(N_i / n)
//! ```
//!
//! with rate .6 and n = 8. Every step is an epoch. Outcomes come from one stream per prompt and
//! step, so that policies are compared on the same luck. Tokens and time: a rollout of prompt i has
//! `lengths[i]` tokens; a round lasts as long as its most loaded worker, and an overhead. O(W) per
//! step and what the policy takes.
//!
//! **Source:** our construction; gain of a group after Li et al. 2025.

use super::error::within;
use super::{
    Group, PromptId, RolloutError, RolloutPolicy, StepReport, StepView, SuccessTracker,
    TrackerSettings, assign_by_length, information_gain,
};
use ordine_base::{Id as _, Seed, Stream};

/// What generation costs.
#[derive(Clone, Debug, PartialEq)]
pub struct CostModel {
    /// Expected tokens of a rollout of each prompt.
    pub lengths: Vec<f64>,
    /// Workers that generate at the same time.
    pub workers: usize,
    /// Tokens per second of a worker.
    pub tokens_per_second: f64,
    /// Seconds that each round costs besides.
    pub overhead_s: f64,
}

/// What does not change during a run.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSettings {
    /// Rollouts of a step.
    pub budget: u64,
    /// Step length of the logits.
    pub rate: f64,
    /// Rollouts at which a group moves its logit by the plain step.
    pub reference: f64,
    /// How success rates are estimated.
    pub tracker: TrackerSettings,
    /// What generation costs; none leaves tokens and seconds at 0.
    pub cost: Option<CostModel>,
}

impl TrainingSettings {
    /// The setting of the published comparison, with so many rollouts per step.
    pub fn with_budget(budget: u64) -> Self {
        let tracker = TrackerSettings::PUBLISHED;
        TrainingSettings { budget, rate: 0.6, reference: 8.0, tracker, cost: None }
    }
}

/// A run in progress.
#[derive(Clone, Debug)]
pub struct Training {
    settings: TrainingSettings,
    rates: Vec<f64>,
    tracker: SuccessTracker,
    seed: Seed,
    steps: u64,
}

impl Training {
    /// A run from these true success rates.
    ///
    /// # Errors
    /// When a rate is not between 0 and 1, or a setting is out of range.
    pub fn new(
        rates: Vec<f64>,
        settings: TrainingSettings,
        seed: Seed,
    ) -> Result<Self, RolloutError> {
        if let Some(prompt) = rates.iter().position(|&rate| !(rate > 0.0 && rate < 1.0)) {
            return Err(RolloutError::Rate { prompt, found: rates[prompt] });
        }
        let (rate, reference) = (settings.rate, settings.reference);
        within("rate", rate, rate >= 0.0, "a finite number from 0 up")?;
        within("reference", reference, reference > 0.0, "a finite number above 0")?;
        if let Some(cost) = &settings.cost {
            let speed = cost.tokens_per_second;
            within("tokens per second", speed, speed > 0.0, "a finite number above 0")?;
            let (found, expected) = (cost.lengths.len(), rates.len());
            if found != expected {
                return Err(RolloutError::Count { name: "lengths", found, expected });
            }
        }
        let tracker = SuccessTracker::new(rates.len(), settings.tracker)?;
        Ok(Training { settings, rates, tracker, seed, steps: 0 })
    }

    /// True success rates.
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }

    /// What is known of them.
    pub fn tracker(&self) -> &SuccessTracker {
        &self.tracker
    }

    /// Mean of the true success rates.
    pub fn mean_rate(&self) -> f64 {
        self.rates.iter().sum::<f64>() / self.rates.len().max(1) as f64
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One training step under the policy.
    ///
    /// # Errors
    /// Those of the policy; when it gives out more than is left.
    pub fn step(&mut self, policy: &mut dyn RolloutPolicy) -> Result<StepReport, RolloutError> {
        self.tracker.advance(1.0);
        let beliefs = self.tracker.beliefs();
        let mut outcomes: Vec<Vec<bool>> = vec![vec![]; self.rates.len()];
        let mut groups = vec![Group::default(); self.rates.len()];
        let mut streams = self.streams();
        let budget = self.settings.budget;
        let (mut left, mut round, mut tokens, mut seconds) = (budget, 0, 0.0, 0.0);
        while left > 0 {
            let view = StepView { beliefs: &beliefs, groups: &groups, budget, left, round };
            let units = policy.round(&view)?;
            let found: u64 = units.iter().sum();
            if found > left || units.len() != groups.len() {
                let (policy, expected) = (policy.name(), left);
                return Err(RolloutError::Overspent { policy, found, expected, round });
            }
            if found == 0 {
                break;
            }
            for (prompt, &count) in units.iter().enumerate() {
                for _ in 0..count {
                    let success = streams[prompt].chance(self.rates[prompt]);
                    outcomes[prompt].push(success);
                    groups[prompt].successes += u64::from(success);
                    groups[prompt].failures += u64::from(!success);
                }
            }
            let spent = self.cost_of(&units)?;
            (tokens, seconds) = (tokens + spent.0, seconds + spent.1);
            left -= found;
            round += 1;
        }
        for (prompt, outcomes) in outcomes.iter().enumerate() {
            self.tracker.observe(PromptId::from_index(prompt), outcomes)?;
        }
        self.learn(&groups);
        self.steps += 1;
        let report = StepReport::of(&groups, round);
        Ok(StepReport { tokens, seconds, mean_rate: self.mean_rate(), ..report })
    }

    /// Steps until the mean rate reaches `target`; none when `limit` steps do not suffice.
    ///
    /// # Errors
    /// Those of [`Training::step`].
    pub fn steps_to(
        &mut self,
        target: f64,
        limit: u64,
        policy: &mut dyn RolloutPolicy,
    ) -> Result<Option<u64>, RolloutError> {
        let start = self.steps;
        while self.mean_rate() < target {
            if self.steps - start == limit {
                return Ok(None);
            }
            self.step(policy)?;
        }
        Ok(Some(self.steps - start))
    }

    fn streams(&self) -> Vec<Stream> {
        let step = self.seed.child(self.steps);
        (0..self.rates.len()).map(|prompt| step.child(prompt as u64).stream("outcomes")).collect()
    }

    fn cost_of(&self, units: &[u64]) -> Result<(f64, f64), RolloutError> {
        let Some(cost) = &self.settings.cost else { return Ok((0.0, 0.0)) };
        let shares = assign_by_length(units, &cost.lengths, cost.workers)?;
        let longest = shares.loads.iter().copied().fold(0.0, f64::max);
        let tokens = shares.loads.iter().sum();
        Ok((tokens, longest / cost.tokens_per_second + cost.overhead_s))
    }

    fn learn(&mut self, groups: &[Group]) {
        for (rate, group) in self.rates.iter_mut().zip(groups) {
            if group.is_effective() {
                let size = (group.rollouts() as f64 / self.settings.reference).sqrt();
                let step = self.settings.rate * 4.0 * information_gain(*rate) * size;
                let logit = (*rate / (1.0 - *rate)).ln() + step;
                *rate = 1.0 / (1.0 + (-logit).exp());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollouts::{Population, Uniform};

    fn training(cost: Option<CostModel>) -> Training {
        let rates = Population::EARLY.draw(32, &mut Seed::new(1).stream("rates"));
        let settings = TrainingSettings { cost, ..TrainingSettings::with_budget(256) };
        Training::new(rates, settings, Seed::new(2)).expect("good")
    }

    #[test]
    fn one_seed_is_one_run() {
        let (mut one, mut other) = (training(None), training(None));
        for _ in 0..5 {
            let report = one.step(&mut Uniform).expect("feasible");
            assert_eq!(report, other.step(&mut Uniform).expect("feasible"));
            assert_eq!((report.rollouts, report.rounds), (256, 1));
        }
        assert_eq!(one.rates(), other.rates());
    }

    #[test]
    fn tokens_and_seconds_follow_the_lengths() {
        let lengths = vec![100.0; 32];
        let cost = CostModel { lengths, workers: 4, tokens_per_second: 50.0, overhead_s: 1.0 };
        let report = training(Some(cost)).step(&mut Uniform).expect("feasible");
        assert_eq!((report.tokens, report.seconds), (25_600.0, 129.0));
    }

    #[test]
    fn targets_out_of_reach_end_the_run() {
        let mut run = training(None);
        assert_eq!(run.steps_to(2.0, 3, &mut Uniform).expect("feasible"), None);
        assert_eq!(run.steps(), 3);
        assert!(Training::new(vec![0.0], TrainingSettings::with_budget(8), Seed::new(1)).is_err());
    }
}
