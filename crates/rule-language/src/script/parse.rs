//! From words to a script, names resolved: recursive descent, statement by statement.
//!
//! Constants are folded, and what stands behind `return`, `break` or `continue` is dropped. The
//! variables of a comprehension are bound before its element is read. O(length).
//!
//! **Source:** Starlark language specification, section Grammar reference.

use super::ScriptError;
use super::code::{
    Clause, Code, Expression, Function, Method, Native, Operator, Statement, StatementKind, Target,
};
use super::lex::{Word, words};
use std::collections::BTreeMap;

mod expression;

/// Words of Python that are no names here.
const RESERVED: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "load", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
];
/// Most names of a function.
const NAMES_MAX: usize = 200;

type Parsed<T> = Result<T, ScriptError>;

/// Reads a script.
pub(super) fn parse(text: &str) -> Parsed<Code> {
    let mut parser = Parser {
        words: words(text)?,
        place: 0,
        functions: Vec::new(),
        names: BTreeMap::new(),
        globals: BTreeMap::new(),
        locals: None,
        is_in_loop: false,
    };
    let mut begin = Vec::new();
    while parser.word() != &Word::End {
        if parser.takes_name("def") {
            parser.function()?;
        } else if !parser.takes(&Word::Newline) {
            begin.extend(parser.simple_line()?);
        }
    }
    let Some(&entry) = parser.names.get("assignment") else {
        return parser.wrong("expected `def assignment(p, d):`, found none");
    };
    let found = parser.functions[entry].parameters;
    if found != 2 {
        return parser.wrong(&format!("expected `assignment(p, d)`, found {found} parameters"));
    }
    let (functions, globals) = (parser.functions, parser.globals.len());
    Ok(Code { functions, globals, begin, entry })
}

/// Names of a function.
#[derive(Default)]
struct Locals {
    names: BTreeMap<String, usize>,
    count: usize,
}

struct Parser {
    words: Vec<(Word, u32)>,
    place: usize,
    functions: Vec<Function>,
    names: BTreeMap<String, usize>,
    globals: BTreeMap<String, usize>,
    locals: Option<Locals>,
    is_in_loop: bool,
}

impl Parser {
    fn word(&self) -> &Word {
        self.words.get(self.place).map_or(&Word::End, |it| &it.0)
    }

    fn line(&self) -> u32 {
        self.words.get(self.place.min(self.words.len() - 1)).map_or(1, |it| it.1)
    }

    fn wrong<T>(&self, words: &str) -> Parsed<T> {
        let words = words.to_owned();
        Err(ScriptError { line: self.line(), words, is_unknown_name: false })
    }

    fn unexpected<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.word() {
            Word::Name(name) if name == "lambda" => {
                "`lambda`, which is there as `key=lambda x: …` alone".to_owned()
            }
            Word::Name(name) => format!("`{name}`"),
            Word::Sign(sign) => format!("`{sign}`"),
            Word::Int(number) => number.to_string(),
            Word::Float(number) => number.to_string(),
            Word::Text => "a text; texts are not in the language".to_owned(),
            Word::Newline => "the end of the line".to_owned(),
            Word::Indent => "a deeper line".to_owned(),
            Word::Dedent => "a less deep line".to_owned(),
            Word::End => "the end of the script".to_owned(),
        };
        self.wrong(&format!("expected {expected}, found {found}"))
    }

    fn takes(&mut self, word: &Word) -> bool {
        let is_there = self.word() == word;
        self.place += usize::from(is_there);
        is_there
    }

    fn takes_sign(&mut self, sign: &'static str) -> bool {
        self.takes(&Word::Sign(sign))
    }

    fn takes_name(&mut self, name: &str) -> bool {
        let is_there = self.is_name(name);
        self.place += usize::from(is_there);
        is_there
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.word(), Word::Name(word) if word == name)
    }

    fn expects_sign(&mut self, sign: &'static str) -> Parsed<()> {
        if self.takes_sign(sign) { Ok(()) } else { self.unexpected(&format!("`{sign}`")) }
    }

    /// A name of the script's own.
    fn own_name(&mut self) -> Parsed<String> {
        match self.word().clone() {
            Word::Name(name) if !RESERVED.contains(&name.as_str()) => {
                self.place += 1;
                Ok(name)
            }
            _ => self.unexpected("a name"),
        }
    }

    /// The place of a name that is assigned to.
    fn declared(&mut self, name: String) -> Parsed<Target> {
        let Some(locals) = &mut self.locals else {
            let next = self.globals.len();
            return Ok(Target::Global(*self.globals.entry(name).or_insert(next)));
        };
        if let Some(&place) = locals.names.get(&name) {
            return Ok(Target::Local(place));
        }
        Ok(Target::Local(self.fresh(name)?.0))
    }

    /// A new place for a name, and the one that it had.
    fn fresh(&mut self, name: String) -> Parsed<(usize, Option<usize>)> {
        let Some(locals) = &mut self.locals else {
            return self.wrong("expected this inside of a function");
        };
        if locals.count == NAMES_MAX {
            return self.wrong(&format!("expected at most {NAMES_MAX} names in a function"));
        }
        locals.count += 1;
        let place = locals.count - 1;
        Ok((place, locals.names.insert(name, place)))
    }

    /// Gives a name its former meaning back.
    fn restore(&mut self, name: String, former: Option<usize>) {
        if let Some(locals) = &mut self.locals {
            match former {
                Some(place) => locals.names.insert(name, place),
                None => locals.names.remove(&name),
            };
        }
    }

    fn function(&mut self) -> Parsed<()> {
        let name = self.own_name()?;
        if self.names.contains_key(&name) || self.globals.contains_key(&name) {
            return self.wrong(&format!("`{name}` is defined twice"));
        }
        self.expects_sign("(")?;
        self.locals = Some(Locals::default());
        let mut parameters = 0;
        while !self.takes_sign(")") {
            if parameters > 0 {
                self.expects_sign(",")?;
            }
            let name = self.own_name()?;
            self.fresh(name)?;
            parameters += 1;
        }
        let body = self.block()?;
        let places = self.locals.take().map_or(0, |it| it.count);
        // Known from here on: a function calls those above it.
        self.names.insert(name, self.functions.len());
        self.functions.push(Function { parameters, places, body });
        Ok(())
    }

    /// What stands behind a colon.
    fn block(&mut self) -> Parsed<Vec<Statement>> {
        self.expects_sign(":")?;
        let mut body = Vec::new();
        if self.takes(&Word::Newline) {
            if !self.takes(&Word::Indent) {
                return self.unexpected("a deeper line");
            }
            while !self.takes(&Word::Dedent) {
                body.extend(self.statement()?);
            }
        } else {
            body = self.simple_line()?;
        }
        let ends = |it: &Statement| {
            use StatementKind::{Break, Continue, Return};
            matches!(it.kind, Return(_) | Break | Continue)
        };
        if let Some(last) = body.iter().position(ends) {
            body.truncate(last + 1);
        }
        Ok(body)
    }

    fn statement(&mut self) -> Parsed<Vec<Statement>> {
        let line = self.line();
        let kind = if self.takes_name("if") {
            self.choice()?
        } else if self.takes_name("for") {
            let target = self.targets()?;
            if !self.takes_name("in") {
                return self.unexpected("`in`");
            }
            let over = self.expressions()?;
            let outer = std::mem::replace(&mut self.is_in_loop, true);
            let body = self.block()?;
            self.is_in_loop = outer;
            StatementKind::For(target, over, body)
        } else {
            return self.simple_line();
        };
        Ok(vec![Statement { line, kind }])
    }

    fn choice(&mut self) -> Parsed<StatementKind> {
        let condition = self.expression()?;
        let then = self.block()?;
        let line = self.line();
        let other = if self.takes_name("elif") {
            vec![Statement { line, kind: self.choice()? }]
        } else if self.takes_name("else") {
            self.block()?
        } else {
            Vec::new()
        };
        Ok(StatementKind::If(condition, then, other))
    }

    /// Statements of a line.
    fn simple_line(&mut self) -> Parsed<Vec<Statement>> {
        let mut found = Vec::new();
        loop {
            let line = self.line();
            found.extend(self.simple()?.map(|kind| Statement { line, kind }));
            if self.takes(&Word::Newline) {
                return Ok(found);
            }
            if !self.takes_sign(";") {
                return self.unexpected("the end of the line");
            }
            if self.takes(&Word::Newline) {
                return Ok(found);
            }
        }
    }

    fn simple(&mut self) -> Parsed<Option<StatementKind>> {
        if self.takes(&Word::Text) || self.takes_name("pass") {
            return Ok(None);
        }
        for (name, kind) in [("break", StatementKind::Break), ("continue", StatementKind::Continue)]
        {
            if self.takes_name(name) {
                let words = format!("expected `{name}` inside of a loop");
                return if self.is_in_loop { Ok(Some(kind)) } else { self.wrong(&words) };
            }
        }
        if self.takes_name("return") {
            if self.locals.is_none() {
                return self.wrong("expected `return` inside of a function");
            }
            return Ok(Some(StatementKind::Return(self.expressions()?)));
        }
        let Some(sign) = self.assigning_sign() else {
            return Ok(Some(StatementKind::Expression(self.expressions()?)));
        };
        let target = self.targets()?;
        self.expects_sign(sign)?;
        let operator = match sign {
            "=" => return Ok(Some(StatementKind::Assign(target, self.expressions()?))),
            "+=" => Operator::Add,
            "-=" => Operator::Subtract,
            "*=" => Operator::Multiply,
            "/=" => Operator::Divide,
            "//=" => Operator::FloorDivide,
            "%=" => Operator::Remainder,
            _ => return self.wrong(&format!("`{sign}` is not in the language")),
        };
        Ok(Some(StatementKind::Change(target, operator, self.expressions()?)))
    }

    /// The sign of the assignment that this statement is.
    fn assigning_sign(&self) -> Option<&'static str> {
        let mut depth = 0;
        for (word, _) in &self.words[self.place..] {
            match word {
                Word::Sign("(" | "[" | "{") => depth += 1,
                Word::Sign(")" | "]" | "}") => depth -= 1,
                Word::Newline | Word::Sign(";") | Word::End => return None,
                Word::Sign(sign) if depth == 0 => {
                    let ends = sign.ends_with('=');
                    if ends && !["==", "!=", "<=", ">="].contains(sign) {
                        return Some(sign);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// One target, or several as a tuple.
    fn targets(&mut self) -> Parsed<Target> {
        let first = self.target()?;
        if self.word() != &Word::Sign(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.takes_sign(",") {
            if matches!(self.word(), Word::Name(name) if name != "in") {
                all.push(self.target()?);
            }
        }
        Ok(Target::Tuple(all))
    }

    fn target(&mut self) -> Parsed<Target> {
        if self.takes_sign("(") {
            let inner = self.targets()?;
            self.expects_sign(")")?;
            return Ok(inner);
        }
        let next = self.words.get(self.place + 1).map(|it| &it.0);
        if !matches!(next, Some(Word::Sign("[" | ".")) | Some(Word::Sign("("))) {
            let name = self.own_name()?;
            return self.declared(name);
        }
        match self.postfix()? {
            Expression::Index(parts) => Ok(Target::Index(parts.0, parts.1)),
            _ => self.unexpected("something that can be assigned to"),
        }
    }
}
