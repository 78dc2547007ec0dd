//! Measures of resources: setups, and what usage costs.
//!
//! With u(t) the usage and p the price of a resource, over machines and renewables: cost
//! Σ p Σ u(t), and for consumables p times what is spent; investment Σ p max u(t); leveling
//! Σ p Σ u(t)². A machine is used once by a whole batch, whatever its tasks demand. Setups are
//! counted between consecutive turns of a machine, and before the first where it is set up for a
//! family at the origin. O(n log n) for n uses; `None` stands for what exceeds an `i128`.
//!
//! **Source:** Möhring 1984 (investment); Neumann, Zimmermann 1999 (leveling); decision record
//! 0004.

use crate::judge::Case;
use crate::occupation::Group;
use crate::turns;
use crate::usage_rules::{capacity, sweep};
use ordine_base::Time;
use ordine_problem::{ResourceId, ResourceKind};

/// Time and cost of all setups.
pub(crate) fn setups(case: &Case<'_>) -> (i128, i128) {
    let mut sum = (0, 0);
    for machine in case.problem.resources() {
        let resource = case.problem.resource(machine);
        if resource.setup.is_none() {
            continue;
        }
        let mut from = resource.initial_family;
        for turn in turns::turns(case, machine) {
            let to = case.problem.task(turn.task).family;
            let (time, cost) = turns::setup(case.problem, machine, from, to);
            sum = (sum.0 + time, sum.1 + cost);
            from = to;
        }
    }
    sum
}

/// Sum of price × usage × time, and of price × what is spent.
pub(crate) fn resource_cost(case: &Case<'_>) -> Option<i128> {
    let in_use = |steps: &[Step]| over_time(steps, Some);
    priced(case, in_use)?.checked_add(spent(case))
}

/// Sum of price × largest usage.
pub(crate) fn resource_investment(case: &Case<'_>) -> Option<i128> {
    priced(case, |steps| Some(steps.iter().map(|step| step.usage).max().unwrap_or(0)))
}

/// Sum of price × the sum over time of usage squared.
pub(crate) fn resource_leveling(case: &Case<'_>) -> Option<i128> {
    priced(case, |steps| over_time(steps, |usage| usage.checked_mul(usage)))
}

/// Usage above the capacity of a renewable, added up over time.
pub(crate) fn excess(case: &Case<'_>, renewable: ResourceId) -> Option<i128> {
    let resource = case.problem.resource(renewable);
    let ResourceKind::Renewable(at_all_times) = resource.kind else { return Some(0) };
    let mut steps = Vec::new();
    sweep(&case.uses[renewable], &capacity(resource, at_all_times), |from, level| {
        steps.push(Step { from, usage: (level.usage - level.limit).max(0) });
    });
    over_time(&steps, Some)
}

fn spent(case: &Case<'_>) -> i128 {
    let mut sum = 0_i128;
    for (_, placement) in case.placed_in_own_mode() {
        for need in case.problem.requirements(placement.mode) {
            let resource = case.problem.resource(need.resource);
            if let ResourceKind::Consumable(_) = resource.kind {
                sum += i128::from(resource.price) * i128::from(need.demand.get());
            }
        }
    }
    sum
}

/// Sum over machines and renewables of price × a value of the usage.
fn priced(case: &Case<'_>, value: impl Fn(&[Step]) -> Option<i128>) -> Option<i128> {
    let mut sum = 0_i128;
    for id in case.problem.resources() {
        let price = i128::from(case.problem.resource(id).price);
        if price > 0 {
            sum = sum.checked_add(value(&usage(case, id))?.checked_mul(price)?)?;
        }
    }
    Some(sum)
}

/// Usage from a time on.
#[derive(Clone, Copy)]
struct Step {
    from: Time,
    usage: i128,
}

/// Sum over time of a value of the usage; after the last step nothing is used.
fn over_time(steps: &[Step], value: impl Fn(i128) -> Option<i128>) -> Option<i128> {
    let mut sum = 0_i128;
    for pair in steps.windows(2) {
        let ticks = i128::from(pair[1].from.get()) - i128::from(pair[0].from.get());
        sum = sum.checked_add(value(pair[0].usage)?.checked_mul(ticks)?)?;
    }
    Some(sum)
}

fn usage(case: &Case<'_>, id: ResourceId) -> Vec<Step> {
    let mut changes: Vec<(Time, i128)> = Vec::new();
    match case.problem.resource(id).is_machine() {
        true => {
            for (start, end) in kept(case, id) {
                changes.extend([(start, 1), (end, -1)]);
            }
        }
        false => {
            for it in &case.uses[id] {
                changes.extend([(it.start, it.demand), (it.end, -it.demand)]);
            }
        }
    }
    changes.sort_unstable();
    let mut usage = 0;
    let at_once = changes.chunk_by(|left, right| left.0 == right.0);
    let step = at_once.map(|now| {
        usage += now.iter().map(|change| change.1).sum::<i128>();
        Step { from: now[0].0, usage }
    });
    step.collect()
}

/// Stretches in which a machine runs a task or a batch, each once for all tasks of the batch.
fn kept(case: &Case<'_>, machine: ResourceId) -> Vec<(Time, Time)> {
    let mut uses: Vec<(Group, Time, Time)> =
        case.uses[machine].iter().map(|it| (it.group, it.start, it.end)).collect();
    uses.sort_unstable();
    let mut kept: Vec<(Group, Time, Time)> = Vec::new();
    for (group, start, end) in uses {
        match kept.last_mut().filter(|last| last.0 == group && start <= last.2) {
            Some(last) => last.2 = last.2.max(end),
            None => kept.push((group, start, end)),
        }
    }
    kept.into_iter().map(|(_, start, end)| (start, end)).collect()
}
