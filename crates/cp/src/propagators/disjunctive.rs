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
//! becomes absent when it fits nowhere. Up to 64 tasks, the order of pairs is kept in words
//! that the trail restores, and plain loops look only at what is undecided around what changed;
//! beyond, Θ-Λ-trees in O(n log n).
//!
//! **Source:** Petr Vilím, *O(n log n) filtering algorithms for unary resource constraint* (CPAIOR
//! 2004).

mod large;
mod pairs;
mod reasons;
mod row;
mod tasks;
mod ticks;
mod windows;

use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Trail};
use pairs::Pairs;
use ticks::Ticks;

/// Most tasks whose pairs fit a word.
pub const SMALL: usize = 64;

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
    /// Most tasks whose pairs are kept, at most 64; larger machines use trees.
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
    /// Whether a rule runs that looks at windows.
    fn windows(&self) -> bool {
        self.overload || self.edge_finding || self.not_last
    }
}

const OVERLOAD: Value = 0;
const DETECTABLE: Value = 1;
const NOT_LAST: Value = 2;
const EDGE: Value = 3;
/// By pairs that were decided before, whoever decided them.
const ORDERED: Value = 4;

/// Length of every note: rule, direction, task, end of the window or set of tasks before.
const NOTE: usize = 4;

/// One direction of time: what is pushed and what explains.
#[derive(Debug)]
struct Direction {
    side: Value,
    intervals: Vec<Interval>,
}

impl Direction {
    /// What the rules of this direction raise: starts, and negated ends.
    fn start(&self, task: usize) -> View {
        self.intervals[task].start
    }

    #[inline]
    fn push_start(
        &self,
        rule: Value,
        task: usize,
        start: Value,
        window: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let payload = state.note(&[rule, self.side, task as Value, window]);
        state.set(self.intervals[task].start.at_least(start), payload)
    }

    fn push_end(
        &self,
        task: usize,
        end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let payload = state.note(&[NOT_LAST, self.side, task as Value, 0]);
        state.set(self.intervals[task].end.at_most(end), payload)
    }

    fn overloaded<T>(&self, window: Value, state: &mut Propagation<'_>) -> Result<T, Conflict> {
        let payload = state.note(&[OVERLOAD, self.side, -1, window]);
        state.fail(payload)
    }
}

/// What the rules work on, by number of tasks and span of time.
#[derive(Debug)]
enum Work {
    Short(Box<Pairs<i16>>),
    Middle(Box<Pairs<i32>>),
    Long(Box<Pairs<i64>>),
    Large(Box<large::Trees>),
}

/// Tasks of one machine.
#[derive(Debug)]
pub struct Disjunctive {
    directions: [Direction; 2],
    work: Work,
    parameters: DisjunctiveParameters,
}

impl Disjunctive {
    /// Tasks of positive duration that must not overlap.
    pub fn new(tasks: &[Interval], parameters: DisjunctiveParameters) -> Self {
        let mirrored: Vec<Interval> = tasks.iter().map(|task| task.mirrored()).collect();
        Disjunctive {
            directions: [
                Direction { side: 0, intervals: tasks.to_vec() },
                Direction { side: 1, intervals: mirrored },
            ],
            work: Work::Large(Box::new(large::Trees::new(tasks.len()))),
            parameters,
        }
    }

    /// Whether pairs are kept.
    fn is_small(&self) -> bool {
        self.directions[0].intervals.len() <= self.parameters.small.min(SMALL)
    }

    /// The window that put one task before another in a direction, if one did: its direction, who
    /// was pushed out of it, its end.
    fn decider(&self, side: usize, first: usize, second: usize) -> Option<(usize, usize, Value)> {
        match &self.work {
            Work::Short(pairs) => pairs.tasks.decider(side, first, second),
            Work::Middle(pairs) => pairs.tasks.decider(side, first, second),
            Work::Long(pairs) => pairs.tasks.decider(side, first, second),
            Work::Large(_) => None,
        }
    }

    /// Whether two tasks move together, so that pushing one moves the other unseen.
    fn shares_variables(&self) -> bool {
        let sides = |task: &Interval| [task.start.side.0, (-task.end).side.0];
        let mut all: Vec<u32> = self.directions[0].intervals.iter().flat_map(sides).collect();
        all.sort_unstable();
        all.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// Sorts ids that were nearly sorted before: linear then.
#[inline]
fn insertion_sort<Id: Copy, Key: Ord>(order: &mut [Id], key: impl Fn(Id) -> Key) {
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

impl Propagator for Disjunctive {
    fn name(&self) -> &'static str {
        "disjunctive"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Disjunctive { tasks: self.directions[0].intervals.clone() }
    }

    fn priority(&self) -> Priority {
        if self.is_small() { Priority::Linear } else { Priority::Dear }
    }

    /// Changes carry twice the number of the task, one more for what counts backward.
    fn wake_on(&self, wake: &mut Wake) {
        if self.is_small() && !self.shares_variables() {
            wake.but_its_own();
        }
        for (direction, side) in self.directions.iter().zip(0..) {
            for (id, task) in direction.intervals.iter().enumerate() {
                wake.tag(2 * id as u32 + side);
                wake.on_lower(task.start);
                wake.on_lower(task.duration);
                wake.on_true(task.present);
            }
        }
    }

    fn attach(&mut self, trail: &mut Trail) {
        if !self.is_small() {
            return;
        }
        let tasks = &self.directions[0].intervals;
        let origin = tasks.iter().map(|task| trail.lower(task.start)).min().unwrap_or(0);
        let end = tasks.iter().map(|task| trail.upper(task.end)).max().unwrap_or(0);
        let work: Value = tasks.iter().map(|task| trail.upper(task.duration)).sum();
        let size = end - origin + work;
        self.work = if size < i16::LIMIT {
            Work::Short(Box::new(Pairs::new(tasks, origin, trail)))
        } else if size < i32::LIMIT {
            Work::Middle(Box::new(Pairs::new(tasks, origin, trail)))
        } else {
            Work::Long(Box::new(Pairs::new(tasks, origin, trail)))
        };
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        match &mut self.work {
            Work::Short(pairs) => pairs.filter(&self.directions, &self.parameters, state),
            Work::Middle(pairs) => pairs.filter(&self.directions, &self.parameters, state),
            Work::Long(pairs) => pairs.filter(&self.directions, &self.parameters, state),
            Work::Large(trees) => trees.filter(&self.directions, &self.parameters, state),
        }
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
            ORDERED => {
                let bound = atom.value + interval.start.offset;
                let before = note[3] as tasks::Set;
                let found = (task, direction.side as usize, before);
                self.explain_ordered(found, bound, past, reason);
            }
            _ => {
                let bound = atom.value + interval.start.offset;
                direction.explain_edge((task, note[3]), bound, past, reason);
            }
        }
    }
}
