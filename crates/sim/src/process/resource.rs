//! Resources: so many units, and a queue of those who want one.
//!
//! **Source:** resources, priority resources and pre-emptive resources of SimPy.

use super::engine::ProcessId;
use super::queue::WaitingLine;
use crate::{Priority, TimeAverage};
use ordine_base::{Time, define_ids};
use std::collections::{BinaryHeap, VecDeque};

define_ids! {
    /// A resource of a simulation.
    ResourceKey;
}

/// Units that processes hold, one each.
#[derive(Clone, Debug)]
pub struct Resource {
    pub(super) capacity: usize,
    pub(super) line: WaitingLine,
    pub(super) waiting: usize,
    pub(super) in_use: usize,
    /// Who holds units, when somebody more important may take them away.
    pub(super) holders: Option<Vec<Holder>>,
    pub(super) usage: TimeAverage,
    pub(super) queue: TimeAverage,
}

/// Who holds a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    pub(super) priority: Priority,
    /// Of two alike, who came later gives way first.
    pub(super) ticket: u64,
    pub(super) owner: ProcessId,
}

impl Resource {
    fn with(capacity: usize, line: WaitingLine, holders: Option<Vec<Holder>>) -> Self {
        let level = TimeAverage::new(Time::ORIGIN, 0.0);
        let (usage, queue) = (level, level);
        Resource { capacity, line, waiting: 0, in_use: 0, holders, usage, queue }
    }

    /// So many units; who asks first is first.
    pub fn first_come(capacity: usize) -> Self {
        Resource::with(capacity, WaitingLine::FirstCome(VecDeque::new()), None)
    }

    /// So many units; the smallest priority number is first, then who asked first.
    pub fn by_priority(capacity: usize) -> Self {
        Resource::with(capacity, WaitingLine::ByPriority(BinaryHeap::new()), None)
    }

    /// As by priority; besides, who asks takes a unit away from the least important holder, where
    /// that one is less important. The holder hears [`Wake::Preempted`](super::Wake::Preempted).
    pub fn preemptive(capacity: usize) -> Self {
        let line = WaitingLine::ByPriority(BinaryHeap::new());
        Resource::with(capacity, line, Some(Vec::new()))
    }

    /// Units that are held.
    pub fn in_use(&self) -> usize {
        self.in_use
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Held units, averaged over time up to `now`.
    pub fn usage_mean(&self, now: Time) -> f64 {
        self.usage.mean(now)
    }

    /// Length of the queue, averaged over time up to `now`.
    pub fn queue_mean(&self, now: Time) -> f64 {
        self.queue.mean(now)
    }

    pub(super) fn note(&mut self, now: Time) {
        self.usage.set(now, self.in_use as f64);
        self.queue.set(now, self.waiting as f64);
    }

    pub(super) fn hold(&mut self, holder: Holder) {
        self.in_use += 1;
        if let Some(holders) = &mut self.holders {
            holders.push(holder);
        }
    }

    pub(super) fn let_go(&mut self, owner: ProcessId) {
        assert!(self.in_use > 0, "a unit is released by somebody who holds it");
        self.in_use -= 1;
        if let Some(holders) = &mut self.holders {
            let place = holders.iter().position(|holder| holder.owner == owner);
            let place = place.expect("a unit is released by somebody who holds it");
            holders.swap_remove(place);
        }
    }

    /// The least important holder, where it is less important than `priority`.
    pub(super) fn who_gives_way(&self, priority: Priority) -> Option<Holder> {
        let least = self.holders.as_ref()?.iter().max()?;
        (least.priority > priority).then_some(*least)
    }
}
