//! Elite schedules: a small pool of good and different ones.
//!
//! A schedule is kept as a topological order of its tasks and their modes, from which its graph
//! is rebuilt in O(tasks). Two schedules are equal when modes and machine sequences are.
//!
//! **Source:** Peng, Lü, Cheng 2015 (a new schedule takes the place of the worst unless it is
//! already there).

use crate::SequenceGraph;

/// Modes and sequences of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Elite {
    /// A topological order of all tasks.
    pub(crate) order: Vec<u32>,
    pub(crate) mode: Vec<u32>,
    machine_before: Vec<u32>,
    pub(crate) makespan: i64,
}

impl Elite {
    /// Overwrites this elite by the state of `graph`.
    pub(crate) fn copy_from(&mut self, graph: &SequenceGraph) {
        self.order.clone_from(&graph.order);
        self.mode.clone_from(&graph.mode);
        self.machine_before.clone_from(&graph.machine_before);
        self.makespan = graph.makespan;
    }

    pub(crate) fn of(graph: &SequenceGraph) -> Self {
        let mut elite = Elite::default();
        elite.copy_from(graph);
        elite
    }

    fn is_same(&self, other: &Elite) -> bool {
        self.mode == other.mode && self.machine_before == other.machine_before
    }
}

/// At most `capacity` different elites.
#[derive(Clone, Debug)]
pub(crate) struct Elites {
    members: Vec<Elite>,
    capacity: usize,
}

impl Elites {
    pub(crate) fn new(capacity: usize) -> Self {
        Elites { members: Vec::with_capacity(capacity), capacity }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.members.len() == self.capacity
    }

    pub(crate) fn get(&self, index: usize) -> &Elite {
        &self.members[index]
    }

    pub(crate) fn clear(&mut self) {
        self.members.clear();
    }

    /// Takes `elite` in, for the worst when full; whether the pool has changed.
    pub(crate) fn insert(&mut self, elite: Elite) -> bool {
        if self.members.iter().any(|member| member.is_same(&elite)) {
            return false;
        }
        if !self.is_full() {
            self.members.push(elite);
            return true;
        }
        let worst = (0..self.members.len()).max_by_key(|&index| self.members[index].makespan);
        let worst = &mut self.members[worst.expect("a full pool has members")];
        let better = elite.makespan <= worst.makespan;
        if better {
            *worst = elite;
        }
        better
    }
}
