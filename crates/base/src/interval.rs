//! Half-open intervals of time, `[start, end)`.
//!
//! An empty interval (`start == end`) overlaps nothing.
//!
//! **Source:** convention of the field; semantics of zero-length intervals as in CP Optimizer.

use crate::{Ticks, Time};

/// The half-open interval `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// First instant inside.
    pub start: Time,
    /// First instant after.
    pub end: Time,
}

impl Interval {
    /// The interval `[start, end)`.
    ///
    /// # Panics
    /// When `end` lies before `start`.
    pub fn new(start: Time, end: Time) -> Self {
        assert!(start <= end, "an interval ends at {end}, before its start {start}");
        Interval { start, end }
    }

    /// Ticks between start and end.
    pub fn elapsed(self) -> Ticks {
        self.end - self.start
    }

    /// Whether no instant lies inside.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether some instant lies in both; never true for an empty interval.
    pub fn overlaps(self, other: Interval) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether `time` lies inside.
    pub fn contains(self, time: Time) -> bool {
        self.start <= time && time < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(start: i64, end: i64) -> Interval {
        Interval::new(Time::new(start), Time::new(end))
    }

    #[test]
    fn touching_and_empty_intervals_do_not_overlap() {
        assert!(interval(0, 3).overlaps(interval(2, 4)));
        assert!(!interval(0, 3).overlaps(interval(3, 4)));
        assert!(!interval(1, 1).overlaps(interval(0, 3)));
    }
}
