//! The bound of any problem of the model: longest paths of what must be there.
//!
//! Only tasks that must be present, precedences that must hold, and least elapsed times count;
//! measures that are not regular count as nothing. O(tasks + precedences).
//!
//! **Source:** longest paths: Kelley 1961.

use super::least_elapsed;
use ordine_base::{Cost, IdVec, Ticks, Time};
use ordine_problem::{Problem, TaskId};

/// Sweeps over the tasks; precedences in a circle may take more to settle, and any number is valid.
const SWEEPS: usize = 3;

pub(super) fn bound(problem: &Problem) -> Cost {
    let heads = heads(problem);
    let end = |task: TaskId| heads[task] + least_elapsed(problem, task);
    let mandatory = |task: &TaskId| !problem.task(*task).optional;
    let makespan = problem.tasks().filter(mandatory).map(end).fold(Time::ORIGIN, Time::max);
    let of_job = |job| {
        let tasks = problem.job_tasks(job).iter().copied().filter(mandatory);
        tasks.map(end).fold(problem.job(job).release, Time::max)
    };
    let job_ends = problem.jobs().map(of_job).collect();
    problem.objective().evaluate(problem, makespan, &job_ends)
}

/// Earliest starts.
fn heads(problem: &Problem) -> IdVec<TaskId, Time> {
    let mut heads: IdVec<TaskId, Time> =
        problem.tasks().map(|task| problem.release(task)).collect();
    for _ in 0..SWEEPS {
        let mut changed = false;
        for &task in problem.topological_order() {
            let data = problem.task(task);
            if data.optional || data.status.settled().is_some() {
                continue;
            }
            for link in problem.predecessors(task) {
                // The end of the later task is not bounded by a longest elapsed time here.
                if problem.task(link.task).optional || !link.kind.enters_start() {
                    continue;
                }
                let before = match link.kind.leaves_end() {
                    true => least_elapsed(problem, link.task),
                    false => Ticks::ZERO,
                };
                let from = heads[link.task] + before + link.lag;
                if from > heads[task] {
                    heads[task] = from;
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    heads
}
