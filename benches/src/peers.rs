//! Peers: Ordine and another solver side by side, on the same files, in the same run.
//!
//! Instances of committed lists are solved by both, one at a time and each first in turn, so that
//! whatever else the machine does hits both. The peer gets the problem in `ordine/problem/1`; its
//! schedule is judged like ours. Where the two contradict each other, or what is known, or one of
//! them fails, the bench fails: a failed peer is never a win.
//!
//! **Source:** benchmark habits of PyJobShop: one model per class, same limits, same machine.

mod check;
mod process;
mod rows;
mod table;
mod tiny;

use crate::WallClock;
use crate::instances::list;
use crate::lists::{Entry, List};
use crate::results::Results;
use crate::runs::{Case, KnownTables, Limits, Side, judged, run_recipe};
use anyhow::{Result, anyhow, bail};
use clap::Parser;
use ordine_base::Cost;
use ordine_problem::Problem;
use ordine_wire::problem_json::TimeScale;
use ordine_wire::schedule::read_schedule;
use ordine_wire::{Format as _, Json, Text};
use process::{Answer, Peer, PeerKind, Question};
use rows::Row;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `ordine bench peers`.
#[derive(Parser, Debug)]
#[command(name = "peers", about = "Ordine and another solver on the same files in the same run")]
struct Arguments {
    /// Committed lists, or parts of them: `jobshop-la all/rcpsp-cpr jobshop-la:1-20`
    #[arg(required_unless_present_any = ["table", "check", "environments"])]
    lists: Vec<String>,
    #[command(flatten)]
    limits: Limits,
    /// Recipe of ours
    #[arg(long, default_value = "auto")]
    recipe: String,
    /// The other solver: `cp-sat` or `pyjobshop`
    #[arg(long, default_value = "cp-sat", value_parser = PeerKind::named)]
    peer: &'static PeerKind,
    /// Setting of the peer: `default` or `strong-disjunctive`; otherwise that of the list
    #[arg(long)]
    setting: Option<String>,
    /// File of results, JSON lines; an interrupted bench resumes from it
    #[arg(long, default_value = "target/bench/peers.jsonl")]
    results: PathBuf,
    /// Folder of the peers' own environments, each made when it is missing
    #[arg(long, default_value = "target/bench/peers")]
    environment: PathBuf,
    /// Print the table of a file of results, and run nothing
    #[arg(long, value_name = "FILE", conflicts_with = "lists")]
    table: Option<PathBuf>,
    /// Compare the models of the peer with brute force on tiny instances of every class
    #[arg(long, conflicts_with = "lists")]
    check: bool,
    /// Make the environments of all peers, and run nothing
    #[arg(long, conflicts_with_all = ["lists", "check"])]
    environments: bool,
    /// Print a sample of so many instances of each part of the library, as for a list
    #[arg(long, value_name = "COUNT")]
    draw: Option<usize>,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("peers").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let folder = &arguments.environment;
    if arguments.environments {
        return process::make_environments(folder, out);
    }
    if arguments.check {
        let mut peer = Peer::start(arguments.peer, folder, out)?;
        return check::run(&mut peer, out);
    }
    if let Some(file) = &arguments.table {
        if !file.exists() {
            bail!("{} is missing: name a file of results", file.display());
        }
        return finish(&arguments, &latest(Results::open(file)?.rows, out)?, out);
    }
    let library = arguments.limits.library()?;
    if let Some(count) = arguments.draw {
        return draw(library, &arguments.lists, count, out);
    }
    let lists: Vec<List> =
        arguments.lists.iter().map(|words| List::named(words)).collect::<Result<_>>()?;
    let mut bench = Bench {
        results: Results::open(&arguments.results)?,
        peer: Peer::start(arguments.peer, folder, out)?,
        known: KnownTables::default(),
        clock: WallClock::start(),
        turn: 0,
        arguments: &arguments,
        library,
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
        arguments.limits.time,
        arguments.limits.workers,
    )?;
    if arguments.limits.each {
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
    let Row { case, peer, peer_version, .. } = last;
    let Case { version, commit, recipe, time_s, workers, .. } = case;
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
    if arguments.table.is_some() && arguments.limits.each {
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
    known: KnownTables,
    clock: WallClock,
    /// Runs so far: who is first takes turns.
    turn: usize,
}

impl Bench<'_> {
    /// Runs what has no result of this build yet; gives the rows of all lists.
    fn all(&mut self, lists: &[List], out: &mut dyn Write) -> Result<Vec<Row>> {
        let (mut rows, mut left) = (Vec::new(), 0);
        let limits = &self.arguments.limits;
        for list in lists {
            for entry in &list.entries {
                let known = self.known.of(self.library, list, entry)?;
                for &seed in &limits.seeds {
                    let how = (limits, self.arguments.recipe.as_str(), seed);
                    let case = Case::new(list, entry, how, known);
                    let row = match self.done(list, &case) {
                        Some(row) => row,
                        None if limits.is_over(&self.clock, 2.0 * limits.time) => {
                            left += 1;
                            continue;
                        }
                        None => self.both(list, entry, case, out)?,
                    };
                    let is_wrong = !row.failures().is_empty() || !row.contradictions().is_empty();
                    if limits.each || is_wrong {
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

    fn done(&self, list: &List, case: &Case) -> Option<Row> {
        let hello = &self.peer.hello;
        let is_same = |row: &&Row| {
            row.failures().is_empty()
                && row.case == *case
                && (&row.peer, &row.peer_version) == (&hello.peer, &hello.version)
                && row.setting == self.setting(list)
        };
        self.results.rows.iter().find(is_same).cloned()
    }

    fn setting<'b>(&'b self, list: &'b List) -> &'b str {
        self.arguments.setting.as_deref().unwrap_or(list.setting)
    }

    fn both(&mut self, list: &List, entry: &Entry, case: Case, out: &mut dyn Write) -> Result<Row> {
        let arguments = self.arguments;
        let setting = self.setting(list).to_owned();
        let how = (&arguments.limits, arguments.recipe.as_str(), case.seed);
        let (ours, theirs);
        if self.turn.is_multiple_of(2) {
            ours = run_recipe((list, entry), how);
            theirs = self.theirs(list, entry, case.seed, &setting);
        } else {
            theirs = self.theirs(list, entry, case.seed, &setting);
            ours = run_recipe((list, entry), how);
        }
        self.turn += 1;
        let hello = self.peer.hello.clone();
        if theirs.is_err() {
            // It may hang or have ended: the next instance begins with a fresh one.
            self.peer = Peer::start(arguments.peer, &arguments.environment, out)?;
        }
        let failed = |error: anyhow::Error| Side::failed(&error);
        let row = Row {
            case,
            setting,
            peer: hello.peer,
            peer_version: hello.version,
            ours: ours.map(|run| run.side).unwrap_or_else(failed),
            theirs: theirs.unwrap_or_else(failed),
        };
        self.results.add(row.clone())?;
        Ok(row)
    }

    fn theirs(&mut self, list: &List, entry: &Entry, seed: u64, setting: &str) -> Result<Side> {
        let limits = &self.arguments.limits;
        let problem = list.problem(self.library, entry)?;
        let text = Json.write_scaled(&problem, &TimeScale::default())?;
        let (time_s, workers) = (limits.time, limits.workers);
        let question = Question { problem: &text, time_s, workers, seed, setting };
        let (answer, call_s) = self.peer.ask(&question)?;
        let objective = their_objective(&problem, &answer)?;
        let Answer { status, bound, solve_s, .. } = answer;
        let side = Side { status, objective, bound, solve_s, call_s, error: None };
        // A solver that is starved may give up early, which would not be its fault.
        let missing_s = time_s - solve_s;
        if !side.has_proved() && missing_s > (0.1 * time_s).max(1.0) {
            bail!("the peer: {} after {solve_s:.1} s of {time_s} s", side.status);
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
