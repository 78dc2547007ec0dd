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

use crate::sheet::{Part, Sheet, known_parts, table};
use crate::tardiness::published;
use anyhow::{Context as _, Result};
use clap::Parser;
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

/// The parts in order.
const PARTS: &[Part<Arguments>] = &[
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
    known_parts(PARTS, &arguments.parts)?;
    let workers = arguments.workers;
    writeln!(out, "ordine {}, {workers} threads", env!("CARGO_PKG_VERSION"))?;
    let mut sheet = Sheet::new(out);
    sheet.run(PARTS, &arguments.parts, &arguments)?;
    sheet.finish()
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

fn percent(gap: f64) -> String {
    format!("{:.2}", 100.0 * gap)
}
