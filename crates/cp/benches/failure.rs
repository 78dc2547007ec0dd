//! Speed of a node of failure-directed search, and what it allocates:
//! `cargo bench -p ordine-cp --bench failure`.
//!
//! Each measures [`BRANCHES`] branches of a search that has run for a while, on the first of
//! Taillard's job shops of 15 jobs and 15 machines, made by his generator, and on a project of 60
//! tasks. Nodes allocate nothing; restarts, which write clauses, are measured apart.
//!
//! **Source:** Éric Taillard, *Benchmarks for basic scheduling problems* (1993), for the generator
//! and its seeds.

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use ordine_base::Seed;
use ordine_cp::propagators::{Capacity, Cumulative, Disjunctive, DisjunctiveParameters, Usage};
use ordine_cp::{Answer, Atom, Engine, FailureParameters, FailureSearch, Interval, Value, View};

/// Counts what is allocated.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// Branches of one measurement, in questions whether to stop; a question is asked every 64.
const QUESTIONS: u64 = 16;

/// The same as a number.
const BRANCHES: u64 = 64 * QUESTIONS;

fn main() {
    divan::main();
}

/// Taillard's numbers, uniform between two bounds.
struct Uniform(i64);

impl Uniform {
    fn next(&mut self, low: i64, high: i64) -> i64 {
        let high_part = self.0 / 127_773;
        self.0 = 16_807 * (self.0 % 127_773) - high_part * 2_836;
        if self.0 < 0 {
            self.0 += 2_147_483_647;
        }
        low + (self.0 as f64 / 2_147_483_647.0 * (high - low + 1) as f64) as i64
    }
}

fn task(engine: &mut Engine, upper: Value, duration: Value) -> Interval {
    let start = engine.variable(0, upper - duration);
    let duration = View::constant(duration);
    Interval { start, duration, end: start + duration.offset, present: Atom::TRUE }
}

/// A search for the least makespan.
struct Search {
    engine: Engine,
    search: FailureSearch,
    makespan: View,
}

impl Search {
    fn new(engine: Engine, tasks: &[Interval], makespan: View, restart_failures: f64) -> Self {
        let mut views: Vec<View> = tasks.iter().map(|task| task.start).collect();
        views.push(makespan);
        let work: Value = tasks.iter().map(|task| task.duration.offset).sum();
        let parameters = FailureParameters { restart_failures, ..FailureParameters::default() };
        let mean = work as f64 / tasks.len() as f64;
        let search = FailureSearch::new(&engine, parameters, &[], &views, mean);
        Search { engine, search, makespan }
    }

    /// Goes on for so many questions, asking for less after each solution.
    fn go_on(&mut self, mut questions: u64) {
        let mut stopped = |_: &Engine| {
            questions -= 1;
            questions == 0
        };
        while self.search.run(&mut self.engine, &mut stopped) == Answer::Solution {
            let value = self.engine.trail.lower(self.makespan);
            self.search.to_root(&mut self.engine);
            self.engine.post_fact(self.makespan.at_most(value - 1));
        }
    }
}

/// The job shop ta01, whose optimum is 1231.
fn job_shop(restart_failures: f64) -> Search {
    const SIZE: usize = 15;
    const UPPER: Value = 1_240;
    let (mut times, mut machines) = (Uniform(840_612_802), Uniform(398_197_754));
    let durations: Vec<Value> = (0..SIZE * SIZE).map(|_| times.next(1, 99)).collect();
    let mut engine = Engine::default();
    let makespan = engine.variable(0, UPPER);
    let mut by_machine: Vec<Vec<Interval>> = vec![Vec::new(); SIZE];
    for job in 0..SIZE {
        let mut route: Vec<usize> = (0..SIZE).collect();
        for place in 0..SIZE {
            let other = machines.next(place as i64, SIZE as i64 - 1);
            route.swap(place, other as usize);
        }
        let mut ready = View::constant(0);
        for (place, &machine) in route.iter().enumerate() {
            let task = task(&mut engine, UPPER, durations[job * SIZE + place]);
            engine.post_difference(ready, task.start, 0, Atom::TRUE);
            by_machine[machine].push(task);
            ready = task.end;
        }
        engine.post_difference(ready, makespan, 0, Atom::TRUE);
    }
    for tasks in &by_machine {
        engine.post(Box::new(Disjunctive::new(tasks, DisjunctiveParameters::default())));
    }
    Search::new(engine, &by_machine.concat(), makespan, restart_failures)
}

/// Sixty tasks on four renewables.
fn project(restart_failures: f64) -> Search {
    const TASKS: usize = 60;
    const UPPER: Value = 160;
    let mut stream = Seed::new(60).stream("project");
    let mut engine = Engine::default();
    let makespan = engine.variable(0, UPPER);
    let tasks: Vec<Interval> =
        (0..TASKS).map(|_| task(&mut engine, UPPER, 1 + stream.below(10) as Value)).collect();
    for task in &tasks {
        engine.post_difference(task.end, makespan, 0, Atom::TRUE);
    }
    for second in 6..TASKS {
        let first = second - 1 - stream.below(second.min(15) - 1);
        engine.post_difference(tasks[first].end, tasks[second].start, 0, Atom::TRUE);
    }
    for _ in 0..4 {
        let mut usages = Vec::new();
        for &task in &tasks {
            if stream.chance(0.75) {
                let demand = View::constant(1 + stream.below(10) as Value);
                usages.push(Usage { task, demand });
            }
        }
        engine.post(Box::new(Cumulative::new(&usages, Capacity::Level(View::constant(18)))));
    }
    Search::new(engine, &tasks, makespan, restart_failures)
}

fn measure(bencher: Bencher<'_, '_>, new: fn(f64) -> Search, failures: f64) {
    bencher
        .counter(ItemsCount::new(BRANCHES))
        .with_inputs(|| {
            let mut search = new(failures);
            search.go_on(2 * QUESTIONS);
            let branches = search.search.branches_total;
            assert!(branches >= BRANCHES, "solved after {branches} branches");
            search
        })
        .bench_local_refs(|search| search.go_on(QUESTIONS));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn nodes_of_a_job_shop(bencher: Bencher<'_, '_>) {
    measure(bencher, job_shop, f64::INFINITY);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn nodes_and_restarts_of_a_job_shop(bencher: Bencher<'_, '_>) {
    measure(bencher, job_shop, 100.0);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn nodes_of_a_project(bencher: Bencher<'_, '_>) {
    measure(bencher, project, f64::INFINITY);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn nodes_and_restarts_of_a_project(bencher: Bencher<'_, '_>) {
    measure(bencher, project, 100.0);
}
