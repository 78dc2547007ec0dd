//! Insertion over the whole model, searched over decisions.
//!
//! A feasible start is the first incumbent as it is; any other start is repaired first, once by its
//! order alone and once with nothing earlier than it stands there. Levels with a tolerance are
//! settled one after the other: when nothing better has come for long, the level counts as settled
//! and the next one decides.
//!
//! **Source:** see `ordine_ls::DecisionSearch`; lexicographic goal programming: Ignizio 1976.

use super::prover::LazyProof;
use super::{Solver, prover};
use crate::{Context, Fault, Lane, Outcome, Searcher, bounds, run_portfolio, searcher_count};
use ordine_base::Cost;
use ordine_construct::{Decisions, Insertion};
use ordine_ls::{DecisionParameters, DecisionSearch};
use ordine_problem::{Problem, Schedule};

/// Work units without a better schedule after which a level counts as settled, besides the work
/// that led to the best one.
const SETTLED_AFTER: u64 = 50_000;

/// Work units after which a search looks whether its level is settled.
const LEVEL_SLICE: u64 = 1_000;

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
        search_levels(context, None, searcher_count(context))?;
        Ok(context.outcome())
    }
}

/// Searches level after level, those with a tolerance each on its own; a prover goes along. A level
/// is settled when the prover says so, or when a finder has found nothing better for long.
pub(super) fn search_levels<'a>(
    context: &Context<'a>,
    mut prover: Option<LazyProof<'a>>,
    finders: usize,
) -> Result<(), Fault> {
    let problem = context.problem();
    let mut objective = problem.objective().clone();
    let levels = if objective.has_tolerance() { objective.levels().len() } else { 1 };
    for level in 0..levels {
        let stage = with_objective(problem, &objective);
        let open = (level + 1 < levels).then_some(level);
        let lanes = (0..finders).map(|index| lane(&stage, context, index, open));
        let proof = prover.as_mut().map(|search| prover::lane(search, context, open));
        run_portfolio(lanes.chain(proof).collect(), context)?;
        let Some(open) = open else { break };
        if context.should_stop().is_some() {
            break;
        }
        let Some(floor) = context.settle(open) else { break };
        objective = objective.with_floor(open, floor);
        if let (Some(prover), Some((cost, schedule))) = (&mut prover, context.incumbent()) {
            prover.consider(&schedule, &cost);
            prover.settle(&context.floors());
        }
    }
    Ok(())
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

/// A search with its own seed; the first goes on from the incumbent, or repairs the start.
pub(super) fn lane<'a>(
    problem: &'a Problem,
    context: &'a Context<'_>,
    index: usize,
    level: Option<usize>,
) -> Lane<'a> {
    let known = context.incumbent();
    let incumbent = known.as_ref().map(|(_, schedule)| &**schedule);
    let start = incumbent.or(context.start()).filter(|_| index == 0);
    let starts = start.map(|start| decisions_of(problem, start)).unwrap_or_default();
    let seed = context.seed().child(index as u64);
    let search = DecisionSearch::new(problem, DecisionParameters::default(), starts, seed);
    let searcher = Lasting { search, context, level, is_over: false };
    Lane { name: "decisions", searcher: Box::new(searcher) }
}

/// A share of a budget after which a search looks up, when others may settle its level meanwhile.
pub(super) fn slice(budget: u64, level: Option<usize>) -> u64 {
    if level.is_some() { budget.min(LEVEL_SLICE) } else { budget }
}

/// Whether a level is settled.
pub(super) fn is_settled(context: &Context<'_>, level: Option<usize>) -> bool {
    level.is_some_and(|level| context.floors().len() > level)
}

/// A search that tells what comes closest, and ends when its level is settled.
struct Lasting<'a, 'c, 'x> {
    search: DecisionSearch<'a>,
    context: &'c Context<'x>,
    /// The level that is to be settled; without one it goes on and on.
    level: Option<usize>,
    /// Whether nothing better came for so long that the level counts as settled.
    is_over: bool,
}

impl Searcher for Lasting<'_, '_, '_> {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        if is_settled(self.context, self.level) {
            return 0;
        }
        let mut budget = slice(budget, self.level);
        if self.level.is_some() && self.context.incumbent().is_some() {
            let settled_at = SETTLED_AFTER + 2 * self.search.better_at();
            budget = budget.min(settled_at.saturating_sub(self.search.work()));
            self.is_over = budget == 0;
        }
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

    fn settled(&self) -> usize {
        self.level.filter(|_| self.is_over).map_or(0, |level| level + 1)
    }

    fn consider(&mut self, incumbent: &Schedule, _cost: &Cost) {
        self.search.consider(incumbent);
    }
}
