//! A published instance from end to end; with the feature `audit`, every inference on the way is
//! proved again.
//!
//! **Source:** Henry Fisher, Gerald Thompson (1963), whose instance of six jobs ends at 55.

use ordine_cp::propagators::{Disjunctive, DisjunctiveParameters, SequenceParameters};
use ordine_cp::{
    Answer, Atom, Engine, FailureParameters, FailureSearch, Interval, LearningParameters,
    LearningSearch, View, post_machine,
};

const FT06: &str = include_str!("../../../data/ft06.txt");
const FT06_MAKESPAN: i64 = 55;

/// The jobs of a file: machine and duration of each task.
fn jobs(text: &str) -> Vec<Vec<(usize, i64)>> {
    let numbers = |line: &str| -> Vec<i64> {
        line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(numbers);
    let rows: Vec<Vec<i64>> = lines.filter(|row| !row.is_empty()).collect();
    let tasks = |row: &Vec<i64>| row.chunks(2).map(|pair| (pair[0] as usize, pair[1])).collect();
    rows[1..].iter().take(rows[0][0] as usize).map(tasks).collect()
}

struct Shop {
    engine: Engine,
    machines: Vec<Vec<Interval>>,
    starts: Vec<View>,
    makespan: View,
}

fn shop(jobs: &[Vec<(usize, i64)>]) -> Shop {
    let horizon = jobs.iter().flatten().map(|task| task.1).sum();
    let count = 1 + jobs.iter().flatten().map(|task| task.0).max().expect("a task");
    let mut engine = Engine::default();
    let makespan = engine.variable(0, horizon);
    let mut machines = vec![Vec::new(); count];
    let mut starts = vec![makespan];
    for job in jobs {
        let mut ready = View::constant(0);
        for &(machine, duration) in job {
            let start = engine.variable(0, horizon);
            engine.post_difference(ready, start, 0, Atom::TRUE);
            ready = start + duration;
            starts.push(start);
            let duration = View::constant(duration);
            machines[machine].push(Interval { start, duration, end: ready, present: Atom::TRUE });
        }
        engine.post_difference(ready, makespan, 0, Atom::TRUE);
    }
    Shop { engine, machines, starts, makespan }
}

fn assert_clean(engine: &Engine) {
    #[cfg(feature = "audit")]
    engine.audit().assert_clean();
    #[cfg(not(feature = "audit"))]
    let _ = engine;
}

#[test]
fn learning_search_proves_the_instance_of_six_jobs() {
    let Shop { mut engine, machines, starts, makespan } = shop(&jobs(FT06));
    let mut booleans = Vec::new();
    for tasks in &machines {
        let before = post_machine(&mut engine, tasks, SequenceParameters::default());
        booleans.extend(before.into_iter().filter(|&atom| atom != Atom::FALSE));
    }
    let mut search = LearningSearch::new(LearningParameters::default(), &booleans, &starts);
    let mut best = None;
    while search.run(&mut engine, &[], 100_000, &mut |_| false) == Answer::Solution {
        best = Some(engine.trail.lower(makespan));
        search.follow(&engine);
        search.to_root(&mut engine);
        engine.post_fact(makespan.at_most(best.expect("just set") - 1));
    }
    assert_eq!(best, Some(FT06_MAKESPAN));
    assert_clean(&engine);
}

#[test]
fn failure_directed_search_refutes_one_less_for_six_jobs() {
    let Shop { mut engine, machines, starts, makespan } = shop(&jobs(FT06));
    for tasks in &machines {
        let propagator = Disjunctive::new(tasks, DisjunctiveParameters::default());
        engine.post(Box::new(propagator));
    }
    engine.post_fact(makespan.at_most(FT06_MAKESPAN - 1));
    let mut search = FailureSearch::new(&engine, FailureParameters::default(), &[], &starts, 5.0);
    let mut slices = 0;
    let mut stopped = |_: &Engine| {
        slices += 1;
        slices > 1_000
    };
    assert_eq!(search.run(&mut engine, &mut stopped), Answer::Infeasible);
    assert_clean(&engine);
}
