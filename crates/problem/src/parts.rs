//! The parts of a problem: jobs, tasks, modes, resources, precedences.
//!
//! Plain records, as they are given to the builder. A due time never constrains, a deadline
//! always does. All references are ids of the same problem.
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025).

use ordine_base::{Demand, Ticks, Time, define_ids};
use std::ops::Range;

define_ids! {
    /// A task of a problem.
    TaskId;
    /// A job of a problem.
    JobId;
    /// A mode of a task; modes are numbered over the whole problem, task by task.
    ModeId;
    /// A resource of a problem.
    ResourceId;
    /// A precedence of a problem.
    PrecedenceId;
}

/// A group of tasks that belongs to one customer. Its end is the latest end of its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Name, for people.
    pub name: String,
    /// Factor in weighted objectives, at least 0.
    pub weight: i64,
    /// Earliest start of its tasks.
    pub release: Time,
    /// Wished end, if there is one; being late costs.
    pub due: Option<Time>,
    /// End that must not be passed, if there is one.
    pub deadline: Option<Time>,
}

impl Job {
    /// A job of weight 1 without dates.
    pub fn named(name: impl Into<String>) -> Self {
        Job { name: name.into(), weight: 1, release: Time::ORIGIN, due: None, deadline: None }
    }
}

/// The smallest unit that is placed in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Name, for people.
    pub name: String,
    /// The job that it belongs to, if any.
    pub job: Option<JobId>,
    pub(crate) modes: Range<u32>,
    pub(crate) usable: Range<u32>,
}

/// One way to run a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The task that it runs.
    pub task: TaskId,
    /// Work time.
    pub duration: Ticks,
    pub(crate) requirements: Range<u32>,
}

/// What a mode needs of one resource while (or, for a consumable, because) the task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The resource.
    pub resource: ResourceId,
    /// How much of it, at least 1.
    pub demand: Demand,
}

/// How a resource limits the tasks that need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// One task at a time; has a sequence.
    Machine,
    /// Usage never above the capacity; capacity comes back at the end of a task.
    Renewable(Demand),
    /// Capacity that is spent for good.
    Consumable(Demand),
}

/// What tasks need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Name, for people.
    pub name: String,
    /// How it limits.
    pub kind: ResourceKind,
}

impl Resource {
    /// Most that can be used at a time (or, for a consumable, in all).
    pub fn capacity(&self) -> Demand {
        match self.kind {
            ResourceKind::Machine => Demand::ONE,
            ResourceKind::Renewable(capacity) | ResourceKind::Consumable(capacity) => capacity,
        }
    }

    /// Whether capacity comes back when a task ends.
    pub fn comes_back(&self) -> bool {
        !matches!(self.kind, ResourceKind::Consumable(_))
    }
}

/// Which points of two tasks a precedence relates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrecedenceKind {
    /// `end(before) + lag <= start(after)`.
    EndToStart,
    /// `start(before) + lag <= start(after)`.
    StartToStart,
    /// `end(before) + lag <= end(after)`.
    EndToEnd,
    /// `start(before) + lag <= end(after)`.
    StartToEnd,
}

impl PrecedenceKind {
    /// Whether the point of the first task is its end.
    pub fn leaves_end(self) -> bool {
        matches!(self, PrecedenceKind::EndToStart | PrecedenceKind::EndToEnd)
    }

    /// Whether the point of the second task is its start.
    pub fn enters_start(self) -> bool {
        matches!(self, PrecedenceKind::EndToStart | PrecedenceKind::StartToStart)
    }
}

/// Order of two tasks with a least gap: `point(before) + lag <= point(after)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precedence {
    /// The task whose point comes first.
    pub before: TaskId,
    /// The task whose point comes second.
    pub after: TaskId,
    /// Which points.
    pub kind: PrecedenceKind,
    /// Least gap; negative lets the points overlap by that much.
    pub lag: Ticks,
}

impl Precedence {
    /// `after` starts when `before` has ended.
    pub fn end_to_start(before: TaskId, after: TaskId) -> Self {
        Precedence { before, after, kind: PrecedenceKind::EndToStart, lag: Ticks::ZERO }
    }

    /// The same precedence with this least gap.
    pub fn with_lag(self, lag: Ticks) -> Self {
        Precedence { lag, ..self }
    }

    /// The same precedence between these points.
    pub fn with_kind(self, kind: PrecedenceKind) -> Self {
        Precedence { kind, ..self }
    }

    /// Least distance from the start of `before` to the start of `after`, given both durations.
    pub fn start_to_start(self, duration_before: Ticks, duration_after: Ticks) -> Ticks {
        let mut distance = self.lag;
        if self.kind.leaves_end() {
            distance += duration_before;
        }
        if !self.kind.enters_start() {
            distance -= duration_after;
        }
        distance
    }
}
