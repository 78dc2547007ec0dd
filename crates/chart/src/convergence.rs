//! Convergence: how incumbent and bound of a run came together, over time or work.
//!
//! Time is drawn on a logarithmic axis when the run lasted much longer than it took to find the
//! first schedule: most happens early.
//!
//! **Source:** -

use crate::curves::{Curves, Series};
use crate::ruler::{Axis, number_label};

/// What a run told while it went on.
#[derive(Clone, Debug, PartialEq)]
pub struct Convergence {
    /// First line: name of the instance.
    pub title: String,
    /// What is minimized.
    pub measure: String,
    /// What passed.
    pub effort: Effort,
    /// Values of incumbents, each from the effort on at which it was found.
    pub incumbents: Vec<(f64, f64)>,
    /// Proved bounds, each from the effort on at which it was proved.
    pub bounds: Vec<(f64, f64)>,
    /// Effort at which the run ended.
    pub end: f64,
}

/// What a run spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Seconds.
    Time,
    /// Work units.
    Work,
}

/// Runs longer than this many times their first event are drawn on a logarithmic axis.
const LONG: f64 = 50.0;

impl Convergence {
    /// The run as curves.
    pub fn curves(&self) -> Curves {
        let first = self.incumbents.iter().chain(&self.bounds).map(|point| point.0);
        let first = first.filter(|effort| *effort > 0.0).fold(f64::INFINITY, f64::min);
        let is_long = first.is_finite() && self.end > LONG * first;
        // On a logarithmic axis what was known at the start is known from the first place on.
        let begin = if is_long { first } else { 0.0 };
        let lasting = |points: &[(f64, f64)]| {
            let mut points: Vec<(f64, f64)> =
                points.iter().map(|&(effort, value)| (effort.max(begin), value)).collect();
            // Of values at one place the last is what was known there.
            points.reverse();
            points.dedup_by_key(|point| point.0);
            points.reverse();
            points.extend(points.last().map(|last| (self.end.max(last.0), last.1)));
            points
        };
        let series = [("incumbent", &self.incumbents), ("bound", &self.bounds)];
        let series = series.into_iter().filter(|(_, points)| !points.is_empty());
        let axis = |name| if is_long { Axis::logarithmic(name) } else { Axis::from_zero(name) };
        Curves {
            title: self.title.clone(),
            subtitle: self.subtitle(),
            x: axis(match self.effort {
                Effort::Time => "time [s]",
                Effort::Work => "work",
            }),
            y: Axis::linear(&self.measure),
            series: series.map(|(name, points)| Series::steps(name, lasting(points))).collect(),
        }
    }

    fn subtitle(&self) -> String {
        let last = |points: &[(f64, f64)]| points.last().map(|point| point.1);
        let (incumbent, bound) = (last(&self.incumbents), last(&self.bounds));
        let mut parts = Vec::new();
        parts.extend(incumbent.map(|it| format!("incumbent {}", number_label(it))));
        parts.extend(bound.map(|it| format!("bound {}", number_label(it))));
        if let Some((incumbent, bound)) = incumbent.zip(bound).filter(|it| it.0 != 0.0) {
            let gap = 100.0 * (incumbent - bound) / incumbent.abs();
            parts.push(format!("gap {gap:.1} %"));
        }
        parts.push(match self.effort {
            Effort::Time => format!("after {:.3} s", self.end),
            Effort::Work => format!("after {:.0} units of work", self.end),
        });
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruler::AxisScale;

    fn run(end: f64) -> Curves {
        Convergence {
            title: "ft06".to_owned(),
            measure: "makespan".to_owned(),
            effort: Effort::Time,
            incumbents: vec![(0.1, 60.0), (0.5, 55.0)],
            bounds: vec![(0.0, 47.0)],
            end,
        }
        .curves()
    }

    #[test]
    fn values_last_until_the_end_of_the_run() {
        let curves = run(1.0);
        assert_eq!(curves.series[0].points, [(0.1, 60.0), (0.5, 55.0), (1.0, 55.0)]);
        assert_eq!(curves.series[1].points, [(0.0, 47.0), (1.0, 47.0)]);
        assert_eq!(curves.subtitle, "incumbent 55 · bound 47 · gap 14.5 % · after 1.000 s");
    }

    #[test]
    fn long_runs_are_drawn_by_the_logarithm_and_lose_nothing() {
        let curves = run(60.0);
        assert_eq!(curves.x.scale, AxisScale::Logarithmic);
        assert_eq!(curves.series[1].points, [(0.1, 47.0), (60.0, 47.0)]);
        assert_eq!(curves.series[0].points.len(), 3);
    }
}
