//! List search: what it gives is feasible, justification never hurts, seeds decide.
//!
//! **Source:** -

use ordine_base::{Seed, Ticks};
use ordine_check::{Violation, check};
use ordine_construct::{AssignmentOutcome, Direction, ModeAssignment};
use ordine_ls::{Decoder, ListParameters, ListSearch};
use ordine_problem::{Feature, FeatureSet, Problem, Schedule, random_problem};

fn problem(seed: u64, allowed: FeatureSet) -> Option<(Problem, ModeAssignment)> {
    let mut stream = Seed::new(seed).stream("problem");
    let problem = random_problem(&mut stream, 12, allowed);
    match ModeAssignment::find(&problem, &mut stream, 10_000, &mut || false) {
        AssignmentOutcome::Found(assignment) => Some((problem, assignment)),
        _ => None,
    }
}

fn search(
    problem: &Problem,
    assignment: &ModeAssignment,
    parameters: ListParameters,
    seed: u64,
) -> Schedule {
    let mut search = ListSearch::new(problem, parameters, assignment.clone(), Seed::new(seed));
    let spent = search.advance(4_000, &mut || false);
    assert!(spent >= 4_000);
    let found = search.improvement().expect("a first schedule");
    assert_eq!(search.improvement(), None, "an improvement is told once");
    found
}

/// Every combination of the switches, on problems over all plain features.
#[test]
fn whatever_is_found_is_feasible() {
    for seed in 0..150 {
        let Some((problem, assignment)) = problem(seed, FeatureSet::PLAIN) else { continue };
        for switches in 0..4 {
            let parameters = ListParameters {
                justification: switches & 1 == 0,
                crossover: switches & 2 == 0,
                population: 6,
                patience: 2,
                ..ListParameters::default()
            };
            let found = search(&problem, &assignment, parameters, seed);
            if let Err(violations) = check(&problem, &found) {
                let late = |it: &Violation| matches!(it, Violation::AfterDeadline { .. });
                assert!(violations.iter().all(late), "seed {seed}: {violations:?}");
                assert!(problem.features().has(Feature::Deadlines));
            }
        }
    }
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let (problem, assignment) = problem(4, FeatureSet::EMPTY).expect("no consumables");
    let run = |seed| search(&problem, &assignment, ListParameters::default(), seed);
    assert_eq!(run(1), run(1));
}

#[test]
fn justification_never_lengthens_a_schedule() {
    let mut shortened = 0;
    for seed in 0..300 {
        let allowed = FeatureSet::of(&[Feature::Renewables, Feature::Branching, Feature::Lags]);
        let Some((problem, assignment)) = problem(seed, allowed) else { continue };
        let mut decoder = Decoder::new(&problem);
        let mut order = problem.topological_order().to_vec();
        let modes = assignment.modes();
        let never = &mut || false;
        decoder.decode(Direction::Forward, &order, modes, never).expect("not stopped");
        let before = decoder.value();
        let after = decoder.justify(before.clone(), &mut order, modes, never).expect("not stopped");
        assert!(after <= before, "seed {seed}");
        assert_eq!(decoder.value(), after, "the decoder holds the schedule of the value");
        assert_eq!(after.0, Ticks::ZERO);
        shortened += usize::from(after < before);
    }
    assert!(shortened > 10, "justification has no effect: {shortened}");
}

#[test]
fn a_better_schedule_from_outside_is_taken_in_and_not_told_back() {
    let (problem, assignment) = problem(9, FeatureSet::EMPTY).expect("no consumables");
    let best = search(&problem, &assignment, ListParameters::default(), 1);
    let mut other =
        ListSearch::new(&problem, ListParameters::default(), assignment.clone(), Seed::new(2));
    other.consider(&best);
    other.advance(200, &mut || false);
    let told = other.improvement();
    assert!(told.is_none_or(|it| it.cost(&problem) < best.cost(&problem)));
}

#[test]
fn parameters_out_of_range_are_named() {
    let wrong = ListParameters { mutation: 1.5, ..ListParameters::default() };
    assert!(wrong.validated().expect_err("out of range").to_string().contains("mutation"));
    let wrong = ListParameters { population: 1, ..ListParameters::default() };
    assert!(wrong.validated().expect_err("out of range").to_string().contains("population"));
}
