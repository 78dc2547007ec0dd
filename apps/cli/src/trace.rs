//! The trace: every incumbent and bound with its time, one JSON line each.
//!
//! Lines are flushed as they come, so that a trace can be followed while the program runs.
//!
//! **Source:** -

use crate::exit::{Failure, say};
use crate::outputs::spare;
use crate::report::{Levels, rounded};
use ordine_base::RunEvent;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file of events.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    file: File,
    broken: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    instance: &'a str,
    t_s: f64,
    event: &'static str,
    value: Levels<'a>,
    source: &'static str,
    work: u64,
}

impl Trace {
    /// Begins a new file.
    ///
    /// # Errors
    /// When it cannot be written, or is one of `inputs`.
    pub fn create(path: &Path, inputs: &[PathBuf]) -> Result<Self, Failure> {
        spare("--trace", path, inputs)?;
        match File::create(path) {
            Ok(file) => Ok(Trace { path: path.to_owned(), file, broken: false }),
            Err(error) => Err(Failure::bad_input(format!(
                "--trace {}: expected a place that can be written, found: {error}; name another",
                path.display()
            ))),
        }
    }

    /// Writes one event; the first failure is told, and ends the trace but not the run.
    pub fn notice(&mut self, instance: &str, event: &RunEvent) {
        if self.broken {
            return;
        }
        if let Err(error) = self.write(instance, event) {
            self.broken = true;
            let path = self.path.display();
            say("warning", &format!("--trace {path}: the trace ends here: {error}"));
        }
    }

    fn write(&mut self, instance: &str, event: &RunEvent) -> io::Result<()> {
        let (word, value, source, elapsed, work) = match event {
            RunEvent::Incumbent { cost, source, elapsed, work } => {
                ("incumbent", cost, source, elapsed, work)
            }
            RunEvent::Bound { bound, source, elapsed, work } => {
                ("bound", bound, source, elapsed, work)
            }
        };
        let t_s = rounded(*elapsed, 1e6);
        let value = Levels::from(value);
        let mut line = serde_json::to_string(&Line {
            instance,
            t_s,
            event: word,
            value,
            source,
            work: *work,
        })?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.file.flush()
    }
}
