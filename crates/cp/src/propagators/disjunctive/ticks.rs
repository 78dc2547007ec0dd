//! Times of one machine, in as few bits as its horizon needs.
//!
//! The loops of a small machine are written once and run on 16 bits where all times and the sum of
//! all durations allow it, else on 32, else on 64.
//!
//! **Source:** -

use super::row::Row;
use crate::atom::Value;
use std::fmt::Debug;
use std::ops::{Add, Neg, Sub};

/// A time as the loops of a small machine compute with it.
pub(super) trait Ticks:
    Copy + Debug + Default + Ord + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self>
{
    /// Sixteen of them.
    type Row: Row<Self>;

    /// Earlier than everything, by so much that adding all durations keeps it so.
    const NEVER: Self;

    /// Times and sums of durations are below this.
    const LIMIT: Value;

    /// Reads a value that is known to fit.
    fn read(value: Value) -> Self;

    /// The same as a value.
    fn value(self) -> Value;
}

macro_rules! ticks {
    ($ticks:ty, $row:ty) => {
        impl Ticks for $ticks {
            type Row = $row;
            const NEVER: $ticks = <$ticks>::MIN / 2;
            const LIMIT: Value = <$ticks>::MAX as Value / 4;

            #[inline]
            fn read(value: Value) -> $ticks {
                value as $ticks
            }

            #[inline]
            fn value(self) -> Value {
                Value::from(self)
            }
        }
    };
}

ticks!(i16, wide::i16x16);
ticks!(i32, [wide::i32x8; 2]);
ticks!(i64, [i64; 16]);
