//! `ordine bench`: reproduces a table of results.
//!
//! **Source:** -

use crate::arguments::{BENCH_EXAMPLES, BenchArguments};
use crate::exit::{Exit, Failure};
use ordine_benches::{BENCHES, Bench, bench_named, built_from};
use std::io::{self, Write};

/// Runs the bench that the arguments name, with the rest of them.
///
/// # Errors
/// When there is no such bench, or it fails.
pub fn run(arguments: &BenchArguments) -> Result<Exit, Failure> {
    let Some((name, rest)) = arguments.words.split_first() else {
        // That nobody reads it is no error.
        let _ = write!(io::stderr().lock(), "{}", help());
        return Ok(Exit::BadInput);
    };
    if ["--help", "-h", "help"].contains(&name.as_str()) {
        let mut stdout = io::stdout().lock();
        write!(stdout, "{}", help())?;
        return Ok(stdout.flush().map(|()| Exit::Done)?);
    }
    run_named(name, rest)
}

/// Runs the bench of this name with its own arguments.
///
/// # Errors
/// When there is no such bench, or it fails.
pub fn run_named(name: &str, rest: &[String]) -> Result<Exit, Failure> {
    let mut stdout = io::stdout().lock();
    let Some(bench) = bench_named(name) else {
        let names = BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>().join(", ");
        return Err(Failure::bad_input(format!(
            "bench: expected a name among {names}, found `{name}`"
        )));
    };
    built_from(env!("ORDINE_COMMIT"));
    match (bench.run)(rest, &mut stdout) {
        Ok(()) => Ok(stdout.flush().map(|()| Exit::Done)?),
        Err(error) => failed(error),
    }
}

/// Which benches there are, and how they are called.
fn help() -> String {
    let width = BENCHES.iter().map(|bench| bench.name.len()).max().unwrap_or(0);
    let line = |bench: &Bench| format!("  {:<width$}  {}\n", bench.name, bench.summary);
    let list: String = BENCHES.iter().map(line).collect();
    format!(
        "Reproduce a table of results\n\nUsage: ordine bench <NAME> [ARGUMENTS]...\n\n\
         Benches:\n{list}\n{BENCH_EXAMPLES}\n"
    )
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
