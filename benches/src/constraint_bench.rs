//! R-ConstraintBench: sets of instances, runs of models and answerers, scores, reports, and the
//! acceptance of it all, item by item.
//!
//! Without a command, every item is measured and printed beside what is expected; `generate`,
//! `run`, `report`, `score`, `repair`, `explain`, `adapt` and `endpoint` are the tools.
//!
//! **Source:** Jain, Wetter 2025 (arXiv 2508.15204)

mod acceptance;
mod adapt;
mod converse;
mod endpoint;
mod mcp;
mod models;
mod report;
mod run;
mod score;
mod set;
mod tracks;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use converse::{Manner, Told};
use models::Cassettes;
use ordine_base::{Clock as _, Seed, TimeLimit};
use ordine_chat::{Budget, Rates};
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::tools::conflict;
use ordine_project::constraint_bench::{
    BenchInstance, Class, Mode, Phase, Rendering, Variant, deviation, nearest, read_answer,
    violations,
};
use report::Report;
use run::{Contestant, Plan};
use score::{Score, scores};
use set::{Recipe, Set};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments of `ordine bench r-constraintbench`.
#[derive(Parser, Debug)]
#[command(name = "r-constraintbench", about = "Feasibility of schedules that models write")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only these items of the acceptance: 1 to 9, e1 to e12
    #[arg(long, value_delimiter = ',')]
    items: Vec<String>,
    /// Seed of the standard set
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    workers: usize,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a set of instances
    #[command(alias = "gen")]
    Generate(Generate),
    /// Put a set to models or answerers
    Run(Run),
    /// Report what runs have in their journals
    Report(Run),
    /// Judge stored answers: JSON lines {"instance":…,"answer":…}
    Score(Stored),
    /// The nearest feasible schedule to each stored answer
    Repair(Stored),
    /// Why instances have no schedule
    Explain {
        /// Set of instances
        set: PathBuf,
    },
    /// Tighten windows until an answerer is feasible half the time
    Adapt(adapt::Arguments),
    /// Makespan, revision and cores, beside the engine
    Tracks(tracks::Arguments),
    /// Offer the tools to an agent, over MCP on stdin and stdout
    Mcp(mcp::Arguments),
    /// Serve an answerer on the loopback interface, as a model
    Endpoint {
        /// The answerer
        answerer: Answerer,
        /// Its port; 0 takes a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
}

#[derive(clap::Args, Debug)]
struct Generate {
    /// Folder to write to
    #[arg(long)]
    out: PathBuf,
    /// Seed of the set
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Instances per phase and level
    #[arg(long, default_value_t = 10)]
    count: u64,
    /// How far windows reach beyond the hidden schedule: 12 loose, 6 normal, 3 tight
    #[arg(long, default_value_t = 6)]
    tightness: u32,
    /// No precedence may follow from others
    #[arg(long)]
    strict: bool,
    /// Phases: p0 to p4, domain
    #[arg(long, value_delimiter = ',', default_value = "p1,p2,p3,p4,domain")]
    phases: Vec<String>,
}

#[derive(clap::Args, Debug, Clone)]
struct Run {
    /// Set of instances: a folder of `generate`, or a file of lines; the standard set if left out
    #[arg(long)]
    set: Option<PathBuf>,
    /// Models to ask, see `models.toml` in the documentation
    #[arg(long)]
    models: Option<PathBuf>,
    /// Answerers to ask: perfect, greedy, restarts, resource-only, blind:windows, noisy:0.1, …
    #[arg(long = "answerer", value_delimiter = ',')]
    answerers: Vec<Answerer>,
    /// Modes: a direct, b feedback, c formalize, d tools
    #[arg(long, value_delimiter = ',', default_value = "a")]
    mode: Vec<char>,
    /// Renderings: table, sentences, story
    #[arg(long, value_delimiter = ',', default_value = "table")]
    rendering: Vec<String>,
    /// Variants: plain, shuffled, renumbered, renamed, minutes, redundant, example
    #[arg(long, value_delimiter = ',', default_value = "plain")]
    variant: Vec<String>,
    /// What a model sees of the judge's report in mode b
    #[arg(long, value_enum, default_value = "records")]
    told: Told,
    /// Rounds of feedback
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Send the last answer and report only, not the whole conversation
    #[arg(long)]
    forget: bool,
    /// Go on after a feasible answer, to see what is broken later
    #[arg(long)]
    no_stop: bool,
    /// Answers to each question
    #[arg(long, default_value_t = 1)]
    samples: u64,
    /// Folder of journal and report; a run there goes on
    #[arg(long)]
    out: PathBuf,
    /// Keep cassettes of replies here
    #[arg(long, conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer from these cassettes alone
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Dollars that may be spent
    #[arg(long)]
    budget: Option<f64>,
    /// Threads
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Share of calls that an answerer's endpoint lets fail
    #[arg(long, default_value_t = 0.0)]
    faults: f64,
    /// Milliseconds that each call of an answerer takes at least
    #[arg(long, default_value_t = 0)]
    delay: u64,
}

#[derive(clap::Args, Debug)]
struct Stored {
    /// Set of instances
    set: PathBuf,
    /// Answers
    answers: PathBuf,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("r-constraintbench").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    match &arguments.command {
        None => acceptance::run(&arguments.items, arguments.seed, arguments.workers, out),
        Some(Command::Generate(it)) => generate(it, out),
        Some(Command::Run(it)) => run_all(it, true, out),
        Some(Command::Report(it)) => run_all(it, false, out),
        Some(Command::Score(it)) => score_stored(it, out),
        Some(Command::Repair(it)) => repair_stored(it, out),
        Some(Command::Explain { set }) => explain(set, out),
        Some(Command::Adapt(it)) => adapt::run(it, out),
        Some(Command::Tracks(it)) => tracks::run(it, out),
        Some(Command::Mcp(it)) => mcp::run(it, out),
        Some(Command::Endpoint { answerer, port }) => serve(*answerer, *port, out),
    }
}

fn generate(arguments: &Generate, out: &mut dyn Write) -> Result<()> {
    let known = Phase::RAMP.into_iter().chain([Phase::PrecedenceOnly, Phase::Domain]);
    let known: Vec<Phase> = known.collect();
    let phase = |word: &String| {
        let found = known.iter().copied().find(|phase| phase.word() == word);
        found.with_context(|| format!("--phases: expected p0 to p4 or domain, found {word}"))
    };
    let recipe = Recipe {
        seed: arguments.seed,
        phases: arguments.phases.iter().map(phase).collect::<Result<_>>()?,
        count: arguments.count,
        tightness: arguments.tightness,
        strict: arguments.strict,
    };
    let set = recipe.make()?;
    set.write(&arguments.out, &recipe)?;
    writeln!(out, "{} instances, sha256 {}", set.instances.len(), set.hash)?;
    Ok(writeln!(out, "{}", arguments.out.display())?)
}

impl Run {
    fn manners(&self) -> Result<Vec<Manner>> {
        let mut manners = Vec::new();
        for letter in &self.mode {
            let mode = Mode::ALL.iter().find(|it| it.0 == *letter).map(|it| it.1);
            let mode = mode.with_context(|| format!("--mode: expected a to d, found {letter}"))?;
            for rendering in &self.rendering {
                let found = Rendering::ALL.into_iter().find(|it| it.word() == rendering);
                let rendering = found.with_context(|| {
                    format!("--rendering: expected table, sentences or story, found {rendering}")
                })?;
                for variant in &self.variant {
                    let found = Variant::ALL.into_iter().find(|it| it.word() == variant);
                    let variant =
                        found.with_context(|| format!("--variant: there is no {variant}"))?;
                    let (told, rounds) = (self.told, self.rounds);
                    let (keeps, ends) = (!self.forget, !self.no_stop);
                    manners.push(Manner { mode, rendering, variant, told, rounds, keeps, ends });
                }
            }
        }
        Ok(manners)
    }

    fn set(&self) -> Result<Set> {
        match &self.set {
            Some(path) => Set::read(path),
            None => Recipe::standard(1).make(),
        }
    }

    fn contestants(&self) -> Result<Vec<Contestant<'static>>> {
        let cassettes = Cassettes {
            folder: self.replay.clone().or_else(|| self.record.clone()),
            replays: self.replay.is_some(),
        };
        let mut contestants = Vec::new();
        for &answerer in &self.answerers {
            let delay = Duration::from_millis(self.delay);
            let endpoint = endpoint::Scripted::new(answerer, self.faults, 1).taking(delay);
            let mut contestant = models::scripted(answerer, endpoint, cassettes.clone());
            contestant.rates = Rates { open: self.workers, ..Rates::default() };
            contestants.push(contestant);
        }
        if let Some(path) = &self.models {
            for model in models::read(path)? {
                contestants.push(models::contestant(&model, cassettes.clone())?);
            }
        }
        if contestants.is_empty() {
            bail!("expected --models FILE or --answerer NAME, found neither");
        }
        Ok(contestants)
    }
}

fn run_all(arguments: &Run, live: bool, out: &mut dyn Write) -> Result<()> {
    let (set, manners) = (arguments.set()?, arguments.manners()?);
    let mut all: Vec<Score> = Vec::new();
    for mut contestant in arguments.contestants()? {
        if !live {
            contestant.client = None;
        }
        let plan = Plan {
            set: &set,
            manners: &manners,
            samples: arguments.samples,
            workers: arguments.workers,
            budget: Budget { dollars: arguments.budget, ..Budget::default() },
        };
        let ended = run::run(&plan, &contestant, &journal(&arguments.out, &contestant.name))?;
        if let Some(words) = &ended.stopped {
            writeln!(out, "{}: {words}", contestant.name)?;
        }
        let (calls, seconds) = (ended.ledger.calls, ended.seconds);
        let dollars = ended.ledger.dollars;
        writeln!(out, "{}: {calls} calls, {seconds:.1} s, {dollars:.4} dollars", contestant.name)?;
        all.extend(scores(&set, &contestant.name, &manners, &ended));
    }
    let reproducible = arguments.record.is_some() || arguments.replay.is_some();
    let report = Report { set: &set, scores: &all, reproducible };
    report.write(&arguments.out)?;
    writeln!(out, "{}", report.table())?;
    Ok(writeln!(out, "{}", arguments.out.join("report.html").display())?)
}

/// The journal of a contestant.
fn journal(folder: &Path, name: &str) -> PathBuf {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = name.chars().map(plain).collect();
    folder.join(format!("run-{name}.jsonl"))
}

#[derive(serde::Deserialize)]
struct StoredAnswer {
    instance: String,
    answer: String,
}

fn stored(arguments: &Stored) -> Result<Vec<(BenchInstance, StoredAnswer)>> {
    let set = Set::read(&arguments.set)?;
    let path = arguments.answers.display();
    let text = std::fs::read_to_string(&arguments.answers)
        .with_context(|| format!("{path}: expected answers"))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = |(line, text): (usize, &str)| {
        let answer: StoredAnswer = serde_json::from_str(text).with_context(|| {
            format!("{path}, line {line}: expected an object with `instance` and `answer`")
        })?;
        let instance = set.instances.iter().find(|it| it.id == answer.instance);
        let instance = instance.with_context(|| {
            format!("{path}, line {line}: the set has no instance {}", answer.instance)
        })?;
        Ok((instance.clone(), answer))
    };
    lines.map(read).collect()
}

fn score_stored(arguments: &Stored, out: &mut dyn Write) -> Result<()> {
    let (mut feasible, mut total) = (0, 0);
    for (instance, stored) in stored(arguments)? {
        let answer = read_answer(&stored.answer, false);
        total += 1;
        let found = violations(&instance, &answer);
        let is_feasible = answer.class.is_parsed() && found.is_empty();
        feasible += usize::from(is_feasible);
        let verdict = if is_feasible { "feasible" } else { "infeasible" };
        writeln!(out, "{}: {}, {verdict}", instance.id, answer.class.word())?;
        for violation in found.iter().filter(|_| answer.class != Class::Unparsable) {
            writeln!(out, "  {}", violation.describe())?;
        }
    }
    Ok(writeln!(out, "{feasible} of {total} feasible")?)
}

/// Work units of one repair.
const REPAIR_WORK: u64 = 20_000_000;

fn repair_stored(arguments: &Stored, out: &mut dyn Write) -> Result<()> {
    for (instance, stored) in stored(arguments)? {
        let Some(starts) = read_answer(&stored.answer, false).starts(&instance) else {
            writeln!(out, "{}: not every task has one start", instance.id)?;
            continue;
        };
        let clock = crate::WallClock::start();
        let limit = TimeLimit(Duration::from_secs(10));
        match nearest(&instance, &starts, Seed::new(1), REPAIR_WORK, limit, &clock)? {
            None => writeln!(out, "{}: no feasible schedule was found", instance.id)?,
            Some(it) => {
                let words = if it.is_nearest { "proved nearest" } else { "nearest found" };
                let moved = starts.iter().zip(&it.starts).filter(|(one, two)| one != two).count();
                writeln!(
                    out,
                    "{}: {moved} tasks move by {} in all ({words}, {:.2} s): {:?}",
                    instance.id,
                    deviation(&it.starts, &starts),
                    clock.elapsed().as_secs_f64(),
                    it.starts
                )?;
            }
        }
    }
    Ok(())
}

fn explain(set: &Path, out: &mut dyn Write) -> Result<()> {
    for instance in Set::read(set)?.instances {
        match conflict(&instance).map_err(anyhow::Error::msg)? {
            None => writeln!(out, "{}: not known within the budget", instance.id)?,
            Some(core) if core.is_empty() => writeln!(out, "{}: has a schedule", instance.id)?,
            Some(core) => {
                writeln!(out, "{}: these cannot hold together", instance.id)?;
                for line in core {
                    writeln!(out, "  {line}")?;
                }
            }
        }
    }
    Ok(())
}

fn serve(answerer: Answerer, port: u16, out: &mut dyn Write) -> Result<()> {
    let port = endpoint::serve(endpoint::Scripted::new(answerer, 0.0, 1), port)?;
    writeln!(out, "{answerer} answers at http://127.0.0.1:{port}/v1")?;
    out.flush()?;
    loop {
        std::thread::park();
    }
}
