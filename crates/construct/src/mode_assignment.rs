//! A mode for every task such that no consumable is overspent.
//!
//! With one consumable the thriftiest modes decide. With several this is a multiple-choice
//! multi-dimensional knapsack (NP-complete): a descent on the overspending with random
//! restarts looks for an assignment, then a depth-first search with surrogate bounds
//! sum(a_k d_k) <= sum(a_k c_k) finds one or proves that there is none, within a work budget.
//!
//! **Source:** Kolisch, Drexl 1997 (local search for nonpreemptive multi-mode RCPSP); surrogate
//! constraints after Glover 1968.

use ordine_base::{Id, IdVec, Stream};
use ordine_problem::{ModeId, Problem, ResourceId, ResourceKind, TaskId};

/// Most tasks with a choice for which the exhaustive search is tried.
const DEPTH_MAX: usize = 2_000;

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
    /// Searches within `work_budget` units (modes looked at).
    pub fn find(problem: &Problem, stream: &mut Stream, work_budget: u64) -> AssignmentOutcome {
        let mut search = Search::new(problem);
        if search.overspent() == 0 {
            return AssignmentOutcome::Found(search.into_assignment());
        }
        if search.descend(stream, work_budget / 2) {
            return AssignmentOutcome::Found(search.into_assignment());
        }
        match search.exhaust(work_budget / 2) {
            Some(true) => AssignmentOutcome::Found(search.into_assignment()),
            Some(false) => AssignmentOutcome::Infeasible,
            None => AssignmentOutcome::Unknown,
        }
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

/// Demands for consumables only, as a dense table.
struct Search<'a> {
    problem: &'a Problem,
    capacity: Vec<i64>,
    consumables: Vec<ResourceId>,
    /// Tasks that have a choice which matters, widest choice first.
    open: Vec<TaskId>,
    modes: IdVec<TaskId, ModeId>,
    total: Vec<i64>,
    work: u64,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem) -> Self {
        let is_consumable = |resource: &ResourceId| !problem.resource(*resource).comes_back();
        let consumables: Vec<ResourceId> = problem.resources().filter(is_consumable).collect();
        let capacity: Vec<i64> =
            consumables.iter().map(|&it| problem.resource(it).capacity().get()).collect();
        let mut search = Search {
            problem,
            total: vec![0; consumables.len()],
            capacity,
            consumables,
            open: Vec::new(),
            modes: IdVec::new(),
            work: 0,
        };
        search.start();
        search
    }

    /// Thriftiest modes by the share of capacity, shorter ones first among equals.
    fn start(&mut self) {
        for task in self.problem.tasks() {
            let usable = self.problem.usable_modes(task);
            let share = |mode: ModeId| self.share(mode);
            let thriftiest = usable
                .iter()
                .copied()
                .min_by_key(|&mode| (share(mode), self.problem.mode(mode).duration, mode));
            let mode = thriftiest.expect("every task of a sealed problem has a usable mode");
            self.modes.push(mode);
            if usable.iter().any(|&other| self.demands(other).ne(self.demands(mode))) {
                self.open.push(task);
            }
        }
        let modes: Vec<ModeId> = self.modes.values().copied().collect();
        modes.into_iter().for_each(|mode| self.spend(mode, 1));
        let spread = |task: &TaskId| {
            let shares = self.problem.usable_modes(*task).iter().map(|&mode| self.share(mode));
            shares.clone().max().unwrap_or(0) - shares.min().unwrap_or(0)
        };
        let mut open = self.open.clone();
        open.sort_by_key(|task| (std::cmp::Reverse(spread(task)), task.index()));
        self.open = open;
    }

    fn demands(&self, mode: ModeId) -> impl Iterator<Item = i64> + '_ {
        self.consumables.iter().map(move |&resource| demand(self.problem, mode, resource))
    }

    /// Sum over consumables of demand per capacity, in parts per 2^20.
    fn share(&self, mode: ModeId) -> i128 {
        let parts = self.demands(mode).zip(&self.capacity);
        parts.map(|(demand, &cap)| (i128::from(demand) << 20) / i128::from(cap.max(1))).sum()
    }

    fn spend(&mut self, mode: ModeId, sign: i64) {
        for (position, &resource) in self.consumables.iter().enumerate() {
            self.total[position] += sign * demand(self.problem, mode, resource);
        }
    }

    /// Overspending in parts per 2^20 of each capacity; zero when the assignment is good.
    fn overspent(&self) -> i128 {
        let pairs = self.total.iter().zip(&self.capacity);
        pairs
            .map(|(&total, &cap)| {
                let over = i128::from((total - cap).max(0));
                if over == 0 { 0 } else { 1 + (over << 20) / i128::from(cap.max(1)) }
            })
            .sum()
    }

    fn into_assignment(self) -> ModeAssignment {
        let assignment = ModeAssignment::from_modes(self.problem, self.modes);
        assignment.expect("nothing is overspent")
    }

    fn set(&mut self, task: TaskId, mode: ModeId) {
        self.spend(self.modes[task], -1);
        self.modes[task] = mode;
        self.spend(mode, 1);
    }

    /// First-improvement descent with random kicks; true when nothing is overspent any more.
    fn descend(&mut self, stream: &mut Stream, budget: u64) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let mut best = self.overspent();
        while self.work < budget {
            let task = self.open[stream.below(self.open.len())];
            let usable = self.problem.usable_modes(task);
            let before = self.modes[task];
            self.set(task, usable[stream.below(usable.len())]);
            self.work += 1;
            let now = self.overspent();
            if now == 0 {
                return true;
            }
            if now <= best || stream.chance(0.002) {
                best = now;
            } else {
                self.set(task, before);
            }
        }
        false
    }

    /// Depth-first search; `None` when the budget ran out or the recursion would be too deep.
    fn exhaust(&mut self, budget: u64) -> Option<bool> {
        if self.open.len() > DEPTH_MAX {
            return None;
        }
        let bounds = Surrogates::new(self);
        let limit = self.work + budget;
        let open = self.open.clone();
        for &task in &open {
            self.spend(self.modes[task], -1);
        }
        let found = match bounds.admit(&self.total, 0) {
            true => self.assign(&open, 0, &bounds, limit),
            false => Some(false),
        };
        if found != Some(true) {
            for &task in &open {
                self.spend(self.modes[task], 1);
            }
        }
        found
    }

    /// Assigns `open[depth..]`; totals hold the tasks before. Depth is bounded by the open tasks,
    /// and the recursion by the budget.
    fn assign(
        &mut self,
        open: &[TaskId],
        depth: usize,
        bounds: &Surrogates,
        limit: u64,
    ) -> Option<bool> {
        let Some(&task) = open.get(depth) else { return Some(true) };
        let mut candidates = self.problem.usable_modes(task).to_vec();
        candidates.sort_by_key(|&mode| (self.share(mode), mode));
        for mode in candidates {
            self.work += 1;
            if self.work > limit {
                return None;
            }
            self.spend(mode, 1);
            if bounds.admit(&self.total, depth + 1) {
                match self.assign(open, depth + 1, bounds, limit) {
                    Some(false) => {}
                    Some(true) => {
                        self.modes[task] = mode;
                        return Some(true);
                    }
                    None => {
                        self.spend(mode, -1);
                        return None;
                    }
                }
            }
            self.spend(mode, -1);
        }
        Some(false)
    }
}

/// Integer combinations of the consumables with the least that the rest must still spend of each.
struct Surrogates {
    /// Per combination: factors, right-hand side, least of `open[depth..]` for every depth.
    rows: Vec<(Vec<i128>, i128, Vec<i128>)>,
}

impl Surrogates {
    fn new(search: &Search<'_>) -> Self {
        let count = search.consumables.len();
        let scale = |position: usize, ratio: i128| {
            (ratio << 32) / i128::from(search.capacity[position].max(1)) + 1
        };
        let mut factors: Vec<Vec<i128>> = Vec::new();
        for first in 0..count {
            let mut alone = vec![0; count];
            alone[first] = 1;
            factors.push(alone);
            for second in first + 1..count {
                for (left, right) in [(1, 1), (1, 2), (2, 1), (1, 4), (4, 1), (2, 3), (3, 2)] {
                    let mut pair = vec![0; count];
                    (pair[first], pair[second]) = (scale(first, left), scale(second, right));
                    factors.push(pair);
                }
            }
        }
        Surrogates { rows: factors.into_iter().map(|row| Self::row(search, row)).collect() }
    }

    fn row(search: &Search<'_>, factors: Vec<i128>) -> (Vec<i128>, i128, Vec<i128>) {
        let weigh = |demands: &mut dyn Iterator<Item = i64>| -> i128 {
            demands.zip(&factors).map(|(demand, &factor)| i128::from(demand) * factor).sum()
        };
        let limit = weigh(&mut search.capacity.iter().copied());
        let mut least = vec![0; search.open.len() + 1];
        for depth in (0..search.open.len()).rev() {
            let usable = search.problem.usable_modes(search.open[depth]);
            let costs = usable.iter().map(|&mode| weigh(&mut search.demands(mode)));
            least[depth] = least[depth + 1] + costs.min().expect("a task has a usable mode");
        }
        (factors, limit, least)
    }

    fn admit(&self, total: &[i64], depth: usize) -> bool {
        self.rows.iter().all(|(factors, limit, least)| {
            let spent =
                total.iter().zip(factors).map(|(&spent, &factor)| i128::from(spent) * factor);
            spent.sum::<i128>() + least[depth] <= *limit
        })
    }
}
