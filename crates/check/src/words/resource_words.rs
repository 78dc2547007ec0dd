//! Violations of rules about resources, in words.
//!
//! **Source:** -

use super::{resource_words, task_words};
use crate::Violation;
use ordine_problem::Problem;

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
        Violation::BatchTooLarge { machine, time, size, size_max, .. } => format!(
            "the batch at {time} on {} has size {size}: expected at most {size_max}",
            of(machine)
        ),
        Violation::Setup { machine, task, start, free, setup, .. } => format!(
            "{} starts at {start} on {}: expected {setup} of setup after {free}",
            name(task),
            of(machine)
        ),
        Violation::Swap { machine, task, time } => format!(
            "at {time} {} leaves {} in a circle of swaps: expected none",
            name(task),
            of(machine)
        ),
        Violation::LeastUsage { renewable, time, usage, least } => {
            format!("at {time} the usage of {} is {usage}: expected {least} or more", of(renewable))
        }
        Violation::StockTooLow { reservoir, time, level, least, .. } => {
            format!("at {time} the level of {} is {level}: expected {least} or more", of(reservoir))
        }
        Violation::StockTooHigh { reservoir, time, level, most, .. } => {
            format!("at {time} the level of {} is {level}: expected {most} or less", of(reservoir))
        }
        _ => violation.word().to_owned(),
    }
}
