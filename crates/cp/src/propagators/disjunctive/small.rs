//! The rules of the disjunctive by plain loops over tasks in order of est: O(n²), no trees.
//!
//! `ECT` of all tasks bounds every other: windows that end later and tasks whose latest start is
//! not before it need no look, which is most of them most of the time.
//!
//! **Source:** Jacques Carlier, Éric Pinson (1990); Wim Nuijten (1994), for the quadratic sweep.

use super::super::theta_tree::NEVER;
use super::{DETECTABLE, Direction, DisjunctiveParameters, EDGE, Task};
use crate::atom::Value;
use crate::propagator::Propagation;
use crate::trail::Conflict;

impl Direction {
    /// Runs every rule once.
    pub(super) fn filter_small(
        &mut self,
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.line.clear();
        self.line.extend(
            self.by_est.iter().map(|&id| self.tasks[id as usize]).filter(|task| task.maybe),
        );
        let end = end_of(self.line.iter().filter(|task| task.there));
        self.duration_max = self.line.iter().map(|task| task.duration).max().unwrap_or(0);
        if parameters.detectable {
            self.detect_in_line(state)?;
        }
        if parameters.overload || parameters.edge_finding {
            self.find_windows(end, parameters.edge_finding, state)?;
        }
        if parameters.not_last {
            self.not_last_in_line(end, state)?;
        }
        Ok(())
    }

    fn detect_in_line(&self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let mut earliest = self.by_lst.iter().map(|&id| self.tasks[id as usize]);
        let Some(first) = earliest.find(|task| task.there) else { return Ok(()) };
        let second = earliest.find(|task| task.there).map_or(Value::MAX, |task| task.lst);
        for task in &self.line {
            let other = if task.id == first.id { second } else { first.lst };
            if other >= task.ect {
                continue;
            }
            let before = |it: &&Task| it.there && it.lst < task.ect && it.id != task.id;
            let end = end_of(self.line.iter().filter(before));
            if end > task.est {
                self.push_start(DETECTABLE, task.id, end, 0, state)?;
            }
        }
        Ok(())
    }

    fn not_last_in_line(&self, end: Value, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for task in &self.line {
            if end <= task.lst {
                continue;
            }
            let mut latest = NEVER;
            let mut reach = NEVER;
            for other in &self.line {
                if other.there && other.lst < task.lct && other.id != task.id {
                    reach = reach.max(other.est) + other.duration;
                    latest = latest.max(other.lst);
                }
            }
            if reach > task.lst && latest < task.lct {
                self.push_end(task.id, latest, state)?;
            }
        }
        Ok(())
    }

    /// Overload and edge finding, window end by window end.
    fn find_windows(
        &mut self,
        end_of_all: Value,
        edges: bool,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let mut last = Value::MIN;
        for place in 0..self.by_lct.len() {
            let task = self.tasks[self.by_lct[place] as usize];
            if !task.there || task.lct == last {
                continue;
            }
            last = task.lct;
            if last >= end_of_all && self.line.iter().all(|task| task.there) {
                return Ok(());
            }
            self.check_window(last, edges, state)?;
        }
        Ok(())
    }

    fn check_window(
        &mut self,
        end: Value,
        edges: bool,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.suffix.clear();
        self.suffix.resize(self.line.len(), 0);
        let (mut work, mut reach) = (0, NEVER);
        for (place, task) in self.line.iter().enumerate().rev() {
            if task.there && task.lct <= end {
                work += task.duration;
                reach = reach.max(task.est + work);
            }
            self.suffix[place] = work;
        }
        if reach > end {
            return self.overloaded(end, state);
        }
        // Whoever is pushed out of the window would end no later than this.
        if !edges || reach + self.duration_max <= end {
            return Ok(());
        }
        // A window begins with a task before (a prefix of the line), or with the pushed task.
        let mut before = NEVER;
        for (place, task) in self.line.iter().enumerate() {
            let work = self.suffix[place];
            if task.there && task.lct <= end {
                before = before.max(task.est + work);
                continue;
            }
            let with = if work > 0 { task.est + work } else { NEVER };
            if before.max(with) + task.duration > end && reach > task.est {
                self.push_start(EDGE, task.id, reach, end, state)?;
            }
        }
        Ok(())
    }
}

/// Earliest end of tasks given by est; [`NEVER`] of none.
fn end_of<'a>(tasks: impl Iterator<Item = &'a Task>) -> Value {
    tasks.fold(NEVER, |end, task| end.max(task.est) + task.duration)
}
