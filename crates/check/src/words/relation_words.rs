//! Violations of relations between tasks, in words.
//!
//! **Source:** -

use super::{resource_words, task_words};
use crate::Violation;
use ordine_problem::Problem;

pub(super) fn describe(violation: &Violation, problem: &Problem) -> String {
    let name = |task| task_words(problem, task);
    match *violation {
        Violation::PrecedenceTooFar { precedence, before, after } => {
            let data = problem.precedences()[precedence];
            let most = data.lag_max.map_or(0, |lag| lag.get());
            format!(
                "{} is at {after}, too far from {} at {before}: expected at most {most} between",
                name(data.after),
                name(data.before)
            )
        }
        Violation::Selection { selection, present, .. } => {
            let kind = problem.selections()[selection].kind;
            format!("selection {selection} has {present} present tasks: expected {kind:?}")
        }
        Violation::SpanPresence { parent, .. } => format!(
            "{} is present without its children or they without it: expected both or none",
            name(parent)
        ),
        Violation::SpanTimes { parent, start, end, first_start, latest_end } => format!(
            "{} runs from {start} to {end}: expected {first_start} to {latest_end}, as children",
            name(parent)
        ),
        Violation::ModeRelation { relation, .. } => {
            let data = problem.mode_relations()[relation];
            format!(
                "the modes of {} and {} do not agree: expected {:?}",
                name(data.first),
                name(data.second),
                data.kind
            )
        }
        Violation::SameSequence { machine, first, second, .. } => format!(
            "on {} job {} comes before job {}: expected one order on all machines of the group",
            resource_words(problem, machine),
            problem.job(first).name,
            problem.job(second).name
        ),
        _ => violation.word().to_owned(),
    }
}
