//! Moves within one machine sequence: a task passes one or more of its neighbors.
//!
//! Task `u` moves right behind `w` (or right before it). With heads and tails of the other tasks
//! taken as they are, the new labels of `u` and of the tasks passed follow by two sweeps over the
//! stretch, and the prediction is the largest `r' + q'` over it:
//!
//! ```text
//! r'(x) = max(ready(x), r'(x-1) + p(x-1))        q'(x) = p(x) + max(remaining(x), q'(x+1))
//! ```
//!
//! The prediction is the exact longest path through these tasks when no path leaves the machine
//! at one task of the stretch and comes back at another: always so for two neighbors (the swap).
//! O(stretch). A move is offered only if heads, tails or the kept order prove that it closes no
//! cycle, which is a weaker condition than the published one for positive durations.
//!
//! **Source:** Taillard 1994 (swap); Balas, Vazacopoulos 1998, propositions 2.2, 2.3 and section 3
//! (estimate); Zhang, Li, Guan, Rao 2007 (N7).

use crate::{Move, SequenceGraph};
use ordine_base::Id;
use ordine_problem::TaskId;

/// Longest stretch that a shift may span; longer ones are not offered.
pub(crate) const STRETCH_MAX: usize = 96;

/// Where a task goes within its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Behind(u32),
    Before(u32),
}

/// A task passes some of its neighbors on its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub(crate) task: u32,
    pub(crate) goal: Goal,
}

impl Shift {
    /// The exchange of `task` with the task right after it on its machine (N5), unless there is
    /// none or it might close a cycle.
    pub fn swap(graph: &SequenceGraph, task: TaskId) -> Option<Shift> {
        let task = task.index() as u32;
        let other = graph.machine_after[task as usize];
        let shift = Shift { task, goal: Goal::Behind(other) };
        (other != graph.none() && shift.keeps_order(graph)).then_some(shift)
    }

    /// Moves `task` right behind `other`, which stands later on the same machine, unless the
    /// stretch is too long or it might close a cycle.
    pub fn behind(graph: &SequenceGraph, task: TaskId, other: TaskId) -> Option<Shift> {
        Shift::to(graph, task, Goal::Behind(other.index() as u32))
    }

    /// Moves `task` right before `other`, which stands earlier on the same machine, unless the
    /// stretch is too long or it might close a cycle.
    pub fn before(graph: &SequenceGraph, task: TaskId, other: TaskId) -> Option<Shift> {
        Shift::to(graph, task, Goal::Before(other.index() as u32))
    }

    fn to(graph: &SequenceGraph, task: TaskId, goal: Goal) -> Option<Shift> {
        let shift = Shift { task: task.index() as u32, goal };
        let far = match goal {
            Goal::Behind(other) | Goal::Before(other) => other,
        };
        let stretch = shift.passed(graph).take(STRETCH_MAX);
        (stretch.last() == Some(far) && shift.keeps_order(graph)).then_some(shift)
    }

    /// The tasks passed, nearest first.
    pub(crate) fn passed<'a>(&self, graph: &'a SequenceGraph) -> impl Iterator<Item = u32> + 'a {
        let (next, far) = match self.goal {
            Goal::Behind(far) => (&graph.machine_after, far),
            Goal::Before(far) => (&graph.machine_before, far),
        };
        let none = graph.none();
        let mut at = self.task;
        std::iter::from_fn(move || {
            let done = at == far || at == none;
            at = if done { none } else { next[at as usize] };
            (at != none).then_some(at)
        })
    }

    /// The order (before, after) of the task and a task passed, as it is before the move.
    #[inline]
    pub(crate) fn order_now(&self, passed: u32) -> (u32, u32) {
        match self.goal {
            Goal::Behind(_) => (self.task, passed),
            Goal::Before(_) => (passed, self.task),
        }
    }

    /// Whether the labels prove that no precedence path opposes the move.
    #[inline]
    pub(crate) fn keeps_order(&self, graph: &SequenceGraph) -> bool {
        let (task, none) = (self.task as usize, graph.none());
        match self.goal {
            Goal::Behind(far) => {
                let mut arcs = graph.model.after.of(task);
                arcs.all(|arc| arc.task == none || graph.no_path(arc.task, far))
            }
            Goal::Before(far) => {
                let mut arcs = graph.model.before.of(task);
                arcs.all(|arc| arc.task == none || graph.no_path(far, arc.task))
            }
        }
    }

    /// Largest `r' + q'` over the stretch after the move.
    #[inline]
    pub(crate) fn predict(&self, graph: &SequenceGraph) -> i64 {
        match self.goal {
            Goal::Behind(far) => graph.predict_behind(self.task as usize, far as usize),
            Goal::Before(far) => graph.predict_before(self.task as usize, far as usize),
        }
    }
}

impl Move<SequenceGraph> for Shift {
    /// Longest path through the tasks of the stretch after the move.
    fn evaluate(&self, graph: &SequenceGraph) -> i64 {
        self.predict(graph)
    }

    fn apply(&self, graph: &mut SequenceGraph) {
        let expected = cfg!(debug_assertions).then(|| (self.predict(graph), self.stretch(graph)));
        let after = match self.goal {
            Goal::Behind(far) => far,
            Goal::Before(far) => graph.machine_before[far as usize],
        };
        graph.relocate(self.task, graph.mode[self.task as usize], after);
        if let Some((predicted, Some(stretch))) = expected {
            let through = |&task: &u32| graph.head[task as usize] + graph.tail[task as usize];
            let real = stretch.iter().map(through).max();
            debug_assert_eq!(Some(predicted), real, "a shift predicts the path through it");
        }
    }
}

impl Shift {
    /// The tasks of the stretch when the prediction is exact by theory, for debug builds.
    fn stretch(&self, graph: &SequenceGraph) -> Option<Vec<u32>> {
        let mut stretch = vec![self.task];
        stretch.extend(self.passed(graph));
        let passed = &stretch[1..];
        let comes_back = |&from: &u32| {
            let mut arcs = graph.model.after.of(from as usize);
            arcs.any(|arc| passed.iter().any(|&to| !graph.no_path(arc.task, to)))
        };
        (passed.len() == 1 || !passed.iter().any(comes_back)).then_some(stretch)
    }
}

impl SequenceGraph {
    /// Whether the labels prove that no path leads from `from` to `to`; a task reaches itself.
    #[inline]
    pub(crate) fn no_path(&self, from: u32, to: u32) -> bool {
        let (from, to) = (from as usize, to as usize);
        if from == self.model.tasks {
            return true;
        }
        let step = self.step(from);
        from != to
            && (self.head[to] < self.head[from] + step
                || self.tail[from] < step + self.tail[to]
                || self.position[to] < self.position[from])
    }

    fn predict_behind(&self, task: usize, far: usize) -> i64 {
        let mut heads = [0_i64; STRETCH_MAX];
        let mut end = self.end[self.machine_before[task] as usize];
        let mut at = task;
        let mut passed = 0;
        while at != far {
            at = self.machine_after[at] as usize;
            let head = self.ready(at, &self.end).max(end);
            heads[passed] = head;
            end = head + self.duration[at];
            passed += 1;
        }
        let head = self.ready(task, &self.end).max(end);
        let behind = self.tail[self.machine_after[far] as usize];
        let mut tail = self.duration[task] + self.remaining(task, &self.tail).max(behind);
        let mut longest = head + tail;
        while at != task {
            passed -= 1;
            tail = self.duration[at] + self.remaining(at, &self.tail).max(tail);
            longest = longest.max(heads[passed] + tail);
            at = self.machine_before[at] as usize;
        }
        longest
    }

    fn predict_before(&self, task: usize, far: usize) -> i64 {
        let mut tails = [0_i64; STRETCH_MAX];
        let mut tail = self.tail[self.machine_after[task] as usize];
        let mut at = task;
        let mut passed = 0;
        while at != far {
            at = self.machine_before[at] as usize;
            tail = self.duration[at] + self.remaining(at, &self.tail).max(tail);
            tails[passed] = tail;
            passed += 1;
        }
        let ahead = self.end[self.machine_before[far] as usize];
        let head = self.ready(task, &self.end).max(ahead);
        let tail = self.duration[task] + self.remaining(task, &self.tail).max(tail);
        let mut longest = head + tail;
        let mut end = head + self.duration[task];
        while at != task {
            passed -= 1;
            let head = self.ready(at, &self.end).max(end);
            longest = longest.max(head + tails[passed]);
            end = head + self.duration[at];
            at = self.machine_after[at] as usize;
        }
        longest
    }
}
