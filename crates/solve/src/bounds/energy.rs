//! Energy: what a group of resources can do in a window bounds what must be done in it.
//!
//! For tasks with head >= r and tail >= q: makespan >= r + ceil(sum of energies / capacity) + q.
//! All pairs (r, q) are tried, O(n^2), or as many heads as the work limit allows.
//!
//! **Source:** energetic reasoning: Erschler, Lopez 1990; Baptiste, Le Pape, Nuijten 1999.

use super::Item;

/// Least makespan by energy, for tasks that share `capacity`; about `pairs_max` pairs are tried.
pub fn energy_bound(items: &[Item], capacity: i128, pairs_max: usize) -> i64 {
    let mut by_tail: Vec<&Item> = items.iter().filter(|item| item.work > 0).collect();
    by_tail.sort_by_key(|item| std::cmp::Reverse(item.tail));
    let mut heads: Vec<i64> = by_tail.iter().map(|item| item.head).collect();
    heads.sort_unstable();
    heads.dedup();
    let stride = (heads.len() * by_tail.len()).div_ceil(pairs_max.max(1)).max(1);
    let mut bound = 0;
    for &head in heads.iter().step_by(stride) {
        let mut energy = 0;
        for item in by_tail.iter().filter(|item| item.head >= head) {
            energy += item.work;
            let time = (energy + capacity - 1) / capacity;
            bound = bound.max(i128::from(head) + time + i128::from(item.tail));
        }
    }
    i64::try_from(bound).expect("energies of a sealed problem stay below the horizon")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_window_counts() {
        let item = |head, work, tail| Item { head, work, tail };
        let items = [item(0, 2, 0), item(3, 8, 4), item(3, 9, 5)];
        assert_eq!(energy_bound(&items, 4, 100), 3 + 5 + 4);
        assert_eq!(energy_bound(&[], 4, 100), 0);
    }
}
