//! Is the problem that a model wrote the one that it was told? Constraints are compared one by one.
//!
//! Both problems become maps from a constraint (precedence 3 → 7, demand of task 3 for resource 1,
//! …) to its number. Tasks and resources are matched by the number in their name where all have one
//! of their own, else by their order: renaming is no mistake. A resource that matches none and
//! admits one task at a time stands for the pairs of its users. What only the true problem has is
//! missing, what only the written one has invented, what has another number altered. O(n + m).
//!
//! **Source:** ours.

use super::instance::BenchInstance;
use ordine_base::{Id, Time};
use ordine_problem::{PrecedenceKind, Problem, ResourceId, Shift, TaskId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kinds of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Statement {
    /// How long a task lasts.
    Duration,
    /// What it needs of a resource.
    Demand,
    /// How much there is of a resource.
    Capacity,
    /// When a resource is down.
    Downtime,
    /// Earliest start of a task.
    Release,
    /// Latest end of a task.
    Deadline,
    /// That a task ends before another starts.
    Precedence,
    /// That two tasks do not overlap.
    Disjunctive,
}

impl Statement {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Statement::Duration => "duration",
            Statement::Demand => "demand",
            Statement::Capacity => "capacity",
            Statement::Downtime => "downtime",
            Statement::Release => "release",
            Statement::Deadline => "deadline",
            Statement::Precedence => "precedence",
            Statement::Disjunctive => "disjunctive",
        }
    }
}

/// A kind with up to two numbers of tasks, resources or times.
type Key = (Statement, i64, i64);

/// How a written problem compares, for one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Statements of both, with the same number.
    pub same: usize,
    /// Only the true problem has them.
    pub missing: usize,
    /// Only the written problem has them.
    pub invented: usize,
    /// With another number.
    pub altered: usize,
}

impl Comparison {
    /// Share of what was written that is true; 1 where nothing was.
    pub fn precision(&self) -> f64 {
        let written = self.same + self.invented + self.altered;
        if written == 0 { 1.0 } else { self.same as f64 / written as f64 }
    }

    /// Share of what is true that was written; 1 where nothing is.
    pub fn recall(&self) -> f64 {
        let stated = self.same + self.missing + self.altered;
        if stated == 0 { 1.0 } else { self.same as f64 / stated as f64 }
    }
}

/// Compares a written problem with the true instance, kind by kind.
pub fn faithfulness(truth: &BenchInstance, written: &Problem) -> BTreeMap<Statement, Comparison> {
    let stated = statements(truth);
    let found = written_statements(truth, written);
    let mut compared: BTreeMap<Statement, Comparison> = BTreeMap::new();
    for (key, number) in &stated {
        let comparison = compared.entry(key.0).or_default();
        match found.get(key) {
            Some(other) if other == number => comparison.same += 1,
            Some(_) => comparison.altered += 1,
            None => comparison.missing += 1,
        }
    }
    for key in found.keys().filter(|key| !stated.contains_key(*key)) {
        compared.entry(key.0).or_default().invented += 1;
    }
    compared
}

/// Positions of the true tasks, by the tasks of the written problem; −1 for those that match none.
pub fn matched_tasks(truth: &BenchInstance, written: &Problem) -> Vec<i64> {
    let names: Vec<&str> = written.tasks().map(|it| written.task(it).name.as_str()).collect();
    let numbers: Vec<i64> = truth.tasks.iter().map(|task| task.id).collect();
    matched(&names, &numbers)
}

fn matched(names: &[&str], numbers: &[i64]) -> Vec<i64> {
    let own: Vec<Option<i64>> = names.iter().map(|name| number_in(name)).collect();
    let place = |number: &Option<i64>| {
        let place = numbers.iter().position(|it| Some(*it) == *number);
        place.map_or(-1, |place| place as i64)
    };
    let places: Vec<i64> = own.iter().map(place).collect();
    let mut known: Vec<i64> = places.iter().copied().filter(|it| *it >= 0).collect();
    known.sort_unstable();
    let is_clear = known.windows(2).all(|it| it[0] != it[1]) && !known.is_empty();
    match is_clear {
        true => places,
        false => (0..names.len() as i64)
            .map(|place| if place < numbers.len() as i64 { place } else { -1 })
            .collect(),
    }
}

/// The only number in a name.
fn number_in(name: &str) -> Option<i64> {
    let mut parts = name.split(|letter: char| !letter.is_ascii_digit()).filter(|it| !it.is_empty());
    let number = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some(number)
}

fn statements(instance: &BenchInstance) -> BTreeMap<Key, i64> {
    use Statement::{
        Capacity, Deadline, Demand, Disjunctive, Downtime, Duration, Precedence, Release,
    };
    let mut stated = BTreeMap::new();
    for (task, place) in instance.tasks.iter().zip(0..) {
        stated.insert((Duration, place, 0), task.duration);
        for (&demand, resource) in task.demand.iter().zip(0..).filter(|it| *it.0 > 0) {
            stated.insert((Demand, place, resource), demand);
        }
        if task.release > 0 {
            stated.insert((Release, place, 0), task.release);
        }
        if task.deadline < instance.horizon {
            stated.insert((Deadline, place, 0), task.deadline);
        }
    }
    for (resource, place) in instance.resources.iter().zip(0..) {
        stated.insert((Capacity, place, 0), resource.capacity);
        for [from, to] in &resource.down {
            stated.insert((Downtime, place, *from), *to);
        }
    }
    for (before, after) in instance.placed(&instance.precedence) {
        stated.insert((Precedence, before as i64, after as i64), 0);
    }
    for (one, other) in instance.placed(&instance.disjoint) {
        stated.insert((Disjunctive, one.min(other) as i64, one.max(other) as i64), 0);
    }
    stated
}

fn written_statements(truth: &BenchInstance, problem: &Problem) -> BTreeMap<Key, i64> {
    let tasks = matched_tasks(truth, problem);
    let place = |task: TaskId| tasks[task.index()];
    let resources = matched_resources(truth, problem);
    let mut found = BTreeMap::new();
    for task in problem.tasks() {
        let data = problem.task(task);
        found.insert((Statement::Duration, place(task), 0), problem.duration_min(task).get());
        let release = problem.release(task).max(data.earliest_start).get();
        if release > 0 {
            found.insert((Statement::Release, place(task), 0), release);
        }
        let ends = [
            data.latest_end,
            problem.deadline(task),
            data.latest_start.map(|it| it + problem.duration_min(task)),
        ];
        if let Some(deadline) = ends.into_iter().flatten().map(Time::get).min()
            && deadline < truth.horizon
        {
            found.insert((Statement::Deadline, place(task), 0), deadline);
        }
    }
    for (resource, &column) in problem.resources().zip(&resources) {
        let users = users(problem, resource);
        if column < 0 {
            // One at a time: the users exclude one another.
            let one = problem.resource(resource).capacity().get() == 1;
            for (index, one_user) in users.iter().enumerate().filter(|_| one) {
                for other in &users[index + 1..] {
                    let pair = (place(one_user.0), place(other.0));
                    let key = (Statement::Disjunctive, pair.0.min(pair.1), pair.0.max(pair.1));
                    found.insert(key, 0);
                }
            }
            continue;
        }
        let capacity = problem.resource(resource).capacity().get();
        found.insert((Statement::Capacity, column, 0), capacity);
        for (task, demand) in users {
            found.insert((Statement::Demand, place(task), column), demand);
        }
        for [from, to] in closed(problem, resource, truth.horizon) {
            found.insert((Statement::Downtime, column, from), to);
        }
    }
    for precedence in problem.precedences().values() {
        if precedence.kind == PrecedenceKind::EndToStart {
            let key = (Statement::Precedence, place(precedence.before), place(precedence.after));
            found.insert(key, precedence.lag.get());
        }
    }
    found
}

/// Renewables and machines with the number of a true resource or, where none has one, in order.
fn matched_resources(truth: &BenchInstance, problem: &Problem) -> Vec<i64> {
    let ids: Vec<i64> = truth.resources.iter().map(|resource| resource.id).collect();
    let names: Vec<&str> =
        problem.resources().map(|it| problem.resource(it).name.as_str()).collect();
    let is_machine = |resource: ResourceId| problem.resource(resource).is_machine();
    let renewables: Vec<&str> = problem
        .resources()
        .zip(&names)
        .filter(|(resource, _)| !is_machine(*resource))
        .map(|(_, name)| *name)
        .collect();
    let mut places = matched(&renewables, &ids).into_iter();
    let place = |resource| if is_machine(resource) { None } else { places.next() };
    problem.resources().map(place).map(|place| place.unwrap_or(-1)).collect()
}

fn users(problem: &Problem, resource: ResourceId) -> Vec<(TaskId, i64)> {
    let demand = |task: TaskId| {
        let modes = problem.modes(task);
        let mut needs = modes.flat_map(|mode| problem.requirements(mode).iter());
        needs.find(|need| need.resource == resource).map(|need| (task, need.demand.get()))
    };
    problem.tasks().filter_map(demand).collect()
}

/// When a resource does not work before the horizon.
fn closed(problem: &Problem, resource: ResourceId, horizon: i64) -> Vec<[i64; 2]> {
    let data = problem.resource(resource);
    let is_down = |time: Time| {
        let calendar = data.calendar.map(|it| problem.calendar(it).at(time));
        let shut = matches!(calendar, Some(Shift::Closed | Shift::Paused));
        shut || data.capacity_at(time).get() == 0
    };
    let (mut intervals, mut since) = (Vec::new(), None);
    for time in 0..=horizon.min(1 << 20) {
        match (is_down(Time::new(time)), since) {
            (true, None) => since = Some(time),
            (false, Some(from)) => {
                intervals.push([from, time]);
                since = None;
            }
            _ => {}
        }
    }
    intervals.extend(since.map(|from| [from, horizon]));
    intervals
}
