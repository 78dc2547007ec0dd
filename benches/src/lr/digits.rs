//! A small network on digits under seven schedules and small budgets: who ranks where.
//!
//! 64-64-10 network, momentum 0.9, minibatches of 32, budgets as percent of 200 epochs, base rates
//! in factors of 3, 5 seeds; the metric is the share of wrong digits among the held-out fifth.
//!
//! **Source:** the protocol of Chen, Wolfe, Kyrillidis 2022 on a network that a processor can train

use super::{Arguments, Sheet, bytes, table};
use anyhow::{Context as _, Result};
use ordine_base::Seed;
use ordine_training::io::instance::read_samples;
use ordine_training::io::outcomes::{read_outcomes, write_head, write_outcome};
use ordine_training::schedules::{
    BudgetedExperiment, Classification, Plan, best_metrics, rank_table,
};
use std::fs::OpenOptions;
use std::io::Write;

/// Usual epochs.
const EPOCHS: f64 = 200.0;

/// Largest value of a pixel.
const PIXEL_MAX: f64 = 16.0;

/// Plans that are compared.
pub(super) const SCHEDULES: [&str; 7] =
    ["constant", "exponential", "step", "one-cycle", "linear", "cosine", "rex"];

pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let path = arguments.digits.clone().or_else(|| arguments.file("digits.csv"));
    let Some(path) = path else {
        return sheet.line("\nDigits: left out; name digits.csv with --digits (see --help)");
    };
    let samples = read_samples(&path.display().to_string(), &bytes(&path)?)?;
    let data = Classification::new(&samples, PIXEL_MAX, arguments.seed())?;
    let experiment = BudgetedExperiment {
        settings: vec!["digits".to_owned()],
        optimizers: vec!["sgdm".to_owned()],
        schedules: SCHEDULES.map(str::to_owned).to_vec(),
        budgets: vec![1.0, 5.0, 25.0],
        rates: vec![0.01, 0.03, 0.09, 0.27, 0.81],
        seeds: (1..=arguments.network_seeds).collect(),
    };
    let (done, mut file) = earlier(arguments)?;
    let outcomes = experiment.run(
        done,
        |trial| {
            let plan: Plan = trial.schedule.parse()?;
            let epochs = (EPOCHS * trial.budget / 100.0).round() as u64;
            let seed = Seed::new(arguments.seed).child(trial.seed);
            Ok(data.error_after(&plan, trial.rate, epochs, seed)?)
        },
        |outcome| match &mut file {
            Some(file) => write_outcome(outcome, file).context("cannot write the outcomes"),
            None => Ok(()),
        },
    )?;
    let best = best_metrics(&outcomes);
    let mut head = vec!["schedule".to_owned()];
    head.extend(experiment.budgets.iter().map(|budget| format!("{budget} %: error (rate)")));
    head.extend(["top 1", "top 3", "mean rank"].map(str::to_owned));
    let mut rows = table(&head.iter().map(String::as_str).collect::<Vec<_>>());
    let mut ranks = (0.0, 0.0);
    for row in rank_table(&outcomes) {
        let mut cells = vec![row.schedule.clone()];
        for one in best.iter().filter(|one| one.schedule == row.schedule) {
            cells.push(format!("{:.2} % ({})", 100.0 * one.metric, one.rate));
        }
        let (top1, top3) = (row.low.top1_percent(), row.low.top3_percent());
        cells.extend([format!("{top1:.0} %"), format!("{top3:.0} %")]);
        cells.push(format!("{:.2}", row.low.mean_rank()));
        rows.add_row(cells);
        match row.schedule.as_str() {
            "rex" => ranks.0 = row.low.mean_rank(),
            "constant" => ranks.1 = row.low.mean_rank(),
            _ => {}
        }
    }
    let seeds = arguments.network_seeds;
    let title =
        format!("Digits, 64-64-10 network, momentum .9, budgets of 200 epochs, {seeds} seeds");
    sheet.table(&title, &rows)?;
    sheet.check(format!("digits: mean rank of REX <= 3 of 7 ({:.2})", ranks.0), ranks.0 <= 3.0);
    sheet.check(format!("digits: rank of constant >= 5 ({:.2})", ranks.1), ranks.1 >= 5.0);
    Ok(())
}

/// Outcomes of an interrupted call, and where to add more.
pub(super) fn earlier(
    arguments: &Arguments,
) -> Result<(Vec<ordine_training::schedules::Outcome>, Option<std::fs::File>)> {
    let Some(path) = &arguments.results else { return Ok((Vec::new(), None)) };
    let known = std::fs::read(path).unwrap_or_default();
    let done = match known.is_empty() {
        true => Vec::new(),
        false => read_outcomes(&path.display().to_string(), &known)?,
    };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
    if known.is_empty() {
        write_head(&mut file)?;
    } else if !known.ends_with(b"\n") {
        writeln!(file)?;
    }
    Ok((done, Some(file)))
}
