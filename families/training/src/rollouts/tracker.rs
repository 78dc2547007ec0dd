//! Success rates of prompts, learned from the outcomes of their rollouts.
//!
//! Three estimates side by side: the published buffer (the last batch when it has at least 16
//! outcomes, else the mean of the last 16 over past visits; valid from 8 outcomes), an exponential
//! average of batch means, and a Beta posterior whose evidence halves every `half_life` epochs.
//! O(batch) per visit. The state is a plain list of [`PromptRecord`]s; what is stored and loaded
//! goes on identically.
//!
//! **Source:** Li et al. 2025 (robust epoch estimation); posterior: Thompson 1933.

use super::error::within;
use super::{Belief, BetaShape, PromptId, RolloutError};
use ordine_base::Id as _;

/// Which estimate a belief gives as its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateRule {
    /// The published buffer.
    Buffer,
    /// The exponential average of batch means.
    Average,
    /// The mean of the posterior: never 0 nor 1.
    Posterior,
}

/// How success rates are estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackerSettings {
    /// Which estimate is given.
    pub rule: RateRule,
    /// Outcomes that the buffer holds.
    pub window: usize,
    /// Outcomes from which an estimate is valid.
    pub valid_from: u64,
    /// Weight of the newest batch in the exponential average.
    pub average_weight: f64,
    /// What is believed before any outcome.
    pub prior: BetaShape,
    /// Epochs after which evidence counts half; none keeps it for good.
    pub half_life: Option<f64>,
}

impl TrackerSettings {
    /// The published buffer (16 outcomes, valid from 8); a flat prior, half-life of one epoch.
    pub const PUBLISHED: TrackerSettings = TrackerSettings {
        rule: RateRule::Buffer,
        window: 16,
        valid_from: 8,
        average_weight: 0.5,
        prior: BetaShape::FLAT,
        half_life: Some(1.0),
    };

    fn check(&self) -> Result<(), RolloutError> {
        let window = self.window as f64;
        within("window", window, window >= 1.0, "a whole number above 0")?;
        let weight = self.average_weight;
        within("average weight", weight, weight > 0.0 && weight <= 1.0, "above 0, up to 1")?;
        BetaShape::new(self.prior.successes, self.prior.failures)?;
        if let Some(half_life) = self.half_life {
            within("half-life", half_life, half_life > 0.0, "a finite number above 0, or none")?;
        }
        Ok(())
    }
}

/// All that is remembered of a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptRecord {
    /// The last outcomes, oldest first, at most as many as the window.
    pub recent: Vec<bool>,
    /// Mean that the buffer rule gives.
    pub buffered: f64,
    /// Exponential average of batch means; none before the first batch.
    pub average: Option<f64>,
    /// All outcomes so far.
    pub count: u64,
    /// All successes so far.
    pub successes: u64,
    /// Posterior, faded up to the last epoch.
    pub posterior: BetaShape,
}

/// Success rates of all prompts.
#[derive(Clone, Debug, PartialEq)]
pub struct SuccessTracker {
    settings: TrackerSettings,
    records: Vec<PromptRecord>,
}

impl SuccessTracker {
    /// Knows nothing of so many prompts.
    ///
    /// # Errors
    /// When a setting is outside its range.
    pub fn new(prompts: usize, settings: TrackerSettings) -> Result<Self, RolloutError> {
        settings.check()?;
        let record = PromptRecord {
            recent: Vec::new(),
            buffered: 0.0,
            average: None,
            count: 0,
            successes: 0,
            posterior: settings.prior,
        };
        Ok(SuccessTracker { settings, records: vec![record; prompts] })
    }

    /// Goes on from stored records.
    ///
    /// # Errors
    /// When a setting or a record is outside its range.
    pub fn restore(
        records: Vec<PromptRecord>,
        settings: TrackerSettings,
    ) -> Result<Self, RolloutError> {
        settings.check()?;
        for (prompt, record) in records.iter().enumerate() {
            let bad = |what| Err(RolloutError::Record { prompt, what });
            if record.recent.len() > settings.window || record.recent.len() as u64 > record.count {
                return bad("more recent outcomes than the window or the count");
            }
            if record.successes > record.count {
                return bad("more successes than outcomes");
            }
            let rates = [Some(record.buffered), record.average];
            if rates.iter().flatten().any(|rate| !(0.0..=1.0).contains(rate)) {
                return bad("a success rate outside 0 to 1");
            }
            if BetaShape::new(record.posterior.successes, record.posterior.failures).is_err() {
                return bad("a posterior weight that is not above 0");
            }
        }
        Ok(SuccessTracker { settings, records })
    }

    /// Takes in the outcomes of one visit, in the order in which they came.
    ///
    /// # Errors
    /// When the prompt is unknown.
    pub fn observe(&mut self, prompt: PromptId, outcomes: &[bool]) -> Result<(), RolloutError> {
        let (found, expected) = (prompt.index(), self.records.len());
        let record = self.records.get_mut(found).ok_or(RolloutError::Prompt { found, expected })?;
        if outcomes.is_empty() {
            return Ok(());
        }
        let successes = outcomes.iter().filter(|&&it| it).count();
        let mean = successes as f64 / outcomes.len() as f64;
        record.count += outcomes.len() as u64;
        record.successes += successes as u64;
        record.recent.extend_from_slice(outcomes);
        let surplus = record.recent.len().saturating_sub(self.settings.window);
        record.recent.drain(..surplus);
        record.buffered = if outcomes.len() >= self.settings.window {
            mean
        } else {
            let recent = record.recent.iter().filter(|&&it| it).count();
            recent as f64 / record.recent.len() as f64
        };
        let weight = self.settings.average_weight;
        record.average = Some(record.average.map_or(mean, |old| old + weight * (mean - old)));
        let failures = outcomes.len() - successes;
        record.posterior = record.posterior.after(successes as f64, failures as f64);
        Ok(())
    }

    /// Lets evidence fade by so many epochs; call it before the outcomes of the next.
    pub fn advance(&mut self, epochs: f64) {
        let Some(half_life) = self.settings.half_life else { return };
        let kept = 0.5_f64.powf(epochs.max(0.0) / half_life);
        for record in &mut self.records {
            record.posterior = record.posterior.faded(self.settings.prior, kept);
        }
    }

    /// What is known of the prompt now.
    ///
    /// # Errors
    /// When the prompt is unknown.
    pub fn belief(&self, prompt: PromptId) -> Result<Belief, RolloutError> {
        let (found, expected) = (prompt.index(), self.records.len());
        let record = self.records.get(found).ok_or(RolloutError::Prompt { found, expected })?;
        Ok(self.read(record))
    }

    /// What is known of every prompt.
    pub fn beliefs(&self) -> Vec<Belief> {
        self.records.iter().map(|record| self.read(record)).collect()
    }

    /// The state, to be stored.
    pub fn records(&self) -> &[PromptRecord] {
        &self.records
    }

    fn read(&self, record: &PromptRecord) -> Belief {
        let estimate = match self.settings.rule {
            RateRule::Buffer => record.buffered,
            RateRule::Average => record.average.unwrap_or(record.buffered),
            RateRule::Posterior => record.posterior.mean(),
        };
        let rate = (record.count >= self.settings.valid_from.max(1)).then_some(estimate);
        Belief { rate, count: record.count, posterior: record.posterior }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracker() -> SuccessTracker {
        SuccessTracker::new(2, TrackerSettings::PUBLISHED).expect("good settings")
    }

    #[test]
    fn the_buffer_follows_the_published_rule() {
        let (mut tracker, prompt) = (tracker(), PromptId::from_index(0));
        let rate = |it: &SuccessTracker| it.belief(prompt).expect("known").rate;
        tracker.observe(prompt, &[true; 7]).expect("known");
        assert_eq!(rate(&tracker), None);
        tracker.observe(prompt, &[false]).expect("known");
        assert_eq!(rate(&tracker), Some(7.0 / 8.0));
        tracker.observe(prompt, &[false; 12]).expect("known");
        assert_eq!(rate(&tracker), Some(3.0 / 16.0));
        let mut large = vec![true; 5];
        large.extend([false; 15]);
        tracker.observe(prompt, &large).expect("known");
        assert_eq!(rate(&tracker), Some(0.25));
        tracker.observe(prompt, &[true]).expect("known");
        assert_eq!(rate(&tracker), Some(1.0 / 16.0));
    }

    #[test]
    fn average_and_posterior_can_be_the_rate() {
        let prompt = PromptId::from_index(0);
        let rate = |rule| {
            let settings = TrackerSettings { rule, ..TrackerSettings::PUBLISHED };
            let mut tracker = SuccessTracker::new(1, settings).expect("good settings");
            tracker.observe(prompt, &[true; 6]).expect("known");
            tracker.observe(prompt, &[false; 2]).expect("known");
            tracker.belief(prompt).expect("known").rate.expect("valid")
        };
        assert_eq!(rate(RateRule::Buffer), 0.75);
        assert_eq!(rate(RateRule::Average), 0.5);
        assert_eq!(rate(RateRule::Posterior), 0.7);
    }

    #[test]
    fn stored_records_go_on_identically() {
        let prompt = PromptId::from_index(1);
        let mut one = tracker();
        one.observe(prompt, &[true, false, true]).expect("known");
        let settings = TrackerSettings::PUBLISHED;
        let mut other = SuccessTracker::restore(one.records().to_vec(), settings).expect("good");
        for tracker in [&mut one, &mut other] {
            tracker.advance(1.0);
            tracker.observe(prompt, &[false; 9]).expect("known");
        }
        assert_eq!(one, other);
    }

    #[test]
    fn broken_records_and_unknown_prompts_are_refused() {
        let mut records = tracker().records().to_vec();
        records[1].successes = 3;
        let refused = SuccessTracker::restore(records, TrackerSettings::PUBLISHED);
        assert!(refused.expect_err("3 of 0").to_string().starts_with("the record of prompt 1"));
        let unknown = tracker().observe(PromptId::from_index(2), &[true]).expect_err("two known");
        assert!(unknown.to_string().contains("expected a number below 2"), "{unknown}");
        let window = TrackerSettings { window: 0, ..TrackerSettings::PUBLISHED };
        assert!(SuccessTracker::new(1, window).is_err());
    }
}
