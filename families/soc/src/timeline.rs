//! What a scheduler believes of an element: which tasks occupy it until when, by nominal times.
//!
//! A [`Mapping`] says what is believed and what it binds. The published one (`Published`) knows
//! running and committed tasks but no transfers, inserts into gaps, and puts a task behind its
//! neighbor on the element; `CommunicationAware` is the same with transfers; `Appending` does not
//! insert; `Waiting` adds execution time to the later of data and element and binds nothing. Among
//! equal ends the earlier start is taken, then the smaller id. O(tasks of the element) a query.
//!
//! **Source:** Sung et al. 2020 (HEFT_RT, EFT, ETF); insertion: Topcuoglu, Hariri, Wu 2002.

use crate::ElementId;
use crate::simulator::{Simulator, TaskKey};
use ordine_base::{Id, IdVec, Ticks, Time};
use ordine_problem::TaskId;

/// How a scheduler estimates where a task would end, and what its choice binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mapping {
    /// Gaps between nominal events; no transfers.
    Published,
    /// Gaps between nominal events, transfers included.
    CommunicationAware,
    /// Behind what the element has, transfers included.
    Appending,
    /// The later of data and element; whoever has its data first goes first.
    #[default]
    Waiting,
}

impl Mapping {
    const fn knows_transfers(self) -> bool {
        !matches!(self, Mapping::Published)
    }

    const fn inserts(self) -> bool {
        matches!(self, Mapping::Published | Mapping::CommunicationAware)
    }

    const fn binds(self) -> bool {
        !matches!(self, Mapping::Waiting)
    }
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    start: Time,
    end: Time,
    task: TaskKey,
}

/// The events of every element, as a scheduler believes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timelines {
    mapping: Mapping,
    capacities: Vec<usize>,
    slots: IdVec<ElementId, Vec<Slot>>,
    by_stamp: Vec<TaskId>,
}

impl Timelines {
    pub(crate) fn new(mapping: Mapping, simulator: &Simulator) -> Self {
        let elements = &simulator.instance.platform.elements;
        let room = simulator.stride * simulator.settings.jobs_most;
        Timelines {
            mapping,
            capacities: elements.values().map(|element| element.capacity).collect(),
            slots: elements.values().map(|_| Vec::with_capacity(room)).collect(),
            by_stamp: Vec::with_capacity(room),
        }
    }

    /// Reads what runs and what is committed.
    pub(crate) fn read(&mut self, simulator: &Simulator) {
        self.slots.values_mut().for_each(Vec::clear);
        for (id, element) in simulator.elements.iter() {
            for &task in &element.running {
                let start = simulator.tasks[task].start;
                let end = start + simulator.nominal(task);
                self.slots[id].push(Slot { start, end, task: simulator.key(task) });
            }
        }
        let mut tasks = std::mem::take(&mut self.by_stamp);
        tasks.clear();
        tasks.extend_from_slice(&simulator.committed);
        if self.mapping == Mapping::Waiting {
            tasks.sort_by_key(|&task| simulator.tasks[task].stamp);
        }
        for &task in &tasks {
            let state = &simulator.tasks[task];
            let known = self.mapping.knows_transfers();
            let ready = if known { state.stamp.max(simulator.now) } else { simulator.now };
            let start = self.behind_all(state.element, ready);
            let end = start + simulator.nominal(task);
            self.slots[state.element].push(Slot { start, end, task: simulator.key(task) });
        }
        self.by_stamp = tasks;
    }

    /// Earliest start behind everything that the element has, for a task with data at `ready`.
    fn behind_all(&self, element: ElementId, ready: Time) -> Time {
        let (slots, capacity) = (&self.slots[element], self.capacities[element.index()]);
        if capacity == 1 {
            return slots.last().map_or(ready, |last| ready.max(last.end));
        }
        if slots.len() < capacity {
            return ready;
        }
        // A slot is free from the capacity-th latest end on.
        let later = |end: Time| slots.iter().filter(|slot| slot.end > end).count();
        let ends = slots.iter().map(|slot| slot.end);
        ends.filter(|&end| later(end) < capacity).min().map_or(ready, |free| ready.max(free))
    }

    /// Earliest start of a task with data at `stamp` and this duration.
    pub(crate) fn start(
        &self,
        element: ElementId,
        now: Time,
        stamp: Time,
        duration: Ticks,
    ) -> Time {
        let ready = if self.mapping.knows_transfers() { stamp } else { now };
        if self.mapping.inserts() && self.capacities[element.index()] == 1 {
            let mut free = ready;
            for slot in &self.slots[element] {
                if free + duration <= slot.start {
                    return free;
                }
                free = free.max(slot.end);
            }
            return free;
        }
        self.behind_all(element, ready)
    }

    /// Puts a task there; gives the one that it is behind, if the mapping binds it.
    pub(crate) fn place(
        &mut self,
        element: ElementId,
        start: Time,
        duration: Ticks,
        task: TaskKey,
    ) -> Option<TaskKey> {
        let slots = &mut self.slots[element];
        let end = start + duration;
        let place = match self.mapping {
            Mapping::Waiting => slots.len(),
            _ => slots.partition_point(|slot| slot.end <= end),
        };
        slots.insert(place, Slot { start, end, task });
        let binds = self.mapping.binds() && self.capacities[element.index()] == 1;
        (binds && place > 0).then(|| slots[place - 1].task)
    }

    /// Tasks that run or wait on the element.
    pub(crate) fn count(&self, element: ElementId) -> u32 {
        self.slots[element].len() as u32
    }
}
