//! Work that only a group of machines can do, shared out evenly.
//!
//! For a set M of machines and the tasks all of whose modes need a machine of M: the energy bound
//! with capacity |M| and the shortest durations. Tried are the sets of machines of single tasks,
//! unions of two of them, and all machines.
//!
//! **Source:** Carlier 1987 (parallel machines with heads and tails), for sets as in Jurisch 1992.

use super::{Item, Windows, energy_bound};
use ordine_base::{Id, Ticks};
use ordine_problem::{Problem, ResourceKind, TaskId};
use std::collections::BTreeSet;

/// Most words of machine sets that are compared, for all sets together.
const LOOKS_MAX: usize = 4_000_000;

/// Most pairs of head and tail that the energy of one set looks at.
const PAIRS_MAX: usize = 200_000;

type MachineSet = Vec<u64>;

pub(super) fn bound(windows: &Windows<'_>, late: &dyn Fn() -> bool) -> i64 {
    let problem = windows.problem;
    if !problem.features().has(ordine_problem::Feature::SeveralModes) {
        return 0;
    }
    let tasks: Vec<(TaskId, MachineSet)> = problem
        .tasks()
        .filter(|&task| problem.duration_max(task) > Ticks::ZERO)
        .filter_map(|task| Some((task, machines_of(problem, task)?)))
        .collect();
    let singles: BTreeSet<&MachineSet> = tasks.iter().map(|(_, set)| set).collect();
    let mut bound = 0;
    let words = problem.resources().len().div_ceil(64);
    let sets_max = LOOKS_MAX / (tasks.len() * words).max(1);
    for set in candidate_sets(&singles, sets_max) {
        if late() {
            break;
        }
        let inside = tasks.iter().filter(|(_, of_task)| is_subset(of_task, &set));
        let least = |task| i128::from(problem.duration_min(task).get());
        let items: Vec<Item> = inside.map(|(task, _)| windows.item(*task, least(*task))).collect();
        let capacity: u32 = set.iter().map(|word| word.count_ones()).sum();
        if at_best(&items, capacity) > i128::from(bound) {
            bound = bound.max(energy_bound(&items, i128::from(capacity), PAIRS_MAX));
        }
    }
    bound
}

/// Machines of which every usable mode needs one; `None` when a mode needs no machine.
fn machines_of(problem: &Problem, task: TaskId) -> Option<MachineSet> {
    let words = problem.resources().len().div_ceil(64);
    let mut set = vec![0; words];
    for &mode in problem.usable_modes(task) {
        let needs = problem.requirements(mode).iter();
        let is_machine = |resource| problem.resource(resource).kind == ResourceKind::Machine;
        let machine = needs.map(|need| need.resource).find(|&resource| is_machine(resource))?;
        set[machine.index() / 64] |= 1 << (machine.index() % 64);
    }
    Some(set)
}

fn candidate_sets(singles: &BTreeSet<&MachineSet>, sets_max: usize) -> BTreeSet<MachineSet> {
    let union = |left: &MachineSet, right: &MachineSet| -> MachineSet {
        left.iter().zip(right).map(|(one, other)| one | other).collect()
    };
    let mut sets: BTreeSet<MachineSet> = BTreeSet::new();
    if let Some(all) =
        singles.iter().map(|set| (*set).clone()).reduce(|one, other| union(&one, &other))
    {
        sets.insert(all);
    }
    sets.extend(singles.iter().take(sets_max).map(|set| (*set).clone()));
    for (position, left) in singles.iter().enumerate() {
        for right in singles.iter().skip(position + 1) {
            if sets.len() >= sets_max {
                return sets;
            }
            sets.insert(union(left, right));
        }
    }
    sets
}

fn is_subset(inner: &MachineSet, outer: &MachineSet) -> bool {
    inner.iter().zip(outer).all(|(one, other)| one & !other == 0)
}

/// A cheap limit on what the energy bound can give: largest head and tail around all the work.
fn at_best(items: &[Item], capacity: u32) -> i128 {
    let work: i128 = items.iter().map(|item| item.work).sum();
    let head = items.iter().map(|item| item.head).max().unwrap_or(0);
    let tail = items.iter().map(|item| item.tail).max().unwrap_or(0);
    i128::from(head) + work.div_euclid(i128::from(capacity.max(1))) + 1 + i128::from(tail)
}
