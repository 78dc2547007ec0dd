//! A first plan of what is left of a chip: the task and element of the earliest end, again and
//! again.
//!
//! Tasks are appended to machines; among equal ends the smaller id wins. The solver starts from it,
//! so that no plan is worse. O(tasks² × options).
//!
//! **Source:** Hwang, Chow, Anger, Lee 1989 (ETF), over all tasks instead of the ready ones.

use ordine_base::{IdVec, Time};
use ordine_problem::{Placement, Problem, ResourceId, ResourceKind, Schedule, Status, TaskId};

/// A schedule of the residual problem of a chip; `None` where elements take several tasks at once.
pub(super) fn first_plan(problem: &Problem) -> Option<Schedule> {
    let is_machine = |id: ResourceId| matches!(problem.resource(id).kind, ResourceKind::Machine);
    if !problem.resources().all(is_machine) {
        return None;
    }
    let groups = groups(problem);
    let mut group_of: IdVec<TaskId, usize> = IdVec::filled(problem.tasks().len(), 0);
    for (place, tasks) in groups.iter().enumerate() {
        tasks.iter().for_each(|&task| group_of[task] = place);
    }
    let mut plan = Plan {
        problem,
        schedule: Schedule::empty(problem),
        free: IdVec::filled(problem.resources().len(), problem.now()),
    };
    let mut is_placed = vec![false; groups.len()];
    for (place, tasks) in groups.iter().enumerate() {
        if let [task] = tasks[..]
            && let Status::Running { start, remaining, .. } = problem.task(task).status
        {
            plan.place(task, start, problem.now() + remaining);
            is_placed[place] = true;
        }
    }
    loop {
        let mut best: Option<(Time, Time, TaskId)> = None;
        for (place, tasks) in groups.iter().enumerate().filter(|(place, _)| !is_placed[*place]) {
            let waits = tasks.iter().any(|&task| {
                let mut before = problem.predecessors(task).iter();
                before.any(|link| !is_placed[group_of[link.task]])
            });
            if waits {
                continue;
            }
            for &task in &groups[place] {
                let (start, end) = plan.fit(task)?;
                if best.is_none_or(|(least, _, id)| (end, task) < (least, id)) {
                    best = Some((end, start, task));
                }
            }
        }
        let Some((end, start, task)) = best else { break };
        plan.place(task, start, end);
        is_placed[group_of[task]] = true;
    }
    is_placed.iter().all(|&it| it).then_some(plan.schedule)
}

/// Options of each task: those of a selection, or a task alone.
fn groups(problem: &Problem) -> Vec<Vec<TaskId>> {
    let mut groups: Vec<Vec<TaskId>> =
        problem.selections().iter().map(|selection| selection.tasks.clone()).collect();
    groups.extend(problem.tasks().filter(|&it| !problem.task(it).optional).map(|it| vec![it]));
    groups
}

struct Plan<'p> {
    problem: &'p Problem,
    schedule: Schedule,
    free: IdVec<ResourceId, Time>,
}

impl Plan<'_> {
    /// Start and end of a task behind everything on its machine.
    fn fit(&self, task: TaskId) -> Option<(Time, Time)> {
        let mode = self.problem.modes(task).next()?;
        let record = self.problem.task(task);
        let mut start = record.earliest_start.max(self.problem.release(task));
        for requirement in self.problem.requirements(mode) {
            start = start.max(self.free[requirement.resource]);
        }
        for link in self.problem.predecessors(task) {
            if let Some(before) = self.schedule.placement(link.task) {
                start = start.max(before.end + link.lag);
            }
        }
        Some((start, start + self.problem.mode(mode).duration))
    }

    fn place(&mut self, task: TaskId, start: Time, end: Time) {
        let Some(mode) = self.problem.modes(task).next() else { return };
        self.schedule.place(task, Placement { mode, start, end });
        for requirement in self.problem.requirements(mode) {
            self.free[requirement.resource] = end.max(self.free[requirement.resource]);
        }
    }
}
