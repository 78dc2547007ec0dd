//! Builds a problem part by part, checking local rules at once.
//!
//! Global rules (cycles, impossible demands, overflow) are checked once, by
//! [`ProblemBuilder::seal`].
//!
//! **Source:** builder and seal as in PyJobShop's `Model` and `ProblemData`.

mod edit;

use crate::parts::{Job, Requirement, Resource, ResourceKind, Stock, StockChange, Task};
use crate::{
    Calendar, CalendarId, FamilyId, Hold, JobId, ModeRelation, Objective, Precedence, PrecedenceId,
    Problem, ProblemError, ResourceId, SameSequence, Selection, Setup, SetupId, Span, TaskId,
};
use ordine_base::{Demand, Id, IdVec, Ticks, Time};

/// A problem in the making.
#[derive(Clone, Debug, Default)]
pub struct ProblemBuilder {
    pub(crate) name: String,
    pub(crate) jobs: IdVec<JobId, Job>,
    pub(crate) tasks: IdVec<TaskId, Task>,
    pub(crate) resources: IdVec<ResourceId, Resource>,
    pub(crate) modes: Vec<DraftMode>,
    pub(crate) precedences: IdVec<PrecedenceId, Precedence>,
    pub(crate) objective: Objective,
    pub(crate) relations: Relations,
    pub(crate) calendars: IdVec<CalendarId, Calendar>,
    pub(crate) setups: IdVec<SetupId, Setup>,
    pub(crate) families: IdVec<FamilyId, String>,
    pub(crate) now: Time,
    pub(crate) admits_impossible: bool,
}

/// Relations other than precedences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relations {
    pub(crate) selections: Vec<Selection>,
    pub(crate) spans: Vec<Span>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) sequences: Vec<SameSequence>,
    pub(crate) modes: Vec<ModeRelation>,
    pub(crate) swaps_forbidden: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct DraftMode {
    pub(crate) task: TaskId,
    pub(crate) duration: Ticks,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) stock_changes: Vec<StockChange>,
}

pub(crate) fn in_range(
    what: &'static str,
    owner: impl FnOnce() -> String,
    found: i64,
    least: i64,
    most: i64,
) -> Result<(), ProblemError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    let expected = format!("{least} to {most}");
    Err(ProblemError::OutOfRange { what, owner: owner(), found, expected })
}

impl ProblemBuilder {
    /// Starts a problem of this name.
    pub fn new(name: impl Into<String>) -> Self {
        ProblemBuilder { name: name.into(), ..ProblemBuilder::default() }
    }

    /// Adds a job.
    ///
    /// # Errors
    /// When its weight, release, due time or deadline is out of range.
    pub fn job(&mut self, job: Job) -> Result<JobId, ProblemError> {
        Self::check_job(&job)?;
        Ok(self.jobs.push(job))
    }

    fn check_job(job: &Job) -> Result<(), ProblemError> {
        let owner = || format!("job {}", job.name);
        let most = Time::MAX.get();
        in_range("weight", owner, job.weight, 0, most)?;
        in_range("release", owner, job.release.get(), 0, most)?;
        for due in [job.due_from, job.due].into_iter().flatten() {
            in_range("due time", owner, due.get(), -most, most)?;
        }
        if let (Some(from), Some(due)) = (job.due_from, job.due) {
            in_range("start of the due window", owner, from.get(), -most, due.get())?;
        }
        if let Some(deadline) = job.deadline {
            in_range("deadline", owner, deadline.get(), 0, most)?;
        }
        Ok(())
    }

    /// Adds a machine.
    pub fn machine(&mut self, name: impl Into<String>) -> ResourceId {
        self.resources.push(Resource::new(name.into(), ResourceKind::Machine))
    }

    /// Adds a renewable.
    ///
    /// # Errors
    /// When the capacity is negative or beyond [`Demand::MAX`].
    pub fn renewable(
        &mut self,
        name: impl Into<String>,
        capacity: Demand,
    ) -> Result<ResourceId, ProblemError> {
        self.limited(name.into(), capacity, ResourceKind::Renewable(capacity))
    }

    /// Adds a consumable.
    ///
    /// # Errors
    /// When the capacity is negative or beyond [`Demand::MAX`].
    pub fn consumable(
        &mut self,
        name: impl Into<String>,
        capacity: Demand,
    ) -> Result<ResourceId, ProblemError> {
        self.limited(name.into(), capacity, ResourceKind::Consumable(capacity))
    }

    fn limited(
        &mut self,
        name: String,
        capacity: Demand,
        kind: ResourceKind,
    ) -> Result<ResourceId, ProblemError> {
        let owner = || format!("resource {name}");
        in_range("capacity", owner, capacity.get(), 0, Demand::MAX.get())?;
        Ok(self.resources.push(Resource::new(name, kind)))
    }

    /// Adds a reservoir.
    ///
    /// # Errors
    /// When a level is beyond [`Demand::MAX`], or the initial one outside the others.
    pub fn reservoir(
        &mut self,
        name: impl Into<String>,
        stock: Stock,
    ) -> Result<ResourceId, ProblemError> {
        let name = name.into();
        let owner = || format!("reservoir {name}");
        let most = Demand::MAX.get();
        in_range("least level", owner, stock.least, -most, most)?;
        in_range("highest level", owner, stock.most, stock.least, most)?;
        in_range("initial level", owner, stock.initial, stock.least, stock.most)?;
        Ok(self.resources.push(Resource::new(name, ResourceKind::Reservoir(stock))))
    }

    /// The resource, to set what the constructors leave neutral; checked when sealing.
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn edit_resource(&mut self, resource: ResourceId) -> &mut Resource {
        &mut self.resources[resource]
    }

    /// Adds a calendar; checked when sealing.
    pub fn calendar(&mut self, calendar: Calendar) -> CalendarId {
        self.calendars.push(calendar)
    }

    /// Adds a family of tasks, for setups.
    pub fn family(&mut self, name: impl Into<String>) -> FamilyId {
        self.families.push(name.into())
    }

    /// Adds a matrix of setups; checked when sealing.
    pub fn setup(&mut self, setup: Setup) -> SetupId {
        self.setups.push(setup)
    }

    /// Adds a task, of a job or of none.
    ///
    /// # Errors
    /// When the job is unknown.
    pub fn task(
        &mut self,
        name: impl Into<String>,
        job: Option<JobId>,
    ) -> Result<TaskId, ProblemError> {
        let name = name.into();
        if let Some(unknown) = job.filter(|job| self.jobs.get(*job).is_none()) {
            let owner = format!("task {name}");
            return Err(self.unknown(owner, "job", unknown.index(), self.jobs.len()));
        }
        Ok(self.tasks.push(Task::named(name, job)))
    }

    /// The task, to set what [`ProblemBuilder::task`] leaves neutral; checked when sealing.
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn edit_task(&mut self, task: TaskId) -> &mut Task {
        &mut self.tasks[task]
    }

    /// Adds a mode to a task: a duration, and how much it needs of each resource.
    ///
    /// # Errors
    /// When an id is unknown, a number is out of range, or a resource is named twice.
    pub fn mode(
        &mut self,
        task: TaskId,
        duration: Ticks,
        requirements: &[(ResourceId, Demand)],
    ) -> Result<(), ProblemError> {
        self.mode_with(task, duration, requirements, &[])
    }

    /// Adds a mode that also changes the levels of reservoirs.
    ///
    /// # Errors
    /// As [`ProblemBuilder::mode`]; and when a change is 0 or not one of a reservoir.
    pub fn mode_with(
        &mut self,
        task: TaskId,
        duration: Ticks,
        requirements: &[(ResourceId, Demand)],
        stock_changes: &[StockChange],
    ) -> Result<(), ProblemError> {
        if self.tasks.get(task).is_none() {
            let owner = "a mode".to_owned();
            return Err(self.unknown(owner, "task", task.index(), self.tasks.len()));
        }
        let owner = || format!("task {}", self.tasks[task].name);
        in_range("duration", owner, duration.get(), 0, Ticks::MAX.get())?;
        for (position, &(resource, demand)) in requirements.iter().enumerate() {
            let Some(needed) = self.resources.get(resource) else {
                let known = self.resources.len();
                return Err(self.unknown(owner(), "resource", resource.index(), known));
            };
            let most = match needed.kind {
                ResourceKind::Machine if needed.batching.is_none() => 1,
                _ => Demand::MAX.get(),
            };
            if matches!(needed.kind, ResourceKind::Reservoir(_)) {
                return Err(ProblemError::NotAReservoir {
                    owner: owner(),
                    resource: needed.name.clone(),
                    problem: "is a reservoir and cannot be demanded: change its level instead",
                });
            }
            in_range("demand", owner, demand.get(), 1, most)?;
            if requirements[..position].iter().any(|earlier| earlier.0 == resource) {
                return Err(ProblemError::RepeatedResource {
                    task: self.tasks[task].name.clone(),
                    resource: needed.name.clone(),
                });
            }
        }
        for change in stock_changes {
            self.check_stock_change(task, change)?;
        }
        let requirement = |&(resource, demand)| Requirement { resource, demand };
        let requirements = requirements.iter().map(requirement).collect();
        let stock_changes = stock_changes.to_vec();
        self.modes.push(DraftMode { task, duration, requirements, stock_changes });
        Ok(())
    }

    fn check_stock_change(&self, task: TaskId, change: &StockChange) -> Result<(), ProblemError> {
        let owner = || format!("task {}", self.tasks[task].name);
        let Some(reservoir) = self.resources.get(change.reservoir) else {
            let (index, known) = (change.reservoir.index(), self.resources.len());
            return Err(self.unknown(owner(), "resource", index, known));
        };
        if !matches!(reservoir.kind, ResourceKind::Reservoir(_)) {
            return Err(ProblemError::NotAReservoir {
                owner: owner(),
                resource: reservoir.name.clone(),
                problem: "is no reservoir, so its level cannot change: demand it instead",
            });
        }
        let most = Demand::MAX.get();
        let amount = if change.amount == 0 { i64::MAX } else { change.amount };
        in_range("stock change (other than 0)", owner, amount, -most, most)
    }

    /// Adds a precedence.
    ///
    /// # Errors
    /// When a task is unknown, or the lag is out of range.
    pub fn precedence(&mut self, precedence: Precedence) -> Result<PrecedenceId, ProblemError> {
        self.check_precedence(&precedence)?;
        Ok(self.precedences.push(precedence))
    }

    fn check_precedence(&self, precedence: &Precedence) -> Result<(), ProblemError> {
        for task in [precedence.before, precedence.after] {
            if self.tasks.get(task).is_none() {
                let owner = "a precedence".to_owned();
                return Err(self.unknown(owner, "task", task.index(), self.tasks.len()));
            }
        }
        let owner = || {
            let name = |task: TaskId| self.tasks[task].name.clone();
            format!("precedence {} -> {}", name(precedence.before), name(precedence.after))
        };
        let most = Ticks::MAX.get();
        in_range("lag", owner, precedence.lag.get(), -most, most)?;
        if let Some(lag_max) = precedence.lag_max {
            in_range("largest lag", owner, lag_max.get(), precedence.lag.get(), most)?;
        }
        if let Some(penalty) = precedence.penalty {
            in_range("penalty", owner, penalty, 1, most)?;
        }
        Ok(())
    }

    /// Gives a precedence a largest gap, or another one.
    ///
    /// # Errors
    /// When it is below the least gap, or out of range.
    ///
    /// # Panics
    /// When the builder has not given the id.
    pub fn limit_gap(
        &mut self,
        precedence: PrecedenceId,
        lag_max: Ticks,
    ) -> Result<(), ProblemError> {
        let least = self.precedences[precedence].lag.get();
        let owner = || format!("precedence {}", precedence.index());
        in_range("largest lag", owner, lag_max.get(), least, Ticks::MAX.get())?;
        self.precedences[precedence].lag_max = Some(lag_max);
        Ok(())
    }

    /// Lets every mode that takes time need this much of a resource as well.
    ///
    /// # Errors
    /// When the resource is unknown or already needed, or the demand is out of range.
    pub fn require_everywhere(
        &mut self,
        resource: ResourceId,
        demand: Demand,
    ) -> Result<(), ProblemError> {
        for mut mode in std::mem::take(&mut self.modes) {
            if mode.duration > Ticks::ZERO {
                mode.requirements.push(Requirement { resource, demand });
            }
            let needs: Vec<_> =
                mode.requirements.iter().map(|need| (need.resource, need.demand)).collect();
            self.mode_with(mode.task, mode.duration, &needs, &mode.stock_changes)?;
        }
        Ok(())
    }

    /// Adds a choice among tasks; checked when sealing.
    pub fn select(&mut self, selection: Selection) {
        self.relations.selections.push(selection);
    }

    /// Adds a task that spans others; checked when sealing.
    pub fn span(&mut self, span: Span) {
        self.relations.spans.push(span);
    }

    /// Adds blocking; checked when sealing.
    pub fn hold(&mut self, hold: Hold) {
        self.relations.holds.push(hold);
    }

    /// Forbids that held machines are exchanged in a circle at one instant.
    pub fn forbid_swaps(&mut self) {
        self.relations.swaps_forbidden = true;
    }

    /// Adds machines that follow one order of jobs; checked when sealing.
    pub fn same_sequence(&mut self, sequence: SameSequence) {
        self.relations.sequences.push(sequence);
    }

    /// Adds a relation between the modes of two tasks; checked when sealing.
    pub fn relate_modes(&mut self, relation: ModeRelation) {
        self.relations.modes.push(relation);
    }

    /// Sets the present: free tasks start then or later.
    pub fn now(&mut self, now: Time) {
        self.now = now;
    }

    /// Lets a task that can never run be sealed, instead of refusing it as a mistake: published
    /// instances are what they are, and *infeasible* is an answer. Such a problem uses
    /// [`Feature::ImpossibleTasks`](crate::Feature::ImpossibleTasks).
    pub fn admit_impossible_tasks(&mut self) {
        self.admits_impossible = true;
    }

    /// Sets what is minimized; the makespan when never called.
    pub fn objective(&mut self, objective: Objective) {
        self.objective = objective;
    }

    /// Checks the global rules and makes the problem immutable.
    ///
    /// # Errors
    /// When a task has no usable mode (see [`ProblemBuilder::admit_impossible_tasks`]), precedences
    /// form a cycle, numbers could overflow, or the objective needs due times that no job has.
    pub fn seal(self) -> Result<Problem, ProblemError> {
        crate::seal::seal(self)
    }

    fn unknown(
        &self,
        owner: String,
        what: &'static str,
        found: usize,
        known: usize,
    ) -> ProblemError {
        ProblemError::UnknownId { owner, what, found, known }
    }
}
