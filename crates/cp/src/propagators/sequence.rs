//! Disjunctive with an atom per pair: tasks of one machine, in an order that Booleans say.
//!
//! For tasks `i ≠ j` the atom `before(i, j)` means "i ends before j starts, if both are there"; its
//! negation is `before(j, i)`. The temporal graph moves bounds along decided pairs and refutes
//! pairs that cannot be. This propagator adds what needs more than two tasks, in both directions of
//! time:
//!
//! * *predecessors*: `start_i ≥ max over Ω ⊆ {j : before(j, i)} of min est(Ω) + p(Ω)`;
//! * *overload*: `est(Ω) + p(Ω) > lct(Ω)` fails;
//! * *edge finding*: `min(est(Ω), est_i) + p(Ω) + p_i > lct(Ω)` sets `before(j, i)` for all j in Ω,
//!   so that short clauses over pairs are learned instead of long ones over bounds.
//!
//! O(n²) a call, which for machines of up to a hundred tasks beats trees.
//!
//! **Source:** Jacques Carlier, Éric Pinson (1989, 1990), for the rules; Emmanuel Hebrard, *Tempo*
//! (CP 2025), for inferring edges first; Petr Vilím, *Computing explanations for the unary resource
//! constraint* (CPAIOR 2005), for the slack that a reason may keep.

use crate::atom::{Atom, Interval, Value};
use crate::declaration::Declaration;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Which rules run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceParameters {
    /// Energy of all predecessors of a task.
    pub predecessors: bool,
    /// Overload and edge finding.
    pub edge_finding: bool,
}

impl Default for SequenceParameters {
    fn default() -> Self {
        SequenceParameters { predecessors: true, edge_finding: true }
    }
}

/// Direction of time, and which rule wrote a note.
const PREDECESSORS: Value = 0;
const WINDOW: Value = 1;

/// Length of every note: rule, direction, window start, window end, task.
const NOTE: usize = 5;

#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    est: Value,
    lct: Value,
    duration: Value,
    there: bool,
    maybe: bool,
}

/// Tasks of one machine with an atom for the order of each pair.
#[derive(Debug)]
pub struct Sequence {
    /// By direction of time: forward, mirrored.
    tasks: [Vec<Interval>; 2],
    /// `before[i * n + j]`, forward; [`Atom::FALSE`] on the diagonal.
    before: Vec<Atom>,
    parameters: SequenceParameters,
    bounds: Vec<Bounds>,
    by_est: [Vec<usize>; 2],
    ends: Vec<Value>,
    suffix: Vec<(Value, Value, Value)>,
}

impl Sequence {
    /// `before[i * n + j]` says that task i goes before task j.
    ///
    /// # Panics
    /// When `before` is not a square of the number of tasks.
    pub fn new(tasks: &[Interval], before: Vec<Atom>, parameters: SequenceParameters) -> Self {
        let count = tasks.len();
        assert_eq!(before.len(), count * count, "an atom per ordered pair");
        let mirrored = tasks.iter().map(|task| task.mirrored()).collect();
        Sequence {
            tasks: [tasks.to_vec(), mirrored],
            before,
            parameters,
            bounds: vec![Bounds::default(); count],
            by_est: [(0..count).collect(), (0..count).collect()],
            ends: Vec::with_capacity(count),
            suffix: Vec::with_capacity(count + 1),
        }
    }

    /// The atom "a before b" as seen in a direction of time.
    fn pair(&self, direction: usize, first: usize, second: usize) -> Atom {
        let count = self.tasks[0].len();
        if direction == 0 {
            self.before[first * count + second]
        } else {
            self.before[second * count + first]
        }
    }

    fn refresh(&mut self, direction: usize, state: &Propagation<'_>) {
        for (task, bounds) in self.tasks[direction].iter().zip(&mut self.bounds) {
            *bounds = Bounds {
                est: state.lower(task.start),
                lct: state.upper(task.end),
                duration: state.lower(task.duration),
                there: state.is_true(task.present),
                maybe: !state.is_false(task.present),
            };
        }
        // Nearly sorted since the last call: insertion is linear then.
        let order = &mut self.by_est[direction];
        for k in 1..order.len() {
            let task = order[k];
            let est = self.bounds[task].est;
            let mut place = k;
            while place > 0 && self.bounds[order[place - 1]].est > est {
                order[place] = order[place - 1];
                place -= 1;
            }
            order[place] = task;
        }
    }

    /// Each task starts after the work of its predecessors.
    fn follow_predecessors(
        &mut self,
        direction: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for task in 0..self.bounds.len() {
            if !self.bounds[task].maybe {
                continue;
            }
            let mut finish = Value::MIN;
            for &other in &self.by_est[direction] {
                let bounds = self.bounds[other];
                if other != task && bounds.there && state.is_true(self.pair(direction, other, task))
                {
                    finish = finish.max(bounds.est) + bounds.duration;
                }
            }
            if finish > self.bounds[task].est {
                let start = self.tasks[direction][task].start;
                let payload = state.note(&[PREDECESSORS, direction as Value, 0, 0, task as Value]);
                // The order by est stays as it is until the next refresh.
                state.set(start.at_least(finish), payload)?;
            }
        }
        Ok(())
    }

    /// Overload and edge finding, window end by window end.
    fn find_edges(
        &mut self,
        direction: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.ends.clear();
        self.ends.extend(self.bounds.iter().filter(|task| task.there).map(|task| task.lct));
        self.ends.sort_unstable();
        self.ends.dedup();
        for k in 0..self.ends.len() {
            self.check_window(direction, self.ends[k], state)?;
        }
        Ok(())
    }

    fn check_window(
        &mut self,
        direction: usize,
        end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        // From the latest start of a window back: work inside, and the latest window start at
        // which the work would end last.
        let order = &self.by_est[direction];
        let count = order.len();
        self.suffix.clear();
        self.suffix.resize(count + 1, (0, Value::MIN / 2, 0));
        let mut work = 0;
        let mut latest = (Value::MIN / 2, 0);
        for place in (0..count).rev() {
            let task = self.bounds[order[place]];
            if task.there && task.lct <= end {
                work += task.duration;
                if task.est + work > latest.0 {
                    latest = (task.est + work, task.est);
                }
            }
            self.suffix[place] = (work, latest.0, latest.1);
        }
        if latest.0 > end {
            let payload = state.note(&[WINDOW, direction as Value, latest.1, end, -1]);
            return state.fail(payload);
        }
        // A window may start before the task (prefix of the order) or with it.
        let mut before = (Value::MIN / 2, 0);
        for place in 0..count {
            let index = self.by_est[direction][place];
            let task = self.bounds[index];
            let (work, ..) = self.suffix[place];
            if task.there && task.lct <= end {
                if task.est + work > before.0 {
                    before = (task.est + work, task.est);
                }
                continue;
            }
            if !task.there {
                continue;
            }
            let with = if work > 0 { task.est + work } else { Value::MIN / 2 };
            let (reach, start) = if with >= before.0 { (with, task.est) } else { before };
            if reach + task.duration > end {
                self.set_edges(direction, index, start, end, state)?;
            }
        }
        Ok(())
    }

    /// Everything inside the window goes before `task`.
    fn set_edges(
        &self,
        direction: usize,
        task: usize,
        start: Value,
        end: Value,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut payload = None;
        for (other, bounds) in self.bounds.iter().enumerate() {
            if other == task || !bounds.there || bounds.est < start || bounds.lct > end {
                continue;
            }
            let edge = self.pair(direction, other, task);
            if !state.is_true(edge) {
                let payload = *payload.get_or_insert_with(|| {
                    state.note(&[WINDOW, direction as Value, start, end, task as Value])
                });
                state.set(edge, payload)?;
            }
        }
        Ok(())
    }

    /// Predecessors that were known, from the latest start on, until their work fills the bound.
    fn explain_predecessors(
        &self,
        direction: usize,
        task: usize,
        bound: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let tasks = &self.tasks[direction];
        let mut known: Vec<(Value, usize)> = (0..tasks.len())
            .filter(|&other| {
                other != task
                    && past.is_true(tasks[other].present)
                    && past.is_true(self.pair(direction, other, task))
            })
            .map(|other| (past.lower(tasks[other].start), other))
            .collect();
        known.sort_unstable_by(|a, b| b.cmp(a));
        let mut work = 0;
        for (place, &(est, other)) in known.iter().enumerate() {
            work += past.lower(tasks[other].duration);
            if est + work >= bound {
                for &(_, member) in &known[..=place] {
                    let member_task = tasks[member];
                    reason.push(self.pair(direction, member, task));
                    reason.push(member_task.present);
                    reason.push(member_task.start.at_least(bound - work));
                    push_duration(member_task, past, reason);
                }
                return;
            }
        }
        unreachable!("the work of the predecessors filled the bound when it was found");
    }

    /// Tasks inside the window, and the one that does not fit with them.
    fn explain_window(
        &self,
        direction: usize,
        (start, end): (Value, Value),
        task: Option<usize>,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let tasks = &self.tasks[direction];
        let inside = |index: &usize| {
            let member = tasks[*index];
            task != Some(*index)
                && past.is_true(member.present)
                && past.lower(member.start) >= start
                && past.upper(member.end) <= end
        };
        let work: Value = (0..tasks.len())
            .filter(inside)
            .chain(task)
            .map(|index| past.lower(tasks[index].duration))
            .sum();
        // One tick less of work would fit: the window may be wider by what is left over.
        let end = start + work - 1;
        for member in (0..tasks.len()).filter(inside) {
            push_inside(tasks[member], (start, end), past, reason);
        }
        if let Some(task) = task {
            push_from(tasks[task], start, past, reason);
        }
    }
}

/// A task that is there lies in a window.
pub(super) fn push_inside(
    task: Interval,
    (start, end): (Value, Value),
    past: Past<'_>,
    reason: &mut Vec<Atom>,
) {
    push_from(task, start, past, reason);
    reason.push(task.end.at_most(end));
}

/// A task that is there starts no earlier than a window.
pub(super) fn push_from(task: Interval, start: Value, past: Past<'_>, reason: &mut Vec<Atom>) {
    reason.push(task.present);
    reason.push(task.start.at_least(start));
    push_duration(task, past, reason);
}

/// The least duration, where it varies.
pub(super) fn push_duration(task: Interval, past: Past<'_>, reason: &mut Vec<Atom>) {
    if !task.duration.is_constant() {
        reason.push(task.duration.at_least(past.lower(task.duration)));
    }
}

impl Propagator for Sequence {
    fn name(&self) -> &'static str {
        "sequence"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Sequence { tasks: self.tasks[0].clone(), before: self.before.clone() }
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for task in &self.tasks[0] {
            wake.on_lower(task.start);
            wake.on_upper(task.end);
            wake.on_lower(task.duration);
            wake.on_decided(task.present);
        }
        for &edge in &self.before {
            wake.on_true(edge);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for direction in 0..2 {
            self.refresh(direction, state);
            if self.parameters.predecessors {
                self.follow_predecessors(direction, state)?;
                self.refresh(direction, state);
            }
            if self.parameters.edge_finding {
                self.find_edges(direction, state)?;
            }
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let direction = note[1] as usize;
        if note[0] == PREDECESSORS {
            let task = note[4] as usize;
            let start = self.tasks[direction][task].start;
            self.explain_predecessors(direction, task, atom.value + start.offset, past, reason);
        } else {
            let task = usize::try_from(note[4]).ok();
            self.explain_window(direction, (note[2], note[3]), task, past, reason);
        }
    }
}
