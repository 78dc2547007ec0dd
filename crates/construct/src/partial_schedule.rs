//! A schedule under construction: what is placed, and what each resource still has.
//!
//! Times are those of the direction (mirrored when backward). Placing and earliest-fit queries are
//! O(log n) per resource; nothing is allocated once the tables have grown.
//!
//! **Source:** schedule generation schemes: Kolisch 1996.

use crate::{Direction, Timeline};
use ordine_base::{Demand, IdVec, Interval, Time};
use ordine_problem::{ModeId, Placement, Problem, ResourceId, Schedule, TaskId};

/// A schedule under construction, in one direction.
#[derive(Clone, Debug)]
pub struct PartialSchedule<'a> {
    problem: &'a Problem,
    direction: Direction,
    timelines: IdVec<ResourceId, Option<Timeline>>,
    starts: IdVec<TaskId, Time>,
    modes: IdVec<TaskId, Option<ModeId>>,
    makespan: Time,
}

impl<'a> PartialSchedule<'a> {
    /// Nothing placed yet.
    pub fn new(problem: &'a Problem, direction: Direction) -> Self {
        let timeline = |resource: ResourceId| {
            let resource = problem.resource(resource);
            resource.comes_back().then(|| Timeline::new(resource.capacity()))
        };
        let count = problem.tasks().len();
        PartialSchedule {
            problem,
            direction,
            timelines: problem.resources().map(timeline).collect(),
            starts: IdVec::filled(count, Time::ORIGIN),
            modes: IdVec::filled(count, None),
            makespan: Time::ORIGIN,
        }
    }

    /// Takes everything back and turns to `direction`; keeps the memory.
    pub fn reset(&mut self, direction: Direction) {
        self.direction = direction;
        self.timelines.values_mut().flatten().for_each(Timeline::clear);
        self.modes.fill(None);
        self.makespan = Time::ORIGIN;
    }

    /// The problem.
    pub fn problem(&self) -> &'a Problem {
        self.problem
    }

    /// The direction.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Latest end so far, in the time of the direction.
    pub fn makespan(&self) -> Time {
        self.makespan
    }

    /// Start of a placed task, in the time of the direction.
    #[inline]
    pub fn start(&self, task: TaskId) -> Time {
        self.starts[task]
    }

    /// Mode of a placed task.
    #[inline]
    pub fn mode(&self, task: TaskId) -> Option<ModeId> {
        self.modes[task]
    }

    /// End of a placed task, in the time of the direction.
    #[inline]
    pub fn end(&self, task: TaskId) -> Time {
        let mode = self.modes[task].expect("only placed tasks have an end");
        self.starts[task] + self.problem.mode(mode).duration
    }

    /// Earliest start of `task` in `mode` that precedences to placed tasks (and, forward, the
    /// release) allow. Tasks not placed yet are ignored.
    #[inline]
    pub fn earliest_by_precedence(&self, task: TaskId, mode: ModeId) -> Time {
        let duration = self.problem.mode(mode).duration;
        let mut earliest = match self.direction {
            Direction::Forward => self.problem.release(task),
            Direction::Backward => Time::ORIGIN,
        };
        for &link in self.direction.earlier(self.problem, task) {
            if let Some(other) = self.modes[link.task] {
                let other_duration = self.problem.mode(other).duration;
                let distance = self.direction.start_to_start(link, other_duration, duration);
                earliest = earliest.max(self.starts[link.task] + distance);
            }
        }
        earliest
    }

    /// Earliest start in `mode`, not before `from`, at which every resource has room.
    #[inline]
    pub fn earliest_by_resource(&self, mode: ModeId, from: Time) -> Time {
        let duration = self.problem.mode(mode).duration;
        let needs = self.problem.requirements(mode);
        let mut start = from;
        loop {
            let before = start;
            for need in needs {
                if let Some(timeline) = &self.timelines[need.resource] {
                    start = timeline.earliest(start, duration, need.demand);
                }
            }
            if start == before || needs.len() == 1 {
                return start;
            }
        }
    }

    /// Earliest start of `task` in `mode` that precedences and resources allow.
    #[inline]
    pub fn earliest(&self, task: TaskId, mode: ModeId) -> Time {
        self.earliest_by_resource(mode, self.earliest_by_precedence(task, mode))
    }

    /// Places `task`. The caller has asked for an earliest start; it is not asked again.
    ///
    /// # Panics
    /// In debug builds, when the task is already placed.
    #[inline]
    pub fn place(&mut self, task: TaskId, mode: ModeId, start: Time) {
        debug_assert!(self.modes[task].is_none(), "a task is placed once");
        let end = start + self.problem.mode(mode).duration;
        self.usage(mode, Interval::new(start, end), Timeline::reserve);
        self.starts[task] = start;
        self.modes[task] = Some(mode);
        self.makespan = self.makespan.max(end);
    }

    /// Takes what `mode` needs from `start` on, for a look ahead; [`PartialSchedule::release`]
    /// gives it back.
    pub(crate) fn reserve(&mut self, mode: ModeId, start: Time) {
        let interval = Interval::new(start, start + self.problem.mode(mode).duration);
        self.usage(mode, interval, Timeline::reserve);
    }

    /// Gives back what was reserved.
    pub(crate) fn release(&mut self, mode: ModeId, start: Time) {
        let interval = Interval::new(start, start + self.problem.mode(mode).duration);
        self.usage(mode, interval, Timeline::release);
    }

    fn usage(
        &mut self,
        mode: ModeId,
        interval: Interval,
        change: impl Fn(&mut Timeline, Interval, Demand),
    ) {
        for need in self.problem.requirements(mode) {
            if let Some(timeline) = &mut self.timelines[need.resource] {
                change(timeline, interval, need.demand);
            }
        }
    }

    /// The schedule in real time. Backward, it is moved so that nothing starts before the origin
    /// or before its release.
    pub fn to_schedule(&self) -> Schedule {
        let mirror = self.mirror();
        let placement = |task: TaskId| {
            let mode = self.modes[task]?;
            let start = match self.direction {
                Direction::Forward => self.starts[task],
                Direction::Backward => mirror - (self.end(task) - Time::ORIGIN),
            };
            Some(Placement::starting(self.problem, mode, start))
        };
        Schedule::from_placements(self.problem.tasks().map(placement))
    }

    /// Real time at which mirrored time begins.
    fn mirror(&self) -> Time {
        let placed = self.problem.tasks().filter(|&task| self.modes[task].is_some());
        let needed =
            placed.map(|task| self.problem.release(task) + (self.end(task) - Time::ORIGIN));
        needed.fold(self.makespan, Time::max)
    }
}
