//! Jackson's preemptive schedule: the one-machine bound with heads and tails.
//!
//! At every instant the available task of longest tail runs; the latest (end + tail) is the best
//! preemptive makespan, hence a bound. O(n log n).
//!
//! **Source:** Jackson 1955; Carlier 1982.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A task of a bound: it cannot start before `head`, takes `work` (duration or energy), and
/// `tail` must follow its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Earliest start, ticks.
    pub head: i64,
    /// Duration in ticks, or energy in ticks × units.
    pub work: i128,
    /// Least time after the end, ticks.
    pub tail: i64,
}

/// Least makespan of tasks that exclude one another, when they may be preempted.
pub fn preemptive_one_machine(items: &[Item]) -> i64 {
    let mut by_head: Vec<&Item> = items.iter().filter(|item| item.work > 0).collect();
    by_head.sort_by_key(|item| Reverse(item.head));
    let mut available: BinaryHeap<(i64, i64)> = BinaryHeap::new();
    let (mut now, mut bound) = (i64::MIN, 0);
    loop {
        while let Some(item) = by_head.pop_if(|item| item.head <= now) {
            available.push((item.tail, item.work as i64));
        }
        let Some((tail, work)) = available.pop() else {
            let Some(next) = by_head.last() else { return bound };
            now = next.head;
            continue;
        };
        let until = by_head.last().map_or(i64::MAX, |next| next.head);
        let done = work.min(until - now);
        now += done;
        if done == work {
            bound = bound.max(now + tail);
        } else {
            available.push((tail, work - done));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(head: i64, work: i128, tail: i64) -> Item {
        Item { head, work, tail }
    }

    #[test]
    fn carliers_seven_jobs_need_49() {
        let heads = [10, 13, 11, 20, 30, 0, 30];
        let works = [5, 6, 7, 4, 3, 6, 2];
        let tails = [7, 26, 24, 21, 8, 17, 0];
        let items: Vec<Item> =
            (0..7).map(|task| item(heads[task], works[task], tails[task])).collect();
        assert_eq!(preemptive_one_machine(&items), 49);
    }

    #[test]
    fn nothing_to_do_takes_no_time() {
        assert_eq!(preemptive_one_machine(&[]), 0);
        assert_eq!(preemptive_one_machine(&[item(5, 0, 9)]), 0);
    }
}
