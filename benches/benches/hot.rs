//! Micro-benchmarks of hot functions: `cargo bench -p ordine-benches`.
//!
//! Earliest fit and reservation on timelines (worst case: every gap is too short), one serial
//! schedule of a project, the judge on a shop, all on seeded random data.
//!
//! **Source:** -

use divan::{Bencher, black_box};
use ordine_base::{Demand, Interval, Seed, Ticks, Time};
use ordine_construct::{
    AssignmentOutcome, Direction, ModeAssignment, PartialSchedule, Timeline, place_list,
};
use ordine_problem::{Job, Precedence, Problem, ProblemBuilder};

fn main() {
    divan::main();
}

/// A project: tasks of 1..=10 ticks on four renewables, up to three predecessors each.
fn project(tasks: usize) -> Problem {
    let mut stream = Seed::new(1).stream("project");
    let mut builder = ProblemBuilder::new("project");
    let renewables: Vec<_> = (0..4)
        .map(|it| builder.renewable(format!("r{it}"), Demand::new(15)).expect("valid capacity"))
        .collect();
    let mut earlier = Vec::new();
    for number in 0..tasks {
        let task = builder.task(format!("t{number}"), None).expect("no job");
        let mut needs = Vec::new();
        for &renewable in &renewables {
            if stream.chance(0.6) {
                needs.push((renewable, Demand::new(1 + stream.below(9) as i64)));
            }
        }
        let duration = Ticks::new(1 + stream.below(10) as i64);
        builder.mode(task, duration, &needs).expect("valid mode");
        for _ in 0..stream.below(4).min(earlier.len()) {
            let near = earlier.len().saturating_sub(20);
            let before = earlier[near + stream.below(earlier.len() - near)];
            builder.precedence(Precedence::end_to_start(before, task)).expect("known tasks");
        }
        earlier.push(task);
    }
    builder.seal().expect("acyclic by construction")
}

/// A job shop with as many machines as tasks per job.
fn shop(jobs: usize, machines: usize) -> Problem {
    let mut stream = Seed::new(1).stream("shop");
    let mut builder = ProblemBuilder::new("shop");
    let mut route: Vec<_> = (0..machines).map(|it| builder.machine(format!("m{it}"))).collect();
    for number in 0..jobs {
        let job = builder.job(Job::named(format!("j{number}"))).expect("valid job");
        stream.shuffle(&mut route);
        let mut before = None;
        for &machine in &route {
            let task = builder.task(format!("j{number}"), Some(job)).expect("known job");
            let duration = Ticks::new(1 + stream.below(99) as i64);
            builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("valid mode");
            if let Some(before) = before.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task)).expect("known tasks");
            }
        }
    }
    builder.seal().expect("chains")
}

fn modes(problem: &Problem) -> ModeAssignment {
    let mut stream = Seed::new(1).stream("modes");
    match ModeAssignment::find(problem, &mut stream, 1_000, &mut || false) {
        AssignmentOutcome::Found(assignment) => assignment,
        _ => unreachable!("nothing is consumed"),
    }
}

/// Asks for room in the middle of a profile where no gap is long enough, places and takes back.
fn timeline(bencher: Bencher<'_, '_>, segments: i64, capacity: i64, used: i64, demand: i64) {
    let mut timeline = Timeline::new(Demand::new(capacity));
    for start in 0..segments {
        let interval = Interval::new(Time::new(2 * start), Time::new(2 * start + 1));
        timeline.reserve(interval, Demand::new(used));
    }
    let (from, duration, demand) = (Time::new(segments), Ticks::new(5), Demand::new(demand));
    bencher.bench_local(|| {
        let start = timeline.earliest(black_box(from), duration, demand);
        let interval = Interval::new(start, start + duration);
        timeline.reserve(interval, demand);
        timeline.release(interval, demand);
    });
}

#[divan::bench(args = [30, 1_000, 100_000])]
fn timeline_of_a_machine(bencher: Bencher<'_, '_>, segments: i64) {
    timeline(bencher, segments, 1, 1, 1);
}

#[divan::bench(args = [30, 1_000, 100_000])]
fn timeline_of_a_renewable(bencher: Bencher<'_, '_>, segments: i64) {
    timeline(bencher, segments, 10, 8, 3);
}

#[divan::bench(args = [30, 120, 1_000])]
fn serial_schedule_of_a_project(bencher: Bencher<'_, '_>, tasks: usize) {
    let problem = project(tasks);
    let assignment = modes(&problem);
    let mut partial = PartialSchedule::new(&problem, Direction::Forward);
    bencher.bench_local(|| {
        partial.reset(Direction::Forward);
        place_list(&mut partial, problem.topological_order(), assignment.modes());
        partial.makespan()
    });
}

#[divan::bench(args = [10, 100])]
fn judge_of_a_shop(bencher: Bencher<'_, '_>, size: usize) {
    let problem = shop(size, size);
    let assignment = modes(&problem);
    let mut partial = PartialSchedule::new(&problem, Direction::Forward);
    place_list(&mut partial, problem.topological_order(), assignment.modes());
    let schedule = partial.to_schedule();
    bencher.bench_local(|| ordine_check::check(&problem, black_box(&schedule)));
}
