//! The problem after the changes, part by part: dates, breakdowns, statuses, and no cancelled job.
//!
//! Done and running tasks of a cancelled job stay without it, for their resources remember them;
//! what was running is over now. O(size of the problem).
//!
//! **Source:** -

use crate::ReplanError;
use crate::downtime::Downtime;
use crate::facts::Facts;
use crate::plan::{Aim, aimed, without_due};
use crate::statuses::Statuses;
use ordine_base::{Demand, Id, IdVec, StepFunction, Ticks, Time};
use ordine_problem::{
    CalendarId, Hold, Job, JobId, ModeRelation, Objective, Planned, Precedence, Problem,
    ProblemBuilder, ResourceId, ResourceKind, Schedule, Selection, SelectionKind, Span, Status,
    TaskId,
};

/// Everything that the new problem is made from.
pub(crate) struct Changed<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) now: Time,
    pub(crate) facts: &'a Facts,
    pub(crate) downtime: &'a Downtime,
    pub(crate) statuses: &'a Statuses,
    pub(crate) objective: &'a Objective,
    pub(crate) aim: &'a Aim,
}

/// The new problem, and by its tasks their numbers in the old one.
pub(crate) fn rebuild(
    changed: &Changed<'_>,
) -> Result<(Problem, IdVec<TaskId, TaskId>), ReplanError> {
    let mut rebuilding = Rebuilding {
        changed,
        old: changed.problem,
        builder: ProblemBuilder::new(changed.problem.name()),
        jobs: IdVec::filled(changed.problem.jobs().len(), None),
        tasks: IdVec::filled(changed.problem.tasks().len(), None),
        has_due: false,
    };
    rebuilding.jobs()?;
    rebuilding.resources()?;
    let origins = rebuilding.tasks()?;
    rebuilding.relations()?;
    let is_planned = {
        let builder = &mut rebuilding.builder;
        let new = (0..origins.len()).map(TaskId::from_index);
        new.into_iter().any(|task| builder.edit_task(task).planned.is_some())
    };
    // Cancelled jobs can have been the only ones with due times.
    let objective = match rebuilding.has_due {
        true => changed.objective.clone(),
        false => without_due(changed.objective),
    };
    rebuilding.builder.objective(aimed(&objective, changed.aim, is_planned));
    rebuilding.builder.now(changed.now);
    // That something can never run after a change is an answer, not a mistake.
    rebuilding.builder.admit_impossible_tasks();
    Ok((rebuilding.builder.seal()?, origins))
}

struct Rebuilding<'a> {
    changed: &'a Changed<'a>,
    old: &'a Problem,
    builder: ProblemBuilder,
    /// New numbers of jobs and tasks.
    jobs: IdVec<JobId, Option<JobId>>,
    tasks: IdVec<TaskId, Option<TaskId>>,
    /// Whether a job that is left has a due time.
    has_due: bool,
}

impl Rebuilding<'_> {
    fn jobs(&mut self) -> Result<(), ReplanError> {
        for job in self.old.jobs().filter(|job| !self.changed.facts.cancelled.contains(job)) {
            let old = self.old.job(job);
            let dates = self.changed.facts.dates.get(&job).copied().unwrap_or_default();
            let due = dates.due.or(old.due);
            // A window that would begin after its end shrinks to it.
            let due_from = dates.due_from.or(old.due_from.filter(|from| Some(*from) <= due));
            let new = Job {
                due,
                due_from,
                deadline: dates.deadline.or(old.deadline),
                weight: dates.weight.unwrap_or(old.weight),
                ..old.clone()
            };
            self.has_due |= new.due.is_some();
            self.jobs[job] = Some(self.builder.job(new)?);
        }
        Ok(())
    }

    fn resources(&mut self) -> Result<(), ReplanError> {
        for calendar in &self.changed.downtime.calendars {
            self.builder.calendar(calendar.clone());
        }
        for family in self.old.families().values() {
            self.builder.family(family.clone());
        }
        for setup in self.old.setups().values() {
            self.builder.setup(setup.clone());
        }
        for id in self.old.resources() {
            let old = self.old.resource(id);
            let name = old.name.clone();
            let new: ResourceId = match old.kind {
                ResourceKind::Machine => self.builder.machine(name),
                ResourceKind::Renewable(capacity) => self.builder.renewable(name, capacity)?,
                ResourceKind::Consumable(capacity) => self.builder.consumable(name, capacity)?,
                ResourceKind::Reservoir(stock) => self.builder.reservoir(name, stock)?,
            };
            let lowered = self.lowered_capacity(id);
            let resource = self.builder.edit_resource(new);
            *resource = old.clone();
            resource.calendar = self.changed.downtime.of(id).map(CalendarId::from_index);
            if let Some((capacity, profile)) = lowered {
                resource.kind = ResourceKind::Renewable(capacity);
                resource.capacity_profile = Some(profile);
            }
        }
        Ok(())
    }

    /// The capacity of a renewable that is down beside a batching machine: a batch has one working
    /// time, so that no calendar can say it. What runs already keeps its part.
    fn lowered_capacity(&self, id: ResourceId) -> Option<(Demand, StepFunction)> {
        let breaks = self.changed.downtime.beside_batches(id)?;
        let old = self.old.resource(id);
        let constant = || StepFunction::constant(old.capacity().get());
        let profile = old.capacity_profile.clone().unwrap_or_else(constant);
        let running = self.changed.statuses.of.iter().filter_map(|(task, status)| {
            let Status::Running { mode, .. } = *status else { return None };
            let mode = self.old.numbered_mode(task, mode as usize)?;
            self.old.requirements(mode).iter().find(|need| need.resource == id)
        });
        let kept: i64 = running.map(|need| need.demand.get()).sum();
        let value = |time: Time| {
            let is_down =
                |&(from, to): &(Time, Option<Time>)| from <= time && to.is_none_or(|to| time < to);
            let full = profile.value(time);
            if breaks.iter().any(is_down) { full.min(kept) } else { full }
        };
        let mut times: Vec<Time> = profile.steps().iter().map(|step| step.0).collect();
        times.extend(breaks.iter().flat_map(|&(from, to)| [Some(from), to]).flatten());
        times.sort_unstable();
        times.dedup();
        let before = times.first().map_or(0, |first| value(*first - Ticks::new(1)));
        let steps = times.into_iter().map(|time| (time, value(time))).collect();
        let lowered = StepFunction::from_steps(before, steps)?;
        Some((Demand::new(lowered.max()), lowered))
    }

    fn tasks(&mut self) -> Result<IdVec<TaskId, TaskId>, ReplanError> {
        let kept = self.kept();
        let mut origins = IdVec::new();
        for old in self.old.tasks().filter(|task| kept[*task]) {
            let data = self.old.task(old);
            let job = data.job.and_then(|job| self.jobs[job]);
            let is_cancelled = job.is_none() && data.job.is_some();
            let new = self.builder.task(data.name.clone(), job)?;
            self.tasks[old] = Some(new);
            origins.push(old);
            let mut task = data.clone();
            task.job = job;
            task.status = self.status(old, is_cancelled);
            task.planned = self.planned(old).filter(|_| task.status == Status::Free);
            if let Some(earliest) = self.changed.statuses.earliest[old] {
                task.earliest_start = task.earliest_start.max(earliest);
            }
            *self.builder.edit_task(new) = task;
            self.modes(old, new)?;
        }
        Ok(origins)
    }

    fn modes(&mut self, old: TaskId, new: TaskId) -> Result<(), ReplanError> {
        let changed = self.changed.statuses.durations[old];
        for (number, mode) in self.old.modes(old).enumerate() {
            let other = changed.filter(|(changed, _)| *changed as usize == number);
            let duration = other.map_or(self.old.mode(mode).duration, |(_, duration)| duration);
            let needs = self.old.requirements(mode).iter().map(|it| (it.resource, it.demand));
            let needs: Vec<(ResourceId, Demand)> = needs.collect();
            self.builder.mode_with(new, duration, &needs, self.old.stock_changes(mode))?;
        }
        Ok(())
    }

    /// Which tasks stay: those of no cancelled job, and of those what has begun.
    fn kept(&self) -> IdVec<TaskId, bool> {
        let begun = self.begun();
        let begun = |task: TaskId| begun[task];
        let cancelled =
            |task: TaskId| self.old.task(task).job.is_some_and(|job| self.jobs[job].is_none());
        let mut kept: IdVec<TaskId, bool> =
            self.old.tasks().map(|task| !cancelled(task) || begun(task)).collect();
        loop {
            let mut gone = Vec::new();
            for span in self.old.spans() {
                let childless = !span.children.iter().any(|child| kept[*child]);
                let parentless = !kept[span.parent];
                gone.extend(Some(span.parent).filter(|_| childless));
                let children = span.children.iter().copied();
                gone.extend(children.filter(|child| parentless && !begun(*child)));
            }
            for selection in self.old.selections() {
                if selection.condition.is_some_and(|condition| !kept[condition]) {
                    gone.extend(selection.tasks.iter().copied().filter(|task| !begun(*task)));
                }
            }
            gone.retain(|task| kept[*task]);
            if gone.is_empty() {
                return kept;
            }
            gone.iter().for_each(|task| kept[*task] = false);
        }
    }

    /// Which tasks are done or running, or span one that is.
    fn begun(&self) -> IdVec<TaskId, bool> {
        let has_begun =
            |status: &Status| matches!(status, Status::Done { .. } | Status::Running { .. });
        let mut begun: IdVec<TaskId, bool> =
            self.changed.statuses.of.values().map(has_begun).collect();
        // Parents of parents follow their children: as many rounds as spans are deep.
        for _ in self.old.spans() {
            let mut changed = false;
            for span in self.old.spans() {
                let some = span.children.iter().any(|child| begun[*child]);
                changed |= some && !std::mem::replace(&mut begun[span.parent], true);
            }
            if !changed {
                break;
            }
        }
        begun
    }

    fn status(&self, task: TaskId, is_cancelled: bool) -> Status {
        match self.changed.statuses.of[task] {
            Status::Running { mode, start, .. } if is_cancelled => {
                Status::Done { mode, start, end: self.changed.now }
            }
            status => status,
        }
    }

    fn planned(&self, task: TaskId) -> Option<Planned> {
        let placement = self.changed.schedule.placement(task)?;
        let mode = self.old.mode_number(placement.mode) as u32;
        Some(Planned { mode, start: placement.start.max(Time::ORIGIN) })
    }

    fn relations(&mut self) -> Result<(), ReplanError> {
        let tasks = &self.tasks;
        for old in self.old.precedences().values() {
            if let (Some(before), Some(after)) = (tasks[old.before], tasks[old.after]) {
                self.builder.precedence(Precedence { before, after, ..*old })?;
            }
        }
        for old in self.old.selections() {
            let condition = old.condition.map(|condition| tasks[condition]);
            let left: Vec<TaskId> = old.tasks.iter().filter_map(|task| tasks[*task]).collect();
            let is_whole = left.len() == old.tasks.len();
            let asks = is_whole || old.kind != SelectionKind::AllOrNone;
            if condition != Some(None) && asks && !left.is_empty() {
                let condition = condition.flatten();
                self.builder.select(Selection { tasks: left, condition, ..*old });
            }
        }
        for old in self.old.spans() {
            let children: Vec<TaskId> = old.children.iter().filter_map(|it| tasks[*it]).collect();
            if let Some(parent) = tasks[old.parent].filter(|_| !children.is_empty()) {
                self.builder.span(Span { parent, children });
            }
        }
        for old in self.old.holds() {
            if let (Some(task), Some(until)) = (tasks[old.task], tasks[old.until]) {
                self.builder.hold(Hold { task, until, ..*old });
            }
        }
        for old in self.old.same_sequences() {
            self.builder.same_sequence(old.clone());
        }
        for old in self.old.mode_relations() {
            if let (Some(first), Some(second)) = (tasks[old.first], tasks[old.second]) {
                self.builder.relate_modes(ModeRelation { first, second, ..*old });
            }
        }
        if !self.old.swaps_allowed() {
            self.builder.forbid_swaps();
        }
        Ok(())
    }
}
