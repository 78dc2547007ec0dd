//! What can be wrong with a schedule: one variant per rule, in the order of checking.
//!
//! Ids are those of the problem that was judged; times and amounts are as found.
//!
//! **Source:** decision record 0004.

use ordine_base::{Cost, Demand, Interval, Ticks, Time};
use ordine_problem::{
    FamilyId, FeatureSet, JobId, ModeId, Placement, Point, PrecedenceId, ResourceId, TaskId,
};

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
    /// A task that is not optional is not placed.
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
    /// A task that is done, running or frozen is not placed as that says.
    Unsettled {
        /// The task.
        task: TaskId,
        /// Where it was found, if it is placed.
        found: Option<Placement>,
    },
    /// A task starts before the origin.
    BeforeOrigin {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
    },
    /// A task that is neither done nor running nor frozen starts before the present.
    BeforeNow {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// The present.
        now: Time,
    },
    /// A task does not end when its work is done.
    WrongEnd {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// Its end.
        end: Time,
        /// Its work: duration of its mode, what remains of it, or the work of its whole batch.
        duration: Ticks,
        /// When this work is done; `None` when that is never, or beyond all times.
        expected: Option<Time>,
    },
    /// A task starts in a break of its mode, or runs into one that it may not reach across.
    InBreak {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// The first time of the break, or its start when it lies in one.
        time: Time,
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
    /// A task starts or ends before its own window.
    TooEarly {
        /// The task.
        task: TaskId,
        /// Its start or its end.
        point: Point,
        /// When that is.
        time: Time,
        /// Beginning of the window.
        earliest: Time,
    },
    /// A task starts or ends after its own window.
    TooLate {
        /// The task.
        task: TaskId,
        /// Its start or its end.
        point: Point,
        /// When that is.
        time: Time,
        /// End of the window, inside.
        latest: Time,
    },
    /// A task starts where it must not.
    ForbiddenStart {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// The first of its forbidden times around it.
        forbidden: Interval,
    },
    /// A task ends where it must not.
    ForbiddenEnd {
        /// The task.
        task: TaskId,
        /// Its end.
        end: Time,
        /// The first of its forbidden times around it.
        forbidden: Interval,
    },
    /// A task overlaps a time that it must not overlap.
    ForbiddenExtent {
        /// The task.
        task: TaskId,
        /// Its start.
        start: Time,
        /// Its end.
        end: Time,
        /// The first of the times that it overlaps.
        forbidden: Interval,
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
    /// Two tasks stand further apart than a precedence allows.
    PrecedenceTooFar {
        /// The precedence.
        precedence: PrecedenceId,
        /// Start or end of its first task, whichever the precedence relates.
        before: Time,
        /// Start or end of its second task, whichever the precedence relates.
        after: Time,
    },
    /// More or fewer tasks of a selection are present than its kind asks for.
    Selection {
        /// Position of the selection in the problem.
        selection: usize,
        /// How many of its tasks are present.
        present: usize,
        /// Whether its condition is present, if it has one.
        condition: Option<bool>,
    },
    /// A task is present without any task that it spans, or the other way round.
    SpanPresence {
        /// The task that spans.
        parent: TaskId,
        /// The first present task that it spans, if there is one.
        child: Option<TaskId>,
    },
    /// A task does not reach from the first start to the latest end of those that it spans.
    SpanTimes {
        /// The task that spans.
        parent: TaskId,
        /// Its start.
        start: Time,
        /// Its end.
        end: Time,
        /// First start of the tasks that it spans.
        first_start: Time,
        /// Latest end of the tasks that it spans.
        latest_end: Time,
    },
    /// The modes of two tasks do not fit together.
    ModeRelation {
        /// Position of the relation in the problem.
        relation: usize,
        /// A resource that only one of them (or that each of them) needs; `None` when the numbers
        /// of their modes differ.
        resource: Option<ResourceId>,
    },
    /// Machines that follow one order of jobs do not.
    SameSequence {
        /// Position of the group of machines in the problem.
        sequence: usize,
        /// A machine of the group.
        machine: ResourceId,
        /// A job on it.
        first: JobId,
        /// The job that follows there, and comes before `first` by the machines together.
        second: JobId,
    },
    /// A task starts on a machine that another has not left.
    Overlap {
        /// The machine.
        machine: ResourceId,
        /// The task that is still there.
        first: TaskId,
        /// The task that starts.
        second: TaskId,
        /// When it starts.
        time: Time,
        /// When the task that is still there ends or leaves.
        first_end: Time,
    },
    /// Two tasks overlap on a machine with batches and do not start and end together.
    BrokenBatch {
        /// The machine.
        machine: ResourceId,
        /// The task that is still there.
        first: TaskId,
        /// The task that starts.
        second: TaskId,
        /// When it starts.
        time: Time,
    },
    /// The tasks of a batch are of several families.
    MixedBatch {
        /// The machine.
        machine: ResourceId,
        /// A task of the batch.
        first: TaskId,
        /// Another, of another family.
        second: TaskId,
        /// Start of the batch.
        time: Time,
    },
    /// The tasks of a batch demand more than the machine takes.
    BatchTooLarge {
        /// The machine.
        machine: ResourceId,
        /// A task of the batch.
        task: TaskId,
        /// Start of the batch.
        time: Time,
        /// Sum of its demands.
        size: Demand,
        /// What the machine takes.
        size_max: Demand,
    },
    /// A task starts on a machine that is not set up for it yet.
    Setup {
        /// The machine.
        machine: ResourceId,
        /// The task.
        task: TaskId,
        /// When it starts.
        start: Time,
        /// Family that the machine was set up for.
        from: FamilyId,
        /// When the machine could be set up from, and how long that takes.
        free: Time,
        /// Time of the setup.
        setup: Ticks,
    },
    /// Tasks exchange their machines in a circle, where that is forbidden.
    Swap {
        /// A machine of the circle.
        machine: ResourceId,
        /// The task that leaves it.
        task: TaskId,
        /// When they do.
        time: Time,
    },
    /// The usage of a renewable rises above its capacity.
    Overuse {
        /// The renewable.
        renewable: ResourceId,
        /// A task that uses it then, one that comes then where there is such a task.
        task: TaskId,
        /// Since when this task uses it.
        since: Time,
        /// When the usage rises above the capacity.
        time: Time,
        /// Usage at this time.
        usage: Demand,
        /// Capacity of the renewable at this time.
        capacity: Demand,
    },
    /// The usage of a renewable falls below its least usage.
    LeastUsage {
        /// The renewable.
        renewable: ResourceId,
        /// When the usage falls below it.
        time: Time,
        /// Usage at this time.
        usage: Demand,
        /// Least usage at this time.
        least: Demand,
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
    /// The level of a reservoir falls below its lowest.
    StockTooLow {
        /// The reservoir.
        reservoir: ResourceId,
        /// A task that changes the level then.
        task: TaskId,
        /// When.
        time: Time,
        /// Level after all changes of this time.
        level: i64,
        /// Lowest level allowed.
        least: i64,
    },
    /// The level of a reservoir rises above its highest.
    StockTooHigh {
        /// The reservoir.
        reservoir: ResourceId,
        /// A task that changes the level then.
        task: TaskId,
        /// When.
        time: Time,
        /// Level after all changes of this time.
        level: i64,
        /// Highest level allowed.
        most: i64,
    },
    /// No other rule is broken, but a level of the cost reaches 2^62.
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
            Violation::Unsettled { .. } => "unsettled",
            Violation::BeforeOrigin { .. } => "before-origin",
            Violation::BeforeNow { .. } => "before-now",
            Violation::WrongEnd { .. } => "wrong-end",
            Violation::InBreak { .. } => "in-break",
            Violation::BeforeRelease { .. } => "before-release",
            Violation::AfterDeadline { .. } => "after-deadline",
            Violation::TooEarly { .. } => "too-early",
            Violation::TooLate { .. } => "too-late",
            Violation::ForbiddenStart { .. } => "forbidden-start",
            Violation::ForbiddenEnd { .. } => "forbidden-end",
            Violation::ForbiddenExtent { .. } => "forbidden-extent",
            Violation::TimeTooLarge { .. } => "time-too-large",
            Violation::Precedence { .. } => "precedence",
            Violation::PrecedenceTooFar { .. } => "precedence-too-far",
            Violation::Selection { .. } => "selection",
            Violation::SpanPresence { .. } => "span-presence",
            Violation::SpanTimes { .. } => "span-times",
            Violation::ModeRelation { .. } => "mode-relation",
            Violation::SameSequence { .. } => "same-sequence",
            Violation::Overlap { .. } => "overlap",
            Violation::BrokenBatch { .. } => "broken-batch",
            Violation::MixedBatch { .. } => "mixed-batch",
            Violation::BatchTooLarge { .. } => "batch-too-large",
            Violation::Setup { .. } => "setup",
            Violation::Swap { .. } => "swap",
            Violation::Overuse { .. } => "overuse",
            Violation::LeastUsage { .. } => "least-usage",
            Violation::Overspending { .. } => "overspending",
            Violation::StockTooLow { .. } => "stock-too-low",
            Violation::StockTooHigh { .. } => "stock-too-high",
            Violation::CostTooLarge { .. } => "cost-too-large",
            Violation::WrongCost { .. } => "wrong-cost",
        }
    }
}
