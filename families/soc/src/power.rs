//! Power, energy and heat of elements, and the governors that choose frequencies.
//!
//! At voltage V, frequency f and temperature T (kelvin) an element that runs a task draws
//!
//! ```text
//! C V² f + leakage,   leakage = V (C1 T² exp(-C2 / T) + I_gate),
//! C = (P - leakage at the highest point) / (f_max V_max²)
//! ```
//!
//! with P the power that the profile gives for the highest frequency; it works f / f_max as fast.
//! Accelerators do not leak. Temperatures of five hot spots follow T' = A (T - T_a) + B P + T_a.
//!
//! Difference from the sources: an element without operating points draws P; the trip points lower
//! the highest allowed point by one, to the middle, and to the lowest one (not specified there).
//!
//! **Source:** Arda et al. 2020 (DS3); Bhat et al. 2018 (model of the Odroid XU3).

use crate::ElementKind;
use std::fmt;
use std::str::FromStr;

/// A frequency with its voltage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatingPoint {
    /// Frequency in MHz.
    pub megahertz: i64,
    /// Voltage in mV.
    pub millivolts: i64,
}

/// How the frequency of an element is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Governor {
    /// Always the highest.
    #[default]
    Performance,
    /// Always the lowest.
    Powersave,
    /// The highest when utilization is above 0.8, one lower when it is below 0.3.
    Ondemand,
    /// Always this many MHz.
    Constant(i64),
}

/// Utilization above which `ondemand` takes the highest frequency.
pub const UTILIZATION_HIGH: f64 = 0.8;
/// Utilization below which `ondemand` goes one point down.
pub const UTILIZATION_LOW: f64 = 0.3;
/// Temperature around the chip, in degrees Celsius.
pub const AMBIENT: f64 = 42.0;
/// Temperatures at which frequencies are cut, in degrees Celsius.
pub const TRIP_POINTS: [f64; 3] = [85.0, 90.0, 95.0];

const LEAKAGE_FACTOR: f64 = 0.002488;
const LEAKAGE_EXPONENT: f64 = 2660.0;
const GATE_CURRENT: f64 = 0.000519;

/// Temperatures of the five hot spots, in degrees Celsius.
pub type HotSpots = [f64; 5];

const COOLING: [[f64; 5]; 5] = [
    [0.9928, 0.000566, 0.004281, 0.0003725, 1.34e-5],
    [0.006084, 0.9909, 0.0, 0.001016, 8.863e-5],
    [0.0, 0.0008608, 0.993, 0.0, 0.0008842],
    [0.006844, -0.0005119, 0.0, 0.9904, 0.0003392],
    [0.0007488, 0.003932, 8.654e-5, 0.002473, 0.9905],
];
const HEATING_BIG: HotSpots = [0.0471, 0.01265, 0.113, 0.01646, 0.01476];
const HEATING_LITTLE: HotSpots = [0.02399, 0.0, 0.02819, 0.007198, 0.03902];

impl fmt::Display for Governor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Governor::Performance => formatter.write_str("performance"),
            Governor::Powersave => formatter.write_str("powersave"),
            Governor::Ondemand => formatter.write_str("ondemand"),
            Governor::Constant(megahertz) => write!(formatter, "constant-{megahertz}"),
        }
    }
}

/// A governor that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a governor (performance, powersave, ondemand, constant-MHZ), found {0}; \
     correct the name"
)]
pub struct UnknownGovernor(pub String);

impl FromStr for Governor {
    type Err = UnknownGovernor;

    fn from_str(word: &str) -> Result<Self, UnknownGovernor> {
        let constant = |word: &str| word.strip_prefix("constant-")?.parse().ok();
        match word {
            "performance" | "none" => Ok(Governor::Performance),
            "powersave" => Ok(Governor::Powersave),
            "ondemand" => Ok(Governor::Ondemand),
            _ => match constant(word) {
                Some(megahertz) => Ok(Governor::Constant(megahertz)),
                None => Err(UnknownGovernor(word.chars().take(40).collect())),
            },
        }
    }
}

impl Governor {
    /// Position of the point that it begins with; 0 without points.
    pub fn first_point(self, points: &[OperatingPoint]) -> usize {
        let highest = points.len().saturating_sub(1);
        match self {
            Governor::Performance | Governor::Ondemand => highest,
            Governor::Powersave => 0,
            Governor::Constant(wanted) => {
                points.iter().position(|point| point.megahertz == wanted).unwrap_or(highest)
            }
        }
    }

    /// Position of the point after a sampling period with this utilization.
    pub fn next_point(self, points: &[OperatingPoint], now: usize, utilization: f64) -> usize {
        match self {
            Governor::Ondemand if utilization > UTILIZATION_HIGH => points.len().saturating_sub(1),
            Governor::Ondemand if utilization < UTILIZATION_LOW => now.saturating_sub(1),
            Governor::Ondemand => now,
            _ => self.first_point(points),
        }
    }
}

/// Leakage in watts at a voltage (mV) and a temperature (degrees Celsius).
pub fn leakage(kind: ElementKind, millivolts: i64, celsius: f64) -> f64 {
    if kind == ElementKind::Accelerator {
        return 0.0;
    }
    let (volts, kelvin) = (millivolts as f64 * 1e-3, celsius + 273.0);
    let channel = LEAKAGE_FACTOR * kelvin * kelvin * (-LEAKAGE_EXPONENT / kelvin).exp();
    volts * (channel + GATE_CURRENT)
}

/// Dynamic power in watts at `point`, of a task that draws `power` at the highest point.
pub fn dynamic_power(
    kind: ElementKind,
    points: &[OperatingPoint],
    point: usize,
    power: f64,
    celsius: f64,
) -> f64 {
    let (Some(highest), Some(taken)) = (points.last(), points.get(point)) else { return power };
    let squared =
        |point: &OperatingPoint| point.megahertz as f64 * (point.millivolts as f64 * 1e-3).powi(2);
    let most = squared(highest);
    let fitted = (power - leakage(kind, highest.millivolts, celsius)).max(0.0);
    if most > 0.0 { fitted * squared(taken) / most } else { fitted }
}

/// Temperatures one step later, under this mean power in watts.
pub fn heated(kind: ElementKind, spots: &HotSpots, power: f64) -> HotSpots {
    let heating = match kind {
        ElementKind::Big => &HEATING_BIG,
        ElementKind::Little => &HEATING_LITTLE,
        ElementKind::Core | ElementKind::Accelerator => return [AMBIENT; 5],
    };
    let mut next = [AMBIENT; 5];
    for ((next, row), factor) in next.iter_mut().zip(&COOLING).zip(heating) {
        let kept: f64 = row.iter().zip(spots).map(|(it, spot)| it * (spot - AMBIENT)).sum();
        *next += kept + factor * power;
    }
    next
}

/// Highest position of a point that trip points allow at these temperatures.
pub fn throttled(points: &[OperatingPoint], spots: &HotSpots) -> usize {
    let highest = points.len().saturating_sub(1);
    let hottest = spots.iter().copied().fold(f64::MIN, f64::max);
    match TRIP_POINTS.iter().filter(|&&trip| hottest >= trip).count() {
        0 => highest,
        1 => highest.saturating_sub(1),
        2 => highest / 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [OperatingPoint; 2] = [
        OperatingPoint { megahertz: 600, millivolts: 900 },
        OperatingPoint { megahertz: 2000, millivolts: 1362 },
    ];

    #[test]
    fn power_at_the_highest_point_is_that_of_the_profile() {
        let leaks = leakage(ElementKind::Big, 1362, AMBIENT);
        let dynamic = dynamic_power(ElementKind::Big, &POINTS, 1, 2.0, AMBIENT);
        assert!((dynamic + leaks - 2.0).abs() < 1e-12);
        // 1.362 V (0.002488 · 315² · exp(-2660 / 315) + 0.000519) by hand
        assert!((leaks - 0.0730).abs() < 1e-3, "{leaks}");
        assert_eq!(leakage(ElementKind::Accelerator, 1362, AMBIENT), 0.0);
    }

    #[test]
    fn a_lower_point_needs_less_energy_for_the_same_work() {
        let energy = |point: usize| {
            let watts = dynamic_power(ElementKind::Big, &POINTS, point, 2.0, AMBIENT);
            watts / POINTS[point].megahertz as f64
        };
        assert!((energy(0) / energy(1) - (0.9_f64 / 1.362).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn ondemand_goes_up_at_once_and_down_by_one() {
        let points = [600, 800, 1000].map(|megahertz| OperatingPoint { megahertz, millivolts: 1 });
        let next = |now, used| Governor::Ondemand.next_point(&points, now, used);
        assert_eq!([next(0, 0.9), next(2, 0.1), next(1, 0.5), next(0, 0.0)], [2, 1, 1, 0]);
    }

    #[test]
    fn hot_spots_rise_under_power_and_cut_frequencies_at_trip_points() {
        let cold = [AMBIENT; 5];
        let warm = heated(ElementKind::Big, &cold, 10.0);
        assert!(warm.iter().zip(&cold).all(|(warm, cold)| warm > cold));
        let points = [1, 2, 3, 4, 5].map(|megahertz| OperatingPoint { megahertz, millivolts: 1 });
        let cut = [84.9, 85.0, 90.0, 95.0].map(|hot| throttled(&points, &[hot; 5]));
        assert_eq!(cut, [4, 3, 2, 0]);
    }
}
