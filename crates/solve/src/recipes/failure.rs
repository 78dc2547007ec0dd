//! Failure-directed search alone: rules find, refutation proves.
//!
//! **Source:** Petr Vilím, Philippe Laborie, Paul Shaw (CPAIOR 2015).

use super::Solver;
use crate::lowering::Lowered;
use crate::opening::{Opening, open};
use crate::{Context, FailureProof, Fault, Lane, Outcome, bounds, first, run_portfolio};
use ordine_problem::{FeatureSet, Problem, Schedule};

/// A first schedule, root bounds, then one failure-directed search.
#[derive(Clone, Copy, Debug, Default)]
pub struct FailureRecipe;

impl Solver for FailureRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        if let Some(core) = bounds::contradiction(problem) {
            return Ok(Outcome::Infeasible { core });
        }
        if let Some(features) = refusal(problem) {
            return Err(Fault::Unsupported { recipe: "failure", features });
        }
        let assignment = match open("failure", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        first::offer_rules(context, &assignment)?;
        if context.should_stop().is_none() {
            run_portfolio(vec![lane(context)], context)?;
        }
        Ok(context.outcome())
    }
}

/// What of a problem the search does not support.
fn refusal(problem: &Problem) -> Option<String> {
    let unsupported = problem.unsupported(FeatureSet::PLAIN);
    if !unsupported.is_empty() {
        return Some(unsupported.to_string());
    }
    if FailureProof::supports(problem) {
        return None;
    }
    let reason = || "objectives of several levels or with tolerances".to_owned();
    Some(Lowered::refusal(problem).unwrap_or_else(reason))
}

fn lane<'a>(context: &'a Context<'_>) -> Lane<'a> {
    let incumbent = context.incumbent();
    let known = incumbent.as_ref().map(|(cost, schedule)| (&**schedule, cost));
    let searcher = Box::new(FailureProof::new(context.problem(), known));
    Lane { name: "failure", searcher }
}
