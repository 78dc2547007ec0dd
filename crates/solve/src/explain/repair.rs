//! The cheapest ways to make an infeasible problem feasible.
//!
//! Which constraints: sets that meet every conflict, the smallest first, larger ones as long as
//! they may be cheaper. Each is tried; when there is still no schedule, its conflict joins the
//! others. By how much: the least amount is found by halving between what is proved too little and
//! what a schedule needs; of several constraints one after the other, those of highest price first.
//!
//! **Source:** implicit hitting sets: Ignatiev, Previti, Liffiton, Marques-Silva 2015.

use super::amounts::{Prices, Shift, amount_max, shifts};
use super::conflict::{Conflict, Diagnosis};
use super::eased::{Eased, ease, is_droppable};
use super::hitting::{Wanted, hitting_set};
use super::trial::{Answer, Trials};
use crate::ConstraintId;
use ordine_base::Cost;
use ordine_check::check;
use ordine_problem::Schedule;
use std::collections::BTreeSet;

/// Most constraints that give way together.
const SIZE_MAX: usize = 10;

/// Most repairs of one size that are worked out.
const REPAIRS_MAX: usize = 12;

/// A constraint that gives way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ease {
    /// The constraint.
    pub constraint: ConstraintId,
    /// By how much; `None` when it is dropped.
    pub by: Option<i64>,
    /// What of it changes.
    pub shifts: Vec<Shift>,
    /// What that costs.
    pub cost: i64,
}

/// Constraints that give way together, with a schedule that the judge accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What gives way.
    pub eases: Vec<Ease>,
    /// What that costs together.
    pub cost: i64,
    /// Whether it is proved that none of the amounts can be less while the others stand.
    pub is_least: bool,
    /// A schedule.
    pub schedule: Schedule,
    /// Its makespan, as judged.
    pub judged: Cost,
}

/// Ways to repair a problem, cheapest first: all of the smallest size, and larger ones that are
/// cheaper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// The repairs.
    pub found: Vec<Repair>,
    /// Whether every set of which no part suffices was tried, or is dearer by its prices alone:
    /// then none of these is cheaper than the first, and fewer constraints do not suffice.
    pub is_complete: bool,
    /// Whether some conflict consists of constraints that must be kept.
    pub is_hopeless: bool,
}

/// How firm a constraint is among those of one price.
fn firmness(constraint: ConstraintId) -> u8 {
    match constraint {
        ConstraintId::Deadline(_) => 0,
        ConstraintId::Release(_) | ConstraintId::Window(_) => 1,
        _ => 2,
    }
}

impl Trials<'_> {
    /// The cheapest ways to repair a problem with this conflict; constraints of the kinds `kept` do
    /// not give way.
    pub fn repairs(&mut self, conflict: &Conflict, prices: &Prices, kept: &[String]) -> Repairs {
        let mut repairs = Repairs { is_complete: true, ..Repairs::default() };
        let may = |it: &ConstraintId| !kept.iter().any(|kind| kind == it.kind());
        // Cheap ones are tried first, and of equal ones those that people set most freely.
        let open = |conflict: &Conflict| -> Vec<ConstraintId> {
            let mut open: Vec<ConstraintId> =
                conflict.constraints.iter().copied().filter(may).collect();
            open.sort_by_key(|it| (prices.of(*it), firmness(*it)));
            open
        };
        // Where one conflict took too long, others would: any that is proved will do.
        let minimize = conflict.is_minimal();
        self.is_patient = minimize;
        let mut conflicts = vec![open(conflict)];
        let mut tried: Vec<BTreeSet<ConstraintId>> = Vec::new();
        // The smallest size that works: beyond it a set is of interest where it may be cheaper.
        let mut smallest = None;
        let mut size = 1;
        while size <= SIZE_MAX && repairs.found.len() < REPAIRS_MAX && !self.is_over() {
            if conflicts.iter().any(Vec::is_empty) {
                repairs.is_hopeless = true;
                break;
            }
            let cheapest = repairs.found.iter().map(|it| it.cost).min();
            let below = cheapest.filter(|_| smallest.is_some_and(|smallest| size > smallest));
            let price = |it| prices.of(it);
            let wanted = Wanted { refused: &tried, size, price: &price, below };
            let Some(chosen) = hitting_set(&conflicts, &wanted) else {
                size += 1;
                continue;
            };
            let dropped: Eased = chosen.iter().map(|it| (*it, None)).collect();
            match self.diagnose_without(&dropped, minimize) {
                Diagnosis::Feasible(schedule) => {
                    repairs.found.extend(self.least(&dropped, schedule, prices));
                    tried.push(chosen);
                    smallest.get_or_insert(size);
                }
                Diagnosis::Infeasible(further) => conflicts.push(open(&further)),
                Diagnosis::Unknown => {
                    repairs.is_complete = false;
                    tried.push(chosen);
                }
            }
        }
        self.is_patient = true;
        repairs.is_complete &= size > SIZE_MAX && !repairs.found.is_empty();
        repairs.found.sort_by_key(|it| (it.cost, it.eases.len()));
        repairs
    }

    /// The least amounts with which the dropped constraints still have a schedule.
    fn least(&mut self, dropped: &Eased, first: Schedule, prices: &Prices) -> Option<Repair> {
        let mut eased = dropped.clone();
        let mut schedule = first;
        let mut is_least = true;
        let mut order: Vec<ConstraintId> = dropped.keys().copied().collect();
        order.sort_by_key(|it| std::cmp::Reverse(prices.of(*it)));
        for constraint in order {
            let Some(most) = amount_max(self.problem, constraint) else { continue };
            // What the schedule at hand needs is enough; nothing at all may be too little.
            let enough = self.needed(&eased, constraint, most, &schedule);
            let Some(enough) = enough else { continue };
            eased.insert(constraint, Some(enough));
            // Of one constraint, nothing at all is proved too little by the conflict.
            let mut too_little = if dropped.len() == 1 { 0 } else { -1 };
            let mut best = enough;
            while best - too_little > 1 {
                let middle = too_little + (best - too_little) / 2;
                eased.insert(constraint, Some(middle));
                match self.ask(&eased) {
                    Answer::Feasible(found) => {
                        let needed = self.needed(&eased, constraint, middle, &found);
                        best = needed.unwrap_or(middle);
                        schedule = found;
                    }
                    Answer::Infeasible(_) => too_little = middle,
                    Answer::Unknown => {
                        is_least = false;
                        too_little = middle;
                    }
                }
            }
            eased.insert(constraint, Some(best));
        }
        self.repair(&eased, schedule, prices, is_least)
    }

    /// The least amount of a constraint with which a schedule is feasible, if some amount is.
    fn needed(
        &self,
        eased: &Eased,
        constraint: ConstraintId,
        most: i64,
        schedule: &Schedule,
    ) -> Option<i64> {
        let suffices = |by: i64| {
            let mut eased = eased.clone();
            eased.insert(constraint, Some(by));
            ease(self.problem, &eased).is_ok_and(|problem| check(&problem, schedule).is_ok())
        };
        if suffices(0) {
            return Some(0);
        }
        let (mut too_little, mut enough) = (0, 1);
        while !suffices(enough) {
            if enough >= most {
                return None;
            }
            too_little = enough;
            enough = enough.saturating_mul(2).min(most);
        }
        while enough - too_little > 1 {
            let middle = too_little + (enough - too_little) / 2;
            if suffices(middle) { enough = middle } else { too_little = middle }
        }
        Some(enough)
    }

    fn repair(
        &self,
        eased: &Eased,
        schedule: Schedule,
        prices: &Prices,
        is_least: bool,
    ) -> Option<Repair> {
        // What need not change after all is left out.
        let eased: Eased =
            eased.iter().filter(|(_, by)| **by != Some(0)).map(|(it, by)| (*it, *by)).collect();
        let problem = ease(self.problem, &eased).ok()?;
        let judged = check(&problem, &schedule).ok()?;
        let eases: Vec<Ease> = eased
            .iter()
            .map(|(&constraint, &by)| {
                debug_assert!(is_droppable(self.problem, constraint));
                let shifts =
                    by.map_or_else(Vec::new, |by| shifts(self.problem, constraint, by, &schedule));
                let units = match by {
                    None => 1,
                    Some(by) if constraint.kind() == "capacity" => by,
                    Some(by) => shifts.iter().map(Shift::amount).sum::<i64>().max(by),
                };
                let cost = units.saturating_mul(prices.of(constraint));
                Ease { constraint, by, shifts, cost }
            })
            .collect();
        let cost = eases.iter().map(|it| it.cost).fold(0, i64::saturating_add);
        Some(Repair { eases, cost, is_least, schedule, judged })
    }
}
