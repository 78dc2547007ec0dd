//! The default recipe: rules, bounds, then the sharpest search that supports the problem.
//!
//! **Source:** -

use super::{DecisionRecipe, ListRecipe, Solver, TabuRecipe};
use crate::{Context, Fault, Outcome};
use ordine_ls::TabuSearch;
use ordine_problem::{FeatureSet, Problem, Schedule};

/// Rules, bounds, then tabu search where it applies and list search elsewhere; insertion over the
/// whole model where the problem says more than those know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Auto;

impl Solver for Auto {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let plain = problem.unsupported(FeatureSet::PLAIN).is_empty();
        if !plain || problem.objective().has_tolerance() {
            DecisionRecipe.solve(problem, context)
        } else if TabuSearch::supports(problem) {
            TabuRecipe.solve(problem, context)
        } else {
            ListRecipe.solve(problem, context)
        }
    }
}
