//! One rule of the rule language under both schemes.
//!
//! **Source:** Kolisch 1996 (serial and parallel methods).

use super::Solver;
use crate::opening::{Opening, open};
use crate::{Context, Fault, Outcome, bounds, first};
use ordine_construct::Scheme;
use ordine_problem::{Problem, Schedule};
use ordine_rule_language::{CompileError, ExpressionRule, RuleText};

/// Applies one rule, non-delay and active, and keeps the better schedule.
#[derive(Clone, Debug)]
pub struct ExpressionRecipe(ExpressionRule);

impl ExpressionRecipe {
    /// The recipe of this rule.
    ///
    /// # Errors
    /// When there is no field and no rule of a name in it.
    pub fn new(text: &RuleText) -> Result<Self, CompileError> {
        ExpressionRule::new(text).map(ExpressionRecipe)
    }
}

impl Solver for ExpressionRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let assignment = match open("rule", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        let rule = self.0.clone().for_tasks(problem.tasks().len());
        for scheme in [Scheme::Parallel, Scheme::Serial] {
            let named = ("rule", &rule as &dyn ordine_world::Rule);
            first::offer_scored(context, named, scheme, &assignment, u64::MAX)?;
        }
        bounds::raise_root_bounds(context)?;
        Ok(context.outcome())
    }
}
