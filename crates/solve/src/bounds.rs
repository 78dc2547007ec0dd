//! Bounds before any search: every answer has one, and some are proved by it.
//!
//! Heads and tails (longest paths), one-machine bounds for every machine and for tasks that
//! exclude one another on a renewable (demand above half the capacity), energy bounds for every
//! renewable and for groups of machines that share tasks.
//!
//! **Source:** Carlier 1982; Kolisch, Sprecher 1996; see the modules.

mod contradiction;
mod elapsed;
mod energy;
mod machine_groups;
mod one_machine;
mod relaxed;

pub use contradiction::contradiction;
use elapsed::{least_elapsed, least_of_mode};
pub use energy::energy_bound;
pub use one_machine::{Item, preemptive_one_machine};

use crate::{Context, Fault};
use ordine_base::{Cost, IdVec, Ticks, Time};
use ordine_construct::{CriticalPath, Direction};
use ordine_problem::{
    FeatureSet, JobId, PrecedenceKind, Problem, ResourceId, ResourceKind, TaskId,
};

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
    if !problem.unsupported(FeatureSet::PLAIN).is_empty() {
        return relaxed::bound(problem);
    }
    let path = CriticalPath::new(problem, Direction::Forward);
    problem.objective().evaluate(problem, path.length, &job_heads(problem, &path))
}

/// Publishes all root bounds, as far as there is time; what they reach is reported as the bound of
/// the root. O(requirements × log) plus the energy of windows, which has a budget.
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
    let late = || context.should_stop().is_some();
    raise("longest path", 0)?;
    let shares = shares(problem);
    let resources = || problem.resources().take_while(|_| !late());
    let machines = resources().map(|resource| one_machine(&windows, resource, &shares));
    raise("one machine", machines.max().unwrap_or(0))?;
    let renewables = problem.resources().filter(|&it| is_renewable(problem, it)).count();
    let pairs_max = PAIRS_MAX / renewables.max(1);
    let energies = resources().map(|resource| energy(&windows, resource, &shares, pairs_max));
    raise("energy", energies.max().unwrap_or(0))?;
    raise("machine groups", machine_groups::bound(&windows, &late))?;
    context.close_root();
    Ok(())
}

/// Most pairs of head and tail that the energy of all renewables together looks at.
const PAIRS_MAX: usize = 20_000_000;

/// The least that a task takes of a resource, in every usable mode.
struct Share {
    task: TaskId,
    demand: i64,
    energy: i128,
}

/// By resource, the tasks that need it in every usable mode. O(requirements).
fn shares(problem: &Problem) -> IdVec<ResourceId, Vec<Share>> {
    let mut shares: IdVec<ResourceId, Vec<Share>> =
        problem.resources().map(|_| Vec::new()).collect();
    // Modes of the current task that need each resource, counted at the end of its list.
    let mut seen: IdVec<ResourceId, usize> = IdVec::filled(shares.len(), 0);
    for task in problem.tasks() {
        let modes = problem.usable_modes(task);
        for &mode in modes {
            let duration = problem.mode(mode).duration;
            if duration == Ticks::ZERO {
                continue;
            }
            for need in problem.requirements(mode) {
                let demand = need.demand.get();
                let energy = i128::from(demand) * i128::from(duration.get());
                let list = &mut shares[need.resource];
                match list.last_mut().filter(|share| share.task == task) {
                    None => {
                        list.push(Share { task, demand, energy });
                        seen[need.resource] = 1;
                    }
                    Some(share) => {
                        share.demand = share.demand.min(demand);
                        share.energy = share.energy.min(energy);
                        seen[need.resource] += 1;
                    }
                }
            }
        }
        for &mode in modes {
            for need in problem.requirements(mode) {
                let list = &mut shares[need.resource];
                let of_task = list.last().is_some_and(|share| share.task == task);
                if of_task && seen[need.resource] < modes.len() {
                    list.pop();
                }
            }
        }
    }
    shares
}

fn is_renewable(problem: &Problem, resource: ResourceId) -> bool {
    matches!(problem.resource(resource).kind, ResourceKind::Renewable(_))
}

/// Bound of the tasks that exclude one another on `resource`.
fn one_machine(
    windows: &Windows<'_>,
    resource: ResourceId,
    shares: &IdVec<ResourceId, Vec<Share>>,
) -> i64 {
    let problem = windows.problem;
    if !problem.resource(resource).comes_back() {
        return 0;
    }
    let capacity = problem.resource(resource).capacity().get();
    let exclusive = shares[resource].iter().filter(|share| 2 * share.demand > capacity);
    let work = |task| i128::from(problem.duration_min(task).get());
    let items = exclusive.map(|share| windows.item(share.task, work(share.task)));
    preemptive_one_machine(&items.collect::<Vec<Item>>())
}

fn energy(
    windows: &Windows<'_>,
    resource: ResourceId,
    shares: &IdVec<ResourceId, Vec<Share>>,
    pairs_max: usize,
) -> i64 {
    if !is_renewable(windows.problem, resource) {
        return 0;
    }
    let capacity = windows.problem.resource(resource).capacity().get();
    let items = shares[resource].iter().map(|share| windows.item(share.task, share.energy));
    let items: Vec<Item> = items.collect();
    energy_bound(&items, i128::from(capacity.max(1)), pairs_max)
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
