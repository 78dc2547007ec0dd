//! What readers and variants mean, against the recurrences of the textbooks: the schedule that a
//! recurrence gives is feasible to the judge, which finds the same objective.
//!
//! The recurrences read the files by themselves. Most sequences reach the best known objective
//! that is published for the file, so that definitions agree with those of the tables.
//!
//! **Source:** Johnson 1954 (permutation recurrence); Wismer 1972 (delays of no-wait jobs);
//! published values: see `data/README.md`.

use ordine_base::{Id, Time};
use ordine_check::check;
use ordine_problem::{Measure, Objective, Placement, Problem, Schedule, TaskId};
use ordine_shop::{io::FORMATS, setups, variants};
use ordine_wire::{Text, read_one};
use std::path::PathBuf;

fn bytes(file: &str) -> Vec<u8> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(data.join(file)).expect("the file lies beside the test")
}

/// The problem of a file, and the numbers of the file in their order.
fn open(file: &str, format: &str) -> (Problem, Vec<i64>) {
    let bytes = bytes(file);
    let found = read_one(&bytes, file, FORMATS).expect("a valid file");
    assert_eq!(found.format.about().name, format, "{file}");
    let text = String::from_utf8(bytes).expect("text");
    let numbers = text.split_whitespace().map(|it| it.parse().expect("a number"));
    (found.problem, numbers.collect())
}

/// The objective of a schedule given as mode number and start of each task.
fn judged(problem: &Problem, starts: &[(usize, i64)]) -> i64 {
    let mut schedule = Schedule::empty(problem);
    for (index, &(mode, start)) in starts.iter().enumerate() {
        let task = TaskId::from_index(index);
        let mode = problem.numbered_mode(task, mode).expect("the mode exists");
        schedule.place(task, Placement::starting(problem, mode, Time::new(start)));
    }
    check(problem, &schedule).unwrap_or_else(|violations| panic!("{violations:?}")).first()
}

/// Start of each job on each machine, machines in order, jobs in this sequence:
/// C_jk = max(C_{j,k-1}, C_{i,k} + s_ijk) + p_jk where i is the job before j.
fn permutation(
    durations: &[&[i64]],
    sequence: &[usize],
    setup: impl Fn(usize, usize, usize) -> i64,
) -> Vec<Vec<i64>> {
    let machines = durations[0].len();
    let mut starts = vec![vec![0; machines]; durations.len()];
    let mut before: Option<usize> = None;
    for &job in sequence {
        for machine in 0..machines {
            let arrived = match machine {
                0 => 0,
                _ => starts[job][machine - 1] + durations[job][machine - 1],
            };
            let free = before.map_or(0, |it| {
                starts[it][machine] + durations[it][machine] + setup(machine, it, job)
            });
            starts[job][machine] = arrived.max(free);
        }
        before = Some(job);
    }
    starts
}

fn ends(durations: &[&[i64]], starts: &[Vec<i64>]) -> Vec<i64> {
    let last = durations[0].len() - 1;
    durations.iter().zip(starts).map(|(row, starts)| starts[last] + row[last]).collect()
}

fn in_mode_0(starts: &[Vec<i64>]) -> Vec<(usize, i64)> {
    starts.iter().flatten().map(|&start| (0, start)).collect()
}

fn sequence(text: &str) -> Vec<usize> {
    let sequence: Vec<usize> =
        text.split_whitespace().map(|job| job.parse().expect("a job")).collect();
    let mut sorted = sequence.clone();
    sorted.sort_unstable();
    assert!(sorted.iter().copied().eq(0..sequence.len()), "each job once");
    sequence
}

fn minimizing(problem: &Problem, measure: Measure) -> Problem {
    let changed = problem.with(|builder| {
        builder.objective(Objective::single(measure));
        Ok(())
    });
    changed.expect("the objective goes with it")
}

#[test]
fn permutation_flow_shops_agree_with_the_published_values() {
    let (plain, numbers) = open("ta001_20x5.txt", "flow-shop");
    let durations: Vec<&[i64]> = numbers[2..].chunks(5).collect();
    let shop = variants::apply(&plain, "permutation").expect("a flow shop");
    let order = sequence("8 14 13 10 12 5 1 7 16 6 4 17 15 2 3 18 0 9 19 11");
    let starts = permutation(&durations, &order, |_, _, _| 0);
    assert_eq!(ends(&durations, &starts).into_iter().max(), Some(1278));
    assert_eq!(judged(&shop, &in_mode_0(&starts)), 1278);
    assert_eq!(judged(&plain, &in_mode_0(&starts)), 1278);

    let order = sequence("2 16 8 14 13 7 18 12 15 5 6 0 1 3 4 17 19 11 10 9");
    let starts = permutation(&durations, &order, |_, _, _| 0);
    assert_eq!(ends(&durations, &starts).into_iter().sum::<i64>(), 14033);
    let shop = minimizing(&shop, Measure::TotalFlowTime);
    assert_eq!(judged(&shop, &in_mode_0(&starts)), 14033);
}

#[test]
fn no_wait_flow_shops_agree_with_the_published_value() {
    let (plain, numbers) = open("ta001_20x5.txt", "flow-shop");
    let durations: Vec<&[i64]> = numbers[2..].chunks(5).collect();
    let shop = variants::apply(&plain, "no-wait,permutation").expect("a flow shop");
    let order = sequence("2 16 8 14 13 3 1 0 18 5 9 4 17 6 19 11 10 7 15 12");
    // Job j starts max over k of (sum of p_i1 … p_ik) - (sum of p_j1 … p_j,k-1) after job i.
    let delay = |before: usize, after: usize| {
        let (mut ended, mut started, mut least) = (0, 0, 0);
        for (work, next) in durations[before].iter().zip(durations[after]) {
            ended += work;
            least = least.max(ended - started);
            started += next;
        }
        least
    };
    let mut starts = vec![Vec::new(); durations.len()];
    let (mut start, mut makespan) = (0, 0);
    for (place, &job) in order.iter().enumerate() {
        start += if place == 0 { 0 } else { delay(order[place - 1], job) };
        let mut at = start;
        for work in durations[job] {
            starts[job].push(at);
            at += work;
        }
        makespan = makespan.max(at);
    }
    assert_eq!(makespan, 1486);
    assert_eq!(judged(&shop, &in_mode_0(&starts)), 1486);
}

#[test]
fn flow_shops_with_setups_agree_with_the_published_value() {
    let (shop, numbers) = open("sdst-1.txt", "flow-shop-setup");
    let durations: Vec<&[i64]> = numbers[2..102].chunks(5).collect();
    let setup =
        |machine: usize, from: usize, to: usize| numbers[102 + machine * 400 + from * 20 + to];
    let order = sequence("8 16 5 2 0 13 18 14 3 15 10 7 4 17 6 9 11 1 12 19");
    let starts = permutation(&durations, &order, setup);
    assert_eq!(ends(&durations, &starts).into_iter().max(), Some(1330));
    assert_eq!(judged(&shop, &in_mode_0(&starts)), 1330);
    for machine in shop.resources() {
        for pair in order.windows(2) {
            let task = |job: usize| TaskId::from_index(job * 5 + machine.index());
            let time = shop.setup_time(machine, task(pair[0]), task(pair[1]));
            assert_eq!(time.get(), setup(machine.index(), pair[0], pair[1]));
        }
    }
}

#[test]
fn distributed_flow_shops_agree_with_the_published_optimum() {
    let (shop, numbers) = open("Ta002_2.txt", "distributed-flow-shop");
    let (machines, factories) = (numbers[1] as usize, numbers[2] as usize);
    let row = |pairs: &[i64]| pairs.iter().skip(1).step_by(2).copied().collect();
    let durations: Vec<Vec<i64>> = numbers[3..].chunks(2 * machines).map(row).collect();
    // Each job goes to the factory that ends it first.
    let mut free = vec![vec![0; machines]; factories];
    let mut starts = vec![Vec::new(); durations.len()];
    for job in sequence("5 14 18 2 8 9 11 6 12 16 19 17 4 0 1 15 10 3 7 13") {
        let run = |free: &[i64]| {
            let mut at = 0;
            let step = |(work, free): (&i64, &i64)| {
                let start = at.max(*free);
                at = start + work;
                start
            };
            durations[job].iter().zip(free).map(step).collect::<Vec<i64>>()
        };
        let runs: Vec<Vec<i64>> = free.iter().map(|free| run(free)).collect();
        let made = (0..factories).min_by_key(|&factory| runs[factory][machines - 1]);
        let made = made.expect("a factory");
        for (machine, &start) in runs[made].iter().enumerate() {
            free[made][machine] = start + durations[job][machine];
            starts[job].push((made, start));
        }
    }
    assert_eq!(free.iter().flatten().max(), Some(&768));
    assert_eq!(judged(&shop, &starts.concat()), 768);
}

#[test]
fn hybrid_flow_shops_agree_with_the_published_value() {
    let (shop, numbers) = open("hfsp-361.txt", "hybrid-flow-shop");
    let stages = numbers[1] as usize;
    let durations: Vec<&[i64]> = numbers[2 + stages..].chunks(stages).collect();
    let mut order = sequence(
        "43 21 95 9 11 80 87 12 30 38 72 10 15 84 89 92 37 34 61 75 60 26 23 56 36 93 \
         6 47 16 86 5 57 65 53 7 73 25 17 8 45 94 54 66 32 22 99 85 64 35 24 4 49 81 \
         48 41 69 70 44 20 27 77 98 0 19 13 18 76 29 67 50 91 14 39 55 59 46 74 97 83 \
         82 96 68 79 90 31 2 62 33 1 52 58 3 63 71 88 78 40 51 28 42",
    );
    let mut ready = vec![0; durations.len()];
    let mut starts = vec![Vec::new(); durations.len()];
    for stage in 0..stages {
        // First come, first served on the machine that is free first; the sort is stable.
        order.sort_by_key(|&job| ready[job]);
        let mut free = vec![0; numbers[2 + stage] as usize];
        for &job in &order {
            let machine = (0..free.len()).min_by_key(|&it| free[it]).expect("a machine");
            let start = ready[job].max(free[machine]);
            starts[job].push((machine, start));
            ready[job] = start + durations[job][stage];
            free[machine] = ready[job];
        }
    }
    assert_eq!(ready.iter().max(), Some(&1869));
    assert_eq!(judged(&shop, &starts.concat()), 1869);
}

#[test]
fn tardiness_of_a_permutation_is_that_of_the_recurrence() {
    let text = "3\n2\n4 6 20\n3 2\n2 5\n4 1\n";
    let shop = read_one(text.as_bytes(), "tt.txt", FORMATS).expect("valid").problem;
    let durations: [&[i64]; 3] = [&[3, 2], &[2, 5], &[4, 1]];
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        let starts = permutation(&durations, &order, |_, _, _| 0);
        let late = ends(&durations, &starts).into_iter().zip([4, 6, 20]);
        let tardiness: i64 = late.map(|(end, due)| (end - due).max(0)).sum();
        assert_eq!(judged(&shop, &in_mode_0(&starts)), tardiness);
    }
}

#[test]
fn a_job_shop_with_setups_agrees_with_the_proven_optimum() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/ft06.txt");
    let file = std::fs::read(data).expect("the file lies in the repository");
    let plain = read_one(&file, "ft06.txt", FORMATS).expect("a valid file").problem;
    let positions = bytes("ft06-positions.txt");
    let text = Text::new("ft06-positions.txt", &positions).expect("text");
    let shop = setups::read(&text, &plain).unwrap_or_else(|error| panic!("{error}"));
    let numbers = |bytes: &[u8]| -> Vec<i64> {
        let text = std::str::from_utf8(bytes).expect("text");
        text.split_whitespace().map(|it| it.parse().expect("a number")).collect()
    };
    let (numbers, places) = (numbers(&file), numbers(&positions));
    let setup = |machine: usize, from: usize, to: usize| {
        let place =
            |job: usize| (places[machine * 12 + job * 2], places[machine * 12 + job * 2 + 1]);
        let ((x, y), (u, v)) = (place(from), place(to));
        (((x - u).pow(2) + (y - v).pow(2)) as f64).sqrt().round() as i64
    };
    // The next task of each job in turn, as early as its job and machine allow.
    let turns = "2 1 1 2 1 3 3 0 3 2 2 2 3 5 4 1 2 1 5 5 3 3 0 4 5 4 4 0 1 5 5 4 0 0 0 4";
    let (mut ready, mut done) = ([0; 6], [0; 6]);
    let mut last: [Option<(usize, i64)>; 6] = [None; 6];
    let mut starts = vec![(0, 0); 36];
    for job in turns.split(' ').map(|job| job.parse::<usize>().expect("a job")) {
        let task = job * 6 + done[job];
        let (machine, work) = (numbers[2 + 2 * task] as usize, numbers[3 + 2 * task]);
        let free = last[machine].map_or(0, |(from, end)| end + setup(machine, from, job));
        starts[task].1 = free.max(ready[job]);
        ready[job] = starts[task].1 + work;
        last[machine] = Some((job, ready[job]));
        done[job] += 1;
    }
    assert_eq!(ready.iter().max(), Some(&105));
    assert_eq!(judged(&shop, &starts), 105);
    for (from, to) in shop.tasks().flat_map(|from| shop.tasks().map(move |to| (from, to))) {
        for machine in shop.resources() {
            let (one, other) = (from.index() / 6, to.index() / 6);
            let time = shop.setup_time(machine, from, to).get();
            assert_eq!(time, setup(machine.index(), one, other));
        }
    }
}
