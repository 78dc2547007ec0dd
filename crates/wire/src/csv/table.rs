//! Tables of a text: headers, rows and cells. Linear in the text.
//!
//! **Source:** RFC 4180 (CSV).

use crate::diagnostic::{Report, quote};
use crate::text::{Line, Text};
use csv::{ReaderBuilder, StringRecord, Trim};

/// What a table lists; its first word is the column that every such table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tasks,
    Jobs,
    Resources,
    Objective,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Tasks, Kind::Jobs, Kind::Resources, Kind::Objective];

    /// Names of its columns.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Kind::Tasks => &[
                "task",
                "job",
                "mode",
                "duration",
                "resources",
                "predecessors",
                "weight",
                "release",
                "due_from",
                "due",
                "deadline",
                "optional",
                "earliest_start",
                "latest_start",
                "earliest_end",
                "latest_end",
                "family",
                "breaks",
            ],
            Kind::Jobs => &["job", "weight", "release", "due_from", "due", "deadline"],
            Kind::Resources => &["resource", "kind", "capacity"],
            Kind::Objective => &["objective"],
        }
    }

    /// That of a header: the first kind whose own column it has.
    fn of(header: &[&str]) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| header.contains(&kind.columns()[0]))
    }
}

/// Whether a line has the names of columns that a table of tasks or resources needs.
pub(super) fn is_header(line: &str) -> bool {
    let cells: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let Some(kind) = Kind::of(&cells) else { return false };
    let known = cells.iter().filter(|cell| kind.columns().contains(cell)).count();
    known >= 2 || kind == Kind::Objective && cells.len() == 1
}

/// One table.
pub(super) struct Table {
    pub(super) kind: Kind,
    /// Line of the header.
    pub(super) line: u32,
    header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One row of a table.
pub(super) struct Row {
    pub(super) line: u32,
    cells: StringRecord,
}

impl Table {
    /// Whether there is a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }

    /// The cell of a row in a column; empty where there is no such column.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: &str) -> &'r str {
        debug_assert!(self.kind.columns().contains(&column), "no column {column}");
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| row.cells.get(place)).unwrap_or("")
    }
}

/// All tables of a text; those with a mistake in their header are left out.
pub(super) fn tables(text: &Text<'_>, report: &mut Report<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut block: Option<(Line<'_>, u32)> = None;
    let mut open_quote: Option<u32> = None;
    for line in text.lines() {
        let is_inside = open_quote.is_some();
        if line.content.bytes().filter(|&byte| byte == b'"').count() % 2 == 1 {
            open_quote = if is_inside { None } else { Some(line.number) };
        }
        let is_empty = line.content.bytes().all(|byte| byte == b',' || byte.is_ascii_whitespace());
        if is_empty && !is_inside {
            if let Some((first, _)) = block.take() {
                tables.extend(table(&text.part(first, Some(line)), first.number, report));
            }
        } else if block.is_none() {
            block = Some((line, line.number));
        }
    }
    if let Some(line) = open_quote {
        let found = "one that is never closed";
        report.line(line, "quotes in pairs", found, "close it, or double a quote within a cell");
        return tables;
    }
    if let Some((first, line)) = block {
        tables.extend(table(&text.part(first, None), line, report));
    }
    tables
}

/// The table in a block without empty lines.
fn table(block: &Text<'_>, first: u32, report: &mut Report<'_>) -> Option<Table> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(Trim::All)
        .from_reader(block.content().as_bytes());
    let mut rows = Vec::new();
    let mut cells = StringRecord::new();
    // Text is UTF-8 and rows may have any length: nothing else can fail.
    while reader.read_record(&mut cells).unwrap_or(false) {
        let within = cells.position().map_or(1, |position| position.line());
        let line = first + u32::try_from(within).unwrap_or(u32::MAX - first).max(1) - 1;
        rows.push(Row { line, cells: std::mem::take(&mut cells) });
    }
    if rows.is_empty() {
        return None;
    }
    let header = rows.remove(0);
    let table = check_header(&header, report)?;
    let count = table.header.len();
    for row in &rows {
        if row.cells.len() != count {
            let expected = format!("{count} cells, as the header has");
            let hint = "add or remove commas, and put cells that hold commas in quotes";
            report.line(row.line, expected, row.cells.len().to_string(), hint);
        }
    }
    Some(Table { rows, ..table })
}

fn check_header(header: &Row, report: &mut Report<'_>) -> Option<Table> {
    let names: Vec<&str> = header.cells.iter().collect();
    let Some(kind) = Kind::of(&names) else {
        let expected = "a header with a column `task`, `job`, `resource` or `objective`";
        let hint = "a table begins after an empty line with the names of its columns";
        report.line(header.line, expected, quote(&names.join(",")), hint);
        return None;
    };
    let known = kind.columns();
    let mut is_good = true;
    for (place, name) in names.iter().enumerate() {
        let hint = "correct the header";
        if !known.contains(name) {
            let expected = format!("columns among `{}`", known.join("`, `"));
            report.line(header.line, expected, quote(name), hint);
            is_good = false;
        } else if names[..place].contains(name) {
            report.line(header.line, "each column once", format!("{} again", quote(name)), hint);
            is_good = false;
        }
    }
    let needed: &[&str] = match kind {
        Kind::Tasks => &["task", "duration"],
        Kind::Resources => &["resource", "kind"],
        Kind::Jobs => &["job"],
        Kind::Objective => &["objective"],
    };
    if let Some(missing) = needed.iter().find(|name| !names.contains(name)) {
        report.line(header.line, format!("a column `{missing}`"), "none", "add it");
        is_good = false;
    }
    let header_names = names.iter().map(|name| (*name).to_owned()).collect();
    is_good.then_some(Table { kind, line: header.line, header: header_names, rows: Vec::new() })
}
