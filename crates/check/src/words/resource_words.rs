//! Violations of rules about resources, in words.
//!
//! **Source:** -

use super::{resource_words, task_words};
use crate::Violation;
use ordine_base::Time;
use ordine_problem::{Problem, ResourceId, TaskId};

pub(super) fn describe(violation: &Violation, problem: &Problem) -> String {
    let name = |task| task_words(problem, task);
    let of = |resource| resource_words(problem, resource);
    match *violation {
        Violation::BrokenBatch { machine, first, second, time } => format!(
            "{} and {} overlap at {time} on {}: expected the same start and end, as one batch",
            name(first),
            name(second),
            of(machine)
        ),
        Violation::MixedBatch { machine, first, second, time } => format!(
            "{} and {} share a batch at {time} on {}: expected tasks of one family",
            name(first),
            name(second),
            of(machine)
        ),
        Violation::BatchTooLarge { machine, task, time, size, size_max } => format!(
            "the batch of {} at {time} on {} demands {size}: expected at most {size_max}",
            name(task),
            of(machine)
        ),
        Violation::Setup { machine, task, start, from, free, setup } => format!(
            "{} starts at {start} on {}: expected {} or later, since the setup from family {} \
             takes {setup} from {free} on",
            name(task),
            of(machine),
            super::sum(free, setup),
            problem.families()[from]
        ),
        Violation::Swap { machine, task, time } => format!(
            "at {time} {} leaves {} as part of a circle of tasks that exchange their machines: \
             expected none, since swaps are forbidden",
            name(task),
            of(machine)
        ),
        Violation::LeastUsage { renewable, time, usage, least } => {
            format!("at {time} the usage of {} is {usage}: expected {least} or more", of(renewable))
        }
        Violation::StockTooLow { reservoir, task, time, level, least } => format!(
            "{} changes the level of {} to {level} at {time}: expected {least} or more",
            name(task),
            of(reservoir)
        ),
        Violation::StockTooHigh { reservoir, task, time, level, most } => format!(
            "{} changes the level of {} to {level} at {time}: expected {most} or less",
            name(task),
            of(reservoir)
        ),
        _ => violation.word().to_owned(),
    }
}

/// What a task does when it no longer uses a resource.
pub(super) fn going(problem: &Problem, task: TaskId) -> &'static str {
    let stays = problem.hold_of(task).is_some() || problem.task(task).released_in_breaks;
    if stays { "leaves" } else { "ends" }
}

/// What a task that uses a renewable does there at a time.
pub(super) fn coming(
    problem: &Problem,
    renewable: ResourceId,
    task: TaskId,
    since: Time,
    time: Time,
) -> String {
    let waits = problem.hold_of(task).is_some_and(|hold| hold.buffer == Some(renewable));
    let name = task_words(problem, task);
    match (waits, since == time) {
        (false, true) => format!("when {name} starts"),
        (false, false) => format!("while {name} runs"),
        (true, true) => format!("when {name} comes to wait"),
        (true, false) => format!("while {name} waits"),
    }
}
