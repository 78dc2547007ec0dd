//! Searches that tell each other facts, against the enumerator on random tiny problems.
//!
//! **Source:** -

use crate::proof::{Answer, compare_with, range};
use ordine_base::{Cost, Seed};
use ordine_problem::{FeatureSet, Problem, Schedule, random_problem};
use ordine_solve::lowering::{LOWERED, Lowered};
use ordine_solve::{Facts, FailureProof, NeighborhoodSearch, Outcome, ProofSearch, Searcher};
use ordine_wire::TimeScale;
use ordine_wire::problem_json::write_problem;

/// Work between two exchanges: a few changes of bounds.
const SLICE_WORK: u64 = 4;

/// Turns after which a problem counts as open.
const TURNS_MAX: usize = 3_000;

/// Every search that there is, one of them on a model in another unit of time.
fn searchers(problem: &Problem, seed: u64) -> Vec<Box<dyn Searcher + '_>> {
    let mut searchers: Vec<Box<dyn Searcher + '_>> = vec![
        Box::new(ProofSearch::new(problem, None)),
        Box::new(NeighborhoodSearch::new(problem, Seed::new(seed))),
        Box::new(ProofSearch::on(Lowered::in_ticks(problem, None), None)),
    ];
    if FailureProof::supports(problem) {
        searchers.insert(0, Box::new(FailureProof::new(problem, None)));
    }
    searchers
}

/// Lets all of them work in turns until one has the answer; gives it, and the facts told.
fn solve_together(problem: &Problem, seed: u64) -> (Option<Outcome<Schedule>>, u64) {
    let (mut facts, mut searchers) = (Facts::default(), searchers(problem, seed));
    let mut best: Option<(Cost, Schedule)> = None;
    for turn in 0..TURNS_MAX {
        let index = turn % searchers.len();
        searchers[index].hear(&facts);
        searchers[index].advance(SLICE_WORK, &mut || false);
        if let Some(schedule) = searchers[index].improvement() {
            let cost = schedule.cost(problem);
            if best.as_ref().is_none_or(|known| cost < known.0) {
                searchers.iter_mut().for_each(|it| it.consider(&schedule, &cost));
                best = Some((cost, schedule));
            }
        }
        searchers[index].tell(&mut facts);
        let bound = searchers[index].bound();
        match best.take_if(|best| bound.as_ref() == Some(&best.0)) {
            Some((cost, best)) => return (Some(Outcome::Optimal { best, cost }), facts.next()),
            None if searchers[index].is_infeasible() => {
                return (Some(Outcome::Infeasible { core: Vec::new() }), facts.next());
            }
            None => {}
        }
    }
    (None, facts.next())
}

/// More and other problems by `PROOF_FIRST` and `PROOF_COUNT`.
#[test]
fn searches_that_exchange_facts_prove_what_trying_all_finds() {
    let (mut proved, mut compared, mut told) = (0, 0, 0);
    let (first, count) = (range("PROOF_FIRST", 1), range("PROOF_COUNT", 600));
    for seed in first..first + count {
        let mut stream = Seed::new(seed).stream("facts");
        // Half of them are plain, so that every search takes part.
        let allowed = if seed % 2 == 0 { LOWERED } else { FeatureSet::PLAIN };
        let problem = random_problem(&mut stream, 4, allowed);
        if Lowered::refusal(&problem).is_some() || problem.objective().levels().len() > 1 {
            continue;
        }
        let (outcome, facts) = solve_together(&problem, seed);
        told += facts;
        let Some(outcome) = outcome else { continue };
        match compare_with(&problem, outcome) {
            Ok(answer) => compared += u64::from(answer == Answer::Compared),
            Err(wrong) => {
                let text = write_problem(&problem, &TimeScale::default());
                panic!("seed {seed}: {wrong}\n{text}");
            }
        }
        proved += 1;
    }
    println!("{proved} proved, {compared} compared, {told} facts, of {count}");
    assert!(proved * 3 > count && compared * 4 > count, "{proved}, {compared} of {count}");
    assert!(told > count, "only {told} facts");
}
