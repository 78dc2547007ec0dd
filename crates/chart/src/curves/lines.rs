//! Curves as text for a terminal of given width.
//!
//! Each series has a letter of its own, so that a plot without colors can be read; where curves
//! cover each other, the first is seen.
//!
//! **Source:** -

use super::{Curves, Joints, rulers, series_shade, strokes};
use crate::ruler::{Ruler, number_label};
use crate::text::{Ink, TextStyle, clean, cube, shortened};

/// Letters of the series, in turn.
const MARKS: [char; 8] = ['*', 'o', '+', 'x', '#', '@', '%', '&'];

/// Most lines of the plot.
const LINES_MAX: u16 = 16;

/// The curves as lines of text, each ended by a line feed.
pub fn curves_text(curves: &Curves, style: &TextStyle) -> String {
    let (x, y) = rulers(curves);
    let width = usize::from(style.width.max(30));
    let height = usize::from(style.lines.clamp(4, LINES_MAX));
    let labels = row_labels(&y, height);
    let gutter = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let columns = width - gutter - 2;
    let mut cells = vec![vec![None; columns]; height];
    for (index, series) in curves.series.iter().enumerate().rev() {
        for stroke in strokes(series, (&x, &y), columns) {
            mark(&mut cells, &stroke, index, series.joints);
        }
    }
    let mut lines = vec![format!("{}  {}", clean(&curves.title), clean(&curves.subtitle))];
    for (label, row) in labels.iter().zip(&cells) {
        let edge = if label.is_empty() { '│' } else { '┤' };
        lines.push(format!("{label:>gutter$} {edge}{}", painted(row, style.ink)));
    }
    lines.extend(ruler_lines(&x, &curves.x.name, gutter + 1, columns));
    for (index, series) in curves.series.iter().enumerate() {
        let name = shortened(&series.name, width - 4);
        lines.push(format!("  {} {name}", painted(&[Some(index)], style.ink)));
    }
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// What stands left of each row, from the top; most stay empty.
fn row_labels(y: &Ruler, height: usize) -> Vec<String> {
    let mut labels = vec![String::new(); height];
    for tick in y.ticks(height / 3) {
        if let Some(row) = y.place(tick).and_then(|place| row_of(place, height)) {
            labels[row] = number_label(tick);
        }
    }
    labels
}

fn row_of(place: f64, height: usize) -> Option<usize> {
    let row = ((1.0 - place) * (height - 1) as f64).round();
    (0.0..height as f64).contains(&row).then_some(row as usize)
}

/// Marks every cell that a stroke passes, or that holds one of its points.
fn mark(cells: &mut [Vec<Option<usize>>], stroke: &[(f64, f64)], index: usize, joints: Joints) {
    let (height, columns) = (cells.len(), cells[0].len());
    let spread = |point: &(f64, f64)| {
        (point.0 * (columns - 1) as f64, (1.0 - point.1) * (height - 1) as f64)
    };
    let mut before = spread(&stroke[0]);
    for point in stroke {
        let to = spread(point);
        if joints == Joints::Points {
            before = to;
        }
        let most = (to.0 - before.0).abs().max((to.1 - before.1).abs()).ceil().max(1.0);
        for part in 0..=most as usize {
            let share = part as f64 / most;
            let column = (before.0 + share * (to.0 - before.0)).round() as usize;
            let row = (before.1 + share * (to.1 - before.1)).round() as usize;
            if let Some(cell) = cells.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = Some(index);
            }
        }
        before = to;
    }
}

fn painted(row: &[Option<usize>], ink: Ink) -> String {
    let mut out = String::new();
    let mut current = None;
    for &cell in row {
        if ink == Ink::Ansi && cell != current {
            match cell {
                None => out += "\x1b[0m",
                Some(index) => {
                    out += &format!("\x1b[0;38;5;{}m", cube(series_shade(index).rgb()));
                }
            }
            current = cell;
        }
        out.push(cell.map_or(' ', |index| MARKS[index % MARKS.len()]));
    }
    if current.is_some() {
        out += "\x1b[0m";
    }
    out
}

/// The horizontal axis: ticks and labels below them, its name at the end.
pub(crate) fn ruler_lines(x: &Ruler, name: &str, indent: usize, columns: usize) -> [String; 2] {
    let mut ruler = vec!['─'; columns];
    let mut labels = String::new();
    for tick in x.ticks(columns / 12) {
        let Some(place) = x.place(tick) else { continue };
        let column = (place * (columns - 1) as f64).round() as usize;
        if column >= columns {
            continue;
        }
        ruler[column] = '┬';
        let label = number_label(tick);
        let from = column.min(columns.saturating_sub(label.len()));
        if labels.is_empty() || labels.len() < from {
            labels += &format!("{:1$}{label}", "", from - labels.len());
        }
    }
    let name = clean(name);
    let used = labels.chars().count() + name.chars().count() + 2;
    if used <= columns {
        labels += &format!("  {name}");
    }
    let indent = format!("{:indent$}", "");
    [format!("{indent}└{}", ruler.into_iter().collect::<String>()), format!("{indent} {labels}")]
}

#[cfg(test)]
mod tests {
    use super::super::Series;
    use super::*;
    use crate::ruler::Axis;
    use expect_test::expect;

    fn falling(ink: Ink) -> String {
        let line = |name: &str, power: i32| {
            let point = |it: i32| (f64::from(it), (1.0 - 0.05 * f64::from(it)).powi(power));
            Series::line(name, (0..=20).map(point).collect())
        };
        let curves = Curves {
            title: "two".to_owned(),
            subtitle: "20 steps".to_owned(),
            x: Axis::linear("step"),
            y: Axis::from_zero("rate"),
            series: vec![line("straight", 1), line("bent", 2)],
        };
        curves_text(&curves, &TextStyle { width: 40, lines: 8, ink })
    }

    #[test]
    fn curves_cross_the_plot_under_their_letters() {
        expect![[r#"
            two  20 steps
            1 ┤**
              │ o*****
              │    ooo******
              │       oooo  *****
              │           oooo   ******
              │              oooooo   ******
              │                    ooooooo  *****
            0 ┤                           ooooooo***
              └┬─────────────────┬─────────────────┬
               0                 10               20
              * straight
              o bent
        "#]]
        .assert_eq(&falling(Ink::Plain));
    }

    #[test]
    fn colors_change_nothing_but_colors() {
        let mut text = falling(Ink::Ansi);
        assert!(text.contains("\x1b[0;38;5;"), "{text}");
        while let Some(begin) = text.find('\x1b') {
            let end = begin + text[begin..].find('m').expect("every sequence ends");
            text.replace_range(begin..=end, "");
        }
        assert_eq!(text, falling(Ink::Plain));
    }
}
