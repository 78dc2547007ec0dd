//! Experiment A: the cost curve of SOR and the learners on drawn systems.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5.1.

use super::Log;
use super::checks::{Checks, Mean, markdown, within};
use super::plots::Plots;
use crate::stopwatch::Stopwatch;
use anyhow::Result;
use ordine_base::Seed;
use ordine_training::relaxation::{
    Limits, Shifts, SorPolicy, Stencil, sor, sor_optimum, sor_trial, truncated_normal,
};
use std::io::Write;
use std::ops::Range;

const ROUNDS: u32 = 5000;

/// Omega and mean iterations of the reference runs at shift 0.
const CURVE: [(f64, f64); 9] = [
    (1.0, 186.0),
    (1.2, 123.0),
    (1.4, 74.0),
    (1.5, 54.0),
    (1.6, 41.0),
    (1.7, 55.0),
    (1.8, 86.0),
    (1.9, 177.0),
    (1.5604, 37.0),
];

/// A distribution of shifts with the reference runs on it and what the reproduction must meet.
struct Expected {
    shifts: Shifts,
    name: &'static str,
    /// Iterations per system of the reference: omega 1, 1.2, 1.4, 1.6, 1.8.
    fixed: [f64; 5],
    best: usize,
    optimal: f64,
    tsallis: (f64, f64, f64),
    binned: f64,
    cheb: (f64, f64, f64),
    cheb_ratio: (f64, f64),
    tsallis_ratio: f64,
}

const EXPECTED: [Expected; 2] = [
    Expected {
        shifts: Shifts::HighVariance,
        name: "A high variance",
        fixed: [608.78, 403.80, 255.80, 150.71, 103.35],
        best: 4,
        optimal: 56.10,
        tsallis: (105.0, 135.0, 119.81),
        binned: 97.70,
        cheb: (63.0, 72.0, 67.50),
        cheb_ratio: (1.30, 1.20),
        tsallis_ratio: 1.30,
    },
    Expected {
        shifts: Shifts::LowVariance,
        name: "A low variance",
        fixed: [270.62, 178.10, 109.96, 63.16, 85.94],
        best: 3,
        optimal: 41.73,
        tsallis: (60.0, 73.0, 66.45),
        binned: 61.28,
        cheb: (45.5, 49.5, 47.48),
        cheb_ratio: (1.20, 1.14),
        tsallis_ratio: 1.15,
    },
];

const FIXED: [f64; 5] = [1.0, 1.2, 1.4, 1.6, 1.8];
const LEARNED: [&str; 3] = ["tsallis-inf", "tsallis-inf-cb", "cheb-cb"];
/// Where the policies of the paper stand among all.
const OPTIMAL: usize = 5;
const TSALLIS: usize = 6;
const CHEB: usize = 8;
/// Learners that the paper does not run.
const MORE: [&str; 8] = [
    "tsallis-inf-script",
    "cheb-cb-observed",
    "epsilon-greedy",
    "ucb",
    "exp3",
    "thompson",
    "grid-sweep",
    "random",
];

/// The cost curve at shift 0 and the optima of Young's formula.
pub(super) fn curve(
    seed: u64,
    plots: &Plots,
    checks: &mut Checks,
    out: &mut dyn Write,
) -> Result<()> {
    let matrix = Stencil::laplacian(10)?;
    let mut stream = Seed::new(seed).stream("curve");
    let sides: Vec<Vec<f64>> = (0..20).map(|_| truncated_normal(100, &mut stream)).collect();
    let mut table = markdown(["omega", "reference", "ours"]);
    let (mut worst, mut points) = (0.0_f64, Vec::new());
    for (omega, expected) in CURVE {
        let mut counts = Vec::new();
        for b in &sides {
            let mut x = vec![0.0; b.len()];
            let solved = sor(&matrix, b, &mut x, omega, &Limits::published())?;
            counts.push(f64::from(solved.iterations));
        }
        let mean = Mean::of(&counts);
        worst = worst.max((mean.mean / expected - 1.0).abs());
        table.add_row([omega.to_string(), expected.to_string(), mean.to_string()]);
        points.push((omega, expected, mean.mean));
    }
    writeln!(out, "SOR at shift 0, 20 right-hand sides\n\n{table}\n")?;
    plots.cost_curve(&points)?;
    let found = format!("{:.2} % at most", 100.0 * worst);
    checks.add("SOR cost curve at shift 0", "within 3 %", found, worst <= 0.03);
    for (shift, expected) in [(0.0, 1.5604), (-0.15, 1.8536), (0.45, 1.3279)] {
        let found = sor_optimum(matrix.shifted(shift)?.jacobi_radius())?;
        let holds = (found - expected).abs() <= 1e-4;
        checks.add(
            format!("omega* at shift {shift}"),
            expected.to_string(),
            format!("{found:.5}"),
            holds,
        );
    }
    Ok(())
}

/// Both distributions of shifts.
pub(super) fn experiment(
    seeds: Range<u64>,
    checks: &mut Checks,
    log: &mut Log,
    out: &mut dyn Write,
) -> Result<()> {
    let learned = LEARNED.map(SorPolicy::Learned);
    let policies: Vec<SorPolicy> = FIXED
        .map(SorPolicy::Fixed)
        .into_iter()
        .chain([SorPolicy::InstanceOptimal])
        .chain(learned)
        .collect();
    let more = MORE.map(SorPolicy::Learned);
    let clock = Stopwatch::start();
    let mut results = Vec::new();
    for expected in &EXPECTED {
        results.push(trials(expected, seeds.clone(), &policies, log)?);
    }
    let seconds = clock.seconds();
    let trials_run = seeds.end - seeds.start;
    let share = 10.0 / trials_run as f64;
    for (expected, ours) in EXPECTED.iter().zip(&results) {
        let others = trials(expected, seeds.clone(), &more, log)?;
        print(expected, ours, &others, out)?;
        check(expected, ours, checks);
    }
    let found = format!("{:.0} s for 10 trials", seconds * share);
    checks.add(
        "A, policies of the paper, processor time",
        "below 60 s",
        found,
        seconds * share < 60.0,
    );
    Ok(())
}

/// Iterations per system, by policy and trial.
fn trials(
    expected: &Expected,
    seeds: Range<u64>,
    policies: &[SorPolicy],
    log: &mut Log,
) -> Result<Vec<Vec<f64>>> {
    let mut means = vec![Vec::new(); policies.len()];
    for seed in seeds {
        let totals = sor_trial(expected.shifts, ROUNDS, Seed::new(seed), policies)?;
        for (means, total) in means.iter_mut().zip(&totals) {
            means.push(total.iterations as f64 / f64::from(ROUNDS));
            log.total(expected.name, &name(&total.policy), seed, total.iterations)?;
        }
    }
    Ok(means)
}

fn name(policy: &SorPolicy) -> String {
    match policy {
        SorPolicy::Fixed(omega) => format!("omega {omega}"),
        SorPolicy::InstanceOptimal => "instance-optimal".to_owned(),
        SorPolicy::Learned(name) => (*name).to_owned(),
    }
}

fn print(
    expected: &Expected,
    ours: &[Vec<f64>],
    others: &[Vec<f64>],
    out: &mut dyn Write,
) -> Result<()> {
    let mut table = markdown(["policy", "reference", "ours, 95 % interval"]);
    let learned = [expected.tsallis.2, expected.binned, expected.cheb.2];
    let theirs = expected.fixed.into_iter().chain([expected.optimal]).chain(learned);
    let fixed = FIXED.map(|omega| format!("omega {omega}"));
    let names = fixed.into_iter().chain(["instance-optimal".to_owned()]);
    let names = names.chain(LEARNED.map(str::to_owned));
    for ((name, theirs), ours) in names.zip(theirs).zip(ours) {
        table.add_row([name, format!("{theirs:.2}"), Mean::of(ours).to_string()]);
    }
    for (name, ours) in MORE.iter().zip(others) {
        table.add_row([(*name).to_owned(), "-".to_owned(), Mean::of(ours).to_string()]);
    }
    let count = ours[0].len();
    writeln!(
        out,
        "{}: iterations per system, {ROUNDS} systems, {count} trials (reference: 12)\n\n{table}\n",
        expected.name
    )?;
    Ok(())
}

fn check(expected: &Expected, ours: &[Vec<f64>], checks: &mut Checks) {
    let mean = |policy: usize| Mean::of(&ours[policy]);
    for (index, theirs) in expected.fixed.iter().enumerate() {
        let what = format!("{}: omega {}", expected.name, FIXED[index]);
        let found = mean(index);
        let holds = within(found.mean, *theirs, 0.03);
        checks.add(what, format!("{theirs:.2} within 3 %"), found.to_string(), holds);
    }
    for (policy, (low, high, _)) in [(TSALLIS, expected.tsallis), (CHEB, expected.cheb)] {
        let what = format!("{}: {}", expected.name, LEARNED[policy - TSALLIS]);
        let found = mean(policy);
        let holds = (low..=high).contains(&found.mean);
        checks.add(what, format!("{low} to {high}"), found.to_string(), holds);
    }
    let (cheb, best) = (&ours[CHEB], &ours[expected.best]);
    let below = cheb.iter().zip(best).filter(|(cheb, best)| cheb < best).count();
    let what = format!("{}: cheb-cb below best fixed", expected.name);
    checks.add(what, "every trial", format!("{below} of {}", best.len()), below == best.len());
    let ratio = |over: usize, under: usize| {
        let pairs = ours[over].iter().zip(&ours[under]);
        Mean::of(&pairs.map(|(over, under)| over / under).collect::<Vec<f64>>())
    };
    let (limit, theirs) = expected.cheb_ratio;
    let found = ratio(CHEB, OPTIMAL);
    let what = format!("{}: cheb-cb / instance-optimal", expected.name);
    let wanted = format!("at most {limit:.2} (reference {theirs:.2})");
    checks.add(what, wanted, format!("{found:.3}"), found.mean <= limit);
    let found = ratio(TSALLIS, expected.best);
    let what = format!("{}: tsallis-inf / best fixed", expected.name);
    let wanted = format!("at most {:.2}", expected.tsallis_ratio);
    checks.add(what, wanted, format!("{found:.3}"), found.mean <= expected.tsallis_ratio);
}
