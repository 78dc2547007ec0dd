//! The pairs of a small machine: who is before whom, kept on the trail, and what follows from it.
//!
//! In either direction of time a task has the set of tasks that are known to be before it, a word
//! in a cell of the trail. When a bound rises, only the undecided pairs of its task are looked at,
//! and only tasks behind it are pushed: by the pairs at once, in order of est so that nobody is
//! pushed twice; by the work of all their predecessors if the task has moved to where an undecided
//! one starts, for nothing else can make that work end later; by windows of undecided tasks when
//! nothing cheaper waits. O(u + s) for u undecided pairs and s successors of a task that moved,
//! O(n) for each of them that gets a look at its predecessors.
//!
//! **Source:** Petr Vilím (CPAIOR 2004) for the rule; the sets are those of Philippe Baptiste,
//! Claude Le Pape, *Edge-finding constraint propagation algorithms for disjunctive and cumulative
//! scheduling* (1996).

use super::ticks::Ticks;
use super::windows::Windows;
use super::{Direction, DisjunctiveParameters, ORDERED, SMALL, insertion_sort};
use crate::atom::{Atom, Interval, Value, View};
use crate::propagator::{Priority, Propagation, Wake};
use crate::trail::{Conflict, Trail};

/// A set of tasks.
pub(super) type Set = u64;

/// The tasks of a set, by number.
#[derive(Clone, Copy)]
pub(super) struct Members(pub(super) Set);

impl Iterator for Members {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let task = self.0.trailing_zeros() as usize % SMALL;
        self.0 &= self.0 - 1;
        Some(task)
    }
}

#[inline]
pub(super) fn only(task: usize) -> Set {
    1 << task
}

/// Whether a set has fewer than two members.
#[inline]
fn is_single(set: Set) -> bool {
    set & set.wrapping_sub(1) == 0
}

/// A number of each task.
pub(super) type PerTask<T> = [T; SMALL];

/// Tasks of one machine: where their bounds are, what they were, and what is known of pairs.
#[derive(Debug)]
pub(super) struct Pairs<T> {
    /// By direction: what is raised, starts and negated ends, from `origin` on.
    views: [Vec<View>; 2],
    durations: Vec<View>,
    presences: Vec<Atom>,
    /// Tasks whose duration may grow, and those that may be absent.
    varying: Set,
    optional: Set,
    pub(super) tasks: Tasks<T>,
    windows: Windows<T>,
}

/// Bounds of all tasks by direction of time, and what is to be done about them.
#[derive(Debug)]
pub(super) struct Tasks<T> {
    pub(super) count: usize,
    all: Set,
    /// Where times count from.
    origin: Value,
    /// By direction: earliest starts, and what they were when their consequences were last drawn.
    pub(super) est: [PerTask<T>; 2],
    from: [PerTask<T>; 2],
    pub(super) duration: PerTask<T>,
    /// Tasks that are there, and those that may be.
    pub(super) there: Set,
    pub(super) maybe: Set,
    /// Tasks of which more than the est may have changed.
    special: Set,
    /// By direction: tasks whose est rose, tasks that got a predecessor, tasks whose predecessors
    /// may end later by their work.
    moved: [Set; 2],
    pulled: [Set; 2],
    loaded: [Set; 2],
    /// By direction: tasks whose est rose since windows were looked at, and what it was then.
    pub(super) changed: [Set; 2],
    pub(super) seen: [PerTask<T>; 2],
    /// By direction: tasks by est, up to date after `sort`.
    pub(super) order: [Vec<u8>; 2],
    /// First cell of the sets.
    cells: u32,
    /// When bounds were read.
    undone: u64,
    /// By pair: the window that decided it last.
    deciders: Vec<Option<Decider<T>>>,
    detectable: bool,
}

/// A window that decided pairs: `pushed` goes after all tasks inside, in the direction `side`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decider<T> {
    pub(super) side: usize,
    pub(super) end: T,
    pub(super) pushed: usize,
}

impl<T: Ticks> Pairs<T> {
    /// The cells of the pairs are asked for from the trail.
    pub(super) fn new(intervals: &[Interval], origin: Value, trail: &mut Trail) -> Self {
        let count = intervals.len();
        let set = |holds: &dyn Fn(&Interval) -> bool| {
            (0..count).filter(|&id| holds(&intervals[id])).map(only).sum()
        };
        let ids: Vec<u8> = (0..count as u8).collect();
        let (varying, optional) =
            (set(&|it| !it.duration.is_constant()), set(&|it| it.present != Atom::TRUE));
        let mut tasks = Tasks {
            count,
            all: set(&|_| true),
            origin,
            est: [[T::NEVER; SMALL]; 2],
            from: [[T::NEVER; SMALL]; 2],
            duration: [T::default(); SMALL],
            there: 0,
            maybe: 0,
            special: varying | optional,
            moved: [0; 2],
            pulled: [0; 2],
            loaded: [0; 2],
            changed: [0; 2],
            seen: [[T::NEVER; SMALL]; 2],
            order: [ids.clone(), ids],
            cells: trail.add_cells(2 * count),
            undone: u64::MAX,
            deciders: vec![None; count * count],
            detectable: true,
        };
        for (id, it) in intervals.iter().enumerate() {
            tasks.duration[id] = T::read(trail.lower(it.duration));
        }
        Pairs {
            views: [
                intervals.iter().map(|it| it.start - origin).collect(),
                intervals.iter().map(|it| -(it.end - origin)).collect(),
            ],
            durations: intervals.iter().map(|it| it.duration).collect(),
            presences: intervals.iter().map(|it| it.present).collect(),
            varying,
            optional,
            tasks,
            windows: Windows::default(),
        }
    }

    /// Draws conclusions, the cheap ones first, and postpones windows.
    pub(super) fn filter(
        &mut self,
        directions: &[Direction; 2],
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.read(state);
        let tasks = &mut self.tasks;
        tasks.detectable = parameters.detectable;
        tasks.settle(directions, state)?;
        if state.priority() == Priority::Dear {
            self.windows.filter(tasks, directions, parameters, state)?;
            tasks.settle(directions, state)?;
        }
        if tasks.changed != [0; 2] && parameters.windows() {
            state.postpone(Priority::Dear);
        }
        Ok(())
    }

    /// Reads what may have changed: everything after levels were undone, else what is tagged.
    fn read(&mut self, state: &Propagation<'_>) {
        let tasks = &mut self.tasks;
        let undone = tasks.undone != state.undone_total;
        if undone {
            tasks.undone = state.undone_total;
            (tasks.moved, tasks.pulled, tasks.loaded) = ([0; 2], [0; 2], [0; 2]);
            tasks.changed = [0; 2];
            tasks.there = tasks.all & !self.optional;
            tasks.maybe = tasks.all;
            for (est, views) in tasks.est.iter_mut().zip(&self.views) {
                for (est, &view) in est.iter_mut().zip(views) {
                    *est = T::read(state.lower(view));
                }
            }
        }
        for &tag in state.tags() {
            if tag == Wake::ALL {
                tasks.from = [[T::NEVER; SMALL]; 2];
                (tasks.moved, tasks.loaded) = ([tasks.all; 2], [tasks.all; 2]);
                continue;
            }
            let (id, side) = (tag as usize / 2 % SMALL, tag as usize % 2);
            let view = self.views[side][id];
            if tasks.moved[side] & only(id) == 0 {
                tasks.moved[side] |= only(id);
                tasks.from[side][id] = if undone {
                    T::read(state.settled_bound(view.side) + view.offset)
                } else {
                    tasks.est[side][id]
                };
            }
            tasks.est[side][id] = T::read(state.lower(view));
        }
        for id in Members(self.optional) {
            let present = self.presences[id];
            tasks.there |= if state.is_true(present) { only(id) } else { 0 };
            tasks.maybe &= if state.is_false(present) { !only(id) } else { Set::MAX };
        }
        for id in Members(self.varying) {
            tasks.duration[id] = T::read(state.lower(self.durations[id]));
        }
    }
}

impl<T: Ticks> Tasks<T> {
    /// The cell with the tasks before a task, in a direction.
    #[inline]
    fn cell(&self, side: usize, task: usize) -> u32 {
        self.cells + (side * self.count + task) as u32
    }

    /// Tasks before a task, in a direction.
    #[inline]
    pub(super) fn before(&self, side: usize, task: usize, trail: &Trail) -> Set {
        trail.cell(self.cell(side, task))
    }

    /// Tasks whose order with a task is open.
    #[inline]
    pub(super) fn undecided(&self, task: usize, trail: &Trail) -> Set {
        let decided = self.before(0, task, trail) | self.before(1, task, trail);
        self.maybe & !decided & !only(task)
    }

    /// Follows what moved along pairs, and the work of predecessors, until nothing moves.
    fn settle(
        &mut self,
        directions: &[Direction; 2],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        loop {
            for (side, direction) in directions.iter().enumerate() {
                loop {
                    let waiting = (self.moved[side] | self.pulled[side]) & self.maybe;
                    if waiting == 0 {
                        break;
                    }
                    let task = if is_single(waiting) {
                        waiting.trailing_zeros() as usize % SMALL
                    } else {
                        self.first(side, waiting)
                    };
                    self.visit(side, task, direction, state)?;
                }
                if self.loaded[side] != 0 {
                    self.push_loaded(side, direction, state)?;
                }
            }
            let waiting = self.moved[0] | self.moved[1] | self.pulled[0] | self.pulled[1];
            if waiting & self.maybe == 0 {
                return Ok(());
            }
        }
    }

    /// The task of the least est.
    fn first(&self, side: usize, set: Set) -> usize {
        let est = &self.est[side];
        Members(set).min_by_key(|&task| est[task]).expect("the set has members")
    }

    /// Draws the conclusions of one task's new est.
    fn visit(
        &mut self,
        side: usize,
        task: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let me = only(task);
        let before = self.before(side, task, state);
        let after = self.before(1 - side, task, state) & self.maybe;
        if self.pulled[side] & me != 0 {
            self.pulled[side] &= !me;
            // Those that have moved push when their turn comes.
            let ends = Members(before & self.there & !self.moved[side])
                .map(|other| self.est[side][other] + self.duration[other]);
            let start = ends.max().unwrap_or(T::NEVER);
            self.raise(side, task, start);
        }
        if self.moved[side] & me == 0 || !self.write(side, task, direction, state)? {
            return Ok(());
        }
        let open = self.maybe & !(before | after | me);
        let (found, near) = self.look(side, task, open);
        if open != 0 {
            self.change(side, task);
        }
        if found != 0 && self.detectable {
            let start = self.decide(side, task, (found, None), state);
            if start > self.est[side][task] {
                self.est[side][task] = start;
                return Ok(());
            }
        }
        self.moved[side] &= !me;
        if self.there & me != 0 {
            if near & self.there | self.special & me != 0 {
                self.loaded[side] |= after;
            }
            let end = self.est[side][task] + self.duration[task];
            for other in Members(after) {
                self.raise(side, other, end);
            }
        }
        Ok(())
    }

    /// Among open pairs of a task: who must be before it, and who starts where it has passed.
    #[inline]
    fn look(&self, side: usize, task: usize, open: Set) -> (Set, Set) {
        let end = self.est[side][task] + self.duration[task];
        let from = self.from[side][task];
        let (est, opposite) = (&self.est[side], &self.est[1 - side]);
        let (mut found, mut near) = (0, 0);
        for other in Members(open) {
            // The latest start of the other is the negated earliest end of its mirror image.
            let before = end + opposite[other] + self.duration[other] > T::default();
            found |= if before { only(other) } else { 0 };
            let start = est[other];
            near |= if (start > from) & (start < end) { only(other) } else { 0 };
        }
        (found, near)
    }

    /// Remembers what windows have seen of a task.
    #[inline]
    fn change(&mut self, side: usize, task: usize) {
        if self.changed[side] & only(task) == 0 {
            self.changed[side] |= only(task);
            let known = self.special & only(task) == 0;
            self.seen[side][task] = if known { self.from[side][task] } else { T::NEVER };
        }
    }

    #[inline]
    fn raise(&mut self, side: usize, task: usize, start: T) {
        let old = self.est[side][task];
        if start > old {
            self.est[side][task] = start;
            if self.moved[side] & only(task) == 0 {
                self.moved[side] |= only(task);
                self.from[side][task] = old;
            }
        }
    }

    /// A bound was pushed; it may have made the task absent instead.
    pub(super) fn pushed(
        &mut self,
        side: usize,
        task: usize,
        start: T,
        (direction, state): (&Direction, &Propagation<'_>),
    ) {
        if self.special & only(task) != 0 && state.is_false(direction.intervals[task].present) {
            self.maybe &= !only(task);
        } else {
            self.raise(side, task, start);
        }
    }

    /// A time of a direction as the variables know it.
    #[inline]
    pub(super) fn value(&self, side: usize, time: T) -> Value {
        time.value() + if side == 0 { self.origin } else { -self.origin }
    }

    /// Makes a bound hold that was only noted. False if the task is absent.
    #[inline]
    fn write(
        &mut self,
        side: usize,
        task: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<bool, Conflict> {
        let start = self.value(side, self.est[side][task]);
        let view = direction.start(task);
        if start > state.lower(view) {
            // Explained by all that are known to be before it.
            let before = self.before(side, task, state) & self.there;
            direction.push_start(ORDERED, task, start, before as Value, state)?;
            if state.lower(view) < start {
                self.maybe &= !only(task);
                self.moved[side] &= !only(task);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes who is now known to be before a task, and returns when they end
    /// as far as they have not moved.
    fn decide(
        &mut self,
        side: usize,
        task: usize,
        (found, decider): (Set, Option<Decider<T>>),
        state: &mut Propagation<'_>,
    ) -> T {
        let mut start = T::NEVER;
        self.loaded[side] |= only(task);
        let cell = self.cell(side, task);
        state.set_cell(cell, state.cell(cell) | found);
        for other in Members(found) {
            let cell = self.cell(1 - side, other);
            state.set_cell(cell, state.cell(cell) | only(task));
            if state.explaining {
                self.deciders[task.min(other) * self.count + task.max(other)] = decider;
            }
            if self.there & !self.moved[side] & only(other) != 0 {
                start = start.max(self.est[side][other] + self.duration[other]);
            }
        }
        if self.there & only(task) != 0 {
            self.pulled[1 - side] |= found;
            self.loaded[1 - side] |= found;
        }
        start
    }

    /// A window puts a task after all tasks inside, in a direction; what is new is noted.
    pub(super) fn order(
        &mut self,
        side: usize,
        task: usize,
        (inside, decider): (Set, Decider<T>),
        state: &mut Propagation<'_>,
    ) {
        let found = inside & !self.before(side, task, state);
        if found != 0 {
            self.decide(side, task, (found, Some(decider)), state);
            self.pulled[side] |= only(task);
        }
    }

    /// The window that decided a pair, if one did; its end as the variables know it.
    pub(super) fn decider(&self, one: usize, other: usize) -> Option<(usize, usize, Value)> {
        let decider = self.deciders[one.min(other) * self.count + one.max(other)]?;
        Some((decider.side, decider.pushed, self.value(decider.side, decider.end)))
    }

    /// Brings the order of a direction up to date.
    pub(super) fn sort(&mut self, side: usize) {
        let est = &self.est[side];
        insertion_sort(&mut self.order[side], |id| est[id as usize % SMALL]);
    }

    /// Pushes tasks of a direction by the work of all their predecessors.
    fn push_loaded(
        &mut self,
        side: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let loaded = std::mem::take(&mut self.loaded[side]) & self.maybe;
        self.sort(side);
        for task in Members(loaded) {
            let before = self.before(side, task, state) & self.there;
            // One predecessor has pushed already.
            if is_single(before) {
                continue;
            }
            let mut end = T::NEVER;
            for &id in &self.order[side] {
                let id = id as usize % SMALL;
                if before & only(id) != 0 {
                    end = end.max(self.est[side][id]) + self.duration[id];
                }
            }
            self.raise(side, task, end);
            if self.moved[side] & only(task) != 0 {
                self.write(side, task, direction, state)?;
                self.sort(side);
            }
        }
        Ok(())
    }
}
