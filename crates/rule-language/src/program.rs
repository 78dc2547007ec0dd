//! Programs: an expression over registers that hold one value per candidate.
//!
//! Candidates are taken in blocks that stay in the nearest cache; each step runs over a block, so
//! that its loop has no branch and is vectorized. O(nodes × candidates).
//!
//! **Source:** Boncz, Zukowski, Nes 2005 (vectors of values instead of one at a time).

use crate::tree::{counted, divide, maximum, minimum};
use crate::{Binary, Comparison, Field, Table, Unary};

/// Candidates of a block.
const BLOCK: usize = 256;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    Unary(Unary),
    Binary(Binary),
    /// 1 where it holds, else 0.
    Compare(Comparison),
    /// The second where the first is not 0, else the third.
    Select,
}

/// Where an operand comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    Column(Field),
    Rule(usize),
    Register(usize),
    Scalar(usize),
}

/// Where a scalar comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Origin {
    Constant(f64),
    State(Field),
    /// By a step that runs once.
    Computed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) operation: Operation,
    pub(crate) into: usize,
    pub(crate) from: [Source; 3],
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(crate) scalars: Vec<Origin>,
    /// Steps between scalars.
    pub(crate) once: Vec<Step>,
    /// Steps over candidates.
    pub(crate) steps: Vec<Step>,
    pub(crate) registers: usize,
    pub(crate) result: Source,
}

impl Default for Program {
    fn default() -> Self {
        let (scalars, once, steps) = (vec![Origin::Constant(0.0)], Vec::new(), Vec::new());
        Program { scalars, once, steps, registers: 0, result: Source::Scalar(0) }
    }
}

/// Memory of a run, to be used again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    registers: Vec<Vec<f64>>,
    scalars: Vec<f64>,
}

/// An operand over a block.
#[derive(Clone, Copy)]
enum View<'a> {
    Many(&'a [f64]),
    One(f64),
}

impl View<'_> {
    fn at(&self, place: usize) -> f64 {
        match self {
            View::Many(values) => values[place],
            View::One(value) => *value,
        }
    }
}

impl Program {
    /// Scores the first `scores.len()` candidates of a table.
    ///
    /// # Panics
    /// When a column that the program reads is shorter than that.
    pub fn scores(&self, table: &Table, scratch: &mut Scratch, scores: &mut [f64]) {
        self.run_once(table, scratch);
        if scratch.registers.len() < self.registers {
            scratch.registers.resize_with(self.registers, || vec![0.0; BLOCK]);
        }
        let mut begin = 0;
        while begin < scores.len() {
            let end = scores.len().min(begin + BLOCK);
            let block = Block { table, begin, end };
            for step in &self.steps {
                let mut out = std::mem::take(&mut scratch.registers[step.into]);
                let view = |source| block.view(source, scratch);
                run_step(step.operation, &mut out[..end - begin], step.from.map(view));
                scratch.registers[step.into] = out;
            }
            let scores = &mut scores[begin..end];
            match block.view(self.result, scratch) {
                View::Many(values) => {
                    scores.iter_mut().zip(values).for_each(|(score, &it)| *score = counted(it));
                }
                View::One(value) => scores.fill(counted(value)),
            }
            begin = end;
        }
    }

    /// Whether it reads this field.
    pub fn reads(&self, field: Field) -> bool {
        let source = Source::Column(field);
        self.scalars.contains(&Origin::State(field))
            || self.result == source
            || self.steps.iter().any(|step| step.from.contains(&source))
    }

    /// How many steps it makes per candidate.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    fn run_once(&self, table: &Table, scratch: &mut Scratch) {
        scratch.scalars.clear();
        scratch.scalars.extend(self.scalars.iter().map(|origin| match origin {
            Origin::Constant(value) => *value,
            Origin::State(field) => table.value(*field, 0),
            Origin::Computed => 0.0,
        }));
        for step in &self.once {
            let [first, second, third] = step.from.map(|source| match source {
                Source::Scalar(place) => scratch.scalars[place],
                _ => f64::NAN,
            });
            scratch.scalars[step.into] = match step.operation {
                Operation::Unary(operator) => operator.apply(first),
                Operation::Binary(operator) => operator.apply(first, second),
                Operation::Compare(comparison) => compared(comparison, first, second),
                Operation::Select => selected(first, second, third),
            };
        }
    }
}

/// Some candidates of a table.
#[derive(Clone, Copy)]
struct Block<'a> {
    table: &'a Table,
    begin: usize,
    end: usize,
}

impl<'a> Block<'a> {
    fn view(self, source: Source, scratch: &'a Scratch) -> View<'a> {
        match source {
            Source::Column(field) => View::Many(&self.table.column(field)[self.begin..self.end]),
            Source::Rule(place) => View::Many(&self.table.rule(place)[self.begin..self.end]),
            Source::Register(place) => {
                View::Many(&scratch.registers[place][..self.end - self.begin])
            }
            Source::Scalar(place) => View::One(scratch.scalars[place]),
        }
    }
}

fn compared(comparison: Comparison, first: f64, second: f64) -> f64 {
    f64::from(u8::from(comparison.holds(first, second)))
}

fn selected(holds: f64, then: f64, other: f64) -> f64 {
    if holds != 0.0 { then } else { other }
}

fn run_step(operation: Operation, out: &mut [f64], [first, second, third]: [View<'_>; 3]) {
    match operation {
        Operation::Unary(operator) => match operator {
            Unary::Negate => each(out, first, |it| -it),
            Unary::Absolute => each(out, first, f64::abs),
            Unary::Square => each(out, first, |it| it * it),
            Unary::Exponential => each(out, first, f64::exp),
            Unary::Logarithm => each(out, first, f64::ln),
        },
        Operation::Binary(operator) => match operator {
            Binary::Add => pairs(out, first, second, |a, b| a + b),
            Binary::Subtract => pairs(out, first, second, |a, b| a - b),
            Binary::Multiply => pairs(out, first, second, |a, b| a * b),
            Binary::Divide => pairs(out, first, second, divide),
            Binary::Minimum => pairs(out, first, second, minimum),
            Binary::Maximum => pairs(out, first, second, maximum),
        },
        Operation::Compare(Comparison::Less) => {
            pairs(out, first, second, |a, b| compared(Comparison::Less, a, b));
        }
        Operation::Compare(Comparison::AtMost) => {
            pairs(out, first, second, |a, b| compared(Comparison::AtMost, a, b));
        }
        Operation::Select => {
            for (place, score) in out.iter_mut().enumerate() {
                *score = selected(first.at(place), second.at(place), third.at(place));
            }
        }
    }
}

#[inline]
fn each(out: &mut [f64], operand: View<'_>, apply: impl Fn(f64) -> f64) {
    match operand {
        View::Many(values) => out.iter_mut().zip(values).for_each(|(it, &a)| *it = apply(a)),
        View::One(value) => out.fill(apply(value)),
    }
}

#[inline]
fn pairs(out: &mut [f64], first: View<'_>, second: View<'_>, apply: impl Fn(f64, f64) -> f64) {
    match (first, second) {
        (View::Many(first), View::Many(second)) => {
            let operands = first.iter().zip(second);
            out.iter_mut().zip(operands).for_each(|(it, (&a, &b))| *it = apply(a, b));
        }
        (View::Many(first), View::One(b)) => {
            out.iter_mut().zip(first).for_each(|(it, &a)| *it = apply(a, b));
        }
        (View::One(a), View::Many(second)) => {
            out.iter_mut().zip(second).for_each(|(it, &b)| *it = apply(a, b));
        }
        (View::One(a), View::One(b)) => out.fill(apply(a, b)),
    }
}
