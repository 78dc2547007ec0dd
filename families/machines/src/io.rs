//! The formats of machines.
//!
//! **Source:** see each format.

mod parallel_machines;
mod single_machine;
mod single_machine_csv;
mod weighted_tardiness;

use crate::{MachinesInstance, lower, raise};
use ordine_problem::Problem;
use ordine_wire::{Diagnostics, Format, FormatError, Report};

pub use parallel_machines::ParallelMachines;
pub use single_machine::SingleMachine;
pub use single_machine_csv::SingleMachineCsv;
pub use weighted_tardiness::WeightedTardiness;

/// Every format of the family; among equal fits the earlier one wins.
pub static FORMATS: &[&dyn Format] =
    &[&ParallelMachines, &WeightedTardiness, &SingleMachine, &SingleMachineCsv];

/// Lowers what a reader has read.
fn finish(instance: &MachinesInstance, mut report: Report<'_>) -> Result<Problem, Diagnostics> {
    if !report.is_clean() {
        return Err(report.fail());
    }
    match lower(instance) {
        Ok(problem) => Ok(problem),
        Err(error) => {
            report.invalid(None, "a valid instance", &error, "correct the file");
            Err(report.fail())
        }
    }
}

/// The instance that `problem` states, which must have jobs and fulfil `fits`; otherwise the
/// format has no words for `what`.
fn raise_where(
    format: &dyn Format,
    problem: &Problem,
    fits: impl Fn(&MachinesInstance) -> bool,
    what: &str,
) -> Result<MachinesInstance, FormatError> {
    let no_words = |what| FormatError::NoWords { format: format.about().name, what };
    let instance = raise(problem).map_err(no_words)?;
    match fits(&instance) {
        _ if instance.jobs.is_empty() => Err(no_words("a problem without jobs".to_owned())),
        true => Ok(instance),
        false => Err(no_words(what.to_owned())),
    }
}

/// Numbers with a space between them.
fn row(numbers: impl Iterator<Item = i64>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}
