//! What a learner knows, as plain numbers that any format can carry.
//!
//! Vectors under names; the edges (Python, JSON) convert without knowing any learner.
//!
//! **Source:** the `state_dict` of PyTorch.

use super::learner::{LearnerError, Played};
use std::collections::BTreeMap;

/// Everything that a learner knows between two calls.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnerState {
    /// Name of the learner.
    pub learner: String,
    /// Number of its seed.
    pub seed: u64,
    /// Rounds observed.
    pub round: u64,
    /// What was suggested and not yet observed.
    pub pending: Option<Played>,
    /// Numbers by name.
    pub tables: Tables,
}

impl LearnerState {
    pub(super) fn expect_learner(&self, name: &str) -> Result<(), LearnerError> {
        if self.learner == name {
            return Ok(());
        }
        let (expected, found) = (name.to_owned(), self.learner.clone());
        Err(LearnerError::State { what: "learner".to_owned(), expected, found })
    }
}

/// Vectors of numbers by name; counts are whole numbers below 2^53 and thus exact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables(
    /// The vectors.
    pub BTreeMap<String, Vec<f64>>,
);

impl Tables {
    /// Keeps a vector under a name.
    pub fn put(&mut self, name: &str, numbers: &[f64]) {
        self.0.insert(name.to_owned(), numbers.to_vec());
    }

    /// Reads a vector into one of the same length.
    ///
    /// # Errors
    /// When there is none of this name, or its length differs.
    pub fn get(&self, name: &str, numbers: &mut [f64]) -> Result<(), LearnerError> {
        let found = self.0.get(name);
        let length = found.map_or("none".to_owned(), |it| format!("{} numbers", it.len()));
        match found {
            Some(found) if found.len() == numbers.len() => {
                numbers.copy_from_slice(found);
                Ok(())
            }
            _ => Err(LearnerError::State {
                what: name.to_owned(),
                expected: format!("{} numbers", numbers.len()),
                found: length,
            }),
        }
    }

    /// Checks a parameter that the learner was built with.
    ///
    /// # Errors
    /// When the saved one differs.
    pub fn expect(&self, name: &str, numbers: &[f64]) -> Result<(), LearnerError> {
        let mut found = vec![0.0; numbers.len()];
        self.get(name, &mut found)?;
        if found == numbers {
            return Ok(());
        }
        let (expected, found) = (format!("{numbers:?}"), format!("{found:?}"));
        Err(LearnerError::State { what: name.to_owned(), expected, found })
    }

    /// Keeps the tables of a part under a prefix.
    pub fn put_part(&mut self, prefix: &str, part: Tables) {
        let named = part.0.into_iter().map(|(name, it)| (format!("{prefix}/{name}"), it));
        self.0.extend(named);
    }

    /// The tables that were kept under a prefix.
    pub fn part(&self, prefix: &str) -> Tables {
        let inside = |(name, it): (&String, &Vec<f64>)| {
            let name = name.strip_prefix(prefix)?.strip_prefix('/')?;
            Some((name.to_owned(), it.clone()))
        };
        Tables(self.0.iter().filter_map(inside).collect())
    }
}
