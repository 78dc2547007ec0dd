//! What one search fixed at its root spares another the work.
//!
//! **Source:** -

use ordine_base::{Cost, Demand, Seed, Ticks};
use ordine_problem::{Precedence, Problem, ProblemBuilder, Schedule};
use ordine_solve::{Fact, Facts, FailureProof, Outcome, ProofSearch, Searcher, Subject, solve};

/// Work to prove a shop that is hard enough to tell something in between.
const WORK_MIN: u64 = 3_000;

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

/// A shop whose jobs visit one half of the machines before the other: harder than its size.
fn two_halves(seed: u64) -> Problem {
    let mut stream = Seed::new(seed).stream("two halves");
    let mut builder = ProblemBuilder::new(format!("halves {seed}"));
    let machines: Vec<_> = (0..8).map(|it| builder.machine(format!("m{it}"))).collect();
    for job in 0..9 {
        let (mut first, mut second) = (machines[..4].to_vec(), machines[4..].to_vec());
        stream.shuffle(&mut first);
        stream.shuffle(&mut second);
        let mut before = None;
        for machine in first.into_iter().chain(second) {
            let task = builder.task(format!("j{job} on {machine:?}"), None).expect("no job");
            let duration = Ticks::new(1 + stream.below(99) as i64);
            builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("a valid mode");
            if let Some(before) = before {
                builder.precedence(Precedence::end_to_start(before, task)).expect("a chain");
            }
            before = Some(task);
        }
    }
    builder.seal().expect("chains have no cycle")
}

/// Shops with a best schedule that take some work to prove.
fn solved() -> Vec<(Problem, Schedule, Cost)> {
    let solved = |seed| {
        let problem = two_halves(seed);
        let outcome = solve(&problem, "cp", Seed::new(1), 2_000_000).expect("a plain shop");
        let Outcome::Optimal { best, cost } = outcome else { return None };
        let known = Some((&best, &cost));
        let work = work_of(ProofSearch::new(&problem, known), &Facts::default());
        (work >= WORK_MIN).then_some((problem, best, cost))
    };
    let solved: Vec<_> = (1..=12).filter_map(solved).take(3).collect();
    assert_eq!(solved.len(), 3, "too few shops that are hard enough");
    solved
}

#[test]
fn what_learning_fixed_spares_failure_directed_search_work() {
    let (mut alone, mut after) = (0, 0);
    for (problem, best, cost) in solved() {
        let known = Some((&best, &cost));
        let learning = || ProofSearch::new(&problem, known);
        let failure = || FailureProof::new(&problem, known);
        let none = Facts::default();
        let facts = told(learning(), work_of(learning(), &none) / 2);
        assert!(facts.next() > 0, "{}: learning told nothing", problem.name());
        alone += work_of(failure(), &none);
        after += work_of(failure(), &facts);
    }
    assert!(after < alone, "{after} after hearing facts, {alone} alone");
}

#[test]
fn a_fact_is_used_by_those_who_demand_its_cost_and_by_no_other() {
    let (problem, best, cost) = solved().remove(0);
    let known = Some((&best, &cost));
    let task = problem.tasks().next().expect("a task");
    // No schedule starts a task that late.
    let fact = |cost_max| {
        let mut facts = Facts::default();
        let subject = Subject::StartsFrom(task);
        facts.add(Fact { subject, value: problem.horizon().get(), cost_max });
        facts
    };
    let (used, unused) = (fact(cost.first() - 1), fact(cost.first() - 2));
    let none = Facts::default();
    let learning = || ProofSearch::new(&problem, known);
    let alone = work_of(learning(), &none);
    assert_eq!(work_of(learning(), &unused), alone);
    assert!(work_of(learning(), &used) < alone);
    let failure = || FailureProof::new(&problem, known);
    let alone = work_of(failure(), &none);
    assert_eq!(work_of(failure(), &unused), alone);
    assert!(work_of(failure(), &used) * 10 < alone);
}
