//! Tiny instances of every class of the library, drawn from a seed.
//!
//! At most six tasks with durations of 1 to 4, so that all schedules can be tried.
//!
//! **Source:** -

use anyhow::{Result, anyhow};
use ordine_base::{Demand, Stream, Ticks, Time};
use ordine_problem::{
    Job, ModeRelation, ModeRelationKind, Point, Precedence, PrecedenceKind, Problem,
    ProblemBuilder, ResourceId, SameSequence, Stock, StockChange, TaskId,
};
use ordine_shop::{operators, setups, variants};

/// A class with how its instances are drawn.
pub(super) struct TinyClass {
    /// Name of the class of the library, or of what it varies.
    pub(super) name: &'static str,
    pub(super) draw: fn(&mut Stream) -> Result<Problem>,
    /// Whether PyJobShop is a peer on it.
    pub(super) in_pyjobshop: bool,
}

const fn class(name: &'static str, draw: fn(&mut Stream) -> Result<Problem>) -> TinyClass {
    TinyClass { name, draw, in_pyjobshop: false }
}

const fn both(name: &'static str, draw: fn(&mut Stream) -> Result<Problem>) -> TinyClass {
    TinyClass { name, draw, in_pyjobshop: true }
}

/// Every class.
pub(super) const CLASSES: [TinyClass; 24] = [
    class("distributed-flowshop", distributed),
    both("fjsp", |stream| flexible(stream, false)),
    both("fjsp-workers", |stream| flexible(stream, true)),
    class("flowshop", |stream| flow(stream, "", "makespan")),
    class("flowshop-no-wait", |stream| flow(stream, "no-wait", "makespan")),
    class("flowshop-permutation", |stream| flow(stream, "permutation", "makespan")),
    class("flowshop-permutation-flow-time", |it| flow(it, "permutation", "total-flow-time")),
    class("flowshop-setup", flow_with_setups),
    class("flowshop-tardiness", |stream| flow(stream, "permutation", "total-tardiness")),
    class("hybrid-flowshop", hybrid),
    both("jobshop", |stream| job_shop(stream, "")),
    class("jobshop-blocking", |stream| job_shop(stream, "blocking")),
    class("jobshop-blocking-no-swap", |stream| job_shop(stream, "blocking-no-swap")),
    class("jobshop-no-wait", |stream| job_shop(stream, "no-wait")),
    class("jobshop-operators", job_shop_with_operators),
    class("jobshop-setup", job_shop_with_setups),
    both("mmrcpsp", multi_mode),
    class("openshop", open),
    class("parallel-machines", parallel),
    both("rcpsp", |stream| project(stream, false)),
    class("rcpsp-cpr", reservoirs),
    class("rcpsp-max", |stream| project(stream, true)),
    class("single-machine-tardiness", |stream| single(stream, "weighted-tardiness")),
    class("single-machine-tardiness-equal-weights", |stream| single(stream, "total-tardiness")),
];

/// A number from 1 to `most`.
fn number(stream: &mut Stream, most: usize) -> i64 {
    1 + stream.below(most) as i64
}

/// Machines, one unit each, and a duration.
type DrawnMode = (Vec<usize>, i64);

/// A shop while it is built: its tasks job by job.
struct Shop {
    builder: ProblemBuilder,
    machines: Vec<ResourceId>,
    jobs: Vec<Vec<TaskId>>,
}

impl Shop {
    fn new(machines: usize) -> Self {
        let mut builder = ProblemBuilder::new("tiny");
        let machines = (0..machines).map(|it| builder.machine(format!("m{it}"))).collect();
        Shop { builder, machines, jobs: Vec::new() }
    }

    /// Adds a job with its tasks, each with its modes.
    fn job(&mut self, job: Job, tasks: &[Vec<DrawnMode>], chained: bool) -> Result<()> {
        let number = self.jobs.len();
        let job = self.builder.job(job)?;
        let mut placed = Vec::new();
        for (place, modes) in tasks.iter().enumerate() {
            let task = self.builder.task(format!("j{number}.{place}"), Some(job))?;
            for (machines, duration) in modes {
                let needs = machines.iter().map(|&it| (self.machines[it], Demand::ONE));
                self.builder.mode(task, Ticks::new(*duration), &needs.collect::<Vec<_>>())?;
            }
            if let Some(&before) = placed.last().filter(|_| chained) {
                self.builder.precedence(Precedence::end_to_start(before, task))?;
            }
            placed.push(task);
        }
        self.jobs.push(placed);
        Ok(())
    }

    fn seal(self) -> Result<Problem> {
        Ok(self.builder.seal()?)
    }
}

fn named(number: usize) -> Job {
    Job::named(format!("j{number}"))
}

fn varied(problem: Problem, variant: &str) -> Result<Problem> {
    match variant {
        "" => Ok(problem),
        _ => Ok(variants::apply(&problem, variant)?),
    }
}

/// Three jobs on two machines, each in an order of its own.
fn job_shop(stream: &mut Stream, variant: &str) -> Result<Problem> {
    let mut shop = Shop::new(2);
    for job in 0..3 {
        let mut order = [0, 1];
        stream.shuffle(&mut order);
        let tasks = order.map(|machine| vec![(vec![machine], number(stream, 4))]);
        shop.job(named(job), &tasks, true)?;
    }
    varied(shop.seal()?, variant)
}

fn job_shop_with_operators(stream: &mut Stream) -> Result<Problem> {
    let mut shop = Shop::new(3);
    for job in 0..3 {
        let mut order = [0, 1, 2];
        stream.shuffle(&mut order);
        let tasks = [order[0], order[1]].map(|machine| vec![(vec![machine], number(stream, 3))]);
        shop.job(named(job), &tasks, true)?;
    }
    Ok(operators(&shop.seal()?, Demand::new(number(stream, 2)))?)
}

fn matrices(stream: &mut Stream, machines: usize, jobs: usize) -> Vec<Vec<Ticks>> {
    let mut matrix = || (0..jobs * jobs).map(|_| Ticks::new(number(stream, 4) - 1)).collect();
    (0..machines).map(|_| matrix()).collect()
}

fn job_shop_with_setups(stream: &mut Stream) -> Result<Problem> {
    let plain = job_shop(stream, "")?;
    Ok(setups::with(&plain, &matrices(stream, 2, 3))?)
}

/// Three jobs that visit two machines in one order.
fn flow(stream: &mut Stream, variant: &str, objective: &str) -> Result<Problem> {
    let mut shop = Shop::new(2);
    for job in 0..3 {
        let tasks = [0, 1].map(|machine| vec![(vec![machine], number(stream, 4))]);
        let due = Some(Time::new(number(stream, 12)));
        shop.job(Job { due, ..named(job) }, &tasks, true)?;
    }
    shop.builder.objective(objective.parse()?);
    varied(shop.seal()?, variant)
}

fn flow_with_setups(stream: &mut Stream) -> Result<Problem> {
    let plain = flow(stream, "permutation", "makespan")?;
    Ok(setups::with(&plain, &matrices(stream, 2, 3))?)
}

/// Three jobs in two stages, the first or the second of two machines.
fn hybrid(stream: &mut Stream) -> Result<Problem> {
    let mut shop = Shop::new(3);
    let stages = if stream.chance(0.5) { [vec![0, 1], vec![2]] } else { [vec![0], vec![1, 2]] };
    for job in 0..3 {
        let tasks = [0, 1].map(|stage: usize| {
            let duration = number(stream, 3);
            stages[stage].iter().map(|&machine| (vec![machine], duration)).collect::<Vec<_>>()
        });
        shop.job(named(job), &tasks, true)?;
    }
    shop.seal()
}

/// Three jobs in one of two factories, each a permutation flow shop of two machines.
fn distributed(stream: &mut Stream) -> Result<Problem> {
    let mut shop = Shop::new(4);
    for job in 0..3 {
        let tasks = [0, 1].map(|machine| {
            let duration = number(stream, 4);
            vec![(vec![machine], duration), (vec![2 + machine], duration)]
        });
        shop.job(named(job), &tasks, true)?;
        let tasks = &shop.jobs[job];
        let (first, second, kind) = (tasks[0], tasks[1], ModeRelationKind::SameMode);
        shop.builder.relate_modes(ModeRelation { first, second, kind });
    }
    for machines in shop.machines.clone().chunks(2) {
        shop.builder.same_sequence(SameSequence { machines: machines.to_vec() });
    }
    shop.seal()
}

/// Five tasks of three jobs, each on one or two of two machines, with a worker or without.
fn flexible(stream: &mut Stream, with_workers: bool) -> Result<Problem> {
    let mut shop = Shop::new(if with_workers { 4 } else { 2 });
    for job in 0..3 {
        let count = if job == 2 { 1 } else { 2 };
        let mut tasks = Vec::new();
        for _ in 0..count {
            let mut machines = vec![0, 1];
            stream.shuffle(&mut machines);
            machines.truncate(1 + stream.below(2));
            let mut modes = Vec::new();
            for machine in machines {
                if with_workers {
                    modes.push((vec![machine, 2 + stream.below(2)], number(stream, 4)));
                } else {
                    modes.push((vec![machine], number(stream, 4)));
                }
            }
            tasks.push(modes);
        }
        shop.job(named(job), &tasks, true)?;
    }
    shop.seal()
}

/// Two or three jobs on two machines in any order, one task of a job at a time.
fn open(stream: &mut Stream) -> Result<Problem> {
    let jobs = 2 + stream.below(2);
    let mut shop = Shop::new(2 + jobs);
    for job in 0..jobs {
        let tasks = [0, 1].map(|machine| vec![(vec![machine, 2 + job], number(stream, 4))]);
        shop.job(named(job), &tasks, false)?;
    }
    shop.seal()
}

/// Five jobs on one of two machines, as long as they take there.
fn parallel(stream: &mut Stream) -> Result<Problem> {
    let mut shop = Shop::new(2);
    for job in 0..5 {
        let modes = [0, 1].map(|machine| (vec![machine], number(stream, 4)));
        shop.job(named(job), &[modes.to_vec()], true)?;
    }
    shop.seal()
}

/// Five jobs on one machine with weights and due times.
fn single(stream: &mut Stream, objective: &str) -> Result<Problem> {
    let mut shop = Shop::new(1);
    for job in 0..5 {
        let (weight, due) = (number(stream, 5), Some(Time::new(number(stream, 12))));
        let tasks = [vec![(vec![0], number(stream, 4))]];
        shop.job(Job { weight, due, ..named(job) }, &tasks, true)?;
    }
    shop.builder.objective(objective.parse()?);
    shop.seal()
}

/// Order of later after earlier tasks, at random.
fn ordered(
    stream: &mut Stream,
    builder: &mut ProblemBuilder,
    tasks: &[TaskId],
    probability: f64,
) -> Result<()> {
    for (place, &after) in tasks.iter().enumerate() {
        for &before in &tasks[..place] {
            if stream.chance(probability) {
                builder.precedence(Precedence::end_to_start(before, after))?;
            }
        }
    }
    Ok(())
}

/// Five tasks on two renewables; with lags of all kinds, some of them at most.
fn project(stream: &mut Stream, lags: bool) -> Result<Problem> {
    let mut builder = ProblemBuilder::new("tiny");
    let resources =
        [builder.renewable("r0", Demand::new(3))?, builder.renewable("r1", Demand::new(2))?];
    let mut tasks = Vec::new();
    for place in 0..if lags { 4 } else { 5 } {
        let task = builder.task(format!("t{place}"), None)?;
        let demands = [Demand::new(number(stream, 3)), Demand::new(number(stream, 2))];
        let needs: Vec<_> = resources.into_iter().zip(demands).collect();
        let needs = &needs[..1 + stream.below(2)];
        builder.mode(task, Ticks::new(number(stream, 3)), needs)?;
        tasks.push(task);
    }
    if !lags {
        ordered(stream, &mut builder, &tasks, 0.3)?;
    }
    for (place, &after) in tasks.iter().enumerate().filter(|_| lags) {
        for &before in &tasks[..place] {
            if !stream.chance(0.5) {
                continue;
            }
            let kind = [PrecedenceKind::EndToStart, PrecedenceKind::StartToStart][stream.below(2)];
            let lag = number(stream, 5) - 3;
            let mut rule = Precedence::end_to_start(before, after).with_kind(kind);
            rule = rule.with_lag(Ticks::new(lag));
            if stream.chance(0.5) {
                rule = rule.with_lag_max(Ticks::new(lag + number(stream, 3) - 1));
            }
            builder.precedence(rule)?;
        }
    }
    Ok(builder.seal()?)
}

/// Four tasks of one or two modes on a renewable and two consumables.
fn multi_mode(stream: &mut Stream) -> Result<Problem> {
    let mut builder = ProblemBuilder::new("tiny");
    let workers = builder.renewable("r0", Demand::new(3))?;
    let stores =
        [builder.consumable("c0", Demand::new(7))?, builder.consumable("c1", Demand::new(6))?];
    let mut tasks = Vec::new();
    for place in 0..4 {
        let task = builder.task(format!("t{place}"), None)?;
        for _ in 0..1 + stream.below(2) {
            let mut needs = vec![(workers, Demand::new(number(stream, 3)))];
            for store in stores.into_iter().filter(|_| stream.chance(0.6)).collect::<Vec<_>>() {
                needs.push((store, Demand::new(number(stream, 3))));
            }
            builder.mode(task, Ticks::new(number(stream, 3)), &needs)?;
        }
        tasks.push(task);
    }
    ordered(stream, &mut builder, &tasks, 0.25)?;
    Ok(builder.seal()?)
}

/// Five tasks that take out of two reservoirs when they start and put in when they end.
fn reservoirs(stream: &mut Stream) -> Result<Problem> {
    let mut builder = ProblemBuilder::new("tiny");
    let workers = builder.renewable("r0", Demand::new(3))?;
    let mut stores = Vec::new();
    for name in ["s0", "s1"] {
        let (initial, most) = (number(stream, 4), 5 + number(stream, 4));
        stores.push(builder.reservoir(name, Stock { initial, least: 0, most })?);
    }
    let mut tasks = Vec::new();
    for place in 0..5 {
        let task = builder.task(format!("t{place}"), None)?;
        let mut changes = Vec::new();
        for &reservoir in &stores {
            if stream.chance(0.6) {
                let (amount, at) = (-number(stream, 2), Point::Start);
                changes.push(StockChange { reservoir, amount, at });
            }
            if stream.chance(0.6) {
                let (amount, at) = (number(stream, 3), Point::End);
                changes.push(StockChange { reservoir, amount, at });
            }
        }
        let needs = [(workers, Demand::new(number(stream, 3)))];
        builder.mode_with(task, Ticks::new(number(stream, 3)), &needs, &changes)?;
        tasks.push(task);
    }
    ordered(stream, &mut builder, &tasks, 0.15)?;
    Ok(builder.seal()?)
}

/// The instance of a class with this number.
///
/// # Errors
/// When the draw makes no problem, which would be a mistake of the class.
pub(super) fn instance(class: &TinyClass, index: u64) -> Result<Problem> {
    let seed = ordine_base::Seed::new(20_260_101).child(index);
    (class.draw)(&mut seed.stream(class.name))
        .map_err(|error| anyhow!("class {}, instance {index}: {error:#}", class.name))
}
