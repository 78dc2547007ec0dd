//! Axes of numbers: their range, their round ticks, and how a number is said.
//!
//! **Source:** Heckbert 1990, *Nice numbers for graph labels*.

/// An axis of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// What it measures, with its unit.
    pub name: String,
    /// How values become places.
    pub scale: AxisScale,
}

/// How values become places on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisScale {
    /// Evenly, from the lowest value to the highest.
    Linear,
    /// Evenly, and zero is always shown.
    FromZero,
    /// By the logarithm; only what is above 0 has a place.
    Logarithmic,
}

impl Axis {
    /// An even axis over exactly the values there are.
    pub fn linear(name: impl Into<String>) -> Self {
        Axis { name: name.into(), scale: AxisScale::Linear }
    }

    /// An even axis that shows zero.
    pub fn from_zero(name: impl Into<String>) -> Self {
        Axis { name: name.into(), scale: AxisScale::FromZero }
    }

    /// A logarithmic axis.
    pub fn logarithmic(name: impl Into<String>) -> Self {
        Axis { name: name.into(), scale: AxisScale::Logarithmic }
    }
}

/// An axis with its range: places are shares of its length.
pub(crate) struct Ruler {
    scale: AxisScale,
    low: f64,
    high: f64,
}

/// Share of the length that stays free above the highest value.
const HEADROOM: f64 = 0.04;

/// Share of the length by which an axis may grow to reach a round end.
const NEAR: f64 = 0.01;

impl Ruler {
    /// The range of these values, with some room above where asked for.
    pub(crate) fn over(
        scale: AxisScale,
        values: impl Iterator<Item = f64>,
        headroom: bool,
    ) -> Self {
        let logarithmic = scale == AxisScale::Logarithmic;
        let fits = |it: &f64| it.is_finite() && (!logarithmic || *it > 0.0);
        let mut range: Option<(f64, f64)> = None;
        for value in values.filter(fits).map(|it| if logarithmic { it.log10() } else { it }) {
            let (low, high) = range.unwrap_or((value, value));
            range = Some((low.min(value), high.max(value)));
        }
        let (mut low, mut high) = range.unwrap_or((0.0, 1.0));
        if scale == AxisScale::FromZero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if high - low <= 1e-12 * high.abs().max(low.abs()) {
            let room = if logarithmic || high == 0.0 { 0.5 } else { high.abs() / 2.0 };
            (low, high) = (low - room, high + room);
        } else if headroom {
            let room = HEADROOM * (high - low);
            high += room;
            if low < 0.0 || scale != AxisScale::FromZero {
                low -= room;
            }
        }
        Ruler { scale, low, high }
    }

    /// The same, but for a round end that is nearly reached and then shown.
    pub(crate) fn with_round_end(self, most: usize) -> Self {
        if self.scale == AxisScale::Logarithmic {
            return self;
        }
        let distance = even_distance(self.low, self.high, most);
        let round = rounded((self.high / distance - 1e-9).ceil() * distance);
        let near = round - self.high <= NEAR * (self.high - self.low);
        Ruler { high: if near { round } else { self.high }, ..self }
    }

    /// The share of the length at which a value lies, if it has a place.
    pub(crate) fn place(&self, value: f64) -> Option<f64> {
        let value = match self.scale {
            AxisScale::Logarithmic if value <= 0.0 => return None,
            AxisScale::Logarithmic => value.log10(),
            _ => value,
        };
        value.is_finite().then(|| (value - self.low) / (self.high - self.low))
    }

    /// Round values within the range, about `most` of them, ascending.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        if self.scale != AxisScale::Logarithmic {
            return even_ticks(self.low, self.high, most);
        }
        let (first, last) = (self.low.ceil() as i32, self.high.floor() as i32);
        if last - first >= 1 {
            let every = (last - first) / i32::try_from(most.max(1)).unwrap_or(i32::MAX) + 1;
            let decades = (first..=last).filter(|it| it % every == 0);
            return decades.map(|it| 10.0_f64.powi(it)).collect();
        }
        let decade = 10.0_f64.powi(self.low.floor() as i32);
        let factors = (1..=100).map(|it| decade * f64::from(it));
        let inside: Vec<f64> = factors
            .filter(|it| (self.low..=self.high).contains(&it.log10()))
            .filter(|it| [1, 2, 5, 10, 20, 50].contains(&((it / decade).round() as i32)))
            .collect();
        match inside.len() {
            0 | 1 => even_ticks(10.0_f64.powf(self.low), 10.0_f64.powf(self.high), most),
            _ => inside,
        }
    }
}

/// The smallest distance of 1, 2 or 5 times a power of ten that gives no more than `most` parts.
pub(crate) fn even_distance(low: f64, high: f64, most: usize) -> f64 {
    let least = (high - low) / most.max(1) as f64;
    let unit = 10.0_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|it| it * unit >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * unit
}

/// Multiples of 1, 2 or 5 times a power of ten.
fn even_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let distance = even_distance(low, high, most);
    let (first, last) = ((low / distance - 1e-9).ceil(), (high / distance + 1e-9).floor());
    (0..=(last - first).clamp(0.0, 1000.0) as usize)
        .map(|index| rounded((first + index as f64) * distance))
        .collect()
}

/// The number without what floating point left in its last digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.10e}").parse().unwrap_or(value)
}

/// A number as short as it can be said.
pub(crate) fn number_label(value: f64) -> String {
    let value = rounded(value);
    match value.abs() {
        0.0 => "0".to_owned(),
        size if (1e-3..1e6).contains(&size) => value.to_string(),
        _ => format!("{value:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruler(scale: AxisScale, values: &[f64]) -> Ruler {
        Ruler::over(scale, values.iter().copied(), false)
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ruler(AxisScale::Linear, &[0.3, 47.0]).ticks(5), [10.0, 20.0, 30.0, 40.0]);
        assert_eq!(ruler(AxisScale::FromZero, &[3e-4]).ticks(3), [0.0, 1e-4, 2e-4, 3e-4]);
        assert_eq!(ruler(AxisScale::Logarithmic, &[0.005, 2.0]).ticks(5), [0.01, 0.1, 1.0]);
        assert_eq!(ruler(AxisScale::Logarithmic, &[0.2, 0.9]).ticks(5), [0.2, 0.5]);
        assert_eq!(ruler(AxisScale::Logarithmic, &[1e-300, 1.0]).ticks(4).len(), 4);
    }

    #[test]
    fn a_round_end_that_is_nearly_reached_is_shown() {
        for (last, end) in [(999.0, 1000.0), (9.0, 9.0), (1000.0, 1000.0), (1e5 - 1.0, 1e5)] {
            let ruler = ruler(AxisScale::Linear, &[0.0, last]).with_round_end(8);
            assert_eq!(ruler.high, end, "{last}");
        }
    }

    #[test]
    fn numbers_are_said_briefly() {
        let said: Vec<String> =
            [0.0, 0.1 + 0.2, 3e-4, -2.5, 20_000.0, 1e9].map(number_label).into();
        assert_eq!(said, ["0", "0.3", "3e-4", "-2.5", "20000", "1e9"]);
    }

    #[test]
    fn one_value_no_value_and_no_number_have_a_range() {
        for values in [&[][..], &[0.0], &[5.0], &[-5.0, -5.0], &[f64::NAN], &[f64::INFINITY]] {
            for scale in [AxisScale::Linear, AxisScale::FromZero, AxisScale::Logarithmic] {
                let ruler = ruler(scale, values);
                assert!(ruler.low < ruler.high, "{values:?} {scale:?}");
                assert!(!ruler.ticks(5).is_empty(), "{values:?} {scale:?}");
            }
        }
    }
}
