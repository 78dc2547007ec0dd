//! Seals what was read, and finds the place in the file of a mistake that sealing finds.
//!
//! **Source:** -

use super::super::wire;
use super::{Building, Lists};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{Place, Placed, line_of};
use crate::sealing::{Culprit, culprit, halves};
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
            At::Item(Place { line, column }) => diagnostic.at(line, column),
            At::Line(line) => diagnostic.at_line(line),
        });
        Err(self.report.fail())
    }
}

/// Where a mistake stands, as exactly as it is known.
enum At {
    Item(Place),
    Line(u32),
}

fn place(text: &Text<'_>, lists: &Lists<'_>, error: &ProblemError) -> At {
    let key = |key: &str| At::Line(line_of(text, key));
    let item = |found: Option<Place>| match found {
        Some(place) => At::Item(place),
        None => At::Line(text.line_of_largest_number()),
    };
    let has_task = |name: &str| lists.tasks.iter().any(|task| task.item.name == name);
    match culprit(error, has_task) {
        Culprit::Task(name) => item(find(&lists.tasks, |it| it.name == name)),
        Culprit::Resource(name) => item(find(&lists.resources, |it| it.name == name)),
        Culprit::Calendar(name) => item(find(&lists.calendars, |it| it.name == name)),
        Culprit::Setup(name) => item(find(&lists.setups, |it| it.name == name)),
        Culprit::Selections(kind) => {
            let of_kind = |it: &wire::Selection<'_>| format!("{:?}", it.kind) == kind;
            only(&lists.selections, of_kind).map_or_else(|| key("\"selections\""), At::Item)
        }
        Culprit::SameSequences => {
            let found = only(&lists.same_sequences, |_| true);
            found.map_or_else(|| key("\"same_sequences\""), At::Item)
        }
        Culprit::Objective => key("\"objective\""),
        Culprit::Present => key("\"now\""),
        Culprit::Numbers => item(None),
    }
}

/// The only item that can be meant.
fn only<T>(items: &[Placed<T>], is_meant: impl Fn(&T) -> bool) -> Option<Place> {
    let mut meant = items.iter().filter(|placed| is_meant(&placed.item));
    let first = meant.next()?;
    meant.next().is_none().then_some(first.place)
}

fn find<T>(items: &[Placed<T>], is_meant: impl Fn(&T) -> bool) -> Option<Place> {
    items.iter().find(|placed| is_meant(&placed.item)).map(|placed| placed.place)
}
