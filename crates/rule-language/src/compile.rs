//! Tree to program: what depends on the state alone is computed once per decision, the rest over
//! arrays of candidates. Registers are reused as soon as they are free. O(nodes × registers).
//!
//! **Source:** Sethi, Ullman 1970 (registers for expression trees).

use crate::program::{Operation, Origin, Program, Source, Step};
use crate::{Field, Scope, Tree};

/// Why a tree cannot become a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A name that nobody knows.
    #[error(
        "expected a field, a function or a rule, found `{name}`; fields are {}",
        Field::ALL.map(|(_, name, _)| name).join(", ")
    )]
    UnknownName {
        /// The name.
        name: String,
    },
    /// A field that is not told here.
    #[error("expected one of the fields {known}, found `{name}`: it is not known here")]
    UnknownField {
        /// The field.
        name: &'static str,
        /// Those that are told.
        known: String,
    },
    /// More parts than a program can number.
    #[error("expected at most {most} parts of a rule, found more: make the rule shorter")]
    TooLarge {
        /// How many there may be.
        most: usize,
    },
}

impl Program {
    /// Compiles a tree whose names of other rules are among `rules`.
    ///
    /// # Errors
    /// When a name is not among them, or the tree has too many parts.
    pub fn compile(tree: &Tree, rules: &[Box<str>]) -> Result<Program, CompileError> {
        let mut compiler = Compiler { program: Program::default(), free: Vec::new(), rules };
        let result = compiler.place(tree)?;
        compiler.program.result = result;
        Ok(compiler.program)
    }
}

/// Checks that a tree reads none but `fields` and names no other rule.
pub(crate) fn reads_only(tree: &Tree, fields: &[Field]) -> Result<(), CompileError> {
    let mut wrong = None;
    tree.walk(&mut |node| match node {
        Tree::Field(field) if !fields.contains(field) => {
            let known: Vec<&str> = fields.iter().map(|it| it.name()).collect();
            let error = CompileError::UnknownField { name: field.name(), known: known.join(", ") };
            wrong.get_or_insert(error);
        }
        Tree::Rule(name) => {
            wrong.get_or_insert(CompileError::UnknownName { name: name.to_string() });
        }
        _ => {}
    });
    wrong.map_or(Ok(()), Err)
}

struct Compiler<'a> {
    program: Program,
    /// Which registers hold nothing that is still needed.
    free: Vec<bool>,
    rules: &'a [Box<str>],
}

impl Compiler<'_> {
    fn place(&mut self, tree: &Tree) -> Result<Source, CompileError> {
        let (operation, parts) = match tree {
            Tree::Constant(value) => return self.scalar(Origin::Constant(*value)),
            Tree::Field(field) => {
                return match field.scope() {
                    Scope::Candidate => Ok(Source::Column(*field)),
                    Scope::State => self.scalar(Origin::State(*field)),
                };
            }
            Tree::Rule(name) => {
                let place = self.rules.iter().position(|it| it == name);
                let unknown = || CompileError::UnknownName { name: name.to_string() };
                return place.map(Source::Rule).ok_or_else(unknown);
            }
            Tree::Unary(operator, operand) => {
                (Operation::Unary(*operator), vec![self.place(operand)?])
            }
            Tree::Binary(operator, first, second) => {
                let first = self.place(first)?;
                (Operation::Binary(*operator), vec![first, self.place(second)?])
            }
            Tree::Choice(comparison, parts) => {
                let [left, right, then, other] = &**parts;
                let sides = vec![self.place(left)?, self.place(right)?];
                let holds = self.step(Operation::Compare(*comparison), &sides)?;
                let then = self.place(then)?;
                (Operation::Select, vec![holds, then, self.place(other)?])
            }
        };
        self.step(operation, &parts)
    }

    /// Where the result of an operation lies.
    fn step(&mut self, operation: Operation, parts: &[Source]) -> Result<Source, CompileError> {
        let last = *parts.last().expect("an operation has an operand");
        let mut from = [last; 3];
        from[..parts.len()].copy_from_slice(parts);
        if parts.iter().all(|part| matches!(part, Source::Scalar(_))) {
            let into = self.scalar(Origin::Computed)?;
            let Source::Scalar(place) = into else { return Ok(into) };
            self.program.once.push(Step { operation, into: place, from });
            return Ok(into);
        }
        let into = self.free.iter().position(|free| *free).unwrap_or(self.free.len());
        if into == self.free.len() {
            self.free.push(true);
        }
        self.free[into] = false;
        for part in parts {
            if let Source::Register(place) = part {
                self.free[*place] = true;
            }
        }
        self.program.registers = self.free.len();
        self.program.steps.push(Step { operation, into, from });
        Ok(Source::Register(into))
    }

    fn scalar(&mut self, origin: Origin) -> Result<Source, CompileError> {
        const MOST: usize = 1 << 16;
        let scalars = &mut self.program.scalars;
        let same = |it: &Origin| origin != Origin::Computed && *it == origin;
        if let Some(place) = scalars.iter().position(same) {
            return Ok(Source::Scalar(place));
        }
        if scalars.len() >= MOST {
            return Err(CompileError::TooLarge { most: MOST });
        }
        scalars.push(origin);
        Ok(Source::Scalar(scalars.len() - 1))
    }
}
