//! Judges of constraints over tasks in time, beside machines and cumulative resources.
//!
//! What is plain from the formulas of `declaration::Scheduling`, for what is there for sure; the
//! rest is left to splitting.
//!
//! **Source:** the formulas of `declaration::Scheduling`.

use super::general::{exactly_one, hull};
use super::machine;
use super::space::{Empty, Space};
use crate::atom::{Atom, Interval, Value, View};
use crate::declaration::Scheduling;
use crate::propagators::{ConditionalArc, Event, WorkingTime};

/// Narrows a space by a constraint over tasks in time.
pub(super) fn narrow(
    scheduling: &Scheduling,
    space: &mut Space,
    work: &mut u64,
) -> Result<(), Empty> {
    match scheduling {
        Scheduling::Alternative { master, options } => alternative(*master, options, space),
        Scheduling::Span { parent, children } => span(*parent, children, space),
        Scheduling::Reservoir { events, initial, least, most } => {
            reservoir(events, initial - least, most - initial, space)
        }
        Scheduling::Elapsed { start, end, work, present, time } => {
            elapsed(*start, *end, (*work, time), *present, space)
        }
        Scheduling::Forbidden { view, present, intervals } => {
            forbidden(*view, *present, intervals, space)
        }
        Scheduling::Setups { tasks, before, families, times } => {
            let kinds = times.len().isqrt();
            let gap =
                |first: usize, second: usize| times[families[first] * kinds + families[second]];
            machine::narrow_sequence(tasks, before, Some(&gap), space, work)
        }
        Scheduling::Acyclic { nodes, arcs } => acyclic(*nodes, arcs, space),
        #[allow(unreachable_patterns, reason = "a new constraint lives from splitting at first")]
        _ => Ok(()),
    }
}

fn parts(task: Interval) -> [View; 3] {
    [task.start, task.duration, task.end]
}

/// The presence of the whole is that of some part.
fn some_part(whole: Atom, presences: &[Atom], space: &mut Space) -> Result<(), Empty> {
    if presences.iter().all(|&part| space.is_false(part)) {
        space.admit(!whole)?;
    }
    if presences.iter().any(|&part| space.is_true(part)) {
        space.admit(whole)?;
    }
    if space.is_false(whole) {
        presences.iter().try_for_each(|&part| space.admit(!part))?;
    }
    Ok(())
}

fn alternative(master: Interval, options: &[Interval], space: &mut Space) -> Result<(), Empty> {
    let presences: Vec<Atom> = options.iter().map(|option| option.present).collect();
    some_part(master.present, &presences, space)?;
    if !space.has(master) {
        return Ok(());
    }
    exactly_one(&presences, space)?;
    let possible: Vec<Interval> =
        options.iter().copied().filter(|it| !space.is_false(it.present)).collect();
    for (place, view) in parts(master).into_iter().enumerate() {
        let views: Vec<View> = possible.iter().map(|&it| parts(it)[place]).collect();
        hull(view, &views, space)?;
        if let [option] = possible[..]
            && space.has(option)
        {
            hull(parts(option)[place], &[view], space)?;
        }
    }
    Ok(())
}

fn span(parent: Interval, children: &[Interval], space: &mut Space) -> Result<(), Empty> {
    let presences: Vec<Atom> = children.iter().map(|child| child.present).collect();
    some_part(parent.present, &presences, space)?;
    if !space.has(parent) {
        return Ok(());
    }
    let possible: Vec<Interval> =
        children.iter().copied().filter(|it| !space.is_false(it.present)).collect();
    let least = possible.iter().map(|it| space.lower(it.start)).min().ok_or(Empty)?;
    let most = possible.iter().map(|it| space.upper(it.end)).max().ok_or(Empty)?;
    space.admit(parent.start.at_least(least))?;
    space.admit(parent.end.at_most(most))?;
    for child in possible.into_iter().filter(|&it| space.has(it)).collect::<Vec<_>>() {
        space.admit(child.start.at_least(space.lower(parent.start)))?;
        space.admit(parent.start.at_most(space.upper(child.start)))?;
        space.admit(child.end.at_most(space.upper(parent.end)))?;
        space.admit(parent.end.at_least(space.lower(child.end)))?;
    }
    Ok(())
}

/// The level is never surely lower than it may be, nor surely higher.
fn reservoir(events: &[Event], below: Value, above: Value, space: &Space) -> Result<(), Empty> {
    let surely = |it: &Event, time: Value| {
        space.is_true(it.present) && space.is_there(it.time) && space.upper(it.time) <= time
    };
    let maybe = |it: &Event, time: Value| {
        !space.is_false(it.present) && !space.is_absent(it.time) && space.lower(it.time) <= time
    };
    let times = events.iter().flat_map(|it| [space.lower(it.time), space.upper(it.time)]);
    for time in times {
        for (sign, room) in [(1, above), (-1, below)] {
            let amounts = events.iter().map(|it| {
                let amount = sign * it.amount;
                let counts = if amount > 0 { surely(it, time) } else { maybe(it, time) };
                if counts { amount } else { 0 }
            });
            if amounts.sum::<Value>() > room {
                return Err(Empty);
            }
        }
    }
    Ok(())
}

/// The end rises with the start.
fn elapsed(
    start: View,
    end: View,
    (work, time): (Value, &WorkingTime),
    present: Atom,
    space: &mut Space,
) -> Result<(), Empty> {
    if !space.is_true(present) || !space.is_there(start) || !space.is_there(end) {
        return Ok(());
    }
    space.admit(end.at_least(time.end(space.lower(start), work)))?;
    space.admit(end.at_most(time.end(space.upper(start), work)))?;
    // The first start that ends late enough, the last that ends early enough.
    let first_where = |holds: &dyn Fn(Value) -> bool| {
        let (mut low, mut high) = (space.lower(start), space.upper(start) + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        low
    };
    let earliest = first_where(&|it| time.end(it, work) >= space.lower(end));
    let latest = first_where(&|it| time.end(it, work) > space.upper(end)) - 1;
    space.admit(start.at_least(earliest))?;
    space.admit(start.at_most(latest))
}

fn forbidden(
    view: View,
    present: Atom,
    intervals: &[(Value, Value)],
    space: &mut Space,
) -> Result<(), Empty> {
    if !space.is_true(present) || !space.is_there(view) {
        return Ok(());
    }
    for &(first, after) in intervals {
        if (first..after).contains(&space.lower(view)) {
            space.admit(view.at_least(after))?;
        }
    }
    for &(first, after) in intervals.iter().rev() {
        if (first..after).contains(&space.upper(view)) {
            space.admit(view.at_most(first - 1))?;
        }
    }
    Ok(())
}

/// The arcs that are there for sure form no circle.
fn acyclic(nodes: usize, arcs: &[ConditionalArc], space: &Space) -> Result<(), Empty> {
    let is_there = |arc: &&ConditionalArc| arc.conditions.iter().all(|&it| space.is_true(it));
    let mut reaches = vec![false; nodes * nodes];
    for arc in arcs.iter().filter(is_there) {
        reaches[arc.from * nodes + arc.to] = true;
    }
    for middle in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reaches[from * nodes + to] |=
                    reaches[from * nodes + middle] && reaches[middle * nodes + to];
            }
        }
    }
    if (0..nodes).any(|node| reaches[node * nodes + node]) { Err(Empty) } else { Ok(()) }
}
