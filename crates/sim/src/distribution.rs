//! Random durations and gaps: distributions with names, read from and written as text.
//!
//! A distribution speaks of real numbers; [`Distribution::ticks`] rounds a draw to the nearest tick
//! and takes negative draws for zero. Where a tick is too coarse for that, count finer ticks and
//! [`Distribution::stretched`] by their number per unit. A draw is O(1), with a few random numbers.
//!
//! **Source:** Marsaglia, Tsang 2000 (exponential and normal draws by the ziggurat; gamma by
//! squeezing), as in the crate `rand_distr`; Law 2015, chapter 6 (which to use for what).

use crate::DistributionError;
use ordine_base::{Stream, Ticks};
use rand_core::TryRng;
use rand_distr::Distribution as _;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Largest number of ticks that is drawn; what is longer is cut, so that sums stay in an `i64`.
const TICKS_MOST: f64 = (1_u64 << 52) as f64;

/// Draws after which a residual is given up.
const RESIDUAL_DRAWS_MOST: u32 = 1_000;

/// The nearest number of ticks.
#[inline]
fn whole(amount: f64) -> Ticks {
    Ticks::new((amount.clamp(0.0, TICKS_MOST) + 0.5) as i64)
}

/// A distribution of nonnegative amounts.
///
/// ```
/// use ordine_base::Seed;
/// use ordine_sim::Distribution;
///
/// # fn main() -> Result<(), ordine_sim::DistributionError> {
/// let repair: Distribution = "weibull(30, 1.5)".parse()?;
/// let ticks = repair.ticks(&mut Seed::new(1).stream("repairs"));
/// assert!(ticks.get() >= 0);
/// assert_eq!(repair.to_string(), "weibull(30, 1.5)");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    kind: Kind,
    /// What every amount is multiplied by.
    factor: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Constant(f64),
    Uniform { low: f64, high: f64 },
    UniformInteger { low: f64, high: f64 },
    Exponential { mean: f64 },
    Weibull { scale: f64, shape: f64 },
    Normal { mean: f64, deviation: f64 },
    Lognormal { mean: f64, deviation: f64 },
    Gamma { shape: f64, scale: f64 },
    Erlang { stages: f64, mean: f64 },
    Triangular { low: f64, mode: f64, high: f64 },
    Beta { alpha: f64, beta: f64, low: f64, high: f64 },
    Empirical(Box<[f64]>),
}

/// Names, parameters and meaning, for help texts.
pub const DISTRIBUTIONS: [(&str, &str, &str); 12] = [
    ("constant", "value", "always the value; a number alone means the same"),
    ("uniform", "low, high", "any number of [low, high)"),
    ("uniform-integer", "low, high", "any whole number of low, …, high"),
    ("exponential", "mean", "without memory"),
    ("weibull", "scale, shape", "wears out with a shape above 1, settles with one below"),
    ("normal", "mean, deviation", "cut at zero when rounded to ticks"),
    ("lognormal", "mean, deviation", "of the amounts themselves, not of their logarithms"),
    ("gamma", "shape, scale", "mean shape × scale"),
    ("erlang", "stages, mean", "sum of so many exponential stages, with this mean together"),
    ("triangular", "low, mode, high", "for guesses of the least, likely and most"),
    ("beta", "alpha, beta, low, high", "within [low, high]"),
    ("empirical", "value, …", "any of the values, all alike"),
];

impl Distribution {
    /// Always `value`.
    ///
    /// # Panics
    /// As all constructors, when a parameter is not finite or out of its range; texts are read with
    /// an error instead.
    pub fn constant(value: f64) -> Self {
        Kind::Constant(value).sealed()
    }

    /// Any number of `[low, high)`.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn uniform(low: f64, high: f64) -> Self {
        Kind::Uniform { low, high }.sealed()
    }

    /// Any whole number of `low..=high`.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn uniform_integer(low: i64, high: i64) -> Self {
        Kind::UniformInteger { low: low as f64, high: high as f64 }.sealed()
    }

    /// Without memory.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn exponential(mean: f64) -> Self {
        Kind::Exponential { mean }.sealed()
    }

    /// P(X > x) = exp(-(x / scale)^shape).
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn weibull(scale: f64, shape: f64) -> Self {
        Kind::Weibull { scale, shape }.sealed()
    }

    /// Normal.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn normal(mean: f64, deviation: f64) -> Self {
        Kind::Normal { mean, deviation }.sealed()
    }

    /// Lognormal with this mean and deviation of the amounts themselves.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn lognormal(mean: f64, deviation: f64) -> Self {
        Kind::Lognormal { mean, deviation }.sealed()
    }

    /// Gamma.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn gamma(shape: f64, scale: f64) -> Self {
        Kind::Gamma { shape, scale }.sealed()
    }

    /// The sum of `stages` exponential stages with this mean together.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn erlang(stages: u32, mean: f64) -> Self {
        Kind::Erlang { stages: f64::from(stages), mean }.sealed()
    }

    /// Triangular.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Self {
        Kind::Triangular { low, mode, high }.sealed()
    }

    /// Beta on `[low, high]`.
    ///
    /// # Panics
    /// When a parameter is out of its range.
    pub fn beta(alpha: f64, beta: f64, low: f64, high: f64) -> Self {
        Kind::Beta { alpha, beta, low, high }.sealed()
    }

    /// Any of the values, all alike.
    ///
    /// # Panics
    /// When there is no value, or one is out of its range.
    pub fn empirical(values: &[f64]) -> Self {
        Kind::Empirical(values.into()).sealed()
    }

    /// A draw.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.factor * self.kind.sample(stream)
    }

    /// A draw in ticks: rounded to the nearest, not negative, below 2^52.
    #[inline]
    pub fn ticks(&self, stream: &mut Stream) -> Ticks {
        whole(self.sample(stream))
    }

    /// What is left of an amount of which `elapsed` has passed already: a draw of X - elapsed,
    /// given X > elapsed. This is how a fork draws anew what is under way without knowing its end.
    ///
    /// Closed form for exponential, Weibull and uniform; draws again and again for the others, and
    /// gives 0 when what has passed is hardly possible.
    pub fn residual(&self, elapsed: f64, stream: &mut Stream) -> f64 {
        self.factor * self.kind.residual(elapsed / self.factor, stream)
    }

    /// The same in ticks.
    pub fn residual_ticks(&self, elapsed: Ticks, stream: &mut Stream) -> Ticks {
        whole(self.residual(elapsed.get() as f64, stream))
    }

    /// The same amounts times `factor`.
    ///
    /// # Panics
    /// When the factor is not positive.
    pub fn stretched(&self, factor: f64) -> Self {
        assert!(factor > 0.0 && factor.is_finite(), "a factor is positive, found {factor}");
        Distribution { kind: self.kind.clone(), factor: self.factor * factor }
    }

    /// Mean, before draws are rounded and cut.
    pub fn mean(&self) -> f64 {
        self.factor * self.kind.moments().0
    }

    /// Variance, before draws are rounded and cut.
    pub fn variance(&self) -> f64 {
        self.factor * self.factor * self.kind.moments().1
    }
}

impl Kind {
    fn sealed(self) -> Distribution {
        if let Some(wrong) = self.wrong() {
            panic!("{}: expected {wrong}", Distribution { kind: self, factor: 1.0 });
        }
        Distribution { kind: self, factor: 1.0 }
    }

    fn parameters(&self) -> Vec<f64> {
        match *self {
            Kind::Constant(value) => vec![value],
            Kind::Exponential { mean } => vec![mean],
            Kind::Uniform { low, high } | Kind::UniformInteger { low, high } => vec![low, high],
            Kind::Weibull { scale, shape } => vec![scale, shape],
            Kind::Normal { mean, deviation } | Kind::Lognormal { mean, deviation } => {
                vec![mean, deviation]
            }
            Kind::Gamma { shape, scale } => vec![shape, scale],
            Kind::Erlang { stages, mean } => vec![stages, mean],
            Kind::Triangular { low, mode, high } => vec![low, mode, high],
            Kind::Beta { alpha, beta, low, high } => vec![alpha, beta, low, high],
            Kind::Empirical(ref values) => values.to_vec(),
        }
    }

    fn name(&self) -> &'static str {
        let index = match self {
            Kind::Constant(_) => 0,
            Kind::Uniform { .. } => 1,
            Kind::UniformInteger { .. } => 2,
            Kind::Exponential { .. } => 3,
            Kind::Weibull { .. } => 4,
            Kind::Normal { .. } => 5,
            Kind::Lognormal { .. } => 6,
            Kind::Gamma { .. } => 7,
            Kind::Erlang { .. } => 8,
            Kind::Triangular { .. } => 9,
            Kind::Beta { .. } => 10,
            Kind::Empirical(_) => 11,
        };
        DISTRIBUTIONS[index].0
    }

    /// The kind of this name; `None` when the name or the number of parameters is wrong.
    fn of(name: &str, parameters: &[f64]) -> Option<Kind> {
        Some(match (name, parameters) {
            ("constant", &[value]) => Kind::Constant(value),
            ("uniform", &[low, high]) => Kind::Uniform { low, high },
            ("uniform-integer", &[low, high]) => Kind::UniformInteger { low, high },
            ("exponential", &[mean]) => Kind::Exponential { mean },
            ("weibull", &[scale, shape]) => Kind::Weibull { scale, shape },
            ("normal", &[mean, deviation]) => Kind::Normal { mean, deviation },
            ("lognormal", &[mean, deviation]) => Kind::Lognormal { mean, deviation },
            ("gamma", &[shape, scale]) => Kind::Gamma { shape, scale },
            ("erlang", &[stages, mean]) => Kind::Erlang { stages, mean },
            ("triangular", &[low, mode, high]) => Kind::Triangular { low, mode, high },
            ("beta", &[alpha, beta, low, high]) => Kind::Beta { alpha, beta, low, high },
            ("empirical", [_, ..]) => Kind::Empirical(parameters.into()),
            _ => return None,
        })
    }

    /// What is expected of the parameters, when they are not so.
    fn wrong(&self) -> Option<&'static str> {
        if self.parameters().iter().any(|it| !it.is_finite()) {
            return Some("finite numbers");
        }
        let whole = |it: f64| it.fract() == 0.0 && it.abs() <= TICKS_MOST;
        let (good, words) = match *self {
            Kind::Constant(value) => (value >= 0.0, "a value of at least 0"),
            Kind::Uniform { low, high } => (0.0 <= low && low <= high, "0 <= low <= high"),
            Kind::UniformInteger { low, high } => {
                let good = 0.0 <= low && low <= high && whole(low) && whole(high);
                (good, "whole numbers with 0 <= low <= high")
            }
            Kind::Exponential { mean } => (mean > 0.0, "a positive mean"),
            Kind::Weibull { scale, shape } | Kind::Gamma { shape, scale } => {
                (scale > 0.0 && shape > 0.0, "positive shape and scale")
            }
            Kind::Normal { mean, deviation } => {
                (mean >= 0.0 && deviation >= 0.0, "mean and deviation of at least 0")
            }
            Kind::Lognormal { mean, deviation } => {
                (mean > 0.0 && deviation >= 0.0, "a positive mean, a deviation of at least 0")
            }
            Kind::Erlang { stages, mean } => {
                (stages >= 1.0 && whole(stages) && mean > 0.0, "whole stages and a positive mean")
            }
            Kind::Triangular { low, mode, high } => {
                (0.0 <= low && low <= mode && mode <= high, "0 <= low <= mode <= high")
            }
            Kind::Beta { alpha, beta, low, high } => {
                let good = alpha > 0.0 && beta > 0.0 && 0.0 <= low && low <= high;
                (good, "positive alpha and beta, 0 <= low <= high")
            }
            Kind::Empirical(ref values) => {
                let good = !values.is_empty() && values.iter().all(|&it| it >= 0.0);
                (good, "one value or more of at least 0")
            }
        };
        (!good).then_some(words)
    }

    #[inline]
    fn sample(&self, stream: &mut Stream) -> f64 {
        match *self {
            Kind::Constant(value) => value,
            Kind::Uniform { low, high } => low + (high - low) * stream.unit(),
            Kind::UniformInteger { low, high } => {
                low + stream.below((high - low) as usize + 1) as f64
            }
            Kind::Exponential { mean } => mean * exponential(stream),
            Kind::Weibull { scale, shape } => scale * exponential(stream).powf(shape.recip()),
            Kind::Normal { mean, deviation } => mean + deviation * normal(stream),
            Kind::Lognormal { mean, deviation } => {
                let variance = (deviation / mean).powi(2).ln_1p();
                mean * (variance.sqrt() * normal(stream) - variance / 2.0).exp()
            }
            Kind::Gamma { shape, scale } => gamma(shape, scale, stream),
            Kind::Erlang { stages, mean } => gamma(stages, mean / stages, stream),
            Kind::Triangular { low, mode, high } => {
                let (unit, width) = (stream.unit(), high - low);
                match unit * width < mode - low {
                    true => low + (unit * width * (mode - low)).sqrt(),
                    false => high - ((1.0 - unit) * width * (high - mode)).sqrt(),
                }
            }
            Kind::Beta { alpha, beta, low, high } => {
                let (first, second) = (gamma(alpha, 1.0, stream), gamma(beta, 1.0, stream));
                let sum = first + second;
                // Both vanish for tiny parameters; the middle is as good as any then.
                let share = if sum > 0.0 { first / sum } else { 0.5 };
                low + (high - low) * share
            }
            Kind::Empirical(ref values) => values[stream.below(values.len())],
        }
    }

    fn residual(&self, elapsed: f64, stream: &mut Stream) -> f64 {
        match *self {
            Kind::Exponential { mean } => mean * exponential(stream),
            Kind::Weibull { scale, shape } => {
                let passed = (elapsed.max(0.0) / scale).powf(shape) + exponential(stream);
                scale * passed.powf(shape.recip()) - elapsed
            }
            Kind::Uniform { low, high } => {
                let from = low.max(elapsed);
                (from - elapsed + (high - from).max(0.0) * stream.unit()).max(0.0)
            }
            _ => {
                let mut draws = (0..RESIDUAL_DRAWS_MOST).map(|_| self.sample(stream) - elapsed);
                draws.find(|&left| left > 0.0).unwrap_or(0.0)
            }
        }
    }

    /// Mean and variance.
    fn moments(&self) -> (f64, f64) {
        match *self {
            Kind::Constant(value) => (value, 0.0),
            Kind::Uniform { low, high } => ((low + high) / 2.0, (high - low).powi(2) / 12.0),
            Kind::UniformInteger { low, high } => {
                ((low + high) / 2.0, ((high - low + 1.0).powi(2) - 1.0) / 12.0)
            }
            Kind::Exponential { mean } => (mean, mean * mean),
            Kind::Weibull { scale, shape } => {
                let moment = |order: f64| statrs::function::gamma::gamma(1.0 + order / shape);
                (scale * moment(1.0), scale * scale * (moment(2.0) - moment(1.0).powi(2)))
            }
            Kind::Normal { mean, deviation } | Kind::Lognormal { mean, deviation } => {
                (mean, deviation * deviation)
            }
            Kind::Gamma { shape, scale } => (shape * scale, shape * scale * scale),
            Kind::Erlang { stages, mean } => (mean, mean * mean / stages),
            Kind::Triangular { low, mode, high } => {
                let squares = low * low + mode * mode + high * high;
                let products = low * mode + low * high + mode * high;
                ((low + mode + high) / 3.0, (squares - products) / 18.0)
            }
            Kind::Beta { alpha, beta, low, high } => {
                let (sum, width) = (alpha + beta, high - low);
                let share = alpha * beta / (sum * sum * (sum + 1.0));
                (low + width * alpha / sum, width * width * share)
            }
            Kind::Empirical(ref values) => {
                let count = values.len() as f64;
                let mean = values.iter().sum::<f64>() / count;
                (mean, values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / count)
            }
        }
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.factor != 1.0 {
            write!(formatter, "{} × ", self.factor)?;
        }
        let parameters = self.kind.parameters();
        let words: Vec<String> = parameters.iter().map(f64::to_string).collect();
        write!(formatter, "{}({})", self.kind.name(), words.join(", "))
    }
}

impl FromStr for Distribution {
    type Err = DistributionError;

    fn from_str(text: &str) -> Result<Self, DistributionError> {
        let wrong = |expected: String| DistributionError { text: text.to_owned(), expected };
        let trimmed = text.trim();
        if let Ok(value) = trimmed.parse() {
            return Kind::Constant(value).checked().map_err(|it| wrong(it.to_owned()));
        }
        let names = || {
            let all = DISTRIBUTIONS.map(|(name, parameters, _)| format!("{name}({parameters})"));
            format!("a number or one of {}", all.join(", "))
        };
        let (name, rest) = trimmed.split_once('(').ok_or_else(|| wrong(names()))?;
        let inside = rest.strip_suffix(')').ok_or_else(|| wrong("a closing `)`".to_owned()))?;
        let entry = DISTRIBUTIONS.iter().find(|(known, _, _)| *known == name.trim());
        let (name, parameters, _) = entry.ok_or_else(|| wrong(names()))?;
        let numbers: Result<Vec<f64>, _> = inside.split(',').map(|it| it.trim().parse()).collect();
        let expected = || wrong(format!("{name}({parameters}) with numbers"));
        let kind = Kind::of(name, &numbers.map_err(|_| expected())?).ok_or_else(expected)?;
        kind.checked().map_err(|it| wrong(it.to_owned()))
    }
}

impl Kind {
    fn checked(self) -> Result<Distribution, &'static str> {
        self.wrong().map_or(Ok(Distribution { kind: self, factor: 1.0 }), Err)
    }
}

/// A stream as the distributions of `rand_distr` want it.
struct Bits<'a>(&'a mut Stream);

impl TryRng for Bits<'_> {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.0.bits() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.0.bits().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
        Ok(())
    }
}

/// A draw of the exponential distribution with mean 1.
#[inline]
fn exponential(stream: &mut Stream) -> f64 {
    rand_distr::Exp1.sample(&mut Bits(stream))
}

/// A draw of the standard normal distribution.
#[inline]
fn normal(stream: &mut Stream) -> f64 {
    rand_distr::StandardNormal.sample(&mut Bits(stream))
}

fn gamma(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    let gamma = rand_distr::Gamma::new(shape, scale);
    gamma.expect("parameters are checked when a distribution is made").sample(&mut Bits(stream))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordine_base::Seed;

    const TEXTS: [&str; 12] = [
        "constant(3)",
        "uniform(2, 8)",
        "uniform-integer(1, 6)",
        "exponential(5)",
        "weibull(10, 1.5)",
        "normal(20, 3)",
        "lognormal(4, 2)",
        "gamma(2.5, 3)",
        "erlang(3, 6)",
        "triangular(1, 2, 6)",
        "beta(2, 3, 10, 20)",
        "empirical(1, 2, 9)",
    ];

    fn read(text: &str) -> Distribution {
        text.parse().expect("a distribution")
    }

    #[test]
    fn mean_and_variance_of_draws_are_those_of_the_formula() {
        const COUNT: usize = 200_000;
        for text in TEXTS {
            for distribution in [read(text), read(text).stretched(2.5)] {
                let mut stream = Seed::new(5).stream(text);
                let draws: Vec<f64> =
                    (0..COUNT).map(|_| distribution.sample(&mut stream)).collect();
                let mean = draws.iter().sum::<f64>() / COUNT as f64;
                let variance = draws.iter().map(|it| (it - mean).powi(2)).sum::<f64>();
                let variance = variance / (COUNT - 1) as f64;
                let error = (distribution.variance() / COUNT as f64).sqrt();
                assert!((mean - distribution.mean()).abs() <= 4.0 * error, "{distribution} {mean}");
                let wanted = distribution.variance();
                assert!((variance - wanted).abs() <= 0.05 * wanted, "{distribution} {variance}");
            }
        }
    }

    #[test]
    fn residuals_are_what_is_left_of_draws_that_last_longer() {
        for text in ["exponential(5)", "weibull(10, 1.5)", "uniform(2, 8)", "gamma(2.5, 3)"] {
            let distribution = read(text);
            let mut stream = Seed::new(6).stream(text);
            let left: Vec<f64> = (0..200_000)
                .map(|_| distribution.sample(&mut stream) - 4.0)
                .filter(|&it| it > 0.0)
                .collect();
            let wanted = left.iter().sum::<f64>() / left.len() as f64;
            let drawn = (0..100_000).map(|_| distribution.residual(4.0, &mut stream)).sum::<f64>();
            assert!((drawn / 1e5 - wanted).abs() < 0.02 * wanted, "{text}: {drawn} {wanted}");
        }
        let mut stream = Seed::new(1).stream("late");
        assert_eq!(read("constant(3)").residual_ticks(Ticks::new(9), &mut stream), Ticks::ZERO);
    }

    #[test]
    fn texts_are_read_back_as_they_were_written() {
        for text in TEXTS {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read(" 7.5 "), Distribution::constant(7.5));
        for text in ["exponential(0)", "uniform(3)", "nomal(1, 2)", "weibull(1, 2", "normal(1, x)"]
        {
            let error = text.parse::<Distribution>().expect_err(text).to_string();
            assert!(error.contains(text) && error.contains("expected"), "{error}");
        }
    }

    #[test]
    fn first_draws_never_change() {
        let drawn =
            TEXTS.map(|text| read(text).stretched(100.0).ticks(&mut Seed::new(1).stream("x")));
        assert_eq!(drawn.map(Ticks::get), PINNED);
    }

    const PINNED: [i64; 12] = [300, 502, 400, 378, 830, 2003, 360, 655, 537, 285, 1257, 200];
}
