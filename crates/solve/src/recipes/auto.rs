//! The default recipe: rules, bounds, then the sharpest search that supports the problem.
//!
//! **Source:** -

use super::{ListRecipe, Solver, TabuRecipe};
use crate::{Context, Fault, Outcome};
use ordine_ls::TabuSearch;
use ordine_problem::{Problem, Schedule};

/// Rules, bounds, then tabu search where it applies and list search elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Auto;

impl Solver for Auto {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        if TabuSearch::supports(problem) {
            TabuRecipe.solve(problem, context)
        } else {
            ListRecipe.solve(problem, context)
        }
    }
}
