//! Text of permutation flow shops that minimize total tardiness.
//!
//! A line with the number of jobs, one with the number of machines, one with the due time of each
//! job; then one line per job with its duration on machine 0, 1, …. All machines run the jobs in
//! one order; minimized is the sum of max(0, end − due). With as many jobs as machines the third
//! line could also be the machines per stage of `hybrid-flow-shop`: it is taken for due times
//! when one of them is above the number of jobs. O(file).
//!
//! **Source:** Vallada, Ruiz, Minella 2008; text of Naderi, Ruiz, Roshanaei 2023 (INFORMS Journal
//! on Computing).

use crate::instance::{ShopInstance, ShopJob, Word};
use crate::io::flow_shop::{durations, visiting_all, write_rows};
use crate::io::table::{Block, Head, Table, fit};
use crate::io::{Writing, finish_with, follow_one_order};
use ordine_base::Time;
use ordine_problem::{Feature, FeatureSet, Measure, Objective, Problem};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Report, Text};

/// The format `flow-shop-tardiness`.
#[derive(Clone, Copy, Debug)]
pub struct FlowShopTardiness;

impl Format for FlowShopTardiness {
    fn about(&self) -> About {
        About {
            name: "flow-shop-tardiness",
            summary: "permutation flow shop, total tardiness: jobs, machines, due times, then \
                      durations per job",
            source: "Vallada, Ruiz, Minella 2008",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::TwoLines, |opening| {
            Ok(vec![due_times(opening.jobs), durations(opening.jobs, opening.machines)])
        })
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let Some(mut table) = Table::open(text, Head::TwoLines, &mut report) else {
            return Err(report.fail());
        };
        let (count, machines) = (table.jobs, table.machines);
        let dues = table.row_of(due_times(count), &mut report);
        let rows = table.rows(durations(count, machines), &mut report);
        table.end(&mut report);
        let Some(dues) = dues else {
            return Err(report.fail());
        };
        let due = |(row, &due)| ShopJob { due: Some(Time::new(due)), ..visiting_all(row) };
        let jobs = rows.iter().zip(&dues.numbers).map(due).collect();
        let name = text.instance().to_owned();
        let shop = ShopInstance { name, machines, jobs, ..ShopInstance::default() };
        let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
        finish_with(&shop, &lines, report, |problem, builder| {
            follow_one_order(problem, builder);
            builder.objective(Objective::single(Measure::TotalTardiness));
            Ok(())
        })
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let extra = FeatureSet::of(&[Feature::SameSequences, Feature::OtherObjectives]);
        let shop = writing.chains_beside(problem, extra, &[Word::DueTimes])?;
        writing.check_one_order(problem)?;
        if *problem.objective() != Objective::single(Measure::TotalTardiness) {
            return Err(writing.no_words("an objective other than total tardiness"));
        }
        let dues: Option<Vec<String>> =
            shop.jobs.iter().map(|job| job.due.map(|due| due.to_string())).collect();
        let Some(dues) = dues else {
            return Err(writing.no_words("a job without due time"));
        };
        let mut written = format!("{}\n{}\n{}\n", shop.jobs.len(), shop.machines, dues.join(" "));
        write_rows(&shop, &writing, &mut written)?;
        Ok(written)
    }
}

fn due_times(jobs: usize) -> Block {
    Block {
        rows: 1,
        width: jobs,
        what: "due times, one per job",
        number: "a due time",
        least: -Time::MAX.get(),
        most: Time::MAX.get(),
        counted: false,
    }
}
