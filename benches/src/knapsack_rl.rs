//! Rollouts divided among prompts: every numbered check of the specification, theirs beside ours.
//!
//! K1 greedy against dynamic programme; K2 and K3 effective gradient ratios with known and with
//! estimated rates; K4 budgets; K5 speed; K6 formulas; K7 steps of a simulated training run, with
//! 95 % confidence intervals (Student's t) over seeds; K8 stored cases of the published rules. Then
//! what nobody asked: other populations, other policies, tokens and time.
//!
//! **Source:** Li et al. 2025 (Knapsack RL); figures marked *theirs*: its specification.

mod runs;
mod stored;
mod tables;

use anyhow::{Result, bail};
use clap::Parser;
use ordine_base::Seed;
use std::io::Write;

/// Prompts of a step.
const PROMPTS: usize = 256;
/// Rollouts of a step.
const BUDGET: u64 = 2048;
/// Least and most rollouts of a prompt.
const BOUNDS: (u64, u64) = (2, 128);

/// Arguments of `ordine bench knapsack-rl`.
#[derive(Parser, Debug)]
#[command(name = "knapsack-rl", about = "Rollout budgets: tables, speed, simulated training")]
struct Arguments {
    /// First seed; others follow from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Draws of the tables with known rates (K2)
    #[arg(long, default_value_t = 100)]
    draws: usize,
    /// Seeds of the simulated training runs (K7)
    #[arg(long, default_value_t = 20)]
    runs: usize,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("knapsack-rl").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if arguments.draws < 2 || arguments.runs < 5 {
        let Arguments { draws, runs, .. } = arguments;
        bail!("{draws} draws and {runs} runs: expected at least 2 draws and 5 runs; raise them");
    }
    let seed = Seed::new(arguments.seed);
    writeln!(
        out,
        "ordine {}, {PROMPTS} prompts, {BUDGET} rollouts, {} to {} each, seed {}\n",
        env!("CARGO_PKG_VERSION"),
        BOUNDS.0,
        BOUNDS.1,
        arguments.seed,
    )?;
    tables::greedy_and_table(seed, out)?;
    tables::known_rates(seed, arguments.draws, out)?;
    tables::estimated_rates(seed, 20, out)?;
    tables::budgets(seed, out)?;
    tables::speed(seed, out)?;
    tables::formulas(out)?;
    stored::cases(out)?;
    runs::training(seed, arguments.runs, out)?;
    runs::one_shot_values(seed, out)?;
    runs::tokens_and_time(seed, out)
}

/// Mean and half width of its 95 % confidence interval.
fn interval(values: &[f64]) -> (f64, f64) {
    use statrs::distribution::{ContinuousCDF as _, StudentsT};
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let quantile = StudentsT::new(0.0, 1.0, count - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975));
    (mean, quantile * (squares / (count - 1.0) / count).sqrt())
}

/// Text of an interval.
fn shown(values: &[f64], digits: usize) -> String {
    let (mean, half) = interval(values);
    format!("{mean:.digits$} ± {half:.digits$}")
}

/// Word for a check.
fn verdict(good: bool) -> &'static str {
    if good { "met" } else { "MISSED" }
}
