//! `ordine lr`: learning-rate schedules, drawn, listed, and refined from the log of a run.
//!
//! **Source:** `ordine_training::schedules`; each word of a schedule names its own.

mod arguments;
mod list;
mod log;
mod plot;
mod ranking;
mod rates;
mod refine;

pub use arguments::LrArguments;

use crate::exit::{Exit, Failure};
use arguments::LrCommand;

/// Does what the command below `lr` says.
///
/// # Errors
/// When a schedule, a log or an option is wrong, or a file cannot be written.
pub fn run(arguments: &LrArguments) -> Result<Exit, Failure> {
    match &arguments.command {
        LrCommand::Plot(arguments) => plot::run(arguments),
        LrCommand::Refine(arguments) => refine::run(arguments),
        LrCommand::List(arguments) => list::run(arguments),
    }
}
