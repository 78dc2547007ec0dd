//! The judge of the benchmark: every constraint that an answer breaks, with the amount in time.
//!
//! In this order: format, completeness, integers that are not negative, windows, precedences,
//! pairs, capacities and downtime by a sweep over starts and ends (no array over time, so that
//! huge starts are safe). It shares no code with the engines and none with the generator.
//! O((n + m) log n).
//!
//! **Source:** Jain, Wetter 2025; the taxonomy is ours.

use super::answer::{Answer, Entry};
use super::instance::BenchInstance;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Kind of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Not an integer from 0 on, or a task that does not exist.
    Format,
    /// A task without start.
    Missing,
    /// A task with several starts.
    Duplicate,
    /// A task before its release.
    Release,
    /// A task that ends after its deadline.
    Deadline,
    /// A task that starts before another has ended.
    Precedence,
    /// Two tasks that overlap and must not.
    Disjunctive,
    /// More in use than there is.
    Capacity,
    /// A task that runs while a resource that it needs is down.
    Downtime,
}

impl Kind {
    /// Every kind, in the order of checking.
    pub const ALL: [Kind; 9] = [
        Kind::Format,
        Kind::Missing,
        Kind::Duplicate,
        Kind::Release,
        Kind::Deadline,
        Kind::Precedence,
        Kind::Disjunctive,
        Kind::Capacity,
        Kind::Downtime,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Format => "format",
            Kind::Missing => "missing",
            Kind::Duplicate => "duplicate",
            Kind::Release => "release",
            Kind::Deadline => "deadline",
            Kind::Precedence => "precedence",
            Kind::Disjunctive => "disjunctive",
            Kind::Capacity => "capacity",
            Kind::Downtime => "downtime",
        }
    }
}

/// One constraint that is broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Violation {
    /// Its kind.
    pub kind: Kind,
    /// Numbers of the tasks that break it.
    pub tasks: Vec<i64>,
    /// Number of the resource, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<i64>,
    /// By how many units of time; 0 where none can be told.
    pub amount: i64,
    /// What was found, where the answer could not be read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
}

impl Violation {
    fn new(kind: Kind, tasks: Vec<i64>, amount: i128) -> Self {
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        Violation { kind, tasks, resource: None, amount, found: String::new() }
    }

    /// In words.
    pub fn describe(&self) -> String {
        let numbers: Vec<String> = self.tasks.iter().map(i64::to_string).collect();
        let tasks = numbers.join(", ");
        let by = self.amount;
        match (self.kind, self.resource) {
            (Kind::Format, _) => format!("format: task {tasks} has start {}", self.found),
            (Kind::Missing, _) => format!("missing: task {tasks} has no start"),
            (Kind::Duplicate, _) => format!("duplicate: task {tasks} has several starts"),
            (Kind::Capacity, Some(it)) => {
                format!("capacity: resource {it} is overused by tasks {tasks} for {by}")
            }
            (Kind::Downtime, Some(it)) => {
                format!("downtime: task {tasks} runs while resource {it} is down, for {by}")
            }
            (kind, _) => format!("{}: tasks {tasks}, by {by}", kind.word()),
        }
    }
}

/// Whether all that is wrong is of one kind, so that mending one kind would do.
pub fn is_one_kind(violations: &[Violation]) -> bool {
    violations.iter().map(|it| it.kind).collect::<BTreeSet<_>>().len() == 1
}

/// A task that can be judged.
#[derive(Clone, Copy)]
struct Placed<'a> {
    id: i64,
    start: i128,
    end: i128,
    demand: &'a [i64],
}

/// Everything that is wrong with an answer; nothing for a feasible one.
pub fn violations(instance: &BenchInstance, answer: &Answer) -> Vec<Violation> {
    let mut found = Vec::new();
    let placed = entries(instance, &answer.entries, &mut found);
    windows(instance, &placed, &mut found);
    precedences(instance, &placed, &mut found);
    pairs(instance, &placed, &mut found);
    for place in 0..instance.resources.len() {
        capacity(instance, place, &placed, &mut found);
        downtime(instance, place, &placed, &mut found);
    }
    found.sort();
    found
}

/// Format and completeness; gives the tasks that have exactly one start, which can be read.
fn entries<'a>(
    instance: &'a BenchInstance,
    entries: &[Entry],
    found: &mut Vec<Violation>,
) -> BTreeMap<i64, Placed<'a>> {
    let mut by_task: BTreeMap<i64, Vec<Option<i64>>> = BTreeMap::new();
    let places = instance.places();
    for entry in entries {
        let known = entry.task.filter(|id| places.contains_key(id));
        let start = entry.start.filter(|start| *start >= 0);
        if known.is_none() || start.is_none() {
            let tasks = entry.task.into_iter().collect();
            let words = if known.is_none() { "of a task that is none" } else { &entry.words };
            let violation = Violation::new(Kind::Format, tasks, 0);
            found.push(Violation { found: words.to_owned(), ..violation });
        }
        if let Some(id) = known {
            by_task.entry(id).or_default().push(start);
        }
    }
    let mut placed = BTreeMap::new();
    for task in &instance.tasks {
        match by_task.get(&task.id).map_or(&[][..], Vec::as_slice) {
            [] => found.push(Violation::new(Kind::Missing, vec![task.id], 0)),
            [Some(start)] => {
                let start = i128::from(*start);
                let end = start + i128::from(task.duration);
                placed.insert(task.id, Placed { id: task.id, start, end, demand: &task.demand });
            }
            [None] => {}
            _ => found.push(Violation::new(Kind::Duplicate, vec![task.id], 0)),
        }
    }
    placed
}

fn windows(
    instance: &BenchInstance,
    placed: &BTreeMap<i64, Placed<'_>>,
    found: &mut Vec<Violation>,
) {
    for task in &instance.tasks {
        let Some(it) = placed.get(&task.id) else { continue };
        let early = i128::from(task.release) - it.start;
        let late = it.end - i128::from(task.deadline.min(instance.horizon));
        for (kind, amount) in [(Kind::Release, early), (Kind::Deadline, late)] {
            if amount > 0 {
                found.push(Violation::new(kind, vec![it.id], amount));
            }
        }
    }
}

fn precedences(
    instance: &BenchInstance,
    placed: &BTreeMap<i64, Placed<'_>>,
    found: &mut Vec<Violation>,
) {
    for [before, after] in &instance.precedence {
        let (Some(first), Some(second)) = (placed.get(before), placed.get(after)) else { continue };
        if second.start < first.end {
            let tasks = vec![*before, *after];
            found.push(Violation::new(Kind::Precedence, tasks, first.end - second.start));
        }
    }
}

fn pairs(instance: &BenchInstance, placed: &BTreeMap<i64, Placed<'_>>, found: &mut Vec<Violation>) {
    for [one, other] in &instance.disjoint {
        let (Some(first), Some(second)) = (placed.get(one), placed.get(other)) else { continue };
        let overlap = first.end.min(second.end) - first.start.max(second.start);
        if overlap > 0 {
            found.push(Violation::new(Kind::Disjunctive, vec![*one, *other], overlap));
        }
    }
}

/// One violation per longest stretch of time in which more is used than there is.
fn capacity(
    instance: &BenchInstance,
    place: usize,
    placed: &BTreeMap<i64, Placed<'_>>,
    found: &mut Vec<Violation>,
) {
    let resource = &instance.resources[place];
    let users = placed.values().filter(|it| it.demand[place] > 0 && it.start < it.end);
    // Ends come before starts at the same instant.
    let mut events: Vec<(i128, bool, i64, i64)> = users
        .flat_map(|it| {
            let demand = it.demand[place];
            [(it.end, false, it.id, demand), (it.start, true, it.id, demand)]
        })
        .collect();
    events.sort_unstable();
    let (mut usage, mut running) = (0_i128, BTreeSet::new());
    let (mut since, mut guilty) = (None, BTreeSet::new());
    for (index, &(time, starts, id, demand)) in events.iter().enumerate() {
        if starts {
            usage += i128::from(demand);
            running.insert(id);
        } else {
            usage -= i128::from(demand);
            running.remove(&id);
        }
        if events.get(index + 1).is_some_and(|next| next.0 == time) {
            continue;
        }
        let is_over = usage > i128::from(resource.capacity);
        if is_over {
            since.get_or_insert(time);
            guilty.extend(running.iter().copied());
        } else if let Some(begin) = since.take() {
            let tasks = std::mem::take(&mut guilty).into_iter().collect();
            let violation = Violation::new(Kind::Capacity, tasks, time - begin);
            found.push(Violation { resource: Some(resource.id), ..violation });
        }
    }
}

fn downtime(
    instance: &BenchInstance,
    place: usize,
    placed: &BTreeMap<i64, Placed<'_>>,
    found: &mut Vec<Violation>,
) {
    let resource = &instance.resources[place];
    for it in placed.values().filter(|it| it.demand[place] > 0) {
        let overlap = |down: &[i64; 2]| {
            (it.end.min(i128::from(down[1])) - it.start.max(i128::from(down[0]))).max(0)
        };
        let amount: i128 = resource.down.iter().map(overlap).sum();
        if amount > 0 {
            let violation = Violation::new(Kind::Downtime, vec![it.id], amount);
            found.push(Violation { resource: Some(resource.id), ..violation });
        }
    }
}
