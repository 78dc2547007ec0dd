//! Clauses that came without reasons: they follow from the constraints.
//!
//! A copy of the engine is built from what its constraints declare and kept at the root, with the
//! facts and clauses of the original. Propagating the negation of the clause there must fail; where
//! refuting it took a whole tree, a limited search with learning does.
//!
//! **Source:** Allen Van Gelder (2008), for reverse unit propagation.

use super::{Engine, Fault, Finding, readable, readable_values};
use crate::atom::{Atom, Side, Value, View};
use crate::learning::{Answer, LearningParameters, LearningSearch};
use crate::reference::{Setting, post};
use crate::trail::Reason;

/// Conflicts that a search may meet for one clause.
const CONFLICTS_MAX: u64 = 5_000;

/// The same constraints in an engine of their own, at the root.
pub(super) struct Copy {
    engine: Box<Engine>,
    /// Clauses of the original that it has.
    clauses: usize,
}

impl std::fmt::Debug for Copy {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Copy").field("clauses", &self.clauses).finish_non_exhaustive()
    }
}

impl Engine {
    /// Judges a clause by the constraints alone; the trail is at the root.
    pub(crate) fn audit_nogood(&self, clause: &[Atom]) {
        if !self.audit.borrow().enabled {
            return;
        }
        let old = self.audit.borrow_mut().copy.take();
        let mut copy = self.copied(old);
        let verdict = copy.refutes(clause);
        copy.engine.post_learned(clause);
        let mut audit = self.audit.borrow_mut();
        audit.copy = Some(copy);
        audit.clauses_total += 1;
        let (fault, remark) = match verdict {
            Verdict::Propagated => return,
            Verdict::Searched => {
                audit.searches_total += 1;
                return;
            }
            Verdict::GaveUp => (Fault::Unproved, String::new()),
            Verdict::Counterexample(values) => (Fault::NotImplied, readable_values(&values)),
        };
        audit.find(Finding {
            fault,
            constraint: "nogood".to_owned(),
            premises: clause.iter().map(|&atom| readable(!atom)).collect(),
            conclusion: readable(Atom::FALSE),
            remark,
        });
    }

    /// The copy with what the engine has learned since.
    fn copied(&self, old: Option<Copy>) -> Copy {
        let mut copy = match old {
            Some(copy) if copy.clauses <= self.clauses.len() => copy,
            _ => self.build_copy(),
        };
        for index in 1..self.trail.sides() as u32 / 2 {
            let view = View { side: Side(2 * index), offset: 0 };
            copy.engine.post_fact(view.at_least(self.trail.lower(view)));
            copy.engine.post_fact(view.at_most(self.trail.upper(view)));
        }
        for clause in copy.clauses..self.clauses.len() {
            copy.engine.post_learned(self.clauses.atoms(clause as u32));
        }
        copy.clauses = self.clauses.len();
        copy
    }

    fn build_copy(&self) -> Copy {
        let mut engine = Box::new(Engine::default());
        engine.audit().disable();
        for variable in 1..self.trail.sides() as u32 / 2 {
            let side = Side(2 * variable);
            let (lower, upper) = (self.trail.bound(side), -self.trail.bound(-side));
            engine.optional_variable(lower, upper, self.trail.presence(side));
        }
        for declaration in self.graph.declarations() {
            post(&mut engine, &declaration, &Setting::default());
        }
        let audit = self.audit.borrow();
        for constraint in &audit.constraints {
            // What nobody knows how to post makes the copy weaker, not wrong.
            post(&mut engine, &constraint.declaration, &Setting::default());
        }
        Copy { engine, clauses: 0 }
    }
}

enum Verdict {
    Propagated,
    Searched,
    GaveUp,
    Counterexample(Vec<(u32, Value)>),
}

impl Copy {
    /// Whether the negation of the clause contradicts the constraints.
    fn refutes(&mut self, clause: &[Atom]) -> Verdict {
        let engine = &mut *self.engine;
        if engine.fix_point().is_err() {
            return Verdict::Propagated;
        }
        engine.trail.open_level();
        let mut supposed = clause.iter().map(|&atom| engine.trail.set(!atom, Reason::Decision));
        let failed = supposed.any(|outcome| outcome.is_err()) || engine.fix_point().is_err();
        engine.backtrack(0, |_, _| {});
        if failed { Verdict::Propagated } else { self.search(clause) }
    }

    fn search(&mut self, clause: &[Atom]) -> Verdict {
        let engine = &mut *self.engine;
        let negation: Vec<Atom> = clause.iter().map(|&atom| !atom).collect();
        let views: Vec<View> = (1..engine.trail.sides() as u32 / 2)
            .map(|variable| View { side: Side(2 * variable), offset: 0 })
            .collect();
        let is_boolean = |view: &&View| {
            let trail = &engine.trail;
            trail.presence(view.side) == Atom::TRUE
                && (trail.lower(**view), trail.upper(**view)) == (0, 1)
        };
        let booleans: Vec<Atom> =
            views.iter().filter(is_boolean).map(|view| view.at_least(1)).collect();
        let mut search = LearningSearch::new(LearningParameters::default(), &booleans, &views);
        let answer = search.run(engine, &negation, CONFLICTS_MAX, &mut |_| false);
        let values =
            views.iter().map(|&view| (view.side.variable() as u32, engine.trail.lower(view)));
        let verdict = match answer {
            Answer::Refuted | Answer::Infeasible => Verdict::Searched,
            Answer::Limit => Verdict::GaveUp,
            Answer::Solution => Verdict::Counterexample(values.collect()),
        };
        search.to_root(engine);
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nogood_that_lacks_an_atom_is_found() {
        let mut engine = Engine::default();
        engine.audit().collect();
        let a = engine.boolean();
        let (x, y) = (engine.variable(0, 9), engine.variable(0, 9));
        engine.post_difference(x, y, 5, a);
        let nogood = [!a, x.at_most(3), y.at_least(9)];
        engine.post_learned(&nogood);
        assert_eq!(engine.audit().findings(), []);
        engine.post_learned(&[!a, y.at_least(9)]);
        let findings = engine.audit().findings().to_vec();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].fault, Fault::NotImplied);
        assert_eq!(findings[0].premises, ["[x1 ≥ 1]", "[x3 ≤ 8]"]);
    }
}
