//! Mutations: broken files of every format, and how its reader bears them.
//!
//! Seeds are the sample files of `data/` and, with `--library`, the first small file of each of its
//! folders and archives. Each is changed in one to four places (bits, bytes, numbers, lines, cuts)
//! and read, detected or with the format of its seed forced. Required: no panic, no reading above
//! a second, peak memory within a gibibyte, and diagnostics that name file, line, what is expected
//! and what is found.
//!
//! **Source:** Zeller, Gopinath, Böhme, Fraser, Holler (The Fuzzing Book), mutation-based fuzzing.

use crate::WallClock;
use crate::instances::walk;
use crate::memory;
use anyhow::{Result, bail};
use clap::Parser;
use comfy_table::Table;
use ordine_base::{Clock, Seed, Stream};
use ordine_wire::{DIAGNOSTICS_MAX, Diagnostics, Item, Request, read_problems};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Most bytes of a seed: small files are mutated more densely.
const SEED_BYTES_MAX: u64 = 60_000;

/// Longest that one reading may take.
const READ_S_MAX: f64 = 1.0;

/// Most memory that the process may ever have held.
const PEAK_BYTES_MAX: u64 = 1 << 30;

/// Bytes that are put in.
const LETTERS: &[u8] = b"0123456789 -.,;{}[]\":\n#x\xff\0";

/// Arguments of `ordine bench mutations`.
#[derive(Parser, Debug)]
#[command(name = "mutations", about = "Broken files of every format")]
struct Arguments {
    /// Mutated inputs in all
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// Folder of sample files
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Folder of the instance library, for more formats
    #[arg(long)]
    library: Option<PathBuf>,
    /// Seed of all draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A good file.
struct Sample {
    name: String,
    format: &'static str,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Sum {
    inputs: u64,
    read: u64,
    slowest_s: f64,
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("mutations").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    let samples = samples(&arguments)?;
    if samples.is_empty() {
        bail!("no sample file below {}: name the folder by --data", arguments.data.display());
    }
    let mut stream = Seed::new(arguments.seed).stream("mutations");
    let mut sums: BTreeMap<&'static str, Sum> = BTreeMap::new();
    let formats = ordine_registry::formats();
    let mut wrong = Wrong::default();
    for round in 0..arguments.count {
        let sample = &samples[(round % samples.len() as u64) as usize];
        let mut bytes = sample.bytes.clone();
        for _ in 0..=stream.below(4) {
            mutate(&mut bytes, &mut stream);
        }
        let any = formats[stream.below(formats.len())].about().name;
        let forced = match stream.below(10) {
            0 => Some(any),
            1..=4 => Some(sample.format),
            _ => None,
        };
        let clock = WallClock::start();
        let read = catch_unwind(AssertUnwindSafe(|| read(&sample.name, &bytes, forced)));
        let seconds = clock.elapsed().as_secs_f64();
        let sum = sums.entry(sample.format).or_default();
        sum.inputs += 1;
        sum.slowest_s = sum.slowest_s.max(seconds);
        match read {
            Ok(Ok(is_instance)) => sum.read += u64::from(is_instance),
            Ok(Err((kind, what))) => wrong.add(kind, &sample.name, round, &what),
            Err(_) => wrong.add("panic".to_owned(), &sample.name, round, ""),
        }
        if seconds > READ_S_MAX {
            wrong.add("slow".to_owned(), &sample.name, round, &format!("{seconds:.2} s"));
        }
    }
    let peak = memory::peak();
    if peak.is_some_and(|peak| peak > PEAK_BYTES_MAX) {
        wrong.add("memory".to_owned(), "all", arguments.count, "more than a gibibyte");
    }
    print(&arguments, &sums, peak, out)?;
    for (kind, (count, example)) in &wrong.0 {
        writeln!(out, "{count} times {kind}, first {example}")?;
    }
    match wrong.0.values().map(|it| it.0).sum::<u64>() {
        0 => Ok(()),
        count => bail!("{count} inputs were not borne as they must be"),
    }
}

/// What went wrong, by kind: how often, and the first time.
#[derive(Default)]
struct Wrong(BTreeMap<String, (u64, String)>);

impl Wrong {
    fn add(&mut self, kind: String, sample: &str, round: u64, what: &str) {
        let first = || (0, format!("{sample} in round {round}: {what}"));
        self.0.entry(kind).or_insert_with(first).0 += 1;
    }
}

/// Reads an input; whether an instance was in it, or what is wrong with a diagnostic.
fn read(name: &str, bytes: &[u8], format: Option<&str>) -> Result<bool, Flaw> {
    let formats = ordine_registry::formats();
    let request = Request { name, selector: None, format, formats: &formats };
    let (mut found, mut wrong) = (false, None);
    read_problems(&request, &mut &bytes[..], &mut |item| {
        match item {
            Item::Found(_) => found = true,
            Item::Bad(diagnostics) => {
                let flaw = flaw(name, &diagnostics);
                wrong = wrong.take().or(flaw);
            }
            Item::Skipped(_) => {}
        }
        ControlFlow::Continue(())
    });
    wrong.map_or(Ok(found), Err)
}

/// Kind of a flaw, and the diagnostic that has it.
type Flaw = (String, String);

/// What a diagnostic lacks.
fn flaw(name: &str, diagnostics: &Diagnostics) -> Option<Flaw> {
    if diagnostics.all().len() > DIAGNOSTICS_MAX {
        return Some(("too many diagnostics".to_owned(), String::new()));
    }
    let lacks = diagnostics.all().iter().find(|it| {
        let speaks = !it.expected.is_empty() && !it.found.is_empty() && !it.hint.is_empty();
        let bearable = it.expected.len() + it.found.len() + it.hint.len() < 4000;
        !(it.file.starts_with(name) && speaks && bearable)
    });
    if let Some(it) = lacks {
        return Some(("a diagnostic without words".to_owned(), it.to_string()));
    }
    let lineless = diagnostics.all().iter().find(|it| it.line.is_none())?;
    Some((format!("no line where expected is {}", lineless.expected), lineless.to_string()))
}

fn samples(arguments: &Arguments) -> Result<Vec<Sample>> {
    let mut files = Vec::new();
    walk(&arguments.data, &mut files)?;
    if let Some(library) = &arguments.library {
        walk(library, &mut files)?;
    }
    let formats = ordine_registry::formats();
    let mut samples: Vec<Sample> = Vec::new();
    for file in files {
        // The first of its format in each folder is enough of a library.
        let in_library = arguments.library.as_ref().is_some_and(|it| file.starts_with(it));
        let Ok(bytes) = std::fs::read(&file) else { continue };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let request = Request { name: &name, selector: None, format: None, formats: &formats };
        let packed = name.ends_with(".gz");
        read_problems(&request, &mut &bytes[..], &mut |item| {
            let Item::Found(found) = item else { return ControlFlow::Continue(()) };
            let format = found.format.about().name;
            let is_new = !in_library || samples.iter().all(|it| it.format != format);
            if is_new && packed {
                // A member is written anew where its format can be.
                if let Ok(text) = found.format.write(&found.problem) {
                    let name = found.source.rsplit(['#', '/']).next().unwrap_or(&name).to_owned();
                    samples.push(Sample { name, format, bytes: text.into_bytes() });
                    return ControlFlow::Break(());
                }
            }
            if is_new && !packed {
                samples.push(Sample { name: name.clone(), format, bytes: bytes.clone() });
            }
            if packed { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
    let json: Vec<Sample> = samples.iter().take(4).filter_map(|it| rewritten(it, "json")).collect();
    // Models bring tables of every kind.
    let csv = samples.iter().filter_map(|it| rewritten(it, "csv"));
    let csv: Vec<Sample> = csv.step_by(8).take(8).collect();
    samples.extend(json);
    samples.extend(csv);
    samples.retain(|sample| sample.bytes.len() as u64 <= SEED_BYTES_MAX);
    Ok(samples)
}

/// The same instance in another format that can say it.
fn rewritten(sample: &Sample, name: &str) -> Option<Sample> {
    let formats = ordine_registry::formats();
    let found = ordine_wire::read_one(&sample.bytes, &sample.name, &formats).ok()?;
    let other = formats.iter().find(|format| format.about().name == name)?;
    let bytes = other.write_scaled(&found.problem, &found.scale).ok()?.into_bytes();
    Some(Sample { name: format!("{}.{name}", sample.name), format: other.about().name, bytes })
}

/// Changes one thing about a text that stays near to a valid one.
fn mutate(bytes: &mut Vec<u8>, stream: &mut Stream) {
    let place = stream.below(bytes.len() + 1);
    match stream.below(8) {
        0 if place < bytes.len() => bytes[place] ^= 1 << stream.below(8),
        1 if place < bytes.len() => drop(bytes.remove(place)),
        2 => bytes.insert(place, LETTERS[stream.below(LETTERS.len())]),
        3 => bytes.truncate(place),
        4 => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
            let (one, other) = (stream.below(lines.len()), stream.below(lines.len()));
            match stream.below(3) {
                0 => lines.swap(one, other),
                1 => lines[one] = lines[other].clone(),
                _ => drop(lines.remove(one)),
            }
            *bytes = lines.join(&b'\n');
        }
        _ => {
            const NUMBERS: [&str; 8] =
                ["-1", "0", "1", "7", "1e9", "4194304", "1099511627776", "9223372036854775808"];
            let is_digit = |at: &usize| bytes[*at].is_ascii_digit();
            let Some(start) = (place..bytes.len()).find(is_digit) else { return };
            let end = (start..bytes.len()).find(|at| !is_digit(at)).unwrap_or(bytes.len());
            let number = NUMBERS[stream.below(NUMBERS.len())];
            bytes.splice(start..end, number.bytes());
        }
    }
}

fn print(
    arguments: &Arguments,
    sums: &BTreeMap<&'static str, Sum>,
    peak: Option<u64>,
    out: &mut dyn Write,
) -> Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["format", "inputs", "still valid", "slowest ms"]);
    for (format, sum) in sums {
        let slowest = format!("{:.1}", 1e3 * sum.slowest_s);
        table.add_row([
            (*format).to_owned(),
            sum.inputs.to_string(),
            sum.read.to_string(),
            slowest,
        ]);
    }
    let peak = peak.map_or("unknown".to_owned(), |peak| format!("{} MiB", peak >> 20));
    let version = env!("CARGO_PKG_VERSION");
    let seed = arguments.seed;
    writeln!(out, "ordine {version}, seed {seed}, peak memory {peak}\n{table}")?;
    Ok(())
}
