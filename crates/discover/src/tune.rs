//! Tuning the constants of a rule: the simplex of Nelder and Mead on the training loss.
//!
//! **Source:** Nelder, Mead 1965.

use crate::{Candidate, DiscoverError, Harness};
use ordine_rule_language::{RuleText, Scratch, canonical};

/// Most constants that are tuned.
const CONSTANTS_MAX: usize = 12;

/// The best rule on the instances at `places` by so many evaluations of other constants; `None`
/// when none is better, or
/// there are no constants.
///
/// # Errors
/// When a candidate is better than can be.
pub fn tuned(
    harness: &Harness<'_>,
    places: &[usize],
    text: &str,
    loss: f64,
    evaluations: u64,
    scratch: &mut Scratch,
) -> Result<Option<(RuleText, u64)>, DiscoverError> {
    let Ok(candidate) = harness.read(text) else { return Ok(None) };
    let Some([tree]) = candidate.rule().map(RuleText::levels) else { return Ok(None) };
    let begin = tree.constants();
    if begin.is_empty() || begin.len() > CONSTANTS_MAX {
        return Ok(None);
    }
    let signature = harness.arena().signature();
    let mut spent = 0;
    let mut value = |constants: &[f64]| -> Result<f64, DiscoverError> {
        spent += 1;
        let rule = RuleText::of(tree.with_constants(constants));
        let Ok(candidate) = Candidate::of(rule, signature) else { return Ok(f64::INFINITY) };
        let losses = harness.losses(&candidate, places, scratch)?;
        Ok(losses.map_or(f64::INFINITY, |losses| losses.loss()))
    };
    let (best, least) = simplex(&begin, loss, evaluations, &mut value)?;
    // Constants of three digits are read and kept more easily.
    let rounded: Vec<f64> = best.iter().map(|&it| three_digits(it)).collect();
    let rounded_loss = value(&rounded)?;
    let (best, least) = if rounded_loss <= least { (rounded, rounded_loss) } else { (best, least) };
    if least >= loss {
        return Ok(None);
    }
    let tree = canonical(&tree.with_constants(&best));
    Ok(Some((RuleText::of(tree), spent)))
}

/// A number with three significant digits.
pub(crate) fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// The least value found from `begin`, whose value is `loss`.
fn simplex(
    begin: &[f64],
    loss: f64,
    evaluations: u64,
    value: &mut dyn FnMut(&[f64]) -> Result<f64, DiscoverError>,
) -> Result<(Vec<f64>, f64), DiscoverError> {
    let mut left = evaluations;
    let mut corners = vec![(begin.to_vec(), loss)];
    for place in 0..begin.len() {
        let mut corner = begin.to_vec();
        corner[place] += 0.25 * corner[place].abs() + 0.05;
        let found = value(&corner)?;
        left = left.saturating_sub(1);
        corners.push((corner, found));
    }
    while left > 0 {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (worst, worst_value) = corners.pop().expect("a simplex has corners");
        let center = |place: usize| {
            corners.iter().map(|(corner, _)| corner[place]).sum::<f64>() / corners.len() as f64
        };
        let center: Vec<f64> = (0..begin.len()).map(center).collect();
        let mut along = |factor: f64, left: &mut u64| -> Result<(Vec<f64>, f64), DiscoverError> {
            let pairs = center.iter().zip(&worst);
            let point: Vec<f64> = pairs.map(|(at, from)| at + factor * (at - from)).collect();
            *left = left.saturating_sub(1);
            let found = value(&point)?;
            Ok((point, found))
        };
        let reflected = along(1.0, &mut left)?;
        let second = corners.last().map_or(f64::INFINITY, |it| it.1);
        let next = if reflected.1 < corners[0].1 {
            let expanded = along(2.0, &mut left)?;
            if expanded.1 < reflected.1 { expanded } else { reflected }
        } else if reflected.1 < second {
            reflected
        } else {
            let contracted = along(if reflected.1 < worst_value { 0.5 } else { -0.5 }, &mut left)?;
            if contracted.1 < worst_value.min(reflected.1) {
                contracted
            } else {
                let best = corners[0].0.clone();
                for (corner, found) in &mut corners[1..] {
                    corner.iter_mut().zip(&best).for_each(|(it, best)| *it = (*it + best) / 2.0);
                    *found = value(corner)?;
                    left = left.saturating_sub(1);
                }
                (worst, worst_value)
            }
        };
        corners.push(next);
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    Ok(corners.swap_remove(0))
}
