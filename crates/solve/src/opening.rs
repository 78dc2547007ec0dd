//! What every recipe begins with: deadlines, modes within the consumables, the warm start.
//!
//! **Source:** -

use crate::{ConstraintId, Context, Fault, Outcome, bounds, first};
use ordine_construct::{AssignmentOutcome, ModeAssignment};
use ordine_problem::{FeatureSet, Schedule};

/// Demands looked at in one attempt to keep the consumables.
const ASSIGNMENT_WORK: u64 = 1_000_000;

/// How a recipe goes on after its opening.
pub enum Opening {
    /// Search from these modes.
    Search(ModeAssignment),
    /// The answer is already known.
    Settled(Outcome<Schedule>),
}

/// Finds modes that keep the consumables and publishes the warm start.
///
/// # Errors
/// Those of [`Context::offer`]; and when the problem says more than lists and rules respect.
pub fn open(recipe: &'static str, context: &Context<'_>) -> Result<Opening, Fault> {
    open_beyond(recipe, FeatureSet::EMPTY, context)
}

/// The same for a recipe that respects some words beyond those of lists and rules.
///
/// # Errors
/// Those of [`open`].
pub fn open_beyond(
    recipe: &'static str,
    respected: FeatureSet,
    context: &Context<'_>,
) -> Result<Opening, Fault> {
    let problem = context.problem();
    if let Some(core) = bounds::contradiction(problem) {
        return Ok(Opening::Settled(Outcome::Infeasible { core }));
    }
    let lacking = problem.unsupported(FeatureSet::PLAIN).without(respected);
    if !lacking.is_empty() {
        return Err(Fault::Unsupported { recipe, features: lacking.to_string() });
    }
    let mut stream = context.seed().stream("mode assignment");
    let assignment = loop {
        context.spend(1);
        let should_stop = &mut || context.should_stop().is_some();
        match ModeAssignment::find(problem, &mut stream, ASSIGNMENT_WORK, should_stop) {
            AssignmentOutcome::Found(assignment) => break assignment,
            AssignmentOutcome::Infeasible => {
                let consumable = |id: &_| !problem.resource(*id).comes_back();
                let core = problem.resources().filter(consumable).map(ConstraintId::Capacity);
                return Ok(Opening::Settled(Outcome::Infeasible { core: core.collect() }));
            }
            AssignmentOutcome::Unknown => context.spend(ASSIGNMENT_WORK),
        }
        if context.should_stop().is_some() {
            return Ok(Opening::Settled(context.outcome()));
        }
    };
    match context.start() {
        // What lists do not respect they cannot repair.
        Some(start) if !problem.unsupported(FeatureSet::PLAIN).is_empty() => {
            if ordine_check::check(problem, start).is_ok() {
                context.offer("start", start)?;
            }
        }
        _ => first::offer_start(context, &assignment)?,
    }
    Ok(Opening::Search(assignment))
}
