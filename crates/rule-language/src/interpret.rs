//! The meaning of an expression, candidate by candidate: what a program must equal bit for bit.
//!
//! **Source:** -

use crate::tree::counted;
use crate::{Table, Tree};

/// Score of the candidate at `position`; `rules` are the names behind the table's scores of other
/// rules. A rule that is not among them makes the score the worst.
pub fn interpret(tree: &Tree, table: &Table, rules: &[Box<str>], position: usize) -> f64 {
    counted(value(tree, table, rules, position))
}

fn value(tree: &Tree, table: &Table, rules: &[Box<str>], position: usize) -> f64 {
    let of = |tree: &Tree| value(tree, table, rules, position);
    match tree {
        Tree::Constant(number) => *number,
        Tree::Field(field) => table.value(*field, position),
        Tree::Rule(name) => match rules.iter().position(|it| it == name) {
            Some(place) => table.rule(place)[position],
            None => f64::NAN,
        },
        Tree::Unary(operator, operand) => operator.apply(of(operand)),
        Tree::Binary(operator, first, second) => operator.apply(of(first), of(second)),
        Tree::Choice(comparison, parts) => {
            let [left, right, then, other] = &**parts;
            if comparison.holds(of(left), of(right)) { of(then) } else { of(other) }
        }
    }
}
