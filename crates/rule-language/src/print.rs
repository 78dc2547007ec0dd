//! Tree to text, with no parenthesis that is not needed; reading it gives the same tree. O(nodes).
//!
//! **Source:** -

use crate::{Binary, Comparison, Tree, Unary};
use std::fmt::{Display, Formatter, Result};

/// How tightly a text holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Choice,
    Sum,
    Product,
    Factor,
}

impl Display for Tree {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write_tree(self, Strength::Choice, formatter)
    }
}

fn strength(tree: &Tree) -> Strength {
    match tree {
        Tree::Choice(..) => Strength::Choice,
        Tree::Binary(Binary::Add | Binary::Subtract, ..) => Strength::Sum,
        Tree::Binary(Binary::Multiply | Binary::Divide, ..) => Strength::Product,
        _ => Strength::Factor,
    }
}

fn write_tree(tree: &Tree, least: Strength, formatter: &mut Formatter<'_>) -> Result {
    if strength(tree) < least {
        formatter.write_str("(")?;
        write_open(tree, formatter)?;
        return formatter.write_str(")");
    }
    write_open(tree, formatter)
}

fn write_open(tree: &Tree, formatter: &mut Formatter<'_>) -> Result {
    match tree {
        Tree::Constant(value) => write!(formatter, "{}", number(*value)),
        Tree::Field(field) => formatter.write_str(field.name()),
        Tree::Rule(name) => formatter.write_str(name),
        Tree::Unary(Unary::Negate, operand) if !matches!(**operand, Tree::Constant(_)) => {
            formatter.write_str("-")?;
            write_tree(operand, Strength::Factor, formatter)
        }
        Tree::Unary(operator, operand) => {
            write!(formatter, "{}({operand})", Unary::ALL[*operator as usize].1)
        }
        Tree::Binary(operator @ (Binary::Minimum | Binary::Maximum), first, second) => {
            write!(formatter, "{}({first}, {second})", Binary::ALL[*operator as usize].1)
        }
        Tree::Binary(operator, first, second) => {
            let own = strength(tree);
            // Equal strength binds to the left.
            let right = if own == Strength::Sum { Strength::Product } else { Strength::Factor };
            write_tree(first, own, formatter)?;
            write!(formatter, " {} ", Binary::ALL[*operator as usize].1)?;
            write_tree(second, right, formatter)
        }
        Tree::Choice(comparison, parts) => {
            let [left, right, then, other] = &**parts;
            let sign = match comparison {
                Comparison::Less => "<",
                Comparison::AtMost => "<=",
            };
            write_tree(then, Strength::Sum, formatter)?;
            formatter.write_str(" if ")?;
            write_tree(left, Strength::Sum, formatter)?;
            write!(formatter, " {sign} ")?;
            write_tree(right, Strength::Sum, formatter)?;
            formatter.write_str(" else ")?;
            write_tree(other, Strength::Choice, formatter)
        }
    }
}

/// The shortest text that is read back as the same number.
pub(crate) fn number(value: f64) -> String {
    let plain = format!("{value}");
    let short = format!("{value:e}");
    if plain.len() > 12 && short.len() < plain.len() { short } else { plain }
}
