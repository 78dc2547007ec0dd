//! How sets of single-machine tardiness are divided: for training, for choosing, for judging.
//!
//! **Source:** Potts, Van Wassenhove 1982; sets of Çetinkaya, Büyüktahtakın, Shojaee, Reddy 2025.

use crate::{SingleMachine, Splits};

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

/// Name of the set of larger instances, for validation alone: rules that only fit the size of the
/// training instances fail there.
pub const LARGER: &str = "validation-60";

/// Name of the set that counter-examples are taken from.
pub const RESERVE: &str = "reserve";

/// Divides the first set by hash; every other set is a shift, but for the one of larger instances
/// for validation and the reserve. Mixed training takes a quarter of
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
        if name == RESERVE {
            splits.reserve.extend(range.clone());
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
