//! Resources: machines become sequences with an order per pair, renewables time-tables,
//! consumables sums, reservoirs levels.
//!
//! Where only tasks that are done use a resource, nothing is judged: they take from the capacity
//! that is left for the others, and where they take more than there is, no other may run.
//!
//! **Source:** see `machines`, `reservoirs` and `ordine_cp::propagators`.

use super::{Lowered, Use, history, least_usage, machines, mode_totals, reservoirs};
use ordine_base::Time;
use ordine_cp::propagators::{Capacity, Cumulative, Usage, post_linear};
use ordine_cp::{Atom, Interval, VALUE_MAX, Value, View};
use ordine_problem::{ResourceId, ResourceKind};

/// Posts every resource.
pub(super) fn lower(
    lowered: &mut Lowered<'_>,
    horizon: Value,
    should_stop: &mut dyn FnMut() -> bool,
) {
    lowered.before = lowered.problem.resources().map(|_| Vec::new()).collect();
    lowered.batches = lowered.problem.resources().map(|_| None).collect();
    for resource in lowered.problem.resources() {
        if lowered.is_cut(should_stop) {
            return;
        }
        match lowered.problem.resource(resource).kind {
            ResourceKind::Machine => machines::lower(lowered, resource, horizon),
            ResourceKind::Consumable(capacity) => {
                lower_consumable(lowered, resource, capacity.get());
            }
            ResourceKind::Renewable(_) => {
                if lowered.problem.resource(resource).overuse_penalty.is_none() {
                    lower_renewable(lowered, resource);
                }
                if let Some(least) = &lowered.problem.resource(resource).usage_min {
                    least_usage::lower(lowered, resource, least, horizon);
                }
            }
            ResourceKind::Reservoir(stock) => reservoirs::lower(lowered, resource, stock),
        }
    }
}

/// Usage within the capacity at any time.
fn lower_renewable(lowered: &mut Lowered<'_>, resource: ResourceId) {
    let uses = lowered.uses[resource].clone();
    let done = |it: &Use| lowered.done[it.task];
    let is_open = |it: &Use| !it.interval.start.is_constant() || !it.interval.end.is_constant();
    if uses.iter().any(|it| done(it) != Atom::FALSE && (done(it) != Atom::TRUE || is_open(it))) {
        return lower_history(lowered, resource, &uses);
    }
    let (done, open): (Vec<Use>, Vec<Use>) = uses.iter().partition(|it| done(it) == Atom::TRUE);
    let usages: Vec<Usage> = open.iter().map(usage).collect();
    let capacity = capacity(lowered, resource, &done);
    let least = capacity.iter().map(|step| step.1).min().unwrap_or(0);
    let total: i64 = open.iter().map(|it| it.demand).sum();
    if total > least {
        let capacity = match capacity[..] {
            [(_, level)] => Capacity::Level(View::constant(level)),
            _ => Capacity::Steps(capacity),
        };
        lowered.engine.post(Box::new(Cumulative::new(&usages, capacity)));
    }
}

fn usage(it: &Use) -> Usage {
    Usage { task: it.interval, demand: View::constant(it.demand) }
}

/// Usage where what is done may end late, or may turn out to be done.
fn lower_history(lowered: &mut Lowered<'_>, resource: ResourceId, uses: &[Use]) {
    let of_use = |it: &Use| (usage(it), lowered.done[it.task]);
    let mut settled: Vec<(Usage, Atom)> = uses.iter().map(of_use).collect();
    let capacity = capacity(lowered, resource, &[]);
    let highest = capacity.iter().map(|step| step.1).max().unwrap_or(0);
    for (place, &(from, amount)) in capacity.iter().enumerate() {
        let until = capacity.get(place + 1).map_or(VALUE_MAX, |next| next.0);
        let start = View::constant(from);
        let (end, duration) = (View::constant(until), View::constant(until - from));
        let task = Interval { start, duration, end, present: Atom::TRUE };
        if amount < highest {
            settled.push((Usage { task, demand: View::constant(highest - amount) }, Atom::TRUE));
        }
    }
    history::lower(lowered, &settled, highest);
}

/// What is left of the capacity over time beside some uses whose times are known.
pub(super) fn capacity(
    lowered: &Lowered<'_>,
    resource: ResourceId,
    taken: &[Use],
) -> Vec<(Value, Value)> {
    let (data, scale) = (lowered.problem.resource(resource), lowered.scale);
    let (first, steps) = match &data.capacity_profile {
        None => (data.capacity().get(), &[][..]),
        Some(profile) => (profile.first(), profile.steps()),
    };
    let mut times = vec![scale.down(Time::ORIGIN) - 1];
    let mut steps: Vec<(Value, Value)> =
        steps.iter().map(|&(at, most)| (scale.exactly(at.get()), most)).collect();
    steps.insert(0, (Value::MIN, first));
    times.extend(steps[1..].iter().map(|step| step.0));
    for it in taken {
        times.extend([it.interval.start.offset, it.interval.end.offset]);
    }
    times.sort_unstable();
    times.dedup();
    let left = |time: Value| {
        let place = steps.partition_point(|step| step.0 <= time);
        let runs = |it: &&Use| it.interval.start.offset <= time && time < it.interval.end.offset;
        let used: Value = taken.iter().filter(runs).map(|it| it.demand).sum();
        (time, (steps[place - 1].1 - used).max(0))
    };
    let mut capacity: Vec<(Value, Value)> = times.into_iter().map(left).collect();
    capacity.dedup_by_key(|step| step.1);
    capacity
}

/// What all modes together take for good is within the capacity, unless only history took it.
fn lower_consumable(lowered: &mut Lowered<'_>, resource: ResourceId, capacity: i64) {
    let problem = lowered.problem;
    let mut terms: Vec<(Value, View)> = Vec::new();
    let mut open: Vec<Atom> = Vec::new();
    let mut spent = 0;
    for task in problem.tasks() {
        let needs = |mode| problem.requirements(mode).iter().find(|it| it.resource == resource);
        let demand = |mode| needs(mode).map_or(0, |need| need.demand.get());
        match lowered.done[task] == Atom::TRUE {
            true => {
                let modes = lowered.tasks[task].modes.iter();
                spent += modes.map(|it| demand(it.mode)).sum::<i64>();
            }
            false => {
                let modes = lowered.tasks[task].modes.iter();
                let needy = modes.filter(|it| demand(it.mode) > 0);
                open.extend(needy.map(|it| it.interval.present));
            }
        }
        terms.push((1, mode_totals::total(lowered, task, demand)));
    }
    if spent <= capacity {
        post_linear(&mut lowered.engine, &terms, capacity, Atom::TRUE);
    } else {
        open.into_iter().for_each(|present| lowered.engine.post_clause(&[!present]));
    }
}
