//! Descent from MDDC, and its iteration within seconds.
//!
//! **Source:** the search of `auto` for one machine.

use super::sets::Set;
use super::{Arguments, Sheet, table};
use crate::WallClock;
use anyhow::Result;
use ordine_base::{Clock as _, Seed};
use ordine_ls::{SequenceJob, SequenceSearch};
use ordine_world::{SingleMachine, mddc_sequence};
use std::time::Duration;

/// Mean gap that a descent has to reach, by set; the normal one is printed only.
const DESCENT_MAX: [f64; 5] = [0.13, f64::INFINITY, 0.20, 0.15, 0.11];

/// Prints what descents and iterated descents reach.
pub(super) fn run(sets: &[Set], arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let head = ["set", "search", "mean gap %", "optimal", "of", "mean ms"];
    let mut printed = table(head.map(str::to_owned).to_vec());
    let mut below = 0;
    for (set, limit) in sets.iter().zip(DESCENT_MAX) {
        let seed = Seed::new(arguments.seed);
        let found = reach(set, seed, |search, _| search.descend_once());
        printed.add_row(found.row(set.name, "descent from MDDC"));
        below += found.below;
        if limit < f64::INFINITY {
            let words = format!("{}: descent from MDDC <= {limit} % ({:.3})", set.name, found.gap);
            sheet.check(words, found.gap <= limit);
        }
        if arguments.seconds == 0.0 {
            continue;
        }
        let factor = if set.jobs >= 200 { 2.0 } else { 1.0 };
        let seconds = Duration::from_secs_f64(arguments.seconds * factor);
        let found = reach(set, seed, |search, optimum| {
            let clock = WallClock::start();
            let mut enough = || clock.elapsed() >= seconds;
            // A known optimum saves the rest of the time.
            while !enough() && search.best_cost() > optimum {
                search.advance(2_000, &mut enough);
            }
        });
        printed.add_row(found.row(set.name, &format!("iterated, {} s", seconds.as_secs_f64())));
        below += found.below;
        found.check(set.name, sheet);
    }
    sheet.check("no search falls below a stored optimum", below == 0);
    sheet.table("Descents by insertion and exchange", &printed)
}

/// What a search reached on a set; instances of optimum 0 are not counted.
struct Reached {
    gap: f64,
    optimal: usize,
    of: usize,
    ms_mean: f64,
    /// Values below an optimum, which must not be.
    below: usize,
}

impl Reached {
    fn row(&self, set: &str, search: &str) -> [String; 6] {
        let (gap, ms) = (format!("{:.4}", self.gap), format!("{:.3}", self.ms_mean));
        let (optimal, of) = (self.optimal.to_string(), self.of.to_string());
        [set.to_owned(), search.to_owned(), gap, optimal, of, ms]
    }

    fn check(&self, set: &str, sheet: &mut Sheet<'_>) {
        let Reached { gap, optimal, of, .. } = *self;
        let shares = format!("{gap:.4} %, {optimal} of {of} optimal");
        match set {
            "20" => sheet.check(format!("20: iterated, all optimal ({shares})"), optimal == of),
            "100" => {
                let words = format!("100: iterated, <= 0.02 % and 75 % optimal ({shares})");
                sheet.check(words, gap <= 0.02 && 4 * optimal >= 3 * of);
            }
            "200" => sheet.check(format!("200: iterated, <= 0.08 % ({shares})"), gap <= 0.08),
            _ => {}
        }
    }
}

fn reach(set: &Set, seed: Seed, act: impl Fn(&mut SequenceSearch, i64)) -> Reached {
    let mut reached = Reached { gap: 0.0, optimal: 0, of: 0, ms_mean: 0.0, below: 0 };
    let mut values = Vec::new();
    for (number, instance) in set.instances.iter().enumerate() {
        let clock = WallClock::start();
        let start = mddc_sequence(&instance.jobs);
        let stream = seed.child(number as u64).stream("kicks");
        let mut search = SequenceSearch::new(jobs(&instance.jobs), start, stream);
        act(&mut search, instance.optimum);
        reached.ms_mean += clock.elapsed().as_secs_f64() * 1e3 / set.instances.len() as f64;
        let value = search.best_cost();
        reached.below += usize::from(value < instance.optimum);
        reached.of += usize::from(instance.optimum > 0);
        reached.optimal += usize::from(instance.optimum > 0 && value == instance.optimum);
        values.push(value);
    }
    reached.gap = set.gap(&values);
    reached
}

/// The jobs as the search reads them.
pub(super) fn jobs(jobs: &SingleMachine) -> Vec<SequenceJob> {
    let pairs = jobs.durations.iter().zip(&jobs.due);
    let job = |(&duration, &due)| SequenceJob { duration, due, weight: 1, rate: 0 };
    pairs.map(job).collect()
}
