//! Windows of undecided tasks: overload, edge finding and not-last around what changed.
//!
//! A window `[s, e]` holds the tasks Ω with `est ≥ s` and `lct ≤ e`; its slack is `e - s - p(Ω)`.
//! Negative slack fails. A task that starts no earlier than s and is longer than the slack goes
//! after Ω; one that ends no later than e goes before; one that sticks out at both sides is held
//! against the window that it makes itself. When an est rises, only windows change that begin
//! where it was or later and where it is or before; ends are starts in the other direction of
//! time. So O(m) for each such start, with m tasks that undecided pairs connect: decided pairs push
//! each other and need no window. What edge finding finds becomes decided pairs.
//!
//! **Source:** Yves Caseau, François Laburthe, *Disjunctive scheduling with task intervals* (1995),
//! for windows that are kept up to date by what changed; Jacques Carlier, Éric Pinson (1990) and
//! Petr Vilím (CPAIOR 2004) for the rules.

use super::pairs::{Decider, Members, PerTask, Set, Tasks, only};
use super::ticks::Ticks;
use super::{Direction, DisjunctiveParameters, SMALL};
use crate::propagator::Propagation;
use crate::trail::{Conflict, Trail};

/// One window of a start.
#[derive(Clone, Copy, Debug)]
struct Window<T> {
    /// The task that ends last, and all of them.
    last: usize,
    inside: Set,
    end: T,
    slack: T,
}

/// Scratch space of the rules.
#[derive(Debug)]
pub(super) struct Windows<T> {
    windows: [Window<T>; SMALL],
    /// By direction: bounds that were pushed; the rules go on with what they have read.
    pushed: [Set; 2],
    bounds: [PerTask<T>; 2],
}

impl<T: Ticks> Default for Windows<T> {
    fn default() -> Self {
        let none = Window { last: 0, inside: 0, end: T::NEVER, slack: T::NEVER };
        Windows { windows: [none; SMALL], pushed: [0; 2], bounds: [[T::NEVER; SMALL]; 2] }
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
        tasks.sort(0);
        tasks.sort(1);
        while left != 0 {
            let group = group(tasks, left.trailing_zeros() as usize % SMALL, state);
            left &= !group;
            // Two tasks are a pair.
            if group.count_ones() < if parameters.detectable { 3 } else { 2 } {
                continue;
            }
            for (side, direction) in directions.iter().enumerate() {
                let line = Line { side, group, direction };
                let starts = line.starts(changed[side] & group, tasks);
                if parameters.overload || parameters.edge_finding {
                    for task in Members(starts) {
                        let start = tasks.est[side][task];
                        let edges = parameters.edge_finding;
                        let count = self.scan(line, start, edges, tasks, state)?;
                        if edges {
                            self.push_after(line, (start, count), tasks, state);
                        }
                    }
                }
                if parameters.not_last {
                    self.not_last(line, (starts, changed[1 - side] & group), tasks, state)?;
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

    /// Looks at all windows that begin at `start`: overload, and tasks that go before. Returns how
    /// many windows there are.
    fn scan(
        &mut self,
        line: Line<'_>,
        start: T,
        edges: bool,
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) -> Result<usize, Conflict> {
        let (side, opposite) = (line.side, 1 - line.side);
        let (mut work, mut inside, mut count) = (T::default(), 0, 0);
        // Tasks that stick out on the left and end no later, and the longest of them.
        let (mut left, mut longest) = (0, T::default());
        for place in (0..tasks.count).rev() {
            let task = tasks.order[opposite][place] as usize % SMALL;
            if line.group & only(task) == 0 {
                continue;
            }
            let (est, end, duration) =
                (tasks.est[side][task], -tasks.est[opposite][task], tasks.duration[task]);
            if est < start {
                if inside != 0 && end - work - duration < start && edges {
                    line.order_before(task, (inside, start), tasks, state);
                }
                left |= only(task);
                longest = longest.max(duration);
            } else if tasks.there & only(task) != 0 {
                work = work + duration;
                inside |= only(task);
                let slack = end - start - work;
                if slack < T::default() {
                    let end = tasks.value(side, end);
                    return line.direction.overloaded(end, state);
                }
                if slack < longest && edges {
                    for other in Members(left) {
                        if tasks.duration[other] > slack {
                            line.order_before(other, (inside, start), tasks, state);
                        }
                    }
                }
                self.windows[count % SMALL] = Window { last: task, inside, end, slack };
                count += 1;
            }
        }
        Ok(count)
    }

    /// Tasks that start no earlier than the windows and are longer than their slack go after.
    fn push_after(
        &mut self,
        line: Line<'_>,
        (start, count): (T, usize),
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) {
        let (mut right, mut longest) = (0, T::default());
        for task in Members(line.group & !tasks.there) {
            if tasks.est[line.side][task] >= start {
                right |= only(task);
                longest = longest.max(tasks.duration[task]);
            }
        }
        for window in self.windows[..count.min(SMALL)].iter().rev() {
            if window.slack < longest {
                for task in Members(right) {
                    if tasks.duration[task] > window.slack {
                        let decider = Decider { side: line.side, end: window.end, pushed: task };
                        tasks.order(line.side, task, (window.inside, decider), state);
                    }
                }
            }
            right |= only(window.last);
            longest = longest.max(tasks.duration[window.last]);
        }
    }

    /// Whoever cannot be the last of those that can start before it ends, ends before one of them
    /// starts. Looks at tasks whose end fell, who are passed by a latest start that fell, or whose
    /// latest start is within the reach of the starts that changed.
    fn not_last(
        &mut self,
        line: Line<'_>,
        (starts, fallen): (Set, Set),
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let (side, opposite) = (line.side, 1 - line.side);
        let (est, late) = (&tasks.est[side], &tasks.est[opposite]);
        // Work of the changed starts and all that start later ends by here.
        let mut reach = T::NEVER;
        if starts != 0 {
            let (mut work, mut left) = (T::default(), starts);
            for place in (0..tasks.count).rev() {
                let task = tasks.order[side][place] as usize % SMALL;
                if line.group & tasks.there & only(task) != 0 {
                    work = work + tasks.duration[task];
                }
                if left & only(task) != 0 {
                    reach = reach.max(est[task] + work);
                    left &= !only(task);
                    if left == 0 {
                        break;
                    }
                }
            }
        }
        for task in Members(line.group) {
            let end = -late[task];
            let start = end - tasks.duration[task];
            let passed = |other: usize| {
                let now = -late[other] - tasks.duration[other];
                now < end && end <= -tasks.seen[opposite][other] - tasks.duration[other]
            };
            if start >= reach
                && fallen & only(task) == 0
                && !Members(fallen).any(|other| other != task && passed(other))
            {
                continue;
            }
            let mut reached = T::NEVER;
            let mut latest = T::NEVER;
            for &other in &tasks.order[side] {
                let other = other as usize % SMALL;
                let begin = -late[other] - tasks.duration[other];
                if line.group & tasks.there & only(other) != 0 && other != task && begin < end {
                    reached = reached.max(est[other]) + tasks.duration[other];
                    latest = latest.max(begin);
                }
            }
            if reached > start && latest < end {
                line.direction.push_end(task, tasks.value(side, latest), state)?;
                self.pushed[opposite] |= only(task);
                self.bounds[opposite][task] = -latest;
            }
        }
        Ok(())
    }
}

impl Line<'_> {
    /// Whoever goes before all tasks inside a window goes after them in the other direction, where
    /// the start of the window is its end.
    fn order_before<T: Ticks>(
        self,
        task: usize,
        (inside, start): (Set, T),
        tasks: &mut Tasks<T>,
        state: &mut Propagation<'_>,
    ) {
        let side = 1 - self.side;
        let decider = Decider { side, end: -start, pushed: task };
        tasks.order(side, task, (inside, decider), state);
    }

    /// Starts of windows that have changed: where a task is now, and what it has passed.
    fn starts<T: Ticks>(self, changed: Set, tasks: &Tasks<T>) -> Set {
        let (est, seen) = (&tasks.est[self.side], &tasks.seen[self.side]);
        let mut starts = changed;
        for task in Members(changed) {
            for other in Members(self.group & !starts) {
                if seen[task] < est[other] && est[other] < est[task] {
                    starts |= only(other);
                }
            }
        }
        starts
    }
}
