//! Two searchers in one lane: they take turns and tell each other what they find.
//!
//! **Source:** CP-SAT's interleaved search.

use crate::{Facts, Searcher};
use ordine_base::Cost;
use ordine_problem::{Problem, Schedule};

/// Searchers that take turns.
pub struct Turns<'a> {
    problem: &'a Problem,
    searchers: Vec<Box<dyn Searcher + 'a>>,
    next: usize,
    best: Option<Cost>,
    found: Option<Schedule>,
}

impl<'a> Turns<'a> {
    /// Searchers on one problem; the first begins.
    pub fn new(problem: &'a Problem, searchers: Vec<Box<dyn Searcher + 'a>>) -> Self {
        Turns { problem, searchers, next: 0, best: None, found: None }
    }

    fn take(&mut self, index: usize, schedule: Schedule) {
        let cost = schedule.cost(self.problem);
        if self.best.as_ref().is_some_and(|best| *best <= cost) {
            return;
        }
        for (other, searcher) in self.searchers.iter_mut().enumerate() {
            if other != index {
                searcher.consider(&schedule, &cost);
            }
        }
        self.best = Some(cost);
        self.found = Some(schedule);
    }
}

impl Searcher for Turns<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        // One that has nothing to do leaves its turn to the next.
        for _ in 0..self.searchers.len() {
            let index = self.next;
            self.next = (index + 1) % self.searchers.len();
            let work = self.searchers[index].advance(budget, should_stop);
            if let Some(schedule) = self.searchers[index].improvement() {
                self.take(index, schedule);
            }
            if work > 0 || should_stop() {
                return work;
            }
        }
        0
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn tell(&mut self, facts: &mut Facts) {
        self.searchers.iter_mut().for_each(|searcher| searcher.tell(facts));
    }

    fn hear(&mut self, facts: &Facts) {
        self.searchers.iter_mut().for_each(|searcher| searcher.hear(facts));
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        if self.best.as_ref().is_none_or(|best| cost < best) {
            self.best = Some(cost.clone());
            self.found = None;
        }
        for searcher in &mut self.searchers {
            searcher.consider(incumbent, cost);
        }
    }
}
