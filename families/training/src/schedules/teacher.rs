//! Teacher and student: regression onto a fixed network, to try schedules where no data is needed.
//!
//! A teacher of 16 inputs, 8 tanh units and one output labels normal inputs; noise of deviation 0.1
//! is added for training. A student of 32 tanh units is trained on 512 of them by minibatches of
//! 32, shuffled every epoch, with momentum 0.9 or Adam (.9, .999). The metric is the mean squared
//! distance to the teacher, without noise, on 512 other inputs. O(steps x minibatch x weights).
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022 (protocol, on larger networks)

use super::error::ScheduleError;
use super::plan::Plan;
use super::refine::Optimizer;
use super::run::Run;
use ordine_base::{Seed, Stream};
use std::f64::consts::TAU;

const INPUTS: usize = 16;
const TEACHER_UNITS: usize = 8;
const STUDENT_UNITS: usize = 32;
const SAMPLES: usize = 512;
const MINIBATCH: usize = 32;

/// Deviation of the noise on targets of the training samples.
const NOISE: f64 = 0.1;

/// Momentum, and the first coefficient of Adam.
const FIRST: f32 = 0.9;
/// The second coefficient of Adam.
const SECOND: f32 = 0.999;
/// What keeps Adam from dividing by zero.
const EPSILON: f32 = 1e-8;

/// A network with one hidden layer of tanh units and one output, its weights in one row: each
/// unit's inputs, its bias and its weight in the output; the bias of the output at the end.
#[derive(Clone, Debug)]
struct Network {
    units: usize,
    weights: Vec<f32>,
    hidden: Vec<f32>,
}

/// Weights of a unit.
const UNIT: usize = INPUTS + 2;

impl Network {
    fn new(units: usize, stream: &mut Stream) -> Self {
        let (inner, outer) = ((1.0 / INPUTS as f64).sqrt(), (1.0 / units as f64).sqrt());
        let mut weights = Vec::with_capacity(units * UNIT + 1);
        for _ in 0..units {
            weights.extend((0..=INPUTS).map(|_| (inner * normal(stream)) as f32));
            weights.push((outer * normal(stream)) as f32);
        }
        weights.push(0.0);
        Network { units, weights, hidden: vec![0.0; units] }
    }

    fn output(&mut self, input: &[f32]) -> f32 {
        let mut output = self.weights[self.units * UNIT];
        for (hidden, unit) in self.hidden.iter_mut().zip(self.weights.chunks_exact(UNIT)) {
            let sum: f32 = input.iter().zip(unit).map(|(value, weight)| value * weight).sum();
            *hidden = (sum + unit[INPUTS]).tanh();
            output += *hidden * unit[INPUTS + 1];
        }
        output
    }

    /// Adds the slopes of half the squared distance; `output` came before.
    fn add_slopes(&self, input: &[f32], distance: f32, slopes: &mut [f32]) {
        slopes[self.units * UNIT] += distance;
        let units = self.weights.chunks_exact(UNIT).zip(slopes.chunks_exact_mut(UNIT));
        for (hidden, (unit, slopes)) in self.hidden.iter().zip(units) {
            let back = distance * unit[INPUTS + 1] * (1.0 - hidden * hidden);
            slopes.iter_mut().zip(input).for_each(|(slope, value)| *slope += back * value);
            slopes[INPUTS] += back;
            slopes[INPUTS + 1] += distance * hidden;
        }
    }
}

fn normal(stream: &mut Stream) -> f64 {
    let (one, two) = (1.0 - stream.unit(), stream.unit());
    (-2.0 * one.ln()).sqrt() * (TAU * two).cos()
}

/// The samples that a teacher labeled.
#[derive(Clone, Debug)]
pub struct Teacher {
    inputs: Vec<f32>,
    /// With noise for the first half, without for those held out.
    targets: Vec<f32>,
}

/// What an optimizer keeps between updates.
struct Moments {
    first: Vec<f32>,
    second: Vec<f32>,
    /// Powers of both coefficients.
    decay: (f32, f32),
}

impl Teacher {
    /// A teacher and its samples.
    pub fn new(seed: Seed) -> Self {
        let mut network = Network::new(TEACHER_UNITS, &mut seed.stream("teacher"));
        let (mut stream, mut noise) = (seed.stream("inputs"), seed.stream("noise"));
        let (mut inputs, mut targets) = (Vec::new(), Vec::new());
        for sample in 0..2 * SAMPLES {
            let input: Vec<f32> = (0..INPUTS).map(|_| normal(&mut stream) as f32).collect();
            let added = if sample < SAMPLES { NOISE * normal(&mut noise) } else { 0.0 };
            targets.push(network.output(&input) + added as f32);
            inputs.extend(input);
        }
        Teacher { inputs, targets }
    }

    /// Updates of an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        (SAMPLES / MINIBATCH) as u64
    }

    /// Trains a new student for some epochs under the plan, times a base rate: its mean squared
    /// distance to the teacher, not a number when it diverged.
    ///
    /// # Errors
    /// Those of the plan over this run.
    pub fn error_after(
        &self,
        plan: &Plan,
        rate: f64,
        epochs: u64,
        optimizer: Optimizer,
        seed: Seed,
    ) -> Result<f64, ScheduleError> {
        let per_epoch = self.steps_per_epoch();
        let steps = epochs.saturating_mul(per_epoch);
        let run = Run::of_steps(i64::try_from(steps).unwrap_or(i64::MAX))?;
        let rates = plan.over(run.with_epochs(per_epoch as f64)?)?.values(steps as usize);
        let mut student = Network::new(STUDENT_UNITS, &mut seed.stream("weights"));
        let mut slopes = vec![0.0; student.weights.len()];
        let empty = slopes.clone();
        let mut moments = Moments { first: empty.clone(), second: empty, decay: (1.0, 1.0) };
        let mut order: Vec<usize> = (0..SAMPLES).collect();
        let mut stream = seed.stream("minibatches");
        for epoch in rates.chunks(per_epoch as usize) {
            stream.shuffle(&mut order);
            for (minibatch, factor) in order.chunks(MINIBATCH).zip(epoch) {
                slopes.fill(0.0);
                for &sample in minibatch {
                    let input = self.input(sample);
                    let distance = student.output(input) - self.targets[sample];
                    student.add_slopes(input, distance / MINIBATCH as f32, &mut slopes);
                }
                moments.update(&mut student.weights, &slopes, (rate * factor) as f32, optimizer);
            }
        }
        Ok(self.held_out_error(&mut student))
    }

    fn input(&self, sample: usize) -> &[f32] {
        &self.inputs[sample * INPUTS..][..INPUTS]
    }

    fn held_out_error(&self, student: &mut Network) -> f64 {
        let square = |sample: usize| {
            let distance = student.output(self.input(sample)) - self.targets[sample];
            f64::from(distance * distance)
        };
        (SAMPLES..2 * SAMPLES).map(square).sum::<f64>() / SAMPLES as f64
    }
}

impl Moments {
    fn update(&mut self, weights: &mut [f32], slopes: &[f32], rate: f32, optimizer: Optimizer) {
        let moments = self.first.iter_mut().zip(&mut self.second);
        let all = weights.iter_mut().zip(slopes).zip(moments);
        match optimizer {
            Optimizer::Sgd => all.for_each(|((weight, slope), (speed, _))| {
                *speed = FIRST * *speed + slope;
                *weight -= rate * *speed;
            }),
            Optimizer::Adam => {
                self.decay = (self.decay.0 * FIRST, self.decay.1 * SECOND);
                let (first_share, second_share) = (1.0 - self.decay.0, 1.0 - self.decay.1);
                all.for_each(|((weight, slope), (first, second))| {
                    *first = FIRST * *first + (1.0 - FIRST) * slope;
                    *second = SECOND * *second + (1.0 - SECOND) * slope * slope;
                    let root = (*second / second_share).sqrt() + EPSILON;
                    *weight -= rate * (*first / first_share) / root;
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_finite_differences() {
        let mut stream = Seed::new(3).stream("network");
        let mut network = Network::new(3, &mut stream);
        let input: Vec<f32> = (0..INPUTS).map(|_| normal(&mut stream) as f32).collect();
        let distance = network.output(&input) - 0.3;
        let mut slopes = vec![0.0; network.weights.len()];
        network.add_slopes(&input, distance, &mut slopes);
        let half_square = |network: &mut Network| 0.5 * (network.output(&input) - 0.3).powi(2);
        for (index, slope) in slopes.iter().enumerate() {
            let mut moved = network.clone();
            moved.weights[index] += 1e-2;
            let above = half_square(&mut moved);
            moved.weights[index] -= 2e-2;
            let difference = (above - half_square(&mut moved)) / 2e-2;
            assert!((difference - slope).abs() < 1e-2 * (1.0 + slope.abs()), "weight {index}");
        }
    }

    #[test]
    fn students_learn_with_both_optimizers_and_alike_from_one_seed() {
        let teacher = Teacher::new(Seed::new(1));
        let plan: Plan = "linear".parse().expect("a plan");
        let error = |rate, epochs, optimizer| {
            teacher.error_after(&plan, rate, epochs, optimizer, Seed::new(2)).expect("fits")
        };
        for (rate, optimizer) in [(0.03, Optimizer::Sgd), (0.01, Optimizer::Adam)] {
            let (short, long) = (error(rate, 1, optimizer), error(rate, 20, optimizer));
            assert!(long < 0.5 * short, "{optimizer:?}: {short} to {long}");
            assert_eq!(long, error(rate, 20, optimizer));
        }
    }
}
