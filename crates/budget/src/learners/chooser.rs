//! Choose my solver's next parameter: values on a grid, a learner, and guard rails.
//!
//! The rails: a cost is at most the cap, a capped or diverged trial costs the cap, and a value that
//! diverged in a bin of contexts is never played there again: the nearest value that did not
//! diverge is played in its place, while the learner is charged the cap for what it suggested.
//!
//! ```
//! use ordine_base::Seed;
//! use ordine_budget::learners::{ContextRange, Guard, ParameterChooser, Setting, Trial, build};
//!
//! /// A solver of yours: its cost depends on the parameter and on what is known beforehand.
//! fn iterations(parameter: f64, context: f64) -> f64 {
//!     20.0 + 100.0 * (parameter - 1.2 - 0.5 * context).abs()
//! }
//!
//! # fn main() -> Result<(), ordine_budget::learners::LearnerError> {
//! let range = ContextRange::new(0.0, 1.0)?;
//! let values: Vec<f64> = (0..20).map(|it| 1.0 + 0.05 * f64::from(it)).collect();
//! let setting = Setting { arms: values.len(), range, seed: Seed::new(1) };
//! let guard = Guard { cap: 10_000.0, range, bins: 5 };
//! let mut chooser = ParameterChooser::new(values, build("cheb-cb", &setting)?, guard)?;
//! let mut total = 0.0;
//! for round in 0..1000 {
//!     let context = f64::from(round % 11) / 10.0;
//!     let parameter = chooser.suggest(context)?;
//!     let cost = iterations(parameter, context);
//!     total += cost;
//!     chooser.observe(Trial::Ended(cost))?;
//! }
//! assert!(total / 1000.0 < 33.0, "the best fixed value costs 33 per solve, this {total}");
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024 (grid and learners); the rails are ours.

use super::binned::ContextRange;
use super::learner::{ArmId, Learner, LearnerError};
use super::state::LearnerState;
use ordine_base::Id;

/// Guard rails of a [`ParameterChooser`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guard {
    /// No trial costs more: the iteration limit of the solver, or its time limit.
    pub cap: f64,
    /// Contexts expected.
    pub range: ContextRange,
    /// Bins of contexts in which divergence is remembered.
    pub bins: usize,
}

/// How a trial of a suggested value went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trial {
    /// It ended, at this cost.
    Ended(f64),
    /// It was stopped at the cap; it may be tried again.
    Capped,
    /// It diverged: not again near this context.
    Diverged,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Suggestion {
    suggested: ArmId,
    played: ArmId,
    bin: usize,
}

/// What a chooser knows, beside the values and rails it was built with.
#[derive(Clone, Debug, PartialEq)]
pub struct ChooserState {
    /// What its learner knows.
    pub learner: LearnerState,
    /// Which value diverged in which bin, `[bins, values]`.
    pub diverged: Vec<bool>,
}

/// Suggests values of a parameter and observes how they did.
#[derive(Debug)]
pub struct ParameterChooser {
    values: Vec<f64>,
    learner: Box<dyn Learner>,
    guard: Guard,
    diverged: Vec<bool>,
    pending: Option<Suggestion>,
}

impl ParameterChooser {
    /// A chooser among `values`, one per arm of the learner.
    ///
    /// # Errors
    /// When a value is not finite, their number is not that of the arms, the cap is not positive,
    /// or there is no bin.
    pub fn new(
        values: Vec<f64>,
        learner: Box<dyn Learner>,
        guard: Guard,
    ) -> Result<Self, LearnerError> {
        let parameter =
            |what, expected, found| Err(LearnerError::Parameter { what, expected, found });
        if values.len() != learner.arms() {
            let expected = format!("{}, one per arm", learner.arms());
            return parameter("number of values", expected, values.len().to_string());
        }
        if let Some(found) = values.iter().find(|value| !value.is_finite()) {
            return parameter("value", "a finite number".to_owned(), found.to_string());
        }
        if guard.cap <= 0.0 || !guard.cap.is_finite() {
            return parameter("cap", "a positive number".to_owned(), guard.cap.to_string());
        }
        if guard.bins == 0 {
            return parameter("bins", "1 or more".to_owned(), "0".to_owned());
        }
        let diverged = vec![false; guard.bins * values.len()];
        Ok(ParameterChooser { values, learner, guard, diverged, pending: None })
    }

    /// The values, in the order of the arms.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value to use next in this context.
    ///
    /// # Errors
    /// When the context is not finite, or every value diverged near it.
    pub fn suggest(&mut self, context: f64) -> Result<f64, LearnerError> {
        let suggested = self.learner.suggest(context)?;
        let bin = self.guard.range.bin(context, self.guard.bins);
        let arms = self.values.len();
        let allowed = (0..arms).filter(|arm| !self.diverged[bin * arms + arm]);
        let nearest = allowed.min_by_key(|arm| arm.abs_diff(suggested.index()));
        let nearest = nearest.ok_or(LearnerError::NothingLeft { context, arms })?;
        let played = ArmId::from_index(nearest);
        self.pending = Some(Suggestion { suggested, played, bin });
        Ok(self.values[nearest])
    }

    /// How the value suggested last did.
    ///
    /// # Errors
    /// When nothing was suggested, or the cost is negative or not finite.
    pub fn observe(&mut self, trial: Trial) -> Result<(), LearnerError> {
        let pending = self.pending.ok_or(LearnerError::NothingSuggested)?;
        let own = match trial {
            Trial::Ended(cost) => cost.min(self.guard.cap),
            Trial::Capped | Trial::Diverged => self.guard.cap,
        };
        let cost = if pending.suggested == pending.played { own } else { self.guard.cap };
        self.learner.observe(pending.suggested, cost)?;
        if trial == Trial::Diverged {
            self.diverged[pending.bin * self.values.len() + pending.played.index()] = true;
        }
        self.pending = None;
        Ok(())
    }

    /// All that the chooser knows; a suggestion not yet observed is left out: ask for it again.
    pub fn state(&self) -> ChooserState {
        ChooserState { learner: self.learner.state(), diverged: self.diverged.clone() }
    }

    /// Goes on where the state was saved.
    ///
    /// # Errors
    /// When the state is of another learner or another size. The chooser is as before then.
    pub fn restore(&mut self, state: &ChooserState) -> Result<(), LearnerError> {
        let (expected, found) = (self.diverged.len(), state.diverged.len());
        if expected != found {
            let (expected, found) = (format!("{expected} flags"), format!("{found} flags"));
            return Err(LearnerError::State { what: "diverged".to_owned(), expected, found });
        }
        self.learner.restore(&state.learner)?;
        self.diverged.clone_from(&state.diverged);
        self.pending = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::{Setting, build};
    use ordine_base::Seed;

    fn chooser(learner: &str, values: &[f64]) -> ParameterChooser {
        let range = ContextRange::new(0.0, 1.0).expect("in order");
        let setting = Setting { arms: values.len(), range, seed: Seed::new(1) };
        let learner = build(learner, &setting).expect("known");
        let guard = Guard { cap: 100.0, range, bins: 2 };
        ParameterChooser::new(values.to_vec(), learner, guard).expect("valid")
    }

    #[test]
    fn a_value_that_diverged_is_not_played_again_in_its_bin() {
        for learner in crate::learners::LEARNERS {
            let mut chooser = chooser(learner.name, &[1.0, 1.5, 2.5]);
            let mut diverged = 0;
            for round in 0..200 {
                let context = [0.2, 0.8][round % 2];
                let value = chooser.suggest(context).expect("some are left");
                let bad = value > 2.0 && context < 0.5;
                diverged += u32::from(bad);
                let trial = if bad { Trial::Diverged } else { Trial::Ended(10.0 * value) };
                chooser.observe(trial).expect("in turn");
            }
            assert!(diverged <= 1, "{}: {diverged}", learner.name);
        }
    }

    #[test]
    fn nothing_left_is_said() {
        let mut chooser = chooser("random", &[1.0]);
        assert_eq!(chooser.observe(Trial::Capped), Err(LearnerError::NothingSuggested));
        chooser.suggest(0.1).expect("one value");
        chooser.observe(Trial::Diverged).expect("in turn");
        let error = chooser.suggest(0.1).expect_err("it diverged");
        assert_eq!(error, LearnerError::NothingLeft { context: 0.1, arms: 1 });
        assert_eq!(chooser.suggest(0.9), Ok(1.0));
    }

    #[test]
    fn a_restored_chooser_goes_on_alike() {
        let mut first = chooser("tsallis-inf-cb", &[1.0, 1.2, 1.4]);
        let play = |chooser: &mut ParameterChooser, round: i32| {
            let value = chooser.suggest(f64::from(round % 7) / 7.0).expect("finite");
            let trial = if value > 1.3 { Trial::Diverged } else { Trial::Ended(3.0 + value) };
            chooser.observe(trial).expect("in turn");
            value
        };
        for round in 0..40 {
            play(&mut first, round);
        }
        let mut second = chooser("tsallis-inf-cb", &[1.0, 1.2, 1.4]);
        second.restore(&first.state()).expect("same learner");
        for round in 40..90 {
            assert_eq!(play(&mut first, round), play(&mut second, round));
        }
        assert!(chooser("ucb", &[1.0, 1.2, 1.4]).restore(&first.state()).is_err());
    }
}
