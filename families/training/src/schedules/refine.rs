//! Refinement: the schedule that the gradient norms of an earlier run call for.
//!
//! With weights `w_t = G_t^-p` (p = 2 for SGD with l2 norms, 1 for Adam with l1 norms) the refined
//! schedule is `s_t = w_t sum_{k > t} w_k`, divided by its maximum: flat norms give linear decay,
//! norms that fall early a warm-up, norms that rise at the end a faster decay. Norms are cleaned,
//! resampled to 10 000 points when there are fewer, and smoothed by a running median over a tenth
//! of the run. O(n log n).
//!
//! The maximum is 1 by construction: tune the base rate again, starting from that of linear decay.
//! Runs of fewer than 200 steps are not resampled; their window is at least 3.
//!
//! ```
//! use ordine_training::schedules::{Optimizer, Refinement, Run, refine};
//!
//! # fn main() -> Result<(), ordine_training::schedules::ScheduleError> {
//! let norms: Vec<f64> = (0..1000).map(|step| 1.0 + 9.0 * (-0.02 * step as f64).exp()).collect();
//! let refined = refine(&norms, &Refinement::new(Optimizer::Sgd))?;
//! let schedule = refined.over(Run::of_steps(20_000)?)?;
//! assert!(schedule.value(0) < 0.1, "norms that fall early call for a warm-up");
//! assert_eq!(schedule.horizon(), Some(20_000));
//! # Ok(())
//! # }
//! ```
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023, section 3 (closed form and algorithm)

use super::bound::Gradients;
use super::error::{ScheduleError, positive, share};
use super::median::running_median;
use super::minimize::minimize_bound;
use super::norms::{Norm, resampled, usable_norms};
use super::plan::Plan;
use super::profile::Profile;
use super::run::Run;
use super::schedule::Schedule;

/// Points that shorter runs are resampled to.
const RESAMPLED: usize = 10_000;

/// Runs below this length are taken as they are.
const SHORT: usize = 200;

/// Points of the numeric form: beyond, the bound changes little and the search costs much.
const NUMERIC_POINTS: usize = 1000;

/// The optimizer of the run, which decides norm and weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimizer {
    /// Stochastic gradient descent, with or without momentum.
    Sgd,
    /// Adam, AdamW and other methods with a rate per coordinate.
    Adam,
}

impl Optimizer {
    /// The norm that is recorded for it.
    pub fn norm(self) -> Norm {
        match self {
            Optimizer::Sgd => Norm::L2,
            Optimizer::Adam => Norm::L1,
        }
    }

    /// The power of the weights.
    pub fn power(self) -> f64 {
        match self {
            Optimizer::Sgd => 2.0,
            Optimizer::Adam => 1.0,
        }
    }
}

/// How the schedule follows from the norms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Weights and their tails.
    Closed,
    /// The minimum of the bound on the last iterate.
    Numeric,
}

/// The parameters of refinement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refinement {
    /// Power of the weights.
    pub power: f64,
    /// Share of the run that the median looks at; 0 leaves the norms as they are.
    pub tau: f64,
    /// Values that are left out at both ends.
    pub trim: usize,
    /// How the schedule follows.
    pub form: Form,
}

impl Refinement {
    /// The parameters of the paper.
    pub fn new(optimizer: Optimizer) -> Self {
        Refinement { power: optimizer.power(), tau: 0.1, trim: 0, form: Form::Closed }
    }
}

/// A refined schedule, before the number of steps is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Refined {
    /// Evenly spaced values, the largest 1, the last 0.
    pub values: Vec<f64>,
    /// What stands out.
    pub report: RefinedReport,
}

/// What stands out in a refined schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RefinedReport {
    /// Share of the run before the maximum: its warm-up.
    pub warmup: f64,
    /// Place of the maximum among the values.
    pub largest_at: usize,
    /// Mean of the values.
    pub area: f64,
    /// The exponent a of `(1 - z')^a` that fits the decay after the maximum best, z' being the
    /// share of the decay that is over.
    pub decay_exponent: f64,
    /// Norms that were used.
    pub norms: usize,
    /// Window of the median, in points.
    pub window: usize,
}

/// Refines a schedule from the norms of an earlier run.
///
/// # Errors
/// When norms are refused (no numbers, too few, collapsed), or a parameter is out of its range.
pub fn refine(norms: &[f64], parameters: &Refinement) -> Result<Refined, ScheduleError> {
    let tau = share("tau", parameters.tau)?;
    let mut smooth = usable_norms(norms, parameters.trim)?;
    let used = smooth.len();
    if (SHORT..RESAMPLED).contains(&smooth.len()) {
        smooth = resampled(&smooth, RESAMPLED);
    }
    let window = median_window(tau, smooth.len());
    if tau > 0.0 {
        smooth = running_median(&smooth, window);
    }
    let values = match parameters.form {
        Form::Closed => closed_form(&smooth, parameters.power)?,
        Form::Numeric => numeric_form(&smooth)?,
    };
    let report = report(&values, used, window);
    Ok(Refined { values, report })
}

/// The window of the paper: odd, and at least 3 for short runs.
fn median_window(tau: f64, count: usize) -> usize {
    let window = 2 * ((tau * count as f64).floor() as usize / 2) + 1;
    if count < SHORT { window.max(3) } else { window }
}

/// The refined schedule of exactly these norms: `s_t = w_t sum_{k > t} w_k`, divided by its
/// maximum. Norms are taken relative to their smallest, so that their unit does not matter.
///
/// # Errors
/// When a norm is not a finite number above 0, there are fewer than 2, or the power is not above 0.
pub fn closed_form(norms: &[f64], power: f64) -> Result<Vec<f64>, ScheduleError> {
    let power = positive("power", power)?;
    let bad = norms.iter().enumerate().find(|(_, it)| !it.is_finite() || **it <= 0.0);
    if let Some((index, &found)) = bad {
        return Err(ScheduleError::Norm { index, found });
    }
    if norms.len() < 2 {
        return Err(ScheduleError::FewNorms { found: norms.len(), expected: 2 });
    }
    let least = norms.iter().copied().fold(f64::INFINITY, f64::min);
    let mut values: Vec<f64> = norms.iter().map(|norm| (least / norm).powf(power)).collect();
    let mut tail = 0.0;
    for value in values.iter_mut().rev() {
        let weight = *value;
        *value = weight * tail;
        tail += weight;
    }
    let largest = values.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 {
        return Err(ScheduleError::Collapsed { zeros: norms.len() - 1, total: norms.len() });
    }
    values.iter_mut().for_each(|value| *value /= largest);
    Ok(values)
}

fn numeric_form(norms: &[f64]) -> Result<Vec<f64>, ScheduleError> {
    let count = norms.len().min(NUMERIC_POINTS);
    let largest = norms.iter().copied().fold(0.0, f64::max);
    let relative: Vec<f64> = norms.iter().map(|norm| norm / largest).collect();
    let mut rates = minimize_bound(&Gradients::resampled(&relative, count, 1.0)?)?.rates;
    let largest = rates.iter().copied().fold(0.0, f64::max);
    rates.iter_mut().for_each(|rate| *rate /= largest);
    rates.push(0.0);
    Ok(rates)
}

fn report(values: &[f64], norms: usize, window: usize) -> RefinedReport {
    let last = values.len() - 1;
    let largest_at = (0..=last).fold(0, |at, it| if values[it] > values[at] { it } else { at });
    let (mut above, mut below) = (0.0, 0.0);
    for (index, value) in values.iter().enumerate().skip(largest_at + 1) {
        let left = (last - index) as f64 / (last - largest_at) as f64;
        if *value > 0.0 && left > 0.0 {
            above += value.ln() * left.ln();
            below += left.ln() * left.ln();
        }
    }
    RefinedReport {
        warmup: largest_at as f64 / last as f64,
        largest_at,
        area: values.iter().sum::<f64>() / values.len() as f64,
        decay_exponent: if below > 0.0 { above / below } else { 1.0 },
        norms,
        window,
    }
}

impl Refined {
    /// The shape as a profile.
    ///
    /// # Errors
    /// Never for values that refinement gave.
    pub fn profile(&self) -> Result<Profile, ScheduleError> {
        Profile::table(&self.values)
    }

    /// The shape as a plan, which can be printed and saved.
    ///
    /// # Errors
    /// Never for values that refinement gave.
    pub fn plan(&self) -> Result<Plan, ScheduleError> {
        let values: Vec<String> = self.values.iter().map(|value| format!("{value:?}")).collect();
        format!("table(values=[{}])", values.join(", ")).parse()
    }

    /// The schedule of a run of any length.
    ///
    /// # Errors
    /// When the run has no steps.
    pub fn over(&self, run: Run) -> Result<Schedule, ScheduleError> {
        run.curve(self.profile()?)
    }
}
