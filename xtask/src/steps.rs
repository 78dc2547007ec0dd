//! `cargo xtask test`: everything that is checked before a change is accepted, as a list of steps.
//!
//! A new step is one more entry of [`STEPS`]. The first step that fails ends the run.
//!
//! **Source:** one command for people and machines, as egg's `make`.

use crate::{say, tidy};
use anyhow::{Context, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One thing that is checked.
struct Step {
    name: &'static str,
    work: Work,
}

/// How a step is done.
enum Work {
    /// Calls cargo.
    Cargo {
        arguments: &'static [&'static str],
        environment: &'static [(&'static str, &'static str)],
        /// The component of the toolchain that has the subcommand, if it could be missing.
        component: Option<&'static str>,
    },
    /// Checks the rules of the house.
    Tidy,
    /// Installs the package for Python into a fresh environment and runs its tests.
    Python,
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        work: Work::Cargo {
            arguments: &["fmt", "--all", "--check"],
            environment: &[],
            component: Some("rustfmt"),
        },
    },
    Step {
        name: "lint",
        work: Work::Cargo {
            arguments: &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"],
            environment: &[],
            component: Some("clippy"),
        },
    },
    Step { name: "tidy", work: Work::Tidy },
    Step {
        name: "test",
        work: Work::Cargo {
            arguments: &["test", "--workspace"],
            environment: &[],
            component: None,
        },
    },
    // What stands behind features of the program.
    Step {
        name: "chat",
        work: Work::Cargo {
            arguments: &["test", "--package", "ordine-chat", "--features", "http"],
            environment: &[],
            component: None,
        },
    },
    Step {
        name: "chat in the program",
        work: Work::Cargo {
            arguments: &["check", "--package", "ordine", "--features", "chat"],
            environment: &[],
            component: None,
        },
    },
    Step {
        name: "test of features",
        work: Work::Cargo {
            arguments: &["test", "--package", "ordine-training", "--features", "parquet"],
            environment: &[],
            component: None,
        },
    },
    Step {
        name: "docs",
        work: Work::Cargo {
            arguments: &["doc", "--workspace", "--no-deps"],
            environment: &[("RUSTDOCFLAGS", "--deny warnings")],
            component: None,
        },
    },
    Step { name: "python", work: Work::Python },
];

/// What Python may be called.
const PYTHONS: [&str; 2] = ["python3", "python"];

/// Runs all steps in order.
///
/// # Errors
/// When Python is missing, or a step fails; later steps are not run.
pub(crate) fn run_all(root: &Path) -> anyhow::Result<()> {
    // Said at once, not after minutes: what binds Python cannot even be linted without it.
    python_among(&PYTHONS)?;
    run_in_order(STEPS, |step| step.run(root))
}

fn run_in_order(
    steps: &[Step],
    mut run: impl FnMut(&Step) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let begin = now();
    for (place, step) in steps.iter().enumerate() {
        say(&format!("==> {} of {}: {}", place + 1, steps.len(), step.name));
        let step_begin = now();
        let result = run(step);
        let elapsed = seconds(step_begin.elapsed());
        result.with_context(|| format!("step {} failed after {elapsed}", step.name))?;
        say(&format!("<== {}: passed in {elapsed}", step.name));
    }
    say(&format!("all {} steps passed in {}", steps.len(), seconds(begin.elapsed())));
    Ok(())
}

impl Step {
    fn run(&self, root: &Path) -> anyhow::Result<()> {
        match &self.work {
            Work::Tidy => tidy::run(root),
            Work::Python => test_package(root),
            Work::Cargo { arguments, environment, component } => {
                if let Some(component) = component {
                    require(root, arguments[0], component)?;
                }
                let mut command = cargo(root);
                command.args(*arguments).envs(environment.iter().copied());
                let status = command.status().context("cargo could not be started")?;
                ensure!(status.success(), "`cargo {}` ended with {status}", arguments.join(" "));
                Ok(())
            }
        }
    }
}

/// Installs `apps/python` and what the peers need from nothing but the package registries, and runs
/// what tests them.
fn test_package(root: &Path) -> anyhow::Result<()> {
    let fresh = Environment::fresh(root, "python")?;
    fresh.run(&["-m", "pip", "install", "--quiet", "./apps/python[test]"])?;
    fresh.run(&["-m", "pytest", "-p", "no:cacheprovider", "apps/python"])?;
    let requirements = "benches/peers/cpsat/requirements.txt";
    fresh.run(&["-m", "pip", "install", "--quiet", "-r", requirements])?;
    fresh.run(&["-m", "pytest", "-q", "-p", "no:cacheprovider", "benches/peers"])
}

/// An environment of Python below `target`.
pub(crate) struct Environment {
    root: PathBuf,
    python: PathBuf,
}

impl Environment {
    /// A new one of this name, in place of an old one.
    fn fresh(root: &Path, name: &str) -> anyhow::Result<Self> {
        Environment::made(root, name, &["-m", "venv", "--clear"])
    }

    /// The one of this name, made when it is not there.
    ///
    /// # Errors
    /// When Python is missing, or the environment cannot be made.
    pub(crate) fn kept(root: &Path, name: &str) -> anyhow::Result<Self> {
        Environment::made(root, name, &["-m", "venv"])
    }

    fn made(root: &Path, name: &str, words: &[&str]) -> anyhow::Result<Self> {
        let folder = root.join("target").join(name);
        run_through(Command::new(python_among(&PYTHONS)?).args(words).arg(&folder))?;
        let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        Ok(Environment { root: root.to_owned(), python: folder.join(inside) })
    }

    /// Runs its Python with these words, in the root of the workspace.
    ///
    /// # Errors
    /// When the call fails.
    pub(crate) fn run(&self, words: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.python);
        // What the steps before built is built with this profile.
        command.current_dir(&self.root).env("MATURIN_PEP517_ARGS", "--profile=dev");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        run_through(command.args(words))
    }
}

/// The first of these programs that is a Python new enough, with all that an environment needs.
fn python_among(names: &[&'static str]) -> anyhow::Result<&'static str> {
    let question = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    let fits = |name: &&&'static str| {
        let mut command = Command::new(name);
        command.args(["-c", question]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let cure = "Python 3.11 or later with `venv` is missing: install python3 and python3-venv";
    names.iter().find(fits).copied().context(cure)
}

fn run_through(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("{command:?} could not be started"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// The cargo that called us, in the root of the workspace.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

fn require(root: &Path, subcommand: &str, component: &str) -> anyhow::Result<()> {
    let mut command = cargo(root);
    command.args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if command.status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    bail!("`cargo {subcommand}` is missing: run `rustup component add {component}`")
}

#[allow(clippy::disallowed_methods, reason = "people want to know how long a step took")]
fn now() -> Instant {
    Instant::now()
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.1} s", elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_subcommand_is_named_with_its_cure() {
        let error = require(&crate::root(), "no-such-subcommand", "parts").expect_err("missing");
        let cure = "`cargo no-such-subcommand` is missing: run `rustup component add parts`";
        assert_eq!(error.to_string(), cure);
    }

    #[test]
    fn a_missing_python_is_named_with_its_cure() {
        let error = python_among(&["no-such-python"]).expect_err("missing");
        let cure = "Python 3.11 or later with `venv` is missing: install python3 and python3-venv";
        assert_eq!(error.to_string(), cure);
    }

    #[test]
    fn the_first_step_that_fails_ends_the_run() {
        let mut seen = Vec::new();
        let result = run_in_order(STEPS, |step| {
            seen.push(step.name);
            ensure!(step.name != "lint", "a warning");
            Ok(())
        });
        assert_eq!(seen, ["format", "lint"]);
        let error = format!("{:#}", result.expect_err("a step failed"));
        assert!(error.starts_with("step lint failed after ") && error.ends_with(": a warning"));
    }
}
