//! Continuous relaxation: real units, one price.
//!
//! At the optimum every item between its bounds has slope V_i'(n_i) = l c_i (its price); items
//! whose slope is below at the lower bound stay there, and so above. Bisection on l, and inside on
//! each n_i. O(B log² 1/e).
//!
//! **Source:** Karush 1939, Kuhn and Tucker 1951; Everett 1963.

use super::{AllocationError, Division, ItemId};
use ordine_base::Id as _;

/// What an item returns for a real number of units.
pub trait Smooth {
    /// Slope of the item's value at so many units: falling in them, 0 or more.
    fn slope(&self, item: ItemId, units: f64) -> f64;
}

impl<F: Fn(ItemId, f64) -> f64> Smooth for F {
    fn slope(&self, item: ItemId, units: f64) -> f64 {
        self(item, units)
    }
}

/// Real units and the price at which they balance.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxed {
    /// Units of each item.
    pub units: Vec<f64>,
    /// Value of a further unit of budget.
    pub price: f64,
}

/// Divides the budget in real units; what the upper bounds leave over stays unspent.
///
/// # Errors
/// When a slope at a lower bound is no number.
pub fn relax<S: Smooth + ?Sized>(
    division: &Division,
    smooth: &S,
) -> Result<Relaxed, AllocationError> {
    let budget = division.budget() as f64;
    let cost = |units: &[f64]| -> f64 {
        units.iter().zip(division.costs()).map(|(units, &cost)| units * cost as f64).sum()
    };
    let mut above = first_price(division, smooth)?;
    let mut below = 0.0;
    let free = at_price(division, smooth, below);
    if cost(&free) <= budget {
        return Ok(Relaxed { units: free, price: 0.0 });
    }
    for _ in 0..200 {
        let price = 0.5 * (above + below);
        if price <= below || price >= above {
            break;
        }
        if cost(&at_price(division, smooth, price)) > budget {
            below = price;
        } else {
            above = price;
        }
    }
    let (scarce, ample) = (at_price(division, smooth, above), at_price(division, smooth, below));
    let (low, high) = (cost(&scarce), cost(&ample));
    let share = if high > low { (budget - low) / (high - low) } else { 0.0 };
    let units = scarce.iter().zip(&ample).map(|(low, high)| low + share * (high - low)).collect();
    Ok(Relaxed { units, price: above })
}

fn first_price<S: Smooth + ?Sized>(
    division: &Division,
    smooth: &S,
) -> Result<f64, AllocationError> {
    let mut price = 0.0_f64;
    for (index, (bounds, &cost)) in division.bounds().iter().zip(division.costs()).enumerate() {
        let slope = smooth.slope(ItemId::from_index(index), bounds.lower() as f64);
        if !slope.is_finite() || slope < 0.0 {
            return Err(AllocationError::Parameter {
                name: "slope at the lower bound",
                item: index,
                found: slope,
                expected: "a finite number from 0 up",
            });
        }
        price = price.max(slope / cost as f64);
    }
    Ok(price)
}

fn at_price<S: Smooth + ?Sized>(division: &Division, smooth: &S, price: f64) -> Vec<f64> {
    let each = division.bounds().iter().zip(division.costs()).enumerate();
    each.map(|(index, (bounds, &cost))| {
        let item = ItemId::from_index(index);
        let rent = price * cost as f64;
        let (mut low, mut high) = (bounds.lower() as f64, bounds.upper() as f64);
        if smooth.slope(item, high) >= rent {
            return high;
        }
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if smooth.slope(item, middle) > rent {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Bounds;
    use super::*;

    #[test]
    fn square_root_values_share_by_the_square_of_their_weights() {
        let weights = [1.0_f64, 2.0, 3.0];
        let slope = |item: ItemId, units: f64| weights[item.index()] / (2.0 * units.sqrt());
        let bounds = Bounds::new(1, 1000).expect("lower <= upper");
        let division = Division::uniform(3, 140, bounds).expect("fits");
        let relaxed = relax(&division, &slope).expect("finite slopes");
        for (units, expected) in relaxed.units.iter().zip([10.0, 40.0, 90.0]) {
            assert!((units - expected).abs() < 1e-6, "{relaxed:?}");
        }
        assert!((relaxed.price - 0.5 / 10.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_slope_without_end_is_refused() {
        let slope = |_: ItemId, units: f64| 1.0 / units;
        let bounds = Bounds::new(0, 10).expect("lower <= upper");
        let division = Division::uniform(3, 14, bounds).expect("fits");
        assert!(relax(&division, &slope).is_err());
    }
}
