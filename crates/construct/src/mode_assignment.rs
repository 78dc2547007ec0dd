//! A mode for every task such that no consumable is overspent.
//!
//! The assignment knows the slack of every consumable, so that one task can be asked for and given
//! another mode in O(needs). How a first one is found: see the search beside this file.
//!
//! **Source:** Kolisch, Drexl 1997 (local search for nonpreemptive multi-mode RCPSP).

use crate::mode_search::{Meter, Search};
use ordine_base::{IdVec, Stream};
use ordine_problem::{ModeId, Problem, ResourceId, ResourceKind, TaskId};

/// A mode for every task within all consumables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeAssignment {
    modes: IdVec<TaskId, ModeId>,
    slack: IdVec<ResourceId, i64>,
    limited: bool,
}

/// What came of the search for an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignmentOutcome {
    /// Here is one.
    Found(ModeAssignment),
    /// There is none: the problem is infeasible.
    Infeasible,
    /// Neither found nor excluded within the budget.
    Unknown,
}

impl ModeAssignment {
    /// Searches within `work_budget` units (demands looked at) or until `should_stop`.
    pub fn find(
        problem: &Problem,
        stream: &mut Stream,
        work_budget: u64,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> AssignmentOutcome {
        let mut search = Search::new(problem);
        let mut meter = Meter::new(work_budget / 2, should_stop);
        if search.overspent == 0 || search.descend(stream, &mut meter) {
            return AssignmentOutcome::Found(search.into_assignment());
        }
        meter.limit = work_budget;
        match search.exhaust(&mut meter) {
            Some(true) => AssignmentOutcome::Found(search.into_assignment()),
            Some(false) => AssignmentOutcome::Infeasible,
            None => AssignmentOutcome::Unknown,
        }
    }

    /// Another assignment, by descent from random modes; `None` when `work_budget` units do not do.
    /// Where consumables are tight, single changes of mode do not lead from one to another.
    pub fn random(problem: &Problem, stream: &mut Stream, work_budget: u64) -> Option<Self> {
        let mut search = Search::new(problem);
        search.scatter(stream);
        let mut never = || false;
        let mut meter = Meter::new(work_budget, &mut never);
        if search.overspent == 0 || search.descend(stream, &mut meter) {
            return Some(search.into_assignment());
        }
        None
    }

    /// The assignment with these modes; `None` when it overspends.
    pub fn from_modes(problem: &Problem, modes: IdVec<TaskId, ModeId>) -> Option<Self> {
        let slack = slack(problem, &modes);
        let limited = has_consumables(problem);
        slack.values().all(|&left| left >= 0).then_some(ModeAssignment { modes, slack, limited })
    }

    /// Mode of a task.
    #[inline]
    pub fn mode(&self, task: TaskId) -> ModeId {
        self.modes[task]
    }

    /// The modes of all tasks.
    pub fn modes(&self) -> &IdVec<TaskId, ModeId> {
        &self.modes
    }

    /// Whether some consumable limits the choice of modes.
    pub fn is_limited(&self) -> bool {
        self.limited
    }

    /// Whether `task` can take `mode` while all others keep theirs.
    pub fn permits(&self, problem: &Problem, task: TaskId, mode: ModeId) -> bool {
        if !self.limited || self.modes[task] == mode {
            return true;
        }
        let freed = |resource: ResourceId| demand(problem, self.modes[task], resource);
        problem.requirements(mode).iter().all(|need| {
            let consumed = !problem.resource(need.resource).comes_back();
            !consumed || need.demand.get() <= self.slack[need.resource] + freed(need.resource)
        })
    }

    /// Gives `task` another mode.
    ///
    /// # Panics
    /// In debug builds, when the mode is not permitted.
    pub fn switch(&mut self, problem: &Problem, task: TaskId, mode: ModeId) {
        debug_assert!(self.permits(problem, task, mode), "only permitted modes are switched to");
        let before = std::mem::replace(&mut self.modes[task], mode);
        if self.limited && before != mode {
            for need in problem.requirements(before) {
                self.slack[need.resource] += need.demand.get();
            }
            for need in problem.requirements(mode) {
                self.slack[need.resource] -= need.demand.get();
            }
        }
    }
}

fn has_consumables(problem: &Problem) -> bool {
    problem.features().has(ordine_problem::Feature::Consumables)
}

fn demand(problem: &Problem, mode: ModeId, resource: ResourceId) -> i64 {
    let needs = problem.requirements(mode);
    needs.iter().find(|need| need.resource == resource).map_or(0, |need| need.demand.get())
}

/// Capacity left of each consumable; renewables and machines count as endless.
fn slack(problem: &Problem, modes: &IdVec<TaskId, ModeId>) -> IdVec<ResourceId, i64> {
    let endless = 1_i64 << 62;
    let mut slack: IdVec<ResourceId, i64> = problem
        .resources()
        .map(|resource| match problem.resource(resource).kind {
            ResourceKind::Consumable(capacity) => capacity.get(),
            _ => endless,
        })
        .collect();
    for &mode in modes.values() {
        for need in problem.requirements(mode) {
            if !problem.resource(need.resource).comes_back() {
                // Demands are below 2^40; sums of up to 2^22 tasks stay far from the border.
                slack[need.resource] = slack[need.resource].saturating_sub(need.demand.get());
            }
        }
    }
    for resource in problem.resources() {
        if problem.resource(resource).comes_back() {
            slack[resource] = endless;
        }
    }
    slack
}
