//! Rules about relations between tasks.
//!
//! O(size of the relations), plus requirements for buffers and mode relations.
//!
//! **Source:** decision record 0004.

use super::order::is_end_to_start;
use super::rules::contradiction;
use crate::problem::Problem;
use crate::{Hold, ModeRelationKind, ProblemError, ResourceId, ResourceKind, Span, Status, TaskId};
use ordine_base::{Id, IdVec, Ticks};

/// What must be known before usable modes are: ids and spans.
pub(super) fn check_first(problem: &mut Problem) -> Result<(), ProblemError> {
    check_ids(problem)?;
    check_selections(problem)?;
    check_spans(problem)
}

pub(super) fn check(problem: &mut Problem) -> Result<(), ProblemError> {
    check_holds(problem)?;
    check_sequences(problem)?;
    check_mode_relations(problem)?;
    check_batches(problem)
}

fn name(problem: &Problem, task: TaskId) -> String {
    format!("task {}", problem.task(task).name)
}

fn check_ids(problem: &Problem) -> Result<(), ProblemError> {
    let relations = &problem.relations;
    let selected = relations.selections.iter().flat_map(|it| it.tasks.iter().chain(&it.condition));
    let spanned = relations.spans.iter().flat_map(|it| it.children.iter().chain([&it.parent]));
    let held = relations.holds.iter().flat_map(|it| [&it.task, &it.until]);
    let related = relations.modes.iter().flat_map(|it| [&it.first, &it.second]);
    let known = problem.tasks.len();
    for task in selected.chain(spanned).chain(held).chain(related) {
        if task.index() >= known {
            let (owner, found) = ("a relation".to_owned(), task.index());
            return Err(ProblemError::UnknownId { owner, what: "task", found, known });
        }
    }
    let known = problem.resources.len();
    let buffers = relations.holds.iter().filter_map(|it| it.buffer.as_ref());
    for resource in relations.sequences.iter().flat_map(|it| &it.machines).chain(buffers) {
        if resource.index() >= known {
            let (owner, found) = ("a relation".to_owned(), resource.index());
            return Err(ProblemError::UnknownId { owner, what: "resource", found, known });
        }
    }
    Ok(())
}

fn check_selections(problem: &Problem) -> Result<(), ProblemError> {
    for selection in &problem.relations.selections {
        let mut tasks = selection.tasks.clone();
        tasks.sort_unstable();
        tasks.dedup();
        let owner = || format!("selection {:?}", selection.kind);
        if tasks.is_empty() || tasks.len() < selection.tasks.len() {
            return contradiction(owner(), "expected one task or more, each once");
        }
        if let Some(task) = tasks.iter().find(|task| !problem.task(**task).optional) {
            let found = name(problem, *task);
            return contradiction(owner(), format!("{found} is not optional: make it so"));
        }
        if selection.condition.is_some_and(|condition| tasks.contains(&condition)) {
            return contradiction(owner(), "its condition is one of its own tasks");
        }
    }
    Ok(())
}

fn check_spans(problem: &mut Problem) -> Result<(), ProblemError> {
    let mut parents: IdVec<TaskId, Option<TaskId>> = IdVec::filled(problem.tasks.len(), None);
    for (position, span) in problem.relations.spans.iter().enumerate() {
        let owner = || name(problem, span.parent);
        if problem.spans[span.parent].is_some() {
            return contradiction(owner(), "spans twice: put all children into one span");
        }
        if span.children.is_empty() {
            return contradiction(owner(), "spans nothing: expected a child or more");
        }
        check_parent(problem, span)?;
        for &child in &span.children {
            if parents[child].is_some() {
                return contradiction(
                    name(problem, child),
                    "is a child of two spans: expected one",
                );
            }
            parents[child] = Some(span.parent);
        }
        problem.spans[span.parent] = Some(position as u32);
    }
    for span in &problem.relations.spans {
        let (mut task, mut steps) = (span.parent, 0);
        while let Some(parent) = parents[task] {
            (task, steps) = (parent, steps + 1);
            if steps > problem.tasks.len() {
                return contradiction(name(problem, span.parent), "spans itself: expected a tree");
            }
        }
    }
    Ok(())
}

fn check_parent(problem: &Problem, span: &Span) -> Result<(), ProblemError> {
    let owner = || name(problem, span.parent);
    let mut modes = problem.modes(span.parent);
    let Some(mode) = modes.next() else {
        return Err(ProblemError::NoMode { task: problem.task(span.parent).name.clone() });
    };
    if modes.next().is_some() || problem.mode(mode).duration > Ticks::ZERO {
        return contradiction(owner(), "spans others: expected one mode of duration 0");
    }
    if !problem.stock_changes(mode).is_empty() {
        return contradiction(owner(), "spans others: expected no change of a reservoir");
    }
    if problem.task(span.parent).status != Status::Free {
        return contradiction(owner(), "spans others: settle its children instead");
    }
    let odd = problem.requirements(mode).iter().find(|need| {
        let resource = problem.resource(need.resource);
        resource.batching.is_some() || !resource.comes_back()
    });
    match odd {
        None => Ok(()),
        Some(_) => contradiction(owner(), "spans others: expected machines and renewables only"),
    }
}

fn check_holds(problem: &mut Problem) -> Result<(), ProblemError> {
    for hold in &problem.relations.holds {
        let Hold { task, until, buffer } = *hold;
        let owner = || name(problem, task);
        if problem.holds[task].is_some() {
            return contradiction(owner(), "holds its resources twice: expected once");
        }
        let precedences = problem.successors(task).iter();
        let ordered = precedences.filter(|link| link.task == until);
        let mut ordered = ordered.map(|link| &problem.precedences[link.precedence]);
        if !ordered.any(is_end_to_start) {
            let (first, second) = (owner(), name(problem, until));
            let expected = format!("expected a precedence from the end of {first} to {second}");
            return contradiction(owner(), format!("holds until {second}: {expected}"));
        }
        let needs = problem.usable_modes(task).iter().map(|&mode| problem.requirements(mode));
        let batches = |resource: ResourceId| problem.resource(resource).batching.is_some();
        if needs.clone().flatten().any(|need| batches(need.resource))
            || problem.spans[task].is_some()
        {
            return contradiction(owner(), "holds a batch or spans others: neither can block");
        }
        if let Some(buffer) = buffer {
            let is_renewable = matches!(problem.resource(buffer).kind, ResourceKind::Renewable(_));
            let demanded = problem.requirements.iter().any(|need| need.resource == buffer);
            if !is_renewable || demanded {
                let found = &problem.resource(buffer).name;
                let expected = "expected a renewable that no mode demands";
                return contradiction(owner(), format!("waits in buffer {found}: {expected}"));
            }
            let mut needs = needs;
            let one = |need: &crate::Requirement| problem.resource(need.resource).is_machine();
            if !needs.all(|needs| needs.len() == 1 && needs.iter().all(one)) {
                return contradiction(owner(), "waits in a buffer: expected one machine per mode");
            }
        }
        problem.holds[task] = Some(*hold);
    }
    Ok(())
}

fn check_sequences(problem: &Problem) -> Result<(), ProblemError> {
    for sequence in &problem.relations.sequences {
        let mut machines = sequence.machines.clone();
        machines.sort_unstable();
        machines.dedup();
        let plain = |id: &ResourceId| {
            let resource = problem.resource(*id);
            resource.is_machine() && resource.batching.is_none()
        };
        if machines.len() < sequence.machines.len() || !machines.iter().all(plain) {
            let owner = "same sequence".to_owned();
            return contradiction(owner, "expected machines without batches, each once");
        }
    }
    Ok(())
}

fn check_mode_relations(problem: &Problem) -> Result<(), ProblemError> {
    for relation in &problem.relations.modes {
        let (first, second) = (relation.first, relation.second);
        let owner = || format!("{} and {}", name(problem, first), name(problem, second));
        if first == second {
            return contradiction(owner(), "a mode relation expects two tasks");
        }
        let counts = (problem.modes(first).len(), problem.modes(second).len());
        if relation.kind == ModeRelationKind::SameMode && counts.0 != counts.1 {
            let found = format!("found {} and {}", counts.0, counts.1);
            return contradiction(owner(), format!("expected equally many modes, {found}"));
        }
    }
    Ok(())
}

/// A mode on a batching machine needs no other resource with a calendar.
fn check_batches(problem: &Problem) -> Result<(), ProblemError> {
    for task in problem.tasks() {
        for &mode in problem.usable_modes(task) {
            let needs = problem.requirements(mode);
            let resources = || needs.iter().map(|need| problem.resource(need.resource));
            let batching = resources().filter(|it| it.batching.is_some()).count();
            let calendars =
                resources().filter(|it| it.batching.is_none() && it.calendar.is_some()).count();
            if batching > 1 || batching == 1 && calendars > 0 {
                let expected = "expected one batching machine, and no other calendar beside it";
                return contradiction(name(problem, task), expected);
            }
        }
    }
    Ok(())
}
