//! Every measure on a pocket instance, computed by hand.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation); decision record
//! 0004.

use ordine_base::{Cost, Demand, Id, StepFunction, Ticks, Time};
use ordine_check::check;
use ordine_problem::{
    BatchKind, Batching, BreakPolicy, Calendar, Job, Measure, ModeId, Placement, Planned,
    Precedence, PrecedenceKind, Problem, ProblemBuilder, ProblemError, Schedule, Setup, Shift,
};

/// Weight, release and due time of a job, and the ends of its tasks.
type Row = (i64, i64, Option<i64>, &'static [i64]);

/// | job | w | r | d | C  | F  | L  |
/// |-----|---|---|---|----|----|----|
/// | 0   | 2 | 1 | 5 | 4  | 3  | -1 |
/// | 1   | 3 | 0 | 6 | 9  | 9  | 3  |
/// | 2   | 5 | 2 |   | 12 | 10 |    |
/// | 3   | 4 | 0 | 8 | 10 | 10 | 2  |
const ROWS: [Row; 4] =
    [(2, 1, Some(5), &[4]), (3, 0, Some(6), &[9]), (5, 2, None, &[12]), (4, 0, Some(8), &[7, 10])];

/// Tasks of one tick; one more, without job, ends at 15.
fn judged(rows: &[Row], objective: &str) -> Result<Cost, ProblemError> {
    let mut builder = ProblemBuilder::new("pocket");
    let mut ends = vec![15];
    let alone = builder.task("alone", None)?;
    builder.mode(alone, Ticks::new(1), &[])?;
    for &(weight, release, due, job_ends) in rows {
        let (release, due) = (Time::new(release), due.map(Time::new));
        let job = builder.job(Job { weight, release, due, ..Job::named("job") })?;
        for &end in job_ends {
            let task = builder.task("task", Some(job))?;
            builder.mode(task, Ticks::new(1), &[])?;
            ends.push(end);
        }
    }
    builder.objective(objective.parse().expect("an objective"));
    let problem = builder.seal()?;
    let schedule = schedule(&ends);
    let cost = check(&problem, &schedule).expect("feasible");
    assert_eq!(schedule.cost(&problem), cost, "solvers compute another {objective}");
    Ok(cost)
}

fn schedule(ends: &[i64]) -> Schedule {
    Schedule::from_placements(ends.iter().enumerate().map(|(index, &end)| {
        let (start, end) = (Time::new(end - 1), Time::new(end));
        Some(Placement { mode: ModeId::from_index(index), start, end })
    }))
}

#[test]
fn every_measure_is_as_computed_by_hand() {
    let expected = [
        ("makespan", 15),
        ("total-flow-time", 3 + 9 + 10 + 10),
        ("weighted-flow-time", 6 + 27 + 50 + 40),
        ("total-tardiness", 3 + 2),
        ("weighted-tardiness", 9 + 8),
        ("max-tardiness", 3),
        ("max-lateness", 3),
        ("number-late", 2),
        ("weighted-number-late", 3 + 4),
    ];
    for (objective, value) in expected {
        assert_eq!(judged(&ROWS, objective), Ok(Cost::single(value)), "{objective}");
    }
    let others = OTHERS.map(|row| row.0);
    let names: Vec<&str> = expected.iter().map(|row| row.0).chain(others).collect();
    assert_eq!(names, Measure::NAMES.map(|named| named.1), "a measure is missing here");
}

/// Computed by hand for [`factory`].
const OTHERS: [(&str, i64); 10] = [
    ("total-earliness", 2 + 3),
    ("weighted-earliness", 4 * 2 + 3),
    ("total-setup-time", 1),
    ("total-setup-cost", 7),
    ("resource-cost", 2 * (3 + 2) + 3 * (2 * 4 + 3) + 4),
    ("resource-investment", 2 + 3 * 3),
    ("resource-leveling", 2 * (3 + 2) + 3 * (2 * 2 * 2 + 2 * 3 * 3 + 1)),
    // Left out, too close, too far apart, 2 ticks of one too many, a late start, an early end.
    ("penalties", 11 + 2 * 2 + 3 + 5 * 2 + 6 + 1),
    ("total-deviation", 2),
    ("number-moved", 3),
];

/// | task  | needs         | placed | otherwise                                   |
/// |-------|---------------|--------|---------------------------------------------|
/// | turn  | press, 4 steel | [0, 3) | red, due window [5, 8], planned at 2        |
/// | bore  | press         | [4, 6) | blue, due 9, planned there                  |
/// | dig   | 2 of the crew | [0, 4) |                                             |
/// | carry | 1 of the crew | [2, 5) | planned there in another mode               |
/// | paint |               | absent | optional, planned                           |
fn factory(objective: &str) -> Result<(Problem, Schedule), ProblemError> {
    let mut builder = ProblemBuilder::new("factory");
    let families = ["red", "blue"].map(|name| builder.family(name));
    let times = [0, 1, 9, 0].map(Ticks::new).to_vec();
    let setup = Setup { name: "paint".into(), families: 2, times, costs: vec![0, 7, 5, 0] };
    let setup = builder.setup(setup);
    let press = builder.machine("press");
    let crew = builder.renewable("crew", Demand::new(2))?;
    let steel = builder.consumable("steel", Demand::new(4))?;
    for (resource, price) in [(press, 2), (crew, 3), (steel, 1)] {
        builder.edit_resource(resource).price = price;
    }
    builder.edit_resource(press).setup = Some(setup);
    builder.edit_resource(crew).overuse_penalty = Some(5);
    let window = (Some(Time::new(5)), Some(Time::new(8)));
    let first = Job { weight: 4, due_from: window.0, due: window.1, ..Job::named("first") };
    let jobs = [first, Job { due: Some(Time::new(9)), ..Job::named("second") }];
    let [first, second] = jobs.map(|job| builder.job(job).expect("valid"));
    let one = Demand::ONE;
    let turn = builder.task("turn", Some(first))?;
    builder.mode(turn, Ticks::new(3), &[(press, one), (steel, Demand::new(4))])?;
    let bore = builder.task("bore", Some(second))?;
    builder.mode(bore, Ticks::new(2), &[(press, one)])?;
    let dig = builder.task("dig", None)?;
    builder.mode(dig, Ticks::new(4), &[(crew, Demand::new(2))])?;
    let carry = builder.task("carry", None)?;
    builder.mode(carry, Ticks::new(3), &[(crew, one)])?;
    builder.mode(carry, Ticks::new(3), &[])?;
    let paint = builder.task("paint", None)?;
    builder.mode(paint, Ticks::new(1), &[])?;
    let wish = Precedence::end_to_start(turn, bore).with_lag(Ticks::new(3)).with_penalty(2);
    builder.precedence(wish)?;
    let near = Precedence::end_to_start(dig, carry).with_kind(PrecedenceKind::StartToStart);
    builder.precedence(near.with_lag_max(Ticks::new(1)).with_penalty(3))?;
    for (task, family) in [(turn, families[0]), (bore, families[1])] {
        builder.edit_task(task).family = Some(family);
    }
    let late = StepFunction::from_changes(vec![(Time::new(4), 6)]);
    builder.edit_task(bore).start_cost = Some(late);
    let early = vec![(Time::new(0), 1), (Time::new(6), -1)];
    builder.edit_task(carry).end_cost = Some(StepFunction::from_changes(early));
    let absent = builder.edit_task(paint);
    (absent.optional, absent.absence_penalty) = (true, 11);
    for (task, mode, start) in [(turn, 0, 2), (bore, 0, 4), (carry, 1, 2), (paint, 0, 0)] {
        builder.edit_task(task).planned = Some(Planned { mode, start: Time::new(start) });
    }
    builder.objective(objective.parse().expect("an objective"));
    let rows = [Some((0, 0, 3)), Some((1, 4, 6)), Some((2, 0, 4)), Some((3, 2, 5)), None];
    let placement = |row: Option<(usize, i64, i64)>| {
        let (mode, start, end) = row?;
        let (start, end) = (Time::new(start), Time::new(end));
        Some(Placement { mode: ModeId::from_index(mode), start, end })
    };
    Ok((builder.seal()?, Schedule::from_placements(rows.map(placement))))
}

#[test]
fn every_measure_of_other_things_than_ends_is_as_computed_by_hand() {
    for (objective, value) in OTHERS {
        let (problem, schedule) = factory(objective).expect("valid");
        assert_eq!(check(&problem, &schedule), Ok(Cost::single(value)), "{objective}");
        assert_eq!(schedule.cost(&problem).first(), value, "solvers compute another {objective}");
    }
}

/// Two tasks that bake together, one of which gives the oven away in its breaks.
fn oven(steps: Vec<(Time, Shift)>) -> Result<Problem, ProblemError> {
    let mut builder = ProblemBuilder::new("oven");
    let oven = builder.machine("oven");
    let (kind, size_max) = (BatchKind::Parallel, Demand::new(5));
    let calendar = builder.calendar(Calendar { steps, ..Calendar::always("day") });
    let resource = builder.edit_resource(oven);
    resource.batching = Some(Batching { kind, size_max });
    (resource.price, resource.calendar) = (2, Some(calendar));
    for demand in [2, 3] {
        let task = builder.task("bake", None)?;
        builder.mode(task, Ticks::new(4), &[(oven, Demand::new(demand))])?;
        builder.edit_task(task).breaks = BreakPolicy::Pause;
        builder.edit_task(task).released_in_breaks = demand == 2;
    }
    let objective = "resource-cost,resource-investment,resource-leveling";
    builder.objective(objective.parse().expect("an objective"));
    builder.seal()
}

#[test]
fn a_batch_uses_its_machine_once() {
    let pause = vec![(Time::new(3), Shift::Paused), (Time::new(5), Shift::FULL)];
    for (steps, end) in [(Vec::new(), 5), (pause, 7)] {
        let problem = oven(steps).expect("valid");
        let (start, end) = (Time::new(1), Time::new(end));
        let place = |mode| Some(Placement { mode: ModeId::from_index(mode), start, end });
        let schedule = Schedule::from_placements([place(0), place(1)]);
        let used = (end - start).get();
        let cost = Cost::from_levels(&[2 * used, 2, 2 * used]);
        assert_eq!(schedule.cost(&problem), cost, "solvers compute another cost");
        assert_eq!(check(&problem, &schedule), Ok(cost));
    }
}

#[test]
fn a_level_counts_as_its_floor_at_least() {
    let (problem, schedule) = factory("makespan,total-earliness").expect("valid");
    for (floor, counted) in [(5, 6), (6, 6), (9, 9)] {
        let objective = problem.objective().clone().with_floor(0, floor);
        let problem = problem.with(|builder| {
            builder.objective(objective);
            Ok(())
        });
        let problem = problem.expect("the floor is small");
        assert_eq!(check(&problem, &schedule), Ok(Cost::from_levels(&[counted, 5])));
    }
}

#[test]
fn lateness_may_be_negative_where_tardiness_is_zero() {
    let early: [Row; 2] = [(2, 0, Some(9), &[4]), (1, 0, Some(6), &[3])];
    assert_eq!(judged(&early, "max-lateness"), Ok(Cost::single(-3)));
    let others = ["max-tardiness", "total-tardiness", "weighted-tardiness", "number-late"];
    for objective in others {
        assert_eq!(judged(&early, objective), Ok(Cost::single(0)), "{objective}");
    }
}

#[test]
fn levels_are_weighted_sums_in_their_order() {
    let cost = judged(&ROWS, "number-late,2*makespan+3*weighted-tardiness,total-flow-time");
    assert_eq!(cost, Ok(Cost::from_levels(&[2, 30 + 51, 32])));
}

#[test]
fn a_job_without_tasks_ends_at_its_release() {
    let empty: [Row; 1] = [(7, 3, Some(1), &[])];
    let objective = "makespan,total-flow-time,weighted-tardiness";
    assert_eq!(judged(&empty, objective), Ok(Cost::from_levels(&[15, 0, 14])));
}

#[test]
fn a_problem_without_tasks_costs_nothing() {
    let problem: Problem = ProblemBuilder::new("empty").seal().expect("valid");
    assert_eq!(check(&problem, &Schedule::empty(&problem)), Ok(Cost::single(0)));
}
