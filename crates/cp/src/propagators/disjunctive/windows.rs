//! Windows of undecided tasks: overload, edge finding and not-last around what changed.
//!
//! A window `[s, e]` holds the tasks Ω with `est ≥ s` and `lct ≤ e`; its slack is `e - s - p(Ω)`.
//! Negative slack fails. A task that starts no earlier than s and is longer than the slack goes
//! after Ω; one that ends no later than e goes before; one that sticks out at both sides is held
//! against the window that it makes itself. When an est rises, only windows change that begin
//! where it was or later and where it is or before; ends are starts in the other direction of
//! time. So O(m) for each such start, with m tasks that undecided pairs connect, all windows of a
//! start side by side: decided pairs push each other and need no window. What edge finding finds
//! becomes decided pairs.
//!
//! **Source:** Yves Caseau, François Laburthe, *Disjunctive scheduling with task intervals* (1995),
//! for windows that are kept up to date by what changed; Jacques Carlier, Éric Pinson (1990) and
//! Petr Vilím (CPAIOR 2004) for the rules.

use super::row::{ROW, Row};
use super::tasks::{Decider, Members, PerTask, Set, Tasks, is_single, only, row};
use super::ticks::Ticks;
use super::{Direction, DisjunctiveParameters, SMALL};
use crate::propagator::Propagation;
use crate::trail::{Conflict, Trail};

/// Bounds that the rules pushed; they go on with what they have read.
#[derive(Debug)]
pub(super) struct Windows<T> {
    pushed: [Set; 2],
    bounds: [PerTask<T>; 2],
}

impl<T: Ticks> Default for Windows<T> {
    fn default() -> Self {
        Windows { pushed: [0; 2], bounds: [[T::NEVER; SMALL]; 2] }
    }
}

/// Tasks that undecided pairs connect with a task; all of them if some may be absent.
fn group<T: Ticks>(tasks: &Tasks<T>, task: usize, trail: &Trail) -> Set {
    if tasks.there != tasks.maybe {
        return tasks.maybe;
    }
    let (mut group, mut open) = (only(task), only(task));
    while open != 0 {
        let next = open.trailing_zeros() as usize % SMALL;
        open &= open - 1;
        let near = tasks.undecided(next, trail) & !group;
        group |= near;
        open |= near;
    }
    group
}

/// A group of tasks in one direction of time.
#[derive(Clone, Copy)]
struct Line<'a> {
    side: usize,
    group: Set,
    direction: &'a Direction,
    parameters: &'a DisjunctiveParameters,
}

/// What the windows of one start say, by the task that ends a window, or that is pushed.
#[derive(Clone, Copy)]
struct Verdict {
    /// Windows with too much work.
    overloaded: Set,
    /// Windows that somebody longer than the slack must leave, to the right or to the left.
    right: Set,
    left: Set,
    /// Tasks that stick out at both sides and do not fit before what ends with them.
    around: Set,
    /// Tasks that cannot be the last.
    not_last: Set,
}

impl<T: Ticks> Windows<T> {
    /// Runs the rules of windows on the groups of tasks that changes have touched.
    pub(super) fn filter(
        &mut self,
        tasks: &mut Tasks<T>,
        directions: &[Direction; 2],
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let changed = std::mem::take(&mut tasks.changed);
        self.pushed = [0; 2];
        let mut left = (changed[0] | changed[1]) & tasks.maybe;
        while left != 0 {
            let group = group(tasks, left.trailing_zeros() as usize % SMALL, state);
            left &= !group;
            // Two tasks are a pair.
            if group.count_ones() < if parameters.detectable { 3 } else { 2 } {
                continue;
            }
            for (side, direction) in directions.iter().enumerate() {
                let line = Line { side, group, direction, parameters };
                for task in Members(line.starts(changed[side] & group, tasks)) {
                    self.look(line, task, tasks, state)?;
                }
                if parameters.not_last {
                    self.look_at_fallen(line, changed[1 - side] & group, tasks, state)?;
                }
            }
        }
        for (side, direction) in directions.iter().enumerate() {
            for task in Members(std::mem::take(&mut self.pushed[side])) {
                tasks.pushed(side, task, self.bounds[side][task], (direction, state));
            }
        }
        Ok(())
    }

    /// Looks at all windows that begin where a task does.
    fn look(
        &mut self,
        line: Line<'_>,
        task: usize,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let start = tasks.est[line.side][task];
        let inside = line.from(start, tasks);
        if is_single(inside) && line.parameters.detectable {
            return Ok(());
        }
        for block in 0..tasks.blocks {
            let verdict = line.judge(start, inside, block, tasks);
            let Verdict { overloaded, right, left, around, not_last } = verdict;
            if overloaded | right | left | around | not_last == 0 {
                continue;
            }
            let work = line.parameters.overload || line.parameters.edge_finding;
            if let Some(last) = Members(overloaded).next().filter(|_| work) {
                let end = -tasks.est[1 - line.side][last];
                return line.direction.overloaded(tasks.value(line.side, end), state);
            }
            if line.parameters.edge_finding {
                line.push_right((start, inside), right, tasks, state);
                line.push_left((start, inside), left, tasks, state);
                line.push_around((start, inside), around, tasks, state);
            }
            if line.parameters.not_last {
                for pushed in Members(not_last) {
                    self.push_end(line, pushed, inside, tasks, state)?;
                }
            }
        }
        Ok(())
    }

    /// Tasks whose end fell, and those that a latest start has passed that fell, may not be the
    /// last from any start on.
    fn look_at_fallen(
        &mut self,
        line: Line<'_>,
        fallen: Set,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let late = 1 - line.side;
        let mut candidates = fallen;
        for task in Members(fallen) {
            let (now, was) = (tasks.ect[late][task], tasks.seen[late][task] + tasks.duration[task]);
            for block in 0..tasks.blocks {
                // Their ends, mirrored: not before the latest start that was, but after that now.
                let end = row(&tasks.est[late], block);
                let passed = T::Row::all(now).is_above(end).and_not(T::Row::all(was).is_above(end));
                candidates |= passed.places() << (ROW * block);
            }
        }
        for task in Members(candidates & line.group) {
            let others = line.starting_before_end_of(task, tasks);
            let latest = -tasks.ect[late][task];
            let reached = tasks.reached(line.side, others, latest);
            // The fewer tasks, the more is known.
            let est = &tasks.est[line.side];
            if let Some(first) = Members(reached).max_by_key(|&other| est[other]) {
                let inside = line.from(est[first], tasks);
                self.push_end(line, task, inside, tasks, state)?;
            }
        }
        Ok(())
    }

    /// A task cannot be the last of those inside that can start before it ends.
    fn push_end(
        &mut self,
        line: Line<'_>,
        task: usize,
        inside: Set,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let (side, late) = (line.side, 1 - line.side);
        let others = line.starting_before_end_of(task, tasks) & inside;
        let end = Members(others).map(|other| -tasks.ect[late][other]).max();
        let end = end.expect("nobody's work does not end late");
        if -end > self.bound(late, task, tasks) {
            line.direction.push_end(task, tasks.value(side, end), state)?;
            self.pushed[late] |= only(task);
            self.bounds[late][task] = -end;
        }
        Ok(())
    }

    /// The est of a task, pushed or not.
    fn bound(&self, side: usize, task: usize, tasks: &Tasks<T>) -> T {
        if self.pushed[side] & only(task) != 0 {
            self.bounds[side][task]
        } else {
            tasks.est[side][task]
        }
    }
}

impl Line<'_> {
    /// Starts of windows that have changed: where a task is now, and what it has passed.
    fn starts<T: Ticks>(self, changed: Set, tasks: &Tasks<T>) -> Set {
        let (est, seen) = (&tasks.est[self.side], &tasks.seen[self.side]);
        let mut starts = changed;
        for task in Members(changed) {
            for block in 0..tasks.blocks {
                let all = row(est, block);
                let passed = T::Row::all(est[task]).is_above(all);
                let passed = passed.and(all.is_above(T::Row::all(seen[task])));
                starts |= passed.places() << (ROW * block);
            }
        }
        starts & self.group
    }

    /// Tasks that start no earlier.
    #[inline]
    fn from<T: Ticks>(self, start: T, tasks: &Tasks<T>) -> Set {
        let mut earlier = 0;
        for block in 0..tasks.blocks {
            let is_earlier = T::Row::all(start).is_above(row(&tasks.est[self.side], block));
            earlier |= is_earlier.places() << (ROW * block);
        }
        self.group & !earlier
    }

    /// Other tasks that are there and can start before a task ends.
    fn starting_before_end_of<T: Ticks>(self, task: usize, tasks: &Tasks<T>) -> Set {
        let late = 1 - self.side;
        let mut others = 0;
        for block in 0..tasks.blocks {
            let before = row(&tasks.ect[late], block).is_above(T::Row::all(tasks.est[late][task]));
            others |= before.places() << (ROW * block);
        }
        others & self.group & tasks.there & !only(task)
    }

    /// Judges the windows of a start that end with the tasks of a block.
    #[inline]
    fn judge<T: Ticks>(self, start: T, inside: Set, block: usize, tasks: &Tasks<T>) -> Verdict {
        let late = 1 - self.side;
        let none = T::Row::all(T::default());
        // Ends and latest starts, mirrored.
        let (end, latest) = (row(&tasks.est[late], block), row(&tasks.ect[late], block));
        let (mut work, mut before) = (none, none);
        let (mut right, mut left) = (none, none);
        for task in Members(inside & tasks.there) {
            let duration = T::Row::all(tasks.duration[task]);
            let is_beyond = end.is_above(T::Row::all(tasks.est[late][task]));
            work = work.plus(duration.and_not(is_beyond));
            right = right.or_above(duration.and(is_beyond));
            let can_start = T::Row::all(tasks.ect[late][task]).is_above(end);
            before = before.plus(duration.and(can_start));
        }
        for task in Members(inside & !tasks.there) {
            right = right.or_above(T::Row::all(tasks.duration[task]));
        }
        let outside = self.group & !inside;
        for task in Members(outside) {
            let is_beyond = end.is_above(T::Row::all(tasks.est[late][task]));
            left = left.or_above(T::Row::all(tasks.duration[task]).and_not(is_beyond));
        }
        let first = T::Row::all(start);
        let slack = none.minus(end).minus(work).minus(first);
        let duration = row(&tasks.duration, block);
        let has_work = work.is_above(none);
        let ends = inside & tasks.there;
        let mine = |set: Set, mask: T::Row| mask.places() << (ROW * block) & set;
        // Work that can start before a task ends, less its own, against its latest start.
        let others = before.minus(duration);
        let is_late =
            |work: T::Row| work.plus(first).plus(latest).is_above(none).and(work.is_above(none));
        Verdict {
            overloaded: mine(ends, none.is_above(slack)),
            right: mine(ends, right.is_above(slack)),
            left: mine(ends, left.is_above(slack)),
            around: mine(outside, duration.is_above(slack).and(has_work)),
            not_last: mine(ends, is_late(others)) | mine(self.group & !ends, is_late(before)),
        }
    }

    /// Tasks inside the window that a task ends, and its slack.
    fn window<T: Ticks>(self, start: T, inside: Set, last: usize, tasks: &Tasks<T>) -> (Set, T) {
        let end = &tasks.est[1 - self.side];
        let mut slack = -end[last] - start;
        let mut window = 0;
        for task in Members(inside & tasks.there) {
            if end[task] >= end[last] {
                window |= only(task);
                slack = slack - tasks.duration[task];
            }
        }
        (window, slack)
    }

    /// Tasks that start no earlier than a window and are longer than its slack go after it.
    fn push_right<T: Ticks>(
        self,
        (start, inside): (T, Set),
        windows: Set,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) {
        for last in Members(windows) {
            let (window, slack) = self.window(start, inside, last, tasks);
            let end = -tasks.est[1 - self.side][last];
            for task in Members(inside & !window) {
                if tasks.duration[task] > slack {
                    let decider = Decider { side: self.side, end, pushed: task };
                    tasks.order(self.side, task, (window, decider), state);
                }
            }
        }
    }

    /// Tasks that end no later than a window and are longer than its slack go before it.
    fn push_left<T: Ticks>(
        self,
        (start, inside): (T, Set),
        windows: Set,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) {
        let late = 1 - self.side;
        for last in Members(windows) {
            let (window, slack) = self.window(start, inside, last, tasks);
            for task in Members(self.group & !inside) {
                let ends = tasks.est[late][task] >= tasks.est[late][last];
                if ends && tasks.duration[task] > slack {
                    let decider = Decider { side: late, end: -start, pushed: task };
                    tasks.order(late, task, (window, decider), state);
                }
            }
        }
    }

    /// Tasks that do not fit before what ends with them go before all of it.
    fn push_around<T: Ticks>(
        self,
        (start, inside): (T, Set),
        around: Set,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) {
        let late = 1 - self.side;
        for task in Members(around) {
            let (window, _) = self.window(start, inside, task, tasks);
            let decider = Decider { side: late, end: -start, pushed: task };
            tasks.order(late, task, (window, decider), state);
        }
    }
}
