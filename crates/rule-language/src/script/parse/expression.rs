//! Expressions of a script, the weakest operator first.
//!
//! **Source:** Starlark language specification, section Expressions.

use super::super::builtin::arithmetic;
use super::super::code::{Constant, Key};
use super::{Clause, Expression, Method, Native, Operator, Parsed, Parser, Target, Word};

/// Comparisons by sign.
const COMPARISONS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Differs),
    ("<=", Operator::LessEqual),
    (">=", Operator::GreaterEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Parser {
    /// One expression, or several as a tuple.
    pub(super) fn expressions(&mut self) -> Parsed<Expression> {
        let first = self.expression()?;
        if self.word() != &Word::Sign(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.takes_sign(",") {
            if matches!(self.word(), Word::Newline | Word::Sign(")" | "]" | "=")) {
                break;
            }
            all.push(self.expression()?);
        }
        Ok(Expression::Tuple(all))
    }

    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        let then = self.either()?;
        if !self.takes_name("if") {
            return Ok(then);
        }
        let condition = self.either()?;
        if !self.takes_name("else") {
            return self.unexpected("`else`");
        }
        let other = self.expression()?;
        Ok(Expression::Choice(Box::new((condition, then, other))))
    }

    fn either(&mut self) -> Parsed<Expression> {
        let mut first = self.both()?;
        while self.takes_name("or") {
            first = Expression::Or(Box::new((first, self.both()?)));
        }
        Ok(first)
    }

    fn both(&mut self) -> Parsed<Expression> {
        let mut first = self.negation()?;
        while self.takes_name("and") {
            first = Expression::And(Box::new((first, self.negation()?)));
        }
        Ok(first)
    }

    fn negation(&mut self) -> Parsed<Expression> {
        if self.takes_name("not") {
            return Ok(Expression::Not(Box::new(self.negation()?)));
        }
        let first = self.sum()?;
        let signs = COMPARISONS.iter().find(|(sign, _)| self.word() == &Word::Sign(sign));
        let operator = match signs {
            Some(&(_, operator)) => {
                self.place += 1;
                operator
            }
            None if self.takes_name("in") => Operator::In,
            None if self.is_name("not") => {
                self.place += 1;
                if !self.takes_name("in") {
                    return self.unexpected("`in`");
                }
                Operator::NotIn
            }
            None => return Ok(first),
        };
        let second = self.sum()?;
        if COMPARISONS.iter().any(|(sign, _)| self.word() == &Word::Sign(sign)) {
            return self.wrong("comparisons in a row are not in the language: use `and`");
        }
        Ok(Expression::Binary(operator, Box::new((first, second))))
    }

    fn sum(&mut self) -> Parsed<Expression> {
        let mut first = self.product()?;
        loop {
            let operator = match self.word() {
                Word::Sign("+") => Operator::Add,
                Word::Sign("-") => Operator::Subtract,
                _ => return Ok(first),
            };
            self.place += 1;
            first = folded(operator, first, self.product()?);
        }
    }

    fn product(&mut self) -> Parsed<Expression> {
        let mut first = self.signed()?;
        loop {
            let operator = match self.word() {
                Word::Sign("*") => Operator::Multiply,
                Word::Sign("/") => Operator::Divide,
                Word::Sign("//") => Operator::FloorDivide,
                Word::Sign("%") => Operator::Remainder,
                _ => return Ok(first),
            };
            self.place += 1;
            first = folded(operator, first, self.signed()?);
        }
    }

    fn signed(&mut self) -> Parsed<Expression> {
        if self.takes_sign("+") {
            return self.signed();
        }
        if !self.takes_sign("-") {
            return self.postfix();
        }
        Ok(match self.signed()? {
            Expression::Constant(Constant::Int(it)) => Expression::Constant(Constant::Int(-it)),
            Expression::Constant(Constant::Float(it)) => Expression::Constant(Constant::Float(-it)),
            operand => Expression::Negate(Box::new(operand)),
        })
    }

    pub(super) fn postfix(&mut self) -> Parsed<Expression> {
        let mut value = self.atom()?;
        loop {
            if self.takes_sign("[") {
                value = self.subscript(value)?;
            } else if self.takes_sign(".") {
                let Word::Name(name) = self.word().clone() else {
                    return self.unexpected("the name of a method");
                };
                let Some(&(_, method)) = Method::NAMES.iter().find(|it| it.0 == name) else {
                    return self.unknown(&name, "a method of lists");
                };
                self.place += 1;
                self.expects_sign("(")?;
                value = Expression::Method(method, Box::new(value), self.arguments()?);
            } else {
                return Ok(value);
            }
        }
    }

    fn unknown<T>(&self, name: &str, expected: &str) -> Parsed<T> {
        let words = format!("expected {expected}, found `{name}`, which is not defined here");
        Err(crate::ScriptError { line: self.line(), words, is_unknown_name: true })
    }

    fn subscript(&mut self, value: Expression) -> Parsed<Expression> {
        let ends = |parser: &Self| matches!(parser.word(), Word::Sign(":" | "]"));
        let from = if ends(self) { None } else { Some(self.expressions()?) };
        if self.takes_sign(":") {
            let to = if ends(self) { None } else { Some(self.expression()?) };
            self.expects_sign("]")?;
            return Ok(Expression::Slice(Box::new((value, from, to))));
        }
        self.expects_sign("]")?;
        match from {
            Some(place) => Ok(Expression::Index(Box::new((value, place)))),
            None => self.unexpected("an index"),
        }
    }

    /// Arguments up to the closing bracket.
    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let mut found = Vec::new();
        while !self.takes_sign(")") {
            if !found.is_empty() {
                self.expects_sign(",")?;
                if self.takes_sign(")") {
                    break;
                }
            }
            found.push(match self.comprehension_begins() {
                true => self.comprehension()?,
                false => self.expression()?,
            });
        }
        Ok(found)
    }

    fn atom(&mut self) -> Parsed<Expression> {
        let word = self.word().clone();
        match word {
            Word::Int(number) => {
                self.place += 1;
                Ok(Expression::Constant(Constant::Int(number)))
            }
            Word::Float(number) => {
                self.place += 1;
                Ok(Expression::Constant(Constant::Float(number)))
            }
            Word::Sign("(") => {
                self.place += 1;
                if self.takes_sign(")") {
                    return Ok(Expression::Tuple(Vec::new()));
                }
                let inner = self.expressions()?;
                self.expects_sign(")")?;
                Ok(inner)
            }
            Word::Sign("[") => {
                self.place += 1;
                self.list()
            }
            Word::Name(name) if !super::RESERVED.contains(&name.as_str()) => {
                self.place += 1;
                if self.takes_sign("(") { self.call(&name) } else { self.value_named(&name) }
            }
            _ => self.unexpected("a value"),
        }
    }

    fn list(&mut self) -> Parsed<Expression> {
        if self.comprehension_begins() {
            let found = self.comprehension()?;
            self.expects_sign("]")?;
            return Ok(found);
        }
        let mut all = Vec::new();
        while !self.takes_sign("]") {
            if !all.is_empty() {
                self.expects_sign(",")?;
                if self.takes_sign("]") {
                    break;
                }
            }
            all.push(self.expression()?);
        }
        Ok(Expression::List(all))
    }

    fn value_named(&mut self, name: &str) -> Parsed<Expression> {
        if let Some(&place) = self.locals.as_ref().and_then(|it| it.names.get(name)) {
            return Ok(Expression::Local(place));
        }
        if let Some(&place) = self.globals.get(name) {
            return Ok(Expression::Global(place));
        }
        match name {
            "True" => Ok(Expression::Constant(Constant::Bool(true))),
            "False" => Ok(Expression::Constant(Constant::Bool(false))),
            "None" => Ok(Expression::Constant(Constant::None)),
            _ => self.unknown(name, "a value"),
        }
    }

    fn call(&mut self, name: &str) -> Parsed<Expression> {
        if let Some(&number) = self.names.get(name) {
            let expected = self.functions[number].parameters;
            let arguments = self.arguments()?;
            if arguments.len() != expected {
                let found = arguments.len();
                return self.wrong(&format!("{name}: expected {expected} values, found {found}"));
            }
            return Ok(Expression::Call(number, arguments));
        }
        let Some(&(_, native)) = Native::NAMES.iter().find(|it| it.0 == name) else {
            return self.unknown(name, "a function");
        };
        let (mut values, mut key, mut reverse) = (Vec::new(), None, None);
        let mut begins = true;
        while !self.takes_sign(")") {
            if !std::mem::take(&mut begins) {
                self.expects_sign(",")?;
                if self.takes_sign(")") {
                    break;
                }
            }
            let next = self.words.get(self.place + 1).map(|it| &it.0);
            let is_named = next == Some(&Word::Sign("="));
            let ranks = matches!(native, Native::Sorted | Native::Min | Native::Max);
            if is_named && ranks && self.takes_name("key") {
                self.place += 1;
                key = Some(self.key()?);
            } else if is_named && native == Native::Sorted && self.takes_name("reverse") {
                self.place += 1;
                reverse = Some(Box::new(self.expression()?));
            } else if is_named {
                return self.unexpected("a value");
            } else if self.comprehension_begins() {
                values.push(self.comprehension()?);
            } else {
                values.push(self.expression()?);
            }
        }
        Ok(Expression::Native(native, values, key, reverse))
    }

    fn key(&mut self) -> Parsed<Key> {
        if self.takes_name("lambda") {
            let name = self.own_name()?;
            let (place, former) = self.fresh(name.clone())?;
            self.expects_sign(":")?;
            let value = self.expression()?;
            self.restore(name, former);
            return Ok(Key::Inline(place, Box::new(value)));
        }
        let name = self.own_name()?;
        match self.names.get(&name) {
            Some(&number) if self.functions[number].parameters == 1 => Ok(Key::Function(number)),
            _ => self.unknown(&name, "`lambda x: …` or a function of one parameter"),
        }
    }

    /// Whether `for` comes before the comma or bracket that ends what begins here.
    fn comprehension_begins(&self) -> bool {
        self.end_of_element().is_some()
    }

    /// The place of that `for`.
    fn end_of_element(&self) -> Option<usize> {
        let mut depth = 0_usize;
        for (offset, (word, _)) in self.words[self.place..].iter().enumerate() {
            match word {
                Word::Sign("(" | "[" | "{") => depth += 1,
                Word::Sign(")" | "]" | "}") => depth = depth.checked_sub(1)?,
                Word::Sign(",") if depth == 0 => return None,
                Word::Newline | Word::End => return None,
                Word::Name(name) if depth == 0 && name == "for" => {
                    return Some(self.place + offset);
                }
                _ => {}
            }
        }
        None
    }

    /// `element for x in xs if condition …`, without brackets.
    fn comprehension(&mut self) -> Parsed<Expression> {
        let begin = self.place;
        let Some(end) = self.end_of_element() else { return self.unexpected("`for`") };
        self.place = end;
        // Names of loops are of the comprehension alone.
        let former = self.locals.as_ref().map(|it| it.names.clone());
        let mut clauses = Vec::new();
        loop {
            if self.takes_name("for") {
                let target = self.loop_target()?;
                if !self.takes_name("in") {
                    return self.unexpected("`in`");
                }
                clauses.push(Clause::For(target, self.either()?));
            } else if self.takes_name("if") {
                clauses.push(Clause::If(self.either()?));
            } else {
                break;
            }
        }
        let after = std::mem::replace(&mut self.place, begin);
        let element = self.expression()?;
        if self.place != end {
            return self.unexpected("`for`");
        }
        self.place = after;
        if let (Some(locals), Some(former)) = (&mut self.locals, former) {
            locals.names = former;
        }
        Ok(Expression::Comprehension(Box::new(element), clauses))
    }

    /// Names of a loop in a comprehension, always new ones.
    fn loop_target(&mut self) -> Parsed<Target> {
        let is_bracketed = self.takes_sign("(");
        let mut all = Vec::new();
        loop {
            let name = self.own_name()?;
            all.push(Target::Local(self.fresh(name)?.0));
            if !self.takes_sign(",") {
                break;
            }
        }
        if is_bracketed {
            self.expects_sign(")")?;
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Target::Tuple(all) })
    }
}

/// An operator on two values; on two constants, what comes of it.
fn folded(operator: Operator, first: Expression, second: Expression) -> Expression {
    if let (Expression::Constant(a), Expression::Constant(b)) = (&first, &second)
        && let Some(found) = arithmetic(operator, *a, *b)
    {
        return Expression::Constant(found);
    }
    Expression::Binary(operator, Box::new((first, second)))
}
