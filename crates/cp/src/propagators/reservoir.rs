//! Reservoir: a level that events raise and lower stays between a least and a greatest one.
//!
//! `least ≤ initial + Σ {amount_e : time_e ≤ t, present} ≤ most` for every t; at an instant only
//! the sum of all changes counts. Both halves are one rule, `Σ amount_e ≤ room` for every t, once
//! for the amounts and once for their negations. What has surely come by t, and all that may have
//! gone, is the least that the sum can be then, `low(t)`:
//!
//! * `low(t) > room` fails;
//! * what adds `a` with `low(t) + a > room` comes after t, or never;
//! * what takes `a` with `low(t) + a > room` without it is present and goes by t.
//!
//! Reasons speak of one instant: what came, and what had not gone; the newest of them are left out
//! while the rest is still too much. O(n²) a call, O(n log n) while nothing is close to a limit.
//!
//! **Source:** Philippe Laborie, *Algorithms for propagating resource constraints in AI planning
//! and scheduling* (2003), for the time-table of reservoirs; reasons are ours.

use crate::atom::{Atom, VALUE_MAX, Value, View};
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};
use std::cell::RefCell;

/// A change of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happens.
    pub time: View,
    /// What it adds; below zero it takes.
    pub amount: Value,
    /// Whether it happens.
    pub present: Atom,
}

/// Which rule wrote a note.
const OVERFLOW: Value = 0;
const LATER: Value = 1;
const BY: Value = 2;

/// Length of every note: rule, half, event, first and last instant at which the rule holds.
const NOTE: usize = 5;

/// A stretch of time, up to the next one, and the least that the sum can be.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: Value,
    low: Value,
}

/// Why the sum is as large as it is at an instant.
#[derive(Clone, Copy, Debug)]
struct Ground {
    since: Position,
    index: u32,
    amount: Value,
    atom: Atom,
}

/// Events on a level with limits.
#[derive(Debug)]
pub struct Reservoir {
    events: Vec<Event>,
    initial: Value,
    least: Value,
    most: Value,
    changes: Vec<(Value, Value)>,
    stretches: Vec<Stretch>,
    grounds: RefCell<Vec<Ground>>,
}

impl Reservoir {
    /// A level that begins at `initial` and stays in `[least, most]`.
    ///
    /// # Panics
    /// When the initial level is beyond the limits.
    pub fn new(events: &[Event], initial: Value, least: Value, most: Value) -> Self {
        assert!(least <= initial && initial <= most, "the level begins within its limits");
        Reservoir {
            events: events.to_vec(),
            initial,
            least,
            most,
            changes: Vec::with_capacity(events.len()),
            stretches: Vec::with_capacity(events.len()),
            grounds: RefCell::new(Vec::with_capacity(events.len())),
        }
    }

    /// How far the sum may rise in a half.
    fn room(&self, half: usize) -> Value {
        if half == 0 { self.most - self.initial } else { self.initial - self.least }
    }

    /// What an event adds in a half.
    fn amount(&self, half: usize, index: usize) -> Value {
        let amount = self.events[index].amount;
        if half == 0 { amount } else { -amount }
    }

    /// The least that the sum can be, over time.
    fn measure(&mut self, half: usize, state: &Propagation<'_>) {
        self.changes.clear();
        for index in 0..self.events.len() {
            let Event { time, present, .. } = self.events[index];
            let amount = self.amount(half, index);
            if amount > 0 && state.is_true(present) {
                self.changes.push((state.upper(time), amount));
            } else if amount < 0 && !state.is_false(present) {
                self.changes.push((state.lower(time), amount));
            }
        }
        self.changes.sort_unstable();
        self.stretches.clear();
        self.stretches.push(Stretch { start: -VALUE_MAX, low: 0 });
        let mut low = 0;
        for &(start, amount) in &self.changes {
            low += amount;
            let last = self.stretches.last_mut().expect("one was pushed before");
            if last.start == start {
                last.low = low;
            } else {
                self.stretches.push(Stretch { start, low });
            }
        }
    }

    /// Last instant of a stretch.
    fn last_of(&self, place: usize) -> Value {
        self.stretches.get(place + 1).map_or(VALUE_MAX, |next| next.start - 1)
    }

    fn note(
        &self,
        rule: Value,
        half: usize,
        index: usize,
        place: usize,
        state: &mut Propagation<'_>,
    ) -> u32 {
        let first = self.stretches[place].start;
        let numbers = [rule, half as Value, index as Value, first, self.last_of(place)];
        state.note(&numbers)
    }

    /// What adds comes after every instant at which it would be too much.
    fn delay(
        &self,
        half: usize,
        index: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let Event { time, present, .. } = self.events[index];
        let amount = self.amount(half, index);
        let room = self.room(half);
        // Where it has surely come it is part of the sum.
        let end = if state.is_true(present) { state.upper(time) } else { Value::MAX };
        let too_much = |it: &Stretch| it.start < end && it.low + amount > room;
        let Some(place) = self.stretches.iter().rposition(too_much) else { return Ok(()) };
        let last = self.last_of(place).min(state.upper(time));
        if last >= state.lower(time) {
            let payload = self.note(LATER, half, index, place, state);
            state.set_when(present, time.at_least(last + 1), payload)?;
        }
        Ok(())
    }

    /// What takes goes by the first instant at which it is needed.
    fn hurry(
        &self,
        half: usize,
        index: usize,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        let Event { time, present, .. } = self.events[index];
        let amount = self.amount(half, index);
        let room = self.room(half);
        let start = state.lower(time);
        // Before it can go it is no part of the sum, which is within the room there.
        let needs = |it: &Stretch| it.start >= start && it.low - amount > room;
        let Some(place) = self.stretches.iter().position(needs) else { return Ok(()) };
        let first = self.stretches[place].start;
        if !state.is_true(present) || state.upper(time) > first {
            let payload = self.note(BY, half, index, place, state);
            state.set(present, payload)?;
            state.set(time.at_most(first), payload)?;
        }
        Ok(())
    }

    /// Why the events other than `except` come to at least `needed` by `time`.
    fn push_grounds(
        &self,
        half: usize,
        time: Value,
        except: Option<usize>,
        needed: Value,
        past: Past<'_>,
        reason: &mut Vec<Atom>,
    ) {
        let mut grounds = self.grounds.borrow_mut();
        grounds.clear();
        // As if all that takes had gone; each that has not gone adds what it would take.
        let mut spare = -needed;
        for (index, event) in self.events.iter().enumerate() {
            let amount = self.amount(half, index);
            if Some(index) == except {
                continue;
            }
            spare += amount.min(0);
            let [came, waits] = [event.time.at_most(time), event.time.at_least(time + 1)];
            let mut add = |atom: Atom, since: Position| {
                grounds.push(Ground { since, index: index as u32, amount: amount.abs(), atom });
            };
            if amount > 0 && past.is_true(event.present) && past.is_true(came) {
                add(came, past.since(came).max(past.since(event.present)));
            } else if amount < 0 && past.is_false(event.present) {
                add(!event.present, past.since(!event.present));
            } else if amount < 0 && past.is_true(waits) {
                add(waits, past.since(waits));
            }
        }
        spare += grounds.iter().map(|ground| ground.amount).sum::<Value>();
        assert!(spare >= 0, "the level was as far when it was measured");
        grounds.sort_unstable_by_key(|ground| (std::cmp::Reverse(ground.since), ground.index));
        for ground in grounds.iter() {
            if ground.amount <= spare {
                spare -= ground.amount;
                continue;
            }
            reason.push(ground.atom);
            let event = self.events[ground.index as usize];
            if self.amount(half, ground.index as usize) > 0 {
                reason.push(event.present);
            }
        }
    }
}

impl Propagator for Reservoir {
    fn name(&self) -> &'static str {
        "reservoir"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Scheduling(Scheduling::Reservoir {
            events: self.events.clone(),
            initial: self.initial,
            least: self.least,
            most: self.most,
        })
    }

    fn priority(&self) -> Priority {
        Priority::Sorted
    }

    fn wake_on(&self, wake: &mut Wake) {
        for event in &self.events {
            wake.on_bounds(event.time);
            wake.on_decided(event.present);
        }
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        for half in 0..2 {
            self.measure(half, state);
            let room = self.room(half);
            if let Some(place) = self.stretches.iter().position(|it| it.low > room) {
                let payload = self.note(OVERFLOW, half, 0, place, state);
                return state.fail(payload);
            }
            let highest = self.stretches.iter().map(|it| it.low).max().unwrap_or(0);
            for index in 0..self.events.len() {
                let amount = self.amount(half, index);
                if highest + amount.abs() <= room || state.is_false(self.events[index].present) {
                    continue;
                }
                if amount > 0 {
                    self.delay(half, index, state)?;
                } else {
                    self.hurry(half, index, state)?;
                }
            }
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        let note = past.noted(payload, NOTE);
        let (half, index, first, last) = (note[1] as usize, note[2] as usize, note[3], note[4]);
        let room = self.room(half);
        let Event { time, present, .. } = self.events[index];
        let amount = self.amount(half, index);
        match note[0] {
            OVERFLOW => self.push_grounds(half, first, None, room + 1, past, reason),
            LATER => {
                // The first instant that still moves it past the bound that is asked for.
                let instant = first.max(atom.value + time.offset - 1);
                past.push_presence(present, time.side, reason);
                self.push_grounds(half, instant, Some(index), room + 1 - amount, past, reason);
            }
            _ => {
                let instant = if atom == present {
                    first
                } else {
                    (time.offset - atom.value).clamp(first, last)
                };
                self.push_grounds(half, instant, Some(index), room + 1, past, reason);
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

    fn random_event(engine: &mut Engine, stream: &mut Stream) -> Event {
        let present = if stream.chance(0.3) { engine.boolean() } else { Atom::TRUE };
        let own = if stream.chance(0.8) { present } else { Atom::TRUE };
        let first = stream.below(3) as Value;
        let time = engine.optional_variable(first, first + stream.below(4) as Value, own);
        Event { time, amount: stream.below(5) as Value - 2, present }
    }

    #[test]
    fn every_inference_of_a_reservoir_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(1_000, |stream| {
            let mut engine = Engine::default();
            let events: Vec<Event> =
                (0..2 + stream.below(4)).map(|_| random_event(&mut engine, stream)).collect();
            let (least, most) = (-(stream.below(2) as Value), stream.below(3) as Value);
            let before = domains(&engine);
            let reservoir = Reservoir::new(&events, 0, least, most);
            let declarations = [reservoir.declaration()];
            engine.post(Box::new(reservoir));
            judged += Case::new(engine, &before, &declarations).judge(stream, 10, false);
        });
        assert!(judged > 10_000, "only {judged} inferences were judged");
    }

    #[test]
    fn what_takes_waits_for_what_adds() {
        let mut engine = Engine::default();
        let [adds, takes] = [engine.variable(3, 9), engine.variable(0, 5)];
        let event = |time: View, amount: Value| Event { time, amount, present: Atom::TRUE };
        engine.post(Box::new(Reservoir::new(&[event(adds, 2), event(takes, -2)], 1, 0, 9)));
        assert!(engine.fix_point().is_ok());
        assert_eq!(engine.trail.lower(takes), 3);
        assert_eq!(engine.trail.upper(adds), 5);
    }
}
