//! Reads PSPLIB text section by section.
//!
//! **Source:** Kolisch, Sprecher 1996 (PSPLIB).

use super::letters;
use crate::{Activity, ActivityMode, ProjectError, ProjectInstance, lower};
use ordine_base::{Demand, Ticks, Time};
use ordine_problem::{Problem, ProblemError};
use ordine_wire::{Diagnostics, Line, Report, Text, Token, quote};
use std::iter::Peekable;

/// Most resources of one kind.
const RESOURCES_MAX: i64 = 1000;

/// Most modes of one activity.
const MODES_MAX: i64 = 10_000;

/// Behind this mistake, which is in the report, no structure can be trusted.
struct GiveUp;

type Section<T> = Result<T, GiveUp>;

type Lines<'t> = Peekable<Box<dyn Iterator<Item = Line<'t>> + 't>>;

pub(super) fn read(text: &Text<'_>) -> Result<Problem, Diagnostics> {
    let lines: Box<dyn Iterator<Item = Line<'_>>> =
        Box::new(text.lines().filter(|line| bears_data(line.content)));
    let mut reader = Reader {
        lines: lines.peekable(),
        line_last: text.line_last(),
        count_limit: text.count_limit(),
        report: Report::new(text),
        project: ProjectInstance { name: text.instance().to_owned(), ..Default::default() },
        rows: Vec::new(),
    };
    match reader.sections() {
        Ok(()) if reader.report.is_clean() => reader.lower(),
        _ => Err(reader.report.fail()),
    }
}

/// Whether a line is more than blank or a separator of stars or dashes.
fn bears_data(content: &str) -> bool {
    !content.bytes().all(|byte| byte.is_ascii_whitespace() || byte == b'*' || byte == b'-')
}

/// What the head announces.
#[derive(Default)]
struct Head {
    activities: Option<usize>,
    renewables: Option<usize>,
    nonrenewables: Option<usize>,
}

/// Lines that speak of one activity.
struct Row {
    modes: usize,
    precedences: u32,
    requests: u32,
}

struct Reader<'t> {
    lines: Lines<'t>,
    line_last: u32,
    count_limit: i64,
    report: Report<'t>,
    project: ProjectInstance,
    rows: Vec<Row>,
}

impl<'t> Reader<'t> {
    fn sections(&mut self) -> Section<()> {
        let counts = self.head()?;
        self.precedences(counts.activities)?;
        self.title("REQUESTS/DURATIONS", "requestsdurations")?;
        self.requests(counts.renewables + counts.nonrenewables)?;
        self.title("RESOURCEAVAILABILITIES", "resourceavailabilities")?;
        self.availabilities(&counts)?;
        if let Some(extra) = self.lines.next() {
            let expected = "the end of the file after the availabilities";
            self.report.line(extra.number, expected, quote(extra.content), "remove what follows");
        }
        Ok(())
    }

    /// Everything in front of the precedences.
    fn head(&mut self) -> Section<Counts> {
        let mut head = Head::default();
        loop {
            let expected = "a line of the head, or `PRECEDENCE RELATIONS:`";
            let line = self.next(expected)?;
            let letters = letters(line.content);
            match letters.as_str() {
                "precedencerelations" => return self.counts(head, line),
                "projectinformation" => self.information()?,
                "projects" => drop(self.value(line, "number of projects", 1..=1)),
                "horizon" => drop(self.value(line, "a horizon", 0..=Time::MAX.get())),
                "renewable" => {
                    head.renewables = self.count(line, "a number of renewables", RESOURCES_MAX);
                }
                "nonrenewable" => {
                    let what = "a number of nonrenewables";
                    head.nonrenewables = self.count(line, what, RESOURCES_MAX);
                }
                "doublyconstrained" => {
                    let what = "number of doubly constrained resources (state each once as \
                        renewable and once as nonrenewable)";
                    self.value(line, what, 0..=0);
                }
                "resources" | "initialvaluerandomgenerator" => {}
                _ if letters.starts_with("jobs") => {
                    let what = "a number of jobs that this file can hold";
                    head.activities =
                        self.value(line, what, 1..=self.count_limit).map(|count| count as usize);
                }
                _ if letters.starts_with("filewithbasedata") => {}
                _ => {
                    let hint = "remove the line or correct its title";
                    self.report.line(line.number, expected, quote(line.content), hint);
                    return Err(GiveUp);
                }
            }
        }
    }

    fn counts(&mut self, head: Head, line: Line<'_>) -> Section<Counts> {
        let missing = [
            (head.activities, "`jobs (incl. supersource/sink ):` with their number"),
            (head.renewables, "`- renewable :` with their number"),
            (head.nonrenewables, "`- nonrenewable :` with their number"),
        ];
        for (_, expected) in missing.iter().filter(|(count, _)| count.is_none()) {
            let hint = "complete the head in front of this line";
            self.report.line(line.number, *expected, "no valid one", hint);
        }
        match missing.map(|(count, _)| count) {
            [Some(activities), Some(renewables), Some(nonrenewables)] => {
                Ok(Counts { activities, renewables, nonrenewables })
            }
            _ => Err(GiveUp),
        }
    }

    /// Column titles, then one row with the release of the only project.
    fn information(&mut self) -> Section<()> {
        self.column_titles();
        let row = self.next("a row of project information")?;
        let tokens: Vec<Token<'_>> = row.tokens().collect();
        if !(3..=6).contains(&tokens.len()) {
            let expected = "`pronr. #jobs rel.date duedate tardcost MPM-Time`";
            self.report.line(row.number, expected, quote(row.content), "complete the row");
            return Ok(());
        }
        let most = Time::MAX.get();
        let release = self.report.number(tokens[2], "a release date", 0..=most);
        self.project.release = Time::new(release.unwrap_or(0));
        for token in tokens.iter().enumerate().filter(|(place, _)| *place != 2) {
            self.report.number(*token.1, "a number of the project", 0..=most);
        }
        Ok(())
    }

    fn precedences(&mut self, activities: usize) -> Section<()> {
        self.column_titles();
        for number in 1..=activities {
            let line = self.row(number, activities, "precedence relations")?;
            let mut tokens = line.tokens();
            self.activity_number(tokens.next(), line, number)?;
            let modes = self.cell(tokens.next(), line, "a number of modes", 1..=MODES_MAX)?;
            let most = line.content.len() as i64;
            let count = self.cell(tokens.next(), line, "a number of successors", 0..=most)?;
            let listed: Vec<Token<'_>> = tokens.collect();
            if listed.len() as i64 != count {
                let expected = format!("{count} successors of activity {number}");
                let hint = "correct their number or the list";
                self.report.line(line.number, expected, listed.len().to_string(), hint);
            }
            let known = 1..=activities as i64;
            let successors = listed.iter().filter_map(|token| {
                let successor = self.report.number(*token, "an activity", known.clone());
                successor.map(|successor| successor as usize - 1)
            });
            let successors = successors.collect();
            let activity = Activity { successors, ..Activity::default() };
            self.project.activities.push(activity);
            let modes = modes as usize;
            self.rows.push(Row { modes, precedences: line.number, requests: line.number });
            self.patience()?;
        }
        Ok(())
    }

    fn requests(&mut self, resources: usize) -> Section<()> {
        self.column_titles();
        let activities = self.rows.len();
        for index in 0..activities {
            for mode in 1..=self.rows[index].modes {
                let line = self.row(index + 1, activities, "requests and durations")?;
                let mut tokens = line.tokens();
                if mode == 1 {
                    self.activity_number(tokens.next(), line, index + 1)?;
                    self.rows[index].requests = line.number;
                }
                self.cell(tokens.next(), line, "mode number", mode as i64..=mode as i64)?;
                let most = Ticks::MAX.get();
                let duration = self.cell(tokens.next(), line, "a duration", 0..=most)?;
                let demands = self.amounts(tokens, line, resources, "demands")?;
                let mode = ActivityMode { duration: Ticks::new(duration), demands };
                self.project.activities[index].modes.push(mode);
                self.patience()?;
            }
        }
        Ok(())
    }

    fn availabilities(&mut self, counts: &Counts) -> Section<()> {
        let resources = counts.renewables + counts.nonrenewables;
        if let Some(titles) = self.column_titles() {
            let kind =
                |token: Token<'_>| token.text.chars().next().filter(char::is_ascii_alphabetic);
            let found: String = titles.tokens().filter_map(kind).collect();
            let expected = "R".repeat(counts.renewables) + &"N".repeat(counts.nonrenewables);
            if found != expected {
                let (r, n) = (counts.renewables, counts.nonrenewables);
                let expected = format!("titles of {r} renewables (R) and {n} nonrenewables (N)");
                let hint = "correct the titles or the numbers of resources in the head";
                self.report.line(titles.number, expected, quote(titles.content), hint);
            }
        }
        if resources == 0 {
            return Ok(());
        }
        let line = self.next("a row of availabilities")?;
        let mut amounts = self.amounts(line.tokens(), line, resources, "availabilities")?;
        self.project.nonrenewables = amounts.split_off(counts.renewables);
        self.project.renewables = amounts;
        Ok(())
    }

    /// The rest of a row: one amount per resource.
    fn amounts<'l>(
        &mut self,
        tokens: impl Iterator<Item = Token<'l>>,
        line: Line<'_>,
        resources: usize,
        what: &str,
    ) -> Section<Vec<Demand>> {
        let tokens: Vec<Token<'_>> = tokens.collect();
        if tokens.len() != resources {
            let expected = format!("{resources} {what}, one per resource");
            let hint = "complete the row, or correct the numbers of resources in the head";
            self.report.line(line.number, expected, tokens.len().to_string(), hint);
            return Err(GiveUp);
        }
        let most = Demand::MAX.get();
        let amount = |token: &Token<'_>| self.report.number(*token, "an amount", 0..=most);
        let amounts = tokens.iter().map(amount).map(|it| Demand::new(it.unwrap_or(0)));
        Ok(amounts.collect())
    }

    /// The next line; a mistake when there is none.
    fn next(&mut self, expected: &str) -> Section<Line<'t>> {
        self.lines.next().ok_or_else(|| {
            let hint = "get a complete copy of the file";
            self.report.line(self.line_last, expected, "the end of the file", hint);
            GiveUp
        })
    }

    /// The next line, which must be a row of numbers.
    fn row(&mut self, number: usize, of: usize, section: &str) -> Section<Line<'t>> {
        let expected = format!("activity {number} of {of} among the {section}");
        let line = self.next(&expected)?;
        if starts_with_letter(line) {
            let hint = "add the missing rows or correct the number of jobs in the head";
            self.report.line(line.number, expected, quote(line.content), hint);
            return Err(GiveUp);
        }
        Ok(line)
    }

    fn title(&mut self, title: &str, expected: &str) -> Section<()> {
        let line = self.next(title)?;
        if letters(line.content) == expected {
            return Ok(());
        }
        let hint = "remove the line, or correct the number of jobs in the head";
        self.report.line(line.number, format!("`{title}:`"), quote(line.content), hint);
        Err(GiveUp)
    }

    /// Skips a line of column titles, if there is one.
    fn column_titles(&mut self) -> Option<Line<'t>> {
        self.lines.next_if(|line| starts_with_letter(*line))
    }

    fn activity_number(
        &mut self,
        token: Option<Token<'_>>,
        line: Line<'_>,
        number: usize,
    ) -> Section<()> {
        self.cell(token, line, "activity number", number as i64..=number as i64).map(|_| ())
    }

    /// A number without which the row makes no sense.
    fn cell(
        &mut self,
        token: Option<Token<'_>>,
        line: Line<'_>,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Section<i64> {
        let Some(token) = token else {
            let hint = "complete the row";
            self.report.line(line.number, what, "the end of the line", hint);
            return Err(GiveUp);
        };
        self.report.number(token, what, range).ok_or(GiveUp)
    }

    fn count(&mut self, line: Line<'_>, what: &str, most: i64) -> Option<usize> {
        self.value(line, what, 0..=most).map(|count| count as usize)
    }

    /// The number behind the colon of a line of the head.
    fn value(
        &mut self,
        line: Line<'_>,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let colon = line.content.find(':').unwrap_or(line.content.len());
        let Some(token) = line.tokens().find(|token| token.column as usize > colon + 1) else {
            let found = quote(line.content);
            self.report.line(line.number, format!("{what} after a colon"), found, "write it");
            return None;
        };
        self.report.number(token, what, range)
    }

    /// Gives up when the report is full.
    fn patience(&self) -> Section<()> {
        if self.report.is_full() { Err(GiveUp) } else { Ok(()) }
    }

    fn lower(mut self) -> Result<Problem, Diagnostics> {
        let error = match lower(&self.project) {
            Ok(problem) => return Ok(problem),
            Err(error) => error,
        };
        let row = |task: &String| self.rows.get(task.parse::<usize>().ok()?.checked_sub(1)?);
        let line = match &error {
            ProjectError::Problem(ProblemError::Cycle { tasks }) => {
                tasks.first().and_then(row).map(|row| row.precedences)
            }
            ProjectError::Problem(ProblemError::ImpossibleDemand { task, .. }) => {
                row(task).map(|row| row.requests)
            }
            _ => None,
        };
        let (expected, hint) = ("a valid project", "correct the rows of these activities");
        self.report.invalid(line, expected, &error, hint);
        Err(self.report.fail())
    }
}

struct Counts {
    activities: usize,
    renewables: usize,
    nonrenewables: usize,
}

fn starts_with_letter(line: Line<'_>) -> bool {
    line.content.trim_ascii_start().starts_with(|letter: char| letter.is_ascii_alphabetic())
}
