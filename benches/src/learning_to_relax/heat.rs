//! Experiment B: SSOR-preconditioned CG along the heat equation.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5.2.

use super::Log;
use super::checks::{Checks, Mean, markdown, within};
use super::plots::Plots;
use crate::stopwatch::Stopwatch;
use anyhow::Result;
use ordine_base::Seed;
use ordine_training::relaxation::{HEAT_FIXED, HEAT_STEPS, HeatPolicy, heat_run, heat_scan};
use std::io::Write;
use std::ops::Range;

const LEARNED: [&str; 3] = ["tsallis-inf", "tsallis-inf-cb", "cheb-cb"];

/// Totals of the reference runs: plain CG, the five fixed values, the three learners.
struct Reference {
    cells: usize,
    plain: f64,
    fixed: [f64; 5],
    learned: [f64; 3],
    /// Seconds that all policies may take.
    seconds: f64,
}

const REFERENCES: [Reference; 3] = [
    Reference {
        cells: 25,
        plain: 85_422.0,
        fixed: [32_793.0, 29_746.0, 32_318.0, 44_866.0, 63_071.0],
        learned: [31_542.3, 28_692.0, 24_965.0],
        seconds: 60.0,
    },
    Reference {
        cells: 50,
        plain: 164_441.0,
        fixed: [60_733.0, 49_752.0, 43_978.0, 50_774.0, 89_168.0],
        learned: [47_866.5, 42_966.5, 36_038.5],
        seconds: 60.0,
    },
    Reference {
        cells: 100,
        plain: 325_008.0,
        fixed: [117_578.0, 90_520.0, 77_296.0, 63_843.0, 112_655.0],
        learned: [68_921.0, 64_524.0, 51_037.0],
        seconds: 300.0,
    },
];

/// A policy with its totals and seconds per run, and what it chose in the first.
struct Row {
    name: String,
    totals: Vec<f64>,
    seconds: f64,
    omegas: Vec<f64>,
}

/// Which grid, and how much of it.
pub(super) struct Grid {
    /// Cells along a side.
    pub(super) cells: usize,
    /// Seeds of the learners.
    pub(super) seeds: Range<u64>,
    /// Whether the best omega of each step is scanned for.
    pub(super) scan: bool,
}

/// One grid: every policy, printed and checked.
pub(super) fn experiment(
    grid: &Grid,
    plots: &mut Plots,
    checks: &mut Checks,
    log: &mut Log,
    out: &mut dyn Write,
) -> Result<()> {
    let Grid { cells, ref seeds, scan } = *grid;
    let reference = REFERENCES.iter().find(|it| it.cells == cells);
    let clock = Stopwatch::start();
    let mut rows = vec![row("plain CG", &HeatPolicy::PlainCg, cells, 1..2, log)?];
    for omega in HEAT_FIXED {
        let name = format!("omega {omega}");
        rows.push(row(&name, &HeatPolicy::Fixed(omega), cells, 1..2, log)?);
    }
    for name in LEARNED {
        let policy = HeatPolicy::Learned(name.to_owned());
        rows.push(row(name, &policy, cells, seeds.clone(), log)?);
    }
    let seconds = clock.seconds();
    let half = HeatPolicy::LearnedHalfStep("cheb-cb".to_owned());
    rows.push(row("cheb-cb, half-step context", &half, cells, seeds.clone(), log)?);
    if scan {
        let clock = Stopwatch::start();
        let found = heat_scan(cells, HEAT_STEPS)?;
        let name = format!("best fixed of the scan, omega {:.2}", found.best_fixed);
        let mut fixed = row(&name, &HeatPolicy::Fixed(found.best_fixed), cells, 1..2, log)?;
        fixed.seconds = f64::NAN;
        let best = HeatPolicy::PerStep(found.best);
        let optimal = row("instance-optimal of the scan", &best, cells, 1..2, log)?;
        rows.extend([fixed, optimal]);
        let scanned = clock.seconds();
        writeln!(out, "(scan of {cells} cells: {scanned:.0} s)\n")?;
    }
    draw(cells, &rows, plots)?;
    print(cells, &rows, reference, out)?;
    if let Some(reference) = reference {
        check(reference, &rows, seconds, checks);
    }
    Ok(())
}

fn draw(cells: usize, rows: &[Row], plots: &mut Plots) -> Result<()> {
    for row in rows {
        let (iterations, steps) = (Mean::of(&row.totals).mean, HEAT_STEPS as f64);
        let name = if row.name.starts_with("best fixed") {
            "best fixed of the scan"
        } else {
            row.name.as_str()
        };
        plots.add(name, cells, iterations / steps, 1e3 * row.seconds / steps);
    }
    let chosen = rows.iter().filter(|row| {
        LEARNED.contains(&row.name.as_str()) || row.name.starts_with("instance-optimal")
    });
    for row in chosen {
        plots.choices(cells, &row.name, &row.omegas)?;
    }
    Ok(())
}

fn row(
    name: &str,
    policy: &HeatPolicy,
    cells: usize,
    seeds: Range<u64>,
    log: &mut Log,
) -> Result<Row> {
    let clock = Stopwatch::start();
    let experiment = format!("B {cells} cells");
    let (mut totals, mut omegas) = (Vec::new(), Vec::new());
    for seed in seeds.clone() {
        let run = heat_run(cells, HEAT_STEPS, policy, Seed::new(seed))?;
        let trial = seed.to_string();
        for (step, (&omega, &count)) in run.omegas.iter().zip(&run.iterations).enumerate() {
            log.step([&experiment, name, &trial], step, omega, count)?;
        }
        log.total(&experiment, name, seed, run.total())?;
        totals.push(run.total() as f64);
        if omegas.is_empty() {
            omegas = run.omegas;
        }
    }
    let seconds = clock.seconds() / totals.len() as f64;
    Ok(Row { name: name.to_owned(), totals, seconds, omegas })
}

fn print(
    cells: usize,
    rows: &[Row],
    reference: Option<&Reference>,
    out: &mut dyn Write,
) -> Result<()> {
    let head = [
        "policy",
        "reference total",
        "our total, 95 % interval",
        "per step",
        "processor s per run",
    ];
    let mut table = markdown(head);
    let theirs = reference.map(|it| {
        let known = [it.plain].into_iter().chain(it.fixed).chain(it.learned);
        known.collect::<Vec<f64>>()
    });
    for (index, row) in rows.iter().enumerate() {
        let theirs = theirs.as_ref().and_then(|it| it.get(index));
        let mean = Mean::of(&row.totals);
        table.add_row([
            row.name.clone(),
            theirs.map_or("-".to_owned(), |it| format!("{it:.0}")),
            format!("{mean:.0}"),
            format!("{:.3}", mean.mean / HEAT_STEPS as f64),
            if row.seconds.is_nan() { "-".to_owned() } else { format!("{:.1}", row.seconds) },
        ]);
    }
    let unknowns = (cells - 1) * (cells - 1);
    let trials = rows.iter().map(|row| row.totals.len()).max().unwrap_or(0);
    writeln!(
        out,
        "B, {cells} x {cells} cells, {unknowns} unknowns: iterations over {HEAT_STEPS} steps"
    )?;
    writeln!(out, "(learners over {trials} trials)\n\n{table}\n")?;
    Ok(())
}

fn check(reference: &Reference, rows: &[Row], seconds: f64, checks: &mut Checks) {
    let cells = reference.cells;
    let theirs = [reference.plain].into_iter().chain(reference.fixed);
    for (row, theirs) in rows.iter().zip(theirs) {
        let found = Mean::of(&row.totals);
        let what = format!("B {cells} cells: {}", row.name);
        let expected = format!("{theirs:.0} within 2 %");
        checks.add(what, expected, format!("{found:.0}"), within(found.mean, theirs, 0.02));
    }
    let best = rows[1..6].iter().map(|row| row.totals[0]).fold(f64::INFINITY, f64::min);
    let cheb = &rows[8].totals;
    let gain = Mean::of(&cheb.iter().map(|it| 100.0 * (1.0 - it / best)).collect::<Vec<f64>>());
    let what = format!("B {cells} cells: cheb-cb below best fixed of the list");
    checks.add(what, "12 % or more", format!("{gain:.1} %"), gain.mean >= 12.0);
    let what = format!("B {cells} cells: all policies, processor time");
    let limit = reference.seconds;
    checks.add(what, format!("below {limit} s"), format!("{seconds:.0} s"), seconds < limit);
}
