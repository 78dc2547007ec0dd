//! Where in a file the mistakes stand that sealing finds.
//!
//! Errors of sealing name their owner in words; its name leads back to the item of the file.
//!
//! **Source:** -

use super::{Building, Lists, line_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::Place;
use crate::text::Text;
use ordine_problem::{Problem, ProblemError};

impl Building<'_> {
    pub(super) fn seal(mut self, lists: &Lists<'_>) -> Result<Problem, Diagnostics> {
        if !self.report.is_clean() {
            return Err(self.report.fail());
        }
        let error = match self.builder.seal() {
            Ok(problem) => return Ok(problem),
            Err(error) => error,
        };
        let (found, hint) = halves(&error, "correct these items");
        let diagnostic = Diagnostic::of_file(self.text.name(), "a valid problem", found, hint);
        self.report.add(match place(self.text, lists, &error) {
            Some(Place { line, column: 0 }) => diagnostic.at_line(line),
            Some(Place { line, column }) => diagnostic.at(line, column),
            None => diagnostic,
        });
        Err(self.report.fail())
    }
}

/// The item, or (with column 0) the line, that an error of sealing is about.
fn place(text: &Text<'_>, lists: &Lists<'_>, error: &ProblemError) -> Option<Place> {
    let key = |key: &str| {
        let is_there = text.content().contains(key);
        is_there.then(|| Place { line: line_of(text, key), column: 0 })
    };
    match error {
        ProblemError::Cycle { tasks } => tasks.first().and_then(|name| task(lists, name)),
        ProblemError::NoMode { task: name }
        | ProblemError::ImpossibleDemand { task: name, .. }
        | ProblemError::NoWorkingTime { task: name, .. } => task(lists, name),
        ProblemError::DemandTooLarge { resource: name, .. } => resource(lists, name),
        ProblemError::ObjectiveTooLarge { .. }
        | ProblemError::NothingMeasured { .. }
        | ProblemError::NoDue { .. } => key("\"objective\""),
        ProblemError::OutOfRange { owner, .. } | ProblemError::Contradiction { owner, .. } => {
            match owner.split_once(' ') {
                Some(("task", name)) => named_task(lists, name),
                Some(("resource", name)) => resource(lists, name),
                Some(("calendar", name)) => {
                    let found = lists.calendars.iter().find(|it| it.item.name == name);
                    found.map(|it| it.place)
                }
                Some(("setup", name)) => {
                    let found = lists.setups.iter().find(|it| it.item.name == name);
                    found.map(|it| it.place)
                }
                Some(("selection", _)) => only(lists.selections.iter().map(|it| it.place))
                    .or_else(|| key("\"selections\"")),
                Some(("same", _)) => only(lists.same_sequences.iter().map(|it| it.place))
                    .or_else(|| key("\"same_sequences\"")),
                Some(("the", _)) => key("\"now\""),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The only one of several places.
fn only(mut places: impl Iterator<Item = Place>) -> Option<Place> {
    let first = places.next();
    if places.next().is_none() { first } else { None }
}

fn task(lists: &Lists<'_>, name: &str) -> Option<Place> {
    lists.tasks.iter().find(|task| task.item.name == name).map(|task| task.place)
}

/// The task of an owner such as `a` or `a and task b`.
fn named_task(lists: &Lists<'_>, name: &str) -> Option<Place> {
    let first = || name.split_once(" and task ").and_then(|parts| task(lists, parts.0));
    task(lists, name).or_else(first)
}

fn resource(lists: &Lists<'_>, name: &str) -> Option<Place> {
    let found = lists.resources.iter().find(|resource| resource.item.name == name);
    found.map(|resource| resource.place)
}

/// What is wrong, and what to change: `otherwise` where the error does not say it.
pub(super) fn halves(error: &ProblemError, otherwise: &str) -> (String, String) {
    let message = error.to_string();
    let cut = message.rfind("; ").max(message.rfind(": "));
    let whole =
        matches!(error, ProblemError::OutOfRange { .. } | ProblemError::Contradiction { .. });
    match cut {
        Some(cut) if !whole => (message[..cut].to_owned(), message[cut + 2..].to_owned()),
        _ => (message, otherwise.to_owned()),
    }
}
