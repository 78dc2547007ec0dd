//! Serial generation: tasks by an order of their own, each at its first fit.
//!
//! What the method sees is a choice: a method that does not see downtime places tasks in it. Nobody
//! here sees deadlines except as an order. O(n²) per task in the worst case.
//!
//! **Source:** Kolisch 1996 (serial schedule generation).

use super::instance::BenchInstance;
use ordine_base::{Seed, Stream};

/// Kinds of constraints that placing respects; precedences always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sees {
    /// Capacities.
    pub capacity: bool,
    /// Downtime.
    pub downtime: bool,
    /// Releases.
    pub releases: bool,
    /// Disjunctive pairs.
    pub pairs: bool,
}

impl Sees {
    /// Everything.
    pub const ALL: Sees = Sees { capacity: true, downtime: true, releases: true, pairs: true };
    /// Precedences and capacities.
    pub const CAPACITY: Sees =
        Sees { capacity: true, downtime: false, releases: false, pairs: false };
    /// Precedences.
    pub const PRECEDENCE: Sees =
        Sees { capacity: false, downtime: false, releases: false, pairs: false };
}

/// Which eligible task goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order<'a> {
    /// By number.
    Number,
    /// By deadline.
    Deadline,
    /// By these keys, smallest first.
    Keys(&'a [u64]),
}

/// A schedule by serial generation.
pub fn serial(instance: &BenchInstance, order: Order<'_>, sees: Sees) -> Vec<i64> {
    let mut builder = Builder::new(instance, sees);
    let key = |task: usize| match order {
        Order::Number => 0,
        Order::Deadline => instance.tasks[task].deadline as u64,
        Order::Keys(keys) => keys[task],
    };
    while let Some(task) = builder.eligible().min_by_key(|&task| (key(task), task)) {
        builder.place(task);
    }
    builder.starts.into_iter().map(|start| start.unwrap_or(0)).collect()
}

/// Random orders around the deadlines, the first of which is the order of the deadlines; ends with
/// the first schedule that meets them all, or gives the one that misses fewest.
pub fn restarts(instance: &BenchInstance, count: usize, seed: Seed) -> Vec<i64> {
    let mut stream = seed.stream("restarts");
    let mut best: Option<(usize, Vec<i64>)> = None;
    for index in 0..count.max(1) {
        let keys = keys(instance, index, &mut stream);
        let starts = serial(instance, Order::Keys(&keys), Sees::ALL);
        let tasks = instance.tasks.iter().zip(&starts);
        let late = tasks.filter(|(task, start)| **start + task.duration > task.deadline).count();
        if best.as_ref().is_none_or(|(least, _)| late < *least) {
            best = Some((late, starts));
        }
        if late == 0 {
            break;
        }
    }
    best.map(|(_, starts)| starts).unwrap_or_default()
}

fn keys(instance: &BenchInstance, index: usize, stream: &mut Stream) -> Vec<u64> {
    let reach = if index == 0 { 1 } else { 24 };
    let tasks = instance.tasks.iter();
    tasks.map(|task| task.deadline as u64 + stream.below(reach) as u64).collect()
}

struct Builder<'a> {
    instance: &'a BenchInstance,
    sees: Sees,
    predecessors: Vec<Vec<usize>>,
    partners: Vec<Vec<usize>>,
    starts: Vec<Option<i64>>,
}

impl<'a> Builder<'a> {
    fn new(instance: &'a BenchInstance, sees: Sees) -> Self {
        let count = instance.tasks.len();
        let mut predecessors = vec![Vec::new(); count];
        for (before, after) in instance.placed(&instance.precedence) {
            predecessors[after].push(before);
        }
        let mut partners = vec![Vec::new(); count];
        for (one, other) in instance.placed(&instance.disjoint) {
            partners[one].push(other);
            partners[other].push(one);
        }
        Builder { instance, sees, predecessors, partners, starts: vec![None; count] }
    }

    fn end(&self, task: usize) -> Option<i64> {
        Some(self.starts[task]? + self.instance.tasks[task].duration)
    }

    /// Tasks that are not placed while all that come before them are.
    fn eligible(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.starts.len()).filter(|&task| {
            let ready = |&before: &usize| self.starts[before].is_some();
            self.starts[task].is_none() && self.predecessors[task].iter().all(ready)
        })
    }

    fn place(&mut self, task: usize) {
        let data = &self.instance.tasks[task];
        let release = if self.sees.releases { data.release } else { 0 };
        let ends = self.predecessors[task].iter().filter_map(|&before| self.end(before));
        let mut start = ends.fold(release, i64::max);
        // Each pass moves past something that is in the way, so that passes are finite.
        while let Some(next) = self.in_the_way(task, start) {
            start = next;
        }
        self.starts[task] = Some(start);
    }

    /// If something is in the way of this start, the first time after it.
    fn in_the_way(&self, task: usize, start: i64) -> Option<i64> {
        let end = start + self.instance.tasks[task].duration;
        let overlapping = |&other: &usize| {
            let begin = self.starts[other]?;
            self.end(other).filter(|&until| begin < end && start < until)
        };
        if self.sees.pairs
            && let Some(until) = self.partners[task].iter().find_map(overlapping)
        {
            return Some(until);
        }
        let demands = self.instance.tasks[task].demand.iter().enumerate();
        let mut needed = demands.filter(|(_, demand)| **demand > 0);
        needed.find_map(|(resource, &demand)| self.blocked(resource, demand, start, end))
    }

    fn blocked(&self, resource: usize, demand: i64, start: i64, end: i64) -> Option<i64> {
        let data = &self.instance.resources[resource];
        let mut down = data.down.iter().filter(|it| it[0] < end && start < it[1]);
        if self.sees.downtime
            && let Some(down) = down.next()
        {
            return Some(down[1]);
        }
        if !self.sees.capacity {
            return None;
        }
        let users: Vec<(i64, i64, i64)> = (0..self.starts.len())
            .filter_map(|other| {
                let need = self.instance.tasks[other].demand[resource];
                let (begin, until) = (self.starts[other]?, self.end(other)?);
                (need > 0 && begin < end && start < until).then_some((begin, until, need))
            })
            .collect();
        // Usage grows only where a task starts.
        let instants = users.iter().map(|user| user.0).filter(|&it| it > start);
        for instant in std::iter::once(start).chain(instants) {
            let running = || users.iter().filter(|user| user.0 <= instant && instant < user.1);
            let usage: i64 = running().map(|user| user.2).sum();
            if usage + demand > data.capacity {
                // A task that demands more than there is waits for nothing.
                return running().map(|user| user.1).min();
            }
        }
        None
    }
}
