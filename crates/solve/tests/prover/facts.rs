//! What one search fixed at its root spares another the work.
//!
//! **Source:** -

use crate::job_shop;
use ordine_base::{Cost, Seed};
use ordine_problem::{Problem, Schedule};
use ordine_solve::{Facts, FailureProof, ProofSearch, Searcher, solve};

/// Work until a search has its proof, after it has heard `facts`.
fn work_of(mut search: impl Searcher, facts: &Facts) -> u64 {
    let mut total = 0;
    search.hear(facts);
    loop {
        match search.advance(1_000, &mut || false) {
            0 => return total,
            work => total += work,
        }
    }
}

/// What a search tells after so many units of work.
fn told(mut search: impl Searcher, work: u64) -> Facts {
    let mut facts = Facts::default();
    let mut total = 0;
    while total < work {
        total += 1 + search.advance(1_000, &mut || false);
    }
    search.tell(&mut facts);
    facts
}

/// Shops with a best schedule.
fn solved() -> impl Iterator<Item = (Problem, Schedule, Cost)> {
    (1..=4).map(|seed| {
        let problem = job_shop(seed, 7, 6, 1);
        let outcome = solve(&problem, "cp", Seed::new(1), 20_000_000).expect("a plain shop");
        let (best, cost) = outcome.best().expect("a schedule");
        let (best, cost) = (best.clone(), cost.clone());
        (problem, best, cost)
    })
}

#[test]
fn what_one_search_fixed_spares_the_other_work() {
    let mut sums = [[0; 2]; 2];
    for (problem, best, cost) in solved() {
        let known = Some((&best, &cost));
        let learning = || ProofSearch::new(&problem, known);
        let failure = || FailureProof::new(&problem, known);
        let none = Facts::default();
        let by_learning = told(learning(), work_of(learning(), &none) / 2);
        let by_failure = told(failure(), work_of(failure(), &none) / 2);
        sums[0][0] += work_of(failure(), &none);
        sums[0][1] += work_of(failure(), &by_learning);
        sums[1][0] += work_of(learning(), &none);
        sums[1][1] += work_of(learning(), &by_failure);
    }
    for [alone, told] in sums {
        assert!(told < alone, "{told} after hearing facts, {alone} alone");
    }
}
