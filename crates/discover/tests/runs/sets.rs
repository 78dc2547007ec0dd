//! Small sets with optima.
//!
//! **Source:** Potts, Van Wassenhove 1982.

use ordine_base::Seed;
use ordine_discover::{JobSet, Jobs};
use ordine_ls::SequenceJob;
use ordine_machines::generate::{DurationLaw, TardinessClass};
use ordine_solve::one_machine::subset_optimum;

/// So many instances of each of the twenty classes.
pub fn generate(name: &str, jobs: usize, per_class: u64, normal: bool, seed: Seed) -> JobSet {
    let durations = if normal { DurationLaw::Normal } else { DurationLaw::Uniform };
    let mut instances = Vec::new();
    for (number, class) in (0..).zip(TardinessClass::tests(jobs)) {
        for place in 0..per_class {
            let class = TardinessClass { durations, ..class };
            let made = class.instance(seed.child(u64::from(number)), place);
            let job = |job: &ordine_machines::MachineJob| SequenceJob {
                duration: job.durations[0].get(),
                due: job.due.expect("each has one").get(),
                weight: 1,
                rate: 0,
            };
            let all: Vec<SequenceJob> = made.jobs.iter().map(job).collect();
            instances.push(Jobs {
                durations: all.iter().map(|it| it.duration).collect(),
                dues: all.iter().map(|it| it.due).collect(),
                optimum: subset_optimum(&all).expect("few jobs").0,
                proven: true,
                class: number,
            });
        }
    }
    JobSet { name: name.to_owned(), instances }
}
