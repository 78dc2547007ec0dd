//! Earliest and latest times of the starts and ends of tasks, each with what it follows from.
//!
//! **Source:** longest paths: Kelley 1961.

use super::mandatory;
use crate::ConstraintId;
use crate::bounds::least_elapsed;
use ordine_base::{Id, Ticks, Time};
use ordine_problem::{Feature, Link, Point, PrecedenceKind, Problem, Status, TaskId};
use std::collections::BTreeSet;

/// Farther than any sum of times that a sealed problem speaks of.
const FAR: i64 = 1 << 60;

/// What a time follows from.
#[derive(Clone, Copy)]
enum Cause {
    /// Nothing but the present and the origin, or no limit at all.
    Nothing,
    /// A rule of the task or its job.
    Own(ConstraintId),
    /// The same side of another point, perhaps through a precedence.
    Follows(usize, Option<ConstraintId>),
}

#[derive(Clone, Copy)]
struct Limit {
    time: i64,
    cause: Cause,
}

/// How far apart two points are, and what says so.
#[derive(Clone, Copy)]
struct Gap {
    least: i64,
    most: Option<i64>,
    through: Option<ConstraintId>,
}

/// Earliest and latest times by point: the start of task t is point 2t, its end 2t + 1.
pub(super) struct Windows<'a> {
    problem: &'a Problem,
    earliest: Vec<Limit>,
    latest: Vec<Limit>,
    changed: bool,
}

fn place(task: TaskId, point: Point) -> usize {
    2 * task.index() + usize::from(point == Point::End)
}

/// Whether a task is over, or may count as such because it spans others that are.
fn may_be_done(problem: &Problem, task: TaskId) -> bool {
    let spans = problem.span_of(task).is_some();
    problem.task(task).status.is_done() || spans && problem.has_begun(task)
}

impl<'a> Windows<'a> {
    /// What each task says of itself; `None` when nothing can ever be too late.
    pub(super) fn new(problem: &'a Problem) -> Option<Self> {
        let latest = [Feature::Deadlines, Feature::TimeWindows, Feature::SettledTasks];
        if !latest.into_iter().any(|feature| problem.features().has(feature)) {
            return None;
        }
        let points = 2 * problem.tasks().len();
        let limit = |time| Limit { time, cause: Cause::Nothing };
        let mut windows = Windows {
            problem,
            earliest: vec![limit(0); points],
            latest: vec![limit(FAR); points],
            changed: false,
        };
        mandatory(problem).for_each(|task| windows.add_own(task));
        Some(windows)
    }

    fn add_own(&mut self, task: TaskId) {
        let problem = self.problem;
        let data = problem.task(task);
        let (start, end) = (place(task, Point::Start), place(task, Point::End));
        let settled = Cause::Own(ConstraintId::Status(task));
        if let Some((_, time)) = data.status.settled() {
            self.set(start, time, settled);
        }
        if let Status::Done { end: time, .. } = data.status {
            self.set(end, time, settled);
        }
        if may_be_done(problem, task) {
            return;
        }
        let own = Cause::Own(ConstraintId::Window(task));
        let job = data.job.map(|job| (job, problem.job(job)));
        if !problem.has_begun(task) {
            if let Some((id, job)) = job {
                self.raise(start, job.release.get(), Cause::Own(ConstraintId::Release(id)));
            }
            self.raise(start, data.earliest_start.get(), own);
            self.raise(start, problem.release(task).get(), Cause::Nothing);
            if let Some(time) = data.latest_start {
                self.lower(start, time.get(), own);
            }
        }
        self.raise(end, data.earliest_end.get(), own);
        if let Some(time) = data.latest_end {
            self.lower(end, time.get(), own);
        }
        if let Some((id, time)) = job.and_then(|(id, job)| Some((id, job.deadline?))) {
            self.lower(end, time.get(), Cause::Own(ConstraintId::Deadline(id)));
        }
    }

    fn set(&mut self, point: usize, time: Time, cause: Cause) {
        self.raise(point, time.get(), cause);
        self.lower(point, time.get(), cause);
    }

    fn raise(&mut self, point: usize, time: i64, cause: Cause) {
        if time > self.earliest[point].time {
            self.earliest[point] = Limit { time, cause };
            self.changed = true;
        }
    }

    fn lower(&mut self, point: usize, time: i64, cause: Cause) {
        if time < self.latest[point].time {
            self.latest[point] = Limit { time, cause };
            self.changed = true;
        }
    }

    pub(super) fn earliest_start(&self, task: TaskId) -> i64 {
        self.earliest[place(task, Point::Start)].time
    }

    pub(super) fn latest_end(&self, task: TaskId) -> Option<i64> {
        Some(self.latest[place(task, Point::End)].time).filter(|time| *time < FAR)
    }

    /// Carries times along until nothing changes, or for so many sweeps; gives a contradiction.
    pub(super) fn propagate(&mut self, sweeps: usize) -> Option<BTreeSet<ConstraintId>> {
        let order = self.problem.topological_order().iter().copied();
        let mut order: Vec<TaskId> =
            order.filter(|&task| !self.problem.task(task).optional).collect();
        for _ in 0..sweeps {
            self.changed = false;
            for &task in &order {
                self.carry(task);
            }
            self.carry_spans();
            let points = [Point::Start, Point::End];
            let all = order.iter().flat_map(|&task| points.map(|point| (task, point)));
            if let Some(core) = all.into_iter().find_map(|(task, point)| self.late(task, point)) {
                return Some(core);
            }
            if !self.changed {
                return None;
            }
            // Latest times travel against the order.
            order.reverse();
        }
        None
    }

    /// Carries the times of two points over to each other.
    fn relate(&mut self, from: usize, to: usize, gap: Gap) {
        let Gap { least, most, through } = gap;
        let after = self.latest[to].time;
        self.raise(to, self.earliest[from].time + least, Cause::Follows(from, through));
        if after < FAR {
            self.lower(from, after - least, Cause::Follows(to, through));
        }
        let Some(most) = most else { return };
        let before = self.latest[from].time;
        self.raise(from, self.earliest[to].time - most, Cause::Follows(to, through));
        if before < FAR {
            self.lower(to, before + most, Cause::Follows(from, through));
        }
    }

    /// Between the points of a task, and along the precedences that leave it.
    fn carry(&mut self, task: TaskId) {
        let problem = self.problem;
        let (start, end) = (place(task, Point::Start), place(task, Point::End));
        if !problem.task(task).status.is_done() {
            let least = least_elapsed(problem, task).get();
            let most = self.most_elapsed(task).map(Ticks::get);
            self.relate(start, end, Gap { least, most, through: None });
        }
        for &link in problem.successors(task) {
            let history = may_be_done(problem, task) && may_be_done(problem, link.task);
            if !history && !problem.task(link.task).optional {
                self.follow(task, link);
            }
        }
    }

    fn follow(&mut self, task: TaskId, link: Link) {
        let leaves = if link.kind.leaves_end() { Point::End } else { Point::Start };
        let enters = match link.kind {
            PrecedenceKind::EndToStart | PrecedenceKind::StartToStart => Point::Start,
            PrecedenceKind::EndToEnd | PrecedenceKind::StartToEnd => Point::End,
        };
        let through = Some(ConstraintId::Precedence(link.precedence));
        let gap = Gap { least: link.lag.get(), most: link.lag_max.map(Ticks::get), through };
        self.relate(place(task, leaves), place(link.task, enters), gap);
    }

    /// Longest time from start to end, where breaks, batches and children do not stretch it.
    fn most_elapsed(&self, task: TaskId) -> Option<Ticks> {
        let problem = self.problem;
        let stretched = [Feature::Calendars, Feature::Batching];
        let is_plain = !stretched.into_iter().any(|it| problem.features().has(it))
            && problem.span_of(task).is_none();
        match problem.task(task).status {
            Status::Free | Status::Frozen { .. } if is_plain => Some(problem.duration_max(task)),
            _ => None,
        }
    }

    /// Children that must be present lie within the task that spans them.
    fn carry_spans(&mut self) {
        let problem = self.problem;
        let is_mandatory = |task: &TaskId| !problem.task(*task).optional;
        let gap = Gap { least: 0, most: None, through: None };
        for span in problem.spans().iter().filter(|span| is_mandatory(&span.parent)) {
            for &child in span.children.iter().filter(|child| is_mandatory(child)) {
                self.relate(place(span.parent, Point::Start), place(child, Point::Start), gap);
                self.relate(place(child, Point::End), place(span.parent, Point::End), gap);
            }
        }
    }

    /// Why a point can lie nowhere, if so.
    fn late(&self, task: TaskId, point: Point) -> Option<BTreeSet<ConstraintId>> {
        let at = place(task, point);
        if self.earliest[at].time <= self.latest[at].time {
            return None;
        }
        let mut core = BTreeSet::new();
        explain(&self.earliest, at, &mut core);
        explain(&self.latest, at, &mut core);
        Some(core)
    }

    /// Adds what the earliest start and the latest end of a task follow from.
    pub(super) fn explain(&self, task: TaskId, core: &mut BTreeSet<ConstraintId>) {
        explain(&self.earliest, place(task, Point::Start), core);
        explain(&self.latest, place(task, Point::End), core);
    }
}

fn explain(limits: &[Limit], mut at: usize, core: &mut BTreeSet<ConstraintId>) {
    // Times that chase each other in a circle are cut off after every point was seen.
    for _ in 0..limits.len() {
        match limits[at].cause {
            Cause::Nothing => return,
            Cause::Own(own) => {
                core.insert(own);
                return;
            }
            Cause::Follows(from, through) => {
                core.extend(through);
                at = from;
            }
        }
    }
}
