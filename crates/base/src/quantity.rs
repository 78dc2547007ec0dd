//! Quantities as types: points in time, amounts of time, demands.
//!
//! All three are integers. A point plus an amount is a point, a point minus a point is an amount;
//! nothing else mixes without an explicit conversion. The largest magnitude is [`Time::MAX`]
//! = 2^40 ticks, checked once when a problem is sealed, so that sums never overflow an `i64`.
//!
//! **Source:** quantities as types follow the habit of PyVRP (Wouda, Lan, Kool 2024).

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// A point in time, in ticks since the origin of the problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// An amount of time in ticks; negative amounts are allowed (negative lags, lateness).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(i64);

/// An amount of a resource: demand, capacity or usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Demand(i64);

impl Time {
    /// Start of the problem's time line.
    pub const ORIGIN: Time = Time(0);
    /// Largest point in time that a sealed problem may speak of: 2^40 ticks.
    pub const MAX: Time = Time(1 << 40);

    /// The point `ticks` after the origin.
    pub const fn new(ticks: i64) -> Self {
        Time(ticks)
    }

    /// Ticks since the origin.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Ticks {
    /// No time at all.
    pub const ZERO: Ticks = Ticks(0);
    /// Largest amount that a sealed problem may speak of: 2^40 ticks.
    pub const MAX: Ticks = Ticks(1 << 40);

    /// An amount of `ticks` ticks.
    pub const fn new(ticks: i64) -> Self {
        Ticks(ticks)
    }

    /// The plain number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// This amount, or zero when it is negative.
    pub fn positive_part(self) -> Self {
        Ticks(self.0.max(0))
    }
}

impl Demand {
    /// Nothing.
    pub const ZERO: Demand = Demand(0);
    /// One unit: the demand of every task on a machine.
    pub const ONE: Demand = Demand(1);
    /// Largest demand or capacity that a sealed problem may speak of: 2^40 units.
    pub const MAX: Demand = Demand(1 << 40);

    /// An amount of `units` units.
    pub const fn new(units: i64) -> Self {
        Demand(units)
    }

    /// The plain number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Add<Ticks> for Time {
    type Output = Time;
    fn add(self, amount: Ticks) -> Time {
        Time(self.0 + amount.0)
    }
}

impl Sub<Ticks> for Time {
    type Output = Time;
    fn sub(self, amount: Ticks) -> Time {
        Time(self.0 - amount.0)
    }
}

impl Sub for Time {
    type Output = Ticks;
    fn sub(self, other: Time) -> Ticks {
        Ticks(self.0 - other.0)
    }
}

impl AddAssign<Ticks> for Time {
    fn add_assign(&mut self, amount: Ticks) {
        self.0 += amount.0;
    }
}

impl Neg for Ticks {
    type Output = Ticks;
    fn neg(self) -> Ticks {
        Ticks(-self.0)
    }
}

macro_rules! amount_arithmetic {
    ($($amount:ident),*) => {$(
        impl Add for $amount {
            type Output = $amount;
            fn add(self, other: $amount) -> $amount { $amount(self.0 + other.0) }
        }
        impl Sub for $amount {
            type Output = $amount;
            fn sub(self, other: $amount) -> $amount { $amount(self.0 - other.0) }
        }
        impl AddAssign for $amount {
            fn add_assign(&mut self, other: $amount) { self.0 += other.0; }
        }
        impl SubAssign for $amount {
            fn sub_assign(&mut self, other: $amount) { self.0 -= other.0; }
        }
        impl std::iter::Sum for $amount {
            fn sum<I: Iterator<Item = $amount>>(amounts: I) -> $amount {
                amounts.fold($amount(0), Add::add)
            }
        }
    )*};
}
amount_arithmetic!(Ticks, Demand);

macro_rules! plain_display {
    ($($quantity:ident),*) => {$(
        impl fmt::Display for $quantity {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }
    )*};
}
plain_display!(Time, Ticks, Demand);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_amounts_combine_as_on_a_line() {
        let start = Time::new(3);
        let end = start + Ticks::new(4);
        assert_eq!(end - start, Ticks::new(4));
        assert_eq!(end - Ticks::new(4), start);
        assert_eq!((Time::ORIGIN - end).positive_part(), Ticks::ZERO);
    }
}
