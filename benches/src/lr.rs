//! Learning rates: what three papers and our specs of them state, theirs beside ours.
//!
//! Formulas, bounds, refined shapes, the convex suite, robust quadratics, small networks on digits
//! and on a teacher's labels, and speed; each check of a spec is printed with its verdict. The
//! convex suite and the digits need the folder of the specs' data sets (`--library`); digits are
//! `digits.csv` in it, or in `--digits`, 64 pixels and the digit per line, as
//! `numpy.savetxt("digits.csv", numpy.c_[load_digits(return_X_y=True)], "%d", ",")` writes them.
//! Some minutes on one core. What the papers claim about large networks and language models needs
//! a GPU and weeks.
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022; Tang et al. 2025; Defazio et al. 2023

mod convex;
mod digits;
mod formulas;
mod shapes;
mod speed;
mod teacher;

use crate::sheet::{Part, Sheet, known_parts, table};
use anyhow::{Context as _, Result};
use clap::Parser;
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

/// The parts in order.
const PARTS: &[Part<Arguments>] = &[
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
    known_parts(PARTS, &arguments.parts)?;
    writeln!(out, "ordine {}, seed {}, one core", env!("CARGO_PKG_VERSION"), arguments.seed)?;
    let mut sheet = Sheet::new(out);
    sheet.run(PARTS, &arguments.parts, &arguments)?;
    sheet.finish()
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
