//! Job shop text of the OR-Library and JSPLIB.
//!
//! First line `jobs machines`; then one line per job with pairs `machine duration`, machines from
//! 0. Lines that begin with `#` and blank lines are skipped. A job may visit a machine again or
//! leave one out; a line may end with `-1 -1`. When more than half of the jobs have exactly one
//! pair per machine, a job of another length must end with `-1 -1`: otherwise a lost number would
//! pass unseen. A text whose lines all have exactly `machines` numbers is taken for a matrix of
//! durations (flow or open shop), not for this format, unless it is forced. O(file).
//!
//! **Source:** Beasley 1990 (OR-Library); JSPLIB; the terminator is of Da Col, Teppan 2022.

use crate::io::{Writing, finish};
use crate::{Operation, ShopInstance, ShopJob};
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{
    About, DETECTION_LINES, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text,
    Token, quote,
};
use std::fmt::Write;

/// The format `jsplib`.
#[derive(Clone, Copy, Debug)]
pub struct Jsplib;

/// One job as read, before its length is judged.
struct Row {
    line: u32,
    job: ShopJob,
    terminated: bool,
}

impl Format for Jsplib {
    fn about(&self) -> About {
        About {
            name: "jsplib",
            summary: "job shop: `jobs machines`, then pairs `machine duration`, machines from 0",
            source: "Beasley 1990 (OR-Library), JSPLIB",
            extensions: &["txt", "jsp", "jss"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let mut lines = text.data_lines();
        let wrong = |line: u32, expected: &str, found: String| {
            Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(line))
        };
        let expected = "first two whole numbers, `jobs machines`";
        let Some(first) = lines.next() else {
            return wrong(1, expected, "nothing".to_owned());
        };
        let numbers: Vec<_> = first.tokens().take(3).map(Token::integer).collect();
        let [Some(_), Some(machines)] = numbers[..] else {
            return wrong(first.number, expected, quote(first.content));
        };
        let is_matrix = |line: &Line<'_>| line.tokens().count() as i64 == machines;
        let mut looked_at = lines.clone().take(DETECTION_LINES).peekable();
        if let Some(row) = looked_at.peek().copied()
            && looked_at.all(|line| is_matrix(&line))
        {
            let expected = "pairs `machine duration`, lines that could be the rows of a matrix \
                ended by -1 -1";
            return wrong(row.number, expected, quote(row.content));
        }
        Fit::of_lines(
            lines,
            |line| has_shape(*line, machines),
            |line| {
                let expected =
                    format!("pairs `machine duration`, machines from 0 to below {machines}");
                let found = quote(line.content);
                Diagnostic::of_file(text.name(), expected, found, "").at_line(line.number)
            },
        )
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let mut lines = text.data_lines();
        let Some((jobs, machines, header)) = read_header(text, lines.next(), &mut report) else {
            return Err(report.fail());
        };
        let mut rows = Vec::new();
        for line in lines {
            if report.is_full() {
                return Err(report.fail());
            }
            if rows.len() == jobs {
                let expected = format!("the end of the file after {jobs} jobs");
                let hint = format!("remove the line or correct the header in line {header}");
                report.line(line.number, expected, quote(line.content), hint);
                break;
            }
            rows.push(read_row(line, machines, &mut report));
        }
        if rows.len() < jobs {
            let expected = format!("{jobs} lines of jobs");
            let hint = format!("add the missing lines or correct the header in line {header}");
            report.line(text.line_last(), expected, format!("{}", rows.len()), hint);
        }
        check_lengths(&rows, machines, &mut report);
        let numbers: Vec<u32> = rows.iter().map(|row| row.line).collect();
        let jobs = rows.into_iter().map(|row| row.job).collect();
        let name = text.instance().to_owned();
        let shop = ShopInstance { name, machines, jobs, ..ShopInstance::default() };
        finish(&shop, &numbers, report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let shop = Writing::of(self).shop(problem, &[])?;
        let regular = shop.jobs.iter().all(|job| job.operations.len() == shop.machines);
        let mut written = format!("{} {}\n", shop.jobs.len(), shop.machines);
        for job in &shop.jobs {
            let choices = job.operations.iter().flat_map(|operation| &operation.choices);
            let pairs: Vec<String> =
                choices.map(|it| format!("{} {}", it.machine, it.duration)).collect();
            let end = if regular { "" } else { " -1 -1" };
            writeln!(written, "{}{end}", pairs.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

/// Jobs, machines, and the line that says so.
fn read_header(
    text: &Text<'_>,
    line: Option<Line<'_>>,
    report: &mut Report<'_>,
) -> Option<(usize, usize, u32)> {
    let expected = "two whole numbers, `jobs machines`";
    let hint = "write how many jobs and machines follow";
    let Some(line) = line else {
        report.line(1, expected, "an empty file", hint);
        return None;
    };
    let tokens: Vec<Token<'_>> = line.tokens().take(3).collect();
    let [jobs, machines] = tokens[..] else {
        report.line(line.number, expected, quote(line.content), hint);
        return None;
    };
    let limit = text.count_limit();
    let jobs = report.number(jobs, "a number of jobs that this file can hold", 1..=limit);
    let machines =
        report.number(machines, "a number of machines that this file can hold", 1..=limit);
    Some((jobs? as usize, machines? as usize, line.number))
}

fn read_row(line: Line<'_>, machines: usize, report: &mut Report<'_>) -> Row {
    let mut job = ShopJob::default();
    let mut terminated = false;
    let mut tokens = line.tokens();
    while let Some(machine) = tokens.next() {
        if terminated {
            report.at(machine, "the end of the line after `-1 -1`", "remove what follows");
            break;
        }
        let Some(duration) = tokens.next() else {
            let count = line.tokens().count();
            let hint = "add the number that is missing, or remove the one too many";
            let found = format!("{count} numbers");
            report.line(line.number, "pairs `machine duration`", found, hint);
            break;
        };
        if (machine.text, duration.text) == ("-1", "-1") {
            terminated = true;
            continue;
        }
        let Some(on) = read_machine(machine, machines, report) else { break };
        let Some(ticks) = report.number(duration, "a duration", 0..=Ticks::MAX.get()) else {
            break;
        };
        job.operations.push(Operation::on(on, Ticks::new(ticks)));
    }
    Row { line: line.number, job, terminated }
}

fn read_machine(token: Token<'_>, machines: usize, report: &mut Report<'_>) -> Option<usize> {
    let number = token.integer().and_then(|number| usize::try_from(number).ok());
    if let Some(machine) = number.filter(|&machine| machine < machines) {
        return Some(machine);
    }
    let hint = match number == Some(machines) {
        true => "machines count from 0: lower all of them by one, or raise the header",
        false => "correct the machine, or the number of machines in the header",
    };
    report.at(token, format!("a machine from 0 to {}", machines - 1), hint);
    None
}

/// In a shop that is regular for the most part, another length must be meant.
fn check_lengths(rows: &[Row], machines: usize, report: &mut Report<'_>) {
    if !report.is_clean() {
        return;
    }
    let is_regular = |row: &&Row| row.job.operations.len() == machines;
    if rows.iter().filter(is_regular).count() * 2 <= rows.len() {
        return;
    }
    for row in rows.iter().filter(|row| !row.terminated && !is_regular(row)) {
        let expected = format!("{machines} pairs `machine duration`, as on most lines");
        let found = format!("{}", row.job.operations.len());
        let hint = "complete the line, or end it with -1 -1 if the job is meant to differ";
        report.line(row.line, expected, found, hint);
    }
}

/// Whether the line consists of pairs, each with a machine of the shop in front.
fn has_shape(line: Line<'_>, machines: i64) -> bool {
    let mut tokens = line.tokens();
    while let Some(machine) = tokens.next() {
        let pair = (machine.integer(), tokens.next().and_then(Token::integer));
        match pair {
            (Some(-1), Some(-1)) => return tokens.next().is_none(),
            (Some(machine), Some(_)) if (0..machines).contains(&machine) => {}
            _ => return false,
        }
    }
    true
}
