//! The time axis: a linear map from time to positions, and round ticks.
//!
//! Tick distances are 1, 2 or 5 times a power of ten. All arithmetic is integer, wide enough for
//! any time a problem may speak of.
//!
//! **Source:** Heckbert 1990, *Nice numbers for graph labels*.

use ordine_base::{Interval, Time};

/// Maps `span` linearly onto `[from, from + length]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) span: Interval,
    pub(crate) from: i64,
    pub(crate) length: i64,
}

impl Scale {
    /// Position of `time`, rounded down; times outside are moved to the nearest end.
    pub(crate) fn position(&self, time: Time) -> i64 {
        let time = time.max(self.span.start).min(self.span.end);
        let passed = i128::from((time - self.span.start).get());
        let all = i128::from(self.span.elapsed().get().max(1));
        self.from + (passed * i128::from(self.length) / all) as i64
    }

    /// Whether `time` lies on the axis, both ends included.
    pub(crate) fn shows(&self, time: Time) -> bool {
        self.span.start <= time && time <= self.span.end
    }

    /// The time at `position`, rounded down.
    pub(crate) fn time(&self, position: i64) -> Time {
        let all = i128::from(self.span.elapsed().get());
        let passed = i128::from(position - self.from) * all / i128::from(self.length.max(1));
        Time::new(self.span.start.get() + passed as i64)
    }
}

/// The smallest distance 1, 2 or 5 × 10^k that is at least `least`.
pub(crate) fn nice_distance(least: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// Round times within `span`, about `most` of them.
pub(crate) fn ticks(span: Interval, most: i64) -> impl Iterator<Item = Time> {
    let most = most.max(1);
    let distance = nice_distance((span.elapsed().get() + most - 1) / most);
    let first = span.start.get().div_euclid(distance) * distance;
    (0..)
        .map(move |index| Time::new(first + index * distance))
        .skip_while(move |&time| time < span.start)
        .take_while(move |&time| time <= span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(Time::new(start), Time::new(end))
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let found: Vec<i64> = ticks(span(3, 47), 5).map(Time::get).collect();
        assert_eq!(found, [10, 20, 30, 40]);
        assert_eq!(ticks(span(0, 1), 10).count(), 2);
        assert_eq!(ticks(span(0, 1 << 41), 8).next(), Some(Time::ORIGIN));
    }

    #[test]
    fn positions_invert_up_to_rounding() {
        let scale = Scale { span: span(10, 30), from: 100, length: 40 };
        assert_eq!(scale.position(Time::new(20)), 120);
        assert_eq!(scale.position(Time::new(99)), 140);
        assert_eq!(scale.time(121), Time::new(20));
        let huge = Scale { span: span(0, 1 << 41), from: 0, length: 1 << 20 };
        assert_eq!(huge.position(Time::new(1 << 40)), 1 << 19);
    }
}
