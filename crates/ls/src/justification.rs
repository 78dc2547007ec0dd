//! Decoding of task lists, and justification: the same tasks, packed to the right and back.
//!
//! A list is decoded by serial generation. Justification then takes the tasks by latest end and
//! generates backward, then by earliest start and generates forward; each pair of passes keeps the
//! makespan or shortens it. O(n log n) per pass, no allocation once the tables have grown.
//!
//! **Source:** Valls, Ballestín, Quintanilla 2005 (double justification); Tormos, Lova 2001.

use ordine_base::{Cost, Id, IdVec, Ticks, Time};
use ordine_construct::{Direction, ModeAssignment, PartialSchedule, place_list};
use ordine_problem::{Feature, JobId, ModeId, Problem, Schedule, TaskId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How good a decoded list is: total overshoot of deadlines first, then the cost.
pub type Value = (Ticks, Cost);

/// Decodes lists of one problem, reusing its tables.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    problem: &'a Problem,
    partial: PartialSchedule<'a>,
    /// Position in the topological order.
    rank: IdVec<TaskId, u32>,
    /// Whether sorting by ends respects every precedence.
    sortable: bool,
    keys: Vec<(Time, u32, TaskId)>,
    waiting: IdVec<TaskId, u32>,
    heap: BinaryHeap<Reverse<(Time, u32, TaskId)>>,
    job_ends: IdVec<JobId, Time>,
    work: u64,
}

/// Tasks placed between two looks at the stop condition.
const TASKS_PER_LOOK: usize = 128;

impl<'a> Decoder<'a> {
    /// A decoder for `problem`.
    pub fn new(problem: &'a Problem) -> Self {
        let mut rank = IdVec::filled(problem.tasks().len(), 0);
        for (position, &task) in problem.topological_order().iter().enumerate() {
            rank[task] = position as u32;
        }
        let negative = problem.precedences().values().any(|it| it.lag < Ticks::ZERO);
        let general = problem.features().has(Feature::GeneralPrecedences);
        Decoder {
            problem,
            partial: PartialSchedule::new(problem, Direction::Forward),
            waiting: IdVec::filled(rank.len(), 0),
            rank,
            sortable: !negative && !general,
            keys: Vec::new(),
            heap: BinaryHeap::new(),
            job_ends: problem.jobs().map(|job| problem.job(job).release).collect(),
            work: 0,
        }
    }

    /// Work units (tasks placed) since the decoder was made.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Position of a task in the topological order.
    pub fn rank(&self, task: TaskId) -> u32 {
        self.rank[task]
    }

    /// The schedule decoded last.
    pub fn schedule(&self) -> Schedule {
        self.partial.to_schedule()
    }

    /// Decodes `order` in `modes`; `None` when `should_stop` said so on the way.
    pub fn decode(
        &mut self,
        direction: Direction,
        order: &[TaskId],
        modes: &IdVec<TaskId, ModeId>,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Option<()> {
        self.partial.reset(direction);
        for part in order.chunks(TASKS_PER_LOOK) {
            if should_stop() {
                return None;
            }
            place_list(&mut self.partial, part, modes);
            self.work += part.len() as u64;
        }
        Some(())
    }

    /// Decodes `order`, giving each task the permitted mode of least end.
    ///
    /// Among equal ends the mode it had is kept, then the smaller id wins.
    pub fn decode_choosing(
        &mut self,
        order: &[TaskId],
        assignment: &mut ModeAssignment,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Option<()> {
        self.partial.reset(Direction::Forward);
        let mut next_look = self.work;
        for &task in order {
            if self.work >= next_look {
                if should_stop() {
                    return None;
                }
                next_look = self.work + TASKS_PER_LOOK as u64;
            }
            let (mode, start) = self.mode_of_least_end(task, assignment);
            assignment.switch(self.problem, task, mode);
            self.partial.place(task, mode, start);
        }
        Some(())
    }

    fn mode_of_least_end(&mut self, task: TaskId, assignment: &ModeAssignment) -> (ModeId, Time) {
        let kept = assignment.mode(task);
        let usable = self.problem.usable_modes(task);
        self.work += usable.len() as u64;
        let permitted = usable.iter().filter(|&&mode| assignment.permits(self.problem, task, mode));
        let placed = permitted.map(|&mode| {
            let start = self.partial.earliest(task, mode);
            (start + self.problem.mode(mode).duration, mode != kept, mode, start)
        });
        let (_, _, mode, start) = placed.min().expect("the assigned mode is always permitted");
        (mode, start)
    }

    /// Value of the schedule decoded last (forward).
    pub fn value(&mut self) -> Value {
        let problem = self.problem;
        let simple = problem.objective().is_makespan();
        if simple && !problem.features().has(Feature::Deadlines) {
            return (Ticks::ZERO, Cost::single(self.partial.makespan().get()));
        }
        let mut overshoot = Ticks::ZERO;
        for job in problem.jobs() {
            let ends = problem.job_tasks(job).iter().map(|&task| self.partial.end(task));
            let end = ends.fold(problem.job(job).release, Time::max);
            self.job_ends[job] = end;
            if let Some(deadline) = problem.job(job).deadline {
                overshoot += (end - deadline).positive_part();
            }
        }
        let makespan = self.partial.makespan();
        (overshoot, problem.objective().evaluate(problem, makespan, &self.job_ends))
    }

    /// Rewrites `order` as the tasks of the schedule decoded last, by latest end: the order in
    /// which the opposite direction takes them.
    pub fn order_for_opposite(&mut self, order: &mut Vec<TaskId>) {
        let forward = self.partial.direction() == Direction::Forward;
        self.keys.clear();
        for task in self.problem.tasks() {
            let rank = if forward { u32::MAX - self.rank[task] } else { self.rank[task] };
            let back = Time::ORIGIN - (self.partial.end(task) - Time::ORIGIN);
            self.keys.push((back, rank, task));
        }
        let opposite = if forward { Direction::Backward } else { Direction::Forward };
        self.sort_keys(opposite, order);
    }

    /// Rewrites `order` as the tasks of the forward schedule decoded last, by start.
    pub fn order_by_start(&mut self, order: &mut Vec<TaskId>) {
        self.keys.clear();
        for task in self.problem.tasks() {
            self.keys.push((self.partial.start(task), self.rank[task], task));
        }
        self.sort_keys(Direction::Forward, order);
    }

    /// An order of all tasks that respects precedences and takes small keys first.
    pub fn order_by_key(&mut self, key: impl Fn(TaskId) -> Time, order: &mut Vec<TaskId>) {
        self.keys.clear();
        for task in self.problem.tasks() {
            self.keys.push((key(task), self.rank[task], task));
        }
        self.release_by_key(Direction::Forward, order);
    }

    fn sort_keys(&mut self, direction: Direction, order: &mut Vec<TaskId>) {
        if self.sortable {
            self.keys.sort_unstable();
            order.clear();
            order.extend(self.keys.iter().map(|key| key.2));
        } else {
            self.release_by_key(direction, order);
        }
    }

    /// Topological order in `direction` that always takes the least key; keys stand by task.
    fn release_by_key(&mut self, direction: Direction, order: &mut Vec<TaskId>) {
        order.clear();
        self.heap.clear();
        for task in self.problem.tasks() {
            self.waiting[task] = direction.earlier(self.problem, task).len() as u32;
            if self.waiting[task] == 0 {
                self.heap.push(Reverse(self.keys[task.index()]));
            }
        }
        while let Some(Reverse((_, _, task))) = self.heap.pop() {
            order.push(task);
            for link in direction.later(self.problem, task) {
                self.waiting[link.task] -= 1;
                if self.waiting[link.task] == 0 {
                    self.heap.push(Reverse(self.keys[link.task.index()]));
                }
            }
        }
    }

    /// Justifies until it no longer helps. Before: `order` was decoded forward with value `value`.
    /// After: the decoder holds the forward schedule of `order`; gives its value.
    pub fn justify(
        &mut self,
        mut value: Value,
        order: &mut Vec<TaskId>,
        modes: &IdVec<TaskId, ModeId>,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Option<Value> {
        let mut trial = std::mem::take(order);
        loop {
            order.clone_from(&trial);
            self.order_for_opposite(&mut trial);
            self.decode(Direction::Backward, &trial, modes, should_stop)?;
            self.order_for_opposite(&mut trial);
            self.decode(Direction::Forward, &trial, modes, should_stop)?;
            let next = self.value();
            if next >= value {
                if next == value {
                    std::mem::swap(order, &mut trial);
                } else {
                    self.decode(Direction::Forward, order, modes, should_stop)?;
                }
                return Some(value);
            }
            value = next;
        }
    }
}
