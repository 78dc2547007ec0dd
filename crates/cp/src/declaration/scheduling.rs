//! What the constraints over tasks in time mean, beside machines and cumulative resources.
//!
//! **Source:** Philippe Laborie et al., *IBM ILOG CP Optimizer for scheduling* (2018), for the
//! words.

use crate::atom::{Atom, Interval, Value, View};
use crate::propagators::{Capacity, ConditionalArc, Event, WorkingTime};
use std::sync::Arc;

/// A constraint over tasks in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheduling {
    /// `master` is present exactly if one of the options is; that one is equal to it.
    Alternative {
        /// The task.
        master: Interval,
        /// The ways to do it.
        options: Vec<Interval>,
    },
    /// `parent` is present exactly if some child is, and reaches from their first start to their
    /// last end.
    Span {
        /// The task that covers.
        parent: Interval,
        /// The tasks that are covered.
        children: Vec<Interval>,
    },
    /// `least ≤ initial + Σ {amount_e : time_e ≤ t, present} ≤ most` for every t.
    Reservoir {
        /// What changes the level.
        events: Vec<Event>,
        /// The level before all events, within the limits.
        initial: Value,
        /// The least level.
        least: Value,
        /// The greatest level.
        most: Value,
    },
    /// `end = f(start, work)` if present: the first time by which the work is done.
    Elapsed {
        /// When it starts.
        start: View,
        /// When it ends.
        end: View,
        /// What is to do.
        work: Value,
        /// Whether it is done at all.
        present: Atom,
        /// How fast.
        time: Arc<WorkingTime>,
    },
    /// The view lies in no interval, if present.
    Forbidden {
        /// What avoids them.
        view: View,
        /// When it does.
        present: Atom,
        /// Sorted, disjoint, half-open.
        intervals: Vec<(Value, Value)>,
    },
    /// `Σ_t max(0, Σ {demand_i : start_i ≤ t < end_i, present} − capacity(t)) ≤ cost`.
    Excess {
        /// The tasks, and what each of them uses.
        tasks: Vec<(Interval, Value)>,
        /// How much there is.
        capacity: Capacity,
        /// What is above it, at least.
        cost: View,
    },
    /// While `before[i * n + j]` and both are present, `start_j ≥ end_i + times[f_i * k + f_j]`,
    /// with k the square root of the number of times.
    Setups {
        /// The tasks.
        tasks: Vec<Interval>,
        /// The atom of each ordered pair.
        before: Vec<Atom>,
        /// The family of each task.
        families: Vec<usize>,
        /// Setup times from family to family.
        times: Vec<Value>,
    },
    /// The arcs whose conditions all hold form no circle.
    Acyclic {
        /// Number of nodes.
        nodes: usize,
        /// The arcs.
        arcs: Vec<ConditionalArc>,
    },
}

impl Scheduling {
    /// Whether an assignment satisfies it.
    pub(super) fn holds(&self, value: &dyn Fn(View) -> Value) -> bool {
        let is_true = |atom: Atom| value(of_atom(&atom)) >= atom.value;
        let present = |tasks: &[Interval]| -> Vec<Interval> {
            tasks.iter().copied().filter(|task| is_true(task.present)).collect()
        };
        match self {
            Scheduling::Alternative { master, options } => match present(options)[..] {
                [] => !is_true(master.present),
                [option] => {
                    is_true(master.present)
                        && value(option.start) == value(master.start)
                        && value(option.duration) == value(master.duration)
                        && value(option.end) == value(master.end)
                }
                _ => false,
            },
            Scheduling::Span { parent, children } => {
                let children = present(children);
                let first = children.iter().map(|child| value(child.start)).min();
                let last = children.iter().map(|child| value(child.end)).max();
                match (first, last) {
                    (Some(first), Some(last)) => {
                        is_true(parent.present)
                            && value(parent.start) == first
                            && value(parent.end) == last
                    }
                    _ => !is_true(parent.present),
                }
            }
            Scheduling::Reservoir { events, initial, least, most } => {
                let there: Vec<Event> =
                    events.iter().copied().filter(|event| is_true(event.present)).collect();
                levels(&there, *initial, value).all(|level| (*least..=*most).contains(&level))
            }
            Scheduling::Elapsed { start, end, work, present, time } => {
                !is_true(*present) || value(*end) == time.end(value(*start), *work)
            }
            Scheduling::Forbidden { view, present, intervals } => {
                let inside = |it: &(Value, Value)| it.0 <= value(*view) && value(*view) < it.1;
                !is_true(*present) || !intervals.iter().any(inside)
            }
            Scheduling::Excess { tasks, capacity, cost } => {
                let there: Vec<(Interval, Value)> =
                    tasks.iter().copied().filter(|(task, _)| is_true(task.present)).collect();
                excess(&there, capacity, value) <= value(*cost)
            }
            Scheduling::Setups { tasks, before, families, times } => {
                let (count, kinds) = (tasks.len(), times.len().isqrt());
                let pairs = (0..count * count).map(|it| (it / count, it % count));
                pairs.filter(|(i, j)| i != j).all(|(i, j)| {
                    let both = is_true(tasks[i].present) && is_true(tasks[j].present);
                    let setup = times[families[i] * kinds + families[j]];
                    let precedes = value(tasks[i].end) + setup <= value(tasks[j].start);
                    !both || !is_true(before[i * count + j]) || precedes
                })
            }
            Scheduling::Acyclic { nodes, arcs } => {
                let is_there = |arc: &&ConditionalArc| arc.conditions.iter().all(|&it| is_true(it));
                let there: Vec<&ConditionalArc> = arcs.iter().filter(is_there).collect();
                // Nodes that no arc enters can go; what is left then is a circle.
                let mut left = vec![true; *nodes];
                for _ in 0..*nodes {
                    let entered =
                        |node: usize| there.iter().any(|it| left[it.from] && it.to == node);
                    left = (0..*nodes).map(|node| left[node] && entered(node)).collect();
                }
                !left.contains(&true)
            }
        }
    }

    /// Every view that it speaks of.
    pub(super) fn views(&self) -> Vec<View> {
        let of_tasks = |first: &Interval, others: &[Interval]| {
            [first].into_iter().chain(others).flat_map(of_interval).collect()
        };
        match self {
            Scheduling::Alternative { master, options } => of_tasks(master, options),
            Scheduling::Span { parent, children } => of_tasks(parent, children),
            Scheduling::Reservoir { events, .. } => {
                events.iter().flat_map(|event| [event.time, of_atom(&event.present)]).collect()
            }
            Scheduling::Elapsed { start, end, present, .. } => {
                vec![*start, *end, of_atom(present)]
            }
            Scheduling::Forbidden { view, present, .. } => vec![*view, of_atom(present)],
            Scheduling::Excess { tasks, cost, .. } => {
                tasks.iter().flat_map(|(task, _)| of_interval(task)).chain([*cost]).collect()
            }
            Scheduling::Setups { tasks, before, .. } => {
                before.iter().map(of_atom).chain(tasks.iter().flat_map(of_interval)).collect()
            }
            Scheduling::Acyclic { arcs, .. } => {
                arcs.iter().flat_map(|arc| &arc.conditions).map(of_atom).collect()
            }
        }
    }
}

fn of_atom(atom: &Atom) -> View {
    View { side: atom.side, offset: 0 }
}

fn of_interval(task: &Interval) -> [View; 4] {
    [task.start, task.duration, task.end, of_atom(&task.present)]
}

/// Usage above the capacity, added up over time, of tasks that are there.
fn excess(
    there: &[(Interval, Value)],
    capacity: &Capacity,
    value: &dyn Fn(View) -> Value,
) -> Value {
    let first = there.iter().map(|(task, _)| value(task.start)).min().unwrap_or(0);
    let last = there.iter().map(|(task, _)| value(task.end)).max().unwrap_or(0);
    let at = |time: Value| {
        let runs =
            there.iter().filter(|(task, _)| value(task.start) <= time && time < value(task.end));
        let used: Value = runs.map(|(_, demand)| *demand).sum();
        (used - capacity.at(time, value)).max(0)
    };
    (first..last).map(at).sum()
}

/// The level after each event that happens.
fn levels(
    there: &[Event],
    initial: Value,
    value: &dyn Fn(View) -> Value,
) -> impl Iterator<Item = Value> {
    there.iter().map(move |now| {
        let come = there.iter().filter(|it| value(it.time) <= value(now.time));
        initial + come.map(|it| it.amount).sum::<Value>()
    })
}
