//! UCB1 for costs: the arm with the least `mean_i - span sqrt(2 ln t / n_i)`.
//!
//! Arms never played come first, in order; the span is the largest difference of costs seen. O(d)
//! per round; regret O(sum_i ln t / gap_i) when costs are independent draws.
//!
//! **Source:** Auer, Cesa-Bianchi, Fischer 2002, figure 1.

use super::learner::{ArmId, Draw, LearnerError, Played, Strategy};
use super::means::Means;
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Ucb {
    means: Means,
}

impl Ucb {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm.
    pub fn new(arms: usize) -> Result<Self, LearnerError> {
        Ok(Ucb { means: Means::new(arms)? })
    }

    fn index(&self, arm: usize) -> f64 {
        let bonus = (2.0 * self.means.rounds().ln() / self.means.counts[arm]).sqrt();
        self.means.means[arm] - self.means.span() * bonus
    }
}

impl Strategy for Ucb {
    fn name(&self) -> &'static str {
        "ucb"
    }

    fn arms(&self) -> usize {
        self.means.arms()
    }

    fn choose(&self, _context: f64, _stream: &mut Stream) -> Draw {
        if let Some(arm) = self.means.unplayed() {
            return Draw::certain(arm);
        }
        let least = (0..self.arms()).min_by(|&a, &b| self.index(a).total_cmp(&self.index(b)));
        Draw::certain(ArmId::from_index(least.unwrap_or(0)))
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        self.means.add(played.draw.arm, cost);
    }

    fn save(&self, tables: &mut Tables) {
        self.means.save(tables);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        self.means.load(tables)
    }
}
