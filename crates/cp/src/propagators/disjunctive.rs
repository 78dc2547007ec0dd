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
//! becomes absent when it fits nowhere. Up to [`SMALL`] tasks, plain loops in O(n²) that skip what
//! cannot be tight; beyond, Θ-Λ-trees in O(n log n).
//!
//! **Source:** Petr Vilím, *O(n log n) filtering algorithms for unary resource constraint* (CPAIOR
//! 2004).

mod large;
mod reasons;
mod small;

use super::theta_tree::ThetaTree;
use crate::atom::{Atom, Interval, Value};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Machines of at most so many tasks are swept by plain loops.
pub const SMALL: usize = 96;

/// Which rules run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisjunctiveParameters {
    /// Detectable precedences.
    pub detectable: bool,
    /// Not-first and not-last.
    pub not_last: bool,
    /// Overload; edge finding looks for it anyway.
    pub overload: bool,
    /// Edge finding.
    pub edge_finding: bool,
    /// Most tasks that plain loops sweep.
    pub small: usize,
}

impl Default for DisjunctiveParameters {
    fn default() -> Self {
        DisjunctiveParameters {
            detectable: true,
            not_last: true,
            overload: true,
            edge_finding: true,
            small: SMALL,
        }
    }
}

impl DisjunctiveParameters {
    /// Detectable precedences alone: cheap, and what most other changes come from.
    pub fn quick() -> Self {
        DisjunctiveParameters {
            not_last: false,
            overload: false,
            edge_finding: false,
            ..DisjunctiveParameters::default()
        }
    }

    /// Everything but detectable precedences.
    pub fn thorough() -> Self {
        DisjunctiveParameters { detectable: false, ..DisjunctiveParameters::default() }
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

impl Task {
    /// The same task seen from the end of time.
    fn mirrored(self) -> Task {
        Task { est: -self.lct, ect: -self.lst, lst: -self.ect, lct: -self.est, ..self }
    }
}

/// One direction of time.
#[derive(Debug)]
struct Direction {
    side: Value,
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
    sweep: small::Sweep,
    parameters: DisjunctiveParameters,
}

impl Disjunctive {
    /// Tasks of positive duration that must not overlap.
    pub fn new(tasks: &[Interval], parameters: DisjunctiveParameters) -> Self {
        let mirrored: Vec<Interval> = tasks.iter().map(|task| task.mirrored()).collect();
        Disjunctive {
            directions: [Direction::new(0, tasks.to_vec()), Direction::new(1, mirrored)],
            tree: ThetaTree::default(),
            sweep: small::Sweep::new(tasks.len()),
            parameters,
        }
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
    fn new(side: Value, intervals: Vec<Interval>) -> Self {
        let ids: Vec<u32> = (0..intervals.len() as u32).collect();
        Direction {
            side,
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
        let tasks = &self.tasks;
        insertion_sort(&mut self.by_est, |id| tasks[id as usize].est);
        insertion_sort(&mut self.by_ect, |id| tasks[id as usize].ect);
        insertion_sort(&mut self.by_lst, |id| tasks[id as usize].lst);
        insertion_sort(&mut self.by_lct, |id| tasks[id as usize].lct);
    }

    /// Takes over what the other direction read.
    fn mirror(&mut self, other: &Direction) {
        for (task, seen) in self.tasks.iter_mut().zip(&other.tasks) {
            *task = seen.mirrored();
        }
        let copy = |to: &mut [u32], from: &[u32]| {
            for (to, from) in to.iter_mut().zip(from.iter().rev()) {
                *to = *from;
            }
        };
        copy(&mut self.by_est, &other.by_lct);
        copy(&mut self.by_lct, &other.by_est);
        copy(&mut self.by_ect, &other.by_lst);
        copy(&mut self.by_lst, &other.by_ect);
    }

    fn push_start(
        &self,
        rule: Value,
        task: u32,
        start: Value,
        window: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let payload = state.note(&[rule, self.side, Value::from(task), window]);
        state.set(self.intervals[task as usize].start.at_least(start), payload)
    }

    fn push_end(&self, task: u32, end: Value, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let payload = state.note(&[NOT_LAST, self.side, Value::from(task), 0]);
        state.set(self.intervals[task as usize].end.at_most(end), payload)
    }

    fn overloaded<T>(&self, window: Value, state: &mut Propagation<'_>) -> Result<T, Conflict> {
        let payload = state.note(&[OVERLOAD, self.side, -1, window]);
        state.fail(payload)
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
        if self.parameters.not_last || self.parameters.edge_finding {
            Priority::Dear
        } else {
            Priority::Sorted
        }
    }

    fn wake_on(&self, wake: &mut Wake) {
        for (id, task) in self.directions[0].intervals.iter().enumerate() {
            wake.tag(id as u32);
            wake.on_lower(task.start);
            wake.on_upper(task.end);
            wake.on_lower(task.duration);
            wake.on_true(task.present);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        if self.directions[0].tasks.len() <= self.parameters.small {
            return self.filter_small(state);
        }
        let [forward, backward] = &mut self.directions;
        forward.read(state);
        backward.mirror(forward);
        forward.filter_large(&mut self.tree, &self.parameters, state)?;
        backward.filter_large(&mut self.tree, &self.parameters, state)
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
