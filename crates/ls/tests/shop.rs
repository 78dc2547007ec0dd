//! Properties of the shop searches on random small shops.
//!
//! Shops are drawn with several modes, lags of both signs, releases, branching precedences,
//! machines visited twice, tasks without machine and tasks without duration. Labels are compared
//! with a fixpoint, states with states built anew, makespans with enumeration.
//!
//! **Source:** -

use ordine_base::{Demand, Id, Interval, Seed, Stream, Ticks, Time};
use ordine_ls::{Move, Neighborhood, Reinsert, SequenceGraph, Shift, TabuParameters, TabuSearch};
use ordine_problem::{
    Job, ModeId, Placement, Precedence, Problem, ProblemBuilder, Schedule, TaskId,
};

/// What a random shop may have.
#[derive(Clone, Copy)]
struct Kind {
    jobs: usize,
    tasks: usize,
    machines: usize,
    modes_max: usize,
    is_general: bool,
}

const CHAINS: Kind = Kind { jobs: 4, tasks: 4, machines: 4, modes_max: 1, is_general: false };
const GENERAL: Kind = Kind { jobs: 4, tasks: 4, machines: 3, modes_max: 3, is_general: true };
const SINGLE_MODE: Kind = Kind { jobs: 4, tasks: 4, machines: 3, modes_max: 1, is_general: true };
const POCKET: Kind = Kind { jobs: 3, tasks: 3, machines: 3, modes_max: 1, is_general: false };
const POCKET_SINGLE: Kind = Kind { jobs: 2, tasks: 3, machines: 2, modes_max: 1, is_general: true };
const POCKET_GENERAL: Kind =
    Kind { jobs: 2, tasks: 3, machines: 2, modes_max: 2, is_general: true };

fn random_shop(kind: Kind, stream: &mut Stream) -> Problem {
    let mut builder = ProblemBuilder::new("random shop");
    let machines: Vec<_> = (0..kind.machines).map(|m| builder.machine(format!("m{m}"))).collect();
    let mut all: Vec<TaskId> = Vec::new();
    for number in 0..kind.jobs {
        let mut job = Job::named(format!("j{number}"));
        if kind.is_general && stream.chance(0.3) {
            job.release = Time::new(stream.below(8) as i64);
        }
        let job = builder.job(job).expect("a small release is in range");
        let mut before: Option<(TaskId, i64)> = None;
        let mut route = machines.clone();
        stream.shuffle(&mut route);
        for &visited in route.iter().cycle().take(kind.tasks) {
            let task = builder.task("t", Some(job)).expect("the job is known");
            let mut shortest = i64::MAX;
            for _ in 0..1 + stream.below(kind.modes_max) {
                let least = usize::from(!kind.is_general);
                let duration = (least + stream.below(9)) as i64;
                shortest = shortest.min(duration);
                let machine = match kind.is_general {
                    true => machines[stream.below(kind.machines)],
                    false => visited,
                };
                let needs = [(machine, Demand::ONE)];
                let is_free = kind.is_general && stream.chance(0.1);
                let needs = if is_free { &needs[..0] } else { &needs[..] };
                builder.mode(task, Ticks::new(duration), needs).expect("a mode in range");
            }
            if let Some((earlier, shortest)) = before {
                add_precedence(&mut builder, earlier, task, shortest, kind, stream);
            }
            before = Some((task, shortest));
            all.push(task);
        }
    }
    if kind.is_general {
        let (first, second) = (stream.below(all.len()), stream.below(all.len()));
        if first < second {
            let extra = Precedence::end_to_start(all[first], all[second]);
            builder.precedence(extra).expect("both tasks are known");
        }
    }
    builder.seal().expect("a random shop is valid")
}

fn add_precedence(
    builder: &mut ProblemBuilder,
    before: TaskId,
    after: TaskId,
    shortest: i64,
    kind: Kind,
    stream: &mut Stream,
) {
    let lag = match kind.is_general && stream.chance(0.4) {
        true => stream.below(8) as i64 - shortest.min(4),
        false => 0,
    };
    let precedence = Precedence::end_to_start(before, after).with_lag(Ticks::new(lag));
    builder.precedence(precedence).expect("both tasks are known");
}

/// Appends tasks one by one in a topological order, each as early as its machine is free.
fn append_in_order(problem: &Problem, order: &[TaskId], modes: &[ModeId]) -> Schedule {
    let mut schedule = Schedule::empty(problem);
    let mut free = vec![Time::ORIGIN; problem.resources().len()];
    for &task in order {
        let mode = modes[task.index()];
        let mut start = problem.release(task);
        for link in problem.predecessors(task) {
            let before = schedule.placement(link.task).expect("predecessors come first");
            start = start.max(before.end + link.lag);
        }
        let works = problem.mode(mode).duration > Ticks::ZERO;
        let machine = problem.requirements(mode).first().filter(|_| works);
        if let Some(need) = machine {
            start = start.max(free[need.resource.index()]);
        }
        let placement = Placement::starting(problem, mode, start);
        if let Some(need) = machine {
            free[need.resource.index()] = placement.end;
        }
        schedule.place(task, placement);
    }
    schedule
}

fn random_schedule(problem: &Problem, stream: &mut Stream) -> Schedule {
    let modes: Vec<ModeId> = problem
        .tasks()
        .map(|task| {
            let usable = problem.usable_modes(task);
            usable[stream.below(usable.len())]
        })
        .collect();
    let mut order = Vec::new();
    let mut left: Vec<TaskId> = problem.tasks().collect();
    while !left.is_empty() {
        let ready: Vec<TaskId> = eligible(problem, &left);
        let task = ready[stream.below(ready.len())];
        order.push(task);
        left.retain(|&other| other != task);
    }
    append_in_order(problem, &order, &modes)
}

fn eligible(problem: &Problem, left: &[TaskId]) -> Vec<TaskId> {
    let waits =
        |task: TaskId| problem.predecessors(task).iter().any(|link| left.contains(&link.task));
    left.iter().copied().filter(|&task| !waits(task)).collect()
}

/// The least makespan over all topological orders and modes.
fn optimum(problem: &Problem) -> Time {
    let mut modes: Vec<ModeId> =
        problem.tasks().map(|task| problem.usable_modes(task)[0]).collect();
    let mut best = Time::MAX;
    each_choice(problem, 0, &mut modes, &mut best);
    best
}

fn each_choice(problem: &Problem, at: usize, modes: &mut Vec<ModeId>, best: &mut Time) {
    if at == modes.len() {
        let left: Vec<TaskId> = problem.tasks().collect();
        each_order(problem, &mut Vec::new(), left, modes, best);
        return;
    }
    for &mode in problem.usable_modes(TaskId::from_index(at)) {
        modes[at] = mode;
        each_choice(problem, at + 1, modes, best);
    }
}

fn each_order(
    problem: &Problem,
    order: &mut Vec<TaskId>,
    left: Vec<TaskId>,
    modes: &[ModeId],
    best: &mut Time,
) {
    if left.is_empty() {
        *best = (*best).min(append_in_order(problem, order, modes).makespan());
    }
    for task in eligible(problem, &left) {
        order.push(task);
        let rest = left.iter().copied().filter(|&other| other != task).collect();
        each_order(problem, order, rest, modes, best);
        order.pop();
    }
}

fn assert_feasible(problem: &Problem, schedule: &Schedule) {
    let placed: Vec<(TaskId, Placement)> = schedule.placed().collect();
    assert_eq!(placed.len(), problem.tasks().len(), "every task is placed");
    for &(task, placement) in &placed {
        assert_eq!(problem.mode(placement.mode).task, task);
        assert_eq!(placement.end - placement.start, problem.mode(placement.mode).duration);
        assert!(placement.start >= problem.release(task));
        for link in problem.predecessors(task) {
            let before = schedule.placement(link.task).expect("every task is placed");
            assert!(before.end + link.lag <= placement.start, "a precedence holds");
        }
    }
    let machine = |placement: Placement| {
        problem.requirements(placement.mode).first().map(|need| need.resource)
    };
    for &(first, one) in &placed {
        for &(second, other) in &placed {
            let shared = first < second && machine(one).is_some() && machine(one) == machine(other);
            let (one, other): (Interval, Interval) = (one.interval(), other.interval());
            assert!(!(shared && one.overlaps(other)), "a machine runs one task at a time");
        }
    }
}

/// Heads and tails as fixpoints of their definitions.
fn brute_labels(problem: &Problem, graph: &SequenceGraph) -> (Vec<i64>, Vec<i64>) {
    let count = problem.tasks().len();
    let duration = |task: TaskId| problem.mode(graph.mode(task)).duration.get();
    let mut heads: Vec<i64> = problem.tasks().map(|task| problem.release(task).get()).collect();
    let mut tails: Vec<i64> = problem.tasks().map(duration).collect();
    for _ in 0..=count {
        for task in problem.tasks() {
            let at = task.index();
            for link in problem.predecessors(task) {
                let end = heads[link.task.index()] + duration(link.task);
                heads[at] = heads[at].max(end + link.lag.get());
            }
            for link in problem.successors(task) {
                let tail = duration(task) + link.lag.get() + tails[link.task.index()];
                tails[at] = tails[at].max(tail);
            }
            if let Some(before) = graph.machine_before(task) {
                heads[at] = heads[at].max(heads[before.index()] + duration(before));
            }
            if let Some(after) = graph.machine_after(task) {
                tails[at] = tails[at].max(duration(task) + tails[after.index()]);
            }
        }
    }
    (heads, tails)
}

fn assert_labels(problem: &Problem, graph: &SequenceGraph) {
    let (heads, tails) = brute_labels(problem, graph);
    for task in problem.tasks() {
        assert_eq!(graph.head(task).get(), heads[task.index()], "head of {task:?}");
        assert_eq!(graph.tail(task).get(), tails[task.index()], "tail of {task:?}");
    }
    let longest = problem.tasks().map(|task| heads[task.index()] + tails[task.index()]).max();
    assert_eq!(Some(graph.makespan().get()), longest);
}

fn shifts_of(problem: &Problem, graph: &SequenceGraph, task: TaskId) -> Vec<Shift> {
    let others = || problem.tasks().filter(|&other| other != task);
    let behind = others().filter_map(|other| Shift::behind(graph, task, other));
    behind.chain(others().filter_map(|other| Shift::before(graph, task, other))).collect()
}

#[test]
fn state_after_random_moves_equals_state_built_from_its_schedule() {
    let mut stream = Seed::new(1).stream("shops");
    for round in 0..300 {
        let kind = [CHAINS, GENERAL, SINGLE_MODE][round % 3];
        let problem = random_shop(kind, &mut stream);
        let start = random_schedule(&problem, &mut stream);
        let mut graph = SequenceGraph::from_schedule(&problem, &start).expect("a feasible start");
        assert!(graph.makespan() <= start.makespan());
        for _ in 0..12 {
            let task = TaskId::from_index(stream.below(problem.tasks().len()));
            let shifts = shifts_of(&problem, &graph, task);
            let reinsertions = Reinsert::list(&graph, task);
            if stream.chance(0.5) && !shifts.is_empty() {
                shifts[stream.below(shifts.len())].apply(&mut graph);
            } else if !reinsertions.is_empty() {
                let reinsert = reinsertions[stream.below(reinsertions.len())];
                let predicted = reinsert.evaluate(&graph);
                reinsert.apply(&mut graph);
                assert_eq!(predicted, graph.makespan().get());
            }
            assert_labels(&problem, &graph);
            let schedule = graph.schedule();
            assert_feasible(&problem, &schedule);
            let again = SequenceGraph::from_schedule(&problem, &schedule).expect("feasible");
            assert_eq!(again.schedule(), schedule);
        }
    }
}

#[test]
fn a_swap_predicts_the_longest_path_through_both_tasks() {
    let mut stream = Seed::new(2).stream("shops");
    let mut swaps = 0;
    for _ in 0..200 {
        let problem = random_shop(SINGLE_MODE, &mut stream);
        let start = random_schedule(&problem, &mut stream);
        let graph = SequenceGraph::from_schedule(&problem, &start).expect("a feasible start");
        for task in problem.tasks() {
            let Some(swap) = Shift::swap(&graph, task) else { continue };
            let other = graph.machine_after(task).expect("a swap has a partner");
            let mut changed = graph.clone();
            swap.apply(&mut changed);
            let through = |task| changed.head(task).get() + changed.tail(task).get();
            assert_eq!(swap.evaluate(&graph), through(task).max(through(other)));
            swaps += 1;
        }
    }
    assert!(swaps > 500, "only {swaps} swaps were tried");
}

fn search(problem: &Problem, parameters: TabuParameters, seed: u64) -> TabuSearch {
    let start = random_schedule(problem, &mut Seed::new(seed).stream("start"));
    let stream = Seed::new(seed).stream("tabu");
    TabuSearch::new(problem, parameters, stream, &start).expect("the shop is supported")
}

#[test]
fn tabu_search_finds_the_optimum_of_pocket_shops_and_never_beats_it() {
    let mut stream = Seed::new(3).stream("shops");
    for round in 0..90 {
        let kind = [POCKET, POCKET_SINGLE, POCKET_GENERAL][round % 3];
        let problem = random_shop(kind, &mut stream);
        let parameters =
            TabuParameters { idle_max: 50, idle_max_reinsert: 50, ..TabuParameters::default() };
        let mut search = search(&problem, parameters, round as u64);
        search.advance(30_000, &mut || false);
        assert_feasible(&problem, &search.best_schedule());
        assert_eq!(search.best_schedule().makespan(), search.best_makespan());
        assert_eq!(search.best_makespan(), optimum(&problem), "round {round}");
    }
}

/// Default parameters, and each switch turned alone.
fn grid() -> Vec<TabuParameters> {
    let base =
        TabuParameters { idle_max: 100, idle_max_reinsert: 100, ..TabuParameters::default() };
    let mut grid = vec![
        base.clone(),
        TabuParameters { reinsert: false, ..base.clone() },
        TabuParameters { aspiration: false, ..base.clone() },
        TabuParameters { relink: false, ..base.clone() },
    ];
    let neighborhoods = Neighborhood::ALL.into_iter();
    grid.extend(neighborhoods.map(|neighborhood| TabuParameters { neighborhood, ..base.clone() }));
    grid
}

#[test]
fn every_switch_gives_feasible_schedules_and_repeats_itself() {
    let mut stream = Seed::new(4).stream("shops");
    for kind in [CHAINS, GENERAL, SINGLE_MODE] {
        let problem = random_shop(kind, &mut stream);
        for parameters in grid() {
            let mut first = search(&problem, parameters.clone(), 5);
            let mut second = search(&problem, parameters, 5);
            first.advance(40_000, &mut || false);
            while second.work() < first.work() {
                second.advance(1_000.min(first.work() - second.work()), &mut || false);
            }
            assert_feasible(&problem, &first.best_schedule());
            assert_eq!(first.best_schedule(), second.best_schedule());
            assert_eq!(first.iterations(), second.iterations());
        }
    }
}

#[test]
fn a_better_schedule_from_outside_is_adopted_and_kept() {
    let mut stream = Seed::new(6).stream("shops");
    for _ in 0..20 {
        let problem = random_shop(CHAINS, &mut stream);
        let mut strong = search(&problem, TabuParameters::default(), 1);
        strong.advance(30_000, &mut || false);
        let mut weak = search(&problem, TabuParameters::default(), 2);
        weak.adopt(&strong.best_schedule()).expect("a feasible schedule");
        assert!(weak.best_makespan() <= strong.best_makespan());
        weak.advance(5_000, &mut || false);
        assert!(weak.best_makespan() <= strong.best_makespan());
        assert_feasible(&problem, &weak.best_schedule());
    }
}

#[test]
fn a_stop_request_ends_the_search_at_once() {
    let problem = random_shop(CHAINS, &mut Seed::new(7).stream("shops"));
    let mut search = search(&problem, TabuParameters::default(), 1);
    assert_eq!(search.advance(1_000_000, &mut || true), 0);
    let mut questions = 0;
    let spent = search.advance(u64::MAX, &mut || {
        questions += 1;
        questions > 3
    });
    assert!(spent < 200_000, "{spent} units between four questions");
}

#[test]
fn unsupported_problems_and_broken_starts_are_refused_by_name() {
    let problem = random_shop(CHAINS, &mut Seed::new(8).stream("shops"));
    let empty = Schedule::empty(&problem);
    let refused = SequenceGraph::from_schedule(&problem, &empty).expect_err("nothing is placed");
    assert!(refused.to_string().starts_with("task 0 is not placed"));
    let late = problem.with(|builder| {
        let mut job = Job::named("late");
        job.deadline = Some(Time::new(1_000));
        builder.job(job).map(|_| ())
    });
    let late = late.expect("a deadline is valid");
    assert!(!TabuSearch::supports(&late));
    assert!(TabuSearch::supports(&problem));
}
