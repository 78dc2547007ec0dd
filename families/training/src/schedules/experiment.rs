//! Budgeted training as an experiment: a grid of runs, and who came first how often.
//!
//! A run is a setting, an optimizer, a schedule, a budget (percent of the usual epochs), a base
//! rate and a seed; its metric is better when smaller. For each experiment (setting, optimizer,
//! budget) a schedule has the best mean over seeds among its rates; its rank is one more than the
//! number of schedules that are strictly better. The table counts how often a schedule is first,
//! and among the first three, for low budgets (up to and including 25 %), high ones, and all.
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022, table 1

use std::collections::BTreeMap;

/// Budgets up to this many percent are low.
pub const LOW_BUDGET: f64 = 25.0;

/// One run of the grid.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub struct Trial {
    /// Model and data.
    pub setting: String,
    /// Optimizer.
    pub optimizer: String,
    /// Schedule.
    pub schedule: String,
    /// Percent of the usual epochs.
    pub budget: f64,
    /// Base rate.
    pub rate: f64,
    /// Seed.
    pub seed: u64,
}

/// A run with what came out; better when smaller, not a number when the run diverged.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The run.
    pub trial: Trial,
    /// What came out.
    pub metric: f64,
}

/// The grid.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetedExperiment {
    /// Models and data.
    pub settings: Vec<String>,
    /// Optimizers.
    pub optimizers: Vec<String>,
    /// Schedules.
    pub schedules: Vec<String>,
    /// Percent of the usual epochs.
    pub budgets: Vec<f64>,
    /// Base rates.
    pub rates: Vec<f64>,
    /// Seeds.
    pub seeds: Vec<u64>,
}

impl BudgetedExperiment {
    /// Every run, cheap budgets first.
    pub fn trials(&self) -> Vec<Trial> {
        let mut budgets = self.budgets.clone();
        budgets.sort_by(f64::total_cmp);
        let mut trials = Vec::new();
        for budget in budgets {
            for setting in &self.settings {
                for optimizer in &self.optimizers {
                    for schedule in &self.schedules {
                        for &rate in &self.rates {
                            trials.extend(self.seeds.iter().map(|&seed| Trial {
                                setting: setting.clone(),
                                optimizer: optimizer.clone(),
                                schedule: schedule.clone(),
                                budget,
                                rate,
                                seed,
                            }));
                        }
                    }
                }
            }
        }
        trials
    }

    /// The runs that are not done yet.
    pub fn missing(&self, done: &[Outcome]) -> Vec<Trial> {
        let done: Vec<&Trial> = done.iter().map(|outcome| &outcome.trial).collect();
        self.trials().into_iter().filter(|trial| !done.contains(&trial)).collect()
    }

    /// Runs what is missing, and shows each outcome as it comes; goes on where `done` ends.
    ///
    /// # Errors
    /// The first error of a run or of `show`.
    pub fn run<E>(
        &self,
        mut done: Vec<Outcome>,
        mut train: impl FnMut(&Trial) -> Result<f64, E>,
        mut show: impl FnMut(&Outcome) -> Result<(), E>,
    ) -> Result<Vec<Outcome>, E> {
        for trial in self.missing(&done) {
            let outcome = Outcome { metric: train(&trial)?, trial };
            show(&outcome)?;
            done.push(outcome);
        }
        Ok(done)
    }
}

/// How often a schedule was among the first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Experiments.
    pub experiments: u32,
    /// Of these, first.
    pub top1: u32,
    /// Of these, among the first three.
    pub top3: u32,
    rank_sum: u32,
}

impl Standing {
    /// Percent of experiments in which it was first.
    pub fn top1_percent(&self) -> f64 {
        100.0 * f64::from(self.top1) / f64::from(self.experiments.max(1))
    }

    /// Percent of experiments in which it was among the first three.
    pub fn top3_percent(&self) -> f64 {
        100.0 * f64::from(self.top3) / f64::from(self.experiments.max(1))
    }

    /// Mean rank, from 1.
    pub fn mean_rank(&self) -> f64 {
        f64::from(self.rank_sum) / f64::from(self.experiments.max(1))
    }

    fn count(&mut self, rank: u32) {
        self.experiments += 1;
        self.top1 += u32::from(rank == 1);
        self.top3 += u32::from(rank <= 3);
        self.rank_sum += rank;
    }
}

/// One line of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RankRow {
    /// The schedule.
    pub schedule: String,
    /// Low budgets.
    pub low: Standing,
    /// High budgets.
    pub high: Standing,
    /// All budgets.
    pub overall: Standing,
}

/// The best mean over seeds, for each experiment and schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct BestMetric {
    /// Model and data.
    pub setting: String,
    /// Optimizer.
    pub optimizer: String,
    /// Percent of the usual epochs.
    pub budget: f64,
    /// The schedule.
    pub schedule: String,
    /// The base rate with the best mean.
    pub rate: f64,
    /// That mean; infinite when every rate diverged.
    pub metric: f64,
}

/// The best rate of each schedule in each experiment, in the order of first appearance.
pub fn best_metrics(outcomes: &[Outcome]) -> Vec<BestMetric> {
    let mut means: Vec<(&Trial, f64, u32)> = Vec::new();
    let mut places: BTreeMap<(&str, &str, u64, &str, u64), usize> = BTreeMap::new();
    for Outcome { trial, metric } in outcomes {
        let (setting, optimizer) = (trial.setting.as_str(), trial.optimizer.as_str());
        let (budget, rate) = (trial.budget.to_bits(), trial.rate.to_bits());
        let key = (setting, optimizer, budget, trial.schedule.as_str(), rate);
        let place = *places.entry(key).or_insert_with(|| {
            means.push((trial, 0.0, 0));
            means.len() - 1
        });
        means[place].1 += if metric.is_nan() { f64::INFINITY } else { *metric };
        means[place].2 += 1;
    }
    let mut best: Vec<BestMetric> = Vec::new();
    for (trial, sum, count) in means {
        let metric = sum / f64::from(count);
        let same = best.iter_mut().find(|it| {
            it.setting == trial.setting
                && it.optimizer == trial.optimizer
                && it.budget == trial.budget
                && it.schedule == trial.schedule
        });
        match same {
            Some(known) if metric < known.metric => {
                (known.rate, known.metric) = (trial.rate, metric);
            }
            Some(_) => {}
            None => best.push(BestMetric {
                setting: trial.setting.clone(),
                optimizer: trial.optimizer.clone(),
                budget: trial.budget,
                schedule: trial.schedule.clone(),
                rate: trial.rate,
                metric,
            }),
        }
    }
    best
}

/// The table, schedules in the order of first appearance.
pub fn rank_table(outcomes: &[Outcome]) -> Vec<RankRow> {
    let best = best_metrics(outcomes);
    let mut rows: Vec<RankRow> = Vec::new();
    for one in &best {
        let rivals = best.iter().filter(|it| {
            it.setting == one.setting && it.optimizer == one.optimizer && it.budget == one.budget
        });
        let rank = 1 + rivals.filter(|it| it.metric < one.metric).count() as u32;
        let place = rows.iter().position(|row| row.schedule == one.schedule);
        let place = place.unwrap_or_else(|| {
            rows.push(RankRow { schedule: one.schedule.clone(), ..RankRow::default() });
            rows.len() - 1
        });
        let row = &mut rows[place];
        row.overall.count(rank);
        let part = if one.budget <= LOW_BUDGET { &mut row.low } else { &mut row.high };
        part.count(rank);
    }
    rows
}
