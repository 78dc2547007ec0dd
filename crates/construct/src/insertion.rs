//! Construction over the whole model: clusters of tasks are inserted one after the other.
//!
//! Tasks that pull each other (largest gaps, blocking, spans, batches, one order of jobs) form a
//! *cluster*: a strongly connected part of the graph in which such pairs point both ways. Clusters
//! follow one another by priority as far as precedences allow. Inside a cluster, lower bounds of
//! the starts are raised until every rule holds beside what is already placed: the least fix point.
//! A rule is either a *guard* of one task (when can it start?) or a *coupling* of a cluster (who
//! must wait for whom?); each stands in a list. O(passes × tasks of the cluster × log n).
//!
//! How to add a rule: a function in the list of `fit.rs` (one task) or of `couple.rs` (a cluster),
//! and a test that the judge accepts what is built.
//!
//! **Source:** serial generation: Kolisch 1996; clusters as cycle structures: Neumann, Zhan 1995;
//! job insertion as earliest feasible insertion: Gröflin, Klinkert 2007.

mod clusters;
mod couple;
mod decisions;
mod fit;
mod machine;
mod place;
mod relations;
mod sequences;
mod slots;
mod stock;

pub use decisions::Decisions;

use crate::Timeline;
use clusters::{Clusters, Queue};
use decisions::Batches;
use machine::MachineSequence;
use ordine_base::{IdVec, Interval, Ticks, Time};
use ordine_problem::{
    Feature, ModeId, Placement, PrecedenceId, Problem, ResourceId, ResourceKind, Schedule, Status,
    TaskId, WorkTime,
};
use std::collections::BTreeMap;
use stock::StockLevels;

/// Why a task could not be inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is never room, or bounds chase each other for ever.
    NoRoom,
    /// It would start or end too late.
    TooLate,
    /// A reservoir does not hold enough, or has no room: others must come first.
    Stock,
    /// The caller wants to stop.
    Stopped,
}

/// What an insertion came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// What could be placed.
    pub schedule: Schedule,
    /// Tasks that could not be placed, ascending, each with the reason of its cluster.
    pub refused: Vec<(TaskId, Refusal)>,
    /// How far the schedule misses what insertion cannot aim at: choices among tasks, relations of
    /// modes, consumables, least usages; 0 when it keeps them all.
    pub shortage: u64,
    /// Tasks placed, repetitions included.
    pub work: u64,
}

impl Built {
    /// Whether every rule is kept.
    pub fn is_complete(&self) -> bool {
        self.refused.is_empty() && self.shortage == 0
    }
}

/// Where a placed task stands, and how long it keeps its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Record {
    mode: ModeId,
    start: Time,
    end: Time,
    /// When it gives its resources back.
    release: Time,
    /// Until when it then waits in a buffer.
    buffer_until: Time,
}

/// Clusters that one which waits for a stock is tried together with.
const PARTNERS_MAX: usize = 16;

/// Inserts clusters of tasks; keeps its memory from one schedule to the next.
#[derive(Clone, Debug)]
pub struct Insertion<'a> {
    problem: &'a Problem,
    /// Working time by mode; empty when there are no calendars.
    work_times: Vec<WorkTime<'a>>,
    machines: IdVec<ResourceId, Option<MachineSequence<'a>>>,
    timelines: IdVec<ResourceId, Option<Timeline>>,
    stocks: IdVec<ResourceId, Option<StockLevels>>,
    /// Machines on which tasks are only appended.
    appended: IdVec<ResourceId, bool>,
    /// Transfers of held tasks by time, from machine to machine, where swaps are forbidden.
    transfers: BTreeMap<Time, Vec<(ResourceId, ResourceId)>>,
    records: IdVec<TaskId, Option<Record>>,
    bounds: IdVec<TaskId, Time>,
    limit: Time,
    /// Soft precedences by the task that they enter.
    wishes: BTreeMap<TaskId, Vec<PrecedenceId>>,
    plain_clusters: Clusters,
    batches: Batches,
    /// Whether levels of stocks are judged only when all tasks of an insertion stand.
    is_joint: bool,
    /// About where long chains that hold have found room lately.
    frontier: Time,
    work: u64,
}

impl<'a> Insertion<'a> {
    /// For schedules of `problem`.
    pub fn new(problem: &'a Problem) -> Self {
        let count = problem.tasks().len();
        let has_calendars = problem.features().has(Feature::Calendars);
        let work_times = match has_calendars {
            true => problem.tasks().flat_map(|task| problem.modes(task)).collect(),
            false => Vec::new(),
        };
        let mut appended = IdVec::filled(problem.resources().len(), false);
        for sequence in problem.same_sequences() {
            sequence.machines.iter().for_each(|&machine| appended[machine] = true);
        }
        let machine = |id: ResourceId| {
            problem.resource(id).is_machine().then(|| MachineSequence::new(problem, id))
        };
        let stock = |id: ResourceId| match problem.resource(id).kind {
            ResourceKind::Reservoir(stock) => Some(StockLevels::new(stock)),
            _ => None,
        };
        let batches = Batches::none(problem);
        let mut insertion = Insertion {
            problem,
            work_times: work_times.into_iter().map(|mode| WorkTime::of(problem, mode)).collect(),
            machines: problem.resources().map(machine).collect(),
            timelines: problem.resources().map(|id| timeline(problem, id)).collect(),
            stocks: problem.resources().map(stock).collect(),
            appended,
            transfers: BTreeMap::new(),
            records: IdVec::filled(count, None),
            bounds: IdVec::filled(count, Time::ORIGIN),
            wishes: wishes(problem),
            limit: Time::new(problem.horizon().get().saturating_mul(2) + 1),
            plain_clusters: Clusters::new(problem, &batches),
            batches,
            is_joint: false,
            frontier: Time::ORIGIN,
            work: 0,
        };
        insertion.clear();
        insertion
    }

    /// Takes everything back.
    fn clear(&mut self) {
        self.machines.values_mut().flatten().for_each(MachineSequence::clear);
        self.stocks.values_mut().flatten().for_each(StockLevels::clear);
        for (id, timeline) in self.problem.resources().zip(self.timelines.values_mut()) {
            if let Some(timeline) = timeline {
                timeline.clear();
                reserve_profile(self.problem, id, timeline);
            }
        }
        self.transfers.clear();
        self.frontier = Time::ORIGIN;
        self.records.fill(None);
        self.work = 0;
    }

    /// Builds the schedule of these decisions; what cannot be placed is left out.
    pub fn build(&mut self, decisions: &Decisions, should_stop: &mut dyn FnMut() -> bool) -> Built {
        self.clear();
        self.batches = Batches::of(self.problem, decisions);
        let own;
        let clusters = match self.batches.is_empty() {
            true => {
                own = std::mem::take(&mut self.plain_clusters);
                &own
            }
            false => {
                own = Clusters::new(self.problem, &self.batches);
                &own
            }
        };
        let refused = self.insert_all(clusters, decisions, should_stop);
        if self.batches.is_empty() {
            self.plain_clusters = own;
        }
        let schedule = self.to_schedule();
        let shortage = decisions.shortage(self.problem, &schedule);
        Built { schedule, refused, shortage, work: self.work }
    }

    fn to_schedule(&self) -> Schedule {
        let placement = |record: &Option<Record>| {
            record.map(|it| Placement { mode: it.mode, start: it.start, end: it.end })
        };
        Schedule::from_placements(self.records.values().map(placement))
    }

    /// Inserts clusters by priority; those that wait for a stock are tried again after each other,
    /// and together when none fits alone.
    fn insert_all(
        &mut self,
        clusters: &Clusters,
        decisions: &Decisions,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Vec<(TaskId, Refusal)> {
        self.keep_history(decisions);
        let mut queue = clusters.queue(self.problem, decisions);
        let mut refused = Vec::new();
        let mut waiting: Vec<usize> = Vec::new();
        let mut members = Vec::new();
        // What joint insertions may cost, in tasks placed.
        let mut allowed = 256 + 4 * self.problem.tasks().len() as u64;
        loop {
            if should_stop() {
                break;
            }
            let Some(cluster) = queue.pop() else {
                if self.insert_waiting(clusters, &mut queue, &mut waiting, decisions, &mut allowed)
                {
                    continue;
                }
                break;
            };
            clusters.members(cluster, self.problem, decisions, &mut members);
            members.retain(|&task| self.records[task].is_none());
            // What is settled cannot give way.
            members.sort_by_key(|&task| {
                let status = self.problem.task(task).status;
                (!status.is_done(), status.settled().is_none())
            });
            match self.insert(&members, decisions) {
                Ok(()) => {
                    queue.release(clusters, cluster);
                    if members.iter().any(|&task| self.changes_stock(task)) {
                        waiting.drain(..).for_each(|again| queue.push(again));
                    }
                }
                Err(Refusal::Stock) => waiting.push(cluster),
                Err(reason) => refused.extend(members.iter().map(|&task| (task, reason))),
            }
        }
        self.note_unplaced(decisions, &mut refused);
        refused
    }

    fn note_unplaced(&self, decisions: &Decisions, refused: &mut Vec<(TaskId, Refusal)>) {
        let mut known = IdVec::filled(self.problem.tasks().len(), false);
        refused.iter().for_each(|it| known[it.0] = true);
        for task in self.problem.tasks() {
            let unplaced = self.records[task].is_none() && decisions.is_present(task);
            if unplaced && !known[task] {
                refused.push((task, Refusal::Stock));
            }
        }
        refused.sort_unstable_by_key(|it| it.0);
    }

    /// Inserts a waiting cluster together with others that change its stocks: those that wait too,
    /// and those that follow it at once. Whether some went in; then the rest is tried again.
    fn insert_waiting(
        &mut self,
        clusters: &Clusters,
        queue: &mut Queue,
        waiting: &mut Vec<usize>,
        decisions: &Decisions,
        allowed: &mut u64,
    ) -> bool {
        for place in 0..waiting.len() {
            let first = waiting[place];
            let followers = queue.followers(clusters, first);
            let others = followers.into_iter().chain(waiting[..place].iter().copied());
            let others = others.chain(waiting[place + 1..].iter().copied());
            let others: Vec<usize> = others.take(PARTNERS_MAX).collect();
            let pairs = others.iter().map(|&other| vec![first, other]);
            let all = (others.len() > 1).then(|| [&[first], &others[..]].concat());
            for group in pairs.chain(all) {
                let before = self.work;
                let inserted = self.insert_group(clusters, &group, decisions);
                if inserted {
                    queue.take(clusters, &group);
                    waiting.retain(|cluster| !group.contains(cluster));
                    waiting.drain(..).for_each(|again| queue.push(again));
                    return true;
                }
                *allowed = allowed.saturating_sub((self.work - before).max(1));
                if *allowed == 0 {
                    return false;
                }
            }
        }
        false
    }

    fn insert_group(
        &mut self,
        clusters: &Clusters,
        group: &[usize],
        decisions: &Decisions,
    ) -> bool {
        let (mut all, mut members) = (Vec::new(), Vec::new());
        for &cluster in group {
            clusters.members(cluster, self.problem, decisions, &mut members);
            all.extend(members.drain(..).filter(|&task| self.records[task].is_none()));
        }
        self.insert_jointly(&all, decisions).is_ok()
    }

    fn changes_stock(&self, task: TaskId) -> bool {
        self.records[task].is_some_and(|it| !self.problem.stock_changes(it.mode).is_empty())
    }

    /// Working time of a mode, where calendars bind it.
    fn work_time(&self, mode: ModeId) -> Option<&WorkTime<'a>> {
        use ordine_base::Id;
        self.work_times.get(mode.index()).filter(|work| !work.is_free())
    }

    /// Work of a task in a mode: its duration, or that of its whole batch.
    fn work(&self, task: TaskId, mode: ModeId) -> Ticks {
        self.batches.work(task).unwrap_or(match self.problem.task(task).status {
            Status::Running { remaining, .. } => remaining,
            _ => self.problem.mode(mode).duration,
        })
    }
}

fn wishes(problem: &Problem) -> BTreeMap<TaskId, Vec<PrecedenceId>> {
    let mut wishes: BTreeMap<TaskId, Vec<PrecedenceId>> = BTreeMap::new();
    for (id, precedence) in problem.precedences().iter() {
        if precedence.penalty.is_some() {
            wishes.entry(precedence.after).or_default().push(id);
        }
    }
    wishes
}

/// The timeline of a renewable, or `None` for other resources.
fn timeline(problem: &Problem, id: ResourceId) -> Option<Timeline> {
    let resource = problem.resource(id);
    matches!(resource.kind, ResourceKind::Renewable(_)).then(|| Timeline::new(resource.capacity()))
}

/// What a profile takes away from the largest capacity is reserved for good.
fn reserve_profile(problem: &Problem, id: ResourceId, timeline: &mut Timeline) {
    let resource = problem.resource(id);
    let Some(profile) = &resource.capacity_profile else { return };
    let most = resource.capacity();
    let far = Time::new(Time::MAX.get() * 4);
    let mut from = Time::new(-far.get());
    let steps = profile.steps().iter();
    for until in steps.map(|step| step.0).chain([far]) {
        let missing = most.get() - profile.value(from).min(most.get());
        timeline.reserve(Interval::new(from, until), ordine_base::Demand::new(missing));
        from = until;
    }
}
