//! Reinsertion: a task leaves its sequence and enters any machine that can run it, anywhere.
//!
//! Without the task `v` the graph `G-` has heads `r-` and tails `q-`, computed exactly. Between
//! `x` and `y` on a machine that runs `v` for `p`, the new makespan is exactly
//!
//! ```text
//! max(Cmax(G-), max(ready-(v), r-(x) + p(x)) + p + max(remaining-(v), q-(y)))
//! ```
//!
//! A place is offered when labels prove that no precedence successor of `v` reaches `x` and that
//! `y` reaches no precedence predecessor. O(tasks) per task taken out, O(1) per place.
//!
//! **Source:** Mastrolilli, Gambardella 2000, section 3; places by labels of `G-` instead of the
//! sets L and R, and the whole makespan instead of an upper bound.

use crate::shift::{Goal, Shift};
use crate::{Move, SequenceGraph};
use ordine_base::Id;
use ordine_problem::{ModeId, TaskId};

/// A task takes a mode and a place in the sequence of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reinsert {
    pub(crate) task: u32,
    /// Index into the modes of the model.
    pub(crate) mode: u32,
    /// Machine neighbor to stand right behind; the sentinel for the first place.
    pub(crate) after: u32,
}

/// A reinsertion with its consequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Insertion {
    pub(crate) reinsert: Reinsert,
    /// Makespan after the move.
    pub(crate) makespan: i64,
    /// Longest path through the task after the move.
    pub(crate) through: i64,
}

impl Reinsert {
    /// All reinsertions of `task` except its present place. Allocates; for tests and for other
    /// searches, the tabu search lists them without.
    pub fn list(graph: &SequenceGraph, task: TaskId) -> Vec<Reinsert> {
        let mut detached = Detached::default();
        let mut moves = Vec::new();
        detached.take_out(graph, task.index() as u32);
        detached.places(graph, &mut |insertion| moves.push(insertion.reinsert));
        moves
    }

    /// The same change as a shift, when the task keeps its mode and has a machine.
    #[inline]
    pub(crate) fn as_shift(&self, graph: &SequenceGraph) -> Option<Shift> {
        let task = self.task as usize;
        if self.mode != graph.mode[task] {
            return None;
        }
        let none = graph.none();
        let later =
            self.after != none && graph.position[self.after as usize] > graph.position[task];
        let goal = match (later, self.after == none) {
            (true, _) => Goal::Behind(self.after),
            (false, true) => Goal::Before(graph.machine_first[graph.machine(self.task) as usize]),
            (false, false) => Goal::Before(graph.machine_after[self.after as usize]),
        };
        Some(Shift { task: self.task, goal })
    }

    /// The task that moves.
    pub fn task(&self) -> TaskId {
        TaskId::from_index(self.task as usize)
    }

    /// The mode that it takes, in `graph`.
    pub fn mode(&self, graph: &SequenceGraph) -> ModeId {
        graph.model.modes[self.mode as usize].id
    }
}

impl Move<SequenceGraph> for Reinsert {
    /// Exact makespan after the move. Allocates.
    fn evaluate(&self, graph: &SequenceGraph) -> i64 {
        let mut detached = Detached::default();
        detached.take_out(graph, self.task);
        detached.insertion(graph, *self).makespan
    }

    fn apply(&self, graph: &mut SequenceGraph) {
        let predicted = cfg!(debug_assertions).then(|| self.evaluate(graph));
        graph.relocate(self.task, self.mode, self.after);
        if let Some(predicted) = predicted {
            debug_assert_eq!(predicted, graph.makespan, "a reinsertion predicts the makespan");
        }
    }
}

/// Labels of the graph without one task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Detached {
    task: u32,
    end: Vec<i64>,
    tail: Vec<i64>,
    makespan: i64,
}

impl Detached {
    /// Computes the labels of `graph` without `task`; gives the number of labels computed.
    pub(crate) fn take_out(&mut self, graph: &SequenceGraph, task: u32) -> u64 {
        self.task = task;
        self.end.clear();
        self.end.extend_from_slice(&graph.end);
        self.tail.clear();
        self.tail.extend_from_slice(&graph.tail);
        let none = graph.none() as usize;
        self.end[task as usize] = self.end[none];
        self.tail[task as usize] = self.tail[none];
        let place = graph.position[task as usize] as usize;
        let (before, after) =
            (graph.machine_before[task as usize], graph.machine_after[task as usize]);
        for &other in &graph.order[place + 1..] {
            let ahead = if other == after { before } else { graph.machine_before[other as usize] };
            let other = other as usize;
            let head = graph.ready(other, &self.end).max(self.end[ahead as usize]);
            self.end[other] = head + graph.duration[other];
        }
        for &other in graph.order[..place].iter().rev() {
            let behind = if other == before { after } else { graph.machine_after[other as usize] };
            let other = other as usize;
            let rest = graph.remaining(other, &self.tail).max(self.tail[behind as usize]);
            self.tail[other] = rest + graph.duration[other];
        }
        self.makespan = self.latest_end(graph);
        graph.order.len() as u64
    }

    /// Predecessors of the task that end last now are covered by the task once it is back.
    fn latest_end(&self, graph: &SequenceGraph) -> i64 {
        let ends = graph.model.leaves.iter().map(|&leaf| self.end[leaf as usize]);
        ends.max().unwrap_or(0)
    }

    /// Calls `visit` with every place that provably closes no cycle, except the present one;
    /// gives the number of places seen.
    pub(crate) fn places(&self, graph: &SequenceGraph, visit: &mut impl FnMut(Insertion)) -> u64 {
        let (task, none) = (self.task, graph.none());
        let present = graph.mode[task as usize];
        let mut seen = 0;
        for mode in graph.model.modes_of(task) {
            let machine = graph.model.modes[mode as usize].machine as usize;
            if machine == graph.model.machines {
                if mode != present {
                    visit(self.insertion(graph, Reinsert { task, mode, after: none }));
                }
                continue;
            }
            let mut after = none;
            loop {
                let mut before = match after == none {
                    true => graph.machine_first[machine],
                    false => graph.machine_after[after as usize],
                };
                let is_present = before == task;
                if is_present {
                    before = graph.machine_after[task as usize];
                }
                seen += 1;
                if after != none && !self.is_free_behind(graph, after) {
                    break;
                }
                if (!is_present || mode != present)
                    && (before == none || self.is_free_before(graph, before))
                {
                    visit(self.insertion(graph, Reinsert { task, mode, after }));
                }
                if before == none {
                    break;
                }
                after = before;
            }
        }
        seen
    }

    /// Consequences of a reinsertion of the task that was taken out.
    fn insertion(&self, graph: &SequenceGraph, reinsert: Reinsert) -> Insertion {
        let task = self.task as usize;
        let mode = graph.model.modes[reinsert.mode as usize];
        let none = graph.none();
        let mut before = none;
        if (mode.machine as usize) < graph.model.machines {
            before = match reinsert.after == none {
                true => graph.machine_first[mode.machine as usize],
                false => graph.machine_after[reinsert.after as usize],
            };
            if before == self.task {
                before = graph.machine_after[task];
            }
        }
        let head = graph.ready(task, &self.end).max(self.end[reinsert.after as usize]);
        let rest = graph.remaining(task, &self.tail).max(self.tail[before as usize]);
        let through = head + mode.duration + rest;
        Insertion { reinsert, makespan: through.max(self.makespan), through }
    }

    /// Whether no precedence successor of the task reaches `other`.
    fn is_free_behind(&self, graph: &SequenceGraph, other: u32) -> bool {
        let mut arcs = graph.model.after.of(self.task as usize);
        arcs.all(|arc| self.no_path(graph, arc.task, other))
    }

    /// Whether `other` reaches no precedence predecessor of the task.
    fn is_free_before(&self, graph: &SequenceGraph, other: u32) -> bool {
        let mut arcs = graph.model.before.of(self.task as usize);
        arcs.all(|arc| arc.task == graph.none() || self.no_path(graph, other, arc.task))
    }

    #[inline]
    fn no_path(&self, graph: &SequenceGraph, from: u32, to: u32) -> bool {
        if from == graph.none() {
            return true;
        }
        let (source, target) = (from as usize, to as usize);
        let step = graph.step(source);
        let head_source = self.end[source] - graph.duration[source];
        let head_target = self.end[target] - graph.duration[target];
        source != target
            && (head_target < head_source + step
                || self.tail[source] < step + self.tail[target]
                || graph.position[target] < graph.position[source])
    }
}
