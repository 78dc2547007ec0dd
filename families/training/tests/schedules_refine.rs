//! Refinement and the bound: stored vectors, hand checks, invariances, ranking.
//!
//! **Source:** `tests/reference/refined.py`; Defazio, Cutkosky, Mehta, Mishchenko 2023

use ordine_base::Seed;
use ordine_training::schedules::{
    Form, Gradients, Optimizer, Plan, Profile, Refinement, Run, Schedule, ScheduleError, advise_d,
    advise_phi, closed_form, minimize_bound, rank_plans, refine,
};

const VECTORS: &str = include_str!("reference/refined.csv");
const STEPS: usize = 2000;
const SIGMA: f64 = 40.0;

/// Heights joined by straight lines, then smoothed by a Gaussian cut off at 4 sigma.
fn synthetic(shape: &str) -> Vec<f64> {
    let heights = match shape {
        "flat" => [1.0; 6],
        "down" => [15.0, 6.0, 4.0, 2.0, 1.0, 1.0],
        "down-up" => [15.0, 6.0, 4.0, 2.0, 1.0, 2.0],
        _ => [15.0, 6.0, 4.0, 2.0, 1.0, 0.7],
    };
    let places = [0.0, 0.003, 0.02, 0.03, 0.1, 1.0];
    let raw = |step: usize| {
        let z = step as f64 / (STEPS - 1) as f64;
        let at = (1..5).find(|&it| z <= places[it]).unwrap_or(5);
        let share = (z - places[at - 1]) / (places[at] - places[at - 1]);
        heights[at - 1] + (heights[at] - heights[at - 1]) * share
    };
    let reach = 4 * SIGMA as i64;
    let weight = |it: i64| (-(it * it) as f64 / (2.0 * SIGMA * SIGMA)).exp();
    let total: f64 = (-reach..=reach).map(weight).sum();
    let held = |step: i64| raw(step.clamp(0, STEPS as i64 - 1) as usize);
    let smooth = |step: i64| (-reach..=reach).map(|it| weight(it) * held(step + it)).sum::<f64>();
    (0..STEPS as i64).map(|step| smooth(step) / total).collect()
}

#[test]
fn synthetic_shapes_equal_the_vectors() {
    let mut worst = 0.0_f64;
    let (mut key, mut norms, mut values) = (String::new(), Vec::new(), Vec::new());
    for line in VECTORS.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |index: usize| -> f64 { cells[index].parse().expect("a number") };
        let step = number(2) as usize;
        if key != format!("{}{}", cells[0], cells[1]) {
            key = format!("{}{}", cells[0], cells[1]);
            norms = synthetic(cells[0]);
            values = closed_form(&norms, number(1)).expect("valid");
        }
        assert!((norms[step] - number(3)).abs() < 1e-12, "{line}");
        worst = worst.max((values[step] - number(4)).abs());
    }
    println!("largest difference {worst:e}");
    assert!(worst < 1e-12, "{worst}");
}

#[test]
fn shapes_have_the_published_maxima_and_values() {
    let published = [
        ("flat", 2.0, 0, [0.9905, 0.9505, 0.5003, 0.1001]),
        ("down", 2.0, 270, [0.0182, 0.2539, 0.5837, 0.1167]),
        ("down", 1.0, 256, [0.1421, 0.5257, 0.5797, 0.1159]),
        ("down-up", 2.0, 242, [0.0205, 0.2847, 0.2120, 0.0190]),
        ("down-down", 2.0, 301, [0.0173, 0.2418, 0.8603, 0.2839]),
    ];
    for (shape, power, largest_at, expected) in published {
        let values = closed_form(&synthetic(shape), power).expect("valid");
        let largest = (0..STEPS).max_by(|&one, &two| values[one].total_cmp(&values[two]));
        assert_eq!(largest, Some(largest_at), "{shape}");
        for (place, expected) in [20, 100, 1000, 1800].into_iter().zip(expected) {
            let found = values[place - 1];
            assert!((found - expected).abs() < 1e-4, "{shape} at {place}: {found}");
        }
    }
}

#[test]
fn hand_checks_are_exact() {
    let norms = [4.0, 2.0, 1.0, 1.0, 2.0];
    assert_eq!(closed_form(&norms, 2.0), Ok(vec![0.125, 0.45, 1.0, 0.2, 0.0]));
    let adam = closed_form(&norms, 1.0).expect("valid");
    let expected = [0.5, 5.0 / 6.0, 1.0, 1.0 / 3.0, 0.0];
    assert!(adam.iter().zip(expected).all(|(one, two)| (one - two).abs() < 1e-15));
}

#[test]
fn flat_norms_give_linear_decay() {
    for count in [50, 500, 20_000] {
        let refined = refine(&vec![3.7; count], &Refinement::new(Optimizer::Sgd)).expect("valid");
        let schedule = refined.over(Run::of_steps(10_000).expect("valid")).expect("valid");
        for step in 0..=10_000 {
            let linear = 1.0 - step as f64 / 10_000.0;
            assert!((schedule.value(step) - linear).abs() < 1e-12, "{count} at {step}");
        }
        assert_eq!((refined.report.warmup, refined.report.norms), (0.0, count));
        assert!((refined.report.decay_exponent - 1.0).abs() < 1e-9);
    }
}

#[test]
fn the_unit_of_norms_does_not_matter() {
    let mut stream = Seed::new(4).stream("norms");
    let norms: Vec<f64> = (0..3000).map(|_| 0.1 + stream.unit()).collect();
    for optimizer in [Optimizer::Sgd, Optimizer::Adam] {
        let parameters = Refinement::new(optimizer);
        let one = refine(&norms, &parameters).expect("valid");
        for factor in [1e-120, 7.0, 1e150] {
            let scaled: Vec<f64> = norms.iter().map(|norm| norm * factor).collect();
            let two = refine(&scaled, &parameters).expect("valid");
            assert!(one.values.iter().zip(&two.values).all(|(one, two)| (one - two).abs() < 1e-12));
        }
    }
}

#[test]
fn bad_logs_are_refused() {
    let parameters = Refinement::new(Optimizer::Sgd);
    let error = |norms: &[f64]| refine(norms, &parameters).expect_err("bad");
    assert!(matches!(error(&[]), ScheduleError::FewNorms { .. }));
    assert!(matches!(error(&[1.0, -2.0, 1.0]), ScheduleError::Norm { index: 1, .. }));
    assert!(matches!(error(&[1.0, f64::NAN, 1.0]), ScheduleError::Norm { index: 1, .. }));
    assert!(matches!(error(&[0.0; 10]), ScheduleError::Collapsed { zeros: 10, total: 10 }));
    let wide = Refinement { tau: 1.5, ..parameters };
    assert!(refine(&[1.0; 10], &wide).is_err());
    let whole = Refinement { tau: 1.0, ..parameters };
    assert!(refine(&[1.0; 10], &whole).is_ok());
}

fn bound(plan: &str, steps: usize) -> f64 {
    let plan: Plan = plan.parse().expect("known");
    let run = Run::of_steps(steps as i64).expect("valid");
    let schedule = plan.over(run).expect("valid");
    Gradients::unit(steps).expect("valid").bound(&schedule).expect("valid").loss
}

#[test]
fn bounds_rank_schedules_as_published() {
    let published = [
        ("linear", 0.06343, Some(0.2036)),
        ("rex(d=0.5)", 0.06404, Some(0.2061)),
        ("uba(phi=1, form=continuous)", 0.06457, Some(0.2076)),
        ("uba(phi=0.5, form=continuous)", 0.06463, None),
        ("cosine", 0.06525, Some(0.2091)),
        ("uba(phi=0.25, form=continuous)", 0.06526, None),
        ("uba(phi=5, form=continuous)", 0.06758, None),
        ("constant", 0.09212, Some(0.2485)),
    ];
    for (plan, long, short) in published {
        let found = bound(plan, 1000);
        println!("{plan}: {found:.5}, published {long}");
        assert!((found - long).abs() < 1e-4 * 0.5, "{plan}: {found} is not {long}");
        if let Some(short) = short {
            let found = bound(plan, 100);
            assert!((found - short).abs() < 1e-4, "{plan}: {found} is not {short}");
        }
    }
    let plans: Vec<Plan> =
        published.iter().map(|(plan, ..)| plan.parse().expect("known")).collect();
    let ranked = rank_plans(&plans, &Gradients::unit(1000).expect("valid")).expect("valid");
    let order: Vec<usize> = ranked.into_iter().map(|(index, _)| index).collect();
    assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn the_numeric_form_is_never_above_the_closed_one() {
    let flat = minimize_bound(&Gradients::unit(1000).expect("valid")).expect("valid");
    println!("flat, 1000 steps: {} after {} iterations", flat.loss, flat.iterations);
    assert!(flat.loss <= 0.06344, "{}", flat.loss);
    let mut stream = Seed::new(5).stream("norms");
    for steps in [50, 200, 1000] {
        for _ in 0..20 {
            let norms: Vec<f64> = (0..steps).map(|_| (2.0 * stream.unit()).exp()).collect();
            let gradients = Gradients::new(&norms, 1.0).expect("valid");
            let closed = closed_form(&norms, 2.0).expect("valid");
            let closed = gradients.bound_of_shape(&closed).expect("valid").loss;
            let numeric = minimize_bound(&gradients).expect("valid");
            assert!(numeric.loss <= closed, "{} is above {closed}", numeric.loss);
            let checked = gradients.bound_of_rates(&numeric.rates).expect("valid");
            assert!((checked - numeric.loss).abs() < 1e-9);
        }
    }
}

#[test]
fn the_numeric_form_is_a_schedule() {
    let norms: Vec<f64> = synthetic("down");
    let parameters = Refinement { form: Form::Numeric, ..Refinement::new(Optimizer::Sgd) };
    let refined = refine(&norms, &parameters).expect("valid");
    assert!(refined.report.warmup > 0.05, "{:?}", refined.report);
    assert_eq!(refined.values.last(), Some(&0.0));
}

#[test]
fn advice_is_no_worse_than_any_member_of_its_family() {
    let norms: Vec<f64> = (0..1000).map(|it| 1.0 + 3.0 / (1.0 + f64::from(it))).collect();
    for norms in [vec![1.0; 1000], norms] {
        let gradients = Gradients::new(&norms, 1.0).expect("valid");
        let phi = advise_phi(&gradients).expect("valid");
        let d = advise_d(&gradients).expect("valid");
        println!(
            "phi {:.3} bound {:.5}, d {:.3} bound {:.5}",
            phi.parameter, phi.bound.loss, d.parameter, d.bound.loss
        );
        for other in [0.05, 0.25, 0.5, 0.7, 1.0, 2.0, 5.0, 20.0] {
            let profile = Profile::uba(other).expect("valid");
            let schedule = Schedule::curve(profile, 1000).expect("valid");
            let loss = gradients.bound(&schedule).expect("valid").loss;
            assert!(phi.bound.loss <= loss, "phi {other}");
        }
        for other in [0.0, 0.1, 0.3, 0.5, 0.9] {
            let profile = Profile::rex(other).expect("valid");
            let schedule = Schedule::curve(profile, 1000).expect("valid");
            let loss = gradients.bound(&schedule).expect("valid").loss;
            assert!(d.bound.loss <= loss, "d {other}");
        }
    }
}
