//! Contradictions found without search: true ones only, each with what it follows from.
//!
//! **Source:** -

use ordine_base::{Demand, Seed, Ticks, Time};
use ordine_check::{JUDGED, check};
use ordine_construct::{Decisions, Insertion};
use ordine_problem::{
    Calendar, Job, Precedence, Problem, ProblemBuilder, ResourceId, Shift, Status, TaskId,
    random_problem,
};
use ordine_solve::bounds::contradiction;

/// Builds a problem and gives its core in words.
fn core(build: impl FnOnce(&mut ProblemBuilder)) -> Vec<String> {
    let mut builder = ProblemBuilder::new("pocket");
    builder.admit_impossible_tasks();
    build(&mut builder);
    let problem = builder.seal().expect("valid");
    let core = contradiction(&problem).unwrap_or_default();
    core.into_iter().map(|it| it.describe(&problem)).collect()
}

fn task(
    builder: &mut ProblemBuilder,
    name: &str,
    duration: i64,
    needs: &[(ResourceId, i64)],
) -> TaskId {
    let task = builder.task(name, None).expect("valid");
    let needs: Vec<_> = needs.iter().map(|&(id, demand)| (id, Demand::new(demand))).collect();
    builder.mode(task, Ticks::new(duration), &needs).expect("valid");
    task
}

#[test]
fn the_culprits_are_named() {
    let two_on_one_machine = core(|builder| {
        let lathe = builder.machine("lathe");
        for name in ["turn", "bore", "mill"] {
            let it = task(builder, name, 2, &[(lathe, 1)]);
            // The mill has time.
            let latest = if name == "mill" { 9 } else { 3 };
            builder.edit_task(it).latest_end = Some(Time::new(latest));
        }
    });
    let capacity = "capacity 1 of resource lathe";
    let (turn, bore) = ("time window of task turn", "time window of task bore");
    assert_eq!(two_on_one_machine, [capacity, turn, bore]);

    let never_done = core(|builder| {
        let lathe = builder.machine("lathe");
        let steps = vec![(Time::new(3), Shift::Closed)];
        let broken = Calendar { steps, ..Calendar::always("broken") };
        builder.edit_resource(lathe).calendar = Some(builder.calendar(broken));
        let turn = task(builder, "turn", 3, &[(lathe, 1)]);
        let bore = task(builder, "bore", 1, &[]);
        builder.precedence(Precedence::end_to_start(turn, bore)).expect("valid");
        let (start, remaining) = (Time::new(1), Ticks::new(1));
        builder.edit_task(turn).status = Status::Running { mode: 0, start, remaining };
        builder.now(Time::new(3));
    });
    assert_eq!(never_done, ["task turn, which is running", "calendar of resource lathe"]);

    let by_a_chain = core(|builder| {
        let crew = builder.renewable("crew", Demand::new(4)).expect("valid");
        let wall = task(builder, "wall", 5, &[(crew, 3)]);
        let roof = task(builder, "roof", 4, &[(crew, 3)]);
        let door = task(builder, "door", 2, &[(crew, 1)]);
        builder.precedence(Precedence::end_to_start(wall, door)).expect("valid");
        builder.precedence(Precedence::end_to_start(roof, door)).expect("valid");
        builder.edit_task(door).latest_end = Some(Time::new(10));
    });
    let chains = ["precedence wall -> door", "precedence roof -> door"];
    let window = "time window of task door";
    assert_eq!(by_a_chain, ["capacity 4 of resource crew", chains[0], chains[1], window]);

    let by_a_largest_gap = core(|builder| {
        builder.now(Time::new(9));
        let pour = task(builder, "pour", 3, &[]);
        let cast = task(builder, "cast", 2, &[]);
        let no_wait = Precedence::no_wait(pour, cast).with_lag_max(Ticks::new(4));
        builder.precedence(no_wait).expect("valid");
        builder.edit_task(pour).status =
            Status::Done { mode: 0, start: Time::new(1), end: Time::new(4) };
    });
    assert_eq!(by_a_largest_gap, ["precedence pour -> cast", "task pour, which is done"]);

    let spent = core(|builder| {
        let paint = builder.consumable("paint", Demand::new(5)).expect("valid");
        task(builder, "wall", 1, &[(paint, 3)]);
        task(builder, "roof", 1, &[(paint, 3)]);
    });
    assert_eq!(spent, ["capacity 5 of resource paint"]);

    let job = core(|builder| {
        let (release, deadline) = (Time::new(4), Some(Time::new(8)));
        let job = builder.job(Job { release, deadline, ..Job::named("rush") }).expect("valid");
        let task = builder.task("cut", Some(job)).expect("valid");
        builder.mode(task, Ticks::new(5), &[]).expect("valid");
    });
    assert_eq!(job, ["deadline of job rush", "release of job rush"]);

    let never = core(|builder| {
        let crew = builder.renewable("crew", Demand::new(2)).expect("valid");
        task(builder, "lift", 1, &[(crew, 3)]);
    });
    assert_eq!(never, ["demand of task lift for resource crew in mode 0: 3 of 2"]);
}

/// A schedule by insertion in random orders and modes, if one comes out.
fn any_schedule(problem: &Problem, stream: &mut ordine_base::Stream) -> bool {
    let mut insertion = Insertion::new(problem);
    (0..6).any(|_| {
        let mut decisions = Decisions::new(problem);
        for task in problem.tasks() {
            decisions.set_rank(task, stream.below(100) as u32);
            let modes = problem.usable_modes(task);
            decisions.set_mode(problem, task, modes[stream.below(modes.len())]);
            if problem.task(task).optional {
                decisions.set_present(task, stream.chance(0.5));
            }
            decisions.set_batch(task, stream.below(3) as u32);
        }
        decisions.settle(problem);
        let built = insertion.build(&decisions, &mut || false);
        built.is_complete() && check(problem, &built.schedule).is_ok()
    })
}

#[test]
fn what_has_a_schedule_has_no_contradiction() {
    let (mut found, mut free) = (0, 0);
    for run in 0..8_000 {
        let mut stream = Seed::new(run).stream("contradictions");
        let problem = random_problem(&mut stream, 6, JUDGED);
        let core = contradiction(&problem);
        found += usize::from(core.is_some());
        if any_schedule(&problem, &mut stream) {
            free += 1;
            assert_eq!(core, None, "seed {run}: {}", problem.features());
        }
    }
    assert!(found > 200 && free > 2000, "{found} contradictions, {free} with a schedule");
}
