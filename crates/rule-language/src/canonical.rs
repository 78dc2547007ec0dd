//! One form for expressions that are equal by sight: constants folded, operands in one order,
//! neutral parts left out. Scores stay the same. O(nodes²) at worst.
//!
//! **Source:** -

use crate::{Binary, Tree, Unary};
use std::cmp::Ordering;

/// The canonical form.
pub fn canonical(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    for part in tree.parts_mut() {
        *part = canonical(part);
    }
    if let Some(folded) = folded(&tree) {
        return folded;
    }
    match tree {
        Tree::Unary(operator, operand) => unary(operator, *operand),
        Tree::Binary(operator, first, second) => binary(operator, *first, *second),
        Tree::Choice(_, ref parts) if parts[2] == parts[3] => parts[2].clone(),
        other => other,
    }
}

/// The constant that a node of constants is, if that is finite.
fn folded(tree: &Tree) -> Option<Tree> {
    let value = match tree {
        Tree::Unary(operator, operand) => match **operand {
            Tree::Constant(value) => operator.apply(value),
            _ => return None,
        },
        Tree::Binary(operator, first, second) => match (&**first, &**second) {
            (Tree::Constant(first), Tree::Constant(second)) => operator.apply(*first, *second),
            _ => return None,
        },
        Tree::Choice(comparison, parts) => match (&parts[0], &parts[1]) {
            (Tree::Constant(left), Tree::Constant(right)) => {
                let chosen = if comparison.holds(*left, *right) { 2 } else { 3 };
                return Some(parts[chosen].clone());
            }
            _ => return None,
        },
        _ => return None,
    };
    value.is_finite().then_some(Tree::Constant(value))
}

fn unary(operator: Unary, operand: Tree) -> Tree {
    match (operator, operand) {
        (Unary::Negate, Tree::Unary(Unary::Negate, inner)) => *inner,
        (Unary::Absolute | Unary::Square, Tree::Unary(Unary::Negate, inner)) => {
            Tree::Unary(operator, inner)
        }
        (Unary::Absolute, inner @ Tree::Unary(Unary::Absolute | Unary::Square, _)) => inner,
        (operator, operand) => Tree::Unary(operator, Box::new(operand)),
    }
}

fn binary(operator: Binary, first: Tree, second: Tree) -> Tree {
    let is = |tree: &Tree, wanted: f64| matches!(tree, Tree::Constant(it) if *it == wanted);
    match operator {
        Binary::Add if is(&first, 0.0) => return second,
        Binary::Add | Binary::Subtract if is(&second, 0.0) => return first,
        Binary::Multiply if is(&first, 1.0) => return second,
        Binary::Multiply | Binary::Divide if is(&second, 1.0) => return first,
        Binary::Minimum | Binary::Maximum if first == second => return first,
        _ => {}
    }
    let swapped = operator.commutes() && order(&second, &first).is_lt();
    let (first, second) = if swapped { (second, first) } else { (first, second) };
    Tree::Binary(operator, Box::new(first), Box::new(second))
}

/// Constants, fields, rules, then by operator and parts.
fn order(first: &Tree, second: &Tree) -> Ordering {
    let kind = |tree: &Tree| match tree {
        Tree::Constant(_) => (0, 0),
        Tree::Field(field) => (1, *field as u8),
        Tree::Rule(_) => (2, 0),
        Tree::Unary(operator, _) => (3, *operator as u8),
        Tree::Binary(operator, ..) => (4, *operator as u8),
        Tree::Choice(comparison, _) => (5, *comparison as u8),
    };
    kind(first).cmp(&kind(second)).then_with(|| match (first, second) {
        (Tree::Constant(first), Tree::Constant(second)) => first.total_cmp(second),
        (Tree::Rule(first), Tree::Rule(second)) => first.cmp(second),
        _ => {
            let parts = first.parts().into_iter().zip(second.parts());
            parts.map(|(a, b)| order(a, b)).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
        }
    })
}
