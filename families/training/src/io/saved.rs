//! Saved schedules, states and tables: JSON and CSV with a line that names the format.
//!
//! A schedule is saved as its plan, which holds every value of a refined one; numbers are written
//! as text, so that they read back equal bit for bit.
//!
//! **Source:** -

use crate::schedules::{Plan, PlateauState, Schedule};
use ordine_wire::{Diagnostic, Diagnostics};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// What the first field of a saved schedule says.
pub const SCHEDULE_FORMAT: &str = "ordine/lr-schedule/1";

/// What the first field of a saved plateau says.
pub const PLATEAU_FORMAT: &str = "ordine/lr-plateau/1";

/// A plan with the run that it was made for.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSchedule {
    /// The plan.
    pub plan: Plan,
    /// Updates of the run.
    pub steps: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleFile {
    format: String,
    steps: i64,
    plan: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlateauFile {
    format: String,
    rate: String,
    best: Option<String>,
    waited: u64,
    cooling: u64,
    observed: u64,
}

/// Writes a schedule as JSON.
///
/// # Errors
/// Those of the writer.
pub fn write_schedule(saved: &SavedSchedule, out: &mut dyn Write) -> io::Result<()> {
    let (format, plan) = (SCHEDULE_FORMAT.to_owned(), saved.plan.to_string());
    let file = ScheduleFile { format, steps: saved.steps, plan };
    serde_json::to_writer_pretty(&mut *out, &file)?;
    writeln!(out)
}

/// Reads a schedule from JSON; `name` stands in messages.
///
/// # Errors
/// When it is no JSON of this format, or its plan is none.
pub fn read_schedule(name: &str, bytes: &[u8]) -> Result<SavedSchedule, Diagnostics> {
    let file: ScheduleFile = parsed(name, bytes)?;
    named(name, &file.format, SCHEDULE_FORMAT)?;
    let plan = file.plan.parse::<Plan>().map_err(|error| {
        Diagnostic::of_file(name, "a plan", format!("a text with an error, {error}"), "correct it")
    })?;
    Ok(SavedSchedule { plan, steps: file.steps })
}

/// Writes the state of a plateau as JSON.
///
/// # Errors
/// Those of the writer.
pub fn write_plateau(state: &PlateauState, out: &mut dyn Write) -> io::Result<()> {
    let &PlateauState { rate, best, waited, cooling, observed } = state;
    let format = PLATEAU_FORMAT.to_owned();
    let (rate, best) = (rate.to_string(), best.map(|best| best.to_string()));
    let file = PlateauFile { format, rate, best, waited, cooling, observed };
    serde_json::to_writer(&mut *out, &file)?;
    writeln!(out)
}

/// Reads the state of a plateau from JSON; `name` stands in messages.
///
/// # Errors
/// When it is no JSON of this format.
pub fn read_plateau(name: &str, bytes: &[u8]) -> Result<PlateauState, Diagnostics> {
    let file: PlateauFile = parsed(name, bytes)?;
    named(name, &file.format, PLATEAU_FORMAT)?;
    let PlateauFile { rate, best, waited, cooling, observed, .. } = file;
    let (rate, best) = (number(name, &rate)?, best.map(|best| number(name, &best)).transpose()?);
    Ok(PlateauState { rate, best, waited, cooling, observed })
}

/// Writes the rates of the first `steps` updates as CSV: step, rate.
///
/// # Errors
/// Those of the writer.
pub fn write_values(schedule: &Schedule, steps: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "step,rate")?;
    (0..steps).try_for_each(|step| writeln!(out, "{step},{}", schedule.value(step)))
}

fn parsed<'a, T: Deserialize<'a>>(name: &str, bytes: &'a [u8]) -> Result<T, Diagnostic> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line() as u32, error.column() as u32);
        let hint = "give a file that `ordine lr` wrote";
        Diagnostic::of_file(name, "a saved schedule", error.to_string(), hint).at(line, column)
    })
}

/// A number that was written as text, because JSON readers may round.
fn number(name: &str, text: &str) -> Result<f64, Diagnostic> {
    let wrong = || Diagnostic::of_file(name, "a number", ordine_wire::quote(text), "correct it");
    text.parse().map_err(|_| wrong())
}

fn named(name: &str, found: &str, expected: &str) -> Result<(), Diagnostic> {
    if found == expected {
        return Ok(());
    }
    let hint = "give a file of this format and version";
    Err(Diagnostic::of_file(name, expected, ordine_wire::quote(found), hint))
}
