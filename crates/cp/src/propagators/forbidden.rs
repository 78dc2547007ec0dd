//! Forbidden values: a view lies in none of some intervals, if a task is present.
//!
//! A lower bound in `[a, b)` rises to b, an upper bound falls to a − 1; the reason is `view ≥ a`,
//! or
//! `view < b`. O(log intervals) a call.
//!
//! **Source:** Nicolas Beldiceanu, Mats Carlsson, Jean-Xavier Rampon, *Global constraint catalog*
//! (2012), "not in".

use crate::atom::{Atom, Value, View};
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};

/// A view that avoids intervals.
#[derive(Debug)]
pub struct Forbidden {
    view: View,
    present: Atom,
    /// By direction: the view, and its negation.
    intervals: [Vec<(Value, Value)>; 2],
}

impl Forbidden {
    /// `view` lies in none of the half-open `intervals` if `present`.
    pub fn new(view: View, present: Atom, intervals: &[(Value, Value)]) -> Self {
        let mut sorted = intervals.to_vec();
        sorted.sort_unstable();
        let forward = merged(&sorted);
        let backward = forward.iter().rev().map(|&(start, end)| (1 - end, 1 - start)).collect();
        Forbidden { view, present, intervals: [forward, backward] }
    }

    /// The interval that holds a value, in a direction.
    fn holding(&self, direction: usize, value: Value) -> Option<(Value, Value)> {
        let intervals = &self.intervals[direction];
        let place = intervals.partition_point(|interval| interval.0 <= value).checked_sub(1)?;
        Some(intervals[place]).filter(|interval| value < interval.1)
    }

    fn directed(&self, direction: usize) -> View {
        if direction == 0 { self.view } else { -self.view }
    }
}

/// Sorted intervals as disjoint ones that do not touch; empty ones vanish.
pub(crate) fn merged(sorted: &[(Value, Value)]) -> Vec<(Value, Value)> {
    let mut merged: Vec<(Value, Value)> = Vec::with_capacity(sorted.len());
    for &(start, end) in sorted.iter().filter(|interval| interval.0 < interval.1) {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

impl Propagator for Forbidden {
    fn name(&self) -> &'static str {
        "forbidden"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Scheduling(Scheduling::Forbidden {
            view: self.view,
            present: self.present,
            intervals: self.intervals[0].clone(),
        })
    }

    fn priority(&self) -> Priority {
        Priority::Constant
    }

    fn wake_on(&self, wake: &mut Wake) {
        wake.on_bounds(self.view);
        wake.on_true(self.present);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for direction in 0..2 {
            let view = self.directed(direction);
            if let Some((_, end)) = self.holding(direction, state.lower(view)) {
                state.set_when(self.present, view.at_least(end), direction as u32)?;
            }
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let direction = payload as usize;
        let view = self.directed(direction);
        let interval = self.holding(direction, atom.value + view.offset - 1);
        let (start, _) = interval.expect("the value before the bound is forbidden");
        past.push_presence(self.present, view.side, reason);
        reason.push(view.at_least(start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, any_view, domains, for_seeds};

    #[test]
    fn every_inference_about_forbidden_values_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let present = if stream.chance(0.5) { engine.boolean() } else { Atom::TRUE };
            let own = if stream.chance(0.5) { present } else { Atom::TRUE };
            let variable = engine.optional_variable(0, 3 + stream.below(8) as Value, own);
            let view = any_view(&[variable], stream);
            let intervals: Vec<(Value, Value)> = (0..stream.below(4))
                .map(|_| {
                    let start = stream.below(14) as Value - 7;
                    (start, start + stream.below(4) as Value)
                })
                .collect();
            let before = domains(&engine);
            let forbidden = Forbidden::new(view, present, &intervals);
            let declarations = [forbidden.declaration()];
            engine.post(Box::new(forbidden));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 2_000, "only {judged} inferences were judged");
    }
}
