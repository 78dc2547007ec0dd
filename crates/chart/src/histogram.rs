//! Histograms: how many values lie where, for one or several samples side by side.
//!
//! Bins have a round width that gives about as many bins as the square root of the largest sample,
//! 5 to 25. O(n).
//!
//! **Source:** -

use crate::boxes::Sample;
use crate::curves::series_shade;
use crate::drawing::{Drawing, Style};
use crate::plot::{self, Edge, Mark, Plot};
use crate::ruler::{Axis, AxisScale, Ruler, even_distance, number_label};
use crate::text::{TextStyle, clean, shortened};

/// Values of samples, counted by bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// First line.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// What the values are.
    pub axis: Axis,
    /// The samples, in the order of the legend.
    pub samples: Vec<Sample>,
}

/// Counts by sample and bin; the bin of number i is `[first + i * width, first + (i + 1) * width)`.
struct Bins {
    first: f64,
    width: f64,
    counts: Vec<Vec<usize>>,
}

impl Bins {
    fn of(histogram: &Histogram) -> Self {
        let finite = |sample: &Sample| -> Vec<f64> {
            sample.values.iter().copied().filter(|it| it.is_finite()).collect()
        };
        let samples: Vec<Vec<f64>> = histogram.samples.iter().map(finite).collect();
        let all = || samples.iter().flatten().copied();
        let mut low = all().fold(f64::INFINITY, f64::min);
        let mut high = all().fold(f64::NEG_INFINITY, f64::max);
        if histogram.axis.scale == AxisScale::FromZero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let most = samples.iter().map(Vec::len).max().unwrap_or(0);
        let bins = ((most as f64).sqrt().ceil() as usize).clamp(5, 25);
        let room = if high > low { high - low } else { high.abs().max(1.0) };
        let width = even_distance(low, low + room, bins);
        let first = (low / width).floor() * width;
        let bin = |value: f64| (((value - first) / width).floor().max(0.0)) as usize;
        let count = bin(high) + 1;
        let counted = |values: &Vec<f64>| {
            let mut counts = vec![0; count];
            values.iter().for_each(|&value| counts[bin(value).min(count - 1)] += 1);
            counts
        };
        Bins { first, width, counts: samples.iter().map(counted).collect() }
    }

    fn count(&self) -> usize {
        self.counts.first().map_or(1, Vec::len)
    }

    fn from(&self, bin: usize) -> f64 {
        self.first + bin as f64 * self.width
    }

    fn most(&self) -> usize {
        self.counts.iter().flatten().copied().max().unwrap_or(0).max(1)
    }

    fn words(&self, bin: usize) -> String {
        format!("{} to {}", number_label(self.from(bin)), number_label(self.from(bin + 1)))
    }
}

/// The histogram as a drawing.
pub(crate) fn draw(histogram: &Histogram) -> Drawing {
    let bins = Bins::of(histogram);
    let ends = [bins.from(0), bins.from(bins.count())];
    let x = Ruler::over(AxisScale::Linear, ends.into_iter(), false);
    let y = Ruler::over(AxisScale::FromZero, [bins.most() as f64].into_iter(), true);
    let samples = histogram.samples.len().max(1) as f64;
    let mut marks = Vec::new();
    for (index, (sample, counts)) in histogram.samples.iter().zip(&bins.counts).enumerate() {
        for (bin, &count) in counts.iter().enumerate().filter(|it| *it.1 > 0) {
            let place = |share: f64| x.place(bins.from(bin) + share * bins.width).unwrap_or(0.0);
            let (left, right) = (0.04 + 0.92 * index as f64 / samples, 0.92 / samples);
            let top = y.place(count as f64).unwrap_or(0.0);
            let style = Style::Bar(series_shade(index));
            let mark = Mark::rect(style, (place(left), 0.0), (place(left + right), top));
            marks.push(mark.saying(format!("{}: {count} in {}", sample.name, bins.words(bin))));
        }
    }
    let entry =
        |(index, sample): (usize, &Sample)| (Style::Bar(series_shade(index)), sample.name.clone());
    let several = histogram.samples.len() > 1;
    let legend = histogram.samples.iter().enumerate().filter(|_| several).map(entry).collect();
    let whole = |tick: &(f64, String)| !tick.1.contains('.');
    let mut up = Edge::of(&y, "count", 5);
    up.ticks.retain(whole);
    plot::draw(&Plot {
        title: histogram.title.clone(),
        subtitle: histogram.subtitle.clone(),
        x: Edge { has_grid: false, ..Edge::of(&x, &histogram.axis.name, 10) },
        y: up,
        height: 3_000,
        legend,
        marks,
    })
}

/// The histogram as lines of text, each ended by a line feed.
pub fn histogram_text(histogram: &Histogram, style: &TextStyle) -> String {
    let bins = Bins::of(histogram);
    let labels: Vec<String> = (0..bins.count()).map(|bin| bins.words(bin)).collect();
    let gutter = labels.iter().map(String::len).max().unwrap_or(0);
    let all = usize::from(style.width.max(30));
    let room = all.saturating_sub(gutter + 8).max(5);
    let mut lines = vec![format!("{}  {}", clean(&histogram.title), clean(&histogram.subtitle))];
    for (sample, counts) in histogram.samples.iter().zip(&bins.counts) {
        if histogram.samples.len() > 1 {
            lines.push(shortened(&sample.name, all));
        }
        for (label, &count) in labels.iter().zip(counts) {
            let eighths = count * room * 8 / bins.most();
            let part = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
            let bar = "█".repeat(eighths / 8) + &part.to_string();
            lines.push(format!("{label:>gutter$} │{} {count}", bar.trim_end()));
        }
    }
    lines.push(format!("{:gutter$} {}", "", clean(&histogram.axis.name)));
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn gaps(values: &[f64]) -> Histogram {
        Histogram {
            title: "gaps".to_owned(),
            subtitle: format!("{} instances", values.len()),
            axis: Axis::from_zero("gap [%]"),
            samples: vec![Sample { name: "auto".to_owned(), values: values.to_vec() }],
        }
    }

    #[test]
    fn values_are_counted_by_round_bins() {
        let histogram = gaps(&[0.0, 0.0, 0.4, 1.9, 2.0, 5.5, f64::NAN]);
        expect![[r#"
            gaps  7 instances
            0 to 2 │██████████████████████████ 4
            2 to 4 │██████▌ 1
            4 to 6 │██████▌ 1
                   gap [%]
        "#]]
        .assert_eq(&histogram_text(&histogram, &TextStyle::plain(40)));
    }

    #[test]
    fn equal_values_and_none_have_bins_too() {
        for values in [&[][..], &[0.0], &[7.0, 7.0], &[-1e300, 1e300]] {
            let bins = Bins::of(&gaps(values));
            assert!(bins.width > 0.0 && bins.count() <= 27, "{values:?}: {}", bins.count());
        }
    }
}
