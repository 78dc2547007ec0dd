//! The best plan of a tiny problem, by trying all.
//!
//! Presence, modes and integer starts up to a horizon, depth first; a branch ends where two placed
//! tasks break a precedence or share a machine, or where its ends alone cost too much. What is
//! complete is judged by every rule. Levels with tolerances are settled one after the other.
//!
//! **Source:** -

use crate::measures;
use crate::plan::{Case, Place, Plan, batch_machine, work_done, work_from};
use crate::rules;
use ordine_base::Id;
use ordine_problem::{BatchKind, ModeId, Problem, ResourceKind, Status, TaskId, Tolerance};
use std::collections::BTreeSet;

struct Search<'a> {
    problem: &'a Problem,
    order: Vec<TaskId>,
    /// Tasks that are over.
    done: Vec<bool>,
    /// Places of each task that break no rule about the task alone.
    choices: Vec<Vec<Option<Place>>>,
    /// Largest values of the levels that are settled.
    caps: Vec<i64>,
    /// The level that is minimized; later ones decide among equals unless one has a tolerance.
    level: usize,
    best: Option<(Vec<i64>, Vec<i64>, Plan)>,
}

/// Value of each level of the best plan that ends by `horizon`, and the plan.
pub fn optimum(problem: &Problem, horizon: i64) -> Option<(Vec<i64>, Plan)> {
    let levels = problem.objective().levels();
    let tolerant = levels.iter().any(|level| level.tolerance != Tolerance::NONE);
    let parents: BTreeSet<TaskId> = problem.spans().iter().map(|span| span.parent).collect();
    let order = problem.topological_order().iter().copied();
    let order: Vec<TaskId> = order.filter(|task| !parents.contains(task)).collect();
    let choices = problem.tasks().map(|task| choices(problem, task, horizon)).collect();
    let done = problem.tasks().map(|task| problem.task(task).status.is_done()).collect();
    let mut search =
        Search { problem, order, done, choices, caps: Vec::new(), level: 0, best: None };
    let mut plan = vec![None; problem.tasks().len()];
    search.place(0, &mut plan);
    while tolerant && search.level + 1 < levels.len() {
        let (_, values, _) = search.best.as_ref()?;
        search.caps.push(with_tolerance(levels[search.level].tolerance, values[search.level]));
        search.level += 1;
        search.best = None;
        search.place(0, &mut plan);
    }
    search.best.map(|(_, values, plan)| (values, plan))
}

fn with_tolerance(tolerance: Tolerance, best: i64) -> i64 {
    match tolerance {
        Tolerance::Absolute(amount) => best + amount,
        Tolerance::Percent(percent) => best + best.abs() * percent / 100,
    }
}

/// Absence where it is allowed, then places by start.
fn choices(problem: &Problem, task: TaskId, horizon: i64) -> Vec<Option<Place>> {
    let mut choices = Vec::new();
    let status = problem.task(task).status;
    if problem.task(task).optional && status == Status::Free {
        choices.push(None);
    }
    for start in 0..=horizon {
        for mode in problem.modes(task) {
            for end in ends(problem, task, Place { mode, start, end: start }) {
                let place = Place { mode, start, end };
                let mut plan = vec![None; problem.tasks().len()];
                plan[task.index()] = Some(place);
                let broken = rules::broken_alone(&Case::new(problem, &plan), task, place);
                if end <= horizon && broken.is_empty() {
                    choices.push(Some(place));
                }
            }
        }
    }
    choices
}

/// Ends of a task that starts so, alone or in any batch.
fn ends(problem: &Problem, task: TaskId, place: Place) -> BTreeSet<i64> {
    if let Status::Done { end, .. } = problem.task(task).status {
        return BTreeSet::from([end.get()]);
    }
    let (own, from) = work_from(problem, task, place);
    let mut works = BTreeSet::from([own]);
    if let Some(machine) = batch_machine(problem, place.mode) {
        let kind = problem.resource(machine).batching.map(|batching| batching.kind);
        for other in problem.tasks().filter(|other| *other != task) {
            let on_it = |mode: &ModeId| batch_machine(problem, *mode) == Some(machine);
            for mode in problem.modes(other).filter(on_it) {
                let work = match problem.task(other).status {
                    Status::Running { remaining, .. } => remaining.get(),
                    _ => problem.mode(mode).duration.get(),
                };
                let longer: Vec<i64> = works
                    .iter()
                    .map(|so_far| match kind {
                        Some(BatchKind::Serial) => so_far + work,
                        _ => work.max(*so_far),
                    })
                    .collect();
                works.extend(longer);
            }
        }
    }
    works.into_iter().filter_map(|work| work_done(problem, place.mode, from, work)).collect()
}

impl Search<'_> {
    fn place(&mut self, depth: usize, plan: &mut Plan) {
        if !self.can_improve(&measures::least_levels(self.problem, plan)) {
            return;
        }
        let Some(&task) = self.order.get(depth) else {
            return self.complete(plan);
        };
        for choice in 0..self.choices[task.index()].len() {
            let place = self.choices[task.index()][choice];
            plan[task.index()] = place;
            let placed = &self.order[..depth];
            if place.is_none_or(|place| self.fits(task, place, placed, plan)) {
                self.place(depth + 1, plan);
            }
        }
        plan[task.index()] = None;
    }

    /// Whether values of at least this much could still be better than the best.
    fn can_improve(&self, values: &[i64]) -> bool {
        let capped = self.caps.iter().zip(values).all(|(cap, value)| value <= cap);
        capped && self.best.as_ref().is_none_or(|best| self.key(values) < best.0)
    }

    fn key(&self, values: &[i64]) -> Vec<i64> {
        let levels = self.problem.objective().levels();
        let tolerant = levels.iter().any(|level| level.tolerance != Tolerance::NONE);
        match tolerant && self.level + 1 < levels.len() {
            true => vec![values[self.level]],
            false if tolerant => [&[values[self.level]], values].concat(),
            false => values.to_vec(),
        }
    }

    /// No broken precedence to, and no machine shared with, what is placed.
    fn fits(&self, task: TaskId, place: Place, placed: &[TaskId], plan: &Plan) -> bool {
        let problem = self.problem;
        let done = self.done.clone();
        let partial = Case { problem, plan, ticks: 0, done, users: Vec::new() };
        let ordered = problem.precedences().values().all(|it| {
            let other = if it.before == task { it.after } else { it.before };
            let related = (it.before == task || it.after == task) && placed.contains(&other);
            !related
                || it.penalty.is_some()
                || partial.is_done(it.before) && partial.is_done(it.after)
                || rules::missed_by(&partial, it).is_none_or(|missed| missed == 0)
        });
        ordered
            && placed.iter().all(|&other| {
                plan[other.index()].is_none_or(|it| self.apart((task, place), (other, it)))
            })
    }

    fn apart(&self, (task, place): (TaskId, Place), (other, it): (TaskId, Place)) -> bool {
        let problem = self.problem;
        let leaves = |task| problem.task(task).released_in_breaks || self.done[task.index()];
        if place.start.max(it.start) >= place.end.min(it.end) || leaves(task) || leaves(other) {
            return true;
        }
        let together = (place.start, place.end) == (it.start, it.end);
        let shared = |id| {
            let resource = problem.resource(id);
            resource.kind != ResourceKind::Machine || resource.batching.is_some() && together
        };
        let of_other: Vec<_> =
            problem.requirements(it.mode).iter().map(|need| need.resource).collect();
        let mut own = problem.requirements(place.mode).iter().map(|need| need.resource);
        own.all(|id| shared(id) || !of_other.contains(&id))
    }

    /// Adds the tasks that span others, and keeps the plan when it breaks nothing.
    fn complete(&mut self, plan: &mut Plan) {
        let before = plan.clone();
        for _ in self.problem.spans() {
            for span in self.problem.spans() {
                let children = span.children.iter().filter_map(|child| plan[child.index()]);
                let children: Vec<Place> = children.collect();
                let start = children.iter().map(|it| it.start).min();
                let end = children.iter().map(|it| it.end).max();
                let mode = self.problem.modes(span.parent).next();
                plan[span.parent.index()] = match (mode, start, end) {
                    (Some(mode), Some(start), Some(end)) => Some(Place { mode, start, end }),
                    _ => None,
                };
            }
        }
        let case = Case::new(self.problem, plan);
        let values = measures::levels(&case);
        if self.can_improve(&values) && rules::broken(&case).is_empty() {
            self.best = Some((self.key(&values), values, plan.clone()));
        }
        *plan = before;
    }
}
