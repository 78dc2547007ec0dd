//! When a run ends: from the options to one stop rule.
//!
//! Without any limit a run ends at the proof or after [`DEFAULT_TIME`]; a deterministic budget of
//! work alone knows no time. The order of the rules decides which reason is given when several
//! hold at once.
//!
//! **Source:** -

use crate::arguments::LimitArguments;
use crate::exit::Failure;
use crate::memory::MemoryLimit;
use ordine_base::{
    Cost, FirstOf, FirstSchedule, GapLimit, Interrupt, NoImprovement, StopWhen, Target, TimeLimit,
};
use ordine_problem::Problem;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// The time limit when no limit is given.
pub const DEFAULT_TIME: Duration = Duration::from_secs(10);

/// Whether the user gave no limit, so that the default holds. Memory is a cap, not a limit: a
/// search may run for ever below it.
pub fn is_default(limits: &LimitArguments) -> bool {
    limits.time.is_none()
        && limits.work.is_none()
        && limits.target.is_none()
        && limits.gap.is_none()
        && limits.no_improvement.is_none()
        && !limits.first
}

/// The stop rule of a run on `problem`; the work budget is not in it.
///
/// # Errors
/// When the target has more levels than the objective, or memory cannot be measured here.
pub fn stop_rule(
    limits: &LimitArguments,
    problem: &Problem,
    interrupt: &Arc<AtomicBool>,
) -> Result<FirstOf, Failure> {
    let time = limits.time.or(is_default(limits).then_some(DEFAULT_TIME));
    stop_rule_until(time, limits, problem, interrupt)
}

/// The same with a time of its own.
///
/// # Errors
/// As [`stop_rule`].
pub fn stop_rule_until(
    time: Option<Duration>,
    limits: &LimitArguments,
    problem: &Problem,
    interrupt: &Arc<AtomicBool>,
) -> Result<FirstOf, Failure> {
    let mut rules: Vec<Box<dyn StopWhen>> = vec![Box::new(Interrupt(Arc::clone(interrupt)))];
    // The clock and the user stand first: they end a run even before its first schedule.
    rules.extend(time.map(|time| Box::new(TimeLimit(time)) as Box<dyn StopWhen>));
    if let Some(target) = &limits.target {
        rules.push(Box::new(Target(padded(target, problem)?)));
    }
    if let Some(gap) = limits.gap {
        rules.push(Box::new(GapLimit(gap)));
    }
    if limits.first {
        rules.push(Box::new(FirstSchedule));
    }
    if let Some(time) = limits.no_improvement {
        rules.push(Box::new(NoImprovement(time)));
    }
    if let Some(bytes) = limits.memory {
        rules.push(Box::new(MemoryLimit::new(bytes).map_err(Failure::bad_input)?));
    }
    Ok(FirstOf(rules))
}

/// Levels that the target does not name may have any value.
fn padded(target: &Cost, problem: &Problem) -> Result<Cost, Failure> {
    let (given, levels) = (target.levels().len(), problem.objective().levels().len());
    if given > levels {
        return Err(Failure::bad_input(format!(
            "{}: --target: expected at most {levels} value(s), one per level of objective {}, \
             found {given}; leave the last ones out",
            problem.name(),
            problem.objective()
        )));
    }
    let mut values = target.levels().to_vec();
    values.resize(levels, i64::MAX);
    Ok(Cost::from_levels(&values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_problem::{Job, Objective, ProblemBuilder};

    fn problem(objective: &str) -> Problem {
        let mut builder = ProblemBuilder::new("nothing");
        builder.job(Job::named("only")).expect("valid");
        builder.objective(objective.parse::<Objective>().expect("valid"));
        builder.seal().expect("valid")
    }

    #[test]
    fn a_target_may_leave_out_the_last_levels() {
        let two = problem("makespan,total-flow-time");
        let padded = |levels: &[i64]| padded(&Cost::from_levels(levels), &two);
        assert_eq!(padded(&[5]).ok(), Some(Cost::from_levels(&[5, i64::MAX])));
        assert_eq!(padded(&[5, 6]).ok(), Some(Cost::from_levels(&[5, 6])));
        assert!(padded(&[5, 6, 7]).is_err());
    }
}
