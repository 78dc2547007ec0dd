//! `ordine bench`: reproduces a table of results.
//!
//! **Source:** -

use crate::arguments::BenchArguments;
use crate::exit::{Exit, Failure};
use ordine_benches::{BENCHES, bench_named};
use std::io::{self, Write};

/// Runs the bench that the arguments name, with the rest of them.
///
/// # Errors
/// When there is no such bench, or it fails.
pub fn run(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let names = BENCHES.map(|bench| bench.name).join(", ");
    let Some((name, rest)) = arguments.words.split_first() else {
        return Err(Failure::bad_input(format!("bench: expected a name among {names}")));
    };
    let Some(bench) = bench_named(name) else {
        return Err(Failure::bad_input(format!(
            "bench: expected a name among {names}, found `{name}`"
        )));
    };
    let mut stdout = io::stdout().lock();
    match (bench.run)(rest, &mut stdout) {
        Ok(()) => Ok(stdout.flush().map(|()| Exit::Done)?),
        Err(error) => failed(error),
    }
}

/// Help and wrong usage come as errors of clap, a pipe that was closed as an error of the system.
fn failed(error: anyhow::Error) -> Result<Exit, Failure> {
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        // That nobody reads it is no error.
        let _ = usage.print();
        return Ok(if usage.use_stderr() { Exit::BadInput } else { Exit::Done });
    }
    let closed = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().filter_map(|cause| cause.downcast_ref()).any(closed) {
        return Err(Failure::ReaderGone);
    }
    Err(Failure::Inside(format!("{error:#}")))
}
