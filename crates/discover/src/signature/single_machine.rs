//! Rules of a single machine: which job comes next; least total tardiness.
//!
//! A run is O(n²) scores. The judge counts jobs and tardiness anew from the instance.
//!
//! **Source:** Baker, Bertrand 1982 (MDD); Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (MDDC).

use super::Signature;
use crate::{Arena, Candidate, Facts, Failure, JobSet, Jobs, Ran};
use ordine_base::Seed;
use ordine_construct::Scheme;
use ordine_rule_language::{Field, Scratch, Table};
use std::hash::{Hash, Hasher};

/// Dispatching on one machine; least total tardiness.
pub const SINGLE_MACHINE: Signature = Signature {
    name: "single_machine",
    task: "One machine processes jobs one after the other, without idle time. Whenever it is \
           free, the job with the least score comes next. Minimize the sum of the tardiness \
           max(0, end - due) of all jobs.",
    fields: &[
        Field::Duration,
        Field::Due,
        Field::Now,
        Field::Left,
        Field::DurationSum,
        Field::DurationMax,
        Field::DurationMin,
        Field::Count,
    ],
    seeds: &[
        ("mdd", "max(t + p, d)"),
        ("edd", "d"),
        ("spt", "p"),
        ("slack", "d - t - p"),
        ("mdd-tuned", "max(t + 1.1 * p, d)"),
        (
            "mddc",
            "max(1.1 * p + t, d) * (1 + sqr(min(p / (t + pmax), 1)) / \
             (1 + sqr(min(p / (t + pmax), 1)))) + p / (t + psum / k)",
        ),
        ("mdd-late-long", "max(t + p, d) + 0.6 * p * k * k / psum"),
    ],
    scheme: Scheme::Serial,
};

/// Sets of single-machine instances.
#[derive(Debug)]
pub struct SingleMachine {
    jobs: Vec<Jobs>,
    columns: Vec<(Vec<f64>, Vec<f64>)>,
    facts: Vec<Facts>,
    /// Ends of the sets.
    sets: Vec<(String, std::ops::Range<usize>)>,
}

impl SingleMachine {
    /// Takes sets; classes of different sets differ.
    pub fn new(sets: Vec<JobSet>) -> Self {
        let (jobs, columns, facts) = (Vec::new(), Vec::new(), Vec::new());
        let mut arena = SingleMachine { jobs, columns, facts, sets: Vec::new() };
        let mut classes = 0;
        for set in sets {
            let begin = arena.jobs.len();
            let most = set.instances.iter().map(|it| it.class + 1).max().unwrap_or(0);
            for (number, jobs) in set.instances.into_iter().enumerate() {
                let mut hasher = rustc_hash::FxHasher::default();
                (&jobs.durations, &jobs.dues).hash(&mut hasher);
                arena.facts.push(Facts {
                    name: format!("{}#{number}", set.name),
                    hash: hasher.finish(),
                    class: classes + jobs.class,
                    reference: jobs.optimum,
                    proven: jobs.proven,
                });
                let floats = |values: &[i64]| values.iter().map(|&it| it as f64).collect();
                arena.columns.push((floats(&jobs.durations), floats(&jobs.dues)));
                arena.jobs.push(jobs);
            }
            classes += most;
            arena.sets.push((set.name, begin..arena.jobs.len()));
        }
        arena
    }

    /// The sets with the places of their instances.
    pub fn sets(&self) -> &[(String, std::ops::Range<usize>)] {
        &self.sets
    }

    /// The order in which a candidate takes the jobs of an instance, and the work of that.
    ///
    /// # Errors
    /// When it takes too much work.
    pub fn sequence(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<(Vec<u32>, u64), Failure> {
        let (durations, dues) = &self.columns[place];
        let mut shop = Shop::open(durations, dues, relabel);
        let mut work = 0;
        let limit = 50 * (durations.len() * durations.len()) as u64 + 10_000;
        let mut order = Vec::with_capacity(durations.len());
        let mut scores = vec![vec![0.0; durations.len()]; candidate.programs().len()];
        while !shop.jobs.is_empty() {
            work += candidate.steps() * shop.jobs.len() as u64;
            if work > limit {
                return Err(Failure::Work);
            }
            shop.tell(candidate);
            let left = shop.jobs.len();
            for (program, scores) in candidate.programs().iter().zip(&mut scores) {
                program.scores(&shop.table, scratch, &mut scores[..left]);
            }
            order.push(shop.take(&scores));
        }
        Ok((order, work))
    }

    /// Total tardiness of an order, from the data of the instance alone.
    ///
    /// # Errors
    /// When the order misses a job, repeats one, or names one that is not there.
    pub fn judge(&self, place: usize, order: &[u32]) -> Result<i64, Failure> {
        judge(&self.jobs[place], order)
    }
}

/// Total tardiness of an order.
pub(crate) fn judge(jobs: &Jobs, order: &[u32]) -> Result<i64, Failure> {
    let count = jobs.durations.len();
    if order.len() != count {
        let found = format!("expected {count} jobs, found {}", order.len());
        return Err(Failure::Infeasible(found));
    }
    let mut seen = vec![false; count];
    let (mut end, mut total) = (0_i64, 0_i64);
    for &job in order {
        let job = job as usize;
        if job >= count || std::mem::replace(&mut seen[job], true) {
            let found = format!("expected each of {count} jobs once, found job {job} again");
            return Err(Failure::Infeasible(found));
        }
        end += jobs.durations[job];
        total += (end - jobs.dues[job]).max(0);
    }
    Ok(total)
}

/// The machine with the jobs that are left.
struct Shop {
    table: Table,
    /// Numbers of the jobs, as the instance has them.
    jobs: Vec<u32>,
    /// Numbers by which ties are broken.
    labels: Vec<u32>,
    now: f64,
    sum: f64,
    count: usize,
}

impl Shop {
    fn open(durations: &[f64], dues: &[f64], relabel: Option<u64>) -> Self {
        let count = durations.len();
        let mut table = Table::default();
        table.column_mut(Field::Duration).extend_from_slice(durations);
        table.column_mut(Field::Due).extend_from_slice(dues);
        let jobs: Vec<u32> = (0..count as u32).collect();
        let mut labels = jobs.clone();
        if let Some(seed) = relabel {
            Seed::new(seed).stream("labels").shuffle(&mut labels);
        }
        Shop { table, jobs, labels, now: 0.0, sum: durations.iter().sum(), count }
    }

    /// Tells the state.
    fn tell(&mut self, candidate: &Candidate) {
        self.table.set(Field::Now, self.now);
        self.table.set(Field::Left, self.jobs.len() as f64);
        self.table.set(Field::DurationSum, self.sum);
        self.table.set(Field::Count, self.count as f64);
        if candidate.reads(Field::DurationMax) {
            let greatest = self.table.column(Field::Duration).iter().copied().fold(0.0, f64::max);
            self.table.set(Field::DurationMax, greatest);
        }
        if candidate.reads(Field::DurationMin) {
            let durations = self.table.column(Field::Duration).iter().copied();
            self.table.set(Field::DurationMin, durations.fold(f64::INFINITY, f64::min));
        }
    }

    /// Takes the job of least score out, ties by label.
    fn take(&mut self, scores: &[Vec<f64>]) -> u32 {
        let first = &scores[0][..self.jobs.len()];
        let mut best = 0;
        for (place, score) in first.iter().enumerate().skip(1) {
            if *score < first[best] {
                best = place;
            } else if *score == first[best] {
                let later = scores[1..].iter().map(|it| it[place].total_cmp(&it[best]));
                let differs = later.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
                if differs.then(self.labels[place].cmp(&self.labels[best])).is_lt() {
                    best = place;
                }
            }
        }
        let duration = self.table.column(Field::Duration)[best];
        self.now += duration;
        self.sum -= duration;
        self.table.swap_remove(best);
        self.labels.swap_remove(best);
        self.jobs.swap_remove(best)
    }
}

impl Arena for SingleMachine {
    fn signature(&self) -> &'static Signature {
        &SINGLE_MACHINE
    }

    fn facts(&self) -> &[Facts] {
        &self.facts
    }

    fn run(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<Ran, Failure> {
        let (order, work) = self.sequence(place, candidate, scratch, relabel)?;
        Ok(Ran { objective: self.judge(place, &order)?, work })
    }
}
