//! Variants of an instance: the same schedule problem, told a little differently.
//!
//! **Source:** ours; sensitivity to the order of constraints was reported by SCHEDBench 2026.

use super::instance::BenchInstance;
use ordine_base::Seed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// Nothing.
    Plain,
    /// V1: the order of tasks and constraints.
    Shuffled,
    /// V2: the numbers of the tasks.
    Renumbered,
    /// V3: names.
    Renamed,
    /// V4: minutes for hours.
    Minutes,
    /// V5: statements that follow from others are added.
    Redundant,
    /// V6: a worked example of another instance is added.
    Example,
}

impl Variant {
    /// All of them.
    pub const ALL: [Variant; 7] = [
        Variant::Plain,
        Variant::Shuffled,
        Variant::Renumbered,
        Variant::Renamed,
        Variant::Minutes,
        Variant::Redundant,
        Variant::Example,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Variant::Plain => "plain",
            Variant::Shuffled => "shuffled",
            Variant::Renumbered => "renumbered",
            Variant::Renamed => "renamed",
            Variant::Minutes => "minutes",
            Variant::Redundant => "redundant",
            Variant::Example => "example",
        }
    }

    /// The instance as this variant has it; the hidden schedule moves along.
    pub fn apply(self, instance: &BenchInstance) -> BenchInstance {
        match self {
            Variant::Plain | Variant::Redundant | Variant::Example => instance.clone(),
            Variant::Shuffled => shuffled(instance),
            Variant::Renumbered => renumbered(instance),
            Variant::Renamed => renamed(instance, &OTHER_WORK, &OTHER_CREWS),
            Variant::Minutes => in_minutes(instance),
        }
    }
}

fn stream(instance: &BenchInstance, name: &str) -> ordine_base::Stream {
    Seed::new(instance.seed).stream(&format!("{name}/{}", instance.id))
}

fn shuffled(instance: &BenchInstance) -> BenchInstance {
    let mut stream = stream(instance, "shuffled");
    let mut changed = instance.clone();
    let mut order: Vec<usize> = (0..instance.tasks.len()).collect();
    stream.shuffle(&mut order);
    changed.tasks = order.iter().map(|&place| instance.tasks[place].clone()).collect();
    let hidden = instance.hidden.as_ref();
    changed.hidden = hidden.map(|hidden| order.iter().map(|&place| hidden[place]).collect());
    stream.shuffle(&mut changed.precedence);
    stream.shuffle(&mut changed.disjoint);
    changed
}

fn renumbered(instance: &BenchInstance) -> BenchInstance {
    let mut numbers: Vec<i64> = instance.tasks.iter().map(|task| task.id).collect();
    stream(instance, "renumbered").shuffle(&mut numbers);
    let olds = instance.tasks.iter().map(|task| task.id);
    let new: BTreeMap<i64, i64> = olds.zip(numbers).collect();
    let mut changed = instance.clone();
    for task in &mut changed.tasks {
        task.id = new[&task.id];
    }
    for pair in changed.precedence.iter_mut().chain(&mut changed.disjoint) {
        *pair = pair.map(|id| new[&id]);
    }
    changed
}

const WORK: [&str; 11] = [
    "network preparation",
    "rack power-down",
    "disconnection",
    "transport",
    "rack installation",
    "cabling",
    "power-up",
    "system check",
    "data synchronization",
    "cut-over",
    "decommissioning",
];

const CREWS: [&str; 4] =
    ["network engineers", "facilities crew", "forklifts", "change-board slots"];

const OTHER_WORK: [&str; 9] = [
    "plowing", "sowing", "watering", "weeding", "pruning", "picking", "sorting", "washing",
    "packing",
];

const OTHER_CREWS: [&str; 4] = ["gardeners", "drivers", "tractors", "cold rooms"];

/// The instance with names for what has none.
pub(super) fn named(instance: &BenchInstance) -> BenchInstance {
    let given = renamed(instance, &WORK, &CREWS);
    let mut changed = instance.clone();
    for (task, named) in changed.tasks.iter_mut().zip(given.tasks) {
        task.name = task.name.take().or(named.name);
    }
    for (resource, named) in changed.resources.iter_mut().zip(given.resources) {
        resource.name = resource.name.take().or(named.name);
    }
    changed
}

fn renamed(instance: &BenchInstance, work: &[&str], crews: &[&str]) -> BenchInstance {
    let mut changed = instance.clone();
    for task in &mut changed.tasks {
        let number = task.id.rem_euclid(1 << 20);
        let work = work[number as usize % work.len()];
        task.name = Some(format!("{work} in lot {}", (b'A' + (number % 26) as u8) as char));
    }
    for (resource, number) in changed.resources.iter_mut().zip(0..) {
        let crew: usize = number;
        resource.name = Some(crews[crew % crews.len()].to_owned());
    }
    changed
}

fn in_minutes(instance: &BenchInstance) -> BenchInstance {
    const MINUTES: i64 = 60;
    let mut changed = instance.clone();
    changed.unit = "minute".to_owned();
    changed.horizon *= MINUTES;
    for task in &mut changed.tasks {
        task.duration *= MINUTES;
        task.release *= MINUTES;
        task.deadline *= MINUTES;
    }
    for resource in &mut changed.resources {
        resource.down = resource.down.iter().map(|it| it.map(|time| time * MINUTES)).collect();
    }
    let hidden = changed.hidden.take();
    changed.hidden = hidden.map(|it| it.into_iter().map(|start| start * MINUTES).collect());
    changed
}
