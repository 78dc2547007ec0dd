//! One dispatching rule: under both schemes where it scores, as a list where it orders.
//!
//! Setups are kept by the parallel scheme, machines with the same sequence by rules for flow shops.
//!
//! **Source:** Kolisch 1996 (serial and parallel methods).

use super::Solver;
use crate::opening::{Opening, open_beyond};
use crate::{Context, Fault, Outcome, bounds, first};
use ordine_construct::{Direction, ModeAssignment, PartialSchedule, Scheme, place_list};
use ordine_problem::{Feature, FeatureSet, Problem, Schedule};
use ordine_world::{NamedRule, Need, Rule, RuleKind, SequenceRule};

/// Applies one rule; of a rule that scores, non-delay and active, it keeps the better schedule.
#[derive(Clone, Copy, Debug)]
pub struct RuleRecipe(pub NamedRule);

impl Solver for RuleRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let named = self.0;
        if let Some(needs) = named.refusal(problem) {
            return Err(Fault::Inapplicable { rule: named.name, needs });
        }
        let respected = match named.kind {
            RuleKind::Scores(_) => FeatureSet::of(&[Feature::Setups]),
            RuleKind::Orders(rule) if rule.need() == Need::FlowShop => {
                FeatureSet::of(&[Feature::SameSequences])
            }
            RuleKind::Orders(_) => FeatureSet::EMPTY,
        };
        let assignment = match open_beyond("rule", respected, context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        match named.kind {
            RuleKind::Scores(rule) => offer_scores(context, named.name, rule, &assignment)?,
            RuleKind::Orders(rule) => offer_order(context, named.name, rule, &assignment)?,
        }
        if problem.unsupported(FeatureSet::PLAIN).is_empty() {
            bounds::raise_root_bounds(context)?;
        }
        Ok(context.outcome())
    }
}

fn offer_scores(
    context: &Context<'_>,
    name: &'static str,
    rule: &'static dyn Rule,
    assignment: &ModeAssignment,
) -> Result<(), Fault> {
    first::offer_scored(context, (name, rule), Scheme::Parallel, assignment, u64::MAX)?;
    if !context.problem().features().has(Feature::Setups) {
        first::offer_scored(context, (name, rule), Scheme::Serial, assignment, u64::MAX)?;
    }
    Ok(())
}

fn offer_order(
    context: &Context<'_>,
    name: &'static str,
    rule: &'static dyn SequenceRule,
    assignment: &ModeAssignment,
) -> Result<(), Fault> {
    let order = rule.order(context.problem());
    let order = order.expect("a rule whose need is met orders the problem");
    let mut partial = PartialSchedule::new(context.problem(), Direction::Forward);
    place_list(&mut partial, &order, assignment.modes());
    context.spend(order.len() as u64);
    context.offer(name, &partial.to_schedule())?;
    Ok(())
}
