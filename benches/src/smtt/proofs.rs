//! Proofs: the table of all sets for 20 jobs, decomposition for more.
//!
//! **Source:** see `ordine_solve::one_machine`.

use super::searches::jobs;
use super::sets::{Instance, Set};
use super::{Sheet, table};
use crate::WallClock;
use anyhow::Result;
use ordine_base::Clock as _;
use ordine_solve::one_machine::{Decomposition, subset_optimum};

/// Bytes that a decomposition may hold.
const MEMORY: u64 = 1 << 30;

/// Prints proved counts and times; an instance is given up after `seconds`.
pub(super) fn run(
    sets: &[Set],
    seconds: f64,
    jobs_max: usize,
    sheet: &mut Sheet<'_>,
) -> Result<()> {
    let head = ["set", "method", "proved", "agree", "of", "mean s", "longest s", "all s"];
    let mut printed = table(head.map(str::to_owned).to_vec());
    for set in sets {
        let (name, of) = (set.name, set.instances.len());
        if set.jobs <= 20 {
            let proof =
                prove(set, |_| true, |it| subset_optimum(&jobs(&it.jobs)).map(|found| found.0));
            printed.add_row(proof.row(name, "table of all sets"));
            sheet.check(format!("{name}: table of all sets agrees on all"), proof.agree == of);
            let words = format!("{name}: table <= 0.2 s each ({:.3})", proof.longest);
            sheet.check(words, proof.longest <= 0.2);
        }
        if set.jobs > jobs_max {
            continue;
        }
        let proof = prove(set, Instance::is_proper, |it| decompose(it, seconds));
        printed.add_row(proof.row(name, "decomposition"));
        let words = format!("{name}: no decomposition contradicts an optimum");
        sheet.check(words, proof.wrong == 0);
        if set.jobs == 100 {
            let Proof { proved, all, .. } = proof;
            let words = format!("100: all proved in <= 60 s ({proved} of {of} in {all:.1} s)");
            sheet.check(words, proved == of && all <= 60.0);
        }
    }
    sheet.table("Proofs", &printed)
}

fn decompose(instance: &Instance, seconds: f64) -> Option<i64> {
    let pairs = instance.jobs.durations.iter().zip(&instance.jobs.due);
    let pairs: Vec<(i64, i64)> = pairs.map(|(&duration, &due)| (duration, due)).collect();
    let clock = WallClock::start();
    let mut search = Decomposition::new(&pairs, MEMORY);
    let mut late = || clock.elapsed().as_secs_f64() > seconds;
    while !late() && search.advance(1 << 24, &mut late) > 0 {}
    search.answer().map(|(least, _)| *least)
}

/// What a method proved on a set, and how long it took.
struct Proof {
    proved: usize,
    agree: usize,
    wrong: usize,
    of: usize,
    longest: f64,
    all: f64,
}

impl Proof {
    fn row(&self, set: &str, method: &str) -> [String; 8] {
        let mean = self.all / self.of.max(1) as f64;
        let [proved, agree, of] = [self.proved, self.agree, self.of].map(|it| it.to_string());
        let times = [mean, self.longest, self.all].map(|seconds| format!("{seconds:.4}"));
        let [mean, longest, all] = times;
        [set.to_owned(), method.to_owned(), proved, agree, of, mean, longest, all]
    }
}

/// Applies a method to the instances that it takes.
fn prove(
    set: &Set,
    takes: impl Fn(&Instance) -> bool,
    method: impl Fn(&Instance) -> Option<i64>,
) -> Proof {
    let of = set.instances.iter().filter(|it| takes(it)).count();
    let mut proof = Proof { proved: 0, agree: 0, wrong: 0, of, longest: 0.0, all: 0.0 };
    for instance in set.instances.iter().filter(|it| takes(it)) {
        let clock = WallClock::start();
        let found = method(instance);
        let seconds = clock.elapsed().as_secs_f64();
        proof.longest = proof.longest.max(seconds);
        proof.all += seconds;
        proof.proved += usize::from(found.is_some());
        proof.agree += usize::from(found == Some(instance.optimum));
        proof.wrong += usize::from(found.is_some_and(|least| least != instance.optimum));
    }
    proof
}
