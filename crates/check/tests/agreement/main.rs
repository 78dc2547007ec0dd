//! The judge and its quadratic twin agree on random schedules, feasible, broken and hostile.
//!
//! **Source:** -

mod random;
mod twin;

use ordine_base::Seed;
use ordine_check::{Violation, check};
use ordine_problem::{Problem, Schedule};
use std::collections::{BTreeMap, BTreeSet};

/// How often each kind of violation was seen, and how many schedules were feasible.
#[derive(Default)]
struct Tally {
    schedules: usize,
    feasible: usize,
    kinds: BTreeMap<&'static str, usize>,
}

/// Place of the violation's kind in the order of checking.
fn rank(violation: &Violation) -> usize {
    let place = twin::KINDS.iter().position(|kind| *kind == violation.word());
    place.expect("the twin knows every kind")
}

fn compare(problem: &Problem, schedule: &Schedule, tally: &mut Tally) {
    tally.schedules += 1;
    let expected = twin::judge(problem, schedule);
    match check(problem, schedule) {
        Ok(cost) => {
            tally.feasible += 1;
            let levels = cost.levels().iter().copied().map(i128::from).collect();
            assert_eq!(Ok(levels), expected, "{problem:?} {schedule:?}");
            assert_eq!(schedule.cost(problem), cost, "{problem:?} {schedule:?}");
        }
        Err(violations) => {
            let kinds: BTreeSet<&str> = violations.iter().map(Violation::word).collect();
            assert_eq!(Err(kinds.clone()), expected, "{problem:?} {schedule:?}");
            assert!(violations.iter().map(rank).is_sorted(), "{violations:?}");
            for violation in &violations {
                assert!(!violation.describe(problem).is_empty());
                *tally.kinds.entry(violation.word()).or_default() += 1;
            }
        }
    }
}

#[test]
fn judge_and_twin_agree_on_random_schedules() {
    let mut tally = Tally::default();
    for number in 0..15_000 {
        let mut stream = Seed::new(number).stream("agreement");
        let problem = random::problem(&mut stream);
        let near = random::left_shifted(&problem, &mut stream);
        compare(&problem, &near, &mut tally);
        for _ in 0..4 {
            compare(&problem, &random::changed(&problem, &near, &mut stream), &mut tally);
            compare(&problem, &random::schedule(&problem, &mut stream), &mut tally);
        }
    }
    assert!(tally.schedules >= 100_000);
    assert!(tally.feasible >= 20_000, "only {} feasible", tally.feasible);
    for kind in twin::KINDS.iter().filter(|kind| !random::ONLY_HOSTILE.contains(kind)) {
        let seen = tally.kinds.get(kind).copied().unwrap_or(0);
        assert!(seen >= 1_000, "{kind} seen {seen} times only");
    }
}

#[test]
fn judge_and_twin_agree_on_hostile_numbers_and_never_panic() {
    let mut tally = Tally::default();
    for number in 0..10_000 {
        let mut stream = Seed::new(number).stream("hostile");
        let problem = match number % 2 {
            0 => random::problem(&mut stream),
            _ => random::extreme_problem(&mut stream),
        };
        for _ in 0..5 {
            compare(&problem, &random::hostile(&problem, &mut stream), &mut tally);
        }
    }
    for kind in twin::KINDS.iter().filter(|kind| **kind != "unplaced") {
        let seen = tally.kinds.get(kind).copied().unwrap_or(0);
        assert!(seen >= 100, "{kind} seen {seen} times only");
    }
    assert!(tally.feasible >= 100, "only {} feasible", tally.feasible);
}
