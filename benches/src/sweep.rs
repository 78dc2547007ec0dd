//! Sweep: a first schedule for every instance of a library, each within a short time.
//!
//! Every file and every member of every archive is read, in the variants that its folder is
//! published with; two threads take instances, each search has one. Every schedule is judged, and
//! compared with what is known: a cost below a known lower bound, a bound above a known cost, and
//! infeasibility that disagrees are contradictions. Only largest gaps, reservoirs and several
//! consumables make it hard to find any schedule at all: nothing else may stay unknown.
//!
//! **Source:** `bks.csv` of each library folder.

pub(crate) mod known;
mod runs;
mod table;

use crate::instances::walk;
use crate::results::Results;
use anyhow::{Result, bail};
use clap::Parser;
use known::KnownTable;
use ordine_base::Clock;
use ordine_wire::{Item, Request, read_problems};
pub(crate) use runs::Variant;
use runs::{Job, Row, run_job, variants};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// Instances that are skipped between two that are taken, without `--all`.
const SAMPLE_STEP: usize = 25;

/// Arguments of `ordine bench sweep`.
#[derive(Parser, Debug)]
#[command(name = "sweep", about = "A first schedule for every instance of a library")]
struct Arguments {
    /// Folders of the library; all of them when none is named
    folders: Vec<String>,
    /// Folder of the instance library
    #[arg(long)]
    library: PathBuf,
    /// Seconds per instance
    #[arg(long, default_value_t = 0.5)]
    time: f64,
    /// Every instance; otherwise every 25th of each folder
    #[arg(long)]
    all: bool,
    /// Instances that are solved at a time
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// File of results, JSON lines; an interrupted sweep resumes from it
    #[arg(long, default_value = "target/bench/sweep.jsonl")]
    results: PathBuf,
    /// Begin anew
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("sweep").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if !(1..=256).contains(&arguments.threads) {
        bail!("--threads is {}: expected 1 to 256", arguments.threads);
    }
    std::time::Duration::try_from_secs_f64(arguments.time)?;
    if arguments.fresh && arguments.results.exists() {
        std::fs::remove_file(&arguments.results)?;
    }
    let clock = crate::WallClock::start();
    let results: Results<Row> = Results::open(&arguments.results)?;
    let earlier = results.rows.len();
    let results = Mutex::new(results);
    let folders = folders(&arguments)?;
    let wanted = sweep(&arguments, &folders, &results, out)?;
    let results = results.into_inner().expect("no thread panics while it holds the results");
    let added = results.rows.len() - earlier;
    let mut rows = results.rows;
    rows.retain(|row| wanted.contains(&row.key()));
    let elapsed = clock.elapsed().as_secs_f64();
    writeln!(
        out,
        "\nordine {}, {} s per instance, {} threads, one worker each; {added} of {} runs in this \
         call, which took {elapsed:.1} s",
        env!("CARGO_PKG_VERSION"),
        arguments.time,
        arguments.threads,
        rows.len(),
    )?;
    writeln!(out, "{}", table::table(&rows))?;
    let wrong = table::verdict(&rows);
    for line in wrong.iter().skip(1) {
        writeln!(out, "{line}")?;
    }
    match wrong.first() {
        None => Ok(()),
        Some(first) => bail!("{first}"),
    }
}

/// Folders of the library in the order of their names.
fn folders(arguments: &Arguments) -> Result<Vec<String>> {
    if !arguments.folders.is_empty() {
        return Ok(arguments.folders.clone());
    }
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(&arguments.library)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    folders.sort();
    Ok(folders)
}

/// Runs what has no result yet; gives the keys of all runs that belong to the sweep.
fn sweep(
    arguments: &Arguments,
    folders: &[String],
    results: &Mutex<Results<Row>>,
    out: &mut dyn Write,
) -> Result<BTreeSet<Key>> {
    let (sender, receiver) = sync_channel::<Job>(4);
    let receiver = Mutex::new(receiver);
    let wanted = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..arguments.threads).map(|_| scope.spawn(|| work(&receiver, results))).collect();
        let reader = Reader {
            arguments,
            known: KnownTable::default(),
            done: keys(results),
            wanted: BTreeSet::new(),
            sender,
            seen: BTreeMap::new(),
        };
        let wanted = reader.read(folders, out);
        let failed = workers.into_iter().filter_map(|it| it.join().ok()).find_map(Result::err);
        match failed {
            Some(error) => Err(error),
            None => wanted,
        }
    })?;
    Ok(wanted)
}

/// What makes a run the same run.
type Key = (String, String, String, u64);

fn keys(results: &Mutex<Results<Row>>) -> BTreeSet<Key> {
    let results = results.lock().expect("no thread panics while it holds the results");
    results.rows.iter().map(Row::key).collect()
}

fn work(receiver: &Mutex<Receiver<Job>>, results: &Mutex<Results<Row>>) -> Result<()> {
    loop {
        let next = receiver.lock().expect("receiving does not panic").recv();
        let Ok(job) = next else { return Ok(()) };
        let row = run_job(&job);
        results.lock().expect("no thread panics while it holds the results").add(row)?;
    }
}

/// Reads the library and hands out what is to be done.
struct Reader<'a> {
    arguments: &'a Arguments,
    known: KnownTable,
    done: BTreeSet<Key>,
    wanted: BTreeSet<Key>,
    sender: SyncSender<Job>,
    /// Instances seen by folder and archive, for the sample.
    seen: BTreeMap<String, usize>,
}

impl Reader<'_> {
    fn read(mut self, folders: &[String], out: &mut dyn Write) -> Result<BTreeSet<Key>> {
        for folder in folders {
            self.known = KnownTable::of_folder(&self.arguments.library, folder)?;
            let mut files = Vec::new();
            walk(&self.arguments.library.join(folder), &mut files)?;
            for file in &files {
                self.file(folder, file)?;
            }
            writeln!(out, "{folder}: read")?;
            out.flush()?;
        }
        Ok(self.wanted)
    }

    fn file(&mut self, folder: &str, file: &Path) -> Result<()> {
        let base = self.arguments.library.join(folder);
        let within = file.strip_prefix(&base).unwrap_or(file).display().to_string();
        let formats = ordine_registry::formats();
        let format = (folder == "openshop").then_some("open-shop");
        let request = Request { name: &within, selector: None, format, formats: &formats };
        let mut input = File::open(file)?;
        let mut clock = crate::WallClock::start();
        read_problems(&request, &mut input, &mut |item| {
            let read_s = clock.elapsed().as_secs_f64();
            let flow = self.item(folder, &within, item, read_s);
            clock = crate::WallClock::start();
            flow
        });
        Ok(())
    }

    fn item(&mut self, folder: &str, file: &str, item: Item, read_s: f64) -> ControlFlow<()> {
        let count = self.seen.entry(format!("{folder}/{}", group(file))).or_insert(0);
        *count += 1;
        let place = *count;
        let taken = self.arguments.all || (place - 1).is_multiple_of(SAMPLE_STEP);
        let job = match item {
            Item::Skipped(_) => return ControlFlow::Continue(()),
            Item::Bad(diagnostics) => {
                let first = diagnostics.first();
                let member = first.file.strip_prefix(file).filter(|it| !it.is_empty());
                let path = member.map_or(format!("{file}#{place}"), |it| format!("{file}{it}"));
                let known = self.known.of(&path, stem(&path), Variant::Plain, None);
                // What cannot be read is never left out of a sample.
                return self.send(Job {
                    folder: folder.to_owned(),
                    path,
                    variant: Variant::Plain,
                    problem: Err(first.to_string()),
                    setups: None,
                    known,
                    read_s,
                    time_s: self.arguments.time,
                });
            }
            Item::Found(_) if !taken => return ControlFlow::Continue(()),
            Item::Found(found) => found,
        };
        let path = match job.source.strip_prefix(file) {
            Some("") | None => format!("{file}#{place}"),
            Some(member) => format!("{file}{member}"),
        };
        // Texts with several instances number them; a plain file is its own path.
        let path = if job.problem.name() == stem(file) { file.to_owned() } else { path };
        let problem = Arc::new(job.problem);
        for variant in variants(folder) {
            let known = self.known.of(&path, problem.name(), variant, None);
            let setups = matches!(variant, Variant::Setups).then(|| {
                let file = format!("jobshop-setup/points/{}.txt", problem.name());
                self.arguments.library.join(file)
            });
            self.send(Job {
                folder: folder.to_owned(),
                path: path.clone(),
                variant,
                problem: Ok(Arc::clone(&problem)),
                setups,
                known,
                read_s,
                time_s: self.arguments.time,
            })?;
        }
        ControlFlow::Continue(())
    }

    fn send(&mut self, job: Job) -> ControlFlow<()> {
        let key = job.key();
        if !self.wanted.insert(key.clone()) || self.done.contains(&key) {
            return ControlFlow::Continue(());
        }
        match self.sender.send(job) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// What a sample counts through: an archive, or a folder of plain files.
fn group(file: &str) -> &str {
    match file.contains(".gz") || file.starts_with("wt") {
        true => file,
        false => "",
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
