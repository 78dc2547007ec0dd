//! Logs of runs as JSON lines, and their replay.
//!
//! The first line says what was run, each further one is an event. A replay runs it again from the
//! first line and compares the rest.
//!
//! **Source:** -

use super::SimulateArguments;
use super::one::{self, Ran, Setup, seed_of};
use crate::exit::{Exit, Failure};
use crate::inputs;
use crate::outputs::Destination;
use ordine_registry::policy_of;
use ordine_sim::{EventLog, Keep};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::Path;

const FORMAT: &str = "ordine/simulation-log/1";

/// What was run.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    world: String,
    file: Option<String>,
    file_format: Option<String>,
    set: Vec<(String, String)>,
    policy: String,
    seed: u64,
    /// Numbered from 1.
    run: u32,
    /// The end of a run that failed.
    failure: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: i64,
    event: &'a str,
}

/// The log of a run, numbered from 0.
pub(super) fn text(
    arguments: &SimulateArguments,
    setup: &Setup,
    policy: &str,
    replication: u32,
    ran: &Ran,
) -> String {
    let head = Head {
        format: FORMAT.to_owned(),
        world: setup.about.name.to_owned(),
        file: arguments.file.clone(),
        file_format: arguments.format.clone(),
        set: setup.settings.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        policy: policy.to_owned(),
        seed: arguments.seed,
        run: replication + 1,
        failure: ran.values.as_ref().err().cloned(),
    };
    let head = serde_json::to_string(&head).expect("plain data is written as JSON");
    std::iter::once(head).chain(events(ran.log.as_ref())).map(|line| line + "\n").collect()
}

fn events(log: Option<&EventLog>) -> Vec<String> {
    let lines = log.map(EventLog::lines).unwrap_or_default().iter();
    let line = |it: &ordine_sim::LogLine| {
        let line = Line { time: it.time.get(), event: &it.words };
        serde_json::to_string(&line).expect("plain data is written as JSON")
    };
    lines.map(line).collect()
}

/// Writes the log of a run that failed, where logs go.
pub(super) fn failed(
    destination: &mut Option<Destination>,
    arguments: &SimulateArguments,
    setup: &Setup,
    policy: &str,
    replication: u32,
) -> Result<(), Failure> {
    let Some(destination) = destination else { return Ok(()) };
    let keep = Keep { events: true, history: false };
    let ran = one::run(setup, policy, seed_of(arguments.seed, replication), keep);
    destination.write(setup.about.name, text(arguments, setup, policy, replication, &ran))
}

/// Runs a log again and compares.
pub(super) fn replay(path: &Path) -> Result<Exit, Failure> {
    let bytes = inputs::bytes(path)?;
    let wrong = |line: usize, expected: &str, found: &str| {
        let found = if found.is_empty() { "nothing" } else { found };
        let place = path.display();
        Failure::bad_input(format!("{place}, line {line}: expected {expected}, found {found}"))
    };
    let text = String::from_utf8(bytes).map_err(|_| wrong(1, "UTF-8", "something else"))?;
    let first = text.lines().next().unwrap_or_default();
    let head: Option<Head> = serde_json::from_str(first).ok();
    let head = head.filter(|head| head.format == FORMAT && head.run > 0);
    let head = head.ok_or_else(|| wrong(1, "the head of a log of `--log`", first))?;
    let setup =
        one::open(&head.world, head.file.as_deref(), head.file_format.as_deref(), &head.set)?;
    policy_of(&*setup.scenario, &head.policy).map_err(|it| wrong(1, &it.to_string(), first))?;
    let keep = Keep { events: true, history: false };
    let ran = one::run(&setup, &head.policy, seed_of(head.seed, head.run - 1), keep);
    let (found, written) = (events(ran.log.as_ref()), text.lines().skip(1).collect::<Vec<_>>());
    let count = found.len().max(written.len());
    let differs =
        |index: &usize| found.get(*index).map(String::as_str) != written.get(*index).copied();
    let mut stdout = io::stdout().lock();
    if let Some(index) = (0..count).find(differs) {
        let of = |line: Option<&str>| line.unwrap_or("the end").to_owned();
        writeln!(stdout, "line {}: the runs part", index + 2)?;
        writeln!(stdout, "  written  {}", of(written.get(index).copied()))?;
        writeln!(stdout, "  now      {}", of(found.get(index).map(String::as_str)))?;
        stdout.flush()?;
        return Ok(Exit::Infeasible);
    }
    if ran.values.as_ref().err() != head.failure.as_ref() {
        writeln!(stdout, "the same {count} events, another end: {:?}", ran.values)?;
        stdout.flush()?;
        return Ok(Exit::Infeasible);
    }
    writeln!(stdout, "the same {count} events")?;
    stdout.flush()?;
    Ok(Exit::Done)
}
