//! The formats of the shops.
//!
//! **Source:** see each format.

mod fjs;
mod jsplib;

use crate::instance::{Route, ShopError, ShopInstance, Word};
use crate::lower::{lower, raise_beside};
use ordine_problem::{FeatureSet, Problem};
use ordine_wire::{Format, FormatError, Report};

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
                | ShopError::UnknownMachine { job, .. }
                | ShopError::UnknownWorker { job, .. } => Some(*job),
                _ => None,
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

/// The writing of a problem in a format: what the format has no words for becomes its error.
struct Writing {
    format: &'static str,
}

impl Writing {
    fn of(format: &dyn Format) -> Self {
        Writing { format: format.about().name }
    }

    fn no_words(&self, what: impl Into<String>) -> FormatError {
        FormatError::NoWords { format: self.format, what: what.into() }
    }

    /// The shop with chains that the problem states, when it says no more than `known`.
    fn shop(&self, problem: &Problem, known: &[Word]) -> Result<ShopInstance, FormatError> {
        self.shop_beside(problem, FeatureSet::EMPTY, Route::Chain, known)
    }

    /// As `shop`, on this route, with `extra` features that the caller looks at.
    fn shop_beside(
        &self,
        problem: &Problem,
        extra: FeatureSet,
        route: Route,
        known: &[Word],
    ) -> Result<ShopInstance, FormatError> {
        let shop = raise_beside(problem, extra, route).and_then(|shop| shop.within(known));
        shop.map_err(|what| self.no_words(what))
    }
}
