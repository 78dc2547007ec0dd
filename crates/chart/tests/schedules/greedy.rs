//! Problems with a greedy schedule each, to have something to draw.
//!
//! **Source:** ft06 after Fisher, Thompson 1963.

use ordine_base::{Demand, Ticks, Time};
use ordine_problem::{
    Job, JobId, Measure, Objective, Placement, Precedence, Problem, ProblemBuilder, ResourceId,
    Schedule, TaskId,
};

const FT06: [[(usize, i64); 6]; 6] = [
    [(2, 1), (0, 3), (1, 6), (3, 7), (5, 3), (4, 6)],
    [(1, 8), (2, 5), (4, 10), (5, 10), (0, 10), (3, 4)],
    [(2, 5), (3, 4), (5, 8), (0, 9), (1, 1), (4, 7)],
    [(1, 5), (0, 5), (2, 5), (3, 3), (4, 8), (5, 9)],
    [(2, 9), (1, 3), (4, 5), (5, 4), (0, 3), (3, 1)],
    [(1, 3), (3, 3), (5, 9), (0, 10), (4, 4), (2, 1)],
];

/// Adds a job whose tasks follow each other on machines.
fn chain(
    builder: &mut ProblemBuilder,
    job: JobId,
    prefix: &str,
    steps: &[(ResourceId, i64)],
) -> Vec<TaskId> {
    let mut tasks = Vec::new();
    for (place, &(machine, duration)) in steps.iter().enumerate() {
        let task = builder.task(format!("{prefix}t{place}"), Some(job)).expect("valid task");
        let needs = [(machine, Demand::ONE)];
        builder.mode(task, Ticks::new(duration), &needs).expect("valid mode");
        tasks.push(task);
    }
    for pair in tasks.windows(2) {
        let precedence = Precedence::end_to_start(pair[0], pair[1]);
        builder.precedence(precedence).expect("valid precedence");
    }
    tasks
}

/// Two jobs on two machines, crosswise.
pub fn pocket(due: Option<i64>) -> Problem {
    let mut builder = ProblemBuilder::new("pocket");
    let saw = builder.machine("saw");
    let drill = builder.machine("drill");
    for (name, steps) in [("j0", [(saw, 3), (drill, 2)]), ("j1", [(drill, 4), (saw, 1)])] {
        let job = Job { due: due.map(Time::new), ..Job::named(name) };
        let job = builder.job(job).expect("valid job");
        chain(&mut builder, job, "", &steps);
    }
    if due.is_some() {
        builder.objective(Objective::single(Measure::TotalTardiness));
    }
    builder.seal().expect("valid problem")
}

/// The 6 × 6 job shop of Fisher and Thompson, with due times for every second job.
pub fn ft06(objective: Measure) -> Problem {
    let mut builder = ProblemBuilder::new("ft06");
    let machines: Vec<ResourceId> = (0..6).map(|m| builder.machine(format!("m{m}"))).collect();
    for (index, row) in FT06.iter().enumerate() {
        let due = (objective.needs_due() && index % 2 == 0).then(|| Time::new(40 + index as i64));
        let job = Job { due, ..Job::named(format!("j{index}")) };
        let job = builder.job(job).expect("valid job");
        let steps: Vec<_> = row.iter().map(|&(m, duration)| (machines[m], duration)).collect();
        chain(&mut builder, job, "", &steps);
    }
    builder.objective(Objective::single(objective));
    builder.seal().expect("valid problem")
}

/// Pseudo-random numbers, good enough for pictures.
pub struct Numbers(pub u64);

impl Numbers {
    /// A number in `0..below`.
    pub fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % below
    }
}

/// A job shop with every job once on every machine.
pub fn shop(jobs: usize, machines: usize, longest: u64) -> Problem {
    let mut numbers = Numbers(7);
    let mut builder = ProblemBuilder::new(format!("shop {jobs}x{machines}"));
    let machines: Vec<ResourceId> =
        (0..machines).map(|m| builder.machine(format!("machine {m}"))).collect();
    for index in 0..jobs {
        let job = builder.job(Job::named(format!("job {index}"))).expect("valid job");
        let mut order = machines.clone();
        for place in (1..order.len()).rev() {
            order.swap(place, numbers.next(place as u64 + 1) as usize);
        }
        let steps: Vec<_> =
            order.into_iter().map(|machine| (machine, 1 + numbers.next(longest) as i64)).collect();
        chain(&mut builder, job, &format!("j{index}"), &steps);
    }
    builder.seal().expect("valid problem")
}

/// A project of this many tasks on four renewables, with milestones at both ends.
pub fn project(tasks: usize) -> Problem {
    let mut numbers = Numbers(3);
    let mut builder = ProblemBuilder::new(format!("project of {tasks}"));
    let renewables: Vec<ResourceId> = (1..=4)
        .map(|r| builder.renewable(format!("R{r}"), Demand::new(8 + 2 * r)).expect("valid"))
        .collect();
    let mut ids = Vec::new();
    for index in 0..tasks {
        let task = builder.task(format!("task {}", index + 1), None).expect("valid task");
        let is_milestone = index == 0 || index + 1 == tasks;
        let duration = if is_milestone { 0 } else { 1 + numbers.next(10) as i64 };
        let mut needs = Vec::new();
        for &renewable in &renewables {
            if !is_milestone && numbers.next(2) == 0 {
                needs.push((renewable, Demand::new(1 + numbers.next(6) as i64)));
            }
        }
        builder.mode(task, Ticks::new(duration), &needs).expect("valid mode");
        for _ in 0..2 {
            if let Some(&before) = ids.get(numbers.next(1 + ids.len() as u64) as usize) {
                builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
            }
        }
        ids.push(task);
    }
    builder.seal().expect("valid problem")
}

/// Jobs on machines that also need a crew and use up paint.
pub fn workshop() -> Problem {
    let mut numbers = Numbers(11);
    let mut builder = ProblemBuilder::new("workshop");
    let machines = ["press", "laser cutter", "paint shop (wet & dry)"].map(|m| builder.machine(m));
    let crew = builder.renewable("crew", Demand::new(3)).expect("valid");
    let paint = builder.consumable("paint [l]", Demand::new(60)).expect("valid");
    for name in ["gate", "fence", "staircase", "balcony", "carport"] {
        let due = Some(Time::new(20 + numbers.next(40) as i64));
        let job = builder.job(Job { due, ..Job::named(name) }).expect("valid job");
        let mut before: Option<TaskId> = None;
        for (place, &machine) in machines.iter().enumerate() {
            let task = builder.task(["cut", "weld", "paint"][place], Some(job)).expect("valid");
            let mut needs =
                vec![(machine, Demand::ONE), (crew, Demand::new(1 + numbers.next(2) as i64))];
            if place == 2 {
                needs.push((paint, Demand::new(4 + numbers.next(9) as i64)));
            }
            let duration = Ticks::new(4 + numbers.next(9) as i64);
            builder.mode(task, duration, &needs).expect("valid mode");
            if let Some(before) = before {
                builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
            }
            before = Some(task);
        }
        let dry = builder.task("dry", Some(job)).expect("valid");
        builder.mode(dry, Ticks::new(9), &[]).expect("valid");
        let before = before.expect("a job has tasks");
        builder.precedence(Precedence::end_to_start(before, dry)).expect("valid");
    }
    builder.objective(Objective::single(Measure::WeightedTardiness));
    builder.seal().expect("valid problem")
}

/// The first mode of every task, at the earliest start after all that was placed before it on its
/// resources or is due before it; the task that can start first goes first.
pub fn greedy(problem: &Problem) -> Schedule {
    let mut schedule = Schedule::empty(problem);
    let mut free: Vec<Vec<Time>> = problem
        .resources()
        .map(|resource| {
            let resource = problem.resource(resource);
            let units = if resource.comes_back() { resource.capacity().get() } else { 0 };
            vec![Time::ORIGIN; units as usize]
        })
        .collect();
    let mut waiting: Vec<TaskId> = problem.topological_order().to_vec();
    while !waiting.is_empty() {
        let start = |task: TaskId| earliest(problem, &schedule, &free, task);
        let next = waiting.iter().copied().enumerate().filter_map(|(i, t)| Some((start(t)?, i)));
        let (start, place) = next.min().expect("some task has all its predecessors placed");
        let task = waiting.remove(place);
        let placement = Placement::starting(problem, problem.usable_modes(task)[0], start);
        schedule.place(task, placement);
        for need in problem.requirements(placement.mode) {
            let units = &mut free[ordine_base::Id::index(need.resource)];
            units.sort_unstable();
            units.iter_mut().take(need.demand.get() as usize).for_each(|u| *u = placement.end);
            units.sort_unstable();
        }
    }
    schedule
}

fn earliest(
    problem: &Problem,
    schedule: &Schedule,
    free: &[Vec<Time>],
    task: TaskId,
) -> Option<Time> {
    let mut start = problem.release(task);
    for link in problem.predecessors(task) {
        start = start.max(schedule.placement(link.task)?.end + link.lag);
    }
    for need in problem.requirements(problem.usable_modes(task)[0]) {
        let units = &free[ordine_base::Id::index(need.resource)];
        if !units.is_empty() {
            start = start.max(units[need.demand.get() as usize - 1]);
        }
    }
    Some(start)
}
