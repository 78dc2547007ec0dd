//! Any arm, all alike: the baseline that learns nothing.
//!
//! **Source:** -

use super::draws::uniform;
use super::learner::{Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::Stream;

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomArm {
    arms: usize,
}

impl RandomArm {
    /// Any of `arms`.
    ///
    /// # Errors
    /// When there is no arm.
    pub fn new(arms: usize) -> Result<Self, LearnerError> {
        if arms == 0 { Err(LearnerError::NoArm) } else { Ok(RandomArm { arms }) }
    }
}

impl Strategy for RandomArm {
    fn name(&self) -> &'static str {
        "random"
    }

    fn arms(&self) -> usize {
        self.arms
    }

    fn choose(&self, _context: f64, stream: &mut Stream) -> Draw {
        uniform(self.arms, stream)
    }

    fn learn(&mut self, _played: &Played, _cost: f64) {}

    fn save(&self, tables: &mut Tables) {
        tables.put("arms", &[self.arms as f64]);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.expect("arms", &[self.arms as f64])
    }
}
