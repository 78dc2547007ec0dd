//! Weighted tardiness: both descents of the search for one machine, on drawn instances.
//!
//! One instance of each of the twenty classes per number of jobs, weights from 1 to 10, the same
//! work for both. The excess is over the better of the two.
//!
//! **Source:** Congram, Potts, van de Velde 2002: how dynasearch was compared.

use super::{Arguments, Sheet, table};
use anyhow::Result;
use ordine_base::Seed;
use ordine_ls::{Descent, SequenceJob, SequenceSearch};
use ordine_machines::generate::TardinessClass;

/// Numbers of jobs.
const SIZES: [usize; 3] = [50, 100, 200];

/// Units of work of a run.
const WORK: u64 = 10_000_000;

/// Prints a row per number of jobs and descent.
pub(super) fn run(arguments: &Arguments, sheet: &mut Sheet<'_>) -> Result<()> {
    let head = ["jobs", "descent", "work", "mean excess %", "best or equal", "of"];
    let mut printed = table(head.map(str::to_owned).to_vec());
    for size in SIZES {
        let classes = TardinessClass::tests(size);
        let mut values = [Vec::new(), Vec::new()];
        for (number, class) in (0_u64..).zip(&classes) {
            let seed = Seed::new(arguments.seed).child(number);
            let jobs = jobs(class, seed);
            for (descent, values) in
                [Descent::FirstImproving, Descent::Dynasearch].into_iter().zip(&mut values)
            {
                values.push(reached(&jobs, descent, seed));
            }
        }
        let [first, second] = &values;
        for (name, own, other) in
            [("first improving", first, second), ("dynasearch", second, first)]
        {
            let pairs = || own.iter().zip(other);
            let excess = |(own, other): (&i64, &i64)| match own.min(other) {
                0 => 0.0,
                &best => 100.0 * (own - best) as f64 / best as f64,
            };
            let mean = pairs().map(excess).sum::<f64>() / own.len() as f64;
            let best = pairs().filter(|(own, other)| own <= other).count();
            let (size, work) = (size.to_string(), WORK.to_string());
            let counts = [best.to_string(), own.len().to_string()];
            let words = [size, name.to_owned(), work, format!("{mean:.4}")];
            printed.add_row(words.into_iter().chain(counts));
        }
    }
    sheet.table("Weighted tardiness, one instance per class", &printed)
}

fn jobs(class: &TardinessClass, seed: Seed) -> Vec<SequenceJob> {
    let mut weights = seed.stream("weights");
    let drawn = class.instance(seed, 0).jobs;
    let job = |job: &ordine_machines::MachineJob| SequenceJob {
        duration: job.durations[0].get(),
        due: job.due.map_or(0, |due| due.get()),
        weight: 1 + weights.below(10) as i64,
        rate: 0,
    };
    drawn.iter().map(job).collect()
}

fn reached(jobs: &[SequenceJob], descent: Descent, seed: Seed) -> i64 {
    let start = (0..jobs.len()).collect();
    let search = SequenceSearch::new(jobs.to_vec(), start, seed.stream("kicks"));
    let mut search = search.by(descent);
    search.advance(WORK, &mut || false);
    search.best_cost()
}
