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
        demand_max: 0,
        cost_max: 0,
        features: FeatureSet::EMPTY,
        releases: IdVec::filled(count, Time::ORIGIN),
        begun: IdVec::filled(count, false),
        relations: builder.relations,
        holds: IdVec::filled(count, None),
        spans: IdVec::filled(count, None),
        calendars: builder.calendars,
        setups: builder.setups,
        families: builder.families,
        now: builder.now,
        impossible: Vec::new(),
        barred: IdVec::filled(count, false),
    };
    rules::check_tasks(&problem)?;
    relations::check_first(&mut problem)?;
    problem.begun = begun(&problem);
    problem.releases = problem.tasks.ids().map(|task| release(&problem, task)).collect();
    modes::find_usable(&mut problem, builder.admits_impossible)?;
    relations::check(&mut problem)?;
    problem.order = order::topological_order(&problem)?;
    problem.horizon = numbers::horizon(&problem)?;
    problem.demand_max = numbers::check_demands(&problem)?;
    problem.cost_max = numbers::check_objective(&problem)?;
    problem.features = features::features(&problem);
    Ok(problem)
}

/// Tasks that are done or running, and those that span one of them.
fn begun(problem: &Problem) -> IdVec<TaskId, bool> {
    let count = problem.tasks.len();
    let mut parents: IdVec<TaskId, Option<TaskId>> = IdVec::filled(count, None);
    for span in &problem.relations.spans {
        span.children.iter().for_each(|child| parents[*child] = Some(span.parent));
    }
    let mut begun = IdVec::filled(count, false);
    for (task, data) in problem.tasks.iter() {
        let has_begun = matches!(data.status, Status::Done { .. } | Status::Running { .. });
        let mut next = Some(task).filter(|_| has_begun);
        while let Some(task) = next.filter(|task| !begun[*task]) {
            begun[task] = true;
            next = parents[task];
        }
    }
    begun
}

/// Earliest start; that of a settled task is its start, and what spans others started with them.
fn release(problem: &Problem, task: TaskId) -> Time {
    let data = &problem.tasks[task];
    if let Some((_, start)) = data.status.settled() {
        return start;
    }
    if problem.begun[task] {
        return Time::ORIGIN;
    }
    let of_job = data.job.map_or(Time::ORIGIN, |job| problem.jobs[job].release);
    let own = of_job.max(data.earliest_start);
    // A child that is frozen may have started before the present.
    if problem.spans[task].is_some() { own } else { own.max(problem.now) }
}
