//! Random constraints over tasks in time.
//!
//! **Source:** see `generate`.

use super::Draft;
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::{Declaration, General, Scheduling};
use crate::propagators::{ConditionalArc, Event, WorkingTime};
use std::sync::Arc;

impl Draft {
    fn plan(&mut self, scheduling: Scheduling) {
        self.tiny.declarations.push(Declaration::Scheduling(scheduling));
    }

    /// A task whose duration varies, with an end of its own.
    fn elastic_task(&mut self, durations: (Value, Value), present: Atom) -> Interval {
        let horizon = self.horizon;
        let start = self.tiny.variable(0, horizon / 2, present);
        let duration = self.tiny.variable(durations.0, durations.1, present);
        let end = self.tiny.variable(0, horizon, present);
        let mut conditions = vec![present];
        conditions.retain(|&atom| atom != Atom::TRUE);
        for sign in [1, -1] {
            let terms = vec![(sign, start), (sign, duration), (-sign, end)];
            let linear = General::Linear { terms, bound: 0, conditions: conditions.clone() };
            self.tiny.declarations.push(Declaration::General(linear));
        }
        Interval { start, duration, end, present }
    }
}

pub(super) fn add_acyclic(draft: &mut Draft) {
    let nodes = 2 + draft.stream.below(3);
    let mut arcs = Vec::new();
    for _ in 0..2 + draft.stream.below(5) {
        let conditions = (0..draft.stream.below(3)).map(|_| draft.fact()).collect();
        let (from, to) = (draft.stream.below(nodes), draft.stream.below(nodes));
        arcs.push(ConditionalArc { from, to, conditions });
    }
    draft.plan(Scheduling::Acyclic { nodes, arcs });
}

/// Options have a start of their own, or share that of the task.
pub(super) fn add_alternative(draft: &mut Draft) {
    let present = draft.presence(0.3);
    let master = draft.elastic_task((1, 3), present);
    let mut options = Vec::new();
    for _ in 0..2 + draft.stream.below(2) {
        let present = draft.tiny.boolean();
        draft.booleans.push(present);
        let length = draft.between(1, 3);
        let shares = draft.stream.chance(0.4);
        let start =
            if shares { master.start } else { draft.tiny.variable(0, draft.horizon / 2, present) };
        let duration = View::constant(length);
        let option = Interval { start, duration, end: start + length, present };
        options.push(option);
        if shares { draft.sharing.push(option) } else { draft.tasks.push(option) }
    }
    draft.tasks.push(master);
    draft.plan(Scheduling::Alternative { master, options });
}

pub(super) fn add_elapsed(draft: &mut Draft) {
    let (first, second) = (draft.between(0, 3), draft.between(1, 3));
    let steps = [
        (draft.between(-6, 1), draft.between(0, 2)),
        (2 + first, draft.between(0, 2)),
        (2 + first + second, draft.between(1, 2)),
    ];
    let start = draft.time();
    let own = draft.presence_of(start.side);
    let present = if own == Atom::TRUE { draft.guard() } else { own };
    let end = draft.tiny.variable(-1, draft.horizon + 2, own);
    draft.times.push(end);
    let time = Arc::new(WorkingTime::new(&steps));
    let work = draft.between(0, 5);
    draft.plan(Scheduling::Elapsed { start, end, work, present, time });
}

pub(super) fn add_forbidden(draft: &mut Draft) {
    let view = draft.time();
    let own = draft.presence_of(view.side);
    let present = if own == Atom::TRUE { draft.guard() } else { own };
    let mut intervals = Vec::new();
    let mut from = draft.between(-2, 3);
    for _ in 0..1 + draft.stream.below(3) {
        let to = from + draft.between(1, 3);
        intervals.push((from, to));
        from = to + draft.between(1, 3);
    }
    draft.plan(Scheduling::Forbidden { view, present, intervals });
}

pub(super) fn add_reservoir(draft: &mut Draft) {
    let mut events = Vec::new();
    let mut tasks = draft.some_tasks(5);
    tasks.extend(draft.sharing.iter().copied());
    for task in tasks {
        let time = if draft.stream.chance(0.5) { task.start } else { task.end };
        let amount = draft.between(-2, 2);
        events.push(Event { time, amount, present: task.present });
    }
    let (least, initial) = (draft.between(-1, 1), draft.between(1, 2));
    let most = initial + draft.between(0, 2);
    draft.plan(Scheduling::Reservoir { events, initial, least, most });
}

pub(super) fn add_setups(draft: &mut Draft) {
    let tasks = draft.some_tasks(5);
    let before = draft.order(tasks.len());
    let kinds = 1 + draft.stream.below(3);
    let families = tasks.iter().map(|_| draft.stream.below(kinds)).collect();
    let same = draft.stream.chance(0.3);
    let time = |place: usize| if place.is_multiple_of(kinds + 1) && !same { 0 } else { 2 };
    let times = (0..kinds * kinds).map(|place| draft.between(0, time(place))).collect();
    draft.plan(Scheduling::Setups { tasks, before, families, times });
}

pub(super) fn add_span(draft: &mut Draft) {
    let mut children = draft.some_tasks(3);
    children.extend(draft.sharing.iter().copied());
    let present = draft.presence(0.5);
    let parent = draft.elastic_task((0, draft.horizon), present);
    draft.tasks.push(parent);
    draft.plan(Scheduling::Span { parent, children });
}
