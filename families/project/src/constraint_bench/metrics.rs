//! What a set of verdicts adds up to.
//!
//! FR(k) is the feasible share at level k, AUC its mean over levels, WAUC = Σ k FR(k) / Σ k, the
//! breakpoint the first level from which FR stays below a threshold.
//!
//! **Source:** Jain, Wetter 2025; the weights are ours.

use super::checker::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Verdicts at one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The level.
    pub level: u32,
    /// Feasible answers; with several samples per instance their mean.
    pub feasible: f64,
    /// Instances.
    pub total: f64,
}

impl Cell {
    /// The feasible share.
    pub fn share(&self) -> f64 {
        if self.total > 0.0 { self.feasible / self.total } else { 0.0 }
    }
}

/// Verdicts by level, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile(pub Vec<Cell>);

impl Profile {
    /// The profile of verdicts with their levels.
    pub fn of(verdicts: impl IntoIterator<Item = (u32, f64)>) -> Self {
        let mut cells: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (level, feasible) in verdicts {
            let cell = cells.entry(level).or_default();
            cell.0 += feasible;
            cell.1 += 1.0;
        }
        let cell = |(level, (feasible, total))| Cell { level, feasible, total };
        Profile(cells.into_iter().map(cell).collect())
    }

    /// Mean over levels.
    pub fn auc(&self) -> f64 {
        self.0.iter().map(Cell::share).sum::<f64>() / self.0.len().max(1) as f64
    }

    /// Mean over levels, weighted by the level.
    pub fn wauc(&self) -> f64 {
        self.weighted().map(|(weight, share, _)| weight * share).sum()
    }

    /// Weight, share and number of instances by level; weights sum up to 1.
    pub fn weighted(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        let sum: f64 = self.0.iter().map(|cell| f64::from(cell.level)).sum();
        let sum = if sum > 0.0 { sum } else { 1.0 };
        self.0.iter().map(move |cell| (f64::from(cell.level) / sum, cell.share(), cell.total))
    }

    /// The first level from which the share stays below a threshold.
    pub fn breakpoint(&self, threshold: f64) -> Option<u32> {
        let below = self.0.iter().rev().take_while(|cell| cell.share() < threshold);
        below.last().map(|cell| cell.level)
    }
}

/// By kind: the share of infeasible answers that have a violation of it.
pub fn violation_mix<'a>(
    infeasible: impl IntoIterator<Item = &'a BTreeSet<Kind>>,
) -> BTreeMap<Kind, f64> {
    let (mut counts, mut total) = (BTreeMap::new(), 0.0);
    for kinds in infeasible {
        total += 1.0;
        for kind in kinds {
            *counts.entry(*kind).or_insert(0.0) += 1.0;
        }
    }
    counts.into_iter().map(|(kind, count)| (kind, count / total)).collect()
}

/// Of k samples: the mean share, any and all.
pub fn of_samples(verdicts: &[bool]) -> (f64, bool, bool) {
    let feasible = verdicts.iter().filter(|it| **it).count();
    let share = feasible as f64 / verdicts.len().max(1) as f64;
    (share, feasible > 0, feasible == verdicts.len() && feasible > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_made_by_hand_has_known_metrics() {
        let shares = [(5, 2.0), (10, 2.0), (15, 1.0), (20, 0.0)];
        let cell = |(level, feasible)| Cell { level, feasible, total: 2.0 };
        let profile = Profile(shares.map(cell).to_vec());
        assert!((profile.auc() - 0.625).abs() < 1e-12);
        assert!((profile.wauc() - 0.45).abs() < 1e-12);
        assert_eq!(profile.breakpoint(0.5), Some(20));
        assert_eq!(profile.breakpoint(0.9), Some(15));
        assert_eq!(Profile(profile.0[..2].to_vec()).breakpoint(0.5), None);
    }
}
