//! The heat equation with a diffusion that changes in time, one linear system per step.
//!
//! `u_t = kappa(t) Lap u + f` on the unit square, zero on its boundary, with `kappa(t) = max(0.1
//! sin 2 pi t, -10 sin 2 pi t)`, forcing `32 bump(x; (0.5 + cos(16 pi t) / 4, 0.5 + sin(16 pi t) /
//! 4), 1/8)`, start `bump(x; (0.5, 0.5), 1/4)` and `bump = exp(1 - 1 / (1 - min(1, |x - c|^2 /
//! r^2)))`. Crank-Nicolson, coefficient and forcing at the half step: `(I - kappa dt/2 Lap) u' = (I
//! + kappa dt/2 Lap) u + dt f`. O(n) per step.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5.2 and their published script.

use super::error::RelaxationError;
use super::stencil::Stencil;
use ordine_budget::learners::ContextRange;
use std::f64::consts::PI;

/// A simulation at some step.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Cells along a side; unknowns are the `(cells - 1)^2` points inside.
    cells: usize,
    step: f64,
    time: f64,
    temperature: Vec<f64>,
}

/// The system of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatSystem {
    /// `I - kappa dt/2 Lap`.
    pub matrix: Stencil,
    /// `(I + kappa dt/2 Lap) u + dt f`.
    pub right: Vec<f64>,
}

/// The diffusion coefficient.
pub fn diffusion(time: f64) -> f64 {
    let wave = (2.0 * PI * time).sin();
    (0.1 * wave).max(-10.0 * wave)
}

fn bump(x: [f64; 2], center: [f64; 2], radius: f64) -> f64 {
    let square = (x[0] - center[0]).powi(2) + (x[1] - center[1]).powi(2);
    let share = square / (radius * radius);
    if share >= 1.0 { 0.0 } else { (1.0 - 1.0 / (1.0 - share)).exp() }
}

impl Heat {
    /// The start on a grid of `cells x cells`, with steps of length `step`.
    ///
    /// # Errors
    /// When there is no point inside, or the step is not positive.
    pub fn new(cells: usize, step: f64) -> Result<Self, RelaxationError> {
        if cells < 2 {
            return Err(RelaxationError::parameter("cells", "2 or more", cells));
        }
        if !(step > 0.0 && step.is_finite()) {
            return Err(RelaxationError::parameter("step", "a positive number", step));
        }
        let mut heat = Heat { cells, step, time: 0.0, temperature: Vec::new() };
        heat.temperature = heat.values(|x| bump(x, [0.5, 0.5], 0.25));
        Ok(heat)
    }

    fn values(&self, value: impl Fn([f64; 2]) -> f64) -> Vec<f64> {
        let place = |index: usize| index as f64 / self.cells as f64;
        let points = (1..self.cells).flat_map(|row| (1..self.cells).map(move |it| (row, it)));
        points.map(|(row, column)| value([place(row), place(column)])).collect()
    }

    /// Temperatures at the points inside, row by row.
    pub fn temperature(&self) -> &[f64] {
        &self.temperature
    }

    /// Time passed.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// What is known before the step: the coefficient at its start.
    pub fn context(&self) -> f64 {
        diffusion(self.time)
    }

    /// The coefficient with which the step is computed, half a step later.
    pub fn half_step_context(&self) -> f64 {
        diffusion(self.time + 0.5 * self.step)
    }

    /// The system of the next step.
    ///
    /// # Errors
    /// Never for finite temperatures.
    pub fn system(&self) -> Result<HeatSystem, RelaxationError> {
        let half = self.time + 0.5 * self.step;
        let cells = self.cells as f64;
        let coupling = 0.5 * diffusion(half) * self.step * cells * cells;
        let side = self.cells - 1;
        let matrix = Stencil::new(side, 1.0 + 4.0 * coupling, coupling)?;
        let mut right = vec![0.0; side * side];
        let u = &self.temperature;
        Stencil::multiply(side, 1.0 - 4.0 * coupling, -coupling, u, &mut right);
        let angle = 16.0 * PI * half;
        let center = [0.5 + angle.cos() / 4.0, 0.5 + angle.sin() / 4.0];
        let forcing = self.values(|x| bump(x, center, 0.125));
        let weight = 32.0 * self.step;
        right.iter_mut().zip(&forcing).for_each(|(it, force)| *it += weight * force);
        Ok(HeatSystem { matrix, right })
    }

    /// Moves on to the solution of the system.
    ///
    /// # Panics
    /// When the number of temperatures differs.
    pub fn advance(&mut self, temperature: Vec<f64>) {
        assert_eq!(temperature.len(), self.temperature.len(), "one temperature per point");
        self.temperature = temperature;
        self.time += self.step;
    }
}

/// Smallest and largest coefficient over `steps` times from 0 to `stop`: what learners are told.
///
/// # Errors
/// When fewer than two times, or times without change, are asked for.
pub fn diffusion_range(stop: f64, steps: usize) -> Result<ContextRange, RelaxationError> {
    let at = |index: usize| diffusion(stop * index as f64 / (steps.max(2) - 1) as f64);
    let ends = |ends: (f64, f64), value: f64| (ends.0.min(value), ends.1.max(value));
    let (low, high) = (0..steps).map(at).fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    Ok(ContextRange::new(low, high)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::{End, Limits, ssor_pcg};

    #[test]
    fn coefficients_are_those_of_the_experiment() {
        assert!((diffusion(0.25) - 0.1).abs() < 1e-15);
        assert!((diffusion(0.75) - 10.0).abs() < 1e-12);
        let range = diffusion_range(5.0, 5000).expect("changes");
        assert!(range.low.abs() < 1e-12 && (range.high - 10.0).abs() < 1e-5);
        assert!(Heat::new(1, 0.1).is_err() && Heat::new(10, 0.0).is_err());
    }

    /// Without forcing near the center the start keeps the symmetry of the square.
    #[test]
    fn the_start_is_a_bump_in_the_middle() {
        let heat = Heat::new(20, 0.001).expect("valid");
        let u = heat.temperature();
        assert_eq!(u.len(), 19 * 19);
        assert!((u[9 * 19 + 9] - 1.0).abs() < 1e-12);
        for (row, column) in (0..19).flat_map(|row| (0..19).map(move |it| (row, it))) {
            assert!((u[row * 19 + column] - u[(18 - row) * 19 + column]).abs() < 1e-12);
            assert!((u[row * 19 + column] - u[column * 19 + row]).abs() < 1e-12);
        }
    }

    #[test]
    fn steps_solve_their_systems() {
        let mut heat = Heat::new(12, 0.001).expect("valid");
        for _ in 0..50 {
            let system = heat.system().expect("valid");
            let mut u = heat.temperature().to_vec();
            let limits = Limits::published();
            let solved = ssor_pcg(&system.matrix, &system.right, &mut u, 1.3, &limits);
            assert_eq!(solved.map(|it| it.end), Ok(End::Converged));
            heat.advance(u);
        }
        assert!((heat.time() - 0.05).abs() < 1e-12);
        assert!(heat.temperature().iter().all(|it| (0.0..=1.0).contains(it)));
    }
}
