//! What holds for every parameter: bounds, monotony, continuity of budget changes, bulk = single.
//!
//! **Source:** -

use ordine_training::schedules::{
    Cursor, Form, Optimizer, Plan, Profile, Refinement, Run, Schedule, UbaForm, closed_form, refine,
};
use proptest::prelude::*;

fn over(text: &str, steps: i64) -> Schedule {
    let plan: Plan = text.parse().expect("a plan");
    plan.over(Run::of_steps(steps).expect("valid")).expect("valid")
}

/// Decaying profiles of every family.
fn decaying() -> impl Strategy<Value = Profile> {
    prop_oneof![
        Just(Profile::LINEAR),
        Just(Profile::COSINE),
        Just(Profile::ONE_MINUS_ROOT),
        (0.1..5.0).prop_map(|power| Profile::polynomial(power).expect("valid")),
        (1e-6..1.0).prop_map(|end| Profile::exponential(end).expect("valid")),
        (0.0..0.999).prop_map(|d| Profile::rex(d).expect("valid")),
        (0.001..100.0).prop_map(|phi| Profile::uba(phi).expect("valid")),
        (0.0..0.95).prop_map(|delay| Profile::LINEAR.delayed(delay).expect("valid")),
    ]
}

proptest! {
    #[test]
    fn decaying_profiles_start_at_one_and_never_rise(profile in decaying()) {
        prop_assert_eq!(profile.value(0.0), 1.0);
        let mut before = 1.0;
        for index in 0..=1000 {
            let value = profile.value(f64::from(index) / 1000.0);
            prop_assert!((0.0..=1.0).contains(&value));
            prop_assert!(value <= before);
            before = value;
        }
    }

    #[test]
    fn uba_falls_with_phi(phi in 0.01..50.0, more in 1.01..3.0, z in 0.001..0.999) {
        let (one, two) = (Profile::uba(phi).expect("valid"), Profile::uba(phi * more).expect("ok"));
        prop_assert!(two.value(z) < one.value(z));
    }

    #[test]
    fn warmups_rise_to_the_peak(steps in 2_i64..2000, share in 0.01..0.99, from in 0.0..1.0) {
        let warmup = ((steps as f64 * share) as u64).max(1);
        prop_assume!((warmup as i64) < steps);
        let schedule = over(&format!("rex | warmup({warmup}, from={from:?})"), steps);
        let values = schedule.values(steps as usize + 5);
        prop_assert_eq!(values[warmup as usize], 1.0);
        prop_assert!(values[..=warmup as usize].is_sorted());
        prop_assert!(values[warmup as usize..].is_sorted_by(|one, two| one >= two));
        prop_assert_eq!(schedule.horizon(), Some(steps as u64));
        prop_assert_eq!(values[steps as usize + 4], 0.0);
    }

    #[test]
    fn a_changed_budget_does_not_jump_and_stays_monotone(
        profile in decaying(),
        steps in 10_u64..5000,
        at in 0.0..1.0,
        budget in 0.2..4.0,
    ) {
        let at = (steps as f64 * at) as u64;
        let budget = ((steps as f64 * budget) as u64).max(at + 1);
        let schedule = Schedule::curve(profile, steps).expect("valid");
        let mut cursor = Cursor::resume(schedule.clone(), at);
        let before = cursor.rate();
        cursor.replan(budget).expect("both horizons lie ahead");
        prop_assert!((cursor.rate() - before).abs() < 1e-12);
        let planned = schedule.clone().replanned(at, budget).expect("valid");
        prop_assert_eq!(planned.horizon(), Some(budget));
        let values = planned.values(budget as usize + 2);
        prop_assert!(values.is_sorted_by(|one, two| *one >= two - 1e-15));
        let end = schedule.value(steps);
        prop_assert!((values[budget as usize] - end).abs() < 1e-9);
    }

    #[test]
    fn sampling_reads_the_curve_at_multiples(period in 1_u64..500, steps in 500_i64..3000) {
        let curve = over("cosine", steps);
        let sampled = over(&format!("cosine | every({period})"), steps);
        for step in 0..steps as u64 {
            prop_assert_eq!(sampled.value(step), curve.value(step / period * period));
        }
    }

    #[test]
    fn nodes_and_curve_differ_by_a_step(phi in 0.1..10.0, steps in 50_u64..2000) {
        let nodes = Schedule::uba(phi, steps, UbaForm::Nodes).expect("valid");
        let curve = Schedule::uba(phi, steps, UbaForm::Continuous).expect("valid");
        for step in 0..steps {
            let value = nodes.value(step);
            prop_assert!(value <= curve.value(step) && value >= curve.value(step + 1));
        }
    }

    #[test]
    fn refined_values_lie_in_the_unit_interval(
        norms in prop::collection::vec(0.01..100.0, 2..400),
        power in 0.2..3.0,
    ) {
        let values = closed_form(&norms, power).expect("valid");
        prop_assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        prop_assert!(values.contains(&1.0));
        prop_assert_eq!(values.last(), Some(&0.0));
    }
}

#[test]
fn epochs_and_percent_count_the_run_around_them() {
    let run = Run::of_steps(1000).expect("valid").with_epochs(50.0).expect("valid");
    let plan: Plan = "linear | every(1 epoch) | warmup(10%, from=0)".parse().expect("a plan");
    let schedule = plan.over(run).expect("valid");
    assert_eq!(schedule.value(50), 0.5);
    assert_eq!(schedule.value(149), 1.0);
    assert_eq!(schedule.value(150), 1.0 - 50.0 / 900.0);
}

#[test]
fn an_inclusive_run_reaches_the_end() {
    let run = Run::of_steps(11).expect("valid").inclusive();
    let plan: Plan = "linear".parse().expect("a plan");
    let schedule = plan.over(run).expect("valid");
    assert_eq!((schedule.value(5), schedule.value(10)), (0.5, 0.0));
    let single = plan.over(Run::of_steps(1).expect("valid").inclusive()).expect("valid");
    assert_eq!(single.value(0), 1.0);
}

#[test]
fn beyond_the_horizon_the_final_value_holds() {
    for plan in ["cosine | floor(0.1)", "rex | warmup(5)", "constant @ 50 > linear | floor(0.1)"] {
        let schedule = over(plan, 100);
        assert_eq!(schedule.value(100), schedule.value(1 << 40), "{plan}");
        assert_eq!(schedule.horizon(), Some(100), "{plan}");
    }
    let restarts = over("cosine | restarts(first=10, stretch=2)", 100);
    assert_eq!(restarts.horizon(), Some(150));
}

#[test]
fn joined_schedules_resume_as_their_closed_form() {
    let joined = over("0.1 * constant @ 5 > geometric(0.9)", 100);
    let expected = |step: i32| if step < 5 { 0.1 } else { 0.9_f64.powi(step - 5) };
    for step in 0..20 {
        let resumed = Cursor::resume(joined.clone(), step as u64).rate();
        assert!((resumed - expected(step)).abs() < 1e-15, "{step}");
    }
}

#[test]
fn short_logs_refine_without_resampling() {
    let norms: Vec<f64> = (0..150).map(|it| 1.0 + f64::from(it % 7)).collect();
    let parameters = Refinement { tau: 0.001, ..Refinement::new(Optimizer::Sgd) };
    let refined = refine(&norms, &parameters).expect("valid");
    assert_eq!((refined.values.len(), refined.report.window), (150, 3));
    let numeric = Refinement { form: Form::Numeric, ..parameters };
    assert_eq!(refine(&norms, &numeric).expect("valid").values.len(), 151);
    let usual = refine(&[norms.clone(), norms].concat(), &Refinement::new(Optimizer::Sgd));
    let usual = usual.expect("valid");
    assert_eq!((usual.values.len(), usual.report.window), (10_000, 1001));
}
