//! The proof engine as a lane of a portfolio: it lowers the problem when its turn comes, pauses
//! between levels, and keeps within its share of the memory.
//!
//! **Source:** -

use super::decisions::{is_settled, slice};
use crate::lowering::{Cut, Lowered};
use crate::{Context, Facts, JointParameters, JointProof, Lane, ProofSearch, Searcher};
use ordine_base::Cost;
use ordine_problem::Schedule;

/// The prover's share of the memory is one of so many, and so is that of a search of neighborhoods.
const MEMORY_SHARES: u64 = 3;

/// Bytes that a model may take where nobody bounds the memory.
const MODEL_BYTES_MAX: u64 = 1 << 28;

/// Bytes that a prover may hold.
pub(super) fn memory(context: &Context<'_>) -> u64 {
    context.memory().map_or(u64::MAX, |bytes| bytes / MEMORY_SHARES)
}

/// Bytes that the model of a prover, or of a search of neighborhoods, may take.
pub(super) fn model_memory(context: &Context<'_>) -> u64 {
    memory(context).min(MODEL_BYTES_MAX)
}

/// A prover that lowers the problem when its first turn comes.
pub(super) struct LazyProof<'p> {
    model_bytes: u64,
    parameters: JointParameters,
    search: Option<JointProof<'p>>,
    is_too_large: bool,
}

impl<'p> LazyProof<'p> {
    /// A prover whose model takes about so many bytes at most.
    pub(super) fn within(model_bytes: u64) -> Self {
        let parameters = JointParameters::ALONE;
        LazyProof { model_bytes, parameters, search: None, is_too_large: false }
    }

    /// The same, joined by failure-directed search.
    pub(super) fn joined(self, parameters: JointParameters) -> Self {
        LazyProof { parameters, ..self }
    }

    /// The search, from the incumbent on; `None` if there is no time or memory to lower the
    /// problem.
    fn search(
        &mut self,
        context: &Context<'p>,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Option<&mut JointProof<'p>> {
        if self.search.is_none() && !self.is_too_large {
            let (problem, incumbent) = (context.problem(), context.incumbent());
            let known = incumbent.as_ref().map(|(cost, schedule)| (&**schedule, cost));
            let latest = ProofSearch::latest(problem, known);
            match Lowered::within(problem, latest, self.model_bytes, should_stop) {
                Ok(lowered) => {
                    let learning = ProofSearch::on(lowered, known).within(memory(context));
                    let mut search = JointProof::new(
                        problem,
                        learning,
                        known,
                        self.parameters,
                        self.model_bytes,
                    );
                    search.settle(&context.floors());
                    self.search = Some(search);
                }
                Err(Cut::Stopped) => {}
                Err(Cut::TooLarge) => {
                    self.is_too_large = true;
                    context.note_short_memory();
                }
            }
        }
        self.search.as_mut()
    }

    pub(super) fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        if let Some(search) = &mut self.search {
            search.consider(incumbent, cost);
        }
    }

    pub(super) fn settle(&mut self, floors: &[i64]) {
        if let Some(search) = &mut self.search {
            search.settle(floors);
        }
    }
}

/// The lane of a prover until it has nothing left to do, or until a level is settled.
pub(super) fn lane<'a, 'p>(
    proof: &'a mut LazyProof<'p>,
    context: &'a Context<'p>,
    level: Option<usize>,
) -> Lane<'a> {
    Lane { name: "learning", searcher: Box::new(Prover { proof, context, level }) }
}

/// A prover that pauses when its level is settled, and tells when it runs out of memory.
struct Prover<'a, 'p> {
    proof: &'a mut LazyProof<'p>,
    context: &'a Context<'p>,
    level: Option<usize>,
}

impl Searcher for Prover<'_, '_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if is_settled(self.context, self.level) {
            return 0;
        }
        let Some(search) = self.proof.search(self.context, should_stop) else { return 0 };
        let work = search.advance(slice(budget, self.level), should_stop);
        if search.learning().is_out_of_memory() {
            self.context.note_short_memory();
        }
        work
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.proof.search.as_mut()?.improvement()
    }

    fn bound(&mut self) -> Option<Cost> {
        self.proof.search.as_mut()?.bound()
    }

    fn is_infeasible(&self) -> bool {
        self.proof.search.as_ref().is_some_and(Searcher::is_infeasible)
    }

    fn tell(&mut self, facts: &mut Facts) {
        if let Some(search) = &mut self.proof.search {
            search.tell(facts);
        }
    }

    fn hear(&mut self, facts: &Facts) {
        if let Some(search) = &mut self.proof.search {
            search.hear(facts);
        }
    }

    fn settled(&self) -> usize {
        self.proof.search.as_ref().map_or(0, Searcher::settled)
    }

    fn settle(&mut self, floors: &[i64]) {
        self.proof.settle(floors);
    }

    fn consider(&mut self, incumbent: &Schedule, cost: &Cost) {
        self.proof.consider(incumbent, cost);
    }
}
