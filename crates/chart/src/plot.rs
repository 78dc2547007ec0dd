//! A plot on a page: two axes with ticks, marks between them, header and legend.
//!
//! Marks stand at shares of the axes, 0 to 1 from left to right and from bottom to top. Units of
//! the page are tenths of a pixel.
//!
//! **Source:** -

use crate::drawing::{Anchor, Drawing, Form, Style, fitted, text_width};
use crate::layout::grouped;
use crate::ruler::{Ruler, number_label};
use crate::text::clean;

const WIDTH: i64 = 7_600;
const MARGIN: i64 = 160;
const SMALL: i64 = 115;
const RADIUS: i64 = 32;

/// A plot.
pub(crate) struct Plot {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) x: Edge,
    pub(crate) y: Edge,
    /// Height of the area between the axes.
    pub(crate) height: i64,
    pub(crate) legend: Vec<(Style, String)>,
    /// In drawing order.
    pub(crate) marks: Vec<Mark>,
}

/// An axis as it is written.
pub(crate) struct Edge {
    pub(crate) name: String,
    pub(crate) ticks: Vec<(f64, String)>,
    /// Whether lines cross the plot at the ticks.
    pub(crate) has_grid: bool,
}

/// Something between the axes, with what it says to whoever points at it.
pub(crate) struct Mark {
    pub(crate) style: Style,
    pub(crate) shape: Place,
    pub(crate) tip: Option<String>,
}

/// Where a mark stands.
pub(crate) enum Place {
    Path(Vec<(f64, f64)>),
    Rect { from: (f64, f64), to: (f64, f64) },
    Dot((f64, f64)),
}

impl Edge {
    /// The axis of a ruler.
    pub(crate) fn of(ruler: &Ruler, name: &str, most: usize) -> Self {
        let label = |tick: f64| match tick.abs() >= 1e4 && tick.abs() < 1e15 && tick.fract() == 0.0
        {
            true => grouped(tick as i64),
            false => number_label(tick),
        };
        let place = |tick: f64| ruler.place(tick).map(|place| (place, label(tick)));
        let ticks = ruler.ticks(most).into_iter().filter_map(place).collect();
        Edge { name: name.to_owned(), ticks, has_grid: true }
    }
}

impl Mark {
    pub(crate) fn path(style: Style, places: Vec<(f64, f64)>) -> Self {
        Mark { style, shape: Place::Path(places), tip: None }
    }

    pub(crate) fn rect(style: Style, from: (f64, f64), to: (f64, f64)) -> Self {
        Mark { style, shape: Place::Rect { from, to }, tip: None }
    }

    pub(crate) fn dot(style: Style, place: (f64, f64)) -> Self {
        Mark { style, shape: Place::Dot(place), tip: None }
    }

    pub(crate) fn saying(self, tip: impl Into<String>) -> Self {
        Mark { tip: Some(tip.into()), ..self }
    }
}

/// Lays the plot out.
pub(crate) fn draw(plot: &Plot) -> Drawing {
    let title = format!("{}: {}", plot.title, plot.subtitle);
    let mut drawing = Drawing { title, width: WIDTH, height: 0, shapes: Vec::new() };
    let mut top = header(plot, &mut drawing);
    top = legend(plot, &mut drawing, top);
    let labels = plot.y.ticks.iter().map(|tick| text_width(&tick.1, SMALL));
    let gutter = labels.max().unwrap_or(0).clamp(300, 2_400) + 120;
    let bottom = Bounds {
        left: MARGIN + gutter,
        right: WIDTH - 2 * MARGIN,
        top: top + 280,
        bottom: top + 280 + plot.height,
    };
    let name = fitted(&clean(&plot.y.name), SMALL, WIDTH - 2 * MARGIN);
    drawing.write(Style::Note, (MARGIN, top + 150), SMALL, Anchor::Start, name);
    axes(plot, &mut drawing, bottom);
    for mark in &plot.marks {
        bottom.mark(&mut drawing, mark);
    }
    let (left, right) = (bottom.left, bottom.right);
    let corner = (left, bottom.bottom);
    drawing.line(Style::Frame, corner, (right, bottom.bottom));
    drawing.line(Style::Frame, (left, bottom.top), corner);
    let at = ((left + right) / 2, bottom.bottom + 400);
    let name = fitted(&clean(&plot.x.name), SMALL, right - left);
    drawing.write(Style::Note, at, SMALL, Anchor::Middle, name);
    drawing.height = bottom.bottom + 400 + MARGIN;
    drawing
}

fn header(plot: &Plot, drawing: &mut Drawing) -> i64 {
    let width = WIDTH - 2 * MARGIN;
    let title = fitted(&clean(&plot.title), 160, width);
    drawing.write(Style::Title, (MARGIN, 260), 160, Anchor::Start, title);
    let subtitle = fitted(&clean(&plot.subtitle), 120, width);
    drawing.write(Style::Note, (MARGIN, 440), 120, Anchor::Start, subtitle);
    520
}

/// Entries side by side, as many as go on a line.
fn legend(plot: &Plot, drawing: &mut Drawing, top: i64) -> i64 {
    let (mut left, mut top) = (MARGIN, top);
    for (style, name) in &plot.legend {
        let name = fitted(&clean(name), SMALL, WIDTH - 2 * MARGIN - 500);
        let width = 400 + text_width(&name, SMALL) + 200;
        if left + width > WIDTH - MARGIN && left > MARGIN {
            (left, top) = (MARGIN, top + 190);
        }
        let (from, to) = ((left, top + 80), (left + 300, top + 80));
        match style {
            Style::Curve(_) | Style::DashedCurve(_) | Style::Median => {
                drawing.add(*style, Form::Polyline(vec![from, to]));
            }
            Style::Dot(_) => {
                drawing.add(*style, Form::Circle { at: (left + 150, top + 80), radius: RADIUS });
            }
            _ => drawing.rect(*style, (left + 80, top + 15), (130, 130)),
        }
        let at = (left + 370, top + 120);
        drawing.write(Style::Name, at, SMALL, Anchor::Start, name);
        left += width;
    }
    top + if plot.legend.is_empty() { 0 } else { 220 }
}

fn axes(plot: &Plot, drawing: &mut Drawing, bounds: Bounds) {
    for (place, label) in &plot.x.ticks {
        let x = bounds.x(*place);
        if plot.x.has_grid {
            drawing.line(Style::Grid, (x, bounds.top), (x, bounds.bottom));
        }
        drawing.line(Style::Frame, (x, bounds.bottom), (x, bounds.bottom + 45));
        let half = text_width(label, SMALL) / 2;
        let at = (x.min(WIDTH - 20 - half), bounds.bottom + 190);
        drawing.write(Style::Note, at, SMALL, Anchor::Middle, label);
    }
    for (place, label) in &plot.y.ticks {
        let y = bounds.y(*place);
        if plot.y.has_grid {
            drawing.line(Style::Grid, (bounds.left, y), (bounds.right, y));
        }
        let label = fitted(&clean(label), SMALL, bounds.left - MARGIN - 90);
        let at = (bounds.left - 80, y + 40);
        drawing.write(Style::Note, at, SMALL, Anchor::End, label);
    }
}

/// The area between the axes.
#[derive(Clone, Copy)]
struct Bounds {
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
}

impl Bounds {
    fn x(self, share: f64) -> i64 {
        self.left + ((self.right - self.left) as f64 * share).round() as i64
    }

    fn y(self, share: f64) -> i64 {
        self.bottom - ((self.bottom - self.top) as f64 * share).round() as i64
    }

    fn at(self, place: (f64, f64)) -> (i64, i64) {
        (self.x(place.0), self.y(place.1))
    }

    fn mark(self, drawing: &mut Drawing, mark: &Mark) {
        let form = match &mark.shape {
            Place::Path(places) => {
                Form::Polyline(places.iter().map(|&place| self.at(place)).collect())
            }
            Place::Dot(place) => Form::Circle { at: self.at(*place), radius: RADIUS },
            Place::Rect { from, to } => {
                let ((left, bottom), (right, top)) = (self.at(*from), self.at(*to));
                let (width, height) = ((right - left).max(1), (bottom - top).max(1));
                Form::Rect { x: left, y: top, width, height, radius: 0 }
            }
        };
        match &mark.tip {
            Some(tip) => drawing.add_with_tip(mark.style, form, clean(tip)),
            None => drawing.add(mark.style, form),
        }
    }
}
