//! Relations between tasks other than precedences, and the setups of machines.
//!
//! Decision record 0004 defines them; the judge is the definition in code. Absent tasks satisfy
//! every relation but selections.
//!
//! **Source:** alternative and span of CP Optimizer (Laborie et al. 2018); selections, identical
//! and different resources and same sequence of PyJobShop; blocking: Mascis, Pacciarelli 2002.

use crate::{FamilyId, ResourceId, TaskId};
use ordine_base::{Id, Ticks};

/// How many tasks of a selection are present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SelectionKind {
    /// One.
    ExactlyOne,
    /// None or one.
    AtMostOne,
    /// One or more.
    AtLeastOne,
    /// None or all.
    AllOrNone,
}

/// A choice among optional tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The tasks to choose from.
    pub tasks: Vec<TaskId>,
    /// How many of them are present.
    pub kind: SelectionKind,
    /// The task whose presence asks for the choice: when it is absent, so are all `tasks`; a
    /// selection of all or none then follows it.
    pub condition: Option<TaskId>,
}

/// A task that reaches from the first start to the latest end of its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The task that covers the others; present exactly when one of them is.
    pub parent: TaskId,
    /// What it covers.
    pub children: Vec<TaskId>,
}

/// Blocking: a task keeps what it uses until another starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The task that ends and stays.
    pub task: TaskId,
    /// The task at whose start it leaves.
    pub until: TaskId,
    /// Where it can wait instead, one unit at a time, if there is such a renewable.
    pub buffer: Option<ResourceId>,
}

/// Machines that all follow one order of the jobs (permutation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameSequence {
    /// The machines.
    pub machines: Vec<ResourceId>,
}

/// How the modes of two tasks depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModeRelationKind {
    /// Both use the same machines and renewables.
    SameResources,
    /// They have no machine and no renewable in common.
    DifferentResources,
    /// The numbers of their modes are equal.
    SameMode,
}

/// A relation between the modes of two tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeRelation {
    /// One task.
    pub first: TaskId,
    /// The other.
    pub second: TaskId,
    /// How their modes depend on each other.
    pub kind: ModeRelationKind,
}

/// Sequence-dependent setups between families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Name, for people.
    pub name: String,
    /// Number of families, that of the problem.
    pub families: usize,
    /// Time from family (row) to family (column): `families * families` numbers.
    pub times: Vec<Ticks>,
    /// Cost likewise; empty when setups cost nothing.
    pub costs: Vec<i64>,
}

impl Setup {
    /// Least time between tasks of these families.
    #[inline]
    pub fn time(&self, from: FamilyId, to: FamilyId) -> Ticks {
        self.times[from.index() * self.families + to.index()]
    }

    /// Cost between tasks of these families.
    #[inline]
    pub fn cost(&self, from: FamilyId, to: FamilyId) -> i64 {
        self.costs.get(from.index() * self.families + to.index()).copied().unwrap_or(0)
    }
}

/// How tasks of a batch share their machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchKind {
    /// Side by side: the batch takes as long as its longest task.
    Parallel,
    /// One after the other: the batch takes as long as all its tasks together.
    Serial,
}

/// A machine runs tasks of one family together; they start and end together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batching {
    /// How they share it.
    pub kind: BatchKind,
    /// Most that the demands of a batch may add up to.
    pub size_max: ordine_base::Demand,
}
