//! Opening what was named, and reading the instances in it.
//!
//! **Source:** -

use crate::exit::{Failure, say};
use ordine_problem::{Objective, Problem};
use ordine_registry::formats;
use ordine_wire::schedule::{ScheduleFile, read_schedule};
use ordine_wire::{Address, Diagnostic, Found, Item, Request, Text, read_problems};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;

/// Most bytes of a schedule file: a hundred times what a million tasks take.
const SCHEDULE_BYTES_MAX: u64 = 1 << 34;

/// Reads the instances of an address in turn.
///
/// # Errors
/// When nothing can be opened there; what is wrong inside comes as items.
pub fn read(
    address: &str,
    format: Option<&str>,
    each: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let address = parse(address);
    let mut input =
        open(Path::new(address.path)).map_err(|it| Failure::bad_input(it.to_string()))?;
    let name = if address.path == "-" { "stdin" } else { address.path };
    let formats = formats();
    let request = Request { name, selector: address.selector, format, formats: &formats };
    read_problems(&request, &mut *input, each);
    Ok(())
}

/// Reads an address that must hold exactly one instance.
///
/// # Errors
/// When there is none, when it cannot be read, or when there are several.
pub fn read_single(address: &str, format: Option<&str>) -> Result<Box<Found>, Failure> {
    let mut answer: Option<Result<Box<Found>, Failure>> = None;
    read(address, format, &mut |item| {
        let next = match item {
            Item::Skipped(diagnostic) => {
                warn_skipped(&diagnostic);
                return ControlFlow::Continue(());
            }
            Item::Bad(diagnostics) => Err(diagnostics.into()),
            Item::Found(_) if answer.is_some() => Err(several(address)),
            Item::Found(found) => Ok(found),
        };
        let ends = next.is_err();
        answer = Some(next);
        if ends { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    answer.unwrap_or_else(|| Err(Failure::bad_input(format!("{address}: expected an instance"))))
}

fn several(address: &str) -> Failure {
    Failure::bad_input(format!(
        "{address}: expected one instance, found several; select one, as in `{address}#1`"
    ))
}

/// The file of an address.
pub fn path(address: &str) -> &Path {
    Path::new(parse(address).path)
}

/// A file that bears the whole name is meant by it, even when it has a `#`.
fn parse(address: &str) -> Address<'_> {
    match Path::new(address).is_file() {
        true => Address { path: address, selector: None },
        false => Address::parse(address),
    }
}

/// Opens a file, or stdin for `-`; a message with what to change when that fails.
fn open(path: &Path) -> Result<Box<dyn Read>, Diagnostic> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let wrong = |found: String, hint: &str| {
        Diagnostic::of_file(path.display().to_string(), "a readable file", found, hint)
    };
    if path.is_dir() {
        return Err(wrong(
            "a folder".to_owned(),
            "name the files in it, as the shell does for `*`",
        ));
    }
    File::open(path).map(|file| Box::new(file) as Box<dyn Read>).map_err(|error| {
        let (found, hint) = match error.kind() {
            io::ErrorKind::NotFound => ("none".to_owned(), "check the path"),
            io::ErrorKind::PermissionDenied => {
                ("one that may not be read".to_owned(), "change its permissions")
            }
            _ => (error.to_string(), "check the path"),
        };
        wrong(found, hint)
    })
}

/// All bytes of a small file, or of stdin for `-`.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let input = open(path).map_err(|it| Failure::bad_input(it.to_string()))?;
    let mut bytes = Vec::new();
    match input.take(SCHEDULE_BYTES_MAX).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::bad_input(format!(
            "{}: expected a readable file, found: {error}; check the path",
            path.display()
        ))),
    }
}

/// Reads a schedule of `problem`.
///
/// # Errors
/// When the file cannot be read, or is no schedule of this problem.
pub fn schedule(path: &Path, problem: &Problem) -> Result<ScheduleFile, Failure> {
    let bytes = bytes(path)?;
    let name = path.display().to_string();
    let text = Text::new(name, &bytes).map_err(|it| Failure::bad_input(it.to_string()))?;
    read_schedule(&text, problem).map_err(|diagnostics| {
        let made_for = instance_of(&bytes).filter(|made_for| made_for != problem.name());
        let foreign = made_for.map(|made_for| foreign(path, &made_for, problem, "read for"));
        let mistakes = diagnostics.all().iter().map(ToString::to_string);
        Failure::BadInput(foreign.into_iter().chain(mistakes).collect())
    })
}

/// The instance that a broken schedule says it was made for.
fn instance_of(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Head {
        instance: String,
    }
    let head: Head = serde_json::from_slice(bytes).ok()?;
    Some(head.instance).filter(|name| !name.is_empty())
}

fn foreign(path: &Path, made_for: &str, problem: &Problem, verb: &str) -> String {
    format!("{}: made for {made_for}, {verb} {}", path.display(), problem.name())
}

/// Warns when a schedule was made for another instance.
pub fn warn_foreign(path: &Path, file: &ScheduleFile, problem: &Problem, verb: &str) {
    let (made_for, name) = (&file.instance, problem.name());
    if !made_for.is_empty() && made_for != name {
        say("warning", &foreign(path, made_for, problem, verb));
    }
}

/// The problem under another objective, where one is asked for.
///
/// # Errors
/// When the problem lacks what the objective looks at.
pub fn under_objective<'a>(
    found: &Found,
    problem: Cow<'a, Problem>,
    objective: Option<&Objective>,
) -> Result<Cow<'a, Problem>, Failure> {
    let Some(objective) = objective else { return Ok(problem) };
    let changed = problem.with(|builder| {
        builder.objective(objective.clone());
        Ok(())
    });
    changed.map(Cow::Owned).map_err(|error| {
        Failure::bad_input(format!("{}: --objective {objective}: {error}", found.source))
    })
}

/// Warns about a member of an archive that is no instance.
pub fn warn_skipped(diagnostic: &Diagnostic) {
    say("warning", &diagnostic.to_string());
}
