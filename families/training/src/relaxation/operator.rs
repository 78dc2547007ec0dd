//! The seam between solvers and matrices: a symmetric matrix by what solvers do with it.
//!
//! `A = D + L + L^T` with positive diagonal D and strictly lower part L. Solvers never see entries,
//! so a stencil needs no storage. Each method is one pass, O(entries).
//!
//! # How to add an operator
//! 1. Implement [`Operator`]; sweeps run in the order of the unknowns, on which counts depend.
//! 2. Test it against the [`SparseMatrix`](super::SparseMatrix) with the same entries.
//!
//! **Source:** Saad 2003, section 4.1 (splittings).

/// A symmetric matrix with positive diagonal.
pub trait Operator {
    /// Number of unknowns.
    fn size(&self) -> usize;

    /// The diagonal entry of an unknown.
    fn diagonal(&self, unknown: usize) -> f64;

    /// `out = A x`.
    fn apply(&self, x: &[f64], out: &mut [f64]);

    /// `out = L^T x`.
    fn apply_upper(&self, x: &[f64], out: &mut [f64]);

    /// Solves `(D / omega + L) out = rhs`, first unknown first.
    fn forward(&self, omega: f64, rhs: &[f64], out: &mut [f64]);

    /// Solves `(D / omega + L^T) out = rhs`, last unknown first.
    fn backward(&self, omega: f64, rhs: &[f64], out: &mut [f64]);

    /// `out = D x`.
    fn scale(&self, x: &[f64], out: &mut [f64]) {
        for (unknown, (it, value)) in out.iter_mut().zip(x).enumerate() {
            *it = self.diagonal(unknown) * value;
        }
    }

    /// `out = (1 / omega - 1) D x - L^T x`: the residual that a step `x` of SOR leaves.
    fn relax_residual(&self, omega: f64, x: &[f64], out: &mut [f64]) {
        self.apply_upper(x, out);
        let share = 1.0 / omega - 1.0;
        for (unknown, (it, value)) in out.iter_mut().zip(x).enumerate() {
            *it = share * self.diagonal(unknown) * value - *it;
        }
    }
}

/// `b - A x`.
pub(crate) fn residual(matrix: &dyn Operator, b: &[f64], x: &[f64], out: &mut [f64]) {
    matrix.apply(x, out);
    out.iter_mut().zip(b).for_each(|(it, right)| *it = right - *it);
}

/// Inner product; four partial sums, so that the processor need not wait for each addition.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    let (a, b) = (left.as_chunks::<8>(), right.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (x, y) in a.0.iter().zip(b.0) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a.1.iter().zip(b.1).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f64>() + rest
}

pub(crate) fn norm(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}

/// `y += a x`.
pub(crate) fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(it, value)| *it += a * value);
}
