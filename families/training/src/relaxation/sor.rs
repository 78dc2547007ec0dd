//! Successive over-relaxation, and its symmetric form.
//!
//! SOR: `M = D / omega + L`, `x <- x + M^-1 (b - A x)`, until `|r| / |r_0| < tolerance`, counting
//! the steps. With `dx = M^-1 r` the next residual is `(1/omega - 1) D dx - L^T dx`, so a step
//! costs two half passes; the residual is computed anew before convergence is believed. SSOR
//! follows each step by one with `L^T` in place of L, and counts both as one iteration. O(entries)
//! per iteration.
//!
//! Differences from the published script: a start without residual counts as 0 iterations.
//!
//! **Source:** Young 1971, chapter 3; Khodak, Chow, Balcan, Talwalkar 2024, section 2.1.

use super::error::{RelaxationError, check_omega, check_vector};
use super::operator::{Operator, add_scaled, norm, residual};
use super::solve::{DIVERGED, End, Limits, Solved};

/// Solves `A x = b` by SOR from the given `x`, which receives the answer.
///
/// # Errors
/// When omega is not strictly between 0 and 2, or a vector has the wrong length or is not finite.
pub fn sor(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    omega: f64,
    limits: &Limits,
) -> Result<Solved, RelaxationError> {
    relax(matrix, b, x, omega, limits, |r, dx| {
        matrix.forward(omega, r, dx);
        matrix.relax_residual(omega, dx, r);
    })
}

/// Solves `A x = b` by SSOR from the given `x`, which receives the answer.
///
/// # Errors
/// When omega is not strictly between 0 and 2, or a vector has the wrong length or is not finite.
pub fn ssor(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    omega: f64,
    limits: &Limits,
) -> Result<Solved, RelaxationError> {
    let mut half = vec![0.0; b.len()];
    let mut passed = vec![0.0; b.len()];
    relax(matrix, b, x, omega, limits, |r, dx| {
        matrix.forward(omega, r, &mut half);
        matrix.relax_residual(omega, &half, r);
        matrix.backward(omega, r, dx);
        matrix.apply(dx, &mut passed);
        r.iter_mut().zip(&passed).for_each(|(it, passed)| *it -= passed);
        add_scaled(dx, 1.0, &half);
    })
}

/// Repeats `step`, which turns a residual into the step taken and the residual left.
fn relax(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    omega: f64,
    limits: &Limits,
    mut step: impl FnMut(&mut [f64], &mut [f64]),
) -> Result<Solved, RelaxationError> {
    check_omega(omega)?;
    check_vector("right-hand side", b, matrix.size())?;
    check_vector("start", x, matrix.size())?;
    let (mut r, mut dx) = (vec![0.0; b.len()], vec![0.0; b.len()]);
    residual(matrix, b, x, &mut r);
    let start = norm(&r);
    if start == 0.0 {
        return Ok(Solved { iterations: 0, end: End::Converged, residual: 0.0 });
    }
    let mut relative = 1.0;
    for iterations in 1..=limits.iterations() {
        step(&mut r, &mut dx);
        add_scaled(x, 1.0, &dx);
        relative = norm(&r) / start;
        if relative < limits.tolerance() {
            residual(matrix, b, x, &mut r);
            relative = norm(&r) / start;
            if relative < limits.tolerance() {
                return Ok(Solved { iterations, end: End::Converged, residual: relative });
            }
        }
        // NaN is not below either.
        if !relative.is_finite() || relative > DIVERGED {
            return Ok(Solved { iterations, end: End::Diverged, residual: relative });
        }
    }
    Ok(Solved { iterations: limits.iterations(), end: End::Capped, residual: relative })
}
