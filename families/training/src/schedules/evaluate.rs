//! Evaluation of the parts of a schedule, one position at a time or many in a row.
//!
//! O(depth) for one position. In a row the branches are taken once per part, not per value, and
//! the values are bit for bit those of the single evaluation.
//!
//! **Source:** Smith 2017 (cycles); Loshchilov, Hutter 2017, eq. 5 (restarts)

use super::noise::noise_at;
use super::profile::{Shape, share_of_run, uba};
use super::schedule::{Node, cycle_start};
use std::f64::consts::PI;

/// What a position that fell just short of a multiple by rounding may lack.
const ROUNDING: f64 = 1e-9;

/// Values that a product holds at a time.
const CHUNK: usize = 256;

impl Node {
    /// The value at a position from 0 up.
    pub(crate) fn at(&self, x: f64) -> f64 {
        match self {
            Node::Constant(value) => *value,
            Node::Curve(shape, last) => shape.at(share_of_run(x, *last)),
            Node::Nodes(phi, steps) => node_form(*phi, *steps, x),
            Node::Power { scale, offset, exponent } => power(*scale, *offset, *exponent, x),
            Node::Geometric(logarithm) => (logarithm * x).exp(),
            Node::Staircase { period, factor } => factor.powf(whole(x, *period)),
            Node::Triangle { up, down, low, decay } => triangle(*up, *down, *low, *decay, x),
            Node::Between(low, high, of) => low + (high - low) * of.at(x),
            Node::AtLeast(floor, of) => of.at(x).max(*floor),
            Node::Delay(steps, of) => of.at((x - steps).max(0.0)),
            Node::Warmup { steps, from, shape, then } if x < *steps => {
                then.at(0.0) * rise(*steps, *from, shape, x)
            }
            Node::Warmup { steps, then, .. } => then.at(x - steps),
            Node::Sampled(period, of) => of.at(whole(x, *period) * period),
            Node::Knots(knots, of) => of.at(last_knot(knots, x)),
            Node::Join(parts) => {
                let index = parts.partition_point(|(end, _)| *end <= x);
                let begin = if index == 0 { 0.0 } else { parts[index - 1].0 };
                parts[index].1.at(x - begin)
            }
            Node::Product(factors) => factors.iter().map(|factor| factor.at(x)).product(),
            Node::Repeat { first, stretch, decay, cycles, each } => {
                let cycle = cycle_of(*first, *stretch, *cycles, x);
                let speed = stretch.powf(cycle);
                let begin = first * cycle_start(*stretch, cycle);
                decay.powf(cycle) * each.at((x - begin) / speed)
            }
            Node::Noise(noise, of) => of.at(x) * (1.0 + noise_at(noise, x)),
            Node::Warp { from, speed, of } => of.at(warped(*from, *speed, x)),
        }
    }

    /// The values at `x`, `x + 1`, ...
    pub(crate) fn fill(&self, x: f64, out: &mut [f64]) {
        match self {
            Node::Constant(value) => out.fill(*value),
            Node::Curve(shape, last) => shape.fill(x, *last, out),
            Node::Between(low, high, of) => {
                of.fill(x, out);
                out.iter_mut().for_each(|value| *value = low + (high - low) * *value);
            }
            Node::AtLeast(floor, of) => {
                of.fill(x, out);
                out.iter_mut().for_each(|value| *value = value.max(*floor));
            }
            Node::Delay(steps, of) => {
                let (before, after) = out.split_at_mut(steps_until(*steps, x, out.len()));
                before.fill(of.at(0.0));
                of.fill((x + before.len() as f64 - steps).max(0.0), after);
            }
            Node::Warmup { steps, from, shape, then } => {
                let (before, after) = out.split_at_mut(steps_until(*steps, x, out.len()));
                let peak = if before.is_empty() { 0.0 } else { then.at(0.0) };
                for (index, value) in before.iter_mut().enumerate() {
                    *value = peak * rise(*steps, *from, shape, x + index as f64);
                }
                then.fill(x + before.len() as f64 - steps, after);
            }
            Node::Noise(noise, of) => {
                of.fill(x, out);
                for (index, value) in out.iter_mut().enumerate() {
                    *value *= 1.0 + noise_at(noise, x + index as f64);
                }
            }
            Node::Sampled(period, of) => fill_held(x, out, |x| whole(x, *period) * period, of),
            Node::Knots(knots, of) => fill_held(x, out, |x| last_knot(knots, x), of),
            Node::Join(parts) => fill_joined(parts, x, out),
            Node::Product(factors) => fill_product(factors, x, out),
            other => {
                for (index, value) in out.iter_mut().enumerate() {
                    *value = other.at(x + index as f64);
                }
            }
        }
    }
}

/// How many of `count` positions from `x` on lie before `end`.
fn steps_until(end: f64, x: f64, count: usize) -> usize {
    ((end - x).ceil().max(0.0) as usize).min(count)
}

/// Values that are read at held positions: each position is evaluated once.
fn fill_held(x: f64, out: &mut [f64], held: impl Fn(f64) -> f64, of: &Node) {
    let (mut place, mut read) = (f64::NAN, 0.0);
    for (index, value) in out.iter_mut().enumerate() {
        let next = held(x + index as f64);
        if next != place {
            (place, read) = (next, of.at(next));
        }
        *value = read;
    }
}

fn fill_joined(parts: &[(f64, Node)], x: f64, out: &mut [f64]) {
    let (mut begin, mut filled) = (0.0, 0);
    for (end, part) in parts {
        let place = x + filled as f64;
        let count = steps_until(*end, place, out.len() - filled);
        if count > 0 {
            part.fill(place - begin, &mut out[filled..filled + count]);
        }
        (begin, filled) = (*end, filled + count);
    }
}

fn fill_product(factors: &[Node], x: f64, out: &mut [f64]) {
    let mut factor_values = [0.0; CHUNK];
    for (chunk_index, chunk) in out.chunks_mut(CHUNK).enumerate() {
        let place = x + (chunk_index * CHUNK) as f64;
        chunk.fill(1.0);
        for factor in factors {
            let values = &mut factor_values[..chunk.len()];
            factor.fill(place, values);
            chunk.iter_mut().zip(values).for_each(|(product, value)| *product *= *value);
        }
    }
}

/// Whole periods before the position; one that was missed by rounding counts.
#[inline]
fn whole(x: f64, period: f64) -> f64 {
    (x / period + ROUNDING).floor()
}

fn last_knot(knots: &[f64], x: f64) -> f64 {
    let passed = knots.partition_point(|knot| *knot <= x + ROUNDING);
    if passed == 0 { 0.0 } else { knots[passed - 1] }
}

/// The node form: half-step offsets of the continuous one.
fn node_form(phi: f64, steps: f64, x: f64) -> f64 {
    let theta = (2.0 * x.min(steps - 1.0) + 1.0) * PI / (2.0 * steps);
    uba(phi, 1.0 + theta.cos())
}

fn power(scale: f64, offset: f64, exponent: f64, x: f64) -> f64 {
    let base = ((x + offset) / scale).max(1.0);
    if exponent == -0.5 { 1.0 / base.sqrt() } else { base.powf(exponent) }
}

fn triangle(up: f64, down: f64, low: f64, decay: f64, x: f64) -> f64 {
    let cycle = (x / (up + down)).floor();
    let within = x - cycle * (up + down);
    let height = if within <= up { within / up } else { (up + down - within) / down };
    low + (1.0 - low) * height * decay.powf(cycle)
}

/// The share of the peak at a position of the warm-up.
fn rise(steps: f64, from: f64, shape: &Shape, x: f64) -> f64 {
    let risen = match shape {
        Shape::Linear => x / steps,
        other => 1.0 - other.at(x / steps),
    };
    from + (1.0 - from) * risen
}

fn cycle_of(first: f64, stretch: f64, cycles: u64, x: f64) -> f64 {
    let share = x / first;
    let mut cycle = if stretch == 1.0 {
        whole(x, first)
    } else {
        ((share * (stretch - 1.0) + 1.0).ln() / stretch.ln() + ROUNDING).floor()
    };
    if cycle >= 1.0 && first * cycle_start(stretch, cycle) > x + ROUNDING {
        cycle -= 1.0;
    }
    cycle.min((cycles - 1) as f64)
}

fn warped(from: f64, speed: f64, x: f64) -> f64 {
    if x <= from { x } else { from + (x - from) * speed }
}
