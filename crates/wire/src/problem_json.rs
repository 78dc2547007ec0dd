//! `ordine/problem/1`: everything that a problem says, as JSON.
//!
//! One item per line, so that two files compare well. Things are referred to by name where names
//! of the kind are unique, by number (from 0, in the order of the file) otherwise; both are read.
//! Numbers are integers in the file's `unit`; `unit` and `origin` (date and time of ISO 8601, with
//! or without zone) are carried along as they are, and times may be dates beside them. Calendars
//! may be weekly patterns, which are laid out as they are read. `docs/formats.md` describes every
//! field. What is written is read back equal. A problem
//! without name bears that of its file. Fields that are not known are errors.
//!
//! ```json
//! {"format":"ordine/problem/1","name":"two tasks","unit":"minute","objective":"makespan",
//! "jobs":[{"name":"bracket","weight":1,"release":0,"due":9}],
//! "resources":[{"name":"lathe","kind":"machine"},{"name":"crew","kind":"renewable","capacity":2}],
//! "tasks":[{"name":"turn","job":"bracket","modes":[{"duration":3,"requirements":[
//!   {"resource":"lathe"},{"resource":"crew","demand":2}]}]}, …],
//! "precedences":[{"before":"turn","after":"bore","kind":"end-to-start","lag":0}]}
//! ```
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025).

mod reader;
mod wire;
mod writer;

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::format::{About, Fit, Format, FormatError};
use crate::json;
use crate::text::Text;
use ordine_problem::Problem;

pub use reader::read_problem;
pub(crate) use wire::{Moment, Reference};
pub use writer::write_problem;

/// What the format line of a problem says.
pub const PROBLEM_FORMAT: &str = "ordine/problem/1";

/// What the integers of a file mean to people; engines never look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeScale {
    /// What one tick is, such as `minute`.
    pub unit: Option<String>,
    /// The instant of tick 0: date and time of ISO 8601, with or without zone.
    pub origin: Option<String>,
}

/// The JSON Schema of a problem.
pub(crate) fn problem_schema() -> schemars::Schema {
    crate::schema::schema_of::<wire::File<'static>>()
}

/// The formats that belong to no family; programs add those of the families.
pub static FORMATS: &[&dyn Format] = &[&Json, &crate::Csv];

/// The format `json`.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl Format for Json {
    fn about(&self) -> About {
        About {
            name: "json",
            summary: "Ordine's own JSON: everything that a problem can say, ordine/problem/1",
            source: "Ordine",
            extensions: &["json"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        if json::is_object(text) {
            return Fit::Marked;
        }
        let first = text.lines().find(|line| !line.content.trim().is_empty());
        let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
        let diagnostic = Diagnostic::of_file(text.name(), "first `{`", found, "");
        Fit::No(diagnostic.at_line(first.map_or(1, |line| line.number)))
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        read_problem(text).map(|read| read.0)
    }

    fn read_scaled(&self, text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
        read_problem(text)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        self.write_scaled(problem, &TimeScale::default())
    }

    fn write_scaled(&self, problem: &Problem, scale: &TimeScale) -> Result<String, FormatError> {
        Ok(write_problem(problem, scale))
    }
}
