//! Words and records that several answers share.
//!
//! **Source:** -

use ordine_base::{Cost, Id};
use ordine_problem::{Problem, Schedule, TaskId};
use ordine_solve::ConstraintId;
use ordine_solve::explain::{Ease, Shift};
use serde::Serialize;

/// A constraint for programs.
#[derive(Serialize)]
pub struct ConstraintWire {
    kind: &'static str,
    constraint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl ConstraintWire {
    /// The constraint in words.
    pub fn new(problem: &Problem, constraint: ConstraintId) -> Self {
        let (kind, detail) = (constraint.kind(), constraint.detail(problem));
        ConstraintWire { kind, constraint: constraint.describe(problem), detail }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}: {detail}", self.constraint),
            None => self.constraint.clone(),
        }
    }
}

/// A constraint that gives way, for programs.
#[derive(Serialize)]
pub struct EaseWire {
    kind: &'static str,
    constraint: String,
    by: Option<i64>,
    shifts: Vec<ShiftWire>,
    cost: i64,
}

#[derive(Serialize)]
struct ShiftWire {
    #[serde(skip_serializing_if = "str::is_empty")]
    side: &'static str,
    from: i64,
    to: i64,
}

impl EaseWire {
    /// What gives way, in words and numbers.
    pub fn new(problem: &Problem, ease: &Ease) -> Self {
        let shift = |it: &Shift| ShiftWire { side: it.side, from: it.from, to: it.to };
        EaseWire {
            kind: ease.constraint.kind(),
            constraint: ease.constraint.describe(problem),
            by: ease.by,
            shifts: ease.shifts.iter().map(shift).collect(),
            cost: ease.cost,
        }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let shift = |it: &ShiftWire| match it.side {
            "" => format!("{} -> {}", it.from, it.to),
            side => format!("{side} {} -> {}", it.from, it.to),
        };
        let shifts: Vec<String> = self.shifts.iter().map(shift).collect();
        match (self.by, shifts.is_empty()) {
            (Some(_), false) => format!("{}: {}", self.constraint, shifts.join(", ")),
            (Some(by), true) => format!("{}: by {by}", self.constraint),
            (None, _) => format!("without {}", self.constraint),
        }
    }
}

/// A task at its place, for programs.
#[derive(Serialize)]
pub struct PlaceWire<'a> {
    task: usize,
    name: &'a str,
    start: i64,
    end: i64,
    resources: Vec<&'a str>,
}

impl<'a> PlaceWire<'a> {
    /// Where a task stands, if it does.
    pub fn new(problem: &'a Problem, schedule: &Schedule, task: TaskId) -> Option<Self> {
        let place = schedule.placement(task)?;
        let needs = problem.requirements(place.mode).iter();
        Some(PlaceWire {
            task: task.index(),
            name: &problem.task(task).name,
            start: place.start.get(),
            end: place.end.get(),
            resources: needs.map(|need| problem.resource(need.resource).name.as_str()).collect(),
        })
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let on = match self.resources.is_empty() {
            true => String::new(),
            false => format!(" on {}", self.resources.join(", ")),
        };
        format!("{:>6} to {:>6}  {}{on}", self.start, self.end, self.name)
    }
}

/// By how much a cost differs from another, level by level.
pub fn damage(before: &Cost, after: &Cost) -> Vec<i64> {
    let levels = after.levels().iter().zip(before.levels());
    levels.map(|(after, before)| after.saturating_sub(*before)).collect()
}

/// Differences as people read them.
pub fn signed(amounts: &[i64]) -> String {
    let words: Vec<String> = amounts.iter().map(|amount| format!("{amount:+}")).collect();
    words.join(", ")
}
