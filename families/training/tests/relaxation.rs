//! Published values of the relaxation experiments, at a size that tests can afford.
//!
//! The full sizes run in `ordine bench learning-to-relax`.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024; reference runs written from its formulas.

use ordine_base::Seed;
use ordine_training::relaxation::{
    End, HEAT_STEPS, HeatPolicy, Limits, Operator, RelaxationError, Shifts, SorPolicy,
    SparseMatrix, Stencil, cg, heat_run, omega_grid, random_dominant, sor, sor_trial, ssor,
    ssor_pcg, truncated_normal,
};

fn within(found: f64, expected: f64, share: f64) -> bool {
    (found - expected).abs() <= share * expected
}

#[test]
fn relaxation_cost_curve_is_the_reference() {
    let matrix = Stencil::laplacian(10).expect("points");
    let mut stream = Seed::new(1).stream("curve");
    let sides: Vec<Vec<f64>> = (0..20).map(|_| truncated_normal(100, &mut stream)).collect();
    for (omega, expected) in [
        (1.0, 186.0),
        (1.2, 123.0),
        (1.4, 74.0),
        (1.5, 54.0),
        (1.6, 41.0),
        (1.7, 55.0),
        (1.8, 86.0),
        (1.9, 177.0),
        (1.5604, 37.0),
    ] {
        let count = |b: &Vec<f64>| {
            let mut x = vec![0.0; 100];
            let solved = sor(&matrix, b, &mut x, omega, &Limits::published()).expect("valid");
            f64::from(solved.iterations)
        };
        let mean = sides.iter().map(count).sum::<f64>() / 20.0;
        assert!(within(mean, expected, 0.03), "{omega}: {mean}, expected {expected}");
    }
}

/// SOR as the script writes it, on a full matrix: solve with the lower triangle, then `b - A x`.
fn dense_sor(matrix: &SparseMatrix, b: &[f64], omega: f64) -> u32 {
    let size = b.len();
    let mut a = vec![vec![0.0; size]; size];
    for (value, (row, column)) in &matrix.to_sprs() {
        a[row][column] = *value;
    }
    let norm = |r: &[f64]| r.iter().map(|it| it * it).sum::<f64>().sqrt();
    let (mut x, mut r) = (vec![0.0; size], b.to_vec());
    for iteration in 1..=10_000 {
        let mut step = vec![0.0; size];
        for row in 0..size {
            let before: f64 = (0..row).map(|column| a[row][column] * step[column]).sum();
            step[row] = (r[row] - before) * omega / a[row][row];
        }
        for row in 0..size {
            x[row] += step[row];
        }
        for row in 0..size {
            r[row] = b[row] - (0..size).map(|column| a[row][column] * x[column]).sum::<f64>();
        }
        if norm(&r) / norm(b) < 1e-8 {
            return iteration;
        }
    }
    10_000
}

#[test]
fn relaxation_counts_equal_a_dense_reference_on_a_hundred_systems() {
    let mut stream = Seed::new(2).stream("systems");
    for number in 0..100 {
        let size = 5 + stream.below(40);
        let matrix = random_dominant(size, 4, &mut stream).expect("rows");
        let b = truncated_normal(size, &mut stream);
        let omega = 0.5 + 1.45 * stream.unit();
        let mut x = vec![0.0; size];
        let solved = sor(&matrix, &b, &mut x, omega, &Limits::published()).expect("valid");
        assert_eq!(solved.iterations, dense_sor(&matrix, &b, omega), "system {number}, {omega}");
        assert_eq!(solved.end, End::Converged);
    }
}

#[test]
fn relaxation_solvers_agree_on_the_solution() {
    let mut stream = Seed::new(3).stream("systems");
    for _ in 0..20 {
        let matrix = random_dominant(30, 5, &mut stream).expect("rows");
        let b = truncated_normal(30, &mut stream);
        let limits = Limits::new(1e-11, 10_000).expect("valid");
        let mut answers = vec![vec![0.0; 30]; 4];
        let [first, second, third, fourth] = &mut answers[..] else { unreachable!() };
        sor(&matrix, &b, first, 1.2, &limits).expect("valid");
        ssor(&matrix, &b, second, 1.2, &limits).expect("valid");
        cg(&matrix, &b, third, &limits).expect("valid");
        ssor_pcg(&matrix, &b, fourth, 1.2, &limits).expect("valid");
        for answer in &answers[1..] {
            let pairs = answer.iter().zip(&answers[0]);
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-8, "{a} {b}"));
        }
    }
}

#[test]
fn relaxation_guard_rails_hold() {
    let matrix = Stencil::laplacian(10).expect("points");
    let b = vec![1.0; 100];
    let limits = Limits::published();
    for omega in [0.0, -1.0, 2.0, 2.5, f64::NAN] {
        let mut x = vec![0.0; 100];
        let error = sor(&matrix, &b, &mut x, omega, &limits).expect_err("out of range");
        assert!(matches!(error, RelaxationError::Omega { .. }));
        assert!(ssor_pcg(&matrix, &b, &mut x, omega, &limits).is_err());
        assert!(omega_grid(1.0, omega, 20).is_err());
    }
    let few = Limits::new(1e-8, 7).expect("valid");
    let mut x = vec![0.0; 100];
    let solved = sor(&matrix, &b, &mut x, 1.0, &few).expect("valid");
    assert_eq!((solved.iterations, solved.end), (7, End::Capped));
    let mut x = vec![0.0; 100];
    assert_eq!(cg(&matrix, &b, &mut x, &few).expect("valid").end, End::Capped);
    // A shift far below the spectrum: SOR diverges, conjugate gradients see the curvature.
    let indefinite = Stencil::new(10, 0.5, 1.0).expect("a positive center");
    let mut x = vec![0.0; 100];
    let solved = sor(&indefinite, &b, &mut x, 1.5, &limits).expect("valid");
    assert_eq!(solved.end, End::Diverged);
    assert!(solved.iterations < 1000);
    let mut x = vec![0.0; 100];
    let error = cg(&indefinite, &b, &mut x, &limits).expect_err("indefinite");
    assert!(matches!(error, RelaxationError::Indefinite { .. }));
    assert!(Limits::new(1e-20, 5).is_err() && Limits::new(0.1, 0).is_err());
    let mut short = vec![0.0; 99];
    assert!(sor(&matrix, &b, &mut short, 1.5, &limits).is_err());
    let mut x = vec![0.0; 100];
    let bad: Vec<f64> = (0..100).map(|it| if it == 3 { f64::NAN } else { 1.0 }).collect();
    let error = sor(&matrix, &bad, &mut x, 1.5, &limits).expect_err("not a number");
    assert!(matches!(error, RelaxationError::NotFinite { index: 3, .. }));
}

#[test]
fn relaxation_from_the_solution_takes_no_iteration() {
    let matrix = Stencil::laplacian(5).expect("points");
    let x = vec![1.0; 25];
    let mut b = vec![0.0; 25];
    matrix.apply(&x, &mut b);
    let mut start = x.clone();
    assert_eq!(
        ssor_pcg(&matrix, &b, &mut start, 1.2, &Limits::published()).expect("valid").iterations,
        0
    );
    assert_eq!(
        sor(&matrix, &b, &mut start, 1.2, &Limits::published()).expect("valid").iterations,
        0
    );
    assert_eq!(start, x);
    let zeros = vec![0.0; 25];
    let solved = cg(&matrix, &zeros, &mut start, &Limits::published()).expect("valid");
    assert_eq!((solved.iterations, start), (0, zeros));
}

/// Two full trials of each distribution; the bench runs ten.
#[test]
fn relaxation_learners_are_where_the_specification_says() {
    let policies = |best| {
        let learned = ["tsallis-inf", "cheb-cb"].map(SorPolicy::Learned);
        [SorPolicy::Fixed(best), SorPolicy::InstanceOptimal].into_iter().chain(learned).collect()
    };
    for (shifts, best, tsallis, cheb, ratio, static_ratio) in [
        (Shifts::HighVariance, 1.8, 105.0..=135.0, 63.0..=72.0, 1.3, 1.3),
        (Shifts::LowVariance, 1.6, 60.0..=73.0, 45.5..=49.5, 1.2, 1.15),
    ] {
        let policies: Vec<SorPolicy> = policies(best);
        for seed in 0..2 {
            let totals = sor_trial(shifts, 5000, Seed::new(seed), &policies).expect("valid");
            let mean = |index: usize| totals[index].iterations as f64 / 5000.0;
            let (fixed, optimal) = (mean(0), mean(1));
            assert!(tsallis.contains(&mean(2)) && cheb.contains(&mean(3)), "{totals:?}");
            assert!(mean(3) < fixed && mean(3) <= ratio * optimal, "{totals:?}");
            assert!(mean(2) <= static_ratio * fixed, "{totals:?}");
        }
    }
}

#[test]
fn relaxation_heat_totals_are_the_reference() {
    let total = |cells, policy: HeatPolicy| {
        heat_run(cells, HEAT_STEPS, &policy, Seed::new(1)).expect("valid").total()
    };
    for (policy, expected) in [
        (HeatPolicy::PlainCg, 85_422),
        (HeatPolicy::Fixed(1.0), 32_793),
        (HeatPolicy::Fixed(1.3), 29_746),
        (HeatPolicy::Fixed(1.5), 32_318),
        (HeatPolicy::Fixed(1.75), 44_866),
        (HeatPolicy::Fixed(1.95), 63_071),
    ] {
        let found = total(25, policy.clone());
        assert!(within(found as f64, f64::from(expected), 0.02), "{policy:?}: {found}");
    }
    let found = total(50, HeatPolicy::Fixed(1.5));
    assert!(within(found as f64, 43_978.0, 0.02), "{found}");
    let learned = total(25, HeatPolicy::Learned("cheb-cb".to_owned()));
    assert!(learned as f64 <= 0.88 * 29_746.0, "{learned}");
}
