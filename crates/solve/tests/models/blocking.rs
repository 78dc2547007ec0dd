//! Blocking job shops against all orders of all machines.
//!
//! For each order, starts are longest paths: an operation starts when its machine is left, which is
//! when the operation before it on the machine has handed its job on. A circle of positive length
//! has no schedule; one of length zero is a swap.
//!
//! **Source:** Mascis, Pacciarelli 2002.

use ordine_base::{Demand, Seed, Stream, Ticks};
use ordine_problem::{Hold, Precedence, Problem, ProblemBuilder, TaskId};
use ordine_solve::{Outcome, solve};

/// Operations of a job: machine and duration.
type Shop = Vec<Vec<(usize, i64)>>;

fn random_shop(stream: &mut Stream, jobs: usize, machines: usize) -> Shop {
    let mut job = || {
        let mut route: Vec<usize> = (0..machines).collect();
        stream.shuffle(&mut route);
        route.into_iter().map(|machine| (machine, 1 + stream.below(9) as i64)).collect()
    };
    (0..jobs).map(|_| job()).collect()
}

fn problem(shop: &Shop, swaps: bool) -> Problem {
    let mut builder = ProblemBuilder::new("blocking");
    let machines: Vec<_> =
        (0..shop[0].len()).map(|number| builder.machine(format!("m{number}"))).collect();
    for (number, job) in shop.iter().enumerate() {
        let mut last: Option<TaskId> = None;
        for (place, &(machine, ticks)) in job.iter().enumerate() {
            let task = builder.task(format!("t{number}.{place}"), None).expect("valid");
            let needs = [(machines[machine], Demand::ONE)];
            builder.mode(task, Ticks::new(ticks), &needs).expect("valid");
            if let Some(before) = last.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
                builder.hold(Hold { task: before, until: task, buffer: None });
            }
        }
    }
    if !swaps {
        builder.forbid_swaps();
    }
    builder.seal().expect("valid")
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for place in 0..count {
            let mut longer = shorter.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

/// Least makespans with and without swaps over all orders.
fn by_orders(shop: &Shop) -> (Option<i64>, Option<i64>) {
    let (jobs, machines) = (shop.len(), shop[0].len());
    let orders = permutations(jobs);
    let mut chosen = vec![0; machines];
    let (mut best, mut best_without) = (None::<i64>, None::<i64>);
    loop {
        let of_machine: Vec<&Vec<usize>> = chosen.iter().map(|&it: &usize| &orders[it]).collect();
        if let Some((makespan, swaps)) = judge(shop, &of_machine) {
            best = Some(best.map_or(makespan, |known| known.min(makespan)));
            if !swaps {
                best_without = Some(best_without.map_or(makespan, |known| known.min(makespan)));
            }
        }
        let Some(next) = chosen.iter().position(|&it| it + 1 < orders.len()) else { break };
        chosen[next] += 1;
        chosen[..next].fill(0);
    }
    (best, best_without)
}

/// The makespan of an order of jobs per machine, and whether it needs a swap.
fn judge(shop: &Shop, orders: &[&Vec<usize>]) -> Option<(i64, bool)> {
    let machines = orders.len();
    let node = |job: usize, place: usize| job * machines + place;
    let mut arcs: Vec<(usize, usize, i64)> = Vec::new();
    for (job, operations) in shop.iter().enumerate() {
        for (place, &(_, ticks)) in operations.iter().enumerate().take(machines - 1) {
            arcs.push((node(job, place), node(job, place + 1), ticks));
        }
    }
    for (machine, order) in orders.iter().enumerate() {
        let place = |job: usize| shop[job].iter().position(|it| it.0 == machine).expect("one");
        for pair in order.windows(2) {
            let (one, other) = (place(pair[0]), place(pair[1]));
            let to = node(pair[1], other);
            match one + 1 < machines {
                true => arcs.push((node(pair[0], one + 1), to, 0)),
                false => arcs.push((node(pair[0], one), to, shop[pair[0]][one].1)),
            }
        }
    }
    let mut starts = vec![0; shop.len() * machines];
    for round in 0..=starts.len() {
        let mut moved = false;
        for &(from, to, length) in &arcs {
            moved |= starts[from] + length > starts[to];
            starts[to] = starts[to].max(starts[from] + length);
        }
        match moved {
            false => break,
            true if round == starts.len() => return None,
            true => {}
        }
    }
    let end = |job: usize| starts[node(job, machines - 1)] + shop[job][machines - 1].1;
    let makespan = (0..shop.len()).map(end).max()?;
    // Arcs without length that are not on a circle go away one after the other.
    let mut zero: Vec<(usize, usize)> =
        arcs.iter().filter(|arc| arc.2 == 0).map(|arc| (arc.0, arc.1)).collect();
    for _ in 0..starts.len() {
        let entered: Vec<usize> = zero.iter().map(|arc| arc.1).collect();
        zero.retain(|arc| entered.contains(&arc.0));
    }
    Some((makespan, !zero.is_empty()))
}

#[test]
fn blocking_shops_are_proved_as_by_all_orders() {
    let mut swapped = 0;
    for seed in 0..40 {
        let mut stream = Seed::new(seed).stream("blocking");
        let jobs = 3 + (seed as usize) % 2;
        let shop = random_shop(&mut stream, jobs, 3);
        let (with, without) = by_orders(&shop);
        for (swaps, expected) in [(true, with), (false, without)] {
            let outcome = solve(&problem(&shop, swaps), "cp", Seed::new(1), 3_000_000);
            match outcome.unwrap_or_else(|fault| panic!("seed {seed}: {fault}")) {
                Outcome::Optimal { cost, .. } => {
                    assert_eq!(Some(cost.levels()[0]), expected, "seed {seed}, swaps {swaps}");
                }
                found => panic!("seed {seed}, swaps {swaps}: {found:?}, not {expected:?}"),
            }
        }
        swapped += u32::from(with != without);
    }
    assert!(swapped >= 4, "swaps mattered {swapped} times only");
}
