//! Dynamic programme over items and budget, for values of any shape.
//!
//! f_i(w) = max_k V_i(k) + f_(i+1)(w - c_i k), where f_i(w) is the best value of items i, i+1, …
//! within w. Answers are read off from the first item; among equals an item takes as many units as
//! it can, so that ties go to the lowest item as in the greedy. O(B W N) time, O(B W) space.
//!
//! **Source:** Bellman 1957; Dudzinski, Walukiewicz 1987 (multiple choice).

use super::error::finite;
use super::{Allocation, AllocationError, Division, ItemId, Returns};
use ordine_base::Id as _;

/// Most cells of a table (2 GiB).
pub const TABLE_CELLS_MAX: u128 = 1 << 28;

/// One item: what each number of steps costs and brings.
pub(super) struct Stage {
    pub(super) cost: usize,
    /// Value of 0, 1, … steps.
    pub(super) values: Vec<f64>,
}

/// Optimal allocation for values of any shape.
///
/// # Errors
/// When a value is no number, or items times budget exceed [`TABLE_CELLS_MAX`].
pub fn dynamic_programme<R: Returns + ?Sized>(
    division: &Division,
    returns: &R,
) -> Result<Allocation, AllocationError> {
    let lower: Vec<u64> = division.bounds().iter().map(|it| it.lower()).collect();
    let capacity = division.budget() - division.cost_of(&lower);
    check_cells(division.items(), capacity, TABLE_CELLS_MAX)?;
    let mut stages = Vec::with_capacity(division.items());
    for (index, bounds) in division.bounds().iter().enumerate() {
        let cost = division.costs()[index];
        let upper = bounds.upper().min(bounds.lower() + capacity / cost);
        let item = ItemId::from_index(index);
        let values = (bounds.lower()..=upper)
            .map(|units| finite(index, units, returns.value(item, units)))
            .collect::<Result<_, _>>()?;
        let cost = usize::try_from(cost).unwrap_or(usize::MAX);
        stages.push(Stage { cost, values });
    }
    let steps = solve_stages(&stages, capacity as usize, division.spends_all());
    let units = lower.iter().zip(steps).map(|(lower, step)| lower + step as u64).collect();
    Allocation::valued(division, returns, units)
}

/// Whether a table of so many rows fits.
pub(super) fn check_cells(
    items: usize,
    capacity: u64,
    expected: u128,
) -> Result<(), AllocationError> {
    let found = (items as u128 + 1) * (u128::from(capacity) + 1);
    if found > expected {
        return Err(AllocationError::Table { found, expected });
    }
    Ok(())
}

/// Steps of each stage; `whole` asks that the capacity is used up, which must be possible.
pub(super) fn solve_stages(stages: &[Stage], capacity: usize, whole: bool) -> Vec<usize> {
    let width = capacity + 1;
    let mut table = vec![f64::NEG_INFINITY; (stages.len() + 1) * width];
    let last = stages.len() * width;
    table[last] = 0.0;
    if !whole {
        table[last..].fill(0.0);
    }
    for (index, stage) in stages.iter().enumerate().rev() {
        let (head, tail) = table.split_at_mut((index + 1) * width);
        fill_row(stage, &mut head[index * width..], &tail[..width]);
    }
    read_off(stages, &table, capacity)
}

fn fill_row(stage: &Stage, row: &mut [f64], next: &[f64]) {
    for (steps, &value) in stage.values.iter().enumerate() {
        let Some(used) = steps.checked_mul(stage.cost).filter(|&used| used < row.len()) else {
            break;
        };
        for (cell, &rest) in row[used..].iter_mut().zip(next) {
            *cell = cell.max(rest + value);
        }
    }
}

fn read_off(stages: &[Stage], table: &[f64], capacity: usize) -> Vec<usize> {
    let width = capacity + 1;
    let mut left = capacity;
    let mut steps = Vec::with_capacity(stages.len());
    for (index, stage) in stages.iter().enumerate() {
        let best = table[index * width + left];
        let next = &table[(index + 1) * width..(index + 2) * width];
        let near = best - 1e-13 * best.abs().max(1.0);
        let step = (0..stage.values.len())
            .rev()
            .find(|&step| {
                let used = step.saturating_mul(stage.cost);
                used <= left && stage.values[step] + next[left - used] >= near
            })
            .expect("the best of a cell is attained by one of its steps");
        steps.push(step);
        left -= step * stage.cost;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::Bounds;
    use super::*;

    #[test]
    fn values_that_are_not_concave_are_solved_too() {
        let jump = |item: ItemId, units: u64| match (item.index(), units) {
            (0, 3..) => 10.0,
            (0, _) => 0.0,
            (_, units) => 2.0 * units as f64,
        };
        let bounds = Bounds::new(0, 5).expect("lower <= upper");
        let division = Division::uniform(2, 5, bounds).expect("fits");
        let answer = dynamic_programme(&division, &jump).expect("numbers");
        assert_eq!((answer.units, answer.value), (vec![3, 2], 14.0));
        let refused = super::super::greedy(&division, &|item: ItemId, units: u64| {
            if item.index() == 0 { (units * units) as f64 } else { 0.5 * units as f64 }
        });
        assert!(matches!(refused, Err(AllocationError::NotConcave { item: 0, units: 2, .. })));
    }
}
