//! The Θ-Λ-tree: the earliest end of a set of tasks on one machine, with at most one gray task.
//!
//! Leaves are tasks in order of est. For white tasks Θ the root gives
//! `ECT(Θ) = max over Ω ⊆ Θ of est(Ω) + p(Ω)`; with gray tasks Λ also the largest ECT that one of
//! them would bring about, and which one. Insertion and removal O(log n), queries O(1).
//!
//! **Source:** Petr Vilím, *O(n log n) filtering algorithms for unary resource constraint* (CPAIOR
//! 2004), sections 3 and 5.

use crate::atom::Value;

/// Earliest end of nothing.
pub(crate) const NEVER: Value = Value::MIN / 4;

/// No gray task is responsible.
const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    work: Value,
    end: Value,
    gray_work: Value,
    gray_end: Value,
    /// Who makes `gray_work` and `gray_end` what they are.
    work_by: u32,
    end_by: u32,
}

const EMPTY: Node =
    Node { work: 0, end: NEVER, gray_work: 0, gray_end: NEVER, work_by: NOBODY, end_by: NOBODY };

/// Tasks by rank of est, white or gray.
#[derive(Clone, Debug, Default)]
pub(crate) struct ThetaTree {
    nodes: Vec<Node>,
    leaves: usize,
}

impl ThetaTree {
    /// Room for `count` tasks, none inside.
    pub(crate) fn reset(&mut self, count: usize) {
        self.leaves = count.next_power_of_two();
        self.nodes.clear();
        self.nodes.resize(2 * self.leaves, EMPTY);
    }

    /// Earliest end of the white tasks; [`NEVER`] without any.
    pub(crate) fn end(&self) -> Value {
        self.nodes[1].end
    }

    /// Largest earliest end with one gray task, and its rank.
    pub(crate) fn gray_end(&self) -> (Value, Option<usize>) {
        let root = self.nodes[1];
        (root.gray_end, (root.end_by != NOBODY).then_some(root.end_by as usize))
    }

    /// Makes the task of this rank white.
    pub(crate) fn insert(&mut self, rank: usize, est: Value, duration: Value) {
        let end = est + duration;
        let node = Node { work: duration, end, gray_work: duration, gray_end: end, ..EMPTY };
        self.write(rank, node);
    }

    /// Makes the task of this rank gray.
    pub(crate) fn shade(&mut self, rank: usize, est: Value, duration: Value) {
        let by = rank as u32;
        let node = Node {
            gray_work: duration,
            gray_end: est + duration,
            work_by: by,
            end_by: by,
            ..EMPTY
        };
        self.write(rank, node);
    }

    /// Removes the task of this rank.
    pub(crate) fn remove(&mut self, rank: usize) {
        self.write(rank, EMPTY);
    }

    fn write(&mut self, rank: usize, node: Node) {
        let mut place = self.leaves + rank;
        self.nodes[place] = node;
        while place > 1 {
            place /= 2;
            self.nodes[place] = join(&self.nodes[2 * place], &self.nodes[2 * place + 1]);
        }
    }
}

#[inline]
fn join(left: &Node, right: &Node) -> Node {
    let mut node = Node {
        work: left.work + right.work,
        end: right.end.max(left.end + right.work),
        gray_work: left.gray_work + right.work,
        gray_end: right.gray_end,
        work_by: left.work_by,
        end_by: right.end_by,
    };
    if left.work + right.gray_work > node.gray_work {
        node.gray_work = left.work + right.gray_work;
        node.work_by = right.work_by;
    }
    if left.end + right.gray_work > node.gray_end {
        node.gray_end = left.end + right.gray_work;
        node.end_by = right.work_by;
    }
    if left.gray_end + right.work > node.gray_end {
        node.gray_end = left.gray_end + right.work;
        node.end_by = left.end_by;
    }
    node
}
