//! Lanes of a portfolio for one machine: one that finds, one that proves.
//!
//! Small problems are proved by the table of all sets, the total tardiness of many jobs by
//! decomposition; other sums of many jobs are left to the proof engine.
//!
//! **Source:** see the parts.

use super::{Decomposition, OneMachine, SUBSET_JOBS_MAX, subset_optimum};
use crate::{Context, Lane, Searcher};
use ordine_base::{Cost, Seed};
use ordine_ls::{Descent, SequenceSearch};
use ordine_problem::{Problem, Schedule};

/// Jobs beyond which nothing is decomposed: descents would be too deep.
const JOBS_MAX: usize = 2_000;

/// Bytes of the table of subproblems where the run has no limit of its own.
const MEMORY: u64 = 1 << 28;

/// Work units of a table of all sets: 2^n sets of n jobs, of which 64 count as one unit.
fn table_work(jobs: usize) -> u64 {
    ((jobs as u64) << jobs) / 64 + 1
}

/// A finder with its own seed; the first goes on from the incumbent, every other descends by
/// dynasearch: neither descent is better on all classes, so a portfolio has both.
pub(crate) fn finder_lane<'a>(
    context: &Context<'a>,
    machine: &OneMachine,
    index: usize,
) -> Lane<'a> {
    let problem = context.problem();
    let seed = context.seed().child(index as u64);
    let start = match context.incumbent() {
        Some((_, incumbent)) if index == 0 => machine.sequence(&incumbent),
        _ => shuffled(machine, seed),
    };
    let search = SequenceSearch::new(machine.jobs.clone(), start, seed.stream("sequence"));
    let descent = if index % 2 == 1 { Descent::Dynasearch } else { Descent::FirstImproving };
    let search = search.by(descent);
    let searcher = Finder { problem, machine: machine.clone(), search };
    Lane { name: "sequence", searcher: Box::new(searcher) }
}

fn shuffled(machine: &OneMachine, seed: Seed) -> Vec<usize> {
    let mut sequence: Vec<usize> = (0..machine.jobs.len()).collect();
    seed.stream("first sequence").shuffle(&mut sequence);
    sequence
}

/// A prover, where one of the exact methods takes the problem.
pub(crate) fn exact_lane<'a>(context: &Context<'a>, machine: &OneMachine) -> Option<Lane<'a>> {
    let problem = context.problem();
    let jobs = machine.jobs.len();
    let memory = context.memory().map_or(MEMORY, |memory| memory / 4);
    let method = if machine.is_total_tardiness() && jobs <= JOBS_MAX {
        let plain = machine.jobs.iter().map(|job| (job.duration, job.due));
        Method::Decomposition(Decomposition::new(&plain.collect::<Vec<_>>(), memory))
    } else if jobs <= SUBSET_JOBS_MAX && 4 << jobs <= memory {
        Method::Table
    } else {
        return None;
    };
    let prover = Prover { problem, machine: machine.clone(), method, found: None, bound: None };
    Some(Lane { name: "one machine", searcher: Box::new(prover) })
}

struct Finder<'a> {
    problem: &'a Problem,
    machine: OneMachine,
    search: SequenceSearch,
}

impl Searcher for Finder<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        self.search.advance(budget, should_stop)
    }

    fn improvement(&mut self) -> Option<Schedule> {
        let sequence = self.search.improvement()?;
        Some(self.machine.schedule(self.problem, &sequence))
    }

    fn consider(&mut self, incumbent: &Schedule, _cost: &Cost) {
        self.search.consider(&self.machine.sequence(incumbent));
    }
}

/// How a prover proves.
enum Method {
    Table,
    Decomposition(Decomposition),
    Done,
}

struct Prover<'a> {
    problem: &'a Problem,
    machine: OneMachine,
    method: Method,
    found: Option<Schedule>,
    bound: Option<Cost>,
}

impl Prover<'_> {
    fn prove(&mut self, sequence: &[usize]) {
        let schedule = self.machine.schedule(self.problem, sequence);
        self.bound = Some(schedule.cost(self.problem));
        self.found = Some(schedule);
        self.method = Method::Done;
    }
}

impl Searcher for Prover<'_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        match &mut self.method {
            Method::Done => 0,
            Method::Table => {
                let optimum = subset_optimum(&self.machine.jobs);
                self.method = Method::Done;
                if let Some((_, sequence)) = optimum {
                    self.prove(&sequence);
                }
                table_work(self.machine.jobs.len())
            }
            Method::Decomposition(search) => {
                let work = search.advance(budget, should_stop);
                if let Some((_, sequence)) = search.answer().cloned() {
                    self.prove(&sequence);
                }
                work
            }
        }
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.found.take()
    }

    fn bound(&mut self) -> Option<Cost> {
        self.bound.take()
    }
}
