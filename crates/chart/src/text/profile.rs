//! Profiles of resources as lines of eighth blocks, and the numbers right of the plot.
//!
//! **Source:** -

use super::{Frame, block, more};
use crate::scene::{Bar, LaneKind, Scene, Usage, UsageKind};
use ordine_base::Time;

impl Frame<'_> {
    pub(super) fn usage_lines(&self, lines: &mut Vec<String>) {
        let most = usize::from(self.style.lines.max(1));
        let usages = self.scene.usages.len();
        let shown = if usages > most { most - 1 } else { usages };
        for usage in &self.scene.usages[..shown] {
            let plot: String =
                (0..self.columns).map(|column| self.usage_block(usage, column)).collect();
            let mut line = self.line(&usage.name, &plot);
            if self.numbers {
                line += &usage_numbers(usage);
            }
            lines.push(line);
        }
        if shown < usages {
            let gutter = format!("{:>1$}", "", self.gutter);
            lines.push(gutter + &more(usages - shown, "resources"));
        }
    }

    /// Largest usage within a column, in eighths of what there is; `!` where it is too much.
    fn usage_block(&self, usage: &Usage, column: usize) -> char {
        let from = self.scale.time(column as i64);
        let to = self.scale.time(column as i64 + 1);
        let inside = usage.times().filter(|&time| from <= time && time < to).chain([from]);
        let mut shown = ' ';
        let floor = usage.low().min(0);
        for time in inside {
            if usage.is_exceeded_at(time) {
                return '!';
            }
            let above = |value: i64| i128::from(value) - i128::from(floor);
            let level = above(usage.total.value(time));
            shown = shown.max(block(level, above(usage.capacity.max())));
        }
        shown
    }
}

/// Room for the numbers on the right, a space included.
pub(super) fn right_width(scene: &Scene) -> usize {
    let digits = |time: Time| time.get().to_string().len();
    let tasks = match scene.lane_kind {
        LaneKind::Machines => 0,
        LaneKind::Tasks => digits(scene.span.start).max(digits(scene.span.end)) * 2 + 2,
    };
    let usages = scene.usages.iter().map(|usage| usage_numbers(usage).chars().count());
    usages.max().unwrap_or(0).max(tasks)
}

pub(super) fn task_numbers(bars: &[&Bar]) -> String {
    let interval = |bar: &&Bar| format!(" {}–{}", bar.interval.start, bar.interval.end);
    bars.first().map(interval).unwrap_or_default()
}

fn usage_numbers(usage: &Usage) -> String {
    let (low, peak, capacity) = (usage.low(), usage.total.max(), usage.capacity.max());
    match usage.kind {
        UsageKind::Reservoir => format!(" {low}–{peak}/{capacity}"),
        _ => format!(" {peak}/{capacity}"),
    }
}
