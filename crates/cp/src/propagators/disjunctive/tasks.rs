//! The pairs of a small machine: who is before whom, kept on the trail, and what follows from it.
//!
//! In either direction of time a task has the set of tasks that are known to be before it, a word
//! in a cell of the trail. When a bound rises, its task looks once at all others, and pushes those
//! behind it, in order of est so that nobody is pushed twice. By the work of all its predecessors a
//! task is pushed only if there is something to gain: if two of them are of open order and one has
//! moved to where the other starts, or is new. Sixteen tasks are looked at in one step.
//!
//! **Source:** Petr Vilím (CPAIOR 2004) for the rule; the sets are those of Philippe Baptiste,
//! Claude Le Pape, *Edge-finding constraint propagation algorithms for disjunctive and cumulative
//! scheduling* (1996).

use super::row::{ROW, Row};
use super::ticks::Ticks;
use super::{Direction, ORDERED, SMALL};
use crate::atom::Value;
use crate::propagator::Propagation;
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

/// The set of one task.
#[inline]
pub(super) fn only(task: usize) -> Set {
    1 << task
}

/// Whether a set has fewer than two members.
#[inline]
pub(super) fn is_single(set: Set) -> bool {
    set & set.wrapping_sub(1) == 0
}

/// A number of each task.
pub(super) type PerTask<T> = [T; SMALL];

/// A row of numbers of tasks.
#[inline]
pub(super) fn row<T: Ticks>(times: &PerTask<T>, block: usize) -> T::Row {
    T::Row::load(&times.as_chunks::<ROW>().0[block % (SMALL / ROW)])
}

/// A window that decided pairs: `pushed` goes after all tasks inside, in the direction `side`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decider<T> {
    pub(super) side: usize,
    pub(super) end: T,
    pub(super) pushed: usize,
}

/// What a task sees of the others: who cannot come after it, who starts where it has passed, who
/// starts when it does or later, and who may start before it ends.
#[derive(Clone, Copy)]
struct Look {
    found: Set,
    near: Set,
    ahead: Set,
    early: Set,
}

/// Bounds of all tasks by direction of time, and what is to be done about them.
#[derive(Debug)]
pub(super) struct Tasks<T> {
    count: usize,
    pub(super) blocks: usize,
    all: Set,
    /// Where times count from.
    origin: Value,
    /// By direction: earliest starts and ends, and what starts were when their consequences were
    /// last drawn.
    pub(super) est: [PerTask<T>; 2],
    pub(super) ect: [PerTask<T>; 2],
    pub(super) from: [PerTask<T>; 2],
    pub(super) duration: PerTask<T>,
    /// Tasks that are there, and those that may be.
    pub(super) there: Set,
    pub(super) maybe: Set,
    /// Tasks of which more than the est may change.
    special: Set,
    /// By direction: tasks whose est rose, those among them of which the variable does not know it
    /// yet, tasks that got a predecessor, tasks whose predecessors may end later by their work.
    pub(super) moved: [Set; 2],
    unwritten: [Set; 2],
    pulled: [Set; 2],
    loaded: [Set; 2],
    /// By direction: tasks whose est rose since windows were looked at, and what it was then.
    pub(super) changed: [Set; 2],
    pub(super) seen: [PerTask<T>; 2],
    /// First cell of the sets.
    cells: u32,
    /// When bounds were read.
    pub(super) undone: u64,
    /// By ordered pair, in forward time: the window that decided it last. A pair that is decided
    /// both ways, which fails, has one for each.
    deciders: Vec<Option<Decider<T>>>,
    /// Whether bounds decide pairs.
    pub(super) detectable: bool,
}

impl<T: Ticks> Tasks<T> {
    pub(super) fn new(count: usize, origin: Value, special: Set, trail: &mut Trail) -> Self {
        let never = [[T::NEVER; SMALL]; 2];
        Tasks {
            count,
            blocks: count.div_ceil(ROW),
            all: (0..count).map(only).sum(),
            origin,
            est: never,
            ect: never,
            from: never,
            duration: [T::default(); SMALL],
            there: 0,
            maybe: 0,
            special,
            moved: [0; 2],
            unwritten: [0; 2],
            pulled: [0; 2],
            loaded: [0; 2],
            changed: [0; 2],
            seen: never,
            cells: trail.add_cells(2 * count),
            undone: u64::MAX,
            deciders: vec![None; count * count],
            detectable: true,
        }
    }

    /// Bounds will be read anew: nothing is to be done about the old ones.
    pub(super) fn forget(&mut self, undone: u64) {
        self.undone = undone;
        (self.moved, self.unwritten) = ([0; 2], [0; 2]);
        (self.pulled, self.loaded, self.changed) = ([0; 2], [0; 2], [0; 2]);
        (self.there, self.maybe) = (self.all, self.all);
    }

    /// Nothing is known of the past.
    pub(super) fn touch_everything(&mut self) {
        self.from = [[T::NEVER; SMALL]; 2];
        (self.moved, self.loaded) = ([self.all; 2], [self.all; 2]);
    }

    #[inline]
    pub(super) fn start(&mut self, side: usize, task: usize, est: T) {
        self.est[side][task] = est;
        self.ect[side][task] = est + self.duration[task];
    }

    /// The cell with the tasks before a task, in a direction.
    #[inline]
    fn cell(&self, side: usize, task: usize) -> u32 {
        self.cells + (side * self.count + task) as u32
    }

    /// Tasks before a task, in a direction.
    #[inline]
    fn before(&self, side: usize, task: usize, trail: &Trail) -> Set {
        trail.cell(self.cell(side, task))
    }

    /// Tasks whose order with a task is open.
    #[inline]
    pub(super) fn undecided(&self, task: usize, trail: &Trail) -> Set {
        let decided = self.before(0, task, trail) | self.before(1, task, trail);
        self.maybe & !decided & !only(task)
    }

    /// Follows what moved along pairs, and the work of predecessors, until nothing moves.
    pub(super) fn settle(
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
                    let task = self.first(side, waiting);
                    self.visit(side, task, direction, state)?;
                }
                if self.loaded[side] != 0 {
                    self.push_loaded(side, direction, state)?;
                }
            }
            let sets = [self.moved, self.pulled, self.loaded];
            if sets.iter().all(|[one, two]| (one | two) & self.maybe == 0) {
                return Ok(());
            }
        }
    }

    /// The task of the least est.
    #[inline]
    fn first(&self, side: usize, set: Set) -> usize {
        let mut first = set.trailing_zeros() as usize % SMALL;
        for task in Members(set & (set - 1)) {
            if self.est[side][task] < self.est[side][first] {
                first = task;
            }
        }
        first
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
            for other in Members(before & self.there & !self.moved[side]) {
                self.raise(side, task, self.ect[side][other]);
            }
        }
        if self.unwritten[side] & me != 0 && !self.write(side, task, direction, state)? {
            return Ok(());
        }
        if self.moved[side] & me == 0 {
            return Ok(());
        }
        self.moved[side] &= !me;
        let open = self.maybe & !(before | after | me);
        if open | after == 0 {
            return Ok(());
        }
        let look = self.look(side, task);
        let found = look.found;
        if open != 0 {
            self.change(side, task);
        }
        if found & open != 0 && self.detectable {
            let start = self.decide(side, task, (found & open, None), state);
            if start > self.est[side][task] {
                // What it was before stays what consequences were drawn from.
                self.moved[side] |= me;
                self.unwritten[side] |= me;
                self.start(side, task, start);
                return Ok(());
            }
        }
        if self.there & me != 0 {
            let near = look.near & open & self.there;
            self.push(side, task, after, Look { near, ..look }, state);
        }
        Ok(())
    }

    /// Looks from a task at all others.
    #[inline]
    fn look(&self, side: usize, task: usize) -> Look {
        let end = T::Row::all(self.ect[side][task]);
        let from = T::Row::all(self.from[side][task]);
        // The latest start of another is the negated earliest end of its mirror image.
        let limit = T::Row::all(-self.ect[side][task]);
        let start = T::Row::all(self.est[side][task]);
        let mut seen = Look { found: 0, near: 0, ahead: 0, early: 0 };
        for block in 0..self.blocks {
            let est = row(&self.est[side], block);
            let is_early = end.is_above(est);
            let found = row(&self.ect[1 - side], block).is_above(limit);
            seen.found |= found.places() << (ROW * block);
            seen.near |= est.is_above(from).and(is_early).places() << (ROW * block);
            seen.ahead |= !start.is_above(est).places() << (ROW * block);
            seen.early |= is_early.places() << (ROW * block);
        }
        seen
    }

    /// Pushes those after a task, by itself and by its work with others before them.
    ///
    /// The work from some start on has changed only where the task has come to be part of it, and
    /// from its own start on; that matters only if something open starts meanwhile.
    #[inline]
    fn push(&mut self, side: usize, task: usize, after: Set, look: Look, trail: &Trail) {
        let Look { near, ahead, early, .. } = look;
        if self.special & only(task) != 0 {
            self.loaded[side] |= after;
        } else if near != 0 && after != 0 {
            self.push_from(side, task, (after, near, ahead), trail);
            for first in Members(near & !ahead) {
                let ahead = self.starting_from(side, self.est[side][first]);
                self.push_from(side, first, (after, only(first), ahead), trail);
            }
        }
        let end = self.ect[side][task];
        for other in Members(after & early) {
            self.raise(side, other, end);
        }
    }

    /// Pushes those with somebody near before them by the work from the start of `first` on.
    #[inline]
    fn push_from(
        &mut self,
        side: usize,
        first: usize,
        (after, near, ahead): (Set, Set, Set),
        trail: &Trail,
    ) {
        let start = self.est[side][first];
        for other in Members(after) {
            let before = self.before(side, other, trail);
            if before & near != 0 {
                let work = Members(before & ahead & self.there);
                let end = work.fold(start, |end, member| end + self.duration[member]);
                self.raise(side, other, end);
            }
        }
    }

    /// Tasks that start no earlier.
    #[inline]
    fn starting_from(&self, side: usize, start: T) -> Set {
        let start = T::Row::all(start);
        let mut earlier = 0;
        for block in 0..self.blocks {
            earlier |= start.is_above(row(&self.est[side], block)).places() << (ROW * block);
        }
        !earlier
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
            self.start(side, task, start);
            self.unwritten[side] |= only(task);
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
    fn write(
        &mut self,
        side: usize,
        task: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<bool, Conflict> {
        self.unwritten[side] &= !only(task);
        let start = self.value(side, self.est[side][task]);
        // Explained by all that are known to be before it.
        let before = self.before(side, task, state) & self.there;
        direction.push_start(ORDERED, task, start, before as Value, state)?;
        if self.special & only(task) != 0 && state.lower(direction.start(task)) < start {
            self.maybe &= !only(task);
            return Ok(false);
        }
        Ok(true)
    }

    /// Notes who is now known to be before a task, and returns when they end as far as they have
    /// not moved.
    ///
    /// Predecessors of decided order push each other: their work ends no later than the last of
    /// them does. So only those that are open with a new one make a look at all necessary.
    fn decide(
        &mut self,
        side: usize,
        task: usize,
        (found, decider): (Set, Option<Decider<T>>),
        state: &mut Propagation<'_>,
    ) -> T {
        let mut start = T::NEVER;
        let cell = self.cell(side, task);
        let before = state.cell(cell) | found;
        state.set_cell(cell, before);
        let open = self.undecided(task, state);
        for other in Members(found) {
            let cell = self.cell(1 - side, other);
            let behind = state.cell(cell) | only(task);
            state.set_cell(cell, behind);
            if state.explaining {
                let place = self.ordered(side, other, task);
                self.deciders[place] = decider;
            }
            if self.undecided(other, state) & before != 0 {
                self.loaded[side] |= only(task);
            }
            if open & behind != 0 {
                self.loaded[1 - side] |= only(other);
            }
            if self.there & !self.moved[side] & only(other) != 0 {
                start = start.max(self.ect[side][other]);
            }
        }
        if self.there & only(task) != 0 {
            self.pulled[1 - side] |= found;
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

    /// Place of a pair of which the first goes before the second, in a direction.
    #[inline]
    fn ordered(&self, side: usize, first: usize, second: usize) -> usize {
        if side == 0 { first * self.count + second } else { second * self.count + first }
    }

    /// The window that put one task before another in a direction, if one did: its direction, who
    /// was pushed out of it, and its end as the variables know it.
    pub(super) fn decider(
        &self,
        side: usize,
        first: usize,
        second: usize,
    ) -> Option<(usize, usize, Value)> {
        let decider = self.deciders[self.ordered(side, first, second)]?;
        Some((decider.side, decider.pushed, self.value(decider.side, decider.end)))
    }

    /// Pushes tasks of a direction by the work of all their predecessors.
    fn push_loaded(
        &mut self,
        side: usize,
        direction: &Direction,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let loaded = std::mem::take(&mut self.loaded[side]) & self.maybe;
        for task in Members(loaded) {
            let before = self.before(side, task, state) & self.there;
            // One predecessor has pushed already.
            if is_single(before) {
                continue;
            }
            let reached = self.reached(side, before, self.est[side][task]);
            if reached != 0 {
                let ends = Members(reached).map(|first| self.end_from(side, before, first));
                self.raise(side, task, ends.max().expect("somebody reaches"));
                self.write(side, task, direction, state)?;
            }
        }
        Ok(())
    }

    /// Tasks of a set from which on the work of the set ends after `time`.
    pub(super) fn reached(&self, side: usize, set: Set, time: T) -> Set {
        let limit = T::Row::all(time);
        let mut reached = 0;
        for block in 0..self.blocks {
            let est = row(&self.est[side], block);
            let mut end = est;
            for other in Members(set) {
                let before = est.is_above(T::Row::all(self.est[side][other]));
                end = end.plus(T::Row::all(self.duration[other]).and_not(before));
            }
            reached |= end.is_above(limit).places() << (ROW * block);
        }
        reached & set
    }

    /// When the work ends of those of a set that start no earlier than `first`.
    fn end_from(&self, side: usize, set: Set, first: usize) -> T {
        let est = &self.est[side];
        let work = Members(set).filter(|&other| est[other] >= est[first]);
        work.fold(est[first], |end, other| end + self.duration[other])
    }
}
