//! Cardinality: at least k of n atoms hold, if a condition does. O(n) a call.
//!
//! With f atoms false, `n − f < k` fails (or refutes the condition) and `n − f = k` makes all
//! others true. At most k is at least n − k of the negations; exactly k is both. One is a clause.
//!
//! **Source:** Niklas Eén, Niklas Sörensson, *An extensible SAT solver* (SAT 2003), section 5.

use crate::atom::Atom;
use crate::declaration::{Declaration, General};
use crate::engine::Engine;
use crate::propagator::{Priority, Propagation, Propagator, Wake};
use crate::trail::{Conflict, Past, Position};

/// At least k of n atoms hold.
#[derive(Debug)]
pub struct AtLeast {
    count: usize,
    atoms: Vec<Atom>,
    condition: Atom,
}

/// Posts that at least `count` of the atoms hold, if `condition` does. An atom that stands twice
/// counts twice.
pub fn post_at_least(engine: &mut Engine, count: usize, atoms: &[Atom], condition: Atom) {
    if count == 0 || engine.trail.is_false(condition) {
        return;
    }
    if count > atoms.len() {
        engine.post_clause(&[!condition]);
    } else if count == 1 {
        let mut clause = atoms.to_vec();
        clause.push(!condition);
        engine.post_clause(&clause);
    } else if count == atoms.len() {
        for &atom in atoms {
            engine.post_clause(&[atom, !condition]);
        }
    } else {
        engine.post(Box::new(AtLeast { count, atoms: atoms.to_vec(), condition }));
    }
}

/// Posts that at most `count` of the atoms hold, if `condition` does.
pub fn post_at_most(engine: &mut Engine, count: usize, atoms: &[Atom], condition: Atom) {
    let negations: Vec<Atom> = atoms.iter().map(|&atom| !atom).collect();
    post_at_least(engine, atoms.len().saturating_sub(count), &negations, condition);
}

/// Posts that exactly `count` of the atoms hold, if `condition` does.
pub fn post_exactly(engine: &mut Engine, count: usize, atoms: &[Atom], condition: Atom) {
    post_at_least(engine, count, atoms, condition);
    post_at_most(engine, count, atoms, condition);
}

impl AtLeast {
    /// How many atoms may be false.
    fn spare(&self) -> usize {
        self.atoms.len() - self.count
    }

    /// Negations of the `count` atoms that were false first.
    fn push_false(&self, count: usize, past: Past<'_>, reason: &mut Vec<Atom>) {
        let mut known: Vec<(Position, Atom)> = self
            .atoms
            .iter()
            .filter(|&&atom| past.is_false(atom))
            .map(|&atom| (past.since(!atom), !atom))
            .collect();
        known.sort_unstable();
        reason.extend(known.iter().take(count).map(|&(_, atom)| atom));
    }
}

impl Propagator for AtLeast {
    fn name(&self) -> &'static str {
        "at-least"
    }

    fn priority(&self) -> Priority {
        Priority::Constant
    }

    fn declaration(&self) -> Declaration {
        Declaration::General(General::AtLeast {
            count: self.count,
            atoms: self.atoms.clone(),
            condition: self.condition,
        })
    }

    fn wake_on(&self, wake: &mut Wake) {
        for &atom in &self.atoms {
            wake.on_true(!atom);
        }
        wake.on_true(self.condition);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        if state.is_false(self.condition) {
            return Ok(());
        }
        let wrong = self.atoms.iter().filter(|&&atom| state.is_false(atom)).count();
        if wrong > self.spare() {
            return state.set(!self.condition, 0);
        }
        if wrong == self.spare() && state.is_true(self.condition) {
            for &atom in &self.atoms {
                if !state.is_false(atom) {
                    state.set(atom, 1)?;
                }
            }
        }
        Ok(())
    }

    fn explain(&self, _: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        if payload == 0 {
            self.push_false(self.spare() + 1, past, reason);
        } else {
            reason.push(self.condition);
            self.push_false(self.spare(), past, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagators::testing::{Case, domains, for_seeds};

    #[test]
    fn inferences_are_complete_and_reasons_imply_them() {
        let mut judged = 0;
        for_seeds(300, |stream| {
            let mut engine = Engine::default();
            let condition = if stream.chance(0.5) { engine.boolean() } else { Atom::TRUE };
            let wide = engine.variable(0, 4);
            let mut atoms: Vec<Atom> = (0..4).map(|_| engine.boolean()).collect();
            atoms.push(wide.at_least(2));
            atoms.push(!wide.at_least(4));
            for atom in &mut atoms {
                *atom = if stream.chance(0.5) { *atom } else { !*atom };
            }
            let count = stream.below(atoms.len() + 2);
            let before = domains(&engine);
            let declared =
                Declaration::General(General::AtLeast { count, atoms: atoms.clone(), condition });
            post_at_least(&mut engine, count, &atoms, condition);
            // Two atoms of one variable can exclude each other, which counting does not see.
            judged += Case::new(engine, &before, &[declared]).judge(stream, 20, false);
        });
        assert!(judged > 5_000, "only {judged} inferences were judged");
    }

    #[test]
    fn reason_takes_the_atoms_that_were_false_first() {
        let mut engine = Engine::default();
        let atoms: Vec<Atom> = (0..4).map(|_| engine.boolean()).collect();
        post_at_most(&mut engine, 1, &atoms, Atom::TRUE);
        engine.fix_point().expect("feasible");
        engine.decide(atoms[2]);
        engine.fix_point().expect("feasible");
        assert!([0, 1, 3].iter().all(|&k| engine.trail.is_false(atoms[k])));
        let position = engine.trail.position() - 1;
        let entry = engine.trail.entries[position as usize];
        let mut reason = Vec::new();
        engine.explain(entry.side.at_least(entry.value), entry.reason, position, &mut reason);
        assert_eq!(reason, [Atom::TRUE, atoms[2]]);
    }
}
