//! Lays a scene out on a page: header, legend, lanes with bars, axis, usage panels.
//!
//! Units are tenths of a pixel. Lanes get thinner as they get more; texts that would not fit are
//! cut or left out; tasks that are too many for lanes of their own share rows. O(bars + steps).
//!
//! **Source:** -

mod lanes;
mod legend;

use crate::axis::{self, Scale};
use crate::drawing::{Anchor, Drawing, Form, Style, fitted, text_width};
use crate::palette::Shades;
use crate::panel;
use crate::scene::{Break, BreakKind, LaneKind, Scene};
use lanes::LaneSizes;
use ordine_base::Interval;

pub(crate) const PAGE_WIDTH: i64 = 12_000;
pub(crate) const MARGIN: i64 = 200;
pub(crate) const SMALL: i64 = 115;
const TICK_HEIGHT: i64 = 240;
/// Height of the strip below a lane that works at another speed.
const STRIP: i64 = 35;

/// Most tasks that get a lane each.
const TASK_LANES_MAX: usize = 300;

/// The page in the making: where the next thing goes, and the time axis.
pub(crate) struct Page<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) shades: Shades,
    pub(crate) drawing: Drawing,
    pub(crate) scale: Scale,
    pub(crate) top: i64,
}

/// Draws everything.
pub(crate) fn draw(scene: &Scene) -> Drawing {
    if scene.lane_kind == LaneKind::Tasks && scene.lanes.len() > TASK_LANES_MAX {
        return draw_lanes(&scene.packed());
    }
    draw_lanes(scene)
}

fn draw_lanes(scene: &Scene) -> Drawing {
    let lanes = LaneSizes::new(scene);
    let names = scene.lanes.values().map(|lane| text_width(&lane.name, lanes.name_size));
    let usages = scene.usages.iter().map(|usage| text_width(&usage.name, SMALL));
    let dates = text_width(&lanes::date_words(scene), SMALL);
    let gutter = names.chain(usages).chain([dates]).max().unwrap_or(0).clamp(500, 2_400) + 100;
    let from = MARGIN + gutter;
    let length = PAGE_WIDTH - MARGIN - 100 - from;
    let drawing = Drawing {
        title: format!("{}: {}", scene.title, scene.subtitle),
        width: PAGE_WIDTH,
        height: 0,
        shapes: Vec::new(),
    };
    let scale = Scale { span: scene.span, from, length };
    let mut page = Page { scene, shades: Shades::of(scene), drawing, scale, top: MARGIN };
    page.header();
    legend::draw(&mut page);
    if !scene.lanes.is_empty() || scene.usages.is_empty() {
        page.lanes(&lanes);
        page.axis_labels();
    }
    for usage in &scene.usages {
        panel::draw(&mut page, usage);
    }
    if !scene.usages.is_empty() {
        page.axis_labels();
    }
    page.footer();
    page.drawing.height = page.top + MARGIN / 2;
    page.drawing
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

    /// Which tasks are left out, as far as two lines go.
    fn footer(&mut self) {
        let absent = &self.scene.absent;
        if absent.is_empty() {
            return;
        }
        let width = PAGE_WIDTH - 2 * MARGIN;
        let mut lines = vec![format!("left out ({}): ", absent.len())];
        for (index, name) in absent.iter().enumerate() {
            let rest = absent.len() - index;
            let more = format!("… {rest} more");
            let word = if rest > 1 { format!("{name}, ") } else { name.clone() };
            let count = lines.len();
            let last = lines.last_mut().expect("there is always a line");
            if text_width(last, SMALL) + text_width(&format!("{word}{more}"), SMALL) <= width {
                last.push_str(&word);
            } else if count < 2 {
                lines.push(fitted(&word, SMALL, width - 1_000));
            } else {
                last.push_str(&more);
                break;
            }
        }
        self.top += 60;
        for line in lines {
            self.drawing.write(Style::Note, (MARGIN, self.top + 120), SMALL, Anchor::Start, line);
            self.top += 180;
        }
    }

    /// Gray areas where no work is done, strips where it goes at another speed.
    pub(crate) fn breaks(&mut self, breaks: &[Break], top: i64, height: i64) {
        for it in breaks {
            let (left, right) = self.reach(it.interval);
            let (style, word) = match it.kind {
                BreakKind::Closed => (Style::Closed, "closed".to_owned()),
                BreakKind::Paused => (Style::Paused, "pause".to_owned()),
                BreakKind::Speed(percent) => (Style::Slow, format!("speed {percent} %")),
            };
            let is_speed = matches!(it.kind, BreakKind::Speed(_));
            let thickness = if is_speed { STRIP.min(height) } else { height };
            let form = Form::Rect {
                x: left,
                y: top + height - thickness,
                width: (right - left).max(4),
                height: thickness,
                radius: 0,
            };
            let tip = format!("{word} from {} to {}", it.interval.start, it.interval.end);
            self.drawing.add_with_tip(style, form, tip);
        }
    }

    /// Where an interval begins and ends on the page.
    pub(crate) fn reach(&self, interval: Interval) -> (i64, i64) {
        (self.scale.position(interval.start), self.scale.position(interval.end))
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
