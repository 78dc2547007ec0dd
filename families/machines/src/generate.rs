//! Random instances of the total tardiness, from a seed.
//!
//! Durations are drawn uniformly from 1 to 100, or from a normal distribution of mean 60 and
//! deviation 20 and cut off below 0; due times uniformly from `[P (1 - TF - RDD / 2), P (1 - TF +
//! RDD / 2)]`, integer part, where P is the sum of the durations. O(n).
//!
//! **Source:** Potts, Van Wassenhove 1982; the normal durations: Çetinkaya, Büyüktahtakın, Shojaee,
//! Reddy 2025.

use crate::{Criterion, MachineJob, MachinesInstance};
use ordine_base::{Seed, Stream, Ticks, Time};

/// How durations are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DurationLaw {
    /// Uniform from 1 to 100.
    #[default]
    Uniform,
    /// Normal of mean 60 and deviation 20, integer part, at least 0.
    Normal,
}

/// A class of instances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TardinessClass {
    /// Number of jobs.
    pub jobs: usize,
    /// Range of due times, RDD: their spread as a share of the total work.
    pub range: f64,
    /// Tardiness factor, TF: how far before the end of all work they lie, as a share of it.
    pub factor: f64,
    /// How durations are drawn.
    pub durations: DurationLaw,
    /// Whether due times before the origin are put on it.
    pub clips_due: bool,
}

impl TardinessClass {
    /// The twenty classes of the tests: ranges 0.2 to 1.0, and within each factors 0.2 to 0.8.
    pub fn tests(jobs: usize) -> Vec<TardinessClass> {
        let class = |range: u32, factor: u32| TardinessClass {
            jobs,
            range: f64::from(range) / 5.0,
            factor: f64::from(factor) / 5.0,
            durations: DurationLaw::Uniform,
            clips_due: false,
        };
        (1..=5).flat_map(|range| (1..=4).map(move |factor| class(range, factor))).collect()
    }

    /// The `number`-th instance of the class.
    pub fn instance(&self, seed: Seed, number: u64) -> MachinesInstance {
        let mut stream = seed.child(number).stream("single-machine tardiness");
        let durations: Vec<i64> =
            (0..self.jobs).map(|_| self.durations.draw(&mut stream)).collect();
        let work = durations.iter().sum::<i64>() as f64;
        let first = work * (1.0 - self.factor - self.range / 2.0);
        let job = |duration| {
            let due = (first + stream.unit() * work * self.range) as i64;
            let due = if self.clips_due { due.max(0) } else { due };
            let plain = MachineJob::lasting(vec![Ticks::new(duration)]);
            MachineJob { due: Some(Time::new(due)), ..plain }
        };
        let jobs = durations.into_iter().map(job).collect();
        let name = format!("{}-{:.1}-{:.1}-{number}", self.jobs, self.range, self.factor);
        MachinesInstance { name, machines: 1, jobs, criterion: Criterion::TotalTardiness }
    }
}

impl DurationLaw {
    fn draw(self, stream: &mut Stream) -> i64 {
        match self {
            DurationLaw::Uniform => 1 + stream.below(100) as i64,
            DurationLaw::Normal => {
                // Box, Muller 1958.
                let radius = (-2.0 * (1.0 - stream.unit()).ln()).sqrt();
                let angle = std::f64::consts::TAU * stream.unit();
                ((60.0 + 20.0 * radius * angle.cos()) as i64).max(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_times_lie_in_the_range_of_their_class() {
        for class in TardinessClass::tests(60) {
            for durations in [DurationLaw::Uniform, DurationLaw::Normal] {
                let class = TardinessClass { durations, ..class };
                let instance = class.instance(Seed::new(3), 7);
                assert_eq!(instance, class.instance(Seed::new(3), 7));
                assert_ne!(instance, class.instance(Seed::new(3), 8));
                let work: i64 = instance.jobs.iter().map(|job| job.durations[0].get()).sum();
                let of_work = |share: f64| work as f64 * share;
                let middle = of_work(1.0 - class.factor);
                for job in &instance.jobs {
                    assert!((0..=160).contains(&job.durations[0].get()));
                    let due = job.due.expect("each has one").get() as f64;
                    assert!((due - middle).abs() <= of_work(class.range / 2.0) + 1.0, "{class:?}");
                }
            }
        }
    }

    #[test]
    fn due_times_before_the_origin_are_clipped_where_the_class_says_so() {
        let class = TardinessClass { clips_due: true, ..TardinessClass::tests(50)[19] };
        let least = |class: TardinessClass| {
            let instance = class.instance(Seed::new(1), 0);
            instance.jobs.iter().filter_map(|job| job.due).min()
        };
        assert_eq!(least(class), Some(Time::ORIGIN));
        assert!(least(TardinessClass { clips_due: false, ..class }) < Some(Time::ORIGIN));
    }
}
