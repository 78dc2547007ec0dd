//! The default recipe: rules, bounds, then a search that finds and one that proves, side by side.
//!
//! The finder is the sharpest local search that supports the problem; the prover is the proof
//! engine, where it knows every word of the problem and the problem is not too large for it.
//!
//! **Source:** the two halves of CP-SAT's smallest portfolio; "local search finds, constraint
//! programming proves": Vilím, Laborie, Shaw 2015.

use super::prover::LazyProof;
use super::{Solver, decisions, list_search, prover, tabu};
use crate::lowering::Lowered;
use crate::one_machine::{self, OneMachine};
use crate::opening::{Opening, open};
use crate::{
    Context, Fault, Lane, NeighborhoodSearch, Outcome, Searcher, Turns, bounds, first,
    run_portfolio, searcher_count,
};
use ordine_ls::TabuSearch;
use ordine_problem::{Feature, FeatureSet, Problem, ResourceKind, Schedule};

/// Pairs of tasks on machines beyond which nothing is proved: an order per pair would be too many.
const PAIRS_MAX: usize = 500_000;

/// Tasks beyond which nothing is proved.
const TASKS_MAX: usize = 20_000;

/// Rules, bounds, then a finder and a prover.
#[derive(Clone, Copy, Debug, Default)]
pub struct Auto;

impl Solver for Auto {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        if let Some(core) = bounds::contradiction(problem) {
            return Ok(Outcome::Infeasible { core });
        }
        if problem.objective().has_tolerance() {
            decisions::offer_start(context)?;
            let prover = proves(context).then(|| LazyProof::within(prover::model_memory(context)));
            let finders = finders(context, prover.is_some());
            decisions::search_levels(context, prover, finders)?;
            return Ok(context.outcome());
        }
        if !problem.unsupported(FeatureSet::PLAIN).is_empty() {
            decisions::offer_start(context)?;
            run(context, |index| Some(decisions::lane(problem, context, index, None)))?;
            return Ok(context.outcome());
        }
        let assignment = match open("auto", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        first::offer_rules(context, &assignment)?;
        if misses_deadlines(context) {
            run(context, |index| Some(decisions::lane(problem, context, index, None)))?;
            return Ok(context.outcome());
        }
        if let Some(machine) = OneMachine::of(problem) {
            run_on_one_machine(&machine, context)?;
            return Ok(context.outcome());
        }
        match TabuSearch::supports(problem) {
            true => run(context, |index| tabu::lane(context, &assignment, index))?,
            false => run(context, |index| Some(list_search::lane(context, &assignment, index)))?,
        }
        Ok(context.outcome())
    }
}

/// Runs searches over the sequence of the only machine, beside what proves.
fn run_on_one_machine(machine: &OneMachine, context: &Context<'_>) -> Result<(), Fault> {
    if context.should_stop().is_some() {
        return Ok(());
    }
    let exact = one_machine::exact_lane(context, machine);
    let engine = exact.is_none() && proves(context);
    let mut prover = engine.then(|| LazyProof::within(prover::model_memory(context)));
    let count = finders(context, engine || exact.is_some());
    let mut lanes = Vec::new();
    for index in 0..count {
        lanes.push(one_machine::finder_lane(context, machine, index));
    }
    lanes.extend(exact);
    lanes.extend(prover.as_mut().map(|proof| prover::lane(proof, context, None)));
    run_portfolio(lanes, context)
}

/// Whether no rule meets the deadlines: tabu and list search do not aim at them, insertion does.
fn misses_deadlines(context: &Context<'_>) -> bool {
    context.problem().features().has(Feature::Deadlines) && context.incumbent().is_none()
}

/// Runs finders beside a prover, which takes the place of one of them.
fn run<'a>(
    context: &'a Context<'_>,
    finder: impl Fn(usize) -> Option<Lane<'a>>,
) -> Result<(), Fault> {
    if context.should_stop().is_some() {
        return Ok(());
    }
    let mut prover = proves(context).then(|| LazyProof::within(prover::model_memory(context)));
    let beside_finders = prover.is_some();
    let finder = |index: usize| {
        let lane = finder(index)?;
        let turns = beside_finders && index.is_multiple_of(2);
        Some(if turns { beside(lane, context, index) } else { lane })
    };
    let mut lanes = Vec::new();
    for lane in (0..finders(context, prover.is_some())).filter_map(finder) {
        lanes.push(lane);
    }
    lanes.extend(prover.as_mut().map(|proof| prover::lane(proof, context, None)));
    run_portfolio(lanes, context)
}

/// How many finders there are, beside a prover or alone.
fn finders(context: &Context<'_>, proves: bool) -> usize {
    searcher_count(context).saturating_sub(usize::from(proves)).max(1)
}

/// A finder that takes turns with a search of large neighborhoods.
fn beside<'a>(lane: Lane<'a>, context: &'a Context<'_>, index: usize) -> Lane<'a> {
    let problem = context.problem();
    let mut neighborhoods = NeighborhoodSearch::new(problem, context.seed().child(index as u64))
        .within(prover::model_memory(context));
    if let Some((cost, schedule)) = context.incumbent() {
        neighborhoods.consider(&schedule, &cost);
    }
    let searchers = vec![lane.searcher, Box::new(neighborhoods)];
    Lane { name: lane.name, searcher: Box::new(Turns::new(problem, searchers)) }
}

/// Whether the proof engine takes the problem.
fn proves(context: &Context<'_>) -> bool {
    let problem = context.problem();
    let fits = problem.tasks().len() <= TASKS_MAX && pairs(problem) <= PAIRS_MAX;
    fits && Lowered::refusal(problem).is_none()
        && Lowered::bytes(problem) <= prover::model_memory(context)
}

/// Pairs of modes that share a machine.
fn pairs(problem: &Problem) -> usize {
    let mut users = vec![0_usize; problem.resources().len()];
    for task in problem.tasks() {
        for &mode in problem.usable_modes(task) {
            for need in problem.requirements(mode) {
                if problem.resource(need.resource).kind == ResourceKind::Machine {
                    users[ordine_base::Id::index(need.resource)] += 1;
                }
            }
        }
    }
    users.iter().map(|&count| count * count / 2).fold(0, usize::saturating_add)
}
