//! Epsilon-greedy: a random arm with probability epsilon, else the least mean so far.
//!
//! Arms never played come first, in order. O(d) per round; regret at least `epsilon t` times the
//! mean gap.
//!
//! **Source:** Sutton, Barto 1998, section 2.2.

use super::draws::uniform;
use super::learner::{Draw, LearnerError, Played, Strategy};
use super::means::Means;
use super::state::Tables;
use ordine_base::Stream;

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct EpsilonGreedy {
    means: Means,
    epsilon: f64,
}

impl EpsilonGreedy {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm, or epsilon is no probability.
    pub fn new(arms: usize, epsilon: f64) -> Result<Self, LearnerError> {
        if !(0.0..=1.0).contains(&epsilon) {
            let (expected, found) = ("0 to 1".to_owned(), epsilon.to_string());
            return Err(LearnerError::Parameter { what: "epsilon", expected, found });
        }
        Ok(EpsilonGreedy { means: Means::new(arms)?, epsilon })
    }
}

impl Strategy for EpsilonGreedy {
    fn name(&self) -> &'static str {
        "epsilon-greedy"
    }

    fn arms(&self) -> usize {
        self.means.arms()
    }

    fn choose(&self, _context: f64, stream: &mut Stream) -> Draw {
        if let Some(arm) = self.means.unplayed() {
            return Draw::certain(arm);
        }
        let share = self.epsilon / self.arms() as f64;
        let best = self.means.best();
        if !stream.chance(self.epsilon) {
            return Draw { arm: best, probability: 1.0 - self.epsilon + share, prediction: 0.0 };
        }
        let draw = uniform(self.arms(), stream);
        let again = if draw.arm == best { 1.0 - self.epsilon } else { 0.0 };
        Draw { probability: share + again, ..draw }
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        self.means.add(played.draw.arm, cost);
    }

    fn save(&self, tables: &mut Tables) {
        tables.put("epsilon", &[self.epsilon]);
        self.means.save(tables);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.expect("epsilon", &[self.epsilon])?;
        self.means.load(tables)
    }
}
