//! A usage panel: stacked areas of usage over time below the line of the capacity, which may vary;
//! levels of reservoirs between their least and their most; breaks, and what is too much.
//!
//! Functions with more steps than the panel has columns are sampled: each column shows the instant
//! of its largest total, so peaks survive. O(layers × min(steps, columns)).
//!
//! **Source:** -

use crate::drawing::{Anchor, Form, Style, fitted, text_width};
use crate::layout::{Page, SMALL, grouped};
use crate::scene::{Usage, UsageKind};
use ordine_base::{StepFunction, Time};

const HEIGHT: i64 = 700;
const ABOVE: i64 = 260;
/// Widest part of the axis that is drawn with one value once steps are too many: one pixel.
const COLUMN: i64 = 10;

/// Draws the panel below whatever was drawn last.
pub(crate) fn draw(page: &mut Page<'_>, usage: &Usage) {
    let top = page.top + ABOVE;
    page.breaks(&usage.breaks, top, HEIGHT);
    page.grid(top, HEIGHT);
    let range = Range::of(usage);
    let vertical = Vertical { bottom: top + HEIGHT, height: HEIGHT, range };
    let columns = columns(page, usage);
    areas(page, usage, vertical, &columns);
    excesses(page, usage, vertical, &columns);
    frame(page, usage, vertical);
    if range.shows_capacity {
        steps(page, Style::Capacity, &usage.capacity, vertical, &columns);
    }
    if let Some(least) = &usage.least {
        steps(page, Style::Least, least, vertical, &columns);
    }
    page.top = vertical.bottom;
}

/// Maps an amount onto the height of the panel.
#[derive(Clone, Copy)]
struct Vertical {
    bottom: i64,
    height: i64,
    range: Range,
}

/// The amounts that a panel shows.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// A capacity far above the peak would press everything flat; it is then told in words only.
    pub(crate) shows_capacity: bool,
}

impl Range {
    pub(crate) fn of(usage: &Usage) -> Self {
        let (peak, capacity) = (usage.total.max(), usage.capacity.max());
        let shows_capacity = capacity <= peak.saturating_mul(8).max(1);
        let high = if shows_capacity { peak.max(capacity) } else { peak };
        let least = usage.least.as_ref().map_or(0, |least| least.max());
        let floor = usage.least.as_ref().map_or(0, |least| least.first());
        let low = usage.low().min(floor).min(0);
        Range { low, high: high.max(least).max(low + 1), shows_capacity }
    }
}

impl Vertical {
    fn position(self, amount: i64) -> i64 {
        let above = i128::from(amount) - i128::from(self.range.low);
        let all = i128::from(self.range.high) - i128::from(self.range.low);
        self.bottom - (above * i128::from(self.height) / all) as i64
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
    let note = note(usage);
    page.drawing.write(Style::Note, (left, top - 60), SMALL, Anchor::Start, note);
    for amount in [vertical.range.low, vertical.range.high] {
        let at = (left - 60, vertical.position(amount) + 40);
        let label = grouped(amount);
        if text_width(&label, SMALL) < left - 60 {
            page.drawing.write(Style::Note, at, SMALL, Anchor::End, label);
        }
    }
}

/// What the usage comes to, in words.
pub(crate) fn note(usage: &Usage) -> String {
    let (low, peak) = (grouped(usage.low()), grouped(usage.total.max()));
    let capacity = grouped(usage.capacity.max());
    let varies = if usage.capacity.steps().is_empty() { "" } else { "up to " };
    match usage.kind {
        UsageKind::Renewable => format!("peak {peak} of {varies}{capacity}"),
        UsageKind::Consumable => format!("spent {peak} of {capacity}"),
        UsageKind::Reservoir => format!("level from {low} to {peak}, most {capacity}"),
    }
}

/// One polygon per layer and stretch of usage, each on top of the layers before.
fn areas(page: &mut Page<'_>, usage: &Usage, vertical: Vertical, columns: &[Column]) {
    let mut floor = vec![0_i64; columns.len()];
    for layer in &usage.layers {
        let levels: Vec<i64> =
            columns.iter().map(|column| layer.profile.value(column.sample)).collect();
        let style = Style::Area(page.shades.shade(layer.group));
        let tip = layer.group.map_or(&usage.name, |group| &page.scene.groups[group].name);
        for stretch in stretches(&levels) {
            let bounds = |index: usize| (floor[index], floor[index] + levels[index]);
            let form = area(stretch, vertical, columns, bounds);
            page.drawing.add_with_tip(style, form, tip);
        }
        floor.iter_mut().zip(&levels).for_each(|(floor, level)| *floor += level);
    }
}

/// What is beyond the capacity, or missing in a reservoir.
fn excesses(page: &mut Page<'_>, usage: &Usage, vertical: Vertical, columns: &[Column]) {
    let least = |time| usage.least.as_ref().map_or(i64::MIN, |least| least.value(time));
    let bounds = |index: usize| {
        let time = columns[index].sample;
        let (total, capacity) = (usage.total.value(time), usage.capacity.value(time));
        if total > capacity { (capacity, total) } else { (total, least(time)) }
    };
    let flags: Vec<i64> =
        columns.iter().map(|column| usage.is_exceeded_at(column.sample).into()).collect();
    for stretch in stretches(&flags) {
        let form = area(stretch, vertical, columns, bounds);
        page.drawing.add_with_tip(Style::Over, form, format!("{}: too much", usage.name));
    }
}

/// The area between two bounds over a stretch of columns.
fn area(
    stretch: std::ops::Range<usize>,
    vertical: Vertical,
    columns: &[Column],
    bounds: impl Fn(usize) -> (i64, i64),
) -> Form {
    let mut above = Vec::new();
    let mut below = Vec::new();
    for index in stretch {
        let (from, to) = (columns[index].from, columns[index].to);
        let (lower, upper) = bounds(index);
        corner(&mut above, from, to, vertical.position(upper));
        corner(&mut below, from, to, vertical.position(lower));
    }
    above.extend(below.into_iter().rev());
    Form::Polygon(above)
}

/// A function as a line.
fn steps(
    page: &mut Page<'_>,
    style: Style,
    function: &StepFunction,
    vertical: Vertical,
    columns: &[Column],
) {
    let mut path = Vec::new();
    for column in columns {
        let y = vertical.position(function.value(column.sample));
        corner(&mut path, column.from, column.to, y);
    }
    page.drawing.add(style, Form::Polyline(path));
}

/// Goes on to the right at height `y`, without repeating corners.
fn corner(path: &mut Vec<(i64, i64)>, from: i64, to: i64, y: i64) {
    match path.last_mut() {
        Some(last) if last.1 == y => last.0 = to,
        _ => path.extend([(from, y), (to, y)]),
    }
}

/// Maximal runs of indices with a level other than zero.
fn stretches(levels: &[i64]) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, &level) in levels.iter().enumerate() {
        match found.last_mut() {
            _ if level == 0 => {}
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

fn columns(page: &Page<'_>, usage: &Usage) -> Vec<Column> {
    let (scale, total) = (&page.scale, &usage.total);
    let of_layers = usage.layers.iter().flat_map(|layer| layer.profile.steps());
    let mut times: Vec<Time> = of_layers.map(|step| step.0).chain(usage.times()).collect();
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
