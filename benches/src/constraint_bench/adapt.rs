//! Adaptive ramps: the slack of windows at which an answerer is feasible half the time, level by
//! level, so that the set never saturates.
//!
//! Feasibility rises with slack, so that the slack is found by halving; each step asks about fresh
//! instances that are solvable by construction.
//!
//! **Source:** ours; adaptive difficulty as in later benchmarks.

use anyhow::{Result, bail};
use ordine_base::Seed;
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::statistics::wilson;
use ordine_project::constraint_bench::{Phase, Tightness, generate, violations};
use std::io::Write;

/// Largest slack that is tried.
const SLACK_MAX: u32 = 128;

#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The answerer
    answerer: Answerer,
    /// Levels
    #[arg(long, value_delimiter = ',', default_value = "5,20,40,60")]
    levels: Vec<u32>,
    /// Instances per step
    #[arg(long, default_value_t = 40)]
    count: u64,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<()> {
    if arguments.count == 0 {
        bail!("--count is 0: expected 1 or more");
    }
    for &level in &arguments.levels {
        let (slack, share) = slack_of(arguments, level)?;
        let range = wilson(share * arguments.count as f64, arguments.count as f64);
        writeln!(
            out,
            "level {level}: slack {slack}, feasible {share:.2} [{:.2}, {:.2}]",
            range.low, range.high
        )?;
    }
    Ok(())
}

/// The least slack at which half of the answers are feasible, and their share there.
fn slack_of(arguments: &Arguments, level: u32) -> Result<(u32, f64)> {
    let (mut low, mut high) = (0, SLACK_MAX);
    let mut at_high = share(arguments, level, high)?;
    while high - low > 1 {
        let middle = low.midpoint(high);
        let found = share(arguments, level, middle)?;
        match found >= 0.5 {
            true => (high, at_high) = (middle, found),
            false => low = middle,
        }
    }
    Ok((high, at_high))
}

fn share(arguments: &Arguments, level: u32, slack: u32) -> Result<f64> {
    let mut feasible = 0;
    for number in 0..arguments.count {
        let seed = Seed::new(arguments.seed).child(u64::from(slack));
        let (phase, slack) = (Phase::Disjunctive, Tightness(slack));
        let instance = generate(seed, phase, level, number, slack, false)?.public();
        let answer = arguments.answerer.schedule(&instance);
        feasible += u64::from(violations(&instance, &answer).is_empty());
    }
    Ok(feasible as f64 / arguments.count as f64)
}
