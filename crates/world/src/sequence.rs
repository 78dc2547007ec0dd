//! Rules that order everything at once, and the two shapes of problems that they know.
//!
//! A *sequence rule* reads a problem and gives the order in which a list schedule takes its tasks.
//! O(problem) to see the shape, then what the rule says.
//!
//! **Source:** list schedules: Graham 1969; permutation schedules: Johnson 1954.

use crate::Need;
use ordine_base::{Ticks, Time};
use ordine_problem::{Feature, FeatureSet, PrecedenceKind, Problem, ResourceId, TaskId};

/// A rule that orders all tasks of a problem.
///
/// To add one: one file in `rules/`, one line in its `RULES`, one row in its test table.
pub trait SequenceRule: Send + Sync {
    /// What a problem must have for the rule to apply.
    fn need(&self) -> Need;

    /// The order in which a list schedule takes the tasks; `None` where the need is not met.
    fn order(&self, problem: &Problem) -> Option<Vec<TaskId>>;
}

/// Jobs of one task with due times on one machine, numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SingleMachine {
    /// Durations.
    pub durations: Vec<i64>,
    /// Due times.
    pub due: Vec<i64>,
    /// Weights.
    pub weights: Vec<i64>,
    /// The tasks; empty when it was not made from a problem.
    pub tasks: Vec<TaskId>,
}

impl SingleMachine {
    /// Jobs of weight 1.
    ///
    /// # Panics
    /// When there are not as many due times as durations.
    pub fn new(durations: Vec<i64>, due: Vec<i64>) -> Self {
        assert_eq!(durations.len(), due.len(), "every job has a duration and a due time");
        let weights = vec![1; due.len()];
        SingleMachine { durations, due, weights, tasks: Vec::new() }
    }

    /// The problem in this form, if it has it: one machine, one mode per task, one task per job,
    /// due times, nothing else.
    pub fn of(problem: &Problem) -> Option<Self> {
        let plain = problem.unsupported(FeatureSet::PLAIN).is_empty();
        let simple = plain && problem.precedences().is_empty();
        if !simple || problem.tasks().len() != problem.jobs().len() {
            return None;
        }
        let mut machine = None;
        let mut found = SingleMachine::default();
        for task in problem.tasks() {
            let job = problem.job(problem.task(task).job?);
            let (of_task, duration) = only_machine(problem, task)?;
            let same = *machine.get_or_insert(of_task) == of_task;
            if !same || job.release != Time::ORIGIN || problem.release(task) != Time::ORIGIN {
                return None;
            }
            found.durations.push(duration.get());
            found.due.push(job.due?.get());
            found.weights.push(job.weight);
            found.tasks.push(task);
        }
        // As many jobs as tasks: with two tasks in one job another would have none.
        let filled = problem.jobs().all(|job| problem.job_tasks(job).len() == 1);
        (filled && problem.tasks().len() > 0).then_some(found)
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.durations.len()
    }

    /// Whether there is no job.
    pub fn is_empty(&self) -> bool {
        self.durations.is_empty()
    }

    /// Total tardiness of the jobs in this order.
    pub fn tardiness(&self, sequence: &[usize]) -> i64 {
        let mut end = 0;
        let late = |&job: &usize| {
            end += self.durations[job];
            (end - self.due[job]).max(0)
        };
        sequence.iter().map(late).sum()
    }

    /// Numbers of the jobs, sorted by `key`.
    pub(crate) fn sorted_by<K: Ord>(&self, key: impl Fn(usize) -> K) -> Vec<usize> {
        let mut jobs: Vec<usize> = (0..self.len()).collect();
        jobs.sort_by_key(|&job| (key(job), job));
        jobs
    }

    /// The tasks of the jobs in this order.
    pub fn tasks_of(&self, sequence: &[usize]) -> Vec<TaskId> {
        sequence.iter().map(|&job| self.tasks[job]).collect()
    }
}

/// Jobs that visit the same machines in the same order, numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowShop {
    /// By job, its duration on the first machine, the second, ….
    pub durations: Vec<Vec<i64>>,
    /// By job, its tasks; empty when it was not made from a problem.
    pub tasks: Vec<Vec<TaskId>>,
}

impl FlowShop {
    /// The problem in this form, if it has it: chains of tasks of one mode over the same machines,
    /// no lags, no releases; all machines may have to keep one sequence.
    pub fn of(problem: &Problem) -> Option<Self> {
        let kept = FeatureSet::of(&[Feature::SameSequences]);
        let lacking = problem.unsupported(FeatureSet::PLAIN).without(kept);
        if !lacking.is_empty() || problem.jobs().len() == 0 {
            return None;
        }
        let mut found = FlowShop::default();
        let mut route: Option<Vec<ResourceId>> = None;
        for job in problem.jobs() {
            let (mut machines, mut durations) = (Vec::new(), Vec::new());
            let tasks = chain(problem, problem.job_tasks(job))?;
            for &task in &tasks {
                let (machine, duration) = only_machine(problem, task)?;
                if machines.contains(&machine) || problem.job(job).release != Time::ORIGIN {
                    return None;
                }
                machines.push(machine);
                durations.push(duration.get());
            }
            if *route.get_or_insert_with(|| machines.clone()) != machines {
                return None;
            }
            found.durations.push(durations);
            found.tasks.push(tasks);
        }
        let count: usize = found.tasks.iter().map(Vec::len).sum();
        let stages = found.tasks.first().map_or(0, Vec::len);
        (count == problem.tasks().len() && stages > 0).then_some(found)
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.durations.len()
    }

    /// Whether there is no job.
    pub fn is_empty(&self) -> bool {
        self.durations.is_empty()
    }

    /// Number of machines.
    pub fn machines(&self) -> usize {
        self.durations.first().map_or(0, Vec::len)
    }

    /// Latest end when all machines take the jobs in this order. O(jobs × machines).
    pub fn makespan(&self, sequence: &[usize]) -> i64 {
        let mut ends = vec![0; self.machines()];
        for &job in sequence {
            let mut before = 0;
            for (end, duration) in ends.iter_mut().zip(&self.durations[job]) {
                *end = before.max(*end) + duration;
                before = *end;
            }
        }
        ends.last().copied().unwrap_or(0)
    }

    /// The tasks of the jobs in this order, machine by machine: a list schedule of it lets no job
    /// overtake another.
    pub fn tasks_of(&self, sequence: &[usize]) -> Vec<TaskId> {
        let of_machine = |machine: usize| sequence.iter().map(move |&job| self.tasks[job][machine]);
        (0..self.machines()).flat_map(of_machine).collect()
    }
}

/// The machine and duration of a task that has one mode, on one machine.
fn only_machine(problem: &Problem, task: TaskId) -> Option<(ResourceId, Ticks)> {
    let [mode] = *problem.usable_modes(task) else { return None };
    let [need] = problem.requirements(mode) else { return None };
    let is_machine = problem.resource(need.resource).is_machine();
    is_machine.then(|| (need.resource, problem.mode(mode).duration))
}

/// The tasks of a job in the order of their chain.
fn chain(problem: &Problem, tasks: &[TaskId]) -> Option<Vec<TaskId>> {
    let first = |task: &&TaskId| problem.predecessors(**task).is_empty();
    let mut task = *tasks.iter().find(first)?;
    let mut chain = vec![task];
    loop {
        match problem.successors(task) {
            [] => break,
            [link] if link.kind == PrecedenceKind::EndToStart && link.lag == Ticks::ZERO => {
                task = link.task;
                chain.push(task);
            }
            _ => return None,
        }
    }
    let own = chain.len() == tasks.len() && chain.iter().all(|task| tasks.contains(task));
    own.then_some(chain)
}
