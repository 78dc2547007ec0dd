//! What can be wrong with rollouts, their bounds or what is known of prompts.
//!
//! **Source:** -

use ordine_budget::allocation::AllocationError;
use thiserror::Error;

/// Why rollouts cannot be given out.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RolloutError {
    /// The division itself is refused.
    #[error(transparent)]
    Allocation(#[from] AllocationError),
    /// A parameter outside its range.
    #[error("{name} is {found}: expected {expected}; change {name}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// What was given.
        found: f64,
        /// The range, in words.
        expected: &'static str,
    },
    /// A success rate that is none.
    #[error("prompt {prompt} has success rate {found}: expected 0 to 1; mend its estimate")]
    Rate {
        /// Which prompt, from 0.
        prompt: usize,
        /// What was given.
        found: f64,
    },
    /// A prompt that nobody knows.
    #[error("prompt {found} is unknown: expected a number below {expected}; enlarge the tracker")]
    Prompt {
        /// Which prompt.
        found: usize,
        /// Number of prompts.
        expected: usize,
    },
    /// The rules give more than there is before anything is chosen.
    #[error(
        "the rules start with {needed} rollouts for {prompts} prompts, of {budget}: expected at \
         most {budget}; raise the budget, or lower the least numbers of rollouts"
    )]
    TooSmall {
        /// What the rules start with.
        needed: u64,
        /// Number of prompts.
        prompts: usize,
        /// Rollouts of the step.
        budget: u64,
    },
    /// A policy that gives out more than is left.
    #[error(
        "{policy} gives {found} rollouts in round {round}: expected at most {expected}; mend it"
    )]
    Overspent {
        /// Name of the policy.
        policy: &'static str,
        /// What it gives.
        found: u64,
        /// What is left.
        expected: u64,
        /// Which round of the step, from 0.
        round: u32,
    },
    /// Lists that do not fit together.
    #[error("{name} has {found} values: expected {expected}; change {name}")]
    Count {
        /// Which list.
        name: &'static str,
        /// Its length.
        found: usize,
        /// What it should be.
        expected: usize,
    },
    /// A stored record that cannot have been written here.
    #[error("the record of prompt {prompt} has {what}: load the state of this run, or drop it")]
    Record {
        /// Which prompt, from 0.
        prompt: usize,
        /// What is wrong, with what was expected.
        what: &'static str,
    },
}

/// The number, when it lies where it should.
pub(super) fn within(
    name: &'static str,
    found: f64,
    good: bool,
    expected: &'static str,
) -> Result<f64, RolloutError> {
    if good && found.is_finite() {
        return Ok(found);
    }
    Err(RolloutError::Parameter { name, found, expected })
}
