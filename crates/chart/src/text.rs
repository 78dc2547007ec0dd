//! Text: a Gantt chart for a terminal of given width.
//!
//! One line per row of a lane; a bar is its label and a fill, `+` marks several tasks in one
//! column, `◆` a task without duration, `▞` a setup, `┄` what blocks, `░` a break. Usages are one
//! line of eighth blocks each. What is too much is counted: `… 44 more tasks`; where most bars have
//! no room for a name, lanes show their busy share in eighth blocks instead. When there are more
//! columns than ticks, every tick gets the same number of columns.
//!
//! **Source:** -

mod notes;
mod profile;

use crate::axis::{self, Scale};
use crate::palette::{Rgb, Shade, Shades};
use crate::scene::{Bar, BarKind, Break, BreakKind, Labeling, LaneKind, Scene};
use ordine_base::Interval;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

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
    frame.note_lines(&mut lines);
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
    shades: Shades,
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
        let all = usize::from(style.width.max(30));
        let lanes = scene.lanes.values().map(|lane| &lane.name).take(usize::from(style.lines) + 1);
        let names = lanes.chain(scene.usages.iter().map(|usage| &usage.name));
        let widest = names.map(|name| width(name.as_str())).max().unwrap_or(0);
        let gutter = widest.clamp(1, all / 4);
        let right = profile::right_width(scene);
        let numbers = right <= all / 3;
        let room = all - gutter - 2 - if numbers { right } else { 0 };
        let ticks = usize::try_from(scene.span.elapsed().get()).unwrap_or(usize::MAX);
        let columns = if ticks < room { room - room % ticks } else { room };
        let scale = Scale { span: scene.span, from: 0, length: columns as i64 };
        let labeling =
            scene.labeling(|bar, label| fits(label, columns_of(&scale, bar.interval).len()));
        let shades = Shades::of(scene);
        Frame { scene, shades, style, width: all, gutter, columns, numbers, scale, labeling }
    }

    fn lane_kind(&self) -> LaneKind {
        self.scene.lane_kind
    }

    fn line(&self, name: &str, plot: &str) -> String {
        let name = shortened(name, self.gutter);
        let pad = self.gutter - width(&name);
        format!("{:pad$}{name} │{plot}", "")
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
                    _ => self.row(&lane.breaks, bars),
                };
                let mut line = self.line(name, &plot);
                if self.numbers && self.lane_kind() == LaneKind::Tasks {
                    line += &profile::task_numbers(&by_lane[id]);
                }
                lines.push(line);
            }
        }
    }

    /// The cells of one row, as one string.
    fn row<'b>(&self, breaks: &[Break], bars: impl Iterator<Item = &'b Bar>) -> String {
        let mut cells = vec![Cell::Idle; self.columns];
        for it in breaks.iter().filter(|it| !matches!(it.kind, BreakKind::Speed(_))) {
            cells[self.within(it.interval)].fill(Cell::Break);
        }
        // What belongs to a task gives way to tasks: it comes last and takes only what is free.
        let (tasks, rest): (Vec<&Bar>, Vec<&Bar>) =
            bars.partition(|bar| matches!(bar.kind, BarKind::Task | BarKind::Span));
        for bar in tasks {
            self.draw(bar, &mut cells);
        }
        for bar in rest {
            let glyph = if bar.kind == BarKind::Setup { SETUP } else { HOLD };
            for cell in &mut cells[columns_of(&self.scale, bar.interval)] {
                if matches!(cell, Cell::Idle | Cell::Break) {
                    *cell = Cell::Mark(glyph);
                }
            }
        }
        painted(&cells, self.style.ink)
    }

    fn draw(&self, bar: &Bar, cells: &mut [Cell]) {
        let mut columns = columns_of(&self.scale, bar.interval);
        let is_taken = |cell: &Cell| matches!(cell, Cell::Task { .. } | Cell::Several);
        while cells[columns.clone()].first().is_some_and(is_taken) {
            if bar.interval.is_empty() {
                return;
            }
            cells[columns.start] = Cell::Several;
            columns.start += 1;
        }
        // Bars of one row come by time: what is left is free.
        if columns.is_empty() {
            return;
        }
        let (glyphs, letters) = self.glyphs(bar, columns.len());
        let shade = self.shades.shade(bar.group);
        let labeled = !bar.label.is_empty();
        for (column, glyph) in columns.clone().zip(glyphs) {
            cells[column] = Cell::Task { glyph, shade, labeled };
        }
        for pause in &bar.pauses {
            for column in self.within(*pause).filter(|column| *column >= columns.start + letters) {
                if let Cell::Task { glyph, .. } = &mut cells[column] {
                    *glyph = REST;
                }
            }
        }
    }

    /// The columns that lie wholly within an interval.
    fn within(&self, interval: Interval) -> Range<usize> {
        let from = self.scale.position(interval.start);
        let from = if self.scale.time(from) < interval.start { from + 1 } else { from };
        let to = self.scale.position(interval.end);
        from.min(to) as usize..to as usize
    }

    /// The busy time of each column, in eighths: what is left when names do not fit.
    fn busy_row(&self, bars: &[&Bar]) -> String {
        let mut busy = vec![0_i128; self.columns];
        for bar in bars.iter().filter(|bar| bar.kind == BarKind::Task) {
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

    /// Label and fill of a bar of this many columns, and how many letters the label has.
    fn glyphs(&self, bar: &Bar, columns: usize) -> (Vec<char>, usize) {
        if bar.interval.is_empty() {
            return (vec!['◆'], 1);
        }
        let fill = match (bar.label.is_empty(), bar.late, self.style.ink) {
            (true, false, _) => '█',
            (true, true, _) => '▓',
            (false, true, _) => '═',
            (false, false, Ink::Plain) => '━',
            (false, false, Ink::Ansi) => ' ',
        };
        let mut labels = bar.labels(self.labeling).into_iter();
        let mut glyphs: Vec<char> = match labels.find(|label| fits(label, columns)) {
            Some(label) => cells_of(label),
            None if bar.label.is_empty() => Vec::new(),
            None => vec!['▪'],
        };
        let letters = glyphs.len();
        glyphs.resize(columns, fill);
        (glyphs, letters)
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

const BREAK: char = '░';
const SETUP: char = '▞';
const HOLD: char = '┄';
const REST: char = '╌';
/// The second column of a wide letter.
const NOTHING: char = '\0';

#[derive(Clone, Copy)]
enum Cell {
    Idle,
    Break,
    Several,
    Mark(char),
    Task { glyph: char, shade: Shade, labeled: bool },
}

/// At least one column, however short the task.
fn columns_of(scale: &Scale, interval: Interval) -> Range<usize> {
    let from = scale.position(interval.start).min(scale.length - 1);
    let to = scale.position(interval.end).max(from + 1);
    from as usize..to as usize
}

/// A label as one letter per column; a letter of two columns is followed by nothing.
fn cells_of(label: &str) -> Vec<char> {
    let mut cells = Vec::new();
    for letter in clean(label).chars() {
        match width_of(letter) {
            0 => {}
            1 => cells.push(letter),
            _ => cells.extend([letter, NOTHING]),
        }
    }
    cells
}

/// Whether something of the fill stays visible, which parts neighbors; one letter may fill all.
fn fits(label: &str, columns: usize) -> bool {
    let letters = width(label);
    letters > 0 && (letters < columns || letters == 1 && columns == 1)
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
            Cell::Break => (BREAK, None),
            Cell::Mark(glyph) => (glyph, None),
            Cell::Several => ('+', None),
            Cell::Task { glyph, shade, labeled } => (glyph, Some((shade, labeled))),
        };
        if ink == Ink::Ansi && paint != current {
            out += &paint.map_or("\x1b[0m".to_owned(), escape);
            current = paint;
        }
        if glyph != NOTHING {
            out.push(glyph);
        }
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

fn more(count: usize, what: &str) -> String {
    format!(" … {count} more {what}")
}

/// The text without control characters, cut to so many columns.
pub(crate) fn shortened(name: &str, columns: usize) -> String {
    let name = clean(name);
    if width(&name) <= columns {
        return name;
    }
    let mut kept = String::new();
    for letter in name.chars() {
        if width(&kept) + width_of(letter) + 1 > columns {
            break;
        }
        kept.push(letter);
    }
    kept + "…"
}

/// Columns of a text on a terminal: letters of some scripts take two, marks upon letters none.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

fn width_of(letter: char) -> usize {
    letter.width().unwrap_or(0)
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

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!((width("字a"), cells_of("字a").len()), (3, 3));
        assert_eq!(shortened("字字字", 4), "字…");
        assert_eq!(shortened("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
    }
}
