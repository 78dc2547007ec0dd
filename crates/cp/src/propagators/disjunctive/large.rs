//! The rules of the disjunctive by Θ-Λ-trees: O(n log n).
//!
//! **Source:** Petr Vilím (CPAIOR 2004), sections 2 to 5.

use super::super::theta_tree::ThetaTree;
use super::{DETECTABLE, Direction, DisjunctiveParameters, EDGE, insertion_sort};
use crate::atom::{Interval, Value};
use crate::propagator::Propagation;
use crate::trail::Conflict;

#[derive(Clone, Copy, Debug, Default)]
struct Task {
    est: Value,
    ect: Value,
    lst: Value,
    lct: Value,
    duration: Value,
    there: bool,
    maybe: bool,
}

impl Task {
    /// The same task seen from the end of time.
    fn mirrored(self) -> Task {
        Task { est: -self.lct, ect: -self.lst, lst: -self.ect, lct: -self.est, ..self }
    }
}

/// Tasks of one direction of time, in four orders.
#[derive(Debug)]
struct Orders {
    tasks: Vec<Task>,
    by_est: Vec<u32>,
    by_ect: Vec<u32>,
    by_lst: Vec<u32>,
    by_lct: Vec<u32>,
    rank: Vec<u32>,
}

/// What the rules of a large machine work on.
#[derive(Debug)]
pub(super) struct Trees {
    orders: [Orders; 2],
    tree: ThetaTree,
}

impl Trees {
    pub(super) fn new(count: usize) -> Self {
        Trees { orders: [Orders::new(count), Orders::new(count)], tree: ThetaTree::default() }
    }

    /// Runs every rule once, in both directions.
    pub(super) fn filter(
        &mut self,
        directions: &[Direction; 2],
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let [forward, backward] = &mut self.orders;
        forward.read(&directions[0].intervals, state);
        backward.mirror(forward);
        for (orders, direction) in self.orders.iter_mut().zip(directions) {
            orders.rank();
            orders.filter(direction, &mut self.tree, parameters, state)?;
        }
        Ok(())
    }
}

impl Orders {
    fn new(count: usize) -> Self {
        let ids: Vec<u32> = (0..count as u32).collect();
        Orders {
            tasks: vec![Task::default(); count],
            by_est: ids.clone(),
            by_ect: ids.clone(),
            by_lst: ids.clone(),
            by_lct: ids.clone(),
            rank: ids,
        }
    }

    fn read(&mut self, intervals: &[Interval], state: &Propagation<'_>) {
        for (interval, task) in intervals.iter().zip(&mut self.tasks) {
            let duration = state.lower(interval.duration);
            let (est, lct) = (state.lower(interval.start), state.upper(interval.end));
            *task = Task {
                est,
                ect: est + duration,
                lst: lct - duration,
                lct,
                duration,
                there: state.is_true(interval.present),
                maybe: !state.is_false(interval.present),
            };
        }
        let tasks = &self.tasks;
        insertion_sort(&mut self.by_est, |id| tasks[id as usize].est);
        insertion_sort(&mut self.by_ect, |id| tasks[id as usize].ect);
        insertion_sort(&mut self.by_lst, |id| tasks[id as usize].lst);
        insertion_sort(&mut self.by_lct, |id| tasks[id as usize].lct);
    }

    /// Takes over what the other direction read.
    fn mirror(&mut self, other: &Orders) {
        for (task, seen) in self.tasks.iter_mut().zip(&other.tasks) {
            *task = seen.mirrored();
        }
        let copy = |to: &mut [u32], from: &[u32]| {
            for (to, from) in to.iter_mut().zip(from.iter().rev()) {
                *to = *from;
            }
        };
        copy(&mut self.by_est, &other.by_lct);
        copy(&mut self.by_lct, &other.by_est);
        copy(&mut self.by_ect, &other.by_lst);
        copy(&mut self.by_lst, &other.by_ect);
    }

    fn rank(&mut self) {
        for (rank, &id) in self.by_est.iter().enumerate() {
            self.rank[id as usize] = rank as u32;
        }
    }

    fn filter(
        &self,
        direction: &Direction,
        tree: &mut ThetaTree,
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        if parameters.overload || parameters.edge_finding {
            self.overload(direction, tree, state)?;
        }
        if parameters.detectable {
            self.detect(direction, tree, state)?;
        }
        if parameters.not_last {
            self.not_last(direction, tree, state)?;
        }
        if parameters.edge_finding {
            self.find_edges(direction, tree, state)?;
        }
        Ok(())
    }

    fn insert(&self, tree: &mut ThetaTree, id: u32) {
        let task = self.tasks[id as usize];
        tree.insert(self.rank[id as usize] as usize, task.est, task.duration);
    }

    fn remove(&self, tree: &mut ThetaTree, id: u32) {
        tree.remove(self.rank[id as usize] as usize);
    }

    fn overload(
        &self,
        direction: &Direction,
        tree: &mut ThetaTree,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        for &id in &self.by_lct {
            let task = self.tasks[id as usize];
            if task.there {
                self.insert(tree, id);
                if tree.end() > task.lct {
                    return direction.overloaded(task.lct, state);
                }
            }
        }
        Ok(())
    }

    /// Earliest end of the white tasks other than `id`.
    fn end_without(&self, tree: &mut ThetaTree, id: u32, inside: bool) -> Value {
        if !inside {
            return tree.end();
        }
        self.remove(tree, id);
        let end = tree.end();
        self.insert(tree, id);
        end
    }

    fn detect(
        &self,
        direction: &Direction,
        tree: &mut ThetaTree,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        let mut before = self.by_lst.iter().copied().peekable();
        for &id in &self.by_ect {
            let task = self.tasks[id as usize];
            if !task.maybe {
                continue;
            }
            while let Some(other) = before.next_if(|&it| self.tasks[it as usize].lst < task.ect) {
                if self.tasks[other as usize].there {
                    self.insert(tree, other);
                }
            }
            let inside = task.there && task.lst < task.ect;
            let end = self.end_without(tree, id, inside);
            if end > task.est {
                direction.push_start(DETECTABLE, id as usize, end, 0, state)?;
            }
        }
        Ok(())
    }

    fn not_last(
        &self,
        direction: &Direction,
        tree: &mut ThetaTree,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        let mut before = self.by_lst.iter().copied().peekable();
        // The two latest starts among the white tasks: one of them is another task.
        let mut latest = [u32::MAX; 2];
        for &id in &self.by_lct {
            let task = self.tasks[id as usize];
            if !task.maybe {
                continue;
            }
            while let Some(other) = before.next_if(|&it| self.tasks[it as usize].lst < task.lct) {
                if self.tasks[other as usize].there {
                    self.insert(tree, other);
                    latest = [other, latest[0]];
                }
            }
            let inside = task.there && task.lst < task.lct;
            if self.end_without(tree, id, inside) <= task.lst {
                continue;
            }
            let last = if latest[0] == id { latest[1] } else { latest[0] };
            let bound = self.tasks[last as usize].lst;
            if bound < task.lct {
                direction.push_end(id as usize, bound, state)?;
            }
        }
        Ok(())
    }

    fn find_edges(
        &self,
        direction: &Direction,
        tree: &mut ThetaTree,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        for id in 0..self.tasks.len() as u32 {
            let task = self.tasks[id as usize];
            if task.there {
                self.insert(tree, id);
            } else if task.maybe {
                tree.shade(self.rank[id as usize] as usize, task.est, task.duration);
            }
        }
        for place in (0..self.by_lct.len()).rev() {
            let id = self.by_lct[place];
            let task = self.tasks[id as usize];
            if !task.there {
                continue;
            }
            // The white tasks are those that end by `task.lct`.
            loop {
                let (end, gray) = tree.gray_end();
                let Some(gray) = gray.filter(|_| end > task.lct) else { break };
                let pushed = self.by_est[gray];
                let start = tree.end();
                if start > self.tasks[pushed as usize].est {
                    direction.push_start(EDGE, pushed as usize, start, task.lct, state)?;
                }
                tree.remove(gray);
            }
            tree.shade(self.rank[id as usize] as usize, task.est, task.duration);
        }
        Ok(())
    }
}
