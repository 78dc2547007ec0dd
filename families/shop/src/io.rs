//! The formats of the shops.
//!
//! **Source:** see each format.

mod distributed_flow_shop;
mod fjs;
mod fjs_matrix;
mod fjs_workers;
mod flexible;
mod flow_shop;
mod flow_shop_setup;
mod flow_shop_tardiness;
mod hybrid_flow_shop;
mod jsplib;
mod table;

use crate::instance::{Route, ShopError, ShopInstance, Word};
use crate::lower::{lower, raise_beside};
use ordine_problem::{FeatureSet, Problem, ProblemBuilder, ProblemError, SameSequence};
use ordine_wire::{Diagnostics, Format, FormatError, Report};

pub use distributed_flow_shop::DistributedFlowShop;
pub use fjs::Fjs;
pub use fjs_matrix::FjsMatrix;
pub use fjs_workers::FjsWorkers;
pub use flow_shop::{FlowShop, OpenShop};
pub use flow_shop_setup::FlowShopSetup;
pub use flow_shop_tardiness::FlowShopTardiness;
pub use hybrid_flow_shop::HybridFlowShop;
pub use jsplib::Jsplib;

/// Every format of the family; among equal fits the earlier one wins.
///
/// What no line tells apart is so decided by this order: a matrix of durations is a flow shop,
/// not an open shop. A line of one number behind `jobs machines` is the number of factories before
/// it is a broken job.
pub static FORMATS: &[&dyn Format] = &[
    &DistributedFlowShop,
    &Jsplib,
    &Fjs,
    &FlowShop,
    &OpenShop,
    &FjsWorkers,
    &FlowShopSetup,
    &HybridFlowShop,
    &FjsMatrix,
    &FlowShopTardiness,
];

/// Most modes that a text may mean which says several of them with one number.
const MODES_MAX: i64 = 1 << 20;

/// Lowers what a reader has read; `lines` are the lines of the jobs.
fn finish(shop: &ShopInstance, lines: &[u32], report: Report<'_>) -> Result<Problem, Diagnostics> {
    finish_with(shop, lines, report, |_, _| Ok(()))
}

/// Lowers what a reader has read, and changes the problem.
fn finish_with(
    shop: &ShopInstance,
    lines: &[u32],
    mut report: Report<'_>,
    change: impl FnOnce(&Problem, &mut ProblemBuilder) -> Result<(), ProblemError>,
) -> Result<Problem, Diagnostics> {
    if !report.is_clean() {
        return Err(report.fail());
    }
    let plain = lower(shop);
    let changed = plain.and_then(|it| Ok(it.with(|builder| change(&it, builder))?));
    match changed {
        Ok(problem) => Ok(problem),
        Err(error) => {
            let job = match &error {
                ShopError::NoOperation { job }
                | ShopError::NoChoice { job, .. }
                | ShopError::UnknownMachine { job, .. }
                | ShopError::UnknownWorker { job, .. } => Some(*job),
                _ => None,
            };
            let line = job.and_then(|job| lines.get(job)).copied();
            let expected = if line.is_some() { "a valid job" } else { "a valid shop" };
            report.invalid(line, expected, &error, "correct the file");
            Err(report.fail())
        }
    }
}

/// All machines of the problem run the jobs in one order.
fn follow_one_order(problem: &Problem, builder: &mut ProblemBuilder) {
    builder.same_sequence(SameSequence { machines: problem.resources().collect() });
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
        self.chains_beside(problem, FeatureSet::EMPTY, known)
    }

    /// As `shop`, with `extra` features that the caller looks at.
    fn chains_beside(
        &self,
        problem: &Problem,
        extra: FeatureSet,
        known: &[Word],
    ) -> Result<ShopInstance, FormatError> {
        let shop = raise_beside(problem, extra, Route::Chain).and_then(|shop| shop.within(known));
        shop.map_err(|what| self.no_words(what))
    }

    /// Refuses a problem whose machines do not all run the jobs in one order.
    fn check_one_order(&self, problem: &Problem) -> Result<(), FormatError> {
        match problem.same_sequences() {
            [sequence] if sequence.machines.iter().copied().eq(problem.resources()) => Ok(()),
            _ => Err(self.no_words("machines that may run the jobs in different orders")),
        }
    }
}
