//! SimPy in an environment of its own: made once, asked by one script.
//!
//! **Source:** -

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCRIPT: &str = include_str!("../../peers/simpy/models.py");
const REQUIREMENTS: &str = include_str!("../../peers/simpy/requirements.txt");

/// What one turn of one side gave.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Figures {
    /// Customers or jobs that were served.
    pub(super) customers: u64,
    /// What was put on the agenda and came up.
    pub(super) events: u64,
    pub(super) seconds: f64,
    /// Mean wait or flow time, in mean services.
    pub(super) mean: f64,
}

impl Figures {
    pub(super) fn event_rate(&self) -> f64 {
        self.events as f64 / self.seconds
    }

    pub(super) fn customer_rate(&self) -> f64 {
        self.customers as f64 / self.seconds
    }
}

/// The Python of the environment in `folder`, which is made when it is missing.
pub(super) fn environment(folder: &Path, out: &mut dyn Write) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    std::fs::write(folder.join("models.py"), SCRIPT)?;
    std::fs::write(folder.join("requirements.txt"), REQUIREMENTS)?;
    let python = folder.join("venv/bin/python");
    let python = std::path::absolute(python)?;
    if python.is_file() && succeeds(Command::new(&python).args(["-c", "import simpy"]))? {
        return Ok(python);
    }
    writeln!(out, "making {} with {}", folder.display(), REQUIREMENTS.trim())?;
    let venv = folder.join("venv");
    let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&venv))?
        && succeeds(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "-r"])
                .arg(folder.join("requirements.txt")),
        )?;
    if !made {
        bail!(
            "{}: expected an environment with SimPy, and could not make one; install python3 with \
             venv and pip, or leave SimPy out with --alone",
            folder.display()
        );
    }
    Ok(python)
}

fn succeeds(command: &mut Command) -> Result<bool> {
    let output = command.output();
    Ok(output.with_context(|| format!("cannot run {command:?}"))?.status.success())
}

/// One turn of SimPy.
pub(super) fn figures(python: &Path, model: &str, customers: u64) -> Result<Figures> {
    let folder = python.ancestors().nth(3).context("the environment lies in a folder")?;
    let mut command = Command::new(python);
    command.arg(folder.join("models.py")).arg(model).arg(customers.to_string());
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("SimPy failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("SimPy answered something else than figures")
}
