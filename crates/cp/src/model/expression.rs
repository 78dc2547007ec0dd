//! Linear expressions and relations between them, as one writes them on paper.
//!
//! `2 * x + y - 3` is an [`Expression`]; views, atoms (which count 1 while they hold) and numbers
//! mix. Two expressions make a [`Relation`]: `x.no_more_than(y)`, or `relation!(2 * x <= y + 1)`.
//!
//! **Source:** -

use crate::atom::{Atom, Value, View};
use std::ops::{Add, Mul, Neg, Sub};

/// What a coefficient multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The value of a view.
    View(View),
    /// 1 while the atom holds, else 0.
    Atom(Atom),
}

/// `Σ coefficient · term + constant`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// Coefficients and what they multiply; a term may stand more than once.
    pub terms: Vec<(Value, Term)>,
    /// What is added.
    pub constant: Value,
}

/// How an expression stands to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is at most zero.
    AtMostZero(Expression),
    /// It is zero.
    Zero(Expression),
    /// It is not zero.
    NotZero(Expression),
    /// An atom holds.
    Holds(Atom),
}

/// Relations of anything that is an expression.
pub trait Relate: Into<Expression> {
    /// `self ≤ other`.
    fn no_more_than(self, other: impl Into<Expression>) -> Relation {
        Relation::AtMostZero(self.into() - other.into())
    }

    /// `self ≥ other`.
    fn no_less_than(self, other: impl Into<Expression>) -> Relation {
        Relation::AtMostZero(other.into() - self.into())
    }

    /// `self < other`.
    fn less_than(self, other: impl Into<Expression>) -> Relation {
        Relation::AtMostZero(self.into() - other.into() + 1)
    }

    /// `self > other`.
    fn more_than(self, other: impl Into<Expression>) -> Relation {
        Relation::AtMostZero(other.into() - self.into() + 1)
    }

    /// `self = other`.
    fn equals(self, other: impl Into<Expression>) -> Relation {
        Relation::Zero(self.into() - other.into())
    }

    /// `self ≠ other`.
    fn differs_from(self, other: impl Into<Expression>) -> Relation {
        Relation::NotZero(self.into() - other.into())
    }
}

impl<T: Into<Expression>> Relate for T {}

/// A [`Relation`](crate::model::Relation) as one writes it: `relation!(2 * x + y <= 7)`, with `<=`,
/// `>=`, `<`, `>`, `==` or `!=`.
#[macro_export]
macro_rules! relation {
    (@split [$($left:tt)+] <= $($right:tt)+) => {
        $crate::model::Relate::no_more_than($($left)+, $($right)+)
    };
    (@split [$($left:tt)+] >= $($right:tt)+) => {
        $crate::model::Relate::no_less_than($($left)+, $($right)+)
    };
    (@split [$($left:tt)+] == $($right:tt)+) => {
        $crate::model::Relate::equals($($left)+, $($right)+)
    };
    (@split [$($left:tt)+] != $($right:tt)+) => {
        $crate::model::Relate::differs_from($($left)+, $($right)+)
    };
    (@split [$($left:tt)+] < $($right:tt)+) => {
        $crate::model::Relate::less_than($($left)+, $($right)+)
    };
    (@split [$($left:tt)+] > $($right:tt)+) => {
        $crate::model::Relate::more_than($($left)+, $($right)+)
    };
    (@split [$($left:tt)*] $next:tt $($rest:tt)+) => {
        $crate::relation!(@split [$($left)* $next] $($rest)+)
    };
    ($($all:tt)+) => { $crate::relation!(@split [] $($all)+) };
}

/// The sum of things that are expressions.
pub fn sum<T: Into<Expression>>(items: impl IntoIterator<Item = T>) -> Expression {
    items.into_iter().sum()
}

impl From<View> for Expression {
    fn from(view: View) -> Self {
        Expression { terms: vec![(1, Term::View(view))], constant: 0 }
    }
}

impl From<Atom> for Expression {
    fn from(atom: Atom) -> Self {
        Expression { terms: vec![(1, Term::Atom(atom))], constant: 0 }
    }
}

impl From<Value> for Expression {
    fn from(constant: Value) -> Self {
        Expression { terms: Vec::new(), constant }
    }
}

impl From<Value> for View {
    fn from(constant: Value) -> Self {
        View::constant(constant)
    }
}

impl From<Atom> for Relation {
    fn from(atom: Atom) -> Self {
        Relation::Holds(atom)
    }
}

impl Neg for Expression {
    type Output = Expression;

    fn neg(self) -> Expression {
        self * -1
    }
}

impl Neg for Atom {
    type Output = Expression;

    fn neg(self) -> Expression {
        -Expression::from(self)
    }
}

impl Mul<Value> for Expression {
    type Output = Expression;

    fn mul(mut self, factor: Value) -> Expression {
        self.terms.iter_mut().for_each(|term| term.0 *= factor);
        self.constant *= factor;
        self
    }
}

impl<T: Into<Expression>> Add<T> for Expression {
    type Output = Expression;

    fn add(mut self, other: T) -> Expression {
        let other = other.into();
        self.terms.extend(other.terms);
        self.constant += other.constant;
        self
    }
}

impl<T: Into<Expression>> Sub<T> for Expression {
    type Output = Expression;

    fn sub(self, other: T) -> Expression {
        self + -other.into()
    }
}

impl<T: Into<Expression>> std::iter::Sum<T> for Expression {
    fn sum<I: Iterator<Item = T>>(items: I) -> Expression {
        items.fold(Expression::default(), |total, item| total + item)
    }
}

/// Sums and differences of a type with other types that are no expressions yet.
macro_rules! adds {
    ($($left:ty: $($right:ty),+;)+) => { $($(
        impl Add<$right> for $left {
            type Output = Expression;

            fn add(self, other: $right) -> Expression {
                Expression::from(self) + other
            }
        }

        impl Sub<$right> for $left {
            type Output = Expression;

            fn sub(self, other: $right) -> Expression {
                Expression::from(self) - other
            }
        }
    )+)+ };
}

adds! {
    View: View, Atom, Expression;
    Atom: Atom, View, Expression, Value;
    Value: Atom, Expression;
}

/// A number plus or minus a view is a view.
impl Add<View> for Value {
    type Output = View;

    fn add(self, view: View) -> View {
        view + self
    }
}

impl Sub<View> for Value {
    type Output = View;

    fn sub(self, view: View) -> View {
        -view + self
    }
}

/// Products with numbers, from both sides.
macro_rules! scales {
    ($($type:ty),+) => { $(
        impl Mul<Value> for $type {
            type Output = Expression;

            fn mul(self, factor: Value) -> Expression {
                Expression::from(self) * factor
            }
        }

        impl Mul<$type> for Value {
            type Output = Expression;

            fn mul(self, factor: $type) -> Expression {
                Expression::from(factor) * self
            }
        }
    )+ };
}

scales! { View, Atom }

impl Mul<Expression> for Value {
    type Output = Expression;

    fn mul(self, expression: Expression) -> Expression {
        expression * self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn expressions_read_as_on_paper() {
        let mut engine = Engine::default();
        let (x, y) = (engine.variable(0, 9), engine.variable(0, 9));
        let there = engine.boolean();
        let left = 2 * x + 3 * there - y + 4;
        assert_eq!(left.constant, 4);
        let terms = [(2, Term::View(x)), (3, Term::Atom(there)), (-1, Term::View(y))];
        assert_eq!(left.terms, terms);
        assert_eq!(sum([x, y]), x + y);
        assert_eq!(10 - x, -x + 10);
        let relation = relation!(2 * x + y < 7 - there);
        let expected = 2 * x + y - (7 - there) + 1;
        assert_eq!(relation, Relation::AtMostZero(expected));
        assert_eq!(relation!(x != y), x.differs_from(y));
    }
}
