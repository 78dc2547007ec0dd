//! Curves: named series over two axes, as SVG or as text for a terminal.
//!
//! Whoever has curves fills a [`Curves`]; axes are linear or logarithmic and find their own range
//! and round ticks. Series of any length are thinned to what a picture can show: of all points in
//! one column the first, the lowest, the highest and the last stay, so that no peak is lost.
//!
//! ```
//! use ordine_chart::{Axis, Curves, Series, TextStyle, Theme, curves_svg, curves_text};
//!
//! let points = (0..=100).map(|step| (f64::from(step), 1.0 - f64::from(step) / 100.0)).collect();
//! let curves = Curves {
//!     title: "Learning rate".to_owned(),
//!     subtitle: "100 steps".to_owned(),
//!     x: Axis::linear("step"),
//!     y: Axis::from_zero("rate"),
//!     series: vec![Series::line("linear", points)],
//! };
//! assert!(curves_text(&curves, &TextStyle::plain(60)).contains("linear"));
//! assert!(curves_svg(&curves, Theme::Auto).starts_with("<svg"));
//! ```
//!
//! **Source:** Heckbert 1990, *Nice numbers for graph labels*; Jugel et al. 2014, *M4* (thinning).

mod lines;

pub use lines::curves_text;
pub(crate) use lines::ruler_lines;

use crate::drawing::{Drawing, Style};
use crate::palette::Shade;
use crate::plot::{self, Edge, Mark, Plot};
use crate::ruler::{Axis, Ruler};
use crate::svg::{Texts, document};
use crate::theme::Theme;

/// Columns to which series are thinned in a picture.
const COLUMNS: usize = 1500;

/// Most points of a series that get dots of their own.
const DOTS_MAX: usize = 200;

/// Hues by how well a thin line of them is seen on white.
const LINE_HUES: [u8; 8] = [5, 6, 2, 1, 3, 0, 7, 4];

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
    /// How they are joined.
    pub joints: Joints,
}

/// How the points of a series are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joints {
    /// By straight lines.
    Lines,
    /// Each value lasts until the next point; the points themselves are seen.
    Steps,
    /// Not at all.
    Points,
}

impl Series {
    /// Points joined by straight lines.
    pub fn line(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Series { name: name.into(), points, joints: Joints::Lines }
    }

    /// Values that last until the next point.
    pub fn steps(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Series { name: name.into(), points, joints: Joints::Steps }
    }

    /// Points alone.
    pub fn points(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Series { name: name.into(), points, joints: Joints::Points }
    }
}

/// The curves as an SVG document.
pub fn curves_svg(curves: &Curves, theme: Theme) -> String {
    document(&draw(curves), theme, Texts::Words)
}

/// The curves as a drawing.
pub(crate) fn draw(curves: &Curves) -> Drawing {
    let (x, y) = rulers(curves);
    let mut marks = Vec::new();
    // The first series is drawn last: where curves cover each other, it is seen.
    for (index, series) in curves.series.iter().enumerate().rev() {
        if series.joints != Joints::Points {
            let strokes = strokes(series, (&x, &y), COLUMNS);
            marks.extend(strokes.into_iter().map(|stroke| Mark::path(line_style(index), stroke)));
        }
        if series.joints == Joints::Lines || series.points.len() > DOTS_MAX && is_joined(series) {
            continue;
        }
        for (place, &(right, up)) in series.points.iter().enumerate() {
            // A value that only lasts is no event.
            let lasts = place > 0 && series.points[place - 1].1 == up;
            if series.joints == Joints::Steps && lasts {
                continue;
            }
            if let Some(place) = x.place(right).zip(y.place(up)) {
                let tip = format!("{}: {right}, {up}", series.name);
                marks.push(Mark::dot(Style::Dot(series_shade(index)), place).saying(tip));
            }
        }
    }
    let entry = |(index, series): (usize, &Series)| {
        let dot = Style::Dot(series_shade(index));
        (if is_joined(series) { line_style(index) } else { dot }, series.name.clone())
    };
    plot::draw(&Plot {
        title: curves.title.clone(),
        subtitle: curves.subtitle.clone(),
        x: Edge::of(&x, &curves.x.name, 8),
        y: Edge::of(&y, &curves.y.name, 6),
        height: 3_600,
        legend: curves.series.iter().enumerate().map(entry).collect(),
        marks,
    })
}

fn is_joined(series: &Series) -> bool {
    series.joints != Joints::Points
}

/// The line of a series; from the ninth on they are dashed.
fn line_style(index: usize) -> Style {
    let shade = series_shade(index);
    match index / LINE_HUES.len() % 2 {
        0 => Style::Curve(shade),
        _ => Style::DashedCurve(shade),
    }
}

/// The shade of a series.
pub(crate) fn series_shade(index: usize) -> Shade {
    Shade::Numbered(LINE_HUES[index % LINE_HUES.len()])
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
    if series.joints == Joints::Steps {
        strokes = strokes.iter().map(|stroke| stairs(stroke)).collect();
    }
    strokes.iter().map(|stroke| thinned(stroke, columns)).collect()
}

/// The corners of steps through these points.
fn stairs(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut corners = Vec::new();
    for &(right, up) in points {
        corners.extend(corners.last().map(|last: &(f64, f64)| (right, last.1)));
        corners.push((right, up));
    }
    corners
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

    #[test]
    fn thinning_keeps_peaks_and_ends_and_breaks_at_gaps() {
        let mut points: Vec<(f64, f64)> = (0..=10_000).map(|it| (f64::from(it), 0.5)).collect();
        points[5003].1 = 9.0;
        points[7000].1 = f64::NAN;
        let series = Series::line("", points);
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

    #[test]
    fn steps_go_sideways_before_they_go_up_or_down() {
        let corners = stairs(&[(0.0, 1.0), (0.4, 0.5), (0.8, 0.2)]);
        assert_eq!(corners, [(0.0, 1.0), (0.4, 1.0), (0.4, 0.5), (0.8, 0.5), (0.8, 0.2)]);
    }

    #[test]
    fn names_are_escaped_and_the_same_curves_give_the_same_bytes() {
        let series = |name: &str| Series::line(name, vec![(0.0, 1e-3), (1.0, 0.0), (2.0, 1.0)]);
        let curves = Curves {
            title: "<a & b>\u{1}".to_owned(),
            subtitle: String::new(),
            x: Axis::linear("x"),
            y: Axis::logarithmic("y"),
            series: (0..20).map(|it| series(&format!("<{it}>"))).collect(),
        };
        let svg = curves_svg(&curves, Theme::Auto);
        assert_eq!(svg, curves_svg(&curves, Theme::Auto));
        assert!(svg.contains("&lt;19&gt;") && !svg.contains("<19>"));
        assert!(svg.contains("prefers-color-scheme:dark") && svg.ends_with("</svg>\n"));
        assert!(!svg.contains('\u{1}'));
    }
}
