//! Lays a scene out on a page: header, legend, lanes with bars, axis, usage panels.
//!
//! Units are tenths of a pixel. Lanes get thinner as they get more; texts that would not fit are
//! cut or left out. O(bars + steps).
//!
//! **Source:** -

use crate::axis::{self, Scale};
use crate::drawing::{Anchor, Drawing, Form, Style, fitted, text_width};
use crate::palette::Shade;
use crate::panel;
use crate::scene::{Bar, Labeling, Marker, MarkerKind, Scene};
use ordine_base::Id;

pub(crate) const PAGE_WIDTH: i64 = 12_000;
const MARGIN: i64 = 200;
const SMALL: i64 = 115;
const TICK_HEIGHT: i64 = 240;
/// Bars below this width have no room for an outline.
const THIN: i64 = 40;

/// The page in the making: where the next thing goes, and the time axis.
pub(crate) struct Page<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) drawing: Drawing,
    pub(crate) scale: Scale,
    pub(crate) top: i64,
}

/// Draws everything.
pub(crate) fn draw(scene: &Scene) -> Drawing {
    let lanes = LaneSizes::new(scene);
    let names = scene.lanes.values().map(|lane| text_width(&lane.name, lanes.name_size));
    let usages = scene.usages.iter().map(|usage| text_width(&usage.name, SMALL));
    let gutter = names.chain(usages).max().unwrap_or(0).clamp(500, 2_400) + 100;
    let from = MARGIN + gutter;
    let length = PAGE_WIDTH - MARGIN - 100 - from;
    let drawing = Drawing {
        title: format!("{}: {}", scene.title, scene.subtitle),
        width: PAGE_WIDTH,
        height: 0,
        shapes: Vec::new(),
    };
    let scale = Scale { span: scene.span, from, length };
    let mut page = Page { scene, drawing, scale, top: MARGIN };
    page.header();
    page.legend();
    page.lanes(&lanes);
    page.axis_labels();
    for usage in &scene.usages {
        panel::draw(&mut page, usage);
    }
    if !scene.usages.is_empty() {
        page.axis_labels();
    }
    page.finish()
}

/// Height of rows and size of texts, given how many rows there are.
struct LaneSizes {
    row: i64,
    gap: i64,
    name_size: i64,
    label_size: i64,
}

impl LaneSizes {
    fn new(scene: &Scene) -> Self {
        let rows: u32 = scene.lanes.values().map(|lane| lane.rows).sum();
        let (row, gap, name_size, label_size) = match rows {
            0..=12 => (300, 40, 130, 125),
            13..=40 => (220, 30, 120, 110),
            41..=120 => (160, 20, 110, 100),
            _ => (110, 10, 90, 80),
        };
        LaneSizes { row, gap, name_size, label_size }
    }
}

impl Page<'_> {
    fn header(&mut self) {
        let width = PAGE_WIDTH - 2 * MARGIN;
        let title = fitted(&self.scene.title, 200, width);
        self.drawing.write(Style::Title, (MARGIN, self.top + 180), 200, Anchor::Start, title);
        let subtitle = fitted(&self.scene.subtitle, 135, width);
        self.drawing.write(Style::Note, (MARGIN, self.top + 400), 135, Anchor::Start, subtitle);
        self.top += 560;
    }

    /// Names of few groups with their colors, and what the marks mean.
    fn legend(&mut self) {
        let mut entries: Vec<(Style, String)> = Vec::new();
        if self.scene.has_legend() {
            let entry = |(id, group): (_, &crate::Group)| {
                (Style::Bar(Shade::of(Some(id))), fitted(&group.name, SMALL, 2_000))
            };
            entries.extend(self.scene.groups.iter().map(entry));
        }
        if self.scene.late_groups().next().is_some() {
            entries.push((Style::LateBar(Shade::Plain), "outlined: late".to_owned()));
        }
        let mut left = MARGIN;
        let some = !entries.is_empty();
        for (style, name) in entries {
            let width = 200 + text_width(&name, SMALL) + 160;
            if left + width > PAGE_WIDTH - MARGIN {
                (left, self.top) = (MARGIN, self.top + 200);
            }
            let swatch = Form::Rect { x: left, y: self.top, width: 130, height: 130, radius: 20 };
            self.drawing.add(style, swatch);
            let at = (left + 190, self.top + 108);
            self.drawing.write(Style::Note, at, SMALL, Anchor::Start, name);
            left += width;
        }
        self.top += if some { 300 } else { 0 };
    }

    fn lanes(&mut self, sizes: &LaneSizes) {
        self.marker_strip();
        let heights = self.scene.lanes.values().map(|lane| lane_height(lane.rows, sizes));
        let height = heights.sum::<i64>().max(sizes.row);
        if height > 7_000 {
            self.axis_labels();
        }
        let top = self.top;
        self.stripes(sizes);
        self.grid(top, height);
        self.bars(top, sizes);
        self.bound_lines(top, height);
        self.top = top + height;
        let (left, right) = (self.scale.from, self.scale.from + self.scale.length);
        self.drawing.line(Style::Frame, (left, top), (left, self.top));
        self.drawing.line(Style::Frame, (left, self.top), (right, self.top));
    }

    /// Names of the lanes, and every second lane shaded.
    fn stripes(&mut self, sizes: &LaneSizes) {
        let mut top = self.top;
        let (left, width) = (self.scale.from, self.scale.length);
        for (index, lane) in self.scene.lanes.values().enumerate() {
            let height = lane_height(lane.rows, sizes);
            if index % 2 == 1 {
                let form = Form::Rect { x: left, y: top, width, height, radius: 0 };
                self.drawing.add(Style::Stripe, form);
            }
            let name = fitted(&lane.name, sizes.name_size, left - MARGIN - 90);
            let at = (left - 90, top + height / 2 + sizes.name_size * 35 / 100);
            self.drawing.write(Style::Name, at, sizes.name_size, Anchor::End, name);
            top += height;
        }
    }

    /// Vertical lines at the ticks.
    pub(crate) fn grid(&mut self, top: i64, height: i64) {
        for tick in self.ticks() {
            let x = self.scale.position(tick);
            self.drawing.line(Style::Grid, (x, top), (x, top + height));
        }
    }

    fn ticks(&self) -> Vec<ordine_base::Time> {
        let widest = text_width(&grouped(self.scale.span.end.get()), SMALL);
        let most = self.scale.length / (2 * widest).max(700);
        axis::ticks(self.scale.span, most).collect()
    }

    /// Tick labels below whatever was drawn last.
    pub(crate) fn axis_labels(&mut self) {
        let right = self.drawing.width - 20;
        for tick in self.ticks() {
            let label = grouped(tick.get());
            let half = text_width(&label, SMALL) / 2;
            let x = self.scale.position(tick).min(right - half);
            let at = (x, self.top + 160);
            self.drawing.write(Style::Note, at, SMALL, Anchor::Middle, label);
        }
        self.top += TICK_HEIGHT;
    }

    /// Late bars last, so that their outlines stay whole.
    fn bars(&mut self, top: i64, sizes: &LaneSizes) {
        let mut lane_tops = Vec::new();
        let mut lane_top = top;
        for lane in self.scene.lanes.values() {
            lane_tops.push(lane_top + sizes.gap);
            lane_top += lane_height(lane.rows, sizes);
        }
        let scale = self.scale;
        let labeling = self.scene.labeling(|bar, label| {
            let width = scale.position(bar.interval.end) - scale.position(bar.interval.start);
            fits(label, width, sizes)
        });
        for late in [false, true] {
            for bar in self.scene.bars.iter().filter(|bar| self.scene.is_late(bar) == late) {
                let row = i64::from(bar.row) * (sizes.row + sizes.gap / 2);
                let y = lane_tops[bar.lane.index()] + row;
                self.bar(bar, y, sizes, labeling);
            }
        }
    }

    fn bar(&mut self, bar: &Bar, y: i64, sizes: &LaneSizes, labeling: Labeling) {
        let height = sizes.row - 2 * sizes.gap + sizes.gap / 2;
        let x = self.scale.position(bar.interval.start);
        let width = self.scale.position(bar.interval.end) - x;
        let shade = Shade::of(bar.group);
        let style = match self.scene.is_late(bar) {
            true => Style::LateBar(shade),
            false if width < THIN && !bar.interval.is_empty() => Style::Area(shade),
            false => Style::Bar(shade),
        };
        if bar.interval.is_empty() {
            let form = diamond(x, y + height / 2, height * 2 / 5);
            self.drawing.add_with_tip(style, form, &bar.tip);
            return;
        }
        let radius = 25.min(width / 4);
        let form = Form::Rect { x, y, width: width.max(10), height, radius };
        self.drawing.add_with_tip(style, form, &bar.tip);
        let mut labels = bar.labels(labeling).into_iter();
        if let Some(label) = labels.find(|label| fits(label, width, sizes)) {
            let at = (x + width / 2, y + height / 2 + sizes.label_size * 35 / 100);
            self.drawing.write(Style::BarLabel(shade), at, sizes.label_size, Anchor::Middle, label);
        }
    }

    /// Triangles at due times, and the label of the bound, above the lanes.
    fn marker_strip(&mut self) {
        let shown: Vec<&Marker> =
            self.scene.markers.iter().filter(|marker| self.scale.shows(marker.time)).collect();
        if shown.is_empty() {
            return;
        }
        let y = self.top;
        let has_due = shown.iter().any(|marker| matches!(marker.kind, MarkerKind::Due(_)));
        if has_due {
            let at = (self.scale.from - 90, y + 125);
            self.drawing.write(Style::Note, at, SMALL, Anchor::End, "due");
        }
        for marker in shown {
            let x = self.scale.position(marker.time);
            match marker.kind {
                MarkerKind::Due(group) => {
                    let form =
                        Form::Polygon(vec![(x - 60, y + 20), (x + 60, y + 20), (x, y + 140)]);
                    let late = self.scene.groups[group].is_late();
                    let shade = Shade::of(Some(group));
                    let style = if late { Style::LateBar(shade) } else { Style::Bar(shade) };
                    self.drawing.add_with_tip(style, form, &marker.label);
                }
                MarkerKind::Bound => {
                    let half = text_width(&marker.label, SMALL) / 2;
                    let x = x.min(self.drawing.width - 20 - half);
                    let at = (x, y + 125);
                    let label = marker.label.clone();
                    self.drawing.write(Style::Note, at, SMALL, Anchor::Middle, label);
                }
            }
        }
        self.top += 180;
    }

    fn bound_lines(&mut self, top: i64, height: i64) {
        for marker in &self.scene.markers {
            if marker.kind == MarkerKind::Bound && self.scale.shows(marker.time) {
                let x = self.scale.position(marker.time);
                self.drawing.line(Style::Bound, (x, top), (x, top + height));
            }
        }
    }

    fn finish(mut self) -> Drawing {
        self.drawing.height = self.top + MARGIN / 2;
        self.drawing
    }
}

fn fits(label: &str, width: i64, sizes: &LaneSizes) -> bool {
    !label.is_empty() && text_width(label, sizes.label_size) + 60 <= width
}

fn lane_height(rows: u32, sizes: &LaneSizes) -> i64 {
    let rows = i64::from(rows);
    rows * sizes.row + (rows - 1) * (sizes.gap / 2) + sizes.gap / 2
}

fn diamond(x: i64, y: i64, half: i64) -> Form {
    Form::Polygon(vec![(x - half, y), (x, y - half), (x + half, y), (x, y + half)])
}

/// The number, its digits in groups of three where there are more than four.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "−".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if digits.len() > 4 && place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(grouped(1234), "1234");
        assert_eq!(grouped(-12345), "−12\u{2009}345");
        assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
    }
}
