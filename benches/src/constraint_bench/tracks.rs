//! Further tracks, run with an answerer: makespan beside the engine's, revision after one change,
//! cores of instances without a schedule.
//!
//! **Source:** ours.

use super::set::Recipe;
use anyhow::Result;
use comfy_table::Table;
use ordine_base::{Seed, TimeLimit};
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::tools::conflict;
use ordine_project::constraint_bench::tracks::{makespans, revised, without_schedule};
use ordine_project::constraint_bench::{
    Answer, BenchInstance, Phase, deviation, nearest, violations,
};
use std::io::Write;
use std::time::Duration;

/// Work units of one makespan.
const WORK: u64 = 1_000_000;

#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The answerer
    #[arg(default_value = "perfect")]
    answerer: Answerer,
    /// Instances per phase and level
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Seed of the set
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "phase",
        "feasible",
        "makespan gap",
        "revised",
        "distance",
        "cores",
        "members",
    ]);
    for phase in Phase::RAMP {
        let recipe = Recipe {
            phases: vec![phase],
            count: arguments.count,
            ..Recipe::standard(arguments.seed)
        };
        let instances = recipe.make()?.instances;
        table.add_row(row(phase, &instances, arguments.answerer)?);
    }
    Ok(writeln!(out, "{table}")?)
}

fn row(phase: Phase, instances: &[BenchInstance], answerer: Answerer) -> Result<Vec<String>> {
    let mut stream = Seed::new(1).stream("tracks");
    let (mut feasible, mut gaps) = (0, Vec::new());
    let (mut revisions, mut distances) = (0, Vec::new());
    let (mut cores, mut members) = (0, 0);
    for instance in instances {
        let answer = answerer.schedule(&instance.public());
        let starts = answer.starts(instance).unwrap_or_default();
        if violations(instance, &answer).is_empty() {
            feasible += 1;
            if let Some((ours, best)) = makespans(instance, &starts, WORK) {
                gaps.push((ours - best) as f64 / best.max(1) as f64);
            }
            if let Some(changed) = revised(instance, &starts, &mut stream) {
                revisions += 1;
                let clock = crate::WallClock::start();
                let limit = TimeLimit(Duration::from_secs(2));
                let found = nearest(&changed, &starts, Seed::new(1), u64::MAX / 2, limit, &clock)?;
                if let Some(found) = found {
                    let answer = Answer::of_starts(&changed, &found.starts);
                    if violations(&changed, &answer).is_empty() {
                        distances.push(deviation(&found.starts, &starts) as f64);
                    }
                }
            }
        }
        let broken = without_schedule(instance, &mut stream);
        if let Some(core) = conflict(&broken).map_err(anyhow::Error::msg)?
            && !core.is_empty()
        {
            cores += 1;
            members += core.len();
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    Ok(vec![
        phase.word().to_owned(),
        format!("{feasible} of {}", instances.len()),
        format!("{:.1} %", 100.0 * mean(&gaps)),
        format!("{} of {revisions}", distances.len()),
        format!("{:.1}", mean(&distances)),
        format!("{cores} of {}", instances.len()),
        format!("{:.1}", members as f64 / cores.max(1) as f64),
    ])
}
