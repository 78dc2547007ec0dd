//! EXP3 without a horizon: `p_i` proportional to `exp(-eta_t k_i / s)`, `eta_t = sqrt(ln d / (d
//! t))`.
//!
//! `k_i` are the importance-weighted losses, s the largest loss seen. O(d) per round; regret
//! O(sqrt(d t ln d)) against the best arm, whatever the costs.
//!
//! **Source:** Auer, Cesa-Bianchi, Freund, Schapire 2002; Bubeck, Cesa-Bianchi 2012, theorem 3.1.

use super::draws::categorical;
use super::learner::{Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::{Id, Stream};

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Exp3 {
    losses: Vec<f64>,
    round: f64,
    scale: f64,
}

impl Exp3 {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm.
    pub fn new(arms: usize) -> Result<Self, LearnerError> {
        if arms == 0 {
            return Err(LearnerError::NoArm);
        }
        Ok(Exp3 { losses: vec![0.0; arms], round: 1.0, scale: 1e-12 })
    }
}

impl Strategy for Exp3 {
    fn name(&self) -> &'static str {
        "exp3"
    }

    fn arms(&self) -> usize {
        self.losses.len()
    }

    fn choose(&self, _context: f64, stream: &mut Stream) -> Draw {
        let arms = self.arms() as f64;
        let eta = (arms.ln() / (arms * self.round)).sqrt();
        let least = self.losses.iter().copied().fold(f64::INFINITY, f64::min);
        let weight = |loss: &f64| (-eta * (loss - least) / self.scale).exp();
        let weights: Vec<f64> = self.losses.iter().map(weight).collect();
        categorical(&weights, stream)
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        self.scale = self.scale.max(cost);
        self.losses[played.draw.arm.index()] += cost / played.draw.probability;
        self.round += 1.0;
    }

    fn save(&self, tables: &mut Tables) {
        tables.put("losses", &self.losses);
        tables.put("running", &[self.round, self.scale]);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.get("losses", &mut self.losses)?;
        let mut running = [0.0; 2];
        tables.get("running", &mut running)?;
        [self.round, self.scale] = running;
        Ok(())
    }
}
