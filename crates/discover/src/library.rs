//! Instances of single-machine tardiness for training: the published sets, or generated ones.
//!
//! **Source:** Potts, Van Wassenhove 1982; sets of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025.

use crate::{DiscoverError, JobSet, SingleMachine, Splits, generate, read_set};
use ordine_base::Seed;
use std::path::{Path, PathBuf};

/// Names of the published sets; the first is divided, the others are shifts.
pub const PUBLISHED: [&str; 5] =
    ["smtt_020_uniform", "smtt_020_normal", "smtt_100", "smtt_200", "smtt_500"];

/// Which instances a run trains on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Training {
    /// A quarter of the small uniform set.
    #[default]
    Uniform,
    /// A quarter of the small uniform and of the small normal set, and of the set of 100 jobs.
    Mixed,
}

/// The published sets in a folder, in `smtt-heuristics` in it, or in `data/smtt-heuristics` in it.
///
/// # Errors
/// When they are not there.
pub fn published(library: &Path) -> Result<SingleMachine, DiscoverError> {
    let places = ["", "smtt-heuristics", "data/smtt-heuristics"];
    let file = |name: &str| {
        let paths = places.map(|place| library.join(place).join(format!("{name}.txt.gz")));
        paths.into_iter().find(|path| path.is_file())
    };
    let mut sets = Vec::new();
    for name in PUBLISHED {
        let missing = || {
            let found = format!("no {name}.txt.gz in {}", library.display());
            DiscoverError::Settings(format!(
                "library: expected the data set smtt-heuristics, found {found}; give its folder"
            ))
        };
        let path: PathBuf = file(name).ok_or_else(missing)?;
        sets.push(read_set(&path)?);
    }
    sets.push(larger());
    Ok(SingleMachine::new(sets))
}

/// Instances of three times as many jobs, for validation: rules that only fit the size of the
/// training instances fail here. References come from a descent.
fn larger() -> JobSet {
    generate(LARGER, 60, 4, false, Seed::new(60))
}

/// Name of the set for validation alone.
const LARGER: &str = "validation-60";

/// Generated sets with optima: 800 of 15 jobs, and shifts of normal durations and of 18 jobs.
pub fn generated(seed: Seed) -> SingleMachine {
    let set = |name: &str, jobs, per_class, normal| -> JobSet {
        generate(name, jobs, per_class, normal, seed)
    };
    SingleMachine::new(vec![
        set("uniform-15", 15, 40, false),
        set("normal-15", 15, 20, true),
        set("uniform-18", 18, 5, false),
        larger(),
    ])
}

/// Divides the first set by hash; every other set is a shift, but for the one of larger instances
/// for validation. Mixed training takes a quarter of
/// the second and of the third set too; what is trained on is left out of the shifts.
pub fn divided(arena: &SingleMachine, training: Training) -> Splits {
    use crate::Arena;
    let facts = arena.facts();
    let sets = arena.sets();
    let mut splits = Splits::default();
    for (place, (name, range)) in sets.iter().enumerate() {
        if name == LARGER {
            splits.validation.extend(range.clone());
            continue;
        }
        let trained = place == 0 || (training == Training::Mixed && place <= 2);
        if !trained {
            splits.shift.push((name.clone(), range.clone().collect()));
            continue;
        }
        let own = Splits::by_hash(facts, range.clone());
        splits.train.extend(own.train);
        splits.validation.extend(own.validation);
        if place == 0 {
            splits.test = own.test;
        } else {
            splits.shift.push((name.clone(), own.test));
        }
    }
    // Every beginning of the training set is a sample of all sets.
    let count = splits.train.len();
    let stride = (1..count).rev().find(|&it| it * 5 < count * 2 && coprime(it, count)).unwrap_or(1);
    if training == Training::Mixed {
        splits.train = (0..count).map(|it| splits.train[it * stride % count]).collect();
    }
    splits
}

fn coprime(first: usize, second: usize) -> bool {
    if second == 0 { first == 1 } else { coprime(second, first % second) }
}
