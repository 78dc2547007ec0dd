//! From bytes to problems: unpack, detect the format, read.
//!
//! An address is a path with an optional selector: `j30.tar.gz#j3013_1.sm` is one member, by its
//! full path or its last part; `wt40.txt#3` the third instance of a text, counted from 1; both
//! together as `a.tar.gz#wt40.txt#3`. Without selector every instance comes in turn.
//!
//! **Source:** -

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::format::{Fit, Format};
use crate::problem_json::TimeScale;
use crate::text::Text;
use crate::unpack::{Piece, unpack};
use ordine_problem::Problem;
use std::io::Read;
use std::ops::ControlFlow;

/// What to read of an input, and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Name of the input in messages, usually its path.
    pub name: &'a str,
    /// What of it: the part of its address after `#`.
    pub selector: Option<&'a str>,
    /// Name of a format, instead of detection; perhaps with a parameter, as in `wt:40`.
    pub format: Option<&'a str>,
    /// The formats that are known; among equal fits the earlier one wins.
    pub formats: &'a [&'static dyn Format],
}

/// A path and what is selected in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The file.
    pub path: &'a str,
    /// What of it, if not all.
    pub selector: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// Splits at the first `#`; a path without one, or with nothing behind it, is all path.
    pub fn parse(address: &'a str) -> Self {
        match address.split_once('#') {
            Some((path, selector)) if !path.is_empty() && !selector.is_empty() => {
                Address { path, selector: Some(selector) }
            }
            _ => Address { path: address, selector: None },
        }
    }
}

/// A problem that was read.
#[derive(Debug)]
pub struct Found {
    /// Where it was read, as in messages: `j30.tar.gz#j30/j3013_1.sm`.
    pub source: String,
    /// The format it was read in.
    pub format: &'static dyn Format,
    /// The problem.
    pub problem: Problem,
    /// What its integers mean, where the file says it.
    pub scale: TimeScale,
}

/// One result of reading an input.
#[derive(Debug)]
pub enum Item {
    /// An instance.
    Found(Box<Found>),
    /// An instance that cannot be read, or an input that cannot be unpacked.
    Bad(Diagnostics),
    /// A member of an archive that is no instance, or bytes that belong to none: a warning.
    Skipped(Diagnostic),
}

/// Reads every selected instance of an input and gives it to `each`, until that breaks.
///
/// At least one item is given, whatever the input is. One member is in memory at a time.
pub fn read_problems(
    request: &Request<'_>,
    input: &mut dyn Read,
    each: &mut dyn FnMut(Item) -> ControlFlow<()>,
) {
    let mut reading =
        Reading { request, each, instances: 0, items: 0, passed: 0, seen: Vec::new() };
    let selection = Selection::parse(request.selector);
    let wanted = |path: &str| selection.member.is_none_or(|member| is_named(path, member));
    let mut broke = false;
    let end = unpack(input, request.name, &wanted, &mut |piece| {
        let flow = reading.piece(piece, &selection);
        broke = flow.is_break();
        flow
    });
    match end {
        Err(diagnostic) => drop((reading.each)(Item::Bad(diagnostic.into()))),
        Ok(()) if !broke && reading.instances == 0 => reading.nothing(&selection),
        Ok(()) => {}
    }
}

/// Reads the only instance of a text that is neither packed nor one of several.
///
/// # Errors
/// All mistakes found.
pub fn read_one(
    bytes: &[u8],
    name: &str,
    formats: &[&'static dyn Format],
) -> Result<Found, Diagnostics> {
    let text = Text::new(name, bytes)?;
    let (format, _) = choose(&text, None, formats)?;
    read_text(&text, format)
}

struct Selection<'a> {
    /// Number of the instance within its text, from 1.
    number: Option<usize>,
    member: Option<&'a str>,
}

impl<'a> Selection<'a> {
    fn parse(selector: Option<&'a str>) -> Self {
        let Some(selector) = selector else { return Selection { number: None, member: None } };
        if let Ok(number) = selector.parse() {
            return Selection { number: Some(number), member: None };
        }
        match selector.rsplit_once('#').map(|(member, number)| (member, number.parse())) {
            Some((member, Ok(number))) => Selection { number: Some(number), member: Some(member) },
            _ => Selection { number: None, member: Some(selector) },
        }
    }
}

fn is_named(path: &str, member: &str) -> bool {
    path == member || path.rsplit('/').next() == Some(member)
}

struct Reading<'a, 'e> {
    request: &'a Request<'a>,
    each: &'e mut dyn FnMut(Item) -> ControlFlow<()>,
    /// Instances given so far, good or bad.
    instances: usize,
    /// Members seen so far.
    items: usize,
    /// Instances of members seen so far.
    passed: usize,
    /// Paths of the first members, for a message.
    seen: Vec<String>,
}

impl Reading<'_, '_> {
    fn piece(&mut self, piece: Piece, selection: &Selection<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Plain(bytes) => self.plain(&bytes, selection),
            Piece::Member { path, bytes } => {
                self.note(&path);
                self.member(&path, &bytes, selection)
            }
            Piece::Skipped { path, why } => {
                self.note(&path);
                self.skip(&path, why)
            }
            Piece::Trailing => {
                let (expected, found) = ("nothing behind the compressed data", "other bytes");
                let warning = Diagnostic::of_file(self.request.name, expected, found, "ignored");
                (self.each)(Item::Skipped(warning))
            }
        }
    }

    fn note(&mut self, path: &str) {
        self.items += 1;
        if self.seen.len() < 3 {
            self.seen.push(path.to_owned());
        }
    }

    /// Warns about a member that is no instance, unless something else was asked for anyway.
    fn skip(&mut self, path: &str, why: &str) -> ControlFlow<()> {
        if self.request.selector.is_some() {
            return ControlFlow::Continue(());
        }
        let file = format!("{}#{path}", self.request.name);
        let found = format!("none: {why}");
        (self.each)(Item::Skipped(Diagnostic::of_file(file, "an instance", found, "skipped")))
    }

    fn plain(&mut self, bytes: &[u8], selection: &Selection<'_>) -> ControlFlow<()> {
        if let Some(member) = selection.member {
            let found = format!("`#{member}` for a text, which has no members");
            let hint = "select the instance by its number, or leave the selector out";
            return self
                .bad(Diagnostic::of_file(self.request.name, "a number", found, hint).into());
        }
        match self.open(self.request.name, bytes) {
            Ok((text, format)) => self.instances_of(&text, format, selection.number),
            Err(diagnostics) => self.bad(diagnostics),
        }
    }

    fn member(&mut self, path: &str, bytes: &[u8], selection: &Selection<'_>) -> ControlFlow<()> {
        let by_name = selection.member.is_some();
        match self.open(&format!("{}#{path}", self.request.name), bytes) {
            Ok((text, format)) if by_name => {
                self.instances_of(&text, format, selection.number)?;
                // A full path names one member; a last part may name several.
                match selection.member == Some(path) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            }
            Ok((text, format)) => self.counted(&text, format, selection.number),
            Err(diagnostics) if by_name || self.request.format.is_some() => self.bad(diagnostics),
            Err(_) => self.skip(path, "it fits no format"),
        }
    }

    fn open<'t>(
        &self,
        name: &str,
        bytes: &'t [u8],
    ) -> Result<(Text<'t>, &'static dyn Format), Diagnostics> {
        let text = Text::new(name, bytes)?;
        let (format, parameter) = choose(&text, self.request.format, self.request.formats)?;
        Ok((text.with_parameter(parameter), format))
    }

    /// The instances of one text, or the one with this number.
    fn instances_of(
        &mut self,
        text: &Text<'_>,
        format: &'static dyn Format,
        number: Option<usize>,
    ) -> ControlFlow<()> {
        let parts = format.split(text);
        if parts.is_empty() {
            let hint = "give a file that holds one";
            let found = "none in this text";
            let expected = "at least one instance";
            return self.bad(Diagnostic::of_file(text.name(), expected, found, hint).into());
        }
        let Some(number) = number else {
            return parts.iter().try_for_each(|part| self.give(read_text(part, format)));
        };
        match number.checked_sub(1).and_then(|index| parts.get(index)) {
            Some(part) => self.give(read_text(part, format)),
            None => self.bad(no_such_number(text.name(), number, parts.len()).into()),
        }
    }

    /// The instances of one member, or the one with this number among all of the archive.
    fn counted(
        &mut self,
        text: &Text<'_>,
        format: &'static dyn Format,
        number: Option<usize>,
    ) -> ControlFlow<()> {
        for part in format.split(text) {
            self.passed += 1;
            if number.is_none_or(|number| number == self.passed) {
                self.give(read_text(&part, format))?;
            }
            if number == Some(self.passed) {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn give(&mut self, read: Result<Found, Diagnostics>) -> ControlFlow<()> {
        self.instances += 1;
        (self.each)(match read {
            Ok(found) => Item::Found(Box::new(found)),
            Err(diagnostics) => Item::Bad(diagnostics),
        })
    }

    fn bad(&mut self, diagnostics: Diagnostics) -> ControlFlow<()> {
        self.give(Err(diagnostics))
    }

    /// Says that an archive held nothing of what was asked for.
    fn nothing(mut self, selection: &Selection<'_>) {
        let name = self.request.name;
        let diagnostic = match selection.member {
            Some(member) => {
                let hint = "name a member by its path in the archive or by its last part";
                Diagnostic::of_file(
                    name,
                    format!("a member called {}", quote(member)),
                    "none",
                    hint,
                )
            }
            None if self.passed > 0 => {
                no_such_number(name, selection.number.unwrap_or(0), self.passed)
            }
            None => {
                let found = match self.items {
                    0 => "no member at all".to_owned(),
                    count => format!("none among {count} members ({}, …)", self.seen.join(", ")),
                };
                let hint = "give an archive of instances, or force a format with --format";
                Diagnostic::of_file(name, "at least one instance", found, hint)
            }
        };
        let _ = self.bad(diagnostic.into());
    }
}

fn read_text(text: &Text<'_>, format: &'static dyn Format) -> Result<Found, Diagnostics> {
    let (problem, scale) = format.read_scaled(text)?;
    Ok(Found { source: text.name().to_owned(), format, problem, scale })
}

/// The forced format and its parameter, or the one whose lines fit best; ties go to the format
/// whose extension the name has, then to the earlier one.
fn choose<'f>(
    text: &Text<'_>,
    forced: Option<&'f str>,
    formats: &[&'static dyn Format],
) -> Result<(&'static dyn Format, Option<&'f str>), Diagnostics> {
    if let Some(forced) = forced {
        let (name, parameter) = format_and_parameter(forced);
        let named = formats.iter().find(|format| format.about().name == name);
        let takes_it = |format: &&&dyn Format| parameter.is_none() || format.parameter().is_some();
        return match named.filter(takes_it) {
            Some(format) => Ok((*format, parameter)),
            None => Err(unknown_format(forced, text, formats).into()),
        };
    }
    let fits: Vec<Fit> = formats.iter().map(|format| format.detect(text)).collect();
    let ranked = formats.iter().zip(&fits).rev().filter_map(|(format, fit)| {
        Some(((fit.rank()?, text.has_extension(format.about().extensions)), format))
    });
    match ranked.max_by_key(|(rank, _)| *rank) {
        Some((_, format)) => Ok((*format, None)),
        None => Err(nothing_fits(text, formats, fits)),
    }
}

/// The name of a format, and the parameter behind a colon if there is one.
pub fn format_and_parameter(words: &str) -> (&str, Option<&str>) {
    match words.split_once(':') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (words, None),
    }
}

fn no_such_number(name: &str, number: usize, count: usize) -> Diagnostic {
    let expected = format!("an instance number from 1 to {count}");
    Diagnostic::of_file(name, expected, format!("`#{number}`"), "count the instances from 1")
}

fn names(formats: &[&'static dyn Format]) -> String {
    let names: Vec<&str> = formats.iter().map(|format| format.about().name).collect();
    names.join(", ")
}

fn unknown_format(name: &str, text: &Text<'_>, formats: &[&'static dyn Format]) -> Diagnostic {
    let expected = format!("a format among {}", names(formats));
    Diagnostic::of_file(text.name(), expected, quote(name), "correct --format")
}

fn nothing_fits(text: &Text<'_>, formats: &[&'static dyn Format], fits: Vec<Fit>) -> Diagnostics {
    let first = text.lines().find(|line| !line.content.trim().is_empty());
    let found = first.map_or("an empty file".to_owned(), |line| quote(line.content));
    let expected = format!("a file in one of the formats {}", names(formats));
    let hint = "force the right format with --format to learn what is wrong";
    let general = Diagnostic::of_file(text.name(), expected, found, hint)
        .at_line(first.map_or(1, |line| line.number));
    let each = formats.iter().zip(fits).filter_map(|(format, fit)| match fit {
        Fit::No(diagnostic) => {
            let about = format.about();
            let expected = format!("for {}: {}", about.name, diagnostic.expected);
            Some(Diagnostic { expected, hint: about.summary.to_owned(), ..diagnostic })
        }
        _ => None,
    });
    Diagnostics::from(general).with(each)
}
