//! The answer: units per item, its proof, and what one unit more or less would do.
//!
//! The shadow price is the value of the next unit of budget, max_i (V_i(n_i + 1) - V_i(n_i)) / c_i;
//! the last unit was worth min_i (V_i(n_i) - V_i(n_i - 1)) / c_i. O(B).
//!
//! **Source:** Everett 1963, generalized Lagrange multipliers.

use super::error::finite;
use super::{AllocationError, Division, ItemId, Returns};
use ordine_base::Id as _;

/// How a budget was divided.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// Units of each item.
    pub units: Vec<u64>,
    /// Value of all items together.
    pub value: f64,
    /// No allocation is worth more than this.
    pub bound: f64,
    /// What the units cost.
    pub spent: u64,
    /// Value per budget unit of giving one more unit where it brings most; none when every item is
    /// at its upper bound.
    pub one_more: Option<f64>,
    /// Value per budget unit of taking one unit where it is missed least; none when every item is
    /// at its lower bound.
    pub one_less: Option<f64>,
}

impl Allocation {
    /// Values the units, which the division allows.
    pub(super) fn valued<R: Returns + ?Sized>(
        division: &Division,
        returns: &R,
        units: Vec<u64>,
    ) -> Result<Self, AllocationError> {
        let mut answer = Allocation {
            value: 0.0,
            bound: 0.0,
            spent: division.cost_of(&units),
            one_more: None,
            one_less: None,
            units,
        };
        for index in 0..division.items() {
            let item = ItemId::from_index(index);
            let held = answer.units[index];
            answer.value += finite(index, held, returns.value(item, held))?;
            let step = step(division, returns, item, held);
            answer.one_more = larger(answer.one_more, step.one_more, f64::max);
            answer.one_less = larger(answer.one_less, step.one_less, f64::min);
        }
        answer.bound = answer.value;
        Ok(answer)
    }

    /// Whether no allocation is worth more, but for rounding.
    pub fn is_optimal(&self) -> bool {
        self.gap() <= 1e-9 * self.bound.abs().max(1.0)
    }

    /// How far the optimum can be away.
    pub fn gap(&self) -> f64 {
        (self.bound - self.value).max(0.0)
    }
}

fn larger(one: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(pick(one, other)),
        (one, other) => one.or(other),
    }
}

/// One item of an answer, explained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marginal {
    /// Which item.
    pub item: ItemId,
    /// Its units.
    pub units: u64,
    /// What one more unit would bring, per budget unit; none at the upper bound.
    pub one_more: Option<f64>,
    /// What its last unit brought, per budget unit; none at the lower bound.
    pub one_less: Option<f64>,
}

/// What one more and one less unit would do to each item.
///
/// # Errors
/// When the answer does not belong to the division.
pub fn marginals<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    answer: &Allocation,
) -> Result<Vec<Marginal>, AllocationError> {
    let (found, expected) = (answer.units.len(), division.items());
    if found != expected {
        return Err(AllocationError::Count { name: "units", found, expected });
    }
    let each = answer.units.iter().zip(division.bounds()).enumerate();
    each.map(|(item, (&units, bounds))| {
        let (lower, upper) = (bounds.lower(), bounds.upper());
        if !(lower..=upper).contains(&units) {
            return Err(AllocationError::Units { item, units, lower, upper });
        }
        Ok(step(division, returns, ItemId::from_index(item), units))
    })
    .collect()
}

fn step<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    item: ItemId,
    units: u64,
) -> Marginal {
    let bounds = division.bounds()[item.index()];
    let per_cost = |gain: f64| gain / division.costs()[item.index()] as f64;
    let one_more = (units < bounds.upper()).then(|| per_cost(returns.gain(item, units)));
    let one_less = (units > bounds.lower()).then(|| per_cost(returns.gain(item, units - 1)));
    Marginal { item, units, one_more, one_less }
}
