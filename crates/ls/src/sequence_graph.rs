//! State of the shop searches: a mode per task and a sequence per machine, as a graph.
//!
//! Heads (earliest starts) `r`, inclusive tails `q`, with `p` durations and `l` lags:
//!
//! ```text
//! r(v) = max(release(v), r(u) + p(u) + l over precedences u -> v, r(m) + p(m) for m before v)
//! q(v) = p(v) + max(0, l + q(w) over precedences v -> w, q(m) for m after v on its machine)
//! ```
//!
//! The longest path through `v` is `r(v) + q(v)`, the makespan is the largest of them. A
//! topological order is kept; after a change only heads behind its first and tails before its
//! last changed position are computed again. Building and relabeling are O(tasks + precedences).
//!
//! **Source:** Roy, Sussmann 1964 (graph); Nowicki, Smutnicki 1996 (order kept and repaired).

use crate::LsError;
use crate::shop_model::{Arcs, SUPPORTED, ShopModel, check_supported};
use ordine_base::{Id, Time};
use ordine_problem::{FeatureSet, ModeId, Placement, Problem, Schedule, TaskId};
use std::sync::Arc;

/// Label of the sentinel: smaller than every sum that a sealed problem can form.
const NEVER: i64 = i64::MIN / 4;

/// Modes and machine sequences of all tasks, with heads and tails.
#[derive(Clone, Debug)]
pub struct SequenceGraph {
    pub(crate) model: Arc<ShopModel>,
    /// Chosen mode of each task, as index into the modes of the model.
    pub(crate) mode: Vec<u32>,
    /// Neighbors on the machine; the sentinel `n` means none, and has labels that never count.
    pub(crate) machine_before: Vec<u32>,
    pub(crate) machine_after: Vec<u32>,
    pub(crate) machine_first: Vec<u32>,
    pub(crate) duration: Vec<i64>,
    pub(crate) head: Vec<i64>,
    pub(crate) end: Vec<i64>,
    pub(crate) tail: Vec<i64>,
    pub(crate) order: Vec<u32>,
    pub(crate) position: Vec<u32>,
    pub(crate) makespan: i64,
    /// Number of labels computed so far: the work of this state.
    pub(crate) relabeled: u64,
    mark: Vec<u32>,
    epoch: u32,
    shifted: Vec<u32>,
}

impl SequenceGraph {
    /// The features that this state respects; see also [`SequenceGraph::supports`].
    pub const SUPPORTED: FeatureSet = SUPPORTED;

    /// Whether the problem is a shop that this state can hold: makespan, at most one machine per
    /// mode, end-to-start precedences whose lag is not below minus the shortest duration.
    pub fn supports(problem: &Problem) -> bool {
        check_supported(problem).is_ok()
    }

    /// The graph of a feasible schedule: its modes, and its sequences by start.
    ///
    /// # Errors
    /// When the problem is not supported, a task is not placed, or a precedence is broken.
    pub fn from_schedule(problem: &Problem, schedule: &Schedule) -> Result<Self, LsError> {
        Self::with_model(Arc::new(ShopModel::new(problem)?), schedule)
    }

    pub(crate) fn with_model(model: Arc<ShopModel>, schedule: &Schedule) -> Result<Self, LsError> {
        let (order, mode) = order_and_modes(&model, schedule)?;
        let mut graph = SequenceGraph::unlinked(model);
        graph.rebuild(&order, &mode);
        Ok(graph)
    }

    fn unlinked(model: Arc<ShopModel>) -> Self {
        let (tasks, none) = (model.tasks, model.tasks as u32);
        SequenceGraph {
            mode: vec![0; tasks],
            machine_before: vec![none; tasks + 1],
            machine_after: vec![none; tasks + 1],
            machine_first: vec![none; model.machines + 1],
            duration: vec![0; tasks + 1],
            head: vec![NEVER; tasks + 1],
            end: vec![NEVER; tasks + 1],
            tail: vec![NEVER; tasks + 1],
            order: vec![0; tasks],
            position: vec![0; tasks + 1],
            makespan: 0,
            relabeled: 0,
            mark: vec![0; tasks + 1],
            epoch: 0,
            shifted: Vec::with_capacity(tasks),
            model,
        }
    }

    /// Takes over modes, and the sequences that a topological order of all tasks induces.
    pub(crate) fn rebuild(&mut self, order: &[u32], mode: &[u32]) {
        let none = self.none();
        self.order.copy_from_slice(order);
        self.mode.copy_from_slice(mode);
        self.machine_before.fill(none);
        self.machine_after.fill(none);
        self.machine_first.fill(none);
        let mut last = vec![none; self.model.machines + 1];
        for (place, &task) in order.iter().enumerate() {
            let chosen = self.model.modes[mode[task as usize] as usize];
            self.position[task as usize] = place as u32;
            self.duration[task as usize] = chosen.duration;
            let machine = chosen.machine as usize;
            if machine == self.model.machines {
                continue;
            }
            self.link(task, machine, last[machine]);
            last[machine] = task;
        }
        self.relabel(0, order.len());
    }

    /// The semi-active schedule of this state: every task starts at its head.
    pub fn schedule(&self) -> Schedule {
        let placement = |task: usize| Placement {
            mode: self.model.modes[self.mode[task] as usize].id,
            start: Time::new(self.head[task]),
            end: Time::new(self.end[task]),
        };
        Schedule::from_placements((0..self.model.tasks).map(|task| Some(placement(task))))
    }

    /// Latest end of all tasks.
    pub fn makespan(&self) -> Time {
        Time::new(self.makespan)
    }

    /// Chosen mode of `task`.
    pub fn mode(&self, task: TaskId) -> ModeId {
        self.model.modes[self.mode[task.index()] as usize].id
    }

    /// Earliest start of `task`.
    pub fn head(&self, task: TaskId) -> Time {
        Time::new(self.head[task.index()])
    }

    /// Longest path from the start of `task` to the end of the schedule, its duration included.
    pub fn tail(&self, task: TaskId) -> ordine_base::Ticks {
        ordine_base::Ticks::new(self.tail[task.index()])
    }

    /// The task right before `task` on its machine, if there is one.
    pub fn machine_before(&self, task: TaskId) -> Option<TaskId> {
        self.some(self.machine_before[task.index()])
    }

    /// The task right after `task` on its machine, if there is one.
    pub fn machine_after(&self, task: TaskId) -> Option<TaskId> {
        self.some(self.machine_after[task.index()])
    }

    fn some(&self, task: u32) -> Option<TaskId> {
        (task != self.none()).then(|| TaskId::from_index(task as usize))
    }

    /// The sentinel task.
    #[inline]
    pub(crate) fn none(&self) -> u32 {
        self.model.tasks as u32
    }

    /// Machine of the chosen mode, or the number of machines when it needs none.
    #[inline]
    pub(crate) fn machine(&self, task: u32) -> u32 {
        self.model.modes[self.mode[task as usize] as usize].machine
    }

    /// Least start of `task` for its release and precedences, under the labels `end`.
    #[inline]
    pub(crate) fn ready(&self, task: usize, end: &[i64]) -> i64 {
        let first = self.model.before.first[task];
        let mut ready = self.model.release[task].max(end[first.task as usize] + first.lag);
        if self.model.branching {
            for arc in self.model.before.more(task) {
                ready = ready.max(end[arc.task as usize] + arc.lag);
            }
        }
        ready
    }

    /// Longest path from the end of `task` that leaves it by a precedence, under `tail`.
    #[inline]
    pub(crate) fn remaining(&self, task: usize, tail: &[i64]) -> i64 {
        let first = self.model.after.first[task];
        let mut remaining = (tail[first.task as usize] + first.lag).max(0);
        if self.model.branching {
            for arc in self.model.after.more(task) {
                remaining = remaining.max(tail[arc.task as usize] + arc.lag);
            }
        }
        remaining
    }

    /// Least start-to-start length of the arcs that leave `task`.
    #[inline]
    pub(crate) fn step(&self, task: usize) -> i64 {
        self.duration[task] + self.model.overlap[task]
    }

    /// Takes `task` out of its sequence and puts it, in `mode`, right after `after` on the
    /// machine of that mode (first when `after` is the sentinel); then repairs order and labels.
    ///
    /// # Panics
    /// When the change closes a cycle.
    pub(crate) fn relocate(&mut self, task: u32, mode: u32, after: u32) {
        self.unlink(task);
        self.mode[task as usize] = mode;
        let chosen = self.model.modes[mode as usize];
        self.duration[task as usize] = chosen.duration;
        let none = self.none();
        let mut before = none;
        if (chosen.machine as usize) < self.model.machines {
            self.link(task, chosen.machine as usize, after);
            before = self.machine_after[task as usize];
        }
        let place = self.position[task as usize] as usize;
        let after_place = self.position[after as usize] as usize;
        let before_place = self.position[before as usize] as usize;
        let (from, to) = if after != none && after_place > place {
            self.shift_later(place, after_place);
            (place, after_place)
        } else if before != none && before_place < place {
            self.shift_earlier(before_place, place);
            (before_place, place)
        } else {
            (place, place)
        };
        self.relabel(from, to + 1);
    }

    fn unlink(&mut self, task: u32) {
        let machine = self.machine(task) as usize;
        let (before, after) =
            (self.machine_before[task as usize], self.machine_after[task as usize]);
        let none = self.none();
        if before != none {
            self.machine_after[before as usize] = after;
        } else if machine < self.model.machines {
            self.machine_first[machine] = after;
        }
        if after != none {
            self.machine_before[after as usize] = before;
        }
        (self.machine_before[task as usize], self.machine_after[task as usize]) = (none, none);
    }

    fn link(&mut self, task: u32, machine: usize, before: u32) {
        let none = self.none();
        let after = match before == none {
            true => std::mem::replace(&mut self.machine_first[machine], task),
            false => std::mem::replace(&mut self.machine_after[before as usize], task),
        };
        self.machine_before[task as usize] = before;
        self.machine_after[task as usize] = after;
        if after != none {
            self.machine_before[after as usize] = task;
        }
    }

    fn next_epoch(&mut self) -> u32 {
        if self.epoch == u32::MAX {
            self.mark.fill(0);
            self.epoch = 0;
        }
        self.epoch += 1;
        self.epoch
    }

    /// Moves the task at `from` behind `to` in the order, its descendants in between with it.
    fn shift_later(&mut self, from: usize, to: usize) {
        let (task, last) = (self.order[from], self.order[to]);
        let epoch = self.next_epoch();
        self.mark[task as usize] = epoch;
        self.shifted.clear();
        self.shifted.push(task);
        let mut write = from;
        for read in from + 1..=to {
            let other = self.order[read] as usize;
            let behind = self.mark[self.machine_before[other] as usize] == epoch
                || is_marked(&self.model.before, other, &self.mark, epoch);
            if behind {
                self.mark[other] = epoch;
                self.shifted.push(other as u32);
            } else {
                self.order[write] = other as u32;
                self.position[other] = write as u32;
                write += 1;
            }
        }
        assert!(self.mark[last as usize] != epoch, "a move must not close a cycle");
        for &other in &self.shifted {
            self.order[write] = other;
            self.position[other as usize] = write as u32;
            write += 1;
        }
    }

    /// Moves the task at `to` before `from` in the order, its ancestors in between with it.
    fn shift_earlier(&mut self, from: usize, to: usize) {
        let (task, first) = (self.order[to], self.order[from]);
        let epoch = self.next_epoch();
        self.mark[task as usize] = epoch;
        self.shifted.clear();
        self.shifted.push(task);
        let mut write = to;
        for read in (from..to).rev() {
            let other = self.order[read] as usize;
            let ahead = self.mark[self.machine_after[other] as usize] == epoch
                || is_marked(&self.model.after, other, &self.mark, epoch);
            if ahead {
                self.mark[other] = epoch;
                self.shifted.push(other as u32);
            } else {
                self.order[write] = other as u32;
                self.position[other] = write as u32;
                write -= 1;
            }
        }
        assert!(self.mark[first as usize] != epoch, "a move must not close a cycle");
        for &other in &self.shifted {
            self.order[write] = other;
            self.position[other as usize] = write as u32;
            write = write.wrapping_sub(1);
        }
    }

    /// Computes heads from position `from` on, and tails before position `to`.
    fn relabel(&mut self, from: usize, to: usize) {
        for place in from..self.order.len() {
            let task = self.order[place] as usize;
            let ready = self.ready(task, &self.end);
            let head = ready.max(self.end[self.machine_before[task] as usize]);
            self.head[task] = head;
            self.end[task] = head + self.duration[task];
        }
        for place in (0..to).rev() {
            let task = self.order[place] as usize;
            let remaining = self.remaining(task, &self.tail);
            let behind = remaining.max(self.tail[self.machine_after[task] as usize]);
            self.tail[task] = behind + self.duration[task];
        }
        let ends = self.model.leaves.iter().map(|&task| self.end[task as usize]);
        self.makespan = ends.max().unwrap_or(0);
        self.relabeled += (self.order.len() - from + to) as u64;
    }
}

#[inline]
fn is_marked(arcs: &Arcs, task: usize, mark: &[u32], epoch: u32) -> bool {
    mark[arcs.first[task].task as usize] == epoch
        || arcs.more(task).iter().any(|arc| mark[arc.task as usize] == epoch)
}

/// A topological order of all tasks and their modes, as the schedule has them.
pub(crate) fn order_and_modes(
    model: &ShopModel,
    schedule: &Schedule,
) -> Result<(Vec<u32>, Vec<u32>), LsError> {
    let mut starts = Vec::with_capacity(model.tasks);
    let mut mode = Vec::with_capacity(model.tasks);
    for task in 0..model.tasks {
        let placement = schedule.placement(TaskId::from_index(task));
        let placement = placement.ok_or(LsError::NotPlaced { task })?;
        let chosen = model
            .modes_of(task as u32)
            .find(|&mode| model.modes[mode as usize].id == placement.mode)
            .ok_or(LsError::InfeasibleStart { task })?;
        starts.push(placement.start);
        mode.push(chosen);
    }
    let mut order: Vec<u32> = (0..model.tasks as u32).collect();
    order.sort_unstable_by_key(|&task| (starts[task as usize], model.rank[task as usize]));
    let mut position = vec![0_usize; model.tasks];
    for (place, &task) in order.iter().enumerate() {
        position[task as usize] = place;
    }
    for task in 0..model.tasks {
        let known = |other: u32| (other as usize) < model.tasks;
        let late = |other: u32| known(other) && position[other as usize] > position[task];
        if model.before.of(task).any(|arc| late(arc.task)) {
            return Err(LsError::InfeasibleStart { task });
        }
    }
    Ok((order, mode))
}
