//! Further tracks: how long is a feasible schedule, what is the conflict of an instance without
//! one, how close does a schedule stay when one constraint changes.
//!
//! A core is a list of constraints (`deadline 7`, `precedence 1 7`, `capacity 0`, …). It is right
//! when what is left with these alone has no schedule and every one of them is needed for that;
//! the proof engine decides, within a budget of work.
//!
//! **Source:** ours; cores after Junker 2004.

use super::instance::BenchInstance;
use super::lower::{feasible_starts, lower};
use super::serial::{Order, Sees, serial};
use ordine_base::{FirstOf, FirstSchedule, FrozenClock, Seed, Silent, Stream};
use ordine_solve::{Context, Outcome, Settings, bounds::trivial_bound, recipe_named, solve};
use std::fmt;
use std::str::FromStr;

/// Work units of one question.
const WORK: u64 = 2_000_000;

/// A constraint by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constraint {
    /// Earliest start of a task.
    Release(i64),
    /// Latest end of a task.
    Deadline(i64),
    /// That a task ends before another starts.
    Precedence(i64, i64),
    /// That two tasks do not overlap.
    Disjunctive(i64, i64),
    /// How much there is of a resource.
    Capacity(i64),
    /// When a resource is down.
    Downtime(i64),
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constraint::Release(task) => write!(formatter, "release {task}"),
            Constraint::Deadline(task) => write!(formatter, "deadline {task}"),
            Constraint::Precedence(one, two) => write!(formatter, "precedence {one} {two}"),
            Constraint::Disjunctive(one, two) => write!(formatter, "disjunctive {one} {two}"),
            Constraint::Capacity(resource) => write!(formatter, "capacity {resource}"),
            Constraint::Downtime(resource) => write!(formatter, "downtime {resource}"),
        }
    }
}

impl FromStr for Constraint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |place: usize| words.get(place).and_then(|it| it.parse().ok());
        let found = match (words.first().copied(), number(1), number(2), words.len()) {
            (Some("release"), Some(task), None, 2) => Some(Constraint::Release(task)),
            (Some("deadline"), Some(task), None, 2) => Some(Constraint::Deadline(task)),
            (Some("precedence"), Some(a), Some(b), 3) => Some(Constraint::Precedence(a, b)),
            (Some("disjunctive"), Some(a), Some(b), 3) => Some(Constraint::Disjunctive(a, b)),
            (Some("capacity"), Some(resource), None, 2) => Some(Constraint::Capacity(resource)),
            (Some("downtime"), Some(resource), None, 2) => Some(Constraint::Downtime(resource)),
            _ => None,
        };
        let expected =
            "release 7, deadline 7, precedence 1 7, disjunctive 4 9, capacity 0, downtime 0";
        found.ok_or_else(|| format!("expected a constraint such as {expected}, found {text:?}"))
    }
}

/// What a core is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoreVerdict {
    /// A minimal conflict.
    Right,
    /// A conflict, in which these are not needed.
    Larger(Vec<Constraint>),
    /// No conflict: the rest has a schedule.
    NoConflict,
    /// The budget was too small.
    Unknown,
}

/// The instance with these constraints alone; durations, demands and the horizon stay.
pub fn only(instance: &BenchInstance, kept: &[Constraint]) -> BenchInstance {
    let has = |constraint: Constraint| kept.contains(&constraint);
    let plenty: i64 = instance.tasks.iter().flat_map(|task| &task.demand).sum();
    let mut left = instance.public();
    for task in &mut left.tasks {
        if !has(Constraint::Release(task.id)) {
            task.release = 0;
        }
        if !has(Constraint::Deadline(task.id)) {
            task.deadline = instance.horizon;
        }
    }
    for resource in &mut left.resources {
        if !has(Constraint::Capacity(resource.id)) {
            resource.capacity = plenty;
        }
        if !has(Constraint::Downtime(resource.id)) {
            resource.down.clear();
        }
    }
    left.precedence.retain(|it| has(Constraint::Precedence(it[0], it[1])));
    left.disjoint.retain(|it| has(Constraint::Disjunctive(it[0], it[1])));
    left
}

/// Whether an instance has a schedule; `None` when the budget was too small.
pub fn has_schedule(instance: &BenchInstance) -> Option<bool> {
    let problem = lower(instance).ok()?;
    let stop = FirstOf(vec![Box::new(FirstSchedule)]);
    let settings = Settings {
        seed: Seed::new(1),
        workers: 1,
        work: Some(WORK),
        stop: &stop,
        clock: &FrozenClock,
        start: None,
    };
    let mut observer = Silent;
    let context = Context::new(&problem, settings, trivial_bound(&problem), &mut observer);
    match recipe_named("cp")?.solve(&problem, &context).ok()? {
        Outcome::Infeasible { .. } => Some(false),
        outcome => outcome.best().map(|_| true),
    }
}

/// Judges a core that somebody named.
pub fn judge_core(instance: &BenchInstance, core: &[Constraint]) -> CoreVerdict {
    match has_schedule(&only(instance, core)) {
        None => return CoreVerdict::Unknown,
        Some(true) => return CoreVerdict::NoConflict,
        Some(false) => {}
    }
    let mut needless = Vec::new();
    for constraint in core {
        let rest: Vec<Constraint> = core.iter().copied().filter(|it| it != constraint).collect();
        match has_schedule(&only(instance, &rest)) {
            None => return CoreVerdict::Unknown,
            Some(false) => needless.push(*constraint),
            Some(true) => {}
        }
    }
    if needless.is_empty() { CoreVerdict::Right } else { CoreVerdict::Larger(needless) }
}

/// The instance with one deadline that its predecessors do not allow: it has no schedule.
pub fn without_schedule(instance: &BenchInstance, stream: &mut Stream) -> BenchInstance {
    let early = serial(instance, Order::Number, Sees::PRECEDENCE);
    let late = (0..early.len()).filter(|&task| early[task] > 0).collect::<Vec<_>>();
    let mut changed = instance.public();
    if !late.is_empty() {
        let task = late[stream.below(late.len())];
        changed.tasks[task].deadline = early[task] + changed.tasks[task].duration - 1;
        changed.tasks[task].release = 0;
    }
    changed
}

/// Makespan of a schedule, and of the best that the default recipe finds within its budget.
pub fn makespans(instance: &BenchInstance, starts: &[i64], work: u64) -> Option<(i64, i64)> {
    let ends = instance.tasks.iter().zip(starts).map(|(task, start)| start + task.duration);
    let problem = lower(instance).ok()?;
    let outcome = solve(&problem, "auto", Seed::new(1), work).ok()?;
    Some((ends.max()?, outcome.best()?.1.levels()[0]))
}

/// The instance with one more downtime in the middle of a schedule, which therefore breaks it; the
/// revised schedule is judged by its distance from the old one. `None` where no schedule is left.
pub fn revised(
    instance: &BenchInstance,
    starts: &[i64],
    stream: &mut Stream,
) -> Option<BenchInstance> {
    for _ in 0..16 {
        let task = stream.below(starts.len().max(1));
        let data = instance.tasks.get(task)?;
        let Some(resource) = data.demand.iter().position(|demand| *demand > 0) else { continue };
        let mut changed = instance.public();
        let from = starts[task];
        let down = &mut changed.resources[resource].down;
        if down.iter().any(|it| it[0] < from + 2 && from < it[1]) {
            continue;
        }
        down.push([from, from + 2]);
        down.sort_unstable();
        let problem = lower(&changed).ok()?;
        if feasible_starts(&problem, Seed::new(1), WORK).ok()?.is_some() {
            return Some(changed);
        }
    }
    None
}
