//! Checks of the learners and of SOR that need no experiment.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024; Zimmert, Seldin 2021 (regret).

use super::checks::Checks;
use crate::stopwatch::Stopwatch;
use anyhow::{Context as _, Result};
use ordine_base::{Id as _, Seed};
use ordine_budget::learners::{
    ContextRange, NewtonStart, Regret, Setting, build, growth_exponent, tsallis_probabilities,
};
use ordine_training::relaxation::{
    Limits, Operator as _, SparseMatrix, random_dominant, sor, truncated_normal,
};

const ARMS: usize = 20;

pub(super) fn checks(seed: u64, checks: &mut Checks) -> Result<()> {
    let equal = dense_agreement(seed)?;
    checks.add(
        "SOR counts equal a dense reference",
        "100 of 100",
        format!("{equal} of 100"),
        equal == 100,
    );
    let error = probability_error(seed);
    let what = "Tsallis-INF: |sum p - 1|, t and spreads to 1e6";
    checks.add(what, "at most 1e-9", format!("{error:.1e}"), error <= 1e-9);
    let microseconds = overhead(seed)?;
    let what = "cheb-cb: overhead per round, 20 arms, 6 functions";
    checks.add(what, "below 20 us", format!("{microseconds:.1} us"), microseconds < 20.0);
    let (exponent, ends) = regret_growth(seed)?;
    let found = format!("t^{exponent:.3} (regret {:.0} to {:.0})", ends.0, ends.1);
    let what = "tsallis-inf: regret over t = 1e3 to 1e5, 10 seeds";
    checks.add(what, "at most t^0.6", found, exponent <= 0.6);
    Ok(())
}

/// Random systems on which SOR takes as many steps as the script's on a full matrix.
fn dense_agreement(seed: u64) -> Result<usize> {
    let mut stream = Seed::new(seed).stream("dense reference");
    let mut equal = 0;
    for _ in 0..100 {
        let size = 5 + stream.below(40);
        let matrix = random_dominant(size, 4, &mut stream)?;
        let b = truncated_normal(size, &mut stream);
        let omega = 0.5 + 1.45 * stream.unit();
        let mut x = vec![0.0; size];
        let ours = sor(&matrix, &b, &mut x, omega, &Limits::published())?.iterations;
        equal += usize::from(ours == dense_sor(&matrix, &b, omega));
    }
    Ok(equal)
}

/// The script's loop: `x += M^-1 r`, `r = b - A x`, every entry of the full matrix.
fn dense_sor(matrix: &SparseMatrix, b: &[f64], omega: f64) -> u32 {
    let size = matrix.size();
    let mut a = vec![0.0; size * size];
    for (value, (row, column)) in &matrix.to_sprs() {
        a[row * size + column] = *value;
    }
    let norm = |r: &[f64]| r.iter().map(|it| it * it).sum::<f64>().sqrt();
    let (mut x, mut r) = (vec![0.0; size], b.to_vec());
    for iteration in 1..10_000 {
        let mut step = vec![0.0; size];
        for row in 0..size {
            let before: f64 = (0..row).map(|it| a[row * size + it] * step[it]).sum();
            step[row] = (r[row] - before) * omega / a[row * size + row];
        }
        x.iter_mut().zip(&step).for_each(|(it, step)| *it += step);
        for row in 0..size {
            r[row] = b[row] - (0..size).map(|it| a[row * size + it] * x[it]).sum::<f64>();
        }
        if norm(&r) / norm(b) < 1e-8 {
            return iteration;
        }
    }
    10_000
}

fn probability_error(seed: u64) -> f64 {
    let mut stream = Seed::new(seed).stream("losses");
    let mut worst = 0.0_f64;
    for round in (0..=60).map(|it| 10.0_f64.powf(f64::from(it) / 10.0)) {
        for spread in (-6..=12).map(|it| 10.0_f64.powf(f64::from(it) / 2.0)) {
            let losses: Vec<f64> = (0..ARMS).map(|_| round + spread * stream.unit()).collect();
            let found = tsallis_probabilities(&losses, round, NewtonStart::Bracket);
            worst = worst.max((found.iter().sum::<f64>() - 1.0).abs());
        }
    }
    worst
}

/// Microseconds of `suggest` and `observe` together, over rounds of varying cost.
fn overhead(seed: u64) -> Result<f64> {
    let range = ContextRange::new(-0.15, 0.65)?;
    let mut learner = build("cheb-cb", &Setting { arms: ARMS, range, seed: Seed::new(seed) })?;
    let mut stream = Seed::new(seed).stream("contexts");
    let rounds = 100_000;
    let contexts: Vec<f64> = (0..rounds).map(|_| -0.15 + 0.8 * stream.unit()).collect();
    let clock = Stopwatch::start();
    for context in contexts {
        let arm = learner.suggest(context)?;
        let gap = (arm.index() as f64 / ARMS as f64 - context).abs();
        learner.observe(arm, 40.0 + 400.0 * gap + 5.0 * stream.unit())?;
    }
    Ok(1e6 * clock.seconds() / f64::from(rounds))
}

/// Exponent of the mean regret, and the regret at both ends.
fn regret_growth(seed: u64) -> Result<(f64, (f64, f64))> {
    let marks = [1_000_u32, 3_162, 10_000, 31_623, 100_000];
    let mut sums = [0.0; 5];
    for seed in (seed..).take(10) {
        let range = ContextRange::new(0.0, 1.0)?;
        let setting = Setting { arms: ARMS, range, seed: Seed::new(seed) };
        let mut learner = build("tsallis-inf", &setting)?;
        let mut stream = Seed::new(seed).stream("costs");
        let mut regret = Regret::new(ARMS);
        for round in 1..=100_000 {
            let arm = learner.suggest(0.0)?;
            let noise = 20.0 * stream.unit();
            let costs: Vec<f64> = (0..ARMS).map(|it| 41.0 + noise + 4.0 * it as f64).collect();
            learner.observe(arm, costs[arm.index()])?;
            regret.add(arm, &costs);
            if let Some(at) = marks.iter().position(|&mark| mark == round) {
                sums[at] += regret.against_best_fixed() / 10.0;
            }
        }
    }
    let points: Vec<(f64, f64)> = marks.map(f64::from).into_iter().zip(sums).collect();
    let ends = (points.first().context("marks")?.1, points.last().context("marks")?.1);
    Ok((growth_exponent(&points), ends))
}
