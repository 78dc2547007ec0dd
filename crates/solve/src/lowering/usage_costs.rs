//! Measures of resources: setups, and what usage costs.
//!
//! Each term is tied from below. Investment is the capacity that all uses fit into. For leveling,
//! `Σ u(t)²` is the sum of `d_i² · length_i` over the uses and of `2 · d_i · d_j · overlap_ij` over
//! their pairs, where an overlap is at least one of "an end less a start" of the two: the least of
//! these four is what it is.
//!
//! **Source:** Möhring 1984 (investment); Neumann, Zimmermann 1999 (leveling).

use super::objective::Sum;
use super::{Lowered, Use, setups, uses};
use ordine_cp::propagators::{Capacity, Cumulative, Usage, post_linear};
use ordine_cp::{Atom, Value, View};
use ordine_problem::{Measure, ResourceId, ResourceKind};

/// Adds a measure of resources to a sum.
pub(super) fn add(lowered: &mut Lowered<'_>, measure: Measure, weight: Value, sum: &mut Sum) {
    let problem = lowered.problem;
    for resource in problem.resources() {
        let price = weight * problem.resource(resource).price;
        let kind = problem.resource(resource).kind;
        match measure {
            Measure::TotalSetupTime | Measure::TotalSetupCost => {
                if problem.resource(resource).setup.is_some() && !lowered.uses[resource].is_empty()
                {
                    add_setups(lowered, resource, measure, weight, sum);
                }
            }
            _ if price == 0 => {}
            Measure::ResourceCost => match kind {
                ResourceKind::Consumable(_) => add_spent(lowered, resource, price, sum),
                _ => add_cost(lowered, resource, price, sum),
            },
            _ if !problem.resource(resource).comes_back() => {}
            Measure::ResourceInvestment => add_investment(lowered, resource, price, sum),
            _ => add_leveling(lowered, resource, price, sum),
        }
    }
}

fn add_setups(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    measure: Measure,
    weight: Value,
    sum: &mut Sum,
) {
    let neighbors = setups::neighbors(lowered, machine).clone();
    let problem = lowered.problem;
    let uses = &lowered.uses[machine];
    let initial = problem.resource(machine).initial_family;
    let scale = lowered.scale;
    let value = |from, to: &Use| {
        let (time, cost) = problem.setup_between(machine, from, to.task);
        match measure {
            Measure::TotalSetupTime => scale.exactly(time.get()),
            _ => cost,
        }
    };
    for (j, to) in uses.iter().enumerate() {
        sum.add(weight * value(initial, to), neighbors.first[j].as_view());
        for (i, from) in uses.iter().enumerate() {
            let of_pair = value(problem.task(from.task).family, to);
            let next = neighbors.next[i * uses.len() + j];
            if of_pair > 0 && next != Atom::FALSE && from.task != to.task {
                sum.add(weight * of_pair, next.as_view());
            }
        }
    }
}

fn add_spent(lowered: &mut Lowered<'_>, resource: ResourceId, price: Value, sum: &mut Sum) {
    for mode in lowered.tasks.values().flat_map(|task| &task.modes) {
        for need in lowered.problem.requirements(mode.mode) {
            if need.resource == resource {
                sum.add(price * need.demand.get(), mode.interval.present.as_view());
            }
        }
    }
}

/// Machines count once, whatever is demanded of them.
fn demand(lowered: &Lowered<'_>, resource: ResourceId, it: &Use) -> Value {
    if lowered.problem.resource(resource).is_machine() { 1 } else { it.demand }
}

fn add_cost(lowered: &mut Lowered<'_>, resource: ResourceId, price: Value, sum: &mut Sum) {
    let mut terms: Vec<(Value, View)> = Vec::new();
    for (it, lengths) in lengths(lowered, resource) {
        let factor = demand(lowered, resource, &it);
        terms.extend(lengths.into_iter().map(|(times, view)| (factor * times, view)));
    }
    if lowered.batches[resource].is_some() {
        terms = vec![(1, at_least_each(lowered, resource, terms))];
    }
    terms.into_iter().for_each(|(factor, view)| sum.add(price * factor, view));
}

/// At least a sum, and at least the time of each use of a machine with batches: whoever stands for
/// its batch, the batch takes that long.
fn at_least_each(
    lowered: &mut Lowered<'_>,
    machine: ResourceId,
    mut terms: Vec<(Value, View)>,
) -> View {
    let most: Value =
        terms.iter().map(|&(factor, view)| factor * lowered.engine.trail.upper(view)).sum();
    let total = lowered.engine.variable(0, most.max(0));
    terms.push((-1, total));
    post_linear(&mut lowered.engine, &terms, 0, Atom::TRUE);
    for it in lowered.uses[machine].clone() {
        let least = lowered.engine.trail.lower(it.length);
        if least <= most {
            lowered.engine.post_clause(&[!it.whole.present, total.at_least(least)]);
        }
    }
    total
}

/// For each mode that uses a resource: one of its uses, and terms that add up to at least the time
/// for which it uses it.
fn lengths(lowered: &mut Lowered<'_>, resource: ResourceId) -> Vec<(Use, Vec<(Value, View)>)> {
    let mut modes: Vec<(Use, Vec<(Value, View)>)> = Vec::new();
    for it in counted(lowered, resource) {
        let length = length(lowered, &it);
        match modes.iter_mut().find(|known| known.0.mode == it.mode) {
            Some(known) => known.1.push(length),
            None => modes.push((it, vec![length])),
        }
    }
    for (it, terms) in modes.iter_mut().filter(|mode| mode.1.len() > 1) {
        // However its work is cut into stretches, it is all done.
        let trail = &lowered.engine.trail;
        let most: Value = terms.iter().map(|&(times, view)| times * trail.upper(view)).sum();
        let least = trail.lower(it.length).min(most);
        let total = lowered.engine.variable(0, most.max(0));
        terms.push((-1, total));
        post_linear(&mut lowered.engine, terms, 0, Atom::TRUE);
        let leads = lowered.leads(resource, it.mode);
        let absent = !it.whole.present;
        lowered.engine.post_clause(&[absent, !leads, total.at_least(least)]);
        *terms = vec![(1, total)];
    }
    modes
}

/// The uses of a resource; of each batch the one that stands for it.
fn counted(lowered: &mut Lowered<'_>, resource: ResourceId) -> Vec<Use> {
    let uses = lowered.uses[resource].clone();
    let of_batch = |mut it: Use| {
        let leads = lowered.leads(resource, it.mode);
        if leads != Atom::TRUE {
            let present = lowered.all_of(&[it.interval.present, leads]);
            it.interval = uses::with_presence(lowered, it.interval, present);
        }
        it
    };
    uses.into_iter().map(of_batch).collect()
}

/// A factor and a view that give at least the length of a use, if it is there.
fn length(lowered: &mut Lowered<'_>, it: &Use) -> (Value, View) {
    let (duration, present) = (it.interval.duration, it.interval.present);
    if present == Atom::TRUE {
        return (1, duration);
    }
    if duration.is_constant() {
        return (duration.offset, lowered.indicator(present));
    }
    let trail = &lowered.engine.trail;
    let (least, most) = (trail.lower(duration), trail.upper(duration).max(0));
    let length = lowered.engine.variable(0, most);
    lowered.engine.post_difference(duration, length, 0, Atom::TRUE);
    lowered.engine.post_clause(&[!present, length.at_least(least)]);
    (1, length)
}

fn add_investment(lowered: &mut Lowered<'_>, resource: ResourceId, price: Value, sum: &mut Sum) {
    let uses = counted(lowered, resource);
    let usage = |it: &Use| Usage {
        task: it.interval,
        demand: View::constant(demand(lowered, resource, it)),
    };
    let usages: Vec<Usage> = uses.iter().map(usage).collect();
    let total: Value = usages.iter().map(|it| it.demand.offset).sum();
    let largest = lowered.engine.variable(0, total);
    if !usages.is_empty() {
        lowered.engine.post(Box::new(Cumulative::new(&usages, Capacity::Level(largest))));
    }
    sum.add(price, largest);
}

fn add_leveling(lowered: &mut Lowered<'_>, resource: ResourceId, price: Value, sum: &mut Sum) {
    for (it, lengths) in lengths(lowered, resource) {
        let own = demand(lowered, resource, &it);
        for (times, view) in lengths {
            sum.add(price * own * own * times, view);
        }
    }
    let uses = counted(lowered, resource);
    for (place, it) in uses.iter().enumerate() {
        let own = demand(lowered, resource, it);
        for other in &uses[..place] {
            if can_overlap(lowered, resource, it, other) {
                let overlap = overlap(lowered, it, other);
                sum.add(2 * price * own * demand(lowered, resource, other), overlap);
            }
        }
    }
}

fn can_overlap(lowered: &Lowered<'_>, resource: ResourceId, one: &Use, other: &Use) -> bool {
    let data = lowered.problem.resource(resource);
    let done = |it: &Use| lowered.done[it.task] != Atom::FALSE;
    if done(one) && done(other) {
        return true;
    }
    let exclusive = match data.overuse_penalty {
        _ if data.is_machine() => true,
        None => one.demand + other.demand > data.capacity().get(),
        Some(_) => false,
    };
    one.task != other.task && !exclusive
}

/// At least the time in which both uses are there.
fn overlap(lowered: &mut Lowered<'_>, one: &Use, other: &Use) -> View {
    let (first, second) = (one.interval, other.interval);
    let longest = |view| lowered.engine.trail.upper(view);
    let most = longest(first.duration).min(longest(second.duration)).max(0);
    let overlap = lowered.engine.variable(0, most);
    let (end, start) = (lowered.choice(), lowered.choice());
    for (by_end, until) in [(end, first.end), (!end, second.end)] {
        for (by_start, from) in [(start, first.start), (!start, second.start)] {
            let guard = lowered.all_of(&[by_end, by_start, first.present, second.present]);
            let terms = [(1, until), (-1, from), (-1, overlap)];
            post_linear(&mut lowered.engine, &terms, 0, guard);
        }
    }
    overlap
}
