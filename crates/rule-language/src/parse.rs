//! Text to tree: precedence climbing over signs, names and numbers. O(length).
//!
//! ```text
//! rule       = choice { "then" choice }
//! choice     = sum [ "if" sum ( "<" | "<=" | ">" | ">=" ) sum "else" choice ]
//! sum        = product { ( "+" | "-" ) product }
//! product    = factor { ( "*" | "/" ) factor }
//! factor     = "-" factor | number | name | name "(" choice { "," choice } ")" | "(" choice ")"
//! ```
//! A name is a field, a function, or a rule of the library.
//!
//! **Source:** Pratt 1973 (top-down operator precedence).

use crate::{Binary, Comparison, Field, Limits, Tree, Unary};

/// Longest text of a rule, in bytes.
const TEXT_MAX: usize = 65_536;

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: expected {expected}, found {found}")]
pub struct ParseError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What may stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// Something that is read at one go.
#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Number(f64),
    Name(&'a str),
    Sign(&'a str),
    End,
}

/// Reads the expressions of a rule, in the order in which they break ties.
pub(crate) fn parse(text: &str, limits: Limits) -> Result<Vec<Tree>, ParseError> {
    if text.len() > TEXT_MAX {
        let expected = format!("at most {TEXT_MAX} bytes");
        return Err(ParseError { column: 1, expected, found: format!("{} bytes", text.len()) });
    }
    let mut parser = Parser { text, at: 0, token: Token::End, begin: 0, limits, open: 0 };
    parser.advance()?;
    let mut levels = vec![parser.level()?];
    while parser.takes_name("then")? {
        levels.push(parser.level()?);
    }
    match parser.token {
        Token::End => Ok(levels),
        _ => Err(parser.error("an operator, `if`, `then` or the end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Where the token after the present one begins, in bytes.
    at: usize,
    token: Token<'a>,
    /// Where the present token begins, in bytes.
    begin: usize,
    limits: Limits,
    /// How many parts of a factor are open: depth of the recursion.
    open: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, expected: &str) -> ParseError {
        let found = match &self.token {
            Token::Number(_) | Token::Name(_) | Token::Sign(_) => {
                format!("`{}`", &self.text[self.begin..self.at])
            }
            Token::End => "the end".to_owned(),
        };
        self.error_at(self.begin, expected, found)
    }

    fn error_at(&self, at: usize, expected: &str, found: String) -> ParseError {
        let column = self.text[..at].chars().count() + 1;
        ParseError { column, expected: expected.to_owned(), found }
    }

    /// Reads the next token.
    fn advance(&mut self) -> Result<(), ParseError> {
        let rest = &self.text[self.at..];
        let blank = rest.len() - rest.trim_start().len();
        self.begin = self.at + blank;
        let rest = &self.text[self.begin..];
        let Some(first) = rest.chars().next() else {
            (self.at, self.token) = (self.begin, Token::End);
            return Ok(());
        };
        let length = match first {
            '0'..='9' | '.' => number_length(rest),
            'a'..='z' | 'A'..='Z' | '_' => {
                let inside = |it: char| it.is_ascii_alphanumeric() || it == '_';
                rest.find(|it| !inside(it)).unwrap_or(rest.len())
            }
            _ if rest.starts_with("<=") || rest.starts_with(">=") => 2,
            _ => first.len_utf8(),
        };
        self.at = self.begin + length;
        let word = &rest[..length];
        self.token = match first {
            '0'..='9' | '.' => match word.parse::<f64>() {
                Ok(value) if value.is_finite() => Token::Number(value),
                _ => {
                    let found = format!("`{word}`");
                    return Err(self.error_at(self.begin, "a finite number", found));
                }
            },
            'a'..='z' | 'A'..='Z' | '_' => Token::Name(word),
            _ => Token::Sign(word),
        };
        Ok(())
    }

    fn takes(&mut self, sign: &str) -> Result<bool, ParseError> {
        let taken = self.token == Token::Sign(sign);
        if taken {
            self.advance()?;
        }
        Ok(taken)
    }

    fn takes_name(&mut self, name: &str) -> Result<bool, ParseError> {
        let taken = self.token == Token::Name(name);
        if taken {
            self.advance()?;
        }
        Ok(taken)
    }

    fn level(&mut self) -> Result<Tree, ParseError> {
        let begin = self.begin;
        let tree = self.choice()?;
        if tree.is_within(self.limits) {
            return Ok(tree);
        }
        let Limits { nodes, depth } = self.limits;
        let expected = format!("at most {nodes} nodes and depth {depth}");
        let found = format!("{} nodes and depth {}", tree.nodes(), tree.depth());
        Err(self.error_at(begin, &expected, found))
    }

    fn choice(&mut self) -> Result<Tree, ParseError> {
        let then = self.sum()?;
        if !self.takes_name("if")? {
            return Ok(then);
        }
        let left = self.sum()?;
        let sign = match self.token {
            Token::Sign(sign @ ("<" | "<=" | ">" | ">=")) => sign,
            _ => return Err(self.error("`<`, `<=`, `>` or `>=`")),
        };
        self.advance()?;
        let right = self.sum()?;
        if !self.takes_name("else")? {
            return Err(self.error("`else`"));
        }
        self.enter()?;
        let other = self.choice()?;
        self.open -= 1;
        let comparison = if sign.len() == 2 { Comparison::AtMost } else { Comparison::Less };
        let (left, right) = if sign.starts_with('<') { (left, right) } else { (right, left) };
        Ok(Tree::Choice(comparison, Box::new([left, right, then, other])))
    }

    fn sum(&mut self) -> Result<Tree, ParseError> {
        self.operands(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Tree, ParseError> {
        self.operands(&["*", "/"], Self::factor)
    }

    fn operands(
        &mut self,
        signs: &[&str],
        part: fn(&mut Self) -> Result<Tree, ParseError>,
    ) -> Result<Tree, ParseError> {
        let mut tree = part(self)?;
        let mut count = 1;
        while let Token::Sign(sign) = self.token
            && signs.contains(&sign)
        {
            count += 1;
            if count > self.limits.nodes {
                return Err(self.error(&format!("at most {} nodes", self.limits.nodes)));
            }
            let operator = Binary::ALL.iter().find(|(_, known)| *known == sign);
            let operator = operator.expect("every sign is an operator").0;
            self.advance()?;
            let second = part(self)?;
            tree = Tree::Binary(operator, Box::new(tree), Box::new(second));
        }
        Ok(tree)
    }

    fn enter(&mut self) -> Result<(), ParseError> {
        self.open += 1;
        if self.open > self.limits.depth {
            return Err(self.error(&format!("at most {} levels of nesting", self.limits.depth)));
        }
        Ok(())
    }

    fn factor(&mut self) -> Result<Tree, ParseError> {
        self.enter()?;
        let tree = self.open_factor()?;
        self.open -= 1;
        Ok(tree)
    }

    fn open_factor(&mut self) -> Result<Tree, ParseError> {
        if self.takes("-")? {
            if let Token::Number(value) = self.token {
                self.advance()?;
                return Ok(Tree::Constant(-value));
            }
            return Ok(Tree::Unary(Unary::Negate, Box::new(self.factor()?)));
        }
        if self.takes("(")? {
            let tree = self.choice()?;
            return if self.takes(")")? { Ok(tree) } else { Err(self.error("`)`")) };
        }
        match self.token {
            Token::Number(value) => {
                self.advance()?;
                Ok(Tree::Constant(value))
            }
            Token::Name(name) if !["if", "else", "then"].contains(&name) => self.name(name),
            _ => Err(self.error("a number, a field, a rule, a function or `(`")),
        }
    }

    fn name(&mut self, name: &'a str) -> Result<Tree, ParseError> {
        let begin = self.begin;
        self.advance()?;
        let unary = Unary::ALL.iter().find(|(_, known)| *known == name);
        let binary = Binary::ALL.iter().find(|(_, known)| *known == name);
        if unary.is_none() && binary.is_none() {
            let plain = || Tree::Rule(name.into());
            return Ok(Field::named(name).map_or_else(plain, Tree::Field));
        }
        if !self.takes("(")? {
            return Err(self.error(&format!("`(` after {name}")));
        }
        let mut operands = vec![self.choice()?];
        while self.takes(",")? {
            operands.push(self.choice()?);
            if operands.len() > self.limits.nodes {
                return Err(self.error(&format!("at most {} nodes", self.limits.nodes)));
            }
        }
        if !self.takes(")")? {
            return Err(self.error("`)` or `,`"));
        }
        let count = operands.len();
        let mut operands = operands.into_iter();
        let first = operands.next().expect("a function has an operand");
        match (unary, binary) {
            (Some((operator, _)), _) if count == 1 => Ok(Tree::Unary(*operator, Box::new(first))),
            (_, Some((operator, _))) if count >= 2 => Ok(operands
                .fold(first, |tree, it| Tree::Binary(*operator, Box::new(tree), Box::new(it)))),
            _ => {
                let wanted = if unary.is_some() { "1 operand" } else { "2 operands or more" };
                let expected = format!("{wanted} of {name}");
                Err(self.error_at(begin, &expected, format!("{count}")))
            }
        }
    }
}

/// Bytes of the number that begins the text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes[from..].iter().take_while(|it| it.is_ascii_digit() || **it == b'.').count()
    };
    let end = digits(0);
    if !matches!(bytes.get(end), Some(b'e' | b'E')) {
        return end;
    }
    let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
    let exponent = digits(end + 1 + sign);
    if exponent == end + 1 + sign { end } else { exponent }
}
