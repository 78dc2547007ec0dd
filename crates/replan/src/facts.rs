//! The changes, sorted by what they are about, and checked against each other and the present.
//!
//! **Source:** -

use crate::ReplanError;
use ordine_base::{Ticks, Time};
use ordine_problem::{JobId, Problem, ResourceId, Schedule, TaskId};
use ordine_wire::change::{Change, Dates, Late};
use std::collections::BTreeMap;

/// What was reported of a task.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Report {
    Done { mode: u32, start: Time, end: Time },
    Started { mode: u32, start: Time, remaining: Option<Ticks> },
}

/// All changes by what they are about; numbers are those of the changes, for messages.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) reports: BTreeMap<TaskId, Report>,
    pub(crate) late: BTreeMap<TaskId, (usize, Late)>,
    pub(crate) down: BTreeMap<ResourceId, Vec<(Time, Option<Time>)>>,
    pub(crate) cancelled: Vec<JobId>,
    pub(crate) dates: BTreeMap<JobId, Dates>,
    pub(crate) window: Ticks,
}

/// Sorts the changes.
pub(crate) fn facts(
    problem: &Problem,
    schedule: &Schedule,
    now: Time,
    changes: &[Change],
) -> Result<Facts, ReplanError> {
    let mut sorting = Sorting { problem, schedule, now, facts: Facts::default() };
    for (number, change) in changes.iter().enumerate() {
        sorting.add(number, change)?;
    }
    Ok(sorting.facts)
}

struct Sorting<'a> {
    problem: &'a Problem,
    schedule: &'a Schedule,
    now: Time,
    facts: Facts,
}

impl Sorting<'_> {
    fn add(&mut self, number: usize, change: &Change) -> Result<(), ReplanError> {
        match *change {
            Change::TaskDone { task, mode, start, end } => {
                self.done(number, task, mode, start, end)
            }
            Change::TaskStarted { task, mode, start, remaining } => {
                let mode = self.mode(number, task, mode)?;
                self.past(number, "a start", start)?;
                self.report(number, task, Report::Started { mode, start, remaining })
            }
            Change::TaskLate { task, by } => {
                self.does_work(number, task)?;
                if self.facts.late.insert(task, (number, by)).is_some() {
                    return Err(self.twice(number, task));
                }
                Ok(())
            }
            Change::MachineDown { resource, from, to } => self.down(number, resource, from, to),
            Change::NewJob => Ok(()),
            Change::JobCancelled { job } => {
                self.facts.cancelled.push(job);
                Ok(())
            }
            Change::DueChanged { job, dates } => {
                let all = self.facts.dates.entry(job).or_default();
                all.due_from = dates.due_from.or(all.due_from);
                all.due = dates.due.or(all.due);
                all.deadline = dates.deadline.or(all.deadline);
                all.weight = dates.weight.or(all.weight);
                Ok(())
            }
            Change::FrozenWindow { length } => {
                self.facts.window = self.facts.window.max(length);
                Ok(())
            }
        }
    }

    fn done(
        &mut self,
        number: usize,
        task: TaskId,
        mode: Option<u32>,
        start: Option<Time>,
        end: Time,
    ) -> Result<(), ReplanError> {
        let mode = self.mode(number, task, mode)?;
        self.past(number, "an end", end)?;
        let planned = self.schedule.placement(task).map(|it| it.start);
        let duration = self.duration(task, mode);
        let guess = || Time::ORIGIN.max(end - duration);
        let start =
            start.unwrap_or_else(|| planned.filter(|start| *start <= end).unwrap_or_else(guess));
        if start > end {
            let (expected, found) =
                (format!("an end at {start} or later, its start"), end.to_string());
            return Err(ReplanError::change(number, expected, found, "correct one of the two"));
        }
        self.report(number, task, Report::Done { mode, start, end })
    }

    fn down(
        &mut self,
        number: usize,
        resource: ResourceId,
        from: Time,
        to: Option<Time>,
    ) -> Result<(), ReplanError> {
        if !self.problem.resource(resource).comes_back() {
            let found = format!("resource {}", self.problem.resource(resource).name);
            let hint = "name a machine or renewable";
            return Err(ReplanError::change(number, "a machine or renewable", found, hint));
        }
        if let Some(to) = to.filter(|to| *to <= from) {
            let expected = format!("a time after {from} until which it is down");
            let hint = "correct one of the two";
            return Err(ReplanError::change(number, expected, to.to_string(), hint));
        }
        self.facts.down.entry(resource).or_default().push((from, to));
        Ok(())
    }

    fn report(&mut self, number: usize, task: TaskId, report: Report) -> Result<(), ReplanError> {
        self.does_work(number, task)?;
        if self.problem.task(task).status.is_done() {
            let name = &self.problem.task(task).name;
            let found = format!("task {name}, which is done in the problem");
            return Err(ReplanError::change(
                number,
                "a task that is not done yet",
                found,
                "remove it",
            ));
        }
        match self.facts.reports.insert(task, report) {
            Some(_) => Err(self.twice(number, task)),
            None => Ok(()),
        }
    }

    /// A task that spans others has no work and no status of its own.
    fn does_work(&self, number: usize, task: TaskId) -> Result<(), ReplanError> {
        if self.problem.span_of(task).is_none() {
            return Ok(());
        }
        let found = format!("task {}, which spans others", self.problem.task(task).name);
        let hint = "name its children";
        Err(ReplanError::change(number, "a task with work of its own", found, hint))
    }

    fn twice(&self, number: usize, task: TaskId) -> ReplanError {
        let found = format!("task {} again", self.problem.task(task).name);
        ReplanError::change(number, "each task once", found, "remove one of the two")
    }

    fn past(&self, number: usize, what: &str, time: Time) -> Result<(), ReplanError> {
        if time <= self.now {
            return Ok(());
        }
        let expected = format!("{what} at {} or earlier, the present", self.now);
        let hint = "correct the time, or the present (`now`)";
        Err(ReplanError::change(number, expected, time.to_string(), hint))
    }

    /// The mode that is named, or that of the plan, or the only one.
    fn mode(&self, number: usize, task: TaskId, named: Option<u32>) -> Result<u32, ReplanError> {
        let count = self.problem.modes(task).len();
        let planned =
            self.schedule.placement(task).map(|it| self.problem.mode_number(it.mode) as u32);
        let only = (count == 1).then_some(0);
        match named.or(planned).or(only) {
            Some(mode) if (mode as usize) < count => Ok(mode),
            found => {
                let name = &self.problem.task(task).name;
                let expected = format!("a mode of task {name} from 0 to below {count}");
                let found = found.map_or("none".to_owned(), |mode| mode.to_string());
                Err(ReplanError::change(number, expected, found, "state the mode"))
            }
        }
    }

    fn duration(&self, task: TaskId, mode: u32) -> Ticks {
        let mode = self.problem.numbered_mode(task, mode as usize);
        mode.map_or(Ticks::ZERO, |mode| self.problem.mode(mode).duration)
    }
}
