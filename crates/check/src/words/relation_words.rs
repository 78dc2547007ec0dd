//! Violations of relations between tasks, in words.
//!
//! **Source:** -

use super::{resource_words, task_words};
use crate::Violation;
use ordine_problem::{ModeRelationKind, Problem, Selection, SelectionKind};

pub(super) fn describe(violation: &Violation, problem: &Problem) -> String {
    let name = |task| task_words(problem, task);
    match *violation {
        Violation::PrecedenceTooFar { precedence, before, after } => {
            let data = problem.precedences()[precedence];
            let most = data.lag_max.map_or(0, |lag| lag.get());
            let (leaves, enters) = (verb(data.kind.leaves_end()), verb(!data.kind.enters_start()));
            format!(
                "{} {enters} at {after}: expected {} or earlier, since {} {leaves} at {before} and \
                 the largest gap is {most}",
                name(data.after),
                i128::from(before.get()) + i128::from(most),
                name(data.before)
            )
        }
        Violation::Selection { selection, present, condition } => {
            selected(problem, &problem.selections()[selection], present, condition)
        }
        Violation::SpanPresence { parent, child: Some(child) } => format!(
            "{} is absent and {}, which it spans, is not: expected both or none",
            name(parent),
            name(child)
        ),
        Violation::SpanPresence { parent, child: None } => {
            format!("{} is present: expected a present task that it spans", name(parent))
        }
        Violation::SpanTimes { parent, start, end, first_start, latest_end } => format!(
            "{} runs from {start} to {end}: expected from {first_start} to {latest_end}, as the \
             tasks that it spans",
            name(parent)
        ),
        Violation::ModeRelation { relation, resource } => {
            let data = problem.mode_relations()[relation];
            let resource = resource.map(|id| format!(", found {}", resource_words(problem, id)));
            let expected = match data.kind {
                ModeRelationKind::SameMode => "modes of the same number",
                ModeRelationKind::SameResources => "the same machines and renewables",
                ModeRelationKind::DifferentResources => "no machine and no renewable in common",
            };
            format!(
                "the modes of {} and {} do not fit: expected {expected}{}",
                name(data.first),
                name(data.second),
                resource.unwrap_or_default()
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

fn verb(is_end: bool) -> &'static str {
    if is_end { "ends" } else { "starts" }
}

fn selected(
    problem: &Problem,
    selection: &Selection,
    present: usize,
    condition: Option<bool>,
) -> String {
    let names: Vec<&str> =
        selection.tasks.iter().map(|&task| problem.task(task).name.as_str()).collect();
    let expected = match (selection.kind, condition) {
        (_, Some(false)) => "none",
        (SelectionKind::ExactlyOne, _) => "exactly one",
        (SelectionKind::AtMostOne, _) => "at most one",
        (SelectionKind::AtLeastOne, _) => "at least one",
        (SelectionKind::AllOrNone, Some(true)) => "all",
        (SelectionKind::AllOrNone, None) => "none or all",
    };
    let because = selection.condition.zip(condition).map_or(String::new(), |(task, present)| {
        let found = if present { "present" } else { "absent" };
        format!(", since {} is {found}", task_words(problem, task))
    });
    let names = names.join(", ");
    format!("{present} of the tasks {names} are present: expected {expected}{because}")
}
