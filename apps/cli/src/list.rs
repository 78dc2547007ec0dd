//! `ordine list`: the registry as a table of name, summary and source.
//!
//! Into a pipe every entry is one line; on a terminal long lines are wrapped.
//!
//! **Source:** -

use crate::arguments::ListArguments;
use crate::exit::{Exit, Failure};
use crate::{promoted, terminal};
use comfy_table::{ContentArrangement, Table, presets};
use ordine_benches::BENCHES;
use ordine_registry::{Entry, Kind, entries};
use std::io::{self, Write};

/// Prints all entries of a kind.
///
/// # Errors
/// When nobody reads what is printed.
pub fn run(arguments: &ListArguments) -> Result<Exit, Failure> {
    if arguments.schema {
        return schema(arguments.kind);
    }
    let mut entries = entries(arguments.kind);
    if arguments.kind == Kind::Benches {
        // The benches stand above the registry, for they solve with what is in it.
        let entry = |it: &ordine_benches::Bench| Entry {
            name: it.name,
            summary: it.summary,
            source: it.source,
        };
        entries.extend(BENCHES.iter().map(entry));
    }
    let line = |it: Entry| [it.name, it.summary, it.source].map(str::to_owned);
    let mut lines: Vec<[String; 3]> = entries.into_iter().map(line).collect();
    if arguments.kind == Kind::Rules {
        let own = promoted::all().into_iter();
        lines.extend(own.map(|it| [it.name, it.explanation, it.source]));
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", table(lines))?;
    stdout.flush()?;
    Ok(Exit::Done)
}

fn schema(kind: Kind) -> Result<Exit, Failure> {
    if kind != Kind::Formats {
        return Err(Failure::bad_input(
            "--schema: expected `ordine list formats --schema`, found another list; it is the \
             formats that have one",
        ));
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", ordine_wire::schemas())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

fn table(lines: Vec<[String; 3]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["name", "summary", "source"]);
    for line in lines {
        // A promoted rule says what a person wrote: no line of it may end the row.
        table.add_row(line.map(|it| it.replace(char::is_control, " ")));
    }
    if terminal::is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(terminal::width());
    }
    table.trim_fmt()
}
