//! Single machine, total weighted tardiness, as in the OR-Library: `wt40.txt`.
//!
//! The instances stand one after the other, without any head: the durations of all jobs, then all
//! weights, then all due times. Each of the three begins on a new line and may go on over several.
//! How many jobs there are is not in the text: it is in the name of the file, `wt40`, or given by
//! the user, `wt:40`; a text of exactly three lines of one length says it itself. Files of that
//! library called `wtopt…` and `wtbest…` hold objective values, one per line, and are refused.
//! O(file).
//!
//! **Source:** Beasley 1990 (OR-Library); Crauwels, Potts, Van Wassenhove 1998 (instances).

use super::{finish, raise_where, row};
use crate::{Criterion, MachineJob, MachinesInstance};
use ordine_base::{Ticks, Time};
use ordine_problem::Problem;
use ordine_wire::{
    About, DETECTION_LINES, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text,
    Token, quote,
};
use std::iter::Peekable;
use std::ops::RangeInclusive;

/// The format `wt`.
#[derive(Clone, Copy, Debug)]
pub struct WeightedTardiness;

impl Format for WeightedTardiness {
    fn about(&self) -> About {
        About {
            name: "wt",
            summary: "single machine, weighted tardiness: n durations, weights, due times (wt:N)",
            source: "Beasley 1990 (OR-Library)",
            extensions: &["txt"],
        }
    }

    fn parameter(&self) -> Option<&'static str> {
        Some("number of jobs")
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let wrong = |line: Line<'_>, expected: String| {
            let diagnostic = Diagnostic::of_file(text.name(), expected, quote(line.content), "");
            diagnostic.at_line(line.number)
        };
        if is_list_of_values(text) {
            return Fit::Marked;
        }
        let Some(jobs) = jobs_in_name(text.stem()) else {
            let expected = "a file whose name says the number of jobs, as wt40.txt does";
            let diagnostic = Diagnostic::of_file(text.name(), expected, quote(text.stem()), "");
            return Fit::No(diagnostic.at_line(text.line_first_said()));
        };
        let is_part = |line: &Line<'_>| {
            let numbers: Option<Vec<i64>> = line.tokens().map(Token::integer).collect();
            numbers.is_some_and(|numbers| numbers.len() <= jobs)
        };
        let expected = format!("whole numbers, at most {jobs} on a line");
        let lines = text.data_lines();
        match Fit::of_lines(lines.clone(), is_part, |line| wrong(line, expected)) {
            // The name says what nothing but numbers means.
            Fit::Lines { fitting, of } if fitting == of && of > 0 => Fit::Marked,
            fit => fit,
        }
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        if text.parameter().is_none() && is_list_of_values(text) {
            let line = text.data_lines().next().map_or(1, |line| line.number);
            let expected = "durations, weights and due times of jobs";
            let found = "objective values, one per line, to which the name refers";
            let hint = "give the file of the instances, such as wt40.txt";
            report.line(line, expected, found, hint);
            return Err(report.fail());
        }
        let Some(jobs) = number_of_jobs(text, &mut report) else { return Err(report.fail()) };
        let mut reader = Reader { lines: text.data_lines().peekable(), jobs, text, report };
        let (mut instances, mut firsts) = (Vec::new(), Vec::new());
        while reader.lines.peek().is_some() || instances.is_empty() {
            firsts.push(reader.lines.peek().map_or(1, |line| line.number));
            match reader.instance(instances.len() + 1) {
                Some(instance) => instances.push(instance),
                None => return Err(reader.report.fail()),
            }
        }
        match &instances[..] {
            [instance] => finish(instance, reader.report),
            several => {
                let hint = "select one by its number, as in `wt40.txt#1`";
                let found = several.len().to_string();
                reader.report.line(firsts[1], "one instance", found, hint);
                Err(reader.report.fail())
            }
        }
    }

    fn split<'t>(&self, text: &Text<'t>) -> Vec<Text<'t>> {
        let mut report = Report::new(text);
        let jobs = match number_of_jobs(text, &mut report) {
            Some(jobs) if !is_list_of_values(text) || text.parameter().is_some() => jobs,
            _ => return vec![text.clone()],
        };
        // A text that does not divide evenly is one part: reading it names the mistake.
        let Some(firsts) = first_lines(text, jobs) else { return vec![text.clone()] };
        let ends = firsts.iter().skip(1).map(|line| Some(*line)).chain([None]);
        let parts = firsts.iter().zip(ends).zip(1..).map(|((first, end), number)| {
            let part = text.part(*first, end);
            match firsts.len() {
                1 => part,
                _ => part.with_instance(format!("{}_{number}", text.instance())),
            }
        });
        parts.collect()
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let fits = |it: &MachinesInstance| {
            it.criterion == Criterion::WeightedTardiness
                && it.machines == 1
                && it.jobs.iter().all(|job| job.due.is_some())
        };
        let what = "anything but the weighted tardiness of jobs with due times on one machine";
        let instance = raise_where(self, problem, fits, what)?;
        let jobs = &instance.jobs;
        let rows = [
            row(jobs.iter().map(|job| job.durations[0].get())),
            row(jobs.iter().map(|job| job.weight)),
            row(jobs.iter().filter_map(|job| Some(job.due?.get()))),
        ];
        Ok(rows.join("\n") + "\n")
    }
}

/// Whether the text is a list of objective values, by its name and its lines.
fn is_list_of_values(text: &Text<'_>) -> bool {
    let stem = text.stem().to_ascii_lowercase();
    let named = ["wtopt", "wtbest"].iter().any(|start| stem.starts_with(start));
    let is_value = |line: Line<'_>| line.tokens().count() == 1;
    named && text.data_lines().take(DETECTION_LINES).all(is_value)
}

/// The number behind `wt` in the name of a file, where `wt` and number are a word of their own.
fn jobs_in_name(stem: &str) -> Option<usize> {
    let words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut jobs = words.filter_map(|word| {
        let (start, digits) = word.split_at_checked(2)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let jobs = digits.parse().ok().filter(|&jobs: &usize| is_number && jobs > 0);
        jobs.filter(|_| start.eq_ignore_ascii_case("wt"))
    });
    jobs.next_back()
}

/// How many jobs each instance has: as the user says, or the name, or three lines of one length.
fn number_of_jobs(text: &Text<'_>, report: &mut Report<'_>) -> Option<usize> {
    let limit = text.count_limit() as usize;
    if let Some(parameter) = text.parameter() {
        let jobs = parameter.parse().ok().filter(|jobs| (1..=limit).contains(jobs));
        if jobs.is_none() {
            let expected = format!("a number of jobs from 1 to {limit} behind the format");
            report.whole(expected, quote(parameter), "correct it, as in `--format wt:40`");
        }
        return jobs;
    }
    if let Some(jobs) = jobs_in_name(text.stem()).filter(|jobs| *jobs <= limit) {
        return Some(jobs);
    }
    let lengths: Vec<usize> = text.data_lines().take(4).map(|line| line.tokens().count()).collect();
    match lengths[..] {
        [durations, weights, due] if durations == weights && weights == due => Some(due),
        _ => {
            let expected = "the number of jobs in the name, as in wt40.txt";
            let hint = "say it as in `--format wt:40`";
            report.whole(expected, quote(text.stem()), hint);
            None
        }
    }
}

/// The first line of each instance; `None` when the lines do not divide into durations, weights
/// and due times of so many jobs.
fn first_lines<'t>(text: &Text<'t>, jobs: usize) -> Option<Vec<Line<'t>>> {
    let (mut firsts, mut groups, mut count) = (Vec::new(), 0, 0);
    for line in text.data_lines() {
        if count == 0 && groups % 3 == 0 {
            firsts.push(line);
        }
        count += line.tokens().count();
        if count > jobs {
            return None;
        }
        if count == jobs {
            (groups, count) = (groups + 1, 0);
        }
    }
    (count == 0 && groups > 0 && groups % 3 == 0).then_some(firsts)
}

struct Reader<'t, 'r, I: Iterator<Item = Line<'t>>> {
    lines: Peekable<I>,
    jobs: usize,
    text: &'r Text<'t>,
    report: Report<'r>,
}

impl<'t, I: Iterator<Item = Line<'t>>> Reader<'t, '_, I> {
    /// The next instance, the `number`th of the text.
    fn instance(&mut self, number: usize) -> Option<MachinesInstance> {
        let most = Time::MAX.get();
        let durations = self.numbers("durations", number, 0..=most)?;
        let weights = self.numbers("weights", number, 0..=most)?;
        let due = self.numbers("due times", number, -most..=most)?;
        let jobs = durations.into_iter().zip(weights).zip(due).map(|((duration, weight), due)| {
            let (durations, due) = (vec![Ticks::new(duration)], Some(Time::new(due)));
            MachineJob { durations, weight, due }
        });
        let (name, criterion) = (self.text.instance().to_owned(), Criterion::WeightedTardiness);
        Some(MachinesInstance { name, machines: 1, jobs: jobs.collect(), criterion })
    }

    /// As many numbers as there are jobs, which begin on a new line and end one.
    fn numbers(
        &mut self,
        what: &str,
        number: usize,
        range: RangeInclusive<i64>,
    ) -> Option<Vec<i64>> {
        let jobs = self.jobs;
        let expected = format!("{jobs} {what} of instance {number}");
        let hint = "correct the lines, or the number of jobs that the name or --format says";
        let mut numbers = Vec::with_capacity(jobs);
        while numbers.len() < jobs {
            let Some(line) = self.lines.next() else {
                let found = format!("{} before the end of the file", numbers.len());
                self.report.line(self.text.line_last(), expected, found, hint);
                return None;
            };
            for token in line.tokens() {
                numbers.push(self.report.number(
                    token,
                    &format!("one of the {what}"),
                    range.clone(),
                )?);
            }
            if numbers.len() > jobs {
                let expected = format!("{expected} and then a new line");
                self.report.line(line.number, expected, numbers.len().to_string(), hint);
                return None;
            }
        }
        Some(numbers)
    }
}
