//! Direct solve: Cholesky factors within the band.
//!
//! `A = G G^T` with G lower triangular of the bandwidth w of A; `G_ij = (A_ij - sum_k G_ik G_jk) /
//! G_jj`. O(n w^2) to factor, O(n w) per solve. Also says whether a matrix is positive definite at
//! all.
//!
//! **Source:** Golub, Van Loan 2013, algorithm 4.3.5.

use super::error::{RelaxationError, check_vector};
use super::operator::{Operator, dot};
use super::sparse::SparseMatrix;

/// The factor of a matrix, for many right-hand sides.
#[derive(Clone, Debug, PartialEq)]
pub struct BandedCholesky {
    size: usize,
    band: usize,
    /// Row i holds columns `i - band ..= i`, `[size, band + 1]`.
    rows: Vec<f64>,
}

impl BandedCholesky {
    /// Factors a matrix.
    ///
    /// # Errors
    /// When the matrix is not positive definite.
    pub fn new(matrix: &SparseMatrix) -> Result<Self, RelaxationError> {
        let size = matrix.size();
        let reach = |row: usize| matrix.lower_entries(row).map(move |(column, _)| row - column);
        let band = (0..size).flat_map(reach).max().unwrap_or(0);
        let mut factor = BandedCholesky { size, band, rows: vec![0.0; size * (band + 1)] };
        for row in 0..size {
            for (column, value) in matrix.lower_entries(row) {
                factor.rows[row * (band + 1) + band + column - row] = value;
            }
            factor.rows[row * (band + 1) + band] = matrix.diagonal(row);
            factor.eliminate(row)?;
        }
        Ok(factor)
    }

    fn eliminate(&mut self, row: usize) -> Result<(), RelaxationError> {
        let (band, width) = (self.band, self.band + 1);
        let (above, here) = self.rows.split_at_mut(row * width);
        let here = &mut here[..width];
        for column in row.saturating_sub(band)..row {
            let at = band + column - row;
            let other = &above[column * width..(column + 1) * width];
            let sum = dot(&here[..at], &other[row - column..band]);
            here[at] = (here[at] - sum) / other[band];
        }
        let found = here[band] - dot(&here[..band], &here[..band]);
        if found <= 0.0 || !found.is_finite() {
            let iteration = u32::try_from(row + 1).unwrap_or(u32::MAX);
            return Err(RelaxationError::Indefinite { iteration, found });
        }
        here[band] = found.sqrt();
        Ok(())
    }

    /// `x <- G^-1 x`.
    pub(crate) fn solve_lower(&self, x: &mut [f64]) {
        let (band, width) = (self.band, self.band + 1);
        for row in 0..self.size {
            let first = row.saturating_sub(band);
            let entries = &self.rows[row * width + band + first - row..(row + 1) * width];
            let sum = dot(&entries[..row - first], &x[first..row]);
            x[row] = (x[row] - sum) / entries[row - first];
        }
    }

    /// `x <- G^-T x`.
    pub(crate) fn solve_upper(&self, x: &mut [f64]) {
        let (band, width) = (self.band, self.band + 1);
        for row in (0..self.size).rev() {
            let first = row.saturating_sub(band);
            let entries = &self.rows[row * width + band + first - row..(row + 1) * width];
            x[row] /= entries[row - first];
            let value = x[row];
            let pairs = x[first..row].iter_mut().zip(entries);
            pairs.for_each(|(it, entry)| *it -= entry * value);
        }
    }

    /// The solution of `A x = b`.
    ///
    /// # Errors
    /// When the right-hand side has the wrong length or is not finite.
    pub fn solve(&self, b: &[f64]) -> Result<Vec<f64>, RelaxationError> {
        check_vector("right-hand side", b, self.size)?;
        let mut x = b.to_vec();
        self.solve_lower(&mut x);
        self.solve_upper(&mut x);
        Ok(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{Region, random_dominant, region_laplacian, truncated_normal};
    use ordine_base::Seed;

    #[test]
    fn solutions_leave_no_residual() {
        let mut stream = Seed::new(4).stream("systems");
        let ell = region_laplacian(Region::Ell, 8).expect("points");
        let random = random_dominant(40, 4, &mut stream).expect("rows");
        for matrix in [ell, random] {
            let b = truncated_normal(matrix.size(), &mut stream);
            let x = BandedCholesky::new(&matrix).and_then(|it| it.solve(&b)).expect("definite");
            let mut product = vec![0.0; b.len()];
            matrix.apply(&x, &mut product);
            assert!(product.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-10));
        }
    }

    #[test]
    fn indefinite_matrices_are_refused() {
        let matrix = region_laplacian(Region::Square, 4).and_then(|it| it.shifted(-2.0));
        let factor = matrix.and_then(|it| BandedCholesky::new(&it));
        assert!(matches!(factor, Err(RelaxationError::Indefinite { .. })));
    }
}
