//! Hybrid flow shop text.
//!
//! A line with the number of jobs, one with the number of stages, one with the number of
//! identical machines of each stage; then one line per job with its duration at each stage. Every
//! job passes the stages in order, on one machine of each. Machines are numbered stage by stage;
//! mode k of a task runs on the k-th machine of its stage. With as many jobs as stages the third
//! line could also be due times (`flow-shop-tardiness`): it is taken for numbers of machines when
//! no stage has more machines than there are jobs. O(file + modes).
//!
//! **Source:** Naderi, Ruiz, Roshanaei 2023 (INFORMS Journal on Computing), category HFSP.

use crate::instance::{Choice, Operation, ShopInstance, ShopJob, Word};
use crate::io::flow_shop::durations;
use crate::io::table::{Block, Head, Opening, Row, Table, fit};
use crate::io::{MODES_MAX, Writing, finish};
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Report, Text, Token};
use std::fmt::Write;
use std::ops::Range;

/// The format `hybrid-flow-shop`.
#[derive(Clone, Copy, Debug)]
pub struct HybridFlowShop;

impl Format for HybridFlowShop {
    fn about(&self) -> About {
        About {
            name: "hybrid-flow-shop",
            summary: "hybrid flow shop: jobs, stages, machines per stage, durations per job",
            source: "Naderi, Ruiz, Roshanaei 2023",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::TwoLines, |opening| {
            let mut machines = machines(opening.machines);
            if has_more_machines_than_jobs(&opening) {
                // No row has so many numbers: the line counts as one that does not fit.
                machines.width = usize::MAX;
            }
            Ok(vec![machines, durations(opening.jobs, opening.machines)])
        })
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let Some(mut table) = Table::open(text, Head::TwoLines, &mut report) else {
            return Err(report.fail());
        };
        let stages = table.row_of(machines(table.machines), &mut report);
        let rows = table.rows(durations(table.jobs, table.machines), &mut report);
        table.end(&mut report);
        let Some(stages) = stages else {
            return Err(report.fail());
        };
        let most: i64 = stages.numbers.iter().fold(0, |sum: i64, &it| sum.saturating_add(it));
        if most.saturating_mul(rows.len() as i64) > MODES_MAX {
            let expected = format!("at most {MODES_MAX} choices of all jobs together");
            let found = format!("{most} machines for each of {} jobs", rows.len());
            report.line(stages.line, expected, found, "correct the numbers of machines");
            return Err(report.fail());
        }
        let ranges = ranges(&stages);
        let jobs = rows.iter().map(|row| job(row, &ranges)).collect();
        let name = text.instance().to_owned();
        let shop = ShopInstance { name, machines: most as usize, jobs, ..ShopInstance::default() };
        let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
        finish(&shop, &lines, report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let shop = writing.shop(problem, &[Word::Choices])?;
        let Some(stages) = shop.jobs.first().and_then(|job| stages_of(job, shop.machines)) else {
            return Err(writing.no_words("machines that do not form stages one after the other"));
        };
        let counts: Vec<String> = stages.iter().map(|stage| stage.len().to_string()).collect();
        let mut written = format!("{}\n{}\n{}\n", shop.jobs.len(), stages.len(), counts.join(" "));
        for (number, job) in shop.jobs.iter().enumerate() {
            let Some(row) = row_of(job, &stages) else {
                let what = format!("job {number}, which does not pass the stages of job 0");
                return Err(writing.no_words(what));
            };
            writeln!(written, "{}", row.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

fn machines(stages: usize) -> Block {
    Block {
        rows: 1,
        width: stages,
        what: "numbers of machines, one per stage",
        number: "a number of machines",
        least: 1,
        most: MODES_MAX,
        counted: false,
    }
}

fn has_more_machines_than_jobs(opening: &Opening<'_>) -> bool {
    let numbers = opening.first.into_iter().flat_map(|line| line.tokens());
    numbers.filter_map(Token::integer).any(|number| number > opening.jobs as i64)
}

/// The machines of each stage.
fn ranges(stages: &Row) -> Vec<Range<usize>> {
    let mut next = 0;
    let range = |&count: &i64| {
        let first = next;
        next += count as usize;
        first..next
    };
    stages.numbers.iter().map(range).collect()
}

fn job(row: &Row, stages: &[Range<usize>]) -> ShopJob {
    let operation = |(&ticks, stage): (&i64, &Range<usize>)| Operation {
        choices: stage.clone().map(|machine| Choice::on(machine, Ticks::new(ticks))).collect(),
    };
    ShopJob::of(row.numbers.iter().zip(stages).map(operation).collect())
}

/// The stages that a job passes, when they are all machines, one stage after the other.
fn stages_of(job: &ShopJob, machines: usize) -> Option<Vec<Range<usize>>> {
    let mut next = 0;
    let mut stages = Vec::with_capacity(job.operations.len());
    for operation in &job.operations {
        stages.push(next..next + operation.choices.len());
        next += operation.choices.len();
    }
    (next == machines).then_some(stages)
}

/// The durations of a job that passes exactly these stages, as fast on each machine of one.
fn row_of(job: &ShopJob, stages: &[Range<usize>]) -> Option<Vec<String>> {
    if job.operations.len() != stages.len() {
        return None;
    }
    let duration = |(operation, stage): (&Operation, &Range<usize>)| {
        let duration = operation.choices.first()?.duration;
        let expected = stage.clone().map(|machine| Choice::on(machine, duration));
        let fits = operation.choices.iter().copied().eq(expected);
        fits.then(|| duration.to_string())
    };
    job.operations.iter().zip(stages).map(duration).collect()
}
