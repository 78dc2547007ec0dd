//! Rules about renewables: usage below the capacity and above the least usage, at all times.
//!
//! One sweep over the points where something changes. O(n log n) for n uses and steps.
//!
//! **Source:** decision record 0004.

use crate::Violation;
use crate::judge::Case;
use crate::occupation::Use;
use ordine_base::{Demand, StepFunction, Time};
use ordine_problem::{Resource, ResourceId, ResourceKind, TaskId};
use std::collections::BTreeMap;

/// What changes at one time: a use begins or ends, or the limit changes by an amount.
#[derive(Clone, Copy)]
enum Change<'a> {
    End(&'a Use),
    Start(&'a Use),
    Limit(i128),
}

/// Usage and limit at a time, with the tasks that are not over and since when they are there.
#[derive(Default)]
pub(crate) struct Level {
    pub(crate) usage: i128,
    pub(crate) limit: i128,
    open: BTreeMap<TaskId, Time>,
}

impl Level {
    fn apply(&mut self, change: Change<'_>) {
        match change {
            Change::End(it) => {
                self.usage -= it.demand;
                self.open.remove(&it.task);
            }
            Change::Start(it) => {
                self.usage += it.demand;
                if !it.done {
                    self.open.insert(it.task, it.start);
                }
            }
            Change::Limit(by) => self.limit += by,
        }
    }
}

/// Calls `look` with the level at every time from the first change on.
pub(crate) fn sweep(uses: &[Use], limit: &StepFunction, mut look: impl FnMut(Time, &Level)) {
    let mut level = Level { limit: first_value(limit), ..Level::default() };
    let mut changes: Vec<(Time, u8, TaskId, Change<'_>)> = Vec::new();
    for it in uses {
        // At one time ends come before starts, so that a task that goes and comes is there.
        changes.push((it.end, 0, it.task, Change::End(it)));
        changes.push((it.start, 1, it.task, Change::Start(it)));
    }
    changes.sort_unstable_by_key(|change| (change.0, change.1, change.2));
    let steps = steps(limit);
    let mut times: Vec<Time> = changes.iter().map(|change| change.0).collect();
    times.extend(steps.iter().map(|step| step.0));
    times.sort_unstable();
    times.dedup();
    let (mut changes, mut steps) = (changes.into_iter().peekable(), steps.into_iter().peekable());
    for time in times {
        while let Some((_, by)) = steps.next_if(|step| step.0 == time) {
            level.apply(Change::Limit(by));
        }
        while let Some((.., change)) = changes.next_if(|change| change.0 == time) {
            level.apply(change);
        }
        look(time, &level);
    }
}

fn first_value(function: &StepFunction) -> i128 {
    i128::from(function.value(Time::new(i64::MIN)))
}

/// Times with the amount by which the value changes.
fn steps(function: &StepFunction) -> Vec<(Time, i128)> {
    let mut value = first_value(function);
    let step = |&(time, next): &(Time, i64)| {
        let by = i128::from(next) - value;
        value += by;
        (time, by)
    };
    function.steps().iter().map(step).collect()
}

/// Capacity by time.
pub(crate) fn capacity(resource: &Resource, at_all_times: Demand) -> StepFunction {
    let constant = || StepFunction::constant(at_all_times.get());
    resource.capacity_profile.clone().unwrap_or_else(constant)
}

/// Usage of a renewable is at most its capacity whenever a task that is not over uses it; where it
/// may be missed, that costs.
pub(crate) fn overuse(case: &Case<'_>, violations: &mut Vec<Violation>) {
    for renewable in case.problem.resources() {
        let resource = case.problem.resource(renewable);
        let ResourceKind::Renewable(at_all_times) = resource.kind else { continue };
        if resource.overuse_penalty.is_none() {
            let capacity = capacity(resource, at_all_times);
            over_capacity(renewable, &case.uses[renewable], &capacity, violations);
        }
    }
}

/// One violation for each longest interval in which the usage stays above the capacity.
fn over_capacity(
    renewable: ResourceId,
    uses: &[Use],
    capacity: &StepFunction,
    violations: &mut Vec<Violation>,
) {
    let mut was_over = false;
    sweep(uses, capacity, |time, level| {
        let coming = level.open.iter().find(|&(_, &since)| since == time);
        let present = coming.or(level.open.first_key_value());
        let culprit = present.filter(|_| level.usage > level.limit);
        if let Some((&task, &since)) = culprit.filter(|_| !was_over) {
            let (usage, capacity) = (narrow(level.usage), narrow(level.limit));
            violations.push(Violation::Overuse { renewable, task, since, time, usage, capacity });
        }
        was_over = culprit.is_some();
    });
}

/// Usage of a renewable is at least its least usage, from the present on.
pub(crate) fn least_usage(case: &Case<'_>, violations: &mut Vec<Violation>) {
    let now = case.problem.now();
    for renewable in case.problem.resources() {
        let Some(least) = &case.problem.resource(renewable).usage_min else { continue };
        let (mut was_short, mut last) = (false, None);
        let mut tell = |time: Time, usage: i128, limit: i128| {
            let is_short = usage < limit;
            if is_short && !was_short {
                let (usage, least) = (narrow(usage), narrow(limit));
                violations.push(Violation::LeastUsage { renewable, time, usage, least });
            }
            was_short = is_short;
        };
        sweep(&case.uses[renewable], least, |time, level| {
            if let Some((usage, limit)) = last.take().filter(|_| time > now) {
                // What was so before the present and lasts until then counts from then on.
                tell(now, usage, limit);
            }
            match time < now {
                true => last = Some((level.usage, level.limit)),
                false => tell(time, level.usage, level.limit),
            }
        });
    }
}

/// The amount for a message; beyond an `i64`, which takes 2^23 tasks of the largest demand, its
/// largest value.
fn narrow(amount: i128) -> Demand {
    Demand::new(i64::try_from(amount).unwrap_or(i64::MAX))
}
