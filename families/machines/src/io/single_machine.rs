//! Single machine, total tardiness: instances one after the other, with their optima.
//!
//! The first line is the number of instances. Each has three lines: the number of jobs and the
//! optimum (`-` where it is not known), the durations, the due times. Optima are not part of a
//! problem: they are read over. O(file).
//!
//! **Source:** instances of Potts, Van Wassenhove 1982 in the form of Çetinkaya, Büyüktahtakın,
//! Shojaee, Reddy 2025.

use super::{finish, raise_where, row};
use crate::{Criterion, MachineJob, MachinesInstance};
use ordine_base::{Ticks, Time};
use ordine_problem::Problem;
use ordine_wire::{
    About, DETECTION_LINES, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text,
    Token, quote,
};
use std::ops::RangeInclusive;

/// The format `smtt`.
#[derive(Clone, Copy, Debug)]
pub struct SingleMachine;

impl Format for SingleMachine {
    fn about(&self) -> About {
        About {
            name: "smtt",
            summary: "single machine, total tardiness: instances of durations and due times",
            source: "Potts, Van Wassenhove 1982 (instances)",
            extensions: &["txt", "smtt"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let mut lines = text.data_lines();
        let count = lines.next().and_then(|line| match integers(line)?[..] {
            [count] if count > 0 => Some(count),
            _ => None,
        });
        let second = lines.clone().next().map(|line| (head(line), line));
        let (Some(count), Some((Some(_), _))) = (count, second) else {
            let expected = "the number of instances, then a line `jobs optimum`";
            let line = second.map(|(_, line)| line).or_else(|| text.data_lines().next());
            let found = line.map_or("nothing".to_owned(), |line| quote(line.content));
            let diagnostic = Diagnostic::of_file(text.name(), expected, found, "");
            return Fit::No(diagnostic.at_line(line.map_or(1, |line| line.number)));
        };
        let all = lines.clone().count() as i64;
        let lines: Vec<Line<'_>> = lines.take(DETECTION_LINES).collect();
        let mut jobs = 0;
        let mut fits = |(place, line): (usize, &Line<'_>)| match place % 3 {
            0 => head(*line).is_some_and(|count| {
                jobs = count;
                true
            }),
            _ => integers(*line).is_some_and(|numbers| numbers.len() as i64 == jobs),
        };
        let fitting = lines.iter().enumerate().filter(|&it| fits(it)).count();
        // A line too many or too few is a mistake, or another format.
        let of = lines.len() + usize::from(Some(all) != count.checked_mul(3));
        match 2 * fitting < of {
            true => {
                let expected = "three lines per instance: `jobs optimum`, durations, due times";
                let found = format!("{all} lines after the first");
                Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(1))
            }
            false => Fit::Lines { fitting, of },
        }
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let mut lines = text.data_lines().peekable();
        if let Some(&first) = lines.peek()
            && head(first).is_none()
        {
            lines.next();
            let one = first.tokens().collect::<Vec<_>>();
            match one[..] {
                [token] if token.integer() == Some(1) => {}
                [token] if token.integer().is_some_and(|count| count > 1) => {
                    let hint = "select one by its number, as in `smtt.txt#1`; see also whether \
                                every instance has its three lines";
                    report.line(first.number, "one instance", quote(first.content), hint);
                    return Err(report.fail());
                }
                _ => {
                    let expected = "the number of instances, alone";
                    report.line(first.number, expected, quote(first.content), "correct the line");
                    return Err(report.fail());
                }
            }
        }
        let Some(instance) = read_instance(text, &mut lines, &mut report) else {
            return Err(report.fail());
        };
        if let Some(line) = lines.next() {
            let hint = "remove the line or correct the number of instances in the first line";
            report.line(line.number, "the end of the instance", quote(line.content), hint);
        }
        finish(&instance, report)
    }

    fn split<'t>(&self, text: &Text<'t>) -> Vec<Text<'t>> {
        let lines: Vec<Line<'t>> = text.data_lines().collect();
        let count = lines.first().and_then(|line| integers(*line)).filter(|it| it.len() == 1);
        let count = count.map_or(0, |count| count[0]);
        // A text that does not divide evenly is one part: reading it names the mistake.
        if count < 2 || count.checked_mul(3) != Some(lines.len() as i64 - 1) {
            return vec![text.clone()];
        }
        let part = |number: usize| {
            let first = lines[1 + 3 * number];
            let end = lines.get(4 + 3 * number).copied();
            text.part(first, end).with_instance(format!("{}_{}", text.instance(), number + 1))
        };
        (0..count as usize).map(part).collect()
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let fits = |it: &MachinesInstance| {
            it.criterion == Criterion::TotalTardiness
                && it.machines == 1
                && it.jobs.iter().all(|job| job.due.is_some() && job.weight == 1)
        };
        let what = "anything but the total tardiness of jobs with due times on one machine";
        let instance = raise_where(self, problem, fits, what)?;
        let jobs = &instance.jobs;
        let durations = row(jobs.iter().map(|job| job.durations[0].get()));
        let due = row(jobs.iter().filter_map(|job| Some(job.due?.get())));
        Ok(format!("1\n{} -\n{durations}\n{due}\n", jobs.len()))
    }
}

/// The whole numbers of a line, if there is nothing else on it.
fn integers(line: Line<'_>) -> Option<Vec<i64>> {
    line.tokens().map(Token::integer).collect()
}

/// The number of jobs of a line `jobs optimum`.
fn head(line: Line<'_>) -> Option<i64> {
    let tokens: Vec<Token<'_>> = line.tokens().take(3).collect();
    let [jobs, optimum] = tokens[..] else { return None };
    let known = optimum.text == "-" || optimum.integer().is_some();
    jobs.integer().filter(|&jobs| known && jobs > 0)
}

fn read_instance<'t>(
    text: &Text<'t>,
    lines: &mut impl Iterator<Item = Line<'t>>,
    report: &mut Report<'_>,
) -> Option<MachinesInstance> {
    let Some(first) = lines.next() else {
        let hint = "get a complete copy of the file";
        report.line(text.line_last(), "a line `jobs optimum`", "the end of the file", hint);
        return None;
    };
    let Some(jobs) = head(first).filter(|&jobs| jobs <= text.count_limit()) else {
        let expected = "a line `jobs optimum` with as many jobs as the file can hold";
        report.line(first.number, expected, quote(first.content), "correct the line");
        return None;
    };
    let most = Time::MAX.get();
    let durations = numbers(text, lines.next(), ("durations", jobs), 0..=most, report)?;
    let due = numbers(text, lines.next(), ("due times", jobs), -most..=most, report)?;
    let job = |(duration, due): (i64, i64)| MachineJob {
        durations: vec![Ticks::new(duration)],
        weight: 1,
        due: Some(Time::new(due)),
    };
    let jobs = durations.into_iter().zip(due).map(job).collect();
    let (name, criterion) = (text.instance().to_owned(), Criterion::TotalTardiness);
    Some(MachinesInstance { name, machines: 1, jobs, criterion })
}

/// One line with a number per job.
fn numbers(
    text: &Text<'_>,
    line: Option<Line<'_>>,
    (what, jobs): (&str, i64),
    range: RangeInclusive<i64>,
    report: &mut Report<'_>,
) -> Option<Vec<i64>> {
    let expected = format!("{jobs} {what}, one per job");
    let Some(line) = line else {
        let hint = "get a complete copy of the file";
        report.line(text.line_last(), expected, "the end of the file", hint);
        return None;
    };
    let count = line.tokens().count();
    if count as i64 != jobs {
        let hint = "correct the line, or the number of jobs above it";
        report.line(line.number, expected, count.to_string(), hint);
        return None;
    }
    let one = format!("one of the {what}");
    line.tokens().map(|token| report.number(token, &one, range.clone())).collect()
}
