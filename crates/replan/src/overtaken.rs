//! Tasks that the plan would have under way and that what has happened does not let start.
//!
//! In the order of their planned starts: a task has not started when its resources did not work
//! then, when a task before it had not come far enough, or when its machine was still in use. What
//! was reported stands, whatever it contradicts. O(tasks of the past² × links) in the worst case.
//!
//! **Source:** -

use crate::begun::batching;
use crate::downtime::Downtime;
use ordine_base::{IdVec, Ticks, Time};
use ordine_problem::{Link, Placement, Problem, ResourceId, Schedule, TaskId};

pub(crate) struct Overtaken<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) downtime: &'a Downtime,
    /// Where tasks stand that are done or running, as far as is known.
    pub(crate) begun: &'a IdVec<TaskId, Option<Placement>>,
}

impl Overtaken<'_> {
    /// Those of `tasks`, which started as planned, that cannot have started, with the reason.
    pub(crate) fn find(&self, mut tasks: Vec<TaskId>) -> Vec<(TaskId, String)> {
        tasks.sort_by_key(|&task| (self.schedule.placement(task).map(|it| it.start), task));
        let mut begun = self.begun.clone();
        let mut found = Vec::new();
        for task in tasks {
            let Some(planned) = self.schedule.placement(task) else { continue };
            if let Some(why) = self.obstacle(&begun, task, planned) {
                begun[task] = None;
                found.push((task, format!("it was to start at {}, but {why}", planned.start)));
            }
        }
        found
    }

    fn obstacle(
        &self,
        begun: &IdVec<TaskId, Option<Placement>>,
        task: TaskId,
        planned: Placement,
    ) -> Option<String> {
        let time = self.downtime.work_time(self.problem, planned.mode);
        let tick = planned.start + Ticks::new(1);
        if planned.end > planned.start && time.working(planned.start, tick).is_empty() {
            return Some("its resources did not work then".to_owned());
        }
        let mut before = self.problem.predecessors(task).iter();
        let late = before.find(|link| self.is_late(begun, link, planned.start));
        if let Some(link) = late {
            let name = &self.problem.task(link.task).name;
            return Some(format!("task {name} before it had not come so far"));
        }
        self.in_use(begun, task, planned).map(|other| {
            let name = &self.problem.task(other).name;
            format!("task {name} still had its machine")
        })
    }

    /// Whether a task before had not come far enough at `start`, though the plan says so.
    fn is_late(&self, begun: &IdVec<TaskId, Option<Placement>>, link: &Link, start: Time) -> bool {
        let spans = self.problem.span_of(link.task).is_some();
        let Some(planned) = self.schedule.placement(link.task).filter(|_| !spans) else {
            return false;
        };
        let point = |it: Placement| if link.kind.leaves_end() { it.end } else { it.start };
        let holds = |it: Placement| point(it) + link.lag <= start;
        let was_planned_so = link.kind.enters_start() && holds(planned);
        // A gap that is negative lets it start before the other.
        let still = begun[link.task].map_or(link.lag < Ticks::ZERO, holds);
        was_planned_so && !still
    }

    /// Who still has a machine of the task at its planned start, and had left it by plan.
    fn in_use(
        &self,
        begun: &IdVec<TaskId, Option<Placement>>,
        task: TaskId,
        planned: Placement,
    ) -> Option<TaskId> {
        let problem = self.problem;
        if planned.end <= planned.start || batching(problem, planned.mode).is_some() {
            return None;
        }
        let machines = |placement: Placement| {
            let needs = problem.requirements(placement.mode).iter().map(|need| need.resource);
            needs.filter(|&id| problem.resource(id).is_machine()).collect::<Vec<ResourceId>>()
        };
        let own = machines(planned);
        let has_it = |other: TaskId, placement: Placement| {
            let left = self.schedule.placement(other).is_none_or(|it| it.end <= planned.start);
            let there = placement.start < planned.start && planned.start < placement.end;
            left && there && machines(placement).iter().any(|id| own.contains(id))
        };
        let others = begun.iter().filter(|it| it.0 != task);
        let mut others = others.filter_map(|(other, placement)| Some((other, (*placement)?)));
        others.find(|&(other, placement)| has_it(other, placement)).map(|it| it.0)
    }
}
