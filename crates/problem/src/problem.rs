//! The sealed, immutable common form of every instance.
//!
//! Structure of arrays: modes, requirements and precedences are flat tables with ranges per task.
//! Whoever holds a `Problem` may rely on: all ids valid, every task has a usable mode, precedences
//! are acyclic, no sum of times or costs overflows an `i64`.
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025); growth by features: decision 0001.

use crate::builder::DraftMode;
use crate::parts::{Job, Mode, Precedence, PrecedenceKind, Requirement, Resource, Task};
use crate::{
    FeatureSet, JobId, ModeId, Objective, PrecedenceId, ProblemBuilder, ProblemError, ResourceId,
    TaskId,
};
use ordine_base::{Id, IdVec, Ticks, Time};

/// A sealed problem: valid, immutable, cheap to read from many threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(crate) name: String,
    pub(crate) jobs: IdVec<JobId, Job>,
    pub(crate) tasks: IdVec<TaskId, Task>,
    pub(crate) modes: IdVec<ModeId, Mode>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) usable_modes: Vec<ModeId>,
    pub(crate) resources: IdVec<ResourceId, Resource>,
    pub(crate) precedences: IdVec<PrecedenceId, Precedence>,
    pub(crate) links: Links,
    pub(crate) order: Vec<TaskId>,
    pub(crate) job_tasks: IdVec<JobId, Vec<TaskId>>,
    pub(crate) objective: Objective,
    pub(crate) horizon: Time,
    pub(crate) features: FeatureSet,
}

/// One precedence seen from one of its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The task at the other end.
    pub task: TaskId,
    /// Which points are related.
    pub kind: PrecedenceKind,
    /// Least gap.
    pub lag: Ticks,
    /// The precedence itself.
    pub precedence: PrecedenceId,
}

impl Link {
    /// Least distance from the start of the earlier task to the start of the later one.
    #[inline]
    pub fn start_to_start(self, duration_before: Ticks, duration_after: Ticks) -> Ticks {
        if self.kind == PrecedenceKind::EndToStart {
            return duration_before + self.lag;
        }
        let before = if self.kind.leaves_end() { duration_before } else { Ticks::ZERO };
        let after = if self.kind.enters_start() { Ticks::ZERO } else { duration_after };
        self.lag + before - after
    }
}

impl Problem {
    /// Name of the instance.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All tasks, ascending.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = TaskId> + ExactSizeIterator + use<> {
        self.tasks.ids()
    }

    /// A task.
    pub fn task(&self, task: TaskId) -> &Task {
        &self.tasks[task]
    }

    /// All jobs, ascending.
    pub fn jobs(&self) -> impl DoubleEndedIterator<Item = JobId> + ExactSizeIterator + use<> {
        self.jobs.ids()
    }

    /// A job.
    pub fn job(&self, job: JobId) -> &Job {
        &self.jobs[job]
    }

    /// The tasks of a job, ascending.
    pub fn job_tasks(&self, job: JobId) -> &[TaskId] {
        &self.job_tasks[job]
    }

    /// All resources, ascending.
    pub fn resources(
        &self,
    ) -> impl DoubleEndedIterator<Item = ResourceId> + ExactSizeIterator + use<> {
        self.resources.ids()
    }

    /// A resource.
    pub fn resource(&self, resource: ResourceId) -> &Resource {
        &self.resources[resource]
    }

    /// Number of modes of all tasks together.
    pub fn mode_count(&self) -> usize {
        self.modes.len()
    }

    /// All modes of a task in their order, usable or not.
    pub fn modes(
        &self,
        task: TaskId,
    ) -> impl DoubleEndedIterator<Item = ModeId> + ExactSizeIterator + use<> {
        let range = &self.tasks[task].modes;
        (range.start as usize..range.end as usize).map(ModeId::from_index)
    }

    /// The modes of a task that no single capacity forbids; never empty.
    #[inline]
    pub fn usable_modes(&self, task: TaskId) -> &[ModeId] {
        let range = &self.tasks[task].usable;
        &self.usable_modes[range.start as usize..range.end as usize]
    }

    /// A mode.
    #[inline]
    pub fn mode(&self, mode: ModeId) -> &Mode {
        &self.modes[mode]
    }

    /// The mode with this number (from 0) of a task, if it exists.
    pub fn numbered_mode(&self, task: TaskId, number: usize) -> Option<ModeId> {
        self.modes(task).nth(number)
    }

    /// Number of a mode within its task, from 0.
    pub fn mode_number(&self, mode: ModeId) -> usize {
        mode.index() - self.tasks[self.modes[mode].task].modes.start as usize
    }

    /// What a mode needs.
    #[inline]
    pub fn requirements(&self, mode: ModeId) -> &[Requirement] {
        let range = &self.modes[mode].requirements;
        &self.requirements[range.start as usize..range.end as usize]
    }

    /// Shortest duration among the usable modes of a task.
    pub fn duration_min(&self, task: TaskId) -> Ticks {
        let durations = self.usable_modes(task).iter().map(|&mode| self.modes[mode].duration);
        durations.min().expect("every task of a sealed problem has a usable mode")
    }

    /// Longest duration among the usable modes of a task.
    pub fn duration_max(&self, task: TaskId) -> Ticks {
        let durations = self.usable_modes(task).iter().map(|&mode| self.modes[mode].duration);
        durations.max().expect("every task of a sealed problem has a usable mode")
    }

    /// All precedences with their ids.
    pub fn precedences(&self) -> &IdVec<PrecedenceId, Precedence> {
        &self.precedences
    }

    /// Precedences whose later task is `task`.
    #[inline]
    pub fn predecessors(&self, task: TaskId) -> &[Link] {
        self.links.predecessors(task)
    }

    /// Precedences whose earlier task is `task`.
    #[inline]
    pub fn successors(&self, task: TaskId) -> &[Link] {
        self.links.successors(task)
    }

    /// All tasks, each after all its predecessors.
    pub fn topological_order(&self) -> &[TaskId] {
        &self.order
    }

    /// What is minimized.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// An end that no left-shifted schedule exceeds.
    pub fn horizon(&self) -> Time {
        self.horizon
    }

    /// Earliest time that a task may start because of its job.
    #[inline]
    pub fn release(&self, task: TaskId) -> Time {
        self.tasks[task].job.map_or(Time::ORIGIN, |job| self.jobs[job].release)
    }

    /// Latest time that a task may end because of its job, if there is one.
    #[inline]
    pub fn deadline(&self, task: TaskId) -> Option<Time> {
        self.tasks[task].job.and_then(|job| self.jobs[job].deadline)
    }

    /// The features that the problem uses.
    pub fn features(&self) -> FeatureSet {
        self.features
    }

    /// The features that the problem uses and `supported` lacks; empty when an engine may run.
    pub fn unsupported(&self, supported: FeatureSet) -> FeatureSet {
        self.features.without(supported)
    }

    /// The same problem after `change` of its parts, sealed again.
    ///
    /// # Errors
    /// Those of [`ProblemBuilder::seal`] and of `change`.
    pub fn with(
        &self,
        change: impl FnOnce(&mut ProblemBuilder) -> Result<(), ProblemError>,
    ) -> Result<Problem, ProblemError> {
        let mut builder = self.to_builder();
        change(&mut builder)?;
        builder.seal()
    }

    /// A builder that holds the parts of this problem.
    pub fn to_builder(&self) -> ProblemBuilder {
        let mut tasks = self.tasks.clone();
        for task in tasks.values_mut() {
            (task.modes, task.usable) = (0..0, 0..0);
        }
        let draft = |(id, mode): (ModeId, &Mode)| DraftMode {
            task: mode.task,
            duration: mode.duration,
            requirements: self.requirements(id).to_vec(),
        };
        ProblemBuilder {
            name: self.name.clone(),
            jobs: self.jobs.clone(),
            tasks,
            resources: self.resources.clone(),
            modes: self.modes.iter().map(draft).collect(),
            precedences: self.precedences.clone(),
            objective: self.objective.clone(),
        }
    }
}

/// Precedences by task, in both directions, as two flat tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Links {
    forward: Adjacency,
    backward: Adjacency,
}

impl Links {
    pub(crate) fn new(tasks: usize, precedences: &[Precedence]) -> Self {
        let forward = Adjacency::new(tasks, precedences, |it| (it.before, it.after));
        let backward = Adjacency::new(tasks, precedences, |it| (it.after, it.before));
        Links { forward, backward }
    }

    #[inline]
    pub(crate) fn successors(&self, task: TaskId) -> &[Link] {
        self.forward.of(task)
    }

    #[inline]
    pub(crate) fn predecessors(&self, task: TaskId) -> &[Link] {
        self.backward.of(task)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Adjacency {
    first: Vec<u32>,
    links: Vec<Link>,
}

impl Adjacency {
    fn new(
        tasks: usize,
        precedences: &[Precedence],
        ends: impl Fn(&Precedence) -> (TaskId, TaskId),
    ) -> Self {
        let mut first = vec![0_u32; tasks + 1];
        for precedence in precedences {
            first[ends(precedence).0.index() + 1] += 1;
        }
        for task in 0..tasks {
            first[task + 1] += first[task];
        }
        let mut order: Vec<usize> = (0..precedences.len()).collect();
        order.sort_by_key(|&index| ends(&precedences[index]).0);
        let link = |index: usize| Link {
            task: ends(&precedences[index]).1,
            kind: precedences[index].kind,
            lag: precedences[index].lag,
            precedence: PrecedenceId::from_index(index),
        };
        Adjacency { first, links: order.into_iter().map(link).collect() }
    }

    #[inline]
    fn of(&self, task: TaskId) -> &[Link] {
        let index = task.index();
        &self.links[self.first[index] as usize..self.first[index + 1] as usize]
    }
}
