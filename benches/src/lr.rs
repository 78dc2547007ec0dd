//! Learning rates: what three papers and our specs of them state, theirs beside ours.
//!
//! Formulas, bounds, refined shapes, the convex suite, robust quadratics, small networks on digits
//! and on a teacher's labels, and speed; each check of a spec is printed with its verdict. The convex suite and the digits need
//! the folder of the specs' data sets (`--library`); digits are `digits.csv` in it, or in
//! `--digits`, 64 pixels and the digit per line, as
//! `numpy.savetxt("digits.csv", numpy.c_[load_digits(return_X_y=True)], "%d", ",")` writes them.
//! About a minute on one core. What the papers claim about large networks and language models needs
//! a GPU and weeks.
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022; Tang et al. 2025; Defazio et al. 2023

mod convex;
mod digits;
mod formulas;
mod shapes;
mod speed;
mod teacher;

use anyhow::{Context as _, Result};
use clap::Parser;
use comfy_table::Table;
use ordine_base::Seed;
use ordine_training::schedules::{Plan, Run, Schedule};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `ordine bench lr`.
#[derive(Parser, Debug)]
#[command(name = "lr", about = "Learning-rate schedules: theirs beside ours")]
struct Arguments {
    /// Only these parts: formulas, bounds, shapes, quadratic, convex, order, logistic, digits,
    /// teacher, speed
    parts: Vec<String>,
    /// Folder of the specs' data sets, or the folder above it
    #[arg(long)]
    library: Option<PathBuf>,
    /// File of digits, when it is not in the library
    #[arg(long)]
    digits: Option<PathBuf>,
    /// Seed of all draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seeds of the convex suite
    #[arg(long, default_value_t = 96)]
    seeds: u64,
    /// Seeds of the small networks
    #[arg(long, default_value_t = 5)]
    network_seeds: u64,
    /// File of outcomes of the small networks; an interrupted bench resumes from it
    #[arg(long)]
    results: Option<PathBuf>,
}

/// What a part prints and what it checks.
struct Sheet<'a> {
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
    ("formulas", formulas::run),
    ("bounds", shapes::bounds),
    ("shapes", shapes::refined),
    ("quadratic", shapes::quadratic),
    ("convex", convex::deviations),
    ("order", convex::order),
    ("logistic", convex::logistic),
    ("digits", digits::run),
    ("teacher", teacher::run),
    ("speed", speed::run),
];

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("lr").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = arguments.parts.iter().find(|part| !names.contains(&part.as_str())) {
        anyhow::bail!("no part is called {unknown}: expected {}", names.join(", "));
    }
    writeln!(out, "ordine {}, seed {}, one core", env!("CARGO_PKG_VERSION"), arguments.seed)?;
    let mut sheet = Sheet { out, checks: Vec::new() };
    for (name, part) in PARTS {
        if arguments.parts.is_empty() || arguments.parts.iter().any(|wanted| wanted == name) {
            part(&arguments, &mut sheet)?;
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
    fn seed(&self) -> Seed {
        Seed::new(self.seed)
    }

    /// A file of the library, in the folder itself or in `lr-schedules`, where it is there.
    fn file(&self, name: &str) -> Option<PathBuf> {
        let library = self.library.as_ref()?;
        let places = ["", "lr-schedules", "data/lr-schedules"];
        places.iter().map(|place| library.join(place).join(name)).find(|path| path.is_file())
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn schedule(plan: &str, steps: usize) -> Result<Schedule> {
    let plan: Plan = plan.parse().with_context(|| format!("plan {plan}"))?;
    Ok(plan.over(Run::of_steps(steps as i64)?)?)
}

fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}
