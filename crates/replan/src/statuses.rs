//! How far each task has come at the present: what was reported, else what the plan says.
//!
//! A task whose planned end has passed is done, one whose planned start has passed is running with
//! the work that its calendars have left; lateness adds to that work. A task that spans others is
//! done with them, and stands where the first of them started.
//!
//! **Source:** -

use crate::ReplanError;
use crate::downtime::{Downtime, worked};
use crate::facts::{Facts, Report};
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{ModeId, Placement, Problem, Schedule, Status, TaskId, WorkTime};
use ordine_wire::change::Late;

/// What the rest of the plan must respect, task by task.
pub(crate) struct Statuses {
    pub(crate) of: IdVec<TaskId, Status>,
    /// Mode whose duration is another, with it.
    pub(crate) durations: IdVec<TaskId, Option<(u32, Ticks)>>,
    /// Starts that lateness forbids before this time.
    pub(crate) earliest: IdVec<TaskId, Option<Time>>,
}

pub(crate) struct Deriving<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) now: Time,
    pub(crate) facts: &'a Facts,
    pub(crate) downtime: &'a Downtime,
}

/// A task that has started: its work in all, counted from `since`.
struct Begun {
    mode: u32,
    start: Time,
    since: Time,
    work: Ticks,
}

impl Deriving<'_> {
    /// The statuses of all tasks; those within the window are frozen, possible or not.
    pub(crate) fn statuses(&self) -> Result<Statuses, ReplanError> {
        let count = self.problem.tasks().len();
        let mut statuses = Statuses {
            of: IdVec::filled(count, Status::Free),
            durations: IdVec::filled(count, None),
            earliest: IdVec::filled(count, None),
        };
        for task in self.problem.tasks().filter(|task| self.problem.span_of(*task).is_none()) {
            statuses.of[task] = match self.begun(task)? {
                Some(Ok(status)) => status,
                Some(Err(begun)) => self.advanced(task, &begun),
                None => self.waiting(task, &mut statuses)?,
            };
        }
        // Parents of parents settle after their children: as many rounds as spans are deep.
        for _ in self.problem.spans() {
            let mut changed = false;
            for span in self.problem.spans() {
                let status = self.spanning(&span.children, &statuses.of);
                changed |= std::mem::replace(&mut statuses.of[span.parent], status) != status;
            }
            if !changed {
                break;
            }
        }
        Ok(statuses)
    }

    /// What is known of a task that has started: its status, or the work that it is at.
    fn begun(&self, task: TaskId) -> Result<Option<Result<Status, Begun>>, ReplanError> {
        if let Some(report) = self.facts.reports.get(&task) {
            return Ok(Some(match *report {
                Report::Done { mode, start, end } => Ok(Status::Done { mode, start, end }),
                Report::Started { mode, start, remaining: Some(remaining) } => {
                    Ok(Status::Running { mode, start, remaining })
                }
                Report::Started { mode, start, remaining: None } => {
                    Err(Begun { mode, start, since: start, work: self.duration(task, mode) })
                }
            }));
        }
        Ok(match self.problem.task(task).status {
            status @ Status::Done { .. } => Some(Ok(status)),
            Status::Running { mode, start, remaining } => {
                Some(Err(Begun { mode, start, since: self.problem.now(), work: remaining }))
            }
            _ => {
                let placed = self.schedule.placement(task);
                placed.filter(|it| it.start < self.now).map(|it| Err(self.as_planned(it)))
            }
        })
    }

    fn as_planned(&self, placement: Placement) -> Begun {
        let Placement { mode, start, end } = placement;
        let needs = self.problem.requirements(mode).iter();
        let mut machines = needs.map(|need| self.problem.resource(need.resource));
        // The work of a batch is that of all its tasks.
        let work = match machines.any(|machine| machine.batching.is_some()) {
            true => worked(&WorkTime::of(self.problem, mode), start, end),
            false => self.problem.mode(mode).duration,
        };
        let mode = self.problem.mode_number(mode) as u32;
        Begun { mode, start, since: start, work }
    }

    /// The status of a task that has started, after lateness and the work done since.
    fn advanced(&self, task: TaskId, begun: &Begun) -> Status {
        let &Begun { mode, start, since, work } = begun;
        let late = self.facts.late.get(&task).map(|(_, late)| *late);
        let work = match late {
            Some(Late::Remaining(remaining)) => return Status::Running { mode, start, remaining },
            Some(Late::Delay(delay)) => work + delay,
            Some(Late::Duration(duration)) => work + duration - self.duration(task, mode),
            None => work,
        };
        let Some(id) = self.problem.numbered_mode(task, mode as usize) else {
            return Status::Running { mode, start, remaining: work };
        };
        let time = self.downtime.work_time(self.problem, id);
        let work = work.max(Ticks::ZERO);
        match time.finish(since, work).filter(|end| *end <= self.now) {
            Some(end) => Status::Done { mode, start, end },
            None => {
                let remaining = work - worked(&time, since, self.now);
                Status::Running { mode, start, remaining: remaining.max(Ticks::ZERO) }
            }
        }
    }

    /// The status of a task that has not started; notes what lateness says of it.
    fn waiting(&self, task: TaskId, statuses: &mut Statuses) -> Result<Status, ReplanError> {
        let placed = self.schedule.placement(task);
        let mode = placed.map(|it| self.problem.mode_number(it.mode) as u32);
        if let Some(&(number, late)) = self.facts.late.get(&task) {
            match late {
                Late::Delay(delay) => {
                    let planned = placed.map_or(self.now, |it| it.start);
                    statuses.earliest[task] = Some(planned + delay);
                }
                Late::Duration(duration) => {
                    let only = (self.problem.modes(task).len() == 1).then_some(0);
                    let Some(mode) = mode.or(only) else {
                        let name = &self.problem.task(task).name;
                        let found = format!("task {name}, which is in no plan and has several");
                        let expected = "a task whose mode is known";
                        let hint = "change the durations in the problem";
                        return Err(ReplanError::change(number, expected, found, hint));
                    };
                    statuses.durations[task] = Some((mode, duration));
                }
                Late::Remaining(_) => {
                    let name = &self.problem.task(task).name;
                    let found = format!("task {name}, which has not started");
                    let hint = "state `delay` or `duration`, or report that it has started";
                    return Err(ReplanError::change(number, "a task under way", found, hint));
                }
            }
        }
        let was_frozen = matches!(self.problem.task(task).status, Status::Frozen { .. });
        let within = |it: &Placement| was_frozen || it.start < self.now + self.facts.window;
        let frozen = placed.filter(within).zip(mode);
        Ok(frozen.map_or(Status::Free, |(it, mode)| Status::Frozen { mode, start: it.start }))
    }

    /// The status of a task that spans others.
    fn spanning(&self, children: &[TaskId], of: &IdVec<TaskId, Status>) -> Status {
        let start = |status: &Status| status.settled().map(|(_, start)| start);
        let settled = || children.iter().map(|child| &of[*child]).filter(|it| start(it).is_some());
        let first = settled().filter_map(start).min();
        let Some(start) = first.filter(|start| *start < self.now) else { return Status::Free };
        let waits = |child: &&TaskId| {
            of[**child].settled().is_none() && self.schedule.placement(**child).is_some()
        };
        let end = settled().map(|status| match status {
            Status::Done { end, .. } => Some(*end),
            _ => None,
        });
        let ends: Option<Vec<Time>> = end.collect();
        match ends.and_then(|ends| ends.into_iter().max()) {
            Some(end) if !children.iter().any(|child| waits(&child)) => {
                Status::Done { mode: 0, start, end }
            }
            _ => Status::Frozen { mode: 0, start },
        }
    }

    fn duration(&self, task: TaskId, mode: u32) -> Ticks {
        let mode: Option<ModeId> = self.problem.numbered_mode(task, mode as usize);
        mode.map_or(Ticks::ZERO, |mode| self.problem.mode(mode).duration)
    }
}
