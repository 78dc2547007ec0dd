//! Tabu search on critical blocks: job shops and flexible shops.
//!
//! **Source:** Nowicki, Smutnicki 1996; Mastrolilli, Gambardella 2000; see `ordine_ls`.

use super::Solver;
use crate::opening::{Opening, open};
use crate::{
    Context, Fault, Lane, Outcome, Searcher, bounds, first, run_portfolio, searcher_count,
};
use ordine_base::{Cost, Time};
use ordine_construct::ModeAssignment;
use ordine_ls::{TabuParameters, TabuSearch};
use ordine_problem::{Problem, Schedule};

/// Rules, bounds, then tabu searches from different starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct TabuRecipe;

impl Solver for TabuRecipe {
    fn solve(&self, problem: &Problem, context: &Context<'_>) -> Result<Outcome<Schedule>, Fault> {
        let lacking = problem.unsupported(TabuSearch::SUPPORTED);
        if !TabuSearch::supports(problem) {
            if let Some(core) = bounds::contradiction(problem) {
                return Ok(Outcome::Infeasible { core });
            }
            let features = match lacking.is_empty() {
                true => "resources other than one machine per mode".to_owned(),
                false => lacking.to_string(),
            };
            return Err(Fault::Unsupported { recipe: "tabu", features });
        }
        let assignment = match open("tabu", context)? {
            Opening::Settled(outcome) => return Ok(outcome),
            Opening::Search(assignment) => assignment,
        };
        first::offer_rules(context, &assignment)?;
        if context.should_stop().is_none() {
            let count = searcher_count(context);
            let lanes = (0..count).filter_map(|index| lane(context, &assignment, index));
            run_portfolio(lanes.collect(), context)?;
        }
        Ok(context.outcome())
    }
}

/// The first searcher starts from the incumbent, the others from schedules of random rules.
pub(super) fn lane<'a>(
    context: &Context<'a>,
    assignment: &ModeAssignment,
    index: usize,
) -> Option<Lane<'a>> {
    let seed = context.seed().child(index as u64);
    let incumbent = if index == 0 { context.incumbent() } else { None };
    let start = match incumbent {
        Some((_, incumbent)) => (*incumbent).clone(),
        None => {
            let mut stream = seed.stream("first schedule");
            first::random_schedule(context, assignment, &mut stream)?
        }
    };
    let parameters = TabuParameters::default();
    let search =
        TabuSearch::new(context.problem(), parameters, seed.stream("tabu"), &start).ok()?;
    Some(Lane { name: "tabu", searcher: Box::new(TabuSearcher { search, reported: None }) })
}

struct TabuSearcher {
    search: TabuSearch,
    reported: Option<Time>,
}

impl Searcher for TabuSearcher {
    fn advance(&mut self, budget: u64, should_stop: &mut dyn FnMut() -> bool) -> u64 {
        self.search.advance(budget, should_stop)
    }

    fn improvement(&mut self) -> Option<Schedule> {
        let best = self.search.best_makespan();
        if self.reported.is_some_and(|known| known <= best) {
            return None;
        }
        self.reported = Some(best);
        Some(self.search.best_schedule())
    }

    fn consider(&mut self, incumbent: &Schedule, _cost: &Cost) {
        // The judge has accepted the incumbent, so the search can take it in.
        if incumbent.makespan() < self.search.best_makespan() {
            self.reported = Some(incumbent.makespan());
            let adopted = self.search.adopt(incumbent);
            adopted.expect("a judged schedule is feasible");
        }
    }
}
