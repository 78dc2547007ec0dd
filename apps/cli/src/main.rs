//! The program `ordine`: reads instances, plans, checks and prints.
//!
//! Typed arguments are in `arguments.rs`; each command has a file; errors are printed here and
//! nowhere below.
//!
//! **Source:** low-level arguments, high-level meaning, errors at the edge: ripgrep.

mod arguments;
mod bench;
mod charts;
mod check;
mod clock;
mod convert;
mod events;
mod exit;
mod explain;
mod inputs;
mod interrupt;
mod limits;
mod list;
mod lr;
mod memory;
mod outputs;
mod progress;
mod promoted;
mod replan;
mod report;
mod run;
mod simulate;
mod solve;
mod terminal;
mod trace;
mod train;
mod values;
mod variants;

use arguments::{Arguments, Command};
use clap::Parser;
use clock::WallClock;
use exit::{Exit, Failure};
use std::process::ExitCode;

fn main() -> ExitCode {
    let clock = WallClock::start();
    if let Some(failure) = planned_command(std::env::args().nth(1)) {
        return exit::report(failure).into();
    }
    let arguments = Arguments::parse();
    match exit::guarded(|| run(&arguments, clock)) {
        Ok(exit) => exit.into(),
        Err(failure) => exit::report(failure).into(),
    }
}

/// Commands of later versions, so that who looks for one is not told that it is misspelled.
const PLANNED: [&str; 2] = ["generate", "serve"];

fn planned_command(word: Option<String>) -> Option<Failure> {
    let word = word.filter(|word| PLANNED.contains(&word.as_str()))?;
    let version = env!("CARGO_PKG_VERSION");
    Some(Failure::bad_input(format!(
        "`ordine {word}` is not part of version {version}, with any feature; `ordine --help` lists \
         what is"
    )))
}

fn run(arguments: &Arguments, clock: WallClock) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Solve(arguments) => solve::run(arguments, clock),
        Command::Replan(arguments) => replan::run(arguments, clock),
        Command::Explain(arguments) => explain::run(arguments, clock),
        Command::Check(arguments) => check::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
        Command::Rcb(arguments) => bench::run_named("r-constraintbench", &arguments.words),
        Command::Lr(arguments) => lr::run(arguments),
        Command::Train(arguments) => train::run(arguments, clock),
    }
}
