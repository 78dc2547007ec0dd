//! The cost of a feasible schedule, from the definitions of the measures.
//!
//! C is the latest end of a job's tasks (its release, when it has none), r its release, d its due
//! time, w its weight; F = C - r, L = C - d, T = max(0, L), late when L > 0; only jobs with a due
//! time count in the last three. O(tasks + terms × jobs).
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation).

use crate::Violation;
use crate::judge::Case;
use ordine_base::{Cost, IdVec, Time};
use ordine_problem::{Job, JobId, Measure, Term};

/// Sealing keeps the cost of left-shifted schedules below this; a later schedule may exceed it.
const COST_LIMIT: u128 = 1 << 62;

/// What all measures are computed from.
struct Ends {
    makespan: i128,
    jobs: Vec<JobEnd>,
}

struct JobEnd {
    weight: i128,
    flow_time: i128,
    lateness: Option<i128>,
}

/// The cost of a schedule that breaks no rule, or a level that is too large for an answer.
pub(crate) fn cost(case: &Case<'_>) -> Result<Cost, Violation> {
    let ends = ends(case);
    let mut levels = Vec::new();
    for (level, data) in case.problem.objective().levels().iter().enumerate() {
        let value = weighted_sum(&ends, &data.terms)
            .filter(|value| value.unsigned_abs() < COST_LIMIT)
            .and_then(|value| i64::try_from(value).ok());
        levels.push(value.ok_or(Violation::CostTooLarge { level })?);
    }
    Ok(Cost::from_levels(&levels))
}

/// `None` when the sum exceeds even an `i128`.
fn weighted_sum(ends: &Ends, terms: &[Term]) -> Option<i128> {
    let mut sum = 0_i128;
    for term in terms {
        let value = measure(ends, term.measure).checked_mul(i128::from(term.weight))?;
        sum = sum.checked_add(value)?;
    }
    Some(sum)
}

fn ends(case: &Case<'_>) -> Ends {
    let mut makespan = Time::ORIGIN;
    let mut job_ends: IdVec<JobId, Time> =
        case.problem.jobs().map(|job| case.problem.job(job).release).collect();
    for (task, placement) in case.placed() {
        makespan = makespan.max(placement.end);
        if let Some(job) = case.problem.task(task).job {
            job_ends[job] = job_ends[job].max(placement.end);
        }
    }
    let job_end = |(job, &end)| job_end(case.problem.job(job), end);
    Ends { makespan: i128::from(makespan.get()), jobs: job_ends.iter().map(job_end).collect() }
}

fn job_end(job: &Job, end: Time) -> JobEnd {
    let since = |time: Time| i128::from(end.get()) - i128::from(time.get());
    JobEnd {
        weight: i128::from(job.weight),
        flow_time: since(job.release),
        lateness: job.due.map(since),
    }
}

fn measure(ends: &Ends, measure: Measure) -> i128 {
    let jobs = ends.jobs.iter();
    let due_jobs = ends.jobs.iter().filter_map(|job| Some((job.weight, job.lateness?)));
    let late_jobs = due_jobs.clone().filter(|&(_, lateness)| lateness > 0);
    match measure {
        Measure::Makespan => ends.makespan,
        Measure::TotalFlowTime => jobs.map(|job| job.flow_time).sum(),
        Measure::WeightedFlowTime => jobs.map(|job| job.weight * job.flow_time).sum(),
        Measure::TotalTardiness => late_jobs.map(|(_, tardiness)| tardiness).sum(),
        Measure::WeightedTardiness => late_jobs.map(|(weight, tardiness)| weight * tardiness).sum(),
        Measure::MaxTardiness => late_jobs.map(|(_, tardiness)| tardiness).max().unwrap_or(0),
        Measure::MaxLateness => due_jobs.map(|(_, lateness)| lateness).max().unwrap_or(0),
        Measure::NumberLate => late_jobs.map(|_| 1).sum(),
        Measure::WeightedNumberLate => late_jobs.map(|(weight, _)| weight).sum(),
        _ => 0,
    }
}
