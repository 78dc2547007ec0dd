//! Rules about single tasks, resources, calendars and setups.
//!
//! O(size of the tables).
//!
//! **Source:** decision record 0004.

use crate::builder::in_range;
use crate::problem::Problem;
use crate::{
    Calendar, ProblemBuilder, ProblemError, Resource, ResourceKind, Setup, Shift, Status, Task,
};
use ordine_base::{Demand, Interval, StepFunction, Ticks, Time};

const TIME_MOST: i64 = Time::MAX.get();

pub(super) fn contradiction<T>(
    owner: String,
    problem: impl Into<String>,
) -> Result<T, ProblemError> {
    Err(ProblemError::Contradiction { owner, problem: problem.into() })
}

pub(super) fn check_resources(builder: &ProblemBuilder) -> Result<(), ProblemError> {
    for calendar in builder.calendars.values() {
        check_calendar(calendar)?;
    }
    for setup in builder.setups.values() {
        check_setup(builder, setup)?;
    }
    in_range("present", || "the problem".to_owned(), builder.now.get(), 0, TIME_MOST)?;
    builder.resources.values().try_for_each(|resource| check_resource(builder, resource))
}

fn check_calendar(calendar: &Calendar) -> Result<(), ProblemError> {
    let owner = || format!("calendar {}", calendar.name);
    let most = match calendar.period {
        None => TIME_MOST,
        Some(period) => {
            in_range("period", owner, period.get(), 1, TIME_MOST)?;
            period.get() - 1
        }
    };
    let least = if calendar.period.is_some() { 0 } else { -TIME_MOST };
    let shifts = calendar.steps.iter().map(|step| step.1).chain([calendar.first]);
    for shift in shifts {
        if let Shift::Open(percent) = shift {
            in_range("percentage of speed", owner, i64::from(percent), 1, 1000)?;
        }
    }
    let mut earlier = None;
    for &(time, _) in &calendar.steps {
        in_range("time of change", owner, time.get(), least, most)?;
        if earlier.is_some_and(|earlier| earlier >= time) {
            return contradiction(
                owner(),
                format!("change at {time} expected after the one before"),
            );
        }
        earlier = Some(time);
    }
    Ok(())
}

fn check_setup(builder: &ProblemBuilder, setup: &Setup) -> Result<(), ProblemError> {
    let owner = || format!("setup {}", setup.name);
    let families = builder.families.len();
    if setup.families != families {
        let found = setup.families;
        return contradiction(owner(), format!("expected {families} families, found {found}"));
    }
    let cells = families * families;
    if setup.times.len() != cells || !(setup.costs.is_empty() || setup.costs.len() == cells) {
        let found = (setup.times.len(), setup.costs.len());
        let found = format!("{} times and {} costs", found.0, found.1);
        return contradiction(
            owner(),
            format!("expected {cells} times (and costs), found {found}"),
        );
    }
    for time in &setup.times {
        in_range("setup time", owner, time.get(), 0, Ticks::MAX.get())?;
    }
    for &cost in &setup.costs {
        in_range("setup cost", owner, cost, 0, TIME_MOST)?;
    }
    Ok(())
}

fn check_resource(builder: &ProblemBuilder, resource: &Resource) -> Result<(), ProblemError> {
    let owner = || format!("resource {}", resource.name);
    let only = |what: &str, kind: &str| contradiction(owner(), format!("only {kind} have {what}"));
    let is_renewable = matches!(resource.kind, ResourceKind::Renewable(_));
    if !resource.is_machine() {
        if resource.setup.is_some() || resource.initial_family.is_some() {
            return only("setups", "machines");
        }
        if resource.batching.is_some() {
            return only("batches", "machines");
        }
    }
    if !is_renewable {
        if resource.capacity_profile.is_some() || resource.usage_min.is_some() {
            return only("capacities that change over time and least usages", "renewables");
        }
        if resource.overuse_penalty.is_some() {
            return only("penalties of usage", "renewables");
        }
    }
    if resource.calendar.is_some() && !resource.comes_back() {
        return only("calendars", "machines and renewables");
    }
    if resource.calendar.is_some_and(|id| builder.calendars.get(id).is_none())
        || resource.setup.is_some_and(|id| builder.setups.get(id).is_none())
        || resource.initial_family.is_some_and(|id| builder.families.get(id).is_none())
    {
        return contradiction(owner(), "refers to a calendar, setup or family that is not known");
    }
    in_range("price", owner, resource.price, 0, TIME_MOST)?;
    if let Some(penalty) = resource.overuse_penalty {
        in_range("penalty", owner, penalty, 1, TIME_MOST)?;
    }
    if let Some(batching) = resource.batching {
        in_range("batch size", owner, batching.size_max.get(), 1, Demand::MAX.get())?;
    }
    check_profiles(resource)
}

fn check_profiles(resource: &Resource) -> Result<(), ProblemError> {
    let owner = || format!("resource {}", resource.name);
    if let Some(profile) = &resource.capacity_profile {
        check_steps("capacity", owner, profile)?;
        let (largest, capacity) = (profile.max(), resource.capacity().get());
        if largest != capacity {
            let expected = format!("expected capacity {largest}, the largest of its profile");
            return contradiction(owner(), format!("{expected}, found {capacity}"));
        }
    }
    if let Some(least) = &resource.usage_min {
        check_steps("least usage", owner, least)?;
        let last = least.steps().last().map_or(least.max(), |step| step.1);
        if last != 0 {
            return contradiction(owner(), format!("least usage ends at {last}: expected 0"));
        }
        if least.value(Time::new(-1)) != 0 {
            return contradiction(owner(), "least usage before the origin: expected 0");
        }
    }
    Ok(())
}

fn check_steps(
    what: &'static str,
    owner: impl Fn() -> String,
    steps: &StepFunction,
) -> Result<(), ProblemError> {
    for &(time, value) in steps.steps() {
        in_range("time of a step", &owner, time.get(), -TIME_MOST, TIME_MOST)?;
        in_range(what, &owner, value, 0, Demand::MAX.get())?;
    }
    in_range(what, &owner, steps.value(Time::new(-TIME_MOST - 1)), 0, Demand::MAX.get())
}

pub(super) fn check_tasks(problem: &Problem) -> Result<(), ProblemError> {
    for task in problem.tasks() {
        check_task(problem, problem.task(task))?;
        check_status(problem, task)?;
    }
    Ok(())
}

fn check_task(problem: &Problem, task: &Task) -> Result<(), ProblemError> {
    let owner = || format!("task {}", task.name);
    in_range("absence penalty", owner, task.absence_penalty, 0, TIME_MOST)?;
    if task.family.is_some_and(|family| problem.families.get(family).is_none()) {
        return contradiction(owner(), "refers to a family that is not known");
    }
    in_range("earliest start", owner, task.earliest_start.get(), 0, TIME_MOST)?;
    in_range("earliest end", owner, task.earliest_end.get(), 0, TIME_MOST)?;
    for latest in [task.latest_start, task.latest_end].into_iter().flatten() {
        in_range("latest start or end", owner, latest.get(), 0, TIME_MOST)?;
    }
    let forbidden =
        [&task.forbidden_starts, &task.forbidden_ends, &task.forbidden_extents].into_iter();
    for &Interval { start, end } in forbidden.flatten() {
        in_range("start of a forbidden time", owner, start.get(), -TIME_MOST, TIME_MOST)?;
        in_range("end of a forbidden time", owner, end.get(), start.get() + 1, TIME_MOST)?;
    }
    for cost in [&task.start_cost, &task.end_cost].into_iter().flatten() {
        check_steps("cost of a start or end", owner, cost)?;
    }
    Ok(())
}

fn check_status(problem: &Problem, id: crate::TaskId) -> Result<(), ProblemError> {
    let task = problem.task(id);
    let owner = || format!("task {}", task.name);
    let count = problem.modes(id).len();
    let settled = task.status.settled().map(|(mode, _)| mode);
    for mode in settled.into_iter().chain(task.planned.map(|planned| planned.mode)) {
        if mode as usize >= count {
            let found = format!("its status or plan names mode {mode}: expected below {count}");
            return contradiction(owner(), found);
        }
    }
    if let Some(planned) = task.planned {
        in_range("planned start", owner, planned.start.get(), 0, TIME_MOST)?;
    }
    match task.status {
        Status::Free => Ok(()),
        Status::Done { start, end, .. } => {
            in_range("start", owner, start.get(), 0, TIME_MOST)?;
            in_range("end", owner, end.get(), start.get(), TIME_MOST)
        }
        Status::Running { start, remaining, .. } => {
            in_range("start of the running task", owner, start.get(), 0, problem.now.get())?;
            in_range("remaining work", owner, remaining.get(), 0, Ticks::MAX.get())
        }
        Status::Frozen { start, .. } => in_range("start", owner, start.get(), 0, TIME_MOST),
    }
}
