//! A cap on memory: clauses are forgotten first, then the search ends with what it has.
//!
//! **Source:** -

use crate::job_shop;
use ordine_base::{FirstOf, FrozenClock, Seed, Silent, StopReason};
use ordine_problem::Problem;
use ordine_solve::lowering::Lowered;
use ordine_solve::{Context, Outcome, ProofSearch, Searcher, Settings, bounds, recipe_named};

/// What a proof within a cap held.
struct Proof {
    makespan: Option<i64>,
    bytes: u64,
    clauses_bytes: u64,
}

fn prove(problem: &Problem, bytes: u64) -> Proof {
    let mut search = ProofSearch::new(problem, None).within(bytes);
    let mut held = Proof { makespan: None, bytes: 0, clauses_bytes: 0 };
    while search.advance(2_000, &mut || false) > 0 {
        held.makespan = search.improvement().map(|it| it.makespan().get()).or(held.makespan);
        held.bytes = held.bytes.max(search.engine().bytes());
        held.clauses_bytes = held.clauses_bytes.max(search.engine().clauses_bytes());
    }
    assert!(!search.is_out_of_memory(), "{bytes} bytes are not enough");
    held
}

#[test]
fn clauses_are_forgotten_before_the_cap_and_the_optimum_is_proved_all_the_same() {
    let problem = job_shop(7, 12, 10, 1);
    let free = prove(&problem, u64::MAX);
    assert!(free.makespan.is_some());
    let cap = free.bytes - free.clauses_bytes / 2;
    let capped = prove(&problem, cap);
    assert_eq!(capped.makespan, free.makespan);
    // What holds the clauses doubles at once when it is full.
    assert!(capped.bytes <= cap + cap / 8, "{} bytes under a cap of {cap}", capped.bytes);
}

#[test]
fn the_size_of_a_model_is_known_before_there_is_one() {
    for (jobs, machines) in [(6, 5), (20, 10), (40, 5)] {
        let problem = job_shop(1, jobs, machines, 1);
        let (model, told) =
            (ProofSearch::new(&problem, None).engine().bytes(), Lowered::bytes(&problem));
        assert!(model <= told && told <= 4 * model, "{jobs} x {machines}: {model}, not {told}");
    }
}

#[test]
fn a_cap_that_is_too_small_ends_the_run_with_the_incumbent_kept() {
    let problem = job_shop(3, 9, 8, 1);
    let model = ProofSearch::new(&problem, None).engine().bytes();
    for (recipe, memory) in [("cp", 1 << 10), ("cp", 2 * model + 1), ("auto", 1 << 10)] {
        let (stop, mut observer) = (FirstOf::default(), Silent);
        let settings = Settings {
            seed: Seed::new(1),
            workers: 1,
            work: Some(200_000),
            stop: &stop,
            clock: &FrozenClock,
            start: None,
        };
        let context =
            Context::new(&problem, settings, bounds::trivial_bound(&problem), &mut observer)
                .within(Some(memory));
        let outcome = recipe_named(recipe).expect("known").solve(&problem, &context);
        let outcome = outcome.expect("no fault");
        assert!(matches!(outcome, Outcome::Feasible { .. }), "{recipe}: {}", outcome.word());
        let expected = if recipe == "cp" { StopReason::Memory } else { StopReason::Work };
        assert_eq!(outcome.stopped(), expected, "{recipe} with {memory} bytes");
    }
}
