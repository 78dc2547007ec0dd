//! Rules about what is spent and stored: consumables and reservoirs.
//!
//! O(n log n) for n requirements and changes.
//!
//! **Source:** reservoirs as in CP Optimizer (Laborie et al. 2018); decision record 0004.

use crate::Violation;
use crate::judge::Case;
use ordine_base::{Demand, IdVec, Time};
use ordine_problem::{Point, ResourceId, ResourceKind, Stock, TaskId};

/// Total usage of a consumable is at most its capacity, unless only tasks that are over used it.
pub(crate) fn overspending(case: &Case<'_>, violations: &mut Vec<Violation>) {
    let mut totals: IdVec<ResourceId, (i128, bool)> =
        IdVec::filled(case.problem.resources().len(), (0, false));
    for (task, placement) in case.placed_in_own_mode() {
        for need in case.problem.requirements(placement.mode) {
            let (total, is_open) = &mut totals[need.resource];
            *total += i128::from(need.demand.get());
            *is_open |= !case.done[task];
        }
    }
    for (consumable, &(total, is_open)) in totals.iter() {
        let ResourceKind::Consumable(capacity) = case.problem.resource(consumable).kind else {
            continue;
        };
        if is_open && total > i128::from(capacity.get()) {
            let usage = Demand::new(i64::try_from(total).unwrap_or(i64::MAX));
            violations.push(Violation::Overspending { consumable, usage, capacity });
        }
    }
}

/// The level of a reservoir does not fall below its lowest.
pub(crate) fn stock_too_low(case: &Case<'_>, violations: &mut Vec<Violation>) {
    levels(case, |reservoir, stock, events| {
        let low = events.filter(|event| event.level < i128::from(stock.least));
        for_each_run(low, |Event { time, level, task, .. }| {
            let (level, least) = (narrow(level), stock.least);
            violations.push(Violation::StockTooLow { reservoir, task, time, level, least });
        });
    });
}

/// The level of a reservoir does not rise above its highest.
pub(crate) fn stock_too_high(case: &Case<'_>, violations: &mut Vec<Violation>) {
    levels(case, |reservoir, stock, events| {
        let high = events.filter(|event| event.level > i128::from(stock.most));
        for_each_run(high, |Event { time, level, task, .. }| {
            let (level, most) = (narrow(level), stock.most);
            violations.push(Violation::StockTooHigh { reservoir, task, time, level, most });
        });
    });
}

/// Level of a reservoir after all changes of a time.
#[derive(Clone, Copy)]
struct Event {
    number: usize,
    time: Time,
    level: i128,
    /// The first task that changes it then and is not over.
    task: TaskId,
}

/// Calls `look` for each reservoir with the times at which a task that is not over changes it.
fn levels(
    case: &Case<'_>,
    mut look: impl FnMut(ResourceId, Stock, &mut dyn Iterator<Item = Event>),
) {
    let mut changes: IdVec<ResourceId, Vec<(Time, TaskId, i128)>> =
        case.problem.resources().map(|_| Vec::new()).collect();
    for (task, placement) in case.placed_in_own_mode() {
        for change in case.problem.stock_changes(placement.mode) {
            let time = match change.at {
                Point::Start => placement.start,
                Point::End => placement.end,
            };
            changes[change.reservoir].push((time, task, i128::from(change.amount)));
        }
    }
    for (reservoir, mut list) in case.problem.resources().zip(changes.values().cloned()) {
        let ResourceKind::Reservoir(stock) = case.problem.resource(reservoir).kind else {
            continue;
        };
        list.sort_unstable();
        let mut level = i128::from(stock.initial);
        let at_once = list.chunk_by(|left, right| left.0 == right.0).enumerate();
        let mut events = at_once.filter_map(|(number, now)| {
            level += now.iter().map(|change| change.2).sum::<i128>();
            let open = now.iter().find(|change| !case.done[change.1])?;
            Some(Event { number, time: open.0, level, task: open.1 })
        });
        look(reservoir, stock, &mut events);
    }
}

/// Calls `tell` for the first of each run of events that follow one another.
fn for_each_run(events: impl Iterator<Item = Event>, mut tell: impl FnMut(Event)) {
    let mut last = None;
    for event in events {
        if last.is_none_or(|last: usize| last + 1 < event.number) {
            tell(event);
        }
        last = Some(event.number);
    }
}

fn narrow(level: i128) -> i64 {
    i64::try_from(level).unwrap_or(if level < 0 { i64::MIN } else { i64::MAX })
}
