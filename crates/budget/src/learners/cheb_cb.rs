//! ChebCB: inverse-gap weighting on a Chebyshev regression per arm, for one continuous context.
//!
//! Features are `f_j = T_j(2 (c - a) / (b - a) - 1)`, j < m. With predicted losses `y_i = theta_i
//! f` and the least of them y*, the other arms get `p_i = 1 / (d + eta (y_i - y*))`, the best the
//! rest. After a loss l, with `K = max l` and `L = (max l - min l) / (b - a)`:
//!
//! * `N = 2 + 4 (b - a) L / K (1 + ln m)` and `scale = K N`;
//! * theta of the arm is refitted to `(l - 1) / scale` by least squares of least norm, and where it
//!   leaves `|theta_0| <= 1 / N`, `|theta_j| <= 2 (b - a) L / (scale j)`, within that box;
//! * `alpha = (pi + 2/pi ln(2 m + 1)) (b - a) L / (2 scale (m + 1))`;
//! * `R = sum (prediction - l / scale)^2`;
//! * `eta = 2 t sqrt(d t / (R - residual + 2 alpha^2 t))`, where the residual is that of the last
//!   fit in a box of the round.
//!
//! O(d m + m^3) per round from sufficient statistics.
//!
//! Differences from the source: the published script fills the losses with zeros beforehand, so
//! that min l = 0 until its last round: [`LossRange::FromZero`], the default, keeps that in every
//! round. A loss below 1 is fitted as 1; the radicand is at least 1e-12. Least squares are solved
//! through the Gram matrix, which drops singular values below 3e-7 of the largest.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, algorithm 3 and their published script;
//! Foster, Rakhlin 2020 (SquareCB).

use super::binned::ContextRange;
use super::cheb_fit::{BASIS_MAX, Statistics, dot};
use super::draws::categorical;
use super::learner::{Draw, LearnerError, Played, Strategy};
use super::state::Tables;
use ordine_base::{Id, Stream};
use std::f64::consts::PI;

/// Which smallest loss enters the Lipschitz estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LossRange {
    /// Zero, as the published script has it.
    #[default]
    FromZero,
    /// The smallest loss seen, as the paper says.
    Observed,
}

/// Parameters of [`ChebCb`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChebCbParameters {
    /// Basis functions m.
    pub basis: usize,
    /// Contexts expected; others are moved to the nearest end.
    pub range: ContextRange,
    /// Smallest loss of the scale.
    pub losses: LossRange,
}

/// The strategy; [`Player`](super::Player) makes it a learner.
#[derive(Clone, Debug, PartialEq)]
pub struct ChebCb {
    parameters: ChebCbParameters,
    arms: Vec<Statistics>,
    counts: Vec<f64>,
    /// Unbounded fits, not yet divided by the scale.
    free: Vec<Vec<f64>>,
    /// Row-major `[arms, basis]`, in the current scale.
    theta: Vec<f64>,
    running: Running,
}

/// Sums over all rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Running {
    round: f64,
    eta: f64,
    scale: f64,
    largest: f64,
    smallest: f64,
    predicted_square: f64,
    predicted_loss: f64,
    loss_square: f64,
}

/// What follows from the range of losses.
struct Scaling {
    /// `(b - a) L`.
    spread: f64,
    slack: f64,
    scale: f64,
}

impl ChebCb {
    /// A strategy that has seen nothing.
    ///
    /// # Errors
    /// When there is no arm, or the basis is not 1 to 12.
    pub fn new(arms: usize, parameters: ChebCbParameters) -> Result<Self, LearnerError> {
        if arms == 0 {
            return Err(LearnerError::NoArm);
        }
        let m = parameters.basis;
        if !(1..=BASIS_MAX).contains(&m) {
            let (expected, found) = (format!("1 to {BASIS_MAX}"), m.to_string());
            return Err(LearnerError::Parameter { what: "basis", expected, found });
        }
        let running = Running {
            round: 1.0,
            eta: 0.0,
            scale: 0.0,
            largest: 0.0,
            smallest: f64::MAX,
            predicted_square: 0.0,
            predicted_loss: 0.0,
            loss_square: 0.0,
        };
        Ok(ChebCb {
            parameters,
            arms: vec![Statistics::new(m); arms],
            counts: vec![0.0; arms],
            free: vec![vec![0.0; m]; arms],
            theta: vec![0.0; arms * m],
            running,
        })
    }

    /// Predicted costs of all arms in a context.
    pub fn predictions(&self, context: f64) -> Vec<f64> {
        let scaled = self.scaled_predictions(&self.features(context));
        scaled.iter().map(|it| 1.0 + self.running.scale * it).collect()
    }

    fn features(&self, context: f64) -> Vec<f64> {
        let ContextRange { low, high } = self.parameters.range;
        let x = 2.0 * (context.clamp(low, high) - low) / (high - low) - 1.0;
        let mut features = Vec::with_capacity(self.parameters.basis);
        let (mut now, mut next) = (1.0, x);
        for _ in 0..self.parameters.basis {
            features.push(now);
            (now, next) = (next, 2.0 * x * next - now);
        }
        features
    }

    fn scaled_predictions(&self, features: &[f64]) -> Vec<f64> {
        self.theta.chunks_exact(features.len()).map(|theta| dot(theta, features)).collect()
    }

    fn scaling(&self) -> Scaling {
        let Running { largest, smallest, .. } = self.running;
        let least = match self.parameters.losses {
            LossRange::FromZero => 0.0,
            LossRange::Observed => smallest,
        };
        let (largest, spread) = (largest.max(1e-12), largest - least);
        let slack = 2.0 + 4.0 * spread / largest * (1.0 + (self.parameters.basis as f64).ln());
        Scaling { spread, slack, scale: largest * slack }
    }

    /// Refits an arm; the residual when the box was needed.
    fn refit(&mut self, arm: usize, scaling: &Scaling) -> Option<f64> {
        let m = self.parameters.basis;
        let theta = &mut self.theta[arm * m..(arm + 1) * m];
        theta.iter_mut().zip(&self.free[arm]).for_each(|(it, free)| *it = free / scaling.scale);
        let first = 1.0 / scaling.slack;
        let bound = |j: usize| 2.0 * scaling.spread / (scaling.scale * j as f64);
        let bounds: Vec<f64> = std::iter::once(first).chain((1..m).map(bound)).collect();
        if theta.iter().zip(&bounds).all(|(it, bound)| it.abs() <= *bound) {
            return None;
        }
        self.arms[arm].fit_in_box(theta, &bounds, scaling.scale);
        Some(self.arms[arm].residual(theta, scaling.scale))
    }

    fn refit_arms(&mut self, played: usize, scaling: &Scaling) -> f64 {
        let all = self.running.scale != scaling.scale;
        let mut residual = 0.0;
        for arm in 0..self.arms.len() {
            if self.counts[arm] > 0.0 && (all || arm == played) {
                residual = self.refit(arm, scaling).unwrap_or(residual);
            }
        }
        residual
    }

    fn update_eta(&mut self, scaling: &Scaling, residual: f64) {
        let (m, d, t) = (self.parameters.basis as f64, self.arms() as f64, self.running.round);
        let lebesgue = PI + 2.0 / PI * (2.0 * m + 1.0).ln();
        let alpha = lebesgue * scaling.spread / (2.0 * scaling.scale * (m + 1.0));
        let Running { predicted_square, predicted_loss, loss_square, .. } = self.running;
        let errors = predicted_square - 2.0 * predicted_loss / scaling.scale
            + loss_square / (scaling.scale * scaling.scale);
        let radicand = (errors - residual + 2.0 * alpha * alpha * t).max(1e-12);
        self.running.eta = 2.0 * t * (d * t / radicand).sqrt();
    }
}

impl Strategy for ChebCb {
    fn name(&self) -> &'static str {
        match self.parameters.losses {
            LossRange::FromZero => "cheb-cb",
            LossRange::Observed => "cheb-cb-observed",
        }
    }

    fn arms(&self) -> usize {
        self.arms.len()
    }

    fn choose(&self, context: f64, stream: &mut Stream) -> Draw {
        let predicted = self.scaled_predictions(&self.features(context));
        let by_value = |a: &usize, b: &usize| predicted[*a].total_cmp(&predicted[*b]);
        let best = (0..self.arms()).min_by(by_value).unwrap_or(0);
        let (d, eta) = (self.arms() as f64, self.running.eta);
        let gap = |value: &f64| 1.0 / (d + eta * (value - predicted[best]));
        let mut weights: Vec<f64> = predicted.iter().map(gap).collect();
        weights[best] = 0.0;
        weights[best] = (1.0 - weights.iter().sum::<f64>()).max(0.0);
        let draw = categorical(&weights, stream);
        Draw { prediction: predicted[draw.arm.index()], ..draw }
    }

    fn learn(&mut self, played: &Played, cost: f64) {
        let (arm, prediction) = (played.draw.arm.index(), played.draw.prediction);
        let features = self.features(played.context);
        self.arms[arm].add(&features, (cost - 1.0).max(0.0));
        self.counts[arm] += 1.0;
        self.free[arm] = self.arms[arm].least_norm();
        self.running.largest = self.running.largest.max(cost);
        self.running.smallest = self.running.smallest.min(cost);
        self.running.predicted_square += prediction * prediction;
        self.running.predicted_loss += prediction * cost;
        self.running.loss_square += cost * cost;
        let scaling = self.scaling();
        let residual = self.refit_arms(arm, &scaling);
        self.running.scale = scaling.scale;
        self.update_eta(&scaling, residual);
        self.running.round += 1.0;
    }

    fn save(&self, tables: &mut Tables) {
        let ContextRange { low, high } = self.parameters.range;
        tables.put("range", &[low, high]);
        tables.put("counts", &self.counts);
        tables.put("theta", &self.theta);
        tables.put("running", &self.running.numbers());
        for (arm, statistics) in self.arms.iter().enumerate() {
            tables.put(&format!("gram/{arm}"), &statistics.gram);
            tables.put(&format!("moments/{arm}"), &statistics.moments);
            tables.put(&format!("square/{arm}"), &[statistics.square]);
        }
    }

    fn load(&mut self, tables: &Tables) -> Result<(), LearnerError> {
        let ContextRange { low, high } = self.parameters.range;
        tables.expect("range", &[low, high])?;
        tables.get("counts", &mut self.counts)?;
        tables.get("theta", &mut self.theta)?;
        let mut running = self.running.numbers();
        tables.get("running", &mut running)?;
        self.running = Running::from_numbers(running);
        for (arm, statistics) in self.arms.iter_mut().enumerate() {
            tables.get(&format!("gram/{arm}"), &mut statistics.gram)?;
            tables.get(&format!("moments/{arm}"), &mut statistics.moments)?;
            let mut square = [0.0];
            tables.get(&format!("square/{arm}"), &mut square)?;
            statistics.square = square[0];
            self.free[arm] = statistics.least_norm();
        }
        Ok(())
    }
}

impl Running {
    fn numbers(&self) -> [f64; 8] {
        let Running { round, eta, scale, largest, smallest, .. } = *self;
        let Running { predicted_square, predicted_loss, loss_square, .. } = *self;
        let sums = [predicted_square, predicted_loss, loss_square];
        [round, eta, scale, largest, smallest, sums[0], sums[1], sums[2]]
    }

    fn from_numbers(numbers: [f64; 8]) -> Self {
        let [round, eta, scale, largest, smallest, ..] = numbers;
        let [.., predicted_square, predicted_loss, loss_square] = numbers;
        let sums = (predicted_square, predicted_loss, loss_square);
        Running {
            round,
            eta,
            scale,
            largest,
            smallest,
            predicted_square: sums.0,
            predicted_loss: sums.1,
            loss_square: sums.2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::{Learner, Player};
    use ordine_base::Seed;

    fn parameters() -> ChebCbParameters {
        let range = ContextRange::new(-1.0, 1.0).expect("in order");
        ChebCbParameters { basis: 6, range, losses: LossRange::FromZero }
    }

    #[test]
    fn the_range_of_losses_is_the_scripts() {
        let mut learner = ChebCb::new(2, parameters()).expect("valid");
        learner.running.largest = 100.0;
        learner.running.smallest = 50.0;
        assert!((learner.scaling().slack - 13.167).abs() < 1e-3);
    }

    /// Two arms whose costs cross at 0: the learner follows the cheaper one on each side.
    #[test]
    fn the_cheaper_arm_of_each_context_is_found() {
        let strategy = ChebCb::new(2, parameters()).expect("valid");
        let mut learner = Player::new(strategy, Seed::new(3));
        let mut stream = Seed::new(3).stream("contexts");
        let (mut wrong, mut late) = (0, 0);
        for round in 0..3000 {
            let context = 2.0 * stream.unit() - 1.0;
            let arm = learner.suggest(context).expect("finite");
            let slope = [1.0, -1.0][arm.index()];
            learner.observe(arm, 50.0 + 40.0 * slope * context).expect("in turn");
            if slope * context > 0.1 {
                wrong += 1;
                late += i32::from(round >= 1500);
            }
        }
        assert!(wrong < 300 && late < 60, "{wrong} {late}");
        let predictions = learner.strategy().predictions(0.5);
        assert!((predictions[0] - 70.0).abs() < 2.0 && (predictions[1] - 30.0).abs() < 2.0);
    }
}
