//! Sets of single-machine tardiness for discovery: published ones, or generated ones with proofs.
//!
//! **Source:** Potts, Van Wassenhove 1982; sets of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025.

use crate::smtt::sets;
use anyhow::{Context as _, Result};
use ordine_base::Seed;
use ordine_discover::library::{LARGER, PUBLISHED, RESERVE};
use ordine_discover::{JobSet, Jobs, SingleMachine};
use ordine_machines::generate::{DurationLaw, TardinessClass};
use ordine_solve::one_machine::Decomposition;
use std::path::Path;

/// Bytes of the table of a proof.
const MEMORY: u64 = 256 << 20;
/// Work of a proof: far beyond what the sizes here need.
const WORK: u64 = 1 << 32;
/// Seed of what is generated beside published sets.
const BESIDE: u64 = 60;
/// Classes of the published sets: five ranges of due times by four factors of tardiness.
const CLASSES: usize = 20;

/// The published sets in a folder, in `smtt-heuristics` in it, or in `data/smtt-heuristics` in it,
/// with a generated set for validation and a reserve of counter-examples.
///
/// # Errors
/// When they are not there, or are no such sets.
pub fn published(library: &Path) -> Result<SingleMachine> {
    let folder = sets::folder(library)?;
    let mut found = Vec::new();
    for name in PUBLISHED {
        let path = folder.join(format!("{name}.txt.gz"));
        let text = sets::text(&path)?;
        let instances = sets::instances(&text).with_context(|| path.display().to_string())?;
        let count = instances.len();
        let known = |(place, (jobs, optimum)): (usize, (ordine_world::SingleMachine, i64))| Jobs {
            durations: jobs.durations,
            dues: jobs.due,
            optimum,
            proven: true,
            class: (place * CLASSES / count) as u32,
        };
        let instances = instances.into_iter().enumerate().map(known).collect();
        found.push(JobSet { name: name.to_owned(), instances });
    }
    found.extend(beside());
    Ok(SingleMachine::new(found))
}

/// Generated sets: 800 instances of 15 jobs, and shifts of normal durations and of 18 jobs.
pub fn generated(seed: Seed) -> SingleMachine {
    let mut sets = vec![
        set("uniform-15", 15, 40, DurationLaw::Uniform, seed),
        set("normal-15", 15, 20, DurationLaw::Normal, seed),
        set("uniform-18", 18, 5, DurationLaw::Uniform, seed),
    ];
    sets.extend(beside());
    SingleMachine::new(sets)
}

/// What is for validation alone, and what counter-examples are taken from.
fn beside() -> [JobSet; 2] {
    let seed = Seed::new(BESIDE);
    [
        set(LARGER, 60, 4, DurationLaw::Uniform, seed),
        set(RESERVE, 30, 20, DurationLaw::Uniform, seed),
    ]
}

/// So many instances of each of the twenty classes, with optima.
pub fn set(name: &str, jobs: usize, per_class: u64, durations: DurationLaw, seed: Seed) -> JobSet {
    let mut instances = Vec::new();
    for (number, class) in (0..).zip(TardinessClass::tests(jobs)) {
        let class = TardinessClass { durations, ..class };
        for place in 0..per_class {
            let made = class.instance(seed.child(u64::from(number)), place);
            let durations = made.jobs.iter().map(|job| job.durations[0].get()).collect();
            let due = |job: &ordine_machines::MachineJob| job.due.map_or(0, |due| due.get());
            let dues = made.jobs.iter().map(due).collect();
            let jobs = Jobs { durations, dues, optimum: 0, proven: true, class: number };
            let optimum = optimum(&jobs);
            instances.push(Jobs { optimum, ..jobs });
        }
    }
    JobSet { name: name.to_owned(), instances }
}

/// The least total tardiness.
fn optimum(jobs: &Jobs) -> i64 {
    let pairs: Vec<(i64, i64)> =
        jobs.durations.iter().copied().zip(jobs.dues.iter().copied()).collect();
    let mut search = Decomposition::new(&pairs, MEMORY);
    while search.advance(WORK, &mut || false) > 0 {}
    search.answer().expect("sizes made here are proved within the memory").0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_discover::Arena;

    #[test]
    fn generated_optima_are_those_of_all_sets_of_jobs() {
        let small = set("small", 8, 1, DurationLaw::Uniform, Seed::new(3));
        for jobs in &small.instances {
            let pairs = jobs.durations.iter().zip(&jobs.dues);
            let job = |(&duration, &due): (&i64, &i64)| ordine_ls::SequenceJob {
                duration,
                due,
                weight: 1,
                rate: 0,
            };
            let all: Vec<_> = pairs.map(job).collect();
            let found = ordine_solve::one_machine::subset_optimum(&all).map(|it| it.0);
            assert_eq!(found, Some(jobs.optimum));
        }
        assert_eq!(SingleMachine::new(vec![small]).facts().len(), 20);
    }
}
