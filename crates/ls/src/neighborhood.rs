//! Neighborhoods of one critical path by shifts at the borders of its blocks.
//!
//! A schedule can only become shorter if some task of a block moves before the block's first or
//! behind its last task. A block that starts the schedule has no useful move to its front, a block
//! that ends it none to its back.
//!
//! - N5 swaps the first two and the last two tasks of each block;
//! - N6 moves every task of a block right before its first or right behind its last;
//! - N7 adds the first task moving to any place inside, and the last task likewise.
//!
//! O(moves); every offered move provably closes no cycle.
//!
//! **Source:** Nowicki, Smutnicki 1996 (N5); Balas, Vazacopoulos 1998 (N6); Zhang, Li, Guan, Rao
//! 2007 (N7).

use crate::SequenceGraph;
use crate::critical::CriticalPath;
use crate::shift::{Goal, STRETCH_MAX, Shift};

/// Which shifts of a critical path are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighborhood {
    /// Swaps at the borders of blocks.
    N5,
    /// Moves of any task of a block to its borders.
    N6,
    /// N6, and the border tasks to any place inside.
    N7,
}

impl Neighborhood {
    /// Every neighborhood, small to large.
    pub const ALL: [Neighborhood; 3] = [Neighborhood::N5, Neighborhood::N6, Neighborhood::N7];

    /// Calls `visit` with every move of the path, each once.
    pub(crate) fn list(
        self,
        graph: &SequenceGraph,
        path: &CriticalPath,
        mut visit: impl FnMut(Shift),
    ) {
        let mut offer = |task: u32, goal: Goal| {
            let shift = Shift { task, goal };
            if shift.keeps_order(graph) {
                visit(shift);
            }
        };
        for block in path.blocks().filter(|block| block.len() > 1) {
            let tasks = &path.tasks[block.clone()];
            let opens = block.start > 0 || graph.head[tasks[0] as usize] > 0;
            let closes = block.end < path.tasks.len();
            match self {
                Neighborhood::N5 => swaps(tasks, opens, closes, &mut offer),
                Neighborhood::N6 => to_borders(tasks, opens, closes, &mut offer),
                Neighborhood::N7 => {
                    to_borders(tasks, opens, closes, &mut offer);
                    to_inside(tasks, opens, closes, &mut offer);
                }
            }
        }
    }
}

fn swaps(tasks: &[u32], opens: bool, closes: bool, offer: &mut impl FnMut(u32, Goal)) {
    let len = tasks.len();
    if opens {
        offer(tasks[1], Goal::Before(tasks[0]));
    }
    if closes && !(opens && len == 2) {
        offer(tasks[len - 2], Goal::Behind(tasks[len - 1]));
    }
}

fn to_borders(tasks: &[u32], opens: bool, closes: bool, offer: &mut impl FnMut(u32, Goal)) {
    let (first, last) = (tasks[0], tasks[tasks.len() - 1]);
    if opens {
        for &task in tasks.iter().take(STRETCH_MAX).skip(1) {
            offer(task, Goal::Before(first));
        }
    }
    if closes {
        let skipped = tasks.len().saturating_sub(STRETCH_MAX);
        let end = if opens && tasks.len() == 2 { 0 } else { tasks.len() - 1 };
        for &task in tasks.iter().take(end).skip(skipped) {
            offer(task, Goal::Behind(last));
        }
    }
}

fn to_inside(tasks: &[u32], opens: bool, closes: bool, offer: &mut impl FnMut(u32, Goal)) {
    let len = tasks.len();
    if len < 3 {
        return;
    }
    if opens {
        for &other in tasks[..len - 1].iter().take(STRETCH_MAX).skip(2) {
            offer(tasks[0], Goal::Behind(other));
        }
    }
    if closes {
        let skipped = len.saturating_sub(STRETCH_MAX).max(1);
        for &other in tasks[..len - 2].iter().skip(skipped) {
            offer(tasks[len - 1], Goal::Before(other));
        }
    }
}
