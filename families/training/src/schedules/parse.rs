//! The reader of plans: one pass, one look ahead, O(n).
//!
//! Names and kinds of arguments are checked here, where the column is known; ranges are checked
//! when the plan is laid over a run.
//!
//! **Source:** recursive descent

use super::error::ScheduleError;
use super::plan::{Call, Chain, Head, Part, Plan, Value};
use super::run::{Amount, Unit};
use super::words::{Kind, Role, WORDS, Word, word_named};

/// How deep groups may nest.
const DEPTH_MAX: usize = 16;

/// Most bytes of a plan.
const LENGTH_MAX: usize = 1 << 20;

pub(super) fn parse(text: &str) -> Result<Plan, ScheduleError> {
    let mut parser = Parser { text, place: 0, depth: 0 };
    if text.len() > LENGTH_MAX {
        return parser.fail("at most a million characters", "write the values into a table file");
    }
    let plan = parser.plan()?;
    match parser.peek() {
        None => Ok(plan),
        Some(_) => parser.fail("`|`, `*`, `@`, `>` or the end", "remove it, or join it"),
    }
}

struct Parser<'a> {
    text: &'a str,
    place: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.place..];
        self.place += rest.len() - rest.trim_start().len();
        self.text[self.place..].chars().next()
    }

    fn take(&mut self, letter: char) -> bool {
        let found = self.peek() == Some(letter);
        if found {
            self.place += letter.len_utf8();
        }
        found
    }

    fn fail<T>(&mut self, expected: &str, advice: &str) -> Result<T, ScheduleError> {
        self.peek();
        let word: String = self.text[self.place..].chars().take_while(|it| is_name(*it)).collect();
        let letter = self.text[self.place..].chars().next();
        let found = match letter {
            None => "the end".to_owned(),
            Some(letter) if word.is_empty() => format!("`{}`", letter.escape_debug()),
            Some(_) => format!("`{}`", word.chars().take(40).collect::<String>()),
        };
        let column = self.text[..self.place].chars().count() + 1;
        let (expected, advice) = (expected.to_owned(), advice.to_owned());
        Err(ScheduleError::Text { column, expected, found, advice })
    }

    fn expect(&mut self, letter: char, advice: &str) -> Result<(), ScheduleError> {
        if self.take(letter) { Ok(()) } else { self.fail(&format!("`{letter}`"), advice) }
    }

    fn plan(&mut self) -> Result<Plan, ScheduleError> {
        let mut parts = vec![self.part()?];
        while self.peek() == Some('>') {
            if parts[parts.len() - 1].steps.is_none() {
                let advice = "say how long the part before `>` is, such as `@ 500` or `@ 10%`";
                return self.fail("`@` and an amount", advice);
            }
            self.take('>');
            parts.push(self.part()?);
        }
        Ok(Plan { parts })
    }

    fn part(&mut self) -> Result<Part, ScheduleError> {
        let mut factors = vec![self.chain()?];
        while self.take('*') {
            factors.push(self.chain()?);
        }
        let steps = if self.take('@') { Some(self.amount()?) } else { None };
        Ok(Part { factors, steps })
    }

    fn chain(&mut self) -> Result<Chain, ScheduleError> {
        let head = self.head()?;
        let mut changes = Vec::new();
        while self.take('|') {
            changes.push(self.call(|word| matches!(word.role, Role::Change { .. }), "a change")?);
        }
        Ok(Chain { head, changes })
    }

    fn head(&mut self) -> Result<Head, ScheduleError> {
        match self.peek() {
            Some('(') if self.depth == DEPTH_MAX => {
                self.fail("at most 16 groups inside each other", "write fewer parentheses")
            }
            Some('(') => {
                self.take('(');
                self.depth += 1;
                let plan = self.plan()?;
                self.depth -= 1;
                self.expect(')', "close the group")?;
                Ok(Head::Group(plan))
            }
            Some(letter) if begins_number(letter) => Ok(Head::Number(self.number()?)),
            _ => {
                let call = self.call(|word| matches!(word.role, Role::Shape(_)), "a schedule")?;
                Ok(Head::Call(call))
            }
        }
    }

    fn name(&mut self) -> &'a str {
        self.peek();
        let rest = &self.text[self.place..];
        let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        self.place += end;
        &rest[..end]
    }

    fn call(&mut self, fits: fn(&Word) -> bool, what: &str) -> Result<Call, ScheduleError> {
        self.peek();
        let begin = self.place;
        let name = self.name();
        let Some(word) = word_named(name).filter(|word| fits(word)) else {
            self.place = begin;
            let names: Vec<&str> = WORDS.iter().filter(|it| fits(it)).map(|it| it.name).collect();
            let advice = match word_named(name).map(|word| word.role) {
                Some(Role::Metric) => "it follows a metric, not the step: build it as a plateau",
                Some(Role::Shape(_)) => "put it at the head, or join it with `*` or `>`",
                Some(Role::Change { .. }) => "put it behind a schedule and `|`",
                None => "choose one of them",
            };
            return self.fail(&format!("{what}: one of {}", names.join(", ")), advice);
        };
        let mut given = Vec::new();
        if self.take('(') {
            self.arguments(word, &mut given)?;
        }
        let missing = word.parameters.iter().enumerate().find(|(index, parameter)| {
            parameter.default.is_required() && given.iter().all(|(place, _)| place != index)
        });
        if let Some((_, parameter)) = missing {
            let advice = format!("{} needs it: {}", word.name, parameter.meaning);
            return self.fail(&format!("`{}=` and a value", parameter.name), &advice);
        }
        given.sort_by_key(|(index, _)| *index);
        Ok(Call { word, given })
    }

    fn arguments(
        &mut self,
        word: &'static Word,
        given: &mut Vec<(usize, Value)>,
    ) -> Result<(), ScheduleError> {
        while !self.take(')') {
            let index = self.parameter(word, given.len())?;
            if given.iter().any(|(place, _)| *place == index) {
                return self.fail("each argument once", "remove one of the two");
            }
            let value = self.value(word.parameters[index].kind)?;
            given.push((index, value));
            if self.peek() != Some(')') {
                self.expect(',', "separate arguments by commas and close the parenthesis")?;
            }
        }
        Ok(())
    }

    /// Which parameter comes next: the named one, or the one at this place.
    fn parameter(&mut self, word: &'static Word, place: usize) -> Result<usize, ScheduleError> {
        self.peek();
        let begin = self.place;
        let name = self.name();
        let found = word.parameters.iter().position(|parameter| parameter.name == name);
        if self.take('=') {
            if let Some(index) = found {
                return Ok(index);
            }
        } else if place < word.parameters.len() {
            self.place = begin;
            return Ok(place);
        }
        self.place = begin;
        let names: Vec<&str> = word.parameters.iter().map(|parameter| parameter.name).collect();
        let expected = match names.as_slice() {
            [] => "`)`: it has no arguments".to_owned(),
            names => format!("an argument of {}: {}", word.name, names.join(", ")),
        };
        self.fail(&expected, "name one of them, or remove it")
    }

    fn value(&mut self, kind: Kind) -> Result<Value, ScheduleError> {
        match kind {
            Kind::Number => {
                let number = self.number()?;
                Ok(Value::Amount(Amount { number, unit: Unit::Plain }))
            }
            Kind::Amount => Ok(Value::Amount(self.amount()?)),
            Kind::Word(words) => {
                self.peek();
                let begin = self.place;
                let name = self.name();
                if let Some(word) = words.iter().find(|word| **word == name) {
                    return Ok(Value::Word(word));
                }
                self.place = begin;
                self.fail(&format!("one of {}", words.join(", ")), "choose one of them")
            }
            Kind::List => {
                let mut amounts = Vec::new();
                self.expect('[', "write a list, such as `[30%, 60%]`")?;
                while !self.take(']') {
                    amounts.push(self.amount()?);
                    if self.peek() != Some(']') {
                        self.expect(',', "separate values by commas and close the bracket")?;
                    }
                }
                Ok(Value::List(amounts))
            }
        }
    }

    fn amount(&mut self) -> Result<Amount, ScheduleError> {
        let number = self.number()?;
        if self.take('%') {
            return Ok(Amount { number, unit: Unit::Percent });
        }
        if self.peek().is_some_and(char::is_alphabetic) {
            let begin = self.place;
            let unit = match self.name() {
                "epochs" | "epoch" => Some(Unit::Epochs),
                "tokens" | "token" => Some(Unit::Tokens),
                _ => None,
            };
            if let Some(unit) = unit {
                return Ok(Amount { number, unit });
            }
            self.place = begin;
            let expected = "`%`, `epochs`, `tokens` or nothing";
            return self.fail(expected, "write steps without a unit");
        }
        Ok(Amount { number, unit: Unit::Plain })
    }

    fn number(&mut self) -> Result<f64, ScheduleError> {
        self.peek();
        let rest = &self.text[self.place..];
        let length = number_length(rest.as_bytes());
        match rest[..length].parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.place += length;
                Ok(number)
            }
            _ => self.fail("a finite number", "write digits, such as 0.5 or 3e-4"),
        }
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

fn begins_number(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')
}

/// Bytes of the number at the start of a text; an exponent counts only with its digits.
fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|it| it.is_ascii_digit()).count();
    let mut end = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    end += digits(end);
    if text.get(end) == Some(&b'.') {
        end += 1;
        end += digits(end);
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let begin = end + 1 + sign;
        let count = if begin <= text.len() { digits(begin) } else { 0 };
        if count > 0 {
            end = begin + count;
        }
    }
    end
}
