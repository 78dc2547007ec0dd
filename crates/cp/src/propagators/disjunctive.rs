//! Disjunctive over bounds: `[start, end)` of present tasks do not overlap.
//!
//! In both directions of time, with p the least duration and Ω any set of tasks that are there:
//!
//! * *overload*: `est(Ω) + p(Ω) > lct(Ω)` fails;
//! * *detectable precedences*: `est_i + p_i > lst_j` puts j before i, so
//!   `start_i ≥ ECT{j : est_i + p_i > lst_j}`;
//! * *not-last*: `ECT(Ω) > lst_i` with `lst_j < lct_i` in Ω gives `end_i ≤ max lst(Ω)`;
//! * *edge finding*: `min(est(Ω), est_i) + p(Ω) + p_i > lct(Ω)` gives `start_i ≥ ECT(Ω)`.
//!
//! A task that may be absent is pushed like any other, on the condition that it is there, and
//! becomes absent when it fits nowhere. O(n log n) a call.
//!
//! **Source:** Petr Vilím, *O(n log n) filtering algorithms for unary resource constraint* (CPAIOR
//! 2004) and *Computing explanations for the unary resource constraint* (CPAIOR 2005).

use super::theta_tree::ThetaTree;
use crate::atom::{Atom, Interval, Value};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Which rules run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisjunctiveParameters {
    /// Detectable precedences.
    pub detectable: bool,
    /// Not-first and not-last.
    pub not_last: bool,
    /// Edge finding; overload is found without it, too.
    pub edge_finding: bool,
}

impl Default for DisjunctiveParameters {
    fn default() -> Self {
        DisjunctiveParameters { detectable: true, not_last: true, edge_finding: true }
    }
}

const OVERLOAD: Value = 0;
const DETECTABLE: Value = 1;
const NOT_LAST: Value = 2;
const EDGE: Value = 3;

/// Length of every note: rule, direction, task, window end.
const NOTE: usize = 4;

#[derive(Clone, Copy, Debug, Default)]
struct Task {
    est: Value,
    ect: Value,
    lst: Value,
    lct: Value,
    duration: Value,
    there: bool,
    maybe: bool,
}

/// One direction of time.
#[derive(Debug)]
struct Direction {
    intervals: Vec<Interval>,
    tasks: Vec<Task>,
    by_est: Vec<u32>,
    by_ect: Vec<u32>,
    by_lst: Vec<u32>,
    by_lct: Vec<u32>,
    rank: Vec<u32>,
}

/// Tasks of one machine.
#[derive(Debug)]
pub struct Disjunctive {
    directions: [Direction; 2],
    tree: ThetaTree,
    parameters: DisjunctiveParameters,
}

impl Disjunctive {
    /// Tasks of positive duration that must not overlap.
    pub fn new(tasks: &[Interval], parameters: DisjunctiveParameters) -> Self {
        let mirrored: Vec<Interval> = tasks.iter().map(|task| task.mirrored()).collect();
        Disjunctive {
            directions: [Direction::new(tasks.to_vec()), Direction::new(mirrored)],
            tree: ThetaTree::default(),
            parameters,
        }
    }

    fn filter(&mut self, side: usize, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let direction = &mut self.directions[side];
        direction.read(state);
        direction.sort();
        direction.overload(&mut self.tree, side, state)?;
        if self.parameters.detectable {
            direction.detect(&mut self.tree, side, state)?;
        }
        if self.parameters.not_last {
            direction.not_last(&mut self.tree, side, state)?;
        }
        if self.parameters.edge_finding {
            direction.find_edges(&mut self.tree, side, state)?;
        }
        Ok(())
    }
}

/// Sorts ids that were nearly sorted before: linear then.
fn insertion_sort(order: &mut [u32], key: impl Fn(u32) -> Value) {
    for place in 1..order.len() {
        let id = order[place];
        let value = key(id);
        let mut hole = place;
        while hole > 0 && key(order[hole - 1]) > value {
            order[hole] = order[hole - 1];
            hole -= 1;
        }
        order[hole] = id;
    }
}

impl Direction {
    fn new(intervals: Vec<Interval>) -> Self {
        let ids: Vec<u32> = (0..intervals.len() as u32).collect();
        Direction {
            tasks: vec![Task::default(); intervals.len()],
            by_est: ids.clone(),
            by_ect: ids.clone(),
            by_lst: ids.clone(),
            by_lct: ids.clone(),
            rank: ids,
            intervals,
        }
    }

    fn read(&mut self, state: &Propagation<'_>) {
        for (interval, task) in self.intervals.iter().zip(&mut self.tasks) {
            let duration = state.lower(interval.duration);
            let (est, lct) = (state.lower(interval.start), state.upper(interval.end));
            *task = Task {
                est,
                ect: est + duration,
                lst: lct - duration,
                lct,
                duration,
                there: state.is_true(interval.present),
                maybe: !state.is_false(interval.present),
            };
        }
    }

    fn sort(&mut self) {
        let tasks = &self.tasks;
        insertion_sort(&mut self.by_est, |id| tasks[id as usize].est);
        insertion_sort(&mut self.by_ect, |id| tasks[id as usize].ect);
        insertion_sort(&mut self.by_lst, |id| tasks[id as usize].lst);
        insertion_sort(&mut self.by_lct, |id| tasks[id as usize].lct);
        for (rank, &id) in self.by_est.iter().enumerate() {
            self.rank[id as usize] = rank as u32;
        }
    }

    fn insert(&self, tree: &mut ThetaTree, id: u32) {
        let task = self.tasks[id as usize];
        tree.insert(self.rank[id as usize] as usize, task.est, task.duration);
    }

    fn remove(&self, tree: &mut ThetaTree, id: u32) {
        tree.remove(self.rank[id as usize] as usize);
    }

    fn overload(
        &self,
        tree: &mut ThetaTree,
        side: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        for &id in &self.by_lct {
            let task = self.tasks[id as usize];
            if task.there {
                self.insert(tree, id);
                if tree.end() > task.lct {
                    let payload = state.note(&[OVERLOAD, side as Value, -1, task.lct]);
                    return state.fail(payload);
                }
            }
        }
        Ok(())
    }

    /// Earliest end of the white tasks other than `id`.
    fn end_without(&self, tree: &mut ThetaTree, id: u32, inside: bool) -> Value {
        if !inside {
            return tree.end();
        }
        self.remove(tree, id);
        let end = tree.end();
        self.insert(tree, id);
        end
    }

    fn detect(
        &self,
        tree: &mut ThetaTree,
        side: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        let mut before = self.by_lst.iter().copied().peekable();
        for &id in &self.by_ect {
            let task = self.tasks[id as usize];
            if !task.maybe {
                continue;
            }
            while let Some(other) = before.next_if(|&it| self.tasks[it as usize].lst < task.ect) {
                if self.tasks[other as usize].there {
                    self.insert(tree, other);
                }
            }
            let inside = task.there && task.lst < task.ect;
            let end = self.end_without(tree, id, inside);
            if end > task.est {
                let payload = state.note(&[DETECTABLE, side as Value, Value::from(id), 0]);
                state.set(self.intervals[id as usize].start.at_least(end), payload)?;
            }
        }
        Ok(())
    }

    fn not_last(
        &self,
        tree: &mut ThetaTree,
        side: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        let mut before = self.by_lst.iter().copied().peekable();
        // The two latest starts among the white tasks: one of them is another task.
        let mut latest = [u32::MAX; 2];
        for &id in &self.by_lct {
            let task = self.tasks[id as usize];
            if !task.maybe {
                continue;
            }
            while let Some(other) = before.next_if(|&it| self.tasks[it as usize].lst < task.lct) {
                if self.tasks[other as usize].there {
                    self.insert(tree, other);
                    latest = [other, latest[0]];
                }
            }
            let inside = task.there && task.lst < task.lct;
            if self.end_without(tree, id, inside) <= task.lst {
                continue;
            }
            let last = if latest[0] == id { latest[1] } else { latest[0] };
            let bound = self.tasks[last as usize].lst;
            if bound < task.lct {
                let payload = state.note(&[NOT_LAST, side as Value, Value::from(id), 0]);
                state.set(self.intervals[id as usize].end.at_most(bound), payload)?;
            }
        }
        Ok(())
    }

    fn find_edges(
        &self,
        tree: &mut ThetaTree,
        side: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        for id in 0..self.tasks.len() as u32 {
            let task = self.tasks[id as usize];
            if task.there {
                self.insert(tree, id);
            } else if task.maybe {
                tree.shade(self.rank[id as usize] as usize, task.est, task.duration);
            }
        }
        for place in (0..self.by_lct.len()).rev() {
            let id = self.by_lct[place];
            let task = self.tasks[id as usize];
            if !task.there {
                continue;
            }
            // The white tasks are those that end by `task.lct`.
            loop {
                let (end, gray) = tree.gray_end();
                let Some(gray) = gray.filter(|_| end > task.lct) else { break };
                let pushed = self.by_est[gray];
                let start = tree.end();
                if start > self.tasks[pushed as usize].est {
                    let note = [EDGE, side as Value, Value::from(pushed), task.lct];
                    let payload = state.note(&note);
                    state.set(self.intervals[pushed as usize].start.at_least(start), payload)?;
                }
                tree.remove(gray);
            }
            tree.shade(self.rank[id as usize] as usize, task.est, task.duration);
        }
        Ok(())
    }

    /// Tasks of the past that are there, other than `but`: id, est, latest start, latest end and
    /// duration, by est from the latest on.
    fn there(&self, past: Past<'_>, but: Option<usize>) -> Vec<(usize, Task)> {
        let mut tasks: Vec<(usize, Task)> = (0..self.intervals.len())
            .filter(|&id| Some(id) != but && past.is_true(self.intervals[id].present))
            .map(|id| (id, self.past_task(id, past)))
            .collect();
        tasks.sort_unstable_by_key(|(id, task)| (-task.est, *id));
        tasks
    }

    fn past_task(&self, id: usize, past: Past<'_>) -> Task {
        let interval = self.intervals[id];
        let duration = past.lower(interval.duration);
        let (est, lct) = (past.lower(interval.start), past.upper(interval.end));
        Task {
            est,
            ect: est + duration,
            lst: lct - duration,
            lct,
            duration,
            there: true,
            maybe: true,
        }
    }

    /// Presence and least duration of a task whose work counts.
    fn push_work(&self, id: usize, task: Task, reason: &mut Vec<Atom>) {
        let interval = self.intervals[id];
        reason.push(interval.present);
        if !interval.duration.is_constant() {
            reason.push(interval.duration.at_least(task.duration));
        }
    }

    /// The tasks of `tasks` (by est from the latest on) up to the one with which their work ends
    /// at `bound` or later; and their work.
    fn filling(tasks: &[(usize, Task)], bound: Value) -> (&[(usize, Task)], Value) {
        let mut work = 0;
        for (place, (_, task)) in tasks.iter().enumerate() {
            work += task.duration;
            if task.est + work >= bound {
                return (&tasks[..=place], work);
            }
        }
        unreachable!("the work filled the bound when it was found");
    }

    fn explain_overload(&self, end: Value, past: Past<'_>, reason: &mut Vec<Atom>) {
        let mut tasks = self.there(past, None);
        tasks.retain(|(_, task)| task.lct <= end);
        let (window, work) = Direction::filling(&tasks, end + 1);
        let start = window.last().expect("a window has tasks").1.est;
        for &(id, task) in window {
            self.push_work(id, task, reason);
            reason.push(self.intervals[id].start.at_least(start));
            reason.push(self.intervals[id].end.at_most(start + work - 1));
        }
    }

    fn explain_detectable(
        &self,
        pushed: usize,
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lst < task.ect);
        let (filling, work) = Direction::filling(&tasks, bound);
        reason.push(self.intervals[pushed].start.at_least(task.est));
        self.push_own_duration(pushed, task, reason);
        for &(id, other) in filling {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].start.at_least(bound - work));
            // Latest start below the earliest end of the pushed task, by its end.
            reason.push(self.intervals[id].end.at_most(task.ect - 1 + other.duration));
        }
    }

    fn push_own_duration(&self, id: usize, task: Task, reason: &mut Vec<Atom>) {
        if !self.intervals[id].duration.is_constant() {
            reason.push(self.intervals[id].duration.at_least(task.duration));
        }
    }

    fn explain_not_last(
        &self,
        pushed: usize,
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lst <= bound);
        let (filling, work) = Direction::filling(&tasks, task.lst + 1);
        let start = filling.last().expect("somebody fills").1.est;
        self.push_own_duration(pushed, task, reason);
        reason.push(self.intervals[pushed].end.at_most(start + work - 1 + task.duration));
        for &(id, other) in filling {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].start.at_least(start));
            reason.push(self.intervals[id].end.at_most(bound + other.duration));
        }
    }

    fn explain_edge(
        &self,
        (pushed, end): (usize, Value),
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let task = self.past_task(pushed, past);
        let mut tasks = self.there(past, Some(pushed));
        tasks.retain(|(_, other)| other.lct <= end);
        // The window with which the pushed task does not fit: from the latest start back.
        let mut work = task.duration;
        let mut start = task.est;
        let mut members = 0;
        for (place, (_, other)) in tasks.iter().enumerate() {
            work += other.duration;
            start = start.min(other.est);
            members = place + 1;
            if start + work > end {
                break;
            }
        }
        debug_assert!(start + work > end, "the pushed task did not fit when it was found");
        // It ends last of all tasks that end by then; those that fill need not be in the window.
        let (filling, filled) = Direction::filling(&tasks, bound);
        reason.push(self.intervals[pushed].start.at_least(start));
        self.push_own_duration(pushed, task, reason);
        for (place, &(id, other)) in tasks[..members.max(filling.len())].iter().enumerate() {
            self.push_work(id, other, reason);
            reason.push(self.intervals[id].end.at_most(start + work - 1));
            if place < members {
                reason.push(self.intervals[id].start.at_least(start));
            }
            if place < filling.len() {
                reason.push(self.intervals[id].start.at_least(bound - filled));
            }
        }
    }
}

impl Propagator for Disjunctive {
    fn name(&self) -> &'static str {
        "disjunctive"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Disjunctive { tasks: self.directions[0].intervals.clone() }
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for task in &self.directions[0].intervals {
            wake.on_lower(task.start);
            wake.on_upper(task.end);
            wake.on_lower(task.duration);
            wake.on_true(task.present);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.filter(0, state)?;
        self.filter(1, state)
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let direction = &self.directions[note[1] as usize];
        if note[0] == OVERLOAD {
            return direction.explain_overload(note[3], past, reason);
        }
        let task = note[2] as usize;
        let interval = direction.intervals[task];
        match note[0] {
            DETECTABLE => {
                let bound = atom.value + interval.start.offset;
                direction.explain_detectable(task, bound, past, reason);
            }
            NOT_LAST => {
                let bound = interval.end.offset - atom.value;
                direction.explain_not_last(task, bound, past, reason);
            }
            _ => {
                let bound = atom.value + interval.start.offset;
                direction.explain_edge((task, note[3]), bound, past, reason);
            }
        }
    }
}
