//! Calendar: a task ends when its work is done, at a rate that changes with time.
//!
//! With `W(t)` the work that can be done before t, `end = f(start, work)` where
//! `f(s, w) = min {t ≥ s : W(t) ≥ W(s) + w}`. `f` rises with both arguments, so each bound follows
//! from one bound of each of the others, and a reason goes back to the weakest of those that still
//! suffice. A rate of zero is a break, over which the task pauses; where it may not, or may not
//! start, [`super::Forbidden`] says so for the intervals that [`WorkingTime::forbidden_starts`]
//! finds. O(log steps) a call.
//!
//! **Source:** calendars as intensity functions in Philippe Laborie et al., *IBM ILOG CP Optimizer
//! for scheduling* (2018), section 2; reasons are ours.

use crate::atom::{Atom, VALUE_MAX, Value, View};
use crate::declaration::{Declaration, Scheduling};
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past};
use std::sync::Arc;

/// How fast work is done, over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingTime {
    /// From each time on, the rate; times strictly rising.
    steps: Vec<(Value, Value)>,
    /// Work that can be done before each step.
    before: Vec<Value>,
}

impl WorkingTime {
    /// From each time on the rate beside it; nothing is done before the first.
    ///
    /// # Panics
    /// When times do not rise, or a rate is below zero.
    pub fn new(steps: &[(Value, Value)]) -> Self {
        assert!(steps.is_sorted_by(|a, b| a.0 < b.0), "times of rates rise strictly");
        assert!(steps.iter().all(|step| step.1 >= 0), "work is not undone");
        let mut before = Vec::with_capacity(steps.len());
        let mut work = 0;
        for (place, &(time, _)) in steps.iter().enumerate() {
            if place > 0 {
                let (last, rate) = steps[place - 1];
                work += (time - last) * rate;
            }
            before.push(work);
        }
        WorkingTime { steps: steps.to_vec(), before }
    }

    /// Work that can be done before a time.
    fn done(&self, time: Value) -> Value {
        let place = self.steps.partition_point(|step| step.0 <= time);
        let Some(place) = place.checked_sub(1) else { return 0 };
        let (start, rate) = self.steps[place];
        self.before[place].saturating_add((time - start).saturating_mul(rate))
    }

    /// The first time before which so much can be done, if it ever can.
    fn reached(&self, work: Value) -> Option<Value> {
        if work <= 0 {
            return Some(-VALUE_MAX);
        }
        let place = self.before.partition_point(|&before| before < work).checked_sub(1)?;
        let (start, rate) = self.steps[place];
        (rate > 0).then(|| start + ceiling(work - self.before[place], rate))
    }

    /// The last time before which no more can be done.
    fn last_at_most(&self, work: Value) -> Value {
        self.reached(work + 1).map_or(VALUE_MAX, |time| time - 1)
    }

    /// `f`: the end of work that starts at a time; [`VALUE_MAX`] if it never ends.
    pub fn end(&self, start: Value, work: Value) -> Value {
        if work <= 0 {
            return start;
        }
        self.reached(self.done(start).saturating_add(work)).unwrap_or(VALUE_MAX).max(start)
    }

    /// The last start from which work ends by a time.
    pub fn last_start(&self, end: Value, work: Value) -> Value {
        if work <= 0 {
            return end;
        }
        match self.done(end) - work {
            least if least < 0 => -VALUE_MAX,
            most => self.last_at_most(most),
        }
    }

    /// The first start from which work ends at a time or later.
    pub fn first_start(&self, end: Value, work: Value) -> Value {
        if work <= 0 {
            return end;
        }
        match self.done(end - 1) - work {
            least if least < 0 => -VALUE_MAX,
            most => self.last_at_most(most) + 1,
        }
    }

    /// Starts of work that would run in one of the `closed` intervals, or begin where nothing is
    /// done: sorted, disjoint, half-open.
    pub fn forbidden_starts(&self, work: Value, closed: &[(Value, Value)]) -> Vec<(Value, Value)> {
        let idle = self.steps.iter().enumerate().filter(|(_, step)| step.1 == 0).map(
            |(place, &(start, _))| {
                (start, self.steps.get(place + 1).map_or(VALUE_MAX, |next| next.0))
            },
        );
        let never = self.steps.first().map(|step| (-VALUE_MAX, step.0));
        let crossing = closed.iter().map(|&(start, end)| (self.last_start(start, work) + 1, end));
        let mut starts: Vec<(Value, Value)> = crossing.chain(idle).chain(never).collect();
        starts.sort_unstable();
        super::forbidden::merged(&starts)
    }
}

fn ceiling(amount: Value, divisor: Value) -> Value {
    -(-amount).div_euclid(divisor)
}

/// Which bound was set.
const END_LEAST: u32 = 0;
const END_MOST: u32 = 1;
const START_LEAST: u32 = 2;
const START_MOST: u32 = 3;

/// `end = f(start, work)` for a task that may be absent.
#[derive(Debug)]
pub struct Elapsed {
    start: View,
    end: View,
    work: Value,
    present: Atom,
    time: Arc<WorkingTime>,
}

impl Elapsed {
    /// A task that starts, does its work and ends.
    pub fn new(start: View, end: View, work: Value, present: Atom, time: Arc<WorkingTime>) -> Self {
        Elapsed { start, end, work, present, time }
    }

    /// The bound of the other end that still implies `atom`.
    fn premise(&self, atom: Atom, payload: u32) -> Atom {
        let Elapsed { start, end, work, .. } = *self;
        match payload {
            END_LEAST => start.at_least(self.time.first_start(atom.value + end.offset, work)),
            END_MOST => start.at_most(self.time.last_start(end.offset - atom.value, work)),
            START_LEAST => end.at_least(self.time.end(atom.value + start.offset - 1, work) + 1),
            _ => end.at_most(self.time.end(start.offset - atom.value + 1, work) - 1),
        }
    }
}

impl Propagator for Elapsed {
    fn name(&self) -> &'static str {
        "elapsed"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Scheduling(Scheduling::Elapsed {
            start: self.start,
            end: self.end,
            work: self.work,
            present: self.present,
            time: Arc::clone(&self.time),
        })
    }

    fn priority(&self) -> Priority {
        Priority::Constant
    }

    fn wake_on(&self, wake: &mut Wake) {
        wake.on_bounds(self.start);
        wake.on_bounds(self.end);
        wake.on_true(self.present);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        let Elapsed { start, end, work, present, .. } = *self;
        if state.is_false(present) {
            return Ok(());
        }
        let least = self.time.end(state.lower(start), work);
        state.set_when(present, end.at_least(least), END_LEAST)?;
        let most = self.time.end(state.upper(start), work);
        state.set_when(present, end.at_most(most), END_MOST)?;
        let least = self.time.first_start(state.lower(end), work);
        state.set_when(present, start.at_least(least), START_LEAST)?;
        let most = self.time.last_start(state.upper(end), work);
        state.set_when(present, start.at_most(most), START_MOST)
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        past.push_presence(self.present, atom.side, reason);
        // The premise speaks of the other end, which may be there when this one is not.
        let premise = self.premise(atom, payload);
        if past.presence(atom.side) != past.presence(premise.side) {
            past.push_presence(self.present, premise.side, reason);
        }
        reason.push(premise);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::propagators::testing::{Case, domains, for_seeds};
    use ordine_base::Stream;

    fn random_time(stream: &mut Stream) -> WorkingTime {
        let mut steps = Vec::new();
        let mut time = stream.below(3) as Value - 2;
        for _ in 0..1 + stream.below(4) {
            steps.push((time, stream.below(3) as Value));
            time += 1 + stream.below(3) as Value;
        }
        WorkingTime::new(&steps)
    }

    /// The definition, tick by tick.
    fn end_by_counting(time: &WorkingTime, start: Value, work: Value) -> Value {
        let mut done = 0;
        for now in start..40 {
            if done >= work {
                return now;
            }
            done += time.steps.iter().rev().find(|step| step.0 <= now).map_or(0, |step| step.1);
        }
        VALUE_MAX
    }

    #[test]
    fn ends_and_starts_are_those_of_counting() {
        for_seeds(300, |stream| {
            let time = random_time(stream);
            let work = stream.below(6) as Value;
            let end = |start: Value| end_by_counting(&time, start, work);
            for at in -4..12 {
                assert_eq!(time.end(at, work), end(at), "{time:?} {at} {work}");
                // Starts far before anything is done are all the same.
                let last = (-20..30).rev().find(|&it| end(it) <= at);
                assert_eq!(time.last_start(at, work).max(-21), last.unwrap_or(-21));
                let first = (-20..30).find(|&it| end(it) >= at).expect("a late start");
                assert_eq!(time.first_start(at, work).max(-20), first);
            }
        });
    }

    #[test]
    fn forbidden_starts_are_those_that_run_into_a_closed_time() {
        for_seeds(300, |stream| {
            let time = random_time(stream);
            let work = 1 + stream.below(5) as Value;
            let from = stream.below(8) as Value;
            let closed = [(from, from + 1 + stream.below(3) as Value)];
            let forbidden = time.forbidden_starts(work, &closed);
            for start in -4..12 {
                let rate = time.done(start + 1) - time.done(start);
                let end = time.end(start, work);
                let runs_into = start < closed[0].1 && end > closed[0].0;
                let inside = forbidden.iter().any(|it| it.0 <= start && start < it.1);
                assert_eq!(inside, rate == 0 || runs_into, "{time:?} {closed:?} {start} {work}");
            }
        });
    }

    #[test]
    fn every_inference_about_elapsed_time_is_implied_by_its_reason() {
        let mut judged = 0;
        for_seeds(400, |stream| {
            let mut engine = Engine::default();
            let present = if stream.chance(0.5) { engine.boolean() } else { Atom::TRUE };
            let mut view = |stream: &mut Stream| {
                let own = if stream.chance(0.7) { present } else { Atom::TRUE };
                let first = stream.below(4) as Value;
                engine.optional_variable(first, first + stream.below(8) as Value, own)
            };
            let (start, end) = (view(stream), view(stream));
            let time = Arc::new(random_time(stream));
            let before = domains(&engine);
            let elapsed = Elapsed::new(start, end, stream.below(5) as Value, present, time);
            let declarations = [elapsed.declaration()];
            engine.post(Box::new(elapsed));
            judged += Case::new(engine, &before, &declarations).judge(stream, 20, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }
}
