//! Resources: machines become sequences with an order per pair, renewables time-tables,
//! consumables sums.
//!
//! **Source:** see `ordine_cp::propagators::Sequence`.

use super::{Lowered, Pair, Use};
use ordine_base::Time;
use ordine_cp::propagators::{Capacity, Cumulative, SequenceParameters, Usage, post_linear};
use ordine_cp::{Atom, Interval, Value, View, post_machine};
use ordine_problem::{ResourceId, ResourceKind};

/// Posts every resource.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    lowered.before = lowered.problem.resources().map(|_| Vec::new()).collect();
    for resource in lowered.problem.resources() {
        match lowered.problem.resource(resource).kind {
            ResourceKind::Machine => lower_machine(lowered, resource),
            ResourceKind::Consumable(capacity) => {
                lower_consumable(lowered, resource, capacity.get());
            }
            ResourceKind::Renewable(_) => lower_renewable(lowered, resource),
            kind => unreachable!("{kind:?} was refused"),
        }
    }
}

/// Usage within the capacity at any time.
fn lower_renewable(lowered: &mut Lowered<'_>, resource: ResourceId) {
    let data = lowered.problem.resource(resource);
    let usage = |it: &Use| Usage { task: it.interval, demand: View::constant(it.demand) };
    let usages: Vec<Usage> = lowered.uses[resource].iter().map(usage).collect();
    let capacity = match &data.capacity_profile {
        None => Capacity::Level(View::constant(data.capacity().get())),
        Some(profile) => {
            let scale = lowered.scale;
            let first = (scale.down(Time::ORIGIN) - 1, profile.first());
            let steps = profile.steps().iter().map(|&(at, most)| (scale.exactly(at.get()), most));
            Capacity::Steps(std::iter::once(first).chain(steps).collect())
        }
    };
    let total: i64 = usages.iter().map(|usage| usage.demand.offset).sum();
    if data.capacity_profile.is_some() || total > data.capacity().get() {
        lowered.engine.post(Box::new(Cumulative::new(&usages, capacity)));
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

/// One use at a time, with an order for each pair.
fn lower_machine(lowered: &mut Lowered<'_>, machine: ResourceId) {
    let tasks: Vec<Interval> = lowered.uses[machine].iter().map(|it| it.interval).collect();
    if tasks.len() < 2 {
        lowered.before[machine] = vec![Atom::FALSE; tasks.len()];
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
    lowered.before[machine] = before;
}
