//! What a task takes whatever its mode: a variable per task, and sums of them.
//!
//! A sum over presences alone knows nothing of a task whose mode is open. Here each task has a
//! variable that is at least the least of its open modes, so sums see what every task takes at
//! least: of consumables, and of the energy of renewables up to the makespan.
//!
//! **Source:** knapsack constraints with one choice per class: Prabhakant Sinha, Andris Zoltners,
//! *The multiple-choice knapsack problem* (1979).

use super::{Lowered, LoweredMode};
use ordine_cp::propagators::post_linear;
use ordine_cp::{Atom, VALUE_MAX, Value, View};
use ordine_problem::{FeatureSet, ModeId, ResourceId, ResourceKind, TaskId};

/// What a task takes by `of_mode`; nothing if it is absent.
pub(super) fn total(
    lowered: &mut Lowered<'_>,
    task: TaskId,
    of_mode: impl Fn(ModeId) -> Value,
) -> View {
    let of_task = &lowered.tasks[task];
    let mut choices: Vec<(Value, Atom)> =
        of_task.modes.iter().map(|it| (of_mode(it.mode), it.interval.present)).collect();
    if of_task.interval.present != Atom::TRUE {
        choices.push((0, super::negation(of_task.interval.present)));
    }
    choices.sort_unstable();
    let (least, most) = match (choices.first(), choices.last()) {
        (Some(first), Some(last)) => (first.0, last.0),
        _ => return View::constant(0),
    };
    if least == most {
        return View::constant(least);
    }
    let engine = &mut lowered.engine;
    let total = engine.variable(least, most);
    for (place, &(value, chosen)) in choices.iter().enumerate() {
        engine.post_clause(&[super::negation(chosen), total.at_least(value)]);
        engine.post_clause(&[super::negation(chosen), total.at_most(value)]);
        if place > 0 && choices[place - 1].0 < value {
            let mut clause: Vec<Atom> = choices[..place].iter().map(|choice| choice.1).collect();
            clause.push(total.at_least(value));
            engine.post_clause(&clause);
        }
    }
    total
}

/// The energy of all tasks on a renewable fits below the makespan.
pub(super) fn lower(lowered: &mut Lowered<'_>) {
    let problem = lowered.problem;
    let is_plain = problem.unsupported(FeatureSet::PLAIN).is_empty();
    if !is_plain || !problem.objective().is_makespan() {
        return;
    }
    for resource in problem.resources() {
        let capacity = match problem.resource(resource).kind {
            ResourceKind::Renewable(capacity) => capacity.get(),
            _ => continue,
        };
        if problem.resource(resource).capacity_profile.is_none() {
            lower_energy(lowered, resource, capacity);
        }
    }
}

fn lower_energy(lowered: &mut Lowered<'_>, resource: ResourceId, capacity: Value) {
    let problem = lowered.problem;
    let makespan = lowered.levels[0];
    let mut terms = vec![(-capacity, makespan)];
    for task in problem.tasks() {
        let energy = |mode: ModeId| {
            let duration = lowered.scale.exactly(problem.mode(mode).duration.get());
            duration * demand(lowered, mode, resource)
        };
        // Numbers beyond the engine's: the bound is not worth another unit.
        let is_large = |it: &LoweredMode| energy(it.mode) > VALUE_MAX / 4;
        if lowered.tasks[task].modes.iter().any(is_large) {
            return;
        }
        let energies: Vec<(ModeId, Value)> =
            lowered.tasks[task].modes.iter().map(|it| (it.mode, energy(it.mode))).collect();
        let of_mode = |mode| {
            let known = energies.iter().find(|it| it.0 == mode);
            known.expect("every mode was asked").1
        };
        terms.push((1, total(lowered, task, of_mode)));
    }
    post_linear(&mut lowered.engine, &terms, 0, Atom::TRUE);
}

/// How much of a resource a mode needs.
pub(super) fn demand(lowered: &Lowered<'_>, mode: ModeId, resource: ResourceId) -> Value {
    let mut needs = lowered.problem.requirements(mode).iter();
    needs.find(|need| need.resource == resource).map_or(0, |need| need.demand.get())
}
