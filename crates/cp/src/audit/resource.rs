//! Judge of resources: tasks that share a capacity.
//!
//! What is plain: what tasks use for sure at an instant is at most the capacity, no task starts
//! where it does not fit beside that, and no window of time holds more energy than there is, each
//! task as far out of it as it can be. O(n³) for the windows, tick by tick for the rest.
//!
//! **Source:** Philippe Baptiste, Claude Le Pape, Wim Nuijten, *Constraint-based scheduling*
//! (2001), chapter 3.

use super::general::least_inside;
use super::space::{Empty, Space};
use crate::atom::{Interval, Value};
use crate::propagators::{Capacity, Usage};

/// Windows of so many tasks cost one unit of work.
const PER_WORK: u64 = 2_000;

/// Narrows a space by `Σ demand ≤ capacity` at any time.
pub(super) fn narrow(
    usages: &[Usage],
    capacity: &Capacity,
    space: &mut Space,
    work: &mut u64,
) -> Result<(), Empty> {
    let there: Vec<Usage> = usages.iter().copied().filter(|usage| space.has(usage.task)).collect();
    if let Capacity::Level(level) = capacity {
        let peak = there.iter().map(|it| used_at(&there, space.upper(it.task.start), space)).max();
        space.admit(level.at_least(peak.unwrap_or(0)))?;
    }
    for usage in &there {
        check_instant(&there, capacity, space.upper(usage.task.start), space)?;
    }
    for time in capacity.times() {
        check_instant(&there, capacity, time, space)?;
    }
    *work = work.saturating_sub((there.len() as u64).pow(3) / PER_WORK);
    check_energy(&there, capacity, space)?;
    for place in 0..there.len() {
        // The others stand where the root left them.
        if space.is_touched(there[place].task.start) || space.is_touched(there[place].task.end) {
            push(&there, capacity, place, space)?;
        }
    }
    Ok(())
}

/// Whether a task runs at `time` wherever it is.
fn runs(task: Interval, time: Value, space: &Space) -> bool {
    space.upper(task.start) <= time && time < space.lower(task.end)
}

/// What is used at `time` for sure.
fn used_at(usages: &[Usage], time: Value, space: &Space) -> Value {
    let running = usages.iter().filter(|usage| runs(usage.task, time, space));
    running.map(|usage| space.lower(usage.demand)).sum()
}

/// The most there can be at `time`.
fn most_at(capacity: &Capacity, time: Value, space: &Space) -> Value {
    capacity.at(time, &|view| space.upper(view))
}

fn check_instant(
    usages: &[Usage],
    capacity: &Capacity,
    time: Value,
    space: &Space,
) -> Result<(), Empty> {
    let fits = used_at(usages, time, space) <= most_at(capacity, time, space);
    if fits { Ok(()) } else { Err(Empty) }
}

/// A task starts and ends where it fits beside what the others use for sure.
fn push(
    usages: &[Usage],
    capacity: &Capacity,
    place: usize,
    space: &mut Space,
) -> Result<(), Empty> {
    let Usage { task, demand } = usages[place];
    let others: Vec<Usage> =
        usages.iter().enumerate().filter(|it| it.0 != place).map(|it| *it.1).collect();
    let (demand, duration) = (space.lower(demand), space.lower(task.duration));
    let fits = |time: Value, space: &Space| {
        used_at(&others, time, space) + demand <= most_at(capacity, time, space)
    };
    let tries =
        |start: Value, space: &Space| (start..start + duration).all(|time| fits(time, space));
    let (first, last) = (space.lower(task.start), space.upper(task.start));
    let earliest = (first..=last).find(|&start| tries(start, space)).ok_or(Empty)?;
    space.admit(task.start.at_least(earliest))?;
    let (first, last) = (space.lower(task.end), space.upper(task.end));
    let latest = (first..=last).rev().find(|&end| tries(end - duration, space)).ok_or(Empty)?;
    space.admit(task.end.at_most(latest))
}

fn check_energy(usages: &[Usage], capacity: &Capacity, space: &Space) -> Result<(), Empty> {
    let mut froms: Vec<Value> = Vec::new();
    let mut tos: Vec<Value> = Vec::new();
    for Usage { task, .. } in usages {
        froms.extend([space.lower(task.start), space.upper(task.start)]);
        tos.extend([space.lower(task.end), space.upper(task.end)]);
    }
    for times in [&mut froms, &mut tos] {
        times.sort_unstable();
        times.dedup();
    }
    for &from in &froms {
        for &to in tos.iter().filter(|&&to| to > from) {
            let energy: Value = usages
                .iter()
                .map(|it| space.lower(it.demand) * least_inside(it.task, from, to, space))
                .sum();
            if energy > energy_between(capacity, from, to, space) {
                return Err(Empty);
            }
        }
    }
    Ok(())
}

/// The most energy in `[from, to)`.
fn energy_between(capacity: &Capacity, from: Value, to: Value, space: &Space) -> Value {
    let mut times: Vec<Value> = capacity.times().filter(|&time| from < time && time < to).collect();
    times.insert(0, from);
    times.push(to);
    let parts = times.windows(2);
    parts.map(|part| (part[1] - part[0]) * most_at(capacity, part[0], space)).sum()
}
