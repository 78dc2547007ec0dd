//! Text of distributed permutation flow shops.
//!
//! A line `jobs machines`, one with the number of factories; then one line per job with pairs
//! `machine duration`, machines 0, 1, … in their order. Every factory has all machines; a job is
//! made in one of them, and each factory runs its jobs in one order on all its machines. Mode f
//! of a task runs in factory f, on machine `f × machines + machine`. O(jobs × machines ×
//! factories).
//!
//! **Source:** Naderi, Ruiz 2010.

use crate::instance::{Choice, Operation, ShopInstance, ShopJob, Word};
use crate::io::table::{Block, Head, Row, Table, fit};
use crate::io::{MODES_MAX, Writing, finish_with};
use ordine_base::Ticks;
use ordine_problem::{
    Feature, FeatureSet, ModeRelation, ModeRelationKind, Problem, SameSequence, TaskId,
};
use ordine_wire::{About, Diagnostics, Fit, Format, FormatError, Report, Text};
use std::fmt::Write;

/// The format `distributed-flow-shop`.
#[derive(Clone, Copy, Debug)]
pub struct DistributedFlowShop;

impl Format for DistributedFlowShop {
    fn about(&self) -> About {
        About {
            name: "distributed-flow-shop",
            summary: "distributed permutation flow shop: `jobs machines`, factories, then per \
                      job pairs `machine duration`",
            source: "Naderi, Ruiz 2010",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        fit(text, Head::OneLine, |opening| {
            match opening.first.filter(|line| line.tokens().count() == 1) {
                Some(_) => Ok(vec![factories(), pairs(opening.jobs, opening.machines)]),
                None => Err("a line with the number of factories"),
            }
        })
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let Some(mut table) = Table::open(text, Head::OneLine, &mut report) else {
            return Err(report.fail());
        };
        let (count, machines) = (table.jobs, table.machines);
        let factories = table.row_of(factories(), &mut report);
        let rows = table.rows(pairs(count, machines), &mut report);
        table.end(&mut report);
        let Some(factories) = factories.filter(|_| report.is_clean()) else {
            return Err(report.fail());
        };
        let (line, factories) = (factories.line, factories.numbers[0]);
        if factories * (rows.len() * machines) as i64 > MODES_MAX {
            let expected = format!("at most {MODES_MAX} choices of all jobs together");
            let found = format!("{factories} for each of {} tasks", rows.len() * machines);
            report.line(line, expected, found, "correct the number of factories");
            return Err(report.fail());
        }
        let factories = factories as usize;
        let jobs = rows.iter().map(|row| job(row, machines, factories)).collect();
        let name = text.instance().to_owned();
        let all = machines * factories;
        let shop = ShopInstance { name, machines: all, jobs, ..ShopInstance::default() };
        let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
        finish_with(&shop, &lines, report, |problem, builder| {
            for relation in relations(problem) {
                builder.relate_modes(relation);
            }
            for sequence in sequences(problem, machines) {
                builder.same_sequence(sequence);
            }
            Ok(())
        })
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let writing = Writing::of(self);
        let extra = FeatureSet::of(&[Feature::SameSequences, Feature::ModeRelations]);
        let shop = writing.chains_beside(problem, extra, &[Word::Choices])?;
        let Some(machines) = shop.jobs.first().map(|job| job.operations.len()) else {
            return Err(writing.no_words("a shop without jobs"));
        };
        let factories = shop.machines / machines;
        if !problem.mode_relations().iter().copied().eq(relations(problem))
            || !problem.same_sequences().iter().cloned().eq(sequences(problem, machines))
        {
            let what = "jobs that are not made in one factory, or orders that differ within one";
            return Err(writing.no_words(what));
        }
        let mut written = format!("{} {machines}\n{factories}\n", shop.jobs.len());
        for (number, made) in shop.jobs.iter().enumerate() {
            let durations = made.operations.iter().filter_map(|it| it.choices.first());
            let numbers = (0_i64..).zip(durations);
            let numbers = numbers.flat_map(|(machine, it)| [machine, it.duration.get()]);
            let row = Row { line: 0, numbers: numbers.collect() };
            if *made != job(&row, machines, factories) {
                let what = format!("job {number}, which does not visit every machine in order");
                return Err(writing.no_words(what));
            }
            let row: Vec<String> = row.numbers.iter().map(i64::to_string).collect();
            writeln!(written, "{}", row.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

fn factories() -> Block {
    Block {
        rows: 1,
        width: 1,
        what: "number, that of the factories",
        number: "a number of factories",
        least: 1,
        most: MODES_MAX,
        counted: false,
    }
}

fn pairs(jobs: usize, machines: usize) -> Block {
    Block {
        rows: jobs,
        width: 2 * machines,
        what: "numbers of a job, a pair `machine duration` per machine",
        number: "a machine or duration",
        least: 0,
        most: Ticks::MAX.get(),
        counted: true,
    }
}

fn job(row: &Row, machines: usize, factories: usize) -> ShopJob {
    let operation = |(machine, pair): (usize, &[i64])| {
        let choice = |factory| Choice::on(factory * machines + machine, Ticks::new(pair[1]));
        Operation { choices: (0..factories).map(choice).collect() }
    };
    ShopJob::of(row.numbers.chunks(2).enumerate().map(operation).collect())
}

/// Consecutive tasks of a job run in the same factory.
fn relations(problem: &Problem) -> impl Iterator<Item = ModeRelation> {
    let kind = ModeRelationKind::SameMode;
    let pairs = problem.jobs().flat_map(|job| problem.job_tasks(job).windows(2));
    pairs.map(move |pair: &[TaskId]| ModeRelation { first: pair[0], second: pair[1], kind })
}

/// The machines of a factory follow one order.
fn sequences(problem: &Problem, machines: usize) -> impl Iterator<Item = SameSequence> {
    let all: Vec<_> = problem.resources().collect();
    let groups: Vec<SameSequence> =
        all.chunks(machines).map(|group| SameSequence { machines: group.to_vec() }).collect();
    groups.into_iter()
}
