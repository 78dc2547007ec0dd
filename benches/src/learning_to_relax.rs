//! Learning to relax: both published experiments and every check of their reproduction.
//!
//! A: SOR on the shifted Laplacian of a 10 x 10 grid. B: SSOR-preconditioned CG along the heat
//! equation. Prints a table of iterations, theirs beside ours with 95 % intervals over trials, and
//! one line per check. The paper shows plots only: "theirs" are reference runs written from its
//! formulas. One thread.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, *Learning to Relax*.

mod checks;
mod heat;
mod learners;
mod plots;
mod relaxation;

use crate::WallClock;
use crate::stopwatch::Stopwatch;
use anyhow::{Context as _, Result, bail};
use checks::Checks;
use clap::Parser;
use ordine_base::Clock as _;
use plots::Plots;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `ordine bench learning-to-relax`.
#[derive(Parser, Debug)]
#[command(name = "learning-to-relax", about = "Learned relaxation parameters of linear solvers")]
struct Arguments {
    /// Trials of experiment A
    #[arg(long, default_value_t = 10)]
    trials: u64,
    /// Cells along a side in experiment B; the paper has 25 to 400
    #[arg(long, value_delimiter = ',', default_value = "25,50,100")]
    cells: Vec<usize>,
    /// Trials of the learners in experiment B
    #[arg(long, default_value_t = 3)]
    heat_trials: u64,
    /// Seed of the first trial; the others follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave out the scan for the instance-optimal omega in experiment B
    #[arg(long)]
    no_scan: bool,
    /// Draw cost curve, choices and costs over the number of unknowns into this folder, as SVG
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// Write totals and the choices of each step here, as CSV
    #[arg(long)]
    csv: Option<PathBuf>,
}

/// Lines `experiment,policy,trial,step,omega,iterations`; steps are left empty in totals.
pub(crate) struct Log(Option<csv::Writer<File>>);

impl Log {
    fn create(path: Option<&PathBuf>) -> Result<Self> {
        let Some(path) = path else { return Ok(Log(None)) };
        let mut writer = csv::Writer::from_path(path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        writer.write_record(["experiment", "policy", "trial", "step", "omega", "iterations"])?;
        Ok(Log(Some(writer)))
    }

    fn total(&mut self, experiment: &str, policy: &str, trial: u64, iterations: u64) -> Result<()> {
        let Some(writer) = &mut self.0 else { return Ok(()) };
        let (trial, iterations) = (trial.to_string(), iterations.to_string());
        Ok(writer.write_record([experiment, policy, &trial, "", "", &iterations])?)
    }

    fn step(&mut self, run: [&str; 3], step: usize, omega: f64, iterations: u32) -> Result<()> {
        let Some(writer) = &mut self.0 else { return Ok(()) };
        let [experiment, policy, trial] = run;
        let (step, omega) = (step.to_string(), format!("{omega:.4}"));
        let iterations = iterations.to_string();
        Ok(writer.write_record([experiment, policy, trial, &step, &omega, &iterations])?)
    }
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("learning-to-relax").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if arguments.trials < 2 || arguments.heat_trials < 2 {
        bail!("expected 2 or more trials for intervals: raise --trials and --heat-trials");
    }
    if let Some(found) = arguments.cells.iter().find(|cells| !(2..=400).contains(*cells)) {
        bail!("--cells holds {found}: expected 2 to 400");
    }
    let (clock, watch) = (WallClock::start(), Stopwatch::start());
    let mut log = Log::create(arguments.csv.as_ref())?;
    let mut plots = Plots::new(arguments.plots.clone())?;
    let mut checks = Checks::default();
    let seeds = arguments.seed..arguments.seed + arguments.trials;
    writeln!(
        out,
        "ordine {}, learning-to-relax, seeds {seeds:?} (A) and {:?} (B), one thread\n",
        env!("CARGO_PKG_VERSION"),
        arguments.seed..arguments.seed + arguments.heat_trials,
    )?;
    relaxation::curve(arguments.seed, &plots, &mut checks, out)?;
    relaxation::experiment(seeds, &mut checks, &mut log, out)?;
    for &cells in &arguments.cells {
        let seeds = arguments.seed..arguments.seed + arguments.heat_trials;
        let grid = heat::Grid { cells, seeds, scan: !arguments.no_scan };
        heat::experiment(&grid, &mut plots, &mut checks, &mut log, out)?;
    }
    plots.finish()?;
    learners::checks(arguments.seed, &mut checks)?;
    writeln!(out, "{}", checks.table())?;
    let (wall, processor) = (clock.elapsed().as_secs_f64(), watch.seconds());
    writeln!(out, "{}; {processor:.0} s of a processor, {wall:.0} s in all", checks.verdict())?;
    Ok(())
}
