//! Least squares on Chebyshev features from sufficient statistics, with and without a box.
//!
//! With Gram matrix G, moments h and sum of squares q of one arm, the fit minimizes
//! `theta' G theta - 2 h' theta + q`. The solution of least norm comes from the eigenvectors of G
//! (Jacobi rotations, O(m^3)); within a box, coordinate descent from the clipped solution, O(m^2)
//! per pass.
//!
//! **Source:** Golub, Van Loan 2013, sections 5.5 and 8.5; Tseng 2001 (coordinate descent).

/// Largest number of basis functions.
pub(super) const BASIS_MAX: usize = 12;

const ROTATION_PASSES: usize = 30;
const DESCENT_PASSES: usize = 200;
/// Eigenvalues below this share of the largest count as zero: singular values below its root.
const RANK_CUT: f64 = 1e-13;

/// Sums over the rounds of one arm.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statistics {
    basis: usize,
    /// Row-major `[basis, basis]`.
    pub(super) gram: Vec<f64>,
    pub(super) moments: Vec<f64>,
    pub(super) square: f64,
}

impl Statistics {
    pub(super) fn new(basis: usize) -> Self {
        let (gram, moments) = (vec![0.0; basis * basis], vec![0.0; basis]);
        Statistics { basis, gram, moments, square: 0.0 }
    }

    pub(super) fn add(&mut self, features: &[f64], target: f64) {
        for (row, &feature) in features.iter().enumerate() {
            for (column, &other) in features.iter().enumerate() {
                self.gram[row * self.basis + column] += feature * other;
            }
            self.moments[row] += feature * target;
        }
        self.square += target * target;
    }

    /// The minimizer of least norm.
    pub(super) fn least_norm(&self) -> Vec<f64> {
        let m = self.basis;
        let (values, vectors) = eigen(&self.gram, m);
        let largest = values.iter().copied().fold(0.0, f64::max);
        let mut theta = vec![0.0; m];
        for k in (0..m).filter(|&k| values[k] > RANK_CUT * largest) {
            let column = || vectors.iter().skip(k).step_by(m);
            let share: f64 = column().zip(&self.moments).map(|(v, h)| v * h).sum();
            let share = share / values[k];
            theta.iter_mut().zip(column()).for_each(|(it, v)| *it += share * v);
        }
        theta
    }

    /// Moves `theta` to the minimizer within `|theta_j| <= bounds_j`, targets divided by `scale`.
    pub(super) fn fit_in_box(&self, theta: &mut [f64], bounds: &[f64], scale: f64) {
        for (it, bound) in theta.iter_mut().zip(bounds) {
            *it = it.clamp(-bound, *bound);
        }
        for _ in 0..DESCENT_PASSES {
            let mut moved = 0.0_f64;
            for j in 0..self.basis {
                let row = &self.gram[j * self.basis..(j + 1) * self.basis];
                if row[j] <= 0.0 {
                    continue;
                }
                let slope = dot(row, theta) - self.moments[j] / scale;
                let next = (theta[j] - slope / row[j]).clamp(-bounds[j], bounds[j]);
                moved = moved.max((next - theta[j]).abs() / bounds[j].max(1e-300));
                theta[j] = next;
            }
            if moved < 1e-9 {
                return;
            }
        }
    }

    /// The squared residual of `theta` against targets divided by `scale`.
    pub(super) fn residual(&self, theta: &[f64], scale: f64) -> f64 {
        let m = self.basis;
        let curved: f64 =
            (0..m).map(|j| theta[j] * dot(&self.gram[j * m..(j + 1) * m], theta)).sum();
        let linear = dot(&self.moments, theta) / scale;
        (curved - 2.0 * linear + self.square / (scale * scale)).max(0.0)
    }
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by cyclic Jacobi rotations.
fn eigen(matrix: &[f64], m: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; m * m];
    (0..m).for_each(|k| vectors[k * m + k] = 1.0);
    let size: f64 = a.iter().map(|it| it * it).sum();
    for _ in 0..ROTATION_PASSES {
        let mut rest = 0.0;
        for p in 0..m {
            for q in p + 1..m {
                rest += a[p * m + q] * a[p * m + q];
                rotate(&mut a, &mut vectors, m, (p, q));
            }
        }
        if rest <= 1e-30 * size {
            break;
        }
    }
    ((0..m).map(|k| a[k * m + k]).collect(), vectors)
}

fn rotate(a: &mut [f64], vectors: &mut [f64], m: usize, (p, q): (usize, usize)) {
    let off = a[p * m + q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q * m + q] - a[p * m + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..m {
        let (kp, kq) = (a[k * m + p], a[k * m + q]);
        (a[k * m + p], a[k * m + q]) = (c * kp - s * kq, s * kp + c * kq);
    }
    for k in 0..m {
        let (pk, qk) = (a[p * m + k], a[q * m + k]);
        (a[p * m + k], a[q * m + k]) = (c * pk - s * qk, s * pk + c * qk);
        let (vp, vq) = (vectors[k * m + p], vectors[k * m + q]);
        (vectors[k * m + p], vectors[k * m + q]) = (c * vp - s * vq, s * vp + c * vq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statistics(rows: &[([f64; 3], f64)]) -> Statistics {
        let mut statistics = Statistics::new(3);
        rows.iter().for_each(|(features, target)| statistics.add(features, *target));
        statistics
    }

    #[test]
    fn exact_data_are_fitted_exactly() {
        let truth = [0.3, -0.2, 0.05];
        let rows = [-0.9, -0.2, 0.1, 0.7, 0.95].map(|x| {
            let features = [1.0, x, 2.0 * x * x - 1.0];
            (features, dot(&features, &truth))
        });
        let fit = statistics(&rows);
        let theta = fit.least_norm();
        assert!(theta.iter().zip(&truth).all(|(a, b)| (a - b).abs() < 1e-10), "{theta:?}");
        assert!(fit.residual(&theta, 1.0) < 1e-12);
    }

    #[test]
    fn one_row_gives_the_solution_of_least_norm() {
        let fit = statistics(&[([1.0, 2.0, 2.0], 9.0)]);
        let theta = fit.least_norm();
        let expected = [1.0, 2.0, 2.0];
        assert!(theta.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-10), "{theta:?}");
    }

    /// A grid of the box cannot do better than the descent.
    #[test]
    fn the_box_is_respected_and_its_best_point_found() {
        let fit = statistics(&[
            ([1.0, 0.5, -0.5], 2.0),
            ([1.0, -0.4, -0.68], -1.0),
            ([1.0, 0.9, 0.62], 4.0),
        ]);
        let bounds = [1.0, 0.7, 0.4];
        let mut theta = fit.least_norm();
        fit.fit_in_box(&mut theta, &bounds, 1.0);
        assert!(theta.iter().zip(&bounds).all(|(it, bound)| it.abs() <= *bound));
        let found = fit.residual(&theta, 1.0);
        let steps = || (-10..=10).map(|it| f64::from(it) / 10.0);
        for a in steps() {
            for (b, c) in steps().flat_map(|b| steps().map(move |c| (b, c))) {
                let other = [a * bounds[0], b * bounds[1], c * bounds[2]];
                assert!(found <= fit.residual(&other, 1.0) + 1e-9);
            }
        }
    }
}
