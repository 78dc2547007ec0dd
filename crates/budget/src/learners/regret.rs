//! Regret: what was paid beyond the best arm, and beyond the best arm of each round.
//!
//! `static = sum_t l_t(i_t) - min_i sum_t l_t(i)` and `dynamic = sum_t l_t(i_t) - sum_t min_i
//! l_t(i)`; needs the costs of all arms, so it is for simulations. O(d) per round.
//!
//! **Source:** Bubeck, Cesa-Bianchi 2012, section 1.

use super::learner::ArmId;
use ordine_base::Id;

/// Costs summed over rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    paid: f64,
    least: f64,
    fixed: Vec<f64>,
}

impl Regret {
    /// No round yet.
    ///
    /// # Panics
    /// When there is no arm.
    pub fn new(arms: usize) -> Self {
        assert!(arms > 0, "regret needs an arm to compare with");
        Regret { paid: 0.0, least: 0.0, fixed: vec![0.0; arms] }
    }

    /// A round in which `played` was played while each arm would have cost `costs`.
    ///
    /// # Panics
    /// When the number of costs is not that of the arms.
    pub fn add(&mut self, played: ArmId, costs: &[f64]) {
        assert_eq!(costs.len(), self.fixed.len(), "one cost per arm");
        self.paid += costs[played.index()];
        self.least += costs.iter().copied().fold(f64::INFINITY, f64::min);
        self.fixed.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost);
    }

    /// What was paid.
    pub fn paid(&self) -> f64 {
        self.paid
    }

    /// The arm that would have been best throughout, with its sum of costs.
    pub fn best_fixed(&self) -> (ArmId, f64) {
        let by_sum = |a: &usize, b: &usize| self.fixed[*a].total_cmp(&self.fixed[*b]);
        let best = (0..self.fixed.len()).min_by(by_sum).expect("there is an arm");
        (ArmId::from_index(best), self.fixed[best])
    }

    /// Paid beyond the best fixed arm.
    pub fn against_best_fixed(&self) -> f64 {
        self.paid - self.best_fixed().1
    }

    /// Paid beyond the best arm of each round.
    pub fn against_best_of_each_round(&self) -> f64 {
        self.paid - self.least
    }
}

/// Slope of `ln y` over `ln x` by least squares: the exponent of a growth.
///
/// # Panics
/// When fewer than two points are given.
pub fn growth_exponent(points: &[(f64, f64)]) -> f64 {
    assert!(points.len() > 1, "a slope needs two points");
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.max(1e-300).ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) = logs.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let (mean_x, mean_y) = (mean_x / n, mean_y / n);
    let covariance: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    covariance / logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_regrets_of_three_rounds() {
        let mut regret = Regret::new(2);
        for (played, costs) in [(0, [3.0, 1.0]), (1, [1.0, 2.0]), (0, [2.0, 5.0])] {
            regret.add(ArmId::from_index(played), &costs);
        }
        assert_eq!(regret.paid(), 7.0);
        assert_eq!(regret.best_fixed(), (ArmId::from_index(0), 6.0));
        assert_eq!(regret.against_best_fixed(), 1.0);
        assert_eq!(regret.against_best_of_each_round(), 3.0);
    }

    #[test]
    fn a_square_root_grows_with_one_half() {
        let points: Vec<(f64, f64)> =
            [1e3, 1e4, 1e5].iter().map(|t: &f64| (*t, t.sqrt())).collect();
        assert!((growth_exponent(&points) - 0.5).abs() < 1e-12);
    }
}
