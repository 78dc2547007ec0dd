//! Box plots: how values of several rules, recipes or settings compare.
//!
//! A box reaches from the first to the third quartile, with a line at the median; whiskers reach to
//! the last value within 1.5 times its length; what lies beyond is a dot. Quartiles interpolate
//! linearly between order statistics (type 7). O(n log n).
//!
//! **Source:** Tukey 1977, *Exploratory data analysis*; Hyndman, Fan 1996, *Sample quantiles in
//! statistical packages*.

use crate::drawing::{Drawing, Style};
use crate::plot::{self, Edge, Mark, Plot};
use crate::ruler::{Axis, Ruler, number_label};
use crate::text::{TextStyle, clean, shortened, width};

/// Several samples over one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxes {
    /// First line.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// What the values are.
    pub axis: Axis,
    /// The samples from top to bottom.
    pub samples: Vec<Sample>,
}

/// Values under one name; what is not finite is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Whose values.
    pub name: String,
    /// The values in any order.
    pub values: Vec<f64>,
}

/// Five numbers of a sample, and what lies beyond its whiskers.
#[derive(Clone, Debug, PartialEq)]
struct Summary {
    low: f64,
    quartiles: [f64; 3],
    high: f64,
    beyond: Vec<f64>,
    count: usize,
}

impl Summary {
    fn of(values: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|it| it.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let quartiles = [0.25, 0.5, 0.75].map(|share| {
            let place = share * last as f64;
            let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
            below + (above - below) * place.fract()
        });
        let reach = 1.5 * (quartiles[2] - quartiles[0]);
        let (least, most) = (quartiles[0] - reach, quartiles[2] + reach);
        let inside = |it: &&f64| (least..=most).contains(*it);
        let low = sorted.iter().find(inside).copied().unwrap_or(quartiles[0]);
        let high = sorted.iter().rev().find(inside).copied().unwrap_or(quartiles[2]);
        let beyond = sorted.iter().filter(|it| !inside(it)).copied().collect();
        let (low, high) = (low.min(quartiles[0]), high.max(quartiles[2]));
        Some(Summary { low, quartiles, high, beyond, count: sorted.len() })
    }

    fn words(&self, name: &str) -> String {
        let [first, median, third] = self.quartiles.map(number_label);
        format!("{name}: median {median}, quartiles {first} and {third}, {} values", self.count)
    }
}

fn ruler(boxes: &Boxes) -> Ruler {
    let values = boxes.samples.iter().flat_map(|sample| &sample.values).copied();
    Ruler::over(boxes.axis.scale, values, true)
}

/// The boxes as a drawing.
pub(crate) fn draw(boxes: &Boxes) -> Drawing {
    let ruler = ruler(boxes);
    let count = boxes.samples.len().max(1) as f64;
    let mut marks = Vec::new();
    let mut names = Vec::new();
    for (index, sample) in boxes.samples.iter().enumerate() {
        let middle = 1.0 - (index as f64 + 0.5) / count;
        names.push((middle, sample.name.clone()));
        if let Some(summary) = Summary::of(&sample.values) {
            box_marks(&ruler, &summary, &sample.name, (middle, 0.32 / count), &mut marks);
        }
    }
    plot::draw(&Plot {
        title: boxes.title.clone(),
        subtitle: boxes.subtitle.clone(),
        x: Edge::of(&ruler, &boxes.axis.name, 8),
        y: Edge { name: String::new(), ticks: names, has_grid: false },
        height: (260 * boxes.samples.len() as i64).clamp(520, 26_000),
        legend: Vec::new(),
        marks,
    })
}

fn box_marks(
    ruler: &Ruler,
    summary: &Summary,
    name: &str,
    (middle, half): (f64, f64),
    marks: &mut Vec<Mark>,
) {
    let shade = crate::curves::series_shade(0);
    let place = |value: f64| ruler.place(value).unwrap_or(0.0);
    let (low, high) = (place(summary.low), place(summary.high));
    let [first, median, third] = summary.quartiles.map(place);
    let line = |from: (f64, f64), to: (f64, f64)| Mark::path(Style::Curve(shade), vec![from, to]);
    marks.push(line((low, middle), (first, middle)));
    marks.push(line((third, middle), (high, middle)));
    for end in [low, high] {
        marks.push(line((end, middle - half / 2.0), (end, middle + half / 2.0)));
    }
    let body = Mark::rect(Style::Hold(shade), (first, middle - half), (third, middle + half));
    marks.push(body.saying(summary.words(name)));
    let ends = vec![(median, middle - half), (median, middle + half)];
    marks.push(Mark::path(Style::Median, ends));
    for &value in &summary.beyond {
        if let Some(place) = ruler.place(value) {
            let tip = format!("{name}: {}", number_label(value));
            marks.push(Mark::dot(Style::Dot(shade), (place, middle)).saying(tip));
        }
    }
}

/// The boxes as lines of text, each ended by a line feed.
pub fn boxes_text(boxes: &Boxes, style: &TextStyle) -> String {
    let ruler = ruler(boxes);
    let all = usize::from(style.width.max(30));
    let widest = boxes.samples.iter().map(|sample| width(&sample.name)).max().unwrap_or(0);
    let gutter = widest.clamp(1, all / 3);
    let columns = all - gutter - 12;
    let mut lines = vec![format!("{}  {}", clean(&boxes.title), clean(&boxes.subtitle))];
    for sample in &boxes.samples {
        let name = shortened(&sample.name, gutter);
        let pad = " ".repeat(gutter - width(&name));
        let summary = Summary::of(&sample.values);
        let plot = summary.as_ref().map(|it| row(it, &ruler, columns)).unwrap_or_default();
        let median = summary.map_or("none".to_owned(), |it| number_label(brief(it.quartiles[1])));
        lines.push(format!("{pad}{name} │{plot:columns$} {median}"));
    }
    lines.extend(crate::curves::ruler_lines(&ruler, &boxes.axis.name, gutter + 1, columns));
    lines.push("├─ whisker  ▒ half of the values  ┃ median  ∘ beyond".to_owned());
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The number with four digits at most after the leading one.
fn brief(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}

fn row(summary: &Summary, ruler: &Ruler, columns: usize) -> String {
    let mut cells = vec![' '; columns];
    let column = |value: f64| {
        let place = ruler.place(value).unwrap_or(0.0).clamp(0.0, 1.0);
        (place * (columns - 1) as f64).round() as usize
    };
    let (low, high) = (column(summary.low), column(summary.high));
    let [first, median, third] = summary.quartiles.map(column);
    cells[low..=high].fill('─');
    (cells[low], cells[high]) = ('├', '┤');
    cells[first..=third].fill('▒');
    for &value in &summary.beyond {
        cells[column(value)] = '∘';
    }
    cells[median] = '┃';
    cells.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn boxes() -> Boxes {
        let sample =
            |name: &str, values: &[f64]| Sample { name: name.to_owned(), values: values.to_vec() };
        Boxes {
            title: "rules".to_owned(),
            subtitle: "gap to best known".to_owned(),
            axis: Axis::from_zero("gap [%]"),
            samples: vec![
                sample("mwkr", &[2.0, 4.0, 5.0, 6.0, 8.0, 30.0]),
                sample("spt", &[10.0, 20.0, 30.0, f64::NAN]),
                sample("none", &[]),
            ],
        }
    }

    #[test]
    fn quartiles_whiskers_and_what_lies_beyond() {
        let summary = Summary::of(&[30.0, 2.0, 4.0, 5.0, 6.0, 8.0]).expect("there are values");
        assert_eq!(summary.quartiles, [4.25, 5.5, 7.5]);
        assert_eq!((summary.low, summary.high), (2.0, 8.0));
        assert_eq!(summary.beyond, [30.0]);
        assert_eq!(Summary::of(&[f64::NAN]), None);
    }

    #[test]
    fn boxes_stand_under_each_other() {
        expect![[r#"
            rules  gap to best known
            mwkr │   ├──▒▒┃▒▒┤                             ∘   5.5
             spt │              ├──────▒▒▒▒▒▒▒┃▒▒▒▒▒▒──────┤   20
            none │                                             none
                 └┬───────────────────────────┬───────────────
                  0                           20  gap [%]
            ├─ whisker  ▒ half of the values  ┃ median  ∘ beyond
        "#]]
        .assert_eq(&boxes_text(&boxes(), &TextStyle::plain(60)));
    }
}
