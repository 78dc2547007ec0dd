//! Integer programmes of small instances, as files for another solver, with the optima beside them.
//!
//! `peers/positional/check.py` solves them and compares.
//!
//! **Source:** see `ordine_machines::positional_programme`.

use super::searches::jobs;
use anyhow::{Context as _, Result};
use ordine_base::Seed;
use ordine_machines::generate::TardinessClass;
use ordine_machines::{lower, positional_programme};
use ordine_solve::one_machine::subset_optimum;
use ordine_world::SingleMachine;
use std::io::Write;
use std::path::Path;

/// Writes two programmes per class, without and with cuts, and `optima.csv`.
pub(super) fn write(folder: &Path, count: usize, seed: Seed, out: &mut dyn Write) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join("optima.csv");
    let mut optima = csv::Writer::from_path(&path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    optima.write_record(["file", "cuts", "optimum"])?;
    let mut written = 0;
    for class in TardinessClass::tests(count) {
        let instance = class.instance(seed, 0);
        let single = SingleMachine::of(&lower(&instance)?).context("jobs on one machine")?;
        let optimum = subset_optimum(&jobs(&single)).context("a table for at most 24 jobs")?.0;
        for cuts in [false, true] {
            let kind = if cuts { "cuts" } else { "plain" };
            let name = format!("{}-{kind}.lp", instance.name);
            let path = folder.join(&name);
            std::fs::write(&path, positional_programme(&instance, cuts)?)
                .with_context(|| format!("cannot write {}", path.display()))?;
            optima.write_record([name, cuts.to_string(), optimum.to_string()])?;
            written += 1;
        }
    }
    optima.flush()?;
    Ok(writeln!(out, "{written} programmes and optima.csv written to {}", folder.display())?)
}
