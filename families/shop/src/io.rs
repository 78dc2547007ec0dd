//! The formats of the shops.
//!
//! **Source:** see each format.

mod fjs;
mod jsplib;

use crate::{ShopError, ShopInstance, lower};
use ordine_problem::Problem;
use ordine_wire::{Format, Report};

pub use fjs::Fjs;
pub use jsplib::Jsplib;

/// Every format of the family; among equal fits the earlier one wins.
pub static FORMATS: &[&dyn Format] = &[&Jsplib, &Fjs];

/// Lowers what a reader has read; `lines` are the lines of the jobs.
fn finish(
    shop: &ShopInstance,
    lines: &[u32],
    mut report: Report<'_>,
) -> Result<Problem, ordine_wire::Diagnostics> {
    if !report.is_clean() {
        return Err(report.fail());
    }
    match lower(shop) {
        Ok(problem) => Ok(problem),
        Err(error) => {
            let job = match &error {
                ShopError::NoOperation { job }
                | ShopError::NoChoice { job, .. }
                | ShopError::UnknownMachine { job, .. } => Some(*job),
                ShopError::Problem(_) => None,
            };
            let hint = "correct the file";
            match job.and_then(|job| lines.get(job)) {
                Some(&line) => report.line(line, "a valid job", error.to_string(), hint),
                None => report.file("a valid shop", error.to_string(), hint),
            }
            Err(report.fail())
        }
    }
}
