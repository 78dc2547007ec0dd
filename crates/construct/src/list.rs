//! Serial generation by a fixed list: the inner loop of local search.
//!
//! Each task in turn starts as early as precedences and resources allow. O(n log n) for one list;
//! nothing is allocated.
//!
//! **Source:** serial schedule generation: Kelley 1963; Kolisch 1996.

use crate::PartialSchedule;
use ordine_base::IdVec;
use ordine_problem::{ModeId, TaskId};

/// Places the tasks of `list` in `modes`, one after the other.
///
/// Each task stands after all tasks of the list that come earlier in the direction, and none is
/// placed already.
pub fn place_list(
    partial: &mut PartialSchedule<'_>,
    list: &[TaskId],
    modes: &IdVec<TaskId, ModeId>,
) {
    for &task in list {
        let mode = modes[task];
        let start = partial.earliest(task, mode);
        partial.place(task, mode, start);
    }
}
