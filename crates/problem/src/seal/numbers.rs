//! No sum of times, demands or costs overflows.
//!
//! O(size of the tables).
//!
//! **Source:** -

use crate::problem::Problem;
use crate::{Measure, ModeId, ProblemError, ResourceId, ResourceKind, Status, TaskId, WorkTime};
use ordine_base::{IdVec, Time};

/// An end that a left-shifted schedule never exceeds: everything one after the other, after the
/// last time that the problem names.
pub(super) fn horizon(problem: &Problem) -> Result<Time, ProblemError> {
    let works = problem.tasks().map(|task| elapsed_max(problem, task));
    let lags = problem.precedences.values().map(|precedence| {
        // An end that must follow a point by a lag can also push the start of a shorter mode.
        i128::from(precedence.lag.positive_part().get())
    });
    let found = i128::from(last_named_time(problem).get())
        + works.sum::<i128>()
        + lags.sum::<i128>()
        + setups(problem);
    if found > i128::from(Time::MAX.get()) {
        return Err(ProblemError::HorizonTooLong { found });
    }
    Ok(Time::new(found as i64))
}

/// The latest time that some rule names.
fn last_named_time(problem: &Problem) -> Time {
    let mut last = problem.now;
    for job in problem.jobs.values() {
        last = last.max(job.release);
    }
    for task in problem.tasks() {
        let data = problem.task(task);
        last = last.max(problem.release(task)).max(data.earliest_end);
        let forbidden = [&data.forbidden_starts, &data.forbidden_ends, &data.forbidden_extents];
        let ends = forbidden.into_iter().flatten().map(|interval| interval.end);
        last = ends.fold(last, Time::max);
        if let Status::Done { end, .. } = data.status {
            last = last.max(end);
        }
    }
    for resource in problem.resources.values() {
        let profiles = [&resource.capacity_profile, &resource.usage_min].into_iter().flatten();
        let times = profiles.filter_map(|profile| profile.steps().last());
        last = times.map(|step| step.0).fold(last, Time::max);
    }
    let lasting = problem.calendars.values().filter(|calendar| calendar.period.is_none());
    let times = lasting.filter_map(|calendar| calendar.steps.last());
    times.map(|step| step.0).fold(last, Time::max)
}

/// Most time that a task can take, waiting for its shift included.
fn elapsed_max(problem: &Problem, task: TaskId) -> i128 {
    let remaining = match problem.task(task).status {
        Status::Running { remaining, .. } => Some(remaining),
        _ => None,
    };
    let of_mode = |&mode: &ModeId| {
        let duration = remaining.unwrap_or(problem.mode(mode).duration);
        let work = WorkTime::of(problem, mode);
        if work.is_free() {
            return i128::from(duration.get());
        }
        let from = last_change(problem, mode);
        let policy = problem.task(task).breaks;
        let end = work.earliest(from, duration, policy).map_or(Time::MAX, |(_, end)| end);
        // The same work can begin at any other phase of the periods.
        let periods = problem.requirements(mode).iter().filter_map(|need| {
            let calendar = problem.resource(need.resource).calendar?;
            problem.calendar(calendar).period
        });
        let slack: i128 = periods.map(|period| 2 * i128::from(period.get())).sum();
        match end < Time::MAX {
            true => 2 * i128::from((end - from).get()) + slack,
            // Works only before a last change, which the last named time covers.
            false => i128::from(duration.get()) + slack,
        }
    };
    problem.usable_modes(task).iter().map(of_mode).max().unwrap_or(0)
}

/// Last change of the calendars of a mode that do not repeat.
fn last_change(problem: &Problem, mode: ModeId) -> Time {
    let needs = problem.requirements(mode).iter();
    let calendars = needs.filter_map(|need| problem.resource(need.resource).calendar);
    let lasting = calendars.map(|id| problem.calendar(id)).filter(|it| it.period.is_none());
    let times = lasting.filter_map(|calendar| calendar.steps.last().map(|step| step.0));
    times.fold(Time::ORIGIN, Time::max)
}

/// Before each task the longest setup of any machine.
fn setups(problem: &Problem) -> i128 {
    let times = problem.setups.values().flat_map(|setup| &setup.times);
    let longest = times.map(|time| i128::from(time.get())).max().unwrap_or(0);
    longest * problem.tasks.len() as i128
}

/// No sum of demands on a resource may overflow, whatever modes are chosen; gives the largest.
pub(super) fn check_demands(problem: &Problem) -> Result<i64, ProblemError> {
    let totals = total_demands(problem);
    match totals.iter().find(|(_, total)| **total >= 1 << 62) {
        None => Ok(totals.values().copied().max().unwrap_or(0) as i64),
        Some((resource, &found)) => {
            let resource = problem.resources[resource].name.clone();
            Err(ProblemError::DemandTooLarge { resource, found })
        }
    }
}

/// Demands, and changes of level in either direction, over all usable modes.
fn total_demands(problem: &Problem) -> IdVec<ResourceId, i128> {
    let mut totals: IdVec<ResourceId, i128> = IdVec::filled(problem.resources.len(), 0);
    for mode in problem.usable_modes.iter().copied() {
        for need in problem.requirements(mode) {
            totals[need.resource] += i128::from(need.demand.get());
        }
        for change in problem.stock_changes(mode) {
            totals[change.reservoir] += i128::from(change.amount.abs());
        }
    }
    for hold in problem.holds() {
        if let Some(buffer) = hold.buffer {
            totals[buffer] += 1;
        }
    }
    totals
}

/// No value of the objective may overflow; gives one that none exceeds in magnitude.
pub(super) fn check_objective(problem: &Problem) -> Result<i64, ProblemError> {
    let mut found: i128 = 0;
    for term in problem.objective.terms() {
        check_measured(problem, term.measure)?;
        let share = largest(problem, term.measure);
        found = found.saturating_add(share.saturating_mul(i128::from(term.weight)));
    }
    let floors = problem.objective.levels().iter().filter_map(|level| level.floor);
    found = floors.fold(found, |found, floor| found.max(i128::from(floor)));
    if found >= 1 << 62 {
        return Err(ProblemError::ObjectiveTooLarge { found });
    }
    Ok(found as i64)
}

/// Something takes part in the measure.
fn check_measured(problem: &Problem, measure: Measure) -> Result<(), ProblemError> {
    if measure.needs_due() && !problem.jobs.values().any(|job| job.due.is_some()) {
        return Err(ProblemError::NoDue { measure: measure.name() });
    }
    let priced = |resource: &crate::Resource| resource.price > 0;
    let missing = match measure {
        Measure::ResourceCost | Measure::ResourceInvestment | Measure::ResourceLeveling
            if !problem.resources.values().any(priced) =>
        {
            "a resource with a price"
        }
        Measure::TotalSetupTime | Measure::TotalSetupCost
            if !problem.resources.values().any(|resource| resource.setup.is_some()) =>
        {
            "a machine with setups"
        }
        Measure::TotalDeviation | Measure::NumberMoved
            if !problem.tasks.values().any(|task| task.planned.is_some()) =>
        {
            "a task with a planned start"
        }
        _ => return Ok(()),
    };
    Err(ProblemError::NothingMeasured { measure: measure.name(), missing })
}

/// A value that the measure of a left-shifted schedule does not exceed.
fn largest(problem: &Problem, measure: Measure) -> i128 {
    let horizon = i128::from(problem.horizon.get());
    let count = problem.tasks.len() as i128;
    let totals = || total_demands(problem);
    let priced = |of: &dyn Fn(i128, i128) -> i128| {
        let totals = totals();
        let prices = problem.resources.iter();
        let costs = prices.map(|(id, it)| of(i128::from(it.price), totals[id]));
        costs.fold(0_i128, i128::saturating_add)
    };
    match measure {
        Measure::Makespan => horizon,
        Measure::TotalSetupTime => setups(problem),
        Measure::TotalSetupCost => {
            let costs = problem.setups.values().flat_map(|setup| &setup.costs);
            count * i128::from(costs.copied().max().unwrap_or(0))
        }
        Measure::ResourceCost => {
            priced(&|price, total| price.saturating_mul(total).saturating_mul(horizon))
        }
        Measure::ResourceInvestment => priced(&|price, total| price.saturating_mul(total)),
        Measure::ResourceLeveling => priced(&|price, total| {
            price.saturating_mul(total).saturating_mul(total).saturating_mul(horizon)
        }),
        Measure::Penalties => penalties(problem, horizon),
        Measure::TotalDeviation => {
            let planned = problem.tasks.values().filter_map(|task| task.planned);
            planned.map(|planned| horizon + i128::from(planned.start.get())).sum()
        }
        Measure::NumberMoved => count,
        _ => {
            let weights = problem.jobs.values().map(|job| i128::from(job.weight.max(1)));
            largest_per_job(problem).saturating_mul(weights.sum::<i128>().max(1))
        }
    }
}

/// A value that flow time, tardiness and earliness of no job exceed.
fn largest_per_job(problem: &Problem) -> i128 {
    let dues = || problem.jobs.values().flat_map(|job| [job.due, job.due_from]).flatten();
    let earliest = dues().map(Time::get).min().unwrap_or(0).min(0);
    let furthest = dues().map(|due| due.get().abs()).max().unwrap_or(0);
    (i128::from(problem.horizon.get()) - i128::from(earliest)).max(i128::from(furthest))
}

fn penalties(problem: &Problem, horizon: i128) -> i128 {
    let mut sum: i128 = 0;
    for task in problem.tasks.values() {
        sum += i128::from(task.absence_penalty);
        let costs = [&task.start_cost, &task.end_cost].into_iter().flatten();
        sum += costs.map(|cost| i128::from(cost.max())).sum::<i128>();
    }
    for precedence in problem.precedences.values() {
        let Some(penalty) = precedence.penalty else { continue };
        let lag_max = precedence.lag_max.unwrap_or(precedence.lag);
        let reach = horizon + i128::from(precedence.lag.get().abs().max(lag_max.get().abs()));
        sum = sum.saturating_add(i128::from(penalty).saturating_mul(reach));
    }
    let totals = total_demands(problem);
    for (id, resource) in problem.resources.iter() {
        if let (Some(penalty), ResourceKind::Renewable(_)) =
            (resource.overuse_penalty, resource.kind)
        {
            let over = totals[id].saturating_mul(horizon);
            sum = sum.saturating_add(i128::from(penalty).saturating_mul(over));
        }
    }
    sum
}
