//! Measures of wishes: what is missed, left out, or moved from where it was planned.
//!
//! O(tasks + precedences), and the sweep of renewables whose capacity may be missed.
//!
//! **Source:** decision record 0004.

use crate::judge::Case;
use crate::relation_rules::{gap, points};
use crate::usage_cost::excess;
use ordine_base::{StepFunction, Time};
use ordine_problem::{Precedence, TaskId};

/// Penalties of absent tasks, of starts and ends, of precedences and of capacities; `None` beyond
/// an `i128`.
pub(crate) fn penalties(case: &Case<'_>) -> Option<i128> {
    let mut sum: i128 = case.problem.tasks().map(|task| of_task(case, task)).sum();
    for precedence in case.problem.precedences().values() {
        if let Some(penalty) = precedence.penalty {
            let missed = missed_by(case, precedence).checked_mul(i128::from(penalty))?;
            sum = sum.checked_add(missed)?;
        }
    }
    for id in case.problem.resources() {
        if let Some(penalty) = case.problem.resource(id).overuse_penalty {
            sum = sum.checked_add(excess(case, id)?.checked_mul(i128::from(penalty))?)?;
        }
    }
    Some(sum)
}

fn of_task(case: &Case<'_>, task: TaskId) -> i128 {
    let data = case.problem.task(task);
    let Some(placement) = case.schedule.placement(task) else {
        return i128::from(data.absence_penalty);
    };
    let cost = |function: &Option<StepFunction>, time: Time| {
        function.as_ref().map_or(0, |function| i128::from(function.value(time)))
    };
    cost(&data.start_cost, placement.start) + cost(&data.end_cost, placement.end)
}

/// Ticks by which two present tasks are too close or too far apart.
fn missed_by(case: &Case<'_>, precedence: &Precedence) -> i128 {
    let Some(gap) = points(case, precedence).map(gap) else { return 0 };
    let short = i128::from(precedence.lag.get()) - gap;
    let beyond = precedence.lag_max.map_or(0, |most| gap - i128::from(most.get()));
    short.max(0) + beyond.max(0)
}

/// Sum over present planned tasks of the distance of their start from the planned one.
pub(crate) fn deviation(case: &Case<'_>) -> i128 {
    let planned = case.placed().filter_map(|(task, placement)| {
        let planned = case.problem.task(task).planned?;
        Some(gap((planned.start, placement.start)).abs())
    });
    planned.sum()
}

/// Number of planned tasks that are absent, or start at another time or in another mode.
pub(crate) fn moved(case: &Case<'_>) -> i128 {
    let has_moved = |&task: &TaskId| {
        let Some(planned) = case.problem.task(task).planned else { return false };
        let mode = case.problem.numbered_mode(task, planned.mode as usize);
        case.schedule.placement(task).is_none_or(|placement| {
            placement.start != planned.start || Some(placement.mode) != mode
        })
    };
    case.problem.tasks().filter(has_moved).map(|_| 1).sum()
}
