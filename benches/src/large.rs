//! Large: a hundred thousand tasks, read, judged and planned within fixed limits.
//!
//! Two texts are generated: a plain job shop, and `ordine/problem/1` with calendars and setups.
//! Measured: parsing and sealing, the judge, the first schedule, and peak memory.
//!
//! **Source:** limits of the project's own.

use crate::{WallClock, memory};
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use comfy_table::Table;
use ordine_base::{Clock, FirstOf, FirstSchedule, Seed, Silent, StopWhen, TimeLimit};
use ordine_problem::{Problem, Schedule};
use ordine_solve::{Context, Settings, bounds, recipe_named};
use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

/// Limits in seconds, and of memory in bytes.
const READ_S: f64 = 1.0;
const JUDGE_S: f64 = 1.0;
const FIRST_S: f64 = 5.0;
const PEAK_BYTES: u64 = 1 << 30;

/// Tasks of a job, each on one machine of its own.
const MACHINES: usize = 100;

/// Arguments of `ordine bench large`.
#[derive(Parser, Debug)]
#[command(name = "large", about = "A hundred thousand tasks within fixed limits")]
struct Arguments {
    /// Tasks, in jobs of 100
    #[arg(long, default_value_t = 100_000)]
    tasks: usize,
    /// Only this text: plain or calendars
    #[arg(long, value_parser = ["plain", "calendars"])]
    only: Option<String>,
    /// Seed of the instances
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

struct Figures {
    name: &'static str,
    read_s: f64,
    first_s: Option<f64>,
    judge_s: Option<f64>,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("large").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if !(MACHINES..=10_000_000).contains(&arguments.tasks) {
        bail!("--tasks is {}: expected {MACHINES} to 10000000", arguments.tasks);
    }
    let jobs = arguments.tasks / MACHINES;
    let mut all = Vec::new();
    for (name, file) in [("plain", "large.txt"), ("calendars", "large.json")] {
        if arguments.only.as_ref().is_none_or(|only| only == name) {
            let text = match name {
                "plain" => plain(jobs, Seed::new(arguments.seed)),
                _ => with_calendars(jobs, Seed::new(arguments.seed)),
            };
            all.push(measure(name, file, &text)?);
        }
    }
    let peak = memory::peak();
    print(jobs, &all, peak, out)?;
    let over = |it: &Figures| {
        it.read_s > READ_S
            || it.first_s.is_none_or(|first| first > FIRST_S)
            || it.judge_s.is_none_or(|judge| judge > JUDGE_S)
    };
    if all.iter().any(over) || peak.is_some_and(|peak| peak > PEAK_BYTES) {
        bail!("a limit is passed");
    }
    Ok(())
}

fn measure(name: &'static str, file: &str, text: &str) -> Result<Figures> {
    let clock = WallClock::start();
    let found = ordine_wire::read_one(text.as_bytes(), file, &ordine_registry::formats())?;
    let read_s = clock.elapsed().as_secs_f64();
    let clock = WallClock::start();
    let first = first_schedule(&found.problem, &clock);
    let first_s = clock.elapsed().as_secs_f64();
    let Ok(schedule) = first else {
        return Ok(Figures { name, read_s, first_s: None, judge_s: None });
    };
    let clock = WallClock::start();
    let verdict = ordine_check::check(&found.problem, &schedule);
    let judge_s = clock.elapsed().as_secs_f64();
    if let Err(violations) = verdict {
        let first = violations.first().map(|it| it.describe(&found.problem)).unwrap_or_default();
        bail!("{name}: the judge refused the schedule: {first}");
    }
    Ok(Figures { name, read_s, first_s: Some(first_s), judge_s: Some(judge_s) })
}

fn first_schedule(problem: &Problem, clock: &WallClock) -> Result<Schedule> {
    let limit = Box::new(TimeLimit(Duration::from_secs_f64(4.0 * FIRST_S)));
    let rules: Vec<Box<dyn StopWhen>> = vec![limit, Box::new(FirstSchedule)];
    let stop = FirstOf(rules);
    let settings =
        Settings { seed: Seed::new(1), workers: 1, work: None, stop: &stop, clock, start: None };
    let mut observer = Silent;
    let context = Context::new(problem, settings, bounds::trivial_bound(problem), &mut observer);
    let recipe = recipe_named("auto").context("the default recipe exists")?;
    let outcome = recipe.solve(problem, &context)?;
    outcome.best().map(|(best, _)| best.clone()).context("no schedule within the time")
}

/// A job shop: `jobs` jobs that visit every machine in a random order.
fn plain(jobs: usize, seed: Seed) -> String {
    let mut stream = seed.stream("large shop");
    let mut machines: Vec<usize> = (0..MACHINES).collect();
    let mut text = format!("{jobs} {MACHINES}\n");
    for _ in 0..jobs {
        stream.shuffle(&mut machines);
        for machine in &machines {
            let _ = write!(text, "{machine} {} ", 1 + stream.below(99));
        }
        text.push('\n');
    }
    text
}

/// The same with working days of two shifts, tasks that pause, and setups between ten families.
fn with_calendars(jobs: usize, seed: Seed) -> String {
    let mut stream = seed.stream("large shop");
    let mut machines: Vec<usize> = (0..MACHINES).collect();
    let families: Vec<String> = (0..10).map(|family| format!("\"f{family}\"")).collect();
    let mut time = |from, to| if from == to { 0 } else { 1 + stream.below(9) };
    let times: Vec<String> = (0..10)
        .map(|from| format!("{:?}", (0..10).map(|to| time(from, to)).collect::<Vec<usize>>()))
        .collect();
    let mut text =
        "{\"format\":\"ordine/problem/1\",\"name\":\"large\",\"objective\":\"makespan\",\n"
            .to_owned();
    let _ = write!(
        text,
        "\"families\":[{}],\n\"setups\":[{{\"name\":\"setup\",\"times\":[{}]}}],\n\
         \"calendars\":[{{\"name\":\"day\",\"period\":1440,\"first\":\"closed\",\"steps\":\
         [[360,\"open\"],[720,\"paused\"],[750,\"open\"],[1320,\"closed\"]]}}],\n\"jobs\":[",
        families.join(","),
        times.join(","),
    );
    let comma = |at: usize| if at == 0 { "\n" } else { ",\n" };
    for job in 0..jobs {
        let _ = write!(text, "{}{{\"name\":\"j{job}\"}}", comma(job));
    }
    text.push_str("],\n\"resources\":[");
    for machine in 0..MACHINES {
        let _ = write!(
            text,
            "{}{{\"name\":\"m{machine}\",\"kind\":\"machine\",\"calendar\":\"day\",\
             \"setup\":\"setup\"}}",
            comma(machine)
        );
    }
    text.push_str("],\n\"tasks\":[");
    for task in 0..jobs * MACHINES {
        if task % MACHINES == 0 {
            stream.shuffle(&mut machines);
        }
        let (machine, duration) = (machines[task % MACHINES], 1 + stream.below(99));
        let _ = write!(
            text,
            "{}{{\"name\":\"t{task}\",\"job\":{},\"family\":\"f{}\",\"breaks\":\"pause\",\
             \"modes\":[{{\"duration\":{duration},\"requirements\":[{{\"resource\":\
             {machine}}}]}}]}}",
            comma(task),
            task / MACHINES,
            (task / MACHINES) % 10,
        );
    }
    text.push_str("],\n\"precedences\":[");
    let chained = (1..jobs * MACHINES).filter(|task| task % MACHINES != 0);
    for (place, task) in chained.enumerate() {
        let _ = write!(text, "{}{{\"before\":{},\"after\":{task}}}", comma(place), task - 1);
    }
    text.push_str("]}\n");
    text
}

fn print(jobs: usize, all: &[Figures], peak: Option<u64>, out: &mut dyn Write) -> Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["text", "parse and seal s", "first schedule s", "judge s"]);
    let number = |value: Option<f64>| value.map_or("none".to_owned(), |it| format!("{it:.3}"));
    for it in all {
        let cells = [Some(it.read_s), it.first_s, it.judge_s].map(number);
        table.add_row(std::iter::once(it.name.to_owned()).chain(cells));
    }
    table.add_row([
        "limit".to_owned(),
        READ_S.to_string(),
        FIRST_S.to_string(),
        JUDGE_S.to_string(),
    ]);
    let peak = peak.map_or("unknown".to_owned(), |peak| format!("{} MiB", peak >> 20));
    writeln!(
        out,
        "ordine {}, {} tasks, peak memory {peak} (limit 1024 MiB, texts included)\n{table}",
        env!("CARGO_PKG_VERSION"),
        jobs * MACHINES,
    )?;
    Ok(())
}
