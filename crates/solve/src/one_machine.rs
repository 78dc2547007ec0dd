//! Jobs of one task on one machine whose ends cost: what is left of a problem when only their
//! sequence is to be decided.
//!
//! Job j that ends at C costs `r_j C + w_j max(0, C - d_j)`; every regular sum of flow times and
//! tardiness is of this form, up to a constant. O(n) to see, O(n) to turn a sequence into a
//! schedule.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979: 1 || Σ f_j.

mod decomposition;
mod exact;
mod subset;

pub use decomposition::Decomposition;
pub(crate) use exact::{exact_lane, finder_lane};
pub use subset::{SUBSET_JOBS_MAX, subset_optimum};

use ordine_base::{Ticks, Time};
use ordine_ls::SequenceJob;
use ordine_problem::{
    FeatureSet, Measure, ModeId, Placement, Problem, ResourceId, Schedule, TaskId,
};

/// The jobs of a problem that has this form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneMachine {
    /// What each job costs.
    pub jobs: Vec<SequenceJob>,
    tasks: Vec<(TaskId, ModeId)>,
}

impl OneMachine {
    /// The problem in this form, if it has it.
    pub fn of(problem: &Problem) -> Option<Self> {
        let plain = problem.unsupported(FeatureSet::PLAIN).is_empty();
        let apart = plain && problem.precedences().is_empty();
        if !apart || problem.tasks().len() != problem.jobs().len() {
            return None;
        }
        let [level] = problem.objective().levels() else { return None };
        let mut machine: Option<ResourceId> = None;
        let mut found = OneMachine { jobs: Vec::new(), tasks: Vec::new() };
        for task in problem.tasks() {
            let job = problem.job(problem.task(task).job?);
            let [mode] = *problem.usable_modes(task) else { return None };
            let [need] = problem.requirements(mode) else { return None };
            let on_machine = problem.resource(need.resource).is_machine();
            let same = *machine.get_or_insert(need.resource) == need.resource;
            let free = problem.release(task) == Time::ORIGIN && problem.deadline(task).is_none();
            if !on_machine || !same || !free {
                return None;
            }
            let duration = problem.mode(mode).duration.get();
            let due = job.due.map_or(i64::MAX / 4, Time::get);
            let mut cost = SequenceJob { duration, due, weight: 0, rate: 0 };
            for term in &level.terms {
                match term.measure {
                    Measure::TotalFlowTime => cost.rate += term.weight,
                    Measure::WeightedFlowTime => cost.rate += term.weight * job.weight,
                    Measure::TotalTardiness => cost.weight += term.weight,
                    Measure::WeightedTardiness => cost.weight += term.weight * job.weight,
                    _ => return None,
                }
            }
            found.jobs.push(cost);
            found.tasks.push((task, mode));
        }
        let one_each = problem.jobs().all(|job| problem.job_tasks(job).len() == 1);
        (one_each && level.floor.is_none() && !found.jobs.is_empty()).then_some(found)
    }

    /// The schedule without idle time that takes the jobs in this order.
    pub fn schedule(&self, problem: &Problem, sequence: &[usize]) -> Schedule {
        let mut schedule = Schedule::empty(problem);
        let mut start = Time::ORIGIN;
        for &job in sequence {
            let (task, mode) = self.tasks[job];
            schedule.place(task, Placement::starting(problem, mode, start));
            start += Ticks::new(self.jobs[job].duration);
        }
        schedule
    }

    /// The order in which a schedule takes the jobs.
    pub fn sequence(&self, schedule: &Schedule) -> Vec<usize> {
        let key = |job: usize| {
            let placement = schedule.placement(self.tasks[job].0);
            placement.map(|it| (it.start, it.end))
        };
        let mut sequence: Vec<usize> = (0..self.jobs.len()).collect();
        sequence.sort_by_key(|&job| (key(job), job));
        sequence
    }

    /// Whether each tick of tardiness of each job costs the same, and nothing else anything.
    pub fn is_total_tardiness(&self) -> bool {
        let weight = self.jobs.first().map_or(0, |job| job.weight);
        weight > 0 && self.jobs.iter().all(|job| job.rate == 0 && job.weight == weight)
    }
}
