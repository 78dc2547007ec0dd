//! Small dense matrices: powers, norms and the spectral radius of an iteration.
//!
//! The radius comes from repeated squaring, `rho = lim |C^(2^j)|^(1 / 2^j)`, which neither complex
//! nor defective eigenvalues disturb. O(n^3) per product.
//!
//! **Source:** Gelfand 1941 (the limit); Golub, Van Loan 2013, section 2.3.

use super::lanczos::extreme_eigenvalues;
use super::operator::{Operator, add_scaled, dot, norm};

const SQUARINGS: u32 = 45;

/// A square matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    size: usize,
    rows: Vec<f64>,
}

impl Dense {
    /// The matrix of a linear map.
    pub(crate) fn of(size: usize, mut map: impl FnMut(&[f64], &mut [f64])) -> Self {
        let mut dense = Dense { size, rows: vec![0.0; size * size] };
        let (mut unit, mut image) = (vec![0.0; size], vec![0.0; size]);
        for column in 0..size {
            unit[column] = 1.0;
            map(&unit, &mut image);
            unit[column] = 0.0;
            image.iter().enumerate().for_each(|(row, it)| dense.rows[row * size + column] = *it);
        }
        dense
    }

    /// The matrix of SOR's residuals, `C = I - A M^-1` with `M = D / omega + L`.
    pub(crate) fn of_sor(matrix: &dyn Operator, omega: f64) -> Self {
        let size = matrix.size();
        let mut step = vec![0.0; size];
        Dense::of(size, |r, out| {
            matrix.forward(omega, r, &mut step);
            matrix.relax_residual(omega, &step, out);
        })
    }

    fn times(&self, other: &Dense) -> Dense {
        let size = self.size;
        let mut rows = vec![0.0; size * size];
        for (row, out) in rows.chunks_exact_mut(size).enumerate() {
            let entries = &self.rows[row * size..(row + 1) * size];
            for (entry, other) in entries.iter().zip(other.rows.chunks_exact(size)) {
                add_scaled(out, *entry, other);
            }
        }
        Dense { size, rows }
    }

    /// The `exponent`-th power, at least the first.
    pub(crate) fn power(&self, exponent: u32) -> Dense {
        let mut result: Option<Dense> = None;
        let mut square = self.clone();
        let mut rest = exponent.max(1);
        loop {
            if rest % 2 == 1 {
                result = Some(result.map_or_else(|| square.clone(), |it| it.times(&square)));
            }
            rest /= 2;
            if rest == 0 {
                return result.expect("the highest bit is set");
            }
            square = square.times(&square);
        }
    }

    /// Largest absolute value of an eigenvalue.
    pub fn radius(&self) -> f64 {
        let mut square = self.clone();
        let mut logarithm = 0.0;
        let mut share = 1.0;
        for _ in 0..SQUARINGS {
            let size = norm(&square.rows);
            if size == 0.0 {
                return 0.0;
            }
            logarithm += share * size.ln();
            share /= 2.0;
            square.rows.iter_mut().for_each(|it| *it /= size);
            square = square.times(&square);
        }
        logarithm.exp()
    }

    /// Largest singular value.
    pub fn norm(&self) -> f64 {
        let size = self.size;
        let mut image = vec![0.0; size];
        let extremes = extreme_eigenvalues(size, |x, out| {
            for (it, row) in image.iter_mut().zip(self.rows.chunks_exact(size)) {
                *it = dot(row, x);
            }
            out.fill(0.0);
            for (value, row) in image.iter().zip(self.rows.chunks_exact(size)) {
                add_scaled(out, *value, row);
            }
        });
        extremes.largest.max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{Stencil, sor_radius};

    #[test]
    fn radius_and_norm_of_a_rotation_that_grows_and_of_a_nilpotent() {
        let turn = Dense { size: 2, rows: vec![0.0, -2.0, 2.0, 0.0] };
        assert!((turn.radius() - 2.0).abs() < 1e-12 && (turn.norm() - 2.0).abs() < 1e-12);
        let nilpotent = Dense { size: 2, rows: vec![0.0, 5.0, 0.0, 0.0] };
        assert_eq!(nilpotent.radius(), 0.0);
        assert!((nilpotent.norm() - 5.0).abs() < 1e-12);
        assert_eq!(turn.power(4).rows, [16.0, 0.0, 0.0, 16.0]);
    }

    #[test]
    fn the_radius_of_sor_is_youngs() {
        let matrix = Stencil::laplacian(6).expect("points");
        for omega in [0.7, 1.0, 1.2, 1.5, 1.9] {
            let found = Dense::of_sor(&matrix, omega).radius();
            let expected = sor_radius(matrix.jacobi_radius(), omega).expect("in range");
            assert!((found - expected).abs() < 1e-6, "{omega}: {found} {expected}");
        }
    }
}
