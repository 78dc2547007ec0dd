//! The worth of rollouts as a function of the user's, divided all at once.
//!
//! The function is asked for each prompt and number of rollouts of a step before anything is
//! divided: O(prompts × bounds) calls. Gains must not grow, else the greedy division is not the
//! best.
//!
//! **Source:** -

use crate::numbers::value_error;
use ordine_training::rollouts::{
    Belief, OneShot, RolloutError, RolloutPolicy, RolloutValue, StepView,
};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// What a call of the user's function raised, until it is told.
pub(crate) type Raised = Arc<Mutex<Option<PyErr>>>;

/// Takes what was raised, if anything was.
pub(crate) fn raised(raised: &Raised) -> Option<PyErr> {
    raised.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The best one-shot division under a function `value(rate, rollouts)`.
pub(crate) struct CalledValue {
    pub(crate) function: Py<PyAny>,
    pub(crate) lower: u64,
    pub(crate) upper: u64,
    pub(crate) raised: Raised,
}

/// Values by prompt and by rollouts above the least number.
struct Values {
    lower: u64,
    by_prompt: Vec<Vec<f64>>,
}

impl RolloutValue for Values {
    fn value(&self, prompt: usize, _belief: &Belief, rollouts: u64) -> f64 {
        self.by_prompt[prompt][(rollouts - self.lower) as usize]
    }
}

impl CalledValue {
    fn values(&self, beliefs: &[Belief]) -> PyResult<Values> {
        let by_prompt = Python::attach(|py| {
            let row = |(prompt, belief): (usize, &Belief)| {
                let rate = belief.best_rate();
                let value = |rollouts: u64| {
                    let value: f64 = self.function.call1(py, (rate, rollouts))?.extract(py)?;
                    let message =
                        format!("value of rate {rate} and {rollouts} rollouts is {value}");
                    value.is_finite().then_some(value).ok_or_else(|| {
                        value_error(message + ": expected a finite number; change value")
                    })
                };
                let values: Vec<f64> =
                    (self.lower..=self.upper).map(value).collect::<PyResult<_>>()?;
                let grows = values.windows(3).position(|it| {
                    let (first, second) = (it[1] - it[0], it[2] - it[1]);
                    second > first + 1e-12 * it[2].abs().max(1.0)
                });
                let Some(place) = grows else { return Ok(values) };
                let rollouts = self.lower + place as u64 + 2;
                let message = format!("value: rollout {rollouts} of prompt {prompt} of the step");
                Err(value_error(
                    message
                        + " adds more than the one before; expected gains that \
                                           never grow; change value",
                ))
            };
            beliefs.iter().enumerate().map(row).collect::<PyResult<Vec<_>>>()
        })?;
        Ok(Values { lower: self.lower, by_prompt })
    }
}

impl RolloutPolicy for CalledValue {
    fn name(&self) -> &'static str {
        "one-shot"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        let beliefs = if view.round == 0 { view.beliefs } else { &[] };
        match self.values(beliefs) {
            Ok(value) => OneShot { value, lower: self.lower, upper: self.upper }.round(view),
            Err(error) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Ok(vec![0; view.beliefs.len()])
            }
        }
    }
}
