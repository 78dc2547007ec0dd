//! Rules about resources: one sweep over the uses of each, sorted by time.
//!
//! A task uses a machine or a renewable at t when `start <= t < end`, so never when it has no
//! length; it spends a consumable in any case. O(n log n) for n uses.
//!
//! **Source:** -

use crate::Violation;
use crate::judge::{Case, Use};
use ordine_base::{Demand, Time};
use ordine_problem::{ResourceId, ResourceKind, TaskId};

/// Tasks of a machine do not overlap: each starts when the latest end before it has passed.
pub(crate) fn overlap(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for machine in case.problem.resources() {
        if case.problem.resource(machine).kind == ResourceKind::Machine {
            sweep_machine(machine, &case.uses[machine], violations);
        }
    }
}

fn sweep_machine(machine: ResourceId, uses: &[Use], violations: &mut Vec<Violation>) {
    let mut sequence: Vec<(Time, Time, TaskId)> =
        with_length(uses).map(|it| (it.placement.start, it.placement.end, it.task)).collect();
    sequence.sort_unstable();
    let mut latest: Option<(Time, TaskId)> = None;
    for (start, end, second) in sequence {
        if let Some((first_end, first)) = latest
            && start < first_end
        {
            let time = start;
            violations.push(Violation::Overlap { machine, first, second, time, first_end });
        }
        if latest.is_none_or(|(first_end, _)| first_end < end) {
            latest = Some((end, second));
        }
    }
}

/// Usage of a renewable is at most its capacity at all times.
pub(crate) fn overuse(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for renewable in case.problem.resources() {
        if let ResourceKind::Renewable(capacity) = case.problem.resource(renewable).kind {
            sweep_renewable(renewable, capacity, &case.uses[renewable], violations);
        }
    }
}

/// One violation for each longest interval in which the usage stays above the capacity.
fn sweep_renewable(
    renewable: ResourceId,
    capacity: Demand,
    uses: &[Use],
    violations: &mut Vec<Violation>,
) {
    let mut changes: Vec<(Time, TaskId, i128)> = with_length(uses)
        .flat_map(|Use { task, placement, demand }| {
            [(placement.start, task, demand), (placement.end, task, -demand)]
        })
        .collect();
    changes.sort_unstable();
    let (mut usage, mut was_over) = (0, false);
    for changes_now in changes.chunk_by(|left, right| left.0 == right.0) {
        usage += changes_now.iter().map(|change| change.2).sum::<i128>();
        let is_over = usage > i128::from(capacity.get());
        let starting = changes_now.iter().find(|change| change.2 > 0);
        if let Some(&(time, task, _)) = starting.filter(|_| is_over && !was_over) {
            let usage = narrow(usage);
            violations.push(Violation::Overuse { renewable, task, time, usage, capacity });
        }
        was_over = is_over;
    }
}

/// Total usage of a consumable is at most its capacity.
pub(crate) fn overspending(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for consumable in case.problem.resources() {
        let ResourceKind::Consumable(capacity) = case.problem.resource(consumable).kind else {
            continue;
        };
        let usage: i128 = case.uses[consumable].iter().map(|it| it.demand).sum();
        if usage > i128::from(capacity.get()) {
            let usage = narrow(usage);
            violations.push(Violation::Overspending { consumable, usage, capacity });
        }
    }
}

fn with_length(uses: &[Use]) -> impl Iterator<Item = Use> {
    uses.iter().copied().filter(|it| it.placement.start < it.placement.end)
}

/// The usage for a message; beyond an `i64`, which takes 2^23 tasks of the largest demand, its
/// largest value.
fn narrow(usage: i128) -> Demand {
    Demand::new(i64::try_from(usage).unwrap_or(i64::MAX))
}
