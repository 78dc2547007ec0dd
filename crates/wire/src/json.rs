//! JSON with positions: what the problem and the schedule format share.
//!
//! Lists are read item by item, so that every broken item is reported with its own line, and a
//! later mistake of meaning can still name the line of the item.
//!
//! **Source:** RFC 8259 (JSON).

mod words;

use crate::diagnostic::{Diagnostic, Diagnostics, Report, clip, quote};
use crate::text::Text;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Where an item of a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// An item of a list with its place.
pub(crate) struct Placed<T> {
    pub(crate) place: Place,
    pub(crate) item: T,
}

/// Whether a text looks like JSON.
pub(crate) fn is_object(text: &Text<'_>) -> bool {
    text.content().trim_ascii_start().starts_with('{')
}

/// The whole text, if its `format` line is `expected`.
pub(crate) fn parse<'t, T: Deserialize<'t>>(
    text: &Text<'t>,
    expected: &str,
) -> Result<T, Diagnostics> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    let start = Place { line: 1, column: 1 };
    let whole = format!("a document `{{\"format\": \"{expected}\", …}}`");
    if !is_object(text) {
        let first = text.lines().find(|line| !line.content.trim().is_empty());
        let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
        let hint = "give a file of this kind";
        let place = first.map_or(1, |line| line.number);
        return Err(Diagnostic::of_file(text.name(), whole, found, hint).at_line(place).into());
    }
    let head: Head = serde_json::from_str(text.content())
        .map_err(|error| diagnostic(text, &error, start, &whole))?;
    if head.format.as_deref() != Some(expected) {
        let found = head.format.map_or("no such line".to_owned(), |format| quote(&format));
        let key = text.lines().find(|line| line.content.contains("\"format\""));
        let expected = format!("\"format\": \"{expected}\"");
        let hint = "give a file of this kind and version, or correct the line";
        let place = key.or_else(|| text.lines().next()).map_or(1, |line| line.number);
        return Err(Diagnostic::of_file(text.name(), expected, found, hint).at_line(place).into());
    }
    let parsed = serde_json::from_str(text.content());
    parsed.map_err(|error| diagnostic(text, &error, start, &whole).into())
}

/// Number of the first line with this key; 1 where there is none.
pub(crate) fn line_of(text: &Text<'_>, key: &str) -> u32 {
    let line = text.lines().find(|line| line.content.contains(key));
    line.map_or(1, |line| line.number)
}

/// The items of a list; those that are broken are reported and left out.
pub(crate) fn items<'t, T: Deserialize<'t>>(
    text: &Text<'t>,
    raws: &[&'t RawValue],
    report: &mut Report<'_>,
) -> Vec<Placed<T>> {
    let content = text.content();
    let (mut offset, mut place) = (0, Place { line: 1, column: 1 });
    let mut items = Vec::with_capacity(raws.len());
    for raw in raws {
        let start = raw.get().as_ptr() as usize - content.as_ptr() as usize;
        let passed = &content.as_bytes()[offset..start];
        place.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u32;
        match passed.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => place.column = (passed.len() - end) as u32,
            None => place.column += passed.len() as u32,
        }
        offset = start;
        match serde_json::from_str(raw.get()) {
            Ok(item) => items.push(Placed { place, item }),
            Err(error) => report.add(diagnostic(text, &error, place, "an object `{…}`")),
        }
    }
    items
}

/// A mistake that serde found within a piece of the text that begins at `place` and should hold
/// `object`.
fn diagnostic(
    text: &Text<'_>,
    error: &serde_json::Error,
    place: Place,
    object: &str,
) -> Diagnostic {
    let (line, column) = (error.line().max(1) as u32, error.column().max(1) as u32);
    let at = match line {
        1 => (place.line, place.column + column - 1),
        _ => (place.line + line - 1, column),
    };
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |parts| parts.0);
    let (expected, found) = words::translate(message, object);
    let hint = "correct this place";
    Diagnostic::of_file(text.name(), clip(expected, 160), found, hint).at(at.0, at.1)
}
