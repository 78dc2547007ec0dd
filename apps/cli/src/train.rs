//! `ordine train`: discovers a dispatching rule by genetic programming or by a language model, and
//! promotes it.
//!
//! **Source:** -

mod arena;
mod arguments;
mod model;
mod step;

pub use arguments::TrainArguments;

use crate::clock::WallClock;
use crate::exit::{Exit, Failure, say};
use crate::{interrupt, promoted, run::workers};
use arena::World;
use arguments::Budget;
use ordine_base::Clock;
use ordine_discover::{
    Candidate, DiscoverError, Ended, Genetic, Harness, Islands, Journal, Propose, Replay, Report,
    Run, Settings, Supervise, promotion,
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
    let place = arguments.promote.as_deref().map(promoted::place).transpose()?;
    let settings = settings(arguments, &world, budget)?;
    let limits = Limits { nodes: settings.nodes_max, depth: settings.depth_max };
    let harness = Harness::new(arena, world.splits().clone(), limits);
    let folder = folder(arguments);
    let threads = workers(arguments.workers);
    let run = Run::open(&harness, settings.clone(), &folder, threads).map_err(failed)?;
    let mut proposer: Box<dyn Propose> = match arguments.recipe.as_str() {
        "discover-gp" => Box::new(Genetic),
        "discover-replay" => Box::new(replay(arguments)?),
        _ => model::proposer(arguments, &settings)?,
    };
    let mut person: Box<dyn Supervise + '_> = match arguments.step {
        true => Box::new(step::Person::new(&world, &harness)),
        false => Box::new(()),
    };
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
    finish(arguments, &harness, &settings, &ended, &folder, place.as_deref())
}

/// What the run is made of.
fn settings(
    arguments: &TrainArguments,
    world: &World,
    budget: Budget,
) -> Result<Settings, Failure> {
    let arena = world.arena();
    let mut settings = match arguments.recipe.as_str() {
        "discover-llm" => Settings::language_model(arena.signature().name),
        _ => Settings::genetic(arena.signature().name),
    };
    settings.recipe.clone_from(&arguments.recipe);
    if arguments.language == "script" {
        settings.nodes_max = SCRIPT_LINES;
    }
    if let Some(variant) = &arguments.variant {
        settings = settings.in_manner_of(variant).map_err(failed)?;
    }
    settings.seed = arguments.seed;
    settings.seeds.clone_from(&arguments.seeds);
    if settings.seeds.is_empty() {
        settings.seeds.extend(arena.signature().seeds.first().map(|it| it.0.to_owned()));
    }
    if !arguments.operators.is_empty() {
        settings.operators.clone_from(&arguments.operators);
    }
    if let Some(path) = &arguments.hints {
        let wrong = |error| format!("{}: expected hints, found: {error}", path.display());
        let text = std::fs::read_to_string(path).map_err(wrong).map_err(Failure::bad_input)?;
        settings.hints.extend(text.lines().map(str::to_owned));
    }
    settings.counter_every = arguments.counter_examples;
    settings.instances = world.names();
    settings.splits = world.splits().hash(arena.facts());
    budget.limit(&mut settings);
    Ok(settings)
}

/// Most lines of a script.
const SCRIPT_LINES: usize = 60;

/// The stored run that is proposed again.
fn replay(arguments: &TrainArguments) -> Result<Replay, Failure> {
    let none = || Failure::bad_input("discover-replay: expected --from DIR, found none");
    let path = arguments.from.as_ref().ok_or_else(none)?.join("events.jsonl");
    Ok(Replay::new(&Journal::stored(&path).map_err(failed)?))
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
    place: Option<&Path>,
) -> Result<Exit, Failure> {
    let mut report = Report::new(harness, settings, ended).map_err(failed)?;
    let mut decision = None;
    if let Some(best) = ended.finalists.first() {
        let signature = harness.arena().signature();
        let parent = arguments.parent.as_deref().unwrap_or(signature.seeds[0].0);
        let text = signature.seed(parent).unwrap_or(parent);
        let read = |text: &str| Candidate::read(text, signature, Limits::default());
        let wrong = |_| Failure::bad_input(format!("--parent: expected a rule, found {parent}"));
        let parent = read(text).map_err(wrong)?;
        let found = read(&best.member.text).map_err(wrong)?;
        let words = arguments.explanation.as_deref().unwrap_or_default();
        let made = promotion(harness, &found, &parent, words).map_err(failed)?;
        decision = Some(made.clone());
        report.decide(made);
    }
    for (name, text) in [
        ("report.json", report.json()),
        ("report.csv", report.csv()),
        ("report.html", report.html()),
    ] {
        write(&folder.join(name), &text)?;
    }
    let mut stdout = io::stdout().lock();
    summary(&mut stdout, &report, ended)?;
    let Some(found) = &report.found else {
        writeln!(stdout, "no rule was found")?;
        return Ok(Exit::NothingFound);
    };
    writeln!(stdout, "{}", found.rule().map_or_else(|| found.text(), RuleText::formula))?;
    if let Some(words) = report.scale_words() {
        writeln!(stdout, "unit of time: {words}")?;
    }
    writeln!(stdout, "report: {}", folder.join("report.html").display())?;
    let file = rule_file(found, arguments, settings, ended);
    if let Some(out) = &arguments.out {
        write(out, &file)?;
        writeln!(stdout, "use it: ordine solve FILE --rule {}", out.display())?;
    }
    if let (Some(place), Some(decision)) = (place, decision) {
        if !decision.is_granted() {
            writeln!(stdout, "not promoted: {}", decision.objections.join("; "))?;
            return Ok(stdout.flush().map(|()| Exit::NothingFound)?);
        }
        if let Some(folder) = place.parent() {
            // What is wrong with it is told by the file that cannot be written.
            let _ = std::fs::create_dir_all(folder);
        }
        write(place, &file)?;
        writeln!(stdout, "promoted: {}", place.display())?;
    }
    Ok(stdout.flush().map(|()| Exit::Done)?)
}

/// Why the run ended, and the table of its report.
fn summary(stdout: &mut impl Write, report: &Report, ended: &Ended) -> Result<(), Failure> {
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
    Ok(writeln!(stdout, "{}\n", table.trim_fmt())?)
}

/// The rule with where it comes from.
fn rule_file(
    found: &Candidate,
    arguments: &TrainArguments,
    settings: &Settings,
    ended: &Ended,
) -> String {
    let mut value: Value = match found {
        Candidate::Rule(rule, _) => serde_json::from_str(&rule.json()).unwrap_or_default(),
        Candidate::Script(script) => {
            json!({"format": "ordine/rule/1", "script": script.text(), "lines": script.lines()})
        }
    };
    let best = ended.finalists.first();
    let text = serde_json::to_string(settings).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let number = best.map(|it| it.member.number);
    value["signature"] = json!(settings.signature);
    value["run"] = json!(format!("{hash:016x}"));
    value["candidate"] = json!(number);
    value["train"] = json!(best.map(|it| it.member.loss));
    value["validation"] = json!(best.map(|it| it.validation));
    if let Some(name) = &arguments.promote {
        let number = number.unwrap_or_default();
        value["name"] = json!(name);
        value["explanation"] = json!(arguments.explanation);
        value["source"] = json!(format!("{}, run {hash:016x}, #{number}", settings.recipe));
    }
    format!("{value:#}\n")
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        let words = format!("{}: expected a file to write, found: {error}", path.display());
        Failure::bad_input(words)
    })
}
