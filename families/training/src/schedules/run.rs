//! The run that a plan is laid over: its steps, what epochs and tokens are, how the end is read.
//!
//! **Source:** -

use super::error::{ScheduleError, positive};
use super::profile::Profile;
use super::schedule::{STEPS_MAX, Schedule, counted};

/// A run of a known number of updates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Updates of the run.
    pub steps: u64,
    /// Updates of an epoch, where epochs are spoken of.
    pub steps_per_epoch: Option<f64>,
    /// Tokens of an update, where tokens are spoken of.
    pub tokens_per_step: Option<f64>,
    /// Whether the last update reads the end of the profile: `t / (T - 1)` instead of `t / T`.
    pub end_inclusive: bool,
}

/// An amount of updates in the words of the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// The number.
    pub number: f64,
    /// What it counts.
    pub unit: Unit,
}

/// What an amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Updates, or a plain number where none are meant.
    Plain,
    /// Hundredths of the run around it.
    Percent,
    /// Passes over the training data.
    Epochs,
    /// Tokens of the training data.
    Tokens,
}

impl Run {
    /// A run of this many updates.
    ///
    /// # Errors
    /// When the number is not 1 to 2^52: a negative budget, for one.
    pub fn of_steps(steps: i64) -> Result<Self, ScheduleError> {
        let good = u64::try_from(steps).ok().filter(|it| (1..=STEPS_MAX).contains(it));
        let steps = good.ok_or(ScheduleError::Steps { found: steps })?;
        Ok(Run { steps, steps_per_epoch: None, tokens_per_step: None, end_inclusive: false })
    }

    /// The same run, with epochs of this many updates.
    ///
    /// # Errors
    /// When the number is not above 0.
    pub fn with_epochs(self, steps_per_epoch: f64) -> Result<Self, ScheduleError> {
        let steps_per_epoch = Some(positive("steps per epoch", steps_per_epoch)?);
        Ok(Run { steps_per_epoch, ..self })
    }

    /// The same run, with updates of this many tokens.
    ///
    /// # Errors
    /// When the number is not above 0.
    pub fn with_tokens(self, tokens_per_step: f64) -> Result<Self, ScheduleError> {
        let tokens_per_step = Some(positive("tokens per step", tokens_per_step)?);
        Ok(Run { tokens_per_step, ..self })
    }

    /// The same run, whose last update reads the end of the profile.
    #[must_use]
    pub fn inclusive(self) -> Self {
        Run { end_inclusive: true, ..self }
    }

    /// A profile over the whole run.
    ///
    /// # Errors
    /// When the run has no steps.
    pub fn curve(self, profile: Profile) -> Result<Schedule, ScheduleError> {
        if self.end_inclusive {
            Schedule::inclusive(profile, self.steps)
        } else {
            Schedule::curve(profile, self.steps)
        }
    }

    /// The same run with other steps.
    pub(crate) fn of(self, steps: u64) -> Result<Self, ScheduleError> {
        counted(steps)?;
        Ok(Run { steps, ..self })
    }

    /// What is left when a part has taken its steps.
    pub(crate) fn without(self, part: &'static str, found: u64) -> Result<Self, ScheduleError> {
        if found >= self.steps {
            return Err(ScheduleError::TooLong { part, found, total: self.steps });
        }
        self.of(self.steps - found)
    }

    /// The updates of an amount, not rounded.
    pub(crate) fn places(self, part: &'static str, amount: Amount) -> Result<f64, ScheduleError> {
        let number = super::error::not_negative(part, amount.number)?;
        match amount.unit {
            Unit::Plain => Ok(number),
            Unit::Percent => Ok(number * self.steps as f64 / 100.0),
            Unit::Epochs => {
                let steps = self.steps_per_epoch.ok_or(ScheduleError::NoEpochs { part })?;
                Ok(number * steps)
            }
            Unit::Tokens => {
                let tokens = self.tokens_per_step.ok_or(ScheduleError::NoTokens { part })?;
                Ok(number / tokens)
            }
        }
    }

    /// The updates of an amount, rounded to whole ones.
    pub(crate) fn whole(self, part: &'static str, amount: Amount) -> Result<u64, ScheduleError> {
        let places = self.places(part, amount)?.round();
        super::error::within(part, places, places <= STEPS_MAX as f64, "at most 2^52 steps")?;
        Ok(places as u64)
    }

    /// The share of the run where an amount is over; plain numbers are steps.
    pub(crate) fn share(self, part: &'static str, amount: Amount) -> Result<f64, ScheduleError> {
        match amount.unit {
            Unit::Percent => Ok(amount.number / 100.0),
            _ => Ok(self.places(part, amount)? / self.steps as f64),
        }
    }
}
