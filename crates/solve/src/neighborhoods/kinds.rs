//! Kinds of neighborhoods: which tasks are relaxed together.
//!
//! To add a kind: one function here, one line in [`KINDS`], one line in the test.
//!
//! **Source:** time windows: Carchrae, Beck 2009; machines and jobs: Applegate, Cook 1991
//! (shuffle); random walks along constraints: as in CP-SAT's graph neighborhoods.

use ordine_base::{Id, IdVec, Stream};
use ordine_problem::{Problem, ResourceId, Schedule, TaskId};

/// A way to choose tasks.
pub(super) struct Kind {
    /// Name for people.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests and whoever reads them"))]
    pub name: &'static str,
    /// About so many tasks of the schedule.
    pub relax: fn(&Surroundings, &Schedule, usize, &mut Stream) -> Vec<TaskId>,
}

/// Every kind.
pub(super) const KINDS: [Kind; 4] = [
    Kind { name: "window", relax: window },
    Kind { name: "resource", relax: resource },
    Kind { name: "jobs", relax: jobs },
    Kind { name: "walk", relax: walk },
];

/// Who has to do with whom.
pub(super) struct Surroundings {
    /// Tasks that can use a resource.
    users: IdVec<ResourceId, Vec<TaskId>>,
    /// Resources that a task can use.
    resources: IdVec<TaskId, Vec<ResourceId>>,
    /// Tasks of a job, or single tasks.
    groups: Vec<Vec<TaskId>>,
    /// Tasks next to a task by precedences.
    adjacent: IdVec<TaskId, Vec<TaskId>>,
}

impl Surroundings {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut users: IdVec<ResourceId, Vec<TaskId>> =
            problem.resources().map(|_| Vec::new()).collect();
        let mut resources: IdVec<TaskId, Vec<ResourceId>> = IdVec::new();
        let mut adjacent: IdVec<TaskId, Vec<TaskId>> =
            problem.tasks().map(|_| Vec::new()).collect();
        let mut groups: Vec<Vec<TaskId>> = problem.jobs().map(|_| Vec::new()).collect();
        for task in problem.tasks() {
            let modes = problem.usable_modes(task).iter();
            let needs = modes.flat_map(|&mode| problem.requirements(mode));
            let mut of_task: Vec<ResourceId> = needs.map(|need| need.resource).collect();
            of_task.sort_unstable();
            of_task.dedup();
            for &resource in &of_task {
                users[resource].push(task);
            }
            resources.push(of_task);
            match problem.task(task).job {
                Some(job) => groups[job.index()].push(task),
                None => groups.push(vec![task]),
            }
        }
        for precedence in problem.precedences().values() {
            adjacent[precedence.before].push(precedence.after);
            adjacent[precedence.after].push(precedence.before);
        }
        users_only_of_more_than_one(&mut users);
        groups.retain(|group| !group.is_empty());
        Surroundings { users, resources, groups, adjacent }
    }
}

/// A resource of one task alone says nothing of who is near.
fn users_only_of_more_than_one(users: &mut IdVec<ResourceId, Vec<TaskId>>) {
    for of_resource in users.values_mut().filter(|tasks| tasks.len() < 2) {
        of_resource.clear();
    }
}

/// Where a task stands in time; absent tasks anywhere.
fn key(schedule: &Schedule, task: TaskId) -> Option<i64> {
    schedule.placement(task).map(|placement| placement.start.get() + placement.end.get())
}

/// The `count` tasks nearest to `center` in time.
fn nearest(
    schedule: &Schedule,
    mut tasks: Vec<TaskId>,
    center: Option<i64>,
    count: usize,
) -> Vec<TaskId> {
    let distance = |&task: &TaskId| match (key(schedule, task), center) {
        (Some(key), Some(center)) => (key - center).unsigned_abs(),
        _ => 0,
    };
    if tasks.len() > count {
        tasks.select_nth_unstable_by_key(count, |task| (distance(task), *task));
        tasks.truncate(count);
    }
    tasks
}

fn any_task(surroundings: &Surroundings, stream: &mut Stream) -> TaskId {
    TaskId::from_index(stream.below(surroundings.resources.len()))
}

/// All tasks in a window of time.
fn window(
    it: &Surroundings,
    schedule: &Schedule,
    count: usize,
    stream: &mut Stream,
) -> Vec<TaskId> {
    let center = key(schedule, any_task(it, stream));
    nearest(schedule, it.resources.ids().collect(), center, count)
}

/// Tasks of one resource or two, in a window of time if they are many.
fn resource(
    it: &Surroundings,
    schedule: &Schedule,
    count: usize,
    stream: &mut Stream,
) -> Vec<TaskId> {
    let center = any_task(it, stream);
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let of_task = &it.resources[if tasks.is_empty() { center } else { any_task(it, stream) }];
        if !of_task.is_empty() {
            tasks.extend_from_slice(&it.users[of_task[stream.below(of_task.len())]]);
        }
    }
    tasks.sort_unstable();
    tasks.dedup();
    if tasks.is_empty() {
        tasks.push(center);
    }
    nearest(schedule, tasks, key(schedule, center), count)
}

/// Whole jobs.
fn jobs(it: &Surroundings, _: &Schedule, count: usize, stream: &mut Stream) -> Vec<TaskId> {
    let mut order: Vec<usize> = (0..it.groups.len()).collect();
    let mut tasks = Vec::new();
    while tasks.len() < count && !order.is_empty() {
        let group = order.swap_remove(stream.below(order.len()));
        tasks.extend_from_slice(&it.groups[group]);
    }
    tasks
}

/// A random walk: to a neighbor by precedence, or to one near in time on the same resource.
fn walk(it: &Surroundings, schedule: &Schedule, count: usize, stream: &mut Stream) -> Vec<TaskId> {
    let mut is_chosen = vec![false; it.resources.len()];
    let mut chosen = Vec::new();
    let mut here = any_task(it, stream);
    // A walk may go in circles; then what it has seen is the neighborhood.
    for _ in 0..10 * count {
        if chosen.len() >= count {
            break;
        }
        if !std::mem::replace(&mut is_chosen[here.index()], true) {
            chosen.push(here);
        }
        here = step(it, schedule, here, stream);
    }
    chosen
}

fn step(it: &Surroundings, schedule: &Schedule, here: TaskId, stream: &mut Stream) -> TaskId {
    let (near, resources) = (&it.adjacent[here], &it.resources[here]);
    if stream.chance(0.1) || (near.is_empty() && resources.is_empty()) {
        return any_task(it, stream);
    }
    if resources.is_empty() || (!near.is_empty() && stream.chance(0.5)) {
        return near[stream.below(near.len())];
    }
    let users = &it.users[resources[stream.below(resources.len())]];
    if users.is_empty() {
        return any_task(it, stream);
    }
    // The nearest in time of a few.
    let draws = (0..3).map(|_| users[stream.below(users.len())]).collect::<Vec<TaskId>>();
    nearest(schedule, draws, key(schedule, here), 1)[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::{Demand, Seed, Ticks, Time};
    use ordine_problem::{Job, Placement, ProblemBuilder};

    #[test]
    fn every_kind_chooses_about_as_many_tasks_as_it_was_asked_for() {
        let mut builder = ProblemBuilder::new("shop");
        let machines: Vec<_> = (0..3).map(|_| builder.machine("m")).collect();
        for _ in 0..5 {
            let job = builder.job(Job::named("j")).expect("a job");
            for &machine in &machines {
                let task = builder.task("t", Some(job)).expect("a task");
                let needs = [(machine, Demand::new(1))];
                builder.mode(task, Ticks::new(2), &needs).expect("a mode");
            }
        }
        let problem = builder.seal().expect("a valid problem");
        let mut schedule = Schedule::empty(&problem);
        for task in problem.tasks() {
            let mode = problem.usable_modes(task)[0];
            let start = Time::new(2 * task.index() as i64);
            schedule.place(task, Placement::starting(&problem, mode, start));
        }
        let surroundings = Surroundings::new(&problem);
        let mut stream = Seed::new(1).stream("test");
        for kind in KINDS {
            for count in 1..=10 {
                let mut tasks = (kind.relax)(&surroundings, &schedule, count, &mut stream);
                tasks.sort_unstable();
                tasks.dedup();
                assert!((1..count + 3).contains(&tasks.len()), "{} {count}", kind.name);
            }
        }
    }
}
