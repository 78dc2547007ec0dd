//! Reservoirs: starts and ends of modes change a level that stays within its limits.
//!
//! Limits are judged at instants at which a task that is not done changes the level. History that
//! lies before all of these is part of the initial level; where it does not, each instant of a
//! change that is judged has a sum of its own.
//!
//! **Source:** see `ordine_cp::propagators::Reservoir`; decision record 0004.

use super::Lowered;
use ordine_cp::propagators::{Event, Reservoir, post_linear};
use ordine_cp::{Atom, Value, View};
use ordine_problem::{Point, ResourceId, Stock};

/// A change of a level, and whether its task is done.
type Change = (Event, Atom);

/// Posts one reservoir.
pub(super) fn lower(lowered: &mut Lowered<'_>, reservoir: ResourceId, stock: Stock) {
    let changes = changes(lowered, reservoir);
    let (mut initial, mut open) = (stock.initial, Vec::new());
    let trail = &lowered.engine.trail;
    let judged = changes.iter().filter(|change| change.1 != Atom::TRUE);
    let first = judged.clone().map(|(event, _)| trail.lower(event.time)).min();
    for change in &changes {
        let (event, done) = *change;
        let is_before = first.is_some_and(|first| trail.upper(event.time) < first);
        match done == Atom::TRUE && is_before {
            true => initial += event.amount,
            false => open.push(*change),
        }
    }
    if first.is_none() {
        return;
    }
    let events: Vec<Event> = open.iter().map(|change| change.0).collect();
    let is_plain = open.iter().all(|change| change.1 == Atom::FALSE);
    if is_plain && (stock.least..=stock.most).contains(&initial) {
        let Stock { least, most, .. } = stock;
        lowered.engine.post(Box::new(Reservoir::new(&events, initial, least, most)));
        return;
    }
    for (event, done) in &open {
        if *done != Atom::TRUE {
            judge_instant(lowered, &open, (*event, *done), Stock { initial, ..stock });
        }
    }
}

fn changes(lowered: &Lowered<'_>, reservoir: ResourceId) -> Vec<Change> {
    let mut changes = Vec::new();
    for (task, of_task) in lowered.tasks.iter() {
        for mode in &of_task.modes {
            for change in lowered.problem.stock_changes(mode.mode) {
                if change.reservoir == reservoir {
                    let time = match change.at {
                        Point::Start => mode.interval.start,
                        Point::End => mode.interval.end,
                    };
                    let present = mode.interval.present;
                    let event = Event { time, amount: change.amount, present };
                    changes.push((event, lowered.done[task]));
                }
            }
        }
    }
    changes
}

/// The level is right after all changes of the instant of this one, unless its task is done.
fn judge_instant(
    lowered: &mut Lowered<'_>,
    changes: &[Change],
    (event, done): Change,
    stock: Stock,
) {
    let mut terms: Vec<(Value, View)> = Vec::new();
    for (other, _) in changes {
        let came = came(lowered, other, event.time);
        terms.push((other.amount, lowered.indicator(came)));
    }
    let judged = lowered.all_of(&[event.present, !done]);
    let negated: Vec<(Value, View)> = terms.iter().map(|&(by, came)| (-by, came)).collect();
    post_linear(&mut lowered.engine, &terms, stock.most - stock.initial, judged);
    post_linear(&mut lowered.engine, &negated, stock.initial - stock.least, judged);
}

/// Whether a change is there and has come by a time.
fn came(lowered: &mut Lowered<'_>, event: &Event, time: View) -> Atom {
    if event.time == time {
        return event.present;
    }
    let by_then = lowered.choice();
    lowered.engine.post_difference(event.time, time, 0, by_then);
    lowered.engine.post_difference(time, event.time, 1, !by_then);
    lowered.all_of(&[event.present, by_then])
}
