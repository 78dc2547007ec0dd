//! Builds a problem part by part, checking local rules at once.
//!
//! Global rules (cycles, impossible demands, overflow) are checked once, by
//! [`ProblemBuilder::seal`].
//!
//! **Source:** builder and seal as in PyJobShop's `Model` and `ProblemData`.

use crate::parts::{Job, Mode, Precedence, Requirement, Resource, ResourceKind, Task};
use crate::{JobId, ModeId, Objective, PrecedenceId, Problem, ProblemError, ResourceId, TaskId};
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
}

#[derive(Clone, Debug)]
pub(crate) struct DraftMode {
    pub(crate) task: TaskId,
    pub(crate) duration: Ticks,
    pub(crate) requirements: Vec<Requirement>,
}

fn in_range(
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
        let owner = || format!("job {}", job.name);
        let most = Time::MAX.get();
        in_range("weight", owner, job.weight, 0, most)?;
        in_range("release", owner, job.release.get(), 0, most)?;
        if let Some(due) = job.due {
            in_range("due time", owner, due.get(), -most, most)?;
        }
        if let Some(deadline) = job.deadline {
            in_range("deadline", owner, deadline.get(), 0, most)?;
        }
        Ok(self.jobs.push(job))
    }

    /// Adds a machine.
    pub fn machine(&mut self, name: impl Into<String>) -> ResourceId {
        self.resources.push(Resource { name: name.into(), kind: ResourceKind::Machine })
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
        Ok(self.resources.push(Resource { name, kind }))
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
        Ok(self.tasks.push(Task { name, job, modes: 0..0, usable: 0..0 }))
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
                ResourceKind::Machine => 1,
                _ => Demand::MAX.get(),
            };
            in_range("demand", owner, demand.get(), 1, most)?;
            if requirements[..position].iter().any(|earlier| earlier.0 == resource) {
                return Err(ProblemError::RepeatedResource {
                    task: self.tasks[task].name.clone(),
                    resource: needed.name.clone(),
                });
            }
        }
        let requirement = |&(resource, demand)| Requirement { resource, demand };
        let requirements = requirements.iter().map(requirement).collect();
        self.modes.push(DraftMode { task, duration, requirements });
        Ok(())
    }

    /// Adds a precedence.
    ///
    /// # Errors
    /// When a task is unknown, or the lag is out of range.
    pub fn precedence(&mut self, precedence: Precedence) -> Result<PrecedenceId, ProblemError> {
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
        in_range("lag", owner, precedence.lag.get(), -Ticks::MAX.get(), Ticks::MAX.get())?;
        Ok(self.precedences.push(precedence))
    }

    /// Sets what is minimized; the makespan when never called.
    pub fn objective(&mut self, objective: Objective) {
        self.objective = objective;
    }

    /// Checks the global rules and makes the problem immutable.
    ///
    /// # Errors
    /// When a task has no usable mode, precedences form a cycle, numbers could overflow, or the
    /// objective needs due times that no job has.
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

    /// Modes grouped by task, in the order of being added: tables of the sealed problem.
    pub(crate) fn flatten_modes(&mut self) -> (IdVec<ModeId, Mode>, Vec<Requirement>) {
        let mut drafts = std::mem::take(&mut self.modes);
        drafts.sort_by_key(|draft| draft.task);
        let mut modes: IdVec<ModeId, Mode> = IdVec::new();
        let mut requirements = Vec::new();
        for draft in drafts {
            let from = requirements.len() as u32;
            requirements.extend(draft.requirements);
            let range = from..requirements.len() as u32;
            let mode = Mode { task: draft.task, duration: draft.duration, requirements: range };
            let id = modes.push(mode).index() as u32;
            let of_task = &mut self.tasks[draft.task].modes;
            let first = if of_task.start == of_task.end { id } else { of_task.start };
            *of_task = first..id + 1;
        }
        (modes, requirements)
    }
}
