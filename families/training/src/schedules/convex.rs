//! The convex suite: small stochastic problems that rank schedules in seconds.
//!
//! Least absolute deviations `f(x) = mean |a x - b|` and logistic regression
//! `f(x) = mean log(1 + exp(-y a x))`, by stochastic (sub)gradient descent on minibatches drawn
//! with replacement. A protocol fixes steps, minibatch, seeds and the base rates that are swept;
//! what counts is the excess loss of the last iterate, averaged over seeds, at the best base rate.
//! All schedules see the same draws. O(steps x minibatch x features) per run.
//!
//! **Source:** Defazio, Cutkosky, Mehta, Mishchenko 2023 (logistic suite); Schaipp et al. 2025

use super::error::ScheduleError;
use super::plan::Plan;
use super::run::Run;
use super::schedule::Schedule;
use ordine_base::{Seed, Stream};

/// Rows of features with a target each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Numbers in a row, without the target.
    pub features: usize,
    values: Vec<f64>,
    targets: Vec<f64>,
}

impl Samples {
    /// Adds a row, the target last.
    ///
    /// # Panics
    /// When the row has another length than those before, or no feature.
    pub fn push(&mut self, row: &[f64]) {
        let (target, features) = row.split_last().expect("a row has a target");
        if self.is_empty() {
            self.features = features.len();
        }
        assert!(!features.is_empty() && features.len() == self.features, "rows have one length");
        self.values.extend_from_slice(features);
        self.targets.push(*target);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The features of a row.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.features..][..self.features]
    }

    /// The target of a row.
    pub fn target(&self, index: usize) -> f64 {
        self.targets[index]
    }

    /// A planted instance: features uniform in [-1, 1] with falling scales, a hidden solution, and
    /// a tenth of the targets far off (or of the labels flipped).
    pub fn planted(seed: Seed, rows: usize, features: usize, kind: ConvexKind) -> Self {
        let mut stream = seed.stream("planted samples");
        let mut draw = move || 2.0 * stream.unit() - 1.0;
        let hidden: Vec<f64> = (0..features).map(|_| 2.0 * draw()).collect();
        let mut samples = Samples::default();
        for index in 0..rows {
            let scale = |feature: usize| 1.0 / (1.0 + feature as f64).sqrt();
            let mut row: Vec<f64> = (0..features).map(|it| scale(it) * draw()).collect();
            let clean = dot(&row, &hidden);
            let is_off = index % 10 == 0;
            row.push(match kind {
                ConvexKind::AbsoluteDeviations => {
                    clean + if is_off { 3.0 * draw() } else { 0.1 * draw() }
                }
                ConvexKind::Logistic if (clean >= 0.0) != is_off => 1.0,
                ConvexKind::Logistic => -1.0,
            });
            samples.push(&row);
        }
        samples
    }
}

/// Which loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConvexKind {
    /// `|a x - b|`.
    AbsoluteDeviations,
    /// `log(1 + exp(-y a x))` for labels y of -1 and 1.
    Logistic,
}

/// A problem of the suite.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvexProblem {
    /// Which loss.
    pub kind: ConvexKind,
    /// The rows.
    pub samples: Samples,
    /// Every coordinate of the start.
    pub start: f64,
    /// The smallest loss.
    pub optimum: f64,
}

impl ConvexProblem {
    /// The loss over all rows.
    pub fn loss(&self, x: &[f64]) -> f64 {
        let one = |index: usize| {
            let product = dot(self.samples.row(index), x);
            match self.kind {
                ConvexKind::AbsoluteDeviations => (product - self.samples.target(index)).abs(),
                ConvexKind::Logistic => softplus(-self.samples.target(index) * product),
            }
        };
        (0..self.samples.len()).map(one).sum::<f64>() / self.samples.len() as f64
    }

    /// Adds the (sub)gradient of one row, times a factor.
    fn add_gradient(&self, index: usize, x: &[f64], factor: f64, gradient: &mut [f64]) {
        let (row, target) = (self.samples.row(index), self.samples.target(index));
        let product = dot(row, x);
        let slope = match self.kind {
            ConvexKind::AbsoluteDeviations if product == target => 0.0,
            ConvexKind::AbsoluteDeviations => (product - target).signum(),
            ConvexKind::Logistic => -target / (1.0 + (target * product).exp()),
        };
        gradient.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * slope * value);
    }

    fn minibatch_gradient(&self, size: usize, x: &[f64], stream: &mut Stream, into: &mut [f64]) {
        into.fill(0.0);
        for _ in 0..size {
            let index = stream.below(self.samples.len());
            self.add_gradient(index, x, 1.0 / size as f64, into);
        }
    }

    /// The optimum to a few digits, by descent on all rows with linear decay from several rates;
    /// for planted instances, whose optimum nobody knows.
    #[must_use]
    pub fn with_estimated_optimum(mut self, steps: usize) -> Self {
        self.optimum = f64::INFINITY;
        for exponent in -8..=3 {
            let mut x = vec![self.start; self.samples.features];
            let mut gradient = x.clone();
            for step in 0..steps {
                gradient.fill(0.0);
                let share = 1.0 / self.samples.len() as f64;
                (0..self.samples.len())
                    .for_each(|index| self.add_gradient(index, &x, share, &mut gradient));
                let rate = 2.0_f64.powi(exponent) * (1.0 - step as f64 / steps as f64);
                x.iter_mut().zip(&gradient).for_each(|(x, slope)| *x -= rate * slope);
            }
            self.optimum = self.optimum.min(self.loss(&x));
        }
        self
    }
}

/// How runs are made and compared.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvexProtocol {
    /// Updates of a run.
    pub steps: usize,
    /// Rows of a minibatch.
    pub minibatch: usize,
    /// How many seeds.
    pub seeds: u64,
    /// The swept base rates.
    pub rates: Vec<f64>,
}

impl ConvexProtocol {
    /// Absolute deviations: single rows, rates 2^-8 to 2^3.
    pub fn absolute_deviations(steps: usize, seeds: u64) -> Self {
        ConvexProtocol { steps, minibatch: 1, seeds, rates: powers_of_two(-8..=3) }
    }

    /// Logistic regression: minibatches of 8 over 1000 steps, 16 seeds, rates 2^-5 to 2^6.
    pub fn logistic() -> Self {
        ConvexProtocol { steps: 1000, minibatch: 8, seeds: 16, rates: powers_of_two(-5..=6) }
    }
}

fn powers_of_two(exponents: std::ops::RangeInclusive<i32>) -> Vec<f64> {
    exponents.map(|exponent| 2.0_f64.powi(exponent)).collect()
}

/// What a sweep found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The best base rate.
    pub rate: f64,
    /// Mean excess loss of the last iterate there.
    pub excess: f64,
    /// Half width of its 95 % confidence interval (normal).
    pub half_width: f64,
    /// Excess of each seed there.
    pub by_seed: Vec<f64>,
}

/// Runs the protocol on a schedule.
///
/// # Errors
/// When the protocol has no steps, seeds or rates.
pub fn sweep(
    problem: &ConvexProblem,
    schedule: &Schedule,
    protocol: &ConvexProtocol,
    seed: Seed,
) -> Result<Sweep, ScheduleError> {
    let shape = schedule.values(protocol.steps);
    sweep_runs(protocol, |rate, index| {
        run(problem, protocol, seed.child(index), |step| rate * shape[step], &mut |_| {})
    })
}

/// Runs the protocol on a plan.
///
/// # Errors
/// Those of [`sweep`], and of the plan over a run of this length.
pub fn sweep_plan(
    problem: &ConvexProblem,
    plan: &Plan,
    protocol: &ConvexProtocol,
    seed: Seed,
) -> Result<Sweep, ScheduleError> {
    let steps = i64::try_from(protocol.steps).unwrap_or(i64::MAX);
    sweep(problem, &plan.over(Run::of_steps(steps)?)?, protocol, seed)
}

/// Runs the protocol on schedule-free descent: gradients at `(1 - beta) z + beta x`, where x is
/// the running mean of z.
///
/// # Errors
/// Those of [`sweep`].
pub fn sweep_schedule_free(
    problem: &ConvexProblem,
    beta: f64,
    protocol: &ConvexProtocol,
    seed: Seed,
) -> Result<Sweep, ScheduleError> {
    let beta = super::error::share("beta", beta)?;
    sweep_runs(protocol, |rate, index| {
        let mut stream = seed.child(index).stream("minibatches");
        let mut mean = vec![problem.start; problem.samples.features];
        let (mut z, mut y, mut gradient) = (mean.clone(), mean.clone(), mean.clone());
        for step in 0..protocol.steps {
            for ((y, z), mean) in y.iter_mut().zip(&z).zip(&mean) {
                *y = (1.0 - beta) * z + beta * mean;
            }
            problem.minibatch_gradient(protocol.minibatch, &y, &mut stream, &mut gradient);
            let weight = 1.0 / (step + 1) as f64;
            for ((z, mean), slope) in z.iter_mut().zip(&mut mean).zip(&gradient) {
                *z -= rate * slope;
                *mean += weight * (*z - *mean);
            }
        }
        problem.loss(&mean) - problem.optimum
    })
}

fn sweep_runs(
    protocol: &ConvexProtocol,
    mut excess: impl FnMut(f64, u64) -> f64,
) -> Result<Sweep, ScheduleError> {
    let mut best: Option<Sweep> = None;
    for &rate in &protocol.rates {
        let by_seed: Vec<f64> = (0..protocol.seeds).map(|index| excess(rate, index)).collect();
        let count = by_seed.len() as f64;
        let mean = by_seed.iter().sum::<f64>() / count;
        let square = by_seed.iter().map(|it| (it - mean).powi(2)).sum::<f64>();
        let half_width = 1.96 * (square / (count - 1.0).max(1.0) / count).sqrt();
        if mean.is_finite() && best.as_ref().is_none_or(|best| mean < best.excess) {
            best = Some(Sweep { rate, excess: mean, half_width, by_seed });
        }
    }
    let expected = "at least one with a finite loss, and a seed";
    best.ok_or(ScheduleError::Count { name: "rates", found: protocol.rates.len(), expected })
}

/// One run; `watch` sees each gradient.
fn run(
    problem: &ConvexProblem,
    protocol: &ConvexProtocol,
    seed: Seed,
    rate: impl Fn(usize) -> f64,
    watch: &mut dyn FnMut(&[f64]),
) -> f64 {
    let mut stream = seed.stream("minibatches");
    let mut x = vec![problem.start; problem.samples.features];
    let mut gradient = x.clone();
    for step in 0..protocol.steps {
        problem.minibatch_gradient(protocol.minibatch, &x, &mut stream, &mut gradient);
        watch(&gradient);
        let rate = rate(step);
        x.iter_mut().zip(&gradient).for_each(|(x, slope)| *x -= rate * slope);
    }
    problem.loss(&x) - problem.optimum
}

/// The gradients of one run, as a recorder would see them.
pub fn watch_run(
    problem: &ConvexProblem,
    schedule: &Schedule,
    rate: f64,
    protocol: &ConvexProtocol,
    seed: Seed,
    watch: &mut dyn FnMut(&[f64]),
) {
    let shape = schedule.values(protocol.steps);
    run(problem, protocol, seed, |step| rate * shape[step], watch);
}

/// The largest residual that gradient descent with these rates leaves on a quadratic with `count`
/// curvatures from 1 to kappa, evenly spaced on the logarithmic scale.
pub fn quadratic_residual(rates: &[f64], kappa: f64, count: usize) -> f64 {
    let curvature = |index: usize| kappa.powf(index as f64 / (count - 1).max(1) as f64);
    let residual = |index: usize| {
        rates.iter().map(|rate| 1.0 - rate * curvature(index)).product::<f64>().abs()
    };
    (0..count).map(residual).fold(0.0, f64::max)
}

fn dot(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}
