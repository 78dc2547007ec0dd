//! A job shop in thirty lines: `cargo run --release --example job_shop -p ordine-cp -- [FILE]`.
//!
//! **Source:** Henry Fisher, Gerald Thompson (1963), for the problem.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::post_machine;
use ordine_cp::propagators::{Disjunctive, DisjunctiveParameters, SequenceParameters};
use ordine_cp::{
    Answer, Atom, Engine, FailureParameters, FailureSearch, Interval, LearningParameters,
    LearningSearch, View,
};

/// Proof without learning: bounds, and choices that fail soon.
fn failure_directed(
    mut engine: Engine,
    by_machine: &[Vec<Interval>],
    starts: &[View],
    makespan: View,
) {
    let (mut work, mut count) = (0, 0);
    for tasks in by_machine {
        engine.post(Box::new(Disjunctive::new(tasks, DisjunctiveParameters::default())));
        work += tasks.iter().map(|task| task.duration.offset).sum::<i64>();
        count += tasks.len();
    }
    let mean = work as f64 / count as f64;
    let mut variables = starts.to_vec();
    variables.push(makespan);
    let mut search =
        FailureSearch::new(&engine, FailureParameters::default(), &[], &variables, mean);
    loop {
        match search.run(&mut engine, &mut |_| false) {
            Answer::Solution => {
                let value = engine.trail.lower(makespan);
                println!("makespan {value} after {} branches", search.branches_total);
                search.to_root(&mut engine);
                engine.post_fact(makespan.at_most(value - 1));
            }
            answer => {
                println!(
                    "{answer:?}: {} branches, {} failures, {} changes, {} calls",
                    search.branches_total,
                    search.failures_total,
                    engine.trail.changes_total,
                    engine.calls_total
                );
                #[cfg(feature = "audit")]
                println!("{}", engine.audit());
                return;
            }
        }
    }
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data/ft06.txt".to_owned());
    let text = std::fs::read_to_string(path).expect("a readable file");
    let seed_upper: Option<i64> =
        std::env::args().nth(2).map(|text| text.parse().expect("a number"));
    let rows: Vec<Vec<i64>> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .filter(|row: &Vec<i64>| !row.is_empty())
        .collect();
    let (jobs, machines) = (rows[0][0] as usize, rows[0][1] as usize);
    let horizon: i64 = seed_upper
        .unwrap_or(rows[1..].iter().map(|row| row.iter().skip(1).step_by(2).sum::<i64>()).sum());
    let mut engine = Engine::default();
    let makespan = engine.variable(0, horizon);
    let mut by_machine: Vec<Vec<Interval>> = vec![Vec::new(); machines];
    let mut starts = Vec::new();
    for row in rows[1..].iter().take(jobs) {
        let mut end: Option<View> = None;
        for pair in row.chunks(2) {
            let start = engine.variable(0, horizon);
            let task = Interval {
                start,
                duration: View::constant(pair[1]),
                end: start + pair[1],
                present: Atom::TRUE,
            };
            if let Some(end) = end {
                engine.post_difference(end, start, 0, Atom::TRUE);
            }
            end = Some(task.end);
            starts.push(start);
            by_machine[pair[0] as usize].push(task);
        }
        engine.post_difference(end.expect("a task"), makespan, 0, Atom::TRUE);
    }
    if std::env::args().any(|word| word == "--failure") {
        return failure_directed(engine, &by_machine, &starts, makespan);
    }
    let mut booleans = Vec::new();
    for tasks in &by_machine {
        let before = post_machine(&mut engine, tasks, SequenceParameters::default());
        let count = tasks.len();
        booleans.extend(
            (0..count)
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .map(|(i, j)| before[j * count + i]),
        );
    }
    starts.push(makespan);
    let mut parameters = LearningParameters::default();
    if let Ok(text) = std::env::var("RESTART") {
        parameters.restart_conflicts = text.parse().expect("n");
    }
    if let Ok(text) = std::env::var("DECAY") {
        parameters.activity_decay = text.parse().expect("n");
    }
    if let Ok(text) = std::env::var("BOUND") {
        parameters.bound_atoms = text == "1";
    }
    if let Ok(text) = std::env::var("PHASE") {
        parameters.solution_phase = text == "1";
    }
    let mut search = LearningSearch::new(parameters, &booleans, &starts);
    loop {
        match search.run(&mut engine, &[], u64::MAX / 2, &mut |_| false) {
            Answer::Solution => {
                let value = engine.trail.lower(makespan);
                println!("makespan {value} after {} conflicts", search.conflicts_total);
                search.follow(&engine);
                search.to_root(&mut engine);
                engine.post_fact(makespan.at_most(value - 1));
            }
            answer => {
                println!(
                    "{answer:?}: {} conflicts, {} decisions, {} changes, {} calls",
                    search.conflicts_total,
                    search.decisions_total,
                    engine.trail.changes_total,
                    engine.calls_total
                );
                #[cfg(feature = "audit")]
                println!("{}", engine.audit());
                return;
            }
        }
    }
}
