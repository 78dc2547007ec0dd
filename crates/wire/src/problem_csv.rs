//! `csv`: tables with named columns, as spreadsheets write them.
//!
//! One file holds one table or several, with empty rows between them. A table begins with the names
//! of its columns, in any order; which table it is, its own column says: `task`, `job`, `resource`,
//! `before` (precedences), `family`, `setup`, `calendar` or `problem`. Only tasks are needed:
//!
//! ```csv
//! task,job,duration,resources,predecessors,due,weight
//! turn,bracket,3,lathe,,9,2
//! ,,5,lathe2; crew:2,,,
//! bore,bracket,2,lathe,turn+1,,
//!
//! resource,kind,capacity
//! lathe,,
//! lathe2,,
//! crew,renewable,3
//! ```
//!
//! * A row of tasks is a mode. The further modes of a task follow in rows that repeat its name or
//!   leave it empty; what a task or a job says once, its other rows may leave empty. A status and
//!   a planned start stand in the row of their mode.
//! * `resources` lists names with `;` or `,` between them, each with its demand behind a colon
//!   where that is not 1. `predecessors` likewise, each with a least gap behind it (`turn+2`,
//!   `turn-1`); kinds, largest gaps and penalties need the table of precedences. `stock_changes`
//!   lists reservoirs with what a mode puts in or takes out, and when: `tank:-3@start`.
//! * What has a table of its own is listed there completely. Without one, resources are machines,
//!   and jobs and families are known by their names; without a column `job`, tasks that have
//!   dates or a weight are jobs of their own.
//! * Times are whole numbers, or dates and times beside `unit` and `origin` in the table `problem`.
//! * Cells are separated by commas, semicolons or tabs, whichever the header has. Quotes are those
//!   of RFC 4180. Rows that begin with `#`, and columns whose names do, are notes.
//!
//! What CSV has no words for: choices among tasks, spans, blocking, one order of jobs on several
//! machines, relations between modes, capacities and least usages that change over time, forbidden
//! times and costs by time. Writing names what of it a problem says. What is written is read back
//! equal, but for names: those that could not be told apart are replaced by numbered ones.
//!
//! **Source:** RFC 4180 (CSV).

mod cells;
mod columns;
mod reader;
mod refusal;
mod table;
mod writer;

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::format::{About, Fit, Format, FormatError};
use crate::problem_json::TimeScale;
use crate::text::Text;
use ordine_problem::Problem;

/// The format `csv`.
#[derive(Clone, Copy, Debug)]
pub struct Csv;

impl Format for Csv {
    fn about(&self) -> About {
        About {
            name: "csv",
            summary: "tables with named columns: tasks, and jobs, resources, setups, calendars",
            source: "Ordine; RFC 4180",
            extensions: &["csv", "tsv"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let first = text.data_lines().next();
        let header = first.map_or("", |line| line.content);
        match table::header_fit(header) {
            Some(fit) => fit,
            None => {
                let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
                let expected = "a header with columns such as `task,duration`";
                let diagnostic = Diagnostic::of_file(text.name(), expected, found, "");
                Fit::No(diagnostic.at_line(first.map_or(1, |line| line.number)))
            }
        }
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        self.read_scaled(text).map(|read| read.0)
    }

    fn read_scaled(&self, text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
        reader::read(text)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        self.write_scaled(problem, &TimeScale::default())
    }

    fn write_scaled(&self, problem: &Problem, scale: &TimeScale) -> Result<String, FormatError> {
        match refusal::refusals(problem) {
            None => Ok(writer::write(problem, scale)),
            Some(what) => Err(FormatError::NoWords { format: self.about().name, what }),
        }
    }
}
