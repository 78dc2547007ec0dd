//! Marginal greedy: the next unit goes where it brings most per cost.
//!
//! A heap holds the gain V_i(n_i + 1) - V_i(n_i) per cost of each item. For concave values and one
//! cost the greedy is optimal, because its units are the W largest gains and each item's come in
//! order. For costs that differ, value so far + what is left x first gain that does not fit bounds
//! every allocation (Dantzig); smaller units then fill what is left. O(B + W log B).
//!
//! **Source:** Fox 1966, theorem 1; Dantzig 1957 (bound).

use super::error::finite;
use super::{Allocation, AllocationError, Division, ItemId, Returns};
use ordine_base::Id as _;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// The best next unit of one item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) density: f64,
    pub(super) item: u32,
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.density.total_cmp(&other.density).then(other.item.cmp(&self.item))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Offer {}

/// What the greedy did, with the gain per cost of the first unit that did not fit.
pub(super) struct Run {
    pub(super) units: Vec<u64>,
    /// Price of the budget: units that bring more per cost were all taken.
    pub(super) price: f64,
}

/// Gives the units away one by one.
///
/// Optimal for concave values when each unit costs the same; otherwise feasible, with a bound.
///
/// # Errors
/// When a value is no number or not concave.
pub fn greedy<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<Allocation, AllocationError> {
    let start = division.bounds().iter().map(|it| it.lower()).collect();
    let run = run_from(division, returns, start)?;
    bounded(division, returns, run)
}

/// Values what the greedy did and bounds what anybody could do.
pub(super) fn bounded<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    run: Run,
) -> Result<Allocation, AllocationError> {
    let mut answer = Allocation::valued(division, returns, run.units)?;
    if !division.has_one_cost() {
        answer.bound = answer.value.max(dual(division, returns, &answer.units, run.price));
    }
    Ok(answer)
}

/// The dual bound W price + sum_i max_n (V_i(n) - price c_i n).
///
/// The maximum of each item is found by walking from `near`.
pub(super) fn dual<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    near: &[u64],
    price: f64,
) -> f64 {
    let mut bound = price * division.budget() as f64;
    for (index, &near) in near.iter().enumerate() {
        let item = ItemId::from_index(index);
        let rent = price * division.costs()[index] as f64;
        let best = peak(division, returns, item, near, rent);
        bound += returns.value(item, best) - rent * best as f64;
    }
    bound
}

/// Units of the item where its next unit no longer earns the rent.
pub(super) fn peak<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    item: ItemId,
    near: u64,
    rent: f64,
) -> u64 {
    let bounds = division.bounds()[item.index()];
    let mut units = near;
    while units < bounds.upper() && returns.gain(item, units) > rent {
        units += 1;
    }
    while units > bounds.lower() && returns.gain(item, units - 1) < rent {
        units -= 1;
    }
    units
}

/// Goes on from `units`, which cost no more than the budget.
pub(super) fn run_from<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    mut units: Vec<u64>,
) -> Result<Run, AllocationError> {
    let floor = if division.spends_all() { f64::NEG_INFINITY } else { 0.0 };
    let mut left = division.budget() - division.cost_of(&units);
    let mut price = None;
    let mut heap = offers(division, returns, &units)?;
    while let Some(top) = heap.peek_mut() {
        let Offer { density, item } = *top;
        let index = item as usize;
        let cost = division.costs()[index];
        if left == 0 || density <= floor {
            price = price.or(Some(density.max(0.0)));
            break;
        }
        if cost > left {
            price = price.or(Some(density));
            PeekMut::pop(top);
            continue;
        }
        left -= cost;
        units[index] += 1;
        renew(division, returns, units[index], top)?;
    }
    Ok(Run { units, price: price.unwrap_or(0.0) })
}

fn offers<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    units: &[u64],
) -> Result<BinaryHeap<Offer>, AllocationError> {
    let mut offers = Vec::with_capacity(units.len());
    for (index, (&held, bounds)) in units.iter().zip(division.bounds()).enumerate() {
        if held < bounds.upper() {
            let gain = finite(index, held + 1, returns.gain(ItemId::from_index(index), held))?;
            let density = gain / division.costs()[index] as f64;
            offers.push(Offer { density, item: index as u32 });
        }
    }
    Ok(offers.into())
}

/// Puts the item's next unit in place of the one it just got.
fn renew<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
    held: u64,
    mut top: PeekMut<'_, Offer>,
) -> Result<(), AllocationError> {
    let index = top.item as usize;
    if held == division.bounds()[index].upper() {
        PeekMut::pop(top);
        return Ok(());
    }
    let gain = finite(index, held + 1, returns.gain(ItemId::from_index(index), held))?;
    let density = gain / division.costs()[index] as f64;
    if density > top.density + 1e-9 * top.density.abs() + 1e-12 {
        let before = top.density * division.costs()[index] as f64;
        let (item, units) = (index, held + 1);
        return Err(AllocationError::NotConcave { item, units, found: gain, before });
    }
    top.density = density;
    Ok(())
}
