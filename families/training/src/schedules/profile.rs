//! Profiles: the shape of a schedule as a pure function of the share `z` of the run that is over.
//!
//! | profile | value at z in [0, 1] | source |
//! |---|---|---|
//! | constant | `1` | - |
//! | linear | `1 - z` | Defazio et al. 2023 |
//! | polynomial | `(1 - z)^power` | - |
//! | cosine | `(1 + cos(pi z)) / 2` | Loshchilov, Hutter 2017 |
//! | exponential | `end^z` | - |
//! | one minus root | `1 - sqrt(z)` | Hägele et al. 2024 |
//! | mirror cosine | `2 (1 - z) - (1 + cos(pi z)) / 2` | Hägele et al. 2024 |
//! | REX | `(1 - z) / ((1 - d) + d (1 - z))` | Chen, Wolfe, Kyrillidis 2022 |
//! | UBA | `2 c / (2 phi + (2 - phi) c)`, `c = 1 + cos(pi z)` | Tang et al. 2025, eq. of 3.1 |
//! | levels | product of the factors whose knots lie at or before z | - |
//! | points | linear or cosine between given points | Smith 2018 |
//! | table | linear between evenly spaced values | - |
//! | delayed | `1` up to a share, then another profile on what is left | - |
//!
//! All lie in [0, 1], but for factors, points and tables that say otherwise. Each value is O(1),
//! O(log n) for n knots or points. Outside [0, 1] the nearest end holds.
//!
//! REX is `d = 0.5`. Two other members of its family go by the same name in public ports: `d = 0.9`
//! (the widely copied one) and `(1 - z) / ((1 - 0.9 z) / 2 + 1/2)`, which is `d = 0.45`. UBA is not
//! limited to `phi` below 1: `phi = 2` is the cosine, more falls faster.
//!
//! **Source:** Chen, Wolfe, Kyrillidis 2022 (REX); Tang et al. 2025 (UBA)

use super::error::{ScheduleError, positive, share, within};
use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

/// A shape: from the share of the run that is over to the factor of the peak.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile(pub(crate) Shape);

/// How values between two points come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// On the straight line.
    Linear,
    /// On half a wave of the cosine, flat at both points.
    Cosine,
}

/// Values whose positions are counted in small integers, which vector registers convert fast.
const ROW: usize = 1024;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Constant,
    Linear,
    Polynomial(f64),
    Cosine,
    /// The logarithm of the end.
    Exponential(f64),
    OneMinusRoot,
    MirrorCosine,
    Rex(f64),
    Uba(f64),
    /// Knots, and the value from each on.
    Levels(Arc<[(f64, f64)]>),
    Points(Arc<[(f64, f64)]>, Between),
    Table(Arc<[f64]>),
    Delayed(f64, Arc<Shape>),
}

impl Profile {
    /// Always the peak.
    pub const CONSTANT: Profile = Profile(Shape::Constant);
    /// Straight to zero: the best in the worst case.
    pub const LINEAR: Profile = Profile(Shape::Linear);
    /// Half a wave to zero.
    pub const COSINE: Profile = Profile(Shape::Cosine);
    /// One minus the root: a cooldown that falls fast at first.
    pub const ONE_MINUS_ROOT: Profile = Profile(Shape::OneMinusRoot);
    /// The cosine reflected at the straight line.
    pub const MIRROR_COSINE: Profile = Profile(Shape::MirrorCosine);

    /// The straight line raised to a power above 0.
    ///
    /// # Errors
    /// When the power is not above 0.
    pub fn polynomial(power: f64) -> Result<Self, ScheduleError> {
        Ok(Profile(Shape::Polynomial(positive("power", power)?)))
    }

    /// Geometric decay to `end`, above 0 and at most 1.
    ///
    /// # Errors
    /// When the end lies elsewhere.
    pub fn exponential(end: f64) -> Result<Self, ScheduleError> {
        let end = within("end", end, end > 0.0 && end <= 1.0, "above 0 and at most 1")?;
        Ok(Profile(Shape::Exponential(end.ln())))
    }

    /// The reflected exponential family: `d = 0` is linear, `0.5` the schedule of the paper.
    ///
    /// # Errors
    /// When d is not in [0, 1).
    pub fn rex(d: f64) -> Result<Self, ScheduleError> {
        Ok(Profile(Shape::Rex(within("d", d, (0.0..1.0).contains(&d), "0 or more, below 1")?)))
    }

    /// The budget-aware family: any `phi` above 0, `2` is the cosine, `1` is near REX.
    ///
    /// # Errors
    /// When phi is not above 0.
    pub fn uba(phi: f64) -> Result<Self, ScheduleError> {
        let expected = "a finite number above 0 (it is not limited to 1: 2 is the cosine)";
        Ok(Profile(Shape::Uba(within("phi", phi, phi > 0.0, expected)?)))
    }

    /// Steps: from each knot on, the value is multiplied by the factor beside it.
    ///
    /// # Errors
    /// When knots do not ascend within [0, 1], factors are negative, or the lists differ in length.
    pub fn levels(knots: &[f64], factors: &[f64]) -> Result<Self, ScheduleError> {
        ascending("knot", knots)?;
        if factors.len() != knots.len() {
            let expected = "as many factors as knots";
            return Err(ScheduleError::Count { name: "factors", found: factors.len(), expected });
        }
        let mut level = 1.0;
        let mut levels = Vec::with_capacity(knots.len());
        for (&knot, &factor) in knots.iter().zip(factors) {
            level *= super::error::not_negative("factor", factor)?;
            levels.push((knot, level));
        }
        Ok(Profile(Shape::Levels(levels.into())))
    }

    /// Through given points `(z, value)`; before the first and after the last their values hold.
    ///
    /// # Errors
    /// When there is no point, places do not ascend within [0, 1], or values are not finite.
    pub fn points(points: &[(f64, f64)], between: Between) -> Result<Self, ScheduleError> {
        let places: Vec<f64> = points.iter().map(|point| point.0).collect();
        ascending("place of a point", &places)?;
        if points.is_empty() {
            let expected = "at least one point";
            return Err(ScheduleError::Count { name: "points", found: 0, expected });
        }
        for &(_, value) in points {
            within("value of a point", value, true, "a finite number")?;
        }
        Ok(Profile(Shape::Points(points.into(), between)))
    }

    /// Linear between evenly spaced values, the first at z = 0 and the last at z = 1.
    ///
    /// # Errors
    /// When there is no value, or one is not finite.
    pub fn table(values: &[f64]) -> Result<Self, ScheduleError> {
        if values.is_empty() {
            let expected = "at least one value";
            return Err(ScheduleError::Count { name: "table", found: 0, expected });
        }
        for &value in values {
            within("value of the table", value, true, "a finite number")?;
        }
        Ok(Profile(Shape::Table(values.into())))
    }

    /// The peak for the first share, then this profile on what is left.
    ///
    /// # Errors
    /// When the share is not in [0, 1).
    pub fn delayed(self, delay: f64) -> Result<Self, ScheduleError> {
        let delay = within("delay", delay, (0.0..1.0).contains(&delay), "0 or more, below 1")?;
        Ok(Profile(Shape::Delayed(delay, Arc::new(self.0))))
    }

    /// Warm-up aside: the peak, and a cooldown of this shape over the last share.
    ///
    /// # Errors
    /// When the share is not above 0 and at most 1.
    pub fn stable_decay(cooldown: f64, shape: Profile) -> Result<Self, ScheduleError> {
        shape.delayed(1.0 - positive("cooldown", share("cooldown", cooldown)?)?)
    }

    /// The value where the share `z` of the run is over.
    pub fn value(&self, z: f64) -> f64 {
        self.0.at(z.clamp(0.0, 1.0))
    }
}

fn ascending(name: &'static str, places: &[f64]) -> Result<(), ScheduleError> {
    let mut before = 0.0;
    for &place in places {
        let good = (before..=1.0).contains(&place);
        before = within(name, place, good, "0 to 1, and not below the one before")?;
    }
    Ok(())
}

impl Shape {
    /// The value at `z` in [0, 1].
    #[inline]
    pub(crate) fn at(&self, z: f64) -> f64 {
        match self {
            Shape::Constant => 1.0,
            Shape::Linear => 1.0 - z,
            Shape::Polynomial(power) => raised(1.0 - z, *power),
            Shape::Cosine => cosine(z),
            Shape::Exponential(logarithm) => (z * logarithm).exp(),
            Shape::OneMinusRoot => 1.0 - z.sqrt(),
            Shape::MirrorCosine => 2.0 * (1.0 - z) - cosine(z),
            Shape::Rex(d) => rex(*d, z),
            Shape::Uba(phi) => uba(*phi, one_plus_cosine(z)),
            Shape::Levels(levels) => {
                let passed = levels.partition_point(|&(knot, _)| knot <= z);
                if passed == 0 { 1.0 } else { levels[passed - 1].1 }
            }
            Shape::Points(points, between) => on_points(points, *between, z),
            Shape::Table(values) => in_table(values, z),
            Shape::Delayed(delay, shape) => shape.at(delayed(*delay, z)),
        }
    }

    /// The values where `(first + index) / last` of the run is over.
    pub(crate) fn fill(&self, first: f64, last: f64, out: &mut [f64]) {
        match self {
            Shape::Constant => out.fill(1.0),
            Shape::Linear => each(first, last, out, |z| 1.0 - z),
            Shape::Polynomial(power) => each(first, last, out, |z| raised(1.0 - z, *power)),
            Shape::Cosine => each(first, last, out, cosine),
            Shape::Exponential(logarithm) => each(first, last, out, |z| (z * logarithm).exp()),
            Shape::Rex(d) => each(first, last, out, |z| rex(*d, z)),
            Shape::Uba(phi) => each(first, last, out, |z| uba(*phi, one_plus_cosine(z))),
            other => each(first, last, out, |z| other.at(z)),
        }
    }
}

#[inline]
fn each(first: f64, last: f64, out: &mut [f64], value: impl Fn(f64) -> f64) {
    for (row, slots) in out.chunks_mut(ROW).enumerate() {
        let begin = first + (row * ROW) as f64;
        for (index, slot) in (0_i32..).zip(slots) {
            *slot = value(share_of_run(begin + f64::from(index), last));
        }
    }
}

/// Squares and cubes without the general power.
#[inline]
fn raised(base: f64, power: f64) -> f64 {
    if power == 2.0 {
        base * base
    } else if power == 3.0 {
        base * base * base
    } else {
        base.powf(power)
    }
}

/// The share of a run that is over before the update at position `x`.
#[inline]
pub(crate) fn share_of_run(x: f64, last: f64) -> f64 {
    (x / last).clamp(0.0, 1.0)
}

#[inline]
fn cosine(z: f64) -> f64 {
    one_plus_cosine(z) / 2.0
}

/// Coefficients of the sine's series at `x^3`, `x^5`, ...: enough for 1e-17 up to a quarter of pi.
const SINE: [f64; 7] = [
    -1.0 / 6.0,
    1.0 / 120.0,
    -1.0 / 5040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
];

/// `1 + cos(pi z)` as `2 sin^2` of the nearer end, by its series: exact at both ends, precise near
/// them, and without a branch, so that rows of values run in vector registers.
#[inline]
pub(crate) fn one_plus_cosine(z: f64) -> f64 {
    let x = z.min(1.0 - z) * FRAC_PI_2;
    let square = x * x;
    let series = SINE.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient);
    let sine = x + x * square * series;
    let near_end = 2.0 * sine * sine;
    if z < 0.5 { 2.0 - near_end } else { near_end }
}

#[inline]
fn rex(d: f64, z: f64) -> f64 {
    (1.0 - z) / ((1.0 - d) + d * (1.0 - z))
}

#[inline]
pub(crate) fn uba(phi: f64, c: f64) -> f64 {
    2.0 * c / (2.0 * phi + (2.0 - phi) * c)
}

/// The share of what is left after the delay; a rounding before the knot counts as the knot.
#[inline]
fn delayed(delay: f64, z: f64) -> f64 {
    let over = z - delay;
    if over <= 2.0 * f64::EPSILON { 0.0 } else { (over / (1.0 - delay)).min(1.0) }
}

fn on_points(points: &[(f64, f64)], between: Between, z: f64) -> f64 {
    let passed = points.partition_point(|&(place, _)| place <= z);
    if passed == 0 {
        return points[0].1;
    }
    let (from_place, from) = points[passed - 1];
    let Some(&(to_place, to)) = points.get(passed) else { return from };
    let share = (z - from_place) / (to_place - from_place);
    match between {
        Between::Linear => from + (to - from) * share,
        Between::Cosine => from * cosine(share) + to * (1.0 - cosine(share)),
    }
}

fn in_table(values: &[f64], z: f64) -> f64 {
    let place = z * (values.len() - 1) as f64;
    let index = place as usize;
    match values.get(index + 1) {
        Some(next) => values[index] + (next - values[index]) * (place - index as f64),
        None => values[values.len() - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_knot_is_still_the_knot() {
        let profile = Profile::stable_decay(0.3, Profile::ONE_MINUS_ROOT).expect("valid");
        assert_eq!(profile.value(0.7), 1.0);
        assert_eq!(profile.value(1.0), 0.0);
    }

    #[test]
    fn parameters_out_of_range_say_what_to_change() {
        let error = Profile::uba(-1.0).expect_err("negative");
        let words = "phi is -1: expected a finite number above 0 (it is not limited to 1: \
                     2 is the cosine); change phi";
        assert_eq!(error.to_string(), words);
        assert!(Profile::rex(1.0).is_err());
        assert!(Profile::rex(f64::NAN).is_err());
        assert!(Profile::levels(&[0.5, 0.2], &[0.1, 0.1]).is_err());
    }
}
