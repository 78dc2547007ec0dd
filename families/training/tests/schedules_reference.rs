//! Every schedule against stored vectors of 20 digits, computed from the formulas alone.
//!
//! **Source:** `tests/reference/schedules.py`

use ordine_training::schedules::{
    Plan, Profile, Run, Schedule, TransformersOptions, UbaForm, transformers_plan,
};

const VECTORS: &str = include_str!("reference/schedules.csv");

const STEPS: i64 = 10_000;

fn schedule(text: &str, steps: i64) -> Schedule {
    let plan: Plan = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    plan.over(Run::of_steps(steps).expect("valid")).unwrap_or_else(|error| panic!("{error}"))
}

fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} is not {expected}");
}

#[test]
fn schedules_equal_the_vectors_to_twelve_digits() {
    let (mut rows, mut name, mut current) = (0, "", Schedule::constant(1.0).expect("valid"));
    let mut bulk = Vec::new();
    let mut worst = 0.0_f64;
    for line in VECTORS.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let (step, expected): (usize, f64) =
            (cells[1].parse().expect("a step"), cells[2].parse().expect("a value"));
        if cells[0] != name {
            (name, current) = (cells[0], schedule(cells[0], STEPS));
            bulk = current.values(STEPS as usize);
        }
        let found = current.value(step as u64);
        assert_near(found, expected, 1e-12, line);
        assert_eq!(bulk[step], found, "{line}: in bulk");
        worst = worst.max((found - expected).abs());
        rows += 1;
    }
    println!("{rows} values, largest difference {worst:e}");
    assert!(rows > 3000);
}

const PLACES: [f64; 8] = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0];

#[test]
fn rex_has_the_published_values_and_identities() {
    let rex = Profile::rex(0.5).expect("valid");
    let expected = [1.0, 0.947368, 0.857143, 0.666667, 0.4, 0.181818, 0.019802, 0.0];
    for (z, expected) in PLACES.into_iter().zip(expected) {
        assert_near(rex.value(z), expected, 1e-6, "rex");
    }
    for d in [0.0, 0.3, 0.5, 0.9] {
        let profile = Profile::rex(d).expect("valid");
        assert_eq!((profile.value(0.0), profile.value(1.0)), (1.0, 0.0));
        let slope = (profile.value(1e-7) - 1.0) / 1e-7;
        assert_near(slope, -(1.0 - d), 1e-6, "slope at the start");
    }
    let linear = Profile::rex(0.0).expect("valid");
    assert!((0..=1000).map(|it| f64::from(it) / 1000.0).all(|z| linear.value(z) == 1.0 - z));
    let cells = 1_000_000;
    let area: f64 =
        (0..cells).map(|it| rex.value((f64::from(it) + 0.5) / f64::from(cells))).sum::<f64>();
    assert_near(area / f64::from(cells), 2.0 * (1.0 - 2.0_f64.ln()), 1e-9, "area");
}

#[test]
fn rex_at_knots_has_three_values() {
    let rex = Schedule::curve(Profile::rex(0.5).expect("valid"), 900).expect("valid");
    let sampled = rex.at_knots(&[300.0, 600.0]).expect("valid");
    let values = sampled.values(900);
    assert!(values[..300].iter().all(|&value| value == 1.0));
    assert!(values[300..600].iter().all(|&value| (value - 0.8).abs() < 1e-15));
    assert!(values[600..].iter().all(|&value| (value - 0.5).abs() < 1e-15));
}

#[test]
fn uba_has_the_published_values_and_identities() {
    let published = [
        (0.5, [1.0, 0.993768, 0.958871, 0.8, 0.406983, 0.091192, 0.000986, 0.0]),
        (1.0, [1.0, 0.987613, 0.920991, 0.666667, 0.255479, 0.047774, 0.000493, 0.0]),
        (5.0, [1.0, 0.940987, 0.699823, 0.285714, 0.064222, 0.009935, 0.000099, 0.0]),
    ];
    for (phi, expected) in published {
        let uba = Profile::uba(phi).expect("valid");
        for (z, expected) in PLACES.into_iter().zip(expected) {
            assert_near(uba.value(z), expected, 1e-6, "uba");
        }
    }
    for phi in [0.05, 0.25, 1.0, 2.0, 7.5, 20.0] {
        let uba = Profile::uba(phi).expect("valid");
        assert_near(uba.value(0.5), 2.0 / (2.0 + phi), 1e-15, "middle");
        for z in (0..=100).map(|it| f64::from(it) / 100.0) {
            let wave = (std::f64::consts::PI * z).cos();
            let chebyshev = (1.0 + wave) * 2.0 / ((2.0 + phi) + (2.0 - phi) * wave);
            assert_near(uba.value(z), chebyshev, 1e-14, "the identity");
        }
    }
}

#[test]
fn uba_of_two_is_the_cosine() {
    let uba = schedule("uba(phi=2, form=continuous)", STEPS);
    let cosine = schedule("cosine", STEPS);
    for step in 0..=STEPS as u64 {
        assert_near(uba.value(step), cosine.value(step), 1e-15, "phi = 2");
    }
    let short = Schedule::uba(1.0, 1000, UbaForm::Automatic).expect("valid");
    let nodes = Schedule::uba(1.0, 1000, UbaForm::Nodes).expect("valid");
    assert_eq!(short, nodes);
}

#[test]
fn libraries_of_the_field_give_the_same_values() {
    let torch = [1.0, 0.975528, 0.904508, 0.793893, 0.654508, 0.5];
    for (value, expected) in schedule("cosine", 10).values(6).into_iter().zip(torch) {
        assert_near(value, expected, 1e-6, "CosineAnnealingLR");
    }
    let optax = schedule("cosine | warmup(10, from=0)", 100);
    for (step, expected) in [(5, 0.5), (10, 1.0), (55, 0.5), (100, 0.0)] {
        assert_near(optax.value(step), expected, 1e-12, "warmup_cosine_decay");
    }
    assert_near(schedule("noam", 10_000).value(4000), 6.9877e-4, 1e-8, "Noam");
    let options = TransformersOptions { warmup: 100, ..TransformersOptions::default() };
    let run = Run::of_steps(1000).expect("valid");
    let linear = transformers_plan("linear", &options).expect("known").over(run).expect("valid");
    assert_eq!((linear.value(50), linear.value(100), linear.value(1000)), (0.5, 1.0, 0.0));
    assert_eq!(linear.value(550), 0.5);
    let error = transformers_plan("quadratic", &options).expect_err("unknown");
    assert!(error.to_string().starts_with("no schedule is called `quadratic`: expected one of "));
}
