//! The formats of projects.
//!
//! **Source:** see each format.

mod activity_rows;
mod cpr;
mod progen_max;
mod psplib;
mod rcp;

use crate::{ProjectError, ProjectInstance, lower_numbered, raise};
use ordine_problem::{FeatureSet, Problem, ProblemError};
use ordine_wire::{Diagnostics, Format, FormatError, Report};

pub use cpr::Cpr;
pub use progen_max::ProgenMax;
pub use psplib::Psplib;
pub use rcp::Rcp;

/// Every format of the family; among equal fits the earlier one wins.
pub static FORMATS: &[&dyn Format] = &[&Psplib, &Rcp, &Cpr, &ProgenMax];

/// A project as read, with the places where its activities stand.
struct Rows {
    project: ProjectInstance,
    /// Number of the first activity in the file.
    first: usize,
    /// Line of each activity.
    lines: Vec<u32>,
}

impl Rows {
    fn new(name: &str, first: usize) -> Self {
        let project = ProjectInstance { name: name.to_owned(), ..ProjectInstance::default() };
        Rows { project, first, lines: Vec::new() }
    }

    fn line_of(&self, task: &str) -> Option<u32> {
        let number: usize = task.parse().ok()?;
        self.lines.get(number.checked_sub(self.first)?).copied()
    }
}

/// Lowers what a reader has read without mistake.
fn finish(rows: &Rows, mut report: Report<'_>) -> Result<Problem, Diagnostics> {
    let error = match lower_numbered(&rows.project, rows.first) {
        Ok(problem) => return report.finish(problem),
        Err(error) => error,
    };
    let line = match &error {
        ProjectError::Problem(ProblemError::Cycle { tasks }) => {
            tasks.first().and_then(|task| rows.line_of(task))
        }
        ProjectError::Problem(ProblemError::ImpossibleDemand { task, .. }) => rows.line_of(task),
        _ => None,
    };
    let (expected, hint) = ("a valid project", "correct the rows of these activities");
    report.invalid(line, expected, &error, hint);
    Err(report.fail())
}

/// The project that `problem` states, in the words of a format that says only this much.
fn raise_saying(
    format: &dyn Format,
    problem: &Problem,
    says: FeatureSet,
) -> Result<ProjectInstance, FormatError> {
    let no_words = |what| FormatError::NoWords { format: format.about().name, what };
    let unsupported = problem.unsupported(says);
    if !unsupported.is_empty() {
        return Err(no_words(unsupported.to_string()));
    }
    raise(problem).map_err(no_words)
}
