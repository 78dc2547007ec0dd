//! Questions about a schedule: chains, exchanges, and places for more work.
//!
//! **Source:** -

use ordine_base::{Demand, Seed, Ticks, Time};
use ordine_check::check;
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{
    Calendar, FeatureSet, Job, Placement, Precedence, Problem, ProblemBuilder, ResourceId,
    Schedule, Shift, TaskId, random_problem,
};
use ordine_solve::explain::{
    Cause, critical_chain, helpful_swaps, more_work, with_copy, without_moves,
};
use ordine_solve::lowering::LOWERED;

fn job_of_one(
    builder: &mut ProblemBuilder,
    name: &str,
    duration: i64,
    machine: ResourceId,
) -> TaskId {
    let job = builder.job(Job { due: Some(Time::new(5)), ..Job::named(name) }).expect("valid");
    let task = builder.task(name, Some(job)).expect("valid");
    builder.mode(task, Ticks::new(duration), &[(machine, Demand::ONE)]).expect("valid");
    task
}

/// The schedule in which each task starts there, in its first mode.
fn starting(problem: &Problem, starts: &[i64]) -> Schedule {
    let place = |(task, &start)| {
        let mode = problem.numbered_mode(task, 0)?;
        Some(Placement::starting(problem, mode, Time::new(start)))
    };
    Schedule::from_placements(problem.tasks().zip(starts).map(place))
}

/// The chain of the last job as `task: what holds it`.
fn chain_of(problem: &Problem, schedule: &Schedule) -> Vec<String> {
    assert!(check(problem, schedule).is_ok());
    let job = problem.jobs().next_back().expect("there are jobs");
    let chain = critical_chain(problem, schedule, job).expect("it is placed");
    let words = chain.steps.iter().map(|step| {
        let name = &problem.task(step.task).name;
        format!("{name}: {}", step.cause.describe(problem, schedule))
    });
    words.collect()
}

#[test]
fn a_chain_names_what_holds_each_task() {
    let mut builder = ProblemBuilder::new("chain");
    let (lathe, crew) = (builder.machine("lathe"), builder.renewable("crew", Demand::new(2)));
    let crew = crew.expect("valid");
    let first = job_of_one(&mut builder, "first", 4, lathe);
    let second = job_of_one(&mut builder, "second", 3, lathe);
    builder
        .precedence(Precedence::end_to_start(first, second).with_lag(Ticks::new(1)))
        .expect("valid");
    for (name, demand) in [("paint", 2), ("pack", 1)] {
        let job = builder.job(Job::named(name)).expect("valid");
        let task = builder.task(name, Some(job)).expect("valid");
        builder.mode(task, Ticks::new(2), &[(crew, Demand::new(demand))]).expect("valid");
        if name == "paint" {
            builder.precedence(Precedence::end_to_start(second, task)).expect("valid");
        }
    }
    let problem = builder.seal().expect("valid");
    assert_eq!(
        chain_of(&problem, &starting(&problem, &[0, 5, 8, 10])),
        [
            "pack: paint takes of crew (2 in all) until 10",
            "paint: second precedes it",
            "second: first precedes it with lag 1",
            "first: the beginning"
        ]
    );
    let idle = chain_of(&problem, &starting(&problem, &[0, 5, 8, 12]));
    assert_eq!(idle, ["pack: nothing: it can start at 10 while everything else stays"]);
}

#[test]
fn a_break_is_told_with_what_stands_before_it() {
    let mut builder = ProblemBuilder::new("night");
    let crane = builder.machine("crane");
    let calendar = builder.calendar(Calendar {
        name: "days".into(),
        first: Shift::Closed,
        steps: vec![(Time::new(0), Shift::FULL), (Time::new(8), Shift::Closed)],
        period: Some(Ticks::new(24)),
    });
    builder.edit_resource(crane).calendar = Some(calendar);
    job_of_one(&mut builder, "lift", 6, crane);
    job_of_one(&mut builder, "lower", 2, crane);
    job_of_one(&mut builder, "turn", 3, crane);
    let problem = builder.seal().expect("valid");
    let schedule = starting(&problem, &[0, 6, 24]);
    let job = problem.jobs().next_back().expect("three");
    let chain = critical_chain(&problem, &schedule, job).expect("placed");
    let pause = chain.steps[0].pause.map(|it| (it.start.get(), it.end.get()));
    // Its 3 ticks would not end before the night from 6 on.
    assert_eq!(pause, Some((6, 24)));
    let held = chain_of(&problem, &schedule);
    assert_eq!(held[0], "turn: lower keeps machine crane until 8");
}

#[test]
fn an_exchange_that_helps_is_found_and_judged() {
    let mut builder = ProblemBuilder::new("swap");
    let lathe = builder.machine("lathe");
    job_of_one(&mut builder, "long", 9, lathe);
    job_of_one(&mut builder, "short", 2, lathe);
    let problem = builder.seal().expect("valid");
    let schedule = starting(&problem, &[0, 9]);
    let job = problem.jobs().next_back().expect("two");
    let chain = critical_chain(&problem, &schedule, job).expect("placed");
    let swaps = helpful_swaps(&problem, &schedule, &chain, &mut || false);
    let ends: Vec<i64> = swaps.iter().map(|it| it.end.get()).collect();
    assert_eq!(ends, [2]);
    assert_eq!(check(&problem, &swaps[0].schedule).as_ref(), Ok(&swaps[0].cost));
}

#[test]
fn one_more_job_goes_where_it_costs_least() {
    let mut builder = ProblemBuilder::new("more");
    let lathe = builder.machine("lathe");
    job_of_one(&mut builder, "first", 3, lathe);
    let last = job_of_one(&mut builder, "last", 3, lathe);
    builder.edit_task(last).earliest_start = Time::new(6);
    let problem = builder.seal().expect("valid");
    let old = starting(&problem, &[0, 6]);
    let first = problem.jobs().next().expect("two");
    let extended = with_copy(&problem, first).expect("valid");
    assert_eq!(extended.tasks().len(), 3);
    let still = without_moves(&extended, &old, &mut || false).expect("it fits");
    assert_eq!((still.start.get(), still.end.get(), still.moved.len()), (3, 6, 0));
    let places = more_work(&extended, &old, &mut || false);
    assert_eq!(places[0].cost, old.cost(&problem));
    assert!(places.len() >= 2, "behind everything it costs 3");
    let costs: Vec<i64> = places.iter().map(|it| it.cost.first()).collect();
    assert!(costs.is_sorted(), "{costs:?}");
}

/// Whatever the problem, a chain ends, its tasks differ, and what is held by another task by a
/// plain precedence starts with its lag.
#[test]
fn chains_of_random_schedules_end() {
    let (mut chains, mut links) = (0, 0);
    for number in 0..300 {
        let mut stream = Seed::new(number).stream("chains");
        let allowed: FeatureSet = LOWERED;
        let problem = random_problem(&mut stream, 8, allowed);
        let built = Insertion::new(&problem).build(&Decisions::new(&problem), &mut || false);
        if check(&problem, &built.schedule).is_err() {
            continue;
        }
        for job in problem.jobs() {
            let Some(chain) = critical_chain(&problem, &built.schedule, job) else { continue };
            chains += 1;
            let mut tasks: Vec<TaskId> = chain.steps.iter().map(|step| step.task).collect();
            tasks.sort_unstable();
            tasks.dedup();
            assert_eq!(tasks.len(), chain.steps.len(), "problem {number}: a task twice");
            for pair in chain.steps.windows(2) {
                let Cause::Task { other, .. } = &pair[0].cause else {
                    panic!("problem {number}: a chain goes on without a task")
                };
                assert_eq!(*other, pair[1].task);
                links += 1;
            }
        }
    }
    assert!(chains >= 100 && links >= 50, "{chains} chains, {links} links");
}
