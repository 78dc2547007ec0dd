//! Pareto fronts: what no other point beats in both values, both minimized.
//!
//! A point is on the front when none has both values at most as large and one smaller.
//! O(n log n).
//!
//! **Source:** Kung, Luccio, Preparata 1975, *On finding the maxima of a set of vectors*.

use crate::curves::{Curves, Series};
use crate::ruler::Axis;

/// Points of two values, both to be small.
#[derive(Clone, Debug, PartialEq)]
pub struct Front {
    /// First line.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// The first value.
    pub x: Axis,
    /// The second value.
    pub y: Axis,
    /// Points by where they come from.
    pub sets: Vec<(String, Vec<(f64, f64)>)>,
}

impl Front {
    /// The front of each set as steps, and what lies behind the fronts as points.
    pub fn curves(&self) -> Curves {
        let mut series = Vec::new();
        let mut behind = Vec::new();
        for (name, points) in &self.sets {
            let front = front(points);
            let is_behind = |point: &&(f64, f64)| !front.contains(point);
            behind.extend(points.iter().filter(is_behind).copied());
            series.push(Series::steps(name.clone(), front));
        }
        if !behind.is_empty() {
            series.push(Series::points("dominated", behind));
        }
        Curves {
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            x: self.x.clone(),
            y: self.y.clone(),
            series,
        }
    }
}

/// The points that no other beats, by the first value; each once.
fn front(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f64, f64)> =
        points.iter().copied().filter(|it| it.0.is_finite() && it.1.is_finite()).collect();
    sorted.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.total_cmp(&two.1)));
    let mut front: Vec<(f64, f64)> = Vec::new();
    for point in sorted {
        if front.last().is_none_or(|last| point.1 < last.1) {
            front.push(point);
        }
    }
    front
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nothing_beats_is_on_the_front() {
        let points = [(3.0, 1.0), (1.0, 5.0), (2.0, 5.0), (2.0, 2.0), (2.0, 2.0), (4.0, 1.0)];
        assert_eq!(front(&points), [(1.0, 5.0), (2.0, 2.0), (3.0, 1.0)]);
    }
}
