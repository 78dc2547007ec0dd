//! Forward or backward: one algorithm for both, on mirrored time.
//!
//! Backward, a task that occupies [s, e) in real time occupies [-e, -s) in mirrored time, its
//! successors become its predecessors, and a release becomes a limit on the end. With start
//! distances D(p_before, p_after) of a precedence, the mirrored distance is D + p_after - p_before.
//!
//! **Source:** deriving the second direction by mirroring is MiniCP's habit.

use ordine_base::Ticks;
use ordine_problem::{Link, Problem, TaskId};

/// Which way a schedule is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the origin on; tasks as early as possible.
    #[default]
    Forward,
    /// From the end back; tasks as late as possible.
    Backward,
}

impl Direction {
    /// Precedences to tasks that are placed before `task` in this direction.
    #[inline]
    pub fn earlier(self, problem: &Problem, task: TaskId) -> &[Link] {
        match self {
            Direction::Forward => problem.predecessors(task),
            Direction::Backward => problem.successors(task),
        }
    }

    /// Precedences to tasks that are placed after `task` in this direction.
    #[inline]
    pub fn later(self, problem: &Problem, task: TaskId) -> &[Link] {
        match self {
            Direction::Forward => problem.successors(task),
            Direction::Backward => problem.predecessors(task),
        }
    }

    /// Least distance, in this direction, from the start of the earlier to that of the later task.
    #[inline]
    pub fn start_to_start(
        self,
        link: Link,
        duration_earlier: Ticks,
        duration_later: Ticks,
    ) -> Ticks {
        match self {
            Direction::Forward => link.start_to_start(duration_earlier, duration_later),
            Direction::Backward => {
                link.start_to_start(duration_later, duration_earlier) + duration_earlier
                    - duration_later
            }
        }
    }
}
