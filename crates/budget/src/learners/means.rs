//! Counts, means and spreads of costs per arm: what the classic learners share.
//!
//! Welford's update, O(1) per cost.
//!
//! **Source:** Welford 1962.

use super::learner::{ArmId, LearnerError};
use super::state::Tables;
use ordine_base::Id;

/// What was seen of each arm.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Means {
    pub(super) counts: Vec<f64>,
    pub(super) means: Vec<f64>,
    squares: Vec<f64>,
    /// Smallest and largest cost of all.
    extremes: [f64; 2],
}

impl Means {
    pub(super) fn new(arms: usize) -> Result<Self, LearnerError> {
        if arms == 0 {
            return Err(LearnerError::NoArm);
        }
        let zeros = vec![0.0; arms];
        let extremes = [f64::MAX, 0.0];
        Ok(Means { counts: zeros.clone(), means: zeros.clone(), squares: zeros, extremes })
    }

    pub(super) fn arms(&self) -> usize {
        self.counts.len()
    }

    pub(super) fn rounds(&self) -> f64 {
        self.counts.iter().sum()
    }

    pub(super) fn add(&mut self, arm: ArmId, cost: f64) {
        let arm = arm.index();
        self.counts[arm] += 1.0;
        let before = cost - self.means[arm];
        self.means[arm] += before / self.counts[arm];
        self.squares[arm] += before * (cost - self.means[arm]);
        self.extremes = [self.extremes[0].min(cost), self.extremes[1].max(cost)];
    }

    /// The first arm that was never played.
    pub(super) fn unplayed(&self) -> Option<ArmId> {
        self.counts.iter().position(|&count| count == 0.0).map(ArmId::from_index)
    }

    /// The arm with the least mean among those played, else the first.
    pub(super) fn best(&self) -> ArmId {
        let played = (0..self.arms()).filter(|&arm| self.counts[arm] > 0.0);
        let best = played.min_by(|&a, &b| self.means[a].total_cmp(&self.means[b]));
        ArmId::from_index(best.unwrap_or(0))
    }

    /// Largest difference of two costs seen, at least tiny.
    pub(super) fn span(&self) -> f64 {
        (self.extremes[1] - self.extremes[0]).max(1e-12)
    }

    /// Standard deviation within arms, pooled over all; the span while nothing was played twice.
    pub(super) fn pooled_deviation(&self) -> f64 {
        let freedom: f64 = self.counts.iter().map(|count| (count - 1.0).max(0.0)).sum();
        if freedom < 1.0 {
            return self.span();
        }
        (self.squares.iter().sum::<f64>() / freedom).sqrt()
    }

    pub(super) fn save(&self, tables: &mut Tables) {
        tables.put("counts", &self.counts);
        tables.put("means", &self.means);
        tables.put("squares", &self.squares);
        tables.put("extremes", &self.extremes);
    }

    pub(super) fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.get("counts", &mut self.counts)?;
        tables.get("means", &mut self.means)?;
        tables.get("squares", &mut self.squares)?;
        tables.get("extremes", &mut self.extremes)
    }
}
