//! Tables of a text: headers, rows and cells. Linear in the text.
//!
//! Quotes and separators are the business of the library; the lines on which rows begin are found
//! here, because it counts what it passes over to the row behind.
//!
//! **Source:** RFC 4180 (CSV).

use super::columns::Kind;
use crate::diagnostic::{Report, quote};
use crate::format::Fit;
use crate::text::Text;
use csv::{ReaderBuilder, StringRecord, Trim};

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

/// A column by its name, and where it stands if it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    place: Option<usize>,
}

/// What a row has in a column; empty where there is no such column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell<'r> {
    pub(super) text: &'r str,
    pub(super) line: u32,
    pub(super) column: &'static str,
}

impl Cell<'_> {
    pub(super) fn is_empty(self) -> bool {
        self.text.is_empty()
    }
}

impl Row {
    pub(super) fn cell(&self, column: Column) -> Cell<'_> {
        let text = column.place.and_then(|place| self.cells.get(place)).unwrap_or("");
        Cell { text, line: self.line, column: column.name }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(str::is_empty)
    }

    fn is_note(&self) -> bool {
        self.cells.get(0).is_some_and(|first| first.starts_with('#'))
    }
}

impl Table {
    /// Columns by their names.
    pub(super) fn columns<const N: usize>(&self, names: [&'static str; N]) -> [Column; N] {
        names.map(|name| {
            debug_assert!(self.kind.columns().contains(&name), "no column {name}");
            Column { name, place: self.header.iter().position(|it| it == name) }
        })
    }

    /// Whether there is a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }
}

/// How well a line fits as the first header; `None` for not at all.
pub(super) fn header_fit(line: &str) -> Option<Fit> {
    let names: Vec<String> = line.split(separator(line) as char).map(column_name).collect();
    let kind = Kind::of(&names).filter(|_| names.len() > 1)?;
    let is_known = |name: &&String| kind.columns().contains(&name.as_str());
    match (names.iter().filter(is_known).count(), names.len()) {
        (fitting, of) if 2 * fitting > of => Some(Fit::Marked),
        // Whoever writes this column means tasks, whatever is wrong with the others.
        (fitting, of) if names.iter().any(|name| name == "task") => {
            Some(Fit::Lines { fitting, of })
        }
        _ => None,
    }
}

/// The name in a cell of a header: `Due from` is `due_from`.
fn column_name(cell: &str) -> String {
    let cell = cell.trim().trim_matches('"').trim();
    cell.to_lowercase().replace([' ', '-'], "_")
}

/// What separates the cells of a line: whichever of comma, semicolon and tab is there most often.
fn separator(line: &str) -> u8 {
    let count = |separator: u8| {
        let mut is_quoted = false;
        let outside = line.bytes().filter(|&byte| {
            is_quoted ^= byte == b'"';
            byte == separator && !is_quoted
        });
        outside.count()
    };
    // The last of the largest counts wins: commas.
    b"\t;,".iter().copied().max_by_key(|&it| count(it)).unwrap_or(b',')
}

/// All tables of a text; those with a mistake in their header are left out.
pub(super) fn tables(text: &Text<'_>, report: &mut Report<'_>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    // Rows behind a broken header belong to no table.
    let mut open: Option<Option<Table>> = None;
    for row in rows(text, report) {
        match (row, &mut open) {
            (None, _) => tables.extend(open.take().flatten()),
            (Some(row), None) => open = Some(begin(&row, report)),
            (Some(row), Some(Some(table))) => extend(table, row, report),
            (Some(_), Some(None)) => {}
        }
    }
    tables.extend(open.flatten());
    tables
}

/// Rows, and `None` for gaps between tables.
fn rows(text: &Text<'_>, report: &mut Report<'_>) -> Vec<Option<Row>> {
    let content = text.content().as_bytes();
    let separator = separator(text.data_lines().next().map_or("", |line| line.content));
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(Trim::All)
        .from_reader(content);
    let mut line = text.lines().next().map_or(1, |line| line.number);
    let (mut rows, mut counted) = (Vec::new(), 0);
    loop {
        let (start, is_gap) = skip(content, reader.position().byte() as usize);
        let mut cells = StringRecord::new();
        // The text is UTF-8 and rows may have any length: nothing else can fail.
        let is_row = reader.read_record(&mut cells).unwrap_or(false);
        if is_gap {
            rows.push(None);
        }
        if !is_row {
            return rows;
        }
        line += content[counted..start].iter().filter(|&&byte| byte == b'\n').count() as u32;
        counted = start;
        let end = reader.position().byte() as usize;
        if end == content.len() && ends_within_quotes(&content[start..], separator) {
            let hint = "close it, and double the quotes within it";
            report.line(line, "quotes in pairs", "a cell that is never closed", hint);
            return rows;
        }
        let row = Row { line, cells };
        match (row.is_note(), row.is_empty()) {
            (true, _) => {}
            (false, true) => rows.push(None),
            (false, false) => rows.push(Some(row)),
        }
    }
}

/// Where the row behind `from` begins, and whether there is an empty line in front of it: notes,
/// empty lines and the second half of a line end are passed over, as the library does.
fn skip(content: &[u8], from: usize) -> (usize, bool) {
    let (mut at, mut is_gap) = (from, false);
    if at > 0 && content[at - 1] == b'\r' && content.get(at) == Some(&b'\n') {
        at += 1;
    }
    loop {
        match content.get(at) {
            Some(b'\r' | b'\n') => (at, is_gap) = (at + 1, true),
            Some(b'#') => {
                let end = content[at..].iter().position(|&byte| byte == b'\n');
                at = end.map_or(content.len(), |end| at + end + 1);
            }
            _ => return (at, is_gap),
        }
    }
}

/// Whether a last row ends within a quoted cell.
fn ends_within_quotes(row: &[u8], separator: u8) -> bool {
    enum Cell {
        Begin,
        Plain,
        Quoted,
        /// Behind a quote within a quoted cell.
        Quote,
    }
    let mut cell = Cell::Begin;
    for &byte in row {
        let ends = byte == separator || matches!(byte, b'\r' | b'\n');
        cell = match cell {
            Cell::Begin | Cell::Quote if byte == b'"' => Cell::Quoted,
            Cell::Quoted if byte == b'"' => Cell::Quote,
            Cell::Quoted => Cell::Quoted,
            Cell::Begin | Cell::Plain | Cell::Quote if ends => Cell::Begin,
            Cell::Begin | Cell::Plain | Cell::Quote => Cell::Plain,
        };
    }
    matches!(cell, Cell::Quoted)
}

/// The table that a header begins, if it is one.
fn begin(header: &Row, report: &mut Report<'_>) -> Option<Table> {
    let mut names: Vec<String> = header.cells.iter().map(column_name).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let line = header.line;
    let Some(kind) = Kind::of(&names) else {
        let expected = "a header with a column `task`, `before`, `resource`, `setup`, `calendar`, \
                        `job`, `family` or `problem`";
        let hint = "a table begins behind an empty row: name its columns, or remove the empty row";
        report.line(line, expected, quote(&names.join(",")), hint);
        return None;
    };
    let known = kind.columns();
    let mut is_good = true;
    for (place, name) in names.iter().enumerate() {
        if !known.contains(&name.as_str()) && !name.starts_with('#') {
            let expected = format!("columns of {} among `{}`", kind.words(), known.join("`, `"));
            let hint = "correct the name, or begin it with `#` for a note";
            report.line(line, expected, quote(name), hint);
            is_good = false;
        } else if names[..place].contains(name) {
            let hint = "remove one of the two";
            report.line(line, "each column once", format!("{} again", quote(name)), hint);
            is_good = false;
        }
    }
    for name in kind.needed() {
        // A name that is wrong is likely the one that is missing.
        if is_good && !names.iter().any(|it| it == name) {
            let expected = format!("a column `{name}` of {}", kind.words());
            report.line(line, expected, quote(&names.join(",")), "add it");
        }
    }
    Some(Table { kind, line, header: names, rows: Vec::new() })
}

/// Adds a row, which must be as long as the header; empty cells behind that do not count.
fn extend(table: &mut Table, row: Row, report: &mut Report<'_>) {
    let count = table.header.len();
    let is_wide = row.cells.iter().skip(count).any(|cell| !cell.is_empty());
    if row.cells.len() < count || is_wide {
        let expected = format!("{count} cells, as the header has");
        let hint = "add or remove separators, and put cells that hold them in quotes";
        report.line(row.line, expected, row.cells.len().to_string(), hint);
    }
    table.rows.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> (Vec<(u32, Vec<String>)>, Vec<String>) {
        let text = Text::new("x.csv", content.as_bytes()).expect("text");
        let mut report = Report::new(&text);
        let mut rows = Vec::new();
        for table in tables(&text, &mut report) {
            rows.push((table.line, table.header.clone()));
            let cells = |row: &Row| row.cells.iter().map(str::to_owned).collect();
            rows.extend(table.rows.iter().map(|row| (row.line, cells(row))));
        }
        let mistakes = match report.finish(()) {
            Ok(()) => Vec::new(),
            Err(mistakes) => mistakes.all().iter().map(ToString::to_string).collect(),
        };
        (rows, mistakes)
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_know_their_lines_whatever_stands_between_them() {
        let expected = [
            row(2, &["task", "duration"]),
            row(4, &["a\"b,\nc", "3"]),
            row(7, &["d", "4"]),
            row(10, &["job", "due"]),
            row(11, &["e", "5"]),
        ];
        let unix =
            "# note\ntask,duration\n# \"x\n\"a\"\"b,\nc\", 3\n\"# y,\",\nd,4\n\n\njob,due\ne,5";
        for content in [unix.to_owned(), unix.replace('\n', "\r\n") + "\r\n"] {
            let content = content.replace("b,\r\nc", "b,\nc");
            assert_eq!(read(&content), (expected.to_vec(), Vec::new()), "{content:?}");
        }
        let wide = "task,duration,,\na,3,,\n,,,\njob,due,,\ne,5,,\n";
        let lines: Vec<u32> = read(wide).0.iter().map(|row| row.0).collect();
        assert_eq!((lines, read(wide).1), (vec![1, 2, 4, 5], Vec::new()));
    }

    #[test]
    fn the_header_decides_what_separates() {
        for (content, cells) in [
            ("task;duration;due\na;3;1,5", ["a", "3", "1,5"]),
            ("task\tduration\tdue\na\t3\t1,5", ["a", "3", "1,5"]),
            ("Task,Duration,DUE\n\"a;b\",3,\"1;5\"", ["a;b", "3", "1;5"]),
        ] {
            let (rows, mistakes) = read(content);
            let header = row(1, &["task", "duration", "due"]);
            assert_eq!((rows, mistakes), (vec![header, row(2, &cells)], Vec::new()));
        }
    }

    #[test]
    fn quotes_within_a_plain_cell_are_letters_and_open_ones_are_named() {
        let (rows, mistakes) = read("task,duration\n5\" pipe,3\n\"b\"\"\",4");
        assert_eq!((rows[1].1[0].as_str(), rows[2].1[0].as_str()), ("5\" pipe", "b\""));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        for open in ["\"b,4\nc,5\n", "\"b\"\",4", "b,\"4"] {
            let (_, mistakes) = read(&format!("task,duration\na,3\n{open}"));
            assert!(mistakes[0].contains("line 3: expected quotes in pairs"), "{mistakes:?}");
        }
    }
}
