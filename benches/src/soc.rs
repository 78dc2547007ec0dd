//! Tasks on a chip: what the paper and an independent simulator measured, theirs beside ours.
//!
//! HEFT on the textbook job, the table of six schedulers, conservation, the load bound, fixed
//! orders under two mappings, speed, energy by governor, sweeps over noise, places and profiles,
//! the radio and radar applications, and schedulers that go further. Everything but the ten further
//! job profiles is built in; those are read from `--data`. Each statement is printed with its
//! verdict. All latencies are simulated; nothing is shown on silicon.
//!
//! **Source:** Sung, Ha, Kim, Yahja, Sohn, Ryu 2020 (DeepSoCS)

mod further;
mod statements;
mod sweeps;

use anyhow::{Context as _, Result};
use clap::Parser;
use comfy_table::Table;
use ordine_base::{Seed, Time};
use ordine_sim::Summary;
use ordine_soc::{Metrics, Settings, SocInstance, io, scheduler_named};
use ordine_wire::Text;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `ordine bench soc`.
#[derive(Parser, Debug)]
#[command(name = "soc", about = "Tasks on a chip: theirs beside ours")]
struct Arguments {
    /// Only these parts: heft, table, conservation, bound, orders, speed, energy, noise, places,
    /// profiles, applications, further
    parts: Vec<String>,
    /// Folder of the DS3 profiles: `DASH.SoC.Top.txt` and `job_Top*.txt`
    #[arg(long)]
    data: Option<PathBuf>,
    /// Runs per figure, seeds 1, 2, …
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// Runs per figure of schedulers that plan ahead
    #[arg(long, default_value_t = 3)]
    plan_seeds: u64,
    /// Write the trace of one run of MET to this file
    #[arg(long)]
    trace: Option<PathBuf>,
}

/// What a part prints and what it checks.
struct Sheet<'a> {
    out: &'a mut dyn Write,
    checks: Vec<(String, bool)>,
}

impl Sheet<'_> {
    fn table(&mut self, title: &str, table: &Table) -> Result<()> {
        Ok(writeln!(self.out, "\n{title}\n{}", table.trim_fmt())?)
    }

    fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "{text}")?)
    }

    fn check(&mut self, words: impl Into<String>, holds: bool) {
        self.checks.push((words.into(), holds));
    }
}

/// What runs a part.
type Part = fn(&Arguments, &mut Sheet<'_>) -> Result<()>;

/// The parts in order.
const PARTS: [(&str, Part); 12] = [
    ("heft", statements::heft),
    ("table", statements::table),
    ("conservation", statements::conservation),
    ("bound", statements::bound),
    ("orders", statements::orders),
    ("speed", statements::speed),
    ("energy", statements::energy),
    ("noise", sweeps::noise),
    ("places", sweeps::places),
    ("profiles", sweeps::profiles),
    ("applications", sweeps::applications),
    ("further", further::run),
];

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("soc").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = arguments.parts.iter().find(|part| !names.contains(&part.as_str())) {
        anyhow::bail!("no part is called {unknown}: expected {}", names.join(", "));
    }
    let (version, seeds) = (env!("CARGO_PKG_VERSION"), arguments.seeds);
    writeln!(out, "ordine {version} {}, seeds 1 to {seeds}, one core", crate::commit())?;
    let mut sheet = Sheet { out, checks: Vec::new() };
    for (name, part) in PARTS {
        if arguments.parts.is_empty() || arguments.parts.iter().any(|wanted| wanted == name) {
            part(&arguments, &mut sheet)?;
        }
    }
    if let Some(path) = &arguments.trace {
        write_trace(path)?;
    }
    let Sheet { out, checks } = sheet;
    writeln!(out, "\nChecks")?;
    for (words, holds) in &checks {
        writeln!(out, "{}  {words}", if *holds { "holds " } else { "FAILS " })?;
    }
    let failed = checks.iter().filter(|(_, holds)| !holds).count();
    Ok(writeln!(out, "{} of {} checks hold", checks.len() - failed, checks.len())?)
}

fn write_trace(path: &Path) -> Result<()> {
    let instance = Arc::new(ordine_soc::profiles::synthetic());
    let settings = Settings { trace: true, ..Settings::default() };
    let met = scheduler_named("met").context("no scheduler met")?;
    let world = met.run(&instance, settings, Seed::new(1))?;
    let text = io::write_trace(&instance, world.trace());
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Metrics of a scheduler under every seed.
fn runs(
    name: &str,
    instance: &Arc<SocInstance>,
    settings: &Settings,
    seeds: u64,
) -> Result<Vec<Metrics>> {
    let scheduler = scheduler_named(name).with_context(|| format!("no scheduler {name}"))?;
    let run = |seed| {
        let world = scheduler.run(instance, settings.clone(), Seed::new(seed))?;
        Ok(world.metrics())
    };
    (1..=seeds).map(run).collect()
}

/// Mean latencies over seeds.
fn latencies(
    name: &str,
    instance: &Arc<SocInstance>,
    settings: &Settings,
    seeds: u64,
) -> Result<Summary> {
    let metrics = runs(name, instance, settings, seeds)?;
    Ok(metrics.iter().map(Metrics::latency).collect())
}

/// Mean, standard deviation and half width of the 95 % interval.
fn shown(summary: &Summary) -> String {
    let half = summary.half_width(0.95);
    match half.is_nan() {
        true => format!("{:.1}", summary.mean()),
        false => format!("{:.1} ± {half:.1} (sd {:.1})", summary.mean(), summary.deviation()),
    }
}

/// How far ours is off, in percent.
fn off(ours: f64, theirs: f64) -> String {
    format!("{:+.1} %", (ours / theirs - 1.0) * 100.0)
}

/// Whether ours is within this share of theirs.
fn is_near(ours: f64, theirs: f64, share: f64) -> bool {
    (ours / theirs - 1.0).abs() <= share
}

/// The bytes as a text with lines.
fn text<'t>(name: &str, bytes: &'t [u8]) -> Result<Text<'t>> {
    Text::new(name, bytes).map_err(|error| anyhow::anyhow!("{error}"))
}

/// The instance of some of the DS3 profiles.
fn ds3(folder: &Path, jobs: usize) -> Result<SocInstance> {
    let folder = match folder.join("deepsocs").is_dir() {
        true => folder.join("deepsocs"),
        false => folder.to_path_buf(),
    };
    let bytes = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let read = bytes("DASH.SoC.Top.txt")?;
    let platform = io::read_platform(&text("DASH.SoC.Top.txt", &read)?)?;
    let mut all = Vec::new();
    for number in 1..=jobs {
        let name =
            if number == 1 { "job_Top.txt".to_owned() } else { format!("job_Top{number}.txt") };
        let read = bytes(&name)?;
        all.extend(io::read_jobs(&text(&name, &read)?)?);
    }
    Ok(SocInstance::uniform(platform, all)?)
}

fn table_of(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(head);
    table
}

fn at_scale(scale: f64) -> Settings {
    Settings { scale, ..Settings::default() }
}

fn until(horizon: i64) -> Settings {
    Settings { horizon: Time::new(horizon), ..Settings::default() }
}
