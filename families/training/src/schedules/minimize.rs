//! Numeric refinement: the rates that minimize the bound on the last iterate.
//!
//! Limited-memory BFGS on the logarithms of the rates, so that they stay positive; a rate never
//! falls below 1e-8. Each step is shortened until it lowers the bound enough. O(T history) per
//! iteration; the gradient comes from one pass backward (tails) and one forward (prefix sums).
//!
//! Differences from the source: logarithms replace the box constraints of L-BFGS-B, and the search
//! starts from the better of the constant and the closed form, so it never ends above either.
//!
//! **Source:** Defazio et al. 2023, numeric form; Nocedal 1980 (two-loop recursion)

use super::bound::Gradients;
use super::error::ScheduleError;
use super::refine::closed_form;

/// Smallest rate.
const RATE_MIN: f64 = 1e-8;

/// Pairs of changes that are remembered.
const HISTORY: usize = 20;

/// The gradient counts as zero below this, relative to the bound.
const TOLERANCE: f64 = 1e-10;

/// The search ends when an iteration lowers the bound by less than this, relative to it.
const STALLED: f64 = 1e-10;

/// Most iterations.
const ITERATIONS_MAX: usize = 1000;

/// What the search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimized {
    /// The rate of every step.
    pub rates: Vec<f64>,
    /// Their bound.
    pub loss: f64,
    /// Iterations of the search.
    pub iterations: usize,
}

/// The rates that minimize the bound of these gradients.
///
/// # Errors
/// When the norms are refused, as those of [`closed_form`].
pub fn minimize_bound(gradients: &Gradients) -> Result<Minimized, ScheduleError> {
    let steps = gradients.steps();
    let norms: Vec<f64> = gradients.squares().iter().map(|square| square.sqrt()).collect();
    let closed = closed_form(&norms, 2.0)?;
    let mut best: Option<(f64, Vec<f64>)> = None;
    for shape in [vec![1.0; steps], closed] {
        let bound = gradients.bound_of_shape(&shape)?;
        let rates: Vec<f64> = shape.iter().map(|it| (it * bound.rate).max(RATE_MIN)).collect();
        let loss = gradients.bound_of_rates(&rates)?;
        if best.as_ref().is_none_or(|(least, _)| loss < *least) {
            best = Some((loss, rates));
        }
    }
    let (_, start) = best.expect("there are two starts");
    Ok(descend(gradients, &start))
}

/// The bound and its derivatives by the logarithms of the rates.
fn loss_and_slope(gradients: &Gradients, logs: &[f64], slope: &mut [f64]) -> f64 {
    let squares = gradients.squares();
    let distance_square = gradients.distance() * gradients.distance();
    let last = logs.len() - 1;
    let rates: Vec<f64> = logs.iter().map(|it| it.exp()).collect();
    let mut tails = rates.clone();
    (0..last).rev().for_each(|k| tails[k] += tails[k + 1]);
    let behind = |k: usize| tails[(k + 1).min(last)];
    let mut loss = distance_square / (2.0 * tails[0]);
    let mut over_tails = distance_square / (2.0 * tails[0] * tails[0]);
    for j in 0..=last {
        if j > 0 {
            let k = j - 1;
            over_tails += rates[k] * rates[k] * squares[k] / (2.0 * behind(k) * behind(k));
        }
        loss += rates[j] * rates[j] * squares[j] / (2.0 * behind(j));
        let own = rates[j] * squares[j] / behind(j);
        let last_term = if j == last { squares[j] / 2.0 } else { 0.0 };
        slope[j] = rates[j] * (own - over_tails - last_term);
    }
    loss
}

/// The last changes of place and slope, with the inverse of their product.
struct Memory {
    pairs: std::collections::VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Memory {
    fn remember(&mut self, moved: Vec<f64>, turned: Vec<f64>) {
        let curvature = dot(&moved, &turned);
        if curvature <= 1e-16 * dot(&turned, &turned) {
            return;
        }
        if self.pairs.len() == HISTORY {
            self.pairs.pop_front();
        }
        self.pairs.push_back((moved, turned, 1.0 / curvature));
    }

    /// The two-loop recursion: the quasi-Newton direction.
    fn direction(&self, slope: &[f64]) -> Vec<f64> {
        let mut direction: Vec<f64> = slope.iter().map(|it| -it).collect();
        let mut weights = Vec::with_capacity(self.pairs.len());
        for (moved, turned, inverse) in self.pairs.iter().rev() {
            let weight = inverse * dot(moved, &direction);
            add(&mut direction, -weight, turned);
            weights.push(weight);
        }
        if let Some((_, turned, inverse)) = self.pairs.back() {
            let scale = 1.0 / (inverse * dot(turned, turned));
            direction.iter_mut().for_each(|it| *it *= scale);
        }
        for ((moved, turned, inverse), weight) in self.pairs.iter().zip(weights.iter().rev()) {
            let correction = weight - inverse * dot(turned, &direction);
            add(&mut direction, correction, moved);
        }
        direction
    }
}

fn descend(gradients: &Gradients, start: &[f64]) -> Minimized {
    let floor = RATE_MIN.ln();
    let mut logs: Vec<f64> = start.iter().map(|rate| rate.ln()).collect();
    let mut slope = vec![0.0; logs.len()];
    let mut loss = loss_and_slope(gradients, &logs, &mut slope);
    let mut memory = Memory { pairs: std::collections::VecDeque::new() };
    let mut iterations = 0;
    while iterations < ITERATIONS_MAX {
        iterations += 1;
        let largest = slope.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
        if largest <= TOLERANCE * loss {
            break;
        }
        let direction = memory.direction(&slope);
        let Some((next, next_loss, next_slope)) =
            line_search(gradients, &logs, &direction, (loss, &slope), floor)
        else {
            if memory.pairs.is_empty() {
                break;
            }
            memory.pairs.clear();
            continue;
        };
        let moved = next.iter().zip(&logs).map(|(new, old)| new - old).collect();
        let turned = next_slope.iter().zip(&slope).map(|(new, old)| new - old).collect();
        memory.remember(moved, turned);
        let stalled = loss - next_loss < STALLED * loss;
        (logs, loss, slope) = (next, next_loss, next_slope);
        if stalled {
            break;
        }
    }
    Minimized { rates: logs.iter().map(|it| it.exp()).collect(), loss, iterations }
}

/// The first of ever shorter steps that lowers the bound by its share of what the slope promises.
fn line_search(
    gradients: &Gradients,
    logs: &[f64],
    direction: &[f64],
    (loss, slope): (f64, &[f64]),
    floor: f64,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let promised = dot(direction, slope);
    if promised >= 0.0 {
        return None;
    }
    let widest = direction.iter().fold(0.0_f64, |most, it| most.max(it.abs()));
    let mut length = (1.0 / widest).min(1.0);
    let mut next_slope = vec![0.0; logs.len()];
    for _ in 0..40 {
        let next: Vec<f64> =
            logs.iter().zip(direction).map(|(at, by)| (at + length * by).max(floor)).collect();
        let next_loss = loss_and_slope(gradients, &next, &mut next_slope);
        if next_loss <= loss + 1e-4 * length * promised {
            return Some((next, next_loss, next_slope));
        }
        length /= 2.0;
    }
    None
}

fn dot(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

fn add(sum: &mut [f64], factor: f64, other: &[f64]) {
    sum.iter_mut().zip(other).for_each(|(sum, other)| *sum += factor * other);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_that_of_the_bound() {
        let gradients = Gradients::new(&[2.0, 1.0, 3.0, 0.5, 1.0], 1.2).expect("valid");
        let logs = [0.1, -0.5, 0.3, -1.0, -0.2];
        let mut slope = [0.0; 5];
        let loss = loss_and_slope(&gradients, &logs, &mut slope);
        let rates = |logs: &[f64]| logs.iter().map(|it| it.exp()).collect::<Vec<_>>();
        let expected = gradients.bound_of_rates(&rates(&logs)).expect("valid");
        assert!((loss - expected).abs() < 1e-12);
        for index in 0..5 {
            let mut near = logs;
            near[index] += 1e-6;
            let up = gradients.bound_of_rates(&rates(&near)).expect("valid");
            near[index] -= 2e-6;
            let down = gradients.bound_of_rates(&rates(&near)).expect("valid");
            assert!(((up - down) / 2e-6 - slope[index]).abs() < 1e-7, "{index}");
        }
    }
}
