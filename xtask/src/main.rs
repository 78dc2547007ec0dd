//! Chores of the workspace: `cargo xtask test`, `tidy`, `bench` and `peers`.
//!
//! **Source:** the xtask habit of rust-analyzer.

mod bench;
mod steps;
mod tidy;

use anyhow::bail;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
Chores of the workspace.

Usage: cargo xtask COMMAND

Commands:
  test             run everything that is checked before a change is accepted, in order
  tidy             check the rules of the house: layers, sizes, docs, forbidden words
  bench NAME ...   build the program in release and run `ordine bench NAME ...`
  bench lr-parity  compare learning rates with PyTorch, transformers and Optax (installs them)
  peers            make the environments of the peers, with pinned versions, and compare their
                   models with brute force
  help             print this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> anyhow::Result<()> {
    let command = arguments.first().map(String::as_str);
    match command {
        Some("test") => steps::run_all(&root()),
        Some("tidy") => tidy::run(&root()),
        Some("bench") => bench::run(&root(), &arguments[1..]),
        Some("peers") => bench::peers(&root()),
        None | Some("help" | "--help" | "-h") => {
            say(HELP.trim_end());
            Ok(())
        }
        Some(other) => {
            bail!("expected test, tidy, bench, peers or help, found `{other}`\n\n{HELP}")
        }
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the workspace").to_owned()
}

#[allow(clippy::print_stdout, reason = "a command line tool speaks")]
fn say(line: &str) {
    println!("{line}");
}

#[allow(clippy::print_stderr, reason = "a command line tool complains")]
fn complain(line: &str) {
    eprintln!("{line}");
}
