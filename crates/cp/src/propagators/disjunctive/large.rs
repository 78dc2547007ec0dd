//! The rules of the disjunctive by Θ-Λ-trees: O(n log n).
//!
//! **Source:** Petr Vilím (CPAIOR 2004), sections 2 to 5.

use super::super::theta_tree::ThetaTree;
use super::{DETECTABLE, Direction, DisjunctiveParameters, EDGE};
use crate::atom::Value;
use crate::propagator::Propagation;
use crate::trail::Conflict;

impl Direction {
    /// Runs every rule once.
    pub(super) fn filter_large(
        &mut self,
        tree: &mut ThetaTree,
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        for (rank, &id) in self.by_est.iter().enumerate() {
            self.rank[id as usize] = rank as u32;
        }
        if parameters.overload || parameters.edge_finding {
            self.overload(tree, state)?;
        }
        if parameters.detectable {
            self.detect(tree, state)?;
        }
        if parameters.not_last {
            self.not_last(tree, state)?;
        }
        if parameters.edge_finding {
            self.find_edges(tree, state)?;
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

    fn overload(&self, tree: &mut ThetaTree, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        tree.reset(self.tasks.len());
        for &id in &self.by_lct {
            let task = self.tasks[id as usize];
            if task.there {
                self.insert(tree, id);
                if tree.end() > task.lct {
                    return self.overloaded(task.lct, state);
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

    fn detect(&self, tree: &mut ThetaTree, state: &mut Propagation<'_>) -> Result<(), Conflict> {
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
                self.push_start(DETECTABLE, id, end, 0, state)?;
            }
        }
        Ok(())
    }

    fn not_last(&self, tree: &mut ThetaTree, state: &mut Propagation<'_>) -> Result<(), Conflict> {
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
                self.push_end(id, bound, state)?;
            }
        }
        Ok(())
    }

    fn find_edges(
        &self,
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
                    self.push_start(EDGE, pushed, start, task.lct, state)?;
                }
                tree.remove(gray);
            }
            tree.shade(self.rank[id as usize] as usize, task.est, task.duration);
        }
        Ok(())
    }
}
