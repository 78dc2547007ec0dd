//! Judge of machines: tasks that do not overlap, in an order that atoms say.
//!
//! What is plain: decided pairs move windows; a window that holds more work than time is empty;
//! and, for up to [`EXACT_MAX`] tasks, whether any order fits the windows at all, by the earliest
//! end of every set of tasks that goes first. O(2ⁿ n) steps there.
//!
//! **Source:** Michael Held, Richard Karp (1962), for the recursion over sets; Jacques Carlier
//! (1982), for the work inside a window.

use super::judge::narrow_difference;
use super::space::{Empty, Space};
use crate::atom::{Atom, Interval, Value};

/// Most tasks whose orders are tried by sets.
const EXACT_MAX: usize = 16;

/// The same where gaps depend on the neighbors.
const EXACT_WITH_GAPS_MAX: usize = 12;

/// No order ends ever.
const NEVER: Value = Value::MAX;

#[derive(Clone, Copy)]
struct Window {
    task: usize,
    earliest: Value,
    latest: Value,
    duration: Value,
}

/// Time between the end of a task and the start of another that it goes before.
pub(super) type Gap<'a> = &'a dyn Fn(usize, usize) -> Value;

/// Narrows a space by `before[i * n + j]`: i ends before j starts, with a gap in between.
pub(super) fn narrow_sequence(
    tasks: &[Interval],
    before: &[Atom],
    gap: Option<Gap<'_>>,
    space: &mut Space,
    work: &mut u64,
) -> Result<(), Empty> {
    let count = tasks.len();
    follow_order(tasks, space, &|space, first, second| {
        let gap = gap.map_or(0, |gap| gap(first, second));
        follow_pair(tasks[first], tasks[second], gap, before[first * count + second], space)
    })?;
    let windows = windows(tasks, space);
    let apart = |a: usize, b: usize| {
        let (ahead, behind) = (before[a * count + b], before[b * count + a]);
        ahead == !behind || space.is_true(ahead) || space.is_true(behind)
    };
    let all_apart =
        windows.iter().all(|a| windows.iter().all(|b| a.task == b.task || apart(a.task, b.task)));
    // Without an order for each pair, tasks may overlap.
    if !all_apart {
        return Ok(());
    }
    check_windows(&windows)?;
    let is_touched = |window: &&Window| {
        is_touched(tasks[window.task], space)
            || (0..count).any(|other| {
                let pair = before[window.task * count + other];
                other != window.task && space.is_touched(pair.as_view())
            })
    };
    let chosen: Vec<Window> = windows.iter().filter(is_touched).copied().collect();
    let precedes = |a: usize, b: usize| space.is_true(before[a * count + b]);
    match gap {
        Some(gap) => try_orders_with_gaps(chosen, &precedes, gap, work),
        None => try_orders(chosen, &precedes, work),
    }
}

/// Narrows a space by `end_i ≤ start_j` or `end_j ≤ start_i`.
pub(super) fn narrow_disjunctive(
    tasks: &[Interval],
    space: &mut Space,
    work: &mut u64,
) -> Result<(), Empty> {
    follow_order(tasks, space, &|space, first, second| {
        let (earlier, later) = (tasks[first], tasks[second]);
        let is_forced = space.lower(later.end) > space.upper(earlier.start);
        let guard = if is_forced { Atom::TRUE } else { Atom::FALSE };
        follow_pair(earlier, later, 0, guard, space)
    })?;
    let windows = windows(tasks, space);
    check_windows(&windows)?;
    let is_touched = |window: &&Window| is_touched(tasks[window.task], space);
    let chosen: Vec<Window> = windows.iter().filter(is_touched).copied().collect();
    try_orders(chosen, &|_, _| false, work)
}

fn windows(tasks: &[Interval], space: &Space) -> Vec<Window> {
    (0..tasks.len())
        .filter(|&task| space.has(tasks[task]))
        .map(|task| Window {
            task,
            earliest: space.lower(tasks[task].start),
            latest: space.upper(tasks[task].end),
            duration: space.lower(tasks[task].duration),
        })
        .collect()
}

fn is_touched(task: Interval, space: &Space) -> bool {
    [task.start, task.end, task.duration, task.present.as_view()]
        .iter()
        .any(|&view| space.is_touched(view))
}

/// While `guard`: the earlier ends before the later starts, with a gap in between.
fn follow_pair(
    earlier: Interval,
    later: Interval,
    gap: Value,
    guard: Atom,
    space: &mut Space,
) -> Result<(), Empty> {
    let (first, second) = (space.lower(earlier.duration), space.lower(later.duration));
    narrow_difference(earlier.end, later.start, gap, guard, space)?;
    narrow_difference(earlier.start, later.start, first + gap, guard, space)?;
    narrow_difference(earlier.end, later.end, second + gap, guard, space)
}

/// Follows every ordered pair that is there, until nothing moves or each had its turn often enough.
fn follow_order(
    tasks: &[Interval],
    space: &mut Space,
    follow: &dyn Fn(&mut Space, usize, usize) -> Result<(), Empty>,
) -> Result<(), Empty> {
    let count = tasks.len();
    for _ in 0..count {
        let snapshot = space.clone();
        for first in 0..count {
            for second in 0..count {
                if first != second && space.has(tasks[first]) && space.has(tasks[second]) {
                    follow(space, first, second)?;
                }
            }
        }
        if space.is_same(&snapshot) {
            break;
        }
    }
    Ok(())
}

/// No window holds more work than time.
fn check_windows(windows: &[Window]) -> Result<(), Empty> {
    for opening in windows {
        for closing in windows {
            let inside = |window: &&Window| {
                window.earliest >= opening.earliest && window.latest <= closing.latest
            };
            let work: Value = windows.iter().filter(inside).map(|window| window.duration).sum();
            if work > 0 && work > closing.latest - opening.earliest {
                return Err(Empty);
            }
        }
    }
    Ok(())
}

/// Some order of the tasks respects all windows and decided pairs. Tasks beyond [`EXACT_MAX`] are
/// disregarded.
fn try_orders(
    mut windows: Vec<Window>,
    precedes: &dyn Fn(usize, usize) -> bool,
    work: &mut u64,
) -> Result<(), Empty> {
    windows.truncate(EXACT_MAX);
    let count = windows.len();
    *work = work.saturating_sub(((count as u64) << count) / 1000);
    let predecessors = predecessors(&windows, precedes);
    let mut ends = vec![NEVER; 1 << count];
    ends[0] = Value::MIN;
    for set in 0..ends.len() {
        if ends[set] == NEVER {
            continue;
        }
        for (place, window) in windows.iter().enumerate() {
            let is_next = set >> place & 1 == 0 && predecessors[place] & !set == 0;
            let end = ends[set].max(window.earliest) + window.duration;
            if is_next && end <= window.latest {
                let with = set | 1 << place;
                ends[with] = ends[with].min(end);
            }
        }
    }
    if ends[ends.len() - 1] == NEVER { Err(Empty) } else { Ok(()) }
}

/// For each window the set of those that must go first.
fn predecessors(windows: &[Window], precedes: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let of = |later: &Window| {
        let earlier = windows.iter().enumerate();
        earlier
            .filter(|(_, earlier)| earlier.task != later.task && precedes(earlier.task, later.task))
            .map(|(place, _)| 1 << place)
            .sum()
    };
    windows.iter().map(of).collect()
}

/// The same with gaps between neighbors, for fewer tasks: the last task counts too.
fn try_orders_with_gaps(
    mut windows: Vec<Window>,
    precedes: &dyn Fn(usize, usize) -> bool,
    gap: Gap<'_>,
    work: &mut u64,
) -> Result<(), Empty> {
    windows.truncate(EXACT_WITH_GAPS_MAX);
    let count = windows.len();
    *work = work.saturating_sub(((count as u64).pow(2) << count) / 1000);
    let predecessors = predecessors(&windows, precedes);
    // By set and last task.
    let mut ends = vec![NEVER; count << count];
    for set in 0..1_usize << count {
        for (place, window) in windows.iter().enumerate() {
            if set >> place & 1 == 1 || predecessors[place] & !set != 0 {
                continue;
            }
            let ready = |last: usize| {
                let end = ends[set * count + last];
                if end == NEVER { NEVER } else { end + gap(windows[last].task, window.task) }
            };
            let ready = if set == 0 {
                window.earliest
            } else {
                (0..count).filter(|last| set >> last & 1 == 1).map(ready).min().unwrap_or(NEVER)
            };
            if ready < NEVER {
                let end = ready.max(window.earliest) + window.duration;
                let with = (set | 1 << place) * count + place;
                ends[with] = if end <= window.latest { ends[with].min(end) } else { ends[with] };
            }
        }
    }
    let all = (1 << count) - 1;
    let fits = count == 0 || (0..count).any(|last| ends[all * count + last] < NEVER);
    if fits { Ok(()) } else { Err(Empty) }
}
