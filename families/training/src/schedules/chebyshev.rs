//! Chebyshev steps: the best step sequence for gradient descent on quadratics with known bounds.
//!
//! `eta_t = 2 / ((u + l) + (u - l) cos((2 t - 1) pi / (2 T)))`; after all T steps the residual on
//! each curvature in [l, u] is at most `1 / T_T((u + l) / (u - l))`, whatever the order. The
//! order decides how large residuals grow between: a power of two takes that of Lebedev and
//! Finogenov in O(T), other T the order of Leja (each node as far as possible from the ones
//! before) in O(T^2).
//!
//! **Source:** Lebedev, Finogenov 1971 (order); Reichel 1990 (Leja order for Richardson iteration)

use super::error::{ScheduleError, positive, within};
use super::schedule::counted;
use std::f64::consts::PI;

/// The steps for curvatures in [lower, upper], in a stable order.
///
/// # Errors
/// When the bounds are not `0 < lower <= upper`, or there are no steps.
pub fn chebyshev_steps(lower: f64, upper: f64, steps: u64) -> Result<Vec<f64>, ScheduleError> {
    let lower = positive("lower", lower)?;
    let upper = within("upper", upper, upper >= lower, "a finite number from lower up")?;
    counted(steps)?;
    let nodes: Vec<f64> =
        (0..steps).map(|t| ((2 * t + 1) as f64 * PI / (2 * steps) as f64).cos()).collect();
    let order = if steps.is_power_of_two() { finogenov(nodes.len()) } else { leja(&nodes) };
    let step = |index: usize| 2.0 / ((upper + lower) + (upper - lower) * nodes[index]);
    Ok(order.into_iter().map(step).collect())
}

/// The value at `x` from 1 up of the Chebyshev polynomial of this degree.
pub fn chebyshev_polynomial(degree: u64, x: f64) -> f64 {
    (degree as f64 * x.acosh()).cosh()
}

/// `order(2 n)` takes each entry of `order(n)` and its mirror image.
fn finogenov(count: usize) -> Vec<usize> {
    let mut order = vec![0];
    while order.len() < count {
        let last = 2 * order.len() - 1;
        order = order.iter().flat_map(|&index| [index, last - index]).collect();
    }
    order
}

fn leja(nodes: &[f64]) -> Vec<usize> {
    let mut weight: Vec<f64> = nodes.iter().map(|node| node.abs().ln()).collect();
    let mut order = Vec::with_capacity(nodes.len());
    for _ in 0..nodes.len() {
        let farthest = (0..nodes.len()).max_by(|&one, &two| weight[one].total_cmp(&weight[two]));
        let next = farthest.expect("there is a node for every place");
        order.push(next);
        for (index, node) in nodes.iter().enumerate() {
            weight[index] += (node - nodes[next]).abs().ln();
        }
        weight[next] = f64::NEG_INFINITY;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residuals(steps: &[f64]) -> (f64, f64) {
        let curvatures = (0..=9900).map(|it| 1.0 + f64::from(it) * 0.01);
        let (mut last, mut between) = (0.0_f64, 0.0_f64);
        for curvature in curvatures {
            let mut product = 1.0_f64;
            for step in steps {
                product *= 1.0 - step * curvature;
                between = between.max(product.abs());
            }
            last = last.max(product.abs());
        }
        (last, between)
    }

    #[test]
    fn the_residual_is_that_of_the_polynomial() {
        for count in [16, 12, 64, 100] {
            let steps = chebyshev_steps(1.0, 100.0, count).expect("valid");
            let expected = 1.0 / chebyshev_polynomial(count, 101.0 / 99.0);
            let (last, between) = residuals(&steps);
            assert!((last - expected).abs() < 1e-8, "{count}: {last} is not {expected}");
            assert!(between < 100.0, "{count}: residuals grow to {between} on the way");
        }
    }

    #[test]
    fn every_node_is_used_once() {
        let mut order = finogenov(32);
        order.sort_unstable();
        assert_eq!(order, (0..32).collect::<Vec<_>>());
        let nodes: Vec<f64> = (0..7).map(|it| (f64::from(it) + 0.5).cos()).collect();
        let mut order = leja(&nodes);
        order.sort_unstable();
        assert_eq!(order, (0..7).collect::<Vec<_>>());
    }
}
