//! What makes an instance hard, in numbers; and the transitive reduction of its precedences.
//!
//! Resource strength is the mean over resources of (capacity − largest demand) ÷ (peak of the
//! schedule of earliest starts − largest demand), as in ProGen; window tightness is the mean of
//! duration ÷ (deadline − release). O(n · m).
//!
//! **Source:** Kolisch, Sprecher, Drexl 1995 (resource strength).

use super::instance::BenchInstance;
use super::serial::{Order, Sees, serial};
use serde::{Deserialize, Serialize};

/// Numbers of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// Number of precedences.
    pub edges: usize,
    /// Length of the longest path in time units.
    pub longest_path: i64,
    /// Resource strength, from 0 (tight) to 1 (resources do not bind).
    pub resource_strength: f64,
    /// Window tightness, from 0 to 1 (no choice).
    pub window_tightness: f64,
    /// Tasks with a window of their own.
    pub windows: usize,
    /// Number of disjunctive pairs.
    pub pairs: usize,
    /// Intervals of downtime.
    pub downtimes: usize,
}

/// The features of an instance.
pub fn features(instance: &BenchInstance) -> Features {
    let early = serial(instance, Order::Number, Sees::PRECEDENCE);
    let ends = early.iter().zip(&instance.tasks).map(|(start, task)| start + task.duration);
    let tightness = instance.tasks.iter().map(|task| {
        let room = (task.deadline - task.release).max(1);
        task.duration as f64 / room as f64
    });
    let windows = instance.tasks.iter();
    let windows = windows.filter(|it| it.release > 0 || it.deadline < instance.horizon).count();
    let strengths = (0..instance.resources.len()).map(|place| strength(instance, &early, place));
    Features {
        edges: instance.precedence.len(),
        longest_path: ends.max().unwrap_or(0),
        resource_strength: strengths.sum::<f64>() / instance.resources.len().max(1) as f64,
        window_tightness: tightness.sum::<f64>() / instance.tasks.len().max(1) as f64,
        windows,
        pairs: instance.disjoint.len(),
        downtimes: instance.resources.iter().map(|it| it.down.len()).sum(),
    }
}

fn strength(instance: &BenchInstance, starts: &[i64], place: usize) -> f64 {
    let tasks = || instance.tasks.iter().zip(starts);
    let least = instance.tasks.iter().map(|task| task.demand[place]).max().unwrap_or(0);
    let usage = |time: i64| {
        let running =
            tasks().filter(|(task, start)| **start <= time && time < **start + task.duration);
        running.map(|(task, _)| task.demand[place]).sum::<i64>()
    };
    let peak = starts.iter().map(|&start| usage(start)).max().unwrap_or(0);
    if peak <= least {
        return 1.0;
    }
    let strength = (instance.resources[place].capacity - least) as f64 / (peak - least) as f64;
    strength.clamp(0.0, 1.0)
}

/// The precedences that follow from no others, of an acyclic instance.
pub fn transitive_reduction(instance: &BenchInstance) -> Vec<[i64; 2]> {
    let edges = instance.placed(&instance.precedence);
    let mut successors = vec![Vec::new(); instance.tasks.len()];
    for &(before, after) in &edges {
        successors[before].push(after);
    }
    // An edge is redundant when its head is reached through another successor of its tail.
    let reaches = |from: usize, to: usize| {
        let (mut seen, mut open) = (vec![false; successors.len()], vec![from]);
        while let Some(task) = open.pop() {
            if task == to {
                return true;
            }
            if !std::mem::replace(&mut seen[task], true) {
                open.extend(&successors[task]);
            }
        }
        false
    };
    let needed = |(before, after): (usize, usize)| {
        !successors[before].iter().any(|&other| other != after && reaches(other, after))
    };
    let both = instance.precedence.iter().zip(edges);
    both.filter(|(_, edge)| needed(*edge)).map(|(pair, _)| *pair).collect()
}
