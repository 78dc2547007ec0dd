//! Peers: Ordine and another solver side by side, on the same files, in the same run.
//!
//! Instances of committed lists are solved by both, one at a time and each first in turn, so that
//! whatever else the machine does hits both. The peer gets the problem in `ordine/problem/1`; its
//! schedule is judged like ours. Where the two contradict each other, or what is known, or one of
//! them fails, the bench fails: a failed peer is never a win.
//!
//! **Source:** benchmark habits of PyJobShop: one model per class, same limits, same machine.

mod process;
mod rows;
mod table;

use crate::WallClock;
use crate::instances::{Place, list, load};
use crate::lists::List;
use crate::results::Results;
use crate::sweep::Variant;
use crate::sweep::known::{Known, KnownTable};
use anyhow::{Context as _, Result, anyhow, bail};
use clap::Parser;
use ordine_base::{Clock, Cost, FirstOf, Seed, Silent, StopWhen, TimeLimit};
use ordine_check::check_claim;
use ordine_problem::{Problem, Schedule};
use ordine_solve::{Context, Settings, bounds, recipe_named};
use ordine_wire::problem_json::TimeScale;
use ordine_wire::schedule::read_schedule;
use ordine_wire::{Format as _, Json, Text};
use process::{Answer, Peer, Question};
use rows::{Row, Side};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments of `ordine bench peers`.
#[derive(Parser, Debug)]
#[command(name = "peers", about = "Ordine and OR-Tools CP-SAT on the same files in the same run")]
struct Arguments {
    /// Committed lists, or parts of them: `jobshop-la rcpsp-j30 jobshop-la:1-20`
    #[arg(required_unless_present = "table")]
    lists: Vec<String>,
    /// Folder of the instance library
    #[arg(long, required_unless_present = "table")]
    library: Option<PathBuf>,
    /// Seconds per instance and side
    #[arg(long, default_value_t = 60.0)]
    time: f64,
    /// Threads of each side
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Seeds, each a run of its own
    #[arg(long, value_delimiter = ',', default_values_t = [1])]
    seeds: Vec<u64>,
    /// Recipe of ours
    #[arg(long, default_value = "auto")]
    recipe: String,
    /// Setting of the peer: `default` or `strong-disjunctive`; otherwise that of the list
    #[arg(long)]
    setting: Option<String>,
    /// Begin no run that could end later than this; the same call goes on
    #[arg(long)]
    minutes: Option<f64>,
    /// File of results, JSON lines; an interrupted bench resumes from it
    #[arg(long, default_value = "target/bench/peers.jsonl")]
    results: PathBuf,
    /// Folder of the peer's own environment, made when it is missing
    #[arg(long, default_value = "target/bench/peers")]
    environment: PathBuf,
    /// Print one row per run too
    #[arg(long)]
    each: bool,
    /// Print the table of a file of results, and run nothing
    #[arg(long, value_name = "FILE", conflicts_with = "lists")]
    table: Option<PathBuf>,
    /// Print a sample of so many instances of each part of the library, as for a list
    #[arg(long, value_name = "COUNT")]
    draw: Option<usize>,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("peers").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if let Some(file) = &arguments.table {
        if !file.exists() {
            bail!("{} is missing: name a file of results", file.display());
        }
        return finish(&arguments, &latest(Results::open(file)?.rows, out)?, out);
    }
    let library = arguments.library.clone().context("--library is missing")?;
    if let Some(count) = arguments.draw {
        return draw(&library, &arguments.lists, count, out);
    }
    Duration::try_from_secs_f64(arguments.time)?;
    let lists: Vec<List> =
        arguments.lists.iter().map(|words| List::named(words)).collect::<Result<_>>()?;
    let mut bench = Bench {
        results: Results::open(&arguments.results)?,
        peer: Peer::start(&arguments.environment, out)?,
        known: BTreeMap::new(),
        clock: WallClock::start(),
        turn: 0,
        arguments: &arguments,
        library: &library,
    };
    let hello = &bench.peer.hello;
    writeln!(
        out,
        "ordine {} {}, recipe {}; {} {}; {} s and {} workers each",
        env!("CARGO_PKG_VERSION"),
        crate::commit(),
        arguments.recipe,
        hello.peer,
        hello.version,
        arguments.time,
        arguments.workers,
    )?;
    if arguments.each {
        table::print_head(out)?;
    }
    let rows = bench.all(&lists, out)?;
    finish(&arguments, &rows, out)
}

/// The rows that may stand in one table: those of the build and the limits of the last one.
fn latest(mut rows: Vec<Row>, out: &mut dyn Write) -> Result<Vec<Row>> {
    let Some(last) = rows.last().cloned() else { return Ok(rows) };
    let all = rows.len();
    rows.retain(|row| row.is_comparable(&last));
    let Row { version, commit, recipe, peer, peer_version, time_s, workers, .. } = last;
    writeln!(
        out,
        "ordine {version} {commit}, recipe {recipe}; {peer} {peer_version}; {time_s} s and \
         {workers} workers each; {} rows of other builds or limits are left out",
        all - rows.len(),
    )?;
    Ok(rows)
}

/// Prints the table; fails where something failed or contradicts.
fn finish(arguments: &Arguments, rows: &[Row], out: &mut dyn Write) -> Result<()> {
    if arguments.table.is_some() && arguments.each {
        table::print_head(out)?;
        rows.iter().try_for_each(|row| table::print_row(row, out))?;
    }
    table::print(rows, out)?;
    let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    let wrong = count(&|row| !row.contradictions().is_empty());
    let failed = count(&|row| !row.failures().is_empty());
    if wrong + failed > 0 {
        bail!("{wrong} contradictions, {failed} failures: see --each");
    }
    Ok(())
}

/// Prints what a list of a part of the library would hold.
fn draw(library: &Path, parts: &[String], count: usize, out: &mut dyn Write) -> Result<()> {
    for part in parts {
        for place in list(library, part, Some(count))? {
            writeln!(out, "{}/{}", place.folder, place.path)?;
        }
    }
    Ok(())
}

/// A call while it runs.
struct Bench<'a> {
    arguments: &'a Arguments,
    library: &'a Path,
    results: Results<Row>,
    peer: Peer,
    known: BTreeMap<String, KnownTable>,
    clock: WallClock,
    /// Runs so far: who is first takes turns.
    turn: usize,
}

impl Bench<'_> {
    /// Runs what has no result of this build yet; gives the rows of all lists.
    fn all(&mut self, lists: &[List], out: &mut dyn Write) -> Result<Vec<Row>> {
        let (mut rows, mut left) = (Vec::new(), 0);
        for list in lists {
            for place in &list.places {
                for &seed in &self.arguments.seeds {
                    let row = match self.done(list, place, seed) {
                        Some(row) => row,
                        None if self.is_over() => {
                            left += 1;
                            continue;
                        }
                        None => self.both(list, place, seed, out)?,
                    };
                    let is_wrong = !row.failures().is_empty() || !row.contradictions().is_empty();
                    if self.arguments.each || is_wrong {
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

    /// Whether a further run could end too late.
    fn is_over(&self) -> bool {
        let minutes = self.arguments.minutes.unwrap_or(f64::INFINITY);
        self.clock.elapsed().as_secs_f64() + 2.0 * self.arguments.time > 60.0 * minutes
    }

    fn done(&self, list: &List, place: &Place, seed: u64) -> Option<Row> {
        let arguments = self.arguments;
        let is_same = |row: &&Row| {
            row.failures().is_empty()
                && (row.version.as_str(), row.commit.as_str())
                    == (env!("CARGO_PKG_VERSION"), crate::commit())
                && row.peer_version == self.peer.hello.version
                && (row.folder.as_str(), row.path.as_str()) == (&place.folder, &place.path)
                && (&row.list, &row.variant) == (&list.name.to_owned(), &list.variant.words())
                && (row.seed, row.workers, row.time_s) == (seed, arguments.workers, arguments.time)
                && (row.recipe.as_str(), row.setting.as_str())
                    == (&arguments.recipe, self.setting(list))
        };
        self.results.rows.iter().find(is_same).cloned()
    }

    fn setting<'b>(&'b self, list: &'b List) -> &'b str {
        self.arguments.setting.as_deref().unwrap_or(list.setting)
    }

    fn both(&mut self, list: &List, place: &Place, seed: u64, out: &mut dyn Write) -> Result<Row> {
        let arguments = self.arguments;
        let setting = self.setting(list).to_owned();
        let (ours, theirs);
        if self.turn.is_multiple_of(2) {
            ours = self.ours(list, place, seed);
            theirs = self.theirs(list, place, seed, &setting);
        } else {
            theirs = self.theirs(list, place, seed, &setting);
            ours = self.ours(list, place, seed);
        }
        self.turn += 1;
        let failed = |error: anyhow::Error| Side {
            status: "error".to_owned(),
            error: Some(format!("{error:#}")),
            ..Side::default()
        };
        if theirs.is_err() {
            // It may hang or have ended: the next instance begins with a fresh one.
            self.peer = Peer::start(&arguments.environment, out)?;
        }
        let row = Row {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: crate::commit().to_owned(),
            list: list.name.to_owned(),
            folder: place.folder.clone(),
            path: place.path.clone(),
            variant: list.variant.words(),
            instance: place.name.clone(),
            recipe: arguments.recipe.clone(),
            setting,
            time_s: arguments.time,
            workers: arguments.workers,
            seed,
            peer: self.peer.hello.peer.clone(),
            peer_version: self.peer.hello.version.clone(),
            known: self.known(list, place)?,
            ours: ours.unwrap_or_else(failed),
            theirs: theirs.unwrap_or_else(failed),
        };
        self.results.add(row.clone())?;
        Ok(row)
    }

    fn known(&mut self, list: &List, place: &Place) -> Result<Known> {
        if !self.known.contains_key(&place.folder) {
            let table = KnownTable::of_folder(self.library, &place.folder)?;
            self.known.insert(place.folder.clone(), table);
        }
        Ok(self.known[&place.folder].of(&place.path, &place.name, list.variant))
    }

    /// The problem of a place as the list changes it.
    fn problem(&self, list: &List, place: &Place) -> Result<Problem> {
        let plain = load(self.library, place)?;
        let setups = matches!(list.variant, Variant::Setups)
            .then(|| self.library.join(format!("jobshop-setup/points/{}.txt", plain.name())));
        let changed = list.variant.of(&plain, setups.as_deref()).map_err(|error| anyhow!(error))?;
        Ok(changed.unwrap_or(plain))
    }

    fn ours(&self, list: &List, place: &Place, seed: u64) -> Result<Side> {
        let arguments = self.arguments;
        let call = WallClock::start();
        let problem = self.problem(list, place)?;
        let recipe = recipe_named(&arguments.recipe).with_context(|| {
            format!("no recipe {}: see `ordine list recipes`", arguments.recipe)
        })?;
        let limit: Box<dyn StopWhen> =
            Box::new(TimeLimit(Duration::try_from_secs_f64(arguments.time)?));
        let (stop, clock) = (FirstOf(vec![limit]), WallClock::start());
        let settings = Settings {
            seed: Seed::new(seed),
            workers: arguments.workers,
            work: None,
            stop: &stop,
            clock: &clock,
            start: None,
        };
        let mut observer = Silent;
        let bound = bounds::trivial_bound(&problem);
        let context = Context::new(&problem, settings, bound, &mut observer);
        let outcome = recipe.solve(&problem, &context)?;
        let solve_s = clock.elapsed().as_secs_f64();
        let objective = outcome.best().map(|(schedule, cost)| judged(&problem, schedule, cost));
        Ok(Side {
            status: outcome.word().to_owned(),
            objective: objective.transpose()?,
            bound: Some(context.figures().bound.first()),
            solve_s,
            call_s: call.elapsed().as_secs_f64(),
            error: None,
        })
    }

    fn theirs(&mut self, list: &List, place: &Place, seed: u64, setting: &str) -> Result<Side> {
        let arguments = self.arguments;
        let problem = self.problem(list, place)?;
        let text = Json.write_scaled(&problem, &TimeScale::default())?;
        let question = Question {
            problem: &text,
            time_s: arguments.time,
            workers: arguments.workers,
            seed,
            setting,
        };
        let (answer, call_s) = self.peer.ask(&question)?;
        let objective = their_objective(&problem, &answer)?;
        let Answer { status, bound, solve_s, .. } = answer;
        let side = Side { status, objective, bound, solve_s, call_s, error: None };
        // A solver that is starved may give up early, which would not be its fault.
        let missing_s = arguments.time - solve_s;
        if !side.has_proved() && missing_s > (0.1 * arguments.time).max(1.0) {
            bail!("the peer: {} after {solve_s:.1} s of {} s", side.status, arguments.time);
        }
        Ok(side)
    }
}

/// What the peer's schedule costs by our judge, who must agree with what the peer says.
fn their_objective(problem: &Problem, answer: &Answer) -> Result<Option<i64>> {
    let (Some(text), Some(objective)) = (&answer.schedule, answer.objective) else {
        return Ok(None);
    };
    let text = Text::new("schedule of the peer", text.as_bytes()).map_err(|it| anyhow!("{it}"))?;
    let file = read_schedule(&text, problem)?;
    judged(problem, &file.schedule, &Cost::single(objective)).map(Some)
}

fn judged(problem: &Problem, schedule: &Schedule, claimed: &Cost) -> Result<i64> {
    match check_claim(problem, schedule, claimed) {
        Ok(cost) => Ok(cost.first()),
        Err(violations) => {
            let first = violations.first().map(|it| it.describe(problem)).unwrap_or_default();
            bail!("the judge refused the schedule: {first}")
        }
    }
}
