//! The parts of a problem: jobs, tasks, modes, resources.
//!
//! Plain records, as they are given to the builder. A due time never constrains, a deadline
//! always does. All references are ids of the same problem.
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025).

use crate::{BatchKind, Batching, BreakPolicy};
use ordine_base::{Demand, Interval, StepFunction, Ticks, Time, define_ids};
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
    /// A family of tasks, between which setups are needed.
    FamilyId;
    /// A matrix of setups.
    SetupId;
    /// A calendar.
    CalendarId;
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
    /// Wished earliest end, if there is one: the due window is `[due_from, due]`; being early
    /// costs. That of a job with a due time alone is its due time.
    pub due_from: Option<Time>,
    /// Wished end, if there is one; being late costs.
    pub due: Option<Time>,
    /// End that must not be passed, if there is one.
    pub deadline: Option<Time>,
}

impl Job {
    /// A job of weight 1 without dates.
    pub fn named(name: impl Into<String>) -> Self {
        Job {
            name: name.into(),
            weight: 1,
            release: Time::ORIGIN,
            due_from: None,
            due: None,
            deadline: None,
        }
    }
}

/// The smallest unit that is placed in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Name, for people.
    pub name: String,
    /// The job that it belongs to, if any.
    pub job: Option<JobId>,
    /// Whether it may be left out.
    pub optional: bool,
    /// Penalty for leaving it out, at least 0.
    pub absence_penalty: i64,
    /// What setups see of it; without a family it needs none.
    pub family: Option<FamilyId>,
    /// What it does about breaks.
    pub breaks: BreakPolicy,
    /// Whether others may use its resources during its breaks.
    pub released_in_breaks: bool,
    /// Earliest start.
    pub earliest_start: Time,
    /// Latest start, if there is one.
    pub latest_start: Option<Time>,
    /// Earliest end.
    pub earliest_end: Time,
    /// Latest end, if there is one.
    pub latest_end: Option<Time>,
    /// Where it must not start.
    pub forbidden_starts: Vec<Interval>,
    /// Where it must not end.
    pub forbidden_ends: Vec<Interval>,
    /// What it must not overlap.
    pub forbidden_extents: Vec<Interval>,
    /// Penalty by the time of its start.
    pub start_cost: Option<StepFunction>,
    /// Penalty by the time of its end.
    pub end_cost: Option<StepFunction>,
    /// How far it has come.
    pub status: Status,
    /// Where it stood in the plan that a new one is compared with.
    pub planned: Option<Planned>,
}

impl Task {
    /// A task of these modes without any further rule.
    pub(crate) fn named(name: String, job: Option<JobId>) -> Self {
        Task {
            name,
            job,
            optional: false,
            absence_penalty: 0,
            family: None,
            breaks: BreakPolicy::default(),
            released_in_breaks: false,
            earliest_start: Time::ORIGIN,
            latest_start: None,
            earliest_end: Time::ORIGIN,
            latest_end: None,
            forbidden_starts: Vec::new(),
            forbidden_ends: Vec::new(),
            forbidden_extents: Vec::new(),
            start_cost: None,
            end_cost: None,
            status: Status::Free,
            planned: None,
        }
    }

    /// Whether it has a window or a forbidden time of its own.
    pub fn has_times(&self) -> bool {
        self.earliest_start > Time::ORIGIN
            || self.earliest_end > Time::ORIGIN
            || self.latest_start.is_some()
            || self.latest_end.is_some()
            || !self.forbidden_starts.is_empty()
            || !self.forbidden_ends.is_empty()
            || !self.forbidden_extents.is_empty()
    }
}

/// How far a task has come; modes are numbers within the task, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Not begun and not decided; starts at the present or later.
    #[default]
    Free,
    /// Over; its times are what happened, whatever its duration.
    Done {
        /// Number of its mode.
        mode: u32,
        /// When it started.
        start: Time,
        /// When it ended.
        end: Time,
    },
    /// Under way.
    Running {
        /// Number of its mode.
        mode: u32,
        /// When it started.
        start: Time,
        /// Work that remains, from the present on.
        remaining: Ticks,
    },
    /// Decided.
    Frozen {
        /// Number of its mode.
        mode: u32,
        /// When it starts.
        start: Time,
    },
}

impl Status {
    /// Mode and start, where they are settled.
    pub const fn settled(self) -> Option<(u32, Time)> {
        match self {
            Status::Free => None,
            Status::Done { mode, start, .. }
            | Status::Running { mode, start, .. }
            | Status::Frozen { mode, start } => Some((mode, start)),
        }
    }

    /// Whether the task is over.
    pub const fn is_done(self) -> bool {
        matches!(self, Status::Done { .. })
    }
}

/// Where a task stood in an earlier plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Number of its mode.
    pub mode: u32,
    /// When it was to start.
    pub start: Time,
}

/// One way to run a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The task that it runs.
    pub task: TaskId,
    /// Work time.
    pub duration: Ticks,
    pub(crate) requirements: Range<u32>,
    pub(crate) stock_changes: Range<u32>,
}

/// Why a mode of a task that can never run cannot run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImpossibleMode {
    /// The mode.
    pub mode: ModeId,
    /// The resource that it demands too much of; `None` when its resources never work together
    /// for as long as it takes.
    pub resource: Option<ResourceId>,
}

/// The point of a task at which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Its start.
    Start,
    /// Its end.
    End,
}

/// What a mode puts into a reservoir (above 0) or takes out of it (below 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockChange {
    /// The reservoir.
    pub reservoir: ResourceId,
    /// By how much its level rises.
    pub amount: i64,
    /// When.
    pub at: Point,
}

/// What a mode needs of one resource while (or, for a consumable, because) the task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The resource.
    pub resource: ResourceId,
    /// How much of it, at least 1.
    pub demand: Demand,
}

/// Levels of a reservoir.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// Level before any task.
    pub initial: i64,
    /// Lowest level allowed.
    pub least: i64,
    /// Highest level allowed.
    pub most: i64,
}

/// How a resource limits the tasks that need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// One task (or one batch) at a time; has a sequence.
    Machine,
    /// Usage never above the capacity; capacity comes back at the end of a task.
    Renewable(Demand),
    /// Capacity that is spent for good.
    Consumable(Demand),
    /// A level that tasks raise and lower.
    Reservoir(Stock),
}

/// What tasks need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Name, for people.
    pub name: String,
    /// How it limits.
    pub kind: ResourceKind,
    /// Capacity by time, where it is not the same at all times; its largest value is that of
    /// the kind. Renewables only.
    pub capacity_profile: Option<StepFunction>,
    /// Least usage by time, ending at 0. Renewables only.
    pub usage_min: Option<StepFunction>,
    /// Working time; without a calendar it always works. Machines and renewables only.
    pub calendar: Option<CalendarId>,
    /// Setups between consecutive tasks. Machines only.
    pub setup: Option<SetupId>,
    /// Family that the machine is set up for at the origin.
    pub initial_family: Option<FamilyId>,
    /// Whether tasks run together. Machines only.
    pub batching: Option<Batching>,
    /// Cost of a unit, at least 0; see the measures of resources.
    pub price: i64,
    /// Penalty of a unit above the capacity for one tick; `None` when the capacity must hold.
    /// Renewables only.
    pub overuse_penalty: Option<i64>,
}

impl Resource {
    /// A resource without any further rule.
    pub(crate) fn new(name: String, kind: ResourceKind) -> Self {
        Resource {
            name,
            kind,
            capacity_profile: None,
            usage_min: None,
            calendar: None,
            setup: None,
            initial_family: None,
            batching: None,
            price: 0,
            overuse_penalty: None,
        }
    }

    /// Most that can be used at a time (or, for a consumable, in all; for a reservoir 0: nobody
    /// demands it).
    pub fn capacity(&self) -> Demand {
        match (self.kind, self.batching) {
            (ResourceKind::Machine, None) => Demand::ONE,
            (ResourceKind::Machine, Some(batching)) => batching.size_max,
            (ResourceKind::Renewable(capacity) | ResourceKind::Consumable(capacity), _) => capacity,
            (ResourceKind::Reservoir(_), _) => Demand::ZERO,
        }
    }

    /// Capacity at `time`.
    pub fn capacity_at(&self, time: Time) -> Demand {
        match &self.capacity_profile {
            Some(profile) => Demand::new(profile.value(time)),
            None => self.capacity(),
        }
    }

    /// Whether it is used from the start to the end of a task.
    pub fn comes_back(&self) -> bool {
        matches!(self.kind, ResourceKind::Machine | ResourceKind::Renewable(_))
    }

    /// Whether it is a machine.
    pub fn is_machine(&self) -> bool {
        self.kind == ResourceKind::Machine
    }

    /// Length of a batch to which a task of this duration is added.
    pub fn batch_length(&self, so_far: Ticks, duration: Ticks) -> Ticks {
        match self.batching.map(|batching| batching.kind) {
            Some(BatchKind::Serial) => so_far + duration,
            _ => so_far.max(duration),
        }
    }
}
