//! Work that some machines must share: a bound on the makespan where tasks choose machines.
//!
//! For a set M of machines that contains every choice of some tasks T, the work of T is done
//! between the least head and the least tail of each machine:
//!
//! `Σ_T p ≤ Σ_M (makespan − head_m − tail_m)`
//!
//! Single machines count the modes that are chosen; larger sets, the unions of the choices of
//! tasks, count durations. Redundant, and what propagation cannot see by itself.
//!
//! **Source:** Jurisch (1992), lower bounds for multi-purpose machines; energy cuts in Perron,
//! Didier, Gay (CP 2023).

use super::Lowered;
use ordine_base::Id;
use ordine_construct::{CriticalPath, Direction};
use ordine_cp::propagators::post_linear;
use ordine_cp::{Atom, Value, View};
use ordine_problem::{FeatureSet, ResourceId, ResourceKind, TaskId};
use std::collections::BTreeSet;

/// Sets of machines that are looked at.
const SETS_MAX: usize = 256;

/// A set of machines, by number.
type Machines = BTreeSet<ResourceId>;

/// Posts the sums; `makespan` is at least every end.
pub(super) fn lower(lowered: &mut Lowered<'_>, makespan: View) {
    let problem = lowered.problem;
    let has_choice = lowered.tasks.values().any(|task| task.modes.len() > 1);
    if !has_choice || !problem.unsupported(FeatureSet::PLAIN).is_empty() {
        return;
    }
    let path = CriticalPath::new(problem, Direction::Forward);
    let tail =
        |task: TaskId| lowered.scale.exactly((path.tails[task] - problem.duration_min(task)).get());
    let tails: Vec<Value> = problem.tasks().map(tail).collect();
    let head = |task: TaskId| lowered.scale.down(path.heads[task]);
    let heads: Vec<Value> = problem.tasks().map(head).collect();
    let choices: Vec<Option<Machines>> = problem.tasks().map(|it| choice(lowered, it)).collect();
    let slack = Slack::new(lowered, &heads, &tails);
    for machine in problem.resources() {
        post_machine(lowered, machine, makespan, &slack);
    }
    for set in sets(&choices) {
        post_set(lowered, &set, &choices, makespan, &slack);
    }
}

/// By machine: least head and least tail of all that may run there.
struct Slack(Vec<Option<Value>>);

impl Slack {
    fn new(lowered: &Lowered<'_>, heads: &[Value], tails: &[Value]) -> Self {
        let problem = lowered.problem;
        let mut ends = vec![None; problem.resources().len()];
        for (task, data) in lowered.tasks.iter() {
            for mode in &data.modes {
                let (head, tail) = (heads[task.index()], tails[task.index()]);
                for need in problem.requirements(mode.mode) {
                    let ends = ends[need.resource.index()].get_or_insert((head, tail));
                    *ends = (head.min(ends.0), tail.min(ends.1));
                }
            }
        }
        Slack(ends.into_iter().map(|it| it.map(|(head, tail)| head + tail)).collect())
    }

    /// Head and tail of a machine together; `None` where nobody runs.
    fn of(&self, machine: ResourceId) -> Option<Value> {
        self.0[machine.index()]
    }
}

/// Machines on one of which a task must run; `None` where some mode needs none or several.
fn choice(lowered: &Lowered<'_>, task: TaskId) -> Option<Machines> {
    let problem = lowered.problem;
    let one = |mode: &super::LoweredMode| match problem.requirements(mode.mode) {
        [need] if problem.resource(need.resource).kind == ResourceKind::Machine => {
            Some(need.resource)
        }
        _ => None,
    };
    let data = &lowered.tasks[task];
    let mandatory = data.interval.present == Atom::TRUE;
    mandatory.then(|| data.modes.iter().map(one).collect::<Option<Machines>>()).flatten()
}

fn post_machine(lowered: &mut Lowered<'_>, machine: ResourceId, makespan: View, slack: &Slack) {
    let problem = lowered.problem;
    let Some(slack) = slack.of(machine) else { return };
    if problem.resource(machine).kind != ResourceKind::Machine {
        return;
    }
    let modes = lowered.tasks.values().flat_map(|task| &task.modes);
    let mut terms: Vec<(Value, View)> = modes
        .filter(|mode| problem.requirements(mode.mode).iter().any(|it| it.resource == machine))
        .map(|mode| (mode.interval.duration.offset, mode.interval.present.as_view()))
        .collect();
    terms.push((-1, makespan));
    post_linear(&mut lowered.engine, &terms, -slack, Atom::TRUE);
}

/// Distinct choices and the unions of any two, then the union of all.
fn sets(choices: &[Option<Machines>]) -> BTreeSet<Machines> {
    let distinct: BTreeSet<&Machines> = choices.iter().flatten().collect();
    let distinct: Vec<&Machines> = distinct.into_iter().take(SETS_MAX).collect();
    let mut sets: BTreeSet<Machines> = distinct.iter().map(|&set| set.clone()).collect();
    sets.insert(distinct.iter().copied().flatten().copied().collect());
    for (index, first) in distinct.iter().enumerate() {
        for second in &distinct[..index] {
            if sets.len() < SETS_MAX {
                sets.insert(first.union(second).copied().collect());
            }
        }
    }
    sets.retain(|set| set.len() > 1);
    sets
}

fn post_set(
    lowered: &mut Lowered<'_>,
    set: &Machines,
    choices: &[Option<Machines>],
    makespan: View,
    slack: &Slack,
) {
    let inside = |choice: &Option<Machines>| choice.as_ref().is_some_and(|it| it.is_subset(set));
    let mut terms: Vec<(Value, View)> = lowered
        .tasks
        .iter()
        .filter(|(task, _)| inside(&choices[task.index()]))
        .map(|(_, data)| (1, data.interval.duration))
        .collect();
    if terms.len() < 2 {
        return;
    }
    let machines: Option<Value> = set.iter().map(|&machine| slack.of(machine)).sum();
    let Some(slack) = machines else { return };
    terms.push((-(set.len() as Value), makespan));
    post_linear(&mut lowered.engine, &terms, -slack, Atom::TRUE);
}
