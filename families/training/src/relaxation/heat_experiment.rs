//! Experiment B: SSOR-preconditioned CG along the heat equation, warm-started step by step.
//!
//! Steps of 0.001 up to time 5, tolerance 1e-8; learners see the diffusion coefficient as context.
//! The scan evaluates omega by golden section at every step (12 solves) and yields the
//! instance-optimal omega of each step and the best fixed one.
//!
//! Differences from the published script: the scan evaluates its coarse grid at the state of the
//! scan itself instead of reusing counts of the fixed runs, and moves on by the solution at the
//! least cost instead of a direct solve.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5.2 and their published script.

use super::cholesky::BandedCholesky;
use super::conjugate_gradient::{cg, ssor_pcg};
use super::error::RelaxationError;
use super::golden_section::{Sample, golden_section, interpolate, middle_of_least};
use super::heat::{Heat, HeatSystem, diffusion_range};
use super::solve::Limits;
use super::sor_experiment::{omega_grid, published_grid};
use ordine_base::{Id, Seed};
use ordine_budget::learners::{Learner, Setting, build, tsallis_inf_cb};

/// Steps of the published experiment.
pub const HEAT_STEPS: usize = 5000;
/// Length of a step.
const STEP: f64 = 0.001;
/// Bins of the binned learner.
const HEAT_BINS: usize = 6;
/// Fixed values of the published experiment.
pub const HEAT_FIXED: [f64; 5] = [1.0, 1.3, 1.5, 1.75, 1.95];
/// Solves per step of the scan.
const EVALUATIONS: usize = 12;

/// How a step is solved.
#[derive(Clone, Debug, PartialEq)]
pub enum HeatPolicy {
    /// Without preconditioner.
    PlainCg,
    /// By a direct solve; costs no iteration.
    Direct,
    /// With this omega.
    Fixed(f64),
    /// With one omega per step.
    PerStep(Vec<f64>),
    /// By a learner of this name, told the coefficient at the step's start.
    Learned(String),
    /// By a learner of this name, told the coefficient with which the step is computed.
    LearnedHalfStep(String),
}

/// What a run paid.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatRun {
    /// Iterations of each step.
    pub iterations: Vec<u32>,
    /// Omega of each step; NaN where none was used.
    pub omegas: Vec<f64>,
    /// Temperatures at the end.
    pub temperature: Vec<f64>,
}

impl HeatRun {
    /// Sum of iterations.
    pub fn total(&self) -> u64 {
        self.iterations.iter().map(|&it| u64::from(it)).sum()
    }
}

/// Runs `steps` steps on a grid of `cells x cells`.
///
/// # Errors
/// When the grid has no point inside, an omega is out of range, a learner unknown or omegas
/// missing.
pub fn heat_run(
    cells: usize,
    steps: usize,
    policy: &HeatPolicy,
    seed: Seed,
) -> Result<HeatRun, RelaxationError> {
    let mut heat = Heat::new(cells, STEP)?;
    let mut chooser = Chooser::new(policy, steps, seed)?;
    let limits = Limits::published();
    let mut run = HeatRun { iterations: Vec::new(), omegas: Vec::new(), temperature: Vec::new() };
    for step in 0..steps {
        let HeatSystem { matrix, right } = heat.system()?;
        let mut u = heat.temperature().to_vec();
        let omega = chooser.omega(&heat, step)?;
        let iterations = match policy {
            HeatPolicy::PlainCg => cg(&matrix, &right, &mut u, &limits)?.iterations,
            HeatPolicy::Direct => {
                u = BandedCholesky::new(&matrix.to_sparse())?.solve(&right)?;
                0
            }
            _ => ssor_pcg(&matrix, &right, &mut u, omega, &limits)?.iterations,
        };
        chooser.observe(iterations)?;
        run.iterations.push(iterations);
        run.omegas.push(omega);
        heat.advance(u);
    }
    run.temperature = heat.temperature().to_vec();
    Ok(run)
}

/// Turns a policy into omegas.
struct Chooser<'a> {
    policy: &'a HeatPolicy,
    grid: Vec<f64>,
    learner: Option<Box<dyn Learner>>,
    arm: Option<ordine_budget::learners::ArmId>,
}

impl<'a> Chooser<'a> {
    fn new(policy: &'a HeatPolicy, steps: usize, seed: Seed) -> Result<Self, RelaxationError> {
        let grid = published_grid();
        let range = diffusion_range(STEP * HEAT_STEPS as f64, HEAT_STEPS)?;
        let setting = Setting { arms: grid.len(), range, seed };
        let learner = match policy {
            HeatPolicy::Learned(name) | HeatPolicy::LearnedHalfStep(name) => {
                Some(match name.as_str() {
                    "tsallis-inf-cb" => tsallis_inf_cb(HEAT_BINS, &setting)?,
                    name => build(name, &setting)?,
                })
            }
            HeatPolicy::PerStep(omegas) if omegas.len() < steps => {
                let (expected, found) = (format!("{steps} omegas"), omegas.len());
                return Err(RelaxationError::parameter("omegas per step", expected, found));
            }
            _ => None,
        };
        Ok(Chooser { policy, grid, learner, arm: None })
    }

    fn omega(&mut self, heat: &Heat, step: usize) -> Result<f64, RelaxationError> {
        let context = match self.policy {
            HeatPolicy::LearnedHalfStep(_) => heat.half_step_context(),
            _ => heat.context(),
        };
        if let Some(learner) = &mut self.learner {
            let arm = learner.suggest(context)?;
            self.arm = Some(arm);
            return Ok(self.grid[arm.index()]);
        }
        Ok(match self.policy {
            HeatPolicy::Fixed(omega) => *omega,
            HeatPolicy::PerStep(omegas) => omegas[step],
            _ => f64::NAN,
        })
    }

    fn observe(&mut self, iterations: u32) -> Result<(), RelaxationError> {
        if let (Some(learner), Some(arm)) = (&mut self.learner, self.arm) {
            learner.observe(arm, f64::from(iterations))?;
        }
        Ok(())
    }
}

/// What the scan found.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatScan {
    /// The best omega of each step.
    pub best: Vec<f64>,
    /// The omega with the least mean of interpolated costs.
    pub best_fixed: f64,
}

/// Scans omega at every step.
///
/// # Errors
/// When the grid has no point inside.
pub fn heat_scan(cells: usize, steps: usize) -> Result<HeatScan, RelaxationError> {
    let mut heat = Heat::new(cells, STEP)?;
    let limits = Limits::published();
    let values = omega_grid(1.0, 1.95, 96)?;
    let mut sums = vec![0.0; values.len()];
    let mut best = Vec::with_capacity(steps);
    for _ in 0..steps {
        let HeatSystem { matrix, right } = heat.system()?;
        let mut least = (f64::INFINITY, Vec::new());
        let mut evaluate = |omega: f64| {
            let mut u = heat.temperature().to_vec();
            let solved = ssor_pcg(&matrix, &right, &mut u, omega, &limits)?;
            let cost = f64::from(solved.iterations);
            if cost < least.0 {
                least = (cost, u);
            }
            Ok(cost)
        };
        let mut start = Vec::with_capacity(HEAT_FIXED.len());
        for at in HEAT_FIXED {
            start.push(Sample { at, cost: evaluate(at)? });
        }
        let samples = golden_section(&start, EVALUATIONS, &mut evaluate)?;
        best.push(middle_of_least(&samples));
        let costs = interpolate(&samples, &values);
        sums.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost.round());
        heat.advance(least.1);
    }
    let by_sum = |a: &usize, b: &usize| sums[*a].total_cmp(&sums[*b]);
    let index = (0..values.len()).min_by(by_sum).unwrap_or(0);
    Ok(HeatScan { best, best_fixed: values[index] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_of_solving_reach_the_same_temperatures() {
        let learned = HeatPolicy::Learned("cheb-cb".to_owned());
        let half = HeatPolicy::LearnedHalfStep("tsallis-inf-cb".to_owned());
        let run = |policy: &HeatPolicy| heat_run(12, 60, policy, Seed::new(1)).expect("valid");
        let exact = run(&HeatPolicy::Direct).temperature;
        for policy in [HeatPolicy::PlainCg, HeatPolicy::Fixed(1.5), learned, half] {
            let found = run(&policy);
            assert!(found.total() > 0);
            let pairs = found.temperature.iter().zip(&exact);
            pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-6, "{policy:?}: {a} {b}"));
        }
        let short = HeatPolicy::PerStep(vec![1.5; 9]);
        assert!(heat_run(12, 10, &short, Seed::new(1)).is_err());
    }

    #[test]
    fn the_scan_is_no_worse_than_the_fixed_values() {
        let scan = heat_scan(20, 150).expect("valid");
        let total =
            |policy: HeatPolicy| heat_run(20, 150, &policy, Seed::new(1)).expect("valid").total();
        let scanned = total(HeatPolicy::PerStep(scan.best));
        let fixed = total(HeatPolicy::Fixed(scan.best_fixed));
        assert!(scanned <= fixed, "{scanned} {fixed}");
        assert!(HEAT_FIXED.iter().all(|&omega| fixed <= total(HeatPolicy::Fixed(omega)) + 5));
    }
}
