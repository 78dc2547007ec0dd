//! Search for modes within all consumables.
//!
//! With one consumable the thriftiest modes decide. With several this is a multiple-choice
//! multi-dimensional knapsack (NP-complete): a descent on the overspending with random kicks looks
//! for an assignment, then a depth-first search with surrogate bounds
//! sum(a_k d_k) <= sum(a_k c_k) finds one or proves that there is none, within a work budget.
//!
//! **Source:** Kolisch, Drexl 1997; surrogate constraints after Glover 1968.

use crate::ModeAssignment;
use ordine_base::{Id, IdVec, Stream};
use ordine_problem::{ModeId, Problem, ResourceId, TaskId};

/// Most tasks with a choice for which the exhaustive search is tried.
const DEPTH_MAX: usize = 2_000;

/// Work spent, work allowed, and the question whether to stop.
pub(crate) struct Meter<'a> {
    work: u64,
    pub(crate) limit: u64,
    asked: u64,
    should_stop: &'a mut dyn FnMut() -> bool,
}

/// Work units between two looks at the stop condition.
const WORK_PER_LOOK: u64 = 8_192;

impl<'a> Meter<'a> {
    pub(crate) fn new(limit: u64, should_stop: &'a mut dyn FnMut() -> bool) -> Self {
        Meter { work: 0, limit, asked: 0, should_stop }
    }

    /// Adds to the work; whether it may go on.
    fn spend(&mut self, units: usize) -> bool {
        self.work += units as u64;
        if self.work >= self.limit {
            return false;
        }
        if self.work - self.asked >= WORK_PER_LOOK {
            self.asked = self.work;
            return !(self.should_stop)();
        }
        true
    }
}

/// One consumable in the search.
#[derive(Clone, Copy, Debug)]
struct Account {
    capacity: i64,
    spent: i64,
}

impl Account {
    /// Overspending in parts per 2^20 of the capacity; zero when there is none.
    fn overspent(self) -> i128 {
        let over = i128::from((self.spent - self.capacity).max(0));
        if over == 0 { 0 } else { 1 + (over << 20) / i128::from(self.capacity.max(1)) }
    }
}

pub(crate) struct Search<'a> {
    problem: &'a Problem,
    accounts: Vec<Account>,
    /// Position of each consumable among the accounts.
    position: IdVec<ResourceId, Option<u32>>,
    /// Tasks that have a choice which matters, widest choice first.
    open: Vec<TaskId>,
    modes: IdVec<TaskId, ModeId>,
    /// Overspending of all accounts together; zero when the assignment is good.
    pub(crate) overspent: i128,
}

impl<'a> Search<'a> {
    pub(crate) fn new(problem: &'a Problem) -> Self {
        let mut accounts = Vec::new();
        let position = problem
            .resources()
            .map(|resource| {
                let resource = problem.resource(resource);
                (!resource.comes_back()).then(|| {
                    accounts.push(Account { capacity: resource.capacity().get(), spent: 0 });
                    accounts.len() as u32 - 1
                })
            })
            .collect();
        let (open, modes) = (Vec::new(), IdVec::new());
        let mut search = Search { problem, accounts, position, open, modes, overspent: 0 };
        search.start();
        search
    }

    /// Thriftiest modes by the share of capacity, shorter ones first among equals.
    fn start(&mut self) {
        for task in self.problem.tasks() {
            let usable = self.problem.usable_modes(task);
            let thriftiest = usable
                .iter()
                .copied()
                .min_by_key(|&mode| (self.share(mode), self.problem.mode(mode).duration, mode));
            let mode = thriftiest.expect("every task of a sealed problem has a usable mode");
            self.modes.push(mode);
            self.spend(mode, 1);
            // Where a mode spends nothing at all, no other choice can help.
            if usable.len() > 1 && self.demands(mode).next().is_some() {
                self.open.push(task);
            }
        }
        let mut open = std::mem::take(&mut self.open);
        let spread = |task: &TaskId| {
            let shares = self.problem.usable_modes(*task).iter().map(|&mode| self.share(mode));
            shares.clone().max().unwrap_or(0) - shares.min().unwrap_or(0)
        };
        open.sort_by_cached_key(|task| (std::cmp::Reverse(spread(task)), task.index()));
        self.open = open;
    }

    /// Gives every task that has a choice a random mode, and opens all of them to the descent.
    pub(crate) fn scatter(&mut self, stream: &mut Stream) {
        let several = |task: &TaskId| self.problem.usable_modes(*task).len() > 1;
        let open: Vec<TaskId> = self.problem.tasks().filter(several).collect();
        for &task in &open {
            let usable = self.problem.usable_modes(task);
            self.set(task, usable[stream.below(usable.len())]);
        }
        self.open = open;
    }

    /// What a mode spends, by account.
    fn demands(&self, mode: ModeId) -> impl Iterator<Item = (usize, i64)> + '_ {
        let needs = self.problem.requirements(mode).iter();
        needs.filter_map(|need| Some((self.position[need.resource]? as usize, need.demand.get())))
    }

    /// Sum over consumables of demand per capacity, in parts per 2^20.
    fn share(&self, mode: ModeId) -> i128 {
        let part = |(account, demand): (usize, i64)| {
            (i128::from(demand) << 20) / i128::from(self.accounts[account].capacity.max(1))
        };
        self.demands(mode).map(part).sum()
    }

    fn spend(&mut self, mode: ModeId, sign: i64) {
        for need in self.problem.requirements(mode) {
            if let Some(position) = self.position[need.resource] {
                let account = &mut self.accounts[position as usize];
                self.overspent -= account.overspent();
                account.spent += sign * need.demand.get();
                self.overspent += account.overspent();
            }
        }
    }

    pub(crate) fn into_assignment(self) -> ModeAssignment {
        let assignment = ModeAssignment::from_modes(self.problem, self.modes);
        assignment.expect("nothing is overspent")
    }

    fn set(&mut self, task: TaskId, mode: ModeId) {
        self.spend(self.modes[task], -1);
        self.modes[task] = mode;
        self.spend(mode, 1);
    }

    fn cost_of_look(&self, mode: ModeId) -> usize {
        1 + self.problem.requirements(mode).len()
    }

    /// First-improvement descent with random kicks; true when nothing is overspent any more.
    pub(crate) fn descend(&mut self, stream: &mut Stream, meter: &mut Meter<'_>) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let mut best = self.overspent;
        loop {
            let task = self.open[stream.below(self.open.len())];
            let usable = self.problem.usable_modes(task);
            let (before, mode) = (self.modes[task], usable[stream.below(usable.len())]);
            if !meter.spend(self.cost_of_look(mode)) {
                return false;
            }
            self.set(task, mode);
            if self.overspent == 0 {
                return true;
            }
            if self.overspent <= best || stream.chance(0.002) {
                best = self.overspent;
            } else {
                self.set(task, before);
            }
        }
    }

    /// Depth-first search; `None` when the budget ran out or the search would be too large.
    pub(crate) fn exhaust(&mut self, meter: &mut Meter<'_>) -> Option<bool> {
        if self.open.len() > DEPTH_MAX {
            return None;
        }
        let bounds = Surrogates::new(self, meter)?;
        let open = self.open.clone();
        for &task in &open {
            self.spend(self.modes[task], -1);
        }
        let found = match bounds.admit(&self.accounts, 0) {
            true => self.assign(&open, 0, &bounds, meter),
            false => Some(false),
        };
        if found != Some(true) {
            for &task in &open {
                self.spend(self.modes[task], 1);
            }
        }
        found
    }

    /// Assigns `open[depth..]`; accounts hold the tasks before. Depth is bounded by [`DEPTH_MAX`].
    fn assign(
        &mut self,
        open: &[TaskId],
        depth: usize,
        bounds: &Surrogates,
        meter: &mut Meter<'_>,
    ) -> Option<bool> {
        let Some(&task) = open.get(depth) else { return Some(true) };
        let mut candidates = self.problem.usable_modes(task).to_vec();
        candidates.sort_by_cached_key(|&mode| (self.share(mode), mode));
        for mode in candidates {
            if !meter.spend(self.cost_of_look(mode) + bounds.rows.len()) {
                return None;
            }
            self.spend(mode, 1);
            let found = match bounds.admit(&self.accounts, depth + 1) {
                true => self.assign(open, depth + 1, bounds, meter),
                false => Some(false),
            };
            if found == Some(true) {
                self.modes[task] = mode;
                return found;
            }
            self.spend(mode, -1);
            found?;
        }
        Some(false)
    }
}

/// Most entries of all surrogate rows together.
const SURROGATE_ENTRIES_MAX: usize = 4_000_000;

/// Most consumables for which pairs of them are combined.
const PAIRED_MAX: usize = 8;

/// A non-negative combination of one or two accounts: factors, right-hand side, and the least that
/// `open[depth..]` must still spend of it, for every depth.
struct Surrogate {
    factors: [(usize, i128); 2],
    limit: i128,
    least: Vec<i128>,
}

struct Surrogates {
    rows: Vec<Surrogate>,
}

impl Surrogates {
    /// `None` when the budget ends first, or the rows would take too much memory.
    fn new(search: &Search<'_>, meter: &mut Meter<'_>) -> Option<Self> {
        let factors = Self::factors(search);
        if factors.len() * (search.open.len() + 1) > SURROGATE_ENTRIES_MAX {
            return None;
        }
        let rows = factors.into_iter().map(|factors| Self::row(search, factors, meter));
        Some(Surrogates { rows: rows.collect::<Option<_>>()? })
    }

    fn factors(search: &Search<'_>) -> Vec<[(usize, i128); 2]> {
        let count = search.accounts.len();
        let scale = |account: usize, ratio: i128| {
            let capacity = i128::from(search.accounts[account].capacity.max(1));
            (account, (ratio << 32) / capacity + 1)
        };
        let mut factors: Vec<_> = (0..count).map(|account| [(account, 1), (account, 0)]).collect();
        let paired = if count <= PAIRED_MAX { count } else { 0 };
        for first in 0..paired {
            for second in first + 1..paired {
                for (left, right) in [(1, 1), (1, 2), (2, 1), (1, 4), (4, 1), (2, 3), (3, 2)] {
                    factors.push([scale(first, left), scale(second, right)]);
                }
            }
        }
        factors
    }

    fn row(
        search: &Search<'_>,
        factors: [(usize, i128); 2],
        meter: &mut Meter<'_>,
    ) -> Option<Surrogate> {
        let weigh = |mode: ModeId| -> i128 {
            let factor = |account| {
                let own = factors.iter().filter(|(of, _)| *of == account);
                own.map(|(_, factor)| factor).sum::<i128>()
            };
            search.demands(mode).map(|(account, demand)| i128::from(demand) * factor(account)).sum()
        };
        let mut least = vec![0; search.open.len() + 1];
        for (depth, &task) in search.open.iter().enumerate().rev() {
            let usable = search.problem.usable_modes(task);
            let looks: usize = usable.iter().map(|&mode| search.cost_of_look(mode)).sum();
            if !meter.spend(looks) {
                return None;
            }
            let costs = usable.iter().map(|&mode| weigh(mode));
            least[depth] = least[depth + 1] + costs.min().expect("a task has a usable mode");
        }
        let capacity = |(account, factor): (usize, i128)| {
            i128::from(search.accounts[account].capacity) * factor
        };
        let limit = factors.map(capacity).iter().sum();
        Some(Surrogate { factors, limit, least })
    }

    fn admit(&self, accounts: &[Account], depth: usize) -> bool {
        self.rows.iter().all(|row| {
            let spent =
                row.factors.map(|(account, factor)| i128::from(accounts[account].spent) * factor);
            spent[0] + spent[1] + row.least[depth] <= row.limit
        })
    }
}
