//! Discovery of rules: what its spec asks for, item by item, printed with its verdict.
//!
//! Needs the data set `smtt-heuristics` (`--library`). About two minutes on two cores. Language
//! models are scripts and cassettes here: which rule a live model finds is never a gate.
//!
//! **Source:** Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025

mod better;
mod cheats;
mod language;
mod model;
mod search;

use crate::tardiness::published;
use anyhow::{Context as _, Result};
use clap::Parser;
use comfy_table::Table;
use ordine_discover::library::{Training, divided};
use ordine_discover::{SingleMachine, Splits};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `ordine bench discovery`.
#[derive(Parser, Debug)]
#[command(name = "discovery", about = "Discovery of dispatching rules, item by item")]
pub(crate) struct Arguments {
    /// Only these parts: language, rules, scripts, search, repeat, cheats, guard, model, promotion,
    /// better
    parts: Vec<String>,
    /// Folder of the data set smtt-heuristics, or a folder above it
    #[arg(long)]
    library: Option<PathBuf>,
    /// Evaluations of each run of the search
    #[arg(long, default_value_t = 8000)]
    evaluations: u64,
    /// Evaluations of each run of the part `better`
    #[arg(long, default_value_t = 20_000)]
    evaluations_mixed: u64,
    /// First seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    workers: usize,
}

/// What a part prints and what it checks.
pub(crate) struct Sheet<'a> {
    out: &'a mut dyn Write,
    checks: Vec<(String, bool)>,
}

impl Sheet<'_> {
    fn table(&mut self, title: &str, table: &Table) -> Result<()> {
        Ok(writeln!(self.out, "\n{title}\n{table}")?)
    }

    fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "{text}")?)
    }

    fn check(&mut self, words: impl Into<String>, holds: bool) {
        self.checks.push((words.into(), holds));
    }
}

/// What runs a part.
type Part = fn(&Arguments, &mut Sheet<'_>) -> Result<()>;

/// The parts in order.
const PARTS: [(&str, Part); 10] = [
    ("language", language::speed),
    ("rules", language::rules),
    ("scripts", language::scripts),
    ("search", search::search),
    ("repeat", search::repeat),
    ("cheats", cheats::run),
    ("guard", search::guard),
    ("model", model::run),
    ("promotion", search::promotions),
    ("better", better::better),
];

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("discovery").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = arguments.parts.iter().find(|part| !names.contains(&part.as_str())) {
        anyhow::bail!("no part is called {unknown}: expected {}", names.join(", "));
    }
    let workers = arguments.workers;
    writeln!(out, "ordine {}, {workers} threads", env!("CARGO_PKG_VERSION"))?;
    let mut sheet = Sheet { out, checks: Vec::new() };
    for (name, part) in PARTS {
        if arguments.parts.is_empty() || arguments.parts.iter().any(|wanted| wanted == name) {
            part(&arguments, &mut sheet).with_context(|| format!("part {name}"))?;
        }
    }
    let Sheet { out, checks } = sheet;
    writeln!(out, "\nChecks")?;
    for (words, holds) in &checks {
        writeln!(out, "{}  {words}", if *holds { "holds " } else { "FAILS " })?;
    }
    let failed = checks.iter().filter(|(_, holds)| !holds).count();
    Ok(writeln!(out, "{} of {} checks hold", checks.len() - failed, checks.len())?)
}

impl Arguments {
    /// The published sets with their division.
    fn sets(&self, training: Training) -> Result<(SingleMachine, Splits)> {
        let library = self.library.as_deref();
        let library = library.context("expected --library DIR with smtt-heuristics, found none")?;
        let arena = published(library)?;
        let splits = divided(&arena, training);
        Ok((arena, splits))
    }
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}

fn percent(gap: f64) -> String {
    format!("{:.2}", 100.0 * gap)
}
