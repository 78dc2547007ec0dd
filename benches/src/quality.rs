//! Quality: gap to best known, proved counts and time, one row per folder.
//!
//! Every schedule is judged; one below a known lower bound or a bound above a known cost is an
//! error of ours and printed as such. Gap to best known: (cost - best) / best.
//!
//! **Source:** metrics of the public scheduling benchmarks: mean gap to best known, proved count.

use crate::WallClock;
use crate::best_known::{BestKnown, Known};
use crate::instances::{Place, list, load};
use crate::results::Results;
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use comfy_table::Table;
use ordine_base::{Clock, FirstOf, Seed, Silent, StopWhen, TimeLimit};
use ordine_solve::{Context, Settings, bounds, recipe_named};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `ordine bench quality`.
#[derive(Parser, Debug)]
#[command(name = "quality", about = "Gap to best known over files of a library")]
struct Arguments {
    /// Folders, files or archives of the library, e.g. `jobshop/la rcpsp/j60.tar.gz`
    #[arg(required = true)]
    parts: Vec<String>,
    /// Folder of the instance library
    #[arg(long)]
    library: PathBuf,
    /// Seconds per instance
    #[arg(long, default_value_t = 10.0)]
    time: f64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Seeds, each a run of its own
    #[arg(long, value_delimiter = ',', default_values_t = [1])]
    seeds: Vec<u64>,
    /// Recipe
    #[arg(long, default_value = "auto")]
    recipe: String,
    /// Take a stratified sample of so many instances of each part
    #[arg(long)]
    sample: Option<usize>,
    /// File of results, JSON lines; an interrupted bench resumes from it
    #[arg(long)]
    results: Option<PathBuf>,
    /// Print one row per instance too
    #[arg(long)]
    each: bool,
}

/// One solved instance.
#[derive(Serialize, Deserialize, Clone, Debug)]
struct Row {
    version: String,
    folder: String,
    path: String,
    instance: String,
    recipe: String,
    time_s: f64,
    workers: usize,
    seed: u64,
    status: String,
    objective: Option<i64>,
    bound: i64,
    known_lower: Option<i64>,
    known_upper: Option<i64>,
    wall_s: f64,
    first_s: f64,
}

impl Row {
    fn gap(&self) -> Option<f64> {
        let (cost, best) = (self.objective? as f64, self.known_upper? as f64);
        (best > 0.0).then(|| (cost - best) / best)
    }

    /// Our figures contradict what is known.
    fn contradicts(&self) -> bool {
        let below = self.objective.zip(self.known_lower).is_some_and(|(cost, low)| cost < low);
        let above = self.known_upper.is_some_and(|best| self.bound > best);
        below || above
    }
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("quality").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let mut all = Vec::new();
    for part in &arguments.parts {
        let places = list(&arguments.library, part, arguments.sample)?;
        let rows = run_part(&arguments, part, &places, out)?;
        all.push((part.clone(), rows));
    }
    print_table(&arguments, &all, out)?;
    let wrong = all.iter().flat_map(|(_, rows)| rows).filter(|row| row.contradicts()).count();
    if wrong > 0 {
        bail!("{wrong} results contradict best-known bounds");
    }
    Ok(())
}

fn run_part(
    arguments: &Arguments,
    part: &str,
    places: &[Place],
    out: &mut dyn Write,
) -> Result<Vec<Row>> {
    let mut tables: BTreeMap<String, BestKnown> = BTreeMap::new();
    let name = part.replace(['/', '#'], "-");
    let file = arguments.results.clone().unwrap_or_else(|| {
        PathBuf::from(format!("target/bench/quality-{name}-{}s.jsonl", arguments.time))
    });
    let mut results: Results<Row> = Results::open(&file)?;
    let mut rows = Vec::new();
    for place in places {
        if !tables.contains_key(&place.folder) {
            let table = BestKnown::of_folder(&arguments.library.join(&place.folder))?;
            tables.insert(place.folder.clone(), table);
        }
        let known = tables[&place.folder].of(&place.path, &place.name);
        for &seed in &arguments.seeds {
            let done = results.rows.iter().find(|row| is_same(row, arguments, place, seed));
            let row = match done {
                Some(row) => row.clone(),
                None => {
                    let row = solve(arguments, place, known, seed)?;
                    results.add(row.clone())?;
                    row
                }
            };
            if arguments.each {
                print_row(&row, out)?;
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn is_same(row: &Row, arguments: &Arguments, place: &Place, seed: u64) -> bool {
    row.version == env!("CARGO_PKG_VERSION")
        && (row.folder.as_str(), row.path.as_str()) == (&place.folder, &place.path)
        && (row.seed, row.workers) == (seed, arguments.workers)
        && row.recipe == arguments.recipe
        && row.time_s == arguments.time
}

fn solve(arguments: &Arguments, place: &Place, known: Known, seed: u64) -> Result<Row> {
    let clock = WallClock::start();
    let problem = load(&arguments.library, place)?;
    let recipe = recipe_named(&arguments.recipe)
        .with_context(|| format!("no recipe {}: see `ordine list recipes`", arguments.recipe))?;
    let limit: Box<dyn StopWhen> =
        Box::new(TimeLimit(Duration::try_from_secs_f64(arguments.time)?));
    let stop = FirstOf(vec![limit]);
    let settings = Settings {
        seed: Seed::new(seed),
        workers: arguments.workers,
        work: None,
        stop: &stop,
        clock: &clock,
        start: None,
    };
    let mut observer = Silent;
    let context = Context::new(&problem, settings, bounds::trivial_bound(&problem), &mut observer);
    let outcome = recipe.solve(&problem, &context)?;
    let figures = context.figures();
    Ok(Row {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        folder: place.folder.clone(),
        path: place.path.clone(),
        instance: place.name.clone(),
        recipe: arguments.recipe.clone(),
        time_s: arguments.time,
        workers: arguments.workers,
        seed,
        status: outcome.word().to_owned(),
        objective: outcome.best().map(|(_, cost)| cost.first()),
        bound: figures.bound.first(),
        known_lower: known.lower,
        known_upper: known.upper,
        wall_s: clock.elapsed().as_secs_f64(),
        first_s: figures.first_at.as_secs_f64(),
    })
}

fn print_row(row: &Row, out: &mut dyn Write) -> Result<()> {
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let gap = row.gap().map_or_else(|| "-".to_owned(), |gap| format!("{:.2}", 100.0 * gap));
    writeln!(
        out,
        "{:<24} {:>9} >= {:<9} best {:>9} gap {:>6} % {:<8} first {:.3} s wall {:.3} s{}",
        row.instance,
        number(row.objective),
        row.bound,
        number(row.known_upper),
        gap,
        row.status,
        row.first_s,
        row.wall_s,
        if row.contradicts() { "  CONTRADICTS BEST KNOWN" } else { "" },
    )?;
    out.flush()?;
    Ok(())
}

fn print_table(
    arguments: &Arguments,
    all: &[(String, Vec<Row>)],
    out: &mut dyn Write,
) -> Result<()> {
    writeln!(
        out,
        "ordine {}, recipe {}, {} s, {} workers, seeds {:?}",
        env!("CARGO_PKG_VERSION"),
        arguments.recipe,
        arguments.time,
        arguments.workers,
        arguments.seeds
    )?;
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([
        "part",
        "runs",
        "scheduled",
        "proved",
        "mean gap to best known %",
        "largest gap %",
        "first s (largest)",
        "wall s (largest)",
        "contradictions",
    ]);
    for (part, rows) in all {
        let gaps: Vec<f64> = rows.iter().filter_map(Row::gap).map(|gap| 100.0 * gap).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
        table.add_row([
            part.clone(),
            rows.len().to_string(),
            count(&|row| row.objective.is_some()).to_string(),
            count(&|row| row.status == "optimal").to_string(),
            format!("{mean:.3}"),
            format!("{:.2}", largest(&mut gaps.iter().copied())),
            format!("{:.3}", largest(&mut rows.iter().map(|row| row.first_s))),
            format!("{:.3}", largest(&mut rows.iter().map(|row| row.wall_s))),
            count(&Row::contradicts).to_string(),
        ]);
    }
    writeln!(out, "{table}")?;
    Ok(())
}
