//! Lanes: stripes with breaks, bars with what comes before and after them, marks above.
//!
//! **Source:** -

use super::{MARGIN, Page, SMALL};
use crate::drawing::{Anchor, Form, Style, fitted, text_width};
use crate::palette::Shade;
use crate::scene::{Bar, BarKind, Labeling, Marker, MarkerKind, Scene};
use ordine_base::Id;

/// Bars below this width have no room for an outline.
const THIN: i64 = 40;

/// Lanes together higher than this have the axis above them too.
const TALL: i64 = 7_000;

/// Height of rows and size of texts, given how many rows there are.
pub(super) struct LaneSizes {
    row: i64,
    gap: i64,
    pub(super) name_size: i64,
    label_size: i64,
}

impl LaneSizes {
    pub(super) fn new(scene: &Scene) -> Self {
        let rows: u32 = scene.lanes.values().map(|lane| lane.rows).sum();
        let (row, gap, name_size, label_size) = match rows {
            0..=12 => (300, 40, 130, 125),
            13..=40 => (220, 30, 120, 110),
            41..=120 => (160, 20, 110, 100),
            _ => (110, 10, 90, 80),
        };
        LaneSizes { row, gap, name_size, label_size }
    }

    fn lane(&self, rows: u32) -> i64 {
        let rows = i64::from(rows);
        rows * self.row + (rows - 1) * (self.gap / 2) + self.gap / 2
    }

    fn fits(&self, label: &str, width: i64) -> bool {
        !label.is_empty() && text_width(label, self.label_size) + 60 <= width
    }
}

impl Page<'_> {
    pub(super) fn lanes(&mut self, sizes: &LaneSizes) {
        self.marker_strip();
        let heights = self.scene.lanes.values().map(|lane| sizes.lane(lane.rows));
        let height = heights.sum::<i64>().max(sizes.row);
        if height > TALL {
            self.axis_labels();
        }
        let top = self.top;
        self.stripes(sizes);
        self.grid(top, height);
        self.bars(top, sizes);
        self.marker_lines(top, height);
        self.top = top + height;
        let (left, right) = (self.scale.from, self.scale.from + self.scale.length);
        self.drawing.line(Style::Frame, (left, top), (left, self.top));
        self.drawing.line(Style::Frame, (left, self.top), (right, self.top));
    }

    /// Names of the lanes, every second lane shaded, and their breaks.
    fn stripes(&mut self, sizes: &LaneSizes) {
        let scene = self.scene;
        let mut top = self.top;
        let (left, width) = (self.scale.from, self.scale.length);
        for (index, lane) in scene.lanes.values().enumerate() {
            let height = sizes.lane(lane.rows);
            if index % 2 == 1 {
                self.drawing.rect(Style::Stripe, (left, top), (width, height));
            }
            self.breaks(&lane.breaks, top, height);
            let name = fitted(&lane.name, sizes.name_size, left - MARGIN - 90);
            let at = (left - 90, top + height / 2 + sizes.name_size * 35 / 100);
            self.drawing.write(Style::Name, at, sizes.name_size, Anchor::End, name);
            top += height;
        }
    }

    /// Late bars after others, so that their outlines stay whole; tasks without length on top.
    fn bars(&mut self, top: i64, sizes: &LaneSizes) {
        let mut lane_tops = Vec::new();
        let mut lane_top = top;
        for lane in self.scene.lanes.values() {
            lane_tops.push(lane_top + sizes.gap);
            lane_top += sizes.lane(lane.rows);
        }
        let scale = self.scale;
        let labeling = self.scene.labeling(|bar, label| {
            let work = bar.longest_work();
            sizes.fits(label, scale.position(work.end) - scale.position(work.start))
        });
        let order = |bar: &Bar| u8::from(bar.late) + 2 * u8::from(bar.interval.is_empty());
        for turn in 0..=3 {
            for bar in self.scene.bars.values().filter(|bar| order(bar) == turn) {
                let row = i64::from(bar.row) * (sizes.row + sizes.gap / 2);
                let y = lane_tops[bar.lane.index()] + row;
                self.bar(bar, y, sizes, labeling);
            }
        }
    }

    fn bar(&mut self, bar: &Bar, y: i64, sizes: &LaneSizes, labeling: Labeling) {
        let height = sizes.row - 2 * sizes.gap + sizes.gap / 2;
        let (x, end) = self.reach(bar.interval);
        let width = end - x;
        let shade = self.shades.shade(bar.group);
        let is_thin = width < THIN && !bar.interval.is_empty();
        let style = match (bar.kind, bar.late) {
            (BarKind::Setup, _) => Style::Setup,
            (BarKind::Hold, _) => Style::Hold(shade),
            (_, true) => Style::LateBar(shade),
            (_, false) if is_thin => Style::Area(shade),
            (_, false) => Style::Bar(shade),
        };
        let tip = bar.tip.join("; ");
        if bar.interval.is_empty() {
            let form = diamond(x, y + height / 2, height * 2 / 5);
            self.drawing.add_with_tip(style, form, tip);
            return;
        }
        let (y, height) = match bar.kind {
            BarKind::Task | BarKind::Setup => (y, height),
            BarKind::Hold => (y + height / 3, height / 3),
            BarKind::Span => (y + height / 6, height * 2 / 3),
        };
        let radius = if bar.kind == BarKind::Task { 25.min(width / 4) } else { 0 };
        let form = Form::Rect { x, y, width: width.max(10), height, radius };
        self.drawing.add_with_tip(style, form, tip);
        for pause in &bar.pauses {
            let (from, to) = self.reach(*pause);
            self.drawing.rect(Style::Rest, (from, y), (to - from, height));
        }
        let mut labels = bar.labels(labeling).into_iter();
        let (from, to) = self.reach(bar.longest_work());
        if let Some(label) = labels.find(|label| sizes.fits(label, to - from)) {
            let at = ((from + to) / 2, y + height / 2 + sizes.label_size * 35 / 100);
            self.drawing.write(Style::BarLabel(shade), at, sizes.label_size, Anchor::Middle, label);
        }
    }

    /// Triangles at due times, squares at deadlines, and labels of lines, above the lanes.
    fn marker_strip(&mut self) {
        let scene = self.scene;
        let shown: Vec<&Marker> =
            scene.markers.iter().filter(|marker| self.scale.shows(marker.time)).collect();
        if shown.is_empty() {
            return;
        }
        let y = self.top;
        let at = (self.scale.from - 90, y + 125);
        self.drawing.write(Style::Note, at, SMALL, Anchor::End, date_words(scene));
        let mut free_from = 0;
        let (missed, others): (Vec<&Marker>, Vec<&Marker>) =
            shown.into_iter().partition(|marker| is_missed(marker.kind));
        for marker in others.into_iter().chain(missed) {
            let x = self.scale.position(marker.time);
            match marker.kind {
                MarkerKind::Due { group, late } => {
                    let form =
                        Form::Polygon(vec![(x - 60, y + 20), (x + 60, y + 20), (x, y + 140)]);
                    self.drawing.add_with_tip(
                        date(self.shades.shade(group), late),
                        form,
                        &marker.label,
                    );
                }
                MarkerKind::Deadline { group, late } => {
                    let form =
                        Form::Rect { x: x - 45, y: y + 35, width: 90, height: 90, radius: 0 };
                    self.drawing.add_with_tip(
                        date(self.shades.shade(group), late),
                        form,
                        &marker.label,
                    );
                }
                MarkerKind::Bound | MarkerKind::Now => {
                    let half = text_width(&marker.label, SMALL) / 2;
                    let x = x.min(self.drawing.width - 20 - half).max(free_from + half);
                    let (at, label) = ((x, y + 125), marker.label.clone());
                    self.drawing.write(Style::Note, at, SMALL, Anchor::Middle, label);
                    free_from = x + half + 100;
                }
            }
        }
        self.top += 180;
    }

    fn marker_lines(&mut self, top: i64, height: i64) {
        for marker in &self.scene.markers {
            let style = match marker.kind {
                MarkerKind::Bound => Style::Bound,
                MarkerKind::Now => Style::Now,
                _ => continue,
            };
            if self.scale.shows(marker.time) {
                let x = self.scale.position(marker.time);
                self.drawing.line(style, (x, top), (x, top + height));
            }
        }
    }
}

/// What the marks above the lanes stand for.
pub(super) fn date_words(scene: &Scene) -> String {
    let marks = scene.marks();
    let due = marks.due.then_some("▾ due");
    let words: Vec<&str> = due.into_iter().chain(marks.deadline.then_some("▪ deadline")).collect();
    words.join(", ")
}

fn is_missed(kind: MarkerKind) -> bool {
    matches!(kind, MarkerKind::Due { late: true, .. } | MarkerKind::Deadline { late: true, .. })
}

fn date(shade: Shade, late: bool) -> Style {
    if late { Style::LateBar(shade) } else { Style::Bar(shade) }
}

fn diamond(x: i64, y: i64, half: i64) -> Form {
    Form::Polygon(vec![(x - half, y), (x, y - half), (x + half, y), (x, y + half)])
}
