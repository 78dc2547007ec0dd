//! Reasons of sums, made as weak as the sum allows.
//!
//! A sum `Σ c_k · lower(s_k)` was larger than needed by some slack. Each premise `[s_k ≥ v]` may be
//! lowered by `d` if the slack pays `c_k · d`. The newest premises are lowered first, along the
//! bounds that the side had before, so that the reason speaks of earlier levels.
//!
//! **Source:** the relaxed linear reasons of Laurent Perron, Frédéric Didier, Steven Gay, *The
//! CP-SAT-LP solver* (CP 2023); Andreas Schutt et al., *Explaining the cumulative propagator*
//! (2011), for the idea of spending slack.

use crate::atom::{Atom, Side, Value};
use crate::trail::{Past, Position};

/// A side whose lower bound entered a sum, times a coefficient above zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Premise {
    /// What a unit of the bound adds.
    pub(crate) coefficient: Value,
    /// The side.
    pub(crate) side: Side,
}

/// Adds `[side ≥ bound]` of each premise to the reason, lowered as far as `slack` pays.
pub(crate) fn push_weakened(
    premises: impl IntoIterator<Item = Premise>,
    mut slack: Value,
    past: Past<'_>,
    reason: &mut Vec<Atom>,
) {
    let mut newest_first: Vec<(Position, Premise)> = premises
        .into_iter()
        .filter_map(|premise| {
            let newest = past.steps(premise.side).next()?;
            (newest.level > 0).then_some((newest.position, premise))
        })
        .collect();
    newest_first.sort_unstable_by_key(|&(position, _)| std::cmp::Reverse(position));
    let first = reason.len();
    for &(_, premise) in &newest_first {
        let mut steps = past.steps(premise.side);
        let mut value = steps.next().expect("every side has a first bound").value;
        let mut is_root = false;
        for step in steps {
            let cost = premise.coefficient * (value - step.value);
            if cost > slack {
                break;
            }
            slack -= cost;
            value = step.value;
            is_root = step.level == 0;
            if is_root {
                break;
            }
        }
        if !is_root {
            reason.push(premise.side.at_least(value));
        }
    }
    spend_rest(&newest_first, slack, &mut reason[first..]);
}

/// What is left lowers premises without reaching an earlier bound.
fn spend_rest(premises: &[(Position, Premise)], mut slack: Value, reason: &mut [Atom]) {
    let mut premises = premises.iter();
    for atom in reason {
        let (_, premise) =
            premises.find(|(_, premise)| premise.side == atom.side).expect("in the same order");
        let steps = slack / premise.coefficient;
        atom.value -= steps;
        slack -= steps * premise.coefficient;
    }
}
