//! Couplings: who of a cluster must wait for whom, once all of it stands.
//!
//! Each looks at the placed tasks of a cluster and asks for later starts; when none does, the
//! cluster is done.
//!
//! **Source:** decision record 0004.

use super::place::Raise;
use super::stock::StockLevels;
use super::{Insertion, Record, Refusal};
use ordine_base::{Ticks, Time};
use ordine_problem::{Link, Point, ResourceId, TaskId};
use std::collections::{BTreeMap, BTreeSet};

/// The tasks that are being inserted together.
pub(super) struct Cluster<'a> {
    pub(super) members: &'a [TaskId],
    sorted: Vec<TaskId>,
}

impl<'a> Cluster<'a> {
    pub(super) fn new(members: &'a [TaskId]) -> Self {
        let mut sorted = members.to_vec();
        sorted.sort_unstable();
        Cluster { members, sorted }
    }

    fn has(&self, task: TaskId) -> bool {
        self.sorted.binary_search(&task).is_ok()
    }
}

pub(super) type Coupling = fn(&Insertion<'_>, &Cluster<'_>, &mut Vec<Raise>) -> Result<(), Refusal>;

/// All couplings, in the order of being asked.
pub(super) const COUPLINGS: [Coupling; 5] = [gaps, holds, batches, swaps, stocks];

fn placed(insertion: &Insertion<'_>, task: TaskId) -> Option<Record> {
    insertion.records[task]
}

fn is_done(insertion: &Insertion<'_>, task: TaskId) -> bool {
    insertion.problem.task(task).status.is_done()
}

/// Least and largest gaps of precedences.
fn gaps(
    insertion: &Insertion<'_>,
    cluster: &Cluster<'_>,
    raises: &mut Vec<Raise>,
) -> Result<(), Refusal> {
    let problem = insertion.problem;
    for &task in cluster.members {
        let Some(own) = placed(insertion, task) else { continue };
        for link in problem.predecessors(task) {
            let Some(other) = placed(insertion, link.task) else { continue };
            if is_done(insertion, task) && is_done(insertion, link.task) {
                continue;
            }
            let gap = gap(link, other, own);
            if gap < link.lag {
                raises.push((task, own.start + (link.lag - gap)));
            }
            let Some(beyond) = link.lag_max.map(|most| gap - most) else { continue };
            if beyond > Ticks::ZERO {
                if !cluster.has(link.task) {
                    return Err(Refusal::TooLate);
                }
                raises.push((link.task, other.start + beyond));
            }
        }
        for link in problem.successors(task).iter().filter(|link| !cluster.has(link.task)) {
            let Some(other) = placed(insertion, link.task) else { continue };
            if is_done(insertion, task) && is_done(insertion, link.task) {
                continue;
            }
            let gap = gap(link, own, other);
            if gap < link.lag {
                return Err(Refusal::TooLate);
            }
            // What is done was placed before its cluster, and pulls the rest of it.
            if let Some(beyond) = link.lag_max.map(|most| gap - most)
                && beyond > Ticks::ZERO
            {
                raises.push((task, own.start + beyond));
            }
        }
    }
    Ok(())
}

/// From the point of the earlier task to that of the later one.
fn gap(link: &Link, before: Record, after: Record) -> Ticks {
    let from = if link.kind.leaves_end() { before.end } else { before.start };
    let to = if link.kind.enters_start() { after.start } else { after.end };
    to - from
}

/// A task was given room for as long as it really keeps its resources.
fn holds(
    insertion: &Insertion<'_>,
    cluster: &Cluster<'_>,
    raises: &mut Vec<Raise>,
) -> Result<(), Refusal> {
    for &task in cluster.members {
        let Some(hold) = insertion.problem.hold_of(task) else { continue };
        let Some(own) = placed(insertion, task) else { continue };
        let Some(until) = placed(insertion, hold.until) else { continue };
        if own.buffer_until != until.start.max(own.end) {
            raises.push((hold.until, until.start));
        }
    }
    Ok(())
}

/// The tasks of a batch start and end together.
fn batches(
    insertion: &Insertion<'_>,
    cluster: &Cluster<'_>,
    raises: &mut Vec<Raise>,
) -> Result<(), Refusal> {
    for &task in cluster.members {
        let Some(group) = insertion.batches.group(task) else { continue };
        let Some(own) = placed(insertion, task) else { continue };
        let records = group.iter().filter_map(|&other| placed(insertion, other));
        let Some(latest) = records.clone().max_by_key(|it| (it.start, it.end)) else { continue };
        if own.start < latest.start {
            raises.push((task, latest.start));
        } else if own.end != latest.end {
            return Err(Refusal::NoRoom);
        }
    }
    Ok(())
}

/// In a joint insertion, who takes too much waits for the next one that fills, and who fills too
/// much for the next one that takes: the last of those that can.
fn stocks(
    insertion: &Insertion<'_>,
    cluster: &Cluster<'_>,
    raises: &mut Vec<Raise>,
) -> Result<(), Refusal> {
    // What already must wait moves the levels.
    if !insertion.is_joint || !raises.is_empty() {
        return Ok(());
    }
    let problem = insertion.problem;
    for (reservoir, levels) in insertion.stocks.iter() {
        let Some(breach) = levels.as_ref().and_then(StockLevels::breach) else { continue };
        let relief = breach.relief.ok_or(Refusal::Stock)?;
        let causes = |task: TaskId| {
            let own = placed(insertion, task)?;
            let changes = problem.stock_changes(own.mode).iter();
            let harmful = changes.filter(|change| {
                change.reservoir == reservoir && (change.amount < 0) == breach.is_low
            });
            let times = harmful.map(|change| match change.at {
                Point::Start => own.start,
                Point::End => own.end,
            });
            let latest = times.filter(|time| *time <= breach.time).max()?;
            Some((task, own.start + (relief - latest)))
        };
        let is_free = |task: &TaskId| problem.task(*task).status.settled().is_none();
        let mut members = cluster.members.iter().rev().copied().filter(is_free);
        raises.push(members.find_map(causes).ok_or(Refusal::Stock)?);
        return Ok(());
    }
    Ok(())
}

/// Where swaps are forbidden, the transfers of one instant form no circle.
fn swaps(
    insertion: &Insertion<'_>,
    cluster: &Cluster<'_>,
    raises: &mut Vec<Raise>,
) -> Result<(), Refusal> {
    if insertion.problem.swaps_allowed() {
        return Ok(());
    }
    let mut here: BTreeMap<Time, Vec<(ResourceId, ResourceId)>> = BTreeMap::new();
    for (time, from, to, until) in insertion.own_transfers(cluster) {
        let arcs = here.entry(time).or_default();
        let known = insertion.transfers.get(&time).map_or(&[][..], Vec::as_slice);
        let all = || known.iter().chain(arcs.iter()).copied();
        if reaches(to, from, &all().collect::<Vec<_>>()) {
            raises.push((until, time + Ticks::new(1)));
            return Ok(());
        }
        arcs.push((from, to));
    }
    Ok(())
}

fn reaches(from: ResourceId, to: ResourceId, arcs: &[(ResourceId, ResourceId)]) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(machine) = open.pop() {
        if machine == to {
            return true;
        }
        for &(_, next) in arcs.iter().filter(|arc| arc.0 == machine) {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

impl Insertion<'_> {
    /// Time, machine that is left, machine that is entered, and the task that enters it.
    fn own_transfers(&self, cluster: &Cluster<'_>) -> Vec<(Time, ResourceId, ResourceId, TaskId)> {
        let mut transfers = Vec::new();
        for &task in cluster.members {
            let Some(hold) = self.problem.hold_of(task) else { continue };
            let Some(own) = self.records[task] else { continue };
            let Some(next) = self.records[hold.until] else { continue };
            // Who waits in a buffer, or takes no time, leaves no machine at that instant.
            if own.release < next.start || own.start >= own.end || next.start >= next.end {
                continue;
            }
            let machines = |record: Record| {
                let needs = self.problem.requirements(record.mode).iter();
                let needs = needs.map(|need| need.resource);
                needs.filter(|&id| self.problem.resource(id).is_machine()).collect::<Vec<_>>()
            };
            for &from in &machines(own) {
                for &to in machines(next).iter().filter(|&&to| to != from) {
                    transfers.push((next.start, from, to, hold.until));
                }
            }
        }
        transfers
    }

    /// Remembers the transfers of a cluster that stands.
    pub(super) fn keep_transfers(&mut self, cluster: &Cluster<'_>) {
        if self.problem.swaps_allowed() {
            return;
        }
        for (time, from, to, _) in self.own_transfers(cluster) {
            self.transfers.entry(time).or_default().push((from, to));
        }
    }
}
