//! The sealed, immutable common form of every instance.
//!
//! Structure of arrays: modes, requirements and precedences are flat tables with ranges per task.
//! Whoever holds a `Problem` may rely on: all ids valid, every task has a usable mode, no cycle of
//! precedences contradicts itself, no sum of times or costs overflows an `i64`.
//!
//! **Source:** vocabulary of PyJobShop (Lan, Berkhout 2025); growth by features: decision 0001.

use crate::builder::{DraftMode, Relations};
use crate::parts::{ImpossibleMode, Job, Mode, Requirement, Resource, StockChange, Task};
use crate::{
    Calendar, CalendarId, FamilyId, FeatureSet, Hold, JobId, ModeId, ModeRelation, Objective,
    Precedence, PrecedenceId, PrecedenceKind, ProblemBuilder, ProblemError, ResourceId,
    SameSequence, Selection, Setup, SetupId, Span, TaskId,
};
use ordine_base::{Id, IdVec, Ticks, Time};
use std::ops::Range;

/// A sealed problem: valid, immutable, cheap to read from many threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(crate) name: String,
    pub(crate) jobs: IdVec<JobId, Job>,
    pub(crate) tasks: IdVec<TaskId, Task>,
    pub(crate) modes: IdVec<ModeId, Mode>,
    /// Modes and usable modes of each task, apart from the wide records of the tasks.
    pub(crate) ranges: IdVec<TaskId, ModeRanges>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) stock_changes: Vec<StockChange>,
    pub(crate) usable_modes: Vec<ModeId>,
    pub(crate) resources: IdVec<ResourceId, Resource>,
    pub(crate) precedences: IdVec<PrecedenceId, Precedence>,
    pub(crate) links: Links,
    pub(crate) order: Vec<TaskId>,
    pub(crate) job_tasks: IdVec<JobId, Vec<TaskId>>,
    pub(crate) objective: Objective,
    pub(crate) horizon: Time,
    pub(crate) demand_max: i64,
    pub(crate) cost_max: i64,
    pub(crate) features: FeatureSet,
    pub(crate) releases: IdVec<TaskId, Time>,
    pub(crate) begun: IdVec<TaskId, bool>,
    pub(crate) relations: Relations,
    /// By task, the hold that keeps its resources.
    pub(crate) holds: IdVec<TaskId, Option<Hold>>,
    /// By task, the span that it is the parent of, as a position in the relations.
    pub(crate) spans: IdVec<TaskId, Option<u32>>,
    pub(crate) calendars: IdVec<CalendarId, Calendar>,
    pub(crate) setups: IdVec<SetupId, Setup>,
    pub(crate) families: IdVec<FamilyId, String>,
    pub(crate) now: Time,
    /// The modes of tasks that can never run.
    pub(crate) impossible: Vec<ImpossibleMode>,
    pub(crate) barred: IdVec<TaskId, bool>,
}

/// Where the modes of a task stand in the tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ModeRanges {
    pub(crate) all: Range<u32>,
    pub(crate) usable: Range<u32>,
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
    /// Largest gap, if there is one.
    pub lag_max: Option<Ticks>,
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
        let range = &self.ranges[task].all;
        (range.start as usize..range.end as usize).map(ModeId::from_index)
    }

    /// The modes of a task that no single capacity forbids; never empty. Those of a task that can
    /// never run are all counted.
    #[inline]
    pub fn usable_modes(&self, task: TaskId) -> &[ModeId] {
        let range = &self.ranges[task].usable;
        &self.usable_modes[range.start as usize..range.end as usize]
    }

    /// The modes of tasks that can never run, with the reasons; where there are any, there is no
    /// schedule.
    pub fn impossible_modes(&self) -> &[ImpossibleMode] {
        &self.impossible
    }

    /// Whether an optional task can never run, so that it is always left out. Its modes count as
    /// usable all the same.
    pub fn is_barred(&self, task: TaskId) -> bool {
        self.barred[task]
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
        mode.index() - self.ranges[self.modes[mode].task].all.start as usize
    }

    /// What a mode needs.
    #[inline]
    pub fn requirements(&self, mode: ModeId) -> &[Requirement] {
        let range = &self.modes[mode].requirements;
        &self.requirements[range.start as usize..range.end as usize]
    }

    /// What a mode changes in reservoirs.
    pub fn stock_changes(&self, mode: ModeId) -> &[StockChange] {
        let range = &self.modes[mode].stock_changes;
        &self.stock_changes[range.start as usize..range.end as usize]
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

    /// Precedences that must hold and whose later task is `task`.
    #[inline]
    pub fn predecessors(&self, task: TaskId) -> &[Link] {
        self.links.predecessors(task)
    }

    /// Precedences that must hold and whose earlier task is `task`.
    #[inline]
    pub fn successors(&self, task: TaskId) -> &[Link] {
        self.links.successors(task)
    }

    /// All tasks, each after all its predecessors; where least gaps form a cycle (which then has no
    /// positive length), by earliest start.
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

    /// An amount that the demands on no resource, nor the changes of any level, add up beyond.
    pub fn demand_max(&self) -> i64 {
        self.demand_max
    }

    /// A magnitude that no value of the objective exceeds in a left-shifted schedule.
    pub fn cost_max(&self) -> i64 {
        self.cost_max
    }

    /// Earliest time that a task may start because of its job, its window and the present; that
    /// of a settled task is its start, that of a task that spans one under way the origin.
    #[inline]
    pub fn release(&self, task: TaskId) -> Time {
        self.releases[task]
    }

    /// Whether a task is done or running, or spans one that is: its start is a fact.
    #[inline]
    pub fn has_begun(&self, task: TaskId) -> bool {
        self.begun[task]
    }

    /// Latest time that a task may end because of its job and its window, if there is one.
    #[inline]
    pub fn deadline(&self, task: TaskId) -> Option<Time> {
        let data = &self.tasks[task];
        let of_job = data.job.and_then(|job| self.jobs[job].deadline);
        match (of_job, data.latest_end) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        }
    }

    /// The present: free tasks start then or later.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Choices among tasks.
    pub fn selections(&self) -> &[Selection] {
        &self.relations.selections
    }

    /// Tasks that span others.
    pub fn spans(&self) -> &[Span] {
        &self.relations.spans
    }

    /// The span that a task is the parent of.
    pub fn span_of(&self, parent: TaskId) -> Option<&Span> {
        self.spans[parent].map(|position| &self.relations.spans[position as usize])
    }

    /// All blocking.
    pub fn holds(&self) -> &[Hold] {
        &self.relations.holds
    }

    /// What keeps the resources of a task beyond its end.
    #[inline]
    pub fn hold_of(&self, task: TaskId) -> Option<Hold> {
        self.holds[task]
    }

    /// Whether held machines may be exchanged in a circle at one instant.
    pub fn swaps_allowed(&self) -> bool {
        !self.relations.swaps_forbidden
    }

    /// Groups of machines that follow one order of jobs.
    pub fn same_sequences(&self) -> &[SameSequence] {
        &self.relations.sequences
    }

    /// Relations between the modes of two tasks.
    pub fn mode_relations(&self) -> &[ModeRelation] {
        &self.relations.modes
    }

    /// All calendars with their ids.
    pub fn calendars(&self) -> &IdVec<CalendarId, Calendar> {
        &self.calendars
    }

    /// A calendar.
    pub fn calendar(&self, calendar: CalendarId) -> &Calendar {
        &self.calendars[calendar]
    }

    /// All matrices of setups with their ids.
    pub fn setups(&self) -> &IdVec<SetupId, Setup> {
        &self.setups
    }

    /// Names of the families.
    pub fn families(&self) -> &IdVec<FamilyId, String> {
        &self.families
    }

    /// Time between two tasks that follow one another on a machine.
    #[inline]
    pub fn setup_time(&self, machine: ResourceId, from: TaskId, to: TaskId) -> Ticks {
        self.setup_between(machine, self.tasks[from].family, to).0
    }

    /// Time and cost of the setup of a machine from a family to a task.
    pub fn setup_between(
        &self,
        machine: ResourceId,
        from: Option<FamilyId>,
        to: TaskId,
    ) -> (Ticks, i64) {
        match (self.resources[machine].setup, from, self.tasks[to].family) {
            (Some(setup), Some(from), Some(to)) => {
                let setup = &self.setups[setup];
                (setup.time(from, to), setup.cost(from, to))
            }
            _ => (Ticks::ZERO, 0),
        }
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
        let draft = |(id, mode): (ModeId, &Mode)| DraftMode {
            task: mode.task,
            duration: mode.duration,
            requirements: self.requirements(id).to_vec(),
            stock_changes: self.stock_changes(id).to_vec(),
        };
        ProblemBuilder {
            name: self.name.clone(),
            jobs: self.jobs.clone(),
            tasks: self.tasks.clone(),
            resources: self.resources.clone(),
            modes: self.modes.iter().map(draft).collect(),
            precedences: self.precedences.clone(),
            objective: self.objective.clone(),
            relations: self.relations.clone(),
            calendars: self.calendars.clone(),
            setups: self.setups.clone(),
            families: self.families.clone(),
            now: self.now,
            admits_impossible: !self.impossible.is_empty(),
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
        let hard = || precedences.iter().filter(|it| it.penalty.is_none());
        for precedence in hard() {
            first[ends(precedence).0.index() + 1] += 1;
        }
        for task in 0..tasks {
            first[task + 1] += first[task];
        }
        let is_hard = |index: &usize| precedences[*index].penalty.is_none();
        let mut order: Vec<usize> = (0..precedences.len()).filter(is_hard).collect();
        order.sort_by_key(|&index| ends(&precedences[index]).0);
        let link = |index: usize| Link {
            task: ends(&precedences[index]).1,
            kind: precedences[index].kind,
            lag: precedences[index].lag,
            lag_max: precedences[index].lag_max,
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
