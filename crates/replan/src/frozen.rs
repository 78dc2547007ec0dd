//! Which tasks of the window can stay where they are.
//!
//! In the order of their starts, a task stays when its working time still gives its planned end,
//! its precedences to settled tasks hold, tasks before it are settled, and its machines (with
//! setups) and renewables have room beside what is settled. Passes repeat until nothing changes.
//! O(passes × window²) in the worst case; windows are short.
//!
//! **Source:** -

use crate::begun::begun_placements;
use crate::downtime::Downtime;
use crate::plan::Freed;
use crate::statuses::Statuses;
use ordine_base::{Demand, IdVec, Interval, Time};
use ordine_problem::{
    Link, Placement, Problem, ResourceId, ResourceKind, Schedule, Status, TaskId,
};

pub(crate) struct Thawing<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) schedule: &'a Schedule,
    pub(crate) now: Time,
    pub(crate) downtime: &'a Downtime,
}

/// Settled tasks with their resources, as far as a pass has come.
struct Settled {
    places: IdVec<TaskId, Option<Placement>>,
    uses: IdVec<ResourceId, Vec<(Interval, Demand, TaskId)>>,
}

impl Thawing<'_> {
    /// Frees every frozen task that cannot stay, and says why.
    pub(crate) fn thaw(&self, statuses: &mut Statuses) -> Vec<Freed> {
        let mut freed = Vec::new();
        let is_frozen = |task: &TaskId, statuses: &Statuses| {
            let spans = self.problem.span_of(*task).is_some();
            matches!(statuses.of[*task], Status::Frozen { .. }) && !spans
        };
        loop {
            let mut frozen: Vec<TaskId> =
                self.problem.tasks().filter(|task| is_frozen(task, statuses)).collect();
            frozen.sort_by_key(|task| self.schedule.placement(*task).map(|it| it.start));
            let mut settled = self.settled(statuses);
            let mut changed = false;
            for task in frozen {
                let Some(placement) = self.schedule.placement(task) else { continue };
                match self.obstacle(statuses, &settled, task, placement) {
                    None => settled.add(self.problem, task, placement),
                    Some(why) => {
                        statuses.of[task] = Status::Free;
                        freed.push(Freed { task, why });
                        changed = true;
                    }
                }
            }
            if !changed {
                return freed;
            }
        }
    }

    /// What has started already.
    fn settled(&self, statuses: &Statuses) -> Settled {
        let mut settled = Settled {
            places: IdVec::filled(self.problem.tasks().len(), None),
            uses: self.problem.resources().map(|_| Vec::new()).collect(),
        };
        let begun = begun_placements(self.problem, self.downtime, self.now, &statuses.of);
        for (task, placement) in begun.iter() {
            if let Some(placement) = *placement {
                settled.add(self.problem, task, placement);
            }
        }
        settled
    }

    /// Why a task cannot stay, if so.
    fn obstacle(
        &self,
        statuses: &Statuses,
        settled: &Settled,
        task: TaskId,
        placement: Placement,
    ) -> Option<String> {
        let Placement { mode, start, end } = placement;
        if statuses.earliest[task].is_some_and(|earliest| earliest > start) {
            return Some("it is late".to_owned());
        }
        if statuses.durations[task].is_some() {
            return Some("its duration has changed".to_owned());
        }
        let duration = self.problem.mode(mode).duration;
        let time = self.downtime.work_time(self.problem, mode);
        let needs = || self.problem.requirements(mode).iter();
        let batched = needs().any(|it| self.problem.resource(it.resource).batching.is_some());
        if !batched && time.end(start, duration, self.problem.task(task).breaks) != Some(end) {
            return Some("its resources do not work then".to_owned());
        }
        let mut before = self.problem.predecessors(task).iter();
        let before = before.find_map(|link| self.broken(settled, *link, task, placement, true));
        let after = || {
            let mut links = self.problem.successors(task).iter();
            links.find_map(|link| self.broken(settled, *link, task, placement, false))
        };
        before.or_else(after).or_else(|| {
            let interval = Interval::new(start, end);
            needs().find_map(|need| {
                self.crowded(settled, need.resource, interval, need.demand, task, batched)
            })
        })
    }

    /// What is wrong with a precedence whose other end is `link.task`.
    fn broken(
        &self,
        settled: &Settled,
        link: Link,
        task: TaskId,
        placement: Placement,
        other_is_before: bool,
    ) -> Option<String> {
        let name = &self.problem.task(link.task).name;
        let Some(other) = settled.places[link.task] else {
            let absent = self.problem.task(link.task).optional
                && self.schedule.placement(link.task).is_none();
            let matters = other_is_before && !absent && link.task != task;
            let spans = self.problem.span_of(link.task).is_some();
            return (matters && !spans).then(|| format!("task {name} before it is not settled"));
        };
        let (before, after) = if other_is_before { (other, placement) } else { (placement, other) };
        let from = if link.kind.leaves_end() { before.end } else { before.start };
        let to = if link.kind.enters_start() { after.start } else { after.end };
        let gap = to - from;
        let holds = gap >= link.lag && link.lag_max.is_none_or(|most| gap <= most);
        (!holds).then(|| format!("task {name} stands too close or too far"))
    }

    /// Why a resource has no room, if so.
    fn crowded(
        &self,
        settled: &Settled,
        id: ResourceId,
        interval: Interval,
        demand: Demand,
        task: TaskId,
        batched: bool,
    ) -> Option<String> {
        let resource = self.problem.resource(id);
        if interval.is_empty() || !resource.comes_back() || resource.overuse_penalty.is_some() {
            return None;
        }
        let uses = &settled.uses[id];
        let full = match resource.kind {
            ResourceKind::Machine => uses.iter().any(|&(other, _, user)| {
                let together = batched && other == interval;
                let setup = |from, to| self.problem.setup_time(id, from, to);
                let room = interval.start >= other.end + setup(user, task)
                    || other.start >= interval.end + setup(task, user);
                !together && !room
            }),
            _ => {
                let inside = uses.iter().map(|it| it.0.start).filter(|it| interval.contains(*it));
                std::iter::once(interval.start).chain(inside).any(|time| {
                    let used = uses.iter().filter(|it| it.0.contains(time));
                    let used: i64 = used.map(|it| it.1.get()).sum();
                    used + demand.get() > resource.capacity_at(time).get()
                })
            }
        };
        full.then(|| format!("resource {} is in use then", resource.name))
    }
}

impl Settled {
    fn add(&mut self, problem: &Problem, task: TaskId, placement: Placement) {
        self.places[task] = Some(placement);
        let interval = Interval::new(placement.start, placement.end.max(placement.start));
        for need in problem.requirements(placement.mode).iter().filter(|_| !interval.is_empty()) {
            self.uses[need.resource].push((interval, need.demand, task));
        }
    }
}
