//! One dispatching rule under both schemes.
//!
//! **Source:** Kolisch 1996 (serial and parallel methods).

use super::Solver;
use crate::opening::{Opening, open};
use crate::{Context, Fault, Outcome, bounds, first};
use ordine_construct::Scheme;
use ordine_problem::{Problem, Schedule};
use ordine_world::NamedRule;

/// Applies one rule, non-delay and active, and keeps the better schedule.
#[derive(Clone, Copy, Debug)]
pub struct RuleRecipe(pub NamedRule);

impl Solver for RuleRecipe {
    fn solve(&self, _problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let assignment = match open("rule", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        for scheme in [Scheme::Parallel, Scheme::Serial] {
            first::offer_rule(context, self.0, scheme, &assignment, u64::MAX)?;
        }
        bounds::raise_root_bounds(context)?;
        Ok(context.outcome())
    }
}
