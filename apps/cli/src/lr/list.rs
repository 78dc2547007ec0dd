//! `ordine lr list`: the words of schedules as a table of name, parameters, summary and source.
//!
//! **Source:** -

use super::arguments::LrListArguments;
use crate::exit::{Exit, Failure};
use crate::terminal;
use comfy_table::{ContentArrangement, Table, presets};
use ordine_training::schedules::{WORDS, Word, WordKind};
use serde::Serialize;
use std::io::{self, Write};

/// What `--json` says about a word.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    kind: &'static str,
    usage: String,
    summary: &'static str,
    source: &'static str,
    parameters: Vec<ListedParameter>,
}

#[derive(Serialize)]
struct ListedParameter {
    name: &'static str,
    meaning: &'static str,
}

/// Prints every word.
///
/// # Errors
/// When nobody reads what is printed.
pub fn run(arguments: &LrListArguments) -> Result<Exit, Failure> {
    let mut stdout = io::stdout().lock();
    if arguments.json {
        let listed: Vec<Listed> = WORDS.iter().map(listed).collect();
        let text = serde_json::to_string(&listed).expect("plain records become JSON");
        writeln!(stdout, "{text}")?;
    } else {
        writeln!(stdout, "{}", table())?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}

fn listed(word: &Word) -> Listed {
    let parameter = |it: &ordine_training::schedules::Parameter| ListedParameter {
        name: it.name,
        meaning: it.meaning,
    };
    Listed {
        name: word.name,
        kind: kind_name(word.kind()),
        usage: word.usage(),
        summary: word.summary,
        source: word.source,
        parameters: word.parameters.iter().map(parameter).collect(),
    }
}

fn kind_name(kind: WordKind) -> &'static str {
    match kind {
        WordKind::Schedule => "schedule",
        WordKind::Change => "change",
        WordKind::Metric => "metric",
    }
}

fn table() -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["name", "parameters", "summary", "source"]);
    for word in WORDS {
        let usage = word.usage();
        let parameters = usage.strip_prefix(word.name).unwrap_or_default();
        let parameters = parameters.trim_matches(['(', ')']).to_owned();
        let name = match word.kind() {
            WordKind::Change => format!("| {}", word.name),
            WordKind::Schedule | WordKind::Metric => word.name.to_owned(),
        };
        table.add_row([name, parameters, word.summary.to_owned(), word.source.to_owned()]);
    }
    if terminal::is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(terminal::width());
    }
    table.trim_fmt()
}
