//! A small network to try schedules on: one hidden layer of rectified units, softmax, momentum.
//!
//! Trained by stochastic gradient descent with momentum 0.9 on minibatches of 32, shuffled every
//! epoch; a fifth of the samples is held out. The metric is the share of held-out samples that are
//! classified wrongly at the end. O(steps x minibatch x weights).
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022 (protocol, on larger networks)

use super::convex::Samples;
use super::error::ScheduleError;
use super::plan::Plan;
use super::run::Run;
use ordine_base::{Seed, Stream};

/// Hidden units.
const HIDDEN: usize = 64;

/// Samples of a minibatch.
const MINIBATCH: usize = 32;

/// Share of the last update that goes on.
const MOMENTUM: f32 = 0.9;

/// Every so-manyth sample of the shuffled data is held out.
const HELD_OUT: usize = 5;

/// Samples with classes, split into those to learn from and those held out.
#[derive(Clone, Debug)]
pub struct Classification {
    features: usize,
    classes: usize,
    inputs: Vec<f32>,
    labels: Vec<usize>,
    training: Vec<usize>,
    held_out: Vec<usize>,
}

impl Classification {
    /// Splits the samples; targets are classes from 0, features are divided by `scale`.
    ///
    /// # Errors
    /// When a target is no class, or there are too few samples to hold some out.
    pub fn new(samples: &Samples, scale: f64, seed: Seed) -> Result<Self, ScheduleError> {
        let scale = super::error::positive("scale", scale)?;
        let mut labels = Vec::with_capacity(samples.len());
        for index in 0..samples.len() {
            let target = samples.target(index);
            let good = target >= 0.0 && target.fract() == 0.0 && target < 1000.0;
            let target = super::error::within("class", target, good, "a whole number from 0 up")?;
            labels.push(target as usize);
        }
        let mut order: Vec<usize> = (0..samples.len()).collect();
        seed.stream("split").shuffle(&mut order);
        let (held_out, training): (Vec<_>, Vec<_>) =
            order.into_iter().partition(|index| index % HELD_OUT == 0);
        if training.len() < MINIBATCH {
            let expected = "at least 40";
            let found = samples.len();
            return Err(ScheduleError::Count { name: "samples", found, expected });
        }
        let inputs = (0..samples.len()).flat_map(|index| samples.row(index));
        Ok(Classification {
            features: samples.features,
            classes: labels.iter().max().map_or(1, |most| most + 1),
            inputs: inputs.map(|value| (value / scale) as f32).collect(),
            labels,
            training,
            held_out,
        })
    }

    /// Updates of an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.training.len().div_ceil(MINIBATCH) as u64
    }

    /// Trains a new network for some epochs under the plan, times a base rate: the share of
    /// held-out samples that it gets wrong, not a number when it diverged.
    ///
    /// # Errors
    /// Those of the plan over this run.
    pub fn error_after(
        &self,
        plan: &Plan,
        rate: f64,
        epochs: u64,
        seed: Seed,
    ) -> Result<f64, ScheduleError> {
        let per_epoch = self.steps_per_epoch();
        let steps = epochs.saturating_mul(per_epoch);
        let run = Run::of_steps(i64::try_from(steps).unwrap_or(i64::MAX))?;
        let schedule = plan.over(run.with_epochs(per_epoch as f64)?)?;
        let rates = schedule.values(steps as usize);
        let mut network = Network::new(self.features, self.classes, &mut seed.stream("weights"));
        let mut order = self.training.clone();
        let mut stream = seed.stream("minibatches");
        let mut step = 0;
        for _ in 0..epochs {
            stream.shuffle(&mut order);
            for minibatch in order.chunks(MINIBATCH) {
                self.update(&mut network, minibatch, (rate * rates[step]) as f32);
                step += 1;
            }
        }
        Ok(self.held_out_error(&mut network))
    }

    fn input(&self, index: usize) -> &[f32] {
        &self.inputs[index * self.features..][..self.features]
    }

    fn update(&self, network: &mut Network, minibatch: &[usize], rate: f32) {
        network.slopes.fill(0.0);
        for &index in minibatch {
            network.forward(self.input(index));
            network.backward(self.input(index), self.labels[index]);
        }
        let share = 1.0 / minibatch.len() as f32;
        let Network { weights, speeds, slopes, .. } = network;
        for ((weight, speed), slope) in weights.iter_mut().zip(speeds).zip(slopes) {
            *speed = MOMENTUM * *speed + share * *slope;
            *weight -= rate * *speed;
        }
    }

    fn held_out_error(&self, network: &mut Network) -> f64 {
        let mut wrong = 0;
        for &index in &self.held_out {
            network.forward(self.input(index));
            let scores = &network.scores;
            if scores.iter().any(|score| !score.is_finite()) {
                return f64::NAN;
            }
            let best = (0..scores.len())
                .fold(0, |best, class| if scores[class] > scores[best] { class } else { best });
            wrong += usize::from(best != self.labels[index]);
        }
        wrong as f64 / self.held_out.len() as f64
    }
}

/// All weights in one row: input to hidden (by input), hidden biases, hidden to output (by hidden
/// unit), output biases.
struct Network {
    classes: usize,
    output_at: usize,
    weights: Vec<f32>,
    speeds: Vec<f32>,
    slopes: Vec<f32>,
    hidden: Vec<f32>,
    scores: Vec<f32>,
    hidden_slopes: Vec<f32>,
}

impl Network {
    fn new(features: usize, classes: usize, stream: &mut Stream) -> Self {
        let output_at = (features + 1) * HIDDEN;
        let count = output_at + (HIDDEN + 1) * classes;
        let mut weights = vec![0.0; count];
        let mut fill = |range: std::ops::Range<usize>, inputs: usize| {
            let width = (6.0 / inputs as f64).sqrt();
            weights[range]
                .iter_mut()
                .for_each(|weight| *weight = (width * (2.0 * stream.unit() - 1.0)) as f32);
        };
        fill(0..features * HIDDEN, features);
        fill(output_at..output_at + HIDDEN * classes, HIDDEN);
        Network {
            classes,
            output_at,
            speeds: vec![0.0; count],
            slopes: vec![0.0; count],
            weights,
            hidden: vec![0.0; HIDDEN],
            scores: vec![0.0; classes],
            hidden_slopes: vec![0.0; HIDDEN],
        }
    }

    fn forward(&mut self, input: &[f32]) {
        let (first, second) = self.weights.split_at(self.output_at);
        let biases = &first[input.len() * HIDDEN..];
        self.hidden.copy_from_slice(biases);
        for (value, weights) in input.iter().zip(first.chunks_exact(HIDDEN)) {
            add(&mut self.hidden, *value, weights);
        }
        self.hidden.iter_mut().for_each(|unit| *unit = unit.max(0.0));
        self.scores.copy_from_slice(&second[HIDDEN * self.classes..]);
        for (value, weights) in self.hidden.iter().zip(second.chunks_exact(self.classes)) {
            add(&mut self.scores, *value, weights);
        }
    }

    /// Adds the slopes of the cross entropy of one sample; `forward` came before.
    fn backward(&mut self, input: &[f32], label: usize) {
        let largest = self.scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        self.scores.iter_mut().for_each(|score| *score = (*score - largest).exp());
        let total: f32 = self.scores.iter().sum();
        self.scores.iter_mut().for_each(|score| *score /= total);
        self.scores[label] -= 1.0;
        let (first, second) = self.slopes.split_at_mut(self.output_at);
        let output_weights = &self.weights[self.output_at..];
        for unit in 0..HIDDEN {
            let weights = &output_weights[unit * self.classes..][..self.classes];
            let back: f32 = weights.iter().zip(&self.scores).map(|(one, two)| one * two).sum();
            self.hidden_slopes[unit] = if self.hidden[unit] > 0.0 { back } else { 0.0 };
            let slopes = &mut second[unit * self.classes..][..self.classes];
            add(slopes, self.hidden[unit], &self.scores);
        }
        add(&mut second[HIDDEN * self.classes..], 1.0, &self.scores);
        for (value, slopes) in input.iter().zip(first.chunks_exact_mut(HIDDEN)) {
            add(slopes, *value, &self.hidden_slopes);
        }
        add(&mut first[input.len() * HIDDEN..], 1.0, &self.hidden_slopes);
    }
}

fn add(sum: &mut [f32], factor: f32, other: &[f32]) {
    if factor != 0.0 {
        sum.iter_mut().zip(other).for_each(|(sum, other)| *sum += factor * other);
    }
}
