//! Young's formulas: what omega and the spectrum of Jacobi's iteration say about SOR.
//!
//! With beta the spectral radius of `I - D^-1 A`, for consistently ordered A (a five-point stencil
//! in row order is), `omega* = 1 + (beta / (1 + sqrt(1 - beta^2)))^2`; the spectral radius of SOR
//! is `omega - 1` above omega* and `((omega beta + sqrt(omega^2 beta^2 - 4 (omega - 1))) / 2)^2`
//! below.
//!
//! **Source:** Young 1954, theorems 2.1 to 2.3; Hackbusch 2016, theorem 4.27.

use super::error::{RelaxationError, check_omega};

/// The omega with the least spectral radius.
///
/// # Errors
/// When beta is not within `[0, 1)`.
pub fn sor_optimum(beta: f64) -> Result<f64, RelaxationError> {
    check_beta(beta)?;
    Ok(1.0 + (beta / (1.0 + (1.0 - beta * beta).sqrt())).powi(2))
}

/// The spectral radius of SOR's iteration.
///
/// # Errors
/// When beta is not within `[0, 1)` or omega not strictly between 0 and 2.
pub fn sor_radius(beta: f64, omega: f64) -> Result<f64, RelaxationError> {
    check_omega(omega)?;
    if omega >= sor_optimum(beta)? {
        return Ok((omega - 1.0).abs());
    }
    let product = omega * beta;
    let root = (product * product - 4.0 * (omega - 1.0)).max(0.0).sqrt();
    Ok(((product + root) / 2.0).powi(2))
}

fn check_beta(beta: f64) -> Result<(), RelaxationError> {
    if (0.0..1.0).contains(&beta) {
        return Ok(());
    }
    Err(RelaxationError::parameter("radius of Jacobi's iteration", "0 to below 1", beta))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::Stencil;

    /// Acceptance of the specification, to 1e-4.
    #[test]
    fn optima_are_those_of_the_specification() {
        for (shift, expected) in [(0.0, 1.5604), (-0.15, 1.8536), (0.45, 1.3279)] {
            let matrix = Stencil::laplacian(10).and_then(|it| it.shifted(shift)).expect("valid");
            let found = sor_optimum(matrix.jacobi_radius()).expect("below one");
            assert!((found - expected).abs() < 1e-4, "{shift}: {found}");
        }
        let beta = Stencil::laplacian(10).expect("valid").jacobi_radius();
        assert!((beta - 0.959_493).abs() < 1e-6, "{beta}");
        assert!(sor_optimum(1.0).is_err() && sor_optimum(f64::NAN).is_err());
    }

    #[test]
    fn the_radius_is_least_at_the_optimum_and_continuous_there() {
        let optimum = sor_optimum(0.95).expect("below one");
        let radius = |omega| sor_radius(0.95, omega).expect("in range");
        assert!((radius(optimum - 1e-12) - radius(optimum)).abs() < 1e-5);
        assert!((1..199).all(|it| radius(f64::from(it) / 100.0) >= radius(optimum)));
        assert!((radius(1.0) - 0.95_f64.powi(2)).abs() < 1e-12);
    }
}
