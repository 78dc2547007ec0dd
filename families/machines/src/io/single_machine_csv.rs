//! Single machine, tardiness, as a table: one job per line.
//!
//! The first line names the columns, among `duration`, `due` and `weight`, separated by commas;
//! the first two must be there. With weights the weighted tardiness is minimized, without them the
//! total one. O(file).
//!
//! **Source:** RFC 4180 (CSV), without quotes: there are only numbers.

use super::{finish, raise_where};
use crate::{Criterion, MachineJob, MachinesInstance};
use ordine_base::{Ticks, Time};
use ordine_problem::Problem;
use ordine_wire::{
    About, Diagnostic, Diagnostics, Fit, Format, FormatError, Line, Report, Text, Token, quote,
};

/// The format `smtt-csv`.
#[derive(Clone, Copy, Debug)]
pub struct SingleMachineCsv;

/// What a table may say of a job.
const COLUMNS: [&str; 3] = ["duration", "due", "weight"];

impl Format for SingleMachineCsv {
    fn about(&self) -> About {
        About {
            name: "smtt-csv",
            summary: "single machine, tardiness: a table with columns duration, due, weight",
            source: "-",
            extensions: &["csv"],
        }
    }

    fn detect(&self, text: &Text<'_>) -> Fit {
        let first = text.data_lines().next();
        match first.and_then(columns) {
            Some(_) => Fit::Marked,
            None => {
                let expected = "a first line `duration,due` or `duration,due,weight`";
                let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
                let line = first.map_or(1, |line| line.number);
                Fit::No(Diagnostic::of_file(text.name(), expected, found, "").at_line(line))
            }
        }
    }

    fn read(&self, text: &Text<'_>) -> Result<Problem, Diagnostics> {
        let mut report = Report::new(text);
        let mut lines = text.data_lines();
        let first = lines.next();
        let Some(columns) = first.and_then(columns) else {
            let found = first.map_or("nothing".to_owned(), |line| quote(line.content));
            let expected = "a first line `duration,due` or `duration,due,weight`";
            let line = first.map_or(1, |line| line.number);
            report.line(line, expected, found, "name the columns");
            return Err(report.fail());
        };
        let weighted = columns.contains(&2);
        let mut jobs = Vec::new();
        for line in lines {
            if report.is_full() {
                return Err(report.fail());
            }
            jobs.extend(read_job(line, &columns, &mut report));
        }
        let criterion = match weighted {
            true => Criterion::WeightedTardiness,
            false => Criterion::TotalTardiness,
        };
        let name = text.instance().to_owned();
        finish(&MachinesInstance { name, machines: 1, jobs, criterion }, report)
    }

    fn write(&self, problem: &Problem) -> Result<String, FormatError> {
        let fits = |it: &MachinesInstance| {
            it.criterion != Criterion::Makespan
                && it.machines == 1
                && it.jobs.iter().all(|job| job.due.is_some())
        };
        let what = "anything but the tardiness of jobs with due times on one machine";
        let instance = raise_where(self, problem, fits, what)?;
        let weighted = instance.criterion == Criterion::WeightedTardiness;
        if !weighted && instance.jobs.iter().any(|job| job.weight != 1) {
            let what = "weights that do not count".to_owned();
            return Err(FormatError::NoWords { format: self.about().name, what });
        }
        let mut written =
            if weighted { "duration,due,weight\n" } else { "duration,due\n" }.to_owned();
        for job in &instance.jobs {
            let due = job.due.map_or(0, Time::get);
            written += &format!("{},{due}", job.durations[0]);
            if weighted {
                written += &format!(",{}", job.weight);
            }
            written.push('\n');
        }
        Ok(written)
    }
}

/// By column, which of [`COLUMNS`] it is; `None` when the line is no head of such a table.
fn columns(line: Line<'_>) -> Option<Vec<usize>> {
    let number = |name: &str| COLUMNS.iter().position(|known| *known == name.trim());
    let columns: Vec<usize> = line.content.split(',').map(number).collect::<Option<_>>()?;
    let once = |column: usize| columns.iter().filter(|&&it| it == column).count();
    (once(0) == 1 && once(1) == 1 && once(2) <= 1).then_some(columns)
}

fn read_job(line: Line<'_>, columns: &[usize], report: &mut Report<'_>) -> Option<MachineJob> {
    let cells: Vec<&str> = line.content.split(',').collect();
    if cells.len() != columns.len() {
        let expected = format!("{} numbers, one per column", columns.len());
        report.line(line.number, expected, cells.len().to_string(), "correct the line");
        return None;
    }
    let most = Time::MAX.get();
    let mut values = [0, 0, 1];
    for (&column, cell) in columns.iter().zip(&cells) {
        let offset = cell.as_ptr() as usize - line.content.as_ptr() as usize;
        let place = offset + (cell.len() - cell.trim_start().len()) + 1;
        let token = Token { text: cell.trim(), line: line.number, column: place as u32 };
        let least = if column == 1 { -most } else { 0 };
        values[column] = report.number(token, COLUMNS[column], least..=most)?;
    }
    let [duration, due, weight] = values;
    let (durations, due) = (vec![Ticks::new(duration)], Some(Time::new(due)));
    Some(MachineJob { durations, weight, due })
}
