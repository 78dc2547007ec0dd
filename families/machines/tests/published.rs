//! Published objective values: an optimal or best known schedule costs what was published, and no
//! run beats it.
//!
//! **Source:** `tests/data/README.md`.

use ordine_base::{Id, Seed, Stream, Time};
use ordine_check::check;
use ordine_machines::io::FORMATS;
use ordine_machines::{MachinesInstance, raise};
use ordine_problem::{Placement, Problem, Schedule, TaskId};
use ordine_solve::solve;
use ordine_wire::{Item, Request, read_problems};
use std::ops::ControlFlow;
use std::path::Path;

fn read(file: &str) -> Vec<Problem> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let bytes = std::fs::read(&path).expect("the file lies beside the test");
    let request = Request { name: file, selector: None, format: None, formats: FORMATS };
    let mut problems = Vec::new();
    read_problems(&request, &mut &bytes[..], &mut |item| {
        match item {
            Item::Found(found) => problems.push(found.problem),
            Item::Bad(errors) => panic!("{errors}"),
            Item::Skipped(warning) => panic!("{warning}"),
        }
        ControlFlow::Continue(())
    });
    problems
}

/// Machine of each job in a schedule of makespan 117, found with HiGHS by integer programming.
const MACHINES: &str = "\
    6334111298810598697436991314467779320488401784356573525006560582952570\
    696971402623513571904684584970";

#[test]
fn a_best_known_schedule_of_parallel_machines_costs_what_was_published() {
    let problems = read("pmp1.txt");
    let [problem] = &problems[..] else { panic!("one instance") };
    assert_eq!(MACHINES.len(), problem.tasks().len());
    let mut ends = [Time::ORIGIN; 10];
    let mut schedule = Schedule::empty(problem);
    for (task, machine) in problem.tasks().zip(MACHINES.bytes()) {
        let machine = usize::from(machine - b'0');
        let mode = problem.numbered_mode(task, machine).expect("one mode per machine");
        let placement = Placement::starting(problem, mode, ends[machine]);
        ends[machine] = placement.end;
        schedule.place(task, placement);
    }
    let cost = check(problem, &schedule).expect("feasible");
    assert_eq!(cost.first(), 117);
}

/// Total weighted tardiness of the jobs in this sequence, in the family's own words.
fn tardiness(instance: &MachinesInstance, sequence: &[usize]) -> i64 {
    let (mut end, mut sum) = (0, 0);
    for job in sequence.iter().map(|&job| &instance.jobs[job]) {
        end += job.durations[0].get();
        sum += job.weight * (end - job.due.expect("each has a due time").get()).max(0);
    }
    sum
}

/// The best sequence of a descent by moving one job, kicked and repeated.
fn good_sequence(instance: &MachinesInstance, stream: &mut Stream) -> Vec<usize> {
    let count = instance.jobs.len();
    let mut best: Vec<usize> = (0..count).collect();
    let mut sequence = best.clone();
    for _ in 0..60 {
        let mut cost = tardiness(instance, &sequence);
        let mut improved = true;
        while improved {
            improved = false;
            for (from, to) in (0..count * count).map(|it| (it / count, it % count)) {
                for swaps in [false, true] {
                    let mut changed = sequence.clone();
                    if swaps {
                        changed.swap(from, to);
                    } else {
                        let job = changed.remove(from);
                        changed.insert(to, job);
                    }
                    let found = tardiness(instance, &changed);
                    if found < cost {
                        (sequence, cost, improved) = (changed, found, true);
                    }
                }
            }
        }
        if cost <= tardiness(instance, &best) {
            best.clone_from(&sequence);
        }
        sequence.clone_from(&best);
        for _ in 0..6 {
            sequence.swap(stream.below(count), stream.below(count));
        }
    }
    best
}

#[test]
fn optimal_sequences_of_weighted_tardiness_cost_what_was_published() {
    let problems = read("wt40.txt");
    let mut stream = Seed::new(26).stream("kicks");
    for (problem, optimum) in problems.iter().zip([913, 1225, 537]) {
        let instance = raise(problem).expect("jobs on one machine");
        let mut schedule = Schedule::empty(problem);
        let mut end = Time::ORIGIN;
        for job in good_sequence(&instance, &mut stream) {
            let task = TaskId::from_index(job);
            let mode = problem.numbered_mode(task, 0).expect("one mode");
            let placement = Placement::starting(problem, mode, end);
            end = placement.end;
            schedule.place(task, placement);
        }
        let cost = check(problem, &schedule).expect("feasible");
        assert_eq!(cost.first(), optimum, "{}", problem.name());
    }
    assert_eq!(problems.len(), 3);
}

#[test]
fn runs_reach_the_optimum_and_do_not_beat_it() {
    for (problem, optimum) in read("wt40.txt").iter().zip([913, 1225, 537]) {
        let outcome = solve(problem, "auto", Seed::new(1), 100_000).expect("no fault");
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{}", problem.name());
    }
}
