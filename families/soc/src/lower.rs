//! Down to a problem: one job on an empty chip, or what is left of a running one.
//!
//! Each task becomes one optional task per element that supports it, exactly one of which is
//! present; an edge becomes a precedence between each pair of those with the transfer as lag, so
//! that a lag depends on where both ends run. O(edges × elements²).
//!
//! **Source:** alternatives as optional intervals: Laborie et al. 2018.

use crate::simulator::{Phase, Simulator};
use crate::{Communication, ElementId, KindId, ProfileId, SocInstance};
use ordine_base::{Demand, Id, IdVec, Ticks, Time};
use ordine_problem::{
    Job, JobId, Measure, Objective, Precedence, Problem, ProblemBuilder, ProblemError, ResourceId,
    Schedule, Selection, SelectionKind, Status, TaskId,
};

/// Where a task of a job ran in a plan, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its element.
    pub element: ElementId,
    /// When it starts.
    pub start: Time,
    /// When it ends.
    pub end: Time,
}

/// One job of a profile on an empty chip; minimized is the makespan. Data go from element to
/// element.
///
/// # Errors
/// When durations or transfers are so long that their sums overflow.
pub fn lower(instance: &SocInstance, profile: ProfileId) -> Result<Problem, ProblemError> {
    let graph = &instance.profiles[profile].graph;
    let mut draft = Draft::new(instance, &graph.name)?;
    let options: Vec<Vec<Choice>> = (0..graph.tasks.len())
        .map(|position| {
            let kind = instance.kind(profile, position);
            draft.open(kind, &position.to_string(), None, |_| Time::ORIGIN)
        })
        .collect::<Result<_, _>>()?;
    for (position, choices) in options.iter().enumerate() {
        for &(after, volume) in &instance.kinds[instance.kind(profile, position)].after {
            draft.link(choices, &options[after], |from, to| {
                instance.platform.transfer(volume, from, to)
            })?;
        }
    }
    draft.builder.objective(Objective::single(Measure::Makespan));
    draft.builder.seal()
}

/// Where and when each task of the profile runs in a schedule of [`lower`]; `None` when one of
/// them is absent.
pub fn raise(
    instance: &SocInstance,
    profile: ProfileId,
    problem: &Problem,
    schedule: &Schedule,
) -> Option<Vec<Planned>> {
    let count = instance.profiles[profile].graph.tasks.len();
    let mut plan = vec![None; count];
    for (task, placement) in schedule.placed() {
        let (position, element) = address(&problem.task(task).name)?;
        let element = ElementId::from_index(element);
        *plan.get_mut(position)? =
            Some(Planned { element, start: placement.start, end: placement.end });
    }
    plan.into_iter().collect()
}

/// Task and element that the name of a lowered task says.
pub(crate) fn address(name: &str) -> Option<(usize, usize)> {
    let (task, element) = name.split_once('@')?;
    Some((task.parse().ok()?, element.parse().ok()?))
}

/// What is left of a running chip: running tasks as they are by nominal times, committed ones on
/// their element, the others free; minimized is the sum of flow times of the jobs in the system.
/// Free tasks are called `task@element`, others are held. `None` when it cannot be told.
pub(crate) fn residual(simulator: &Simulator) -> Option<Problem> {
    draw(simulator).ok()
}

fn draw(simulator: &Simulator) -> Result<Problem, ProblemError> {
    let instance = &*simulator.instance;
    let mut draft = Draft::new(instance, "residual")?;
    draft.builder.now(simulator.now);
    for (place, job) in simulator.jobs.iter().enumerate().filter(|(_, job)| job.left > 0) {
        let release = job.injected;
        let job_id = draft.builder.job(Job { release, ..Job::named(job.number.to_string()) })?;
        let count = instance.profiles[job.profile].graph.tasks.len();
        let id = |position: usize| TaskId::from_index(place * simulator.stride + position);
        let mut options = Vec::with_capacity(count);
        for position in 0..count {
            options.push(draft.remaining(simulator, id(position), job_id)?);
        }
        for (position, choices) in options.iter().enumerate() {
            for &(after, volume) in &instance.kinds[instance.kind(job.profile, position)].after {
                draft.link(choices, &options[after], |from, to| {
                    match simulator.settings.communication {
                        Communication::Direct => instance.platform.transfer(volume, from, to),
                        Communication::SharedMemory => {
                            let memory =
                                |element| instance.platform.transfer_memory(volume, element);
                            memory(from) + memory(to)
                        }
                    }
                })?;
            }
        }
    }
    draft.builder.objective(Objective::single(Measure::TotalFlowTime));
    draft.builder.seal()
}

#[derive(Clone, Copy)]
struct Choice {
    element: ElementId,
    task: TaskId,
}

struct Draft<'i> {
    instance: &'i SocInstance,
    builder: ProblemBuilder,
    resources: IdVec<ElementId, ResourceId>,
}

impl<'i> Draft<'i> {
    fn new(instance: &'i SocInstance, name: &str) -> Result<Self, ProblemError> {
        let mut builder = ProblemBuilder::new(name);
        let mut resources = IdVec::new();
        for element in instance.platform.elements.values() {
            resources.push(match element.capacity {
                1 => builder.machine(element.name.clone()),
                capacity => {
                    builder.renewable(element.name.clone(), Demand::new(capacity as i64))?
                }
            });
        }
        Ok(Draft { instance, builder, resources })
    }

    fn choice(
        &mut self,
        name: &str,
        job: Option<JobId>,
        element: ElementId,
        duration: Ticks,
    ) -> Result<Choice, ProblemError> {
        let task = self.builder.task(format!("{name}@{}", element.index()), job)?;
        self.builder.mode(task, duration, &[(self.resources[element], Demand::ONE)])?;
        Ok(Choice { element, task })
    }

    /// A task that can still go to any element, from a time on that may depend on it.
    fn open(
        &mut self,
        kind: KindId,
        name: &str,
        job: Option<JobId>,
        from: impl Fn(ElementId) -> Time,
    ) -> Result<Vec<Choice>, ProblemError> {
        let durations = &self.instance.kinds[kind].durations;
        let mut choices = Vec::new();
        for (element, duration) in durations.iter() {
            let Some(duration) = *duration else { continue };
            let choice = self.choice(name, job, element, duration)?;
            self.builder.edit_task(choice.task).earliest_start = from(element);
            choices.push(choice);
        }
        if choices.len() > 1 {
            for choice in &choices {
                self.builder.edit_task(choice.task).optional = true;
            }
            let tasks = choices.iter().map(|choice| choice.task).collect();
            let kind = SelectionKind::ExactlyOne;
            self.builder.select(Selection { tasks, kind, condition: None });
        }
        Ok(choices)
    }

    /// What is left of a task of the system; nothing when it is done.
    fn remaining(
        &mut self,
        simulator: &Simulator,
        id: TaskId,
        job: JobId,
    ) -> Result<Vec<Choice>, ProblemError> {
        let (state, name) = (&simulator.tasks[id], id.index().to_string());
        match state.phase {
            Phase::Absent | Phase::Done => Ok(Vec::new()),
            Phase::Outstanding => self.open(state.kind, &name, Some(job), |element| {
                // Predecessors that are done give data already; the others by their precedence.
                simulator.stamp_on(id, element)
            }),
            Phase::Ready => {
                self.open(state.kind, &name, Some(job), |it| simulator.stamp_on(id, it))
            }
            Phase::Committed => {
                let held = format!("held {name}");
                let choice = self.choice(&held, Some(job), state.element, simulator.nominal(id))?;
                self.builder.edit_task(choice.task).earliest_start = state.stamp.max(simulator.now);
                Ok(vec![choice])
            }
            Phase::Running => {
                let nominal = simulator.nominal(id);
                let held = format!("held {name}");
                let choice = self.choice(&held, Some(job), state.element, nominal)?;
                let left = (state.start + nominal - simulator.now).get().max(1);
                let (start, remaining) = (state.start, Ticks::new(left));
                self.builder.edit_task(choice.task).status =
                    Status::Running { mode: 0, start, remaining };
                Ok(vec![choice])
            }
        }
    }

    fn link(
        &mut self,
        before: &[Choice],
        after: &[Choice],
        lag: impl Fn(ElementId, ElementId) -> Ticks,
    ) -> Result<(), ProblemError> {
        for from in before {
            for to in after {
                let lag = lag(from.element, to.element);
                let link = Precedence::end_to_start(from.task, to.task).with_lag(lag);
                self.builder.precedence(link)?;
            }
        }
        Ok(())
    }
}
