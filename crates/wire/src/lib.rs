//! What every reader and writer shares: text with positions, diagnostics, unpacking, the seam of
//! formats, and the formats of every problem: Ordine's own JSON, and CSV.
//!
//! Nothing here opens a file: programs hand in a `Read` and a name for messages.
//!
//! ```
//! use ordine_wire::{Report, Text};
//!
//! let text = Text::new("sizes.txt", b"10 five").expect("text");
//! let mut report = Report::new(&text);
//! for token in text.lines().flat_map(|line| line.tokens()) {
//!     report.number(token, "a size", 1..=100);
//! }
//! assert_eq!(
//!     report.fail().to_string(),
//!     "sizes.txt, line 1, column 4: expected a size from 1 to 100, found `five`; \
//!      correct the number"
//! );
//! ```
//!
//! **Source:** see each module.

pub mod change;
mod dates;
mod diagnostic;
mod format;
mod json;
mod problem_csv;
pub mod problem_json;
mod read;
pub mod schedule;
mod schema;
mod sealing;
mod text;
mod unpack;

pub use diagnostic::{
    DIAGNOSTICS_MAX, Diagnostic, Diagnostics, Report, is_hidden, quote, visible, visible_json,
};
pub use format::{About, DETECTION_LINES, Fit, Format, FormatError};
pub use problem_csv::Csv;
pub use problem_json::{FORMATS, Json, TimeScale};
pub use read::{Address, Found, Item, Request, format_and_parameter, read_one, read_problems};
pub use schema::schemas;
pub use text::{COUNT_MAX, Line, Text, Token};
pub use unpack::{MEMBER_BYTES_MAX, TOTAL_BYTES_MAX};
