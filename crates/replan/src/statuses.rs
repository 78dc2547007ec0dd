//! How far each task has come at the present: what was reported, else what the plan says.
//!
//! A task whose planned end has passed is done, one whose planned start has passed is running with
//! the work that its calendars have left; lateness adds to that work. A task that spans others has
//! no status of its own: it follows its children.
//!
//! **Source:** -

use crate::ReplanError;
use crate::begun::{batching, begun_placements};
use crate::downtime::{Downtime, worked};
use crate::facts::{Facts, Report};
use crate::overtaken::Overtaken;
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{
    BatchKind, ModeId, Placement, Problem, ResourceId, Schedule, Status, TaskId, WorkTime,
};
use ordine_wire::change::Late;
use std::collections::BTreeMap;

/// What the rest of the plan must respect, task by task.
pub(crate) struct Statuses {
    pub(crate) of: IdVec<TaskId, Status>,
    /// Mode whose duration is another, with it.
    pub(crate) durations: IdVec<TaskId, Option<(u32, Ticks)>>,
    /// Starts that lateness forbids before this time.
    pub(crate) earliest: IdVec<TaskId, Option<Time>>,
    /// Tasks that the plan has under way, though they cannot have started, with the reason.
    pub(crate) overtaken: Vec<(TaskId, String)>,
}

pub(crate) struct Deriving<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) now: Time,
    pub(crate) facts: &'a Facts,
    pub(crate) downtime: &'a Downtime,
}

/// A task that has started: its work in all, counted from `since`.
#[derive(Clone, Copy)]
struct Begun {
    mode: u32,
    start: Time,
    since: Time,
    work: Ticks,
}

/// Where a task stands among those that are worked off one after the other in a batch.
#[derive(Clone, Copy, Default)]
struct Turn {
    /// Work of those before it.
    ahead: Ticks,
    /// Work of those behind it.
    behind: Ticks,
}

impl Deriving<'_> {
    /// The statuses of all tasks; those within the window are frozen, possible or not, and those
    /// that span others stay free. What started by plan has not where what happened forbids it.
    pub(crate) fn statuses(&self) -> Result<Statuses, ReplanError> {
        let mut held = IdVec::filled(self.problem.tasks().len(), false);
        let mut overtaken = Vec::new();
        loop {
            let mut statuses = self.statuses_without(&held)?;
            let begun = begun_placements(self.problem, self.downtime, self.now, &statuses.of);
            let found = Overtaken {
                problem: self.problem,
                schedule: self.schedule,
                downtime: self.downtime,
                begun: &begun,
            };
            let found = found.find(self.by_plan(&held));
            if found.is_empty() {
                statuses.overtaken = overtaken;
                return Ok(statuses);
            }
            found.iter().for_each(|it| held[it.0] = true);
            overtaken.extend(found);
        }
    }

    /// Tasks that have started because the plan says so, and for no other reason.
    fn by_plan(&self, held: &IdVec<TaskId, bool>) -> Vec<TaskId> {
        let is_so = |task: &TaskId| {
            let status = self.problem.task(*task).status;
            let settled = matches!(status, Status::Done { .. } | Status::Running { .. });
            let planned = self.schedule.placement(*task);
            let reported = self.facts.reports.contains_key(task);
            let spans = self.problem.span_of(*task).is_some();
            !(held[*task] || settled || reported || spans)
                && planned.is_some_and(|it| it.start < self.now)
        };
        self.problem.tasks().filter(is_so).collect()
    }

    fn statuses_without(&self, held: &IdVec<TaskId, bool>) -> Result<Statuses, ReplanError> {
        let count = self.problem.tasks().len();
        let mut statuses = Statuses {
            of: IdVec::filled(count, Status::Free),
            durations: IdVec::filled(count, None),
            earliest: IdVec::filled(count, None),
            overtaken: Vec::new(),
        };
        let mut under_way: Vec<(TaskId, Begun)> = Vec::new();
        for task in self.problem.tasks().filter(|task| self.problem.span_of(*task).is_none()) {
            let begun = if held[task] { None } else { self.begun(task)? };
            statuses.of[task] = match begun {
                None => self.waiting(task, &mut statuses)?,
                Some(Ok(status)) => status,
                Some(Err(begun)) => match self.after_lateness(task, begun) {
                    Err(status) => status,
                    Ok(begun) => {
                        under_way.push((task, begun));
                        Status::Free
                    }
                },
            };
        }
        let turns = self.turns(&under_way);
        for ((task, begun), turn) in under_way.into_iter().zip(turns) {
            statuses.of[task] = self.advanced(task, &begun, turn);
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
        // Side by side, all tasks of a batch take as long as the longest.
        let work = match batching(self.problem, mode).map(|it| it.1.kind) {
            Some(BatchKind::Parallel) => worked(&WorkTime::of(self.problem, mode), start, end),
            Some(BatchKind::Serial) | None => self.problem.mode(mode).duration,
        };
        let mode = self.problem.mode_number(mode) as u32;
        Begun { mode, start, since: start, work }
    }

    /// What has started, with what lateness adds to it; its status where that settles it.
    fn after_lateness(&self, task: TaskId, begun: Begun) -> Result<Begun, Status> {
        let Begun { mode, start, work, .. } = begun;
        let work = match self.facts.late.get(&task).map(|(_, late)| *late) {
            Some(Late::Remaining(remaining)) => {
                return Err(Status::Running { mode, start, remaining });
            }
            Some(Late::Delay(delay)) => work + delay,
            Some(Late::Duration(duration)) => work + duration - self.duration(task, mode),
            None => work,
        };
        Ok(Begun { work: work.max(Ticks::ZERO), ..begun })
    }

    /// The turns of tasks in batches that are worked off one after the other, by their ids.
    fn turns(&self, under_way: &[(TaskId, Begun)]) -> Vec<Turn> {
        let mut turns = vec![Turn::default(); under_way.len()];
        let mut batches: BTreeMap<(ResourceId, Time, Time, Time), Vec<usize>> = BTreeMap::new();
        for (place, (task, begun)) in under_way.iter().enumerate() {
            let Some(placed) = self.schedule.placement(*task) else { continue };
            let Some((machine, how)) = batching(self.problem, placed.mode) else { continue };
            if how.kind == BatchKind::Serial && placed.start == begun.start {
                let key = (machine, begun.start, begun.since, placed.end);
                batches.entry(key).or_default().push(place);
            }
        }
        let work = |place: usize| under_way[place].1.work;
        for batch in batches.values() {
            let mut done = Ticks::ZERO;
            let total = batch.iter().fold(Ticks::ZERO, |sum, place| sum + work(*place));
            for &place in batch {
                let behind = total - done - work(place);
                turns[place] = Turn { ahead: done, behind };
                done += work(place);
            }
        }
        turns
    }

    /// The status of a task that has started, after the work done since; that of its batch, if it
    /// runs in one, ends with the last of its tasks.
    fn advanced(&self, task: TaskId, begun: &Begun, turn: Turn) -> Status {
        let &Begun { mode, start, since, work } = begun;
        let Some(id) = self.problem.numbered_mode(task, mode as usize) else {
            return Status::Running { mode, start, remaining: work };
        };
        let time = self.downtime.work_time(self.problem, id);
        let end = time.finish(since, turn.ahead + work + turn.behind);
        if let Some(end) = end.filter(|end| *end <= self.now) {
            return Status::Done { mode, start, end };
        }
        // Whole ticks of work; what is begun of one counts as undone, unless the end is the same
        // without it.
        let left = turn.ahead + work - worked(&time, since, self.now);
        let most = left.max(Ticks::ZERO).min(work);
        let least = (most - Ticks::new(1)).max(Ticks::ZERO);
        let ends_so = |remaining| time.finish(self.now, remaining + turn.behind) == end;
        let shorter = turn.ahead == Ticks::ZERO && ends_so(least) && !ends_so(most);
        Status::Running { mode, start, remaining: if shorter { least } else { most } }
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
        let within = |it: &Placement| {
            let ahead = it.start >= self.now;
            ahead && (was_frozen || it.start < self.now + self.facts.window)
        };
        let frozen = placed.filter(within).zip(mode);
        Ok(frozen.map_or(Status::Free, |(it, mode)| Status::Frozen { mode, start: it.start }))
    }

    fn duration(&self, task: TaskId, mode: u32) -> Ticks {
        let mode: Option<ModeId> = self.problem.numbered_mode(task, mode as usize);
        mode.map_or(Ticks::ZERO, |mode| self.problem.mode(mode).duration)
    }
}
