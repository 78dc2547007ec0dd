//! `cargo xtask bench NAME ...`: the program in release, with the arguments passed through.
//!
//! **Source:** -

use anyhow::{Context, bail};
use std::path::Path;

/// Builds the program and runs its `bench` with these arguments.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<()> {
    let mut command = crate::steps::cargo(root);
    command.args(["run", "--release", "--package", "ordine", "--", "bench"]).args(arguments);
    let status = command.status().context("cargo could not be started")?;
    if !status.success() {
        bail!("`ordine bench {}` ended with {status}", arguments.join(" "));
    }
    Ok(())
}
