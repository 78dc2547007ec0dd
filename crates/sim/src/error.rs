//! What can be wrong with what a simulation is given, or with what it did.
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

/// Why a simulation cannot be opened, or why a run is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SimulationError {
    /// A parameter that is not what it should be.
    #[error("--set {name}={value}: expected {expected}")]
    Parameter {
        /// Its name.
        name: String,
        /// What was found.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// An input that is not what it should be; the message names file and place.
    #[error("{0}")]
    Input(String),
    /// A run that broke a rule of its world.
    #[error("a rule of the world was broken: {0}")]
    Broken(String),
}

impl SimulationError {
    /// A parameter that is not what it should be.
    pub fn parameter(name: &str, value: &str, expected: impl Into<String>) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        SimulationError::Parameter { name, value, expected: expected.into() }
    }
}
