//! Sixteen times side by side, in vector registers where the machine has them.
//!
//! A comparison gives a mask: all ones where it holds, else zero; what follows has no branches.
//!
//! **Source:** -

use super::ticks::Ticks;
use wide::{i16x16, i32x8};

/// Times in one row.
pub(super) const ROW: usize = 16;

/// Sixteen times.
pub(super) trait Row<T: Ticks>: Copy {
    /// The same time sixteen times.
    fn all(time: T) -> Self;

    /// Times of an array.
    fn load(times: &[T; ROW]) -> Self;

    /// Where the first is greater.
    fn is_above(self, other: Self) -> Self;

    /// Sums.
    fn plus(self, other: Self) -> Self;

    /// Differences.
    fn minus(self, other: Self) -> Self;

    /// The greater of both.
    fn or_above(self, other: Self) -> Self;

    /// The times where a mask holds, else zero.
    fn and(self, mask: Self) -> Self;

    /// The times where a mask does not hold, else zero.
    fn and_not(self, mask: Self) -> Self;

    /// The places at which a mask holds.
    fn places(self) -> u64;
}

impl Row<i16> for i16x16 {
    #[inline(always)]
    fn all(time: i16) -> Self {
        i16x16::splat(time)
    }

    #[inline(always)]
    fn load(times: &[i16; ROW]) -> Self {
        i16x16::new(*times)
    }

    #[inline(always)]
    fn is_above(self, other: Self) -> Self {
        self.simd_gt(other)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn or_above(self, other: Self) -> Self {
        self.max(other)
    }

    #[inline(always)]
    fn and(self, mask: Self) -> Self {
        self & mask
    }

    #[inline(always)]
    fn and_not(self, mask: Self) -> Self {
        self & !mask
    }

    #[inline(always)]
    fn places(self) -> u64 {
        u64::from(self.to_bitmask() as u16)
    }
}

impl Row<i32> for [i32x8; 2] {
    #[inline(always)]
    fn all(time: i32) -> Self {
        [i32x8::splat(time); 2]
    }

    #[inline(always)]
    fn load(times: &[i32; ROW]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *times;
        [i32x8::new([a, b, c, d, e, f, g, h]), i32x8::new([i, j, k, l, m, n, o, p])]
    }

    #[inline(always)]
    fn is_above(self, other: Self) -> Self {
        [self[0].simd_gt(other[0]), self[1].simd_gt(other[1])]
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        [self[0] + other[0], self[1] + other[1]]
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        [self[0] - other[0], self[1] - other[1]]
    }

    #[inline(always)]
    fn or_above(self, other: Self) -> Self {
        [self[0].max(other[0]), self[1].max(other[1])]
    }

    #[inline(always)]
    fn and(self, mask: Self) -> Self {
        [self[0] & mask[0], self[1] & mask[1]]
    }

    #[inline(always)]
    fn and_not(self, mask: Self) -> Self {
        [self[0] & !mask[0], self[1] & !mask[1]]
    }

    #[inline(always)]
    fn places(self) -> u64 {
        u64::from(self[0].to_bitmask() as u8) | u64::from(self[1].to_bitmask() as u8) << 8
    }
}

impl Row<i64> for [i64; ROW] {
    fn all(time: i64) -> Self {
        [time; ROW]
    }

    fn load(times: &[i64; ROW]) -> Self {
        *times
    }

    fn is_above(self, other: Self) -> Self {
        std::array::from_fn(|place| -i64::from(self[place] > other[place]))
    }

    fn plus(self, other: Self) -> Self {
        std::array::from_fn(|place| self[place] + other[place])
    }

    fn minus(self, other: Self) -> Self {
        std::array::from_fn(|place| self[place] - other[place])
    }

    fn or_above(self, other: Self) -> Self {
        std::array::from_fn(|place| self[place].max(other[place]))
    }

    fn and(self, mask: Self) -> Self {
        std::array::from_fn(|place| self[place] & mask[place])
    }

    fn and_not(self, mask: Self) -> Self {
        std::array::from_fn(|place| self[place] & !mask[place])
    }

    fn places(self) -> u64 {
        self.iter().rev().fold(0, |places, &mask| places << 1 | u64::from(mask != 0))
    }
}
