//! Every measure on a pocket instance, computed by hand.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation).

use ordine_base::{Cost, Id, Ticks, Time};
use ordine_check::check;
use ordine_problem::{Job, ModeId, Placement, Problem, ProblemBuilder, ProblemError, Schedule};

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
    let regular = ordine_problem::Measure::NAMES.iter().filter(|named| named.0.is_regular());
    let names: Vec<&str> = regular.map(|named| named.1).collect();
    assert_eq!(names, expected.map(|row| row.0), "a measure is missing here");
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
