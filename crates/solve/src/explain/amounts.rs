//! What it costs that a constraint gives way, and how that is said.
//!
//! **Source:** -

use super::eased::{is_measured, total_demand};
use crate::ConstraintId;
use ordine_base::{Ticks, Time};
use ordine_problem::{Problem, ResourceKind, Schedule, TaskId};
use std::collections::BTreeMap;

/// Price of a unit by kind of constraint: of a tick for dates, windows and lags, of a unit for
/// capacities and levels, of the whole for what can only be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices(BTreeMap<&'static str, i64>);

/// Price of a unit of capacity where no other is given.
const CAPACITY_PRICE: i64 = 100;

/// Price of what can only be dropped where no other is given.
const WHOLE_PRICE: i64 = 1_000;

impl Default for Prices {
    fn default() -> Self {
        let price = |kind: &&'static str| match *kind {
            "deadline" | "release" | "window" | "precedence" => 1,
            "capacity" => CAPACITY_PRICE,
            _ => WHOLE_PRICE,
        };
        Prices(ConstraintId::KINDS.iter().map(|kind| (*kind, price(kind))).collect())
    }
}

impl Prices {
    /// Sets the price of a kind; gives whether there is such a kind.
    pub fn set(&mut self, kind: &str, price: i64) -> bool {
        let known = ConstraintId::KINDS.iter().find(|known| **known == kind);
        known.is_some_and(|known| self.0.insert(known, price).is_some())
    }

    /// Price of a unit of a constraint.
    pub fn of(&self, constraint: ConstraintId) -> i64 {
        self.0.get(constraint.kind()).copied().unwrap_or(WHOLE_PRICE)
    }
}

/// What of a constraint changes, from what to what; dropped where there is no new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Which side of it, empty where there is one only.
    pub side: &'static str,
    /// The value as it stands.
    pub from: i64,
    /// The value that suffices.
    pub to: i64,
}

impl Shift {
    fn new(side: &'static str, from: i64, to: i64) -> Self {
        Shift { side, from, to }
    }

    /// By how much it changes.
    pub fn amount(&self) -> i64 {
        (self.to - self.from).abs()
    }
}

/// The largest amount by which it makes sense to ease a constraint.
pub(super) fn amount_max(problem: &Problem, constraint: ConstraintId) -> Option<i64> {
    if !is_measured(problem, constraint) {
        return None;
    }
    Some(match constraint {
        ConstraintId::Capacity(id) => match problem.resource(id).kind {
            ResourceKind::Reservoir(_) => ordine_base::Demand::MAX.get(),
            _ => total_demand(problem, id),
        },
        _ => Time::MAX.get(),
    })
}

/// What a schedule needs of a constraint that gives way by `by`, side by side.
pub(super) fn shifts(
    problem: &Problem,
    constraint: ConstraintId,
    by: i64,
    schedule: &Schedule,
) -> Vec<Shift> {
    match constraint {
        ConstraintId::Deadline(id) => {
            let deadline = problem.job(id).deadline.map_or(0, Time::get);
            vec![Shift::new("", deadline, deadline + by)]
        }
        ConstraintId::Release(id) => {
            let release = problem.job(id).release.get();
            vec![Shift::new("", release, (release - by).max(0))]
        }
        ConstraintId::Window(id) => window(problem, id, by, schedule),
        ConstraintId::Precedence(id) => {
            let precedence = problem.precedences()[id];
            let point = |task: TaskId, is_end: bool| {
                schedule.placement(task).map(|it| if is_end { it.end } else { it.start })
            };
            let before = point(precedence.before, precedence.kind.leaves_end());
            let after = point(precedence.after, !precedence.kind.enters_start());
            let gap = before.zip(after).map(|(before, after)| (after - before).get());
            let lag = precedence.lag.get();
            let most = precedence.lag_max.map(Ticks::get);
            match (gap, most) {
                (Some(gap), _) if gap < lag => vec![Shift::new("lag", lag, gap)],
                (Some(gap), Some(most)) if gap > most => vec![Shift::new("largest lag", most, gap)],
                _ => Vec::new(),
            }
        }
        ConstraintId::Capacity(id) => match problem.resource(id).kind {
            ResourceKind::Reservoir(stock) => vec![
                Shift::new("least level", stock.least, stock.least - by),
                Shift::new("highest level", stock.most, stock.most + by),
            ],
            _ => {
                let capacity = problem.resource(id).capacity().get();
                vec![Shift::new("", capacity, capacity + by)]
            }
        },
        _ => Vec::new(),
    }
}

/// The sides of a window that a schedule does not keep.
fn window(problem: &Problem, task: TaskId, by: i64, schedule: &Schedule) -> Vec<Shift> {
    let data = problem.task(task);
    let Some(place) = schedule.placement(task) else { return Vec::new() };
    let mut shifts = Vec::new();
    let (start, end) = (place.start.get(), place.end.get());
    for (side, limit, found) in [
        ("earliest start", data.earliest_start.get(), start),
        ("earliest end", data.earliest_end.get(), end),
    ] {
        if found < limit {
            shifts.push(Shift::new(side, limit, found));
        }
    }
    for (side, limit, found) in
        [("latest start", data.latest_start, start), ("latest end", data.latest_end, end)]
    {
        if let Some(limit) = limit.map(Time::get).filter(|limit| found > *limit) {
            shifts.push(Shift::new(side, limit, found));
        }
    }
    // A side that is missed by more is one that nobody judges, of a task under way.
    shifts.retain(|it| it.amount() <= by);
    shifts
}
