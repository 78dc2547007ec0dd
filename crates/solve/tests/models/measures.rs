//! The measures of a plan, summed tick by tick.
//!
//! **Source:** decision record 0004.

use crate::plan::{Case, Place, step_value};
use crate::rules::missed_by;
use ordine_base::Id;
use ordine_problem::{Measure, Problem, ResourceId, ResourceKind};

/// Value of each level.
pub fn levels(case: &Case<'_>) -> Vec<i64> {
    let levels = case.problem.objective().levels().iter();
    levels
        .map(|level| level.terms.iter().map(|term| term.weight * value(case, term.measure)).sum())
        .collect()
}

/// Values that no completion of a part of a plan falls below; 0 for what is no measure of ends.
pub fn least_levels(problem: &Problem, part: &[Option<Place>]) -> Vec<i64> {
    let value = |measure: Measure| match measure {
        Measure::TotalEarliness | Measure::WeightedEarliness => 0,
        Measure::Makespan => makespan(part),
        _ => jobs(problem, part, measure),
    };
    let levels = problem.objective().levels().iter();
    levels
        .map(|level| level.terms.iter().map(|term| term.weight * value(term.measure)).sum())
        .collect()
}

fn makespan(plan: &[Option<Place>]) -> i64 {
    plan.iter().flatten().map(|it| it.end).max().unwrap_or(0)
}

fn value(case: &Case<'_>, measure: Measure) -> i64 {
    match measure {
        Measure::Makespan => makespan(case.plan),
        Measure::TotalSetupTime => setups(case).0,
        Measure::TotalSetupCost => setups(case).1,
        Measure::ResourceCost => {
            let ticks = |id| (0..case.ticks).map(|tick| used(case, id, tick)).sum::<i64>();
            consumed(case) + priced(case, &ticks)
        }
        Measure::ResourceInvestment => {
            priced(case, &|id| (0..case.ticks).map(|tick| used(case, id, tick)).max().unwrap_or(0))
        }
        Measure::ResourceLeveling => {
            priced(case, &|id| (0..case.ticks).map(|tick| used(case, id, tick).pow(2)).sum())
        }
        Measure::Penalties => penalties(case),
        Measure::TotalDeviation => deviations(case).iter().flatten().sum(),
        Measure::NumberMoved => moved(case),
        _ => jobs(case.problem, case.plan, measure),
    }
}

/// Usage of a resource at a tick; a batch uses its machine once, whatever its tasks demand.
fn used(case: &Case<'_>, id: ResourceId, tick: i64) -> i64 {
    if case.problem.resource(id).batching.is_none() {
        return case.usage(id, tick);
    }
    let users = case.users[id.index()][tick as usize].iter();
    let times = users.filter_map(|user| case.place(user.task)).map(|it| (it.start, it.end));
    times.collect::<std::collections::BTreeSet<_>>().len() as i64
}

fn jobs(problem: &Problem, plan: &[Option<Place>], measure: Measure) -> i64 {
    let mut values = Vec::new();
    for id in problem.jobs() {
        let job = problem.job(id);
        let tasks = problem.tasks().filter(|&task| problem.task(task).job == Some(id));
        let ends = tasks.filter_map(|task| plan[task.index()]).map(|place| place.end);
        // A job without any present task is over when it is released.
        let end = ends.chain([job.release.get()]).max().unwrap_or(0);
        let late = job.due.map(|due| end - due.get());
        let early = job.due_from.or(job.due).map(|from| (from.get() - end).max(0));
        values.extend(match measure {
            Measure::TotalFlowTime => Some(end - job.release.get()),
            Measure::WeightedFlowTime => Some(job.weight * (end - job.release.get())),
            Measure::TotalTardiness | Measure::MaxTardiness => late.map(|late| late.max(0)),
            Measure::WeightedTardiness => late.map(|late| job.weight * late.max(0)),
            Measure::MaxLateness => late,
            Measure::NumberLate => late.map(|late| i64::from(late > 0)),
            Measure::WeightedNumberLate => late.map(|late| job.weight * i64::from(late > 0)),
            Measure::TotalEarliness => early,
            Measure::WeightedEarliness => early.map(|early| job.weight * early),
            _ => None,
        });
    }
    match measure {
        Measure::MaxTardiness | Measure::MaxLateness => values.into_iter().max().unwrap_or(0),
        _ => values.into_iter().sum(),
    }
}

/// Time and cost of the setups between consecutive stretches of use.
fn setups(case: &Case<'_>) -> (i64, i64) {
    let mut sum = (0, 0);
    let machines = case.problem.resources().filter(|&id| case.problem.resource(id).is_machine());
    for machine in machines {
        let mut before = None;
        for (_, task) in case.turns(machine) {
            if before != Some(task) {
                let (time, cost) = case.setup(machine, before, task);
                sum = (sum.0 + time, sum.1 + cost);
            }
            before = Some(task);
        }
    }
    sum
}

/// Sum of price × value over machines and renewables.
fn priced(case: &Case<'_>, value: &dyn Fn(ResourceId) -> i64) -> i64 {
    let price = |id: ResourceId| case.problem.resource(id).price;
    case.problem.resources().filter(|&id| price(id) > 0).map(|id| price(id) * value(id)).sum()
}

/// Price of what is spent of consumables.
fn consumed(case: &Case<'_>) -> i64 {
    let needs = case.plan.iter().flatten().flat_map(|it| case.problem.requirements(it.mode));
    let spent = needs.map(|need| (case.problem.resource(need.resource), need.demand.get()));
    let consumables = spent.filter(|it| matches!(it.0.kind, ResourceKind::Consumable(_)));
    consumables.map(|(resource, demand)| resource.price * demand).sum()
}

fn penalties(case: &Case<'_>) -> i64 {
    let mut sum = 0;
    for task in case.problem.tasks() {
        let data = case.problem.task(task);
        sum += match case.place(task) {
            None => data.absence_penalty,
            Some(place) => {
                let of_start = data.start_cost.as_ref().map(|it| step_value(it, place.start));
                let of_end = data.end_cost.as_ref().map(|it| step_value(it, place.end));
                of_start.unwrap_or(0) + of_end.unwrap_or(0)
            }
        };
    }
    for precedence in case.problem.precedences().values() {
        let missed = missed_by(case, precedence).unwrap_or(0);
        sum += precedence.penalty.unwrap_or(0) * missed;
    }
    for id in case.problem.resources() {
        let Some(penalty) = case.problem.resource(id).overuse_penalty else { continue };
        let over = |tick| (case.usage(id, tick) - case.capacity(id, tick)).max(0);
        sum += penalty * (0..case.ticks).map(over).sum::<i64>();
    }
    sum
}

/// Distance of each planned task from its planned start; `None` where it is absent or unplanned.
fn deviations(case: &Case<'_>) -> Vec<Option<i64>> {
    let distance = |task| {
        let planned = case.problem.task(task).planned?;
        Some((case.place(task)?.start - planned.start.get()).abs())
    };
    case.problem.tasks().map(distance).collect()
}

fn moved(case: &Case<'_>) -> i64 {
    let distances = deviations(case);
    let moves = |task: &ordine_problem::TaskId| {
        let Some(planned) = case.problem.task(*task).planned else { return false };
        let mode = case.problem.modes(*task).nth(planned.mode as usize);
        let stays = case.place(*task).is_some_and(|place| Some(place.mode) == mode);
        !stays || distances[task.index()] != Some(0)
    };
    case.problem.tasks().filter(moves).count() as i64
}
