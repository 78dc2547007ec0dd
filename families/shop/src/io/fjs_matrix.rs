//! Flexible job shop text with a matrix of durations.
//!
//! A line with the number of jobs, one with the number of machines, one with the number of
//! operations of each job; then one line per operation, job by job, with its duration on every
//! machine, 0 where the machine cannot run it. Mode k of a task runs on the k-th machine that
//! can. O(file).
//!
//! **Source:** Naderi, Ruiz, Roshanaei 2023 (INFORMS Journal on Computing), category FJSP.

use crate::instance::{Choice, Operation, ShopInstance, ShopJob, Word};
use crate::io::table::{Block, Head, Opening, Row, Table, fit};
use crate::io::{Writing, finish};
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{About, COUNT_MAX, Diagnostics, Fit, Format, FormatError, Report, Text, Token};
use std::fmt::Write;

/// The format `fjs-matrix`.
#[derive(Clone, Copy, Debug)]
pub struct FjsMatrix;

impl Format for FjsMatrix {
    fn about(&self) -> About {
        About {
            name: "fjs-matrix",
            summary: "flexible job shop: jobs, machines, operations per job, a duration per \
                      machine for each operation (0 = cannot)",
            source: "Naderi, Ruiz, Roshanaei 2023",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::TwoLines, |opening| {
            let all = operations_announced(&opening);
            Ok(vec![counts(opening.jobs), durations(all, opening.machines)])
        })
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let Some(mut table) = Table::open(text, Head::TwoLines, &mut report) else {
            return Err(report.fail());
        };
        let (jobs, machines) = (table.jobs, table.machines);
        let Some(counts) = table.row_of(counts(jobs), &mut report) else {
            return Err(report.fail());
        };
        let all = counts.numbers.iter().fold(0, |sum: usize, &it| sum.saturating_add(it as usize));
        let rows = table.rows(durations(all, machines), &mut report);
        table.end(&mut report);
        let operations: Vec<Operation> =
            rows.iter().map(|row| operation(row, &mut report)).collect();
        if !report.is_clean() {
            return Err(report.fail());
        }
        let mut rest = operations.into_iter();
        let job = |&count: &i64| ShopJob::of(rest.by_ref().take(count as usize).collect());
        let jobs = counts.numbers.iter().map(job).collect();
        let name = text.instance().to_owned();
        let shop = ShopInstance { name, machines, jobs, ..ShopInstance::default() };
        finish(&shop, &[], report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let shop = writing.shop(problem, &[Word::Choices])?;
        if shop.jobs.is_empty() {
            return Err(writing.no_words("a shop without jobs"));
        }
        let counts: Vec<String> =
            shop.jobs.iter().map(|job| job.operations.len().to_string()).collect();
        let mut written = format!("{}\n{}\n{}\n", shop.jobs.len(), shop.machines, counts.join(" "));
        for (number, job) in shop.jobs.iter().enumerate() {
            for operation in &job.operations {
                let Some(row) = row_of(operation, shop.machines) else {
                    let what = format!(
                        "job {number}, a task of which takes no time, or has modes that do not \
                         follow the order of the machines"
                    );
                    return Err(writing.no_words(what));
                };
                writeln!(written, "{}", row.join(" ")).expect("a String takes everything");
            }
        }
        Ok(written)
    }
}

/// Sum of the numbers of the first line.
fn operations_announced(opening: &Opening<'_>) -> usize {
    let numbers = opening.first.into_iter().flat_map(|line| line.tokens());
    let counts = numbers.filter_map(Token::integer).map(|count| count.max(0) as usize);
    counts.fold(0, usize::saturating_add)
}

fn counts(jobs: usize) -> Block {
    Block {
        rows: 1,
        width: jobs,
        what: "numbers of operations, one per job",
        number: "a number of operations",
        least: 1,
        most: COUNT_MAX as i64,
        counted: false,
    }
}

fn durations(operations: usize, machines: usize) -> Block {
    Block {
        rows: operations,
        width: machines,
        what: "durations of an operation, one per machine",
        number: "a duration",
        least: 0,
        most: Ticks::MAX.get(),
        counted: false,
    }
}

fn operation(row: &Row, report: &mut Report<'_>) -> Operation {
    let able = row.numbers.iter().enumerate().filter(|(_, ticks)| **ticks > 0);
    let choices: Vec<Choice> =
        able.map(|(machine, &ticks)| Choice::on(machine, Ticks::new(ticks))).collect();
    if choices.is_empty() {
        let hint = "give the operation a duration on a machine that can run it";
        report.line(row.line, "a duration above 0", "none on the line", hint);
    }
    Operation { choices }
}

/// The durations on all machines; `None` when they cannot say the choices.
fn row_of(operation: &Operation, machines: usize) -> Option<Vec<String>> {
    let mut row = vec![0; machines];
    let mut next = 0;
    for choice in &operation.choices {
        if choice.machine < next || choice.duration <= Ticks::ZERO {
            return None;
        }
        row[choice.machine] = choice.duration.get();
        next = choice.machine + 1;
    }
    Some(row.iter().map(i64::to_string).collect())
}
