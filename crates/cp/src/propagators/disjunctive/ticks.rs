//! Times of one machine, in as few bits as its horizon needs.
//!
//! The loops of a small machine are written once and run on 32 bits where all times and the sum of
//! all durations stay below 2^29, else on 64.
//!
//! **Source:** -

use crate::atom::Value;
use std::fmt::Debug;
use std::ops::{Add, Neg, Sub};

/// A time as the loops of a small machine compute with it.
pub(super) trait Ticks:
    Copy + Debug + Default + Ord + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self>
{
    /// Earlier than everything, by so much that adding all durations keeps it so.
    const NEVER: Self;

    /// Reads a value that is known to fit.
    fn read(value: Value) -> Self;

    /// The same as a value.
    fn value(self) -> Value;
}

/// Times and sums of durations below this run on 32 bits.
pub(super) const SHORT_MAX: Value = 1 << 29;

impl Ticks for i32 {
    const NEVER: i32 = i32::MIN / 2;

    #[inline]
    fn read(value: Value) -> i32 {
        value as i32
    }

    #[inline]
    fn value(self) -> Value {
        Value::from(self)
    }
}

impl Ticks for i64 {
    const NEVER: i64 = i64::MIN / 4;

    #[inline]
    fn read(value: Value) -> i64 {
        value
    }

    #[inline]
    fn value(self) -> Value {
        self
    }
}
