//! Total tardiness on one machine: published rules, theirs beside ours, descents and proofs.
//!
//! Reads the delivered sets `smtt_*.txt.gz` with the values of an independent computation beside
//! them, `smtt_*.reference.csv`. Prints how many values agree, the mean gaps per set and per class,
//! what a descent from MDDC and its iteration reach, and the times of the table of all sets (20
//! jobs) and of decomposition (100 jobs). Instances of optimum 0 are counted apart. Ends with the
//! checks that hold or fail. One thread. `--programmes` writes integer programmes of small
//! instances for another solver instead.
//!
//! **Source:** Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025, with the pairing of instances and
//! optima of its 500-job set repaired.

mod classes;
mod programmes;
mod proofs;
mod searches;
pub(crate) mod sets;
mod weighted;

use crate::WallClock;
use crate::sheet::Sheet;
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use comfy_table::{Table, presets};
use ordine_base::{Clock as _, Seed};
use ordine_world::{
    Augmentation, SingleMachine, augmented_mdd_sequence, augmented_mddc_sequence, edd_sequence,
    eddc_sequence, mdd_sequence, mddc_sequence, psk_sequence,
};
use sets::{SETS, Set};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `ordine bench smtt`.
#[derive(Parser, Debug)]
#[command(name = "smtt", about = "Single-machine total tardiness: theirs beside ours")]
struct Arguments {
    /// Folder of the set `smtt-heuristics`, or a folder above it
    #[arg(long, required_unless_present_any = ["programmes", "weighted"])]
    library: Option<PathBuf>,
    /// Write integer programmes of small instances into this folder, and do nothing else
    #[arg(long)]
    programmes: Option<PathBuf>,
    /// Jobs of the instances of those programmes, at most 24
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=24))]
    programme_jobs: u8,
    /// Print mean gaps per class too
    #[arg(long)]
    classes: bool,
    /// Pair the 500-job instances with optima as the paper did, by name: a wrong row, on purpose
    #[arg(long)]
    published_pairing: bool,
    /// Seconds per instance of the iterated descent; 0 leaves it out
    #[arg(long, default_value_t = 0.1)]
    seconds: f64,
    /// Seconds after which the decomposition of an instance is given up
    #[arg(long, default_value_t = 60.0)]
    proof_seconds: f64,
    /// Most jobs that are decomposed
    #[arg(long, default_value_t = 100)]
    proof_jobs: usize,
    /// Leave out the proofs
    #[arg(long)]
    no_proofs: bool,
    /// Compare the two descents on drawn instances with weights, and do nothing else
    #[arg(long)]
    weighted: bool,
    /// Seed of the iterated descent
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A rule with its column of the reference and its mean gaps, set by set; NaN where there is none.
struct Rule {
    name: &'static str,
    sequence: fn(&SingleMachine) -> Vec<usize>,
    /// Whether the reference has a column of this name.
    referred: bool,
    /// In the paper; its row of 500 jobs is printed on demand only.
    paper: [f64; 5],
    /// Computed again from the data, the pairing of the 500-job set repaired, equal due times by
    /// duration.
    computed: [f64; 5],
}

/// No figure.
const NAN: f64 = f64::NAN;

/// The rules.
const RULES: [Rule; 8] = [
    Rule {
        name: "edd",
        sequence: edd_sequence,
        referred: true,
        paper: [46.61, 31.94, 59.57, 62.98, NAN],
        computed: [46.09, 31.74, 58.02, 61.6, 63.41],
    },
    Rule {
        name: "eddc",
        sequence: eddc_sequence,
        referred: true,
        paper: [12.83, 11.3, 28.12, 52.02, NAN],
        computed: [12.83, 11.3, 28.12, 52.02, 31.95],
    },
    Rule {
        name: "mdd",
        sequence: mdd_sequence,
        referred: true,
        paper: [1.86, 2.51, 1.81, 2.07, NAN],
        computed: [1.86, 2.51, 1.81, 2.07, 1.87],
    },
    Rule {
        name: "mddc",
        sequence: mddc_sequence,
        referred: true,
        paper: [1.7, 1.71, 1.52, 2.0, NAN],
        computed: [1.7, 1.71, 1.52, 2.0, 1.82],
    },
    Rule {
        name: "psk",
        sequence: psk_sequence,
        referred: true,
        paper: [1.77, 2.41, 1.79, 1.99, NAN],
        computed: [1.77, 2.41, 1.79, 1.99, 1.86],
    },
    Rule {
        name: "panneerselvam",
        sequence: panneerselvam,
        referred: false,
        paper: [411.5, 366.7, 3433.6, NAN, NAN],
        computed: [411.5, 366.7, 3433.6, NAN, NAN],
    },
    Rule {
        name: "augmdd",
        sequence: augmented_mdd_sequence,
        referred: true,
        paper: [1.21, NAN, 1.27, 1.53, NAN],
        computed: [1.21, 1.43, 1.27, 1.53, 1.36],
    },
    Rule {
        name: "augmddc",
        sequence: |jobs| augmented_mddc_sequence(jobs, Augmentation::Best),
        referred: true,
        paper: [0.79, NAN, 1.08, 1.44, NAN],
        computed: [0.79, 0.97, 1.08, 1.44, 1.29],
    },
];

/// The rule of Panneerselvam on one machine; for the scores of `rule:panneerselvam`.
fn panneerselvam(jobs: &SingleMachine) -> Vec<usize> {
    let mut open: Vec<usize> = (0..jobs.len()).collect();
    let mut work: i64 = jobs.durations.iter().sum();
    let mut sequence = Vec::with_capacity(jobs.len());
    while !open.is_empty() {
        let worth = |job: usize| {
            let duration = jobs.durations[job] as f64;
            (work - jobs.due[job]) as f64 / if duration == 0.0 { 1e-9 } else { duration }
        };
        let better = |&left: &usize, &right: &usize| {
            worth(open[left]).total_cmp(&worth(open[right])).then(open[left].cmp(&open[right]))
        };
        let place = (0..open.len()).max_by(better).unwrap_or(0);
        let job = open.remove(place);
        work -= jobs.durations[job];
        sequence.push(job);
    }
    sequence
}

fn table(head: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head);
    table
}

pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<()> {
    let words = std::iter::once("smtt").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(words)?;
    if !(0.0..=3600.0).contains(&arguments.seconds) {
        bail!("--seconds: expected 0 to 3600, found {}", arguments.seconds);
    }
    if let Some(folder) = &arguments.programmes {
        let seed = Seed::new(arguments.seed);
        return programmes::write(folder, usize::from(arguments.programme_jobs), seed, out);
    }
    if arguments.weighted {
        return weighted::run(&arguments, &mut Sheet::new(out));
    }
    let library = arguments.library.as_deref().context("--library names the set")?;
    let sets = sets::read(library)?;
    let all = || sets.iter().flat_map(|set| &set.instances);
    let (count, proper) = (all().count(), all().filter(|it| it.is_proper()).count());
    let (version, seed) = (env!("CARGO_PKG_VERSION"), arguments.seed);
    writeln!(out, "ordine {version}, seed {seed}, {count} instances")?;
    writeln!(out, "{} of them have a negative duration, taken as it is", count - proper)?;
    let mut sheet = Sheet::new(out);
    let values = rule_values(&sets, &mut sheet)?;
    gaps(&sets, &values, &mut sheet)?;
    if arguments.classes {
        classes::print(&sets, &values, &mut sheet)?;
    }
    if arguments.published_pairing {
        published_pairing(&sets, &values, &mut sheet)?;
    }
    searches::run(&sets, &arguments, &mut sheet)?;
    if !arguments.no_proofs {
        proofs::run(&sets, arguments.proof_seconds, arguments.proof_jobs, &mut sheet)?;
    }
    sheet.finish()
}

/// By set and rule, the tardiness of each instance.
type Values = Vec<Vec<Vec<i64>>>;

/// Applies every rule to every instance; tells how many values agree, and the times.
fn rule_values(sets: &[Set], sheet: &mut Sheet<'_>) -> Result<Values> {
    let head = ["rule", "compared", "equal", "slowest at n = 500 (ms)", "mean at n = 500 (ms)"];
    let mut printed = table(head.map(str::to_owned).to_vec());
    let mut values: Values = sets.iter().map(|_| Vec::new()).collect();
    let (mut all_equal, whole) = (true, WallClock::start());
    for rule in &RULES {
        let (mut compared, mut equal, mut slowest, mut total) = (0, 0, 0.0_f64, 0.0);
        for (set, values) in sets.iter().zip(&mut values) {
            let mut of_rule = Vec::with_capacity(set.instances.len());
            for instance in &set.instances {
                let clock = WallClock::start();
                let sequence = (rule.sequence)(&instance.jobs);
                if set.jobs == 500 {
                    let elapsed = clock.elapsed().as_secs_f64() * 1e3;
                    slowest = slowest.max(elapsed);
                    total += elapsed / set.instances.len() as f64;
                }
                let value = instance.jobs.tardiness(&sequence);
                if rule.referred {
                    compared += 1;
                    let known = instance.reference(rule.name);
                    let known = known.with_context(|| format!("no column {}", rule.name))?;
                    equal += usize::from(known == value);
                }
                of_rule.push(value);
            }
            values.push(of_rule);
        }
        all_equal &= compared == equal;
        if ["mddc", "augmddc", "augmdd"].contains(&rule.name) {
            let limit = if rule.name == "mddc" { 2.0 } else { 50.0 };
            let words = format!("{} at n = 500 <= {limit} ms (mean {total:.2})", rule.name);
            sheet.check(words, total <= limit);
        }
        let numbers = [compared.to_string(), equal.to_string()];
        let times = [format!("{slowest:.2}"), format!("{total:.2}")];
        printed.add_row([rule.name.to_owned()].into_iter().chain(numbers).chain(times));
    }
    let seconds = whole.elapsed().as_secs_f64();
    sheet.check("every value equals the reference", all_equal);
    sheet.check(format!("all rules on all instances in < 60 s ({seconds:.1})"), seconds < 60.0);
    sheet.table("Values of the rules against the independent computation", &printed)?;
    Ok(values)
}

/// Mean gaps in percent, theirs beside ours.
fn gaps(sets: &[Set], values: &Values, sheet: &mut Sheet<'_>) -> Result<()> {
    let heads = RULES.iter().map(|rule| rule.name.to_owned());
    let lead = ["set", "whose", "optimum > 0"].map(str::to_owned);
    let mut printed = table(lead.into_iter().chain(heads).collect());
    let mut zeros = 0;
    let mut zeros_met = true;
    for (number, (set, values)) in sets.iter().zip(values).enumerate() {
        let counted = set.instances.iter().filter(|it| it.optimum > 0).count();
        let text = |gap: f64| if gap.is_nan() { "-".to_owned() } else { format!("{gap:.2}") };
        let published = SETS[number].counted.to_string();
        let lead = [set.name.to_owned(), "paper".to_owned(), published];
        let paper = RULES.iter().map(|rule| text(rule.paper[number]));
        printed.add_row(lead.into_iter().chain(paper));
        let lead = [String::new(), "computed again".to_owned(), String::new()];
        let again = RULES.iter().map(|rule| text(rule.computed[number]));
        printed.add_row(lead.into_iter().chain(again));
        let ours: Vec<f64> = values.iter().map(|of_rule| set.gap(of_rule)).collect();
        let lead = [String::new(), "ours".to_owned(), counted.to_string()];
        printed.add_row(lead.into_iter().chain(ours.iter().map(|&gap| text(gap))));
        for ((rule, &gap), of_rule) in RULES.iter().zip(&ours).zip(values) {
            if rule.referred {
                let known = rule.computed[number];
                let words = format!("{}, {}: {known:.2} +- 0.01 ({gap:.3})", set.name, rule.name);
                sheet.check(words, (gap - known).abs() <= 0.01);
            }
            if rule.name != "panneerselvam" {
                let at_zero = set.instances.iter().zip(of_rule).filter(|(it, _)| it.optimum == 0);
                zeros_met &= at_zero.clone().all(|(_, &value)| value == 0);
                zeros = at_zero.count().max(zeros);
            }
        }
    }
    let words = "every rule but Panneerselvam's reaches 0 where the optimum is 0";
    sheet.check(words, zeros_met && zeros > 0);
    sheet.table("Mean gap to the optimum in percent, instances with optimum > 0", &printed)
}

/// The row of the paper for 500 jobs, whose instances are paired with the wrong optima.
fn published_pairing(sets: &[Set], values: &Values, sheet: &mut Sheet<'_>) -> Result<()> {
    let heads = RULES.iter().map(|rule| rule.name.to_owned());
    let mut printed = table(["whose".to_owned()].into_iter().chain(heads).collect());
    let paper = ["127.5", "271.75", "48.75", "48.40", "48.74", "-", "48.15", "47.70"];
    printed.add_row(["paper"].into_iter().chain(paper));
    for (set, values) in sets.iter().zip(values).filter(|(set, _)| set.jobs == 500) {
        let optima = set.optima_by_name();
        let gaps = values.iter().map(|of_rule| format!("{:.2}", sets::gap(of_rule, &optima)));
        printed.add_row(["ours".to_owned()].into_iter().chain(gaps));
    }
    sheet.table("500 jobs with the pairing of the paper: every gap uses a wrong optimum", &printed)
}
