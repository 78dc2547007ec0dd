//! Guards: from when on one task can start beside everything that is placed.
//!
//! Each guard gives the earliest start that it allows, not before the one it is asked about; the
//! loop ends when none moves the task any more.
//!
//! **Source:** decision record 0004.

use super::machine::Wanted;
use super::place::Raise;
use super::{Decisions, Insertion, Record, Refusal};
use crate::Timeline;
use ordine_base::{Demand, Interval, Ticks, Time};
use ordine_problem::{
    ModeId, Point, Precedence, ResourceId, ResourceKind, Span, Status, Task, TaskId,
};

/// A start that is being tried.
pub(super) struct Trial<'d> {
    decisions: &'d Decisions,
    task: TaskId,
    mode: ModeId,
    start: Time,
    end: Time,
    /// Least end that precedences and the window ask for.
    end_min: Time,
    /// Resources are kept at least until then.
    keep_until: Time,
}

type Guard = fn(&Insertion<'_>, &mut Trial<'_>) -> Result<(), Refusal>;

/// In the order of being asked; each may move the start (and end) of the trial to a later time.
const GUARDS: [Guard; 3] = [run, room, stock];

impl Insertion<'_> {
    /// Where a task goes: as early as its bound, its rules and what is placed allow.
    pub(super) fn fit(&self, task: TaskId, decisions: &Decisions) -> Result<Record, Refusal> {
        let mode = decisions.mode(task);
        let keep_until = self.keep_until(task, decisions);
        if self.problem.task(task).status.settled().is_some() {
            let record = self.settled(task, keep_until)?;
            return self
                .settled_fits(task, record, decisions)
                .then_some(record)
                .ok_or(Refusal::NoRoom);
        }
        let (start, end_min) = self.earliest(task, decisions);
        let mut trial = Trial { decisions, task, mode, start, end: start, end_min, keep_until };
        loop {
            let before = trial.start;
            GUARDS.iter().try_for_each(|guard| guard(self, &mut trial))?;
            if trial.start > self.limit {
                return Err(Refusal::NoRoom);
            }
            if trial.start == before {
                break;
            }
        }
        let data = self.problem.task(task);
        let late = data.latest_start.is_some_and(|latest| trial.start > latest)
            || self.problem.deadline(task).is_some_and(|deadline| trial.end > deadline);
        if late {
            return Err(Refusal::TooLate);
        }
        Ok(self.record(task, mode, trial.start, trial.end, keep_until))
    }

    /// Start of the task until which this one keeps its resources, as far as it is known.
    fn keep_until(&self, task: TaskId, decisions: &Decisions) -> Time {
        let hold = self.problem.hold_of(task).filter(|hold| decisions.is_present(hold.until));
        hold.map_or(Time::ORIGIN, |hold| match self.records[hold.until] {
            Some(record) => record.start,
            None => match self.problem.task(hold.until).status.settled() {
                Some((_, start)) => start,
                None => self.bounds[hold.until],
            },
        })
    }

    fn record(&self, task: TaskId, mode: ModeId, start: Time, end: Time, keep: Time) -> Record {
        let keep = keep.max(end);
        let buffer = self.problem.hold_of(task).and_then(|hold| hold.buffer);
        let has_room =
            |buffer: &ResourceId| self.problem.resource(*buffer).capacity() > Demand::ZERO;
        let buffer = buffer.filter(has_room);
        let Some(timeline) = buffer.and_then(|buffer| self.timelines[buffer].as_ref()) else {
            return Record { mode, start, end, release: keep, buffer_until: keep };
        };
        // It leaves for the buffer as soon as that has room until the end of its wait.
        let release = leave(timeline, end, keep);
        Record { mode, start, end, release, buffer_until: keep }
    }

    /// Whether what is settled but not done has room where it stands, and what is done where it
    /// still keeps its resources.
    fn settled_fits(&self, task: TaskId, record: Record, decisions: &Decisions) -> bool {
        if self.problem.task(task).status.is_done() {
            return self.keeps_on(task, record, decisions);
        }
        let Record { mode, start, end, buffer_until: keep_until, .. } = record;
        let mut trial = Trial { decisions, task, mode, start, end, end_min: end, keep_until };
        room(self, &mut trial).is_ok()
            && stock(self, &mut trial).is_ok()
            && trial.start == start
            && self.keeps_windows(task, start, end)
    }

    /// Whether there is room for what a task keeps after its end.
    fn keeps_on(&self, task: TaskId, record: Record, decisions: &Decisions) -> bool {
        let Record { mode, start, end, release, buffer_until: keep_until } = record;
        if release <= end || start >= end {
            return true;
        }
        let trial = Trial { decisions, task, mode, start, end, end_min: end, keep_until };
        let part = Interval::new(end, release);
        let elastic = self.work_time(mode).is_some();
        let mut needs = self.problem.requirements(mode).iter();
        needs.all(|need| {
            part_room(self, &trial, part, need.resource, need.demand, elastic) == part.start
        })
    }

    /// Whether the times of a task that has its start keep its windows and forbidden times.
    fn keeps_windows(&self, task: TaskId, start: Time, end: Time) -> bool {
        let data = self.problem.task(task);
        let job = data.job.map(|job| self.problem.job(job));
        let released = job.map_or(Time::ORIGIN, |job| job.release).max(data.earliest_start);
        let starts_well = start >= released
            && data.latest_start.is_none_or(|latest| start <= latest)
            && !is_forbidden_start(data, start);
        (starts_well || self.problem.has_begun(task))
            && end >= data.earliest_end
            && self.problem.deadline(task).is_none_or(|deadline| end <= deadline)
            && !data.forbidden_ends.iter().any(|it| it.contains(end))
            && self.overlapped(task, start, end).is_none()
    }

    /// The first forbidden time that a task at these times touches, among those that count.
    fn overlapped(&self, task: TaskId, start: Time, end: Time) -> Option<Interval> {
        let now = self.problem.now();
        let begun = self.problem.has_begun(task);
        let is_past = |it: &Interval| begun && (it.start <= start || it.start < now);
        let mut extents = self.problem.task(task).forbidden_extents.iter().copied();
        extents.find(|it| !is_past(it) && overlaps(*it, start, end))
    }

    fn settled(&self, task: TaskId, keep_until: Time) -> Result<Record, Refusal> {
        let mode = self.problem.usable_modes(task)[0];
        let work = self.work(task, mode);
        let (start, end) = match self.problem.task(task).status {
            Status::Done { start, end, .. } => (start, end),
            Status::Running { start, .. } => {
                let from = start.max(self.problem.now());
                let end = match self.work_time(mode) {
                    None => Some(from + work),
                    Some(work_time) => work_time.finish(from, work),
                };
                (start, end.ok_or(Refusal::NoRoom)?)
            }
            Status::Frozen { start, .. } => {
                let policy = self.problem.task(task).breaks;
                let end = match self.work_time(mode) {
                    None => Some(start + work),
                    Some(work_time) => work_time.end(start, work, policy),
                };
                (start, end.ok_or(Refusal::NoRoom)?)
            }
            Status::Free => unreachable!("a free task is not settled"),
        };
        Ok(self.record(task, mode, start, end, keep_until))
    }

    /// Least start and least end by the task's own rules and the precedences to placed tasks.
    fn earliest(&self, task: TaskId, decisions: &Decisions) -> (Time, Time) {
        let problem = self.problem;
        let release = problem.release(task).max(decisions.not_before(task));
        let mut start = release.max(self.bounds[task]);
        let mut end = problem.task(task).earliest_end;
        let mut follow = |from: Time, enters_start: bool| match enters_start {
            true => start = start.max(from),
            false => end = end.max(from),
        };
        for link in problem.predecessors(task) {
            if let Some(other) = &self.records[link.task] {
                let from = if link.kind.leaves_end() { other.end } else { other.start };
                follow(from + link.lag, link.kind.enters_start());
            }
        }
        for link in problem.successors(task) {
            // A largest gap pulls this task towards a later one that is placed already.
            if let (Some(lag_max), Some(other)) = (link.lag_max, &self.records[link.task]) {
                let to = if link.kind.enters_start() { other.start } else { other.end };
                follow(to - lag_max, !link.kind.leaves_end());
            }
        }
        if !decisions.is_heedless(task) {
            for precedence in self.soft_predecessors(task) {
                if let Some(other) = &self.records[precedence.before] {
                    let kind = precedence.kind;
                    let from = if kind.leaves_end() { other.end } else { other.start };
                    follow(from + precedence.lag, kind.enters_start());
                }
            }
        }
        (start, end)
    }

    fn soft_predecessors(&self, task: TaskId) -> impl Iterator<Item = &Precedence> {
        let soft = self.wishes.get(&task).map_or(&[][..], Vec::as_slice);
        soft.iter().map(|&id| &self.problem.precedences()[id])
    }

    /// Where a parent stands, from its placed children; `None` when some of them must be raised.
    pub(super) fn fit_parent(
        &self,
        task: TaskId,
        span: &Span,
        decisions: &Decisions,
        raises: &mut Vec<Raise>,
    ) -> Result<Option<Record>, Refusal> {
        let mode = decisions.mode(task);
        let placed = span.children.iter().filter_map(|&child| Some((child, self.records[child]?)));
        let first = placed.clone().map(|(_, record)| record.start).min();
        let last = placed.clone().map(|(child, record)| (record.end, child)).max();
        let (Some(start), Some((end, last))) = (first, last) else { return Err(Refusal::NoRoom) };
        let (start_min, end_min) = self.earliest(task, decisions);
        let data = self.problem.task(task);
        let keep_until = self.keep_until(task, decisions);
        let begun = self.problem.has_begun(task);
        let mut wanted = start.max(start_min);
        if !begun {
            wanted = after(&data.forbidden_starts, wanted);
        }
        let overlapped = self.overlapped(task, start, end);
        wanted = overlapped.map_or(wanted, |it| wanted.max(it.end));
        let mut trial = Trial { decisions, task, mode, start, end, end_min, keep_until };
        room(self, &mut trial)?;
        wanted = wanted.max(trial.start);
        if wanted > start {
            raises.extend(placed.map(|(child, _)| (child, wanted)));
            return Ok(None);
        }
        let end_wanted = after(&data.forbidden_ends, end.max(end_min));
        if end_wanted > end {
            let record = self.records[last].expect("the last child is placed");
            raises.push((last, record.start + (end_wanted - end)));
            return Ok(None);
        }
        let late = data.latest_start.is_some_and(|latest| start > latest && !begun)
            || self.problem.deadline(task).is_some_and(|deadline| end > deadline);
        if late {
            return Err(Refusal::TooLate);
        }
        Ok(Some(Record { mode, start, end, release: end, buffer_until: end }))
    }
}

/// The end that its working time gives, at the first start that this and its windows allow.
fn run(insertion: &Insertion<'_>, trial: &mut Trial<'_>) -> Result<(), Refusal> {
    let data = insertion.problem.task(trial.task);
    let work = insertion.work(trial.task, trial.mode);
    let work_time = insertion.work_time(trial.mode);
    loop {
        trial.start = after(&data.forbidden_starts, trial.start);
        match work_time {
            None => trial.end = trial.start + work,
            Some(work_time) => {
                let found = work_time.earliest(trial.start, work, data.breaks);
                (trial.start, trial.end) = found.ok_or(Refusal::NoRoom)?;
            }
        }
        if trial.start > insertion.limit {
            return Err(Refusal::NoRoom);
        }
        let end = after(&data.forbidden_ends, trial.end.max(trial.end_min));
        if end > trial.end {
            // Under calendars the end can move faster than the start: come near in steps.
            let missing = (end - trial.end).get();
            let step = if work_time.is_some() { (missing / 16).max(1) } else { missing };
            trial.start += Ticks::new(step);
            continue;
        }
        let blocked = is_forbidden_start(data, trial.start)
            || data.forbidden_extents.iter().any(|it| overlaps(*it, trial.start, trial.end));
        if !blocked {
            return Ok(());
        }
        let extents = data.forbidden_extents.iter().copied();
        let until = extents.filter(|it| overlaps(*it, trial.start, trial.end)).map(|it| it.end);
        trial.start = until.fold(trial.start, Time::max);
    }
}

fn is_forbidden_start(data: &Task, start: Time) -> bool {
    data.forbidden_starts.iter().any(|it| it.contains(start))
}

/// The first time from `time` on that none of the intervals holds.
fn after(forbidden: &[Interval], time: Time) -> Time {
    let mut free = time;
    while let Some(interval) = forbidden.iter().find(|it| it.contains(free)) {
        free = interval.end;
    }
    free
}

/// Whether a task of this extent touches the interval; without length, whether it stands inside.
fn overlaps(interval: Interval, start: Time, end: Time) -> bool {
    match start < end {
        true => start < interval.end && interval.start < end,
        false => interval.contains(start),
    }
}

/// Every machine and renewable has room.
fn room(insertion: &Insertion<'_>, trial: &mut Trial<'_>) -> Result<(), Refusal> {
    if trial.start >= trial.end {
        return Ok(());
    }
    let problem = insertion.problem;
    let (start, end) = (trial.start, trial.end);
    let mut next = start;
    let record = insertion.record(trial.task, trial.mode, start, end, trial.keep_until);
    let elastic = insertion.work_time(trial.mode).is_some();
    let releases = elastic && problem.task(trial.task).released_in_breaks;
    let stretches = if releases { insertion.stretches(trial.task, record) } else { Vec::new() };
    for need in problem.requirements(trial.mode) {
        let resource = problem.resource(need.resource);
        if need.demand > resource.capacity() && resource.overuse_penalty.is_none() {
            return Err(Refusal::NoRoom);
        }
        let whole = [Interval::new(start, record.release)];
        let parts = if releases { &stretches[..] } else { &whole[..] };
        for part in parts {
            // Parts move with the start; the first is the start itself.
            let moved = part_room(insertion, trial, *part, need.resource, need.demand, elastic);
            next = next.max(start + (moved - part.start));
        }
    }
    trial.start = next;
    Ok(())
}

/// From when on a stretch of the trial has room on one resource.
fn part_room(
    insertion: &Insertion<'_>,
    trial: &Trial<'_>,
    part: Interval,
    resource: ResourceId,
    demand: Demand,
    elastic: bool,
) -> Time {
    let problem = insertion.problem;
    let data = problem.resource(resource);
    let held = part.end > trial.end;
    if let Some(machine) = &insertion.machines[resource] {
        if data.batching.is_some() && !insertion.batches.leads(trial.task) {
            return part.start;
        }
        let all_of_it = part.start == trial.start && !problem.task(trial.task).released_in_breaks;
        let work = insertion.work(trial.task, trial.mode).get().saturating_mul(100);
        return machine.earliest(Wanted {
            from: part.start,
            length: part.end.min(trial.end) - part.start,
            until: part.end,
            family: problem.task(trial.task).family,
            append: insertion.appended[resource] && problem.task(trial.task).job.is_some(),
            is_elastic: elastic,
            work: if all_of_it { work } else { 0 },
        });
    }
    let Some(timeline) = &insertion.timelines[resource] else { return part.start };
    let soft = data.overuse_penalty.is_some();
    if soft && (trial.decisions.is_heedless(trial.task) || demand > data.capacity()) {
        return part.start;
    }
    debug_assert!(matches!(data.kind, ResourceKind::Renewable(_)));
    match elastic || held {
        false => timeline.earliest(part.start, part.elapsed(), demand),
        true => next_room(timeline, part, demand),
    }
}

/// The start of the part if it has room; else the first time of room behind what is in the way.
fn next_room(timeline: &Timeline, part: Interval, demand: Demand) -> Time {
    let tick = Ticks::new(1);
    let first = timeline.earliest(part.start, tick, demand);
    if first > part.start {
        return first;
    }
    let fits =
        |length: i64| timeline.earliest(part.start, Ticks::new(length), demand) == part.start;
    let (mut good, mut bad) = (1, part.elapsed().get());
    if fits(bad) {
        return part.start;
    }
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if fits(middle) { good = middle } else { bad = middle }
    }
    timeline.earliest(part.start + Ticks::new(good), tick, demand)
}

/// The first time from `end` on from which the buffer has room until `until`.
fn leave(timeline: &Timeline, end: Time, until: Time) -> Time {
    let mut leave = end;
    while leave < until {
        let part = Interval::new(leave, until);
        let next = next_room(timeline, part, Demand::ONE);
        if next == leave {
            return leave;
        }
        leave = next;
    }
    until
}

/// Reservoirs stay within their levels; those of a joint insertion are judged by its couplings.
fn stock(insertion: &Insertion<'_>, trial: &mut Trial<'_>) -> Result<(), Refusal> {
    if insertion.is_joint {
        return Ok(());
    }
    let changes = insertion.problem.stock_changes(trial.mode);
    let mut seen: Vec<ResourceId> = Vec::new();
    for change in changes {
        if seen.contains(&change.reservoir) {
            continue;
        }
        seen.push(change.reservoir);
        let of = changes.iter().filter(|it| it.reservoir == change.reservoir);
        let time = |at: Point| if at == Point::Start { trial.start } else { trial.end };
        let mut extra: Vec<(Time, i64)> = of.map(|it| (time(it.at), it.amount)).collect();
        extra.sort_unstable();
        let levels = insertion.stocks[change.reservoir].as_ref();
        let levels = levels.expect("a sealed problem changes levels of reservoirs only");
        let free = levels.first_free(&extra).map_err(|()| Refusal::Stock)?;
        let Some(free) = free else { continue };
        let shifts = extra.iter().map(|it| free - it.0).filter(|shift| *shift > Ticks::ZERO);
        let shift = shifts.min().ok_or(Refusal::Stock)?;
        trial.start += shift;
        trial.end += shift;
    }
    Ok(())
}
