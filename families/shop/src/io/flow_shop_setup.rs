//! Text of permutation flow shops with sequence-dependent setups.
//!
//! A line with the number of jobs, one with the number of machines, one line per job with its
//! duration on machine 0, 1, …; then, machine by machine, one line per job with the setup from it
//! to each job. All machines run the jobs in one order. There is no setup before the first job.
//! The diagonal means nothing. O(file).
//!
//! **Source:** Ruiz, Maroto, Alcaraz 2005; text of Naderi, Ruiz, Roshanaei 2023 (INFORMS Journal
//! on Computing).

use crate::instance::ShopInstance;
use crate::io::flow_shop::{durations, visiting_all, write_rows};
use crate::io::table::{Block, Head, Row, Table, fit};
use crate::io::{Writing, finish_with, follow_one_order};
use crate::setups::{self, Matrix};
use ordine_base::Ticks;
use ordine_problem::{Feature, FeatureSet, Problem};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Report, Text};
use std::fmt::Write;

/// The format `flow-shop-setup`.
#[derive(Clone, Copy, Debug)]
pub struct FlowShopSetup;

impl Format for FlowShopSetup {
    fn about(&self) -> About {
        About {
            name: "flow-shop-setup",
            summary: "permutation flow shop with setups: jobs, machines, durations per job, then \
                      a matrix of setups per machine",
            source: "Ruiz, Maroto, Alcaraz 2005",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::TwoLines, |opening| {
            let (jobs, machines) = (opening.jobs, opening.machines);
            Ok(vec![durations(jobs, machines), setups_of(jobs * machines, jobs)])
        })
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let Some(mut table) = Table::open(text, Head::TwoLines, &mut report) else {
            return Err(report.fail());
        };
        let (count, machines) = (table.jobs, table.machines);
        let rows = table.rows(durations(count, machines), &mut report);
        let setups = table.rows(setups_of(count * machines, count), &mut report);
        table.end(&mut report);
        let jobs = rows.iter().map(visiting_all).collect();
        let name = text.instance().to_owned();
        let shop = ShopInstance { name, machines, jobs, ..ShopInstance::default() };
        let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
        let matrices: Vec<Matrix> = setups.chunks(count).map(matrix).collect();
        finish_with(&shop, &lines, report, |problem, builder| {
            follow_one_order(problem, builder);
            setups::add(problem, builder, &matrices);
            Ok(())
        })
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let extra = FeatureSet::of(&[Feature::SameSequences, Feature::Setups]);
        let shop = writing.chains_beside(problem, extra, &[])?;
        writing.check_one_order(problem)?;
        let matrices = setups::of_jobs(problem).map_err(|what| writing.no_words(what))?;
        let mut written = format!("{}\n{}\n", shop.jobs.len(), shop.machines);
        write_rows(&shop, &writing, &mut written)?;
        for row in matrices.iter().flat_map(|matrix| matrix.chunks(shop.jobs.len())) {
            let row: Vec<String> = row.iter().map(Ticks::to_string).collect();
            writeln!(written, "{}", row.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

fn setups_of(rows: usize, jobs: usize) -> Block {
    Block {
        rows,
        width: jobs,
        what: "setups from a job, one per job that may follow",
        number: "a setup time",
        least: 0,
        most: Ticks::MAX.get(),
        counted: false,
    }
}

fn matrix(rows: &[Row]) -> Matrix {
    rows.iter().flat_map(|row| &row.numbers).map(|&ticks| Ticks::new(ticks)).collect()
}
