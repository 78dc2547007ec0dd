//! Rules of a single machine: which job comes next; least total tardiness.
//!
//! A run is O(n²) scores. The judge counts jobs and tardiness anew from the instance.
//!
//! **Source:** Baker, Bertrand 1982 (MDD); Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025 (MDDC).

use super::{Language, SINGLE_MACHINE_SEQUENCE, Signature};
use crate::arena::LABELS;
use crate::{Arena, Candidate, Claim, Facts, Failure, JobSet, Jobs, Ran};
use ordine_base::Seed;
use ordine_construct::Scheme;
use ordine_rule_language::{Field, Scratch, Script, ScriptLimits, Table};
use std::hash::{Hash, Hasher};

/// Dispatching on one machine; least total tardiness.
pub const SINGLE_MACHINE: Signature = Signature {
    name: "single_machine",
    language: Language::Expression,
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

/// How much larger the numbers of an instance become before small differences make all distinct.
const SPREAD: i64 = 1 << 12;
/// What all times are multiplied by to see whether a rule depends on the unit of time.
const SCALE: i64 = 7;

/// Sets of single-machine instances.
#[derive(Debug)]
pub struct SingleMachine {
    signature: &'static Signature,
    jobs: Vec<Jobs>,
    facts: Vec<Facts>,
    /// Ends of the sets.
    sets: Vec<(String, std::ops::Range<usize>)>,
}

impl SingleMachine {
    /// Takes sets; classes of different sets differ.
    pub fn new(sets: Vec<JobSet>) -> Self {
        let signature = &SINGLE_MACHINE;
        let (jobs, facts, known) = (Vec::new(), Vec::new(), Vec::new());
        let mut arena = SingleMachine { signature, jobs, facts, sets: known };
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

    /// The same instances for candidates that give whole sequences.
    #[must_use]
    pub fn for_sequences(mut self) -> Self {
        self.signature = &SINGLE_MACHINE_SEQUENCE;
        self
    }

    /// The jobs of an instance.
    pub fn jobs(&self, place: usize) -> &Jobs {
        &self.jobs[place]
    }

    /// The order in which a candidate takes the jobs of an instance, and the work of that.
    ///
    /// # Errors
    /// When it takes too much work, or goes wrong.
    pub fn sequence(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
        relabel: Option<u64>,
    ) -> Result<(Vec<u32>, u64), Failure> {
        sequence(&self.jobs[place], candidate, scratch, relabel)
    }

    /// Total tardiness of an order, from the data of the instance alone.
    ///
    /// # Errors
    /// When the order misses a job, repeats one, or names one that is not there.
    pub fn judge(&self, place: usize, order: &[u32]) -> Result<i64, Failure> {
        judge(&self.jobs[place], order)
    }
}

/// The order in which a candidate takes jobs. Candidates see copies of the data, never the data.
fn sequence(
    jobs: &Jobs,
    candidate: &Candidate,
    scratch: &mut Scratch,
    relabel: Option<u64>,
) -> Result<(Vec<u32>, u64), Failure> {
    let count = jobs.durations.len();
    if let Candidate::Script(script) = candidate {
        return scripted(jobs, script, relabel);
    }
    let floats = |values: &[i64]| values.iter().map(|&it| it as f64).collect::<Vec<f64>>();
    let mut shop = Shop::open(&floats(&jobs.durations), &floats(&jobs.dues), relabel);
    let mut work = 0;
    let limit = ScriptLimits::for_jobs(count).ticks;
    let mut order = Vec::with_capacity(count);
    let mut scores = vec![vec![0.0; count]; candidate.programs().len()];
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

/// The order that a script gives; with `relabel` it sees the jobs in another order.
fn scripted(
    jobs: &Jobs,
    script: &Script,
    relabel: Option<u64>,
) -> Result<(Vec<u32>, u64), Failure> {
    let count = jobs.durations.len();
    let limits = ScriptLimits::for_jobs(count);
    let mut labels: Vec<u32> = (0..count as u32).collect();
    if let Some(seed) = relabel {
        Seed::new(seed).stream("labels").shuffle(&mut labels);
    }
    let seen = |values: &[i64]| labels.iter().map(|&job| values[job as usize]).collect::<Vec<_>>();
    let (order, work) = script.run(&seen(&jobs.durations), &seen(&jobs.dues), limits)?;
    let real = |job: i64| {
        let known = usize::try_from(job).ok().and_then(|job| labels.get(job)).copied();
        let found = || format!("expected jobs 0 to {}, found {job}", count.saturating_sub(1));
        known.ok_or_else(|| Failure::Infeasible(found()))
    };
    Ok((order.into_iter().map(real).collect::<Result<_, _>>()?, work))
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
        self.signature
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

    /// On numbers so far apart that there are no ties, a rule takes the same jobs whatever they are
    /// called; a script that does not reads what they are called.
    fn labels_matter(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
    ) -> Result<bool, Failure> {
        let Candidate::Script(_) = candidate else { return Ok(false) };
        let mut stream = Seed::new(self.facts[place].hash).stream("spread");
        let mut offsets: Vec<i64> = (0..SPREAD).collect();
        stream.shuffle(&mut offsets);
        let count = self.jobs[place].durations.len();
        let spread = |values: &[i64], offsets: &[i64]| {
            values.iter().zip(offsets).map(|(it, offset)| it * SPREAD + offset).collect()
        };
        let jobs = Jobs {
            durations: spread(&self.jobs[place].durations, &offsets),
            dues: spread(&self.jobs[place].dues, &offsets[count.min(offsets.len() / 2)..]),
            ..Jobs::default()
        };
        let plain = sequence(&jobs, candidate, scratch, None)?.0;
        Ok(plain != sequence(&jobs, candidate, scratch, Some(LABELS))?.0)
    }

    fn scale_matters(
        &self,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
    ) -> Option<bool> {
        let scaled = |values: &[i64]| values.iter().map(|it| it * SCALE).collect();
        let jobs = &self.jobs[place];
        let (durations, dues) = (scaled(&jobs.durations), scaled(&jobs.dues));
        let larger = Jobs { durations, dues, ..Jobs::default() };
        let plain = sequence(jobs, candidate, scratch, None).ok()?.0;
        Some(plain != sequence(&larger, candidate, scratch, None).ok()?.0)
    }

    fn keeps(
        &self,
        claim: Claim,
        place: usize,
        candidate: &Candidate,
        scratch: &mut Scratch,
    ) -> Option<bool> {
        let jobs = &self.jobs[place];
        let (order, _) = sequence(jobs, candidate, scratch, None).ok()?;
        judge(jobs, &order).ok()?;
        Some(claim.is_kept(jobs, &order))
    }
}
