//! Sets of instances: made by seed, kept as JSON lines beside a manifest with their hash.
//!
//! **Source:** sizes of the standard set are ours.

use anyhow::{Context as _, Result, bail};
use ordine_base::Seed;
use ordine_project::constraint_bench::{
    BenchInstance, Features, LEVELS, Phase, Tightness, features, generate, generate_domain,
    template_hash,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A line that whoever finds it in a training set recognizes.
pub(super) const CANARY: &str =
    "r-constraintbench canary 6f2a9d1c-ordine: this set must not be trained on";

/// What a set is made of.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) seed: u64,
    pub(super) phases: Vec<Phase>,
    /// Instances per phase and level.
    pub(super) count: u64,
    pub(super) tightness: u32,
    pub(super) strict: bool,
}

impl Recipe {
    /// 4 phases × 12 levels × 10 instances, and the domain with 4 × 10.
    pub(super) fn standard(seed: u64) -> Self {
        let phases = Phase::RAMP.into_iter().chain([Phase::Domain]).collect();
        Recipe { seed, phases, count: 10, tightness: 6, strict: false }
    }

    pub(super) fn make(&self) -> Result<Set> {
        let mut instances = Vec::new();
        let (seed, tightness) = (Seed::new(self.seed), Tightness(self.tightness));
        for &phase in &self.phases {
            for &level in phase.levels() {
                for number in 0..self.count {
                    instances.push(match phase {
                        Phase::Domain => generate_domain(seed, level, number, tightness),
                        _ => generate(seed, phase, level, number, tightness, self.strict)?,
                    });
                }
            }
        }
        Ok(Set::new(instances))
    }
}

/// Instances with the hash of their lines.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) instances: Vec<BenchInstance>,
    pub(super) hash: String,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    canary: String,
    seed: u64,
    tightness: u32,
    strict: bool,
    instances: usize,
    levels: Vec<u32>,
    sha256: String,
    templates: String,
}

impl Set {
    pub(super) fn new(instances: Vec<BenchInstance>) -> Self {
        let text: String = instances.iter().map(BenchInstance::line).collect();
        Set { hash: sha256(text.as_bytes()), instances }
    }

    /// Reads `set.jsonl` of a folder, or a file of lines.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let file = if path.is_dir() { path.join("set.jsonl") } else { path.to_owned() };
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("{}: expected a set of instances", file.display()))?;
        let instances = BenchInstance::read_lines(&text)
            .with_context(|| format!("{}: no valid set", file.display()))?;
        if instances.is_empty() {
            bail!("{}: expected instances, found none", file.display());
        }
        Ok(Set::new(instances))
    }

    /// Writes `set.jsonl`, `public.jsonl` (without hidden schedules), `features.csv` and
    /// `manifest.json`.
    pub(super) fn write(&self, folder: &Path, recipe: &Recipe) -> Result<()> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let lines = |of: fn(&BenchInstance) -> BenchInstance| {
            self.instances.iter().map(|it| of(it).line()).collect::<String>()
        };
        let manifest = Manifest {
            format: "ordine/r-constraintbench/1".to_owned(),
            canary: CANARY.to_owned(),
            seed: recipe.seed,
            tightness: recipe.tightness,
            strict: recipe.strict,
            instances: self.instances.len(),
            levels: LEVELS.to_vec(),
            sha256: self.hash.clone(),
            templates: template_hash(),
        };
        let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
        for (name, text) in [
            ("set.jsonl", lines(BenchInstance::clone)),
            ("public.jsonl", lines(BenchInstance::public)),
            ("features.csv", features_csv(&self.instances)),
            ("manifest.json", manifest),
        ] {
            write(&folder.join(name), &text)?;
        }
        Ok(())
    }
}

pub(super) fn write(path: &PathBuf, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// In hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn features_csv(instances: &[BenchInstance]) -> String {
    let mut text = "instance,edges,longest_path,resource_strength,window_tightness,windows,pairs,\
                    downtimes\n"
        .to_owned();
    for instance in instances {
        let Features {
            edges,
            longest_path,
            resource_strength,
            window_tightness,
            windows,
            pairs,
            downtimes,
        } = features(instance);
        text.push_str(&format!(
            "{},{edges},{longest_path},{resource_strength:.4},{window_tightness:.4},{windows},\
             {pairs},{downtimes}\n",
            instance.id
        ));
    }
    text
}
