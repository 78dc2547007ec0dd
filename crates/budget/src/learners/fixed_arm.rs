//! Always the same arm: the baseline of "leave it at the default".
//!
//! **Source:** -

use super::learner::{ArmId, Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedArm {
    arms: usize,
    arm: ArmId,
}

impl FixedArm {
    /// Always `arm`, one of `arms`.
    ///
    /// # Errors
    /// When there is no such arm.
    pub fn new(arms: usize, arm: ArmId) -> Result<Self, LearnerError> {
        if arm.index() < arms {
            return Ok(FixedArm { arms, arm });
        }
        let (expected, found) = (format!("an index below {arms}"), arm.index().to_string());
        Err(LearnerError::Parameter { what: "arm", expected, found })
    }
}

impl Strategy for FixedArm {
    fn name(&self) -> &'static str {
        "fixed"
    }

    fn arms(&self) -> usize {
        self.arms
    }

    fn choose(&self, _context: f64, _stream: &mut Stream) -> Draw {
        Draw::certain(self.arm)
    }

    fn learn(&mut self, _played: &Played, _cost: f64) {}

    fn save(&self, tables: &mut Tables) {
        tables.put("arm", &[self.arm.index() as f64, self.arms as f64]);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.expect("arm", &[self.arm.index() as f64, self.arms as f64])
    }
}
