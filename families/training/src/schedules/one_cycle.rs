//! One cycle: the rate goes up and down once while the momentum does the opposite.
//!
//! Smith's form: straight from a tenth up to the peak over 45 % of the run, straight back until
//! 90 %, then down to 0. PyTorch's form: half waves of the cosine from `1 / div` up to the peak at
//! update `share T - 1`, then down to `1 / (div final_div)` at the last one. O(1) per value.
//!
//! **Source:** Smith 2018 (super-convergence); `OneCycleLR` of PyTorch (parameters and knots)

use super::error::{ScheduleError, positive, within};
use super::profile::{Between, Profile};
use super::schedule::Schedule;

/// The rate and the momentum of one cycle, both as schedules.
#[derive(Clone, Debug, PartialEq)]
pub struct OneCycle {
    /// The rate, as a factor of the peak.
    pub rate: Schedule,
    /// The momentum (of Adam the first coefficient).
    pub momentum: Schedule,
}

/// The momentum at the ends of the cycle, and at its peak.
const MOMENTUM: (f64, f64) = (0.95, 0.85);

impl OneCycle {
    /// Smith's form over this many steps.
    ///
    /// # Errors
    /// When there are no steps.
    pub fn smith(steps: u64) -> Result<Self, ScheduleError> {
        let rate = [(0.0, 0.1), (0.45, 1.0), (0.9, 0.1), (1.0, 0.0)];
        let momentum = [(0.0, MOMENTUM.0), (0.45, MOMENTUM.1), (0.9, MOMENTUM.0)];
        let curve = |points: &[(f64, f64)]| {
            Schedule::curve(Profile::points(points, Between::Linear)?, steps)
        };
        Ok(OneCycle { rate: curve(&rate)?, momentum: curve(&momentum)? })
    }

    /// PyTorch's form over this many steps: `rise` is its `pct_start`.
    ///
    /// # Errors
    /// When the rise has no step of its own or leaves none, or a divisor is not above 0.
    pub fn torch(
        steps: u64,
        rise: f64,
        div: f64,
        final_div: f64,
        between: Between,
    ) -> Result<Self, ScheduleError> {
        let top = rise * steps as f64 - 1.0;
        let last = steps as f64 - 1.0;
        let expected = "a share that gives the rise at least 1 step and leaves at least 1";
        within("rise", rise, top > 0.0 && top < last, expected)?;
        let low = 1.0 / positive("div", div)?;
        let end = low / positive("final_div", final_div)?;
        let curve = |values: [f64; 3]| {
            let points = [(0.0, values[0]), (top / last, values[1]), (1.0, values[2])];
            Schedule::inclusive(Profile::points(&points, between)?, steps)
        };
        Ok(OneCycle {
            rate: curve([low, 1.0, end])?,
            momentum: curve([MOMENTUM.0, MOMENTUM.1, MOMENTUM.0])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_torch_has_its_known_values() {
        let cycle = OneCycle::torch(100, 0.3, 25.0, 1e4, Between::Cosine).expect("valid");
        assert_eq!(cycle.rate.value(0), 0.04);
        assert_eq!(cycle.rate.value(29), 1.0);
        assert!((cycle.rate.value(99) - 4e-6).abs() < 1e-18);
        assert_eq!((cycle.momentum.value(0), cycle.momentum.value(29)), (0.95, 0.85));
    }

    #[test]
    fn the_form_of_smith_ends_at_zero() {
        let cycle = OneCycle::smith(200).expect("valid");
        let values = [0, 45, 90, 135, 180, 190].map(|step| cycle.rate.value(step));
        let expected = [0.1, 0.55, 1.0, 0.55, 0.1, 0.05];
        assert!(values.iter().zip(expected).all(|(one, two)| (one - two).abs() < 1e-15));
        assert_eq!(cycle.rate.value(200), 0.0);
        assert_eq!(cycle.momentum.value(90), 0.85);
    }

    #[test]
    fn a_rise_without_steps_is_refused() {
        assert!(OneCycle::torch(3, 0.3, 25.0, 1e4, Between::Cosine).is_err());
    }
}
