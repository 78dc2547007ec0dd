//! The global rules, checked once when a problem is sealed.
//!
//! O(tasks + modes + requirements + precedences), and for each strongly connected part of the
//! precedences with largest gaps the cost of its longest paths.
//!
//! **Source:** validation in two places as in PyJobShop.

mod features;
mod modes;
mod numbers;
mod order;
mod relations;
mod rules;

use crate::problem::{Links, Problem};
use crate::{FeatureSet, ProblemBuilder, ProblemError, Status, TaskId};
use ordine_base::{IdVec, Time};

pub(crate) fn seal(mut builder: ProblemBuilder) -> Result<Problem, ProblemError> {
    rules::check_resources(&builder)?;
    let tables = modes::flatten(&mut builder);
    let links = Links::new(builder.tasks.len(), builder.precedences.as_slice());
    let mut job_tasks = IdVec::filled(builder.jobs.len(), Vec::new());
    for (task, data) in builder.tasks.iter() {
        if let Some(job) = data.job {
            job_tasks[job].push(task);
        }
    }
    let releases = builder.tasks.ids().map(|task| release(&builder, task)).collect();
    let count = builder.tasks.len();
    let mut problem = Problem {
        name: builder.name,
        jobs: builder.jobs,
        tasks: builder.tasks,
        modes: tables.modes,
        ranges: tables.ranges,
        requirements: tables.requirements,
        stock_changes: tables.stock_changes,
        usable_modes: Vec::new(),
        resources: builder.resources,
        precedences: builder.precedences,
        links,
        order: Vec::new(),
        job_tasks,
        objective: builder.objective,
        horizon: Time::ORIGIN,
        features: FeatureSet::EMPTY,
        releases,
        relations: builder.relations,
        holds: IdVec::filled(count, None),
        spans: IdVec::filled(count, None),
        calendars: builder.calendars,
        setups: builder.setups,
        families: builder.families,
        now: builder.now,
    };
    rules::check_tasks(&problem)?;
    relations::check_first(&mut problem)?;
    modes::find_usable(&mut problem)?;
    relations::check(&mut problem)?;
    problem.order = order::topological_order(&problem)?;
    problem.horizon = numbers::horizon(&problem)?;
    numbers::check_demands(&problem)?;
    numbers::check_objective(&problem)?;
    problem.features = features::features(&problem);
    Ok(problem)
}

/// Earliest start; that of a settled task is its start.
fn release(builder: &ProblemBuilder, task: TaskId) -> Time {
    let data = &builder.tasks[task];
    if let Some((_, start)) = data.status.settled() {
        return start;
    }
    debug_assert_eq!(data.status, Status::Free);
    let of_job = data.job.map_or(Time::ORIGIN, |job| builder.jobs[job].release);
    of_job.max(data.earliest_start).max(builder.now)
}
