//! Exact answer for costs that differ: greedy, then a small table over what is undecided.
//!
//! With the greedy's price l and value L, the dual D(l) = W l + sum_i max_n (V_i(n) - l c_i n)
//! bounds every allocation. An item at n units has regret r_i(n) = its maximum - (V_i(n) - l c_i
//! n); where r_i(n) > D - L, no better allocation has n. What remains is an interval per item,
//! mostly one number, and the dynamic programme over it is small.
//!
//! **Source:** Dyer, Frieze 1981; Pisinger 1995 (core of the multiple-choice knapsack).

use super::dynamic::{Stage, check_cells, solve_stages};
use super::greedy::{bounded, dual, peak, run_from};
use super::{Allocation, AllocationError, Division, ItemId, Returns, greedy};
use ordine_base::Id as _;

/// Cells that the table over undecided units may have (256 MiB).
const CORE_CELLS_MAX: u128 = 1 << 25;

/// The way that suits the division: greedy for one cost, else [`exact`]; where its table does not
/// fit, the greedy with its bound.
///
/// # Errors
/// When a value is no number or not concave.
pub fn allocate<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<Allocation, AllocationError> {
    match exact(division, returns) {
        Err(AllocationError::Table { .. }) => greedy(division, returns),
        answer => answer,
    }
}

/// Optimal allocation for concave values and any costs.
///
/// # Errors
/// When a value is no number or not concave, or what the greedy leaves undecided is too large.
pub fn exact<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<Allocation, AllocationError> {
    if division.has_one_cost() {
        return greedy(division, returns);
    }
    let start = division.bounds().iter().map(|it| it.lower()).collect();
    let run = run_from(division, returns, start)?;
    let price = run.price;
    let first = bounded(division, returns, run)?;
    let gap = dual(division, returns, &first.units, price) - first.value;
    let slack = gap + 1e-9 * first.value.abs().max(1.0);
    let ranges: Vec<(u64, u64)> = (0..division.items())
        .map(|index| undecided(division, returns, index, first.units[index], price, slack))
        .collect();
    let units = solve_core(division, returns, &ranges)?;
    let answer = Allocation::valued(division, returns, units)?;
    if answer.value >= first.value {
        return Ok(answer);
    }
    Ok(Allocation { bound: first.value, ..first })
}

/// Least and most units of the item that a better allocation can have.
fn undecided<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    index: usize,
    near: u64,
    price: f64,
    slack: f64,
) -> (u64, u64) {
    let item = ItemId::from_index(index);
    let bounds = division.bounds()[index];
    let rent = price * division.costs()[index] as f64;
    let top = peak(division, returns, item, near, rent);
    let (mut least, mut regret) = (top, 0.0);
    while least > bounds.lower() {
        regret += returns.gain(item, least - 1) - rent;
        if regret > slack {
            break;
        }
        least -= 1;
    }
    let (mut most, mut regret) = (top, 0.0);
    while most < bounds.upper() {
        regret += rent - returns.gain(item, most);
        if regret > slack {
            break;
        }
        most += 1;
    }
    (least, most)
}

fn solve_core<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    ranges: &[(u64, u64)],
) -> Result<Vec<u64>, AllocationError> {
    let mut units: Vec<u64> = ranges.iter().map(|range| range.0).collect();
    let spent: u128 = cost(division, units.iter().copied());
    let span = cost(division, ranges.iter().map(|(least, most)| most - least));
    let Some(left) = u128::from(division.budget()).checked_sub(spent) else {
        return Ok(division.bounds().iter().map(|it| it.lower()).collect());
    };
    let capacity = u64::try_from(left.min(span)).unwrap_or(u64::MAX);
    let core: Vec<usize> = (0..ranges.len()).filter(|&it| ranges[it].0 < ranges[it].1).collect();
    check_cells(core.len(), capacity, CORE_CELLS_MAX)?;
    let stages: Vec<Stage> = core
        .iter()
        .map(|&index| {
            let item = ItemId::from_index(index);
            let (least, most) = ranges[index];
            let values = (least..=most).map(|units| returns.value(item, units)).collect();
            Stage { cost: division.costs()[index] as usize, values }
        })
        .collect();
    for (&index, steps) in core.iter().zip(solve_stages(&stages, capacity as usize, false)) {
        units[index] += steps as u64;
    }
    Ok(units)
}

fn cost(division: &Division, units: impl Iterator<Item = u64>) -> u128 {
    units.zip(division.costs()).map(|(units, &cost)| u128::from(units) * u128::from(cost)).sum()
}
