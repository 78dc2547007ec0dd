//! The seam between a portfolio and what searches in it.
//!
//! **Source:** logical searchers with fixed exchange points as in the deterministic mode of CP-SAT.

use crate::Facts;
use ordine_base::Cost;
use ordine_ls::ListSearch;
use ordine_problem::Schedule;

/// A search that can be resumed and told of better schedules.
///
/// To add one: implement the two required methods, give it to a recipe, and let the recipe's test
/// compare it with the judge.
pub trait Searcher: Send {
    /// Works for about `budget` units or until `should_stop`; gives the units spent, 0 when it
    /// has nothing left to try. Asks `should_stop` about every millisecond.
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64;

    /// The best schedule, if it is better than all that were given or told before.
    fn improvement(&mut self) -> Option<Schedule>;

    /// A bound on the cost of every schedule, if a better one was proved since it was last asked.
    fn bound(&mut self) -> Option<Cost> {
        None
    }

    /// Whether it proved that there is no schedule at all.
    fn is_infeasible(&self) -> bool {
        false
    }

    /// How many levels of the objective, from the first on, it has settled: the incumbent is best
    /// there, and from now on schedules within the tolerance are equally good.
    fn settled(&self) -> usize {
        0
    }

    /// Hears which levels of the objective count as settled, from the first on: by level, the
    /// largest value that is as good as the best. Nothing need have proved them.
    fn settle(&mut self, _floors: &[i64]) {}

    /// Tells what it has proved, since it was last asked, of all schedules that are better.
    fn tell(&mut self, _facts: &mut Facts) {}

    /// Hears what others have proved, at an exchange point.
    fn hear(&mut self, _facts: &Facts) {}

    /// Hears of the incumbent of all, at an exchange point.
    fn consider(&mut self, _incumbent: &Schedule, _cost: &Cost) {}
}

impl Searcher for ListSearch<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        ListSearch::advance(self, budget, should_stop)
    }

    fn improvement(&mut self) -> Option<Schedule> {
        ListSearch::improvement(self)
    }

    fn consider(&mut self, incumbent: &Schedule, _cost: &Cost) {
        ListSearch::consider(self, incumbent);
    }
}
