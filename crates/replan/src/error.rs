//! Why a plan cannot be changed so.
//!
//! **Source:** -

use ordine_problem::ProblemError;

/// Why a plan cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplanError {
    /// A change that contradicts the plan, the present or another change.
    #[error("change {change}: expected {expected}, found {found}; {hint}")]
    Change {
        /// Number of the change, from 0.
        change: usize,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
        /// What to change.
        hint: &'static str,
    },
    /// A present before that of the problem.
    #[error("the present is {now}: expected {least} or later, that of the problem; correct it")]
    PastPresent {
        /// The present that was asked for.
        now: i64,
        /// That of the problem.
        least: i64,
    },
    /// What the changed problem contradicts.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

impl ReplanError {
    /// A mistake of one change.
    pub(crate) fn change(
        change: usize,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: &'static str,
    ) -> Self {
        ReplanError::Change { change, expected: expected.into(), found: found.into(), hint }
    }
}
