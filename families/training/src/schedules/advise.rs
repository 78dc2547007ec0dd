//! Advice before training: the member of a family with the smallest bound on the last iterate.
//!
//! A grid finds the valley, golden sections narrow it down: about 60 evaluations of the bound, each
//! O(T). The bound is about convex problems; on networks it ranks shapes, it promises no loss.
//!
//! **Source:** Schaipp et al. 2025 (the bound predicts curves of training); Kiefer 1953 (sections)

use super::bound::{Bound, Gradients};
use super::error::ScheduleError;
use super::plan::Plan;
use super::profile::Profile;
use super::run::Run;
use super::schedule::Schedule;
use super::uba::UbaForm;

/// The parameter of a family with the bound it attains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Advice {
    /// The parameter: phi or d.
    pub parameter: f64,
    /// Its bound.
    pub bound: Bound,
}

/// Points of the grid.
const GRID: usize = 13;

/// Sections after the grid.
const SECTIONS: usize = 40;

/// The phi of the budget-aware family with the smallest bound, within [0.05, 20].
///
/// # Errors
/// Those of the bound.
pub fn advise_phi(gradients: &Gradients) -> Result<Advice, ScheduleError> {
    let steps = gradients.steps() as u64;
    let schedule = |log: f64| Schedule::uba(log.exp(), steps, UbaForm::Continuous);
    let best = smallest(gradients, (0.05_f64.ln(), 20.0_f64.ln()), schedule)?;
    Ok(Advice { parameter: best.parameter.exp(), ..best })
}

/// The d of the reflected exponential family with the smallest bound, within [0, 0.99].
///
/// # Errors
/// Those of the bound.
pub fn advise_d(gradients: &Gradients) -> Result<Advice, ScheduleError> {
    let steps = gradients.steps() as u64;
    smallest(gradients, (0.0, 0.99), |d| Schedule::curve(Profile::rex(d)?, steps))
}

/// The plans in the order of their bounds, smallest first; ties stay in their order.
///
/// # Errors
/// Those of the plans over a run of this length, and of the bound.
pub fn rank_plans(
    plans: &[Plan],
    gradients: &Gradients,
) -> Result<Vec<(usize, Bound)>, ScheduleError> {
    let run = Run::of_steps(i64::try_from(gradients.steps()).unwrap_or(i64::MAX))?;
    let bound = |(index, plan): (usize, &Plan)| Ok((index, gradients.bound(&plan.over(run)?)?));
    let mut ranked: Vec<(usize, Bound)> =
        plans.iter().enumerate().map(bound).collect::<Result<_, ScheduleError>>()?;
    ranked.sort_by(|one, two| one.1.loss.total_cmp(&two.1.loss));
    Ok(ranked)
}

fn smallest(
    gradients: &Gradients,
    (low, high): (f64, f64),
    schedule: impl Fn(f64) -> Result<Schedule, ScheduleError>,
) -> Result<Advice, ScheduleError> {
    let advice = |parameter: f64| -> Result<Advice, ScheduleError> {
        Ok(Advice { parameter, bound: gradients.bound(&schedule(parameter)?)? })
    };
    let better = |one: Advice, two: Advice| if two.bound.loss < one.bound.loss { two } else { one };
    let width = (high - low) / (GRID - 1) as f64;
    let mut best = advice(low)?;
    for index in 1..GRID {
        best = better(best, advice(low + width * index as f64)?);
    }
    let (mut left, mut right) =
        ((best.parameter - width).max(low), (best.parameter + width).min(high));
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..SECTIONS / 2 {
        let (one, two) = (right - golden * (right - left), left + golden * (right - left));
        let (one, two) = (advice(one)?, advice(two)?);
        best = better(better(best, one), two);
        if one.bound.loss <= two.bound.loss {
            right = two.parameter;
        } else {
            left = one.parameter;
        }
    }
    Ok(best)
}
