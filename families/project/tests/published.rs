//! Published optima of small instances: reached within a budget of work, or by a schedule that is
//! built here, and never beaten.
//!
//! **Source:** `data/best-known/`; `tests/data/README.md`.

use ordine_base::{Id, Seed};
use ordine_problem::{Point, Problem, ResourceKind, Schedule, StockChange, TaskId};
use ordine_project::{ProjectInstance, raise};
use ordine_solve::{Outcome, solve};
use ordine_wire::read_one;
use std::path::Path;

fn read(folder: &str, file: &str) -> Problem {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(file);
    let bytes = std::fs::read(&path).expect("the file lies in the repository");
    read_one(&bytes, file, ordine_project::io::FORMATS).expect("a valid file").problem
}

fn run(problem: &Problem, work: u64) -> Outcome<Schedule> {
    solve(problem, "auto", Seed::new(1), work).expect("no fault")
}

/// The latest end of these starts, each activity in its only mode; or what they break of the
/// problem's precedences, capacities and levels, read off its tables.
fn makespan(problem: &Problem, starts: &[i64]) -> Result<i64, String> {
    let mode = |task: TaskId| problem.numbered_mode(task, 0).expect("each activity has a mode");
    let start = |task: TaskId| starts[task.index()];
    let end = |task: TaskId| start(task) + problem.mode(mode(task)).duration.get();
    for it in problem.precedences().values() {
        let from = if it.kind.leaves_end() { end(it.before) } else { start(it.before) };
        if !it.kind.enters_start() || from + it.lag.get() > start(it.after) {
            return Err(format!("precedence {it:?}"));
        }
    }
    let latest = problem.tasks().map(end).max().expect("there is an activity");
    for (id, time) in problem.resources().flat_map(|id| (0..=latest).map(move |time| (id, time))) {
        let used = |task: TaskId| -> i64 {
            let runs = start(task) <= time && time < end(task);
            let needs =
                problem.requirements(mode(task)).iter().filter(|it| runs && it.resource == id);
            needs.map(|it| it.demand.get()).sum()
        };
        let changed = |task: TaskId| -> i64 {
            let at = |it: &&StockChange| match it.at {
                Point::Start => start(task) <= time,
                Point::End => end(task) <= time,
            };
            let changes = problem.stock_changes(mode(task)).iter();
            changes.filter(|it| it.reservoir == id).filter(at).map(|it| it.amount).sum()
        };
        let fits = match problem.resource(id).kind {
            ResourceKind::Renewable(most) => problem.tasks().map(used).sum::<i64>() <= most.get(),
            ResourceKind::Reservoir(stock) => {
                let level = stock.initial + problem.tasks().map(changed).sum::<i64>();
                (stock.least..=stock.most).contains(&level)
            }
            _ => false,
        };
        if !fits {
            return Err(format!("resource {} at {time}", problem.resource(id).name));
        }
    }
    Ok(latest)
}

#[test]
fn known_optima_of_projects_are_found() {
    for (file, optimum) in [("j301_1.sm", 43), ("j3013_1.sm", 58), ("j1010_1.mm", 17)] {
        let outcome = run(&read("../../data", file), 2_000_000);
        let (_, cost) = outcome.best().expect("a schedule");
        assert_eq!(cost.first(), optimum, "{file}");
    }
}

#[test]
fn the_first_problem_of_patterson_is_solved() {
    let problem = read("tests/data", "pat1.rcp");
    let outcome = run(&problem, 500_000);
    assert_eq!(outcome.best().expect("a schedule").1.first(), 19);
    assert_eq!(least_starts(&raise(&problem).expect("a project")).expect("feasible")[13], 19);
}

/// Starts of least makespan, or none when there are no feasible ones.
///
/// Least starts by longest paths; where they use too much at an instant, one of the activities
/// there must wait for the end of another: each such pair is tried in turn, depth first.
/// Complete, and in its own words: arcs `(from, to, lag)` between starts.
fn least_starts(project: &ProjectInstance) -> Option<Vec<i64>> {
    let mut arcs = Vec::new();
    for (number, activity) in project.activities.iter().enumerate() {
        let duration = activity.modes[0].duration.get();
        arcs.extend(activity.successors.iter().map(|&other| (number, other, duration)));
        arcs.extend(activity.lags.iter().map(|arc| (number, arc.other, arc.lag.get())));
    }
    let mut best = None;
    repair(project, &mut arcs, &mut best);
    best
}

fn repair(
    project: &ProjectInstance,
    arcs: &mut Vec<(usize, usize, i64)>,
    best: &mut Option<Vec<i64>>,
) {
    let Some(starts) = longest_paths(project.activities.len(), arcs) else { return };
    if best.as_ref().is_some_and(|best| starts.last() >= best.last()) {
        return;
    }
    let duration = |number: usize| project.activities[number].modes[0].duration.get();
    let running_at = |time: i64| -> Vec<usize> {
        let runs = |it: &usize| starts[*it] <= time && time < starts[*it] + duration(*it);
        (0..starts.len()).filter(runs).collect()
    };
    let is_overused = |running: &Vec<usize>| {
        project.renewables.iter().enumerate().any(|(resource, capacity)| {
            let demand = |it: &usize| project.activities[*it].modes[0].demands[resource].get();
            running.iter().map(demand).sum::<i64>() > capacity.get()
        })
    };
    let mut times = starts.clone();
    times.sort_unstable();
    let Some(mut running) = times.into_iter().map(running_at).find(is_overused) else {
        *best = Some(starts);
        return;
    };
    // The fewest of them that are still too many.
    for number in running.clone() {
        let others = running.iter().copied().filter(|&it| it != number).collect();
        if is_overused(&others) {
            running = others;
        }
    }
    for &first in &running {
        for &second in running.iter().filter(|&&it| it != first) {
            arcs.push((first, second, duration(first)));
            repair(project, arcs, best);
            arcs.pop();
        }
    }
}

/// Least starts under the arcs, none when a cycle of them is positive.
fn longest_paths(count: usize, arcs: &[(usize, usize, i64)]) -> Option<Vec<i64>> {
    let mut starts = vec![0; count];
    for _ in 0..=count {
        let mut changed = false;
        for &(from, to, lag) in arcs.iter().filter(|&&(from, to, _)| from != to) {
            if starts[to] < starts[from] + lag {
                (starts[to], changed) = (starts[from] + lag, true);
            }
        }
        if !changed {
            return Some(starts);
        }
    }
    None
}

#[test]
fn projects_with_lags_have_their_published_optima() {
    for (file, optimum) in [("psp1.sch", Some(26)), ("psp2.sch", None), ("psp3.sch", Some(36))] {
        let problem = read("tests/data", file);
        let project = raise(&problem).expect("a project");
        let starts = least_starts(&project);
        assert_eq!(starts.map(|it| makespan(&problem, &it)), optimum.map(Ok), "{file}");
    }
}

/// Starts of makespan 14, found with OR-Tools CP-SAT on the numbers of the file.
const BEST: [i64; 22] = [0, 0, 1, 0, 3, 5, 2, 9, 7, 0, 7, 2, 2, 9, 12, 10, 7, 11, 9, 1, 10, 14];

/// Starts of makespan 13, found in the same way without reservoirs.
const HASTY: [i64; 22] = [0, 0, 4, 0, 4, 0, 2, 1, 7, 2, 4, 3, 3, 8, 5, 9, 11, 8, 12, 1, 11, 13];

#[test]
fn an_optimum_with_reservoirs_is_feasible_and_a_better_one_without_them_is_not() {
    let problem = read("tests/data", "bl2015.rcp");
    assert_eq!(makespan(&problem, &BEST), Ok(14));
    let broken = makespan(&problem, &HASTY);
    assert!(broken.as_ref().is_err_and(|it| it.starts_with("resource S")), "{broken:?}");
}
