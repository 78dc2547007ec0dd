//! What each constraint means, as plain data: the ground on which propagators are judged.
//!
//! A [`Declaration`] says when an assignment satisfies a constraint and nothing else. Brute force
//! enumerates with it, `audit` proves inferences against it; no propagator is asked. Each variant
//! has its formula beside it; absent optional intervals take no part.
//!
//! **Source:** the formulas are those of the global constraint catalog (Nicolas Beldiceanu, Mats
//! Carlsson, Jean-Xavier Rampon, 2012) unless a variant names another.

mod general;
mod scheduling;

use crate::atom::{Atom, Interval, Value, View};
use crate::propagators::{Capacity, Usage};

pub use general::General;
pub use scheduling::Scheduling;

/// A constraint as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// At least one atom holds.
    Clause(Vec<Atom>),
    /// `to ≥ from + weight` if `guard` holds and the variables are present.
    Difference {
        /// The earlier end.
        from: View,
        /// The later end.
        to: View,
        /// Least distance.
        weight: Value,
        /// When it counts.
        guard: Atom,
    },
    /// Present tasks do not overlap: `end_i ≤ start_j` or `end_j ≤ start_i`.
    Disjunctive {
        /// The tasks.
        tasks: Vec<Interval>,
    },
    /// Present tasks do not overlap, and `before[i * n + j]` holds only if i ends before j starts.
    Sequence {
        /// The tasks.
        tasks: Vec<Interval>,
        /// The atom of each ordered pair.
        before: Vec<Atom>,
    },
    /// A constraint that knows no time.
    General(General),
    /// A constraint over tasks in time.
    Scheduling(Scheduling),
    /// `Σ {demand_i : start_i ≤ t < end_i, present} ≤ capacity(t)` for every t.
    Cumulative {
        /// The tasks, and what they use.
        usages: Vec<Usage>,
        /// How much there is.
        capacity: Capacity,
    },
}

impl Declaration {
    /// Whether an assignment satisfies it; `value` gives the value of a view.
    pub fn holds(&self, value: &dyn Fn(View) -> Value) -> bool {
        let is_true = |atom: Atom| value(View { side: atom.side, offset: 0 }) >= atom.value;
        match self {
            Declaration::Clause(atoms) => atoms.iter().any(|&atom| is_true(atom)),
            Declaration::Difference { from, to, weight, guard } => {
                !is_true(*guard) || value(*to) >= value(*from) + weight
            }
            Declaration::Disjunctive { tasks } => {
                let there: Vec<&Interval> =
                    tasks.iter().filter(|task| is_true(task.present)).collect();
                there.iter().enumerate().all(|(index, first)| {
                    there[..index].iter().all(|second| {
                        value(first.end) <= value(second.start)
                            || value(second.end) <= value(first.start)
                    })
                })
            }
            Declaration::Sequence { tasks, before } => {
                let pairs = (0..tasks.len()).flat_map(|i| (0..tasks.len()).map(move |j| (i, j)));
                pairs.filter(|(i, j)| i != j).all(|(i, j)| {
                    let both = is_true(tasks[i].present) && is_true(tasks[j].present);
                    let precedes = value(tasks[i].end) <= value(tasks[j].start);
                    !both || !is_true(before[i * tasks.len() + j]) || precedes
                })
            }
            Declaration::General(general) => general.holds(value),
            Declaration::Scheduling(scheduling) => scheduling.holds(value),
            Declaration::Cumulative { usages, capacity } => {
                let used = |time: Value| -> Value {
                    let runs = |it: &&Usage| {
                        is_true(it.task.present)
                            && value(it.task.start) <= time
                            && time < value(it.task.end)
                    };
                    usages.iter().filter(runs).map(|it| value(it.demand)).sum()
                };
                // Usage rises only at starts, and the capacity changes only at its steps.
                let starts = usages.iter().map(|it| value(it.task.start));
                starts.chain(capacity.times()).all(|time| used(time) <= capacity.at(time, value))
            }
        }
    }

    /// Every view that it speaks of, those behind atoms included; views may repeat.
    pub fn views(&self) -> Vec<View> {
        let of_atom = |atom: &Atom| View { side: atom.side, offset: 0 };
        match self {
            Declaration::Clause(atoms) => atoms.iter().map(of_atom).collect(),
            Declaration::Difference { from, to, guard, .. } => vec![*from, *to, of_atom(guard)],
            Declaration::Disjunctive { tasks } => {
                tasks.iter().flat_map(|task| of_interval(task, of_atom)).collect()
            }
            Declaration::Sequence { tasks, before } => {
                let tasks = tasks.iter().flat_map(|task| of_interval(task, of_atom));
                before.iter().map(of_atom).chain(tasks).collect()
            }
            Declaration::General(general) => general.views(),
            Declaration::Scheduling(scheduling) => scheduling.views(),
            Declaration::Cumulative { usages, capacity } => {
                let mut views = Vec::new();
                for Usage { task, demand } in usages {
                    let present = of_atom(&task.present);
                    views.extend([task.start, task.duration, task.end, present, *demand]);
                }
                if let Capacity::Level(level) = capacity {
                    views.push(*level);
                }
                views
            }
        }
    }
}

fn of_interval(task: &Interval, of_atom: impl Fn(&Atom) -> View) -> [View; 4] {
    [task.start, task.duration, task.end, of_atom(&task.present)]
}
