//! Replications: several systems under the same chance, again and again, until it is precise
//! enough.
//!
//! Replication r of every system runs under the r-th child of one seed (common random numbers), so
//! that systems are compared pair by pair. With a precision asked for, replications are added in
//! rounds until the half-width of every system's first metric is small enough beside its mean. How
//! long a round is depends on values alone, and values are stored by replication: any number of
//! workers gives the same bytes.
//!
//! **Source:** Law 2015, sections 9.4 (precision), 10.2 (paired comparison), 11.2 (common numbers).

use crate::statistics::{Summary, paired_differences};
use ordine_base::Seed;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How a study runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Study {
    /// Seed of all replications.
    pub seed: Seed,
    /// Replications of each system; with a precision, of the first round.
    pub replications: u32,
    /// When to stop adding replications; `None` adds none.
    pub precision: Option<Precision>,
    /// Confidence of intervals, between 0 and 1.
    pub confidence: f64,
    /// Threads, one at least.
    pub workers: usize,
}

/// How precise is precise enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// Half-width of the interval over the mean.
    pub relative: f64,
    /// Replications after which it ends anyway.
    pub replications_most: u32,
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed<E> {
    /// Which system it was.
    pub system: usize,
    /// Which replication, from 0.
    pub replication: u32,
    /// What went wrong.
    pub error: E,
}

/// Values of all systems, metrics and replications.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// By system and metric, one value per replication.
    values: Vec<Vec<Vec<f64>>>,
    replications: u32,
}

impl Samples {
    /// Replications of each system.
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Values of one metric of a system, one per replication.
    pub fn values(&self, system: usize, metric: usize) -> &[f64] {
        &self.values[system][metric]
    }

    /// Their summary.
    pub fn summary(&self, system: usize, metric: usize) -> Summary {
        self.values(system, metric).iter().copied().collect()
    }

    /// Summary of the differences of two systems, replication by replication.
    pub fn difference(&self, system: usize, from: usize, metric: usize) -> Summary {
        paired_differences(self.values(system, metric), self.values(from, metric))
    }

    /// Whether the first metric of every system is known this precisely.
    fn are_precise(&self, study: &Study, relative: f64) -> bool {
        (0..self.values.len()).all(|system| self.excess(study, system) <= relative)
    }

    /// Half-width over mean of a system's first metric; nothing to gain where it has no value.
    fn excess(&self, study: &Study, system: usize) -> f64 {
        let Some(values) = self.values[system].first() else { return 0.0 };
        let summary: Summary = values.iter().copied().collect();
        let half_width = summary.half_width(study.confidence);
        match half_width == 0.0 || half_width.is_nan() {
            true => 0.0,
            false => half_width / summary.mean().abs(),
        }
    }

    /// Replications that the next round adds: what the widest interval asks for, doubling at most.
    fn next_round(&self, study: &Study, precision: Precision) -> u32 {
        let widest = (0..self.values.len()).map(|system| self.excess(study, system));
        let ratio = widest.fold(0.0, f64::max) / precision.relative;
        let wanted = f64::from(self.replications) * (ratio * ratio - 1.0);
        let room = precision.replications_most.saturating_sub(self.replications);
        (wanted.ceil().clamp(1.0, f64::from(self.replications)) as u32).min(room)
    }
}

/// Runs all systems. `run` takes the system, the replication and its seed, and gives one value per
/// metric; it must not depend on anything else.
///
/// # Errors
/// When a run fails: the first of them by replication, then by system.
///
/// # Panics
/// When there is no replication or no worker, or runs differ in their number of metrics.
pub fn replicate<E: Send>(
    study: &Study,
    systems: usize,
    run: impl Fn(usize, u32, Seed) -> Result<Vec<f64>, E> + Sync,
) -> Result<Samples, Failed<E>> {
    assert!(study.replications > 0 && study.workers > 0, "one replication and one worker at least");
    let mut samples = Samples { values: vec![Vec::new(); systems], replications: 0 };
    let mut round = study.replications;
    while round > 0 {
        let rows = round_of(study, systems, samples.replications, round, &run)?;
        for (index, row) in rows.into_iter().enumerate() {
            let values = &mut samples.values[index % systems];
            if values.is_empty() {
                values.resize(row.len(), Vec::new());
            }
            assert_eq!(values.len(), row.len(), "every run measures the same");
            values.iter_mut().zip(row).for_each(|(list, value)| list.push(value));
        }
        samples.replications += round;
        round = match study.precision {
            Some(it) if !samples.are_precise(study, it.relative) => samples.next_round(study, it),
            _ => 0,
        };
    }
    Ok(samples)
}

/// Values of `count` replications from `first` on, by replication and then by system.
fn round_of<E: Send>(
    study: &Study,
    systems: usize,
    first: u32,
    count: u32,
    run: &(impl Fn(usize, u32, Seed) -> Result<Vec<f64>, E> + Sync),
) -> Result<Vec<Vec<f64>>, Failed<E>> {
    let runs = systems * count as usize;
    let one = |index: usize| {
        let (system, replication) = (index % systems, first + (index / systems) as u32);
        let seed = study.seed.child(u64::from(replication));
        run(system, replication, seed).map_err(|error| Failed { system, replication, error })
    };
    if study.workers == 1 || runs <= 1 {
        return (0..runs).map(one).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(runs));
    std::thread::scope(|scope| {
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= runs {
                    return;
                }
                let result = one(index);
                let mut done = done.lock().expect("no holder of the lock panics");
                done.push((index, result));
            }
        };
        for _ in 1..study.workers.min(runs) {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().expect("no holder of the lock panics");
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Distribution, Streams};

    fn study(workers: usize) -> Study {
        let precision = Some(Precision { relative: 0.02, replications_most: 50_000 });
        Study { seed: Seed::new(3), replications: 10, precision, confidence: 0.95, workers }
    }

    /// Two systems that share their chance; the second is slower by 5 %.
    fn run(system: usize, _: u32, seed: Seed) -> Result<Vec<f64>, String> {
        let mut stream = Streams::new(seed).of("durations");
        let duration = Distribution::exponential(10.0).sample(&mut stream);
        Ok(vec![duration * [1.0, 1.05][system], duration])
    }

    #[test]
    fn any_number_of_workers_gives_the_same_values() {
        let serial = replicate(&study(1), 2, run).expect("it runs");
        for workers in [2, 4] {
            assert_eq!(replicate(&study(workers), 2, run).expect("it runs"), serial);
        }
        let summary = serial.summary(0, 0);
        assert!(summary.half_width(0.95) <= 0.02 * summary.mean());
        assert!(serial.replications() < 50_000);
    }

    #[test]
    fn differences_under_common_chance_are_known_better_than_their_parts() {
        let samples = replicate(&Study { precision: None, ..study(2) }, 2, run).expect("it runs");
        let (difference, alone) = (samples.difference(1, 0, 0), samples.summary(0, 0));
        assert!(difference.mean() > difference.half_width(0.95), "{difference:?}");
        assert!(10.0 * difference.half_width(0.95) < alone.half_width(0.95));
    }

    #[test]
    fn the_first_failure_is_told_whoever_met_it() {
        let fails = |system: usize, replication: u32, seed: Seed| match (system, replication) {
            (1, 3) | (0, 4) => Err(format!("{}", seed.get())),
            _ => run(system, replication, seed),
        };
        for workers in [1, 3] {
            let failed = replicate(&study(workers), 2, fails).expect_err("it fails");
            assert_eq!((failed.system, failed.replication), (1, 3));
            assert_eq!(failed.error, Seed::new(3).child(3).get().to_string());
        }
    }
}
