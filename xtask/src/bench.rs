//! `cargo xtask bench NAME ...`: the program in release, with the arguments passed through; and
//! `cargo xtask peers`, which is one of its benches.
//!
//! `lr-parity` is none of the program's: it installs the package for Python with PyTorch,
//! `transformers` and Optax into an environment of its own, and compares schedules of the same
//! name.
//!
//! **Source:** -

use crate::steps::Environment;
use anyhow::{Context, bail};
use std::path::Path;

/// The comparison with the libraries that train models.
const PARITY: &str = "lr-parity";

/// What it runs, and what that needs.
const PARITY_SCRIPT: &str = "benches/peers/learning_rates/parity.py";
const PARITY_REQUIREMENTS: &str = "benches/peers/learning_rates/requirements.txt";

/// Builds the program and runs its `bench` with these arguments.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<()> {
    if arguments.first().is_some_and(|name| name == PARITY) {
        return parity(root, &arguments[1..]);
    }
    let mut command = crate::steps::cargo(root);
    command.args(["run", "--release", "--package", "ordine", "--", "bench"]).args(arguments);
    let status = command.status().context("cargo could not be started")?;
    if !status.success() {
        bail!("`ordine bench {}` ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// Installs what is compared, once, and compares. What is there already stays.
fn parity(root: &Path, arguments: &[String]) -> anyhow::Result<()> {
    let environment = Environment::kept(root, PARITY)?;
    environment.run(&[
        "-m",
        "pip",
        "install",
        "--quiet",
        "--retries",
        "0",
        "-r",
        PARITY_REQUIREMENTS,
    ])?;
    environment.run(&["-m", "pip", "install", "--quiet", "./apps/python"])?;
    let mut words = vec![PARITY_SCRIPT];
    words.extend(arguments.iter().map(String::as_str));
    environment.run(&words)
}

/// Makes the environments of the peers and compares their models with brute force.
pub(crate) fn peers(root: &Path) -> anyhow::Result<()> {
    let calls: [&[&str]; 3] = [
        &["peers", "--environments"],
        &["peers", "--check"],
        &["peers", "--check", "--peer", "pyjobshop"],
    ];
    for words in calls {
        run(root, &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())?;
    }
    Ok(())
}
