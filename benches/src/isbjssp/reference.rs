//! Instances and the values of an independent simulator.
//!
//! **Source:** `reference_p0.csv`: optima with swaps and makespans of nine rules without
//! interruption.

use crate::instances::walk;
use anyhow::{Context as _, Result, bail};
use ordine_problem::Problem;
use ordine_shop::simulation::Workshop;
use std::path::Path;
use std::sync::Arc;

/// Names of the columns of rules.
pub(super) const RULES: [&str; 9] =
    ["fifo", "spt", "lpt", "mtwr", "ltwr", "mor", "lor", "spt_plus", "fdd"];

/// Optima with swaps of the instances that have no row: Muth, Thompson 1963 and Lawrence 1984.
const SMALL: [(&str, i64); 6] =
    [("ft06", 63), ("la01", 793), ("la02", 793), ("la03", 715), ("la04", 743), ("la05", 664)];

/// One of the eighteen.
pub(super) struct Instance {
    pub(super) name: String,
    pub(super) shop: Arc<Workshop>,
    /// Best makespan without interruption.
    pub(super) optimum: i64,
    /// Makespans of [`RULES`] without interruption.
    pub(super) known: Vec<i64>,
    /// The best of a hundred random runs.
    pub(super) random: i64,
}

/// Everything that is read.
pub(super) struct Instances {
    /// The eighteen ten-by-tens, in the order of the reference.
    pub(super) tens: Vec<Instance>,
    /// Smaller ones with optima.
    pub(super) small: Vec<(String, Arc<Workshop>, i64)>,
    /// The largest instance of the library with thirty jobs on ten machines, for latency.
    pub(super) large: Option<Arc<Workshop>>,
}

/// Reads the reference and its instances.
pub(super) fn read(library: &Path, data: &Path) -> Result<Instances> {
    let path = data.join("reference_p0.csv");
    let mut reader = csv::Reader::from_path(&path)
        .with_context(|| format!("cannot read {}: name the folder by --data", path.display()))?;
    let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut files = Vec::new();
    walk(library, &mut files)?;
    let shop = |name: &str| -> Result<Arc<Workshop>> {
        let is_it = |path: &&std::path::PathBuf| {
            path.file_stem().is_some_and(|stem| stem.to_string_lossy().eq_ignore_ascii_case(name))
        };
        // Flexible shops of other sets have the same names.
        for path in files.iter().filter(is_it) {
            let shop = Workshop::of(&problem(path)?)?;
            if !shop.has_choices() {
                return Ok(shop.into());
            }
        }
        bail!("no file {name} with a job shop without choices below {}", library.display())
    };
    let mut tens = Vec::new();
    for row in reader.records() {
        let row = row?;
        let number = |column: &str| -> Result<i64> {
            let place = head.iter().position(|name| name == column);
            let place = place.with_context(|| format!("no column {column} in the reference"))?;
            Ok(row.get(place).context("a short row")?.trim().parse()?)
        };
        let name = row.get(0).context("an empty row")?.to_owned();
        let known = RULES.iter().map(|rule| number(rule)).collect::<Result<Vec<i64>>>()?;
        tens.push(Instance {
            shop: shop(&name)?,
            optimum: number("optimum")?,
            known,
            random: number("best_of_100_random")?,
            name,
        });
    }
    if tens.is_empty() {
        bail!("{} has no row", path.display());
    }
    let small = SMALL.iter().map(|&(name, best)| Ok((name.to_owned(), shop(name)?, best)));
    let small = small.collect::<Result<Vec<_>>>()?;
    Ok(Instances { tens, small, large: shop("la31").ok() })
}

/// The problem in a file.
fn problem(path: &Path) -> Result<Problem> {
    let bytes = std::fs::read(path)?;
    let name = path.display().to_string();
    Ok(ordine_wire::read_one(&bytes, &name, ordine_shop::io::FORMATS)?.problem)
}
