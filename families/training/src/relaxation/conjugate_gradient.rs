//! Conjugate gradients, plain and preconditioned by SSOR.
//!
//! Preconditioner `W = (D + omega L) D^-1 (D + omega L^T) / (omega (2 - omega))`, applied by one
//! pass forward and one back, `W^-1 r = (2 - omega) / omega U^-1 D F^-1 r` with `F = D / omega + L`
//! and `U = F^T`. Stops when `|r| <= tolerance |b|`, from the given start, which may take no
//! iteration; a residual that seems small enough is computed anew before it is believed. O(entries)
//! per iteration.
//!
//! **Source:** Axelsson 1994, section 7.4; the counting is that of MATLAB's `pcg`, which the
//! published script calls.

use super::error::{RelaxationError, check_omega, check_vector};
use super::operator::{Operator, add_scaled, dot, norm, residual};
use super::solve::{DIVERGED, End, Limits, Solved};

/// Solves `A x = b` by conjugate gradients from the given `x`, which receives the answer.
///
/// # Errors
/// When a vector has the wrong length or is not finite, or a direction has no positive curvature.
pub fn cg(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    limits: &Limits,
) -> Result<Solved, RelaxationError> {
    iterate(matrix, b, x, limits, |r, z| z.copy_from_slice(r))
}

/// Solves `A x = b` by conjugate gradients with SSOR, from the given `x`, which receives the
/// answer.
///
/// # Errors
/// As [`cg`], and when omega is not strictly between 0 and 2.
pub fn ssor_pcg(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    omega: f64,
    limits: &Limits,
) -> Result<Solved, RelaxationError> {
    check_omega(omega)?;
    let mut half = vec![0.0; b.len()];
    let mut scaled = vec![0.0; b.len()];
    let factor = (2.0 - omega) / omega;
    iterate(matrix, b, x, limits, |r, z| {
        matrix.forward(omega, r, &mut half);
        matrix.scale(&half, &mut scaled);
        matrix.backward(omega, &scaled, z);
        z.iter_mut().for_each(|it| *it *= factor);
    })
}

fn iterate(
    matrix: &dyn Operator,
    b: &[f64],
    x: &mut [f64],
    limits: &Limits,
    mut precondition: impl FnMut(&[f64], &mut [f64]),
) -> Result<Solved, RelaxationError> {
    check_vector("right-hand side", b, matrix.size())?;
    check_vector("start", x, matrix.size())?;
    let size = norm(b);
    let ended = |iterations, end, residual| Ok(Solved { iterations, end, residual });
    if size == 0.0 {
        x.fill(0.0);
        return ended(0, End::Converged, 0.0);
    }
    let zeros = vec![0.0; b.len()];
    let [mut r, mut z, mut p, mut q] = [zeros.clone(), zeros.clone(), zeros.clone(), zeros];
    residual(matrix, b, x, &mut r);
    let mut relative = norm(&r) / size;
    if relative <= limits.tolerance() {
        return ended(0, End::Converged, relative);
    }
    let mut before = 1.0;
    for iteration in 1..=limits.iterations() {
        precondition(&r, &mut z);
        let product = dot(&r, &z);
        let beta = if iteration == 1 { 0.0 } else { product / before };
        p.iter_mut().zip(&z).for_each(|(it, z)| *it = z + beta * *it);
        before = product;
        matrix.apply(&p, &mut q);
        let curvature = dot(&p, &q);
        if curvature <= 0.0 {
            return Err(RelaxationError::Indefinite { iteration, found: curvature });
        }
        let alpha = product / curvature;
        add_scaled(x, alpha, &p);
        add_scaled(&mut r, -alpha, &q);
        relative = norm(&r) / size;
        if relative <= limits.tolerance() {
            residual(matrix, b, x, &mut r);
            relative = norm(&r) / size;
            if relative <= limits.tolerance() {
                return ended(iteration, End::Converged, relative);
            }
        }
        if !relative.is_finite() || relative > DIVERGED {
            return ended(iteration, End::Diverged, relative);
        }
    }
    ended(limits.iterations(), End::Capped, relative)
}
