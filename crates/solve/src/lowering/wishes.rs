//! Measures of wishes: what is missed, left out, or moved from where it was planned.
//!
//! Each term is tied from below: the least value that the constraints allow is what it costs.
//!
//! **Source:** decision record 0004.

use super::objective::Sum;
use super::{Lowered, Use, precedences, resources};
use ordine_base::StepFunction;
use ordine_cp::propagators::{Excess, post_linear};
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::{Measure, Precedence, ResourceId, TaskId};

/// Adds a measure of wishes to a sum.
pub(super) fn add(lowered: &mut Lowered<'_>, measure: Measure, weight: Value, sum: &mut Sum) {
    match measure {
        Measure::Penalties => add_penalties(lowered, weight, sum),
        Measure::TotalDeviation => add_deviations(lowered, weight, sum),
        _ => add_moved(lowered, weight, sum),
    }
}

fn add_penalties(lowered: &mut Lowered<'_>, weight: Value, sum: &mut Sum) {
    let problem = lowered.problem;
    for task in problem.tasks() {
        let data = problem.task(task);
        let interval = lowered.tasks[task].interval;
        // Left out costs one penalty less one if it is there.
        sum.add_constant(weight * data.absence_penalty);
        sum.add(-weight * data.absence_penalty, interval.present.as_view());
        for (cost, point) in [(&data.start_cost, interval.start), (&data.end_cost, interval.end)] {
            if let Some(cost) = cost {
                let cost = cost_at(lowered, cost, point, interval.present);
                sum.add(weight, cost);
            }
        }
    }
    for precedence in problem.precedences().values() {
        if let Some(penalty) = precedence.penalty {
            let missed = missed(lowered, precedence);
            sum.add(weight * penalty, missed);
        }
    }
    for resource in problem.resources() {
        if let Some(penalty) = problem.resource(resource).overuse_penalty {
            let excess = excess(lowered, resource);
            sum.add(weight * penalty, excess);
        }
    }
}

/// At least the usage of a renewable above its capacity, added up over time.
fn excess(lowered: &mut Lowered<'_>, resource: ResourceId) -> View {
    let uses = lowered.uses[resource].clone();
    let tasks: Vec<(Interval, Value)> = uses.iter().map(|it| (it.interval, it.demand)).collect();
    let longest = |it: &Use| lowered.engine.trail.upper(it.interval.duration).max(0);
    let most: Value = uses.iter().map(|it| it.demand * longest(it)).sum();
    let excess = lowered.engine.variable(0, most);
    if !tasks.is_empty() {
        let capacity = resources::capacity(lowered, resource, &[]);
        lowered.engine.post(Box::new(Excess::new(&tasks, &capacity, excess)));
    }
    excess
}

/// At least the value of a function at a point, if the task is there.
fn cost_at(lowered: &mut Lowered<'_>, cost: &StepFunction, point: View, present: Atom) -> View {
    let value = lowered.engine.variable(0, cost.max().max(0));
    let changes: Vec<(Value, Value)> =
        cost.steps().iter().map(|&(at, to)| (lowered.scale.exactly(at.get()), to)).collect();
    let mut clause = vec![!present, value.at_least(cost.first())];
    for (place, &(from, level)) in changes.iter().enumerate() {
        if place == 0 {
            clause.push(point.at_least(from));
            lowered.engine.post_clause(&clause);
        }
        clause = vec![!present, point.at_most(from - 1), value.at_least(level)];
        clause.extend(changes.get(place + 1).map(|next| point.at_least(next.0)));
        lowered.engine.post_clause(&clause);
    }
    if changes.is_empty() {
        lowered.engine.post_clause(&clause);
    }
    value
}

/// At least the ticks by which two present tasks are too close or too far apart.
fn missed(lowered: &mut Lowered<'_>, precedence: &Precedence) -> View {
    let (before, after) = precedences::points(lowered, precedence);
    let lag = lowered.scale.exactly(precedence.lag.get());
    let most = precedence.lag_max.map(|most| lowered.scale.exactly(most.get()));
    let engine = &mut lowered.engine;
    let (low, high) = (
        engine.trail.lower(after) - engine.trail.upper(before),
        engine.trail.upper(after) - engine.trail.lower(before),
    );
    let beyond = most.map_or(0, |most| high - most);
    let missed = engine.variable(0, (lag - low).max(beyond).max(0));
    post_linear(engine, &[(1, before), (-1, after), (-1, missed)], -lag, Atom::TRUE);
    if let Some(most) = most {
        post_linear(engine, &[(1, after), (-1, before), (-1, missed)], most, Atom::TRUE);
    }
    missed
}

fn add_deviations(lowered: &mut Lowered<'_>, weight: Value, sum: &mut Sum) {
    for task in lowered.problem.tasks() {
        let Some(planned) = lowered.problem.task(task).planned else { continue };
        let (start, planned) =
            (lowered.tasks[task].interval.start, lowered.scale.exactly(planned.start.get()));
        let engine = &mut lowered.engine;
        let reach = (planned - engine.trail.lower(start)).max(engine.trail.upper(start) - planned);
        let deviation = engine.variable(0, reach.max(0));
        engine.post_difference(start, deviation, -planned, Atom::TRUE);
        engine.post_difference(-start, deviation, planned, Atom::TRUE);
        sum.add(weight, deviation);
    }
}

fn add_moved(lowered: &mut Lowered<'_>, weight: Value, sum: &mut Sum) {
    for task in lowered.problem.tasks() {
        if lowered.problem.task(task).planned.is_some() {
            let moved = moved(lowered, task);
            sum.add(weight, moved.as_view());
        }
    }
}

/// Whether a planned task is absent, or starts at another time or in another mode.
fn moved(lowered: &mut Lowered<'_>, task: TaskId) -> Atom {
    let problem = lowered.problem;
    let planned = problem.task(task).planned.expect("it was asked for a planned task");
    let mode = problem.numbered_mode(task, planned.mode as usize);
    let modes = &lowered.tasks[task].modes;
    let Some(mode) = modes.iter().find(|it| Some(it.mode) == mode).copied() else {
        return Atom::TRUE;
    };
    let start = lowered.tasks[task].interval.start;
    let planned = lowered.scale.exactly(planned.start.get());
    let moved = lowered.engine.boolean();
    for stays in [mode.interval.present, start.at_least(planned), start.at_most(planned)] {
        lowered.engine.post_clause(&[moved, stays]);
    }
    moved
}
