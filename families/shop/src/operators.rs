//! Operators beside a shop: at most so many tasks run at a time.
//!
//! One renewable of capacity N, of which every mode that takes time demands 1: operators are
//! alike, and each is at one machine at a time. O(modes).
//!
//! **Source:** Agnetis, Flamini, Nicosia, Pacifici 2011 (job shop with operators), for operators
//! who can run every machine.

use crate::instance::ShopError;
use ordine_base::Demand;
use ordine_problem::Problem;

/// What the renewable is called.
const NAME: &str = "operators";

/// The problem in which each task that takes time also needs one of `count` operators.
///
/// # Errors
/// When there are operators already, or `count` is below 1 or out of range.
pub fn operators(problem: &Problem, count: Demand) -> Result<Problem, ShopError> {
    if problem.resources().any(|resource| problem.resource(resource).name == NAME) {
        return Err(ShopError::OperatorsAlready);
    }
    Ok(problem.with(|builder| {
        let operators = builder.renewable(NAME, count)?;
        builder.require_everywhere(operators, Demand::ONE)
    })?)
}
