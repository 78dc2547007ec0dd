//! The text formats of the family: platforms and jobs.
//!
//! Nothing here opens a file: callers hand in texts. These are no formats of problems, for a stream
//! of jobs has no single problem.
//!
//! **Source:** see each module.

mod jobs;
mod platform;
mod trace;

pub use jobs::{read_jobs, write_jobs};
pub use platform::{read_platform, write_platform};
pub use trace::write_trace;

use ordine_wire::{Report, Token};

/// A number that may be written with decimals, within a range.
fn number(
    report: &mut Report<'_>,
    token: Token<'_>,
    what: &str,
    (least, most): (f64, f64),
) -> Option<f64> {
    let found = token.text.parse::<f64>().ok().filter(|it| (least..=most).contains(it));
    if found.is_none() {
        let expected = format!("{what} from {least} to {most}");
        report.at(token, expected, "correct the number");
    }
    found
}
