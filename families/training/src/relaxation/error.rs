//! What can be wrong with a system or its parameters.
//!
//! Running out of iterations and divergence are results ([`End`](super::End)), not errors.
//!
//! **Source:** -

use ordine_budget::learners::LearnerError;

/// Why a solver, a matrix or an experiment refused its input.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RelaxationError {
    /// The relaxation parameter cannot converge.
    #[error("expected omega strictly between 0 and 2, found {found}: choose one inside")]
    Omega {
        /// What was given.
        found: f64,
    },
    /// The tolerance makes no sense.
    #[error("expected a tolerance between 1e-14 and 1, found {found}: ask for less accuracy")]
    Tolerance {
        /// What was given.
        found: f64,
    },
    /// A solver may do nothing.
    #[error("expected at least one iteration allowed, found a limit of 0: raise the limit")]
    NoIteration,
    /// The matrix is not square.
    #[error("expected a square matrix, found {rows} rows and {columns} columns: check the file")]
    NotSquare {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },
    /// The matrix has no rows.
    #[error("expected a matrix with at least one row, found none: give one unknown or more")]
    Empty,
    /// Two mirrored entries differ.
    #[error(
        "row {row}, column {column}: expected the mirrored entry {mirrored}, found {found}: \
         relaxation needs a symmetric matrix"
    )]
    NotSymmetric {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// Entry found.
        found: f64,
        /// Entry at the mirrored place.
        mirrored: f64,
    },
    /// A diagonal entry is not positive.
    #[error(
        "row {row}: expected a positive finite diagonal entry, found {found}: the matrix must be \
         positive definite"
    )]
    Diagonal {
        /// Row, from 0.
        row: usize,
        /// Entry found.
        found: f64,
    },
    /// A direction of no or negative curvature was met.
    #[error(
        "expected positive curvature, found {found} in iteration {iteration}: the matrix must be \
         positive definite"
    )]
    Indefinite {
        /// The iteration.
        iteration: u32,
        /// The curvature.
        found: f64,
    },
    /// A vector has the wrong length.
    #[error("{what}: expected {expected} numbers, one per unknown, found {found}")]
    Length {
        /// Which vector.
        what: &'static str,
        /// Unknowns.
        expected: usize,
        /// Numbers given.
        found: usize,
    },
    /// A number is not finite.
    #[error("{what}, entry {index}: expected a finite number, found {found}: check the input")]
    NotFinite {
        /// Where.
        what: &'static str,
        /// Which entry.
        index: usize,
        /// What was given.
        found: f64,
    },
    /// A parameter is out of its range.
    #[error("{what}: expected {expected}, found {found}: change the parameter")]
    Parameter {
        /// Its name.
        what: &'static str,
        /// What would do.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A learner refused.
    #[error("the learner refused")]
    Learner(#[from] LearnerError),
}

impl RelaxationError {
    pub(crate) fn parameter(
        what: &'static str,
        expected: impl ToString,
        found: impl ToString,
    ) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        RelaxationError::Parameter { what, expected, found }
    }
}

/// Checks a relaxation parameter; every solver here does.
///
/// # Errors
/// When it is not strictly between 0 and 2.
pub(crate) fn check_omega(omega: f64) -> Result<(), RelaxationError> {
    // NaN is not inside either.
    if omega > 0.0 && omega < 2.0 { Ok(()) } else { Err(RelaxationError::Omega { found: omega }) }
}

pub(crate) fn check_vector(
    what: &'static str,
    vector: &[f64],
    expected: usize,
) -> Result<(), RelaxationError> {
    if vector.len() != expected {
        return Err(RelaxationError::Length { what, expected, found: vector.len() });
    }
    match vector.iter().position(|it| !it.is_finite()) {
        Some(index) => Err(RelaxationError::NotFinite { what, index, found: vector[index] }),
        None => Ok(()),
    }
}
