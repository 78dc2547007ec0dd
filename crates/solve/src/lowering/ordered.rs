//! Tasks that precedences put one after the other, wherever both are there.
//!
//! The transitive closure of precedences from end to start without overlap, over tasks that must be
//! there. On machines the order of such tasks is a fact: left to bounds, the opposite order is
//! refuted only by climbing up to the horizon. O(tasks · precedences / 64).
//!
//! **Source:** -

use super::Lowered;
use ordine_base::{Id, Ticks};
use ordine_cp::Atom;
use ordine_problem::{PrecedenceKind, TaskId};

/// Most tasks for which the closure is kept.
const TASKS_MAX: usize = 8_000;

/// Which tasks end before which start.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordered {
    words: usize,
    rows: Vec<u64>,
}

impl Ordered {
    /// The closure of the precedences of a problem.
    pub(super) fn new(lowered: &Lowered<'_>) -> Self {
        let problem = lowered.problem;
        let count = problem.tasks().len();
        if count > TASKS_MAX {
            return Ordered::default();
        }
        let words = count.div_ceil(64);
        let mut ordered = Ordered { words, rows: vec![0; count * words] };
        // Latest first, so that what follows a task is known before the task is reached.
        for &task in problem.topological_order().iter().rev() {
            for link in problem.successors(task) {
                let is_order = link.kind == PrecedenceKind::EndToStart && link.lag >= Ticks::ZERO;
                let is_history =
                    [task, link.task].iter().all(|&it| lowered.done[it] != Atom::FALSE);
                if is_order && !is_history {
                    ordered.add(task, link.task, lowered.tasks[link.task].interval.present);
                }
            }
        }
        ordered
    }

    fn add(&mut self, task: TaskId, next: TaskId, present: Atom) {
        let (row, other) = (task.index() * self.words, next.index() * self.words);
        self.rows[row + next.index() / 64] |= 1 << (next.index() % 64);
        if present == Atom::TRUE {
            for word in 0..self.words {
                self.rows[row + word] |= self.rows[other + word];
            }
        }
    }

    /// Whether the first task ends before the second starts.
    pub(super) fn has(&self, first: TaskId, second: TaskId) -> bool {
        let place = first.index() * self.words + second.index() / 64;
        self.rows.get(place).is_some_and(|row| row >> (second.index() % 64) & 1 == 1)
    }
}
