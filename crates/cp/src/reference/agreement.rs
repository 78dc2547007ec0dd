//! The engine and brute force say the same.
//!
//! **Source:** see `reference`.

use super::{Enumeration, Setting, Tiny};
use crate::atom::{Atom, Side, Value, View};
use crate::engine::Engine;
use crate::learning::{Answer, LearningSearch};
use std::fmt;
use std::ops::AddAssign;

/// Solutions beyond which nobody counts.
const SOLUTIONS_MAX: u64 = 40;

/// What a comparison took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Models without a solution.
    pub infeasible: u64,
    /// Solutions that were counted one by one.
    pub solutions: u64,
    /// Conflicts that the search met.
    pub conflicts: u64,
    /// Inferences that were judged.
    pub inferences: u64,
    /// Learned clauses that were judged.
    pub clauses: u64,
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Work) {
        self.infeasible += other.infeasible;
        self.solutions += other.solutions;
        self.conflicts += other.conflicts;
        self.inferences += other.inferences;
        self.clauses += other.clauses;
    }
}

impl fmt::Display for Work {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Work { infeasible, solutions, conflicts, inferences, clauses } = self;
        write!(out, "{infeasible} without solution, {solutions} solutions, {conflicts} conflicts, ")?;
        write!(out, "{inferences} inferences and {clauses} learned clauses judged")
    }
}

/// Compares the learning search with brute force.
///
/// # Errors
/// What the engine says and what brute force says, if they differ; or findings of the audit.
pub fn compare(
    tiny: &Tiny,
    expected: &Enumeration,
    setting: &Setting,
) -> Result<Work, String> {
    let mut work = Work { infeasible: u64::from(expected.solutions == 0), ..Work::default() };
    if let Some(objective) = tiny.objective {
        let optimum = least(tiny, objective, setting, &mut work)?;
        if optimum != expected.optimum {
            return Err(format!("optimum {optimum:?} instead of {:?}", expected.optimum));
        }
    }
    let known = expected.solutions.min(SOLUTIONS_MAX);
    let solutions = count(tiny, SOLUTIONS_MAX, setting, &mut work)?;
    if solutions != known {
        return Err(format!("{solutions} solutions instead of {known}"));
    }
    Ok(work)
}

fn search(tiny: &Tiny, setting: &Setting) -> LearningSearch {
    let is_boolean = |number: &usize| {
        let domain = &tiny.domains[*number];
        domain.lower == 0 && domain.upper == 1 && domain.present == Atom::TRUE
    };
    let booleans: Vec<Atom> = (1..tiny.domains.len())
        .filter(is_boolean)
        .map(|number| Side(2 * number as u32).at_least(1))
        .collect();
    let views: Vec<_> = tiny.views().collect();
    LearningSearch::new(setting.learning.clone(), &booleans, &views)
}

/// Least value of the objective, if there is a solution.
fn least(
    tiny: &Tiny,
    objective: View,
    setting: &Setting,
    work: &mut Work,
) -> Result<Option<Value>, String> {
    let mut engine = tiny.engine(setting);
    let mut search = search(tiny, setting);
    let mut best = None;
    while search.run(&mut engine, &[], u64::MAX / 2, &mut |_| false) == Answer::Solution {
        let value = engine.trail.lower(objective);
        best = Some(value);
        search.follow(&engine);
        engine.backtrack(0, |_, _| {});
        engine.post_fact(objective.at_most(value - 1));
    }
    finish(&engine, &search, work)?;
    Ok(best)
}

/// Number of solutions up to `most`, each excluded by a clause when it is found.
fn count(tiny: &Tiny, most: u64, setting: &Setting, work: &mut Work) -> Result<u64, String> {
    let mut engine = tiny.engine(setting);
    let mut search = search(tiny, setting);
    let mut solutions = 0;
    while solutions < most
        && search.run(&mut engine, &[], u64::MAX / 2, &mut |_| false) == Answer::Solution
    {
        solutions += 1;
        let clause = others(tiny, &engine);
        search.follow(&engine);
        engine.backtrack(0, |_, _| {});
        engine.post_clause(&clause);
    }
    work.solutions += solutions;
    finish(&engine, &search, work)?;
    Ok(solutions)
}

/// Any other solution than the one that the engine holds.
fn others(tiny: &Tiny, engine: &Engine) -> Vec<Atom> {
    let mut clause = Vec::new();
    for view in tiny.views() {
        let present = tiny.domains[view.side.variable()].present;
        if engine.trail.is_false(present) {
            continue;
        }
        let value = engine.trail.lower(view);
        clause.extend([view.at_most(value - 1), view.at_least(value + 1)]);
        if present != Atom::TRUE {
            clause.push(!present);
        }
    }
    clause
}

/// Adds up what was done, and reports what the audit found.
fn finish(engine: &Engine, search: &LearningSearch, work: &mut Work) -> Result<(), String> {
    work.conflicts += search.conflicts_total;
    #[cfg(feature = "audit")]
    {
        let audit = engine.audit();
        work.inferences += audit.inferences_total;
        work.clauses += audit.clauses_total;
        if let Some(finding) = audit.findings().first() {
            return Err(finding.to_string());
        }
    }
    #[cfg(not(feature = "audit"))]
    let _ = engine;
    Ok(())
}
