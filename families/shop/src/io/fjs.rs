//! Flexible job shop text, `.fjs`.
//!
//! First line `jobs machines`, optionally followed by the average number of machines per
//! operation (may be a decimal; not used). Then one line per job: the number of operations, and
//! per operation the number of choices and that many pairs `machine duration`. Machines count
//! from 1. With a head of two numbers the lines of a few small shops also read as `jsplib` text:
//! then the extension decides, and without one `jsplib` is taken. O(file).
//!
//! **Source:** Brandimarte 1993; Hurink, Jurisch, Thole 1994 (same text).

use crate::io::{Writing, finish};
use crate::{Choice, Operation, ShopInstance, ShopJob, Word};
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{
    About, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text, Token, quote,
};
use std::fmt::Write;

/// The format `fjs`.
#[derive(Clone, Copy, Debug)]
pub struct Fjs;

impl Format for Fjs {
    fn about(&self) -> About {
        About {
            name: "fjs",
            summary: "flexible job shop: per operation the choices `machine duration`, from 1",
            source: "Brandimarte 1993",
            extensions: &["fjs"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let mut lines = text.data_lines();
        let wrong = |line: u32, expected: &str, found: String| {
            Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(line))
        };
        let expected = "first `jobs machines`, and perhaps the average number of choices";
        let Some(first) = lines.next() else {
            return wrong(1, expected, "nothing".to_owned());
        };
        let tokens: Vec<_> = first.tokens().take(4).collect();
        let whole = tokens.iter().take(2).filter(|token| token.integer().is_some()).count();
        let average = tokens.get(2).is_none_or(|token| decimal(*token).is_some());
        if whole != 2 || tokens.len() > 3 || !average {
            return wrong(first.number, expected, quote(first.content));
        }
        Fit::of_lines(
            lines,
            |line| has_shape(*line),
            |line| {
                let expected = "a number of operations, and per operation a number of choices \
                    and that many pairs `machine duration`";
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
        let name = text.instance().to_owned();
        let mut shop = ShopInstance { name, machines, ..ShopInstance::default() };
        let mut numbers = Vec::new();
        for line in lines {
            if report.is_full() {
                return Err(report.fail());
            }
            if numbers.len() == jobs {
                let expected = format!("the end of the file after {jobs} jobs");
                let hint = format!("remove the line or correct the header in line {header}");
                report.line(line.number, expected, quote(line.content), hint);
                break;
            }
            numbers.push(line.number);
            shop.jobs.extend(Row { line, machines, report: &mut report }.read());
        }
        if numbers.len() < jobs {
            let expected = format!("{jobs} lines of jobs");
            let hint = format!("add the missing lines or correct the header in line {header}");
            report.line(text.line_last(), expected, format!("{}", numbers.len()), hint);
        }
        finish(&shop, &numbers, report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let shop = Writing::of(self).shop(problem, &[Word::Choices])?;
        let operations = shop.operations().count();
        let choices: usize = shop.operations().map(|operation| operation.choices.len()).sum();
        let average = rounded(choices, operations);
        let mut written = format!("{} {} {average}\n", shop.jobs.len(), shop.machines);
        for job in &shop.jobs {
            let mut numbers = vec![job.operations.len().to_string()];
            for operation in &job.operations {
                numbers.push(operation.choices.len().to_string());
                let pair = |it: &Choice| format!("{} {}", it.machine + 1, it.duration);
                numbers.extend(operation.choices.iter().map(pair));
            }
            writeln!(written, "{}", numbers.join(" ")).expect("a String takes everything");
        }
        Ok(written)
    }
}

/// `count / of` with at most three decimals, without zeros at the end.
fn rounded(count: usize, of: usize) -> String {
    let thousandths = (2000 * count + of) / (2 * of).max(1);
    let decimals = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    decimals.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Jobs, machines, and the line that says so.
fn read_header(
    text: &Text<'_>,
    line: Option<Line<'_>>,
    report: &mut Report<'_>,
) -> Option<(usize, usize, u32)> {
    let expected = "`jobs machines`, and perhaps the average number of choices";
    let hint = "write how many jobs and machines follow";
    let Some(line) = line else {
        report.line(1, expected, "an empty file", hint);
        return None;
    };
    let tokens: Vec<Token<'_>> = line.tokens().take(4).collect();
    let ([jobs, machines] | [jobs, machines, _]) = tokens[..] else {
        report.line(line.number, expected, quote(line.content), hint);
        return None;
    };
    if let Some(average) = tokens.get(2).filter(|token| decimal(**token).is_none()) {
        report.at(*average, "the average number of choices, not negative", "write a number");
    }
    let limit = text.count_limit();
    let jobs = report.number(jobs, "a number of jobs that this file can hold", 1..=limit);
    let machines =
        report.number(machines, "a number of machines that this file can hold", 1..=limit);
    Some((jobs? as usize, machines? as usize, line.number))
}

fn decimal(token: Token<'_>) -> Option<f64> {
    let number: f64 = token.text.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// Reads the line of one job.
struct Row<'l, 'r, 'a> {
    line: Line<'l>,
    machines: usize,
    report: &'r mut Report<'a>,
}

impl Row<'_, '_, '_> {
    /// The job; `None` after a mistake, which is in the report.
    fn read(mut self) -> Option<ShopJob> {
        let numbers = self.line.tokens().count() as i64;
        let mut tokens = self.line.tokens();
        let count = tokens.next()?;
        let count = self.report.number(count, "a number of operations", 1..=numbers)?;
        let mut operations = Vec::new();
        for place in 0..count {
            let Some(choices) = tokens.next() else {
                self.short(&format!("{count} operations"), format!("{place}"));
                return None;
            };
            let choices = self.report.number(choices, "a number of choices", 1..=numbers)?;
            operations.push(self.operation(place, choices, &mut tokens)?);
        }
        if let Some(extra) = tokens.next() {
            let expected = format!("the end of the line after {count} operations");
            let hint = "remove the rest, or correct the number of operations or of choices";
            self.report.at(extra, expected, hint);
            return None;
        }
        Some(ShopJob::of(operations))
    }

    fn operation<'l>(
        &mut self,
        place: i64,
        count: i64,
        tokens: &mut impl Iterator<Item = Token<'l>>,
    ) -> Option<Operation> {
        let mut choices = Vec::new();
        for read in 0..count {
            let (Some(machine), Some(duration)) = (tokens.next(), tokens.next()) else {
                let expected = format!("{count} choices of operation {}", place + 1);
                self.short(&expected, format!("{read}"));
                return None;
            };
            let machine = self.machine(machine)?;
            let ticks = self.report.number(duration, "a duration", 0..=Ticks::MAX.get())?;
            choices.push(Choice::on(machine, Ticks::new(ticks)));
        }
        Some(Operation { choices })
    }

    fn short(&mut self, expected: &str, found: String) {
        let hint = "complete the line, or correct the number of operations or of choices";
        self.report.line(self.line.number, expected, found, hint);
    }

    fn machine(&mut self, token: Token<'_>) -> Option<usize> {
        let known = |number: &i64| (1..=self.machines as i64).contains(number);
        if let Some(number) = token.integer().filter(known) {
            return Some(number as usize - 1);
        }
        let hint = match token.text {
            "0" => "machines count from 1 in this format: raise all of them by one",
            _ => "correct the machine, or the number of machines in the header",
        };
        self.report.at(token, format!("a machine from 1 to {}", self.machines), hint);
        None
    }
}

/// Whether the counts of the line lead exactly to its end.
fn has_shape(line: Line<'_>) -> bool {
    let mut tokens = line.tokens().map(Token::integer);
    let Some(Some(count @ 1..)) = tokens.next() else { return false };
    for _ in 0..count {
        let Some(Some(choices @ 1..)) = tokens.next() else { return false };
        for _ in 0..choices {
            let (Some(Some(_)), Some(Some(_))) = (tokens.next(), tokens.next()) else {
                return false;
            };
        }
    }
    tokens.next().is_none()
}
