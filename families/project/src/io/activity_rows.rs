//! Text of one row of numbers per activity, with or without reservoirs: what `rcp` and `cpr` share.
//!
//! The first line is the head, `activities renewables` or `activities renewables reservoirs`. Then
//! come the capacities of the renewables and the first levels of the reservoirs, then one row per
//! activity: duration, demand per renewable, per reservoir what is consumed and what is produced,
//! number of successors, successors from 1. Rows begin on new lines, and their successors may go
//! on over several. A text whose rows do not is read as one stream of numbers instead, if as such
//! it has no mistake; otherwise the mistakes of its lines are told. O(file).
//!
//! **Source:** Patterson 1984; Koné, Artigues, Lopez, Mongeau 2013 (reservoirs).

use super::{Rows, finish};
use crate::{Activity, ActivityMode, Flow, ProjectInstance};
use ordine_base::{Demand, Ticks};
use ordine_problem::Problem;
use ordine_wire::{Diagnostic, Diagnostics, Fit, Line, Report, Text, Token, quote};
use std::fmt::Write;
use std::iter::Peekable;

/// Most resources of one kind.
const RESOURCES_MAX: i64 = 1000;

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Renewables only.
    Renewables,
    /// Renewables and reservoirs.
    Reservoirs,
}

/// Where rows may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breaks {
    BeforeEachRow,
    Anywhere,
}

/// Behind this mistake, which is in the report, no structure can be trusted.
struct GiveUp;

/// What the first line says.
struct Head {
    line: u32,
    activities: usize,
    renewables: usize,
    reservoirs: usize,
}

impl Layout {
    fn head(self) -> (usize, &'static str) {
        match self {
            Layout::Renewables => (2, "two whole numbers, `activities renewables`"),
            Layout::Reservoirs => (3, "three whole numbers, `activities renewables reservoirs`"),
        }
    }
}

/// How well the lines of the text fit the layout. With one of the extensions, a head of the right
/// length is enough: then the reader can name the mistake.
pub(super) fn detect(text: &Text<'_>, layout: Layout, extensions: &[&str]) -> Fit {
    let (count, expected) = layout.head();
    let mut lines = text.data_lines();
    let Some(first) = lines.next() else {
        let diagnostic = Diagnostic::of_file(text.name(), expected, "nothing", "");
        return Fit::No(diagnostic.at_line(1));
    };
    let fit = detect_lines(text, layout, first, lines);
    let is_meant = text.has_extension(extensions) && first.tokens().count() == count;
    match fit {
        Fit::No(_) if is_meant => Fit::Lines { fitting: 1, of: 2 },
        fit => fit,
    }
}

fn detect_lines<'t>(
    text: &Text<'_>,
    layout: Layout,
    first: Line<'t>,
    lines: impl Iterator<Item = Line<'t>>,
) -> Fit {
    let wrong = |line: Line<'_>, expected: &str| {
        let diagnostic = Diagnostic::of_file(text.name(), expected, quote(line.content), "");
        diagnostic.at_line(line.number)
    };
    let (count, expected) = layout.head();
    let numbers: Option<Vec<i64>> = first.tokens().take(count + 1).map(Token::integer).collect();
    let Some([activities, kinds @ ..]) = numbers.as_deref().filter(|it| it.len() == count) else {
        return Fit::No(wrong(first, expected));
    };
    if kinds.iter().any(|count| !(0..=RESOURCES_MAX).contains(count)) {
        return Fit::No(wrong(first, expected));
    }
    let renewables = kinds[0] as usize;
    let reservoirs = kinds.get(1).copied().unwrap_or(0) as usize;
    let mut shape = Shape {
        activities: *activities,
        fixed: 2 + renewables + 2 * reservoirs,
        capacities: renewables + reservoirs,
        successors: 0,
    };
    let expected = "a row of an activity: duration, demands, number of successors, those";
    Fit::of_lines(lines, |line| shape.takes(*line), |line| wrong(line, expected))
}

/// What the next line of a text of this layout looks like.
struct Shape {
    activities: i64,
    /// Numbers of a row in front of its successors.
    fixed: usize,
    /// Capacities that are still to come.
    capacities: usize,
    /// Successors that are still to come.
    successors: usize,
}

impl Shape {
    fn takes(&mut self, line: Line<'_>) -> bool {
        let numbers: Option<Vec<i64>> = line.tokens().map(Token::integer).collect();
        let Some(numbers) = numbers else { return false };
        let are_successors =
            |list: &[i64]| list.iter().all(|it| (1..=self.activities).contains(it));
        if self.capacities > 0 {
            let fits = numbers.len() <= self.capacities;
            self.capacities = if fits { self.capacities - numbers.len() } else { 0 };
            return fits;
        }
        if self.successors > 0 && numbers.len() <= self.successors && are_successors(&numbers) {
            self.successors -= numbers.len();
            return true;
        }
        self.successors = 0;
        let Some((row, listed)) = numbers.split_at_checked(self.fixed) else { return false };
        let count = row.last().copied().and_then(|count| usize::try_from(count).ok());
        match count.and_then(|count| count.checked_sub(listed.len())) {
            Some(missing) if are_successors(listed) => {
                self.successors = missing;
                true
            }
            _ => false,
        }
    }
}

/// Reads a text of this layout.
pub(super) fn read(text: &Text<'_>, layout: Layout) -> Result<Problem, Diagnostics> {
    let by_rows = Reader::read(text, layout, Breaks::BeforeEachRow);
    let by_rows = match by_rows {
        (rows, report) if report.is_clean() => return finish(&rows, report),
        (_, report) => report,
    };
    match Reader::read(text, layout, Breaks::Anywhere) {
        (rows, report) if report.is_clean() => finish(&rows, report),
        _ => Err(by_rows.fail()),
    }
}

struct Reader<'t, I: Iterator<Item = Token<'t>>> {
    tokens: Peekable<I>,
    breaks: Breaks,
    /// Line of the token that was taken last.
    line: u32,
    line_last: u32,
    report: Report<'t>,
    rows: Rows,
}

impl<'t> Reader<'t, Box<dyn Iterator<Item = Token<'t>> + 't>> {
    fn read(text: &'t Text<'_>, layout: Layout, breaks: Breaks) -> (Rows, Report<'t>) {
        let mut lines = text.data_lines();
        let mut report = Report::new(text);
        let mut rows = Rows::new(text.instance(), 1);
        let Ok(head) = read_head(text, lines.next(), layout, &mut report) else {
            return (rows, report);
        };
        rows.project.activities.reserve(head.activities);
        let tokens: Box<dyn Iterator<Item = Token<'t>> + 't> =
            Box::new(lines.flat_map(Line::tokens));
        let (line, line_last) = (head.line, text.line_last());
        let mut reader =
            Reader { tokens: tokens.peekable(), breaks, line, line_last, report, rows };
        // What went wrong is in the report.
        let _ = reader.body(&head);
        (reader.rows, reader.report)
    }
}

fn read_head(
    text: &Text<'_>,
    line: Option<Line<'_>>,
    layout: Layout,
    report: &mut Report<'_>,
) -> Result<Head, GiveUp> {
    let (count, expected) = layout.head();
    let hint = "write how many activities and resources follow";
    let Some(line) = line else {
        report.line(1, expected, "an empty file", hint);
        return Err(GiveUp);
    };
    let tokens: Vec<Token<'_>> = line.tokens().take(count + 1).collect();
    if tokens.len() != count {
        report.line(line.number, expected, quote(line.content), hint);
        return Err(GiveUp);
    }
    let mut number = |place: usize, what: &str, range| match tokens.get(place) {
        Some(token) => report.number(*token, what, range).map(|number| number as usize),
        None => Some(0),
    };
    let what = "a number of activities that this file can hold";
    let activities = number(0, what, 1..=text.count_limit());
    let renewables = number(1, "a number of renewables", 0..=RESOURCES_MAX);
    let reservoirs = number(2, "a number of reservoirs", 0..=RESOURCES_MAX);
    match (activities, renewables, reservoirs) {
        (Some(activities), Some(renewables), Some(reservoirs)) => {
            Ok(Head { line: line.number, activities, renewables, reservoirs })
        }
        _ => Err(GiveUp),
    }
}

impl<'t, I: Iterator<Item = Token<'t>>> Reader<'t, I> {
    fn body(&mut self, head: &Head) -> Result<(), GiveUp> {
        let row = self.next_line();
        self.rows.project.renewables = self.amounts(head.renewables, "a capacity", row)?;
        self.rows.project.reservoirs = self.amounts(head.reservoirs, "a first level", row)?;
        let count = head.renewables + head.reservoirs;
        let mut long = format!("a row of {count} amounts, one per resource");
        for number in 1..=head.activities {
            self.begins(&format!("{long}, then activity {number} of {}", head.activities))?;
            long = "a row as long as its number of successors says".to_owned();
            let row = self.next_line();
            self.rows.lines.push(row);
            self.row(number, head, row)?;
            if self.report.is_full() {
                return Err(GiveUp);
            }
        }
        self.begins(&format!("{long}, then the end of the file"))?;
        let Some(extra) = self.tokens.next() else { return Ok(()) };
        let expected = format!("the end of the file after {} activities", head.activities);
        let hint = format!("remove what follows, or correct the head in line {}", head.line);
        self.report.at(extra, expected, hint);
        Err(GiveUp)
    }

    /// Line of the next number.
    fn next_line(&mut self) -> u32 {
        self.tokens.peek().map_or(self.line_last, |token| token.line)
    }

    fn row(&mut self, number: usize, head: &Head, row: u32) -> Result<(), GiveUp> {
        let is_end = number == 1 || number == head.activities;
        // Source and sink carry amounts that mean nothing, so nothing may happen in them.
        let longest = if is_end && head.reservoirs > 0 { 0 } else { Ticks::MAX.get() };
        let duration = Ticks::new(self.number("a duration", 0..=longest, row)?);
        let demands = self.amounts(head.renewables, "a demand", row)?;
        let mut flows = Vec::with_capacity(head.reservoirs);
        for _ in 0..head.reservoirs {
            let most = 0..=Demand::MAX.get();
            let consumed = Demand::new(self.number("what is consumed", most.clone(), row)?);
            let produced = Demand::new(self.number("what is produced", most, row)?);
            flows.push(if is_end { Flow::default() } else { Flow { consumed, produced } });
        }
        let known = 1..=head.activities as i64;
        let count = self.number("a number of successors", 0..=head.activities as i64, row)?;
        let mut successors = Vec::with_capacity(count as usize);
        for place in 1..=count {
            let what = format!("successor {place} of {count} of activity {number}");
            let token = self.token(&what)?;
            let successor = self.report.number(token, "a successor", known.clone());
            successors.push(successor.ok_or(GiveUp)? as usize - 1);
        }
        let modes = vec![ActivityMode { duration, demands }];
        let activity = Activity { successors, flows, modes, ..Activity::default() };
        self.rows.project.activities.push(activity);
        Ok(())
    }

    /// Makes sure that the next number stands on a new line, where rows must. Otherwise the row in
    /// front of it has too many numbers, or has taken some of the next row.
    fn begins(&mut self, expected: &str) -> Result<(), GiveUp> {
        match self.tokens.peek() {
            Some(token) if token.line == self.line && self.breaks == Breaks::BeforeEachRow => {
                let row = self.rows.lines.last().copied().unwrap_or(self.line);
                let found = format!("{} behind it in line {}", quote(token.text), self.line);
                let hint = "correct the number of successors, the list, or the head";
                self.report.line(row, expected, found, hint);
                Err(GiveUp)
            }
            _ => Ok(()),
        }
    }

    fn token(&mut self, what: &str) -> Result<Token<'t>, GiveUp> {
        let Some(token) = self.tokens.next() else {
            let hint = "complete the row, or correct the head";
            self.report.line(self.line_last, what, "the end of the file", hint);
            return Err(GiveUp);
        };
        self.line = token.line;
        Ok(token)
    }

    /// A number of the row that begins in line `row`: in front of its successors, a row may not
    /// end.
    fn number(
        &mut self,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
        row: u32,
    ) -> Result<i64, GiveUp> {
        let token = self.token(what)?;
        if token.line != row && self.breaks == Breaks::BeforeEachRow {
            let hint = "complete the row, or correct the numbers of resources in the head";
            self.report.line(row, what, "the end of the line", hint);
            return Err(GiveUp);
        }
        self.report.number(token, what, range).ok_or(GiveUp)
    }

    fn amounts(&mut self, count: usize, what: &str, row: u32) -> Result<Vec<Demand>, GiveUp> {
        let most = Demand::MAX.get();
        (0..count).map(|_| self.number(what, 0..=most, row).map(Demand::new)).collect()
    }
}

/// Writes a project of one mode per activity; reservoirs only where the layout has them.
pub(super) fn write(project: &ProjectInstance, layout: Layout) -> String {
    let mut out = String::new();
    let mut row = |numbers: &[i64]| {
        let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:>4}")).collect();
        writeln!(out, "{}", numbers.join(" ")).expect("a String takes everything");
    };
    let mut head = vec![project.activities.len() as i64, project.renewables.len() as i64];
    if layout == Layout::Reservoirs {
        head.push(project.reservoirs.len() as i64);
    }
    row(&head);
    let capacities = project.renewables.iter().chain(&project.reservoirs);
    row(&capacities.map(|it| it.get()).collect::<Vec<_>>());
    for activity in &project.activities {
        let mode = &activity.modes[0];
        let mut numbers = vec![mode.duration.get()];
        numbers.extend(mode.demands.iter().map(|it| it.get()));
        let flows = activity.flows.iter();
        numbers.extend(flows.flat_map(|it| [it.consumed.get(), it.produced.get()]));
        numbers.push(activity.successors.len() as i64);
        numbers.extend(activity.successors.iter().map(|successor| *successor as i64 + 1));
        row(&numbers);
    }
    out
}
