//! Rates of whole runs: as curves, as text for a terminal, as CSV and as JSON.
//!
//! Curves of very long runs read every k-th step; tables hold every step or are refused.
//!
//! **Source:** RFC 4180 (quoting in CSV)

use crate::exit::Failure;
use crate::outputs::Destination;
use ordine_chart::{Axis, Curves, Series, Theme};
use ordine_training::schedules::Schedule;
use serde::Serialize;
use std::path::Path;

/// Most steps that a curve reads.
const CURVE_STEPS: u64 = 1 << 20;

/// Most numbers of a table.
const TABLE_NUMBERS: u64 = 10_000_000;

/// A schedule under the name that it was given.
pub struct Named {
    /// Its text form, or what it is.
    pub name: String,
    /// Its rate at every step, as a share of the peak.
    pub schedule: Schedule,
}

/// Schedules over one run.
pub struct Rates {
    /// First line of a chart.
    pub title: String,
    /// The schedules, in the order of the legend.
    pub schedules: Vec<Named>,
    /// Updates of the run.
    pub steps: u64,
    /// What the value 1 stands for.
    pub peak: f64,
}

/// What `.json` holds.
#[derive(Serialize)]
struct RatesFile<'a> {
    format: &'static str,
    steps: u64,
    peak: f64,
    schedules: Vec<RatesOfSchedule<'a>>,
}

#[derive(Serialize)]
struct RatesOfSchedule<'a> {
    schedule: &'a str,
    rates: Vec<f64>,
}

/// What a file of rates may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Curves.
    Svg,
    /// A table.
    Csv,
    /// The same as a record.
    Json,
}

impl FileKind {
    /// The kind that the name of a file asks for.
    ///
    /// # Errors
    /// When the name ends in another way.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(FileKind::Svg),
            Some("csv") => Ok(FileKind::Csv),
            Some("json") => Ok(FileKind::Json),
            _ => Err(Failure::bad_input(format!(
                "--out {}: expected a name that ends with .svg, .csv or .json; rename it",
                path.display()
            ))),
        }
    }
}

/// A file that is asked for, checked before any work.
pub struct Target {
    /// What it will hold.
    pub kind: FileKind,
    place: Destination,
}

impl Target {
    /// The file of `--out`.
    ///
    /// # Errors
    /// When its name has no known end, or its folder does not exist.
    pub fn new(path: &Path) -> Result<Self, Failure> {
        let kind = FileKind::of(path)?;
        Ok(Target { kind, place: Destination::new("--out", path, "")? })
    }

    /// Writes rates there.
    ///
    /// # Errors
    /// When there are too many for a table, one is not finite, or nothing can be written.
    pub fn write(&mut self, rates: &Rates, log: bool) -> Result<(), Failure> {
        let text = match self.kind {
            FileKind::Svg => ordine_chart::curves_svg(&rates.curves(log)?, Theme::Auto),
            FileKind::Csv => rates.csv()?,
            FileKind::Json => rates.json()?,
        };
        self.put(&text)
    }

    /// Writes a text there.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn put(&mut self, text: &str) -> Result<(), Failure> {
        self.place.write("", text)
    }
}

impl Rates {
    /// The curves of all schedules.
    ///
    /// # Errors
    /// When a rate is not finite.
    pub fn curves(&self, log: bool) -> Result<Curves, Failure> {
        let stride = self.steps.div_ceil(CURVE_STEPS).max(1);
        let mut series = Vec::new();
        for it in &self.schedules {
            let mut points: Vec<(f64, f64)> = if stride == 1 {
                self.values(it)?.into_iter().enumerate().map(|(at, it)| (at as f64, it)).collect()
            } else {
                let places = (0..self.steps).step_by(stride as usize);
                places.map(|at| (at as f64, self.peak * it.schedule.value(at))).collect()
            };
            let last = self.steps - 1;
            if points.last().is_some_and(|point| point.0 < last as f64) {
                points.push((last as f64, self.peak * it.schedule.value(last)));
            }
            series.push(Series::line(it.name.clone(), points));
        }
        let read = if stride == 1 { String::new() } else { format!(", every {stride} read") };
        Ok(Curves {
            title: self.title.clone(),
            subtitle: format!("{} steps, peak {}{read}", self.steps, self.peak),
            x: Axis::linear("step"),
            y: if log { Axis::logarithmic("rate") } else { Axis::from_zero("rate") },
            series,
        })
    }

    /// A table with one line for each step and one column for each schedule.
    ///
    /// # Errors
    /// When there are too many numbers, or one is not finite.
    pub fn csv(&self) -> Result<String, Failure> {
        let columns = self.all_values()?;
        let mut text = String::from("step");
        for it in &self.schedules {
            text.push(',');
            text += &quoted(&it.name);
        }
        text.push('\n');
        for step in 0..self.steps as usize {
            text += &step.to_string();
            for column in &columns {
                text += &format!(",{:?}", column[step]);
            }
            text.push('\n');
        }
        Ok(text)
    }

    fn json(&self) -> Result<String, Failure> {
        let columns = self.all_values()?;
        let schedules = self.schedules.iter().zip(columns);
        let file = RatesFile {
            format: "ordine/learning-rates/1",
            steps: self.steps,
            peak: self.peak,
            schedules: schedules
                .map(|(it, rates)| RatesOfSchedule { schedule: &it.name, rates })
                .collect(),
        };
        Ok(serde_json::to_string(&file).expect("plain records become JSON") + "\n")
    }

    fn all_values(&self) -> Result<Vec<Vec<f64>>, Failure> {
        Rates::fits_table(self.steps, self.schedules.len() as u64)?;
        self.schedules.iter().map(|it| self.values(it)).collect()
    }

    /// Whether a table of so many steps and schedules may be written.
    ///
    /// # Errors
    /// When it would be too long.
    pub fn fits_table(steps: u64, schedules: u64) -> Result<(), Failure> {
        let numbers = steps.saturating_mul(schedules);
        if numbers <= TABLE_NUMBERS {
            return Ok(());
        }
        Err(Failure::bad_input(format!(
            "--steps {steps}: expected at most {TABLE_NUMBERS} numbers in a table, found \
             {numbers}; take fewer steps or schedules, or draw them as .svg"
        )))
    }

    fn values(&self, of: &Named) -> Result<Vec<f64>, Failure> {
        let mut values = of.schedule.values(self.steps as usize);
        values.iter_mut().for_each(|value| *value *= self.peak);
        match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            None => Ok(values),
            Some((step, value)) => Err(Failure::bad_input(format!(
                "schedule `{}`, step {step}: expected a finite rate, found {value}; choose a \
                 schedule that does not grow without end",
                of.name
            ))),
        }
    }
}

/// A field of CSV, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
