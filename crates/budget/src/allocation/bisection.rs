//! Price bisection: the greedy's answer without walking through every unit.
//!
//! At price l each item takes the units that bring more than l, found by binary search in its
//! falling gains. The price is halved in until few units are left, which the greedy gives away.
//! O(B log N log 1/e + B log B) for concave values and one cost.
//!
//! **Source:** Everett 1963; Frederickson, Johnson 1982 (selection in sorted rows).

use super::error::finite;
use super::{Allocation, AllocationError, Division, ItemId, Returns, greedy};
use ordine_base::Id as _;

/// Gives all units above a price at once, and the last few one by one.
///
/// The same answer as [`greedy()`] for concave values; concavity is believed, not checked.
///
/// # Errors
/// When a value is no number.
pub fn bisect<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<Allocation, AllocationError> {
    let mut above = first_price(division, returns)?;
    let mut below = 0.0;
    let mut kept = at_price(division, returns, above);
    for _ in 0..100 {
        let price = 0.5 * (above + below);
        if price <= below || price >= above {
            break;
        }
        let units = at_price(division, returns, price);
        let cost = cost_u128(division, &units);
        if cost <= u128::from(division.budget()) {
            above = price;
            kept = units;
            if u128::from(division.budget()) - cost <= division.items() as u128 / 8 {
                break;
            }
        } else {
            below = price;
        }
    }
    let run = greedy::run_from(division, returns, kept)?;
    greedy::bounded(division, returns, run)
}

/// A price at which nobody takes more than the lower bound.
fn first_price<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<f64, AllocationError> {
    let mut price = 0.0_f64;
    for (index, (bounds, &cost)) in division.bounds().iter().zip(division.costs()).enumerate() {
        if bounds.lower() < bounds.upper() {
            let item = ItemId::from_index(index);
            let gain = finite(index, bounds.lower() + 1, returns.gain(item, bounds.lower()))?;
            price = price.max(gain / cost as f64);
        }
    }
    Ok(price)
}

fn at_price<R: Returns + ?Sized>(division: &Division, returns: &R, price: f64) -> Vec<u64> {
    let each = division.bounds().iter().zip(division.costs()).enumerate();
    each.map(|(index, (bounds, &cost))| {
        let item = ItemId::from_index(index);
        units_above(returns, item, bounds.lower(), bounds.upper(), price * cost as f64)
    })
    .collect()
}

/// Units of the item that bring more than the rent, by binary search.
pub(super) fn units_above<R: Returns + ?Sized>(
    returns: &R,
    item: ItemId,
    lower: u64,
    upper: u64,
    rent: f64,
) -> u64 {
    let (mut taken, mut step) = (lower, 1_u64);
    while step > 0 {
        let next = taken.saturating_add(step);
        if next <= upper && returns.gain(item, next - 1) > rent {
            taken = next;
            step = step.saturating_mul(2);
        } else {
            step /= 2;
        }
    }
    taken
}

fn cost_u128(division: &Division, units: &[u64]) -> u128 {
    let each = units.iter().zip(division.costs());
    each.map(|(&units, &cost)| u128::from(units) * u128::from(cost)).sum()
}
