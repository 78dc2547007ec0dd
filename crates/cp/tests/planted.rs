//! The audit finds what is planted: reasons that omit a premise, name one that did not hold, or
//! claim too much.
//!
//! **Source:** mutation testing (Richard DeMillo, Richard Lipton, Frederick Sayward, 1978).
#![cfg(feature = "audit")]

use ordine_cp::audit::{Fault, Finding};
use ordine_cp::{
    Answer, Atom, Conflict, Declaration, Engine, LearningParameters, LearningSearch, Past,
    Propagation, Propagator, View, Wake,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plant {
    Honest,
    /// The reason is silent about the guard.
    OmitsGuard,
    /// The reason names a bound that `from` had not reached.
    NamesTheFuture,
    /// The bound is one too far.
    ConcludesTooMuch,
    /// The reason of a weaker atom than the one that was found is too weak.
    LiftsTooFar,
    /// The target is absent, but something else is concluded from it.
    ForgetsPresence,
}

/// `to ≥ from + 2` while `guard`; a Boolean `far` follows from `to ≥ 7`.
struct Gap {
    from: View,
    to: View,
    guard: Atom,
    plant: Plant,
}

impl Propagator for Gap {
    fn name(&self) -> &'static str {
        "gap"
    }

    fn declaration(&self) -> Declaration {
        Declaration::Difference { from: self.from, to: self.to, weight: 2, guard: self.guard }
    }

    fn wake_on(&self, wake: &mut Wake) {
        wake.on_lower(self.from);
        wake.on_upper(self.to);
        wake.on_true(self.guard);
    }

    fn propagate(&mut self, state: &mut Propagation<'_>) -> Result<(), Conflict> {
        if state.is_true(self.guard) && state.is_true(state.presence(self.from.side)) {
            let extra = i64::from(self.plant == Plant::ConcludesTooMuch);
            let bound = state.lower(self.from) + 2 + extra;
            state.set(self.to.at_least(bound), 0)?;
        }
        let forgets = self.plant == Plant::ForgetsPresence;
        let is_there = forgets || state.is_true(state.presence(self.to.side));
        if is_there && state.lower(self.from) + 2 > state.upper(self.to) {
            state.set(!self.guard, 1)?;
        }
        Ok(())
    }

    fn explain(&self, atom: Atom, payload: u32, past: Past<'_>, reason: &mut Vec<Atom>) {
        if payload == 1 {
            reason.push(self.from.at_least(past.lower(self.from)));
            reason.push(self.to.at_most(past.upper(self.to)));
            if self.plant != Plant::ForgetsPresence {
                reason.push(past.presence(self.to.side));
            }
            return;
        }
        if self.plant != Plant::OmitsGuard {
            reason.push(self.guard);
        }
        let asked = atom.value + self.to.offset - 2;
        let found = past.lower(self.from);
        reason.push(self.from.at_least(match self.plant {
            Plant::NamesTheFuture => found + 1,
            Plant::LiftsTooFar if asked < found => asked - 1,
            Plant::ConcludesTooMuch => asked - 1,
            _ => asked,
        }));
    }
}

/// Runs a small model to its end and returns what the audit found first.
fn first_finding(plant: Plant) -> Option<Finding> {
    let mut engine = Engine::default();
    engine.audit().collect();
    let guard = engine.boolean();
    let present = engine.boolean();
    let from = engine.variable(0, 9);
    let to = engine.optional_variable(0, 12, present);
    let other = engine.boolean();
    engine.post(Box::new(Gap { from, to, guard, plant }));
    // From `to ≥ 5` follows a contradiction, so that conflict analysis asks for just that.
    engine.post_clause(&[!present, to.at_most(4), other]);
    engine.post_clause(&[!present, to.at_most(4), !other]);
    let mut search = LearningSearch::new(LearningParameters::default(), &[], &[]);
    let assumptions = [guard, from.at_least(6), present];
    assert_eq!(search.run(&mut engine, &assumptions, 100, &mut |_| false), Answer::Refuted);
    search.to_root(&mut engine);
    let assumptions = [from.at_least(8), to.at_most(3)];
    search.run(&mut engine, &assumptions, 100, &mut |_| false);
    engine.audit().findings().first().cloned()
}

#[test]
fn an_honest_propagator_is_clean() {
    assert_eq!(first_finding(Plant::Honest), None);
}

#[test]
fn omitted_premise_is_found() {
    let finding = first_finding(Plant::OmitsGuard).expect("a finding");
    assert_eq!(finding.fault, Fault::Wrong);
    assert_eq!(finding.constraint, "gap 0");
    assert_eq!(finding.premises, ["[x3 ≥ 0]"]);
    assert_eq!(finding.conclusion, "[x4 ≥ 2]");
    assert!(finding.remark.contains("x1 = 0"), "the guard is false there: {}", finding.remark);
}

#[test]
fn premise_that_did_not_hold_is_found() {
    let finding = first_finding(Plant::NamesTheFuture).expect("a finding");
    assert_eq!(finding.fault, Fault::Untimely);
    assert_eq!(finding.remark, "[x3 ≥ 1] did not hold");
}

#[test]
fn conclusion_beyond_the_premises_is_found() {
    let finding = first_finding(Plant::ConcludesTooMuch).expect("a finding");
    assert_eq!(finding.fault, Fault::Wrong);
    assert_eq!(finding.conclusion, "[x4 ≥ 3]", "found at the root, from x3 ≥ 0");
}

#[test]
fn explanation_of_a_weaker_atom_is_judged_too() {
    let finding = first_finding(Plant::LiftsTooFar).expect("a finding");
    assert_eq!(finding.fault, Fault::Wrong);
    assert_eq!(finding.premises, ["[x1 ≥ 1]", "[x3 ≥ 2]"]);
    assert_eq!(finding.conclusion, "[x4 ≥ 5]");
}

#[test]
fn bound_of_an_optional_variable_does_not_imply_its_presence() {
    let finding = first_finding(Plant::ForgetsPresence).expect("a finding");
    assert_eq!(finding.fault, Fault::Wrong);
    assert_eq!(finding.conclusion, "[x1 ≤ 0]");
    assert!(finding.remark.contains("x2 = 0"), "it is absent there: {}", finding.remark);
}

#[test]
#[should_panic(expected = "gap 0: the premises do not imply the conclusion: [x3 ≥ 0] => [x4 ≥ 2]")]
fn by_default_the_first_finding_panics() {
    let mut engine = Engine::default();
    let guard = engine.boolean();
    engine.boolean();
    let from = engine.variable(0, 9);
    let to = engine.variable(0, 12);
    engine.post(Box::new(Gap { from, to, guard, plant: Plant::OmitsGuard }));
    engine.decide(guard);
    let _ = engine.fix_point();
}
