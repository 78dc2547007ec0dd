//! The delivered sets: instances with optima and the values of an independent computation.
//!
//! **Source:** `smtt-heuristics`, five gzip texts in the format `smtt` and a table beside each.

use anyhow::{Context as _, Result, bail};
use flate2::read::MultiGzDecoder;
use ordine_world::SingleMachine;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// One of the sets as it is published.
pub(super) struct Published {
    /// Name of its files.
    file: &'static str,
    /// Its name in tables.
    name: &'static str,
    /// Instances with an optimum above 0, in the paper.
    pub(super) counted: usize,
    /// Instances of a class.
    per_class: usize,
}

/// The sets.
pub(super) const SETS: [Published; 5] = [
    Published { file: "smtt_020_uniform", name: "20", counted: 680, per_class: 40 },
    Published { file: "smtt_020_normal", name: "20 normal", counted: 670, per_class: 40 },
    Published { file: "smtt_100", name: "100", counted: 163, per_class: 10 },
    Published { file: "smtt_200", name: "200", counted: 160, per_class: 10 },
    Published { file: "smtt_500", name: "500", counted: 160, per_class: 10 },
];

/// An instance with what is known of it.
pub(super) struct Instance {
    pub(super) jobs: SingleMachine,
    pub(super) optimum: i64,
    reference: BTreeMap<String, i64>,
}

impl Instance {
    /// Whether it is an instance by the definition: no duration is negative.
    pub(super) fn is_proper(&self) -> bool {
        self.jobs.durations.iter().all(|&duration| duration >= 0)
    }

    /// Value of a rule as it was computed elsewhere.
    pub(super) fn reference(&self, rule: &str) -> Option<i64> {
        self.reference.get(rule).copied()
    }
}

/// A set that was read.
pub(super) struct Set {
    pub(super) name: &'static str,
    /// Number of jobs of each instance.
    pub(super) jobs: usize,
    pub(super) per_class: usize,
    pub(super) instances: Vec<Instance>,
}

impl Set {
    fn optima(&self) -> Vec<i64> {
        self.instances.iter().map(|it| it.optimum).collect()
    }

    /// Mean gap of these values to the optima, in percent.
    pub(super) fn gap(&self, values: &[i64]) -> f64 {
        gap(values, &self.optima())
    }

    /// For each instance the optimum that the published 500-job file puts beside it: instances of
    /// a class are in order of names (1, 10, 2, …), optima in order of numbers.
    pub(super) fn optima_by_name(&self) -> Vec<i64> {
        let mut optima = self.optima();
        for of_class in optima.chunks_mut(self.per_class) {
            let by_number = of_class.to_vec();
            let mut numbers: Vec<usize> = (1..=of_class.len()).collect();
            numbers.sort_by_key(|number| number.to_string());
            for (place, &number) in numbers.iter().enumerate() {
                of_class[number - 1] = by_number[place];
            }
        }
        optima
    }
}

/// Mean of (value - optimum) / optimum in percent, where the optimum is above 0.
pub(super) fn gap(values: &[i64], optima: &[i64]) -> f64 {
    let counted = values.iter().zip(optima).filter(|(_, optimum)| **optimum > 0);
    let gaps = counted.map(|(&value, &optimum)| (value - optimum) as f64 / optimum as f64);
    let (sum, count) = gaps.fold((0.0, 0.0), |(sum, count), gap| (sum + gap, count + 1.0));
    100.0 * sum / f64::max(count, 1.0)
}

/// Reads all sets.
pub(super) fn read(library: &Path) -> Result<Vec<Set>> {
    let folder = folder(library)?;
    SETS.iter().map(|published| read_set(&folder, published)).collect()
}

/// The folder itself, or the one of that name below it.
pub(crate) fn folder(library: &Path) -> Result<PathBuf> {
    let below = ["", "smtt-heuristics", "data/smtt-heuristics"];
    let holds = |part: &&&str| library.join(part).join("smtt_100.txt.gz").exists();
    match below.iter().find(holds) {
        Some(part) => Ok(library.join(part)),
        None => bail!(
            "--library {}: expected smtt_100.txt.gz in it or in smtt-heuristics below it, found \
             neither; name the folder of the set",
            library.display()
        ),
    }
}

fn read_set(folder: &Path, published: &Published) -> Result<Set> {
    let path = folder.join(format!("{}.txt.gz", published.file));
    let name = path.display().to_string();
    let jobs = instances(&text(&path)?).with_context(|| name.clone())?;
    let rows = reference(&folder.join(format!("{}.reference.csv", published.file)))?;
    if rows.len() != jobs.len() {
        bail!("{name}: expected an instance per row of its reference, found {}", jobs.len());
    }
    let instance = |((jobs, _), mut row): ((SingleMachine, i64), BTreeMap<String, i64>)| {
        let optimum = row.remove("optimum").context("a reference needs a column optimum")?;
        Ok(Instance { jobs, optimum, reference: row })
    };
    let instances: Vec<Instance> =
        jobs.into_iter().zip(rows).map(instance).collect::<Result<_>>()?;
    let count = instances.first().map_or(0, |it| it.jobs.len());
    let Published { name, per_class, .. } = *published;
    Ok(Set { name, jobs: count, per_class, instances })
}

/// The text of a packed file.
pub(crate) fn text(path: &Path) -> Result<String> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
    let mut text = String::new();
    MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .with_context(|| format!("{name} cannot be unpacked"))?;
    Ok(text)
}

/// The instances of a text with their optima, numbers as they are: some durations of the normal
/// set are negative,
/// which no problem may have, and the reader of the format refuses.
pub(crate) fn instances(text: &str) -> Result<Vec<(SingleMachine, i64)>> {
    let numbers = |line: &str| -> Result<Vec<i64>> {
        line.split_ascii_whitespace()
            .map(|word| word.parse().with_context(|| format!("`{word}` is no whole number")))
            .collect()
    };
    let lines: Vec<&str> = text.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
    let instance = |three: &[&str]| {
        let [head, durations, due] = three else { bail!("the last instance is cut off") };
        let optimum = numbers(head)?.get(1).copied().context("a line `jobs optimum` is cut off")?;
        let (durations, due) = (numbers(durations)?, numbers(due)?);
        if durations.len() != due.len() {
            bail!("{} durations, but {} due times", durations.len(), due.len());
        }
        Ok((SingleMachine::new(durations, due), optimum))
    };
    lines.chunks(3).map(instance).collect()
}

/// The rows of a table of whole numbers.
fn reference(path: &Path) -> Result<Vec<BTreeMap<String, i64>>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot open {}", path.display()))?;
    reader.deserialize().map(|row| Ok(row?)).collect()
}
