//! Logs of training: scalar series by name, from CSV, JSON lines, TensorBoard event files, Parquet.
//!
//! CSV has a head that names columns; JSON lines have one object per line. A column `step` (or
//! `global_step`, `_step`, `iteration`) counts updates, else rows do; every other column that holds
//! numbers is a series. Empty cells and words are skipped where a column holds numbers elsewhere.
//! O(bytes).
//!
//! **Source:** logs as `transformers`, Weights & Biases and TensorBoard export them

use crate::schedules::{Norm, NormPoint};
use ordine_wire::{DIAGNOSTICS_MAX, Diagnostic, Diagnostics, Text, quote};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Scalar series of one log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScalarLog {
    /// The series by name, each with steps and values in the order of the log.
    pub series: BTreeMap<String, Vec<(u64, f64)>>,
}

/// The formats of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Commas, with a head.
    Csv,
    /// One JSON object per line.
    JsonLines,
    /// Event files of TensorBoard.
    TensorBoard,
    /// Columns of Apache Parquet; needs the feature `parquet`.
    Parquet,
}

/// Names of columns that count updates.
pub(super) const STEP_NAMES: [&str; 4] = ["step", "global_step", "_step", "iteration"];

/// Names of series that hold the l1 norm, likeliest first.
const L1_NAMES: [&str; 3] = ["l1", "grad_norm_l1", "gradient_norm_l1"];

/// Names of series that hold the l2 norm, likeliest first.
const L2_NAMES: [&str; 6] =
    ["l2", "grad_norm", "gradient_norm", "train/grad_norm", "grad_norm_l2", "gradient_norm_l2"];

impl LogFormat {
    /// The format of these bytes, by their structure.
    pub fn of(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        if crate::io::tensorboard::begins_record(bytes) {
            LogFormat::TensorBoard
        } else if bytes.starts_with(b"PAR1") {
            LogFormat::Parquet
        } else if text.first() == Some(&b'{') {
            LogFormat::JsonLines
        } else {
            LogFormat::Csv
        }
    }
}

/// Reads a log; `name` stands in messages.
///
/// # Errors
/// Every line or record that is wrong, up to a limit; a log without any series of numbers.
pub fn read_log(name: &str, bytes: &[u8], format: LogFormat) -> Result<ScalarLog, Diagnostics> {
    let mut found = Collected { name, log: ScalarLog::default(), wrong: Vec::new() };
    match format {
        LogFormat::Csv => read_csv(bytes, &mut found)?,
        LogFormat::JsonLines => read_json_lines(bytes, &mut found)?,
        LogFormat::TensorBoard => super::tensorboard::read(bytes, &mut found),
        LogFormat::Parquet => super::parquet::read(bytes, &mut found),
    }
    let mut wrong = found.wrong.into_iter();
    if let Some(first) = wrong.next() {
        return Err(Diagnostics::from(first).with(wrong));
    }
    if found.log.series.is_empty() {
        let hint = "log a number at every step, such as the norm of the gradient";
        let expected = "at least one series of numbers";
        return Err(Diagnostic::of_file(name, expected, "none: the log is empty", hint).into());
    }
    Ok(found.log)
}

/// What a reader gathers.
pub(super) struct Collected<'a> {
    pub(super) name: &'a str,
    pub(super) log: ScalarLog,
    pub(super) wrong: Vec<Diagnostic>,
}

impl Collected<'_> {
    pub(super) fn add(&mut self, series: &str, step: u64, value: f64) {
        if let Some(points) = self.log.series.get_mut(series) {
            points.push((step, value));
        } else {
            self.log.series.insert(series.to_owned(), vec![(step, value)]);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.wrong.len() >= DIAGNOSTICS_MAX
    }

    fn wrong(&mut self, line: u64, expected: &str, found: String, hint: &str) {
        let diagnostic = Diagnostic::of_file(self.name, expected, found, hint);
        self.wrong.push(diagnostic.at_line(u32::try_from(line).unwrap_or(u32::MAX)));
    }
}

fn read_csv(bytes: &[u8], found: &mut Collected<'_>) -> Result<(), Diagnostics> {
    let text = Text::new(found.name, bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.content().as_bytes());
    let head = reader.headers().cloned().unwrap_or_default();
    if !head.is_empty() && head.iter().all(|cell| cell.parse::<f64>().is_ok()) {
        let words = "a head that names the columns";
        let cells: Vec<&str> = head.iter().collect();
        let hint = "begin the file with a line such as `step,l1,l2`";
        found.wrong(1, words, quote(&cells.join(",")), hint);
        return Ok(());
    }
    let step_column = head.iter().position(|name| STEP_NAMES.contains(&name));
    for (row, record) in reader.records().enumerate() {
        if found.is_full() {
            break;
        }
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != head.len() {
            let expected = format!("{} cells, as in the head", head.len());
            found.wrong(line, &expected, record.len().to_string(), "complete the line");
            continue;
        }
        let step = match step_column {
            None => Some(row as u64),
            Some(column) => step_of(&record[column]),
        };
        let Some(step) = step else {
            let cell = quote(&record[step_column.unwrap_or(0)]);
            found.wrong(line, "a whole number from 0 up as step", cell, "correct the step");
            continue;
        };
        for (column, cell) in record.iter().enumerate() {
            if let (true, Ok(value)) = (Some(column) != step_column, cell.parse::<f64>()) {
                found.add(&head[column], step, value);
            }
        }
    }
    words_among_numbers(text.content(), found);
    Ok(())
}

/// Words in the columns of norms: elsewhere they are skipped, here they would be missed.
fn words_among_numbers(content: &str, found: &mut Collected<'_>) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(content.as_bytes());
    let head = reader.headers().cloned().unwrap_or_default();
    for record in reader.records().flatten() {
        for (name, cell) in head.iter().zip(&record) {
            let is_norm = L1_NAMES.contains(&name) || L2_NAMES.contains(&name);
            if is_norm && !cell.is_empty() && cell.parse::<f64>().is_err() && !found.is_full() {
                let line = record.position().map_or(0, csv::Position::line);
                let hint = "correct the cell, or leave it empty";
                found.wrong(line, &format!("a number as {name}"), quote(cell), hint);
            }
        }
    }
}

/// A step as logs write it: a whole number, perhaps with a point.
fn step_of(cell: &str) -> Option<u64> {
    let whole = |step: f64| step >= 0.0 && step.fract() == 0.0 && step < 1e15;
    cell.parse()
        .ok()
        .or_else(|| cell.parse::<f64>().ok().filter(|step| whole(*step)).map(|step| step as u64))
}

fn read_json_lines(bytes: &[u8], found: &mut Collected<'_>) -> Result<(), Diagnostics> {
    use serde_json::{Map, Value};
    let text = Text::new(found.name, bytes)?;
    let rows = text.lines().filter(|line| !line.content.trim().is_empty());
    for (row, line) in rows.enumerate() {
        if found.is_full() {
            break;
        }
        let number = u64::from(line.number);
        let object: Map<String, Value> = match serde_json::from_str(line.content) {
            Ok(object) => object,
            Err(error) => {
                let hint = "write one object per line, and no NaN: JSON has none";
                let words = format!("{} ({error})", quote(line.content));
                found.wrong(number, "a JSON object", words, hint);
                continue;
            }
        };
        let step = STEP_NAMES.iter().find_map(|name| object.get(*name));
        let step = match step.map(|step| step.to_string()) {
            None => Some(row as u64),
            Some(cell) => step_of(&cell).or_else(|| {
                found.wrong(number, "a whole number from 0 up as step", quote(&cell), "correct it");
                None
            }),
        };
        let Some(step) = step else { continue };
        for (name, value) in &object {
            if let (false, Some(value)) = (STEP_NAMES.contains(&name.as_str()), value.as_f64()) {
                found.add(name, step, value);
            }
        }
    }
    Ok(())
}

impl ScalarLog {
    /// The norms of the log: of the series of this name, or of the one that is known to hold them.
    ///
    /// # Errors
    /// When there is no such series: a message that lists the ones there are.
    pub fn norms(
        &self,
        file: &str,
        series: Option<&str>,
        norm: Norm,
    ) -> Result<Vec<f64>, Diagnostics> {
        let known: &[&str] = match norm {
            Norm::L1 => &L1_NAMES,
            Norm::L2 => &L2_NAMES,
        };
        let wanted = match series {
            Some(name) => self.series.get(name),
            None => known.iter().find_map(|name| self.series.get(*name)),
        };
        if let Some(points) = wanted {
            return Ok(points.iter().map(|(_, value)| *value).collect());
        }
        let names: Vec<&str> = self.series.keys().map(String::as_str).collect();
        let expected = match series {
            Some(name) => format!("a series {}", quote(name)),
            None => format!("a series of gradient norms, called one of {}", known.join(", ")),
        };
        let hint = "name the series that holds the norms, or record them";
        Err(Diagnostic::of_file(file, expected, names.join(", "), hint).into())
    }
}

/// Writes recorded norms as CSV: step, l1, l2.
///
/// # Errors
/// Those of the writer.
pub fn write_norms(points: &[NormPoint], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "step,l1,l2")?;
    points.iter().try_for_each(|NormPoint { step, l1, l2 }| writeln!(out, "{step},{l1},{l2}"))
}
