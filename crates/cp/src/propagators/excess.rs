//! Excess: what tasks use above a capacity, added up over time, is at most a view.
//!
//! `Σ_t max(0, Σ {demand_i : start_i ≤ t < end_i, present} − capacity(t)) ≤ cost`. A task that runs
//! in `[latest start, earliest end)` for sure adds to the profile; what the profile has above the
//! capacity is a bound on the cost. Reasons take the stretches with the most excess until they are
//! enough, and name the tasks that run there. O(n log n) a call.
//!
//! **Source:** the time-table of cumulatives (Aggoun, Beldiceanu 1993) as a cost; soft cumulatives:
//! Hadrien Cambazard, Eoin O'Mahony (2008).

use super::cumulative::Capacity;
use crate::atom::{Atom, Interval, VALUE_MAX, Value, View};
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// Tasks with demands, a capacity, and what its excess costs.
#[derive(Debug)]
pub struct Excess {
    /// Each with what it uses.
    tasks: Vec<(Interval, Value)>,
    /// From each time on the amount beside it; before the first, the first.
    capacity: Vec<(Value, Value)>,
    cost: View,
    parts: Vec<Part>,
    changes: Vec<(Value, Value)>,
}

/// When a task runs for sure.
#[derive(Clone, Copy, Debug)]
struct Part {
    start: Value,
    end: Value,
    demand: Value,
}

/// A stretch of time with more usage than there is capacity.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: Value,
    end: Value,
    excess: Value,
}

impl Excess {
    /// Tasks, what each of them uses, and the capacity: from each time on the amount beside it.
    ///
    /// # Panics
    /// When the capacity has no step, times do not rise, or an amount is below zero.
    pub fn new(tasks: &[(Interval, Value)], capacity: &[(Value, Value)], cost: View) -> Self {
        assert!(!capacity.is_empty(), "a capacity has a step");
        assert!(capacity.is_sorted_by(|a, b| a.0 < b.0), "times of a capacity rise strictly");
        let amounts = capacity.iter().map(|step| step.1).chain(tasks.iter().map(|task| task.1));
        assert!(amounts.into_iter().all(|amount| amount >= 0), "no amount is below zero");
        Excess {
            tasks: tasks.to_vec(),
            capacity: capacity.to_vec(),
            cost,
            parts: Vec::with_capacity(tasks.len()),
            changes: Vec::with_capacity(2 * tasks.len() + capacity.len()),
        }
    }

    /// Calls `look` for each stretch of excess of some parts.
    fn stretches(
        parts: &[Part],
        capacity: &[(Value, Value)],
        changes: &mut Vec<(Value, Value)>,
        mut look: impl FnMut(Stretch),
    ) {
        changes.clear();
        for part in parts.iter().filter(|part| part.start < part.end) {
            changes.extend([(part.start, part.demand), (part.end, -part.demand)]);
        }
        let mut room = capacity[0].1;
        for &(time, amount) in &capacity[1..] {
            changes.push((time, room - amount));
            room = amount;
        }
        changes.sort_unstable_by_key(|change| change.0);
        let (mut level, mut start) = (-capacity[0].1, -VALUE_MAX);
        for &(time, by) in changes.iter() {
            if level > 0 && start < time {
                look(Stretch { start, end: time, excess: level });
            }
            (level, start) = (level + by, time);
        }
    }

    /// The stretches with the most excess whose sum is at least `needed`.
    fn enough(&self, parts: &[Part], needed: Value) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        Excess::stretches(parts, &self.capacity, &mut Vec::new(), |it| stretches.push(it));
        stretches.sort_by_key(|it| std::cmp::Reverse((it.end - it.start) * it.excess));
        let mut sum = 0;
        let mut count = 0;
        for it in &stretches {
            if sum >= needed {
                break;
            }
            sum += (it.end - it.start) * it.excess;
            count += 1;
        }
        stretches.truncate(count);
        stretches
    }
}

impl Propagator for Excess {
    fn name(&self) -> &'static str {
        "excess"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Scheduling(Scheduling::Excess {
            tasks: self.tasks.clone(),
            capacity: Capacity::Steps(self.capacity.clone()),
            cost: self.cost,
        })
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for (task, _) in &self.tasks {
            wake.on_upper(task.start);
            wake.on_lower(task.end);
            wake.on_true(task.present);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        self.parts.clear();
        for &(task, demand) in &self.tasks {
            let (start, end) = (state.upper(task.start), state.lower(task.end));
            if start < end && state.is_true(task.present) {
                self.parts.push(Part { start, end, demand });
            }
        }
        let mut cost = 0;
        Excess::stretches(&self.parts, &self.capacity, &mut self.changes, |it| {
            cost += (it.end - it.start) * it.excess;
        });
        state.set(self.cost.at_least(cost), 0)
    }

    fn explain(&self, atom: Atom, _payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let mut parts = Vec::new();
        for &(task, demand) in &self.tasks {
            let (start, end) = (past.upper(task.start), past.lower(task.end));
            let runs = past.is_true(task.present);
            parts.push(Part { start, end: if runs { end } else { start }, demand });
        }
        let stretches = self.enough(&parts, atom.value + self.cost.offset);
        for ((task, _), part) in self.tasks.iter().zip(&parts) {
            let runs = |it: &&Stretch| part.start <= it.start && it.end <= part.end;
            let first = stretches.iter().filter(runs).map(|it| it.start).min();
            let last = stretches.iter().filter(runs).map(|it| it.end).max();
            if let (Some(first), Some(last)) = (first, last) {
                reason.push(task.start.at_most(first));
                reason.push(task.end.at_least(last));
                reason.push(task.present);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};
    use ordine_base::Stream;

    fn random_task(engine: &mut Engine, stream: &mut Stream) -> (Interval, Value) {
        let present = if stream.chance(0.3) { engine.boolean() } else { Atom::TRUE };
        let own = if stream.chance(0.8) { present } else { Atom::TRUE };
        let first = stream.below(3) as Value;
        let start = engine.optional_variable(first, first + stream.below(3) as Value, own);
        let ticks = stream.below(4) as Value;
        let duration = View::constant(ticks);
        let task = Interval { start, duration, end: start + ticks, present };
        (task, 1 + stream.below(2) as Value)
    }

    #[test]
    fn every_bound_on_an_excess_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(1_000, |stream| {
            let mut engine = Engine::default();
            let tasks: Vec<_> =
                (0..2 + stream.below(3)).map(|_| random_task(&mut engine, stream)).collect();
            let cost = engine.variable(0, stream.below(6) as Value);
            let low = stream.below(3) as Value;
            let capacity = [(0, stream.below(3) as Value), (2, low), (4, 1)];
            let before = domains(&engine);
            let excess = Excess::new(&tasks, &capacity, cost);
            let declarations = [excess.declaration()];
            engine.post(Box::new(excess));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }
}
