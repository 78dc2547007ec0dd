//! Flow shop and open shop text: a matrix of durations.
//!
//! First line `jobs machines`; then one line per job with its duration on machine 0, 1, …. In a
//! *flow shop* every job visits the machines in this order; in an *open shop* in any order. The
//! texts are the same: a matrix is taken for a flow shop, unless the format is forced. O(file).
//!
//! **Source:** Taillard 1993 (flow and open shops, transposed where it is printed there).

use crate::instance::{Operation, Route, ShopInstance, ShopJob, Word};
use crate::io::table::{Block, Head, Opening, Row, Table, fit};
use crate::io::{Writing, finish};
use crate::lower::raise_beside;
use ordine_base::Ticks;
use ordine_problem::{FeatureSet, Problem};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Report, Text};
use std::fmt::Write;

/// The format `flow-shop`.
#[derive(Clone, Copy, Debug)]
pub struct FlowShop;

/// The format `open-shop`.
#[derive(Clone, Copy, Debug)]
pub struct OpenShop;

impl Format for FlowShop {
    fn about(&self) -> About {
        About {
            name: "flow-shop",
            summary: "flow shop: `jobs machines`, then per job its duration on each machine",
            source: "Taillard 1993",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::OneLine, matrix)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        read(text, Route::Chain)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        write(&writing.shop(problem, &[])?, &writing)
    }
}

impl Format for OpenShop {
    fn about(&self) -> About {
        About {
            name: "open-shop",
            summary: "open shop: as flow-shop, the machines in any order; never detected",
            source: "Taillard 1993",
            extensions: &[],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::OneLine, matrix)
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        read(text, Route::Open)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let shop = raise_beside(problem, FeatureSet::EMPTY, Route::Open)
            .and_then(|shop| shop.within(&[Word::AnyOrder]));
        write(&shop.map_err(|what| writing.no_words(what))?, &writing)
    }
}

fn matrix(opening: Opening<'_>) -> Result<Vec<Block>, &'static str> {
    Ok(vec![durations(opening.jobs, opening.machines)])
}

/// A row of durations per job.
pub(super) fn durations(jobs: usize, machines: usize) -> Block {
    Block {
        rows: jobs,
        width: machines,
        what: "durations of a job, one per machine",
        number: "a duration",
        least: 0,
        most: Ticks::MAX.get(),
        counted: false,
    }
}

/// The job that visits machine 0, 1, … for the durations of the row.
pub(super) fn visiting_all(row: &Row) -> ShopJob {
    let on = |(machine, &ticks): (usize, &i64)| Operation::on(machine, Ticks::new(ticks));
    ShopJob::of(row.numbers.iter().enumerate().map(on).collect())
}

fn read(text: &Text<'_>, route: Route) -> Result<Problem, Diagnostics> {
    let mut report = Report::new(text);
    let Some(mut table) = Table::open(text, Head::OneLine, &mut report) else {
        return Err(report.fail());
    };
    let machines = table.machines;
    let rows = table.rows(durations(table.jobs, machines), &mut report);
    table.end(&mut report);
    let jobs = rows.iter().map(visiting_all).collect();
    let name = text.instance().to_owned();
    let shop = ShopInstance { name, machines, route, jobs, ..ShopInstance::default() };
    let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
    finish(&shop, &lines, report)
}

fn write(shop: &ShopInstance, writing: &Writing) -> Result<String, FormatError> {
    let mut written = format!("{} {}\n", shop.jobs.len(), shop.machines);
    write_rows(shop, writing, &mut written)?;
    Ok(written)
}

/// Writes the durations of each job that visits machine 0, 1, …, and refuses any other.
pub(super) fn write_rows(
    shop: &ShopInstance,
    writing: &Writing,
    written: &mut String,
) -> Result<(), FormatError> {
    if shop.jobs.is_empty() {
        return Err(writing.no_words("a shop without jobs"));
    }
    for (number, job) in shop.jobs.iter().enumerate() {
        let choices = job.operations.iter().flat_map(|operation| &operation.choices);
        let on: Vec<usize> = choices.clone().map(|choice| choice.machine).collect();
        if !on.iter().copied().eq(0..shop.machines) {
            let what = format!("job {number}, which does not visit every machine in their order");
            return Err(writing.no_words(what));
        }
        let row: Vec<String> = choices.map(|choice| choice.duration.to_string()).collect();
        writeln!(written, "{}", row.join(" ")).expect("a String takes everything");
    }
    Ok(())
}
