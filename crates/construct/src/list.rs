//! Serial generation by a fixed list: the inner loop of local search.
//!
//! Each task in turn starts as early as precedences and resources allow. O(n log n) for one list;
//! nothing is allocated.
//!
//! **Source:** serial schedule generation: Kelley 1963; Kolisch 1996. Double justification:
//! Valls, Ballestín, Quintanilla 2005.

use crate::{Direction, PartialSchedule};
use ordine_base::{IdVec, Time};
use ordine_problem::{ModeId, TaskId};

/// Places all tasks of `order` in `modes`; gives the makespan in the time of the direction.
///
/// `order` holds every task once, each after all tasks that come earlier in the direction.
pub fn place_by_list(
    partial: &mut PartialSchedule<'_>,
    direction: Direction,
    order: &[TaskId],
    modes: &IdVec<TaskId, ModeId>,
) -> Time {
    partial.reset(direction);
    for &task in order {
        let mode = modes[task];
        let start = partial.earliest(task, mode);
        partial.place(task, mode, start);
    }
    partial.makespan()
}
