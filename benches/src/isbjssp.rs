//! The interrupting swap-allowed blocking job shop: theirs beside ours.
//!
//! Reads the classic instances of a library (`--library`) and the values of an independent
//! simulator (`--data`, file `reference_p0.csv`). `--items` picks the parts: 1 rules without
//! interruption, 2 random runs before the judge, 3 proofs, 4 the table of interruptions, 7 latency
//! and speed, 8 re-planning at every shut-down. One thread. Ends with the checks that hold or fail.
//!
//! **Source:** Wong, Kim, Park, Park, Law 2024, rebuilt from its abstract; our choices are in the
//! page of results.

mod interruptions;
mod proofs;
mod reactive;
mod reference;
mod runs;
mod speed;
mod statistics;

use anyhow::Result;
use clap::Parser;
use comfy_table::{Table, presets};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `ordine bench isbjssp`.
#[derive(Parser, Debug)]
#[command(name = "isbjssp", about = "Interrupting swap-allowed blocking job shop: theirs, ours")]
struct Arguments {
    /// Folder with the classic instances of the job shop, at any depth
    #[arg(long)]
    library: PathBuf,
    /// Folder of the set `isbjssp`, with `reference_p0.csv`
    #[arg(long)]
    data: PathBuf,
    /// Parts to run
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,7,8")]
    items: Vec<u8>,
    /// Seeds per instance and policy
    #[arg(long, default_value_t = 50)]
    seeds: u64,
    /// Seeds of policies that look ahead by simulation; 0 leaves them out
    #[arg(long, default_value_t = 10)]
    pilot_seeds: u64,
    /// Seeds of the re-plan policy; 0 leaves it out
    #[arg(long, default_value_t = 1)]
    replan_seeds: u64,
    /// Units of work per plan in the table of interruptions
    #[arg(long, default_value_t = 20_000)]
    replan_work: u64,
    /// Random runs before the judge
    #[arg(long, default_value_t = 10_000)]
    runs: u64,
    /// Seconds of a proof
    #[arg(long, default_value_t = 60.0)]
    proof_seconds: f64,
    /// Threads of a proof
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Seconds per shut-down of the re-plan policy in part 8
    #[arg(long, default_value_t = 2.0)]
    reactive_seconds: f64,
    /// Seeds of part 8
    #[arg(long, default_value_t = 2)]
    reactive_seeds: u64,
}

/// Where tables and checks go.
struct Sheet<'a> {
    out: &'a mut dyn Write,
    checks: Vec<(String, bool)>,
}

impl Sheet<'_> {
    fn check(&mut self, words: impl Into<String>, holds: bool) {
        self.checks.push((words.into(), holds));
    }

    fn table(&mut self, title: &str, printed: &Table) -> Result<()> {
        writeln!(self.out, "\n{title}\n{}", printed.trim_fmt())?;
        Ok(self.out.flush()?)
    }
}

/// A table with this head.
fn table<T: Into<comfy_table::Cell>>(head: impl IntoIterator<Item = T>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head.into_iter().map(Into::into));
    table
}

/// Runs the bench.
///
/// # Errors
/// When the arguments are wrong, a file cannot be read, or something inside is wrong.
pub(crate) fn run(words: &[String], out: &mut dyn Write) -> Result<()> {
    let name = [String::from("isbjssp")];
    let arguments = Arguments::try_parse_from(name.iter().chain(words))?;
    let instances = reference::read(&arguments.library, &arguments.data)?;
    let mut sheet = Sheet { out, checks: Vec::new() };
    for item in &arguments.items {
        match item {
            1 => runs::rules(&instances, &mut sheet)?,
            2 => runs::judged(arguments.runs, &mut sheet)?,
            3 => proofs::run(&instances, &arguments, &mut sheet)?,
            4 => interruptions::run(&instances, &arguments, &mut sheet)?,
            7 => speed::run(&instances, &mut sheet)?,
            8 => reactive::run(&instances, &arguments, &mut sheet)?,
            _ => anyhow::bail!("--items: expected numbers among 1, 2, 3, 4, 7, 8, found {item}"),
        }
    }
    writeln!(sheet.out)?;
    for (words, holds) in &sheet.checks {
        writeln!(sheet.out, "{}   {words}", if *holds { "holds" } else { "FAILS" })?;
    }
    let held = sheet.checks.iter().filter(|(_, holds)| *holds).count();
    writeln!(sheet.out, "{held} of {} checks hold", sheet.checks.len())?;
    Ok(())
}
