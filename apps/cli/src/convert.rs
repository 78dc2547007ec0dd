//! `ordine convert`: an instance in another format.
//!
//! **Source:** -

use crate::arguments::ConvertArguments;
use crate::exit::{Exit, Failure, report};
use crate::inputs;
use crate::outputs::{Destination, places};
use crate::variants;
use ordine_registry::formats;
use ordine_wire::{Format, Found, Item};
use std::io::{self, Write};
use std::ops::ControlFlow;

/// Converts what the arguments name.
///
/// # Errors
/// When the call cannot even begin, or nobody reads what is printed; everything else is told as
/// it comes and is in the answer.
pub fn run(arguments: &ConvertArguments) -> Result<Exit, Failure> {
    let formats = formats();
    let format = formats.into_iter().find(|format| format.about().name == arguments.to);
    let format = format.expect("the name was looked up when it was parsed");
    let extension = format.about().extensions.first().copied().unwrap_or("txt");
    let inputs = places([inputs::path(&arguments.file)]);
    let out = arguments.out.as_deref();
    let destination = out.map(|path| Destination::new("--out", path, extension)?.sparing(&inputs));
    match destination.transpose()? {
        Some(destination) if destination.takes_several() => all(arguments, format, destination),
        destination => single(arguments, format, destination),
    }
}

fn single(
    arguments: &ConvertArguments,
    format: &dyn Format,
    destination: Option<Destination>,
) -> Result<Exit, Failure> {
    let found = inputs::read_single(&arguments.file, arguments.format.as_deref())?;
    let text = written(arguments, &found, format)?;
    match destination {
        Some(mut destination) => destination.write(found.problem.name(), &text)?,
        None => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes())?;
            stdout.flush()?;
        }
    }
    Ok(Exit::Done)
}

fn all(
    arguments: &ConvertArguments,
    format: &dyn Format,
    mut destination: Destination,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    inputs::read(&arguments.file, arguments.format.as_deref(), &mut |item| {
        let result = match item {
            Item::Skipped(diagnostic) => {
                inputs::warn_skipped(&diagnostic);
                return ControlFlow::Continue(());
            }
            Item::Bad(diagnostics) => Err(diagnostics.into()),
            Item::Found(found) => written(arguments, &found, format)
                .and_then(|text| destination.write(found.problem.name(), &text)),
        };
        exit = exit.max(result.map_or_else(report, |()| Exit::Done));
        ControlFlow::Continue(())
    })?;
    Ok(exit)
}

fn written(
    arguments: &ConvertArguments,
    found: &Found,
    format: &dyn Format,
) -> Result<String, Failure> {
    let problem = variants::problem_of(found, &arguments.added, None)?;
    let text = format.write_scaled(&problem, &found.scale);
    text.map_err(|error| Failure::bad_input(format!("{}: {error}", found.source)))
}
