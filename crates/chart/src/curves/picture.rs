//! Curves as SVG, light or dark as the reader prefers.
//!
//! The plot is drawn in tenths of a pixel, so that curves are smooth. Colors are attributes of the
//! shapes; rules of a style sheet that match these attributes change them on a dark page. Series
//! have the hues of the other charts; from the ninth on they are dashed.
//!
//! **Source:** W3C, Scalable Vector Graphics 1.1; W3C, Cascading Style Sheets 2.1, section 6.4.4
//! (rules win over presentation attributes).

use super::{Curves, Ruler, number_label, rulers, strokes};
use crate::drawing::fitted;
use crate::palette::{Rgb, Shade};
use crate::svg::escaped;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::{
    ChartBuilder, DashedLineSeries, DrawingArea, IntoDrawingArea, LineSeries, PathElement,
    SVGBackend,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle, TextStyle};
use std::ops::Range;

const WIDTH: u32 = 7600;
const PLOT_HEIGHT: u32 = 3900;
const MARGIN: i32 = 160;
const HEADER: i32 = 520;
const LEGEND_LINE: i32 = 200;
const LEGEND_SWATCH: i32 = 320;

/// Columns to which series are thinned.
const COLUMNS: usize = 1500;

const PAGE: Rgb = [0xFF, 0xFF, 0xFF];
const GRID: Rgb = [0xDF, 0xE3, 0xE8];
const FRAME: Rgb = [0x8A, 0x93, 0x9C];
const TITLE: Rgb = [0x1B, 0x1F, 0x24];
const NOTE: Rgb = [0x59, 0x63, 0x6E];

/// What each of these is on a dark page.
const DARK: [(Rgb, Rgb); 5] = [
    (PAGE, [0x14, 0x18, 0x1D]),
    (GRID, [0x2C, 0x33, 0x3B]),
    (FRAME, [0x6B, 0x75, 0x80]),
    (TITLE, [0xE8, 0xEC, 0xF0]),
    (NOTE, [0x9A, 0xA5, 0xB1]),
];

/// Hues by how well a thin line of them is seen on white.
const LINE_HUES: [u8; 8] = [5, 6, 2, 1, 3, 0, 7, 4];

type Failed = Box<dyn std::error::Error>;

/// The curves as an SVG document.
pub fn curves_svg(curves: &Curves) -> String {
    let legend = LEGEND_LINE * curves.series.len() as i32;
    let height = PLOT_HEIGHT + (HEADER + legend) as u32;
    let mut drawn = String::new();
    draw(curves, SVGBackend::with_string(&mut drawn, (WIDTH, height)), HEADER + legend)
        .expect("writing to a string never fails");
    let body = drawn.split_once('>').map_or("", |(_, body)| body);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ordine-curves\" role=\"img\" \
         width=\"{}\" height=\"{}\" viewBox=\"0 0 {WIDTH} {height}\">\n\
         <title>{}</title>\n{}{}\n",
        WIDTH / 10,
        height / 10,
        escaped(&curves.title),
        styles(),
        body.trim()
    )
}

fn styles() -> String {
    let mut styles = "<style>\n.ordine-curves text{font-family:system-ui,'Segoe UI',Roboto,\
                      Helvetica,Arial,sans-serif}\n.ordine-curves polyline{stroke-linejoin:round}\n\
                      @media (prefers-color-scheme:dark){\n"
        .to_owned();
    let hex = |[red, green, blue]: Rgb| format!("#{red:02X}{green:02X}{blue:02X}");
    for (light, dark) in DARK {
        for property in ["fill", "stroke"] {
            let (light, dark) = (hex(light), hex(dark));
            styles += &format!(".ordine-curves [{property}=\"{light}\"]{{{property}:{dark}}}\n");
        }
    }
    styles + "}\n</style>\n"
}

fn draw(curves: &Curves, backend: SVGBackend<'_>, header: i32) -> Result<(), Failed> {
    let page = backend.into_drawing_area();
    page.fill(&color(PAGE))?;
    draw_header(curves, &page)?;
    let (_, plot) = page.split_vertically(header);
    let (x, y) = rulers(curves);
    let (right, up) = (Ticked::of(&x, 8), Ticked::of(&y, 6));
    let mut chart = ChartBuilder::on(&plot)
        .margin_right(2 * MARGIN)
        .margin_bottom(MARGIN)
        .margin_left(MARGIN)
        .margin_top(80)
        .x_label_area_size(440)
        .y_label_area_size(720)
        .build_cartesian_2d(right.clone(), up.clone())?;
    chart
        .configure_mesh()
        .bold_line_style(line(GRID, 8))
        .light_line_style(color(GRID).mix(0.0))
        .axis_style(line(FRAME, 10))
        .label_style(text(NOTE, 110.0))
        .axis_desc_style(text(NOTE, 120.0))
        .x_label_formatter(&|place| right.label(*place))
        .y_label_formatter(&|place| up.label(*place))
        .x_desc(crate::text::clean(&curves.x.name))
        .y_desc(crate::text::clean(&curves.y.name))
        .set_all_tick_mark_size(50)
        .draw()?;
    // The first series is drawn last: where curves cover each other, it is seen.
    for (index, series) in curves.series.iter().enumerate().rev() {
        for stroke in strokes(series, (&x, &y), COLUMNS) {
            if dashed(index) {
                chart.draw_series(DashedLineSeries::new(stroke, 90, 60, series_line(index)))?;
            } else {
                chart.draw_series(LineSeries::new(stroke, series_line(index)))?;
            }
        }
    }
    page.present()?;
    Ok(())
}

fn draw_header(curves: &Curves, page: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Failed> {
    let room = i64::from(WIDTH) - i64::from(2 * MARGIN);
    let write = |content: &str, style: &TextStyle<'_>, size: i64, at: (i32, i32), room: i64| {
        let content = fitted(&crate::text::clean(content), size, room);
        page.draw_text(&content, &style.pos(Pos::new(HPos::Left, VPos::Top)), at)
    };
    write(&curves.title, &text(TITLE, 150.0), 150, (MARGIN, 120), room)?;
    write(&curves.subtitle, &text(NOTE, 120.0), 120, (MARGIN, 310), room)?;
    for (index, series) in curves.series.iter().enumerate() {
        let top = HEADER + LEGEND_LINE * index as i32;
        let swatch = [(MARGIN, top + 60), (MARGIN + LEGEND_SWATCH, top + 60)];
        if dashed(index) {
            let dashes = DashedLineSeries::new(swatch, 90, 60, series_line(index));
            dashes.into_iter().try_for_each(|dash| page.draw(&dash))?;
        } else {
            page.draw(&PathElement::new(swatch, series_line(index)))?;
        }
        let left = MARGIN + LEGEND_SWATCH + 100;
        let room = room - i64::from(left);
        write(&series.name, &text(TITLE, 120.0), 120, (left, top), room)?;
    }
    Ok(())
}

fn color([red, green, blue]: Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

fn line(rgb: Rgb, width: u32) -> ShapeStyle {
    color(rgb).stroke_width(width)
}

/// A text of this size in tenths of a pixel; the backend divides sizes by 1.24.
fn text(rgb: Rgb, size: f64) -> TextStyle<'static> {
    let mut style = TextStyle::from(("sans-serif", size * 1.24).into_font());
    style.color = color(rgb).to_backend_color();
    style
}

fn dashed(index: usize) -> bool {
    index / LINE_HUES.len() % 2 == 1
}

fn series_line(index: usize) -> ShapeStyle {
    line(series_shade(index).rgb(), 20)
}

/// The shade of a series.
pub(super) fn series_shade(index: usize) -> Shade {
    Shade::Numbered(LINE_HUES[index % LINE_HUES.len()])
}

/// An axis of the plotting library, in shares of its length, with our ticks.
#[derive(Clone)]
struct Ticked {
    ticks: Vec<(f64, String)>,
}

impl Ticked {
    fn of(ruler: &Ruler, most: usize) -> Self {
        let place = |tick: f64| ruler.place(tick).map(|place| (place, number_label(tick)));
        Ticked { ticks: ruler.ticks(most).into_iter().filter_map(place).collect() }
    }

    fn label(&self, place: f64) -> String {
        let found = self.ticks.iter().find(|tick| tick.0 == place);
        found.map(|tick| tick.1.clone()).unwrap_or_default()
    }
}

impl Ranged for Ticked {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, place: &f64, (from, to): (i32, i32)) -> i32 {
        from + (f64::from(to - from) * place).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.ticks.iter().map(|tick| tick.0).collect(),
        }
    }

    fn range(&self) -> Range<f64> {
        0.0..1.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Axis, Series};
    use super::*;

    #[test]
    fn names_are_escaped_and_the_same_curves_give_the_same_bytes() {
        let series = |name: &str| Series {
            name: name.to_owned(),
            points: vec![(0.0, 1e-3), (1.0, 0.0), (2.0, 1.0)],
        };
        let curves = Curves {
            title: "<a & b>\u{1}".to_owned(),
            subtitle: String::new(),
            x: Axis::linear("x"),
            y: Axis::logarithmic("y"),
            series: (0..20).map(|it| series(&format!("<{it}>"))).collect(),
        };
        let svg = curves_svg(&curves);
        assert_eq!(svg, curves_svg(&curves));
        assert!(svg.contains("&lt;19&gt;") && !svg.contains("<19>"));
        assert!(svg.contains("prefers-color-scheme:dark") && svg.ends_with("</svg>\n"));
        assert!(!svg.contains('\u{1}'));
    }
}
