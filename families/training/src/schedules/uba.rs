//! The unified budget-aware schedule: one parameter, phases, nodes or a continuous curve.
//!
//! `eta_t = floor + (peak - floor) 2 c / (2 phi + (2 - phi) c)` with `c = 1 + cos(theta)`; in the
//! node form `theta = (2 j - 1) pi / (2 n)` for update j = 1..n of a phase, in the continuous one
//! `theta = pi t / n`. The two differ by O(1/n). The factor is the cosine times the Chebyshev steps
//! of an interval with the ends 2 and phi, so `phi / 2` acts as a condition number. O(1) per value.
//!
//! Differences from the source: what phi the authors advise, and how they tie it to a condition
//! number, could not be read; the identity above and the bound stand in for it.
//!
//! **Source:** Tang, Dong, Zeng, Xun, Lin 2025, closed form

use super::error::{ScheduleError, within};
use super::profile::Profile;
use super::schedule::{Node, Schedule, counted};

/// Most steps of a phase that takes the node form when nothing else is said.
pub const NODES_MAX: u64 = 1000;

/// The values of phi to try when nothing is known.
pub const PHI_MENU: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 5.0];

/// Where the curve is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UbaForm {
    /// Nodes for phases up to [`NODES_MAX`] steps, continuous beyond.
    #[default]
    Automatic,
    /// At half steps, as the Chebyshev nodes of the derivation.
    Nodes,
    /// At whole steps, as other profiles.
    Continuous,
}

/// A phase with its own range: the curve starts anew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UbaPhase {
    /// Updates of the phase.
    pub steps: u64,
    /// Largest rate.
    pub peak: f64,
    /// Smallest rate.
    pub floor: f64,
}

impl Schedule {
    /// The budget-aware schedule on one phase from 1 to 0.
    ///
    /// # Errors
    /// When phi is not above 0, or there are no steps.
    pub fn uba(phi: f64, steps: u64, form: UbaForm) -> Result<Schedule, ScheduleError> {
        let curve = Schedule::curve(Profile::uba(phi)?, steps)?;
        let nodes = match form {
            UbaForm::Automatic => steps <= NODES_MAX,
            UbaForm::Nodes => true,
            UbaForm::Continuous => false,
        };
        if !nodes {
            return Ok(curve);
        }
        Ok(Schedule::new(Node::Nodes(phi, counted(steps)?), Some(steps)))
    }

    /// The budget-aware schedule on phases, one after another.
    ///
    /// # Errors
    /// When phi is not above 0, there is no phase, or a floor is above its peak.
    pub fn uba_phases(
        phi: f64,
        phases: &[UbaPhase],
        form: UbaForm,
    ) -> Result<Schedule, ScheduleError> {
        let one = |phase: &UbaPhase| {
            Schedule::uba(phi, phase.steps, form)?.between(phase.floor, phase.peak)
        };
        let Some((last, before)) = phases.split_last() else {
            let expected = "at least one phase";
            return Err(ScheduleError::Count { name: "phases", found: 0, expected });
        };
        let before: Result<Vec<_>, _> =
            before.iter().map(|phase| Ok((one(phase)?, phase.steps))).collect();
        Schedule::join(before?, one(last)?)
    }
}

/// The phi of a condition number: twice the number, within [0.25, 10].
///
/// The effective number is the ratio of the 90 % to the 50 % quantile of the Hessian's spectrum.
///
/// # Errors
/// When the number is below 1.
pub fn phi_of_condition(kappa: f64) -> Result<f64, ScheduleError> {
    let kappa = within("kappa", kappa, kappa >= 1.0, "a finite number from 1 up")?;
    Ok((2.0 * kappa).clamp(0.25, 10.0))
}

/// Successive halving: each round tries what is left with twice the budget and drops the worse
/// half. `loss(candidate, budget)` runs a trial; ties go to the earlier candidate.
///
/// # Errors
/// When there is no candidate.
pub fn successive_halving(
    candidates: &[f64],
    budget: u64,
    mut loss: impl FnMut(f64, u64) -> f64,
) -> Result<f64, ScheduleError> {
    let mut left = candidates.to_vec();
    let mut budget = budget;
    while left.len() > 1 {
        let mut tried: Vec<(f64, f64)> = left.iter().map(|&it| (loss(it, budget), it)).collect();
        let worth = |loss: f64| if loss.is_nan() { f64::INFINITY } else { loss };
        tried.sort_by(|one, two| worth(one.0).total_cmp(&worth(two.0)));
        tried.truncate(left.len().div_ceil(2));
        left = tried.into_iter().map(|(_, candidate)| candidate).collect();
        budget = budget.saturating_mul(2);
    }
    let expected = "at least one candidate";
    left.first().copied().ok_or(ScheduleError::Count { name: "candidates", found: 0, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_lie_at_half_steps() {
        let schedule = Schedule::uba(2.0, 4, UbaForm::Nodes).expect("valid");
        let expected = [0.961940, 0.691342, 0.308658, 0.038060];
        for (value, expected) in schedule.values(4).into_iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
        }
        let single = Schedule::uba(5.0, 1, UbaForm::Nodes).expect("valid");
        assert!((single.value(0) - 2.0 / 7.0).abs() < 1e-15);
    }

    #[test]
    fn phases_have_ranges_of_their_own() {
        let phases = [
            UbaPhase { steps: 10, peak: 3.0, floor: 1.0 },
            UbaPhase { steps: 20, peak: 2.0, floor: 0.5 },
        ];
        let schedule = Schedule::uba_phases(1.0, &phases, UbaForm::Continuous).expect("valid");
        assert_eq!((schedule.value(0), schedule.value(10)), (3.0, 2.0));
        assert!((schedule.value(5) - (1.0 + 2.0 * 2.0 / 3.0)).abs() < 1e-15);
        assert_eq!((schedule.horizon(), schedule.value(30)), (Some(30), 0.5));
    }

    #[test]
    fn halving_keeps_the_best_and_doubles_the_budget() {
        let mut budgets = Vec::new();
        let best = successive_halving(&PHI_MENU, 10, |phi, budget| {
            budgets.push(budget);
            (phi - 1.9).abs()
        });
        assert_eq!(best, Ok(2.0));
        assert_eq!(budgets, [10, 10, 10, 10, 10, 20, 20, 20, 40, 40]);
    }
}
