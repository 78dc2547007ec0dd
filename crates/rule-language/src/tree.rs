//! Expressions as trees: constants, fields, scores of other rules, operators, choices.
//!
//! A divisor of less than 1e-6 in size counts as 1e-6. Minimum and maximum of a number and *not a
//! number* are not a number. A comparison with it does not hold. A score that is not finite is the
//! worst there is.
//!
//! **Source:** Koza 1992 (guarded operators of genetic programming).

use crate::Field;

/// A divisor is at least so large.
pub(crate) const DIVISOR_MIN: f64 = 1e-6;

/// An operator of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unary {
    /// `-x`.
    Negate,
    /// `abs(x)`.
    Absolute,
    /// `sqr(x)`: x times x.
    Square,
    /// `exp(x)`.
    Exponential,
    /// `log(x)`: natural.
    Logarithm,
}

/// An operator of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binary {
    /// `a + b`.
    Add,
    /// `a - b`.
    Subtract,
    /// `a * b`.
    Multiply,
    /// `a / b`, guarded.
    Divide,
    /// `min(a, b)`.
    Minimum,
    /// `max(a, b)`.
    Maximum,
}

/// How two numbers are compared in a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// `a < b`.
    Less,
    /// `a <= b`.
    AtMost,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A finite number.
    Constant(f64),
    /// A field.
    Field(Field),
    /// The score that another rule gives.
    Rule(Box<str>),
    /// An operator of one operand.
    Unary(Unary, Box<Tree>),
    /// An operator of two operands.
    Binary(Binary, Box<Tree>, Box<Tree>),
    /// `[2] if [0] < [1] else [3]`.
    Choice(Comparison, Box<[Tree; 4]>),
}

/// How large an expression may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most nodes.
    pub nodes: usize,
    /// Greatest depth.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { nodes: 256, depth: 48 }
    }
}

impl Unary {
    /// Every operator with the name of its function.
    pub const ALL: [(Unary, &'static str); 5] = [
        (Unary::Negate, "neg"),
        (Unary::Absolute, "abs"),
        (Unary::Square, "sqr"),
        (Unary::Exponential, "exp"),
        (Unary::Logarithm, "log"),
    ];

    /// Applies it.
    pub fn apply(self, operand: f64) -> f64 {
        match self {
            Unary::Negate => -operand,
            Unary::Absolute => operand.abs(),
            Unary::Square => operand * operand,
            Unary::Exponential => operand.exp(),
            Unary::Logarithm => operand.ln(),
        }
    }
}

impl Binary {
    /// Every operator with its sign or the name of its function.
    pub const ALL: [(Binary, &'static str); 6] = [
        (Binary::Add, "+"),
        (Binary::Subtract, "-"),
        (Binary::Multiply, "*"),
        (Binary::Divide, "/"),
        (Binary::Minimum, "min"),
        (Binary::Maximum, "max"),
    ];

    /// Applies it.
    #[inline]
    pub fn apply(self, first: f64, second: f64) -> f64 {
        match self {
            Binary::Add => first + second,
            Binary::Subtract => first - second,
            Binary::Multiply => first * second,
            Binary::Divide => divide(first, second),
            Binary::Minimum => minimum(first, second),
            Binary::Maximum => maximum(first, second),
        }
    }

    /// Whether the order of operands is of no importance.
    pub fn commutes(self) -> bool {
        !matches!(self, Binary::Subtract | Binary::Divide)
    }
}

impl Comparison {
    /// Whether it holds.
    #[inline]
    pub fn holds(self, first: f64, second: f64) -> bool {
        match self {
            Comparison::Less => first < second,
            Comparison::AtMost => first <= second,
        }
    }
}

#[inline]
pub(crate) fn divide(first: f64, second: f64) -> f64 {
    let divisor = if second.abs() < DIVISOR_MIN { DIVISOR_MIN } else { second };
    first / divisor
}

#[inline]
pub(crate) fn minimum(first: f64, second: f64) -> f64 {
    let least = if second < first { second } else { first };
    if second.is_nan() { second } else { least }
}

#[inline]
pub(crate) fn maximum(first: f64, second: f64) -> f64 {
    let greatest = if second > first { second } else { first };
    if second.is_nan() { second } else { greatest }
}

/// The score that counts: what is not finite is worst, and there is one zero only.
#[inline]
pub(crate) fn counted(score: f64) -> f64 {
    if score.is_finite() { score + 0.0 } else { f64::INFINITY }
}

impl Tree {
    /// Its direct parts.
    pub fn parts(&self) -> Vec<&Tree> {
        match self {
            Tree::Constant(_) | Tree::Field(_) | Tree::Rule(_) => Vec::new(),
            Tree::Unary(_, operand) => vec![operand],
            Tree::Binary(_, first, second) => vec![first, second],
            Tree::Choice(_, parts) => parts.iter().collect(),
        }
    }

    /// Its direct parts, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Tree> {
        match self {
            Tree::Constant(_) | Tree::Field(_) | Tree::Rule(_) => Vec::new(),
            Tree::Unary(_, operand) => vec![operand],
            Tree::Binary(_, first, second) => vec![first, second],
            Tree::Choice(_, parts) => parts.iter_mut().collect(),
        }
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        1 + self.parts().into_iter().map(Tree::nodes).sum::<usize>()
    }

    /// Nodes on the longest way to a leaf.
    pub fn depth(&self) -> usize {
        1 + self.parts().into_iter().map(Tree::depth).max().unwrap_or(0)
    }

    /// The node of this number, counted from the root, parts in order.
    pub fn node(&self, number: usize) -> Option<&Tree> {
        if number == 0 {
            return Some(self);
        }
        let mut left = number - 1;
        for part in self.parts() {
            let nodes = part.nodes();
            if left < nodes {
                return part.node(left);
            }
            left -= nodes;
        }
        None
    }

    /// The node of this number, to be changed.
    pub fn node_mut(&mut self, number: usize) -> Option<&mut Tree> {
        if number == 0 {
            return Some(self);
        }
        let mut left = number - 1;
        for part in self.parts_mut() {
            let nodes = part.nodes();
            if left < nodes {
                return part.node_mut(left);
            }
            left -= nodes;
        }
        None
    }

    /// Calls `visit` with every node, the root first.
    pub fn walk(&self, visit: &mut dyn FnMut(&Tree)) {
        visit(self);
        self.parts().into_iter().for_each(|part| part.walk(visit));
    }

    /// Its constants, in the order of the nodes.
    pub fn constants(&self) -> Vec<f64> {
        let mut found = Vec::new();
        self.walk(&mut |node| {
            if let Tree::Constant(value) = node {
                found.push(*value);
            }
        });
        found
    }

    /// The same expression with other constants; those that are missing or not finite stay.
    pub fn with_constants(&self, values: &[f64]) -> Tree {
        let mut tree = self.clone();
        tree.replace_constants(&mut values.iter().copied());
        tree
    }

    fn replace_constants(&mut self, values: &mut dyn Iterator<Item = f64>) {
        if let Tree::Constant(value) = self {
            *value = values.next().filter(|it| it.is_finite()).unwrap_or(*value);
        }
        for part in self.parts_mut() {
            part.replace_constants(values);
        }
    }

    /// Whether it keeps the limits.
    pub fn is_within(&self, limits: Limits) -> bool {
        self.nodes() <= limits.nodes && self.depth() <= limits.depth
    }
}
