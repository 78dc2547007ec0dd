//! Sealing rejects what no engine could handle, and names the culprit.
//!
//! **Source:** -

use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    Feature, ImpossibleMode, Job, Measure, Objective, Precedence, PrecedenceKind, ProblemBuilder,
    ProblemError, Status, TaskId,
};

fn chain(durations: &[i64]) -> (ProblemBuilder, Vec<TaskId>) {
    let mut builder = ProblemBuilder::new("chain");
    let machine = builder.machine("m0");
    let job = builder.job(Job::named("j0")).expect("valid job");
    let mut tasks = Vec::new();
    for (position, &duration) in durations.iter().enumerate() {
        let task = builder.task(format!("t{position}"), Some(job)).expect("valid task");
        builder.mode(task, Ticks::new(duration), &[(machine, Demand::ONE)]).expect("valid mode");
        tasks.push(task);
    }
    for pair in tasks.windows(2) {
        builder.precedence(Precedence::end_to_start(pair[0], pair[1])).expect("valid precedence");
    }
    (builder, tasks)
}

#[test]
fn a_cycle_is_named_task_by_task() {
    let (mut builder, tasks) = chain(&[1, 2, 3]);
    builder.precedence(Precedence::end_to_start(tasks[2], tasks[1])).expect("valid precedence");
    let error = builder.seal().expect_err("cyclic");
    assert_eq!(error.to_string(), "precedences form a cycle: t1 -> t2 -> t1; remove one of them");
}

#[test]
fn a_task_that_follows_itself_is_a_cycle() {
    let (mut builder, tasks) = chain(&[1]);
    builder.precedence(Precedence::end_to_start(tasks[0], tasks[0])).expect("valid precedence");
    assert!(matches!(builder.seal(), Err(ProblemError::Cycle { tasks }) if tasks == ["t0", "t0"]));
}

#[test]
fn a_mode_beyond_the_capacity_is_unusable_and_a_task_of_such_modes_impossible() {
    let mut builder = ProblemBuilder::new("p");
    let crew = builder.renewable("crew", Demand::new(2)).expect("valid resource");
    let task = builder.task("dig", None).expect("valid task");
    builder.mode(task, Ticks::new(1), &[(crew, Demand::new(3))]).expect("valid mode");
    let error = builder.clone().seal().expect_err("impossible");
    assert!(matches!(error, ProblemError::ImpossibleDemand { mode: 0, .. }), "{error}");
    // Who wants the answer instead of the error gets it.
    let mut admitting = builder.clone();
    admitting.admit_impossible_tasks();
    let problem = admitting.seal().expect("admitted");
    let mode = problem.usable_modes(task)[0];
    assert_eq!(problem.impossible_modes(), [ImpossibleMode { mode, resource: Some(crew) }]);
    assert!(problem.features().has(Feature::ImpossibleTasks));
    assert_eq!(problem.with(|_| Ok(())), Ok(problem.clone()), "sealed again");
    builder.edit_task(task).optional = true;
    let barred = builder.clone().seal().expect("who may be absent is no reason to give up");
    assert!(barred.is_barred(task) && barred.impossible_modes().is_empty());
    // What is under way may not be absent.
    let start = Time::ORIGIN;
    builder.edit_task(task).status = Status::Running { mode: 0, start, remaining: Ticks::new(1) };
    assert!(builder.clone().seal().is_err());
    builder.edit_task(task).status = Status::Free;
    builder.edit_task(task).optional = false;
    builder.mode(task, Ticks::new(4), &[(crew, Demand::new(2))]).expect("valid mode");
    let problem = builder.seal().expect("the second mode is usable");
    assert_eq!(problem.impossible_modes(), []);
    assert_eq!(problem.modes(task).len(), 2);
    assert_eq!(problem.usable_modes(task).len(), 1);
    assert!(!problem.features().has(Feature::SeveralModes));
}

#[test]
fn what_takes_no_time_needs_no_room_but_still_consumes() {
    let mut builder = ProblemBuilder::new("p");
    let crew = builder.renewable("crew", Demand::new(2)).expect("valid resource");
    let paint = builder.consumable("paint", Demand::new(2)).expect("valid resource");
    let task = builder.task("sign", None).expect("valid task");
    builder.mode(task, Ticks::ZERO, &[(crew, Demand::new(3))]).expect("valid mode");
    builder.mode(task, Ticks::ZERO, &[(paint, Demand::new(3))]).expect("valid mode");
    let problem = builder.seal().expect("the first mode is usable");
    assert_eq!(problem.usable_modes(task).len(), 1);
}

#[test]
fn demands_that_could_overflow_are_rejected() {
    let mut builder = ProblemBuilder::new("p");
    let crew = builder.renewable("crew", Demand::MAX).expect("valid resource");
    let task = builder.task("dig", None).expect("valid task");
    for _ in 0..1 << 22 {
        builder.mode(task, Ticks::ZERO, &[(crew, Demand::MAX)]).expect("valid mode");
    }
    assert!(matches!(builder.seal(), Err(ProblemError::DemandTooLarge { .. })));
}

#[test]
fn a_task_without_mode_is_rejected() {
    let mut builder = ProblemBuilder::new("p");
    builder.task("idle", None).expect("valid task");
    assert_eq!(builder.seal(), Err(ProblemError::NoMode { task: "idle".to_owned() }));
}

#[test]
fn horizons_and_objectives_that_could_overflow_are_rejected() {
    let (builder, _) = chain(&[Ticks::MAX.get(), 1]);
    assert!(matches!(builder.seal(), Err(ProblemError::HorizonTooLong { .. })));
    let (mut builder, tasks) = chain(&[1 << 30]);
    let mut job = Job::named("heavy");
    (job.weight, job.due) = (1 << 40, Some(Time::ORIGIN));
    builder.job(job).expect("valid job");
    builder.objective(Objective::single(Measure::WeightedTardiness));
    assert_eq!(tasks[0].index(), 0);
    assert!(matches!(builder.seal(), Err(ProblemError::ObjectiveTooLarge { .. })));
}

#[test]
fn tardiness_needs_a_due_time() {
    let (mut builder, _) = chain(&[1]);
    builder.objective(Objective::single(Measure::TotalTardiness));
    let error = builder.seal().expect_err("no due time");
    assert_eq!(error, ProblemError::NoDue { measure: "total-tardiness" });
}

#[test]
fn local_rules_are_checked_at_once() {
    let (mut builder, tasks) = chain(&[1]);
    let machine = builder.machine("m1");
    let twice = [(machine, Demand::ONE), (machine, Demand::ONE)];
    let error = builder.mode(tasks[0], Ticks::new(1), &twice).expect_err("named twice");
    assert!(matches!(error, ProblemError::RepeatedResource { .. }));
    let error = builder.mode(tasks[0], Ticks::new(-1), &[]).expect_err("negative");
    let text = "duration of task t0 is -1: expected 0 to 1099511627776";
    assert_eq!(error.to_string(), text);
    let error = builder.mode(tasks[0], Ticks::new(1), &[(machine, Demand::new(2))]);
    assert!(matches!(error, Err(ProblemError::OutOfRange { what: "demand", .. })));
}

#[test]
fn a_variant_differs_only_where_it_was_changed() {
    let (builder, tasks) = chain(&[1, 2]);
    let problem = builder.seal().expect("valid");
    assert_eq!(problem.with(|_| Ok(())).expect("same parts"), problem);
    let lag = Precedence::end_to_start(tasks[0], tasks[1])
        .with_kind(PrecedenceKind::StartToEnd)
        .with_lag(Ticks::new(7));
    let variant =
        problem.with(|builder| builder.precedence(lag).map(|_| ())).expect("valid variant");
    assert!(variant.features().has(Feature::GeneralPrecedences));
    assert!(variant.features().has(Feature::Lags));
    assert_eq!(variant.horizon(), Time::new(10));
}
