//! Speed of tabu search on one core: moves evaluated and iterations made per second.
//!
//! A seeded 20 x 20 job shop with durations uniform in 1..=99 and random machine orders. First the
//! swap of N5 alone (prediction of every adjacent pair on every machine), then whole iterations of
//! the search with N5, the heads and tails of each new schedule included.
//!
//! **Source:** Taillard 1993 (instances); Nowicki, Smutnicki 1996 (moves).

use crate::WallClock;
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use ordine_base::{Clock, Demand, Seed, Ticks};
use ordine_construct::{
    AssignmentOutcome, Direction, Generation, ModeAssignment, Scheme, generate,
};
use ordine_ls::{Move, Neighborhood, SequenceGraph, Shift, TabuParameters, TabuSearch};
use ordine_problem::{Job, Precedence, Problem, ProblemBuilder, Schedule};
use ordine_world::{Mwkr, RulePolicy};
use std::io::Write;
use std::time::Duration;

/// Arguments of `ordine bench moves`.
#[derive(Parser, Debug)]
#[command(name = "moves", about = "Moves evaluated per second on a square job shop")]
struct Arguments {
    /// Jobs, and as many machines
    #[arg(long, default_value_t = 20)]
    size: usize,
    /// Seed of the instance and of the search
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds for each of the two measurements
    #[arg(long, default_value_t = 2.0)]
    time: f64,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("moves").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if !(1..=200).contains(&arguments.size) {
        bail!("size is {}: expected 1 to 200", arguments.size);
    }
    let seed = Seed::new(arguments.seed);
    let limit = Duration::try_from_secs_f64(arguments.time).context("--time takes seconds")?;
    let problem = square_shop(arguments.size, seed)?;
    let start = dispatched(&problem, seed)?;
    let evaluations = swaps_per_second(&problem, &start, limit)?;
    let (iterations, makespan) = iterations_per_second(&problem, &start, seed, limit)?;
    writeln!(
        out,
        "ordine {}, {} x {}, seed {}, one core\n\
         N5 moves evaluated per second   {:>12.0}\n\
         tabu iterations per second (N5) {:>12.0}\n\
         makespan {} -> {}",
        env!("CARGO_PKG_VERSION"),
        arguments.size,
        arguments.size,
        arguments.seed,
        evaluations,
        iterations,
        start.makespan(),
        makespan,
    )?;
    Ok(())
}

fn square_shop(size: usize, seed: Seed) -> Result<Problem> {
    let mut stream = seed.stream("square shop");
    let mut builder = ProblemBuilder::new(format!("square-{size}"));
    let mut machines: Vec<_> = (0..size).map(|it| builder.machine(format!("m{it}"))).collect();
    for number in 0..size {
        let job = builder.job(Job::named(format!("j{number}")))?;
        stream.shuffle(&mut machines);
        let mut before = None;
        for &machine in &machines {
            let task = builder.task(format!("{number}.{}", machines.len()), Some(job))?;
            let duration = Ticks::new(1 + stream.below(99) as i64);
            builder.mode(task, duration, &[(machine, Demand::ONE)])?;
            if let Some(before) = before.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task))?;
            }
        }
    }
    Ok(builder.seal()?)
}

fn dispatched(problem: &Problem, seed: Seed) -> Result<Schedule> {
    let mut stream = seed.stream("dispatch");
    let modes = ModeAssignment::find(problem, &mut stream, 1, &mut || false);
    let AssignmentOutcome::Found(assignment) = modes else {
        bail!("a job shop has no consumables");
    };
    let start = Generation::new(problem, Scheme::Parallel, Direction::Forward, assignment);
    let built = generate(start, &mut RulePolicy::exact(&Mwkr), &mut stream, &mut |_| false);
    Ok(built.context("nobody stops this generation")?.0)
}

fn swaps_per_second(problem: &Problem, start: &Schedule, limit: Duration) -> Result<f64> {
    let graph = SequenceGraph::from_schedule(problem, start)?;
    let clock = WallClock::start();
    let (mut count, mut sum) = (0_u64, 0_i64);
    while clock.elapsed() < limit {
        for shift in problem.tasks().filter_map(|task| Shift::swap(&graph, task)) {
            sum = sum.wrapping_add(std::hint::black_box(shift).evaluate(&graph));
            count += 1;
        }
    }
    std::hint::black_box(sum);
    Ok(count as f64 / clock.elapsed().as_secs_f64())
}

fn iterations_per_second(
    problem: &Problem,
    start: &Schedule,
    seed: Seed,
    limit: Duration,
) -> Result<(f64, ordine_base::Time)> {
    let parameters = TabuParameters { neighborhood: Neighborhood::N5, ..TabuParameters::default() };
    let mut search = TabuSearch::new(problem, parameters, seed.stream("tabu"), start)?;
    let clock = WallClock::start();
    search.advance(u64::MAX, &mut || clock.elapsed() >= limit);
    let rate = search.iterations() as f64 / clock.elapsed().as_secs_f64();
    Ok((rate, search.best_makespan()))
}
