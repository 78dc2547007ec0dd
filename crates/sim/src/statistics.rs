//! Statistics of what was simulated: means with intervals, time averages, batches, warm-up.
//!
//! An interval of confidence c over n independent values is mean ± t × deviation / √n, with the
//! quantile t of Student's distribution with n - 1 degrees of freedom at (1 + c) / 2.
//!
//! **Source:** Welford 1962 (running variance); Law 2015, chapters 4, 9 and 10; White 1997 (warm-up
//! by the least marginal standard error).

use ordine_base::Time;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Count, mean, variance and extremes of values that come one by one; NaN is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    count: u64,
    mean: f64,
    squares: f64,
    least: f64,
    most: f64,
}

impl Default for Summary {
    fn default() -> Self {
        let (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
        Summary { count: 0, mean: 0.0, squares: 0.0, least, most }
    }
}

impl Summary {
    /// Of nothing yet.
    pub fn new() -> Self {
        Summary::default()
    }

    /// Takes a value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean; NaN of nothing.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
    }

    /// Unbiased variance; NaN of fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 { f64::NAN } else { self.squares / (self.count - 1) as f64 }
    }

    /// Standard deviation; NaN of fewer than two values.
    pub fn deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Least value; infinite of nothing.
    pub fn least(&self) -> f64 {
        self.least
    }

    /// Greatest value; minus infinite of nothing.
    pub fn most(&self) -> f64 {
        self.most
    }

    /// Half the width of the interval of this confidence around the mean; NaN of fewer than two
    /// values.
    ///
    /// # Panics
    /// When the confidence is not between 0 and 1.
    pub fn half_width(&self, confidence: f64) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        let quantile = student_quantile(confidence, self.count - 1);
        quantile * (self.variance() / self.count as f64).sqrt()
    }
}

impl Extend<f64> for Summary {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.add(value));
    }
}

impl FromIterator<f64> for Summary {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut summary = Summary::new();
        summary.extend(values);
        summary
    }
}

/// The quantile of Student's distribution at (1 + confidence) / 2.
///
/// # Panics
/// When the confidence is not between 0 and 1, or there is no degree of freedom.
pub fn student_quantile(confidence: f64, degrees: u64) -> f64 {
    assert!(0.0 < confidence && confidence < 1.0, "a confidence is between 0 and 1: {confidence}");
    let student = StudentsT::new(0.0, 1.0, degrees as f64);
    let student = student.expect("there is a degree of freedom");
    student.inverse_cdf(f64::midpoint(1.0, confidence))
}

/// Summary of first - second, pair by pair: under common random numbers the interval of a
/// difference is much narrower than those of its parts.
///
/// # Panics
/// When there are not as many of the one as of the other.
pub fn paired_differences(first: &[f64], second: &[f64]) -> Summary {
    assert_eq!(first.len(), second.len(), "values come in pairs");
    first.iter().zip(second).map(|(one, other)| one - other).collect()
}

/// Summary of the means of so many batches of consecutive values; what does not fill a batch at the
/// end is left out.
///
/// # Panics
/// When there is no batch.
pub fn batch_means(values: &[f64], batches: usize) -> Summary {
    assert!(batches > 0, "there is a batch at least");
    let size = values.len() / batches;
    if size == 0 {
        return Summary::new();
    }
    let mean = |batch: &[f64]| batch.iter().sum::<f64>() / size as f64;
    values.chunks_exact(size).take(batches).map(mean).collect()
}

/// How many values at the beginning to leave out as warm-up: the multiple of `batch` that makes the
/// standard error of the rest least, among those within the first half. O(n).
///
/// # Panics
/// When a batch is empty.
pub fn warm_up(values: &[f64], batch: usize) -> usize {
    assert!(batch > 0, "a batch has one value or more");
    let means: Vec<f64> =
        values.chunks_exact(batch).map(|it| it.iter().sum::<f64>() / batch as f64).collect();
    let mut tail = Summary::new();
    let mut best = (f64::INFINITY, 0);
    for cut in (0..means.len()).rev() {
        tail.add(means[cut]);
        // A tail of few values has a small error by luck.
        if cut > means.len() / 2 || tail.count() < 2 {
            continue;
        }
        let error = tail.squares / (tail.count() as f64).powi(2);
        if error <= best.0 {
            best = (error, cut);
        }
    }
    best.1 * batch
}

/// Average of a level over time: a queue, machines at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeAverage {
    since: Time,
    changed: Time,
    level: f64,
    area: f64,
}

impl TimeAverage {
    /// A level from `now` on.
    pub fn new(now: Time, level: f64) -> Self {
        TimeAverage { since: now, changed: now, level, area: 0.0 }
    }

    /// The level becomes another one.
    #[inline]
    pub fn set(&mut self, now: Time, level: f64) {
        self.area += self.level * (now - self.changed).get() as f64;
        (self.changed, self.level) = (now, level);
    }

    /// The level rises, or falls by a negative amount.
    #[inline]
    pub fn add(&mut self, now: Time, amount: f64) {
        self.set(now, self.level + amount);
    }

    /// The level now.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Forgets what was: the end of the warm-up.
    pub fn restart(&mut self, now: Time) {
        *self = TimeAverage::new(now, self.level);
    }

    /// The average from its beginning to `now`; the level itself over no time.
    pub fn mean(&self, now: Time) -> f64 {
        let span = (now - self.since).get() as f64;
        let area = self.area + self.level * (now - self.changed).get() as f64;
        if span > 0.0 { area / span } else { self.level }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Distribution;
    use ordine_base::Seed;

    #[test]
    fn intervals_are_those_of_a_table_of_student() {
        // t at 0.975 with 9 degrees of freedom and at 0.995 with 4: Law 2015, table T.1.
        for (confidence, degrees, wanted) in [(0.95, 9, 2.262), (0.99, 4, 4.604), (0.9, 30, 1.697)]
        {
            let found = student_quantile(confidence, degrees);
            assert!((found - wanted).abs() < 5e-4, "{found} {wanted}");
        }
        // The ten values of Law 2015, example 4.27: mean 1.34, interval 1.34 ± 0.24 at 90 %.
        let summary: Summary =
            [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09].into_iter().collect();
        assert!((summary.mean() - 1.343).abs() < 1e-9);
        assert!((summary.half_width(0.9) - 0.24).abs() < 5e-3);
    }

    #[test]
    fn intervals_hold_the_mean_as_often_as_they_say() {
        let duration = Distribution::gamma(2.0, 5.0);
        let mut stream = Seed::new(1).stream("coverage");
        let covered = (0..4_000).filter(|_| {
            let values: Summary = (0..30).map(|_| duration.sample(&mut stream)).collect();
            (values.mean() - duration.mean()).abs() <= values.half_width(0.9)
        });
        let share = covered.count() as f64 / 4_000.0;
        assert!((0.88..0.92).contains(&share), "{share}");
    }

    #[test]
    fn warm_up_ends_where_the_level_settles() {
        let mut stream = Seed::new(2).stream("noise");
        let values: Vec<f64> = (0..1_000)
            .map(|index| if index < 200 { 50.0 - index as f64 / 4.0 } else { stream.unit() })
            .collect();
        assert!((190..=260).contains(&warm_up(&values, 5)), "{}", warm_up(&values, 5));
    }

    #[test]
    fn time_averages_weigh_levels_by_how_long_they_last() {
        let mut queue = TimeAverage::new(Time::ORIGIN, 0.0);
        queue.add(Time::new(2), 3.0);
        queue.add(Time::new(4), -2.0);
        assert!((queue.mean(Time::new(6)) - 8.0 / 6.0).abs() < 1e-12);
        queue.restart(Time::new(6));
        assert!((queue.mean(Time::new(9)) - 1.0).abs() < 1e-12);
    }
}
