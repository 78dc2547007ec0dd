//! What the texts of flexible job shops share, with workers and without.
//!
//! A head of numbers, optionally followed by an average (may be a decimal; not used); then one
//! line per job: the number of operations, per operation the number of machines, per machine the
//! machine and its duration, or its workers and their durations. Machines and workers count
//! from 1. O(file).
//!
//! **Source:** -

use crate::instance::{Choice, Operation, ShopInstance, ShopJob};
use crate::io::finish;
use ordine_base::Ticks;
use ordine_problem::Problem;
use ordine_wire::{Diagnostic, Diagnostics, Fit, Line, Report, Text, Token, quote};

/// Who runs an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crew {
    /// The machine alone.
    Machine,
    /// The machine and one worker; the head says how many workers there are.
    MachineAndWorker,
}

impl Crew {
    /// The numbers of the head that must be there.
    fn head(self) -> &'static [&'static str] {
        match self {
            Crew::Machine => &["jobs", "machines"],
            Crew::MachineAndWorker => &["jobs", "machines", "workers"],
        }
    }

    fn head_expected(self) -> String {
        format!("`{}`, and perhaps the average number of choices", self.head().join(" "))
    }

    fn row_expected(self) -> &'static str {
        match self {
            Crew::Machine => {
                "a number of operations, and per operation a number of choices and that many \
                 pairs `machine duration`"
            }
            Crew::MachineAndWorker => {
                "a number of operations, per operation a number of machines, and per machine \
                 `machine workers` and that many pairs `worker duration`"
            }
        }
    }
}

/// How well the text fits.
pub(super) fn fit(text: &Text<'_>, crew: Crew) -> Fit {
    let mut lines = text.data_lines();
    let wrong = |line: u32, expected: &str, found: String| {
        Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(line))
    };
    let expected = format!("first {}", crew.head_expected());
    let Some(first) = lines.next() else {
        return wrong(1, &expected, "nothing".to_owned());
    };
    let counts = crew.head().len();
    let tokens: Vec<_> = first.tokens().take(counts + 2).collect();
    let whole = tokens.iter().take(counts).filter(|token| token.integer().is_some()).count();
    let average = tokens.get(counts).is_none_or(|token| decimal(*token).is_some());
    if whole != counts || tokens.len() > counts + 1 || !average {
        return wrong(first.number, &expected, quote(first.content));
    }
    Fit::of_lines(
        lines,
        |line| has_shape(*line, crew),
        |line| {
            let found = quote(line.content);
            let expected = crew.row_expected();
            Diagnostic::of_file(text.name(), expected, found, "").at_line(line.number)
        },
    )
}

/// Reads the shop.
pub(super) fn read(text: &Text<'_>, crew: Crew) -> Result<Problem, Diagnostics> {
    let mut report = Report::new(text);
    let mut lines = text.data_lines();
    let Some(head) = Sizes::read(text, lines.next(), crew, &mut report) else {
        return Err(report.fail());
    };
    let mut jobs = Vec::new();
    let mut numbers = Vec::new();
    for line in lines {
        if report.is_full() {
            return Err(report.fail());
        }
        if numbers.len() == head.jobs {
            let expected = format!("the end of the file after {} jobs", head.jobs);
            let hint = format!("remove the line or correct the header in line {}", head.line);
            report.line(line.number, expected, quote(line.content), hint);
            break;
        }
        numbers.push(line.number);
        jobs.extend(Row { line, head: &head, crew, report: &mut report }.read());
    }
    if numbers.len() < head.jobs {
        let expected = format!("{} lines of jobs", head.jobs);
        let hint = format!("add the missing lines or correct the header in line {}", head.line);
        report.line(text.line_last(), expected, format!("{}", numbers.len()), hint);
    }
    let name = text.instance().to_owned();
    let Sizes { machines, workers, .. } = head;
    let shop = ShopInstance { name, machines, workers, jobs, ..ShopInstance::default() };
    finish(&shop, &numbers, report)
}

/// `count / of` with at most three decimals, without zeros at the end.
pub(super) fn rounded(count: usize, of: usize) -> String {
    let thousandths = (2000 * count + of) / (2 * of).max(1);
    let decimals = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    decimals.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn decimal(token: Token<'_>) -> Option<f64> {
    let number: f64 = token.text.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// What the head says, and its line.
struct Sizes {
    jobs: usize,
    machines: usize,
    workers: usize,
    line: u32,
}

impl Sizes {
    fn read(
        text: &Text<'_>,
        line: Option<Line<'_>>,
        crew: Crew,
        report: &mut Report<'_>,
    ) -> Option<Sizes> {
        let hint = "write how many of each follow";
        let Some(line) = line else {
            report.line(1, crew.head_expected(), "an empty file", hint);
            return None;
        };
        let names = crew.head();
        let tokens: Vec<Token<'_>> = line.tokens().take(names.len() + 2).collect();
        if !(names.len()..=names.len() + 1).contains(&tokens.len()) {
            report.line(line.number, crew.head_expected(), quote(line.content), hint);
            return None;
        }
        if let Some(average) = tokens.get(names.len()).filter(|it| decimal(**it).is_none()) {
            report.at(*average, "the average number of choices, not negative", "write a number");
        }
        let limit = text.count_limit();
        let mut counts = names.iter().zip(&tokens).map(|(name, &token)| {
            let what = format!("a number of {name} that this file can hold");
            report.number(token, &what, 1..=limit).map(|count| count as usize)
        });
        let (jobs, machines) = (counts.next().flatten(), counts.next().flatten());
        let workers = counts.next().unwrap_or(Some(0));
        Some(Sizes { jobs: jobs?, machines: machines?, workers: workers?, line: line.number })
    }
}

/// Reads the line of one job.
struct Row<'l, 'h, 'r, 'a> {
    line: Line<'l>,
    head: &'h Sizes,
    crew: Crew,
    report: &'r mut Report<'a>,
}

impl Row<'_, '_, '_, '_> {
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
            let (Some(machine), Some(second)) = (tokens.next(), tokens.next()) else {
                let expected = format!("{count} choices of operation {}", place + 1);
                self.short(&expected, format!("{read}"));
                return None;
            };
            let machine = self.counted(machine, "machine", self.head.machines)?;
            if self.crew == Crew::Machine {
                choices.push(Choice::on(machine, self.duration(second)?));
                continue;
            }
            let numbers = self.line.content.len() as i64;
            let workers = self.report.number(second, "a number of workers", 1..=numbers)?;
            for read in 0..workers {
                let (Some(worker), Some(duration)) = (tokens.next(), tokens.next()) else {
                    let place = place + 1;
                    let expected = format!("{workers} workers of a machine of operation {place}");
                    self.short(&expected, format!("{read}"));
                    return None;
                };
                let worker = Some(self.counted(worker, "worker", self.head.workers)?);
                choices.push(Choice { machine, worker, duration: self.duration(duration)? });
            }
        }
        Some(Operation { choices })
    }

    fn duration(&mut self, token: Token<'_>) -> Option<Ticks> {
        self.report.number(token, "a duration", 0..=Ticks::MAX.get()).map(Ticks::new)
    }

    fn short(&mut self, expected: &str, found: String) {
        let hint = "complete the line, or correct the number of operations or of choices";
        self.report.line(self.line.number, expected, found, hint);
    }

    /// A machine or worker, which count from 1.
    fn counted(&mut self, token: Token<'_>, what: &str, most: usize) -> Option<usize> {
        let known = |number: &i64| (1..=most as i64).contains(number);
        if let Some(number) = token.integer().filter(known) {
            return Some(number as usize - 1);
        }
        let hint = match token.text {
            "0" => format!("{what}s count from 1 in this format: raise all of them by one"),
            _ => format!("correct the {what}, or the number of {what}s in the header"),
        };
        self.report.at(token, format!("a {what} from 1 to {most}"), hint);
        None
    }
}

/// Whether the counts of the line lead exactly to its end.
fn has_shape(line: Line<'_>, crew: Crew) -> bool {
    let mut tokens = line.tokens().map(Token::integer);
    walk(&mut tokens, crew).is_some() && tokens.next().is_none()
}

fn walk(tokens: &mut impl Iterator<Item = Option<i64>>, crew: Crew) -> Option<()> {
    let mut number = || tokens.next().flatten();
    let is_count = |count: &i64| *count >= 1;
    for _ in 0..number().filter(is_count)? {
        for _ in 0..number().filter(is_count)? {
            let (_, second) = (number()?, number()?);
            let pairs = match crew {
                Crew::Machine => 0,
                Crew::MachineAndWorker => Some(second).filter(is_count)?,
            };
            for _ in 0..pairs {
                let _ = (number()?, number()?);
            }
        }
    }
    Some(())
}
