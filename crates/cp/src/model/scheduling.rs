//! Tasks of a model, and what keeps them apart.
//!
//! **Source:** see the propagators.

use super::{Model, Relate, interval};
use crate::atom::{Atom, Interval, Value, View};
use crate::machine::post_machine;
use crate::propagators::{
    Capacity, Cumulative, CumulativeEnergy, EnergyParameters, SequenceParameters, Usage,
};

impl Model {
    /// A task of fixed duration that lies in `[release, deadline)`.
    ///
    /// # Panics
    /// When it does not fit.
    pub fn task(&mut self, release: Value, duration: Value, deadline: Value) -> Interval {
        let start = self.integer(release, deadline - duration);
        interval(start, duration, Atom::TRUE)
    }

    /// A task of fixed duration that lies in `[release, deadline)` if `present` holds.
    ///
    /// # Panics
    /// When it does not fit.
    pub fn optional_task(
        &mut self,
        release: Value,
        duration: Value,
        deadline: Value,
        present: Atom,
    ) -> Interval {
        let start = self.engine.optional_variable(release, deadline - duration, present);
        interval(start, duration, present)
    }

    /// A task whose duration varies.
    pub fn task_between(&mut self, start: View, duration: View, end: View) -> Interval {
        self.add((start + duration).equals(end));
        Interval { start, duration, end, present: Atom::TRUE }
    }

    /// `first` ends before `second` starts, if both are there.
    pub fn precedence(&mut self, first: Interval, second: Interval) {
        self.precedence_with_lag(first, second, 0);
    }

    /// `first` ends at least `lag` before `second` starts, if both are there.
    pub fn precedence_with_lag(&mut self, first: Interval, second: Interval, lag: Value) {
        self.engine.post_difference(first.end, second.start, lag, Atom::TRUE);
    }

    /// At any time, the tasks that run use at most the capacity.
    pub fn cumulative(&mut self, usages: &[Usage], capacity: View) {
        let capacity = Capacity::Level(capacity);
        self.engine.post(Box::new(Cumulative::new(usages, capacity.clone())));
        let energy = CumulativeEnergy::new(usages, capacity, EnergyParameters::default());
        self.engine.post(Box::new(energy));
    }

    /// Tasks do not overlap: a machine. Returns `before[i * n + j]`, "i before j if both are
    /// there".
    pub fn no_overlap(&mut self, tasks: &[Interval]) -> Vec<Atom> {
        post_machine(&mut self.engine, tasks, SequenceParameters::default())
    }
}
