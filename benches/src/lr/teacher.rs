//! A student network on a teacher's labels: seven schedules, two optimizers, five budgets.
//!
//! Budgets as percent of 200 epochs, base rates in factors of 3, 5 seeds; the metric is the mean
//! squared distance to the teacher on inputs that were held out. Nothing is asked of the ranks
//! here: the table shows how far those of the digits carry.
//!
//! **Source:** the protocol of Chen, Wolfe, Kyrillidis 2022 on networks that need no data

use super::digits::{SCHEDULES, earlier};
use super::{Arguments, Sheet, table};
use anyhow::{Context as _, Result};
use ordine_base::Seed;
use ordine_training::io::outcomes::write_outcome;
use ordine_training::schedules::{
    BudgetedExperiment, Optimizer, Outcome, Plan, Standing, Teacher, best_metrics, rank_table,
};

/// Usual epochs.
const EPOCHS: f64 = 200.0;

/// Percent of them.
const BUDGETS: [f64; 5] = [1.0, 5.0, 25.0, 50.0, 100.0];

/// Optimizers, each with its base rates.
const OPTIMIZERS: [(&str, Optimizer, [f64; 5]); 2] = [
    ("sgdm", Optimizer::Sgd, [0.001, 0.003, 0.009, 0.027, 0.081]),
    ("adam", Optimizer::Adam, [0.001, 0.003, 0.009, 0.027, 0.081]),
];

pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let teacher = Teacher::new(arguments.seed().child(7));
    let (done, mut file) = earlier(arguments)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (name, optimizer, rates) in OPTIMIZERS {
        let experiment = BudgetedExperiment {
            settings: vec!["teacher".to_owned()],
            optimizers: vec![name.to_owned()],
            schedules: SCHEDULES.map(str::to_owned).to_vec(),
            budgets: BUDGETS.to_vec(),
            rates: rates.to_vec(),
            seeds: (1..=arguments.network_seeds).collect(),
        };
        let wanted = experiment.trials();
        let mine = done.iter().filter(|outcome| wanted.contains(&outcome.trial)).cloned();
        let found = experiment.run(
            mine.collect(),
            |trial| {
                let plan: Plan = trial.schedule.parse()?;
                let epochs = (EPOCHS * trial.budget / 100.0).round() as u64;
                let seed = Seed::new(arguments.seed).child(trial.seed);
                Ok(teacher.error_after(&plan, trial.rate, epochs, optimizer, seed)?)
            },
            |outcome| match &mut file {
                Some(file) => write_outcome(outcome, file).context("cannot write the outcomes"),
                None => Ok(()),
            },
        )?;
        outcomes.extend(found);
    }
    print(&outcomes, arguments.network_seeds, sheet)
}

fn print(outcomes: &[Outcome], seeds: u64, sheet: &mut Sheet<'_>) -> Result<()> {
    let best = best_metrics(outcomes);
    for (name, ..) in OPTIMIZERS {
        let mut head = vec!["schedule".to_owned()];
        head.extend(BUDGETS.iter().map(|budget| format!("{budget} %: error x 1000 (rate)")));
        let mut rows = table(&head.iter().map(String::as_str).collect::<Vec<_>>());
        for schedule in SCHEDULES {
            let mut cells = vec![schedule.to_owned()];
            let mine = best.iter().filter(|it| it.schedule == schedule && it.optimizer == name);
            cells.extend(mine.map(|it| format!("{:.2} ({})", 1000.0 * it.metric, it.rate)));
            rows.add_row(cells);
        }
        let title = format!("Teacher and student, {name}, budgets of 200 epochs, {seeds} seeds");
        sheet.table(&title, &rows)?;
    }
    let mut rows = table(&[
        "schedule",
        "low: top 1",
        "top 3",
        "rank",
        "high: top 1",
        "top 3",
        "rank",
        "overall: top 1",
        "top 3",
        "rank",
    ]);
    for row in rank_table(outcomes) {
        let shown = |it: &Standing| {
            let (one, three) = (it.top1_percent(), it.top3_percent());
            [format!("{one:.0} %"), format!("{three:.0} %"), format!("{:.2}", it.mean_rank())]
        };
        let parts = [&row.low, &row.high, &row.overall].map(shown).concat();
        rows.add_row(std::iter::once(row.schedule.clone()).chain(parts));
    }
    sheet.table("Ranks, low budgets up to 25 %, both optimizers", &rows)
}
