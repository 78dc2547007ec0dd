//! Sheets: tables and checks of a bench that reproduces published figures, printed as they come.
//!
//! A bench has parts with names; a call runs all of them or those that it names. Checks are printed
//! at the end, each with its verdict.
//!
//! **Source:** -

use anyhow::{Context as _, Result, bail};
use comfy_table::Table;
use std::io::Write;

/// What a bench prints and what it checks.
pub(crate) struct Sheet<'a> {
    pub(crate) out: &'a mut dyn Write,
    checks: Vec<(String, bool)>,
}

/// A part of a bench, by its name.
pub(crate) type Part<A> = (&'static str, fn(&A, &mut Sheet<'_>) -> Result<()>);

impl<'a> Sheet<'a> {
    /// An empty sheet that is printed on `out`.
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Sheet { out, checks: Vec::new() }
    }

    /// Prints a table under its title.
    pub(crate) fn table(&mut self, title: &str, table: &Table) -> Result<()> {
        Ok(writeln!(self.out, "\n{title}\n{}", table.trim_fmt())?)
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Remembers a check.
    pub(crate) fn check(&mut self, words: impl Into<String>, holds: bool) {
        self.checks.push((words.into(), holds));
    }

    /// Runs the parts that are wanted, all of them when none is named.
    ///
    /// # Errors
    /// When a part fails.
    pub(crate) fn run<A>(
        &mut self,
        parts: &[Part<A>],
        wanted: &[String],
        arguments: &A,
    ) -> Result<()> {
        for (name, part) in parts {
            if wanted.is_empty() || wanted.iter().any(|it| it == name) {
                part(arguments, self).with_context(|| format!("part {name}"))?;
            }
        }
        Ok(())
    }

    /// Prints every check with its verdict.
    ///
    /// # Errors
    /// When nobody reads it.
    pub(crate) fn finish(self) -> Result<()> {
        let Sheet { out, checks } = self;
        writeln!(out, "\nChecks")?;
        for (words, holds) in &checks {
            writeln!(out, "{}  {words}", if *holds { "holds" } else { "FAILS" })?;
        }
        let held = checks.iter().filter(|(_, holds)| *holds).count();
        Ok(writeln!(out, "{held} of {} checks hold", checks.len())?)
    }
}

/// Refuses names of parts that there are none of.
///
/// # Errors
/// With the names that there are.
pub(crate) fn known_parts<A>(parts: &[Part<A>], wanted: &[String]) -> Result<()> {
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    match wanted.iter().find(|part| !names.contains(&part.as_str())) {
        None => Ok(()),
        Some(unknown) => bail!("no part is called {unknown}: expected {}", names.join(", ")),
    }
}

/// A table with this head, as Markdown.
pub(crate) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}
