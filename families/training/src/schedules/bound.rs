//! The bound on the last iterate: ranks any schedule before training.
//!
//! `F(lambda) = (D^2 + sum_t q_t) / (2 S_1)
//!            + 1/2 sum_{k<T} lambda_k / (S_k S_{k+1}) sum_{t>=k} q_t`,
//! with `q_t = lambda_t^2 G_t^2` and `S_k = sum_{t>=k} lambda_t`. Summation by parts turns it into
//! `D^2 / (2 S_1) + 1/2 (sum_{k<T} q_k / S_{k+1} + q_T / S_T)`: one pass from the end, O(T).
//!
//! For a shape s the best scale c of `lambda = c s` is known: with A the half sum of above,
//! `F = D sqrt(2 A / S_1)` at `c = D / sqrt(2 A S_1)`. Steps of rate 0 at the end do not move the
//! iterate and are left out.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023, bound of the numeric refinement

use super::error::{ScheduleError, not_negative, positive, within};
use super::norms::resampled;
use super::schedule::Schedule;

/// What the bound says about a schedule under its best base rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Bound on the excess loss of the last iterate.
    pub loss: f64,
    /// The base rate that attains it.
    pub rate: f64,
}

/// The gradients that a bound is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    squares: Vec<f64>,
    distance: f64,
}

impl Gradients {
    /// Norms of every step of a run that starts at this distance from the solution.
    ///
    /// # Errors
    /// When there are no norms, one is negative or not finite, or the distance is not above 0.
    pub fn new(norms: &[f64], distance: f64) -> Result<Self, ScheduleError> {
        let bad = norms.iter().enumerate().find(|(_, it)| !it.is_finite() || **it < 0.0);
        if let Some((index, &found)) = bad {
            return Err(ScheduleError::Norm { index, found });
        }
        if norms.is_empty() {
            return Err(ScheduleError::FewNorms { found: 0, expected: 1 });
        }
        let squares = norms.iter().map(|norm| norm * norm).collect();
        Ok(Gradients { squares, distance: positive("distance", distance)? })
    }

    /// Norms of a run of other length, resampled to this one.
    ///
    /// # Errors
    /// Those of [`Gradients::new`], and a run without steps.
    pub fn resampled(norms: &[f64], steps: usize, distance: f64) -> Result<Self, ScheduleError> {
        within("steps", steps as f64, steps >= 1, "at least 1")?;
        Gradients::new(norms, distance)?;
        Gradients::new(&resampled(norms, steps), distance)
    }

    /// Norm 1 at every step, distance 1: the case without a log.
    ///
    /// # Errors
    /// When there are no steps.
    pub fn unit(steps: usize) -> Result<Self, ScheduleError> {
        Gradients::new(&vec![1.0; steps], 1.0)
    }

    /// Steps of the run.
    pub fn steps(&self) -> usize {
        self.squares.len()
    }

    pub(crate) fn squares(&self) -> &[f64] {
        &self.squares
    }

    pub(crate) fn distance(&self) -> f64 {
        self.distance
    }

    /// The bound for exactly these rates.
    ///
    /// # Errors
    /// When there is not one rate for each step, one is negative, or all are zero.
    pub fn bound_of_rates(&self, rates: &[f64]) -> Result<f64, ScheduleError> {
        let (sum, half) = self.parts(rates)?;
        Ok(self.distance * self.distance / (2.0 * sum) + half)
    }

    /// The bound for a shape under its best base rate.
    ///
    /// # Errors
    /// Those of [`Gradients::bound_of_rates`].
    pub fn bound_of_shape(&self, shape: &[f64]) -> Result<Bound, ScheduleError> {
        let (sum, half) = self.parts(shape)?;
        let loss = self.distance * (2.0 * half / sum).sqrt();
        Ok(Bound { loss, rate: self.distance / (2.0 * half * sum).sqrt() })
    }

    /// The bound for a schedule under its best base rate.
    ///
    /// # Errors
    /// Those of [`Gradients::bound_of_rates`].
    pub fn bound(&self, schedule: &Schedule) -> Result<Bound, ScheduleError> {
        self.bound_of_shape(&schedule.values(self.steps()))
    }

    /// The sum of all rates, and the half sum of squares over tails.
    fn parts(&self, rates: &[f64]) -> Result<(f64, f64), ScheduleError> {
        if rates.len() != self.squares.len() {
            let expected = "one for each norm";
            return Err(ScheduleError::Count { name: "rates", found: rates.len(), expected });
        }
        for &rate in rates {
            not_negative("rate", rate)?;
        }
        let used = rates.iter().rposition(|rate| *rate > 0.0).map_or(0, |last| last + 1);
        let Some(last) = used.checked_sub(1) else {
            return Err(ScheduleError::Parameter {
                name: "largest rate",
                found: 0.0,
                expected: "above 0",
            });
        };
        let (mut tail, mut half) = (rates[last], rates[last] * self.squares[last] / 2.0);
        for (rate, square) in rates[..last].iter().zip(&self.squares).rev() {
            half += rate * rate * square / (2.0 * tail);
            tail += rate;
        }
        Ok((tail, half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bound as it is printed.
    fn as_printed(rates: &[f64], norms: &[f64], distance: f64) -> f64 {
        let count = rates.len();
        let tail = |k: usize| rates[k..].iter().sum::<f64>();
        let squares = |k: usize| -> f64 { (k..count).map(|t| (rates[t] * norms[t]).powi(2)).sum() };
        let first = (distance * distance + squares(0)) / (2.0 * tail(0));
        let rest: f64 =
            (0..count - 1).map(|k| rates[k] / (tail(k) * tail(k + 1)) * squares(k)).sum();
        first + rest / 2.0
    }

    #[test]
    fn one_pass_equals_the_printed_form() {
        let mut stream = ordine_base::Seed::new(1).stream("bound");
        for count in 1..40 {
            let rates: Vec<f64> = (0..count).map(|_| 0.01 + stream.unit()).collect();
            let norms: Vec<f64> = (0..count).map(|_| 5.0 * stream.unit()).collect();
            let gradients = Gradients::new(&norms, 1.5).expect("valid");
            let found = gradients.bound_of_rates(&rates).expect("valid");
            let expected = as_printed(&rates, &norms, 1.5);
            assert!((found - expected).abs() < 1e-11 * expected, "{found} is not {expected}");
            let best = gradients.bound_of_shape(&rates).expect("valid");
            let scaled: Vec<f64> = rates.iter().map(|rate| rate * best.rate).collect();
            let at_best = gradients.bound_of_rates(&scaled).expect("valid");
            assert!((at_best - best.loss).abs() < 1e-12 * best.loss);
            assert!(best.loss <= found * (1.0 + 1e-12));
        }
    }

    #[test]
    fn rates_that_are_no_rates_are_refused() {
        let gradients = Gradients::unit(3).expect("valid");
        assert!(gradients.bound_of_rates(&[1.0, 1.0]).is_err());
        assert!(gradients.bound_of_rates(&[0.0, 0.0, 0.0]).is_err());
        assert!(gradients.bound_of_rates(&[1.0, -1.0, 0.0]).is_err());
        assert!(Gradients::new(&[1.0, f64::NAN], 1.0).is_err());
        assert!(Gradients::new(&[], 1.0).is_err());
    }
}
