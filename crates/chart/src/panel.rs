//! A usage panel: stacked areas of usage over time below the line of the capacity.
//!
//! Functions with more steps than the panel has columns are sampled: each column shows the instant
//! of its largest total, so peaks survive. O(layers × min(steps, columns)).
//!
//! **Source:** -

use crate::drawing::{Anchor, Form, Style, fitted, text_width};
use crate::layout::{Page, grouped};
use crate::palette::Shade;
use crate::scene::{Layer, Usage, UsageKind};
use ordine_base::{StepFunction, Time};

const HEIGHT: i64 = 700;
const ABOVE: i64 = 260;
const SMALL: i64 = 115;
/// Widest part of the axis that is drawn with one value once steps are too many: one pixel.
const COLUMN: i64 = 10;

/// Draws the panel below whatever was drawn last.
pub(crate) fn draw(page: &mut Page<'_>, usage: &Usage) {
    let top = page.top + ABOVE;
    page.grid(top, HEIGHT);
    let peak = usage.total.max();
    let capacity = usage.capacity.get();
    // A capacity far above the peak would press everything flat; it is then told in words only.
    let shows_capacity = capacity <= peak.saturating_mul(8).max(1);
    let most = if shows_capacity { peak.max(capacity) } else { peak }.max(1);
    let vertical = Vertical { bottom: top + HEIGHT, height: HEIGHT, most };
    areas(page, usage, vertical);
    frame(page, usage, vertical);
    if shows_capacity {
        let (left, right) = (page.scale.from, page.scale.from + page.scale.length);
        let y = vertical.position(capacity);
        page.drawing.line(Style::Capacity, (left, y), (right, y));
    }
    page.top = vertical.bottom;
}

/// Maps an amount onto the height of the panel.
#[derive(Clone, Copy)]
struct Vertical {
    bottom: i64,
    height: i64,
    most: i64,
}

impl Vertical {
    fn position(self, amount: i64) -> i64 {
        let height = i128::from(amount) * i128::from(self.height) / i128::from(self.most);
        self.bottom - height as i64
    }
}

fn frame(page: &mut Page<'_>, usage: &Usage, vertical: Vertical) {
    let (left, right) = (page.scale.from, page.scale.from + page.scale.length);
    let (top, bottom) = (vertical.bottom - vertical.height, vertical.bottom);
    page.drawing.line(Style::Frame, (left, bottom), (right, bottom));
    page.drawing.line(Style::Frame, (left, top), (left, bottom));
    let name = fitted(&usage.name, SMALL, left - 290);
    let middle = top + vertical.height / 2 + 40;
    page.drawing.write(Style::Name, (left - 90, middle), SMALL, Anchor::End, name);
    let (peak, capacity) = (usage.total.max(), usage.capacity.get());
    let words = match usage.kind {
        UsageKind::Renewable => "peak",
        UsageKind::Consumable => "spent",
    };
    let note = format!("{words} {} of {}", grouped(peak), grouped(capacity));
    page.drawing.write(Style::Note, (left, top - 60), SMALL, Anchor::Start, note);
    for amount in [0, vertical.most] {
        let at = (left - 60, vertical.position(amount) + 40);
        let label = grouped(amount);
        if text_width(&label, SMALL) < left - 60 {
            page.drawing.write(Style::Note, at, SMALL, Anchor::End, label);
        }
    }
}

/// One polygon per layer and stretch of usage, each on top of the layers before.
fn areas(page: &mut Page<'_>, usage: &Usage, vertical: Vertical) {
    let columns = columns(page, &usage.total, &usage.layers);
    let mut floor = vec![0_i64; columns.len()];
    for layer in &usage.layers {
        let levels: Vec<i64> =
            columns.iter().map(|column| layer.profile.value(column.sample)).collect();
        let style = Style::Area(Shade::of(layer.group));
        for stretch in stretches(&levels) {
            let mut above = Vec::new();
            let mut below = Vec::new();
            for index in stretch {
                let (from, to) = (columns[index].from, columns[index].to);
                let lower = vertical.position(floor[index]);
                let upper = vertical.position(floor[index] + levels[index]);
                corner(&mut above, from, to, upper);
                corner(&mut below, from, to, lower);
            }
            above.extend(below.into_iter().rev());
            let tip = layer.group.map_or(&usage.name, |group| &page.scene.groups[group].name);
            page.drawing.add_with_tip(style, Form::Polygon(above), tip);
        }
        floor.iter_mut().zip(&levels).for_each(|(floor, level)| *floor += level);
    }
}

/// Goes on to the right at height `y`, without repeating corners.
fn corner(path: &mut Vec<(i64, i64)>, from: i64, to: i64, y: i64) {
    match path.last_mut() {
        Some(last) if last.1 == y => last.0 = to,
        _ => path.extend([(from, y), (to, y)]),
    }
}

/// Maximal runs of indices with a level above zero.
fn stretches(levels: &[i64]) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, &level) in levels.iter().enumerate() {
        match found.last_mut() {
            _ if level <= 0 => {}
            Some(last) if last.end == index => last.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    found
}

/// A part of the axis that is drawn with the values of one instant.
struct Column {
    from: i64,
    to: i64,
    sample: Time,
}

fn columns(page: &Page<'_>, total: &StepFunction, layers: &[Layer]) -> Vec<Column> {
    let scale = &page.scale;
    let profiles = layers.iter().map(|layer| &layer.profile).chain([total]);
    let mut times: Vec<Time> =
        profiles.flat_map(|profile| profile.steps()).map(|step| step.0).collect();
    times.retain(|&time| scale.span.contains(time));
    times.push(scale.span.start);
    times.sort_unstable();
    times.dedup();
    let mut columns: Vec<Column> = Vec::new();
    let coarse = times.len() as i64 > scale.length / COLUMN;
    for time in times {
        let exact = scale.position(time);
        let from = if coarse { exact - (exact - scale.from) % COLUMN } else { exact };
        match columns.last_mut() {
            Some(last) if last.from == from => {
                if total.value(time) > total.value(last.sample) {
                    last.sample = time;
                }
            }
            _ => columns.push(Column { from, to: 0, sample: time }),
        }
    }
    let mut to = scale.from + scale.length;
    for column in columns.iter_mut().rev() {
        column.to = to;
        to = column.from;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_skip_zeros() {
        assert_eq!(stretches(&[0, 1, 2, 0, 3]), [1..3, 4..5]);
        assert!(stretches(&[]).is_empty());
    }

    #[test]
    fn equal_heights_make_no_corner() {
        let mut path = Vec::new();
        corner(&mut path, 0, 5, 1);
        corner(&mut path, 5, 9, 1);
        corner(&mut path, 9, 12, 4);
        assert_eq!(path, [(0, 1), (9, 1), (9, 4), (12, 4)]);
    }
}
