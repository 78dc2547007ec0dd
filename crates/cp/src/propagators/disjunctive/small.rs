//! The rules of the disjunctive by plain loops over tasks in order of est: O(n²), no trees.
//!
//! Bounds are copied into arrays, one per quantity, so that the loops have no branches. `ECT` of
//! all tasks bounds every other: windows that end later and tasks whose latest start is not before
//! it need no look, nor does what no changed task can have touched; that is most, most of the time.
//!
//! **Source:** Jacques Carlier, Éric Pinson (1990); Wim Nuijten (1994), for the quadratic sweep.

use super::super::theta_tree::NEVER;
use super::{DETECTABLE, Disjunctive, DisjunctiveParameters, EDGE, NOT_LAST, OVERLOAD};
use crate::atom::{Interval, Value};
use crate::propagator::{Propagation, Wake};
use crate::trail::Conflict;

/// Later than everything.
const NEVER_BEFORE: Value = Value::MAX / 4;

/// Tasks in order of est, in one direction of time.
#[derive(Debug, Default)]
pub(super) struct Line {
    side: Value,
    id: Vec<u32>,
    est: Vec<Value>,
    lct: Vec<Value>,
    duration: Vec<Value>,
    /// Latest start; [`NEVER_BEFORE`] of tasks that may be absent, so that they are in no set.
    lst: Vec<Value>,
    /// `est + duration`.
    ect: Vec<Value>,
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

/// What the loops of a small machine work on.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    est: Vec<Value>,
    lct: Vec<Value>,
    duration: Vec<Value>,
    there: Vec<bool>,
    maybe: Vec<bool>,
    changed: Vec<bool>,
    by_est: Vec<u32>,
    by_lct: Vec<u32>,
    lines: [Line; 2],
}

impl Sweep {
    pub(super) fn new(count: usize) -> Self {
        let ids: Vec<u32> = (0..count as u32).collect();
        Sweep {
            est: vec![0; count],
            lct: vec![0; count],
            duration: vec![0; count],
            there: vec![false; count],
            maybe: vec![false; count],
            changed: vec![false; count],
            by_est: ids.clone(),
            by_lct: ids,
            lines: [Line::default(), Line { side: 1, ..Line::default() }],
        }
    }

    fn read(&mut self, intervals: &[Interval], state: &Propagation<'_>) {
        for (id, interval) in intervals.iter().enumerate() {
            self.est[id] = state.lower(interval.start);
            self.lct[id] = state.upper(interval.end);
            self.duration[id] = state.lower(interval.duration);
            self.there[id] = state.is_true(interval.present);
            self.maybe[id] = !state.is_false(interval.present);
        }
        let everything = state.tags().contains(&Wake::ALL);
        self.changed.fill(everything);
        for &tag in state.tags().iter().filter(|&&tag| tag != Wake::ALL) {
            self.changed[tag as usize] = true;
        }
        super::insertion_sort(&mut self.by_est, |id| self.est[id as usize]);
        super::insertion_sort(&mut self.by_lct, |id| self.lct[id as usize]);
    }

    fn load(&mut self) {
        let Sweep { est, lct, duration, there, maybe, changed, by_est, by_lct, lines } = self;
        let [forward, backward] = lines;
        forward.clear();
        for &task in by_est.iter() {
            let id = task as usize;
            if maybe[id] {
                forward.push(task, (est[id], lct[id], duration[id]), there[id], changed[id]);
            }
        }
        backward.clear();
        for &task in by_lct.iter().rev() {
            let id = task as usize;
            if maybe[id] {
                backward.push(task, (-lct[id], -est[id], duration[id]), there[id], changed[id]);
            }
        }
    }
}

impl Disjunctive {
    /// Runs every rule once, in both directions.
    pub(super) fn filter_small(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.sweep.read(&self.directions[0].intervals, state);
        self.sweep.load();
        for (side, line) in self.sweep.lines.iter_mut().enumerate() {
            let intervals = &self.directions[side].intervals;
            line.filter(&self.parameters, intervals, state)?;
        }
        Ok(())
    }
}

impl Line {
    fn clear(&mut self) {
        self.id.clear();
        self.est.clear();
        self.lct.clear();
        self.duration.clear();
        self.lst.clear();
        self.ect.clear();
        self.changed.clear();
        self.lst_min = NEVER_BEFORE;
        self.lct_min = NEVER_BEFORE;
        self.duration_max = 0;
        self.duration_max_of_all = 0;
        self.end = NEVER;
        self.optional = false;
    }

    fn push(
        &mut self,
        id: u32,
        (est, lct, duration): (Value, Value, Value),
        there: bool,
        changed: bool,
    ) {
        self.id.push(id);
        self.est.push(est);
        self.lct.push(lct);
        self.duration.push(duration);
        self.ect.push(est + duration);
        self.lst.push(if there { lct - duration } else { NEVER_BEFORE });
        self.changed.push(changed);
        self.duration_max_of_all = self.duration_max_of_all.max(duration);
        if there {
            self.end = self.end.max(est) + duration;
        } else {
            self.optional = true;
        }
        if changed {
            self.duration_max = self.duration_max.max(duration);
            if there {
                self.lst_min = self.lst_min.min(lct - duration);
                self.lct_min = self.lct_min.min(lct);
            }
        }
    }

    fn filter(
        &mut self,
        parameters: &DisjunctiveParameters,
        intervals: &[Interval],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        if parameters.detectable {
            self.detect(intervals, state)?;
        }
        if parameters.overload || parameters.edge_finding {
            self.find_windows(parameters.edge_finding, intervals, state)?;
        }
        if parameters.not_last {
            self.not_last(intervals, state)?;
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

    fn detect(
        &mut self,
        intervals: &[Interval],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let (mut first, mut second) = (NEVER_BEFORE, NEVER_BEFORE);
        let mut first_place = usize::MAX;
        for (place, &lst) in self.lst.iter().enumerate() {
            if lst < first {
                (first, second, first_place) = (lst, first, place);
            } else {
                second = second.min(lst);
            }
        }
        for place in 0..self.id.len() {
            let ect = self.ect[place];
            let other = if place == first_place { second } else { first };
            let touched = self.changed[place] || self.lst_min < ect;
            if !touched || other >= ect {
                continue;
            }
            let (end, _) = self.end_of_starting_before(ect, place);
            if end > self.est[place] {
                let task = self.id[place];
                let payload = state.note(&[DETECTABLE, self.side, Value::from(task), 0]);
                state.set(intervals[task as usize].start.at_least(end), payload)?;
            }
        }
        Ok(())
    }

    fn not_last(
        &mut self,
        intervals: &[Interval],
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
                let task = self.id[place];
                let payload = state.note(&[NOT_LAST, self.side, Value::from(task), 0]);
                state.set(intervals[task as usize].end.at_most(latest), payload)?;
            }
        }
        Ok(())
    }

    /// Overload and edge finding. A window is passed over when even all tasks, or the longest that
    /// could be pushed, end inside it.
    fn find_windows(
        &mut self,
        edges: bool,
        intervals: &[Interval],
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
                self.check_window(end, pushed, edges, intervals, state)?;
            }
        }
        Ok(())
    }

    fn check_window(
        &mut self,
        end: Value,
        pushed: Value,
        edges: bool,
        intervals: &[Interval],
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let count = self.id.len();
        self.suffix.resize(count, 0);
        let (mut work, mut reach) = (0, NEVER);
        for place in (0..count).rev() {
            // Tasks that may be absent have no latest start, hence are not inside.
            let inside = self.lct[place] <= end && self.lst[place] != NEVER_BEFORE;
            work += if inside { self.duration[place] } else { 0 };
            reach = reach.max(if inside { self.est[place] + work } else { NEVER });
            self.suffix[place] = work;
        }
        if reach > end {
            let payload = state.note(&[OVERLOAD, self.side, -1, end]);
            return state.fail(payload);
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
                let task = self.id[place];
                let payload = state.note(&[EDGE, self.side, Value::from(task), end]);
                state.set(intervals[task as usize].start.at_least(reach), payload)?;
            }
        }
        Ok(())
    }
}
