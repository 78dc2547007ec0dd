//! Several resources at once: prices by subgradients, units by repair.
//!
//! ```text
//! maximize sum_i V_i(n_i)  subject to  sum_i a_ir n_i <= b_r for every resource r
//! ```
//!
//! For prices l >= 0 the dual D(l) = l·b + sum_i max_n (V_i(n) - l·a_i n) bounds every allocation.
//! Polyak steps lower it; at each improvement the units at these prices are made to fit (prices
//! raised together, then the best units in) and the best answer is kept. O(rounds B (m + log N)).
//!
//! **Source:** Fisher 1981 (Lagrangian relaxation); Polyak 1969 (step length).

use super::bisection::units_above;
use super::error::finite;
use super::greedy::Offer;
use super::{AllocationError, Bounds, ItemId, Returns};
use ordine_base::Id as _;
use std::collections::BinaryHeap;

/// Budgets of several resources to be divided at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDivision {
    budgets: Vec<u64>,
    bounds: Vec<Bounds>,
    /// Per item: what one unit uses of each resource.
    uses: Vec<Vec<u64>>,
}

/// How several resources were divided.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceAllocation {
    /// Units of each item.
    pub units: Vec<u64>,
    /// Value of all items together.
    pub value: f64,
    /// No allocation is worth more than this.
    pub bound: f64,
    /// Price of each resource: value of a further unit of it.
    pub prices: Vec<f64>,
    /// What is left of each resource.
    pub left: Vec<u64>,
}

impl ResourceDivision {
    /// These budgets over items with bounds, each using so much of every resource per unit.
    ///
    /// # Errors
    /// When there are no items, lists differ in length, an item uses nothing at all, or the lower
    /// bounds use more than there is.
    pub fn new(
        budgets: Vec<u64>,
        bounds: Vec<Bounds>,
        uses: Vec<Vec<u64>>,
    ) -> Result<Self, AllocationError> {
        if bounds.is_empty() {
            return Err(AllocationError::NoItems);
        }
        let (found, expected) = (uses.len(), bounds.len());
        if found != expected {
            return Err(AllocationError::Count { name: "uses", found, expected });
        }
        for (item, uses) in uses.iter().enumerate() {
            let (found, expected) = (uses.len(), budgets.len());
            if found != expected {
                return Err(AllocationError::Count { name: "uses of an item", found, expected });
            }
            if uses.iter().all(|&it| it == 0) {
                let (name, expected) = ("use", "some of one resource at least");
                return Err(AllocationError::Parameter { name, item, found: 0.0, expected });
            }
        }
        for (resource, &budget) in budgets.iter().enumerate() {
            let each = bounds.iter().zip(&uses);
            let needed: u128 =
                each.map(|(it, uses)| u128::from(it.lower()) * u128::from(uses[resource])).sum();
            if needed > u128::from(budget) {
                return Err(AllocationError::TooSmall { needed, budget });
            }
        }
        Ok(ResourceDivision { budgets, bounds, uses })
    }

    fn rent(&self, item: usize, prices: &[f64]) -> f64 {
        self.uses[item].iter().zip(prices).map(|(&uses, price)| uses as f64 * price).sum()
    }

    /// What is left of each resource, below zero where too much is used.
    fn left(&self, units: &[u64]) -> Vec<i128> {
        let mut left: Vec<i128> = self.budgets.iter().map(|&it| i128::from(it)).collect();
        for (uses, &units) in self.uses.iter().zip(units) {
            for (left, &uses) in left.iter_mut().zip(uses) {
                *left -= i128::from(uses) * i128::from(units);
            }
        }
        left
    }

    /// Most units of the item that its budgets allow on their own.
    fn ceiling(&self, item: usize) -> u64 {
        let uses = self.uses[item].iter().zip(&self.budgets);
        let fits = uses.filter(|(uses, _)| **uses > 0).map(|(uses, budget)| budget / uses).min();
        self.bounds[item].upper().min(fits.unwrap_or(u64::MAX)).max(self.bounds[item].lower())
    }
}

/// Divides several resources among items with concave values.
///
/// `rounds` steps of the price search are made; 200 to 500 bring the bound close.
///
/// # Errors
/// When a value is no number.
pub fn allocate_resources<R: Returns + ?Sized>(
    division: &ResourceDivision,
    returns: &R,
    rounds: u32,
) -> Result<ResourceAllocation, AllocationError> {
    let lower: Vec<u64> = division.bounds.iter().map(|it| it.lower()).collect();
    let mut best = filled(division, returns, lower, &vec![0.0; division.budgets.len()])?;
    let mut prices = first_prices(division, returns)?;
    let (mut scale, mut idle) = (1.0, 0);
    for _ in 0..rounds.max(1) {
        let (bound, units) = dual(division, returns, &prices);
        let left = division.left(&units);
        idle += 1;
        if bound < best.bound {
            (best.bound, best.prices, idle) = (bound, prices.clone(), 0);
            let repaired = repair(division, returns, units, &prices);
            let answer = filled(division, returns, repaired, &prices)?;
            if answer.value > best.value {
                best = ResourceAllocation { bound, prices: best.prices, ..answer };
            }
        }
        if idle >= 10 {
            (scale, idle) = (scale * 0.5, 0);
            prices.clone_from(&best.prices);
        }
        if best.bound - best.value <= 1e-12 * best.value.abs().max(1.0) {
            break;
        }
        step(division, &mut prices, &left, scale * (bound - best.value));
    }
    best.bound = best.bound.max(best.value);
    Ok(best)
}

/// Prices at which about nobody takes a further unit: each resource pays its share.
fn first_prices<R: Returns + ?Sized>(
    division: &ResourceDivision,
    returns: &R,
) -> Result<Vec<f64>, AllocationError> {
    let mut gain = 0.0;
    for (index, bounds) in division.bounds.iter().enumerate() {
        let item = ItemId::from_index(index);
        let first = returns.value(item, bounds.lower());
        let last = returns.value(item, division.ceiling(index));
        gain += finite(index, division.ceiling(index), last - first)?.max(0.0);
    }
    let share = gain / division.budgets.len().max(1) as f64;
    Ok(division.budgets.iter().map(|&budget| share / budget.max(1) as f64).collect())
}

fn dual<R: Returns + ?Sized>(
    division: &ResourceDivision,
    returns: &R,
    prices: &[f64],
) -> (f64, Vec<u64>) {
    let budgets = division.budgets.iter().zip(prices);
    let mut bound: f64 = budgets.map(|(&budget, price)| budget as f64 * price).sum();
    let mut units = Vec::with_capacity(division.bounds.len());
    for (index, bounds) in division.bounds.iter().enumerate() {
        let item = ItemId::from_index(index);
        let rent = division.rent(index, prices);
        let taken = units_above(returns, item, bounds.lower(), division.ceiling(index), rent);
        bound += returns.value(item, taken) - rent * taken as f64;
        units.push(taken);
    }
    (bound, units)
}

/// One step of the prices, each resource measured in shares of its budget.
fn step(division: &ResourceDivision, prices: &mut [f64], left: &[i128], gap: f64) {
    let shares: Vec<f64> = left
        .iter()
        .zip(&division.budgets)
        .map(|(&left, &budget)| -(left as f64) / budget.max(1) as f64)
        .collect();
    let norm: f64 = shares.iter().map(|share| share * share).sum();
    if norm <= 0.0 {
        return;
    }
    for ((price, share), &budget) in prices.iter_mut().zip(&shares).zip(&division.budgets) {
        *price = (*price + gap / norm * share / budget.max(1) as f64).max(0.0);
    }
}

/// Units that fit: the same prices, raised together until they do.
///
/// Overused resources whose price is zero get a little first, so that raising helps.
fn repair<R: Returns + ?Sized>(
    division: &ResourceDivision,
    returns: &R,
    units: Vec<u64>,
    prices: &[f64],
) -> Vec<u64> {
    let left = division.left(&units);
    if left.iter().all(|&it| it >= 0) {
        return units;
    }
    let wealth = wealth(division, prices).max(1e-9);
    let budgets = left.iter().zip(&division.budgets);
    let little =
        budgets.map(|(&left, &budget)| if left < 0 { 0.05 / budget.max(1) as f64 } else { 0.0 });
    let base: Vec<f64> = prices.iter().zip(little).map(|(p, share)| p + share * wealth).collect();
    let at = |scale: f64| {
        let raised: Vec<f64> = base.iter().map(|price| price * scale).collect();
        dual(division, returns, &raised).1
    };
    let fits = |units: &[u64]| division.left(units).iter().all(|&it| it >= 0);
    let (mut low, mut high) = (1.0, 2.0);
    let mut kept = at(high);
    while !fits(&kept) {
        if high > 1e12 {
            return division.bounds.iter().map(|it| it.lower()).collect();
        }
        (low, high) = (high, high * 4.0);
        kept = at(high);
    }
    for _ in 0..12 {
        let middle = 0.5 * (low + high);
        let units = at(middle);
        if fits(&units) {
            (high, kept) = (middle, units);
        } else {
            low = middle;
        }
    }
    kept
}

/// Gives what is left to the units that bring most for their rent, as long as they fit.
fn filled<R: Returns + ?Sized>(
    division: &ResourceDivision,
    returns: &R,
    mut units: Vec<u64>,
    prices: &[f64],
) -> Result<ResourceAllocation, AllocationError> {
    let mut left = division.left(&units);
    let wealth = wealth(division, prices);
    let offer = |item: usize, held: u64| {
        let gain = returns.gain(ItemId::from_index(item), held);
        let wanted = held < division.bounds[item].upper() && gain > 0.0;
        let density = gain / density_base(division, item, prices, wealth);
        wanted.then_some(Offer { density, item: item as u32 })
    };
    let mut heap: BinaryHeap<Offer> =
        units.iter().enumerate().filter_map(|(item, &held)| offer(item, held)).collect();
    while let Some(Offer { item, .. }) = heap.pop() {
        let item = item as usize;
        let mut uses = division.uses[item].iter().zip(&left);
        if !uses.all(|(&uses, &left)| i128::from(uses) <= left) {
            continue;
        }
        units[item] += 1;
        for (left, &uses) in left.iter_mut().zip(&division.uses[item]) {
            *left -= i128::from(uses);
        }
        heap.extend(offer(item, units[item]));
    }
    let mut value = 0.0;
    for (index, &held) in units.iter().enumerate() {
        value += finite(index, held, returns.value(ItemId::from_index(index), held))?;
    }
    let left = left.iter().map(|&it| u64::try_from(it).unwrap_or(0)).collect();
    Ok(ResourceAllocation { units, value, bound: f64::INFINITY, prices: prices.to_vec(), left })
}

/// What all budgets are worth at these prices.
fn wealth(division: &ResourceDivision, prices: &[f64]) -> f64 {
    prices.iter().zip(&division.budgets).map(|(price, &budget)| price * budget as f64).sum()
}

/// Rent of a unit, with a little of every resource so that nothing is free.
fn density_base(division: &ResourceDivision, item: usize, prices: &[f64], wealth: f64) -> f64 {
    let each = division.uses[item].iter().zip(&division.budgets);
    let share: f64 = each.map(|(&uses, &budget)| uses as f64 / budget.max(1) as f64).sum();
    division.rent(item, prices) + share * (1e-3 * wealth).max(1e-12)
}
