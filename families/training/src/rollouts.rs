//! Rollouts divided among prompts, for trainers with group-relative advantages.
//!
//! A training step has B prompts and W rollouts. A group of N_i rollouts teaches only when both
//! outcomes occur in it, with chance P(N) = 1 - p^N - (1-p)^N. Who gets how many?
//!
//! ```text
//! maximize  sum_i P_i(N_i) p_i (1-p_i)²   subject to  sum_i N_i = W,  lower <= N_i <= upper
//! ```
//!
//! [`SuccessTracker`] keeps what is known of each prompt, a [`RolloutValue`] says what a group is
//! worth, and a [`RolloutPolicy`] gives the rollouts of a step, at once or in rounds:
//! [`KnapsackRl`] (the published rules), [`Uniform`], [`DynamicSampling`], [`Filter`],
//! [`Curriculum`], [`OneShot`] (any value function, optimal), and [`Racing`], our default:
//! posterior value, and groups that race in rounds. [`Training`] simulates a run, [`StepReport`]
//! measures it, [`partition`] and [`shuffled_copies`] send rollouts to workers.
//!
//! ```
//! use ordine_training::rollouts::{Belief, BetaShape, Interest, Known, allocate_rollouts};
//!
//! let beliefs: Vec<Belief> = [0.5, 0.05, 0.99].map(Belief::known).into();
//! let allocation = allocate_rollouts(&Known(Interest::GAIN), &beliefs, 24, (2, 20))?;
//! assert_eq!(allocation.units.iter().sum::<u64>(), 24);
//! assert!(allocation.units[1] > allocation.units[0]);
//! # Ok::<(), ordine_training::rollouts::RolloutError>(())
//! ```
//!
//! **Source:** Li, Chen, Yang, Ding, Sun, Zhang, Huang, Luo 2025 (Knapsack RL); see each module.

mod baselines;
mod belief;
mod dispatch;
mod error;
mod group;
mod metrics;
mod official;
mod policy;
mod population;
mod racing;
mod simulate;
mod success;
mod tracker;
mod value;

pub use baselines::{Curriculum, DynamicSampling, Filter, Uniform};
pub use belief::{Belief, BetaShape};
pub use dispatch::{Shares, assign_by_length, partition, shuffled_copies};
pub use error::RolloutError;
pub use group::{Group, advantages, most_varied};
pub use metrics::{Expected, Histogram, StepReport, expected};
pub use official::{Costing, Fallback, Knapsack, KnapsackRl, Parity};
pub use policy::{OneShot, RolloutPolicy, StepView};
pub use population::{Part, Population, draw_beta, draw_rates};
pub use racing::{Racing, RacingSettings};
pub use simulate::{CostModel, Training, TrainingSettings};
pub use success::{
    both_outcomes, both_outcomes_gain, expected_rollouts, information_gain, rollouts_for,
};
pub use tracker::{PromptRecord, RateRule, SuccessTracker, TrackerSettings};
pub use value::{
    Interest, Known, Optimistic, Posterior, PromptReturns, RolloutValue, Thompson,
    allocate_rollouts, allocate_tokens,
};

ordine_base::define_ids! {
    /// A prompt of a step or of a data set.
    PromptId;
}
