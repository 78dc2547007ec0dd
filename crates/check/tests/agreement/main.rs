//! The judge and its quadratic twin agree on random schedules, feasible, broken and hostile.
//!
//! **Source:** -

mod nearby;
mod random;
mod twin;

use ordine_base::{Seed, Time};
use ordine_check::{Violation, check};
use ordine_problem::{Feature, FeatureSet, Problem, Schedule};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds that plain problems with the largest numbers show.
const HOSTILE: [&str; 12] = [
    "task-count",
    "foreign-mode",
    "before-origin",
    "wrong-end",
    "before-release",
    "after-deadline",
    "time-too-large",
    "precedence",
    "overlap",
    "overuse",
    "overspending",
    "cost-too-large",
];

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
            // Whatever else both overlook: a schedule lies in time, and no task ends too early.
            let in_time = |start, end| Time::ORIGIN <= start && start <= end && end <= Time::MAX;
            assert!(schedule.placed().all(|(_, it)| in_time(it.start, it.end)), "{schedule:?}");
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
    for number in 0..30_000 {
        let mut stream = Seed::new(number).stream("agreement");
        let problem = match number % 8 {
            0 => random::problem(&mut stream),
            _ => random::whole_problem(&mut stream, FeatureSet::EMPTY),
        };
        let near = nearby::schedule(&problem, &mut stream);
        compare(&problem, &near, &mut tally);
        for _ in 0..4 {
            compare(&problem, &random::changed(&problem, &near, &mut stream), &mut tally);
            compare(&problem, &random::schedule(&problem, &mut stream), &mut tally);
        }
    }
    for number in 0..2_000 {
        let mut stream = Seed::new(number).stream("rotation");
        let (problem, schedule) = random::rotating(&mut stream);
        compare(&problem, &schedule, &mut tally);
        compare(&problem, &random::changed(&problem, &schedule, &mut stream), &mut tally);
    }
    assert!(tally.schedules >= 250_000);
    assert!(tally.feasible >= 50_000, "only {} feasible", tally.feasible);
    for kind in twin::KINDS.iter().filter(|kind| !random::ONLY_HOSTILE.contains(kind)) {
        let seen = tally.kinds.get(kind).copied().unwrap_or(0);
        assert!(seen >= 100, "{kind} seen {seen} times only");
    }
}

#[test]
fn judge_and_twin_agree_on_hostile_numbers_and_never_panic() {
    let mut tally = Tally::default();
    let calendars = FeatureSet::of(&[Feature::Calendars]);
    for number in 0..12_000 {
        let mut stream = Seed::new(number).stream("hostile");
        let problem = match number % 3 {
            0 => random::problem(&mut stream),
            1 => random::extreme_problem(&mut stream),
            _ => random::whole_problem(&mut stream, calendars),
        };
        for _ in 0..5 {
            compare(&problem, &random::hostile(&problem, &mut stream), &mut tally);
        }
    }
    for kind in twin::KINDS.iter().filter(|kind| HOSTILE.contains(kind)) {
        let seen = tally.kinds.get(kind).copied().unwrap_or(0);
        assert!(seen >= 100, "{kind} seen {seen} times only");
    }
    assert!(tally.feasible >= 100, "only {} feasible", tally.feasible);
}

#[test]
fn the_judge_answers_for_all_times_under_calendars() {
    let mut judged = 0;
    for number in 0..3_000 {
        let mut stream = Seed::new(number).stream("hostile calendars");
        let problem = random::whole_problem(&mut stream, FeatureSet::EMPTY);
        for _ in 0..3 {
            let schedule = random::hostile(&problem, &mut stream);
            for violation in check(&problem, &schedule).err().unwrap_or_default() {
                assert!(!violation.describe(&problem).is_empty());
                judged += 1;
            }
        }
    }
    assert!(judged > 0);
}
