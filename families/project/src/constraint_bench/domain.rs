//! The move of a data center: the same constraints, told by people who do it.
//!
//! Twelve application groups of five tasks each follow one another within the group, and `level`
//! precedences tie groups together. Crews have shifts off, the dock closes, the lift is serviced;
//! the change board admits one change at a time. Tasks on one power feed, of replicas of each other
//! or in one cage never overlap.
//!
//! **Source:** Jain, Wetter 2025, for the scenario; everything else is ours.

use super::generator::{Closure, PRESENT, Tightness, add_windows, between, hide, pairs};
use super::instance::{BenchInstance, BenchResource, BenchTask, Phase};
use ordine_base::{Seed, Stream};

/// Levels of the standard set: precedences between groups.
pub(super) const DOMAIN_LEVELS: [u32; 4] = [12, 24, 36, 48];

const GROUPS: [&str; 12] = [
    "billing",
    "mail",
    "payroll",
    "web shop",
    "search",
    "archive",
    "telephony",
    "reporting",
    "identity",
    "warehouse",
    "ticketing",
    "backup",
];

const STEPS: usize = 5;

/// A kind of work: its name and what it needs at most of network engineers, facilities crew,
/// forklifts and change-board slots.
const WORK: [(&str, [i64; 4]); 11] = [
    ("network preparation", [2, 0, 0, 0]),
    ("rack power-down", [0, 1, 0, 0]),
    ("disconnection", [1, 1, 0, 0]),
    ("transport", [0, 1, 2, 0]),
    ("rack installation", [0, 2, 1, 0]),
    ("cabling", [2, 0, 0, 0]),
    ("power-up", [0, 1, 0, 0]),
    ("system check", [1, 0, 0, 0]),
    ("data synchronization", [1, 0, 0, 0]),
    ("cut-over", [1, 0, 0, 1]),
    ("decommissioning", [0, 2, 0, 0]),
];

const RESOURCES: [(&str, i64, i64); 4] = [
    ("network engineers", 2, 4),
    ("facilities crew", 3, 4),
    ("forklifts", 2, 3),
    ("change-board slots", 1, 1),
];

impl Phase {
    /// Levels of the standard set.
    pub const fn levels(self) -> &'static [u32] {
        match self {
            Phase::Domain => &DOMAIN_LEVELS,
            _ => &super::LEVELS,
        }
    }
}

/// Instance `number` of the domain at a level.
pub fn generate_domain(set: Seed, level: u32, number: u64, tightness: Tightness) -> BenchInstance {
    let mut stream = set.child(number).stream(&format!("r-constraintbench/domain/{level}"));
    let resources: Vec<BenchResource> = (0..)
        .zip(RESOURCES)
        .map(|(id, (name, least, most))| BenchResource {
            id,
            name: Some(name.to_owned()),
            capacity: between(&mut stream, least, most),
            down: Vec::new(),
        })
        .collect();
    let tasks = tasks(&resources, &mut stream);
    let horizon = 2 * tasks.iter().map(|task| task.duration).sum::<i64>();
    let mut instance = BenchInstance {
        id: format!("domain-k{level:02}-s{number:03}"),
        phase: Phase::Domain,
        level,
        horizon,
        unit: "hour".to_owned(),
        tasks,
        resources,
        precedence: precedences(level as usize, &mut stream),
        disjoint: Vec::new(),
        hidden: None,
        seed: number,
    };
    for task in &mut instance.tasks {
        task.deadline = horizon;
    }
    add_shifts(&mut instance, &mut stream);
    hide(&mut instance, &mut stream);
    add_windows(&mut instance, tightness, &mut stream);
    let cages: Vec<usize> = GROUPS.iter().map(|_| stream.below(4)).collect();
    // Groups 0 and 1, 2 and 3, … are replicas; groups of equal remainder share a power feed.
    let is_apt = |one: usize, other: usize| {
        let (one, other) = (one / STEPS, other / STEPS);
        let is_replica = one / 2 == other / 2;
        one != other && (is_replica || one % 3 == other % 3 || cages[one] == cages[other])
    };
    instance.disjoint = pairs(&instance, GROUPS.len() * STEPS / 2, &mut stream, is_apt);
    instance
}

fn tasks(resources: &[BenchResource], stream: &mut Stream) -> Vec<BenchTask> {
    let mut tasks = Vec::with_capacity(GROUPS.len() * STEPS);
    for (group, name) in GROUPS.iter().enumerate() {
        let mut kinds: Vec<usize> = (0..WORK.len()).collect();
        stream.shuffle(&mut kinds);
        kinds.truncate(STEPS);
        kinds.sort_unstable();
        for kind in kinds {
            let (work, most) = WORK[kind];
            let need = |(most, resource): (i64, &BenchResource)| match most {
                0 => 0,
                _ => between(stream, 1, most.min(resource.capacity)),
            };
            let demand = most.into_iter().zip(resources).map(need).collect();
            let id = tasks.len() as i64 + 1;
            let rack = char::from(b'A' + group as u8);
            let name = Some(format!("{work} of {name} in rack {rack}{}", id % 10));
            let duration = between(stream, 1, 8);
            tasks.push(BenchTask { id, name, duration, demand, release: 0, deadline: 0 });
        }
    }
    tasks
}

fn precedences(level: usize, stream: &mut Stream) -> Vec<[i64; 2]> {
    let count = GROUPS.len() * STEPS;
    let mut graph = Closure::new(count);
    for task in (0..count - 1).filter(|task| task % STEPS + 1 < STEPS) {
        graph.add((task, task + 1), false);
    }
    let mut candidates = Vec::new();
    for before in 0..count {
        // From an earlier step to a later one of another group, so that no cycle comes about.
        let later = (0..count).filter(|after| before % STEPS < after % STEPS);
        candidates.extend(later.filter(|it| it / STEPS != before / STEPS).map(|it| (before, it)));
    }
    stream.shuffle(&mut candidates);
    let wanted = graph.edges.len() + level;
    for edge in candidates {
        if graph.edges.len() < wanted {
            graph.add(edge, false);
        }
    }
    let id = |place: usize| place as i64 + 1;
    graph.edges.iter().map(|edge| [id(edge.0), id(edge.1)]).collect()
}

/// Crews off, the dock closed, the lift serviced.
fn add_shifts(instance: &mut BenchInstance, stream: &mut Stream) {
    for resource in &mut instance.resources {
        for day in 0..4 {
            if stream.chance(PRESENT) {
                let start = 24 * day + between(stream, 6, 14);
                resource.down.push([start, start + between(stream, 2, 6)]);
            }
        }
    }
}
