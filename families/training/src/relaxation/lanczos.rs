//! Extreme eigenvalues of a symmetric operator that is only known by its products.
//!
//! Lanczos' recurrence with full reorthogonalization, then bisection on the signs of the leading
//! minors of `T - x I`. Exact up to rounding for as many steps as unknowns; beyond 300 unknowns the
//! extremes of 300 steps. O(k^2 n + k products) for k steps.
//!
//! **Source:** Golub, Van Loan 2013, sections 8.4 and 10.3.

use super::operator::{add_scaled, dot, norm};
use ordine_base::Seed;
use ordine_budget::learners::standard_normal;

const STEPS_MAX: usize = 300;

/// Smallest and largest eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extremes {
    pub(crate) least: f64,
    pub(crate) largest: f64,
}

impl Extremes {
    /// Largest absolute value of an eigenvalue.
    pub(crate) fn radius(self) -> f64 {
        self.least.abs().max(self.largest.abs())
    }
}

/// The extreme eigenvalues of the operator that writes its product into its second argument.
pub(crate) fn extreme_eigenvalues(
    size: usize,
    mut product: impl FnMut(&[f64], &mut [f64]),
) -> Extremes {
    let mut stream = Seed::new(0).stream("lanczos");
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
    let mut next: Vec<f64> = (0..size).map(|_| standard_normal(&mut stream)).collect();
    for _ in 0..size.min(STEPS_MAX) {
        let length = norm(&next);
        let scale = diagonal.iter().fold(0.0_f64, |largest, it: &f64| largest.max(it.abs()));
        if !basis.is_empty() {
            if length <= 1e-13 * scale {
                break;
            }
            beside.push(length);
        }
        let vector: Vec<f64> = next.iter().map(|it| it / length).collect();
        product(&vector, &mut next);
        diagonal.push(dot(&vector, &next));
        basis.push(vector);
        // Twice is enough.
        for _ in 0..2 {
            for other in &basis {
                let share = dot(other, &next);
                add_scaled(&mut next, -share, other);
            }
        }
    }
    tridiagonal_extremes(&diagonal, &beside)
}

fn tridiagonal_extremes(diagonal: &[f64], beside: &[f64]) -> Extremes {
    let row = |k: usize| {
        let left = if k == 0 { 0.0 } else { beside[k - 1].abs() };
        left + beside.get(k).map_or(0.0, |it| it.abs())
    };
    let low = (0..diagonal.len()).map(|k| diagonal[k] - row(k)).fold(f64::INFINITY, f64::min);
    let high = (0..diagonal.len()).map(|k| diagonal[k] + row(k)).fold(f64::NEG_INFINITY, f64::max);
    let find = |below: usize| {
        let (mut low, mut high) = (low, high);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if count_below(diagonal, beside, middle) > below { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    };
    Extremes { least: find(0), largest: find(diagonal.len() - 1) }
}

/// Eigenvalues below x.
fn count_below(diagonal: &[f64], beside: &[f64], x: f64) -> usize {
    let mut pivot = 1.0;
    let mut count = 0;
    for (k, entry) in diagonal.iter().enumerate() {
        let coupling = if k == 0 { 0.0 } else { beside[k - 1] * beside[k - 1] };
        pivot = entry - x - coupling / pivot;
        if pivot == 0.0 {
            pivot = f64::MIN_POSITIVE;
        }
        count += usize::from(pivot < 0.0);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{Operator, Stencil};
    use std::f64::consts::PI;

    #[test]
    fn extremes_of_the_model_problem_are_known() {
        for side in [1, 2, 5, 10] {
            let matrix = Stencil::laplacian(side).expect("points");
            let found = extreme_eigenvalues(side * side, |x, out| matrix.apply(x, out));
            let least = 4.0 - 4.0 * (PI / (side + 1) as f64).cos();
            assert!((found.least - least).abs() < 1e-10, "{side}: {found:?}");
            assert!((found.largest - (8.0 - least)).abs() < 1e-10, "{side}: {found:?}");
        }
    }
}
