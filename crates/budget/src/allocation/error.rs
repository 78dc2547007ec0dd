//! What can be wrong with a budget, its bounds or the values of its items.
//!
//! **Source:** -

use thiserror::Error;

/// Why a budget cannot be divided.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum AllocationError {
    /// Nothing to give to.
    #[error("there are no items: expected at least one; leave the division out")]
    NoItems,
    /// Bounds that no number satisfies.
    #[error("lower bound {lower} is above upper bound {upper}: expected lower <= upper; swap them")]
    Bounds {
        /// Least units.
        lower: u64,
        /// Most units.
        upper: u64,
    },
    /// The lower bounds alone cost more than there is.
    #[error(
        "the lower bounds need {needed} of a budget of {budget}: expected at most {budget}; \
         raise the budget to {needed}, lower the lower bounds, or take fewer items"
    )]
    TooSmall {
        /// Cost of the lower bounds.
        needed: u128,
        /// What there is.
        budget: u64,
    },
    /// All of the budget is to be spent, and the upper bounds do not let it.
    #[error(
        "the upper bounds take {room} of a budget of {budget}: expected at least {budget}; \
         raise the upper bounds, lower the budget, or spend only what is worthwhile"
    )]
    TooLarge {
        /// What the upper bounds allow.
        room: u128,
        /// What there is.
        budget: u64,
    },
    /// Lists that do not fit together.
    #[error("{name} has {found} values: expected {expected}, one per item; change {name}")]
    Count {
        /// Which list.
        name: &'static str,
        /// Its length.
        found: usize,
        /// Number of items.
        expected: usize,
    },
    /// A parameter outside its range.
    #[error("{name} of item {item} is {found}: expected {expected}; change it")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// Which item, from 0.
        item: usize,
        /// What was given.
        found: f64,
        /// The range, in words.
        expected: &'static str,
    },
    /// Unit costs that differ, and all of the budget to be spent.
    #[error(
        "all of the budget is to be spent, and costs differ: expected costs of 1, because other \
         sums may be out of reach; set the costs to 1, or spend only what is worthwhile"
    )]
    CostsDiffer,
    /// A value that is no number.
    #[error(
        "item {item} with {units} units is worth {found}: expected a finite number; \
         mend the value function there, or tighten the bounds of the item"
    )]
    Value {
        /// Which item, from 0.
        item: usize,
        /// Its units.
        units: u64,
        /// What the value function gave.
        found: f64,
    },
    /// A value that is not concave.
    #[error(
        "unit {units} of item {item} brings {found}, the one before {before}: expected no more \
         than that; take the concave envelope, or the dynamic programme"
    )]
    NotConcave {
        /// Which item, from 0.
        item: usize,
        /// The unit, from 1.
        units: u64,
        /// What it brings.
        found: f64,
        /// What the unit before brought.
        before: f64,
    },
    /// A table that does not fit.
    #[error(
        "the table needs {found} cells: expected at most {expected}; take the greedy, \
         or count the budget in larger units"
    )]
    Table {
        /// Cells needed.
        found: u128,
        /// Cells allowed.
        expected: u128,
    },
    /// Units that cannot be an answer to this division.
    #[error("item {item} has {units} units: expected {lower} to {upper}; change them")]
    Units {
        /// Which item, from 0.
        item: usize,
        /// Its units.
        units: u64,
        /// Least units.
        lower: u64,
        /// Most units.
        upper: u64,
    },
}

/// The number, when it is one.
pub(super) fn finite(item: usize, units: u64, found: f64) -> Result<f64, AllocationError> {
    if found.is_finite() {
        return Ok(found);
    }
    Err(AllocationError::Value { item, units, found })
}
