//! The engine and brute force say the same.
//!
//! **Source:** see `reference`.

use super::{Enumeration, Setting, Tiny};
use crate::atom::{Atom, Side, Value, View};
use crate::engine::Engine;
use crate::failure::FailureSearch;
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
    /// Clauses among them that took a search.
    pub searches: u64,
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Work) {
        self.infeasible += other.infeasible;
        self.solutions += other.solutions;
        self.conflicts += other.conflicts;
        self.inferences += other.inferences;
        self.clauses += other.clauses;
        self.searches += other.searches;
    }
}

impl fmt::Display for Work {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Work { infeasible, solutions, conflicts, inferences, clauses, searches } = self;
        write!(
            out,
            "{infeasible} without solution, {solutions} solutions, {conflicts} conflicts, "
        )?;
        write!(
            out,
            "{inferences} inferences and {clauses} learned clauses judged, {searches} by search"
        )
    }
}

/// The searches that take part.
enum Search {
    Learning(Box<LearningSearch>),
    Failure(Box<FailureSearch>),
}

/// Compares both searches with brute force.
///
/// # Errors
/// What the engine says and what brute force says, if they differ; or findings of the audit.
pub fn compare(tiny: &Tiny, expected: &Enumeration, setting: &Setting) -> Result<Work, String> {
    let mut work = Work { infeasible: u64::from(expected.solutions == 0), ..Work::default() };
    for (name, new) in [("learning", Search::learning as New), ("failure", Search::failure)] {
        if let Some(objective) = tiny.objective {
            let optimum = least(tiny, objective, setting, new, &mut work)?;
            if optimum != expected.optimum {
                let expected = expected.optimum;
                return Err(format!("{name}: optimum {optimum:?} instead of {expected:?}"));
            }
        }
        let known = expected.solutions.min(SOLUTIONS_MAX);
        let solutions = count(tiny, SOLUTIONS_MAX, setting, new, &mut work)?;
        if solutions != known {
            return Err(format!("{name}: {solutions} solutions instead of {known}"));
        }
    }
    Ok(work)
}

/// Makes a search.
type New = fn(&Tiny, &Setting, &Engine) -> Search;

impl Search {
    fn learning(tiny: &Tiny, setting: &Setting, _engine: &Engine) -> Search {
        let views: Vec<View> = tiny.views().collect();
        let booleans = booleans(tiny);
        Search::Learning(Box::new(LearningSearch::new(setting.learning.clone(), &booleans, &views)))
    }

    fn failure(tiny: &Tiny, setting: &Setting, engine: &Engine) -> Search {
        let views: Vec<View> = tiny.views().collect();
        let parameters = setting.failure.clone();
        Search::Failure(Box::new(FailureSearch::new(
            engine,
            parameters,
            &booleans(tiny),
            &views,
            2.0,
        )))
    }

    fn run(&mut self, engine: &mut Engine) -> bool {
        let answer = match self {
            Search::Learning(search) => search.run(engine, &[], u64::MAX / 2, &mut |_| false),
            Search::Failure(search) => search.run(engine, &mut |_| false),
        };
        answer == Answer::Solution
    }

    fn undo(&mut self, engine: &mut Engine) {
        match self {
            Search::Learning(search) => {
                search.follow(engine);
                search.to_root(engine);
            }
            Search::Failure(search) => search.to_root(engine),
        }
    }

    fn conflicts(&self) -> u64 {
        match self {
            Search::Learning(search) => search.conflicts_total,
            Search::Failure(search) => search.failures_total,
        }
    }
}

fn booleans(tiny: &Tiny) -> Vec<Atom> {
    let is_boolean = |number: &usize| {
        let domain = &tiny.domains[*number];
        domain.lower == 0 && domain.upper == 1 && domain.present == Atom::TRUE
    };
    let numbers = (1..tiny.domains.len()).filter(is_boolean);
    numbers.map(|number| Side(2 * number as u32).at_least(1)).collect()
}

/// Least value of the objective, if there is a solution.
fn least(
    tiny: &Tiny,
    objective: View,
    setting: &Setting,
    new: New,
    work: &mut Work,
) -> Result<Option<Value>, String> {
    let mut engine = tiny.engine(setting);
    let mut search = new(tiny, setting, &engine);
    let mut best = None;
    while search.run(&mut engine) {
        let value = engine.trail.lower(objective);
        best = Some(value);
        search.undo(&mut engine);
        engine.post_fact(objective.at_most(value - 1));
    }
    finish(&engine, &search, work)?;
    Ok(best)
}

/// Number of solutions up to `most`, each excluded by a clause when it is found.
fn count(
    tiny: &Tiny,
    most: u64,
    setting: &Setting,
    new: New,
    work: &mut Work,
) -> Result<u64, String> {
    let mut engine = tiny.engine(setting);
    let mut search = new(tiny, setting, &engine);
    let mut solutions = 0;
    while solutions < most && search.run(&mut engine) {
        solutions += 1;
        let clause = others(tiny, &engine);
        search.undo(&mut engine);
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
fn finish(engine: &Engine, search: &Search, work: &mut Work) -> Result<(), String> {
    work.conflicts += search.conflicts();
    #[cfg(feature = "audit")]
    {
        let audit = engine.audit();
        work.inferences += audit.inferences_total;
        work.clauses += audit.clauses_total;
        work.searches += audit.searches_total;
        if let Some(finding) = audit.findings().first() {
            return Err(finding.to_string());
        }
    }
    #[cfg(not(feature = "audit"))]
    let _ = engine;
    Ok(())
}
