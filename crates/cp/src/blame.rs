//! Which assumptions are to blame: those from which propagation alone draws a contradiction.
//!
//! After a search has refuted assumptions, its learned clauses refute them by propagation. They are
//! assumed one after the other; the conflict is then resolved back along the reasons until only
//! assumptions are left.
//!
//! **Source:** Niklas Eén, Niklas Sörensson, *Temporal induction by incremental SAT solving*
//! (2003), the final conflict.

use crate::atom::{Atom, Value};
use crate::engine::Engine;
use crate::trail::Reason;

/// A subset of the assumptions that cannot hold together; all of them if propagation does not see
/// it. Begins and ends at the root.
pub fn blame(engine: &mut Engine, assumptions: &[Atom]) -> Vec<Atom> {
    let core = resolve(engine, assumptions).unwrap_or_else(|| assumptions.to_vec());
    engine.backtrack(0, |_, _| {});
    core
}

fn resolve(engine: &mut Engine, assumptions: &[Atom]) -> Option<Vec<Atom>> {
    let mut reason = Vec::new();
    for &assumption in assumptions {
        if engine.fix_point().is_err() {
            engine.conflict(&mut reason);
            return Some(decisions(engine, reason));
        }
        if engine.trail.is_false(assumption) {
            let mut core = decisions(engine, vec![!assumption]);
            core.push(assumption);
            return Some(core);
        }
        if !engine.trail.is_true(assumption) {
            engine.decide(assumption);
        }
    }
    if engine.fix_point().is_ok() {
        return None;
    }
    engine.conflict(&mut reason);
    Some(decisions(engine, reason))
}

/// The decisions from which the atoms of `reason`, all true, follow.
fn decisions(engine: &Engine, mut reason: Vec<Atom>) -> Vec<Atom> {
    let trail = &engine.trail;
    let mut needed = vec![Value::MIN; trail.sides()];
    let mut core = Vec::new();
    for position in (0..trail.position()).rev() {
        for atom in reason.drain(..) {
            let needed = &mut needed[atom.side.index()];
            *needed = (*needed).max(atom.value);
        }
        let entry = trail.entries[position as usize];
        let need = needed[entry.side.index()];
        if entry.level == 0 {
            break;
        }
        if need == Value::MIN || trail.entries[entry.previous as usize].value >= need {
            continue;
        }
        needed[entry.side.index()] = Value::MIN;
        if entry.reason == Reason::Decision {
            core.push(entry.side.at_least(entry.value));
        } else {
            engine.explain(entry.side.at_least(need), entry.reason, position, &mut reason);
        }
    }
    core.reverse();
    core
}
