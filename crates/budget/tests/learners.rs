//! What all learners have in common: turns, replay, saving, errors; and the growth of regret.
//!
//! **Source:** the acceptance of Khodak, Chow, Balcan, Talwalkar 2024 as reproduced here.

use ordine_base::{Id, Seed};
use ordine_budget::learners::{
    ArmId, ContextRange, LEARNERS, Learner, LearnerError, Regret, Setting, build, growth_exponent,
};

fn setting(seed: u64) -> Setting {
    let range = ContextRange::new(-1.0, 1.0).expect("in order");
    Setting { arms: 6, range, seed: Seed::new(seed) }
}

/// Plays rounds whose costs depend on arm and context; the arms played.
fn play(learner: &mut dyn Learner, rounds: std::ops::Range<u32>) -> Vec<ArmId> {
    let round = |round: u32| {
        let context = f64::from(round * 37 % 100) / 50.0 - 1.0;
        let arm = learner.suggest(context).expect("finite");
        assert_eq!(Ok(arm), learner.suggest(context), "asking twice changes nothing");
        let cost = 10.0 + 3.0 * (arm.index() as f64 - 2.5 - 2.0 * context).powi(2);
        learner.observe(arm, cost).expect("in turn");
        arm
    };
    rounds.map(round).collect()
}

#[test]
fn same_seed_same_arms_and_other_seed_other_arms() {
    for entry in LEARNERS {
        let arms = |seed| play(&mut *build(entry.name, &setting(seed)).expect("known"), 0..300);
        assert_eq!(arms(1), arms(1), "{}", entry.name);
        let draws = !["ucb", "grid-sweep"].contains(&entry.name);
        assert_eq!(arms(1) != arms(2), draws, "{}", entry.name);
    }
}

#[test]
fn a_restored_learner_goes_on_alike() {
    for entry in LEARNERS {
        let mut first = build(entry.name, &setting(1)).expect("known");
        play(&mut *first, 0..150);
        first.suggest(0.25).expect("finite");
        let saved = first.state();
        let mut second = build(entry.name, &setting(9)).expect("known");
        second.restore(&saved).expect("same learner");
        assert_eq!(second.state(), saved, "{}", entry.name);
        assert_eq!(play(&mut *first, 150..400), play(&mut *second, 150..400), "{}", entry.name);
    }
}

#[test]
fn states_of_others_are_refused_and_change_nothing() {
    for entry in LEARNERS {
        let mut learner = build(entry.name, &setting(1)).expect("known");
        play(&mut *learner, 0..20);
        let before = learner.state();
        let mut smaller = setting(1);
        smaller.arms = 5;
        let other = build(entry.name, &smaller).expect("known").state();
        assert!(learner.restore(&other).is_err(), "{}", entry.name);
        let mut renamed = before.clone();
        renamed.learner.push('x');
        assert!(learner.restore(&renamed).is_err(), "{}", entry.name);
        assert_eq!(learner.state(), before, "{}", entry.name);
    }
}

#[test]
fn calls_out_of_turn_and_numbers_that_are_none_are_refused() {
    for entry in LEARNERS {
        let mut learner = build(entry.name, &setting(1)).expect("known");
        let arm = ArmId::from_index(0);
        assert_eq!(learner.observe(arm, 1.0), Err(LearnerError::NothingSuggested));
        assert!(learner.suggest(f64::NAN).is_err());
        let arm = learner.suggest(0.0).expect("finite");
        let other = ArmId::from_index((arm.index() + 1) % 6);
        assert!(matches!(learner.observe(other, 1.0), Err(LearnerError::OtherArm { .. })));
        for cost in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(learner.observe(arm, cost), Err(LearnerError::Cost { .. })));
        }
        assert_eq!(learner.observe(arm, 0.0), Ok(()), "{}: a round may cost nothing", entry.name);
        let mut none = setting(1);
        none.arms = 0;
        assert!(build(entry.name, &none).is_err(), "{}", entry.name);
    }
    assert!(build("tsalis", &setting(1)).is_err());
}

#[test]
fn costs_of_all_sizes_leave_the_learners_sound() {
    for entry in LEARNERS {
        let mut learner = build(entry.name, &setting(4)).expect("known");
        for round in 0..500 {
            let arm = learner.suggest(f64::from(round % 50) / 25.0 - 1.0).expect("finite");
            let cost = [0.0, 1.0, 1e-3, 1e6, 1e4][round as usize % 5];
            learner.observe(arm, cost).expect("in turn");
        }
        let numbers = learner.state().tables.0.into_values().flatten().all(f64::is_finite);
        assert!(numbers, "{}", entry.name);
    }
}

#[test]
fn learners_beat_random_and_contexts_help() {
    let paid = |name: &str| {
        let mut learner = build(name, &setting(3)).expect("known");
        let cost = |(round, arm): (u32, ArmId)| {
            let context = f64::from(round * 37 % 100) / 50.0 - 1.0;
            10.0 + 3.0 * (arm.index() as f64 - 2.5 - 2.0 * context).powi(2)
        };
        (0..4000).zip(play(&mut *learner, 0..4000)).map(cost).sum::<f64>() / 4000.0
    };
    let random = paid("random");
    let fixed = paid("tsallis-inf");
    for entry in LEARNERS.iter().filter(|entry| entry.name != "random") {
        assert!(paid(entry.name) < random, "{}", entry.name);
    }
    assert!(paid("tsallis-inf-cb") < fixed && paid("cheb-cb") < fixed);
}

/// Acceptance: no faster than t^0.6 over t = 1e3..1e5, ten seeds, d = 20.
#[test]
fn regret_of_tsallis_inf_grows_no_faster_than_t_to_the_three_fifths() {
    let arms = 20;
    let checkpoints = [1_000_u32, 3_162, 10_000, 31_623, 100_000];
    let mut sums = [0.0; 5];
    for seed in 0..10 {
        let mut setting = setting(seed);
        setting.arms = arms;
        let mut learner = build("tsallis-inf", &setting).expect("known");
        let mut stream = Seed::new(seed).stream("costs");
        let mut regret = Regret::new(arms);
        let mut at = 0;
        for round in 1..=100_000 {
            let arm = learner.suggest(0.0).expect("finite");
            let noise = 20.0 * stream.unit();
            let costs: Vec<f64> = (0..arms).map(|it| 41.0 + noise + 4.0 * it as f64).collect();
            learner.observe(arm, costs[arm.index()]).expect("in turn");
            regret.add(arm, &costs);
            if round == checkpoints[at] {
                sums[at] += regret.against_best_fixed() / 10.0;
                at = (at + 1).min(4);
            }
        }
    }
    let points: Vec<(f64, f64)> = checkpoints.map(f64::from).into_iter().zip(sums).collect();
    let exponent = growth_exponent(&points);
    assert!(exponent <= 0.6, "{exponent}: {points:?}");
}
