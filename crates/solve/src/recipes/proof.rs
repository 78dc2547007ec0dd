//! The proof engine alone: learning branch and bound, or joined by failure-directed search.
//!
//! **Source:** see `ordine_cp`.

use super::{Solver, decisions, prover};
use crate::lowering::Lowered;
use crate::opening::{Opening, open};
use crate::{Context, Fault, JointParameters, Outcome, bounds, first, run_portfolio};
use ordine_problem::{FeatureSet, Problem, Schedule};

/// A first schedule, root bounds, then one learning search.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProofRecipe;

impl Solver for ProofRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        prove(problem, context, "cp", JointParameters::ALONE)
    }
}

/// The same, joined by failure-directed search where learning takes long.
#[derive(Clone, Copy, Debug, Default)]
pub struct JointRecipe;

impl Solver for JointRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        prove(problem, context, "joint", JointParameters::default())
    }
}

fn prove(
    problem: &Problem,
    context: &Context<'_>,
    recipe: &'static str,
    parameters: JointParameters,
) -> Result<Outcome<Schedule>, Fault> {
    if let Some(core) = bounds::contradiction(problem) {
        return Ok(Outcome::Infeasible { core });
    }
    if let Some(features) = Lowered::refusal(problem) {
        return Err(Fault::Unsupported { recipe, features });
    }
    if problem.unsupported(FeatureSet::PLAIN).is_empty() {
        let assignment = match open(recipe, context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        first::offer_rules(context, &assignment)?;
    } else {
        decisions::offer_start(context)?;
    }
    if Lowered::bytes(problem) > prover::memory(context) {
        context.note_short_memory();
    } else if context.should_stop().is_none() {
        let mut search = prover::LazyProof::within(prover::memory(context)).joined(parameters);
        run_portfolio(vec![prover::lane(&mut search, context, None)], context)?;
    }
    Ok(context.outcome())
}
