//! Reads tables as a problem.
//!
//! Table by table: what is referred to comes first, and after a mistake in one table those that
//! refer to it are not built, so that a mistake is reported once. O(text, n log n for names).
//!
//! **Source:** -

mod names;
mod parts;
mod resources;
mod tasks;

use super::cells::Words;
use super::cells::meaning;
use super::columns::Kind;
use super::table::{Cell, Column, Row, Table, tables};
use crate::dates::{Dates, Wrong};
use crate::diagnostic::{Diagnostic, Diagnostics, Report, quote};
use crate::problem_json::{Moment, TimeScale};
use crate::sealing::{Culprit, culprit, halves};
use crate::text::Text;
use names::Names;
use ordine_base::Time;
use ordine_problem::{Objective, Problem, ProblemBuilder, ProblemError};

/// Reads a problem and the meaning of its times.
pub(super) fn read(text: &Text<'_>) -> Result<(Problem, TimeScale), Diagnostics> {
    let mut report = Report::new(text);
    let tables = Tables { all: tables(text, &mut report) };
    tables.check(text, &mut report);
    if !report.is_clean() {
        return Err(report.fail());
    }
    let head = Head::of(&tables, &mut report);
    let dates = match Dates::new(&head.scale) {
        Ok(dates) => dates,
        Err(Wrong { expected, found, hint }) => {
            report.line(head.line, expected, found, hint);
            return Err(report.fail());
        }
    };
    let name = head.name.unwrap_or(text.instance());
    let mut reading = Reading {
        text,
        report,
        dates,
        builder: ProblemBuilder::new(name),
        families: Names::of("a family", &tables, Kind::Families),
        calendars: Names::of("a calendar", &tables, Kind::Calendars),
        setups: Names::of("a setup", &tables, Kind::Setups),
        jobs: Names::of("a job", &tables, Kind::Jobs),
        resources: Names::of("a resource", &tables, Kind::Resources),
        tasks: Names::of("a task", &tables, Kind::Tasks),
        head_line: head.line,
    };
    reading.head(&tables);
    reading.tables(&tables);
    Ok((reading.seal()?, head.scale))
}

/// The tables of a file.
struct Tables {
    all: Vec<Table>,
}

impl Tables {
    fn get(&self, kind: Kind) -> Option<&Table> {
        self.all.iter().find(|table| table.kind == kind)
    }

    /// Each kind once, tasks among them.
    fn check(&self, text: &Text<'_>, report: &mut Report<'_>) {
        for (place, table) in self.all.iter().enumerate() {
            if self.all[..place].iter().any(|earlier| earlier.kind == table.kind) {
                let expected = format!("one table of {}", table.kind.words());
                let hint = "put all its rows into one table, without an empty row";
                report.line(table.line, expected, "another one", hint);
            }
        }
        if self.get(Kind::Tasks).is_none() && report.is_clean() {
            let expected = "a table of tasks, with columns `task` and `duration`";
            let hint = "name these columns in the first row of the table";
            let line = text.lines().next().map_or(1, |line| line.number);
            report.line(line, expected, "none", hint);
        }
    }
}

/// What the table of the problem says first.
struct Head<'r> {
    line: u32,
    name: Option<&'r str>,
    scale: TimeScale,
}

impl<'r> Head<'r> {
    fn of(tables: &'r Tables, report: &mut Report<'_>) -> Self {
        let scale = TimeScale::default();
        let Some(table) = tables.get(Kind::Problem) else {
            return Head {
                line: tables.all.first().map_or(1, |table| table.line),
                name: None,
                scale,
            };
        };
        let [name, unit, origin] = table.columns(["problem", "unit", "origin"]);
        let [row] = &table.rows[..] else {
            let line = table.rows.get(1).map_or(table.line, |row| row.line);
            let hint = "state name, unit, origin, objective and the present in one row";
            let found = table.rows.len().to_string();
            report.line(line, "one row of the problem", found, hint);
            return Head { line, name: None, scale };
        };
        let said = |column| Some(row.cell(column).text).filter(|text| !text.is_empty());
        let (unit, origin) = (said(unit).map(str::to_owned), said(origin).map(str::to_owned));
        Head { line: row.line, name: said(name), scale: TimeScale { unit, origin } }
    }
}

/// A problem that is being built from tables, and what is wrong with that.
struct Reading<'r> {
    text: &'r Text<'r>,
    report: Report<'r>,
    dates: Dates,
    builder: ProblemBuilder,
    families: Names<'r>,
    calendars: Names<'r>,
    setups: Names<'r>,
    jobs: Names<'r>,
    resources: Names<'r>,
    tasks: Names<'r>,
    /// Line of what is said about the whole problem.
    head_line: u32,
}

impl<'r> Reading<'r> {
    /// Objective and present.
    fn head(&mut self, tables: &'r Tables) {
        let Some(table) = tables.get(Kind::Problem) else { return };
        let Some(row) = table.rows.first() else { return };
        let [objective, now] = table.columns(["objective", "now"]);
        let objective = row.cell(objective);
        if !objective.is_empty() {
            match objective.text.parse::<Objective>() {
                Ok(objective) => self.builder.objective(objective),
                Err(error) => {
                    let expected = "an objective such as `makespan` or `total-tardiness,makespan`";
                    let hint = "use the names of measures that --objective takes";
                    self.mistake(row.line, expected, quote(&error.found), hint);
                }
            }
        }
        if let Some(now) = self.time(row.cell(now)) {
            self.builder.now(now);
        }
    }

    fn tables(&mut self, tables: &'r Tables) {
        self.families(tables);
        self.calendars(tables);
        self.setups(tables);
        if self.report.is_clean() {
            self.resources(tables);
            self.jobs(tables);
        }
        if self.report.is_clean() {
            self.tasks(tables);
        }
    }

    /// Adds a mistake on a line.
    fn mistake(&mut self, line: u32, expected: &str, found: impl Into<String>, hint: &str) {
        self.report.line(line, expected, found, hint);
    }

    /// Adds a mistake in a cell.
    fn wrong(&mut self, cell: Cell<'_>, expected: &str, hint: &str) {
        let expected = format!("{expected} in column `{}`", cell.column);
        let found = if cell.is_empty() { "an empty cell".to_owned() } else { quote(cell.text) };
        self.report.line(cell.line, expected, found, hint);
    }

    /// The whole number in a cell; `None` when it is empty or wrong.
    fn number(&mut self, cell: Cell<'_>) -> Option<i64> {
        let number = cell.text.parse().ok();
        if number.is_none() && !cell.is_empty() {
            self.wrong(cell, "a whole number", "correct the cell");
        }
        number
    }

    /// As [`Reading::number`], and an empty cell is a mistake.
    fn needed_number(&mut self, cell: Cell<'_>) -> Option<i64> {
        if cell.is_empty() {
            self.wrong(cell, "a whole number", "fill the cell");
        }
        self.number(cell)
    }

    /// The time in a cell; `None` when it is empty or wrong.
    fn time(&mut self, cell: Cell<'_>) -> Option<Time> {
        if cell.is_empty() {
            return None;
        }
        let tick = cell.text.parse().ok().map(Moment::Tick);
        let Some(moment) = tick.or_else(|| Moment::parse(cell.text)) else {
            let expected = "a whole number or a date and time of ISO 8601";
            self.wrong(cell, expected, "write dates as 2026-01-05 or 2026-01-05T06:00");
            return None;
        };
        match self.dates.tick(&moment) {
            Ok(tick) => Some(Time::new(tick)),
            Err(Wrong { expected, found, hint }) => {
                let expected = format!("{expected} in column `{}`", cell.column);
                self.report.line(cell.line, expected, found, hint);
                None
            }
        }
    }

    /// What the word in a cell means; `None` when it is empty or wrong.
    fn word<T: Copy>(&mut self, cell: Cell<'_>, words: Words<T>) -> Option<T> {
        let meant = meaning(words, cell.text);
        if meant.is_none() && !cell.is_empty() {
            let known: Vec<&str> = words.iter().map(|word| word.0).collect();
            self.wrong(cell, &format!("one of `{}`", known.join("`, `")), "correct the word");
        }
        meant
    }

    /// Reports what the builder refuses; `None` then.
    fn note<T>(&mut self, line: u32, added: Result<T, ProblemError>) -> Option<T> {
        match added {
            Ok(added) => Some(added),
            Err(error) => {
                let (found, hint) = halves(&error, "correct this row");
                self.mistake(line, "a valid problem", found, &hint);
                None
            }
        }
    }

    /// What the rows of one thing say in a column: once, or the same again.
    fn single(&mut self, rows: &[&'r Row], column: Column) -> Cell<'r> {
        let mut said = rows[0].cell(column);
        for row in rows.iter().skip(1) {
            said = self.same(said, row.cell(column));
        }
        said
    }

    /// The one of two cells that says something; a mistake where both do, and differ.
    fn same(&mut self, said: Cell<'r>, again: Cell<'r>) -> Cell<'r> {
        if said.is_empty() {
            return again;
        }
        if !again.is_empty() && again.text != said.text {
            let expected =
                format!("{} as in line {}, or an empty cell", quote(said.text), said.line);
            self.wrong(again, &expected, "say it once");
        }
        said
    }

    fn seal(mut self) -> Result<Problem, Diagnostics> {
        if !self.report.is_clean() {
            return Err(self.report.fail());
        }
        let error = match self.builder.seal() {
            Ok(problem) => return Ok(problem),
            Err(error) => error,
        };
        let line = match culprit(&error, |name| self.tasks.line(name).is_some()) {
            Culprit::Task(name) => self.tasks.line(name),
            Culprit::Resource(name) => self.resources.line(name),
            Culprit::Calendar(name) => self.calendars.line(name),
            Culprit::Setup(name) => self.setups.line(name),
            Culprit::Objective | Culprit::Present => Some(self.head_line),
            Culprit::Selections(_) | Culprit::SameSequences | Culprit::Numbers => None,
        };
        let line = line.unwrap_or_else(|| self.text.line_of_largest_number());
        let (found, hint) = halves(&error, "correct these rows");
        let diagnostic = Diagnostic::of_file(self.text.name(), "a valid problem", found, hint);
        self.report.add(diagnostic.at_line(line));
        Err(self.report.fail())
    }
}
