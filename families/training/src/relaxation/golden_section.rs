//! Golden-section scan for a cost with one valley, from a coarse grid that was evaluated before.
//!
//! The bracket is the grid's least values with a neighbor on each side; each evaluation shrinks it
//! by `(sqrt 5 - 1) / 2`. Equal costs shrink it from either side in turn, since iteration counts
//! have plateaus. Returns every point evaluated.
//!
//! **Source:** Kiefer 1953; the published script of Khodak, Chow, Balcan, Talwalkar 2024.

use super::error::RelaxationError;

/// A value with its cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The value tried.
    pub at: f64,
    /// What it cost.
    pub cost: f64,
}

/// All samples after at most `evaluations`, those of the ascending `start` included.
///
/// # Errors
/// When `start` has fewer than two samples, or what `evaluate` says.
pub fn golden_section(
    start: &[Sample],
    evaluations: usize,
    mut evaluate: impl FnMut(f64) -> Result<f64, RelaxationError>,
) -> Result<Vec<Sample>, RelaxationError> {
    if start.len() < 2 {
        return Err(RelaxationError::parameter("samples", "2 or more to start", start.len()));
    }
    let mut samples = start.to_vec();
    let mut sample = |at: f64| evaluate(at).map(|cost| Sample { at, cost });
    let share = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (left, right) = bracket(start);
    let (mut low, mut high) = (start[left].at, start[right].at);
    let inside = |low: f64, high: f64, share: f64| low + share * (high - low);
    let (mut first, mut second) = match right - left {
        3 => (start[left + 1], start[right - 1]),
        // The longer side of a lone middle point gets the new one.
        2 if high - start[left + 1].at > start[left + 1].at - low => {
            let new = sample(inside(low, high, share))?;
            samples.push(new);
            (start[left + 1], new)
        }
        2 if high - start[left + 1].at < start[left + 1].at - low => {
            let new = sample(inside(low, high, 1.0 - share))?;
            samples.push(new);
            (new, start[left + 1])
        }
        _ => {
            let pair = (inside(low, high, 1.0 - share), inside(low, high, share));
            let pair = (sample(pair.0)?, sample(pair.1)?);
            samples.extend([pair.0, pair.1]);
            pair
        }
    };
    while samples.len() < evaluations {
        let odd = samples.len().is_multiple_of(2);
        let new;
        if first.cost > second.cost || (first.cost == second.cost && odd) {
            low = first.at;
            new = sample(inside(low, high, share))?;
            (first, second) = (second, new);
        } else {
            high = second.at;
            new = sample(inside(low, high, 1.0 - share))?;
            (first, second) = (new, first);
        }
        samples.push(new);
        // A grid point is not at the golden section, so a new point may fall on its other side.
        if first.at > second.at {
            (first, second) = (second, first);
        }
    }
    Ok(samples)
}

/// Neighbors of the least values.
fn bracket(start: &[Sample]) -> (usize, usize) {
    let least = start.iter().map(|it| it.cost).fold(f64::INFINITY, f64::min);
    let is_least = |it: &Sample| it.cost <= least;
    let first = start.iter().position(is_least).unwrap_or(0);
    let last = start.iter().rposition(is_least).unwrap_or(start.len() - 1);
    (first.saturating_sub(1), (last + 1).min(start.len() - 1))
}

/// The middle of the least samples, whose plateau may be wide.
pub fn middle_of_least(samples: &[Sample]) -> f64 {
    let least = samples.iter().map(|it| it.cost).fold(f64::INFINITY, f64::min);
    let mut least = samples.iter().filter(|it| it.cost <= least);
    let first = least.next().map_or(f64::NAN, |it| it.at);
    0.5 * (first + least.next_back().map_or(first, |it| it.at))
}

/// Cost at each value by linear interpolation between samples; outside, that of the nearest.
pub fn interpolate(samples: &[Sample], values: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let cost = |value: &f64| {
        let after = sorted.partition_point(|it| it.at < *value).min(sorted.len() - 1);
        let (left, right) = (sorted[after.saturating_sub(1)], sorted[after]);
        if right.at <= left.at || *value >= right.at {
            return right.cost;
        }
        let share = ((value - left.at) / (right.at - left.at)).clamp(0.0, 1.0);
        left.cost + share * (right.cost - left.cost)
    };
    values.iter().map(cost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_valley_is_found() {
        for bottom in [1.0, 1.02, 1.31, 1.44, 1.5, 1.62, 1.8, 1.95] {
            let cost = |at: f64| Ok(10.0 + (at - bottom).abs());
            let start = [1.0, 1.3, 1.5, 1.75, 1.95];
            let start = start.map(|at| Sample { at, cost: 10.0 + f64::abs(at - bottom) });
            let samples = golden_section(&start, 25, cost).expect("a start");
            assert_eq!(samples.len(), 25);
            let found = middle_of_least(&samples);
            assert!((found - bottom).abs() < 2e-4, "{bottom}: {found}");
        }
        assert!(golden_section(&[], 9, Ok).is_err());
    }

    #[test]
    fn interpolation_meets_the_samples() {
        let samples = [(2.0, 5.0), (1.0, 3.0), (4.0, 1.0)].map(|(at, cost)| Sample { at, cost });
        let found = interpolate(&samples, &[0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(found, [3.0, 3.0, 4.0, 5.0, 3.0, 1.0, 1.0]);
    }
}
