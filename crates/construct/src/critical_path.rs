//! Longest paths through the precedences, resources ignored.
//!
//! head(i) = max(release, max over predecessors j of head(j) + distance(j, i)),
//! tail(i) = longest time from the start of i to the end of all that follows. O(n + precedences).
//! With the shortest durations both are valid for every choice of modes: the duration is kept where
//! a path only grows with it, and where a start-to-end or end-to-end precedence shortens a distance
//! by a duration, the longest one is taken.
//!
//! **Source:** Kelley, Walker 1959 (critical path method).

use crate::Direction;
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{Problem, TaskId};

/// Heads and tails of all tasks in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// Earliest start, releases included.
    pub heads: IdVec<TaskId, Time>,
    /// Least time from the start of a task to the latest end that depends on it.
    pub tails: IdVec<TaskId, Ticks>,
    /// Longest path: no schedule ends earlier.
    pub length: Time,
    /// Latest start that neither lengthens the longest path nor (forward) passes a deadline.
    pub latest_starts: IdVec<TaskId, Time>,
    /// Most tasks on a path from each task on, itself included.
    pub tasks_after: IdVec<TaskId, u32>,
}

impl CriticalPath {
    /// Computes heads and tails; releases count only forward.
    pub fn new(problem: &Problem, direction: Direction) -> Self {
        let count = problem.tasks().len();
        let mut path = CriticalPath {
            heads: IdVec::filled(count, Time::ORIGIN),
            tails: IdVec::filled(count, Ticks::ZERO),
            length: Time::ORIGIN,
            latest_starts: IdVec::filled(count, Time::ORIGIN),
            tasks_after: IdVec::filled(count, 1),
        };
        let order = problem.topological_order();
        match direction {
            Direction::Forward => {
                order.iter().for_each(|&task| path.set_head(problem, direction, task));
                order.iter().rev().for_each(|&task| path.set_tail(problem, direction, task));
            }
            Direction::Backward => {
                order.iter().rev().for_each(|&task| path.set_head(problem, direction, task));
                order.iter().for_each(|&task| path.set_tail(problem, direction, task));
            }
        }
        path
    }

    fn set_head(&mut self, problem: &Problem, direction: Direction, task: TaskId) {
        let release = match direction {
            Direction::Forward => problem.release(task),
            Direction::Backward => Time::ORIGIN,
        };
        let heads = direction.earlier(problem, task).iter().map(|&link| {
            self.heads[link.task] + least_distance(problem, direction, link.task, task, link)
        });
        self.heads[task] = heads.fold(release, Time::max);
        self.length = self.length.max(self.heads[task] + problem.duration_min(task));
    }

    fn set_tail(&mut self, problem: &Problem, direction: Direction, task: TaskId) {
        let later = direction.later(problem, task);
        let tails = later.iter().map(|&link| {
            self.tails[link.task] + least_distance(problem, direction, task, link.task, link)
        });
        self.tails[task] = tails.fold(problem.duration_min(task), Ticks::max);
        let deadline = match direction {
            Direction::Forward => problem.deadline(task).unwrap_or(self.length),
            Direction::Backward => self.length,
        };
        let latest = later.iter().map(|&link| {
            self.latest_starts[link.task]
                - least_distance(problem, direction, task, link.task, link)
        });
        let alone = self.length.min(deadline) - problem.duration_min(task);
        self.latest_starts[task] = latest.fold(alone, Time::min);
        let after = later.iter().map(|link| self.tasks_after[link.task]).max();
        self.tasks_after[task] = 1 + after.unwrap_or(0);
    }
}

/// Least start distance over all modes of both tasks.
fn least_distance(
    problem: &Problem,
    direction: Direction,
    earlier: TaskId,
    later: TaskId,
    link: ordine_problem::Link,
) -> Ticks {
    let corners = [problem.duration_min(earlier), problem.duration_max(earlier)];
    let ends = [problem.duration_min(later), problem.duration_max(later)];
    let distance = |first, second| direction.start_to_start(link, first, second);
    let least = corners.into_iter().flat_map(|first| ends.map(|second| distance(first, second)));
    least.min().expect("there are four corners")
}
