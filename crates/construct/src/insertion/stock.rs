//! Levels of a reservoir over time.
//!
//! Changes in time order with the level after each; a query looks at the changes from a time on:
//! O(changes).
//!
//! **Source:** reservoirs: Neumann, Schwindt 2002.

use ordine_base::Time;
use ordine_problem::Stock;

/// What is put in or taken out, in time order.
#[derive(Clone, Debug)]
pub(super) struct StockLevels {
    stock: Stock,
    changes: Vec<(Time, i64)>,
}

impl StockLevels {
    pub(super) fn new(stock: Stock) -> Self {
        StockLevels { stock, changes: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.changes.clear();
    }

    /// The end of the last stretch in which the level leaves its bounds when `extra` changes are
    /// made besides; `Err` when it never comes back.
    pub(super) fn first_free(&self, extra: &[(Time, i64)]) -> Result<Option<Time>, ()> {
        let mut level = self.stock.initial;
        let (mut place, mut at) = (0, 0);
        let mut bad = false;
        let mut free = None;
        loop {
            let own = self.changes.get(place).map(|change| change.0);
            let added = extra.get(at).map(|change| change.0);
            let Some(time) = [own, added].into_iter().flatten().min() else { break };
            while let Some(change) = self.changes.get(place).filter(|change| change.0 == time) {
                level += change.1;
                place += 1;
            }
            while let Some(change) = extra.get(at).filter(|change| change.0 == time) {
                level += change.1;
                at += 1;
            }
            let is_bad = level < self.stock.least || level > self.stock.most;
            if bad && !is_bad {
                free = Some(time);
            }
            bad = is_bad;
        }
        if bad { Err(()) } else { Ok(free) }
    }

    pub(super) fn add(&mut self, time: Time, amount: i64) {
        let place = self.changes.partition_point(|change| *change <= (time, amount));
        self.changes.insert(place, (time, amount));
    }

    pub(super) fn remove(&mut self, time: Time, amount: i64) {
        let place = self.changes.partition_point(|change| *change < (time, amount));
        debug_assert_eq!(self.changes.get(place), Some(&(time, amount)));
        self.changes.remove(place);
    }
}
