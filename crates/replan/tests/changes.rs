//! Each kind of change on a plan of four tasks, and what becomes of every task.
//!
//! **Source:** decision record 0004, settled tasks.

use ordine_base::{Demand, Id, Ticks, Time};
use ordine_problem::{
    BatchKind, Batching, Calendar, Job, JobId, Level, Measure, Objective, Placement, Precedence,
    Problem, ProblemBuilder, ResourceId, Schedule, Shift, Status, TaskId, Term,
};
use ordine_replan::{Aim, Replan, ReplanError, replan};
use ordine_wire::change::{Change, Dates, Late};

/// Two jobs of two tasks each on a lathe and a drill, planned one after the other:
/// a1 0..4 lathe, a2 4..10 drill, b1 4..9 lathe, b2 10..12 drill.
fn plan() -> (Problem, Schedule) {
    let mut builder = ProblemBuilder::new("shop");
    let lathe = builder.machine("lathe");
    let drill = builder.machine("drill");
    for (name, durations) in [("a", [4, 6]), ("b", [5, 2])] {
        let due = Some(Time::new(12));
        let job = builder.job(Job { due, ..Job::named(name) }).expect("valid");
        let mut last = None;
        for (place, machine) in [lathe, drill].into_iter().enumerate() {
            let task = builder.task(format!("{name}{}", place + 1), Some(job)).expect("valid");
            let duration = Ticks::new(durations[place]);
            builder.mode(task, duration, &[(machine, Demand::ONE)]).expect("valid");
            if let Some(before) = last.replace(task) {
                builder.precedence(Precedence::end_to_start(before, task)).expect("valid");
            }
        }
    }
    let problem = builder.seal().expect("valid");
    let starts = [0, 4, 4, 10];
    let placed = problem.tasks().zip(starts).map(|(task, start)| {
        let mode = problem.numbered_mode(task, 0)?;
        Some(Placement::starting(&problem, mode, Time::new(start)))
    });
    let schedule = Schedule::from_placements(placed);
    (problem, schedule)
}

fn task(number: usize) -> TaskId {
    TaskId::from_index(number)
}

fn at(now: i64, changes: &[Change]) -> Result<Replan, ReplanError> {
    let (problem, schedule) = plan();
    replan(&problem, &schedule, Time::new(now), changes, &Aim::default())
}

/// The statuses as words: d is done, r running, f frozen, `-` free.
fn words(plan: &Replan) -> String {
    let word = |task| match plan.problem.task(task).status {
        Status::Done { end, .. } => format!("d{end}"),
        Status::Running { remaining, .. } => format!("r{}", remaining.get()),
        Status::Frozen { start, .. } => format!("f{start}"),
        Status::Free => "-".to_owned(),
    };
    plan.problem.tasks().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_plan_happens_unless_something_else_is_said() {
    let window = |length| Change::FrozenWindow { length: Ticks::new(length) };
    let lathe = plan().0.resources().next().expect("a machine");
    let down = |from, to| Change::MachineDown {
        resource: lathe,
        from: Time::new(from),
        to: Some(Time::new(to)),
    };
    let late = |number, by| Change::TaskLate { task: task(number), by };
    let ticks = Ticks::new;
    let done = |number, end| Change::TaskDone {
        task: task(number),
        mode: None,
        start: None,
        end: Time::new(end),
    };
    let started = |number, start, remaining: Option<i64>| Change::TaskStarted {
        task: task(number),
        mode: None,
        start: Time::new(start),
        remaining: remaining.map(ticks),
    };
    for (now, changes, expected) in [
        (0, vec![], "- - - -"),
        (4, vec![], "d4 - - -"),
        (6, vec![], "d4 r4 r3 -"),
        (10, vec![], "d4 d10 d9 -"),
        (0, vec![window(5)], "f0 f4 f4 -"),
        (6, vec![window(5)], "d4 r4 r3 f10"),
        (6, vec![done(0, 3), done(2, 6)], "d3 r4 d6 -"),
        // What was to follow at 4 cannot have started then.
        (6, vec![started(0, 1, None)], "d5 - - -"),
        (6, vec![started(0, 1, Some(7))], "r7 - - -"),
        (6, vec![late(1, Late::Delay(ticks(5)))], "d4 r9 r3 -"),
        (6, vec![late(0, Late::Delay(ticks(3)))], "r1 - - -"),
        (6, vec![late(1, Late::Duration(ticks(2)))], "d4 d6 r3 -"),
        (6, vec![late(1, Late::Remaining(ticks(1)))], "d4 r1 r3 -"),
        // The frozen successors of what is late cannot stay.
        (2, vec![window(9), late(0, Late::Delay(ticks(1)))], "r3 - - -"),
        (2, vec![window(9), late(3, Late::Delay(ticks(1)))], "r2 f4 f4 -"),
        // Down before and after the present: no work was done since 1.
        (2, vec![window(9), down(1, 5)], "r3 - - -"),
        // Down later: only what is planned there cannot stay.
        (2, vec![window(9), down(7, 8)], "r2 f4 - -"),
    ] {
        let plan = at(now, &changes).expect("valid");
        assert_eq!(words(&plan), expected, "now {now}, {changes:?}");
    }
}

#[test]
fn free_tasks_remember_where_they_stood() {
    let plan = at(4, &[]).expect("valid");
    let planned: Vec<Option<i64>> = plan
        .problem
        .tasks()
        .map(|task| plan.problem.task(task).planned.map(|it| it.start.get()))
        .collect();
    assert_eq!(planned, [None, Some(4), Some(4), Some(10)]);
    assert_eq!(plan.problem.objective().to_string(), "makespan,total-deviation");
    assert_eq!(plan.problem.now(), Time::new(4));
    // Planning again from the new problem adds nothing twice.
    let again = replan(&plan.problem, &plan.start, Time::new(5), &[], &Aim::Keep).expect("valid");
    let objective = again.problem.objective().to_string();
    assert_eq!(objective, "number-moved,total-deviation,makespan");
    assert_eq!(words(&again), "d4 r5 r4 -");
}

#[test]
fn a_plan_without_free_tasks_has_nothing_to_deviate() {
    let plan = at(20, &[]).expect("valid");
    assert_eq!(plan.problem.objective().to_string(), "makespan");
    assert!(plan.problem.objective().terms().all(|term| term.measure == Measure::Makespan));
}

#[test]
fn a_cancelled_job_leaves_only_what_has_begun() {
    let job = plan().0.jobs().nth(1).expect("two jobs");
    let before = at(3, &[Change::JobCancelled { job }]).expect("valid");
    assert_eq!(words(&before), "r1 -");
    assert_eq!(before.cancelled, [task(2), task(3)]);
    let during = at(6, &[Change::JobCancelled { job }]).expect("valid");
    assert_eq!(words(&during), "d4 r4 d6");
    assert_eq!(during.problem.jobs().len(), 1);
    assert_eq!(during.problem.task(task(2)).job, None);
}

#[test]
fn due_times_change_and_calendars_count() {
    let (problem, schedule) = plan();
    let job = problem.jobs().next().expect("a job");
    let dates = Dates { due: Some(Time::new(9)), weight: Some(3), ..Dates::default() };
    let changed = at(0, &[Change::DueChanged { job, dates }]).expect("valid");
    let data = changed.problem.job(job);
    assert_eq!((data.due, data.weight), (Some(Time::new(9)), 3));
    // The drill works at half speed: of a2, planned 4..16, 2 of 6 are done at 9.
    let slow = problem
        .with(|builder| {
            let first = Shift::Open(50);
            let calendar = builder.calendar(Calendar { first, ..Calendar::always("slow") });
            let drill = problem.resources().nth(1).expect("two machines");
            builder.edit_resource(drill).calendar = Some(calendar);
            Ok(())
        })
        .expect("valid");
    let mut stretched = schedule.clone();
    for (number, [start, end]) in [(1, [4, 16]), (3, [16, 20])] {
        let mode = slow.numbered_mode(task(number), 0).expect("a mode");
        let (start, end) = (Time::new(start), Time::new(end));
        stretched.place(task(number), Placement { mode, start, end });
    }
    let plan = replan(&slow, &stretched, Time::new(9), &[], &Aim::default()).expect("valid");
    assert_eq!(words(&plan), "d4 r4 d9 -");
    assert_eq!(plan.start.placement(task(1)).map(|it| it.end), Some(Time::new(17)));
}

#[test]
fn contradictions_name_their_change() {
    let resource = plan().0.resources().next().expect("a machine");
    let done =
        |end| Change::TaskDone { task: task(0), mode: None, start: None, end: Time::new(end) };
    let late = |by| Change::TaskLate { task: task(3), by };
    let delay = late(Late::Delay(Ticks::new(1)));
    let from = Time::new(5);
    for (changes, number, words) in [
        (vec![done(9)], 0, "an end at 6 or earlier"),
        (vec![done(3), done(3)], 1, "each task once"),
        (vec![delay, delay], 1, "each task once"),
        (vec![late(Late::Remaining(Ticks::new(1)))], 0, "a task under way"),
        (vec![Change::MachineDown { resource, from, to: Some(from) }], 0, "a time after 5"),
    ] {
        let error = at(6, &changes).expect_err("a contradiction");
        let ReplanError::Change { change, ref expected, .. } = error else { panic!("{error}") };
        assert!(change == number && expected.contains(words), "{changes:?}: {error}");
    }
    let (problem, schedule) = plan();
    let later = replan(&problem, &schedule, Time::new(6), &[], &Aim::default()).expect("valid");
    let back = replan(&later.problem, &later.start, Time::new(5), &[], &Aim::default());
    assert!(matches!(back, Err(ReplanError::PastPresent { now: 5, least: 6 })));
}

fn resource(problem: &Problem, name: &str) -> ResourceId {
    problem.resources().find(|&id| problem.resource(id).name == name).expect("it is there")
}

#[test]
fn what_the_plan_has_under_way_has_not_started_where_something_before_it_is_late() {
    let (problem, _) = plan();
    let [lathe, drill] = ["lathe", "drill"].map(|name| resource(&problem, name));
    let down = |resource, from, to: i64| Change::MachineDown {
        resource,
        from: Time::new(from),
        to: Some(Time::new(to)),
    };
    // a1 stands still from 2 to 9, so that neither a2 nor b1 has started at 4.
    let outage = at(5, &[down(lathe, 2, 9)]).expect("valid");
    assert_eq!(words(&outage), "r2 - - -");
    let freed: Vec<usize> = outage.freed.iter().map(|it| it.task.index()).collect();
    assert_eq!(freed, [1, 2], "{:?}", outage.freed);
    assert!(outage.freed[0].why.contains("task a1"), "{:?}", outage.freed);
    // The drill did not work when a2 was to start; the lathe goes on as planned.
    assert_eq!(words(&at(6, &[down(drill, 3, 8)]).expect("valid")), "d4 - r3 -");
    // What is reported has happened, whatever the plan says of it.
    let late = Change::TaskLate { task: task(0), by: Late::Delay(Ticks::new(3)) };
    let started = Change::TaskStarted {
        task: task(1),
        mode: None,
        start: Time::new(4),
        remaining: Some(Ticks::new(5)),
    };
    assert_eq!(words(&at(5, &[late, started]).expect("valid")), "r2 r5 - -");
}

#[test]
fn changes_that_leave_nothing_to_measure_or_to_run_on_are_no_mistakes() {
    let (problem, schedule) = plan();
    let due = |builder: &mut ProblemBuilder| {
        let level = |measure| Level::of(vec![Term { weight: 1, measure }]);
        let levels = [Measure::TotalTardiness, Measure::Makespan].map(level).to_vec();
        builder.objective(Objective::from_levels(levels).expect("two levels"));
        Ok(())
    };
    let problem = problem.with(due).expect("valid");
    let jobs: Vec<JobId> = problem.jobs().collect();
    let cancelled = jobs.iter().map(|&job| Change::JobCancelled { job }).collect::<Vec<_>>();
    let replanned = |changes: &[Change]| {
        replan(&problem, &schedule, Time::new(1), changes, &Aim::default()).expect("valid")
    };
    let left = replanned(&cancelled).problem;
    assert_eq!((left.jobs().len(), left.objective().to_string().as_str()), (0, "makespan"));
    // The lathe is down for ever under a1, and before b1.
    let lathe = resource(&problem, "lathe");
    let down = Change::MachineDown { resource: lathe, from: Time::new(1), to: None };
    let broken = replanned(&[down]).problem;
    let impossible = broken.impossible_modes().iter().map(|it| broken.mode(it.mode).task);
    assert_eq!(impossible.collect::<Vec<_>>(), [task(2)]);
}

#[test]
fn a_crew_that_is_down_beside_an_oven_lowers_its_capacity() {
    let mut builder = ProblemBuilder::new("oven");
    let oven = builder.machine("oven");
    let crew = builder.renewable("crew", Demand::new(2)).expect("valid");
    builder.edit_resource(oven).batching =
        Some(Batching { kind: BatchKind::Parallel, size_max: Demand::new(2) });
    for name in ["now", "later"] {
        let task = builder.task(name, None).expect("valid");
        let needs = [(oven, Demand::ONE), (crew, Demand::ONE)];
        builder.mode(task, Ticks::new(3), &needs).expect("valid");
    }
    let problem = builder.seal().expect("valid");
    let placed = problem.tasks().zip([0, 3]).map(|(task, start)| {
        let mode = problem.numbered_mode(task, 0)?;
        Some(Placement::starting(&problem, mode, Time::new(start)))
    });
    let schedule = Schedule::from_placements(placed);
    let down = Change::MachineDown { resource: crew, from: Time::new(2), to: Some(Time::new(7)) };
    let plan = replan(&problem, &schedule, Time::new(1), &[down], &Aim::default()).expect("valid");
    let capacity = |time| plan.problem.resource(crew).capacity_at(Time::new(time)).get();
    // The batch that is in the oven keeps who serves it.
    assert_eq!([1, 2, 6, 7].map(capacity), [2, 1, 1, 2]);
}
