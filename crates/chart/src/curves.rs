//! Curves: named series over two axes, as SVG or as text for a terminal.
//!
//! Whoever has curves fills a [`Curves`]; axes are linear or logarithmic and find their own range
//! and round ticks. Series of any length are thinned to what a picture can show: of all points in
//! one column the first, the lowest, the highest and the last stay, so that no peak is lost.
//!
//! ```
//! use ordine_chart::{Axis, Curves, Series, TextStyle, curves_svg, curves_text};
//!
//! let points = (0..=100).map(|step| (f64::from(step), 1.0 - f64::from(step) / 100.0)).collect();
//! let curves = Curves {
//!     title: "Learning rate".to_owned(),
//!     subtitle: "100 steps".to_owned(),
//!     x: Axis::linear("step"),
//!     y: Axis::from_zero("rate"),
//!     series: vec![Series { name: "linear".to_owned(), points }],
//! };
//! assert!(curves_text(&curves, &TextStyle::plain(60)).contains("linear"));
//! assert!(curves_svg(&curves).starts_with("<svg"));
//! ```
//!
//! **Source:** Heckbert 1990, *Nice numbers for graph labels*; Jugel et al. 2014, *M4* (thinning).

mod lines;
mod picture;

pub use lines::curves_text;
pub use picture::curves_svg;

/// Everything that one chart of curves shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// First line.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The curves, in the order of the legend.
    pub series: Vec<Series>,
}

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name, for the legend.
    pub name: String,
    /// Points in the order in which they are joined, usually ascending; what is not finite, or not
    /// above 0 on a logarithmic axis, is a gap.
    pub points: Vec<(f64, f64)>,
}

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
fn even_distance(low: f64, high: f64, most: usize) -> f64 {
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

/// Places of one series on both axes: unbroken strokes, thinned to so many columns.
pub(crate) fn strokes(
    series: &Series,
    (x, y): (&Ruler, &Ruler),
    columns: usize,
) -> Vec<Vec<(f64, f64)>> {
    let mut strokes: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for &(right, up) in &series.points {
        match (x.place(right), y.place(up)) {
            (Some(right), Some(up)) => {
                strokes.last_mut().expect("there is always a last").push((right, up));
            }
            _ => strokes.push(Vec::new()),
        }
    }
    strokes.retain(|stroke| !stroke.is_empty());
    strokes.iter().map(|stroke| thinned(stroke, columns)).collect()
}

/// Of the points in one column the first, the lowest, the highest and the last.
fn thinned(stroke: &[(f64, f64)], columns: usize) -> Vec<(f64, f64)> {
    let column = |point: &(f64, f64)| (point.0 * columns as f64).floor();
    let mut thin = Vec::new();
    for points in stroke.chunk_by(|one, two| column(one) == column(two)) {
        let last = points.len() - 1;
        let by_height = |one: &usize, two: &usize| points[*one].1.total_cmp(&points[*two].1);
        let lowest = (0..=last).min_by(by_height).unwrap_or(0);
        let highest = (0..=last).max_by(by_height).unwrap_or(0);
        let mut kept = [0, lowest, highest, last];
        kept.sort_unstable();
        let mut before = None;
        for index in kept.into_iter().filter(|it| before.replace(*it) != Some(*it)) {
            thin.push(points[index]);
        }
    }
    thin
}

/// The rulers of both axes.
pub(crate) fn rulers(curves: &Curves) -> (Ruler, Ruler) {
    let points = || curves.series.iter().flat_map(|series| &series.points);
    let x = Ruler::over(curves.x.scale, points().map(|point| point.0), false).with_round_end(8);
    (x, Ruler::over(curves.y.scale, points().map(|point| point.1), true))
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

    #[test]
    fn thinning_keeps_peaks_and_ends_and_breaks_at_gaps() {
        let mut points: Vec<(f64, f64)> = (0..=10_000).map(|it| (f64::from(it), 0.5)).collect();
        points[5003].1 = 9.0;
        points[7000].1 = f64::NAN;
        let series = Series { name: String::new(), points };
        let curves = Curves {
            title: String::new(),
            subtitle: String::new(),
            x: Axis::linear("x"),
            y: Axis::from_zero("y"),
            series: vec![series],
        };
        let (x, y) = rulers(&curves);
        let strokes = strokes(&curves.series[0], (&x, &y), 50);
        assert_eq!(strokes.len(), 2);
        let all: Vec<_> = strokes.concat();
        assert!(all.len() <= 4 * 52, "{}", all.len());
        assert_eq!(all[0].0, 0.0);
        assert_eq!(all[all.len() - 1].0, 1.0);
        assert!(all.iter().any(|point| point.1 > 0.9));
    }
}
