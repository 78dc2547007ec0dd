//! The proof engine as a lane of a portfolio: it pauses between levels, and keeps within its share
//! of the memory.
//!
//! **Source:** -

use super::decisions::{is_settled, slice};
use crate::lowering::Lowered;
use crate::{Context, Lane, ProofSearch, Searcher};
use ordine_base::Cost;
use ordine_problem::Schedule;

/// The prover's share of the memory is one of so many.
const MEMORY_SHARES: u64 = 2;

/// The prover's share of the memory, if that is bounded.
fn memory(context: &Context<'_>) -> Option<u64> {
    context.memory().map(|bytes| bytes / MEMORY_SHARES)
}

/// Whether the model of the problem fits into the prover's share of the memory.
pub(super) fn fits_in_memory(context: &Context<'_>) -> bool {
    memory(context).is_none_or(|bytes| Lowered::bytes(context.problem()) <= bytes)
}

/// A prover from the incumbent on.
pub(super) fn of<'p>(context: &Context<'p>) -> ProofSearch<'p> {
    let incumbent = context.incumbent();
    let known = incumbent.as_ref().map(|(cost, schedule)| (&**schedule, cost));
    ProofSearch::new(context.problem(), known).within(memory(context).unwrap_or(u64::MAX))
}

/// The lane of a prover until it has nothing left to do, or until a level is settled.
pub(super) fn lane<'a>(
    search: &'a mut ProofSearch<'_>,
    context: &'a Context<'_>,
    level: Option<usize>,
) -> Lane<'a> {
    Lane { name: "learning", searcher: Box::new(Prover { search, context, level }) }
}

/// A prover that pauses when its level is settled, and tells when it runs out of memory.
struct Prover<'a, 'p, 'x> {
    search: &'a mut ProofSearch<'p>,
    context: &'a Context<'x>,
    level: Option<usize>,
}

impl Searcher for Prover<'_, '_, '_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if is_settled(self.context, self.level) {
            return 0;
        }
        let work = self.search.advance(slice(budget, self.level), should_stop);
        if self.search.is_out_of_memory() {
            self.context.note_short_memory();
        }
        work
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.search.improvement()
    }

    fn bound(&mut self) -> Option<Cost> {
        self.search.bound()
    }

    fn is_infeasible(&self) -> bool {
        self.search.is_infeasible()
    }

    fn settled(&self) -> usize {
        self.search.settled()
    }

    fn settle(&mut self, floors: &[i64]) {
        self.search.settle(floors);
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        self.search.consider(incumbent, cost);
    }
}
