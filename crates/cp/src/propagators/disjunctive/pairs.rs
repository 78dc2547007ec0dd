//! The pairs of a small machine: who is before whom, kept on the trail, and what follows from it.
//!
//! In either direction of time a task has the set of tasks that are known to be before it, a word
//! in a cell of the trail. When a bound rises, only the undecided pairs of its task are looked at,
//! and only tasks behind it are pushed: by the pairs at once, in order of est so that nobody is
//! pushed twice; by the work of all their predecessors when nothing cheaper waits; by windows of
//! undecided tasks last. O(u + s) for u undecided pairs and s successors of a task that moved,
//! O(n) for each of them that gets a look at its predecessors.
//!
//! **Source:** Petr Vilím (CPAIOR 2004) for the rule; the sets are those of Philippe Baptiste,
//! Claude Le Pape, *Edge-finding constraint propagation algorithms for disjunctive and cumulative
//! scheduling* (1996).

use super::super::theta_tree::NEVER;
use super::{DETECTABLE, Direction, DisjunctiveParameters, SMALL, insertion_sort, windows};
use crate::atom::{Atom, Interval, Value, View};
use crate::propagator::{Priority, Propagation, Wake};
use crate::trail::{Conflict, Trail};

/// A set of tasks.
pub(super) type Set = u64;

/// The tasks of a set, by number.
#[inline]
pub(super) fn members(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let task = set.trailing_zeros() as usize;
        set &= set - 1;
        Some(task)
    })
}

#[inline]
pub(super) fn only(task: usize) -> Set {
    1 << task
}

/// Bounds of all tasks by direction of time, and the sets of their pairs.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) count: usize,
    /// By direction: what is raised, starts and negated ends.
    views: [Vec<View>; 2],
    durations: Vec<View>,
    presences: Vec<Atom>,
    varying: Set,
    optional: Set,
    pub(super) state: State,
    windows: windows::Windows,
}

#[derive(Debug)]
pub(super) struct State {
    count: usize,
    /// By direction: earliest starts.
    pub(super) est: [[Value; SMALL]; 2],
    pub(super) duration: [Value; SMALL],
    /// Tasks that are there, and those that may be.
    pub(super) there: Set,
    pub(super) maybe: Set,
    /// By direction: tasks whose est rose, tasks that got a predecessor, tasks whose predecessors
    /// do more work or do it later.
    moved: [Set; 2],
    pulled: [Set; 2],
    loaded: [Set; 2],
    /// Tasks that changed since windows were looked at.
    pub(super) changed: Set,
    /// By direction: tasks by est, up to date after `sort`.
    pub(super) order: [Vec<u8>; 2],
    /// First cell of the sets.
    cells: u32,
    /// When bounds were read.
    undone: u64,
}

impl Pairs {
    pub(super) fn new(tasks: &[Interval]) -> Self {
        let count = tasks.len();
        let set = |holds: &dyn Fn(&Interval) -> bool| {
            (0..count).filter(|&id| holds(&tasks[id])).map(only).sum()
        };
        let ids: Vec<u8> = (0..count as u8).collect();
        Pairs {
            count,
            views: [
                tasks.iter().map(|task| task.start).collect(),
                tasks.iter().map(|task| -task.end).collect(),
            ],
            durations: tasks.iter().map(|task| task.duration).collect(),
            presences: tasks.iter().map(|task| task.present).collect(),
            varying: set(&|task| !task.duration.is_constant()),
            optional: set(&|task| task.present != Atom::TRUE),
            state: State {
                count,
                est: [[0; SMALL]; 2],
                duration: [0; SMALL],
                there: 0,
                maybe: 0,
                moved: [0; 2],
                pulled: [0; 2],
                loaded: [0; 2],
                changed: 0,
                order: [ids.clone(), ids],
                cells: 0,
                undone: u64::MAX,
            },
            windows: windows::Windows::new(count),
        }
    }

    pub(super) fn attach(&mut self, trail: &mut Trail) {
        self.state.cells = trail.add_cells(2 * self.count);
    }

    /// Draws conclusions, the cheap ones first, and postpones the rest.
    pub(super) fn filter(
        &mut self,
        directions: &[Direction; 2],
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.read(state);
        if parameters.detectable {
            self.settle(directions, state)?;
        } else {
            self.state.moved = [0; 2];
        }
        match state.priority() {
            Priority::Dear => {
                windows::filter(&mut self.windows, &mut self.state, directions, parameters, state)?;
                if parameters.detectable {
                    self.settle(directions, state)?;
                }
            }
            Priority::Sorted => self.push_loaded(directions, state)?,
            _ => {}
        }
        if self.state.loaded != [0; 2] && parameters.detectable {
            state.postpone(Priority::Sorted);
        } else if self.state.changed != 0 {
            state.postpone(Priority::Dear);
        }
        Ok(())
    }

    /// Reads what may have changed: everything after levels were undone, else what is tagged.
    fn read(&mut self, state: &Propagation<'_>) {
        let it = &mut self.state;
        let all: Set = if self.count == SMALL { Set::MAX } else { only(self.count) - 1 };
        let undone = it.undone != state.undone_total;
        if undone {
            it.undone = state.undone_total;
            (it.moved, it.pulled, it.loaded, it.changed) = ([0; 2], [0; 2], [0; 2], 0);
            it.there = all & !self.optional;
            it.maybe = all;
            for (side, views) in self.views.iter().enumerate() {
                for (id, &view) in views.iter().enumerate() {
                    it.est[side][id] = state.lower(view);
                }
            }
            for (id, &view) in self.durations.iter().enumerate() {
                it.duration[id] = state.lower(view);
            }
        }
        for &tag in state.tags() {
            if tag == Wake::ALL {
                (it.moved, it.loaded, it.changed) = ([all; 2], [all; 2], all);
                continue;
            }
            let (id, side) = (tag as usize / 2, tag as usize % 2);
            it.moved[side] |= only(id);
            it.changed |= only(id);
            it.est[side][id] = state.lower(self.views[side][id]);
        }
        for id in members(self.optional) {
            let present = self.presences[id];
            it.there |= if state.is_true(present) { only(id) } else { 0 };
            it.maybe &= if state.is_false(present) { !only(id) } else { Set::MAX };
        }
        for id in members(self.varying) {
            it.duration[id] = state.lower(self.durations[id]);
        }
    }

    /// Follows what moved along pairs until nothing moves.
    fn settle(
        &mut self,
        directions: &[Direction; 2],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        loop {
            for (side, direction) in directions.iter().enumerate() {
                while let Some(task) = self.state.next(side) {
                    self.state.visit(side, task, direction, state)?;
                }
            }
            // Those that became absent have nothing to say any more.
            if (0..2).all(|side| self.state.next(side).is_none()) {
                return Ok(());
            }
        }
    }

    /// Pushes tasks by the work of all their predecessors.
    fn push_loaded(
        &mut self,
        directions: &[Direction; 2],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for (side, direction) in directions.iter().enumerate() {
            self.state.push_loaded(side, direction, state)?;
            self.settle(directions, state)?;
        }
        Ok(())
    }
}

impl State {
    /// The cell with the tasks before a task, in a direction.
    #[inline]
    fn cell(&self, side: usize, task: usize) -> u32 {
        self.cells + (side * self.count + task) as u32
    }

    /// Tasks before and after a task, in a direction.
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

    /// The task of the least est that has something to say.
    #[inline]
    fn next(&self, side: usize) -> Option<usize> {
        let set = (self.moved[side] | self.pulled[side]) & self.maybe;
        let est = &self.est[side];
        members(set).min_by_key(|&task| est[task % SMALL])
    }

    fn visit(
        &mut self,
        side: usize,
        task: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        if self.pulled[side] & only(task) != 0 {
            self.pulled[side] &= !only(task);
            let before = self.before(side, task, state) & self.there;
            let pull = |it: &State, other: usize| it.est[side][other] + it.duration[other];
            let start = members(before).map(|other| pull(self, other)).max().unwrap_or(NEVER);
            if start > self.est[side][task] {
                // Its turn comes when what pushes it is written.
                self.raise(side, task, start);
                return Ok(());
            }
        }
        if self.moved[side] & only(task) == 0 || !self.write(side, task, direction, state)? {
            return Ok(());
        }
        let start = self.find_predecessors(side, task, state);
        if start > self.est[side][task] {
            self.raise(side, task, start);
            return Ok(());
        }
        self.moved[side] &= !only(task);
        if self.there & only(task) != 0 {
            let after = self.before(1 - side, task, state) & self.maybe;
            self.loaded[side] |= after;
            let end = self.est[side][task] + self.duration[task];
            for other in members(after) {
                self.raise(side, other, end);
            }
        }
        Ok(())
    }

    #[inline]
    fn raise(&mut self, side: usize, task: usize, start: Value) {
        if start > self.est[side][task] {
            self.est[side][task] = start;
            self.moved[side] |= only(task);
            self.changed |= only(task);
        }
    }

    /// A bound was pushed; it may have made the task absent instead.
    pub(super) fn pushed(
        &mut self,
        side: usize,
        task: usize,
        (view, start): (View, Value),
        trail: &Trail,
    ) {
        if trail.lower(view) < start {
            self.maybe &= !only(task);
        } else {
            self.raise(side, task, start);
        }
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
        let start = self.est[side][task];
        let view = direction.start(task);
        if start > state.lower(view) {
            direction.push_start(DETECTABLE, task, start, 0, state)?;
            if state.lower(view) < start {
                self.maybe &= !only(task);
                self.moved[side] &= !only(task);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes who is now known to be before a task that moved, and returns when they end.
    fn find_predecessors(
        &mut self,
        side: usize,
        task: usize,
        state: &mut Propagation<'_>,
    ) -> Value {
        let mut found = 0;
        let end = self.est[side][task] + self.duration[task];
        for other in members(self.undecided(task, state)) {
            // The latest start of the other is the negated earliest end of its mirror image.
            if end + self.est[1 - side][other] + self.duration[other] > 0 {
                found |= only(other);
            }
        }
        let mut start = NEVER;
        if found == 0 {
            return start;
        }
        self.loaded[side] |= only(task);
        let cell = self.cell(side, task);
        state.set_cell(cell, state.cell(cell) | found);
        for other in members(found) {
            let cell = self.cell(1 - side, other);
            state.set_cell(cell, state.cell(cell) | only(task));
            if self.there & only(other) != 0 {
                start = start.max(self.est[side][other] + self.duration[other]);
            }
        }
        if self.there & only(task) != 0 {
            self.pulled[1 - side] |= found;
            self.loaded[1 - side] |= found;
        }
        start
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
        if loaded == 0 {
            return Ok(());
        }
        self.sort(side);
        for task in members(loaded) {
            let before = self.before(side, task, state) & self.there;
            // One predecessor has pushed already.
            if before & before.wrapping_sub(1) == 0 {
                continue;
            }
            let mut end = NEVER;
            for &id in &self.order[side] {
                let id = id as usize % SMALL;
                if before & only(id) != 0 {
                    end = end.max(self.est[side][id]) + self.duration[id];
                }
            }
            self.raise(side, task, end);
            self.write(side, task, direction, state)?;
        }
        Ok(())
    }
}
