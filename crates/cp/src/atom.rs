//! The words of the engine: values, sides of a variable, atoms, views and intervals.
//!
//! A variable is known by its bounds only. Each has two *sides*, itself and its negation, and only
//! lower bounds are stored: the upper bound of `x` is `-lower(-x)`, so that every propagator is
//! written once and works in both directions of time. An atom `[s ≥ v]` speaks of one side; its
//! negation is `[-s ≥ 1 - v]`. A Boolean is a variable with domain {0, 1}.
//!
//! **Source:** Laurent Perron, Frédéric Didier, Steven Gay, *The CP-SAT-LP solver* (CP 2023), for
//! bounds by negation; Thibaut Feydy, Peter Stuckey, *Lazy clause generation reengineered* (CP
//! 2009), for atoms on bounds.

use std::fmt;
use std::ops::{Add, Neg, Not, Sub};

/// A value of a variable.
pub type Value = i64;

/// Largest magnitude of a bound: sums of a million of them still fit a [`Value`].
pub const VALUE_MAX: Value = 1 << 42;

/// One direction of a variable: the variable itself, or its negation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side(pub(crate) u32);

impl Side {
    /// Position in arrays by side.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Position of the variable in arrays by variable.
    #[inline]
    pub fn variable(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is the negation of its variable.
    #[inline]
    pub fn is_negation(self) -> bool {
        self.0 & 1 == 1
    }

    /// The atom `[self ≥ value]`.
    #[inline]
    pub fn at_least(self, value: Value) -> Atom {
        Atom { side: self, value }
    }
}

impl Neg for Side {
    type Output = Side;

    #[inline]
    fn neg(self) -> Side {
        Side(self.0 ^ 1)
    }
}

/// `x3`, `-x3`: as findings name it.
impl fmt::Debug for Side {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 & 1 == 0 { "" } else { "-" };
        write!(out, "{sign}x{}", self.variable())
    }
}

/// `[side ≥ value]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom {
    /// The side of a variable that it speaks of.
    pub side: Side,
    /// What the side is at least.
    pub value: Value,
}

impl Atom {
    /// An atom that always holds.
    pub const TRUE: Atom = Atom { side: Side(0), value: 0 };
    /// An atom that never holds.
    pub const FALSE: Atom = Atom { side: Side(0), value: 1 };

    /// 0 or 1: the Boolean that this atom is, as a view.
    ///
    /// Makes sense for the two atoms of a variable with domain {0, 1} and for the constants.
    pub fn as_view(self) -> View {
        if self == Atom::TRUE {
            View::constant(1)
        } else if self == Atom::FALSE {
            View::constant(0)
        } else {
            View { side: self.side, offset: 1 - self.value }
        }
    }
}

/// `[x3 ≥ 5]`, `[x3 ≤ 4]`.
impl fmt::Debug for Atom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.side.variable();
        match self.side.0 & 1 {
            _ if variable == 0 => write!(out, "{}", self.value <= 0),
            0 => write!(out, "[x{variable} ≥ {}]", self.value),
            _ => write!(out, "[x{variable} ≤ {}]", -self.value),
        }
    }
}

impl Not for Atom {
    type Output = Atom;

    #[inline]
    fn not(self) -> Atom {
        Atom { side: -self.side, value: 1 - self.value }
    }
}

/// `side + offset`: a variable, its negation, shifted; or a constant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct View {
    /// What varies.
    pub side: Side,
    /// What is added.
    pub offset: Value,
}

impl View {
    /// A view that is always `value`.
    pub const fn constant(value: Value) -> View {
        View { side: Side(0), offset: value }
    }

    /// Whether no variable is behind it.
    pub fn is_constant(self) -> bool {
        self.side.variable() == 0
    }

    /// `[self ≥ value]`.
    #[inline]
    pub fn at_least(self, value: Value) -> Atom {
        Atom { side: self.side, value: value - self.offset }
    }

    /// The variable behind the view and the value that it has when the view has `value`.
    pub fn variable_value(self, value: Value) -> (usize, Value) {
        let rest = value - self.offset;
        (self.side.variable(), if self.side.0 & 1 == 0 { rest } else { -rest })
    }

    /// The value of the view when the variable behind it has `value`.
    pub fn value_from(self, value: Value) -> Value {
        self.offset + if self.side.0 & 1 == 0 { value } else { -value }
    }

    /// `[self ≤ value]`.
    #[inline]
    pub fn at_most(self, value: Value) -> Atom {
        (-self).at_least(-value)
    }
}

/// `x3 + 2`, or a number.
impl fmt::Debug for View {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            offset if self.is_constant() => write!(out, "{offset}"),
            0 => write!(out, "{:?}", self.side),
            offset => write!(out, "{:?} {offset:+}", self.side),
        }
    }
}

impl Neg for View {
    type Output = View;

    #[inline]
    fn neg(self) -> View {
        View { side: -self.side, offset: -self.offset }
    }
}

impl Add<Value> for View {
    type Output = View;

    #[inline]
    fn add(self, amount: Value) -> View {
        View { side: self.side, offset: self.offset + amount }
    }
}

impl Sub<Value> for View {
    type Output = View;

    #[inline]
    fn sub(self, amount: Value) -> View {
        self + -amount
    }
}

/// A task as the engine sees it: `[start, end)`, there when `present` holds.
///
/// `end = start + duration` is kept by whoever made it: a view where the duration is fixed, two
/// arcs or a linear constraint where it varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// When it begins.
    pub start: View,
    /// How long it lasts.
    pub duration: View,
    /// When it is over.
    pub end: View,
    /// Whether it is there at all; [`Atom::TRUE`] if it must be.
    pub present: Atom,
}

impl Interval {
    /// The same interval seen from the end of time: `[-end, -start)`.
    pub fn mirrored(self) -> Interval {
        Interval { start: -self.end, end: -self.start, ..self }
    }
}
