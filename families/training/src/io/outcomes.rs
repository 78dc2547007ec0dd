//! Outcomes of a budgeted experiment as CSV, appended as they come, so that it can resume.
//!
//! Columns: setting, optimizer, schedule, budget (percent), rate, seed, metric. A last line that
//! was torn when the run was interrupted is left out.
//!
//! **Source:** -

use crate::schedules::{Outcome, Trial};
use ordine_wire::{DIAGNOSTICS_MAX, Diagnostic, Diagnostics, quote};
use std::io::{self, Write};

/// The first line.
pub const OUTCOMES_HEAD: [&str; 7] =
    ["setting", "optimizer", "schedule", "budget", "rate", "seed", "metric"];

/// Writes the first line.
///
/// # Errors
/// Those of the writer.
pub fn write_head(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", OUTCOMES_HEAD.join(","))
}

/// Writes one outcome.
///
/// # Errors
/// Those of the writer.
pub fn write_outcome(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let Outcome { trial, metric } = outcome;
    let (budget, rate) = (trial.budget.to_string(), trial.rate.to_string());
    let (seed, metric) = (trial.seed.to_string(), metric.to_string());
    let cells = [&trial.setting, &trial.optimizer, &trial.schedule, &budget, &rate, &seed, &metric];
    let mut row = csv::WriterBuilder::new().from_writer(Vec::new());
    row.write_record(cells)?;
    let bytes = row.into_inner().map_err(|error| error.into_error())?;
    out.write_all(&bytes)
}

/// Reads outcomes; `name` stands in messages.
///
/// # Errors
/// When the first line is another, or a line is wrong.
pub fn read_outcomes(name: &str, bytes: &[u8]) -> Result<Vec<Outcome>, Diagnostics> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[..whole]);
    let head = reader.headers().cloned().unwrap_or_default();
    if head.iter().ne(OUTCOMES_HEAD) {
        let cells: Vec<&str> = head.iter().collect();
        let (expected, hint) = (OUTCOMES_HEAD.join(","), "give a file of outcomes, or a new name");
        return Err(Diagnostic::of_file(name, expected, quote(&cells.join(",")), hint).into());
    }
    let (mut outcomes, mut wrong) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.unwrap_or_default();
        if let Some(outcome) = outcome(&record) {
            outcomes.push(outcome);
        } else if wrong.len() < DIAGNOSTICS_MAX {
            let cells: Vec<&str> = record.iter().collect();
            let line = record.position().map_or(0, |position| position.line() as u32);
            let expected = "three names and four numbers";
            let found = quote(&cells.join(","));
            wrong.push(Diagnostic::of_file(name, expected, found, "remove it").at_line(line));
        }
    }
    let mut wrong = wrong.into_iter();
    match wrong.next() {
        Some(first) => Err(Diagnostics::from(first).with(wrong)),
        None => Ok(outcomes),
    }
}

fn outcome(record: &csv::StringRecord) -> Option<Outcome> {
    if record.len() != OUTCOMES_HEAD.len() {
        return None;
    }
    let number = |place: usize| record[place].parse::<f64>().ok();
    let trial = Trial {
        setting: record[0].to_owned(),
        optimizer: record[1].to_owned(),
        schedule: record[2].to_owned(),
        budget: number(3)?,
        rate: number(4)?,
        seed: record[5].parse().ok()?,
    };
    Some(Outcome { trial, metric: number(6)? })
}
