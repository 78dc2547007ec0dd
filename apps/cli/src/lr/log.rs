//! Gradient norms from the log of a run, and where in the log a norm stands.
//!
//! **Source:** -

use crate::exit::Failure;
use crate::inputs;
use ordine_training::io::log::{LogFormat, ScalarLog, read_log};
use ordine_training::schedules::{Norm, ScheduleError};
use std::path::Path;

/// The norms of a run.
pub struct Norms {
    file: String,
    bytes: Vec<u8>,
    format: LogFormat,
    /// The series that holds them.
    pub column: String,
    /// Steps and norms, in the order of the log.
    pub points: Vec<(u64, f64)>,
    /// The norms alone.
    pub values: Vec<f64>,
}

impl Norms {
    /// Reads the norms of a log: of the series of this name, or of one that is known to hold them.
    ///
    /// # Errors
    /// When the log cannot be read, is empty, or has no such series.
    pub fn read(file: &str, column: Option<&str>, norm: Norm) -> Result<Self, Failure> {
        let bytes = inputs::bytes(Path::new(file))?;
        let name = if file == "-" { "stdin" } else { file };
        let format = LogFormat::of(&bytes);
        let log = read_log(name, &bytes, format)?;
        let values = log.norms(name, column, norm)?;
        let (column, points) = series_of(&log, column, &values);
        Ok(Norms { file: name.to_owned(), bytes, format, column, points, values })
    }

    /// Name of the log, for people.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Updates of the run: the highest step that was logged, and those before it.
    pub fn steps(&self) -> u64 {
        let last = self.points.iter().map(|(step, _)| *step).max().unwrap_or(0);
        (last + 1).max(self.points.len() as u64)
    }

    /// What refinement says against these norms, with the place in the log.
    pub fn failure(&self, error: &ScheduleError) -> Failure {
        let file = &self.file;
        Failure::bad_input(match error {
            ScheduleError::Norm { index, found } => {
                let line = self.line_of(*index).map_or(String::new(), |it| format!("line {it}, "));
                let step = self.points.get(*index).map_or(*index as u64, |point| point.0);
                format!(
                    "{file}, {line}step {step}: expected a gradient norm from 0 up as {}, found \
                     {found}; remove the step from the log, or find out why training diverged \
                     there",
                    self.column
                )
            }
            ScheduleError::FewNorms { .. } | ScheduleError::Collapsed { .. } => {
                format!("{file}: {error}")
            }
            ScheduleError::Parameter { name: "tau" | "power" | "distance", .. } => {
                format!("--{error}")
            }
            _ => error.to_string(),
        })
    }

    /// The line of a norm, where the log has lines.
    fn line_of(&self, index: usize) -> Option<usize> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let holds: Box<dyn Fn(&str) -> bool> = match self.format {
            LogFormat::TensorBoard | LogFormat::Parquet => return None,
            LogFormat::JsonLines => Box::new(|line| {
                let object: Option<serde_json::Value> = serde_json::from_str(line).ok();
                object.is_some_and(|it| it.get(&self.column).is_some_and(|it| it.is_number()))
            }),
            LogFormat::Csv => {
                let head = text.lines().find(|line| is_row(line))?;
                let cells = |it: &str| it.trim().trim_matches('"').to_owned();
                let place = head.split(',').position(|cell| cells(cell) == self.column)?;
                Box::new(move |line| {
                    let cell = line.split(',').nth(place).map(cells);
                    is_row(line) && cell.is_some_and(|cell| cell.parse::<f64>().is_ok())
                })
            }
        };
        let mut found = rows.filter(|(_, line)| holds(line));
        found.nth(index).map(|(place, _)| place + 1)
    }
}

/// Whether a line of CSV is more than a remark.
fn is_row(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

/// The series that holds these values, with its steps.
fn series_of(log: &ScalarLog, column: Option<&str>, values: &[f64]) -> (String, Vec<(u64, f64)>) {
    let bits = |points: &[(u64, f64)]| points.iter().map(|it| it.1.to_bits()).collect::<Vec<_>>();
    let wanted: Vec<u64> = values.iter().map(|it| it.to_bits()).collect();
    let found = log.series.iter().find(|(name, points)| match column {
        Some(column) => *name == column,
        None => bits(points) == wanted,
    });
    let (name, points) = found.expect("norms are those of one series");
    (name.clone(), points.clone())
}
