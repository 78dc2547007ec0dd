//! Evolution of task lists with justification: projects, and whatever has no sharper search.
//!
//! **Source:** Valls, Ballestín, Quintanilla 2008.

use super::Solver;
use crate::opening::{Opening, open};
use crate::{Context, Fault, Lane, Outcome, first, run_portfolio, searcher_count};
use ordine_construct::ModeAssignment;
use ordine_ls::{ListParameters, ListSearch};
use ordine_problem::{Problem, Schedule};

/// Rules, bounds, then list searches with different seeds.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListRecipe;

impl Solver for ListRecipe {
    fn solve(&self, _: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let assignment = match open("list", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        first::offer_rules(context, &assignment)?;
        let lanes = (0..searcher_count(context)).map(|index| lane(context, &assignment, index));
        run_portfolio(lanes.collect(), context)?;
        Ok(context.outcome())
    }
}

/// A search with its own seed.
pub(super) fn lane<'a>(
    context: &Context<'a>,
    assignment: &ModeAssignment,
    index: usize,
) -> Lane<'a> {
    let seed = context.seed().child(index as u64);
    let parameters = ListParameters::default();
    let search = ListSearch::new(context.problem(), parameters, assignment.clone(), seed);
    Lane { name: "list search", searcher: Box::new(search) }
}
