//! Limits and answers that all iterative solvers share.
//!
//! **Source:** -

use super::error::RelaxationError;

/// When an iterative solver stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    tolerance: f64,
    iterations: u32,
}

/// Iterations after which the published scripts give up.
pub const ITERATIONS_MAX: u32 = 10_000;

/// A residual that grew by this factor will not come back.
pub(crate) const DIVERGED: f64 = 1e12;

impl Limits {
    /// Stops at the relative residual `tolerance` or after `iterations`.
    ///
    /// # Errors
    /// When the tolerance is not within `[1e-14, 1)`, below which rounding decides, or no iteration
    /// is allowed.
    pub fn new(tolerance: f64, iterations: u32) -> Result<Self, RelaxationError> {
        if !(1e-14..1.0).contains(&tolerance) {
            return Err(RelaxationError::Tolerance { found: tolerance });
        }
        if iterations == 0 {
            return Err(RelaxationError::NoIteration);
        }
        Ok(Limits { tolerance, iterations })
    }

    /// Tolerance 1e-8 and 10 000 iterations, as in both experiments.
    pub fn published() -> Self {
        Limits { tolerance: 1e-8, iterations: ITERATIONS_MAX }
    }

    /// Relative residual to reach.
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// Iterations allowed.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }
}

/// Why a solver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The residual is small enough.
    Converged,
    /// All iterations are used.
    Capped,
    /// The residual grew without bound or stopped being a number.
    Diverged,
}

/// How a solver ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solved {
    /// Iterations made: the cost of the solve.
    pub iterations: u32,
    /// Why it ended.
    pub end: End,
    /// The relative residual it left, by the solver's own measure.
    pub residual: f64,
}
