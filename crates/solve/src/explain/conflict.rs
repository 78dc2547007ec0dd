//! Minimal conflicts: constraints that cannot hold together, none of which can be missed.
//!
//! A certificate, where there is one, narrows the candidates down at once. Where only a search
//! proves that there is no schedule, final conflicts do so (`guarded`), if the engine can guard
//! every constraint. Else QuickXplain then divides
//! them: O(k log (n / k)) questions for k members among n candidates. At the end every member is
//! asked about again: without it, the rest must have a schedule. A question that stays open counts
//! as *feasible* on the way (the conflict may then be larger than need be) and is told at the end.
//!
//! **Source:** Ulrich Junker, *QuickXplain: preferred explanations and relaxations for
//! over-constrained problems* (2004), algorithm 1.

use super::eased::{Eased, is_droppable};
use super::trial::{Answer, Trials};
use crate::ConstraintId;
use ordine_problem::{Problem, Schedule};
use std::collections::BTreeSet;

/// Constraints that cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The constraints; with what has happened and the tasks themselves there is no schedule.
    pub constraints: Vec<ConstraintId>,
    /// Those of them of which it is not shown that they cannot be missed; a conflict without any
    /// is minimal.
    pub open: Vec<ConstraintId>,
}

impl Conflict {
    /// Whether it is shown that no member can be missed.
    pub fn is_minimal(&self) -> bool {
        self.open.is_empty()
    }
}

/// Why there is no schedule, if there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// There is one.
    Feasible(Schedule),
    /// There is none.
    Infeasible(Conflict),
    /// The limit came first.
    Unknown,
}

impl Trials<'_> {
    /// Finds out whether the problem has a schedule, and if not, why.
    pub fn diagnose(&mut self) -> Diagnosis {
        self.diagnose_without(&Eased::new(), true)
    }

    /// The same for the problem with some constraints eased; unless asked for, a conflict is not
    /// made minimal.
    pub(super) fn diagnose_without(&mut self, base: &Eased, minimize: bool) -> Diagnosis {
        let certificate = match self.ask(base) {
            Answer::Feasible(schedule) => return Diagnosis::Feasible(schedule),
            Answer::Unknown => return Diagnosis::Unknown,
            Answer::Infeasible(certificate) => certificate,
        };
        if minimize
            && certificate.is_none()
            && let Some(conflict) = self.shrink(base, &candidates(self.problem, base))
        {
            return Diagnosis::Infeasible(conflict);
        }
        let mut hunt = Hunt { base, all: candidates(self.problem, base), trials: self };
        let mut pool = hunt.all.clone();
        if let Some(certificate) = certificate {
            pool = hunt.certified(certificate, pool);
        }
        if !minimize {
            return Diagnosis::Infeasible(Conflict { open: pool.clone(), constraints: pool });
        }
        // Many questions, so none of them may take much longer than the others.
        hunt.trials.is_patient = false;
        let core = hunt.quick_xplain(BTreeSet::new(), false, &pool);
        let conflict = hunt.finish(core);
        hunt.trials.is_patient = true;
        Diagnosis::Infeasible(match conflict.is_minimal() {
            true => conflict,
            false => hunt.finish(conflict.constraints.into_iter().collect()),
        })
    }
}

/// What can be dropped of a problem, eased constraints aside.
fn candidates(problem: &Problem, base: &Eased) -> Vec<ConstraintId> {
    let all = ConstraintId::all(problem).into_iter();
    all.filter(|it| is_droppable(problem, *it) && !matches!(base.get(it), Some(None))).collect()
}

/// What a certificate says in constraints that can be dropped.
fn droppable(problem: &Problem, certificate: Vec<ConstraintId>) -> BTreeSet<ConstraintId> {
    let calendars = |mode| {
        let needs = problem.requirements(mode).iter().map(|need| need.resource);
        needs.map(ConstraintId::Calendar)
    };
    let mut found = BTreeSet::new();
    for constraint in certificate {
        match constraint {
            ConstraintId::Demand(_, resource) => {
                found.insert(ConstraintId::Capacity(resource));
            }
            ConstraintId::WorkingTime(mode) => found.extend(calendars(mode)),
            other => {
                found.insert(other);
            }
        }
    }
    found
}

struct Hunt<'t, 'a, 'b> {
    trials: &'t mut Trials<'a>,
    base: &'b Eased,
    /// Everything that can be dropped.
    all: Vec<ConstraintId>,
}

impl Hunt<'_, '_, '_> {
    /// The answer when only these constraints hold.
    fn only(&mut self, kept: &BTreeSet<ConstraintId>) -> Answer {
        let mut eased = self.base.clone();
        let dropped = self.all.iter().filter(|it| !kept.contains(it));
        eased.extend(dropped.map(|it| (*it, None)));
        self.trials.ask(&eased)
    }

    fn is_infeasible(&mut self, kept: &BTreeSet<ConstraintId>) -> bool {
        matches!(self.only(kept), Answer::Infeasible(_))
    }

    /// The candidates that a certificate names, where they alone are a conflict; what they have to
    /// do with besides (where certificates do not say) is found by dividing all candidates.
    fn certified(
        &mut self,
        certificate: Vec<ConstraintId>,
        pool: Vec<ConstraintId>,
    ) -> Vec<ConstraintId> {
        let mut pool = pool;
        let mut named = droppable(self.trials.problem, certificate);
        loop {
            let kept: BTreeSet<ConstraintId> =
                pool.iter().copied().filter(|it| named.contains(it)).collect();
            let Answer::Infeasible(again) = self.only(&kept) else { return pool };
            let is_smaller = kept.len() < pool.len();
            pool = kept.into_iter().collect();
            match again.filter(|_| is_smaller) {
                Some(again) => named = droppable(self.trials.problem, again),
                None => return pool,
            }
        }
    }

    /// A minimal subset of `pool` that is a conflict with `kept`; `is_news` says whether `kept` has
    /// grown since it was last asked about.
    fn quick_xplain(
        &mut self,
        kept: BTreeSet<ConstraintId>,
        is_news: bool,
        pool: &[ConstraintId],
    ) -> BTreeSet<ConstraintId> {
        if is_news && self.is_infeasible(&kept) {
            return BTreeSet::new();
        }
        // That what has happened is no conflict by itself is asked at the end.
        if pool.len() <= 1 {
            return pool.iter().copied().collect();
        }
        let (first, second) = pool.split_at(pool.len() / 2);
        let with = |more: &mut dyn Iterator<Item = ConstraintId>| {
            kept.iter().copied().chain(more).collect::<BTreeSet<_>>()
        };
        let beside_first = with(&mut first.iter().copied());
        let of_second = self.quick_xplain(beside_first, true, second);
        let beside_second = with(&mut of_second.iter().copied());
        let of_first = self.quick_xplain(beside_second, !of_second.is_empty(), first);
        of_first.into_iter().chain(of_second).collect()
    }

    /// Asks about every member once more, until none can be missed.
    fn finish(&mut self, mut core: BTreeSet<ConstraintId>) -> Conflict {
        loop {
            let (size, mut open) = (core.len(), Vec::new());
            for member in core.clone() {
                let mut rest = core.clone();
                rest.remove(&member);
                match self.only(&rest) {
                    Answer::Feasible(_) => {}
                    Answer::Unknown => open.push(member),
                    Answer::Infeasible(_) => core = rest,
                }
            }
            if core.len() == size {
                return Conflict { constraints: core.into_iter().collect(), open };
            }
        }
    }
}
