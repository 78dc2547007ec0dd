//! The cost of a feasible schedule, from the definitions of the measures.
//!
//! C is the latest of a job's release and the ends of its present tasks, r its release, d its due
//! time, d' the start of its due window, w its weight; F = C - r, L = C - d, T = max(0, L), late
//! when L > 0, E = max(0, d' - C); only jobs with a due time count in the last four. A level
//! counts as its floor at least. O(n log n) for n uses, O(tasks + terms × jobs) for the rest.
//!
//! **Source:** Graham, Lawler, Lenstra, Rinnooy Kan 1979 (three-field notation); decision record
//! 0004.

use crate::judge::Case;
use crate::{Violation, penalties, usage_cost};
use ordine_base::{Cost, IdVec, Time};
use ordine_problem::{Job, JobId, Level, Measure};

/// Sealing keeps the cost of left-shifted schedules below this; a later schedule may exceed it.
const COST_LIMIT: u128 = 1 << 62;

/// What the measures of ends are computed from.
struct Ends {
    makespan: i128,
    jobs: Vec<JobEnd>,
}

struct JobEnd {
    weight: i128,
    flow_time: i128,
    lateness: Option<i128>,
    earliness: Option<i128>,
}

/// The cost of a schedule that breaks no rule, or a level that is too large for an answer.
pub(crate) fn cost(case: &Case<'_>) -> Result<Cost, Violation> {
    let ends = ends(case);
    let mut levels = Vec::new();
    for (level, data) in case.problem.objective().levels().iter().enumerate() {
        let value = counted(case, &ends, data)
            .filter(|value| value.unsigned_abs() < COST_LIMIT)
            .and_then(|value| i64::try_from(value).ok());
        levels.push(value.ok_or(Violation::CostTooLarge { level })?);
    }
    Ok(Cost::from_levels(&levels))
}

/// The weighted sum, or the floor where that is above; `None` beyond even an `i128`.
fn counted(case: &Case<'_>, ends: &Ends, level: &Level) -> Option<i128> {
    let mut sum = 0_i128;
    for term in &level.terms {
        let value = measure(case, ends, term.measure)?.checked_mul(i128::from(term.weight))?;
        sum = sum.checked_add(value)?;
    }
    Some(level.floor.map_or(sum, |floor| sum.max(i128::from(floor))))
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
        earliness: job.due_from.or(job.due).map(|from| (-since(from)).max(0)),
    }
}

/// Value of a measure; `None` beyond an `i128`.
fn measure(case: &Case<'_>, ends: &Ends, measure: Measure) -> Option<i128> {
    match measure {
        Measure::TotalSetupTime => Some(usage_cost::setups(case).0),
        Measure::TotalSetupCost => Some(usage_cost::setups(case).1),
        Measure::ResourceCost => usage_cost::resource_cost(case),
        Measure::ResourceInvestment => usage_cost::resource_investment(case),
        Measure::ResourceLeveling => usage_cost::resource_leveling(case),
        Measure::Penalties => penalties::penalties(case),
        Measure::TotalDeviation => Some(penalties::deviation(case)),
        Measure::NumberMoved => Some(penalties::moved(case)),
        _ => Some(measure_of_ends(ends, measure)),
    }
}

fn measure_of_ends(ends: &Ends, measure: Measure) -> i128 {
    let jobs = ends.jobs.iter();
    let due_jobs = ends.jobs.iter().filter_map(|job| Some((job.weight, job.lateness?)));
    let late_jobs = due_jobs.clone().filter(|&(_, lateness)| lateness > 0);
    let early_jobs = ends.jobs.iter().filter_map(|job| Some((job.weight, job.earliness?)));
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
        Measure::TotalEarliness => early_jobs.map(|(_, earliness)| earliness).sum(),
        Measure::WeightedEarliness => {
            early_jobs.map(|(weight, earliness)| weight * earliness).sum()
        }
        Measure::TotalSetupTime
        | Measure::TotalSetupCost
        | Measure::ResourceCost
        | Measure::ResourceInvestment
        | Measure::ResourceLeveling
        | Measure::Penalties
        | Measure::TotalDeviation
        | Measure::NumberMoved => unreachable!("measured on something else than ends"),
    }
}
