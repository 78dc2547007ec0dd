//! Failure-directed search on a job shop or on a project in the format of PSPLIB:
//! `cargo run --release --example failure_directed -p ordine-cp -- [FILE [NAME=VALUE ...]]`.
//!
//! `upper=N` starts below a known makespan, `branches=N` stops early; the other names are those of
//! the parameters.
//!
//! **Source:** Petr Vilím, Philippe Laborie, Paul Shaw (CPAIOR 2015).
#![allow(clippy::print_stdout, reason = "an example prints")]

use ordine_cp::propagators::{
    Capacity, Cumulative, Disjoint, Disjunctive, DisjunctiveParameters, Usage,
};
use ordine_cp::{Answer, Atom, Engine, FailureParameters, FailureSearch, Interval, Value, View};

struct Instance {
    engine: Engine,
    starts: Vec<View>,
    makespan: View,
    mean_duration: f64,
}

/// Numbers of each line that has some.
fn rows(text: &str) -> Vec<Vec<Value>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .filter(|row: &Vec<Value>| !row.is_empty())
        .collect()
}

fn task(engine: &mut Engine, upper: Value, duration: Value) -> Interval {
    let start = engine.variable(0, upper - duration);
    let duration = View::constant(duration);
    Interval { start, duration, end: start + duration.offset, present: Atom::TRUE }
}

fn mean(tasks: &[Interval]) -> f64 {
    tasks.iter().map(|task| task.duration.offset).sum::<Value>() as f64 / tasks.len() as f64
}

fn job_shop(text: &str, upper: Option<Value>) -> Instance {
    let rows = rows(text);
    let (jobs, machines) = (rows[0][0] as usize, rows[0][1] as usize);
    let work = rows[1..].iter().flat_map(|row| row.iter().skip(1).step_by(2)).sum();
    let upper = upper.unwrap_or(work);
    let mut engine = Engine::default();
    let makespan = engine.variable(0, upper);
    let mut by_machine: Vec<Vec<Interval>> = vec![Vec::new(); machines];
    for row in &rows[1..=jobs] {
        let mut ready = View::constant(0);
        for pair in row.chunks(2) {
            let task = task(&mut engine, upper, pair[1]);
            engine.post_difference(ready, task.start, 0, Atom::TRUE);
            by_machine[pair[0] as usize].push(task);
            ready = task.end;
        }
        engine.post_difference(ready, makespan, 0, Atom::TRUE);
    }
    for tasks in &by_machine {
        engine.post(Box::new(Disjunctive::new(tasks, DisjunctiveParameters::default())));
    }
    let tasks = by_machine.concat();
    let starts = tasks.iter().map(|task| task.start).collect();
    Instance { engine, starts, makespan, mean_duration: mean(&tasks) }
}

/// The lines between a heading and the next row of stars.
fn section(text: &str, heading: &str, skipped: usize) -> Vec<Vec<Value>> {
    let body = text.split(heading).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
    let lines: Vec<&str> =
        body.lines().skip(1 + skipped).take_while(|line| !line.starts_with('*')).collect();
    rows(&lines.join("\n"))
}

fn project(text: &str, upper: Option<Value>) -> Instance {
    let relations = section(text, "PRECEDENCE RELATIONS:", 1);
    let requests = section(text, "REQUESTS/DURATIONS:", 2);
    let capacities = section(text, "RESOURCEAVAILABILITIES:", 1);
    let upper = upper.unwrap_or(requests.iter().map(|row| row[2]).sum());
    let mut engine = Engine::default();
    let tasks: Vec<Interval> =
        requests.iter().map(|row| task(&mut engine, upper, row[2])).collect();
    for (first, row) in relations.iter().enumerate() {
        for &second in &row[3..] {
            let second = tasks[second as usize - 1];
            engine.post_difference(tasks[first].end, second.start, 0, Atom::TRUE);
        }
    }
    let mut disjoint = Disjoint::new(tasks.len());
    for (resource, &capacity) in capacities[0].iter().enumerate() {
        let demands: Vec<(usize, Value)> = (0..tasks.len())
            .map(|task| (task, requests[task][3 + resource]))
            .filter(|&(task, demand)| demand > 0 && requests[task][2] > 0)
            .collect();
        let usages: Vec<Usage> = demands
            .iter()
            .map(|&(task, demand)| Usage { task: tasks[task], demand: View::constant(demand) })
            .collect();
        disjoint.add_resource(&demands, capacity);
        let capacity = Capacity::Level(View::constant(capacity));
        engine.post(Box::new(Cumulative::new(&usages, capacity)));
    }
    let work: Vec<Value> = tasks.iter().map(|task| task.duration.offset).collect();
    for clique in disjoint.maximal_cliques(&work) {
        let members: Vec<Interval> = clique.iter().map(|&task| tasks[task]).collect();
        engine.post(Box::new(Disjunctive::new(&members, DisjunctiveParameters::default())));
    }
    let starts: Vec<View> = tasks.iter().map(|task| task.start).collect();
    let makespan = tasks.last().expect("a sink").end;
    Instance { engine, starts, makespan, mean_duration: mean(&tasks) }
}

/// What was said on the command line.
struct Options {
    parameters: FailureParameters,
    upper: Option<Value>,
    branches: u64,
}

fn options() -> Options {
    let mut options =
        Options { parameters: FailureParameters::default(), upper: None, branches: u64::MAX };
    for word in std::env::args().skip(2) {
        let (name, value) = word.split_once('=').expect("name=value");
        let value: f64 = value.parse().expect("a number");
        let parameters = &mut options.parameters;
        match name {
            "upper" => options.upper = Some(value as Value),
            "branches" => options.branches = value as u64,
            "step" => parameters.step_share = value,
            "choices" => parameters.choices_per_variable = value as usize,
            "parts" => parameters.parts = value as Value,
            "restart" => parameters.restart_failures = value,
            "growth" => parameters.restart_growth = value,
            "memory" => parameters.memory = value,
            "strong" => parameters.strong = value != 0.0,
            "tried" => parameters.strong_choices = value as usize,
            "depth" => parameters.strong_depth = value as usize,
            "nogoods" => parameters.nogoods = value != 0.0,
            other => panic!("no parameter {other}"),
        }
    }
    options
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data/ft10.txt".to_owned());
    let text = std::fs::read_to_string(path).expect("a readable file");
    let Options { parameters, upper, branches } = options();
    let is_project = text.contains("PRECEDENCE RELATIONS");
    let instance = if is_project { project(&text, upper) } else { job_shop(&text, upper) };
    let Instance { mut engine, starts, makespan, mean_duration } = instance;
    let mut variables = starts;
    variables.push(makespan);
    let mut search = FailureSearch::new(&engine, parameters, &[], &variables, mean_duration);
    loop {
        // Asked every 64 branches or so.
        let mut left = branches.saturating_sub(search.branches_total) / 64 + 1;
        let mut stopped = |_: &Engine| {
            left -= 1;
            left == 0
        };
        let answer = search.run(&mut engine, &mut stopped);
        if answer != Answer::Solution {
            println!(
                "{answer:?}: {} branches, {} failures, {} changes, {} calls",
                search.branches_total,
                search.failures_total,
                engine.trail.changes_total,
                engine.calls_total
            );
            return;
        }
        let value = engine.trail.lower(makespan);
        println!("makespan {value} after {} branches", search.branches_total);
        search.to_root(&mut engine);
        engine.post_fact(makespan.at_most(value - 1));
    }
}
