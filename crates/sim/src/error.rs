//! What can be wrong with what a simulation is given.
//!
//! **Source:** -

use thiserror::Error;

/// A text that names no distribution.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}`: expected {expected}")]
pub struct DistributionError {
    /// What was found.
    pub text: String,
    /// What was expected.
    pub expected: String,
}
