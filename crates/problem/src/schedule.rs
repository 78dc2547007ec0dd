//! Schedules: which mode each task runs in, and when.
//!
//! A schedule is an answer, not a promise: only the judge says whether it is feasible.
//!
//! **Source:** -

use crate::{ModeId, Problem, TaskId};
use ordine_base::{Cost, Id, IdVec, Interval, Time};

/// Where one task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Mode it runs in.
    pub mode: ModeId,
    /// When it starts.
    pub start: Time,
    /// When it ends.
    pub end: Time,
}

impl Placement {
    /// The placement of `mode` that starts at `start` and runs without a break.
    pub fn starting(problem: &Problem, mode: ModeId, start: Time) -> Self {
        Placement { mode, start, end: start + problem.mode(mode).duration }
    }

    /// `[start, end)`.
    ///
    /// # Panics
    /// When it ends before it starts.
    pub fn interval(self) -> Interval {
        Interval::new(self.start, self.end)
    }
}

/// Modes, starts and ends of all tasks of a problem; `None` where a task is not placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    placements: IdVec<TaskId, Option<Placement>>,
}

impl Schedule {
    /// The schedule that places nothing yet.
    pub fn empty(problem: &Problem) -> Self {
        Schedule { placements: IdVec::filled(problem.tasks().len(), None) }
    }

    /// A schedule with these placements, in the order of the tasks.
    pub fn from_placements(placements: impl IntoIterator<Item = Option<Placement>>) -> Self {
        Schedule { placements: placements.into_iter().collect() }
    }

    /// Places `task`.
    pub fn place(&mut self, task: TaskId, placement: Placement) {
        self.placements[task] = Some(placement);
    }

    /// Takes `task` out.
    pub fn remove(&mut self, task: TaskId) {
        self.placements[task] = None;
    }

    /// Where `task` stands, if it is placed.
    pub fn placement(&self, task: TaskId) -> Option<Placement> {
        self.placements.get(task).copied().flatten()
    }

    /// All tasks with their placements, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (TaskId, Option<Placement>)> {
        self.placements.iter().map(|(task, placement)| (task, *placement))
    }

    /// All placed tasks, ascending.
    pub fn placed(&self) -> impl Iterator<Item = (TaskId, Placement)> {
        self.iter().filter_map(|(task, placement)| Some((task, placement?)))
    }

    /// Number of tasks, placed or not.
    pub fn len(&self) -> usize {
        self.placements.len()
    }

    /// Whether the problem has no task.
    pub fn is_empty(&self) -> bool {
        self.placements.is_empty()
    }

    /// Latest end of all placed tasks; the origin when nothing is placed.
    pub fn makespan(&self) -> Time {
        self.placed().map(|(_, placement)| placement.end).max().unwrap_or(Time::ORIGIN)
    }

    /// Cost under the problem's objective, as solvers compute it. The judge has its own.
    pub fn cost(&self, problem: &Problem) -> Cost {
        crate::cost::cost(problem, self)
    }

    /// Tasks by (start, end, id): the order in which people read a schedule.
    pub fn in_time_order(&self) -> Vec<TaskId> {
        let mut placed: Vec<(Time, Time, TaskId)> =
            self.placed().map(|(task, place)| (place.start, place.end, task)).collect();
        placed.sort_unstable_by_key(|&(start, end, task)| (start, end, task.index()));
        placed.into_iter().map(|(_, _, task)| task).collect()
    }
}
