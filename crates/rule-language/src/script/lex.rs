//! Words of a script: indentation becomes words, comments and what is inside brackets do not.
//!
//! O(length). Brackets and blocks nest as deep as [`DEPTH_MAX`], a statement has at most
//! [`WORDS_MAX`] words, so that nothing that walks a script runs out of stack.
//!
//! **Source:** Python language reference, chapter 2.

use super::{SCRIPT_BYTES_MAX, ScriptError};

/// Greatest depth of brackets, and of blocks.
pub(super) const DEPTH_MAX: usize = 32;
/// Most words of a statement.
const WORDS_MAX: usize = 400;
/// Most lines.
const LINES_MAX: usize = 1000;
/// Largest whole number.
pub(super) const INTEGER_MAX: i64 = 1 << 53;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(String),
    Int(i64),
    Float(f64),
    /// A text; only a line of its own may be one.
    Text,
    Sign(&'static str),
    Newline,
    Indent,
    Dedent,
    End,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 37] = [
    "//=", "**=", "<<=", ">>=", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "//", "**",
    "<<", ">>", ":=", "->", "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", "[", "]", "{", "}",
    ",", ":", ".", ";",
];

/// The words of a script, each with its line.
pub(super) fn words(text: &str) -> Result<Vec<(Word, u32)>, ScriptError> {
    let wrong = |line: u32, words: String| ScriptError { line, words, is_unknown_name: false };
    if text.len() > SCRIPT_BYTES_MAX || text.lines().count() > LINES_MAX {
        let found = format!("{} bytes in {} lines", text.len(), text.lines().count());
        let most = format!("expected at most {SCRIPT_BYTES_MAX} bytes in {LINES_MAX} lines");
        return Err(wrong(1, format!("{most}, found {found}")));
    }
    let mut lexer = Lexer { words: Vec::new(), indents: vec![0], depth: 0, statement: 0, line: 0 };
    let mut quoted: Option<&str> = None;
    for (line, content) in (1..).zip(text.lines()) {
        lexer.line = line;
        let mut rest = content;
        if let Some(quotes) = quoted {
            let Some(end) = rest.find(quotes) else { continue };
            rest = &rest[end + 3..];
        } else if lexer.depth == 0 {
            let bare = rest.trim_start_matches([' ', '\t']);
            if bare.is_empty() || bare.starts_with('#') {
                continue;
            }
            lexer.indent(rest.len() - bare.len()).map_err(|words| wrong(line, words))?;
            rest = bare;
        }
        quoted = lexer.line(rest).map_err(|words| wrong(line, words))?;
        if lexer.depth == 0 && quoted.is_none() {
            lexer.push(Word::Newline).map_err(|words| wrong(line, words))?;
            lexer.statement = 0;
        }
    }
    let line = lexer.line;
    if lexer.depth > 0 || quoted.is_some() {
        return Err(wrong(line, "expected a closing bracket or quote, found the end".to_owned()));
    }
    lexer.indent(0).map_err(|words| wrong(line, words))?;
    lexer.words.push((Word::End, line));
    Ok(lexer.words)
}

struct Lexer {
    words: Vec<(Word, u32)>,
    indents: Vec<usize>,
    depth: usize,
    /// Words of the present statement.
    statement: usize,
    line: u32,
}

impl Lexer {
    fn push(&mut self, word: Word) -> Result<(), String> {
        self.words.push((word, self.line));
        self.statement += 1;
        if self.statement > WORDS_MAX {
            return Err(format!("expected a statement of at most {WORDS_MAX} words, found more"));
        }
        Ok(())
    }

    fn indent(&mut self, width: usize) -> Result<(), String> {
        let last = self.indents.last().copied().unwrap_or(0);
        if width > last {
            if self.indents.len() > DEPTH_MAX {
                return Err(format!("expected at most {DEPTH_MAX} blocks in each other"));
            }
            self.indents.push(width);
            return self.push(Word::Indent);
        }
        while self.indents.last().is_some_and(|&it| it > width) {
            self.indents.pop();
            self.push(Word::Dedent)?;
        }
        match self.indents.last() {
            Some(&it) if it == width => Ok(()),
            _ => Err("expected the indentation of a block above, found another".to_owned()),
        }
    }

    /// Reads a line; gives the quotes of a text that goes on.
    fn line(&mut self, mut rest: &str) -> Result<Option<&'static str>, String> {
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r']);
            let Some(first) = rest.chars().next() else { return Ok(None) };
            if first == '#' {
                return Ok(None);
            }
            if first == '"' || first == '\'' {
                self.push(Word::Text)?;
                let triple = if first == '"' { "\"\"\"" } else { "'''" };
                if let Some(inside) = rest.strip_prefix(triple) {
                    let Some(end) = inside.find(triple) else { return Ok(Some(triple)) };
                    rest = &inside[end + 3..];
                    continue;
                }
                let end = rest[1..].find(first).ok_or("expected the end of a text, found none")?;
                rest = &rest[end + 2..];
                continue;
            }
            rest = self.word(rest, first)?;
        }
    }

    fn word<'t>(&mut self, rest: &'t str, first: char) -> Result<&'t str, String> {
        if first.is_ascii_digit() {
            return self.number(rest);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let within = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let end = rest.find(|it| !within(it)).unwrap_or(rest.len());
            self.push(Word::Name(rest[..end].to_owned()))?;
            return Ok(&rest[end..]);
        }
        let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
        let sign = sign.ok_or_else(|| format!("expected a word or a sign, found `{first}`"))?;
        match sign {
            "(" | "[" | "{" => self.depth += 1,
            ")" | "]" | "}" => {
                let closed = self.depth.checked_sub(1);
                self.depth = closed.ok_or_else(|| format!("nothing is open before `{sign}`"))?;
            }
            _ => {}
        }
        if self.depth > DEPTH_MAX {
            return Err(format!("expected at most {DEPTH_MAX} brackets in each other"));
        }
        self.push(Word::Sign(sign))?;
        Ok(&rest[sign.len()..])
    }

    fn number<'t>(&mut self, rest: &'t str) -> Result<&'t str, String> {
        let mut end = 0;
        let bytes = rest.as_bytes();
        while let Some(&byte) = bytes.get(end) {
            let after_exponent = end > 0 && matches!(bytes[end - 1], b'e' | b'E');
            let sign = matches!(byte, b'+' | b'-') && after_exponent;
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || sign) {
                break;
            }
            end += 1;
        }
        let text = &rest[..end];
        let is_whole = text.bytes().all(|it| it.is_ascii_digit());
        let word = match is_whole {
            true => text.parse().ok().filter(|it| *it <= INTEGER_MAX).map(Word::Int),
            false => text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Word::Float),
        };
        self.push(word.ok_or_else(|| format!("expected a number up to 2^53, found `{text}`"))?)?;
        Ok(&rest[end..])
    }
}
