//! Windows of undecided tasks: overload, edge finding and not-last by plain loops.
//!
//! Two tasks whose order is decided push each other by pairs, so windows need only tasks that
//! undecided pairs connect. O(m²) for m of them. Bounds are copied into arrays, one per quantity.
//! `ECT` of all tasks bounds every other: windows that end later and tasks whose latest start is
//! not before it need no look, nor does what no changed task can have touched.
//!
//! **Source:** Jacques Carlier, Éric Pinson (1990); Wim Nuijten (1994), for the quadratic sweep.

use super::super::theta_tree::NEVER;
use super::pairs::{Set, State, only};
use super::{Direction, DisjunctiveParameters, EDGE, SMALL};
use crate::atom::Value;
use crate::propagator::Propagation;
use crate::trail::{Conflict, Trail};

/// Later than everything.
const NEVER_BEFORE: Value = Value::MAX / 4;

/// Tasks in order of est, in one direction of time.
#[derive(Debug, Default)]
pub(super) struct Windows {
    id: Vec<u8>,
    est: Vec<Value>,
    lct: Vec<Value>,
    duration: Vec<Value>,
    /// Latest start; [`NEVER_BEFORE`] of tasks that may be absent, so that they are in no set.
    lst: Vec<Value>,
    changed: Vec<bool>,
    suffix: Vec<Value>,
    /// Least lst and lct of changed tasks that are there; largest durations.
    lst_min: Value,
    lct_min: Value,
    duration_max: Value,
    duration_max_of_all: Value,
    /// Earliest end of all tasks that are there.
    end: Value,
    optional: bool,
}

/// Runs the rules of windows on the groups of tasks that changes have touched.
pub(super) fn filter(
    windows: &mut Windows,
    tasks: &mut State,
    directions: &[Direction; 2],
    parameters: &DisjunctiveParameters,
    state: &mut Propagation<'_>,
) -> Result<(), Conflict> {
    let mut changed = std::mem::take(&mut tasks.changed) & tasks.maybe;
    let all_changed = changed;
    while changed != 0 {
        let group = group(tasks, changed.trailing_zeros() as usize, state);
        changed &= !group;
        // Two tasks need no window, as long as pairs push.
        if group.count_ones() < if parameters.detectable { 3 } else { 2 } {
            continue;
        }
        for (side, direction) in directions.iter().enumerate() {
            // The other direction may have moved ends.
            tasks.sort(side);
            windows.load(tasks, side, group, all_changed);
            windows.filter(parameters, direction, tasks, state)?;
        }
    }
    Ok(())
}

/// Tasks that undecided pairs connect with a task; all of them if some may be absent.
fn group(tasks: &State, task: usize, trail: &Trail) -> Set {
    if tasks.there != tasks.maybe {
        return tasks.maybe;
    }
    let (mut group, mut open) = (only(task), only(task));
    while open != 0 {
        let next = open.trailing_zeros() as usize;
        open &= open - 1;
        let near = tasks.undecided(next, trail) & !group;
        group |= near;
        open |= near;
    }
    group
}

impl Windows {
    pub(super) fn new(count: usize) -> Self {
        Windows { suffix: vec![0; count], ..Windows::default() }
    }

    fn load(&mut self, tasks: &State, side: usize, group: Set, changed: Set) {
        self.id.clear();
        self.est.clear();
        self.lct.clear();
        self.duration.clear();
        self.lst.clear();
        self.changed.clear();
        self.lst_min = NEVER_BEFORE;
        self.lct_min = NEVER_BEFORE;
        self.duration_max = 0;
        self.duration_max_of_all = 0;
        self.end = NEVER;
        self.optional = false;
        for &task in &tasks.order[side] {
            let id = task as usize % SMALL;
            if group & only(id) == 0 {
                continue;
            }
            let (est, lct) = (tasks.est[side][id], -tasks.est[1 - side][id]);
            let duration = tasks.duration[id];
            let there = tasks.there & only(id) != 0;
            let is_changed = changed & only(id) != 0;
            self.id.push(task);
            self.est.push(est);
            self.lct.push(lct);
            self.duration.push(duration);
            self.lst.push(if there { lct - duration } else { NEVER_BEFORE });
            self.changed.push(is_changed);
            self.duration_max_of_all = self.duration_max_of_all.max(duration);
            if there {
                self.end = self.end.max(est) + duration;
            } else {
                self.optional = true;
            }
            if is_changed {
                self.duration_max = self.duration_max.max(duration);
                if there {
                    self.lst_min = self.lst_min.min(lct - duration);
                    self.lct_min = self.lct_min.min(lct);
                }
            }
        }
    }

    fn filter(
        &mut self,
        parameters: &DisjunctiveParameters,
        direction: &Direction,
        tasks: &mut State,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        if parameters.overload || parameters.edge_finding {
            self.find_windows(parameters.edge_finding, direction, tasks, state)?;
        }
        if parameters.not_last {
            self.not_last(direction, tasks, state)?;
        }
        Ok(())
    }

    /// Earliest end of the tasks with a latest start before `time`, but for that at `place`; and
    /// the latest of these latest starts.
    #[inline]
    fn end_of_starting_before(&mut self, time: Value, place: usize) -> (Value, Value) {
        let own = std::mem::replace(&mut self.lst[place], NEVER_BEFORE);
        let (mut end, mut latest) = (NEVER, NEVER);
        for ((&lst, &est), &duration) in self.lst.iter().zip(&self.est).zip(&self.duration) {
            let inside = lst < time;
            end = end.max(if inside { est } else { NEVER }) + if inside { duration } else { 0 };
            latest = latest.max(if inside { lst } else { NEVER });
        }
        self.lst[place] = own;
        (end, latest)
    }

    fn not_last(
        &mut self,
        direction: &Direction,
        tasks: &mut State,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for place in 0..self.id.len() {
            let lct = self.lct[place];
            let lst = lct - self.duration[place];
            let touched = self.changed[place] || self.lst_min < lct;
            if !touched || self.end <= lst {
                continue;
            }
            let (end, latest) = self.end_of_starting_before(lct, place);
            if end > lst && latest < lct {
                let task = self.id[place] as usize;
                direction.push_end(task, latest, state)?;
                let view = -direction.intervals[task].end;
                tasks.pushed(1 - direction.side as usize, task, (view, -latest), state);
            }
        }
        Ok(())
    }

    /// Overload and edge finding. A window is passed over when even all tasks, or the longest that
    /// could be pushed, end inside it.
    fn find_windows(
        &mut self,
        edges: bool,
        direction: &Direction,
        tasks: &mut State,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for place in 0..self.id.len() {
            if self.lst[place] == NEVER_BEFORE {
                continue;
            }
            let end = self.lct[place];
            // Where nobody inside changed, only those that did can be pushed.
            let untouched = end < self.lct_min;
            let pushed = match (edges, untouched) {
                (true, false) => self.duration_max_of_all,
                (true, true) => self.duration_max,
                (false, false) => 1,
                (false, true) => continue,
            };
            if (self.optional || self.end > end) && self.end + pushed > end {
                self.check_window(end, pushed, edges, direction, tasks, state)?;
            }
        }
        Ok(())
    }

    fn check_window(
        &mut self,
        end: Value,
        pushed: Value,
        edges: bool,
        direction: &Direction,
        tasks: &mut State,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let count = self.id.len();
        let (mut work, mut reach) = (0, NEVER);
        for place in (0..count).rev() {
            // Tasks that may be absent have no latest start, hence are not inside.
            let inside = self.lct[place] <= end && self.lst[place] != NEVER_BEFORE;
            work += if inside { self.duration[place] } else { 0 };
            reach = reach.max(if inside { self.est[place] + work } else { NEVER });
            self.suffix[place] = work;
        }
        if reach > end {
            return direction.overloaded(end, state);
        }
        // Whoever is pushed out of the window would end no later than this.
        if !edges || reach + pushed <= end {
            return Ok(());
        }
        // A window begins with a task before (a prefix of the line), or with the pushed task.
        let mut before = NEVER;
        for place in 0..count {
            let (est, work) = (self.est[place], self.suffix[place]);
            if self.lct[place] <= end && self.lst[place] != NEVER_BEFORE {
                before = before.max(est + work);
                continue;
            }
            let with = if work > 0 { est + work } else { NEVER };
            if before.max(with) + self.duration[place] > end && reach > est {
                let task = self.id[place] as usize;
                direction.push_start(EDGE, task, reach, end, state)?;
                let view = direction.start(task);
                tasks.pushed(direction.side as usize, task, (view, reach), state);
            }
        }
        Ok(())
    }
}
