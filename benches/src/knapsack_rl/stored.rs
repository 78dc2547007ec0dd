//! K8: the published rules on stored cases and on six that are checked by hand.
//!
//! **Source:** `families/training/tests/data/rollout_rules.py`, a second writing of the rules

use super::verdict;
use anyhow::{Context as _, Result, bail};
use ordine_training::rollouts::{Belief, Costing, KnapsackRl, Parity};
use std::io::Write;

/// Budget, bounds, costing, outcomes of each prompt, and the rollouts that the rules give.
const STORED: &str = include_str!("../../../families/training/tests/data/rollout_rules.txt");

/// Rates, budget, upper bound, and the rollouts by hand: no effective prompt; all solved; excess to
/// those never solved, to the solved, to nobody else; beyond the upper bound.
const BY_HAND: [(&[f64], u64, u64, &[u64]); 6] = [
    (&[0.0, 1.0, 0.0, 1.0], 21, 128, &[9, 2, 8, 2]),
    (&[1.0, 1.0, 1.0], 24, 128, &[8, 8, 8]),
    (&[0.5, 0.0], 16, 128, &[5, 11]),
    (&[0.5, 1.0], 16, 128, &[5, 11]),
    (&[0.5, 0.5], 16, 128, &[8, 8]),
    (&[0.5, 0.4], 15, 5, &[8, 7]),
];

/// K8.
pub(super) fn cases(out: &mut dyn Write) -> Result<()> {
    let (mut count, mut same) = (0, 0);
    for line in STORED.lines() {
        same += usize::from(is_reproduced(line).with_context(|| line.to_owned())?);
        count += 1;
    }
    let mut by_hand = 0;
    for (rates, budget, upper, units) in BY_HAND {
        let beliefs: Vec<Belief> = rates.iter().map(|&rate| Belief::known(rate)).collect();
        let rules = KnapsackRl { upper, ..KnapsackRl::PUBLISHED };
        by_hand += usize::from(rules.allocate(&beliefs, budget)?.units == units);
    }
    let good = verdict(same == count && by_hand == BY_HAND.len());
    let of = BY_HAND.len();
    writeln!(out, "K8 stored cases: {same} of {count} equal, by hand {by_hand} of {of}: {good}\n")?;
    Ok(())
}

fn is_reproduced(line: &str) -> Result<bool> {
    let fields: Vec<&str> = line.split(" | ").collect();
    let [budget, bounds, costing, rates, units] = fields[..] else { bail!("expected 5 fields") };
    let [lower, upper, negative, positive, mean] = numbers(bounds)?[..] else {
        bail!("expected 5 bounds")
    };
    let costing = match costing {
        "mean" => Costing::Mean,
        chance => Costing::Confidence(chance.parse()?),
    };
    let parity = Parity::Code;
    let rules = KnapsackRl { lower, upper, negative, positive, mean, costing, parity };
    let beliefs: Result<Vec<Belief>> = rates.split_whitespace().map(belief).collect();
    Ok(rules.allocate(&beliefs?, budget.parse()?)?.units == numbers(units)?)
}

fn numbers(text: &str) -> Result<Vec<u64>> {
    text.split_whitespace().map(|word| Ok(word.parse()?)).collect()
}

fn belief(word: &str) -> Result<Belief> {
    let Some((successes, outcomes)) = word.split_once('/') else { return Ok(Belief::UNSEEN) };
    Ok(Belief::counted(successes.parse()?, outcomes.parse()?))
}
