//! Insertion over the whole model, searched over decisions.
//!
//! A feasible start is the first incumbent as it is; any other start is repaired first, once by its
//! order alone and once with nothing earlier than it stands there. Levels with a tolerance are
//! settled one after the other: when nothing better has come for long, the level counts as settled
//! and the next one decides.
//!
//! **Source:** see `ordine_ls::DecisionSearch`; lexicographic goal programming: Ignizio 1976.

use super::Solver;
use crate::{Context, Fault, Lane, Outcome, Searcher, bounds, run_portfolio, searcher_count};
use ordine_base::Cost;
use ordine_construct::{Decisions, Insertion};
use ordine_ls::{DecisionParameters, DecisionSearch};
use ordine_problem::{Problem, Schedule};

/// Work units without a better schedule after which a level counts as settled, besides the work
/// that led to the best one.
const SETTLED_AFTER: u64 = 50_000;

/// Insertion over the whole model, searched by late acceptance.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecisionRecipe;

impl Solver for DecisionRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        if let Some(core) = bounds::contradiction(problem) {
            return Ok(Outcome::Infeasible { core });
        }
        let lacking = problem.unsupported(ordine_check::JUDGED);
        if !lacking.is_empty() {
            let features = lacking.to_string();
            return Err(Fault::Unsupported { recipe: "decisions", features });
        }
        offer_start(context)?;
        let levels = problem.objective().levels().len();
        let mut objective = problem.objective().clone();
        if objective.has_tolerance() {
            for level in 0..levels - 1 {
                let stage = with_objective(problem, &objective);
                search(&stage, context, true)?;
                let Some(floor) = context.settle(level) else { break };
                objective = objective.with_floor(level, floor);
            }
        }
        search(&with_objective(problem, &objective), context, false)?;
        Ok(context.outcome())
    }
}

fn with_objective(problem: &Problem, objective: &ordine_problem::Objective) -> Problem {
    if problem.objective() == objective {
        return problem.clone();
    }
    let changed = problem.with(|builder| {
        builder.objective(objective.clone());
        Ok(())
    });
    changed.expect("a floor that a schedule reached keeps the problem valid")
}

/// A start that the judge accepts is never lost; of any other its order and its times are kept as
/// far as the rules allow.
pub(super) fn offer_start(context: &Context<'_>) -> Result<(), Fault> {
    let Some(start) = context.start() else { return Ok(()) };
    let problem = context.problem();
    if ordine_check::check(problem, start).is_ok() {
        context.offer("start", start)?;
        return Ok(());
    }
    let mut insertion = Insertion::new(problem);
    for decisions in decisions_of(problem, start) {
        let built = insertion.build(&decisions, &mut || context.is_cut_off());
        context.spend(built.work);
        if built.is_complete() {
            context.offer("repaired start", &built.schedule)?;
        }
    }
    Ok(())
}

/// What a schedule shows: its order alone, and with nothing earlier than it stands there.
fn decisions_of(problem: &Problem, schedule: &Schedule) -> Vec<Decisions> {
    [false, true].map(|keeps| Decisions::of_schedule(problem, schedule, keeps)).into()
}

fn search(problem: &Problem, context: &Context<'_>, until_settled: bool) -> Result<(), Fault> {
    let lane = |index: usize| lane(problem, context, index, until_settled);
    run_portfolio((0..searcher_count(context)).map(lane).collect(), context)
}

/// A search with its own seed; the first goes on from the incumbent, or repairs the start.
pub(super) fn lane<'a>(
    problem: &'a Problem,
    context: &'a Context<'_>,
    index: usize,
    until_settled: bool,
) -> Lane<'a> {
    let known = context.incumbent();
    let incumbent = known.as_ref().map(|(_, schedule)| &**schedule);
    let start = incumbent.or(context.start()).filter(|_| index == 0);
    let starts = start.map(|start| decisions_of(problem, start)).unwrap_or_default();
    let seed = context.seed().child(index as u64);
    let search = DecisionSearch::new(problem, DecisionParameters::default(), starts, seed);
    let searcher = Lasting { search, context, until_settled };
    Lane { name: "decisions", searcher: Box::new(searcher) }
}

/// A search that tells what comes closest, and ends when its level is settled.
struct Lasting<'a, 'c, 'x> {
    search: DecisionSearch<'a>,
    context: &'c Context<'x>,
    until_settled: bool,
}

impl Searcher for Lasting<'_, '_, '_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        let settled_at = SETTLED_AFTER + 2 * self.search.better_at();
        let budget = match self.until_settled {
            true => budget.min(settled_at.saturating_sub(self.search.work())),
            false => budget,
        };
        let work = self.search.advance(budget, should_stop);
        if let Some((merit, schedule)) = self.search.closest()
            && !merit.is_complete()
        {
            self.context.note_closest(merit, schedule);
        }
        work
    }

    fn improvement(&mut self) -> Option<Schedule> {
        self.search.improvement()
    }

    fn consider(&mut self, incumbent: &Schedule, _cost: &Cost) {
        self.search.consider(incumbent);
    }
}
