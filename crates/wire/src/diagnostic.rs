//! What is wrong with an input, where, and what to change.
//!
//! A reader never stops at the first mistake where it can sensibly go on: it collects up to
//! [`DIAGNOSTICS_MAX`] diagnostics in a [`Report`] and returns them all. What a file says is
//! quoted shortened, so that a message stays one line whatever the input was.
//!
//! **Source:** diagnostics with positions as compilers print them.

use crate::text::{Text, Token};
use std::fmt;
use std::ops::RangeInclusive;

/// Most diagnostics that are collected for one text.
pub const DIAGNOSTICS_MAX: usize = 20;

/// Most characters of an input that a message quotes.
const QUOTE_MAX: usize = 40;

/// Most characters of what was found that a message bears.
const FOUND_MAX: usize = 300;

/// One mistake in an input: where it is, what was expected and found, what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the file as the user gave it; members of archives as `archive#member`.
    pub file: String,
    /// Line, from 1, where there is one.
    pub line: Option<u32>,
    /// Column in bytes, from 1, where there is one.
    pub column: Option<u32>,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// What to change.
    pub hint: String,
}

impl Diagnostic {
    /// A diagnostic about a whole file; what was found is cut to a bearable length.
    pub fn of_file(
        file: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Diagnostic {
            file: file.into(),
            line: None,
            column: None,
            expected: expected.into(),
            found: clip(found.into(), FOUND_MAX),
            hint: hint.into(),
        }
    }

    /// The same diagnostic at a line.
    pub fn at_line(self, line: u32) -> Self {
        Diagnostic { line: Some(line), ..self }
    }

    /// The same diagnostic at a line and column.
    pub fn at(self, line: u32, column: u32) -> Self {
        Diagnostic { line: Some(line), column: Some(column), ..self }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(formatter, ", column {column}")?;
        }
        write!(formatter, ": expected {}, found {}; {}", self.expected, self.found, self.hint)
    }
}

/// Why an input cannot be read: at least one diagnostic, in the order of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.0))]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// The first mistake.
    pub fn first(&self) -> &Diagnostic {
        self.0.first().expect("diagnostics hold at least one")
    }

    /// All mistakes.
    pub fn all(&self) -> &[Diagnostic] {
        &self.0
    }

    /// Those of `first`, then those of `rest`.
    pub fn with(mut self, rest: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.0.extend(rest);
        self.0.truncate(DIAGNOSTICS_MAX);
        self
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics(vec![diagnostic])
    }
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    lines.join("\n")
}

/// Quotes a piece of an input, shortened to what a message can bear.
pub fn quote(text: &str) -> String {
    let start: String = text.trim().chars().take(QUOTE_MAX + 1).collect();
    format!("`{}`", clip(visible(&start), QUOTE_MAX))
}

/// Whether a letter would move the cursor of a terminal, end a line, or turn the direction of the
/// letters around it.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2066}'..='\u{2069}')
}

/// The text on one line, each hidden letter replaced by a visible one: safe on any terminal.
pub fn visible(text: &str) -> String {
    text.chars().map(|letter| if is_hidden(letter) { '\u{fffd}' } else { letter }).collect()
}

/// The text, or its first `most` characters with a sign that something was left out.
pub(crate) fn clip(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The same JSON, its hidden letters escaped: they occur within strings only.
pub fn visible_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match is_hidden(letter) {
            true => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            false => out.push(letter),
        }
    }
    out
}

/// Collects what is wrong with one text.
#[derive(Debug)]
pub struct Report<'a> {
    text: &'a Text<'a>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Report<'a> {
    /// A report without mistakes yet.
    pub fn new(text: &'a Text<'_>) -> Self {
        Report { text, diagnostics: Vec::new() }
    }

    /// Adds a mistake; beyond [`DIAGNOSTICS_MAX`] it is dropped.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds a mistake at a token, which is quoted as what was found.
    pub fn at(&mut self, token: Token<'_>, expected: impl Into<String>, hint: impl Into<String>) {
        let diagnostic = Diagnostic::of_file(self.text.name(), expected, quote(token.text), hint);
        self.add(diagnostic.at(token.line, token.column));
    }

    /// Adds a mistake at a line.
    pub fn line(
        &mut self,
        line: u32,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(Diagnostic::of_file(self.text.name(), expected, found, hint).at_line(line));
    }

    /// Adds a mistake of the whole text, at the first of its lines that says something.
    pub fn whole(
        &mut self,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.line(self.text.line_first_said(), expected, found, hint);
    }

    /// Adds a mistake that building a problem has found: at its line where one is known, at that
    /// of the largest number otherwise, for most of those are sums that are too large. What to
    /// change are the words of the error behind its last semicolon, `otherwise` where there is
    /// none.
    pub fn invalid(
        &mut self,
        line: Option<u32>,
        expected: impl Into<String>,
        error: &dyn fmt::Display,
        otherwise: &str,
    ) {
        let line = line.unwrap_or_else(|| self.text.line_of_largest_number());
        let message = error.to_string();
        match message.rsplit_once("; ") {
            Some((found, hint)) => self.line(line, expected, found, hint),
            None => self.line(line, expected, message, otherwise),
        }
    }

    /// The token as a whole number within `range`; otherwise a mistake, and `None`.
    pub fn number(
        &mut self,
        token: Token<'_>,
        what: &str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        if let Some(number) = token.integer().filter(|number| range.contains(number)) {
            return Some(number);
        }
        let (least, most) = (range.start(), range.end());
        let expected = match least == most {
            true => format!("{what} {least}"),
            false => format!("{what} from {least} to {most}"),
        };
        self.at(token, expected, "correct the number");
        None
    }

    /// Whether nothing more is collected: a reader may give up.
    pub fn is_full(&self) -> bool {
        self.diagnostics.len() >= DIAGNOSTICS_MAX
    }

    /// Whether no mistake was found.
    pub fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The value, if no mistake was found.
    ///
    /// # Errors
    /// All mistakes collected.
    pub fn finish<T>(self, value: T) -> Result<T, Diagnostics> {
        if self.diagnostics.is_empty() { Ok(value) } else { Err(Diagnostics(self.diagnostics)) }
    }

    /// All mistakes collected, as the failure of a reader.
    ///
    /// # Panics
    /// When no mistake was found.
    pub fn fail(self) -> Diagnostics {
        assert!(!self.diagnostics.is_empty(), "a reader fails with at least one diagnostic");
        Diagnostics(self.diagnostics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_reads_as_one_sentence() {
        let diagnostic =
            Diagnostic::of_file("mk01.fjs", "6 operations", "5", "add the missing one");
        assert_eq!(
            diagnostic.clone().at_line(3).to_string(),
            "mk01.fjs, line 3: expected 6 operations, found 5; add the missing one"
        );
        assert!(
            diagnostic.at(3, 7).to_string().starts_with("mk01.fjs, line 3, column 7: expected")
        );
    }

    #[test]
    fn long_and_unprintable_pieces_are_shortened() {
        assert_eq!(quote(" 12\u{7}3 "), "`12\u{fffd}3`");
        let long = quote(&"9".repeat(1_000_000));
        assert_eq!(long.chars().count(), QUOTE_MAX + 3);
    }

    #[test]
    fn what_moves_the_cursor_or_turns_letters_becomes_visible() {
        for hidden in ["\u{1b}", "\n", "\r", "\u{7f}", "\u{9b}", "\u{202e}", "\u{2066}"] {
            assert_eq!(visible(&format!("a{hidden}b")), "a\u{fffd}b", "{hidden:?}");
            assert_eq!(quote(&format!("a{hidden}b")), "`a\u{fffd}b`", "{hidden:?}");
        }
        assert_eq!(visible("zwei Wörter ❄"), "zwei Wörter ❄");
    }

    #[test]
    fn hidden_letters_of_json_are_escaped_and_mean_the_same() {
        let names = ["a\u{202e}b", "\u{9b}31m", "\u{1b}", "plain ❄"];
        let json = serde_json::to_string(&names).expect("texts are JSON");
        let shown = visible_json(&json);
        assert!(!shown.chars().any(is_hidden), "{shown:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).expect("JSON"), names);
    }

    #[test]
    fn no_more_than_the_limit_is_collected() {
        let text = Text::new("x", b"").expect("text");
        let mut report = Report::new(&text);
        for line in 0..100 {
            report.line(line, "a", "b", "c");
        }
        assert_eq!(report.fail().all().len(), DIAGNOSTICS_MAX);
    }
}
