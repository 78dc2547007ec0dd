//! Unrelated parallel machines: a matrix of durations, makespan.
//!
//! First line the number of jobs, second line the number of machines, then one line per job with
//! its duration on each machine. Texts of flow shops begin in the same way, with a line more than
//! there are jobs: the number of lines tells them apart. O(file).
//!
//! **Source:** text as in PyJobShop's experiments (Lan, Berkhout 2025); instances of Fanjul-Peyro,
//! Ruiz 2010.

use super::{finish, raise_where, row};
use crate::{Criterion, MachineJob, MachinesInstance};
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{
    About, DETECTION_LINES, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text,
    Token, quote,
};

/// The format `parallel-machines`.
#[derive(Clone, Copy, Debug)]
pub struct ParallelMachines;

impl Format for ParallelMachines {
    fn about(&self) -> About {
        About {
            name: "parallel-machines",
            summary: "unrelated parallel machines: jobs, machines, one line of durations per job",
            source: "Fanjul-Peyro, Ruiz 2010 (instances)",
            extensions: &["txt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let wrong = |line: Option<Line<'_>>, expected: &str| {
            let found = line.map_or("nothing".to_owned(), |line| quote(line.content));
            let diagnostic = Diagnostic::of_file(text.name(), expected, found, "");
            diagnostic.at_line(line.map_or(1, |line| line.number))
        };
        let mut lines = text.data_lines();
        let head = [lines.next(), lines.next()];
        let counts = head.map(|line| only_number(line?));
        let [Some(jobs), Some(machines)] = counts else {
            let place = usize::from(counts[0].is_some());
            return Fit::No(wrong(head[place], "first two lines with one whole number each"));
        };
        let rows = lines.clone().count() as i64;
        let is_row = |line: &Line<'_>| {
            let numbers: Option<Vec<i64>> = line.tokens().map(Token::integer).collect();
            numbers.is_some_and(|numbers| numbers.len() as i64 == machines)
        };
        let expected = format!("one duration per machine, {machines} in all");
        match Fit::of_lines(lines, is_row, |line| wrong(Some(line), &expected)) {
            // One line too many or too few is a mistake, or another format.
            Fit::Lines { fitting, of } if rows != jobs => {
                Fit::Lines { fitting: fitting.min(DETECTION_LINES), of: of + 1 }
            }
            fit => fit,
        }
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let mut lines = text.data_lines();
        let limit = text.count_limit();
        let counts = ["jobs", "machines"].map(|things| {
            let what = format!("a number of {things} that this file can hold");
            Some((read_count(text, lines.next(), &what, limit, &mut report)?, things))
        });
        let [Some((jobs, _)), Some((machines, _))] = counts else {
            return Err(report.fail());
        };
        let mut rows = Vec::new();
        for line in lines {
            if report.is_full() {
                return Err(report.fail());
            }
            if rows.len() == jobs {
                let expected = format!("the end of the file after {jobs} jobs");
                let hint = "remove the line or correct the number of jobs in the first line";
                report.line(line.number, expected, quote(line.content), hint);
                break;
            }
            rows.push(read_row(line, machines, &mut report));
        }
        if rows.len() < jobs {
            let hint = "add the missing lines or correct the number of jobs in the first line";
            let found = rows.len().to_string();
            report.line(text.line_last(), format!("{jobs} lines of jobs"), found, hint);
        }
        let (name, criterion) = (text.instance().to_owned(), Criterion::Makespan);
        let jobs = rows.into_iter().map(MachineJob::lasting).collect();
        finish(&MachinesInstance { name, machines, jobs, criterion }, report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let plain = |job: &MachineJob| job.weight == 1 && job.due.is_none();
        let fits = |it: &MachinesInstance| {
            it.criterion == Criterion::Makespan && it.machines > 0 && it.jobs.iter().all(plain)
        };
        let what = "weights, due times or an objective other than the makespan";
        let instance = raise_where(self, problem, fits, what)?;
        let mut written = format!("{}\n{}\n", instance.jobs.len(), instance.machines);
        for job in &instance.jobs {
            written += &row(job.durations.iter().map(|duration| duration.get()));
            written.push('\n');
        }
        Ok(written)
    }
}

/// The number of a line that holds nothing else.
fn only_number(line: Line<'_>) -> Option<i64> {
    let mut tokens = line.tokens();
    let number = tokens.next()?.integer();
    number.filter(|_| tokens.next().is_none())
}

fn read_count(
    text: &Text<'_>,
    line: Option<Line<'_>>,
    what: &str,
    most: i64,
    report: &mut Report<'_>,
) -> Option<usize> {
    let Some(line) = line else {
        let hint = "get a complete copy of the file";
        report.line(text.line_last(), what, "the end of the file", hint);
        return None;
    };
    let tokens: Vec<Token<'_>> = line.tokens().take(2).collect();
    let [token] = tokens[..] else {
        report.line(line.number, format!("{what}, alone"), quote(line.content), "correct the line");
        return None;
    };
    report.number(token, what, 1..=most).map(|count| count as usize)
}

fn read_row(line: Line<'_>, machines: usize, report: &mut Report<'_>) -> Vec<Ticks> {
    let count = line.tokens().count();
    if count != machines {
        let expected = format!("{machines} durations, one per machine");
        let hint = "correct the line, or the number of machines in the second line";
        report.line(line.number, expected, count.to_string(), hint);
        return Vec::new();
    }
    let most = Ticks::MAX.get();
    let duration = |token| Ticks::new(report.number(token, "a duration", 0..=most).unwrap_or(0));
    line.tokens().map(duration).collect()
}
