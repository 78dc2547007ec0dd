//! `csv`: tables with named columns, as spreadsheets write them.
//!
//! The first table has one row per mode of a task; rows of one task stand together. Columns come
//! in any order and may be left out, but for `task` and `duration`:
//!
//! ```csv
//! task,job,duration,resources,predecessors,due,weight
//! turn,bracket,3,lathe,,9,2
//! turn,,5,lathe2;crew:2,,,
//! bore,bracket,2,lathe,turn+1,,
//!
//! resource,kind,capacity
//! crew,renewable,3
//! ```
//!
//! * `resources`: names separated by `;`, each with its demand after `:` where that is not 1.
//!   What no table of resources lists is a machine.
//! * `predecessors`: names separated by `;`, each with a least gap (`turn+2`, `turn-1`) and perhaps
//!   a largest one (`turn+0..5`) behind it, and `SS:`, `EE:` or `SE:` in front of it where other
//!   points than end and start are meant.
//! * `weight`, `release`, `due_from`, `due`, `deadline` are those of the job; without a column `job`
//!   every task is a job of its own. What a job or a task says once, its further rows may leave
//!   empty.
//! * `optional` (`yes`, `no`), `earliest_start`, `latest_start`, `earliest_end`, `latest_end`,
//!   `family`, `breaks` (`wait`, `must-fit`, `pause`), `mode` (its number, from 0) as in the model.
//!
//! Further tables follow after an empty line, in any order: `resource,kind,capacity`; `job` with
//! the columns of jobs; `objective` with one row. Lines that begin with `#` are passed over. What is
//! written is read back equal, the order of precedences aside; names that could not be read back
//! are replaced.
//!
//! **Source:** RFC 4180 (CSV).

mod lists;
mod reader;
mod table;
mod writer;

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::format::{About, Fit, Format, FormatError};
use crate::text::Text;
use ordine_problem::Problem;

/// Name of the format.
const NAME: &str = "csv";

/// The format `csv`.
#[derive(Clone, Copy, Debug)]
pub struct Csv;

impl Format for Csv {
    fn about(&self) -> About {
        About {
            name: NAME,
            summary: "tables with named columns: one row per mode of a task, resources after it",
            source: "Ordine",
            extensions: &["csv"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let first = text.data_lines().next();
        let header = first.map_or("", |line| line.content);
        if table::is_header(header) {
            return Fit::Marked;
        }
        let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
        let expected = "a header with columns such as `task,duration`";
        let diagnostic = Diagnostic::of_file(text.name(), expected, found, "");
        Fit::No(diagnostic.at_line(first.map_or(1, |line| line.number)))
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        reader::read(text)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        writer::write(problem)
    }
}
