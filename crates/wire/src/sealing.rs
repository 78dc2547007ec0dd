//! What of a file an error of building or sealing is about, and its words in two halves.
//!
//! Errors name their owner in words; a reader finds the place of that name in its file.
//!
//! **Source:** -

use ordine_problem::ProblemError;

/// The part of a problem that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Culprit<'e> {
    /// The task of this name.
    Task(&'e str),
    /// The resource of this name.
    Resource(&'e str),
    /// The calendar of this name.
    Calendar(&'e str),
    /// The setup of this name.
    Setup(&'e str),
    /// The choices among tasks of this kind.
    Selections(&'e str),
    /// The machines with one order of jobs.
    SameSequences,
    /// The objective.
    Objective,
    /// The present.
    Present,
    /// Numbers that are too large together.
    Numbers,
}

/// What an error of sealing is about; `has_task` tells whether a task has this name.
pub(crate) fn culprit<'e>(error: &'e ProblemError, has_task: impl Fn(&str) -> bool) -> Culprit<'e> {
    let task = |name: &'e str| match name.split_once(" and task ") {
        Some((first, _)) if !has_task(name) => Culprit::Task(first),
        _ => Culprit::Task(name),
    };
    match error {
        ProblemError::Cycle { tasks } => {
            tasks.first().map_or(Culprit::Numbers, |name| Culprit::Task(name))
        }
        ProblemError::NoMode { task: name }
        | ProblemError::ImpossibleDemand { task: name, .. }
        | ProblemError::RepeatedResource { task: name, .. }
        | ProblemError::NoWorkingTime { task: name, .. } => Culprit::Task(name),
        ProblemError::DemandTooLarge { resource: name, .. } => Culprit::Resource(name),
        ProblemError::ObjectiveTooLarge { .. }
        | ProblemError::NothingMeasured { .. }
        | ProblemError::NoDue { .. } => Culprit::Objective,
        ProblemError::OutOfRange { owner, .. }
        | ProblemError::Contradiction { owner, .. }
        | ProblemError::NotAReservoir { owner, .. }
        | ProblemError::UnknownId { owner, .. } => match owner.split_once(' ') {
            Some(("task", name)) => task(name),
            Some(("resource" | "reservoir", name)) => Culprit::Resource(name),
            Some(("calendar", name)) => Culprit::Calendar(name),
            Some(("setup", name)) => Culprit::Setup(name),
            Some(("selection", kind)) => Culprit::Selections(kind),
            Some(("same", _)) => Culprit::SameSequences,
            Some(("the", _)) => Culprit::Present,
            _ => Culprit::Numbers,
        },
        ProblemError::HorizonTooLong { .. } => Culprit::Numbers,
    }
}

/// What is wrong, and what to change: `otherwise` where the error does not say it.
pub(crate) fn halves(error: &ProblemError, otherwise: &str) -> (String, String) {
    let message = error.to_string();
    let cut = message.rfind("; ").max(message.rfind(": "));
    let whole =
        matches!(error, ProblemError::OutOfRange { .. } | ProblemError::Contradiction { .. });
    match cut {
        Some(cut) if !whole => (message[..cut].to_owned(), message[cut + 2..].to_owned()),
        _ => (message, otherwise.to_owned()),
    }
}
