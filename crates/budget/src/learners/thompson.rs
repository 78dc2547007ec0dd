//! Thompson sampling with normal costs: the arm with the least draw of `N(mean_i, v / n_i)`.
//!
//! v is the variance within arms, pooled over all; arms never played come first, in order. O(d) per
//! round.
//!
//! **Source:** Thompson 1933; Agrawal, Goyal 2013 (normal priors).

use super::draws::standard_normal;
use super::learner::{ArmId, Draw, LearnerError, Played, Strategy};
use super::means::Means;
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Thompson {
    means: Means,
}

impl Thompson {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm.
    pub fn new(arms: usize) -> Result<Self, LearnerError> {
        Ok(Thompson { means: Means::new(arms)? })
    }
}

impl Strategy for Thompson {
    fn name(&self) -> &'static str {
        "thompson"
    }

    fn arms(&self) -> usize {
        self.means.arms()
    }

    fn choose(&self, _context: f64, stream: &mut Stream) -> Draw {
        if let Some(arm) = self.means.unplayed() {
            return Draw::certain(arm);
        }
        let deviation = self.means.pooled_deviation();
        let pairs = self.means.means.iter().zip(&self.means.counts);
        let drawn = pairs.map(|(mean, n)| mean + deviation / n.sqrt() * standard_normal(stream));
        let least = drawn.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        Draw::certain(ArmId::from_index(least.map_or(0, |(arm, _)| arm)))
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
