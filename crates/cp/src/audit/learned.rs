//! Learned clauses: they follow from the reasons that taught them, by unit propagation.
//!
//! The reasons that conflict analysis asked for were judged one by one; here they are read as
//! implications, the negation of the clause is supposed, and implications whose premises hold add
//! their conclusions until the space is empty. Analysis resolves along the trail, so this must end
//! in a contradiction.
//!
//! **Source:** Evgueni Goldberg, Yakov Novikov, *Verification of proofs of unsatisfiability for CNF
//! formulas* (DATE 2003).

use super::space::{Empty, Scope, Space};
use super::{Engine, Fault, Finding, Implication, readable};
use crate::atom::{Atom, View};
use std::sync::Arc;

impl Engine {
    /// Judges what a conflict taught, by the reasons that were asked for since it was met.
    pub(crate) fn audit_learned(&self, clause: &[Atom]) {
        if !self.audit.borrow().enabled {
            return;
        }
        self.audit.borrow_mut().clauses_total += 1;
        let implications = self.audit.borrow().implications.clone();
        if !follows(clause, &implications, self) {
            let finding = Finding {
                fault: Fault::NotImplied,
                constraint: "learned clause".to_owned(),
                premises: implications.iter().map(describe).collect(),
                conclusion: clause.iter().copied().map(readable).collect::<Vec<_>>().join(" or "),
                remark: String::new(),
            };
            self.audit.borrow_mut().find(finding);
        }
    }
}

fn describe(implication: &Implication) -> String {
    let premises: Vec<String> = implication.premises.iter().copied().map(readable).collect();
    let conclusion = implication.conclusion.map_or("false".to_owned(), readable);
    format!("({} => {conclusion})", premises.join(" and "))
}

/// Whether the implications and the negation of the clause contradict each other.
fn follows(clause: &[Atom], implications: &[Implication], engine: &Engine) -> bool {
    let spoken = implications
        .iter()
        .flat_map(|implication| implication.premises.iter().copied().chain(implication.conclusion));
    let views: Vec<View> = spoken
        .chain(clause.iter().copied())
        .map(|atom| View { side: atom.side, offset: 0 })
        .collect();
    let scope = Arc::new(Scope::new(&views, &engine.trail));
    let mut space = Space::at_root(scope, &engine.trail, engine.trail.position());
    propagate(clause, implications, &mut space) == Err(Empty)
}

fn propagate(
    clause: &[Atom],
    implications: &[Implication],
    space: &mut Space,
) -> Result<(), Empty> {
    for &atom in clause {
        space.admit(!atom)?;
    }
    let mut idle = false;
    while !idle {
        idle = true;
        // Analysis asked from the newest entry back.
        for implication in implications.iter().rev() {
            let holds = implication.premises.iter().all(|&premise| space.is_true(premise));
            match implication.conclusion {
                None if holds => return Err(Empty),
                Some(conclusion) if holds && !space.is_true(conclusion) => {
                    space.admit(conclusion)?;
                    idle = false;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Analyzer;

    #[test]
    fn clause_that_lacks_an_atom_is_found() {
        let mut engine = Engine::default();
        engine.audit().collect();
        let atoms: Vec<Atom> = (0..4).map(|_| engine.boolean()).collect();
        let [a, b, c, d] = atoms[..] else { unreachable!("four") };
        let x = engine.variable(0, 9);
        engine.post_clause(&[!a, !c, x.at_least(4)]);
        engine.post_clause(&[!b, !c, x.at_most(4)]);
        engine.post_clause(&[!d, x.at_least(5), x.at_most(3)]);
        for atom in [d, a, b, c] {
            assert_eq!(engine.fix_point(), Ok(()));
            engine.decide(atom);
        }
        assert!(engine.fix_point().is_err());
        let mut analyzer = Analyzer::default();
        assert!(analyzer.analyze(&mut engine));
        assert_eq!(engine.audit().findings(), []);
        let clause = analyzer.learned.atoms.clone();
        assert!(clause.len() > 2, "{clause:?}");
        for lacking in 0..clause.len() {
            let mut wrong = clause.clone();
            wrong.remove(lacking);
            engine.audit_learned(&wrong);
            assert_eq!(engine.audit().findings().len(), lacking + 1, "{wrong:?}");
        }
        assert!(engine.audit().findings().iter().all(|it| it.fault == Fault::NotImplied));
    }
}
