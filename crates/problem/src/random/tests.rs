//! Every feature really occurs, alone and with every other, and nothing occurs uninvited; but for
//! tasks that can never run, which leave nothing to be tried.
//!
//! **Source:** -

use super::{RESTS_ON, random_problem};
use crate::{Feature, FeatureSet, Measure, Status};
use ordine_base::Seed;
use std::collections::BTreeSet;

fn invited() -> impl Iterator<Item = Feature> {
    Feature::ALL.into_iter().filter(|feature| *feature != Feature::ImpossibleTasks)
}

#[test]
fn every_feature_occurs_alone_with_what_it_rests_on() {
    for feature in invited() {
        let mut allowed = FeatureSet::of(&[feature]);
        for (_, base) in RESTS_ON.iter().filter(|rests| rests.0 == feature) {
            allowed.note(*base, true);
        }
        let mut seen = 0;
        for seed in 0..60 {
            let mut stream = Seed::new(seed).stream("alone");
            let problem = random_problem(&mut stream, 6, allowed);
            assert!(problem.unsupported(allowed).is_empty(), "{feature:?}, seed {seed}");
            seen += u32::from(problem.features().has(feature));
        }
        assert!(seen >= 8, "{feature:?} seen {seen} times only");
    }
}

#[test]
fn every_pair_of_features_occurs_in_combination() {
    let mut seen = vec![vec![0_u32; Feature::ALL.len()]; Feature::ALL.len()];
    let (mut measures, mut statuses) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..2_000 {
        let mut stream = Seed::new(seed).stream("together");
        let problem = random_problem(&mut stream, 8, FeatureSet::ALL);
        assert!(problem.tasks().len() <= 8, "seed {seed}");
        for first in problem.features().iter() {
            for second in problem.features().iter() {
                seen[first as usize][second as usize] += 1;
            }
        }
        measures.extend(problem.objective().terms().map(|term| term.measure));
        let tasks = problem.tasks().map(|task| problem.task(task).status);
        statuses.extend(tasks.map(|status| match status {
            Status::Free => "free",
            Status::Done { .. } => "done",
            Status::Running { .. } => "running",
            Status::Frozen { .. } => "frozen",
        }));
    }
    for first in invited() {
        let alone = seen[first as usize][first as usize];
        assert!(alone >= 200, "{first:?} seen {alone} times only");
        for second in invited() {
            let both = seen[first as usize][second as usize];
            assert!(both >= 20, "{first:?} with {second:?} seen {both} times only");
        }
    }
    assert_eq!((measures.len(), statuses.len()), (Measure::NAMES.len(), 4));
}
