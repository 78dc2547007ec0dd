//! Resources: machines become sequences, with an order per pair.
//!
//! **Source:** see `ordine_cp::propagators::Sequence`.

use super::{Lowered, Pair};
use ordine_cp::propagators::{SequenceParameters, post_linear};
use ordine_cp::{Atom, Interval, Value, View, post_machine};
use ordine_problem::{ResourceId, ResourceKind};

/// Posts every resource.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    for resource in lowered.problem.resources() {
        match lowered.problem.resource(resource).kind {
            ResourceKind::Machine => lower_machine(lowered, resource),
            ResourceKind::Consumable(capacity) => {
                lower_consumable(lowered, resource, capacity.get());
            }
            kind => unreachable!("{kind:?} was refused"),
        }
    }
}

/// What all modes together take for good is within the capacity.
fn lower_consumable(lowered: &mut Lowered<'_>, resource: ResourceId, capacity: i64) {
    let problem = lowered.problem;
    let modes = lowered.tasks.values().flat_map(|task| &task.modes);
    let terms: Vec<(Value, View)> = modes
        .flat_map(|mode| {
            let needs = problem.requirements(mode.mode).iter();
            needs
                .filter(|need| need.resource == resource)
                .map(|need| (need.demand.get(), mode.interval.present.as_view()))
                .collect::<Vec<_>>()
        })
        .collect();
    post_linear(&mut lowered.engine, &terms, capacity, Atom::TRUE);
}

/// Intervals that take time and need the resource.
fn users(lowered: &Lowered<'_>, resource: ResourceId) -> Vec<Interval> {
    let problem = lowered.problem;
    let modes = lowered.tasks.values().flat_map(|task| &task.modes);
    modes
        .filter(|mode| mode.interval.duration.offset > 0)
        .filter(|mode| problem.requirements(mode.mode).iter().any(|need| need.resource == resource))
        .map(|mode| mode.interval)
        .collect()
}

fn lower_machine(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let tasks = users(lowered, machine);
    if tasks.len() < 2 {
        return;
    }
    let before = post_machine(&mut lowered.engine, &tasks, SequenceParameters::default());
    let count = tasks.len();
    for second in 0..count {
        for first in 0..second {
            let atom = before[first * count + second];
            if atom != Atom::TRUE && atom != Atom::FALSE {
                let (first, second) = (tasks[first], tasks[second]);
                lowered.pairs.push(Pair { atom, first, second });
            }
        }
    }
}
