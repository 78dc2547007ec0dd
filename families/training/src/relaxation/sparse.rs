//! A sparse symmetric matrix, split into diagonal, lower and upper part, row by row.
//!
//! Built from any `sprs` matrix; refuses what is not square, not symmetric or without a positive
//! diagonal. That the matrix is definite shows only while solving: conjugate gradients refuse a
//! direction without curvature. O(entries) per pass.
//!
//! **Source:** Saad 2003, section 3.4 (compressed rows).

use super::error::RelaxationError;
use super::operator::Operator;
use sprs::{CsMat, TriMat};

/// Strictly lower or upper rows.
#[derive(Clone, Debug, PartialEq)]
struct Rows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

/// A symmetric matrix with positive diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct SparseMatrix {
    diagonal: Vec<f64>,
    lower: Rows,
    upper: Rows,
}

impl Rows {
    fn of(matrix: &CsMat<f64>, keep: impl Fn(usize, usize) -> bool) -> Self {
        let mut rows = Rows { starts: vec![0], columns: Vec::new(), values: Vec::new() };
        for (row, entries) in matrix.outer_iterator().enumerate() {
            for (column, &value) in entries.iter().filter(|(column, _)| keep(row, *column)) {
                rows.columns.push(u32::try_from(column).expect("sizes are checked"));
                rows.values.push(value);
            }
            rows.starts.push(rows.values.len());
        }
        rows
    }

    #[inline]
    fn times(&self, row: usize, x: &[f64]) -> f64 {
        let span = self.starts[row]..self.starts[row + 1];
        let pairs = self.columns[span.clone()].iter().zip(&self.values[span]);
        pairs.map(|(&column, value)| value * x[column as usize]).sum()
    }

    fn entries(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        let span = self.starts[row]..self.starts[row + 1];
        let columns = self.columns[span.clone()].iter().map(|&column| column as usize);
        columns.zip(self.values[span].iter().copied())
    }
}

impl SparseMatrix {
    /// The matrix with the entries of `matrix`.
    ///
    /// # Errors
    /// When it is empty, not square, not symmetric (relative to 1e-12), not finite, or has a
    /// diagonal entry that is not positive.
    pub fn new(matrix: &CsMat<f64>) -> Result<Self, RelaxationError> {
        let (rows, columns) = matrix.shape();
        if rows != columns || u32::try_from(rows).is_err() {
            return Err(RelaxationError::NotSquare { rows, columns });
        }
        if rows == 0 {
            return Err(RelaxationError::Empty);
        }
        let matrix = matrix.to_csr();
        check_symmetry(&matrix)?;
        let entry = |row| matrix.get(row, row).copied().unwrap_or(0.0);
        let diagonal: Vec<f64> = (0..rows).map(entry).collect();
        check_diagonal(&diagonal)?;
        let lower = Rows::of(&matrix, |row, column| column < row);
        let upper = Rows::of(&matrix, |row, column| column > row);
        Ok(SparseMatrix { diagonal, lower, upper })
    }

    /// `A + shift I`.
    ///
    /// # Errors
    /// When a diagonal entry would not be positive.
    pub fn shifted(&self, shift: f64) -> Result<Self, RelaxationError> {
        let diagonal: Vec<f64> = self.diagonal.iter().map(|it| it + shift).collect();
        check_diagonal(&diagonal)?;
        Ok(SparseMatrix { diagonal, ..self.clone() })
    }

    /// Entries stored.
    pub fn entries(&self) -> usize {
        self.diagonal.len() + self.lower.values.len() + self.upper.values.len()
    }

    /// Entries left of the diagonal of a row, ascending.
    pub(crate) fn lower_entries(&self, row: usize) -> impl Iterator<Item = (usize, f64)> {
        self.lower.entries(row)
    }

    /// As a matrix of `sprs`.
    pub fn to_sprs(&self) -> CsMat<f64> {
        let size = self.diagonal.len();
        let mut triplets = TriMat::with_capacity((size, size), self.entries());
        for row in 0..size {
            triplets.add_triplet(row, row, self.diagonal[row]);
            for (column, value) in self.lower.entries(row).chain(self.upper.entries(row)) {
                triplets.add_triplet(row, column, value);
            }
        }
        triplets.to_csr()
    }
}

fn check_symmetry(matrix: &CsMat<f64>) -> Result<(), RelaxationError> {
    for (&found, (row, column)) in matrix {
        if !found.is_finite() {
            return Err(RelaxationError::NotFinite { what: "matrix row", index: row, found });
        }
        let mirrored = matrix.get(column, row).copied().unwrap_or(0.0);
        if (found - mirrored).abs() > 1e-12 * found.abs().max(mirrored.abs()) {
            return Err(RelaxationError::NotSymmetric { row, column, found, mirrored });
        }
    }
    Ok(())
}

pub(crate) fn check_diagonal(diagonal: &[f64]) -> Result<(), RelaxationError> {
    match diagonal.iter().position(|&it| !(it > 0.0 && it.is_finite())) {
        Some(row) => Err(RelaxationError::Diagonal { row, found: diagonal[row] }),
        None => Ok(()),
    }
}

impl Operator for SparseMatrix {
    fn size(&self) -> usize {
        self.diagonal.len()
    }

    fn diagonal(&self, unknown: usize) -> f64 {
        self.diagonal[unknown]
    }

    fn apply(&self, x: &[f64], out: &mut [f64]) {
        for (row, it) in out.iter_mut().enumerate() {
            let beside = self.lower.times(row, x) + self.upper.times(row, x);
            *it = self.diagonal[row] * x[row] + beside;
        }
    }

    fn apply_upper(&self, x: &[f64], out: &mut [f64]) {
        out.iter_mut().enumerate().for_each(|(row, it)| *it = self.upper.times(row, x));
    }

    fn forward(&self, omega: f64, rhs: &[f64], out: &mut [f64]) {
        for row in 0..self.size() {
            out[row] = omega * (rhs[row] - self.lower.times(row, out)) / self.diagonal[row];
        }
    }

    fn backward(&self, omega: f64, rhs: &[f64], out: &mut [f64]) {
        for row in (0..self.size()).rev() {
            out[row] = omega * (rhs[row] - self.upper.times(row, out)) / self.diagonal[row];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(entries: &[(usize, usize, f64)]) -> CsMat<f64> {
        let mut triplets = TriMat::new((2, 2));
        entries.iter().for_each(|&(row, column, value)| triplets.add_triplet(row, column, value));
        triplets.to_csc()
    }

    #[test]
    fn what_relaxation_cannot_solve_is_refused() {
        let good = matrix(&[(0, 0, 2.0), (0, 1, -1.0), (1, 0, -1.0), (1, 1, 3.0)]);
        let read = SparseMatrix::new(&good).expect("definite");
        assert_eq!(read.to_sprs(), good.to_csr());
        assert_eq!(read.shifted(-2.5), Err(RelaxationError::Diagonal { row: 0, found: -0.5 }));
        let one_sided = matrix(&[(0, 0, 2.0), (0, 1, -1.0), (1, 1, 3.0)]);
        let error = SparseMatrix::new(&one_sided).expect_err("not symmetric");
        assert!(matches!(error, RelaxationError::NotSymmetric { row: 0, column: 1, .. }));
        let hollow = matrix(&[(0, 0, 2.0)]);
        assert_eq!(
            SparseMatrix::new(&hollow),
            Err(RelaxationError::Diagonal { row: 1, found: 0.0 })
        );
        let flat = TriMat::<f64>::new((2, 3)).to_csr();
        let error = RelaxationError::NotSquare { rows: 2, columns: 3 };
        assert_eq!(SparseMatrix::new(&flat), Err(error));
    }
}
