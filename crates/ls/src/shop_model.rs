//! What a sequence graph never changes: precedences, releases and modes in flat tables.
//!
//! A mode that takes no time needs no machine here, because an empty interval overlaps nothing.
//! The first arc of each task is kept apart from further ones, so that chains need no ranges.
//!
//! With `p` the duration and `l` the lag, arcs have start-to-start length `p + l`. Only problems
//! with `p + l >= 0` on every arc are supported: then a cycle through a machine always has
//! positive length, so a choice of sequences is feasible exactly when the graph has no cycle.
//!
//! **Source:** disjunctive graph of Roy, Sussmann 1964; lags as arc lengths (Bartusch, Möhring,
//! Radermacher 1988).

use crate::LsError;
use ordine_base::{Id, Ticks};
use ordine_problem::{Feature, FeatureSet, Link, ModeId, Problem, TaskId};

/// Features that the shop searches respect.
pub(crate) const SUPPORTED: FeatureSet = FeatureSet::of(&[
    Feature::SeveralModes,
    Feature::ResourceFreeWork,
    Feature::Lags,
    Feature::Branching,
    Feature::Releases,
]);

/// A usable mode of a task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShopMode {
    /// Machine, or the number of machines when it needs none.
    pub(crate) machine: u32,
    pub(crate) duration: i64,
    pub(crate) id: ModeId,
}

/// An arc to a neighboring task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbor {
    pub(crate) task: u32,
    pub(crate) lag: i64,
}

/// Arcs of all tasks in one direction; the sentinel task `n` stands for "none".
#[derive(Clone, Debug, Default)]
pub(crate) struct Arcs {
    pub(crate) first: Vec<Neighbor>,
    range: Vec<u32>,
    more: Vec<Neighbor>,
}

impl Arcs {
    fn new<'a>(problem: &'a Problem, links: impl Fn(TaskId) -> &'a [Link]) -> Self {
        let none = Neighbor { task: problem.tasks().len() as u32, lag: 0 };
        let arc = |link: &Link| Neighbor { task: link.task.index() as u32, lag: link.lag.get() };
        let mut arcs = Arcs { range: vec![0], ..Arcs::default() };
        for task in problem.tasks() {
            let of_task = links(task);
            arcs.first.push(of_task.first().map_or(none, arc));
            arcs.more.extend(of_task.iter().skip(1).map(arc));
            arcs.range.push(arcs.more.len() as u32);
        }
        arcs
    }

    /// Arcs of `task` after the first.
    #[inline]
    pub(crate) fn more(&self, task: usize) -> &[Neighbor] {
        &self.more[self.range[task] as usize..self.range[task + 1] as usize]
    }

    /// All arcs of `task`; a task without arcs has one to the sentinel.
    #[inline]
    pub(crate) fn of(&self, task: usize) -> impl Iterator<Item = Neighbor> + '_ {
        std::iter::once(self.first[task]).chain(self.more(task).iter().copied())
    }
}

/// The unchanging part of a job shop or flexible job shop.
#[derive(Clone, Debug)]
pub(crate) struct ShopModel {
    pub(crate) tasks: usize,
    pub(crate) machines: usize,
    pub(crate) release: Vec<i64>,
    pub(crate) modes: Vec<ShopMode>,
    mode_range: Vec<u32>,
    pub(crate) before: Arcs,
    pub(crate) after: Arcs,
    /// Whether some task has several arcs in one direction.
    pub(crate) branching: bool,
    /// Whether some task has several modes.
    pub(crate) flexible: bool,
    /// Tasks that may end last whatever the sequences are.
    pub(crate) leaves: Vec<u32>,
    /// Smallest of zero and the lags that leave the task.
    pub(crate) overlap: Vec<i64>,
    /// Rank in a topological order of the precedences.
    pub(crate) rank: Vec<u32>,
}

impl ShopModel {
    pub(crate) fn new(problem: &Problem) -> Result<Self, LsError> {
        check_supported(problem)?;
        let machines = problem.resources().len();
        let mut modes = Vec::with_capacity(problem.mode_count());
        let mut mode_range = vec![0];
        for task in problem.tasks() {
            modes.extend(problem.usable_modes(task).iter().map(|&id| {
                let duration = problem.mode(id).duration.get();
                let needed = problem.requirements(id).first().filter(|_| duration > 0);
                let machine = needed.map_or(machines, |need| need.resource.index()) as u32;
                ShopMode { machine, duration, id }
            }));
            mode_range.push(modes.len() as u32);
        }
        let mut rank = vec![0; problem.tasks().len()];
        for (place, task) in problem.topological_order().iter().enumerate() {
            rank[task.index()] = place as u32;
        }
        let features = problem.features();
        Ok(ShopModel {
            tasks: problem.tasks().len(),
            machines,
            release: problem.tasks().map(|task| problem.release(task).get()).collect(),
            modes,
            mode_range,
            before: Arcs::new(problem, |task| problem.predecessors(task)),
            after: Arcs::new(problem, |task| problem.successors(task)),
            branching: features.has(Feature::Branching),
            flexible: features.has(Feature::SeveralModes),
            leaves: leaves(problem),
            overlap: problem.tasks().map(|task| overlap(problem, task)).collect(),
            rank,
        })
    }

    /// Indices of the modes of `task` in the table of modes.
    #[inline]
    pub(crate) fn modes_of(&self, task: u32) -> std::ops::Range<u32> {
        self.mode_range[task as usize]..self.mode_range[task as usize + 1]
    }
}

/// Refuses problems beyond job shops with lags, by name of what they have.
pub(crate) fn check_supported(problem: &Problem) -> Result<(), LsError> {
    let lacking = problem.unsupported(SUPPORTED);
    if !lacking.is_empty() {
        return Err(LsError::Unsupported { found: lacking.to_string() });
    }
    let goes_back = |task: TaskId| {
        let shortest = problem.duration_min(task);
        problem.successors(task).iter().any(|link| shortest + link.lag < Ticks::ZERO)
    };
    if problem.tasks().any(goes_back) {
        let found = "a negative lag longer than the task that it leaves".to_owned();
        return Err(LsError::Unsupported { found });
    }
    Ok(())
}

fn leaves(problem: &Problem) -> Vec<u32> {
    let ends_earlier = |task: TaskId| {
        let pushes = |link: &Link| link.lag + problem.duration_min(link.task) >= Ticks::ZERO;
        problem.successors(task).iter().any(pushes)
    };
    let leaves = problem.tasks().filter(|&task| !ends_earlier(task));
    leaves.map(|task| task.index() as u32).collect()
}

fn overlap(problem: &Problem, task: TaskId) -> i64 {
    let lags = problem.successors(task).iter().map(|link| link.lag.get());
    lags.min().unwrap_or(0).min(0)
}
