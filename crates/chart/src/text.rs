//! Text: a Gantt chart for a terminal of given width.
//!
//! One line per row of a lane; a bar is its label and a fill, `+` marks several tasks in one
//! column, `◆` a task without duration. Usages are one line of eighth blocks each. What is too
//! much is counted: `… 44 more tasks`; where most bars have no room for a name, lanes show their
//! busy share in eighth blocks instead. When there are more columns than ticks, every tick gets the
//! same number of columns.
//!
//! **Source:** -

use crate::axis::{self, Scale};
use crate::palette::{Rgb, Shade};
use crate::scene::{Bar, Labeling, LaneKind, Scene, Usage};
use ordine_base::{Interval, Time};
use std::ops::Range;

/// Whether the terminal understands colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Characters only.
    Plain,
    /// ANSI escape sequences, 256 colors.
    Ansi,
}

/// What the terminal can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of the terminal; fewer than 30 count as 30.
    pub width: u16,
    /// Most lines for lanes, and most lines for usages.
    pub lines: u16,
    /// Colors or none.
    pub ink: Ink,
}

impl TextStyle {
    /// No colors, up to 24 lines of lanes.
    pub fn plain(width: u16) -> Self {
        TextStyle { width, lines: 24, ink: Ink::Plain }
    }

    /// Colors, up to 24 lines of lanes.
    pub fn ansi(width: u16) -> Self {
        TextStyle { ink: Ink::Ansi, ..TextStyle::plain(width) }
    }
}

/// The scene as lines of text, each ended by a line feed.
pub fn text(scene: &Scene, style: &TextStyle) -> String {
    let frame = Frame::new(scene, style);
    let mut lines = vec![format!("{}  {}", clean(&scene.title), clean(&scene.subtitle))];
    frame.lane_lines(&mut lines);
    frame.usage_lines(&mut lines);
    frame.axis_lines(&mut lines);
    if frame.labeling == Labeling::Bare && scene.bars.iter().any(|bar| !bar.label.is_empty()) {
        let note = "heights are shares of busy time: most names do not fit on their tasks";
        lines.push(note.to_owned());
    }
    lines.extend(late_line(scene, frame.width, frame.lane_kind()));
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Names left, plot in the middle, numbers right.
struct Frame<'a> {
    scene: &'a Scene,
    style: &'a TextStyle,
    width: usize,
    gutter: usize,
    columns: usize,
    numbers: bool,
    scale: Scale,
    labeling: Labeling,
}

impl<'a> Frame<'a> {
    fn new(scene: &'a Scene, style: &'a TextStyle) -> Self {
        let width = usize::from(style.width.max(30));
        let lanes = scene.lanes.values().map(|lane| &lane.name).take(usize::from(style.lines) + 1);
        let names = lanes.chain(scene.usages.iter().map(|usage| &usage.name));
        let widest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        let gutter = widest.clamp(1, width / 4);
        let right = right_width(scene);
        let numbers = right <= width / 3;
        let room = width - gutter - 2 - if numbers { right } else { 0 };
        let ticks = usize::try_from(scene.span.elapsed().get()).unwrap_or(usize::MAX);
        let columns = if ticks < room { room - room % ticks } else { room };
        let scale = Scale { span: scene.span, from: 0, length: columns as i64 };
        let labeling =
            scene.labeling(|bar, label| fits(label, columns_of(&scale, bar.interval).len()));
        Frame { scene, style, width, gutter, columns, numbers, scale, labeling }
    }

    fn lane_kind(&self) -> LaneKind {
        self.scene.lane_kind
    }

    fn line(&self, name: &str, plot: &str) -> String {
        format!("{:>width$} │{plot}", shortened(name, self.gutter), width = self.gutter)
    }

    fn lane_lines(&self, lines: &mut Vec<String>) {
        let by_lane = self.scene.bars_by_lane();
        let mut left = usize::from(self.style.lines.max(1));
        let lanes = self.scene.lanes.len();
        for (index, (id, lane)) in self.scene.lanes.iter().enumerate() {
            let rows = lane.rows as usize;
            if rows > left || (rows == left && index + 1 < lanes) {
                let what = match self.lane_kind() {
                    LaneKind::Machines => "machines",
                    LaneKind::Tasks => "tasks",
                };
                lines.push(format!("{:>1$}", "", self.gutter) + &more(lanes - index, what));
                return;
            }
            left -= rows;
            for row in 0..lane.rows {
                let bars = by_lane[id].iter().copied().filter(|bar| bar.row == row);
                let name = if row == 0 { lane.name.as_str() } else { "" };
                let plot = match self.labeling {
                    Labeling::Bare => self.busy_row(&bars.collect::<Vec<_>>()),
                    _ => self.row(bars),
                };
                let mut line = self.line(name, &plot);
                if self.numbers && self.lane_kind() == LaneKind::Tasks {
                    line += &task_numbers(&by_lane[id]);
                }
                lines.push(line);
            }
        }
    }

    /// The cells of one row, as one string.
    fn row<'b>(&self, bars: impl Iterator<Item = &'b Bar>) -> String {
        let mut cells = vec![Cell::Idle; self.columns];
        for bar in bars {
            let columns = columns_of(&self.scale, bar.interval);
            if cells[columns.clone()].iter().any(|cell| !matches!(cell, Cell::Idle)) {
                if !bar.interval.is_empty() {
                    cells[columns].fill(Cell::Several);
                }
                continue;
            }
            let glyphs = self.glyphs(bar, columns.len());
            let shade = Shade::of(bar.group);
            let labeled = !bar.label.is_empty();
            for (column, glyph) in columns.zip(glyphs) {
                cells[column] = Cell::Task { glyph, shade, labeled };
            }
        }
        painted(&cells, self.style.ink)
    }

    /// The busy time of each column, in eighths: what is left when names do not fit.
    fn busy_row(&self, bars: &[&Bar]) -> String {
        let mut busy = vec![0_i128; self.columns];
        for bar in bars {
            for column in columns_of(&self.scale, bar.interval) {
                let from = self.scale.time(column as i64).max(bar.interval.start);
                let to = self.scale.time(column as i64 + 1).min(bar.interval.end);
                busy[column] += i128::from((to - from).get().max(0));
            }
        }
        let share = |(column, busy): (usize, i128)| {
            let all = self.scale.time(column as i64 + 1) - self.scale.time(column as i64);
            block(busy, i128::from(all.get()))
        };
        busy.into_iter().enumerate().map(share).collect()
    }

    /// Label and fill of a bar of this many columns.
    fn glyphs(&self, bar: &Bar, columns: usize) -> Vec<char> {
        if bar.interval.is_empty() {
            return vec!['◆'];
        }
        let late = self.scene.is_late(bar);
        let fill = match (bar.label.is_empty(), late, self.style.ink) {
            (true, false, _) => '█',
            (true, true, _) => '▓',
            (false, true, _) => '═',
            (false, false, Ink::Plain) => '━',
            (false, false, Ink::Ansi) => ' ',
        };
        let mut labels = bar.labels(self.labeling).into_iter();
        let mut glyphs: Vec<char> = match labels.find(|label| fits(label, columns)) {
            Some(label) => clean(label).chars().collect(),
            None if bar.label.is_empty() => Vec::new(),
            None => vec!['▪'],
        };
        glyphs.resize(columns, fill);
        glyphs
    }

    fn usage_lines(&self, lines: &mut Vec<String>) {
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

    /// Largest usage within a column, in eighths of the capacity; `!` above it.
    fn usage_block(&self, usage: &Usage, column: usize) -> char {
        let from = self.scale.time(column as i64);
        let to = self.scale.time(column as i64 + 1);
        let steps = usage.total.steps();
        let first = steps.partition_point(|step| step.0 <= from);
        let after = steps.partition_point(|step| step.0 < to);
        let inside = steps[first..after.max(first)].iter().map(|step| step.1);
        let level = inside.fold(usage.total.value(from), i64::max);
        let capacity = usage.capacity.get();
        if level > capacity {
            return '!';
        }
        block(level.into(), capacity.into())
    }

    fn axis_lines(&self, lines: &mut Vec<String>) {
        let widest = self.scale.span.end.get().to_string().len() as i64;
        let most = self.columns as i64 / (2 * widest + 2).max(8);
        let mut ruler: Vec<char> = vec!['─'; self.columns + 1];
        let mut labels = String::new();
        for tick in axis::ticks(self.scale.span, most) {
            let column = self.scale.position(tick) as usize;
            ruler[column] = '┴';
            let label = tick.get().to_string();
            let column = column.min((self.width - self.gutter - 1).saturating_sub(label.len()));
            if labels.is_empty() || labels.len() < column {
                labels += &format!("{:1$}", "", column - labels.len());
                labels += &label;
            }
        }
        let indent = format!("{:1$}", "", self.gutter + 1);
        ruler[0] = if ruler[0] == '┴' { '┼' } else { '└' };
        lines.push(format!("{indent}{}", ruler.into_iter().collect::<String>()));
        lines.push(format!("{indent}{labels}"));
    }
}

#[derive(Clone, Copy)]
enum Cell {
    Idle,
    Several,
    Task { glyph: char, shade: Shade, labeled: bool },
}

/// At least one column, however short the task.
fn columns_of(scale: &Scale, interval: Interval) -> Range<usize> {
    let from = scale.position(interval.start).min(scale.length - 1);
    let to = scale.position(interval.end).max(from + 1);
    from as usize..to as usize
}

/// Whether something of the fill stays visible, which parts neighbors; one letter may fill all.
fn fits(label: &str, columns: usize) -> bool {
    let letters = label.chars().count();
    letters > 0 && (letters < columns || letters == 1)
}

/// The block whose height is `part` of `all`, rounded up to eighths.
fn block(part: i128, all: i128) -> char {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let eighths = (part.max(0) * 8 + all.max(1) - 1) / all.max(1);
    BLOCKS[eighths.min(8) as usize]
}

fn painted(cells: &[Cell], ink: Ink) -> String {
    let mut out = String::new();
    let mut current = None;
    for &cell in cells {
        let (glyph, paint) = match cell {
            Cell::Idle => (' ', None),
            Cell::Several => ('+', None),
            Cell::Task { glyph, shade, labeled } => (glyph, Some((shade, labeled))),
        };
        if ink == Ink::Ansi && paint != current {
            out += &paint.map_or("\x1b[0m".to_owned(), escape);
            current = paint;
        }
        out.push(glyph);
    }
    if current.is_some() {
        out += "\x1b[0m";
    }
    out
}

/// Colored ground under a label, colored characters where there is none.
fn escape((shade, labeled): (Shade, bool)) -> String {
    let color = cube(shade.rgb());
    match (labeled, shade.is_dark()) {
        (false, _) => format!("\x1b[0;38;5;{color}m"),
        (true, true) => format!("\x1b[38;5;231;48;5;{color}m"),
        (true, false) => format!("\x1b[38;5;16;48;5;{color}m"),
    }
}

/// The nearest color of the 6 × 6 × 6 cube.
pub(crate) fn cube(rgb: Rgb) -> u32 {
    let [red, green, blue] = rgb.map(|part| (u32::from(part) * 5 + 127) / 255);
    16 + 36 * red + 6 * green + blue
}

/// Room for the numbers on the right, a space included.
fn right_width(scene: &Scene) -> usize {
    let digits = |time: Time| time.get().to_string().len();
    let tasks = match scene.lane_kind {
        LaneKind::Machines => 0,
        LaneKind::Tasks => digits(scene.span.start).max(digits(scene.span.end)) * 2 + 2,
    };
    let usages = scene.usages.iter().map(|usage| usage_numbers(usage).chars().count());
    usages.max().unwrap_or(0).max(tasks)
}

fn task_numbers(bars: &[&Bar]) -> String {
    let interval = |bar: &&Bar| format!(" {}–{}", bar.interval.start, bar.interval.end);
    bars.first().map(interval).unwrap_or_default()
}

fn usage_numbers(usage: &Usage) -> String {
    format!(" {}/{}", usage.total.max(), usage.capacity)
}

/// Who is late and by how much, as far as one line goes.
fn late_line(scene: &Scene, width: usize, lanes: LaneKind) -> Option<String> {
    let mark = if lanes == LaneKind::Machines { '═' } else { '▓' };
    let late: Vec<String> = scene
        .late_groups()
        .map(|group| format!("{} +{}", clean(&group.name), group.lateness.unwrap_or_default()))
        .collect();
    if late.is_empty() {
        return None;
    }
    let mut line = format!("late ({mark}): {}", late[0]);
    for (index, words) in late.iter().enumerate().skip(1) {
        if line.chars().count() + words.chars().count() + 12 > width {
            return Some(line + &more(late.len() - index, ""));
        }
        line += &format!(", {words}");
    }
    Some(line)
}

fn more(count: usize, what: &str) -> String {
    format!(" … {count} more {what}")
}

/// The text without control characters, cut to so many letters.
pub(crate) fn shortened(name: &str, width: usize) -> String {
    let name = clean(name);
    if name.chars().count() <= width {
        return name;
    }
    name.chars().take(width - 1).chain(['…']).collect()
}

/// The text without characters that would move the cursor or turn the letters around them.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|letter| if is_hidden(letter) { '�' } else { letter }).collect()
}

/// Whether a letter is a control character, of lines or of the direction of writing.
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_nobody_sees_are_shown() {
        assert_eq!(clean("a\u{1b}[31m\u{202e}b\u{2069}\n"), "a�[31m�b��");
    }
}
