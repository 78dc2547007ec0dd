//! How sure one can be: intervals of shares and of their weighted mean, paired tests, breakpoints.
//!
//! **Source:** Wilson 1927; Zou, Donner 2008 (MOVER); McNemar 1947 with the mid-p of Fagerland,
//! Lydersen, Laake 2013; Holm 1979; Ayer et al. 1955 (isotonic regression by pooling).

use super::metrics::{Cell, Profile};
use ordine_base::{Seed, Stream};

/// Quantile of the normal distribution for 95 %.
pub const Z95: f64 = 1.959_963_984_540_054;

/// An interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Range {
    /// Whether a value lies within.
    pub fn holds(&self, value: f64) -> bool {
        self.low - 1e-12 <= value && value <= self.high + 1e-12
    }
}

/// The Wilson interval of a share.
pub fn wilson(feasible: f64, total: f64) -> Range {
    if total <= 0.0 {
        return Range { low: 0.0, high: 1.0 };
    }
    let (share, square) = (feasible / total, Z95 * Z95);
    let center = (share + square / (2.0 * total)) / (1.0 + square / total);
    let spread = share * (1.0 - share) / total + square / (4.0 * total * total);
    let reach = Z95 * spread.sqrt() / (1.0 + square / total);
    Range { low: (center - reach).max(0.0), high: (center + reach).min(1.0) }
}

/// The interval of WAUC from the Wilson limits of each level: L = W − √Σ w²(p − l)², U likewise.
pub fn mover(profile: &Profile) -> Range {
    let middle = profile.wauc();
    let (mut below, mut above) = (0.0, 0.0);
    for (weight, share, total) in profile.weighted() {
        let range = wilson(share * total, total);
        below += (weight * (share - range.low)).powi(2);
        above += (weight * (range.high - share)).powi(2);
    }
    Range { low: (middle - below.sqrt()).max(0.0), high: (middle + above.sqrt()).min(1.0) }
}

/// The interval of WAUC by drawing verdicts anew within each level.
pub fn bootstrap(profile: &Profile, draws: usize, seed: Seed) -> Range {
    let mut stream = seed.stream("bootstrap");
    let drawn = |_| redrawn(profile, &mut stream).wauc();
    quantiles((0..draws).map(drawn).collect())
}

fn redrawn(profile: &Profile, stream: &mut Stream) -> Profile {
    let draw = |cell: &Cell| {
        let trials = cell.total as usize;
        let feasible = (0..trials).filter(|_| stream.chance(cell.share())).count();
        Cell { feasible: feasible as f64, ..*cell }
    };
    Profile(profile.0.iter().map(draw).collect())
}

fn quantiles(mut values: Vec<f64>) -> Range {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (share * values.len() as f64) as usize;
        values.get(place.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0)
    };
    Range { low: at(0.025), high: at(0.975) }
}

/// Two answerers on the same instances: level, verdict of the one, verdict of the other.
pub type Pairs = [(u32, bool, bool)];

/// The interval of the difference of WAUC by drawing pairs anew within each level.
pub fn paired_bootstrap(pairs: &Pairs, draws: usize, seed: Seed) -> Range {
    let mut stream = seed.stream("paired bootstrap");
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let levels: Vec<&Pairs> = sorted.chunk_by(|one, two| one.0 == two.0).collect();
    let difference = |_| {
        let mut drawn = Vec::with_capacity(sorted.len());
        for level in &levels {
            drawn.extend((0..level.len()).map(|_| level[stream.below(level.len())]));
        }
        wauc_difference(&drawn)
    };
    quantiles((0..draws).map(difference).collect())
}

/// WAUC of the one minus WAUC of the other.
pub fn wauc_difference(pairs: &Pairs) -> f64 {
    let one = Profile::of(pairs.iter().map(|it| (it.0, f64::from(u8::from(it.1)))));
    let other = Profile::of(pairs.iter().map(|it| (it.0, f64::from(u8::from(it.2)))));
    one.wauc() - other.wauc()
}

/// The mid-p value of McNemar's test: `first` pairs where only the one is feasible, `second` where
/// only the other is.
pub fn mcnemar(first: u64, second: u64) -> f64 {
    let (total, least) = (first + second, first.min(second));
    if first == second {
        return 1.0;
    }
    let terms: Vec<f64> = (0..=least).map(|it| binomial(total, it)).collect();
    let (last, before) = terms.split_last().expect("at least one term");
    (2.0 * (before.iter().sum::<f64>() + last / 2.0)).min(1.0)
}

/// Probability of `count` heads in `total` throws.
fn binomial(total: u64, count: u64) -> f64 {
    let ratios = (0..count).map(|it| ((total - it) as f64 / (it + 1) as f64).ln());
    (ratios.sum::<f64>() - total as f64 * std::f64::consts::LN_2).exp()
}

/// p values after Holm, in the order given.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &two| values[one].total_cmp(&values[two]));
    let (mut adjusted, mut largest) = (vec![1.0; values.len()], 0.0_f64);
    for (rank, place) in order.into_iter().enumerate() {
        largest = largest.max((values[place] * (values.len() - rank) as f64).min(1.0));
        adjusted[place] = largest;
    }
    adjusted
}

/// The least difference of two shares that so many pairs show with power 0.8 at 5 %, where a share
/// `discordant` of the pairs differs.
pub fn detectable(pairs: f64, discordant: f64) -> f64 {
    const Z80: f64 = 0.841_621_233_572_914;
    (Z95 + Z80) * (discordant / pairs.max(1.0)).sqrt()
}

/// Shares that never rise, nearest to those of a profile.
pub fn isotonic(profile: &Profile) -> Vec<f64> {
    // Blocks of feasible, total, levels; pooled while a later one is higher.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for cell in &profile.0 {
        blocks.push((cell.feasible, cell.total, 1));
        while let [.., one, two] = &blocks[..]
            && two.0 * one.1 > one.0 * two.1
        {
            let joined = (one.0 + two.0, one.1 + two.1, one.2 + two.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    let shares = blocks.into_iter().map(|it| (it.0 / it.1.max(1e-300), it.2));
    shares.flat_map(|(share, levels)| std::iter::repeat_n(share, levels)).collect()
}

/// The interval of the breakpoint by isotonic regression of redrawn verdicts; an end that is `None`
/// says that there may be none.
pub fn breakpoint_range(
    profile: &Profile,
    threshold: f64,
    draws: usize,
    seed: Seed,
) -> (Option<u32>, Option<u32>) {
    let mut stream = seed.stream("breakpoint");
    let drawn = |_| {
        let profile = redrawn(profile, &mut stream);
        let smooth = isotonic(&profile);
        let mut levels = profile.0.iter().zip(smooth);
        levels.find(|(_, share)| *share < threshold).map_or(u32::MAX, |(cell, _)| cell.level)
    };
    let mut levels: Vec<u32> = (0..draws).map(drawn).collect();
    levels.sort_unstable();
    let at = |share: f64| {
        let place = ((share * draws as f64) as usize).min(draws.saturating_sub(1));
        levels.get(place).copied().filter(|it| *it < u32::MAX)
    };
    (at(0.025), at(0.975))
}

/// A coefficient of the logistic model with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// The estimate.
    pub value: f64,
    /// Its interval (Wald).
    pub range: Range,
}

/// ln(odds of feasible) as a linear function of features, the constant first, by Newton's method
/// with a small ridge. Features are standardized, so that coefficients compare.
pub fn logistic(rows: &[(Vec<f64>, bool)]) -> Vec<Coefficient> {
    const RIDGE: f64 = 1e-3;
    let width = rows.first().map_or(0, |row| row.0.len()) + 1;
    let rows = standardized(rows);
    let mut weights = vec![0.0; width];
    let mut inverse = Vec::new();
    for _ in 0..50 {
        let (mut gradient, mut hessian) = (vec![0.0; width], vec![vec![0.0; width]; width]);
        for (features, feasible) in &rows {
            let score: f64 = features.iter().zip(&weights).map(|(it, weight)| it * weight).sum();
            let chance = 1.0 / (1.0 + (-score).exp());
            for (row, it) in features.iter().enumerate() {
                gradient[row] += it * (f64::from(u8::from(*feasible)) - chance);
                for (column, other) in features.iter().enumerate() {
                    hessian[row][column] += it * other * chance * (1.0 - chance);
                }
            }
        }
        for place in 0..width {
            gradient[place] -= RIDGE * weights[place];
            hessian[place][place] += RIDGE;
        }
        inverse = inverted(hessian);
        let step = |row: &Vec<f64>| row.iter().zip(&gradient).map(|(it, by)| it * by).sum::<f64>();
        let steps: Vec<f64> = inverse.iter().map(step).collect();
        weights.iter_mut().zip(&steps).for_each(|(weight, step)| *weight += step);
        if steps.iter().all(|step| step.abs() < 1e-9) {
            break;
        }
    }
    let coefficient = |(place, &value): (usize, &f64)| {
        let reach = Z95 * inverse[place][place].max(0.0).sqrt();
        Coefficient { value, range: Range { low: value - reach, high: value + reach } }
    };
    weights.iter().enumerate().map(coefficient).collect()
}

/// Rows with a leading 1 and features of mean 0 and deviation 1.
fn standardized(rows: &[(Vec<f64>, bool)]) -> Vec<(Vec<f64>, bool)> {
    let count = rows.len().max(1) as f64;
    let width = rows.first().map_or(0, |row| row.0.len());
    let mean = |place: usize| rows.iter().map(|row| row.0[place]).sum::<f64>() / count;
    let means: Vec<f64> = (0..width).map(mean).collect();
    let deviation = |place: usize| {
        let squares = rows.iter().map(|row| (row.0[place] - means[place]).powi(2));
        (squares.sum::<f64>() / count).sqrt().max(1e-12)
    };
    let deviations: Vec<f64> = (0..width).map(deviation).collect();
    let scaled = |(features, feasible): &(Vec<f64>, bool)| {
        let all = features.iter().zip(&means).zip(&deviations);
        let all = all.map(|((it, mean), deviation)| (it - mean) / deviation);
        (std::iter::once(1.0).chain(all).collect(), *feasible)
    };
    rows.iter().map(scaled).collect()
}

/// The inverse of a symmetric positive matrix by Gauss-Jordan elimination.
fn inverted(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let width = matrix.len();
    let unit = |row: usize| (0..width).map(|it| f64::from(u8::from(it == row))).collect();
    let mut inverse: Vec<Vec<f64>> = (0..width).map(unit).collect();
    for pivot in 0..width {
        let factor = 1.0 / matrix[pivot][pivot].max(1e-300);
        for column in 0..width {
            matrix[pivot][column] *= factor;
            inverse[pivot][column] *= factor;
        }
        for row in (0..width).filter(|row| *row != pivot) {
            let factor = matrix[row][pivot];
            for column in 0..width {
                matrix[row][column] -= factor * matrix[pivot][column];
                inverse[row][column] -= factor * inverse[pivot][column];
            }
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_intervals_and_tests_come_out() {
        let range = wilson(10.0, 10.0);
        assert!((range.low - 0.7225).abs() < 1e-3, "{range:?}");
        assert!((range.high - 1.0).abs() < 1e-12, "{range:?}");
        // 2 · (C(5,0) + C(5,1) / 2) / 2^5
        assert!((mcnemar(1, 4) - 2.0 * (1.0 + 2.5) / 32.0).abs() < 1e-12);
        assert_eq!(mcnemar(3, 3), 1.0);
        assert_eq!(holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
        let shares = [(5, 1.0), (10, 0.4), (15, 0.6), (20, 0.1)];
        let cell = |(level, share)| Cell { level, feasible: 10.0 * share, total: 10.0 };
        let profile = Profile(shares.map(cell).to_vec());
        assert_eq!(isotonic(&profile), [1.0, 0.5, 0.5, 0.1]);
    }

    #[test]
    fn the_logistic_model_finds_which_feature_matters() {
        let mut stream = Seed::new(5).stream("rows");
        let row = |_| {
            let (matters, does_not) = (stream.unit(), stream.unit());
            (vec![matters, does_not], stream.chance(1.0 / (1.0 + (6.0 * matters - 3.0).exp())))
        };
        let rows: Vec<_> = (0..2_000).map(row).collect();
        let found = logistic(&rows);
        assert!(found[1].range.high < 0.0, "{found:?}");
        assert!(found[2].range.holds(0.0), "{found:?}");
    }
}
