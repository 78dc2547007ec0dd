//! Bounds before any search: every answer has one, and some are proved by it.
//!
//! Heads and tails (longest paths), one-machine bounds for every machine and for tasks that
//! exclude one another on a renewable (demand above half the capacity), energy bounds for every
//! renewable and for groups of machines that share tasks.
//!
//! **Source:** Carlier 1982; Kolisch, Sprecher 1996; see the modules.

mod energy;
mod machine_groups;
mod one_machine;

pub use energy::energy_bound;
pub use one_machine::{Item, preemptive_one_machine};

use crate::{ConstraintId, Context, Fault};
use ordine_base::{Cost, IdVec, Ticks, Time};
use ordine_construct::{CriticalPath, Direction};
use ordine_problem::{JobId, ModeId, PrecedenceKind, Problem, ResourceId, ResourceKind, TaskId};

/// Heads, least durations and tails after the end, valid for every choice of modes.
pub(crate) struct Windows<'a> {
    problem: &'a Problem,
    path: CriticalPath,
    tails: IdVec<TaskId, Ticks>,
}

impl<'a> Windows<'a> {
    fn new(problem: &'a Problem) -> Self {
        let path = CriticalPath::new(problem, Direction::Forward);
        let tail = |task| {
            let links = problem.successors(task).iter();
            let tails = links.map(|&link| path.tails[link.task] + after_end(problem, task, link));
            tails.fold(Ticks::ZERO, Ticks::max)
        };
        let tails = problem.tasks().map(tail).collect();
        Windows { problem, path, tails }
    }

    fn item(&self, task: TaskId, work: i128) -> Item {
        Item { head: self.path.heads[task].get(), work, tail: self.tails[task].get() }
    }
}

/// Least distance from the end of `task` to the start of the later task.
fn after_end(problem: &Problem, task: TaskId, link: ordine_problem::Link) -> Ticks {
    let own = match link.kind {
        PrecedenceKind::EndToStart | PrecedenceKind::EndToEnd => Ticks::ZERO,
        PrecedenceKind::StartToStart | PrecedenceKind::StartToEnd => problem.duration_max(task),
    };
    let other = match link.kind {
        PrecedenceKind::EndToStart | PrecedenceKind::StartToStart => Ticks::ZERO,
        PrecedenceKind::EndToEnd | PrecedenceKind::StartToEnd => problem.duration_max(link.task),
    };
    link.lag - own - other
}

/// The bound that needs no argument: every job ends after its longest path.
pub fn trivial_bound(problem: &Problem) -> Cost {
    let path = CriticalPath::new(problem, Direction::Forward);
    problem.objective().evaluate(problem, path.length, &job_heads(problem, &path))
}

/// Publishes all root bounds; what they reach is reported as the bound of the root.
///
/// # Errors
/// When the incumbent lies below a bound.
pub fn raise_root_bounds(context: &Context<'_>) -> Result<(), Fault> {
    let problem = context.problem();
    let windows = Windows::new(problem);
    let heads = job_heads(problem, &windows.path);
    let raise = |source, makespan: i64| {
        let makespan = windows.path.length.max(Time::new(makespan));
        context.raise_bound(source, &problem.objective().evaluate(problem, makespan, &heads))
    };
    raise("longest path", 0)?;
    for resource in problem.resources() {
        raise("one machine", one_machine(&windows, resource))?;
        if let ResourceKind::Renewable(capacity) = problem.resource(resource).kind {
            let items = renewable_items(&windows, resource);
            raise("energy", energy_bound(&items, i128::from(capacity.get().max(1))))?;
        }
    }
    raise("machine groups", machine_groups::bound(&windows))?;
    context.close_root();
    Ok(())
}

/// Bound of the tasks that exclude one another on `resource`.
fn one_machine(windows: &Windows<'_>, resource: ResourceId) -> i64 {
    let problem = windows.problem;
    let capacity = problem.resource(resource).capacity();
    if !problem.resource(resource).comes_back() {
        return 0;
    }
    let least = |task: TaskId| {
        let needs = problem.usable_modes(task).iter().map(|&mode| demand(problem, mode, resource));
        needs.min().unwrap_or(0)
    };
    let tasks = problem.tasks().filter(|&task| 2 * least(task) > capacity.get());
    let item = |task| windows.item(task, i128::from(problem.duration_min(task).get()));
    preemptive_one_machine(&tasks.map(item).collect::<Vec<Item>>())
}

fn renewable_items(windows: &Windows<'_>, resource: ResourceId) -> Vec<Item> {
    let problem = windows.problem;
    let energy = |&mode: &ModeId| {
        let duration = problem.mode(mode).duration.get();
        i128::from(demand(problem, mode, resource)) * i128::from(duration)
    };
    let least = |task| problem.usable_modes(task).iter().map(energy).min().unwrap_or(0);
    problem.tasks().map(|task| windows.item(task, least(task))).collect()
}

fn demand(problem: &Problem, mode: ModeId, resource: ResourceId) -> i64 {
    let needs = problem.requirements(mode);
    needs.iter().find(|need| need.resource == resource).map_or(0, |need| need.demand.get())
}

/// Deadlines that not even the longest path alone can meet: the problem is infeasible.
pub fn missed_deadlines(problem: &Problem) -> Vec<ConstraintId> {
    let path = CriticalPath::new(problem, Direction::Forward);
    let heads = job_heads(problem, &path);
    let missed =
        |job: &JobId| problem.job(*job).deadline.is_some_and(|deadline| heads[*job] > deadline);
    problem.jobs().filter(missed).map(ConstraintId::Deadline).collect()
}

/// Earliest ends of all jobs by heads alone; with the longest path the trivial bound.
fn job_heads(problem: &Problem, path: &CriticalPath) -> IdVec<JobId, Time> {
    let end = |&task: &TaskId| path.heads[task] + problem.duration_min(task);
    let of_job = |job| {
        let ends = problem.job_tasks(job).iter().map(end);
        ends.fold(problem.job(job).release, Time::max)
    };
    problem.jobs().map(of_job).collect()
}
