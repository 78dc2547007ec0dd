//! Groups of outcomes, their advantages, and which of them to keep.
//!
//! Advantage of a rollout: (reward - group mean) / group deviation, clipped to [-5, 5]; zero for a
//! group of equal rewards. Of n rewards the m of largest variance are the k largest and m - k
//! smallest for some k, so that sorting and prefix sums find them: O(n log n).
//!
//! **Source:** Shao et al. 2024 (group-relative advantages); Xu et al. 2025 (down-sampling of
//! rollouts, theorem 1).

/// Outcomes of a prompt within one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Rollouts that succeeded.
    pub successes: u64,
    /// Rollouts that failed.
    pub failures: u64,
}

impl Group {
    /// All rollouts.
    pub fn rollouts(self) -> u64 {
        self.successes + self.failures
    }

    /// Whether both outcomes occurred, so that the group has a gradient.
    pub fn is_effective(self) -> bool {
        self.successes > 0 && self.failures > 0
    }
}

/// Advantage of each rollout of a group, clipped to ±`clip` (published: 5).
pub fn advantages(rewards: &[f64], clip: f64) -> Vec<f64> {
    let count = rewards.len().max(1) as f64;
    let mean = rewards.iter().sum::<f64>() / count;
    let variance = rewards.iter().map(|reward| (reward - mean).powi(2)).sum::<f64>() / count;
    let deviation = variance.sqrt();
    if deviation <= f64::EPSILON * mean.abs().max(1.0) {
        return vec![0.0; rewards.len()];
    }
    rewards.iter().map(|reward| ((reward - mean) / deviation).clamp(-clip, clip)).collect()
}

/// Places of the `keep` rewards whose variance is largest, ascending.
pub fn most_varied(rewards: &[f64], keep: usize) -> Vec<usize> {
    let keep = keep.min(rewards.len());
    let mut order: Vec<usize> = (0..rewards.len()).collect();
    order.sort_by(|&one, &other| rewards[one].total_cmp(&rewards[other]).then(one.cmp(&other)));
    let total = order.len();
    let chosen = |largest: usize| {
        let smallest = order[..keep - largest].iter();
        smallest.chain(&order[total - largest..]).copied()
    };
    let variance = |largest: usize| {
        let sum: f64 = chosen(largest).map(|place| rewards[place]).sum();
        let squares: f64 = chosen(largest).map(|place| rewards[place].powi(2)).sum();
        squares - sum * sum / keep.max(1) as f64
    };
    let best = (0..=keep).map(|largest| (variance(largest), largest));
    let best = best.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    let mut places: Vec<usize> = chosen(best.map_or(0, |it| it.1)).collect();
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advantages_are_centered_scaled_and_clipped() {
        assert_eq!(advantages(&[1.0, 0.0, 1.0, 0.0], 5.0), [1.0, -1.0, 1.0, -1.0]);
        assert_eq!(advantages(&[1.0; 4], 5.0), [0.0; 4]);
        let mut rare = vec![0.0; 99];
        rare.push(1.0);
        assert_eq!(advantages(&rare, 5.0)[99], 5.0);
        assert!(advantages(&[], 5.0).is_empty());
    }

    #[test]
    fn both_ends_are_kept() {
        assert_eq!(most_varied(&[0.0, 0.5, 1.0, 0.5, 0.0, 0.9], 4), [0, 2, 4, 5]);
        assert_eq!(most_varied(&[0.3, 0.1], 9), [0, 1]);
        assert!(most_varied(&[0.3, 0.1], 0).is_empty());
    }
}
