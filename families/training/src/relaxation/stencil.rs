//! The five-point stencil on a square grid, without storage.
//!
//! `(A x)_ij = center x_ij - coupling (x_(i-1)j + x_i(j-1) + x_i(j+1) + x_(i+1)j)`, zero outside,
//! unknowns row by row. O(n) per pass. The sweeps take two unknowns at once: `z_j = c_j + k
//! z_(j-1)` becomes `z_j = (c_j + k c_(j-1)) + k^2 z_(j-2)`, which halves the wait on the
//! recurrence and changes only the rounding.
//!
//! **Source:** Young 1971, section 4.2 (the model problem).

use super::error::RelaxationError;
use super::operator::Operator;
use super::sparse::{SparseMatrix, check_diagonal};
use sprs::TriMat;

/// A constant five-point stencil on `side x side` unknowns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stencil {
    side: usize,
    center: f64,
    coupling: f64,
}

impl Stencil {
    /// The stencil with these entries; definite when `center > 4 |coupling|`.
    ///
    /// # Errors
    /// When the grid is empty, the center not positive, or a number not finite.
    pub fn new(side: usize, center: f64, coupling: f64) -> Result<Self, RelaxationError> {
        if side == 0 {
            return Err(RelaxationError::Empty);
        }
        check_diagonal(&[center])?;
        if !coupling.is_finite() {
            return Err(RelaxationError::parameter("coupling", "a finite number", coupling));
        }
        Ok(Stencil { side, center, coupling })
    }

    /// Four in the center, minus one beside: the Laplacian times the squared mesh width.
    ///
    /// # Errors
    /// When the grid is empty.
    pub fn laplacian(side: usize) -> Result<Self, RelaxationError> {
        Stencil::new(side, 4.0, 1.0)
    }

    /// `A + shift I`.
    ///
    /// # Errors
    /// When the center would not be positive.
    pub fn shifted(&self, shift: f64) -> Result<Self, RelaxationError> {
        Stencil::new(self.side, self.center + shift, self.coupling)
    }

    /// Unknowns along a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Spectral radius of Jacobi's iteration, `4 coupling / center cos(pi / (side + 1))`.
    pub fn jacobi_radius(&self) -> f64 {
        let angle = std::f64::consts::PI / (self.side + 1) as f64;
        4.0 * self.coupling.abs() / self.center * angle.cos()
    }

    /// The same matrix with stored entries.
    pub fn to_sparse(&self) -> SparseMatrix {
        let size = self.size();
        let mut triplets = TriMat::with_capacity((size, size), 5 * size);
        for row in 0..size {
            triplets.add_triplet(row, row, self.center);
            let right = (row + 1 < size && (row + 1) % self.side != 0).then_some(row + 1);
            let below = (row + self.side < size).then_some(row + self.side);
            for other in right.into_iter().chain(below) {
                triplets.add_triplet(row, other, -self.coupling);
                triplets.add_triplet(other, row, -self.coupling);
            }
        }
        SparseMatrix::new(&triplets.to_csr()).expect("symmetric with a positive center")
    }

    /// `out = center x - coupling (neighbors of x)`, by rows; any signs.
    pub(crate) fn multiply(side: usize, center: f64, coupling: f64, x: &[f64], out: &mut [f64]) {
        let zeros = vec![0.0; side];
        for row in 0..side {
            let here = &x[row * side..(row + 1) * side];
            let above = if row == 0 { &zeros } else { &x[(row - 1) * side..row * side] };
            let next = (row + 1) * side;
            let below = if row + 1 == side { &zeros } else { &x[next..next + side] };
            let out = &mut out[row * side..next];
            for (((it, x), up), down) in out.iter_mut().zip(here).zip(above).zip(below) {
                *it = center * x - coupling * (up + down);
            }
            for (it, left) in out[1..].iter_mut().zip(here) {
                *it -= coupling * left;
            }
            for (it, right) in out.iter_mut().zip(&here[1..]) {
                *it -= coupling * right;
            }
        }
    }
}

/// `z_j = c_j + k z_(j-1)` in place, from the first to the last.
fn recur_forward(z: &mut [f64], k: f64) {
    let square = k * k;
    let mut last = 0.0;
    let (pairs, rest) = z.as_chunks_mut::<2>();
    for [first, second] in pairs {
        let lookahead = *second + k * *first;
        *first += k * last;
        last = lookahead + square * last;
        *second = last;
    }
    for it in rest {
        *it += k * last;
    }
}

/// `z_j = c_j + k z_(j+1)` in place, from the last to the first.
fn recur_backward(z: &mut [f64], k: f64) {
    let square = k * k;
    let mut last = 0.0;
    let (rest, pairs) = z.as_rchunks_mut::<2>();
    for [second, first] in pairs.iter_mut().rev() {
        let lookahead = *second + k * *first;
        *first += k * last;
        last = lookahead + square * last;
        *second = last;
    }
    for it in rest {
        *it += k * last;
    }
}

impl Operator for Stencil {
    fn size(&self) -> usize {
        self.side * self.side
    }

    fn diagonal(&self, _unknown: usize) -> f64 {
        self.center
    }

    fn apply(&self, x: &[f64], out: &mut [f64]) {
        Stencil::multiply(self.side, self.center, self.coupling, x, out);
    }

    fn apply_upper(&self, x: &[f64], out: &mut [f64]) {
        self.relax(0.0, x, out);
        out.iter_mut().for_each(|it| *it = -*it);
    }

    fn forward(&self, omega: f64, rhs: &[f64], out: &mut [f64]) {
        let (side, weight) = (self.side, omega / self.center);
        let k = weight * self.coupling;
        for row in 0..side {
            let (before, rest) = out.split_at_mut(row * side);
            let (here, right) = (&mut rest[..side], &rhs[row * side..(row + 1) * side]);
            if row == 0 {
                here.iter_mut().zip(right).for_each(|(it, right)| *it = weight * right);
            } else {
                let above = &before[(row - 1) * side..];
                for ((it, right), up) in here.iter_mut().zip(right).zip(above) {
                    *it = weight * right + k * up;
                }
            }
            recur_forward(here, k);
        }
    }

    fn backward(&self, omega: f64, rhs: &[f64], out: &mut [f64]) {
        let (side, weight) = (self.side, omega / self.center);
        let k = weight * self.coupling;
        for row in (0..side).rev() {
            let (rest, after) = out.split_at_mut((row + 1) * side);
            let (here, right) = (&mut rest[row * side..], &rhs[row * side..(row + 1) * side]);
            if row + 1 == side {
                here.iter_mut().zip(right).for_each(|(it, right)| *it = weight * right);
            } else {
                for ((it, right), down) in here.iter_mut().zip(right).zip(after.iter()) {
                    *it = weight * right + k * down;
                }
            }
            recur_backward(here, k);
        }
    }

    fn scale(&self, x: &[f64], out: &mut [f64]) {
        out.iter_mut().zip(x).for_each(|(it, value)| *it = self.center * value);
    }

    fn relax_residual(&self, omega: f64, x: &[f64], out: &mut [f64]) {
        self.relax((1.0 / omega - 1.0) * self.center, x, out);
    }
}

impl Stencil {
    /// `out = share x - L^T x`.
    fn relax(&self, share: f64, x: &[f64], out: &mut [f64]) {
        let (side, coupling) = (self.side, self.coupling);
        for row in 0..side {
            let next = (row + 1) * side;
            let (here, below) = (&x[row * side..next], &x[next..]);
            let out = &mut out[row * side..next];
            let last = side - 1;
            if below.is_empty() {
                out.iter_mut().zip(here).for_each(|(it, x)| *it = share * x);
            } else {
                for ((it, x), down) in out.iter_mut().zip(here).zip(below) {
                    *it = share * x + coupling * down;
                }
            }
            for (it, right) in out[..last].iter_mut().zip(&here[1..]) {
                *it += coupling * right;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;
    use ordine_budget::learners::standard_normal;

    #[test]
    fn every_pass_is_that_of_the_stored_matrix() {
        let mut stream = Seed::new(2).stream("vectors");
        for side in [1, 2, 3, 4, 7, 10] {
            let stencil = Stencil::new(side, 4.3, 0.9).expect("valid");
            let sparse = stencil.to_sparse();
            let x: Vec<f64> = (0..side * side).map(|_| standard_normal(&mut stream)).collect();
            let pass = |matrix: &dyn Operator| {
                let mut outs = vec![vec![0.0; x.len()]; 6];
                matrix.apply(&x, &mut outs[0]);
                matrix.apply_upper(&x, &mut outs[1]);
                matrix.forward(1.3, &x, &mut outs[2]);
                matrix.backward(1.3, &x, &mut outs[3]);
                matrix.scale(&x, &mut outs[4]);
                matrix.relax_residual(1.3, &x, &mut outs[5]);
                outs.concat()
            };
            let pairs = pass(&stencil).into_iter().zip(pass(&sparse));
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{side}: {a} {b}"));
        }
        assert!(Stencil::new(0, 4.0, 1.0).is_err() && Stencil::new(3, -1.0, 1.0).is_err());
    }
}
