//! Tsallis-INF: follow the regularized leader with the 1/2-Tsallis entropy.
//!
//! With cumulative importance-weighted losses `k_i`, scale s and `eta = 2 / sqrt(t)`, draw from
//! `p_i = 4 / (eta (k_i / s - x))^2`, where x normalizes; then `k_i += (l - 1) / p_i` for the arm
//! played and `s = mean(l) - 1`. O(d) per Newton step. Regret O(sqrt(d t)) against the best arm,
//! logarithmic when costs are independent draws.
//!
//! Differences from the source: losses are shifted by the unavoidable first iteration and divided
//! by their running mean, as in the published script; a shift below zero counts as zero and s is at
//! least 1e-12. The script starts Newton's method at x = -1, from where it overshoots the pole once
//! the smallest `k_i / s` passes the root by more than half: from then on its weights sum to
//! anything. We start at `min k / s - 2 / eta`, where the sum is at least one and the function
//! convex, so the steps converge from one side. [`NewtonStart::Script`] keeps the script's start.
//!
//! **Source:** Zimmert, Seldin 2021, algorithm 1; Khodak, Chow, Balcan, Talwalkar 2024, algorithm
//! 1.

use super::draws::categorical;
use super::learner::{Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::{Id, Stream};

const NEWTON_STEPS: usize = 20;

/// Where the search for the normalizer starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewtonStart {
    /// At the left end of the bracket of the root; always converges.
    #[default]
    Bracket,
    /// At -1, as in the published script; for comparisons.
    Script,
}

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct TsallisInf {
    losses: Vec<f64>,
    round: f64,
    scale: f64,
    sum: f64,
    start: NewtonStart,
}

impl TsallisInf {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm.
    pub fn new(arms: usize, start: NewtonStart) -> Result<Self, LearnerError> {
        if arms == 0 {
            return Err(LearnerError::NoArm);
        }
        Ok(TsallisInf { losses: vec![0.0; arms], round: 1.0, scale: 1.0, sum: 0.0, start })
    }

    /// The probabilities of the next draw.
    pub fn probabilities(&self) -> Vec<f64> {
        let scaled: Vec<f64> = self.losses.iter().map(|loss| loss / self.scale).collect();
        tsallis_probabilities(&scaled, self.round, self.start)
    }
}

/// The distribution of round `round` for scaled cumulative losses.
pub fn tsallis_probabilities(scaled: &[f64], round: f64, start: NewtonStart) -> Vec<f64> {
    let eta = 2.0 / round.sqrt();
    // Distances from the smallest loss keep all digits when the losses are large.
    let least = scaled.iter().copied().fold(f64::INFINITY, f64::min);
    let (shift, mut x) = match start {
        NewtonStart::Bracket => (least, -2.0 / eta),
        NewtonStart::Script => (0.0, -1.0),
    };
    let mut weights = vec![0.0; scaled.len()];
    for _ in 0..NEWTON_STEPS {
        let (mut sum, mut slope) = (0.0, 0.0);
        for (weight, loss) in weights.iter_mut().zip(scaled) {
            let root = (2.0 / (eta * (loss - shift - x))).abs();
            *weight = root * root;
            sum += *weight;
            slope += *weight * root;
        }
        x -= (sum - 1.0) / (eta * slope);
    }
    weights
}

impl Strategy for TsallisInf {
    fn name(&self) -> &'static str {
        match self.start {
            NewtonStart::Bracket => "tsallis-inf",
            NewtonStart::Script => "tsallis-inf-script",
        }
    }

    fn arms(&self) -> usize {
        self.losses.len()
    }

    fn choose(&self, _context: f64, stream: &mut Stream) -> Draw {
        let weights = self.probabilities();
        let draw = categorical(&weights, stream);
        match self.start {
            NewtonStart::Bracket => draw,
            // The script divides by what Newton's method left, whether it sums to one or not.
            NewtonStart::Script => Draw { probability: weights[draw.arm.index()], ..draw },
        }
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        self.sum += cost;
        self.scale = (self.sum / self.round - 1.0).max(1e-12);
        self.losses[played.draw.arm.index()] += (cost - 1.0).max(0.0) / played.draw.probability;
        self.round += 1.0;
    }

    fn save(&self, tables: &mut Tables) {
        tables.put("losses", &self.losses);
        tables.put("running", &[self.round, self.scale, self.sum]);
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        tables.get("losses", &mut self.losses)?;
        let mut running = [0.0; 3];
        tables.get("running", &mut running)?;
        [self.round, self.scale, self.sum] = running;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    /// Acceptance of the specification: t up to 1e6, spreads up to 1e6.
    #[test]
    fn probabilities_sum_to_one() {
        let mut stream = Seed::new(11).stream("losses");
        for round in [1.0, 2.0, 10.0, 1e2, 1e3, 1e4, 1e5, 1e6] {
            for spread in [0.0, 1e-6, 1.0, 1e2, 1e4, 1e6] {
                for arms in [1, 2, 20, 100] {
                    let offset = round * stream.unit();
                    let losses: Vec<f64> =
                        (0..arms).map(|_| offset + spread * stream.unit()).collect();
                    let found = tsallis_probabilities(&losses, round, NewtonStart::Bracket);
                    let error = (found.iter().sum::<f64>() - 1.0).abs();
                    assert!(error <= 1e-9, "{round} {spread} {arms}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn the_start_of_the_script_loses_the_root() {
        let losses: Vec<f64> = (0..20).map(|it| 1000.0 + 50.0 * f64::from(it)).collect();
        let found = tsallis_probabilities(&losses, 1000.0, NewtonStart::Script);
        let sum: f64 = found.iter().sum();
        assert!(sum.is_nan() || (sum - 1.0).abs() > 0.5, "{sum}");
    }

    #[test]
    fn both_starts_agree_while_the_script_converges() {
        let losses = [3.0, 0.0, 5.0, 1.0];
        let [ours, script] = [NewtonStart::Bracket, NewtonStart::Script]
            .map(|start| tsallis_probabilities(&losses, 9.0, start));
        assert!(ours.iter().zip(&script).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(ours[1] > ours[3] && ours[3] > ours[0] && ours[0] > ours[2]);
    }
}
