//! Speed: values in bulk, compositions one by one, refinement and the running median of a million.
//!
//! **Source:** -

use super::{Arguments, Sheet, schedule, table};
use crate::stopwatch::Stopwatch;
use anyhow::Result;
use ordine_training::schedules::{
    Gradients, Optimizer, Refinement, advise_phi, refine, running_median,
};
use std::hint::black_box;

/// Values of each measurement.
const COUNT: usize = 10_000_000;

/// Measurements of each kind, of which the fastest counts: others may use the machine too.
const TRIES: usize = 5;

/// Plans that are filled in bulk; the last is five deep.
const PLANS: [&str; 10] = [
    "linear",
    "rex(d=0.5)",
    "polynomial(power=2)",
    "exponential(end=0.01)",
    "cosine",
    "uba(phi=1)",
    "step",
    "wsd(shape=one-minus-root)",
    "rex(d=0.5) | warmup(500) | every(10)",
    "3e-4 * (cosine | every(7) | warmup(5%) | floor(0.1)) | at-least(0.0001)",
];

pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let mut rows = table(&["plan", "million values per second in bulk", "one by one"]);
    let mut values = vec![0.0; COUNT];
    let (mut slowest, mut deepest) = (f64::INFINITY, 0.0);
    for plan in PLANS {
        let schedule = schedule(plan, COUNT)?;
        let bulk = fastest(|| schedule.fill(0, black_box(&mut values)));
        let bulk = COUNT as f64 / bulk / 1e6;
        deepest = fastest(|| {
            let sum: f64 = (0..COUNT as u64).map(|step| schedule.value(black_box(step))).sum();
            black_box(sum);
        });
        let single = COUNT as f64 / deepest / 1e6;
        slowest = slowest.min(bulk);
        rows.add_row([plan.to_owned(), format!("{bulk:.0}"), format!("{single:.0}")]);
    }
    sheet.table("Speed on this machine", &rows)?;
    sheet.check(format!("at least 50 million values per second ({slowest:.0})"), slowest >= 50.0);
    let words = format!("10^7 values of a composition five deep < .5 s ({deepest:.2})");
    sheet.check(words, deepest < 0.5);
    let mut stream = arguments.seed().stream("norms");
    let norms: Vec<f64> = (0..1_000_000).map(|_| 0.5 + stream.unit()).collect();
    let median = fastest(|| {
        black_box(running_median(&norms, 100_001));
    });
    sheet
        .check(format!("median of 10^6 norms, window 10^5 + 1, < 1 s ({median:.2})"), median < 1.0);
    let refined = fastest(|| {
        let _ = black_box(refine(&norms, &Refinement::new(Optimizer::Sgd)));
    });
    sheet.check(format!("refinement of 10^6 norms <= 1 s ({refined:.2})"), refined <= 1.0);
    let gradients = Gradients::unit(1000)?;
    let advice = 1e3
        * fastest(|| {
            let _ = black_box(advise_phi(&gradients));
        });
    sheet.line(&format!("advice of phi for 1000 norms: {advice:.2} ms"))
}

/// Seconds of the fastest of several tries, of a processor where they are long enough for that.
fn fastest(mut work: impl FnMut()) -> f64 {
    let mut seconds = |_| {
        let clock = Stopwatch::start();
        work();
        clock.fine_seconds()
    };
    (0..TRIES).map(&mut seconds).fold(f64::INFINITY, f64::min)
}
