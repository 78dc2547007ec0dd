//! The seam of file formats: one trait, implemented by each format of each family.
//!
//! How to add a format:
//!
//! 1. Write `families/<family>/src/io/<format>.rs` with a unit struct that implements [`Format`]:
//!    `about`, `detect`, `read`, and `write` where the format can be written.
//! 2. Add it to the family's `io::FORMATS`.
//! 3. Add a test that reads a file and one that reads back what was written; the table of
//!    malformed inputs of the family takes a row per rule that `read` enforces.
//!
//! **Source:** -

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::problem_json::TimeScale;
use crate::text::Text;
use ordine_problem::Problem;
use std::fmt;

/// A file format. Called once per text; `detect` must look into the first
/// [`DETECTION_LINES`] lines at most (it may count the others), `read` must be linear in the text.
pub trait Format: Sync {
    /// How it is called and what it is.
    fn about(&self) -> About;

    /// How well the lines of the text fit. Decides by the structure of lines, never by the
    /// number of tokens alone; must not refuse a text only because of a mistake in it, so that
    /// the reader can name the mistake.
    fn detect(&self, text: &Text<'_>) -> Fit;

    /// Reads one instance.
    ///
    /// # Errors
    /// All mistakes that could be found, with their lines.
    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics>;

    /// As `read`, with what the integers of the text mean; only formats that say it differ.
    ///
    /// # Errors
    /// Those of `read`.
    fn read_scaled(&self, text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
        Ok((self.read(text)?, TimeScale::default()))
    }

    /// What may stand behind its name and a colon on the command line, such as `number of jobs`
    /// for `wt:40`; `None` when nothing may. The text that is read bears what stood there.
    fn parameter(&self) -> Option<&'static str> {
        None
    }

    /// The instances of a text that holds several, in order; the text itself by default.
    fn split<'t>(&self, text: &Text<'t>) -> Vec<Text<'t>> {
        vec![text.clone()]
    }

    /// Writes a problem so that reading it back gives an equal one, names aside.
    ///
    /// # Errors
    /// When the format cannot say what the problem says, or is only read.
    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let _ = problem;
        Err(FormatError::ReadOnly { format: self.about().name })
    }

    /// As `write`, with what the integers mean where the format has words for it.
    ///
    /// # Errors
    /// Those of `write`.
    fn write_scaled(&self, problem: &Problem, scale: &TimeScale) -> Result<String, FormatError> {
        let _ = scale;
        self.write(problem)
    }
}

impl fmt::Debug for dyn Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.about().name)
    }
}

/// Most data lines that detection looks at.
pub const DETECTION_LINES: usize = 64;

/// What the registry says about a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name on the command line.
    pub name: &'static str,
    /// What it describes, in one line.
    pub summary: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// Usual extensions of its files, lower case, without dot; settle ties of detection.
    pub extensions: &'static [&'static str],
}

/// How well a text fits a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Not at all: says what the format has at the first place that differs.
    No(Diagnostic),
    /// The opening fits, and `fitting` of the next `of` lines do.
    Lines {
        /// Lines that have the shape of the format.
        fitting: usize,
        /// Lines that were looked at.
        of: usize,
    },
    /// The text bears words that only this format has.
    Marked,
}

impl Fit {
    /// How many lines have the shape that `fits` asks for. When more than half of them have not,
    /// it is no fit, with the diagnostic of `otherwise` for the first of those.
    pub fn of_lines<L>(
        lines: impl Iterator<Item = L>,
        mut fits: impl FnMut(&L) -> bool,
        otherwise: impl FnOnce(L) -> Diagnostic,
    ) -> Fit {
        let (mut fitting, mut of, mut wrong) = (0, 0, None);
        for line in lines.take(DETECTION_LINES) {
            of += 1;
            match fits(&line) {
                true => fitting += 1,
                false if wrong.is_none() => wrong = Some(line),
                false => {}
            }
        }
        match wrong {
            Some(line) if 2 * fitting < of => Fit::No(otherwise(line)),
            _ => Fit::Lines { fitting, of },
        }
    }

    /// Rank among fits, larger is better; `None` for no fit.
    pub(crate) fn rank(&self) -> Option<usize> {
        match *self {
            Fit::No(_) => None,
            Fit::Lines { fitting, of } => Some(1000 * fitting / of.max(1)),
            Fit::Marked => Some(usize::MAX),
        }
    }
}

/// Why a problem cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The format is only read.
    #[error("format {format} can be read but not written: convert to another format")]
    ReadOnly {
        /// Name of the format.
        format: &'static str,
    },
    /// The problem says something for which the format has no words.
    #[error(
        "format {format} has no words for {what}: write ordine/problem/1 (format json) instead"
    )]
    NoWords {
        /// Name of the format.
        format: &'static str,
        /// What it cannot say, and where the problem says it.
        what: String,
    },
}
