//! Text as lines and tokens that know where they stand.
//!
//! Tokens are separated by ASCII white space. Lines and columns count from 1, columns in bytes.
//! Nothing is copied: lines and tokens borrow from the bytes that were read.
//!
//! **Source:** -

use crate::diagnostic::Diagnostic;

/// Most things of one kind (jobs, machines, tasks) that a header may announce.
pub const COUNT_MAX: usize = 1 << 22;

/// A header may announce this many things even when the file is shorter.
const COUNT_ALWAYS: usize = 1000;

/// One text with the names that messages and problems use.
#[derive(Clone, Debug)]
pub struct Text<'t> {
    name: String,
    instance: String,
    content: &'t str,
    line_first: u32,
    parameter: Option<String>,
}

/// One line of a text, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// Number, from 1.
    pub number: u32,
    /// What stands on it.
    pub content: &'t str,
}

/// A run of characters without white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The characters.
    pub text: &'t str,
    /// Line, from 1.
    pub line: u32,
    /// Column of its first byte, from 1.
    pub column: u32,
}

impl<'t> Text<'t> {
    /// The text in `bytes`, called `name` in messages; the instance is named after the last part
    /// of `name`, without its extension (and without `.gz`).
    ///
    /// # Errors
    /// When the bytes are no UTF-8 text: a message with the line of the first wrong byte.
    pub fn new(name: impl Into<String>, bytes: &'t [u8]) -> Result<Text<'t>, Diagnostic> {
        let name = name.into();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let valid = match std::str::from_utf8(bytes) {
            Ok(content) if !bytes.contains(&0) => {
                let instance = stem(&name).to_owned();
                let (line_first, parameter) = (1, None);
                return Ok(Text { name, instance, content, line_first, parameter });
            }
            Ok(_) => bytes.iter().position(|&byte| byte == 0).unwrap_or(0),
            Err(error) => error.valid_up_to(),
        };
        let line = 1 + bytes[..valid].iter().filter(|&&byte| byte == b'\n').count();
        let found = format!("byte {:#04x}", bytes[valid]);
        let hint = "give a text file, or an archive ending in .gz or .tar.gz";
        Err(Diagnostic::of_file(name, "UTF-8 text", found, hint).at_line(line as u32))
    }

    /// The same text whose instance has another name.
    pub fn with_instance(self, instance: impl Into<String>) -> Self {
        Text { instance: instance.into(), ..self }
    }

    /// The same text with what the user said about its format: `40` of `wt:40`.
    pub fn with_parameter(self, parameter: Option<&str>) -> Self {
        Text { parameter: parameter.map(str::to_owned), ..self }
    }

    /// The part from line `first` up to line `end` (excluded), or to the end of the text.
    ///
    /// # Panics
    /// When a line is not of this text, or `end` stands in front of `first`.
    pub fn part(&self, first: Line<'t>, end: Option<Line<'t>>) -> Text<'t> {
        let offset =
            |line: Line<'_>| line.content.as_ptr() as usize - self.content.as_ptr() as usize;
        let until = end.map_or(self.content.len(), offset);
        let content = &self.content[offset(first)..until];
        Text { content, line_first: first.number, ..self.clone() }
    }

    /// Name of the file for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Name of the instance.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// The last part of the name of the file, without its extension.
    pub fn stem(&self) -> &str {
        stem(&self.name)
    }

    /// What the user said about the format, behind its name and a colon.
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref()
    }

    /// The characters.
    pub fn content(&self) -> &'t str {
        self.content
    }

    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'t>> + Clone + use<'t> {
        let numbered = self.content.lines().zip(self.line_first..);
        numbered.map(|(content, number)| Line { number, content })
    }

    /// Lines that hold something other than white space and do not begin with `#`.
    pub fn data_lines(&self) -> impl Iterator<Item = Line<'t>> + Clone + use<'t> {
        self.lines().filter(|line| {
            let content = line.content.trim_ascii_start();
            !content.is_empty() && !content.starts_with('#')
        })
    }

    /// Number of the last line; 1 for an empty text.
    pub fn line_last(&self) -> u32 {
        self.line_first + (self.content.lines().count().max(1) - 1) as u32
    }

    /// Number of the first line that holds something; of the first line where there is none.
    pub fn line_first_said(&self) -> u32 {
        self.data_lines().next().map_or(self.line_first, |line| line.number)
    }

    /// Line of the largest whole number, the likely culprit where sums are too large; the first
    /// line where there is no number. O(text).
    pub fn line_of_largest_number(&self) -> u32 {
        let separates = |letter: char| letter.is_whitespace() || ",:;[]{}()".contains(letter);
        let largest = |line: Line<'_>| {
            let numbers = line.content.split(separates).filter_map(|it| it.parse::<i64>().ok());
            numbers.map(i64::unsigned_abs).max()
        };
        let lines = self.lines().filter_map(|line| Some((largest(line)?, line.number)));
        let found = lines.reduce(|best, it| if it.0 > best.0 { it } else { best });
        found.map_or(self.line_first, |(_, line)| line)
    }

    /// Most things of a kind that a header of this text may announce: each needs at least one
    /// byte of the file, and [`COUNT_MAX`] is never passed.
    pub fn count_limit(&self) -> i64 {
        self.content.len().clamp(COUNT_ALWAYS, COUNT_MAX) as i64
    }

    /// Whether the name ends with one of these extensions, in whatever case, `.gz` aside.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = last_part(&self.name).rsplit_once('.').map(|parts| parts.1);
        extension.is_some_and(|found| extensions.iter().any(|it| found.eq_ignore_ascii_case(it)))
    }
}

impl<'t> Line<'t> {
    /// The tokens of the line.
    pub fn tokens(self) -> impl Iterator<Item = Token<'t>> + Clone + use<'t> {
        let mut rest = self.content;
        std::iter::from_fn(move || {
            rest = rest.trim_ascii_start();
            let length = rest.bytes().position(|byte| byte.is_ascii_whitespace());
            let (text, after) = rest.split_at(length.unwrap_or(rest.len()));
            let column = self.content.len() - rest.len() + 1;
            rest = after;
            let token = Token { text, line: self.number, column: column as u32 };
            (!text.is_empty()).then_some(token)
        })
    }
}

impl Token<'_> {
    /// The whole number that the token spells, if it does.
    pub fn integer(self) -> Option<i64> {
        self.text.parse().ok()
    }
}

/// The last part of a name (`archive#folder/file.ext`), without `.gz`.
fn last_part(name: &str) -> &str {
    let last = name.rsplit(['/', '\\', '#']).next().unwrap_or(name);
    last.strip_suffix(".gz").filter(|rest| !rest.is_empty()).unwrap_or(last)
}

/// The last part of a name, without its extension.
fn stem(name: &str) -> &str {
    let last = last_part(name);
    match last.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_their_place() {
        let text = Text::new("x.txt", b"\n 12\t3\r\n# note\n7").expect("text");
        let tokens: Vec<_> = text
            .data_lines()
            .flat_map(Line::tokens)
            .map(|token| (token.text, token.line, token.column))
            .collect();
        assert_eq!(tokens, [("12", 2, 2), ("3", 2, 5), ("7", 4, 1)]);
        assert_eq!(text.line_last(), 4);
    }

    #[test]
    fn parts_keep_the_line_numbers_of_the_file() {
        let text = Text::new("x.txt", b"a\nb\nc\nd\n").expect("text");
        let all: Vec<_> = text.lines().collect();
        assert_eq!(text.part(all[1], Some(all[3])).lines().collect::<Vec<_>>(), all[1..3]);
        assert_eq!(text.part(all[3], None).lines().collect::<Vec<_>>(), all[3..]);
    }

    #[test]
    fn the_line_of_the_largest_number_is_the_first_of_those() {
        for (content, line) in [
            ("1 2\n3 -9\n9 4", 2),
            ("{\"a\":5,\n\"b\":[7,6]}", 2),
            ("x\n12a\n3", 3),
            ("x\ny", 1),
            ("", 1),
        ] {
            let text = Text::new("x.txt", content.as_bytes()).expect("text");
            assert_eq!(text.line_of_largest_number(), line, "{content}");
        }
    }

    #[test]
    fn instances_are_named_after_the_file() {
        for (name, instance) in [
            ("data/ft10.txt", "ft10"),
            ("j30.tar.gz#j30/j3013_1.sm", "j3013_1"),
            ("plain", "plain"),
            ("la01.txt.gz", "la01"),
            (".hidden", ".hidden"),
        ] {
            assert_eq!(Text::new(name, b"").expect("text").instance(), instance);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        for bytes in [&b"1 2\n3 \xff"[..], b"1\n\x00"] {
            let diagnostic = Text::new("x", bytes).expect_err("binary");
            assert_eq!(diagnostic.line, Some(2));
        }
    }

    #[test]
    fn extensions_compare_without_case() {
        let text = Text::new("a#b/J301.SM", b"").expect("text");
        assert!(text.has_extension(&["sm"]));
        assert!(!text.has_extension(&["mm"]));
    }
}
