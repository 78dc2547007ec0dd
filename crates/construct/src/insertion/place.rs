//! Inserting one cluster, and what a placed task keeps of its resources.
//!
//! A pass places all tasks of the cluster in order and asks the couplings who must wait; whoever
//! must is raised, and the next pass begins. Bounds only grow, so passes end.
//!
//! **Source:** fix points of difference constraints with gaps: Gröflin, Klinkert 2007.

use super::couple::{COUPLINGS, Cluster};
use super::{Decisions, Insertion, Record, Refusal};
use ordine_base::{Demand, Interval, Ticks, Time};
use ordine_problem::{Point, TaskId};

/// Tasks of a problem from which on a cluster that holds does not try every gap: what thousands
/// before it have left between them seldom fits all of it.
const JUMPING_FROM: usize = 2_000;

/// Passes before a cluster looks for room where others have found theirs.
const PASSES_BEFORE_JUMP: usize = 8;

/// A task whose start must be this or later.
pub(super) type Raise = (TaskId, Time);

impl Insertion<'_> {
    /// Places what is done before anything else, but for tasks that hold until one that is not.
    pub(super) fn keep_history(&mut self, decisions: &Decisions) {
        let problem = self.problem;
        let is_done = |task: TaskId| problem.task(task).status.is_done();
        for task in problem.tasks().filter(|&task| is_done(task)) {
            let hold = problem.hold_of(task).filter(|hold| decisions.is_present(hold.until));
            if hold.is_none_or(|hold| is_done(hold.until))
                && let Ok(record) = self.fit(task, decisions)
            {
                self.keep(task, record);
            }
        }
    }

    /// Places the tasks of a cluster, all or none. Those that do not fit one by one can still fit
    /// together, where what one of them puts into a stock another takes at the same instant.
    pub(super) fn insert(
        &mut self,
        members: &[TaskId],
        decisions: &Decisions,
    ) -> Result<(), Refusal> {
        let tried = self.insert_in_turn(members, decisions);
        let changes = |task: &&TaskId| {
            let mode = decisions.mode(**task);
            !self.problem.stock_changes(mode).is_empty()
        };
        match tried {
            Err(reason) if members.iter().filter(changes).count() > 1 => {
                match self.insert_jointly(members, decisions) {
                    Err(together) if together != Refusal::Stock => Err(reason),
                    tried => tried,
                }
            }
            tried => tried,
        }
    }

    /// Places tasks with the levels of stocks judged when all of them stand.
    pub(super) fn insert_jointly(
        &mut self,
        members: &[TaskId],
        decisions: &Decisions,
    ) -> Result<(), Refusal> {
        self.is_joint = true;
        let tried = self.insert_in_turn(members, decisions);
        self.is_joint = false;
        tried
    }

    fn insert_in_turn(&mut self, members: &[TaskId], decisions: &Decisions) -> Result<(), Refusal> {
        for &task in members {
            self.bounds[task] = Time::ORIGIN;
        }
        let cluster = Cluster::new(members);
        let has_holds = members.iter().any(|&task| self.problem.hold_of(task).is_some());
        let all = 64 + 40 * members.len();
        if !has_holds || self.problem.tasks().len() < JUMPING_FROM {
            return self.converge(&cluster, decisions, all)?.then_some(()).ok_or(Refusal::NoRoom);
        }
        if self.converge(&cluster, decisions, PASSES_BEFORE_JUMP)? {
            return Ok(());
        }
        let known: Vec<Time> = members.iter().map(|&task| self.bounds[task]).collect();
        self.jump(members, decisions);
        let mut tried = self.converge(&cluster, decisions, all);
        if tried != Ok(true) {
            members.iter().zip(known).for_each(|(&task, bound)| self.bounds[task] = bound);
            tried = self.converge(&cluster, decisions, all);
        }
        let starts = members.iter().filter_map(|&task| Some(self.records[task]?.start));
        if let Some(start) = starts.min() {
            let known = if self.frontier == Time::ORIGIN { start } else { self.frontier };
            self.frontier = known + Ticks::new((start - known).get() / 4);
        }
        tried?.then_some(()).ok_or(Refusal::NoRoom)
    }

    /// Moves the bounds of a long search to shortly before where others of its kind found room.
    fn jump(&mut self, members: &[TaskId], decisions: &Decisions) {
        let durations = members.iter().map(|&task| self.work(task, decisions.mode(task)));
        let length = durations.fold(Ticks::ZERO, |sum, work| sum + work);
        // Far enough that the way there leads back to earlier room, where there is some.
        let near = self.frontier - length - length - length - length;
        for &task in members {
            let is_free = self.problem.task(task).status.settled().is_none();
            if is_free && self.problem.span_of(task).is_none() {
                self.bounds[task] = self.bounds[task].max(near);
            }
        }
    }

    /// Places the tasks of a cluster, from their bounds on; whether that came to an end within so
    /// many passes.
    fn converge(
        &mut self,
        cluster: &Cluster<'_>,
        decisions: &Decisions,
        passes_max: usize,
    ) -> Result<bool, Refusal> {
        let has_holds = cluster.members.iter().any(|&task| self.problem.hold_of(task).is_some());
        let mut raises: Vec<Raise> = Vec::new();
        for _ in 0..passes_max {
            raises.clear();
            let tried = self.pass(cluster, decisions, &mut raises);
            if tried.is_ok() && raises.is_empty() {
                self.keep_transfers(cluster);
                return Ok(true);
            }
            for &task in cluster.members {
                self.take_back(task);
            }
            tried?;
            for &(task, time) in &raises {
                self.raise(task, time)?;
            }
            if has_holds {
                self.sweep_back(cluster.members, decisions)?;
            }
        }
        Ok(false)
    }

    /// Where tasks hold until others, a later start of the last pulls all before it along: bounds
    /// are raised from back to front, each task beside what is placed but none of its cluster.
    fn sweep_back(&mut self, members: &[TaskId], decisions: &Decisions) -> Result<(), Refusal> {
        for &task in members.iter().rev() {
            let is_settled = self.problem.task(task).status.settled().is_some();
            if is_settled || self.problem.span_of(task).is_some() {
                continue;
            }
            self.work += 1;
            match self.fit(task, decisions) {
                Ok(record) => self.bounds[task] = self.bounds[task].max(record.start),
                // The levels of stocks can be others with the rest of the cluster.
                Err(Refusal::Stock) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(())
    }

    /// Raises the start of a task; that of a parent through its children.
    fn raise(&mut self, task: TaskId, time: Time) -> Result<(), Refusal> {
        if time > self.limit {
            return Err(Refusal::NoRoom);
        }
        if self.problem.task(task).status.settled().is_some_and(|(_, start)| start < time) {
            return Err(Refusal::TooLate);
        }
        let problem = self.problem;
        let Some(span) = problem.span_of(task) else {
            self.bounds[task] = self.bounds[task].max(time);
            return Ok(());
        };
        span.children.iter().try_for_each(|&child| self.raise(child, time))
    }

    fn pass(
        &mut self,
        cluster: &Cluster<'_>,
        decisions: &Decisions,
        raises: &mut Vec<Raise>,
    ) -> Result<(), Refusal> {
        for &task in cluster.members {
            self.work += 1;
            let record = match self.problem.span_of(task) {
                None => self.fit(task, decisions)?,
                Some(span) => match self.fit_parent(task, span, decisions, raises)? {
                    Some(record) => record,
                    None => return Ok(()),
                },
            };
            self.bounds[task] = self.bounds[task].max(record.start);
            self.keep(task, record);
        }
        COUPLINGS.iter().try_for_each(|coupling| coupling(self, cluster, raises))
    }

    /// Reserves what a task uses.
    fn keep(&mut self, task: TaskId, record: Record) {
        self.records[task] = Some(record);
        self.change_usage(task, record, true);
    }

    /// Gives back what a task uses, if it is placed.
    fn take_back(&mut self, task: TaskId) {
        if let Some(record) = self.records[task].take() {
            self.change_usage(task, record, false);
        }
    }

    fn change_usage(&mut self, task: TaskId, record: Record, keeps: bool) {
        let problem = self.problem;
        for change in problem.stock_changes(record.mode) {
            let time = if change.at == Point::Start { record.start } else { record.end };
            let levels = self.stocks[change.reservoir].as_mut();
            let levels = levels.expect("a sealed problem changes levels of reservoirs only");
            let change = (time, change.amount, !problem.task(task).status.is_done());
            match keeps {
                true => levels.add(change),
                false => levels.remove(change),
            }
        }
        if record.start >= record.end {
            return;
        }
        let family = problem.task(task).family;
        let stretches = self.stretches(task, record);
        for need in problem.requirements(record.mode) {
            if let Some(timeline) = &mut self.timelines[need.resource] {
                for &stretch in &stretches {
                    match keeps {
                        true => timeline.reserve(stretch, need.demand),
                        false => timeline.release(stretch, need.demand),
                    }
                }
            }
            let leads = self.batches.leads(task);
            let machine = self.machines[need.resource].as_mut();
            let batched = problem.resource(need.resource).batching.is_some();
            if let Some(machine) = machine.filter(|_| leads || !batched) {
                for stretch in &stretches {
                    match keeps {
                        true => machine.insert(task, stretch.start, stretch.end, family),
                        false => machine.remove(task, stretch.start),
                    }
                }
            }
        }
        self.change_buffer(task, record, keeps);
    }

    fn change_buffer(&mut self, task: TaskId, record: Record, keeps: bool) {
        if record.buffer_until <= record.release {
            return;
        }
        let buffer = self.problem.hold_of(task).and_then(|hold| hold.buffer);
        let timeline = buffer.and_then(|buffer| self.timelines[buffer].as_mut());
        let timeline = timeline.expect("only a task with a buffer waits in one");
        let wait = Interval::new(record.release, record.buffer_until);
        match keeps {
            true => timeline.reserve(wait, Demand::ONE),
            false => timeline.release(wait, Demand::ONE),
        }
    }

    /// When a task uses its machines and renewables; without its breaks if it releases them.
    pub(super) fn stretches(&self, task: TaskId, record: Record) -> Vec<Interval> {
        let releases = self.problem.task(task).released_in_breaks;
        match self.work_time(record.mode).filter(|_| releases) {
            None => vec![Interval::new(record.start, record.release)],
            Some(work_time) => {
                let mut stretches = work_time.working(record.start, record.end);
                if record.release > record.end {
                    stretches.push(Interval::new(record.end, record.release));
                }
                stretches
            }
        }
    }
}
