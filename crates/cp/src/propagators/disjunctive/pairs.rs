//! A small machine: reads what changed, lets pairs and then windows draw conclusions.
//!
//! Bounds are kept from call to call. After levels were undone they are read anew; else only what
//! is tagged, and what it was before is remembered, so that the rules can leave out what has not
//! changed since. Nothing is allocated.
//!
//! **Source:** Petr Vilím (CPAIOR 2004), section 6, for the order of the rules.

use super::tasks::{Members, Set, Tasks, only};
use super::ticks::Ticks;
use super::windows::Windows;
use super::{Direction, DisjunctiveParameters, SMALL};
use crate::atom::{Atom, Interval, Value, View};
use crate::propagator::{Priority, Propagation, Wake};
use crate::trail::{Conflict, Trail};

/// Where the bounds of the tasks of one machine are, and what is known of them.
#[derive(Debug)]
pub(super) struct Pairs<T: Ticks> {
    /// By direction: what is raised, starts and negated ends, from the origin on.
    views: [Vec<View>; 2],
    durations: Vec<View>,
    presences: Vec<Atom>,
    /// Tasks whose duration may grow, and those that may be absent.
    varying: Set,
    optional: Set,
    pub(super) tasks: Tasks<T>,
    windows: Windows<T>,
}

impl<T: Ticks> Pairs<T> {
    /// Times count from `origin`; the trail gives the cells of the pairs.
    pub(super) fn new(intervals: &[Interval], origin: Value, trail: &mut Trail) -> Self {
        let set = |holds: &dyn Fn(&Interval) -> bool| {
            (0..intervals.len()).filter(|&id| holds(&intervals[id])).map(only).sum()
        };
        let varying = set(&|it| !it.duration.is_constant());
        let optional = set(&|it| it.present != Atom::TRUE);
        let mut tasks = Tasks::new(intervals.len(), origin, varying | optional, trail);
        for (id, it) in intervals.iter().enumerate() {
            tasks.duration[id] = T::read(trail.lower(it.duration));
        }
        Pairs {
            views: [
                intervals.iter().map(|it| it.start - origin).collect(),
                intervals.iter().map(|it| -(it.end - origin)).collect(),
            ],
            durations: intervals.iter().map(|it| it.duration).collect(),
            presences: intervals.iter().map(|it| it.present).collect(),
            varying,
            optional,
            tasks,
            windows: Windows::default(),
        }
    }

    /// Draws conclusions, the cheap ones first, and postpones windows.
    pub(super) fn filter(
        &mut self,
        directions: &[Direction; 2],
        parameters: &DisjunctiveParameters,
        state: &mut Propagation<'_>,
    ) -> Result<(), Conflict> {
        self.read(state);
        let tasks = &mut self.tasks;
        tasks.detectable = parameters.detectable;
        tasks.settle(directions, state)?;
        if state.priority() == Priority::Dear {
            self.windows.filter(tasks, directions, parameters, state)?;
            tasks.settle(directions, state)?;
        }
        if tasks.changed != [0; 2] && parameters.windows() {
            state.postpone(Priority::Dear);
        }
        Ok(())
    }

    fn read(&mut self, state: &Propagation<'_>) {
        let undone = self.tasks.undone != state.undone_total;
        if undone {
            self.read_everything(state);
        }
        let tasks = &mut self.tasks;
        for &tag in state.tags() {
            if tag == Wake::ALL {
                tasks.touch_everything();
                continue;
            }
            let (id, side) = (tag as usize / 2 % SMALL, tag as usize % 2);
            let view = self.views[side][id];
            if tasks.moved[side] & only(id) == 0 {
                tasks.moved[side] |= only(id);
                tasks.from[side][id] = if undone {
                    T::read(state.settled_bound(view.side) + view.offset)
                } else {
                    tasks.est[side][id]
                };
            }
            tasks.start(side, id, T::read(state.lower(view)));
        }
        for id in Members(self.optional) {
            let present = self.presences[id];
            tasks.there |= if state.is_true(present) { only(id) } else { 0 };
            tasks.maybe &= if state.is_false(present) { !only(id) } else { Set::MAX };
        }
        for id in Members(self.varying) {
            tasks.duration[id] = T::read(state.lower(self.durations[id]));
            for side in 0..2 {
                tasks.start(side, id, tasks.est[side][id]);
            }
        }
    }

    fn read_everything(&mut self, state: &Propagation<'_>) {
        let tasks = &mut self.tasks;
        tasks.forget(state.undone_total);
        tasks.there &= !self.optional;
        for side in 0..2 {
            let places = tasks.est[side].iter_mut().zip(&mut tasks.ect[side]);
            let known = self.views[side].iter().zip(&tasks.duration);
            for ((est, ect), (&view, &duration)) in places.zip(known) {
                *est = T::read(state.lower(view));
                *ect = *est + duration;
            }
        }
    }
}
