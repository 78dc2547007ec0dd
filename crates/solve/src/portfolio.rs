//! Several searchers on one problem, exchanging incumbents, bounds and facts.
//!
//! With a work budget there are always [`LOGICAL_SEARCHERS`] searchers that meet after every round
//! of [`ROUND_WORK`] units each; threads only share them out, so any number of workers gives the
//! same bytes. Without one there is a searcher per worker and they exchange whenever they look up.
//!
//! **Source:** deterministic portfolios by work units: CP-SAT's interleaved search.

use crate::{ConstraintId, Context, Fault, Searcher};
use ordine_problem::Schedule;

/// Searchers of a run with a work budget, whatever the number of workers.
pub const LOGICAL_SEARCHERS: usize = 4;

/// Work units of one searcher between two exchange points.
pub const ROUND_WORK: u64 = 200_000;

const SLICE_WORK: u64 = 20_000;

/// A searcher and the name under which it reports.
pub struct Lane<'a> {
    /// Name for events.
    pub name: &'static str,
    /// The searcher.
    pub searcher: Box<dyn Searcher + 'a>,
}

/// Number of searchers that a run should have.
pub fn searcher_count(context: &Context<'_>) -> usize {
    match context.work_budget() {
        Some(_) => LOGICAL_SEARCHERS,
        None => context.workers(),
    }
}

/// Runs all lanes until the context stops or nothing is left to try.
///
/// # Errors
/// The first fault that a lane meets.
pub fn run_portfolio(lanes: Vec<Lane<'_>>, context: &Context<'_>) -> Result<(), Fault> {
    if context.work_budget().is_some() {
        run_in_rounds(lanes, context)
    } else {
        run_freely(lanes, context)
    }
}

/// Lanes are dealt out to the workers; a worker with several takes turns.
fn run_freely(mut lanes: Vec<Lane<'_>>, context: &Context<'_>) -> Result<(), Fault> {
    let share = lanes.len().div_ceil(context.workers()).max(1);
    std::thread::scope(|scope| {
        let mut hands = lanes.chunks_mut(share);
        let Some(own) = hands.next() else { return Ok(()) };
        let others: Vec<_> = hands.map(|hand| scope.spawn(move || drive(hand, context))).collect();
        let mut result = drive(own, context);
        for other in others {
            let theirs = other.join().expect("a searcher does not panic");
            result = result.and(theirs);
        }
        result
    })
}

fn drive(lanes: &mut [Lane<'_>], context: &Context<'_>) -> Result<(), Fault> {
    let mut versions = vec![0; lanes.len()];
    loop {
        let mut total = 0;
        for (lane, version) in lanes.iter_mut().zip(&mut versions) {
            if context.should_stop().is_some() {
                return Ok(());
            }
            if context.version() != *version {
                *version = context.version();
                tell(lane, context);
            }
            lane.searcher.hear(&context.facts());
            let stop = &mut || context.should_stop().is_some();
            let work = lane.searcher.advance(SLICE_WORK, stop);
            context.spend(work);
            total += work;
            let improvement = lane.searcher.improvement();
            offer(lane, improvement, context)?;
            publish(lane, context)?;
            lane.searcher.tell(&mut context.facts());
        }
        if total == 0 {
            return Ok(());
        }
    }
}

/// Offers what a lane found.
fn offer(lane: &Lane<'_>, found: Option<Schedule>, context: &Context<'_>) -> Result<(), Fault> {
    found.map_or(Ok(()), |schedule| context.offer(lane.name, &schedule).map(|_| ()))
}

/// Tells what a lane settled and proved.
fn publish(lane: &mut Lane<'_>, context: &Context<'_>) -> Result<(), Fault> {
    for level in 0..lane.searcher.settled() {
        context.settle(level);
    }
    if let Some(bound) = lane.searcher.bound() {
        context.raise_bound(lane.name, &bound)?;
    }
    if lane.searcher.is_infeasible() {
        context.prove_infeasible(ConstraintId::all(context.problem()))?;
    }
    Ok(())
}

fn tell(lane: &mut Lane<'_>, context: &Context<'_>) {
    if let Some((cost, incumbent)) = context.incumbent() {
        lane.searcher.consider(&incumbent, &cost);
    }
}

fn run_in_rounds(mut lanes: Vec<Lane<'_>>, context: &Context<'_>) -> Result<(), Fault> {
    let budget = context.work_budget().expect("rounds are for runs with a budget");
    let mut version = 0;
    while context.should_stop().is_none() && !lanes.is_empty() {
        let left = budget - context.work();
        let slice = left.div_ceil(lanes.len() as u64).min(ROUND_WORK);
        let results = advance_all(&mut lanes, context, slice);
        let mut alive = Vec::with_capacity(lanes.len());
        for (lane, (work, improvement)) in lanes.iter().zip(results) {
            context.spend(work);
            offer(lane, improvement, context)?;
            alive.push(work > 0);
        }
        // Levels are settled at what all lanes found.
        lanes.iter_mut().try_for_each(|lane| publish(lane, context))?;
        if context.version() != version {
            version = context.version();
            lanes.iter_mut().for_each(|lane| tell(lane, context));
        }
        let facts = &mut context.facts();
        lanes.iter_mut().for_each(|lane| lane.searcher.tell(facts));
        lanes.iter_mut().for_each(|lane| lane.searcher.hear(facts));
        let mut alive = alive.into_iter();
        lanes.retain(|_| alive.next().unwrap_or(false));
    }
    Ok(())
}

/// One round; results in the order of the lanes.
fn advance_all(
    lanes: &mut [Lane<'_>],
    context: &Context<'_>,
    slice: u64,
) -> Vec<(u64, Option<Schedule>)> {
    let one = |lane: &mut Lane<'_>| {
        let work = lane.searcher.advance(slice, &mut || context.should_stop().is_some());
        (work, lane.searcher.improvement())
    };
    let share = lanes.len().div_ceil(context.workers());
    if context.workers() == 1 {
        return lanes.iter_mut().map(one).collect();
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = lanes
            .chunks_mut(share)
            .map(|part| scope.spawn(move || part.iter_mut().map(one).collect::<Vec<_>>()))
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
            thread.join().expect("a searcher does not panic")
        };
        threads.into_iter().flat_map(join).collect()
    })
}
