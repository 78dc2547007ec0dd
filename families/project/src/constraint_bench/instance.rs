//! An instance of the benchmark, as it stands in one line of its file.
//!
//! **Source:** Jain, Wetter 2025; the format is ours.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Largest number that an instance may hold.
const NUMBER_MAX: i64 = 1 << 40;

/// Which kinds of constraints an instance has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Phase {
    /// Precedences; capacities are too large to bind.
    PrecedenceOnly,
    /// Precedences and capacities.
    Capacity,
    /// And downtime.
    Downtime,
    /// And windows.
    Windows,
    /// And disjunctive pairs.
    Disjunctive,
    /// All of them, told as the move of a data center.
    Domain,
}

impl Phase {
    /// The four phases of the ramp.
    pub const RAMP: [Phase; 4] =
        [Phase::Capacity, Phase::Downtime, Phase::Windows, Phase::Disjunctive];

    /// The word for it in names and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Phase::PrecedenceOnly => "p0",
            Phase::Capacity => "p1",
            Phase::Downtime => "p2",
            Phase::Windows => "p3",
            Phase::Disjunctive => "p4",
            Phase::Domain => "domain",
        }
    }
}

impl From<Phase> for u8 {
    fn from(phase: Phase) -> u8 {
        match phase {
            Phase::PrecedenceOnly => 0,
            Phase::Capacity => 1,
            Phase::Downtime => 2,
            Phase::Windows => 3,
            Phase::Disjunctive => 4,
            Phase::Domain => 5,
        }
    }
}

impl TryFrom<u8> for Phase {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Ok(match number {
            0 => Phase::PrecedenceOnly,
            1 => Phase::Capacity,
            2 => Phase::Downtime,
            3 => Phase::Windows,
            4 => Phase::Disjunctive,
            5 => Phase::Domain,
            _ => return Err(format!("expected a phase from 0 to 5, found {number}")),
        })
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchTask {
    /// Its number.
    pub id: i64,
    /// Its name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its duration.
    #[serde(rename = "dur")]
    pub duration: i64,
    /// What it needs of each resource.
    pub demand: Vec<i64>,
    /// Earliest start.
    pub release: i64,
    /// Latest end.
    pub deadline: i64,
}

/// A renewable resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchResource {
    /// Its number.
    pub id: i64,
    /// Its name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Most that may be used at a time.
    #[serde(rename = "cap")]
    pub capacity: i64,
    /// When it is down: half-open intervals, ascending.
    pub down: Vec<[i64; 2]>,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchInstance {
    /// Its name, such as `p4-k30-s007`.
    pub id: String,
    /// Its phase.
    pub phase: Phase,
    /// Number of precedences; in the domain those between application groups.
    pub level: u32,
    /// Latest end of any task.
    pub horizon: i64,
    /// What one unit of time is.
    #[serde(default = "hour", skip_serializing_if = "is_hour")]
    pub unit: String,
    /// The tasks.
    pub tasks: Vec<BenchTask>,
    /// The resources.
    pub resources: Vec<BenchResource>,
    /// Numbers of tasks: the first ends before the second starts.
    pub precedence: Vec<[i64; 2]>,
    /// Numbers of tasks that never overlap.
    pub disjoint: Vec<[i64; 2]>,
    /// A feasible schedule, by the order of the tasks; whoever is tested does not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<i64>>,
    /// Number of the instance among those of its phase and level.
    pub seed: u64,
}

fn hour() -> String {
    "hour".to_owned()
}

fn is_hour(unit: &String) -> bool {
    unit == "hour"
}

/// Why an instance is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// No line of the format.
    #[error("line {line}: expected an instance, found: {words}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What went wrong.
        words: String,
    },
    /// A rule of the format is broken.
    #[error("instance {instance}: expected {expected}, found {found}")]
    Rule {
        /// Name of the instance.
        instance: String,
        /// What must hold.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
}

impl BenchInstance {
    /// Reads the lines of a set.
    ///
    /// # Errors
    /// The first line that is no valid instance.
    pub fn read_lines(text: &str) -> Result<Vec<BenchInstance>, InstanceError> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let read = |(line, text): (usize, &str)| {
            let words = |error: serde_json::Error| error.to_string();
            let instance: BenchInstance = serde_json::from_str(text)
                .map_err(|error| InstanceError::Line { line, words: words(error) })?;
            instance.validate()?;
            Ok(instance)
        };
        lines.map(read).collect()
    }

    /// The instance in one line, with its end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("an instance has no odd keys") + "\n"
    }

    /// What somebody who is tested may see.
    pub fn public(&self) -> BenchInstance {
        BenchInstance { hidden: None, ..self.clone() }
    }

    /// Position of a task by its number.
    pub fn place_of(&self, id: i64) -> Option<usize> {
        self.tasks.iter().position(|task| task.id == id)
    }

    /// Positions of all tasks by their numbers.
    pub fn places(&self) -> BTreeMap<i64, usize> {
        self.tasks.iter().zip(0..).map(|(task, place)| (task.id, place)).collect()
    }

    /// Pairs of task numbers as pairs of positions.
    ///
    /// # Panics
    /// When the instance is not valid.
    pub fn placed(&self, pairs: &[[i64; 2]]) -> Vec<(usize, usize)> {
        let places = self.places();
        pairs.iter().map(|[first, second]| (places[first], places[second])).collect()
    }

    /// Checks numbers and references.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), InstanceError> {
        let broken = |expected: &'static str, found: String| {
            Err(InstanceError::Rule { instance: self.id.clone(), expected, found })
        };
        let in_range = |number: i64| (0..=NUMBER_MAX).contains(&number);
        let places = self.places();
        if places.len() != self.tasks.len() {
            return broken("different numbers of tasks", "one twice".to_owned());
        }
        if !in_range(self.horizon) {
            return broken("a horizon from 0 to 2^40", self.horizon.to_string());
        }
        for task in &self.tasks {
            let numbers = [task.duration, task.release, task.deadline];
            if !task.demand.iter().chain(&numbers).all(|&it| in_range(it)) {
                return broken("numbers of tasks from 0 to 2^40", format!("task {}", task.id));
            }
            if task.demand.len() != self.resources.len() {
                return broken("one demand per resource", format!("task {}", task.id));
            }
        }
        for resource in &self.resources {
            let is_interval = |it: &[i64; 2]| in_range(it[0]) && in_range(it[1]) && it[0] < it[1];
            let ascends = resource.down.windows(2).all(|it| it[0][1] <= it[1][0]);
            if !in_range(resource.capacity) || !ascends || !resource.down.iter().all(is_interval) {
                let expected = "a capacity and ascending intervals from 0 to 2^40";
                return broken(expected, format!("resource {}", resource.id));
            }
        }
        let unknown = self.precedence.iter().chain(&self.disjoint).flatten();
        if let Some(unknown) = unknown.into_iter().find(|id| !places.contains_key(*id)) {
            return broken("known tasks in pairs", format!("task {unknown}"));
        }
        match &self.hidden {
            Some(hidden) if hidden.len() != self.tasks.len() => {
                broken("one hidden start per task", hidden.len().to_string())
            }
            _ => Ok(()),
        }
    }
}
