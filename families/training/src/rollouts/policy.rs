//! Who decides how many rollouts each prompt gets, at once or in rounds.
//!
//! **Source:** -

use super::value::{RolloutValue, allocate_rollouts};
use super::{Belief, Group, RolloutError};

/// What a policy sees before a round.
#[derive(Clone, Copy, Debug)]
pub struct StepView<'a> {
    /// What was known of each prompt before the step.
    pub beliefs: &'a [Belief],
    /// What the rounds of this step have brought.
    pub groups: &'a [Group],
    /// Rollouts of the whole step.
    pub budget: u64,
    /// Rollouts that are left.
    pub left: u64,
    /// Number of the round, from 0.
    pub round: u32,
}

/// Gives the rollouts of a step to its prompts.
///
/// Called before each round until it gives nothing or nothing is left; a policy without rounds
/// gives everything in round 0. How to add one: implement it here or in your own crate, hand it to
/// [`Training::step`](super::Training::step), and compare it in `ordine bench knapsack-rl`.
pub trait RolloutPolicy {
    /// Name for people.
    fn name(&self) -> &'static str;

    /// Further rollouts of each prompt, at most `view.left` in all.
    ///
    /// # Errors
    /// When the budget does not suit the policy or a belief is broken.
    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError>;
}

/// Nothing for anybody: ends a step.
pub(super) fn nothing(view: &StepView<'_>) -> Vec<u64> {
    vec![0; view.beliefs.len()]
}

/// The optimal division under one value function, all at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneShot<V> {
    /// What a group is worth.
    pub value: V,
    /// Least rollouts of each prompt.
    pub lower: u64,
    /// Most rollouts of each prompt.
    pub upper: u64,
}

impl<V: RolloutValue> RolloutPolicy for OneShot<V> {
    fn name(&self) -> &'static str {
        "one-shot"
    }

    fn round(&mut self, view: &StepView<'_>) -> Result<Vec<u64>, RolloutError> {
        if view.round > 0 {
            return Ok(nothing(view));
        }
        let bounds = (self.lower, self.upper);
        Ok(allocate_rollouts(&self.value, view.beliefs, view.left, bounds)?.units)
    }
}
