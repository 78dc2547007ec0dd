//! Scripts in memory: names are places, so that two scripts that differ in names are equal.
//!
//! **Source:** -

use std::fmt::{Debug, Formatter};

/// A constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constant {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
}

/// An operator of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Equal,
    Differs,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

/// What is there without being defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Native {
    Absolute,
    All,
    Any,
    Argmin,
    Bool,
    Enumerate,
    Exponential,
    Float,
    Int,
    Length,
    List,
    Logarithm,
    Max,
    Min,
    PrefixSums,
    Range,
    Reversed,
    Root,
    SortBy,
    Sorted,
    Sum,
    Tardiness,
    Tuple,
    Zip,
}

impl Native {
    /// Every one with its name.
    pub(super) const NAMES: [(&'static str, Native); 24] = [
        ("abs", Native::Absolute),
        ("all", Native::All),
        ("any", Native::Any),
        ("argmin", Native::Argmin),
        ("bool", Native::Bool),
        ("enumerate", Native::Enumerate),
        ("exp", Native::Exponential),
        ("float", Native::Float),
        ("int", Native::Int),
        ("len", Native::Length),
        ("list", Native::List),
        ("log", Native::Logarithm),
        ("max", Native::Max),
        ("min", Native::Min),
        ("prefix_sums", Native::PrefixSums),
        ("range", Native::Range),
        ("reversed", Native::Reversed),
        ("sqrt", Native::Root),
        ("sort_by", Native::SortBy),
        ("sorted", Native::Sorted),
        ("sum", Native::Sum),
        ("tardiness", Native::Tardiness),
        ("tuple", Native::Tuple),
        ("zip", Native::Zip),
    ];
}

/// What lists can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Append,
    Extend,
    Index,
    Insert,
    Pop,
    Remove,
}

impl Method {
    /// Every one with its name.
    pub(super) const NAMES: [(&'static str, Method); 6] = [
        ("append", Method::Append),
        ("extend", Method::Extend),
        ("index", Method::Index),
        ("insert", Method::Insert),
        ("pop", Method::Pop),
        ("remove", Method::Remove),
    ];
}

/// How something is ranked by `key=`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// `lambda x: …`: the place of x, and the value.
    Inline(usize, Box<Expression>),
    /// A function of one parameter.
    Function(usize),
}

/// A part of a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Clause {
    For(Target, Expression),
    If(Expression),
}

/// Something with a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Constant(Constant),
    Local(usize),
    Global(usize),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Index(Box<(Expression, Expression)>),
    Slice(Box<(Expression, Option<Expression>, Option<Expression>)>),
    Negate(Box<Expression>),
    Not(Box<Expression>),
    And(Box<(Expression, Expression)>),
    Or(Box<(Expression, Expression)>),
    Binary(Operator, Box<(Expression, Expression)>),
    /// Condition, then, else.
    Choice(Box<(Expression, Expression, Expression)>),
    Comprehension(Box<Expression>, Vec<Clause>),
    Call(usize, Vec<Expression>),
    Native(Native, Vec<Expression>, Option<Key>, Option<Box<Expression>>),
    Method(Method, Box<Expression>, Vec<Expression>),
}

/// What can be assigned to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Local(usize),
    Global(usize),
    Tuple(Vec<Target>),
    Index(Expression, Expression),
}

/// A statement with its line, which is no part of what it means.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) line: u32,
    pub(super) kind: StatementKind,
}

impl Debug for Statement {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(formatter)
    }
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum StatementKind {
    Expression(Expression),
    Assign(Target, Expression),
    Change(Target, Operator, Expression),
    If(Expression, Vec<Statement>, Vec<Statement>),
    For(Target, Expression, Vec<Statement>),
    Break,
    Continue,
    Return(Expression),
}

/// A function: parameters are its first places.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) parameters: usize,
    pub(super) places: usize,
    pub(super) body: Vec<Statement>,
}

/// A script: what stands outside of functions is done first.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) functions: Vec<Function>,
    pub(super) globals: usize,
    pub(super) begin: Vec<Statement>,
    /// Number of `assignment`.
    pub(super) entry: usize,
}
