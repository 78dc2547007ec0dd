//! The machinery of runs: faults, kills, budgets, cassettes, HTTP on the loopback interface.
//!
//! **Source:** ours.

use super::super::converse::Manner;
use super::super::endpoint::Scripted;
use super::super::models::{Cassettes, scripted};
use super::super::report::Report;
use super::super::run::{Contestant, Ended, Plan, Row, run};
use super::super::score::scores;
use super::super::set::{Set, sha256};
use super::Sheet;
use anyhow::{Context as _, Result, bail};
use ordine_base::Seed;
use ordine_chat::{Budget, ChatError, Complete as _, Message, Price, Rates, Recorded, Request};
use ordine_project::constraint_bench::answerers::Answerer;
use ordine_project::constraint_bench::{Mode, Rendering, Variant, prompt};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn some(set: &Set, step: usize) -> Set {
    Set::new(set.instances.iter().step_by(step).cloned().collect())
}

fn go(
    set: &Set,
    contestant: &Contestant<'_>,
    manner: &Manner,
    journal: &Path,
    budget: Option<f64>,
) -> Result<Ended> {
    let manners = [manner.clone()];
    let budget = Budget { dollars: budget, ..Budget::default() };
    run(&Plan { set, manners: &manners, samples: 1, workers: 2, budget }, contestant, journal)
}

/// The hash of the report of what was held.
fn report(set: &Set, name: &str, manner: &Manner, ended: &Ended) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let scores = scores(set, name, std::slice::from_ref(manner), ended);
    Report { set, scores: &scores, reproducible: true }.write(folder.path())?;
    folder_hash(folder.path())
}

fn folder_hash(folder: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    for name in ["report.html", "scores.csv", "leaderboard.json"] {
        bytes.extend(std::fs::read(folder.join(name))?);
    }
    Ok(sha256(&bytes))
}

fn recording(answerer: Answerer, folder: &Path, replays: bool) -> Contestant<'static> {
    let cassettes = Cassettes { folder: Some(folder.to_owned()), replays };
    scripted(answerer, Scripted::new(answerer, 0.0, 1), cassettes)
}

pub(super) fn replay(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let set = some(sheet.set, 7);
    let (cassettes, manner) = (folder.path().join("cassettes"), Manner::new(Mode::Feedback));
    let answerer = Answerer::Slip;
    let mut hashes = BTreeSet::new();
    for (index, replays) in [false, true, true].into_iter().enumerate() {
        let contestant = recording(answerer, &cassettes, replays);
        let journal = folder.path().join(format!("{index}.jsonl"));
        let ended = go(&set, &contestant, &manner, &journal, None)?;
        hashes.insert(report(&set, &contestant.name, &manner, &ended)?);
    }
    let found = format!("{} report(s) of a recording and 2 replays", hashes.len());
    sheet.row("7", "replayed transcripts: reports byte for byte", "1", found, hashes.len() == 1);
    Ok(())
}

pub(super) fn cassettes(sheet: &mut Sheet<'_>) -> Result<()> {
    replay(sheet)?;
    let folder = tempfile::tempdir()?;
    let set = some(sheet.set, 200);
    let manner = Manner::new(Mode::Direct);
    let contestant = recording(Answerer::Greedy, folder.path(), false);
    go(&set, &contestant, &manner, &folder.path().join("journal.jsonl"), None)?;
    let instance = set.instances.first().context("a set of instances")?.public();
    let told = prompt(&instance, Rendering::Table, Mode::Direct, Variant::Plain);
    let user = told.user.replacen("Horizon", "Horizom", 1);
    let messages = vec![Message::new("system", told.system), Message::new("user", user)];
    let request = Request { messages, ..contestant.base };
    let missed = match Recorded::replay(folder.path()).complete(&request) {
        Err(ChatError::Missing { nearest, .. }) => nearest,
        other => bail!("a changed prompt was answered: {other:?}"),
    };
    let holds = missed.contains("Horizon") && missed.contains("Horizom");
    sheet.row("e7", "a changed byte is a miss with the difference", "named", missed, holds);
    Ok(())
}

pub(super) fn faults(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let set = some(sheet.set, 4);
    let endpoint = Scripted::new(Answerer::Greedy, 0.3, 5);
    let contestant = scripted(Answerer::Greedy, endpoint.clone(), Cassettes::default());
    let manner = Manner::new(Mode::Direct);
    let ended = go(&set, &contestant, &manner, &folder.path().join("journal.jsonl"), None)?;
    let total = set.instances.len();
    let answered = ended.held.iter().filter(|(_, held)| {
        held.as_ref().is_some_and(|held| held.failed.is_none() && held.rounds.len() == 1)
    });
    let (answered, bill) = (answered.count(), endpoint.bill());
    let found = format!("{answered} of {total}, {} faults", bill.faults);
    let holds = answered == total && bill.faults as usize > total / 5;
    sheet.row("e4", "30 % faults: conversations that were answered", "all", found, holds);
    let usage = ended.ledger.usage;
    let same = (ended.ledger.calls, usage.prompt, usage.completion)
        == (bill.replies, bill.prompt, bill.completion);
    let found = format!("{} and {} replies", ended.ledger.calls, bill.replies);
    sheet.row("e4", "our ledger and the endpoint's", "equal", found, same);
    Ok(())
}

/// Kills of the run.
const KILLS: usize = 50;

pub(super) fn kills(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let set = folder.path().join("set.jsonl");
    let text: String = some(sheet.set, 2).instances.iter().map(|it| it.line()).collect();
    std::fs::write(&set, text)?;
    let program = std::env::current_exe()?;
    let call = |out: &Path| {
        let mut command = Command::new(&program);
        command.args(["bench", "r-constraintbench", "run", "--answerer", "slip", "--mode", "b"]);
        command.args(["--delay", "3", "--set"]).arg(&set).arg("--out").arg(out);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    if !call(&whole).status()?.success() {
        bail!("{}: expected the program `ordine`", program.display());
    }
    let mut stream = Seed::new(6).stream("kills");
    let mut killed = 0;
    for _ in 0..KILLS {
        let mut child = call(&cut).spawn()?;
        std::thread::sleep(Duration::from_millis(60 + stream.below(240) as u64));
        killed += usize::from(child.try_wait()?.is_none());
        child.kill()?;
        child.wait()?;
    }
    if !call(&cut).status()?.success() {
        bail!("the run could not be resumed");
    }
    let same = folder_hash(&whole)? == folder_hash(&cut)?;
    let found = format!("{killed} kills, reports {}", if same { "equal" } else { "differ" });
    let holds = same && killed > KILLS / 2;
    sheet.row("e6", "killed 50 times and resumed", "report of a whole run", found, holds);
    let text = std::fs::read_to_string(cut.join("run-slip.jsonl"))?;
    let rows = text.lines().map(serde_json::from_str::<Row>).collect::<Result<Vec<_>, _>>()?;
    let names: BTreeSet<&str> = rows.iter().map(|row| row.identity.as_str()).collect();
    let twice = rows.len() - names.len();
    sheet.row("e6", "journaled calls that were made twice", "0", twice.to_string(), twice == 0);
    Ok(())
}

pub(super) fn budget(sheet: &mut Sheet<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (manner, answerer) = (Manner::new(Mode::Direct), Answerer::Greedy);
    let journal = folder.path().join("journal.jsonl");
    let mut contestant = scripted(answerer, Scripted::new(answerer, 0.0, 1), Cassettes::default());
    contestant.rates = Rates { open: 2, ..Rates::default() };
    // At these prices the whole set costs more than the limit.
    contestant.price = Price { input: 5.0, cached: 0.5, output: 20.0 };
    let ended = go(sheet.set, &contestant, &manner, &journal, Some(1.0))?;
    let stopped = ended.stopped.clone().unwrap_or_default();
    let words = stopped.split(';').next().unwrap_or_default();
    let found = format!("{:.4} dollars, {words}", ended.ledger.dollars);
    let holds = ended.ledger.dollars <= 1.0 && words == "stopped: budget";
    sheet.row("e11", "a run limited to 1.00", "≤ 1.00, stopped: budget", found, holds);
    let resumed = go(sheet.set, &contestant, &manner, &journal, None)?;
    let held = resumed.held.iter().filter(|it| it.1.is_some()).count();
    let total = sheet.set.instances.len();
    let found = format!("{held} of {total}");
    sheet.row("e11", "resumed without a limit", "all", found, held == total);
    Ok(())
}

#[cfg(not(feature = "chat"))]
pub(super) fn loopback(sheet: &mut Sheet<'_>) -> Result<()> {
    let why = "this program was built without `--features chat`";
    sheet.skip("e12", "HTTP with only models.toml changed", "same scores", why);
    Ok(())
}

#[cfg(feature = "chat")]
pub(super) fn loopback(sheet: &mut Sheet<'_>) -> Result<()> {
    use super::super::{endpoint, models};
    let folder = tempfile::tempdir()?;
    let set = some(sheet.set, 20);
    let answerer = Answerer::Greedy;
    let port = endpoint::serve(Scripted::new(answerer, 0.0, 1), 0)?;
    let file = folder.path().join("models.toml");
    // The key is whatever the environment holds under this name; no file may hold it afterwards.
    let variable = "PATH";
    let text = format!(
        "[[model]]\nname = \"greedy\"\nbase = \"http://127.0.0.1:{port}/v1\"\n\
         key_variable = \"{variable}\"\ntemperature = 0.0\n"
    );
    std::fs::write(&file, text)?;
    let model = models::read(&file)?.pop().context("one model")?;
    let cassettes = Cassettes { folder: Some(folder.path().join("tapes")), replays: false };
    let contestant = models::contestant(&model, cassettes)?;
    let manner = Manner::new(Mode::Direct);
    let over_http = go(&set, &contestant, &manner, &folder.path().join("http.jsonl"), None)?;
    let inside = scripted(answerer, Scripted::new(answerer, 0.0, 1), Cassettes::default());
    let inside = go(&set, &inside, &manner, &folder.path().join("inside.jsonl"), None)?;
    let same = over_http.held == inside.held;
    let found = if same { "same scores" } else { "other scores" };
    sheet.row("e12", "HTTP with only models.toml changed", "same scores", found, same);
    let key = std::env::var(variable).unwrap_or_default();
    let mut files = vec![folder.path().join("http.jsonl")];
    files.extend(std::fs::read_dir(folder.path().join("tapes"))?.flatten().map(|it| it.path()));
    let leaks = files
        .iter()
        .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains(&key)));
    let leaks = leaks.count();
    let found = format!("{leaks} of {}", files.len());
    sheet.row("e7", "files that hold the key", "0", found, leaks == 0 && !key.is_empty());
    Ok(())
}
