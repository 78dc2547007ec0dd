//! Levels of a reservoir over time.
//!
//! Changes in time order with the level after each; a query looks at the changes from a time on:
//! O(changes). Only the sum of an instant counts, and only instants at which a task that is not
//! done changes the level are judged.
//!
//! **Source:** reservoirs: Neumann, Schwindt 2002; resolving by delays: Neumann, Schwindt,
//! Zimmermann 2003.

use ordine_base::Time;
use ordine_problem::Stock;

/// What is put in or taken out, when, and whether by a task that is not done.
pub(super) type Change = (Time, i64, bool);

/// What is put in or taken out, in time order.
#[derive(Clone, Debug)]
pub(super) struct StockLevels {
    stock: Stock,
    changes: Vec<Change>,
}

/// A level outside its bounds, and the next time at which somebody makes it better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) time: Time,
    pub(super) is_low: bool,
    pub(super) relief: Option<Time>,
}

impl StockLevels {
    pub(super) fn new(stock: Stock) -> Self {
        StockLevels { stock, changes: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.changes.clear();
    }

    fn is_bad(&self, level: i64) -> bool {
        level < self.stock.least || level > self.stock.most
    }

    /// The end of the last stretch in which the level leaves its bounds when `extra` changes are
    /// made besides, from the first of them on; `Err` when it never comes back.
    pub(super) fn first_free(&self, extra: &[(Time, i64)]) -> Result<Option<Time>, ()> {
        let Some(&(first, _)) = extra.first() else { return Ok(None) };
        let mut place = self.changes.partition_point(|change| change.0 < first);
        let before: i64 = self.changes[..place].iter().map(|change| change.1).sum();
        let (mut level, mut at) = (self.stock.initial + before, 0);
        let mut bad = false;
        let mut free = None;
        loop {
            let own = self.changes.get(place).map(|change| change.0);
            let added = extra.get(at).map(|change| change.0);
            let Some(time) = [own, added].into_iter().flatten().min() else { break };
            let mut is_judged = false;
            while let Some(change) = self.changes.get(place).filter(|change| change.0 == time) {
                level += change.1;
                is_judged |= change.2;
                place += 1;
            }
            while let Some(change) = extra.get(at).filter(|change| change.0 == time) {
                level += change.1;
                is_judged = true;
                at += 1;
            }
            let is_bad = self.is_bad(level);
            if bad && !is_bad {
                free = Some(time);
            }
            bad = is_bad && (bad || is_judged);
        }
        if bad { Err(()) } else { Ok(free) }
    }

    /// The first judged instant at which the level is outside its bounds.
    pub(super) fn breach(&self) -> Option<Breach> {
        let mut level = self.stock.initial;
        let mut instants = self.changes.chunk_by(|left, right| left.0 == right.0);
        let bad = instants.by_ref().find(|now| {
            level += now.iter().map(|change| change.1).sum::<i64>();
            self.is_bad(level) && now.iter().any(|change| change.2)
        })?;
        let is_low = level < self.stock.least;
        let mut later = instants.flatten();
        let relief = later.find(|change| (change.1 > 0) == is_low).map(|change| change.0);
        Some(Breach { time: bad[0].0, is_low, relief })
    }

    pub(super) fn add(&mut self, change: Change) {
        let place = self.changes.partition_point(|known| *known <= change);
        self.changes.insert(place, change);
    }

    pub(super) fn remove(&mut self, change: Change) {
        let place = self.changes.partition_point(|known| *known < change);
        debug_assert_eq!(self.changes.get(place), Some(&change));
        self.changes.remove(place);
    }
}
