//! The acceptance of the benchmark, item by item: what is expected, what was measured, whether it
//! holds.
//!
//! Items 1 to 9 are about the benchmark itself, e1 to e12 about the evaluation of models. Nothing
//! here needs a network; what a live model scores is never a gate.
//!
//! **Source:** Jain, Wetter 2025; figures of other answerers are from a prototype of the same
//! generator.

mod answerers;
mod machinery;
mod numbers;
mod ramp;

use super::set::{Recipe, Set};
use anyhow::{Context as _, Result, bail};
use comfy_table::Table;
use ordine_base::Clock as _;
use std::io::Write;

/// What an item finds.
pub(super) struct Sheet<'a> {
    out: &'a mut dyn Write,
    pub(super) set: &'a Set,
    pub(super) workers: usize,
    rows: Vec<[String; 5]>,
    failed: usize,
    skipped: usize,
}

impl Sheet<'_> {
    /// One row: the item, what it is about, what is expected, what was found.
    fn row(
        &mut self,
        item: &str,
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
        holds: bool,
    ) {
        self.failed += usize::from(!holds);
        let verdict = if holds { "holds" } else { "FAILS" }.to_owned();
        self.rows.push([item.to_owned(), what.into(), expected.into(), found.into(), verdict]);
    }

    /// A row of what this program cannot measure.
    #[cfg(not(feature = "chat"))]
    fn skip(&mut self, item: &str, what: &str, expected: &str, why: &str) {
        self.skipped += 1;
        self.rows.push([item, what, expected, why, "not run"].map(str::to_owned));
    }

    fn table(&mut self, title: &str, table: &Table) -> Result<()> {
        Ok(writeln!(self.out, "\n{title}\n{table}")?)
    }
}

pub(super) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}

type Item = fn(&mut Sheet<'_>) -> Result<()>;

const ITEMS: [(&str, Item); 21] = [
    ("1", ramp::sets),
    ("2", ramp::engine),
    ("3", ramp::one_pass),
    ("4", ramp::judge),
    ("5", numbers::metrics),
    ("6", numbers::parser),
    ("7", machinery::replay),
    ("8", answerers::formalizers),
    ("9", ramp::repair),
    ("e1", answerers::profiles),
    ("e2", numbers::round_trip),
    ("e3", numbers::random_replies),
    ("e4", machinery::faults),
    ("e5", numbers::limiter),
    ("e6", machinery::kills),
    ("e7", machinery::cassettes),
    ("e8", numbers::coverage),
    ("e9", answerers::slips),
    ("e10", answerers::abuse),
    ("e11", machinery::budget),
    ("e12", machinery::loopback),
];

pub(super) fn run(wanted: &[String], seed: u64, workers: usize, out: &mut dyn Write) -> Result<()> {
    let names: Vec<&str> = ITEMS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no item {unknown}: expected {}", names.join(", "));
    }
    let set = Recipe::standard(seed).make()?;
    writeln!(
        out,
        "ordine {}, {} instances of seed {seed}, sha256 {}",
        env!("CARGO_PKG_VERSION"),
        set.instances.len(),
        set.hash
    )?;
    let mut sheet = Sheet { out, set: &set, workers, rows: Vec::new(), failed: 0, skipped: 0 };
    for (name, item) in ITEMS {
        if wanted.is_empty() || wanted.iter().any(|it| it == name) {
            let clock = crate::WallClock::start();
            item(&mut sheet).with_context(|| format!("item {name}"))?;
            writeln!(sheet.out, "item {name}: {:.1} s", clock.elapsed().as_secs_f64())?;
        }
    }
    let mut lines = table(&["item", "what", "expected", "found", ""]);
    for row in &sheet.rows {
        lines.add_row(row);
    }
    writeln!(sheet.out, "\n{lines}")?;
    let total = sheet.rows.len() - sheet.skipped;
    Ok(writeln!(sheet.out, "{} of {total} hold", total - sheet.failed)?)
}
