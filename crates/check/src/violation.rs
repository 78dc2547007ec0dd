//! What can be wrong with a schedule: one variant per rule, in the order of checking.
//!
//! Ids are those of the problem that was judged; times and amounts are as found.
//!
//! **Source:** -

use ordine_base::{Cost, Demand, Ticks, Time};
use ordine_problem::{FeatureSet, JobId, ModeId, PrecedenceId, ResourceId, TaskId};

/// One broken rule, with the data that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The problem says something that the judge does not know, so nothing else is judged.
    Unjudged {
        /// What it does not know.
        features: FeatureSet,
    },
    /// The schedule speaks of more or fewer tasks than the problem has.
    TaskCount {
        /// Tasks of the problem.
        expected: usize,
        /// Tasks of the schedule.
        found: usize,
    },
    /// A task is not placed.
    Unplaced {
        /// The task.
        task: TaskId,
    },
    /// A task runs in a mode that is not one of its own. What it needs is then unknown: the rules
    /// about its duration and its resources do not judge it.
    ForeignMode {
        /// The task.
        task: TaskId,
        /// The mode, of another task or of none.
        mode: ModeId,
    },
    /// A task starts before the origin.
    BeforeOrigin {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
    },
    /// A task does not end one duration after its start.
    WrongEnd {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// Its end.
        end: Time,
        /// Duration of its mode.
        duration: Ticks,
    },
    /// A task starts before the release of its job.
    BeforeRelease {
        /// The task.
        task: TaskId,
        /// Its job.
        job: JobId,
        /// Its start.
        start: Time,
        /// Release of the job.
        release: Time,
    },
    /// A task ends after the deadline of its job.
    AfterDeadline {
        /// The task.
        task: TaskId,
        /// Its job.
        job: JobId,
        /// Its end.
        end: Time,
        /// Deadline of the job.
        deadline: Time,
    },
    /// A task starts or ends after [`Time::MAX`].
    TimeTooLarge {
        /// The task.
        task: TaskId,
        /// The later of its start and its end.
        time: Time,
    },
    /// Two tasks stand closer together than a precedence allows.
    Precedence {
        /// The precedence.
        precedence: PrecedenceId,
        /// Start or end of its first task, whichever the precedence relates.
        before: Time,
        /// Start or end of its second task, whichever the precedence relates.
        after: Time,
    },
    /// A task starts on a machine that still runs another.
    Overlap {
        /// The machine.
        machine: ResourceId,
        /// The task that still runs.
        first: TaskId,
        /// The task that starts.
        second: TaskId,
        /// When it starts.
        time: Time,
        /// When the task that still runs ends.
        first_end: Time,
    },
    /// The usage of a renewable rises above its capacity.
    Overuse {
        /// The renewable.
        renewable: ResourceId,
        /// A task that starts at this time and needs it.
        task: TaskId,
        /// When the usage rises above the capacity.
        time: Time,
        /// Usage at this time.
        usage: Demand,
        /// Capacity of the renewable.
        capacity: Demand,
    },
    /// All tasks together spend more of a consumable than there is.
    Overspending {
        /// The consumable.
        consumable: ResourceId,
        /// Total usage.
        usage: Demand,
        /// Capacity of the consumable.
        capacity: Demand,
    },
    /// No other rule is broken, but the tasks are so late that a level of the cost reaches 2^62.
    CostTooLarge {
        /// Position of the level, from 0.
        level: usize,
    },
    /// No other rule is broken, but the schedule was said to have another cost.
    WrongCost {
        /// The cost that was claimed.
        claimed: Cost,
        /// The cost that the judge computed.
        judged: Cost,
    },
}

impl Violation {
    /// The word that reports print for the kind of violation.
    pub const fn word(&self) -> &'static str {
        match self {
            Violation::Unjudged { .. } => "unjudged",
            Violation::TaskCount { .. } => "task-count",
            Violation::Unplaced { .. } => "unplaced",
            Violation::ForeignMode { .. } => "foreign-mode",
            Violation::BeforeOrigin { .. } => "before-origin",
            Violation::WrongEnd { .. } => "wrong-end",
            Violation::BeforeRelease { .. } => "before-release",
            Violation::AfterDeadline { .. } => "after-deadline",
            Violation::TimeTooLarge { .. } => "time-too-large",
            Violation::Precedence { .. } => "precedence",
            Violation::Overlap { .. } => "overlap",
            Violation::Overuse { .. } => "overuse",
            Violation::Overspending { .. } => "overspending",
            Violation::CostTooLarge { .. } => "cost-too-large",
            Violation::WrongCost { .. } => "wrong-cost",
        }
    }
}
