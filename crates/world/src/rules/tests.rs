//! What each rule chooses, worked out by hand.
//!
//! **Source:** the definition of each rule.

use super::*;
use crate::{Candidate, Durations, Features, FlowShop, Observation, SingleMachine};
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{ModeId, TaskId};

/// Two candidates that differ in every feature; the first is short, light and nearly done.
fn pair() -> (Observation, [Candidate; 2]) {
    let candidate = |index, features| Candidate {
        task: TaskId::from_index(index),
        mode: ModeId::from_index(index),
        allowed: true,
        features,
    };
    let first = Features {
        duration: Ticks::new(2),
        eligible_since: Time::new(5),
        start: Time::new(5),
        latest_start: Time::new(6),
        latest_end: Time::new(8),
        work_remaining: Ticks::new(2),
        tasks_remaining: 1,
        positional_weight: Ticks::new(2),
        weight: 1,
        release: Time::ORIGIN,
        due: Some(Time::new(30)),
        setup: Ticks::new(1),
        successors: 0,
        worst_start: Time::new(14),
    };
    let second = Features {
        duration: Ticks::new(9),
        eligible_since: Time::new(1),
        start: Time::new(1),
        latest_start: Time::new(4),
        latest_end: Time::new(13),
        work_remaining: Ticks::new(20),
        tasks_remaining: 3,
        positional_weight: Ticks::new(15),
        weight: 4,
        due: Some(Time::new(35)),
        setup: Ticks::new(9),
        successors: 7,
        worst_start: Time::new(7),
        ..first
    };
    let candidates = [candidate(0, first), candidate(1, second)];
    let durations = Durations { sum: Ticks::new(11), longest: Ticks::new(9) };
    let now = Time::new(5);
    let candidates_seen = candidates.to_vec();
    let observation = Observation {
        now,
        candidates: candidates_seen,
        durations,
        setup_mean: 5.0,
        ..Observation::default()
    };
    (observation, candidates)
}

/// What a rule that scores does with [`pair`]: the two scores.
const SCORES: [(&str, [f64; 2]); 27] = [
    // e^-(23 / 11) / 2 and 4 e^-(10 / 11) / 9, the mean duration being 5.5.
    ("atc", [-0.061_783, -0.179_061]),
    // The same times e^-(1 / 2.5) and e^-(9 / 2.5).
    ("atcs", [-0.041_415, -0.004_893]),
    ("covert", [0.0, -1.0 / 3.0]),
    ("cr", [12.5, 1.5]),
    ("edd", [30.0, 35.0]),
    ("fifo", [5.0, 1.0]),
    ("grpw", [-2.0, -15.0]),
    ("lft", [8.0, 13.0]),
    ("lifo", [-5.0, -1.0]),
    ("lopnr", [1.0, 3.0]),
    ("lpt", [-2.0, -9.0]),
    ("lst", [6.0, 4.0]),
    ("lwkr", [2.0, 20.0]),
    ("mdd", [30.0, 35.0]),
    // Shares 1/7 and 9/14: 30 (1 + 1/50) + 2/10.5 and 35 (1 + 81/277) + 9/10.5.
    ("mddc", [30.790_476, 46.091_799]),
    ("minslk", [1.0, 3.0]),
    ("mopnr", [-1.0, -3.0]),
    ("mts", [0.0, -7.0]),
    ("mwkr", [-2.0, -20.0]),
    ("panneerselvam", [9.5, 24.0 / 9.0]),
    ("random", [0.0, 0.0]),
    ("slack", [23.0, 10.0]),
    ("sopn", [23.0, 10.0 / 3.0]),
    ("spt", [2.0, 9.0]),
    ("wcs", [-8.0, -3.0]),
    ("wmdd", [25.0, 7.5]),
    ("wspt", [-0.5, -4.0 / 9.0]),
];

#[test]
fn each_rule_that_scores_gives_what_its_formula_says() {
    let (observation, candidates) = pair();
    let mut expected = SCORES.iter();
    for named in RULES {
        let Some(rule) = named.scoring() else { continue };
        let &(name, scores) = expected.next().expect("a row for each rule");
        assert_eq!(named.name, name);
        for (candidate, score) in candidates.iter().zip(scores) {
            let found = rule.score(candidate, &observation);
            assert!((found - score).abs() < 1e-5, "{name}: {found}, expected {score}");
        }
    }
    assert_eq!(expected.next(), None);
}

/// The six jobs that the authors of MDDC print.
fn six_jobs() -> SingleMachine {
    SingleMachine::new(vec![10, 11, 10, 10, 11, 10], vec![15, 11, 13, 11, 12, 11])
}

/// Three machines and four jobs.
fn small_shop() -> FlowShop {
    let durations = [[8, 5, 5], [9, 9, 1], [3, 4, 8], [3, 3, 3]].map(|row| row.to_vec());
    FlowShop { durations: durations.to_vec(), tasks: Vec::new() }
}

#[test]
fn each_rule_that_orders_gives_what_its_steps_say() {
    let jobs = SingleMachine::new(vec![2, 9, 2, 2, 1], vec![11, 4, 15, 10, 17]);
    let shop = small_shop();
    let best = augmented_mddc_sequence(&jobs, Augmentation::Best);
    let pass = augmented_mddc_sequence(&jobs, Augmentation::Pass);
    let rows: [(&str, Vec<usize>, Vec<usize>); 8] = [
        ("augmented-mdd", augmented_mdd_sequence(&jobs), vec![1, 0, 3, 2, 4]),
        ("augmented-mddc", best, vec![3, 0, 4, 1, 2]),
        ("augmented-mddc-pass", pass, vec![3, 0, 1, 2, 4]),
        ("cds", cds_sequence(&shop), vec![2, 0, 3, 1]),
        // By duration 4, 3, 0, 2, 1; job 1 passes all, then 3 and 0 stand before 4 and 2.
        ("eddc", eddc_sequence(&jobs), vec![1, 3, 0, 2, 4]),
        ("neh", neh_sequence(&shop), vec![3, 2, 0, 1]),
        // Slopes -6, -16, 10, 0.
        ("palmer", palmer_sequence(&shop), vec![2, 3, 0, 1]),
        // Job 4 is active, then 3, then 1, which would be late.
        ("psk", psk_sequence(&jobs), vec![1, 3, 0, 2, 4]),
    ];
    let mut expected = rows.iter();
    for named in RULES.iter().filter(|it| it.scoring().is_none()) {
        let (name, found, order) = expected.next().expect("a row for each rule");
        assert_eq!(named.name, *name);
        assert_eq!(found, order, "{name}");
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn the_printed_example_of_six_jobs_comes_out() {
    let six = six_jobs();
    assert_eq!(mddc_sequence(&six), [3, 5, 2, 0, 1, 4]);
    assert_eq!(mdd_sequence(&six), [1, 0, 2, 3, 5, 4]);
    assert_eq!(six.tardiness(&mddc_sequence(&six)), 141);
    assert_eq!(six.tardiness(&mdd_sequence(&six)), 144);
}
