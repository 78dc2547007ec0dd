//! A project (RCPSP): `cargo run --release --example project -p ordine-cp -- [FILE.sm]`.
//!
//! Tasks with durations and precedences share resources of fixed capacity; the project shall end as
//! early as possible. Reads the PSPLIB format.
//!
//! **Source:** Rainer Kolisch, Arno Sprecher, *PSPLIB* (1997), for the problem and the format.
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::propagators::{Capacity, Cumulative, Usage};
use ordine_cp::{Answer, Atom, Engine, Interval, LearningParameters, LearningSearch, View};

/// Tasks in the order of the file, the dummy source first and the dummy sink last.
struct Project {
    durations: Vec<i64>,
    demands: Vec<Vec<i64>>,
    successors: Vec<Vec<usize>>,
    capacities: Vec<i64>,
}

/// The lines between a heading and the next row of stars, as numbers.
fn section(text: &str, heading: &str, skipped: usize) -> Vec<Vec<i64>> {
    let body = text.split(heading).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
    body.lines()
        .skip(1 + skipped)
        .take_while(|line| !line.starts_with('*'))
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .collect()
}

fn read(text: &str) -> Project {
    let relations = section(text, "PRECEDENCE RELATIONS:", 1);
    let requests = section(text, "REQUESTS/DURATIONS:", 2);
    let availabilities = section(text, "RESOURCEAVAILABILITIES:", 1);
    Project {
        durations: requests.iter().map(|row| row[2]).collect(),
        demands: requests.iter().map(|row| row[3..].to_vec()).collect(),
        successors: relations
            .iter()
            .map(|row| row[3..].iter().map(|&task| task as usize - 1).collect())
            .collect(),
        capacities: availabilities[0].clone(),
    }
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data/j301_1.sm".to_owned());
    let project = read(&std::fs::read_to_string(path).expect("a readable file"));
    let horizon: i64 = project.durations.iter().sum();
    let mut engine = Engine::default();
    let tasks: Vec<Interval> = project
        .durations
        .iter()
        .map(|&duration| {
            let start = engine.variable(0, horizon - duration);
            Interval {
                start,
                duration: View::constant(duration),
                end: start + duration,
                present: Atom::TRUE,
            }
        })
        .collect();
    for (task, successors) in project.successors.iter().enumerate() {
        for &successor in successors {
            let duration = project.durations[task];
            let [from, to] = [tasks[task].start, tasks[successor].start];
            engine.post_difference(from, to, duration, Atom::TRUE);
        }
    }
    for (resource, &capacity) in project.capacities.iter().enumerate() {
        let usages: Vec<Usage> = (0..tasks.len())
            .filter(|&task| project.demands[task][resource] > 0)
            .map(|task| Usage {
                task: tasks[task],
                demand: View::constant(project.demands[task][resource]),
            })
            .collect();
        let capacity = Capacity::Level(View::constant(capacity));
        engine.post(Box::new(Cumulative::new(&usages, capacity)));
    }
    let makespan = tasks.last().expect("a sink").start;
    let starts: Vec<View> = tasks.iter().map(|task| task.start).collect();
    let mut search = LearningSearch::new(LearningParameters::default(), &[], &starts);
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
