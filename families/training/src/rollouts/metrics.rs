//! What a step did: effective gradient ratio, budgets, waste.
//!
//! Effective by prompt: share of all prompts of the step whose group has both outcomes. Effective
//! by rollout: share of rollouts in such groups. The two differ strongly, so each is named.
//! [`expected`] gives both in closed form for known rates: mean P_i(N_i) and sum N_i P_i(N_i) / W.
//!
//! **Source:** Li et al. 2025, effective gradient ratio.

use super::Group;
use super::success::{both_outcomes, information_gain};

/// Number of prompts by rollouts: 0, 1, 2–3, 4–7, 8–15, …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Prompts in each class; class k > 0 begins at 2^(k-1) rollouts.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Sorts prompts into classes.
    pub fn of(rollouts: impl Iterator<Item = u64>) -> Self {
        let mut counts = Vec::new();
        for rollouts in rollouts {
            let class = rollouts.checked_ilog2().map_or(0, |it| it as usize + 1);
            if counts.len() <= class {
                counts.resize(class + 1, 0);
            }
            counts[class] += 1;
        }
        Histogram { counts }
    }
}

/// What one training step did.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// Prompts of the step.
    pub prompts: u64,
    /// Prompts that got rollouts.
    pub covered: u64,
    /// Prompts whose group has both outcomes.
    pub effective_prompts: u64,
    /// Rollouts drawn.
    pub rollouts: u64,
    /// Rollouts in groups with both outcomes.
    pub effective_rollouts: u64,
    /// Prompts by rollouts.
    pub histogram: Histogram,
    /// Least rollouts of a prompt.
    pub rollouts_min: u64,
    /// Most rollouts of a prompt.
    pub rollouts_max: u64,
    /// Rounds in which rollouts were drawn.
    pub rounds: u32,
    /// Tokens generated, when lengths are known.
    pub tokens: f64,
    /// Seconds of generation, when lengths are known.
    pub seconds: f64,
    /// Mean success rate after the step, when the truth is known.
    pub mean_rate: f64,
}

impl StepReport {
    /// Counts what the groups of a step are.
    pub fn of(groups: &[Group], rounds: u32) -> Self {
        let effective = || groups.iter().filter(|group| group.is_effective());
        let rollouts = || groups.iter().map(|group| group.rollouts());
        StepReport {
            prompts: groups.len() as u64,
            covered: rollouts().filter(|&it| it > 0).count() as u64,
            effective_prompts: effective().count() as u64,
            rollouts: rollouts().sum(),
            effective_rollouts: effective().map(|group| group.rollouts()).sum(),
            histogram: Histogram::of(rollouts()),
            rollouts_min: rollouts().min().unwrap_or(0),
            rollouts_max: rollouts().max().unwrap_or(0),
            rounds,
            tokens: 0.0,
            seconds: 0.0,
            mean_rate: 0.0,
        }
    }

    /// Share of prompts with both outcomes.
    pub fn effective_by_prompt(&self) -> f64 {
        self.effective_prompts as f64 / self.prompts.max(1) as f64
    }

    /// Share of rollouts in groups with both outcomes.
    pub fn effective_by_rollout(&self) -> f64 {
        self.effective_rollouts as f64 / self.rollouts.max(1) as f64
    }

    /// Rollouts in groups of equal outcomes: they teach nothing.
    pub fn wasted(&self) -> u64 {
        self.rollouts - self.effective_rollouts
    }
}

/// What a division of rollouts is expected to do when the rates are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Sum of P_i(N_i) p_i (1-p_i)².
    pub value: f64,
    /// Expected share of prompts with both outcomes.
    pub by_prompt: f64,
    /// Expected share of rollouts in groups with both outcomes.
    pub by_rollout: f64,
}

/// Expectations of a division at these true rates.
///
/// # Panics
/// When the lists differ in length.
pub fn expected(rates: &[f64], units: &[u64]) -> Expected {
    assert_eq!(rates.len(), units.len(), "one number of rollouts per rate");
    let mut sums = Expected { value: 0.0, by_prompt: 0.0, by_rollout: 0.0 };
    for (&rate, &rollouts) in rates.iter().zip(units) {
        let chance = both_outcomes(rate, rollouts);
        sums.value += chance * information_gain(rate);
        sums.by_prompt += chance;
        sums.by_rollout += chance * rollouts as f64;
    }
    sums.by_prompt /= rates.len().max(1) as f64;
    sums.by_rollout /= units.iter().sum::<u64>().max(1) as f64;
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_by_prompt_and_by_rollout() {
        let group = |successes, failures| Group { successes, failures };
        let report = StepReport::of(&[group(1, 5), group(2, 0), group(0, 0), group(0, 8)], 2);
        assert_eq!(report.effective_by_prompt(), 0.25);
        assert_eq!(report.effective_by_rollout(), 6.0 / 16.0);
        assert_eq!((report.wasted(), report.covered), (10, 3));
        assert_eq!(report.histogram.counts, [1, 0, 1, 1, 1]);
        assert_eq!((report.rollouts_min, report.rollouts_max), (0, 8));
    }

    #[test]
    fn expectations_are_weighted_as_named() {
        let expected = expected(&[0.5, 1e-9], &[3, 1]);
        assert!((expected.by_prompt - 0.375).abs() < 1e-6);
        assert!((expected.by_rollout - 0.75 * 0.75).abs() < 1e-6);
    }
}
