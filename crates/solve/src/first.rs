//! First schedules: a warm start, and the rules.
//!
//! A start that the judge accepts becomes the incumbent as it is. Any other is repaired: modes are
//! kept where the consumables permit, tasks are taken in the order of their starts, and each is
//! placed as early as possible.
//!
//! **Source:** warm starts that are never lost: see the complaints about hints in CP-SAT.

use crate::{Context, Fault, bounds};
use ordine_base::{Id, Stream};
use ordine_construct::{CriticalPath, Direction, Generation, ModeAssignment, Scheme, generate};
use ordine_ls::Decoder;
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_world::{NamedRule, RULES, RulePolicy, rule_named};

/// Tasks that all rules together may place before the search begins.
const RULE_TASKS: usize = 100_000;

/// Offers the warm start, repaired when the judge does not accept it.
///
/// # Errors
/// Those of [`Context::offer`] on the repaired schedule.
pub fn offer_start(context: &Context<'_>, assignment: &ModeAssignment) -> Result<(), Fault> {
    let Some(start) = context.start() else { return Ok(()) };
    if ordine_check::check(context.problem(), start).is_ok() {
        context.offer("start", start)?;
        return Ok(());
    }
    let repaired = repair(context.problem(), start, assignment);
    context.spend(repaired.len() as u64);
    context.offer("repaired start", &repaired)?;
    Ok(())
}

/// Keeps the modes and the order of `schedule` as far as possible.
fn repair(problem: &Problem, schedule: &Schedule, assignment: &ModeAssignment) -> Schedule {
    let mut assignment = assignment.clone();
    for (task, placement) in schedule.placed() {
        if task.index() >= problem.tasks().len() {
            continue;
        }
        let usable = problem.usable_modes(task);
        if usable.contains(&placement.mode) && assignment.permits(problem, task, placement.mode) {
            assignment.switch(problem, task, placement.mode);
        }
    }
    let latest = CriticalPath::new(problem, Direction::Forward).latest_starts;
    let key = |task: TaskId| schedule.placement(task).map_or(latest[task], |it| it.start);
    let mut decoder = Decoder::new(problem);
    let mut order = Vec::new();
    decoder.order_by_key(key, &mut order);
    let decoded = decoder.decode(Direction::Forward, &order, assignment.modes(), &mut || false);
    decoded.expect("nobody stops this decoding");
    decoder.schedule()
}

/// Offers the schedules of all rules under both schemes, while there is time; publishes the root
/// bounds right after the first schedule, so that a proof ends the run early.
///
/// # Errors
/// Those of [`Context::offer`] and [`Context::raise_bound`].
pub fn offer_rules(context: &Context<'_>, assignment: &ModeAssignment) -> Result<(), Fault> {
    let tasks = context.problem().tasks().len().max(1);
    let attempts = (RULE_TASKS / tasks).clamp(2, 2 * RULES.len());
    let preferred = ["mwkr", "lft"].into_iter().filter_map(rule_named);
    let others = RULES.into_iter().filter(|it| it.name != "mwkr" && it.name != "lft");
    let rules: Vec<NamedRule> = preferred.chain(others).collect();
    let plan = [Scheme::Parallel, Scheme::Serial]
        .into_iter()
        .flat_map(|scheme| rules.iter().map(move |rule| (scheme, *rule)));
    for (attempt, (scheme, rule)) in plan.take(attempts).enumerate() {
        if attempt == 1 {
            bounds::raise_root_bounds(context)?;
        }
        if attempt > 0 && context.should_stop().is_some() {
            break;
        }
        offer_rule(context, rule, scheme, assignment)?;
    }
    Ok(())
}

/// Offers the schedule of one rule under one scheme.
///
/// # Errors
/// Those of [`Context::offer`].
pub fn offer_rule(
    context: &Context<'_>,
    rule: NamedRule,
    scheme: Scheme,
    assignment: &ModeAssignment,
) -> Result<(), Fault> {
    let mut policy = RulePolicy::exact(rule.rule);
    let mut stream = context.seed().stream("rules");
    let problem = context.problem();
    // The very first schedule is worth more than the last tenth of a second.
    let late = &mut || context.version() > 0 && context.should_stop().is_some();
    let start = Generation::new(problem, scheme, Direction::Forward, assignment.clone());
    if let Some((schedule, choices)) = generate(start, &mut policy, &mut stream, late) {
        context.spend(choices);
        context.offer(rule.name, &schedule)?;
    }
    Ok(())
}

/// A schedule drawn by a randomized rule: different starts for different searchers. `None` when
/// the run stops on the way.
pub fn random_schedule(
    context: &Context<'_>,
    assignment: &ModeAssignment,
    stream: &mut Stream,
) -> Option<Schedule> {
    let rule = RULES[stream.below(RULES.len())].rule;
    let mut policy = RulePolicy::randomized(rule, 3.0);
    let problem = context.problem();
    let start = Generation::new(problem, Scheme::Parallel, Direction::Forward, assignment.clone());
    let stop = &mut || context.should_stop().is_some();
    let (schedule, choices) = generate(start, &mut policy, stream, stop)?;
    context.spend(choices);
    Some(schedule)
}
