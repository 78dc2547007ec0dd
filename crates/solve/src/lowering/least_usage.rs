//! Least usages: what does not run leaves enough that does.
//!
//! A task does not use a resource before its start, after its end, or if it is absent. So "usage is
//! at least u(t)" is a capacity for all that does not run: `Σ {d_i : i does not run at t} ≤
//! Σ d_i − u(t)`.
//!
//! **Source:** the complement of a cumulative, as in Nicolas Beldiceanu, Emmanuel Poder, *A
//! continuous multi-resources cumulative constraint with positive-negative resource consumption*
//! (CPAIOR 2007).

use super::{Lowered, Use, negation};
use ordine_base::StepFunction;
use ordine_cp::propagators::{Capacity, Cumulative, Usage};
use ordine_cp::{Atom, Interval, Value, View};
use ordine_problem::ResourceId;

/// A time before all others.
const BEGINNING: Value = -1;

/// Posts a least usage, from the present on.
pub(super) fn lower(
    lowered: &mut Lowered<'_>,
    resource: ResourceId,
    least: &StepFunction,
    horizon: Value,
) {
    let scale = lowered.scale;
    let now = scale.down(lowered.problem.now());
    let mut steps = vec![(BEGINNING, 0), (now, least.value(lowered.problem.now()))];
    let later = least.steps().iter().map(|&(at, least)| (scale.exactly(at.get()), least));
    steps.extend(later.filter(|step| step.0 > now));
    let end = steps.iter().map(|step| step.0).max().unwrap_or(0).max(horizon) + 1;
    let uses = lowered.uses[resource].clone();
    let total: Value = uses.iter().map(|it| it.demand).sum();
    let idle: Vec<Usage> = uses.iter().flat_map(|it| idle(it, end)).collect();
    let capacity: Vec<(Value, Value)> =
        steps.into_iter().map(|(at, least)| (at, total - least)).collect();
    if capacity.iter().any(|step| step.1 < 0) {
        return lowered.engine.post_fact(Atom::FALSE);
    }
    lowered.engine.post(Box::new(Cumulative::new(&idle, Capacity::Steps(capacity))));
}

/// When a use is not there.
fn idle(it: &Use, end: Value) -> Vec<Usage> {
    let demand = View::constant(it.demand);
    let present = it.interval.present;
    let (from, until) = (View::constant(BEGINNING), View::constant(end));
    let before = Interval {
        start: from,
        duration: it.interval.start - BEGINNING,
        end: it.interval.start,
        present,
    };
    let after =
        Interval { start: it.interval.end, duration: -it.interval.end + end, end: until, present };
    let never = Interval {
        start: from,
        duration: View::constant(end - BEGINNING),
        end: until,
        present: negation(present),
    };
    let tasks = [before, after, never].into_iter().filter(|task| task.present != Atom::FALSE);
    tasks.map(|task| Usage { task, demand }).collect()
}
