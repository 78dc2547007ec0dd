//! Quality: gaps to best known and to our own bounds, and proved counts, one row per list and
//! recipe.
//!
//! `--all` runs ten instances of every class of the library, that is every folder with each
//! variant and objective that it is published with, `--proofs` thirty. Every schedule is judged;
//! one below a known bound, or a bound above a known cost, is an error of ours and fails the bench.
//! Gap to best known: (cost - best) / best; to our bound: (cost - bound) / cost. Several recipes
//! make a comparison of rules.
//!
//! **Source:** metrics of the public scheduling benchmarks: mean gap to best known, proved count.

mod charts;
mod rows;
mod table;

use crate::WallClock;
use crate::classes::CLASSES;
use crate::instances::list;
use crate::lists::{Entry, List};
use crate::results::Results;
use crate::runs::{Case, KnownTables, Limits, Run, Side, run_recipe};
use crate::sweep::Variant;
use anyhow::{Context as _, Result, bail};
use charts::Charts;
use clap::Parser;
use ordine_solve::recipe_named;
use rows::Row;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `ordine bench quality`.
#[derive(Parser, Debug)]
#[command(name = "quality", about = "Gaps and proofs over a library, one row per list and recipe")]
struct Arguments {
    /// Lists (`jobshop-la all/rcpsp`), or folders, files and archives of the library
    #[arg(required_unless_present_any = ["all", "proofs", "table", "draw"])]
    parts: Vec<String>,
    /// Ten instances of every class of the library
    #[arg(long, conflicts_with = "parts")]
    all: bool,
    /// Thirty instances of every class, for counts of proofs
    #[arg(long, conflicts_with_all = ["parts", "all"])]
    proofs: bool,
    #[command(flatten)]
    limits: Limits,
    /// Recipe, `rule:NAME` or `rule:=FORMULA`; given several times, they are compared
    #[arg(long = "recipe", default_value = "auto", value_name = "NAME")]
    recipes: Vec<String>,
    /// Take a stratified sample of so many instances of each folder, file or archive
    #[arg(long)]
    sample: Option<usize>,
    /// File of results, JSON lines; an interrupted bench resumes from it
    #[arg(long, default_value = "target/bench/quality.jsonl")]
    results: PathBuf,
    /// Print the table of a file of results, and run nothing
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Print what the lists of all classes would hold, so many instances each
    #[arg(long, value_name = "COUNT", conflicts_with = "parts")]
    draw: Option<usize>,
    #[command(flatten)]
    charts: Charts,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("quality").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    arguments.charts.check()?;
    if let Some(file) = &arguments.table {
        if !file.exists() {
            bail!("{} is missing: name a file of results", file.display());
        }
        let rows = latest(Results::open(file)?.rows);
        return finish(&arguments, &rows, out);
    }
    let library = arguments.limits.library()?;
    if let Some(count) = arguments.draw {
        return draw(library, count, out);
    }
    for recipe in &arguments.recipes {
        let found = recipe_named(recipe);
        found.with_context(|| format!("no recipe {recipe}: see `ordine list recipes`"))?;
    }
    let lists = match arguments.all || arguments.proofs {
        true => every_class(library, arguments.proofs)?,
        false => {
            let part = |part: &String| list_of(library, part, arguments.sample);
            arguments.parts.iter().map(part).collect::<Result<_>>()?
        }
    };
    let rows = all_rows(&arguments, library, &lists, out)?;
    finish(&arguments, &rows, out)
}

/// The lists of all classes; fails where the library has a folder that none is about.
fn every_class(library: &Path, proofs: bool) -> Result<Vec<List>> {
    for entry in std::fs::read_dir(library)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !CLASSES.iter().any(|class| class.about == name) {
            bail!("folder {name} of the library belongs to no class: its row would be missing");
        }
    }
    List::of_classes(proofs)
}

/// The committed list of this name, or what lies below a path of the library.
fn list_of(library: &Path, part: &str, sample: Option<usize>) -> Result<List> {
    let within = part.split('#').next().unwrap_or(part);
    if !library.join(within).exists() || part.starts_with("all/") {
        return List::named(part);
    }
    let places = list(library, part, sample)?.into_iter();
    let entries = places.map(|place| Entry { place, variant: Variant::Plain }).collect();
    Ok(List { name: part.to_owned(), setting: "default", objective: None, entries })
}

/// Prints the text of the lists of all classes.
fn draw(library: &Path, count: usize, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# {count} instances of every class, spread over the sizes; whole sets whole.")?;
    for class in CLASSES {
        writeln!(out, "\nclass {}", class.name)?;
        for place in list(library, class.folder, Some(count))? {
            writeln!(out, "{}/{}", place.folder, place.path)?;
        }
    }
    Ok(())
}

/// Runs what has no result of this build yet; gives the rows of all lists.
fn all_rows(
    arguments: &Arguments,
    library: &Path,
    lists: &[List],
    out: &mut dyn Write,
) -> Result<Vec<Row>> {
    let mut results: Results<Row> = Results::open(&arguments.results)?;
    let (mut known, clock) = (KnownTables::default(), WallClock::start());
    let (mut rows, mut left) = (Vec::new(), 0);
    let limits = &arguments.limits;
    for list in lists {
        for entry in &list.entries {
            let known = known.of(library, list, entry)?;
            for (recipe, &seed) in
                arguments.recipes.iter().flat_map(|it| limits.seeds.iter().map(move |s| (it, s)))
            {
                let case = Case::new(list, entry, (limits, recipe, seed), known);
                let done = results.rows.iter().find(|row| row.case == case && !row.has_failed());
                let row = match done {
                    Some(row) => row.clone(),
                    None if limits.is_over(&clock, limits.time) => {
                        left += 1;
                        continue;
                    }
                    None => {
                        let row = solve(list, entry, (limits, recipe, seed), case);
                        results.add(row.clone())?;
                        row
                    }
                };
                if limits.each || row.trouble().is_some() {
                    table::print_row(&row, out)?;
                }
                rows.push(row);
            }
        }
    }
    if left > 0 {
        writeln!(out, "{left} runs are left: the same call goes on with them")?;
    }
    Ok(rows)
}

fn solve(list: &List, entry: &Entry, how: (&Limits, &str, u64), case: Case) -> Row {
    match run_recipe((list, entry), how) {
        Ok(Run { side, minimized }) => Row { case, minimized, side },
        Err(error) => Row { case, minimized: "-".to_owned(), side: Side::failed(&error) },
    }
}

/// The rows that may stand in one table: those of the build and the limits of the last one.
fn latest(mut rows: Vec<Row>) -> Vec<Row> {
    let Some(last) = rows.last().cloned() else { return rows };
    rows.retain(|row| row.case.is_comparable(&last.case));
    // A run that failed may have been repeated since.
    let mut latest: Vec<Row> = Vec::new();
    for row in rows {
        latest.retain(|known| known.case != row.case);
        latest.push(row);
    }
    latest
}

/// Prints the table and writes the charts; fails where something failed or contradicts.
fn finish(arguments: &Arguments, rows: &[Row], out: &mut dyn Write) -> Result<()> {
    if arguments.table.is_some() && arguments.limits.each {
        rows.iter().try_for_each(|row| table::print_row(row, out))?;
    }
    table::print(rows, out)?;
    arguments.charts.write(rows)?;
    let wrong = rows.iter().filter(|row| row.trouble().is_some()).count();
    if wrong > 0 {
        bail!("{wrong} runs failed or contradict what is known: see --each");
    }
    Ok(())
}
