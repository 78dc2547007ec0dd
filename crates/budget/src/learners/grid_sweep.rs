//! Grid search, then commit: play every arm the same number of times, then the best mean forever.
//!
//! O(d) per round. With r sweeps over d arms the regret is about `r sum_i gap_i` plus the chance of
//! a wrong choice times the rounds left: linear in the worst case.
//!
//! **Source:** Robbins 1952 (explore, then commit).

use super::learner::{ArmId, Draw, LearnerError, Played, Strategy};
use super::means::Means;
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSweep {
    means: Means,
    sweeps: u32,
}

impl GridSweep {
    /// Every one of `arms` is played `sweeps` times before the best is kept.
    ///
    /// # Errors
    /// When there is no arm, or no sweep.
    pub fn new(arms: usize, sweeps: u32) -> Result<Self, LearnerError> {
        if sweeps == 0 {
            let (expected, found) = ("1 or more".to_owned(), "0".to_owned());
            return Err(LearnerError::Parameter { what: "sweeps", expected, found });
        }
        Ok(GridSweep { means: Means::new(arms)?, sweeps })
    }
}

impl Strategy for GridSweep {
    fn name(&self) -> &'static str {
        "grid-sweep"
    }

    fn arms(&self) -> usize {
        self.means.arms()
    }

    fn choose(&self, _context: f64, _stream: &mut Stream) -> Draw {
        let round = self.means.rounds() as usize;
        if round < self.arms() * self.sweeps as usize {
            return Draw::certain(ArmId::from_index(round % self.arms()));
        }
        Draw::certain(self.means.best())
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
