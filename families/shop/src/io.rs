//! The formats of the shops.
//!
//! **Source:** see each format.

mod fjs;
mod fjs_matrix;
mod fjs_workers;
mod flexible;
mod flow_shop;
mod hybrid_flow_shop;
mod jsplib;
mod table;

use crate::instance::{Route, ShopError, ShopInstance, Word};
use crate::lower::{lower, raise_beside};
use ordine_problem::{FeatureSet, Problem};
use ordine_wire::{Format, FormatError, Report};

pub use fjs::Fjs;
pub use fjs_matrix::FjsMatrix;
pub use fjs_workers::FjsWorkers;
pub use flow_shop::{FlowShop, OpenShop};
pub use hybrid_flow_shop::HybridFlowShop;
pub use jsplib::Jsplib;

/// Every format of the family; among equal fits the earlier one wins.
///
/// What no line tells apart is so decided by this order: a matrix of durations is a flow shop,
/// not an open shop.
pub static FORMATS: &[&dyn Format] =
    &[&Jsplib, &Fjs, &FlowShop, &OpenShop, &FjsWorkers, &HybridFlowShop, &FjsMatrix];

/// Most modes that a text may mean which says several of them with one number.
const MODES_MAX: i64 = 1 << 20;

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
