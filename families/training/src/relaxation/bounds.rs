//! What theory says about the number of iterations, for any matrix of moderate size.
//!
//! * SOR, near-asymptotic: `U(omega) = 1 + ln eps / ln(rho + tau (1 - rho))`, with rho the spectral
//!   radius of `C = I - A M^-1` and tau the largest `(|C^(k-1)|^(1/(k-1)) - rho) / (1 - rho)` over
//!   omega, k being the iterations that a solve took.
//! * SOR in the energy norm: contraction `sqrt(1 - 2 W g / (W^2 + g / omega + l - 1/4))` with
//!   `W = (2 - omega) / (2 omega)`, `g = 1 - rho(D^-1 (L + L^T))`, `l = rho(D^-1 L D^-1 L^T)`, so
//!   `k <= ln(eps / (2 sqrt(kappa))) / ln(contraction)`.
//! * SSOR-preconditioned CG: `alpha = max eig(D A^-1)`, `beta = max eig((L D^-1 L^T - D/4) A^-1)`,
//!   `ic = (2 - omega) / (1 + (2 - omega)^2 alpha / (4 omega) + beta omega)` and
//!   `k <= 1 + ln(sqrt(kappa)/eps + sqrt(kappa/eps^2 - 1)) / -ln(1 - 2 / (1 + sqrt(1/ic)))`.
//!
//! Difference from the published script: it subtracts 1/4 from l even when l is below, as it is for
//! grids, and then SOR exceeds its energy bound (55 iterations against 46 at omega = 1.7 on the
//! 10 x 10 grid). The proof divides `(l - 1/4) D` by a lower bound of A, so that term counts when
//! positive.
//!
//! O(n^3) per omega for the first, a few hundred products for the others.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, lemma 2.1; Hackbusch 2016, corollary 3.45;
//! Axelsson 1994, theorem 7.17.

use super::cholesky::BandedCholesky;
use super::dense::Dense;
use super::error::{RelaxationError, check_omega};
use super::lanczos::{Extremes, extreme_eigenvalues};
use super::operator::Operator;
use super::solve::Limits;
use super::sor::sor;
use super::sparse::SparseMatrix;

/// Spectral radius of Jacobi's iteration `I - D^-1 A`.
pub fn jacobi_radius(matrix: &dyn Operator) -> f64 {
    let size = matrix.size();
    let roots: Vec<f64> = (0..size).map(|it| matrix.diagonal(it).sqrt()).collect();
    let mut scaled = vec![0.0; size];
    // Symmetric and similar: D^-1/2 A D^-1/2.
    let extremes = extreme_eigenvalues(size, |x, out| {
        scaled.iter_mut().zip(x).zip(&roots).for_each(|((it, x), root)| *it = x / root);
        matrix.apply(&scaled, out);
        for ((it, x), root) in out.iter_mut().zip(x).zip(&roots) {
            *it = x - *it / root;
        }
    });
    extremes.radius()
}

/// The near-asymptotic bound on SOR: its spectral radius and its tau per omega.
#[derive(Clone, Debug, PartialEq)]
pub struct NearAsymptotic {
    /// Relaxation parameters.
    pub omegas: Vec<f64>,
    /// Iterations that a solve took at each.
    pub iterations: Vec<u32>,
    /// Spectral radius at each.
    pub radii: Vec<f64>,
    /// The asymptocity, one for all.
    pub tau: f64,
}

impl NearAsymptotic {
    /// Solves once per omega and measures how far norms of powers are from the spectral radius.
    ///
    /// # Errors
    /// When an omega is out of range or the right-hand side of wrong length.
    pub fn measure(
        matrix: &dyn Operator,
        b: &[f64],
        omegas: &[f64],
        limits: &Limits,
    ) -> Result<Self, RelaxationError> {
        let mut bound = NearAsymptotic {
            omegas: omegas.to_vec(),
            iterations: Vec::new(),
            radii: Vec::new(),
            tau: f64::NEG_INFINITY,
        };
        for &omega in omegas {
            let mut x = vec![0.0; b.len()];
            let iterations = sor(matrix, b, &mut x, omega, limits)?.iterations;
            let dense = Dense::of_sor(matrix, omega);
            let radius = dense.radius();
            let exponent = iterations.saturating_sub(1).max(1);
            let growth = dense.power(exponent).norm().powf(1.0 / f64::from(exponent));
            bound.tau = bound.tau.max((growth - radius) / (1.0 - radius));
            bound.iterations.push(iterations);
            bound.radii.push(radius);
        }
        Ok(bound)
    }

    /// The surrogate U at each omega.
    pub fn surrogate(&self, limits: &Limits) -> Vec<f64> {
        let log = limits.tolerance().ln();
        let rate = |radius: &f64| (radius + self.tau * (1.0 - radius)).ln();
        self.radii.iter().map(|radius| 1.0 + log / rate(radius)).collect()
    }
}

/// Bounds from condition numbers, for SOR in the energy norm and for SSOR-preconditioned CG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConditionBounds {
    kappa: f64,
    alpha: f64,
    beta: f64,
    gamma: f64,
    lower: f64,
}

impl ConditionBounds {
    /// Computes the eigenvalues that both bounds need.
    ///
    /// # Errors
    /// When the matrix is not positive definite.
    pub fn new(matrix: &SparseMatrix) -> Result<Self, RelaxationError> {
        let size = matrix.size();
        let factor = BandedCholesky::new(matrix)?;
        let diagonal: Vec<f64> = (0..size).map(|it| matrix.diagonal(it)).collect();
        // G^-1 B G^-T is symmetric and similar to B A^-1.
        let mut inner = vec![0.0; size];
        let mut against = |product: &mut dyn FnMut(&[f64], &mut [f64])| {
            extreme_eigenvalues(size, |x, out| {
                inner.copy_from_slice(x);
                factor.solve_upper(&mut inner);
                product(&inner, out);
                factor.solve_lower(out);
            })
        };
        let inverse = against(&mut |x, out| out.copy_from_slice(x)).largest;
        let alpha = against(&mut |x, out| matrix.scale(x, out)).largest;
        let mut upper = vec![0.0; size];
        let beta = against(&mut |x, out| {
            matrix.apply_upper(x, &mut upper);
            upper.iter_mut().zip(&diagonal).for_each(|(it, d)| *it /= d);
            apply_lower(matrix, &upper, out);
            out.iter_mut().zip(x).zip(&diagonal).for_each(|((it, x), d)| *it -= 0.25 * d * x);
        });
        let largest = extreme_eigenvalues(size, |x, out| matrix.apply(x, out)).largest;
        let (kappa, beta) = (largest * inverse, beta.largest);
        let gamma = 1.0 - jacobi_radius(matrix);
        Ok(ConditionBounds { kappa, alpha, beta, gamma, lower: lower_radius(matrix).radius() })
    }

    /// Condition number of the matrix.
    pub fn condition(&self) -> f64 {
        self.kappa
    }

    /// Iterations that SSOR-preconditioned CG does not exceed.
    ///
    /// # Errors
    /// When omega is not strictly between 0 and 2.
    pub fn ssor_pcg(&self, omega: f64, limits: &Limits) -> Result<f64, RelaxationError> {
        check_omega(omega)?;
        let rest = 2.0 - omega;
        let ic = rest / (1.0 + rest * rest * self.alpha / (4.0 * omega) + self.beta * omega);
        let share = self.kappa / (limits.tolerance() * limits.tolerance());
        let gain = (share.sqrt() + (share - 1.0).sqrt()).ln();
        Ok(1.0 - gain / (1.0 - 2.0 / (1.0 + (1.0 / ic).sqrt())).ln())
    }

    /// Iterations that SOR does not exceed, by contraction in the energy norm.
    ///
    /// # Errors
    /// When omega is not strictly between 0 and 2.
    pub fn sor_energy(&self, omega: f64, limits: &Limits) -> Result<f64, RelaxationError> {
        check_omega(omega)?;
        let w = (2.0 - omega) / (2.0 * omega);
        let below = w * w + self.gamma / omega + (self.lower - 0.25).max(0.0);
        let contraction = (1.0 - 2.0 * w * self.gamma / below).sqrt();
        Ok((limits.tolerance() / (2.0 * self.kappa.sqrt())).ln() / contraction.ln())
    }
}

/// `out = L x`, from the other passes: `A x - D x - L^T x`.
fn apply_lower(matrix: &dyn Operator, x: &[f64], out: &mut [f64]) {
    let mut upper = vec![0.0; x.len()];
    matrix.apply_upper(x, &mut upper);
    matrix.apply(x, out);
    for (unknown, (it, upper)) in out.iter_mut().zip(&upper).enumerate() {
        *it -= matrix.diagonal(unknown) * x[unknown] + upper;
    }
}

/// Extremes of `D^-1/2 L D^-1 L^T D^-1/2`, which is similar to `D^-1 L D^-1 L^T`.
fn lower_radius(matrix: &dyn Operator) -> Extremes {
    let size = matrix.size();
    let diagonal: Vec<f64> = (0..size).map(|it| matrix.diagonal(it)).collect();
    let (mut scaled, mut upper) = (vec![0.0; size], vec![0.0; size]);
    extreme_eigenvalues(size, |x, out| {
        scaled.iter_mut().zip(x).zip(&diagonal).for_each(|((it, x), d)| *it = x / d.sqrt());
        matrix.apply_upper(&scaled, &mut upper);
        upper.iter_mut().zip(&diagonal).for_each(|(it, d)| *it /= d);
        apply_lower(matrix, &upper, out);
        out.iter_mut().zip(&diagonal).for_each(|(it, d)| *it /= d.sqrt());
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{Region, Stencil, region_laplacian, ssor_pcg, truncated_normal};
    use ordine_base::Seed;

    #[test]
    fn the_radius_of_jacobi_is_that_of_the_formula() {
        let matrix = Stencil::laplacian(9).and_then(|it| it.shifted(0.2)).expect("valid");
        assert!((jacobi_radius(&matrix) - matrix.jacobi_radius()).abs() < 1e-12);
    }

    #[test]
    fn solves_stay_below_all_bounds() {
        let limits = Limits::published();
        let mut stream = Seed::new(8).stream("right-hand sides");
        for (region, shift) in [(Region::Square, 0.0), (Region::Ell, 0.5)] {
            let matrix = region_laplacian(region, 10).and_then(|it| it.shifted(shift));
            let matrix = matrix.expect("valid");
            let bounds = ConditionBounds::new(&matrix).expect("definite");
            let b = truncated_normal(matrix.size(), &mut stream);
            let omegas = [0.9, 1.0, 1.2, 1.4, 1.5604, 1.7, 1.9];
            let near = NearAsymptotic::measure(&matrix, &b, &omegas, &limits).expect("valid");
            for (index, surrogate) in near.surrogate(&limits).into_iter().enumerate() {
                let (omega, taken) = (omegas[index], f64::from(near.iterations[index]));
                assert!(taken <= surrogate + 1e-6, "{omega}: {taken} {surrogate}");
                let energy = bounds.sor_energy(omega, &limits).expect("in range");
                assert!(taken <= energy, "{omega}: {taken} {energy}");
                let mut x = vec![0.0; b.len()];
                let solved = ssor_pcg(&matrix, &b, &mut x, omega, &limits).expect("valid");
                let bound = bounds.ssor_pcg(omega, &limits).expect("in range");
                assert!(f64::from(solved.iterations) <= bound, "{omega}: {solved:?} {bound}");
            }
        }
    }
}
