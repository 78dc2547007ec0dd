//! `ordine train`: discovers a dispatching rule by genetic programming or by a language model.
//!
//! **Source:** -

mod arena;
mod arguments;
mod model;
mod step;

pub use arguments::TrainArguments;

use crate::clock::WallClock;
use crate::exit::{Exit, Failure, say};
use crate::{interrupt, run::workers};
use arena::World;
use arguments::Budget;
use ordine_base::Clock;
use ordine_discover::{
    Candidate, DiscoverError, Ended, Genetic, Harness, Islands, Propose, Report, Run, Settings,
    Supervise, promotion,
};
use ordine_rule_language::{Limits, RuleText};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Discovers a rule.
///
/// # Errors
/// When the instances cannot be read, the run is another one, or the files cannot be written.
pub fn run(arguments: &TrainArguments, clock: WallClock) -> Result<Exit, Failure> {
    let budget: Budget = arguments.budget.parse().map_err(Failure::bad_input)?;
    let world = World::open(arguments)?;
    let arena = world.arena();
    let mut settings = match arguments.recipe.as_str() {
        "discover-gp" => Settings::genetic(arena.signature().name),
        _ => Settings::language_model(arena.signature().name),
    };
    settings.seed = arguments.seed;
    settings.seeds.clone_from(&arguments.seeds);
    if settings.seeds.is_empty() {
        settings.seeds.extend(arena.signature().seeds.first().map(|it| it.0.to_owned()));
    }
    settings.instances = world.names();
    settings.splits = world.splits().hash(arena.facts());
    budget.limit(&mut settings);
    let limits = Limits { nodes: settings.nodes_max, depth: settings.depth_max };
    let harness = Harness::new(arena, world.splits().clone(), limits);
    let folder = folder(arguments);
    let threads = workers(arguments.workers);
    let run = Run::open(&harness, settings.clone(), &folder, threads).map_err(failed)?;
    let mut proposer: Box<dyn Propose> = match arguments.recipe.as_str() {
        "discover-gp" => Box::new(Genetic),
        _ => model::proposer(arguments, &settings)?,
    };
    let mut person: Box<dyn Supervise> =
        if arguments.step { Box::new(step::Person::default()) } else { Box::new(()) };
    let interrupt = interrupt::listen()?;
    let mut told = None;
    let mut should_stop = |islands: &Islands| {
        if let Some(best) = &islands.best
            && told != Some(best.number)
            && !arguments.quiet
        {
            told = Some(best.number);
            let (spent, gap) = (islands.evaluations, 100.0 * best.loss);
            say("best", &format!("{gap:.3} % after {spent} evaluations: {}", best.text));
        }
        let late = budget.time.is_some_and(|time| clock.elapsed() >= time);
        late || interrupt.load(Ordering::Relaxed)
    };
    let ended = run.go(&mut *proposer, &mut *person, &mut should_stop).map_err(failed)?;
    finish(arguments, &harness, &settings, &ended, &folder)
}

/// The folder of the run: beside the rule unless another is named.
fn folder(arguments: &TrainArguments) -> PathBuf {
    let beside = || match &arguments.out {
        Some(out) => out.with_extension("run"),
        None => PathBuf::from(format!("{}.run", arguments.world)),
    };
    arguments.run.clone().unwrap_or_else(beside)
}

fn failed(error: DiscoverError) -> Failure {
    match error {
        DiscoverError::BelowBound { .. } => Failure::Inside(error.to_string()),
        _ => Failure::bad_input(error.to_string()),
    }
}

/// Reports, promotes, and writes the rule.
fn finish(
    arguments: &TrainArguments,
    harness: &Harness<'_>,
    settings: &Settings,
    ended: &Ended,
    folder: &Path,
) -> Result<Exit, Failure> {
    let mut report = Report::new(harness, settings, ended).map_err(failed)?;
    if let Some(best) = ended.finalists.first() {
        let signature = harness.arena().signature();
        let parent = arguments.parent.as_deref().unwrap_or(signature.seeds[0].0);
        let text = signature.seed(parent).unwrap_or(parent);
        let read = |text: &str| Candidate::read(text, signature, Limits::default());
        let wrong = |_| Failure::bad_input(format!("--parent: expected a rule, found {parent}"));
        let parent = read(text).map_err(wrong)?;
        let found = read(&best.member.text).map_err(wrong)?;
        let words = arguments.explanation.as_deref().unwrap_or_default();
        report.decide(promotion(harness, &found, &parent, words).map_err(failed)?);
    }
    for (name, text) in [
        ("report.json", report.json()),
        ("report.csv", report.csv()),
        ("report.html", report.html()),
    ] {
        write(&folder.join(name), &text)?;
    }
    let mut stdout = io::stdout().lock();
    let cause = ended.cause.name();
    let spent = ended.islands.evaluations;
    let candidates = ended.islands.next;
    writeln!(stdout, "stopped by {cause}: {spent} evaluations, {candidates} candidates\n")?;
    let (head, rows) = report.table();
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    writeln!(stdout, "{}\n", table.trim_fmt())?;
    let Some(rule) = &report.rule else {
        writeln!(stdout, "no rule was found")?;
        return Ok(Exit::NothingFound);
    };
    writeln!(stdout, "{}", rule.formula())?;
    writeln!(stdout, "report: {}", folder.join("report.html").display())?;
    if let Some(out) = &arguments.out {
        write(out, &rule_file(rule, settings, ended))?;
        writeln!(stdout, "use it: ordine solve FILE --recipe rule:{}", out.display())?;
    }
    Ok(stdout.flush().map(|()| Exit::Done)?)
}

/// The rule with where it comes from.
fn rule_file(rule: &RuleText, settings: &Settings, ended: &Ended) -> String {
    let mut value: Value = serde_json::from_str(&rule.json()).unwrap_or_default();
    let best = ended.finalists.first();
    let text = serde_json::to_string(settings).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    value["signature"] = json!(settings.signature);
    value["run"] = json!(format!("{hash:016x}"));
    value["candidate"] = json!(best.map(|it| it.member.number));
    value["train"] = json!(best.map(|it| it.member.loss));
    value["validation"] = json!(best.map(|it| it.validation));
    format!("{value:#}\n")
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        let words = format!("{}: expected a file to write, found: {error}", path.display());
        Failure::bad_input(words)
    })
}
